//! What a case still promises by the policy's clocks, and that must be done before it is closed: a letter to be sent, a line of ours
//! to be filled in, a hold to be started. What else is owed is said in `duty`.
//!
//! A clock that ends with the case itself promises nothing, nor does one of which another duty speaks.

use chrono::{DateTime, Utc};

use super::countering::counters_nobody;
use crate::case::clock::{Run, runs, undone};
use crate::case::letter::FORWARD;
use crate::case::{Case, Clock, Policy, REVIEW_KEY, Stop, Terms, letter};

/// Something that is to be done.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Promise {
    /// Its clock.
    pub clock: Clock,
    /// What is done next about it.
    pub by: Deed,
}

/// What somebody does, and puts on record.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Deed {
    /// Sends a letter, by name.
    Send(String),
    /// Fills in a line, by key.
    Fill(String),
    /// Starts a hold.
    Hold,
    /// Links it to the notice that it counters, before the letter that passes it on.
    Link,
}

/// Everything of it, the nearest first.
pub fn promises(case: &Case, terms: &Terms) -> Vec<Promise> {
    let Some(policy) = terms.policy_of(case) else { return Vec::new() };
    let written = letter::owed(case, policy).map(|letter| Stop::Sent(letter.name.clone()));
    let runs = runs(case, terms);
    let is_said = |run: &&Run<'_>| {
        let until = run.rule.map(|rule| &rule.until);
        // The letter that tells what came of the request is owed anyway.
        until.zip(written.as_ref()).is_some_and(|(until, letter)| until.is_any(std::slice::from_ref(letter)))
    };
    let promise = |run: &Run<'_>| Some(Promise { clock: run.clock.clone(), by: deed(case, run, policy)? });
    runs.iter().filter(|run| !is_said(run)).filter_map(promise).collect()
}

/// The nearest of it that somebody can do whatever becomes of the request: a letter that acknowledges or reports it, a hold, what
/// somebody was called for.
pub fn apart(case: &Case, terms: &Terms, now: DateTime<Utc>) -> Option<Promise> {
    let can_do = |promise: &Promise| match &promise.by {
        // A user is told what was decided once it is; a counter-notice is passed on in its own step.
        Deed::Send(letter) => letter != letter::REASONS && letter != FORWARD,
        Deed::Hold => true,
        // What somebody was called for does not wait for the request (rule 56).
        Deed::Fill(_) => promise.clock.calls.is_some(),
        Deed::Link => false,
    };
    let early = |promise: &Promise| promise.clock.earliest.is_some_and(|earliest| earliest > now);
    promises(case, terms).into_iter().find(|promise| can_do(promise) && !early(promise))
}

/// The nearest of what somebody is called for, whatever becomes of the request (rule 56).
pub fn calling_promise(case: &Case, terms: &Terms) -> Option<Promise> {
    promises(case, terms).into_iter().find(|promise| promise.clock.calls.is_some())
}

/// The lines that the clocks of a case still wait for: on a closed one they can be filled in all the same, as a hold can be
/// started and a letter sent that one of them waits for. A flag may be set, and call people, after the case is done with.
pub(super) fn awaited_lines<'t>(case: &'t Case, terms: &'t Terms) -> impl Iterator<Item = &'t str> {
    runs(case, terms).into_iter().filter_map(|run| run.rule).flat_map(|rule| {
        let ends = rule.until.each().iter().filter_map(|stop| match stop {
            Stop::Line(key) => Some(key.as_str()),
            Stop::Answered | Stop::Sent(_) | Stop::Held | Stop::Told | Stop::Closed | Stop::First(_) => None,
        });
        let tasks = rule.tasks.iter().flat_map(|tasks| &tasks.lines).map(String::as_str);
        ends.chain(tasks)
    })
}

/// Whether a clock of the case waits for a hold.
pub(super) fn awaits_hold(case: &Case, terms: &Terms) -> bool {
    runs(case, terms).iter().any(|run| run.rule.is_some_and(|rule| rule.until.is_any(&[Stop::Held])))
}

/// What is still to be done on a closed case, as far as it can be done already, the nearest first.
pub fn left_open(case: &Case, terms: &Terms, now: DateTime<Utc>) -> Option<Promise> {
    let is_early = |promise: &Promise| promise.clock.earliest.is_some_and(|earliest| earliest > now);
    let mut all = promises(case, terms).into_iter().filter(|_| case.closed.is_some());
    all.find(|promise| !is_early(promise))
}

/// What is done next so that a clock ends; none if it ends with the case, or by what another duty asks for.
fn deed(case: &Case, run: &Run<'_>, policy: &Policy) -> Option<Deed> {
    let rule = run.rule?;
    if rule.until.is_any(&[Stop::Closed, Stop::Answered]) {
        return None;
    }
    // What must be done besides comes first: the line that ends the clock says that all is done.
    if let Some(line) = undone(case, rule, policy).next() {
        return Some(Deed::Fill(line.to_owned()));
    }
    rule.until.each().iter().find_map(|stop| match stop {
        Stop::Sent(letter)
            if letter == FORWARD
                && policy.kind(&case.kind).is_some_and(|kind| counters_nobody(case, kind)) =>
        {
            Some(Deed::Link)
        }
        Stop::Sent(letter) => Some(Deed::Send(letter.clone())),
        Stop::Line(key) if key == REVIEW_KEY => None,
        Stop::Line(key) => Some(Deed::Fill(key.clone())),
        Stop::Held => Some(Deed::Hold),
        Stop::Told | Stop::Answered | Stop::Closed | Stop::First(_) => None,
    })
}
