//! The lists by which the desk finds what keeps inaccessible what another case would put back (rule 41). What that is says
//! `case::kept_down`.

use std::collections::BTreeSet;

use crate::case::kept_down::{keeps_down, places};
use crate::case::{Case, CaseId, Terms, clock};
use crate::ports::Facet;

/// Cases that want this place inaccessible.
pub fn wants_down(place: &str) -> Facet {
    Facet::new("wants-down", place)
}

/// Cases that put this place back, or would if no other kept it inaccessible.
pub fn puts_back(place: &str) -> Facet {
    Facet::new("puts-back", place)
}

/// Cases that do not put back what this one keeps inaccessible.
pub fn kept_down_by(case: CaseId) -> Facet {
    Facet::new("kept-down-by", case)
}

/// What the desk finds a case by for that.
pub(super) fn of_down(case: &Case, terms: &Terms) -> BTreeSet<Facet> {
    let mut facets: BTreeSet<Facet> = keeps_down(case, terms).iter().map(|place| wants_down(place)).collect();
    if clock::puts_back(case, terms) {
        facets.extend(places(case).iter().map(|place| puts_back(place)));
    }
    let others = case.kept_down.by.iter().chain(&case.kept_down.unshown);
    facets.extend(others.map(|other| kept_down_by(*other)));
    facets
}
