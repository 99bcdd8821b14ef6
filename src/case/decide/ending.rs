//! How a request ends, and how a case is closed and opened again.

use super::{Duty, Setting, duties};
use crate::case::{Case, Event, Refusal, Restraint, Terms};

pub(super) fn refuse(
    case: &Case,
    code: String,
    words: Option<String>,
    terms: &Terms,
) -> Result<Event, Refusal> {
    not_ended(case)?;
    let policy = terms.policy_of(case).ok_or(Refusal::PolicyMissing)?;
    let Some(reason) = policy.reason(&code) else {
        return Err(policy.no_such_reason(&code));
    };
    if reason.needs_words && words.is_none() {
        return Err(Refusal::ReasonNeedsWords { code: reason.code.clone() });
    }
    Ok(Event::RequestRefused { code: reason.code.clone(), text: reason.text.clone(), words })
}

pub(super) fn withdraw(case: &Case, reason: Option<String>) -> Result<Event, Refusal> {
    not_ended(case)?;
    Ok(Event::Withdrawn { reason })
}

/// A case is closed when nothing is owed any more.
pub(super) fn close(case: &Case, terms: &Terms) -> Result<Event, Refusal> {
    let owed = open_duties(case, terms)?;
    if owed.is_empty() { Ok(Event::Closed) } else { Err(Restraint::Owed(owed).into()) }
}

/// Closes a case whose requester must not hear what came of it, such as a proven fake. It is on record why; everything else
/// that is owed is owed still.
pub(super) fn close_unsent(case: &Case, reason: String, terms: &Terms) -> Result<Vec<Event>, Refusal> {
    let owed = open_duties(case, terms)?;
    let (letters, others): (Vec<Duty>, Vec<Duty>) =
        owed.into_iter().partition(|duty| matches!(duty, Duty::Write(_)));
    if !others.is_empty() {
        return Err(Restraint::Owed(others).into());
    }
    if letters.is_empty() {
        return Err(Restraint::NoLetterOwed.into());
    }
    Ok(vec![Event::LeftUnsent { reason }, Event::Closed])
}

/// What is owed on a case that can be closed as far as its outcome goes.
fn open_duties(case: &Case, terms: &Terms) -> Result<Vec<Duty>, Refusal> {
    if case.closed.is_some() {
        return Err(Refusal::AlreadyClosed);
    }
    if case.outcome.is_none() {
        return Err(Refusal::NothingCameOfIt);
    }
    Ok(duties(case, terms))
}

pub(super) fn reopen(case: &Case, reason: Option<String>) -> Result<Event, Refusal> {
    if case.closed.is_none() && case.outcome.is_none() {
        return Err(Refusal::NotEnded);
    }
    Ok(Event::Reopened { reason })
}

pub(super) fn not_ended(case: &Case) -> Result<(), Refusal> {
    if case.closed.is_some() {
        return Err(Refusal::AlreadyClosed);
    }
    match &case.outcome {
        Some(outcome) => Err(Refusal::AlreadyEnded(outcome.what.clone())),
        None => Ok(()),
    }
}

/// A named approver believes in the danger. It takes a second one, like everything that others then rely on.
pub(super) fn attest(case: &Case, reason: String, setting: &Setting<'_>) -> Result<Event, Refusal> {
    not_ended(case)?;
    let kind = setting.terms.kind_of(case).ok_or(Refusal::PolicyMissing)?;
    if !kind.attest {
        return Err(Restraint::NothingToAttest.into());
    }
    Ok(Event::Attested { by: setting.actor.clone(), reason })
}
