//! Cases without what they say of others that are sealed by now (rule 66), for answers that everybody reads. What somebody sees of
//! a sealed case is for those alone who may see all of them, and stays whole. What is left out is said in `case::veil`.

use std::collections::BTreeSet;

use super::{Desk, DeskFault, facets, search};
use crate::case::{Case, CaseId, Event};

/// Whether a case is sealed, as the index has it; what it cannot say is not shown.
pub(super) fn is_sealed(desk: &Desk, id: CaseId) -> bool {
    search::contains(desk.index.as_ref(), &facets::sealed(), u64::from(id.number())).unwrap_or(true)
}

/// The case as everybody may read of it.
pub(super) fn of_case(desk: &mut Desk, case: &Case) -> Result<Case, DeskFault> {
    if case.is_sealed() {
        return Ok(case.clone());
    }
    let hidden = sealed_of(desk, case.others_named())?;
    Ok(case.clone().veiled(|id| hidden.contains(&id)))
}

/// Likewise what happened to it.
pub(super) fn of_events(desk: &mut Desk, case: &Case, events: Vec<Event>) -> Result<Vec<Event>, DeskFault> {
    if case.is_sealed() {
        return Ok(events);
    }
    let others = events.iter().flat_map(Event::others_named).filter(|id| *id != case.id);
    let hidden = sealed_of(desk, others)?;
    Ok(events.into_iter().filter_map(|event| event.veiled(|id| hidden.contains(&id))).collect())
}

fn sealed_of(desk: &mut Desk, all: impl Iterator<Item = CaseId>) -> Result<BTreeSet<CaseId>, DeskFault> {
    let mut hidden = BTreeSet::new();
    for id in all.collect::<BTreeSet<CaseId>>() {
        let number = u64::from(id.number());
        if desk.ask(|index| search::contains(index, &facets::sealed(), number))? {
            hidden.insert(id);
        }
    }
    Ok(hidden)
}
