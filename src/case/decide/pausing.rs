//! What people say to a reminder: that they have seen it, that it may wait.

use std::collections::BTreeMap;

use chrono::{DateTime, Utc};

use super::Setting;
use crate::case::calendar::moment_after;
use crate::case::clock::clocks;
use crate::case::{Case, Event, Refusal, Reminded, Span, Terms};

/// Somebody has seen what they were reminded of, and nothing else: a clock of which nobody was reminded yet goes on as if
/// nobody had looked. Without a reminder there is nothing to see; a question that stands counts as asked by it, so it is asked
/// of no clock.
pub(super) fn seen(case: &Case, setting: &Setting<'_>) -> Result<Event, Refusal> {
    // A clock that went ahead must not answer for the times that are still to come.
    let until = |due| if setting.certain { setting.now } else { setting.now.min(due) };
    let unseen = case.reminded.iter().filter(|(_, last)| last.is_unseen());
    let clocks: BTreeMap<_, _> = unseen.map(|(name, last)| (name.clone(), until(last.due))).collect();
    if !clocks.is_empty() {
        return Ok(Event::Seen { clocks: Some(clocks) });
    }
    Err(if clocks_run(case, setting.terms) { Refusal::NoReminderYet } else { Refusal::NoClockRuns })
}

fn clocks_run(case: &Case, terms: &Terms) -> bool {
    !clocks(case, terms).is_empty()
}

/// Reminders wait, as far as that is safe: never past the last one before something is due.
pub(super) fn snooze(case: &Case, span: Span, terms: &Terms, now: DateTime<Utc>) -> Result<Event, Refusal> {
    if !clocks_run(case, terms) {
        return Err(Refusal::NoClockRuns);
    }
    let calendar = terms.policy_of(case).map(|policy| terms.calendar(policy, None).into_owned());
    let until = moment_after(now, span, &calendar.unwrap_or_default(), terms.zone);
    let until = until.ok_or(Refusal::TooLongASnooze)?;
    let waits = |last: &Reminded| last.snoozed == Some(until);
    let is_same = case.snoozed == Some(until) && case.reminded.values().all(waits);
    if is_same { Err(Refusal::NoChange) } else { Ok(Event::Snoozed { until }) }
}
