//! The lists that the gag gate goes by: for every user the cases that forbid to tell them, so that it opens those and no
//! others, however many name the user and forbid nothing. Knows no rule: which cases these are is said in `decide::gate`.
//!
//! Every case that may forbid stands here (the gate itself is asked again over the opened case): a case that is missing
//! would open the gate.

use std::collections::BTreeSet;

use crate::case::decide::{
    self,
    gate::{self, Silence},
};
use crate::case::{Account, Case, CaseId, Terms, mention};
use crate::ports::Facet;

/// Cases that are bound to silence, or ask for it.
pub fn gagged() -> Facet {
    Facet::new("gagged", "")
}

/// Cases that forbid to tell a user whom they name, for each form in which they may.
pub fn binds(account: &Account, terms: &Terms) -> impl Iterator<Item = Facet> + use<> {
    gate::readings(account, terms).into_iter().map(|name| binding(&name))
}

/// Cases that bind and are about somebody whom nobody could resolve to an account: they forbid to tell anybody.
pub fn binds_all() -> Facet {
    Facet::new("binds-all", "")
}

/// Those of them of which two people found that they are not about this user.
pub fn cleared(account: &Account) -> Facet {
    Facet::new("cleared", account)
}

/// Cases whose user of this name is owed a notice, or would be if no other case forbade it.
pub fn owes_notice(name: &str) -> Facet {
    Facet::new("owes-notice", name)
}

/// Cases a user of which may not be told because of another.
pub fn hushed_by(case: CaseId) -> Facet {
    Facet::new("hushed-by", case)
}

fn binding(name: &str) -> Facet {
    Facet::new("binds", name)
}

/// What the gate hears of a case.
pub(super) fn of_silence(case: &Case, terms: &Terms) -> BTreeSet<Facet> {
    let mut facets = BTreeSet::new();
    let bars = gate::bars(case, terms);
    if case.secret() || bars.iter().any(|bar| bar.is_firm()) {
        facets.insert(gagged());
    }
    if let Some(Silence { about, of_anybody, .. }) = gate::silence(case, terms) {
        facets.extend(about.iter().map(|name| binding(name)));
        if of_anybody {
            facets.insert(binds_all());
            facets.extend(case.cleared.iter().map(cleared));
        }
    }
    let users = decide::hushable(case, terms);
    facets.extend(users.iter().flat_map(mention::readings).map(|name| owes_notice(&name)));
    let others = case.hushed.values().flat_map(|hush| hush.by.iter().chain(&hush.unshown));
    facets.extend(others.map(|other| hushed_by(*other)));
    facets
}
