//! What of sealed cases somebody's answer may hold (rule 66): the one place that decides it for whatever shows more than one
//! case. Who may see which case is said in `case::sealed`; this asks it.
//!
//! Everybody learns of a sealed case its number, stage, owner and nearest date, so a list by those holds it for everybody, in
//! short. A list by anything else (words, accounts, tags, kinds) says by holding it what stands in it: there it is found
//! by those alone who may see it, their answer goes to them alone, and that they found it is on record.

use super::facets;
use crate::case::{Account, Case, CaseId, Need, Terms};
use crate::chat::{Filters, Page};
use crate::ports::Facet;

/// Whose eyes an answer is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Sight {
    sees_sealed: bool,
}

impl Sight {
    /// What is put on a case, or into the room, is for everybody.
    pub(super) const EVERYBODY: Sight = Sight { sees_sealed: false };

    /// Those who may see sealed cases.
    pub(super) const SAFETY: Sight = Sight { sees_sealed: true };

    pub(super) fn of(who: &Account, terms: &Terms) -> Sight {
        Sight { sees_sealed: terms.may(who, Need::Sealed) }
    }

    /// The list that must not be looked through, where it is looked for what stands in a case.
    pub(super) fn without(self) -> Option<Facet> {
        (!self.sees_sealed).then(facets::sealed)
    }

    /// Whether they may be told that this case was found by what stands in it.
    pub(super) fn may_find(self, case: &Case) -> bool {
        self.sees_sealed || !case.is_sealed()
    }
}

/// An answer to a question.
#[derive(Debug)]
pub(super) struct Answered {
    /// The case that it is about, if it is about one.
    pub case: Option<CaseId>,
    /// What it says.
    pub page: Page,
    /// The sealed cases of which it says what stands in them, without being about one.
    pub inside: Vec<CaseId>,
}

impl Answered {
    /// One that says of no sealed case more than everybody may know.
    pub(super) fn openly(page: Page) -> Answered {
        Answered { case: None, page, inside: Vec::new() }
    }

    /// One that lists what was found by what stands in these cases.
    pub(super) fn found(page: Page, cases: &[Case]) -> Answered {
        let sealed = cases.iter().filter(|case| case.is_sealed());
        Answered { case: None, page, inside: sealed.map(|case| case.id).collect() }
    }
}

/// Whether a list by these says more of a case than everybody may know of a sealed one.
pub(super) fn looks_inside(filters: &Filters) -> bool {
    let Filters {
        closed_too: _,
        stage: _,
        kind,
        owner: _,
        secret,
        subject,
        tag,
        overdue: _,
        page: _,
        typed: _,
    } = filters;
    kind.is_some() || *secret || subject.is_some() || tag.is_some()
}
