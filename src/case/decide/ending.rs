//! How a request ends, and how a case is closed and opened again.

use crate::case::{Case, Effect, Event, Extent, Refusal, Terms};

pub(super) fn answer(case: &Case, extent: Extent, terms: &Terms) -> Result<Event, Refusal> {
    not_ended(case)?;
    let kind = terms.kind_of(case).ok_or(Refusal::PolicyMissing)?;
    if kind.may_disclose(case) && extent != Extent::None {
        return Err(Refusal::NeedsTwo(Effect::Disclose));
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
        return Err(Refusal::NoSuchReason { typed: code });
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

/// No duty can be open yet: notices, holds and destructions come with the written policy, and their checks stand here.
pub(super) fn close(case: &Case) -> Result<Event, Refusal> {
    if case.closed.is_some() {
        return Err(Refusal::AlreadyClosed);
    }
    if case.outcome.is_none() {
        return Err(Refusal::NothingCameOfIt);
    }
    Ok(Event::Closed)
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
