//! A complaint is looked at by somebody who did not decide what it complains of, as its letters promise. Who decided stands on the
//! complaint from when the two were linked: what is decided anew because of it is another decision.

use super::Setting;
use crate::case::{Account, Case, CaseId, Event, Link, Need, Refusal, Relation, Restraint, Terms};

/// Who decided what this case complains of, for the record: of two people both.
pub(super) fn linked(case: &Case, how: Relation, other: &Case) -> Option<Event> {
    let outcome = other.outcome.as_ref().filter(|_| how == Relation::Appeal)?;
    let is_known = case.decided_before.get(&other.id) == Some(&outcome.by)
        && outcome.with.iter().all(|with| has_decided(case, other.id, with));
    let (by, with) = (outcome.by.clone(), outcome.with.clone());
    (!is_known).then_some(Event::DecidedBefore { other: other.id, by, with })
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

/// A link that was taken away promises nothing any more.
fn decided_by(case: &Case, person: &Account) -> Option<CaseId> {
    let complains_of =
        |other: CaseId| case.links.contains(&Link { other, how: Relation::Appeal, outward: true });
    let mut before = case.decided_before.keys().copied().filter(|other| complains_of(*other));
    before.find(|other| has_decided(case, *other, person))
}

/// Whether the person decided the other case, by themselves or as one of two.
fn has_decided(case: &Case, other: CaseId, person: &Account) -> bool {
    case.decided_before.get(&other) == Some(person)
        || case.decided_with.get(&other).is_some_and(|with| with.contains(person))
}

fn is_somebody_else(case: &Case, terms: &Terms) -> bool {
    let mut all = terms.people.iter().map(|person| &person.account);
    all.any(|account| terms.may_on(case, account, Need::Casework) && decided_by(case, account).is_none())
}
