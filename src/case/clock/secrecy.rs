//! The clocks of secrecy that is asked for without an order on record: the requester is told that it takes one, and then has
//! so long to serve it (rule 16); one that the request names is to be put on record. Lengths are the policy's; does not know who is told what.

use std::collections::BTreeSet;
use std::ops::Deref;

use chrono::{DateTime, Utc};
use chrono_tz::Tz;

use super::facts::told;
use super::{Clock, standing};
use crate::case::decide::gate::Bar;
use crate::case::letter::SECRECY;
use crate::case::{Case, Sent, Term, Terms};

/// The clock that runs until the requester is told.
pub(crate) const TO_TELL: &str = "secrecy-letter";
/// The clock that runs until they have served an order.
pub(crate) const TO_SERVE: &str = "secrecy";

/// The clock that runs until an order that the request names is put on record, or found not to be there (rules 26, 60).
pub(crate) const TO_RECORD: &str = "secrecy-order";

/// The one of the three that runs, if one does. `bars` is what the gate says of the case, asked for where it matters.
pub(super) fn secrecy(
    case: &Case,
    bars: &impl Deref<Target = BTreeSet<Bar>>,
    terms: &Terms,
) -> Option<Clock> {
    let (policy, kind) = terms.policy_of(case).zip(terms.kind_of(case))?;
    let is_settled = case.closed.is_some() || (case.subjects().next().is_some() && told(case));
    if is_settled {
        return None;
    }
    // Nobody tells whoever sent a fake what it takes, nor is there an order behind it (rule 61).
    let is_fake = case.what_was_denied().is_some();
    let binds = |by: &[Bar]| by.iter().any(|bar| bars.contains(bar));
    let calendar = terms.calendar(policy, None);
    let clock = |name, title, start, within| {
        standing::clock(name, title, start, Term::of(within).end(start, &calendar, terms.zone_under(policy)))
    };
    let within = policy.notice.ask_order_within.unwrap_or(policy.notice.serve_within);
    if bars.contains(&Bar::Order) {
        let since = case.secrecy_since.unwrap_or(case.opened);
        let title = "order for secrecy to be put on record";
        return (kind.notify && !is_fake).then(|| clock(TO_RECORD, title, since, within));
    }
    let since = case.secrecy_since.filter(|_| bars.contains(&Bar::Secrecy))?;
    match told_since(case, since, terms.zone_under(policy)) {
        // What binds by itself needs no order to be served, and where none is at hand yet, it is asked for with the rest.
        Some(_) if binds(&[Bar::Gag, Bar::Instrument, Bar::Unidentified, Bar::Missing]) => None,
        Some(sent) => Some(clock(TO_SERVE, "order for secrecy due", sent, policy.notice.serve_within)),
        // With an order on file there is nothing to tell them, nor where no user is told, or no letter says it.
        None if binds(&[Bar::Gag, Bar::Instrument, Bar::Unidentified, Bar::Csea]) => None,
        None if is_fake || !kind.notify || policy.letter(SECRECY, &case.kind).is_none() => None,
        None => {
            let title = "requester to be told that secrecy needs an order";
            Some(clock(TO_TELL, title, since, within))
        }
    }
}

/// When it was first put on record that the requester was told since they have asked for it. Not when the letter went out:
/// one person says so, and by an early day could end at once what two people would have to end. A letter from before says
/// nothing of a wish that was renewed; that of a request as it came may have gone out before the case was opened here. A
/// second copy gives nobody more time.
fn told_since(case: &Case, since: DateTime<Utc>, zone: Tz) -> Option<DateTime<Utc>> {
    let from = if since == case.opened { case.received.min(since) } else { since };
    // People say on which day a letter went out, seldom at what hour.
    let day = |at: DateTime<Utc>| at.with_timezone(&zone).date_naive();
    let counts = |sent: &&Sent| sent.letter == SECRECY && sent.recorded >= since && day(sent.at) >= day(from);
    case.sent.iter().filter(counts).map(|sent| sent.recorded).min()
}
