//! When a request may be answered, and how far. An answer that grants something says that it was done, so what it says must
//! be so; `none`, and a refusal, promise nothing and are free.
//!
//! Which categories of data are in the scope is said in `scoping`, who is the second person in `second`.

use super::ending::{not_denied, not_ended};
use super::{Around, Setting, scoping};
use crate::case::clock::{Force, force};
use crate::case::conflict::asks_for_erasure;
use crate::case::{
    Case, Event, Extent, Kind, Policy, Refusal, Restraint, Terms, Verifiable, checklist, weighing,
};

pub(super) fn answer(
    case: &Case,
    extent: Extent,
    around: &Around,
    setting: &Setting<'_>,
) -> Result<Event, Refusal> {
    not_ended(case)?;
    let policy = setting.terms.policy_of(case).ok_or(Refusal::PolicyMissing)?;
    let kind = policy.kind(&case.kind).ok_or(Refusal::PolicyMissing)?;
    match extent {
        Extent::None => {}
        Extent::Part => grantable(case, kind, policy, setting)?,
        Extent::Full => {
            grantable(case, kind, policy, setting)?;
            not_held_back(case, kind, around)?;
        }
    }
    scoping::answerable(case, extent, setting)?;
    Ok(Event::Answered { extent })
}

/// Whether something of it may be granted at all.
fn grantable(case: &Case, kind: &Kind, policy: &Policy, setting: &Setting<'_>) -> Result<(), Refusal> {
    not_denied(case)?;
    if kind.may_disclose(case) {
        // Who asks and what it rests on come before any record leaves the house, emergency or not (rules 1 and 61).
        if !checklist(case, kind, policy).complete() {
            return Err(Restraint::NotReady.into());
        }
        // An order that is no longer in force, or not yet, opens nothing.
        match force(case, setting.terms, setting.now) {
            Force::Is => {}
            Force::Lapsed { on } => return Err(Restraint::Lapsed { on }.into()),
            Force::Begins { on } => return Err(Restraint::NotInForceYet { on }.into()),
        }
    }
    // Nor is anything else done, or promised, for somebody who might be anybody.
    if kind.verify_requester && case.requester.is_none() {
        return Err(Restraint::NotVerified(Verifiable::Requester).into());
    }
    if kind.verify_instrument && case.instrument.is_none() {
        return Err(Restraint::NotVerified(Verifiable::Instrument).into());
    }
    let lacks = |key: &&String| !case.has_done(key);
    if let Some(key) = kind.answer_needs.iter().find(lacks) {
        return Err(Restraint::AnswerNeeds { key: key.clone() }.into());
    }
    // An erasure by way of exception is weighed first, and what was weighed is on record (rule 46).
    let unweighed: Vec<String> = weighing(case, kind, policy)
        .map_or_else(Vec::new, |weighs| weighs.lines.iter().filter(lacks).cloned().collect());
    if !unweighed.is_empty() {
        return Err(Restraint::Unweighed { keys: unweighed }.into());
    }
    // The answer to a preservation says that the records are kept (rule 19).
    if kind.only_keeps() && case.hold.is_none() {
        return Err(Restraint::NothingKept.into());
    }
    Ok(())
}

/// Nobody is told that all is erased while something of it is kept (rules 63 and 65). An answer in part says the same words to
/// the person.
fn not_held_back(case: &Case, kind: &Kind, around: &Around) -> Result<(), Refusal> {
    if !asks_for_erasure(case, Some(kind)) {
        return Ok(());
    }
    let own = case.hold.as_ref().filter(|hold| hold.runs()).map(|_| case.id);
    let Some(others) = &around.holding else {
        return Err(Restraint::HoldsNotKnown.into());
    };
    let holds: Vec<_> = own.into_iter().chain(others.iter().copied().filter(|id| *id != case.id)).collect();
    if holds.is_empty() && !around.held_unshown {
        Ok(())
    } else {
        Err(Restraint::ErasureWaits { holds }.into())
    }
}

/// Whether granting it is an exception that was weighed, which takes two people whatever else it does (rule 46).
pub(super) fn is_weighed(case: &Case, terms: &Terms) -> bool {
    let rules = terms.policy_of(case).and_then(|policy| Some((policy, policy.kind(&case.kind)?)));
    rules.is_some_and(|(policy, kind)| weighing(case, kind, policy).is_some())
}
