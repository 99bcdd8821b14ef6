//! The step that another clock than that of the request asks for, and whether it comes before everything else. Does not know the
//! step of the request itself.

use chrono::{DateTime, Utc};

use super::next::can_wait_for_answer;
use super::owed::way;
use crate::case::decide::{apart, calling_promise};
use crate::case::{Case, Clock, Terms, clocks};
use crate::chat::page::Line;

/// What another clock than that of the request presses for, before anything else: it is overdue, or its last half runs and it
/// is a matter of hours, or there is nothing else that we can do (rule 66). Where a life is in danger the answer comes first.
pub(super) fn pressed(case: &Case, terms: &Terms, now: DateTime<Utc>) -> Option<Line> {
    if case.closed.is_some() || case.outcome.is_some() || !case.proposals.is_empty() {
        return None;
    }
    let promise = apart(case, terms, now).filter(|_| !can_wait_for_answer(case, terms))?;
    let Clock { start, due, .. } = promise.clock;
    let is_near = promise.clock.is_short() && now >= start + (due - start) / 2;
    let presses = due <= now || is_near || case.waiting().is_some();
    presses.then(|| way(&promise, case, terms, now))
}

/// The same promise where it does not press yet, if nothing falls due before it.
pub(super) fn promised_next(case: &Case, terms: &Terms, now: DateTime<Utc>) -> Option<Line> {
    if case.closed.is_some() {
        return None;
    }
    // What is owed once something came of it stands in its order; whom a clock calls reads of that all the same.
    if case.outcome.is_some() {
        return calling_promise(case, terms).map(|promise| way(&promise, case, terms, now));
    }
    let promise = apart(case, terms, now)?;
    let nearest = clocks(case, terms).into_iter().next()?;
    (nearest.due >= promise.clock.due || promise.clock.due <= now).then(|| way(&promise, case, terms, now))
}
