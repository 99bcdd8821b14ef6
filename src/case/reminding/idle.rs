//! The moments at which people are asked to look at a case on which nothing happens: at the same distance again and again, and
//! never in between, for such a question has no last day. Whoever puts it off puts it off whole.

use chrono::{DateTime, Utc};

use super::{Open, StepKind, last};
use crate::case::clock::idle::{first_after, nth};
use crate::case::{Case, Clock, Terms};

/// What is still to be told of: all that has come by `now`, or else the next.
pub(super) fn open(clock: &Clock, case: &Case, terms: &Terms, now: Option<DateTime<Utc>>) -> Vec<Open> {
    let last = last(clock, case);
    let told = last.map_or(case.changed, |last| last.step);
    let nothing_sent = last.is_none_or(|last| last.call.is_none());
    let put_off = |at: DateTime<Utc>| last.and_then(|last| last.snoozed).map_or(at, |end| at.max(end));
    // A moment that was past already when it came to be is told of once all the same.
    let missed = (nothing_sent && clock.due <= told).then_some(told);
    let first = first_after(case, terms, told);
    let later = (first..).map_while(|n| nth(case, terms, n));
    let is_first = |at: &DateTime<Utc>| now.is_none() || now.is_some_and(|now| *at > now);
    let mut open: Vec<Open> = Vec::new();
    for at in missed.into_iter().chain(later) {
        open.push(Open { at: put_off(at), kind: StepKind::Asked });
        if is_first(&at) || at == DateTime::<Utc>::MAX_UTC {
            break;
        }
    }
    open
}
