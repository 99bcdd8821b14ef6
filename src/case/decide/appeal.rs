//! A complaint is looked at by somebody who did not decide what it complains of, as its letters promise. Who decided stands on the
//! complaint from when the two were linked: what is decided anew because of it is another decision.

use super::Setting;
use crate::case::{Account, Case, CaseId, Event, Need, Refusal, Relation, Restraint, Terms};

/// Who decided what this case complains of, for the record.
pub(super) fn linked(case: &Case, how: Relation, other: &Case) -> Option<Event> {
    let outcome = other.outcome.as_ref().filter(|_| how == Relation::Appeal)?;
    (case.decided_before.get(&other.id) != Some(&outcome.by))
        .then(|| Event::DecidedBefore { other: other.id, by: outcome.by.clone() })
}

/// Nobody decides about their own decision while there is somebody else who can.
pub(super) fn by_another(case: &Case, setting: &Setting<'_>) -> Result<(), Refusal> {
    own_decision(case, setting.actor, setting.terms)
        .map_or(Ok(()), |other| Err(Restraint::DecidedIt { other }.into()))
}

/// The case that this one complains of and that was decided by the person, if there is one and somebody else can look at it.
pub fn own_decision(case: &Case, person: &Account, terms: &Terms) -> Option<CaseId> {
    decided_by(case, person).filter(|_| is_somebody_else(case, terms))
}

fn decided_by(case: &Case, person: &Account) -> Option<CaseId> {
    case.decided_before.iter().find(|(_, by)| *by == person).map(|(other, _)| *other)
}

fn is_somebody_else(case: &Case, terms: &Terms) -> bool {
    let decided = |account: &Account| case.decided_before.values().any(|by| by == account);
    let mut all = terms.people.iter().map(|person| &person.account);
    all.any(|account| terms.may_on(case, account, Need::Casework) && !decided(account))
}
