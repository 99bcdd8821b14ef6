//! The clock of a request that nothing else counts for: nobody has done anything about it for as long as the policy lets that
//! be, so somebody is asked to look, and again after as long, until somebody does.
//!
//! It counts from the last thing that happened or was seen. Does not know how people are reminded.

use chrono::{DateTime, Utc};

use super::questions::{GAG, PERMISSION, first_behind, times};
use super::{Clock, HOLD, Run, is_of_notice, standing};
use crate::case::calendar::at;
use crate::case::reminding::out_of_quiet;
use crate::case::{Case, IdleTerms, Span, Term, Terms, Visit};

/// The clock of a case on which nothing happens.
pub(crate) const IDLE: &str = "idle";

/// The clock, beside the others that run. What a case waits for until a hold or a gag ends is no work on the request itself:
/// while that is open somebody looks at it all the same.
pub(super) fn idle(case: &Case, terms: &Terms, others: &[Run<'_>]) -> Option<Clock> {
    // A letter that leaves when its time has come is nobody's to do.
    let is_answered_later = case.visit.as_ref().is_some_and(Visit::waits_for_its_day);
    if case.closed.is_some() || is_answered_later {
        return None;
    }
    let due = nth(case, terms, 1)?;
    let mut running = others.iter().filter(|run| !run.still).map(|run| &run.clock);
    let only_lasts = |clock: &Clock| {
        let is_rest = matches!(clock.name.as_str(), HOLD | GAG | PERMISSION) || is_of_notice(&clock.name);
        case.outcome.is_none() && is_rest && clock.due > due
    };
    let title = "case to be looked at";
    running.all(only_lasts).then(|| standing::clock(IDLE, title, since(case), due))
}

/// The last moment at which anybody did something about the case, or saw that something was to be done.
pub(crate) fn since(case: &Case) -> DateTime<Utc> {
    case.seen.values().copied().fold(case.changed, DateTime::max)
}

/// When somebody is asked for the nth time: in the morning of the day on which the term is over, when people read.
pub(crate) fn nth(case: &Case, terms: &Terms, n: u32) -> Option<DateTime<Utc>> {
    morning_after(case, terms, since(case), times(term(case, terms)?, n))
}

/// Whether a case has waited for the requester for as long as the policy lets one wait, however often somebody looked at it.
pub(crate) fn waited_enough(case: &Case, terms: &Terms, now: DateTime<Utc>) -> bool {
    let from = case.waiting().map(|wait| wait.from);
    let end = from.zip(term(case, terms)).and_then(|(from, span)| morning_after(case, terms, from, span));
    end.is_some_and(|end| end <= now)
}

/// The morning of the day on which a time is over that began then.
pub(super) fn morning_after(
    case: &Case,
    terms: &Terms,
    start: DateTime<Utc>,
    span: Span,
) -> Option<DateTime<Utc>> {
    let policy = terms.policy_of(case)?;
    let zone = terms.zone_under(policy);
    let end = Term::of(span).end(start, &terms.calendar(policy, None), zone);
    let morning = at(end.with_timezone(&zone).date_naive(), terms.reminders.digest, terms.zone);
    Some(out_of_quiet(morning, terms.reminders.quiet, terms.zone))
}

/// The number of the first time that lies behind a moment.
pub(crate) fn first_after(case: &Case, terms: &Terms, moment: DateTime<Utc>) -> u32 {
    let (start, Some(every)) = (since(case), term(case, terms)) else { return 1 };
    if moment <= start {
        return 1;
    }
    first_behind(moment, start, every, |n| nth(case, terms, n).unwrap_or(DateTime::<Utc>::MAX_UTC))
}

/// How long nothing may happen. What a case was opened under before there was such a term, the desk's own policy says.
fn term(case: &Case, terms: &Terms) -> Option<Span> {
    let own = terms.policy_of(case).and_then(|policy| policy.idle);
    let IdleTerms { after, waiting } = own.or_else(|| terms.policy().and_then(|policy| policy.idle))?;
    Some(if case.waiting().is_some() { waiting } else { after })
}
