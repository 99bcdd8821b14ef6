//! How a request ends, and how a case is closed and opened again.

use chrono::{DateTime, Utc};

use super::{Setting, duties};
use crate::case::clock::{Force, force};
use crate::case::{Case, Event, Extent, Refusal, Restraint, Terms, checklist};

pub(super) fn answer(
    case: &Case,
    extent: Extent,
    terms: &Terms,
    now: DateTime<Utc>,
) -> Result<Event, Refusal> {
    not_ended(case)?;
    let policy = terms.policy_of(case).ok_or(Refusal::PolicyMissing)?;
    let kind = policy.kind(&case.kind).ok_or(Refusal::PolicyMissing)?;
    if extent != Extent::None {
        // Who asks and what it rests on come before any record leaves the house, emergency or not (rules 1 and 61).
        if kind.may_disclose(case) && case.requester.is_none() {
            return Err(Restraint::NotReady.into());
        }
        if kind.may_disclose(case) && !checklist(case, kind, policy).complete() {
            return Err(Restraint::NotReady.into());
        }
        // An order that is no longer in force, or not yet, opens nothing.
        match force(case, terms, now) {
            Force::Lapsed { .. } | Force::Begins { .. } if !kind.may_disclose(case) => {}
            Force::Is => {}
            Force::Lapsed { on } => return Err(Restraint::Lapsed { on }.into()),
            Force::Begins { on } => return Err(Restraint::NotInForceYet { on }.into()),
        }
        let lacks = |key: &&String| !case.has_done(key);
        if let Some(key) = kind.answer_needs.iter().find(lacks) {
            return Err(Restraint::AnswerNeeds { key: key.clone() }.into());
        }
    }
    Ok(Event::Answered { extent })
}

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
    if case.closed.is_some() {
        return Err(Refusal::AlreadyClosed);
    }
    if case.outcome.is_none() {
        return Err(Refusal::NothingCameOfIt);
    }
    let owed = duties(case, terms);
    if owed.is_empty() { Ok(Event::Closed) } else { Err(Restraint::Owed(owed).into()) }
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
