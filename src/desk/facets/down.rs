//! The lists by which the desk finds what keeps inaccessible what another case would put back (rule 41). What that is says
//! `case::kept_down`.

use std::collections::BTreeSet;

use crate::case::kept_down::{Keeping, keeps_down, places};
use crate::case::{Case, CaseId, Terms, clock};
use crate::ports::Facet;

/// The lists of cases that want this place inaccessible: those that stand, those that only ask for it, and those that are countered,
/// each by itself, so that many of one sort hide none of another.
pub fn wants_down(place: &str) -> [Facet; 3] {
    [STANDS, ASKS, COUNTERED].map(|list| Facet::new(list, place))
}

const STANDS: &str = "wants-down";
const ASKS: &str = "asks-down";
const COUNTERED: &str = "down-until";

/// Cases that put this place back, or would if no other kept it inaccessible.
pub fn puts_back(place: &str) -> Facet {
    Facet::new("puts-back", place)
}

/// Cases that do not put back what this one keeps inaccessible, or not yet, or that it asks for it.
pub fn kept_down_by(case: CaseId) -> Facet {
    Facet::new("kept-down-by", case)
}

/// What the desk finds a case by for that.
pub(super) fn of_down(case: &Case, terms: &Terms) -> BTreeSet<Facet> {
    let mut facets = BTreeSet::new();
    if let Some(keeps) = keeps_down(case, terms) {
        let list = match keeps.how {
            Keeping::Stands => STANDS,
            Keeping::Asks => ASKS,
            Keeping::Until { .. } => COUNTERED,
        };
        facets.extend(keeps.places.iter().map(|place| Facet::new(list, place)));
    }
    if clock::puts_back(case, terms) {
        facets.extend(places(case).iter().map(|place| puts_back(place)));
    }
    facets.extend(case.kept_down.others().map(kept_down_by));
    facets
}
