//! The clocks that a case has whatever its policy's list of them says: what it holds comes to an end, or must be looked at
//! again. Their lengths are on record already, or the policy's own.

use chrono::{DateTime, Utc};
use chrono_tz::Tz;

use super::facts::{first_sent, told};
use super::{Clock, Run};
use crate::case::decide::gate::{Bar, bars};
use crate::case::decide::{review_due, unreviewed};
use crate::case::{Alone, Case, Span, Telling, Term, Terms};

/// The letter that tells a requester that secrecy wants an order (rule 16).
const SECRECY_LETTER: &str = "secrecy";

pub(super) fn runs<'a>(case: &Case, terms: &Terms) -> Vec<Run<'a>> {
    let clocks = [hold(case), gag(case, terms), secrecy(case, terms)].into_iter().flatten();
    let reviews = unreviewed(case).map(|alone| review(case, alone, terms));
    clocks
        .chain(notices(case))
        .chain(approvals(case))
        .chain(reviews)
        .map(|clock| standing(clock, terms.zone_of(case)))
        .collect()
}

fn standing<'a>(clock: Clock, zone: Tz) -> Run<'a> {
    let clock = Clock { zone, ..clock };
    Run {
        own_end: clock.due,
        unmoved_end: clock.due,
        clock,
        rule: None,
        extensions: Vec::new(),
        still: false,
    }
}

/// Its zone is that of the case, which [`standing`] puts in.
fn clock(name: &str, title: &str, start: DateTime<Utc>, due: DateTime<Utc>) -> Clock {
    Clock { name: name.to_owned(), title: title.to_owned(), start, due, earliest: None, zone: Tz::UTC }
}

/// The end of a hold (rule 19).
fn hold(case: &Case) -> Option<Clock> {
    let hold = case.hold.as_ref().filter(|hold| hold.runs())?;
    Some(clock("hold", "hold ends", hold.from, hold.until))
}

/// The end of a gag, or, for one without an end, the next moment to ask whether it still holds (rule 29).
fn gag(case: &Case, terms: &Terms) -> Option<Clock> {
    let gag = case.gag.as_ref().filter(|gag| gag.binds())?;
    if let Some(until) = gag.until {
        return Some(clock("gag", "gag ends", gag.at, until));
    }
    let policy = terms.policy_of(case)?;
    let calendar = terms.calendar(policy, None);
    let nth = |n| Term::of(times(policy.gag.ask_every, n)).end(gag.at, &calendar, terms.zone_under(policy));
    // It has been asked after for this time once somebody has seen that it is due; until then it stays due. Setting the gag
    // anew counts from then. Each time is counted from the first, so that no month's end is lost on the way.
    let due = (1..=MOST_TIMES).map(nth).find(|due| case.seen.is_none_or(|seen| *due > seen))?;
    Some(clock("gag", "ask whether the gag still holds", gag.at, due))
}

/// A gag that is asked after every day would be for longer than ten years.
const MOST_TIMES: u32 = 4_000;

fn times(span: Span, n: u32) -> Span {
    match span {
        Span::Minutes(count) => Span::Minutes(count.saturating_mul(n)),
        Span::Hours(count) => Span::Hours(count.saturating_mul(n)),
        Span::Days(count) => Span::Days(count.saturating_mul(n)),
        Span::BusinessDays(count) => Span::BusinessDays(count.saturating_mul(n)),
        Span::Months(count) => Span::Months(count.saturating_mul(n)),
        Span::Years(count) => Span::Years(count.saturating_mul(n)),
    }
}

/// Secrecy was asked for without an order, and the requester was told that it takes one: when they have not served it in
/// time, the notice is due (rule 16).
fn secrecy(case: &Case, terms: &Terms) -> Option<Clock> {
    let policy = terms.policy_of(case)?;
    let sent = first_sent(case, SECRECY_LETTER)?;
    // What binds by itself needs no order to be served.
    let bars = bars(case, terms);
    let by_itself =
        [Bar::Gag, Bar::Instrument, Bar::Unidentified, Bar::Missing].iter().any(|bar| bars.contains(bar));
    let is_settled = case.closed.is_some() || (case.subjects().next().is_some() && told(case));
    if !bars.contains(&Bar::Secrecy) || by_itself || is_settled {
        return None;
    }
    let calendar = terms.calendar(policy, None);
    let due = Term::of(policy.notice.serve_within).end(sent, &calendar, terms.zone_under(policy));
    Some(clock("secrecy", "order for secrecy due", sent, due))
}

/// Notices that are withheld, each to be looked at again (rule 30).
fn notices(case: &Case) -> impl Iterator<Item = Clock> {
    case.notices.iter().filter_map(|(account, notice)| match &notice.what {
        Telling::Withheld { review, .. } => {
            // Each has a name of its own, so that none hides another.
            Some(clock(&format!("notice {account}"), "review of a withheld notice due", notice.at, *review))
        }
        Telling::Told { .. } | Telling::Waived { .. } => None,
    })
}

/// Proposals that wait for their second person.
fn approvals(case: &Case) -> impl Iterator<Item = Clock> {
    let open = case.proposals.iter().filter(|proposal| proposal.approved.is_none());
    open.map(|proposal| {
        clock(&format!("approval {}", proposal.code), "approval due", proposal.at, proposal.expires)
    })
}

/// What one person did alone, which somebody else looks at afterwards.
fn review(case: &Case, alone: &Alone, terms: &Terms) -> Clock {
    clock("break-glass", "review of what one person did alone", alone.at, review_due(case, alone, terms))
}
