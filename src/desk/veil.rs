//! What goes into the room without what it would say of cases that are sealed by now (rule 66): everybody there reads it, also what was
//! asked by somebody who may see them. What is answered about a sealed case goes to those alone who may see all of them, and stays
//! whole. What is left out is said in `case::veil`; every page about a case is made of what comes out of here.

use std::borrow::Cow;

use super::{Desk, DeskFault, facets, search};
use crate::case::{Case, CaseId, Event, Hidden, Refusal};

/// Whether a case is sealed, as the index has it; what it cannot say is not shown.
pub(super) fn is_sealed(desk: &Desk, id: CaseId) -> bool {
    search::contains(desk.index.as_ref(), &facets::sealed(), u64::from(id.number())).unwrap_or(true)
}

/// A case as everybody may read of it.
pub(super) fn of_case<'c>(case: &'c Case, hidden: Hidden<'_>) -> Cow<'c, Case> {
    if case.is_sealed() || !case.others_named().any(hidden) {
        Cow::Borrowed(case)
    } else {
        Cow::Owned(case.clone().veiled(hidden))
    }
}

/// Likewise what happened to it.
pub(super) fn of_events(case: &Case, events: Vec<Event>, hidden: Hidden<'_>) -> Vec<Event> {
    if case.is_sealed() {
        return events;
    }
    events.into_iter().filter_map(|event| event.veiled(hidden)).collect()
}

/// Likewise what was done to it, and to others with it, to whoever did it. What came of it on a sealed one is not said.
pub(super) fn of_done(case: &Case, events: &[(CaseId, Event)], hidden: Hidden<'_>) -> Vec<(CaseId, Event)> {
    if case.is_sealed() {
        return events.to_vec();
    }
    let shown = events.iter().filter(|(id, _)| *id == case.id || !hidden(*id));
    shown.filter_map(|(id, event)| Some((*id, event.clone().veiled_as_done(hidden)?))).collect()
}

/// Likewise why something is not done on it, or on no case. What is sealed itself answers those alone who may see it.
pub(super) fn of_refusal(is_sealed: bool, refusal: &Refusal, hidden: Hidden<'_>) -> Refusal {
    if is_sealed { refusal.clone() } else { refusal.clone().veiled(hidden) }
}

/// Cases that the gate asks about a user, without the numbers of sealed ones.
pub(super) fn of_others(case: &Case, others: Vec<Case>, hidden: Hidden<'_>) -> Vec<Case> {
    let unnamed = |other: Case| if hidden(other.id) { Case { id: CaseId::UNSHOWN, ..other } } else { other };
    if case.is_sealed() { others } else { others.into_iter().map(unnamed).collect() }
}

impl Desk {
    /// The case with this number as everybody may read of it, or why there is none.
    pub(super) fn shown(&mut self, id: CaseId) -> Result<Result<Case, Refusal>, DeskFault> {
        let case = self.case(id)?;
        Ok(case.map(|case| of_case(&case, &|id| is_sealed(self, id)).into_owned()))
    }
}
