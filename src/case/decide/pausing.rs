//! What people say to a reminder: that they have seen it, that it may wait.

use chrono::{DateTime, Utc};

use crate::case::calendar::moment_after;
use crate::case::clock::clocks;
use crate::case::{Case, Event, Refusal, Span, Terms};

/// Somebody has seen what they were reminded of. Without a reminder there is nothing to see; an open question about a gag
/// counts as seen by it, so it is asked of no clock.
pub(super) fn seen(case: &Case, terms: &Terms) -> Result<Event, Refusal> {
    let reminded = case.reminded.values().filter(|last| last.call.is_some()).map(|last| last.at).max();
    let unseen = reminded.is_some_and(|at| case.seen.is_none_or(|seen| seen < at));
    if unseen {
        return Ok(Event::Seen);
    }
    Err(if clocks(case, terms).is_empty() { Refusal::NoClockRuns } else { Refusal::NoReminderYet })
}

/// Reminders wait, as far as that is safe: never past the last one before something is due.
pub(super) fn snooze(case: &Case, span: Span, terms: &Terms, now: DateTime<Utc>) -> Result<Event, Refusal> {
    if clocks(case, terms).is_empty() {
        return Err(Refusal::NoClockRuns);
    }
    let calendar = terms.policy_of(case).map(|policy| terms.calendar(policy, None).into_owned());
    let until = moment_after(now, span, &calendar.unwrap_or_default(), terms.zone);
    let until = until.ok_or(Refusal::TooLongASnooze)?;
    if case.snoozed == Some(until) { Err(Refusal::NoChange) } else { Ok(Event::Snoozed { until }) }
}
