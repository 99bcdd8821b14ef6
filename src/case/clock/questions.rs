//! Questions that stand: what binds without an end is asked after again and again (rules 29, 60), as often as the policy says.
//!
//! A question has been asked for this time once somebody has seen that it is due; until then it stays due. Does not know who
//! sees it: what was seen stands on the case.

use std::collections::BTreeSet;
use std::ops::Deref;

use chrono::{DateTime, Utc};

use super::facts::told;
use super::{Clock, standing};
use crate::case::decide::gate::Bar;
use crate::case::decide::silence::ask_every;
use crate::case::{Case, Notice, Span, Telling, Term, Terms};

/// The clock of an order that binds to silence.
pub(crate) const GAG: &str = "gag";
/// The clock of the question to the authority whether the user may be told.
pub(crate) const PERMISSION: &str = "permission";

/// A gag without an end: whether it still holds. Setting it anew counts from then (rule 29).
pub(super) fn gag(case: &Case, terms: &Terms) -> Option<Clock> {
    let gag = case.gag.as_ref().filter(|gag| gag.binds() && gag.until.is_none())?;
    question(GAG, "ask whether the gag still holds", gag.at, case, terms)
}

/// What forbids a notice by itself and not for a time only: whether the user may be told by now (rules 29, 60). `bars` is what
/// the gate says of the case, asked for where it matters.
pub(super) fn permission(
    case: &Case,
    bars: &impl Deref<Target = BTreeSet<Bar>>,
    terms: &Terms,
) -> Option<Clock> {
    let tells = terms.kind_of(case).is_some_and(|kind| kind.notify);
    let may_owe = if told(case) { is_waived(case) } else { case.closed.is_none() };
    // No authority stands behind a fake (rule 61).
    if !tells || !may_owe || case.is_fake() {
        return None;
    }
    // Before something has come of the request, what is missing or not known is asked for with the rest.
    let unclear =
        case.outcome.is_some() && [Bar::Unidentified, Bar::Missing].iter().any(|bar| bars.contains(bar));
    // A gag is asked after itself, or ends.
    if bars.contains(&Bar::Gag) || !(bars.contains(&Bar::Instrument) || unclear) {
        return None;
    }
    let over = case.gag.as_ref().and_then(|gag| gag.over.as_ref()).map(|over| over.at);
    let start = over.map_or(case.received, |over| over.max(case.received));
    question(PERMISSION, "ask the authority for permission to tell", start, case, terms)
}

/// Whether a user is not told of this case at all. What it rests on binds all the same, for every other case about them: closed
/// or not, it goes on doing so until the authority permits it.
fn is_waived(case: &Case) -> bool {
    let is_one = |notice: &Notice| match notice.what {
        Telling::Waived { .. } => true,
        Telling::Told { .. } | Telling::Sending { .. } | Telling::Withheld { .. } => false,
    };
    case.notices.values().any(is_one)
}

fn question(name: &str, title: &str, start: DateTime<Utc>, case: &Case, terms: &Terms) -> Option<Clock> {
    let policy = terms.policy_of(case)?;
    let calendar = terms.calendar(policy, None);
    let every = ask_every(case, policy);
    // Each time is counted from the first, so that no month's end is lost on the way.
    let nth = |n| Term::of(times(every, n)).end(start, &calendar, terms.zone_under(policy));
    let seen = case.seen.get(name).copied().filter(|seen| *seen > start);
    let due = seen.map_or_else(|| nth(1), |seen| nth(first_behind(seen, start, every, nth)));
    Some(standing::clock(name, title, start, due))
}

/// The number of the first time that lies behind a moment. The times lie in order, and none is shorter than its unit: so many
/// units as have passed, and two, are enough to be behind.
pub(super) fn first_behind(
    seen: DateTime<Utc>,
    start: DateTime<Utc>,
    every: Span,
    nth: impl Fn(u32) -> DateTime<Utc>,
) -> u32 {
    let passed = seen - start;
    let units = match every {
        Span::Minutes(_) => passed.num_minutes(),
        Span::Hours(_) => passed.num_hours(),
        Span::Days(_) | Span::BusinessDays(_) => passed.num_days(),
        Span::Months(_) => passed.num_days() / 28,
        Span::Years(_) => passed.num_days() / 365,
    };
    let (mut low, mut high) = (1, u32::try_from(units.saturating_add(2)).unwrap_or(u32::MAX));
    while low < high {
        let middle = low + (high - low) / 2;
        if nth(middle) > seen {
            high = middle;
        } else {
            low = middle + 1;
        }
    }
    low
}

pub(super) fn times(span: Span, n: u32) -> Span {
    match span {
        Span::Minutes(count) => Span::Minutes(count.saturating_mul(n)),
        Span::Hours(count) => Span::Hours(count.saturating_mul(n)),
        Span::Days(count) => Span::Days(count.saturating_mul(n)),
        Span::BusinessDays(count) => Span::BusinessDays(count.saturating_mul(n)),
        Span::Months(count) => Span::Months(count.saturating_mul(n)),
        Span::Years(count) => Span::Years(count.saturating_mul(n)),
    }
}
