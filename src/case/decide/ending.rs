//! How a request ends, and how a case is closed and opened again.

use chrono::{DateTime, Utc};

use super::reason_gone::{is_for, may_be_said};
use super::{Duty, Setting, duties, letters};
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
        return Err(policy.no_such_reason(&code, &case.kind));
    };
    is_for(case, reason, policy)?;
    if reason.needs_words && words.is_none() {
        return Err(Refusal::ReasonNeedsWords { code: reason.code.clone() });
    }
    may_be_said(case, reason, policy)?;
    Ok(Event::RequestRefused { code: reason.code.clone(), text: reason.text.clone(), words })
}

/// Nobody is told that the accounts are elsewhere while one is here, or what nobody could read may be one (rule 8).
pub(super) fn none_is_ours(case: &Case) -> Result<(), Refusal> {
    if let Some(ours) = case.subjects().find(|subject| subject.ours) {
        return Err(Restraint::IsOurs { account: ours.account.clone() }.into());
    }
    let unread = case.unread_of_accounts().next();
    unread.map_or(Ok(()), |(piece, _)| Err(Restraint::MayBeOurs { piece: piece.clone() }.into()))
}

pub(super) fn withdraw(case: &Case, reason: Option<String>) -> Result<Event, Refusal> {
    not_ended(case)?;
    Ok(Event::Withdrawn { reason })
}

/// A case is closed when nothing is owed any more.
pub(super) fn close(case: &Case, terms: &Terms, now: DateTime<Utc>) -> Result<Event, Refusal> {
    let owed = open_duties(case, terms)?;
    if owed.is_empty() {
        return Ok(Event::Closed);
    }
    let as_it_can_be = |duty: Duty| match duty {
        Duty::Write(name, _) if !letters::can_be_filled_in(case, &name, terms, now) => Duty::WriteOwn(name),
        other => other,
    };
    Err(Restraint::Owed(owed.into_iter().map(as_it_can_be).collect()).into())
}

/// Closes a case whose requester must not hear what came of it, such as a proven fake. It is on record why; everything else
/// that is owed is owed still.
pub(super) fn close_unsent(case: &Case, reason: String, terms: &Terms) -> Result<Vec<Event>, Refusal> {
    let owed = open_duties(case, terms)?;
    if !owed.iter().any(|duty| matches!(duty, Duty::Write(..))) {
        // Whoever would be sent to the plain verb would be sent back for what else is owed.
        return Err(if owed.is_empty() { Restraint::NoLetterOwed } else { Restraint::Owed(owed) }.into());
    }
    // What the letter would have done as well is still to be done without it.
    let others = duties(&Case { unsent: Some(reason.clone()), ..case.clone() }, terms);
    if !others.is_empty() {
        return Err(Restraint::Owed(others).into());
    }
    Ok(vec![Event::LeftUnsent { reason }, Event::Closed])
}

/// Closes a case on which something that the policy counts the days of can never be done, or the letter to the requester with
/// it. It is on record what and why; that it takes two people is said in `effects`.
pub(super) fn close_undone(case: &Case, reason: String, terms: &Terms) -> Result<Vec<Event>, Refusal> {
    let owed = open_duties(case, terms)?;
    let is_given_up = |duty: &Duty| matches!(duty, Duty::Write(..) | Duty::Promised(_));
    let is_unsent = owed.iter().any(|duty| matches!(duty, Duty::Write(..)));
    // The letter may have been to do as well what the policy counts the days of.
    let without = match is_unsent {
        true => duties(&Case { unsent: Some(reason.clone()), ..case.clone() }, terms),
        false => owed,
    };
    let clocks: Vec<String> = without
        .iter()
        .filter_map(
            |duty| if let Duty::Promised(promise) = duty { Some(promise.clock.name.clone()) } else { None },
        )
        .collect();
    let others: Vec<Duty> = without.into_iter().filter(|duty| !is_given_up(duty)).collect();
    if !others.is_empty() {
        return Err(Restraint::Owed(others).into());
    }
    if clocks.is_empty() {
        return Err(Restraint::NothingUndone { unsent: is_unsent }.into());
    }
    let unsent = is_unsent.then(|| Event::LeftUnsent { reason: reason.clone() });
    Ok(unsent.into_iter().chain([Event::LeftUndone { clocks, reason }, Event::Closed]).collect())
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

/// Nothing rests on a request that somebody at the agency has disowned (rule 61).
pub(super) fn not_denied(case: &Case) -> Result<(), Refusal> {
    case.what_was_denied().map_or(Ok(()), |what| Err(Restraint::WasDenied { what }.into()))
}

/// A named approver believes in the danger. It takes a second one, like everything that others then rely on.
pub(super) fn attest(case: &Case, reason: String, setting: &Setting<'_>) -> Result<Event, Refusal> {
    not_ended(case)?;
    let kind = setting.terms.kind_of(case).ok_or(Refusal::PolicyMissing)?;
    if !kind.attest {
        return Err(Restraint::NothingToAttest.into());
    }
    not_denied(case)?;
    Ok(Event::Attested { by: setting.actor.clone(), reason })
}
