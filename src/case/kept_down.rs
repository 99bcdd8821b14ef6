//! That other cases want inaccessible what this one would put back (rule 41), as docket found it when that last changed, and what of
//! a case says so. Looks nothing up, and does not know what falls due.

use std::collections::BTreeSet;

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};

use super::clock::{says_done, without_notice};
use super::likeness::{materials, named_places};
use super::{Case, CaseId, Relation, Terms};

/// What other cases say of what a case would put back.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct KeptDown {
    /// Those that want it inaccessible.
    pub by: BTreeSet<CaseId>,
    /// Those of them that are sealed: that they do says what they are about, so they are not shown here.
    #[serde(default, skip_serializing_if = "BTreeSet::is_empty")]
    pub unshown: BTreeSet<CaseId>,
    /// Whether something of it is left that none of them is about.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub rest: bool,
    /// When the last of them stopped to keep all of it down.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub freed: Option<DateTime<Utc>>,
}

impl KeptDown {
    /// Whether nothing of it goes back meanwhile.
    pub fn binds(&self) -> bool {
        !self.rest && self.is_any()
    }

    /// Whether some of it stays inaccessible.
    pub fn is_any(&self) -> bool {
        !self.by.is_empty() || !self.unshown.is_empty()
    }
}

impl Case {
    /// Whether nothing is left of it, and what was made inaccessible for it stays so for another case: nobody is told that it went
    /// back.
    pub fn stays_down(&self) -> bool {
        self.kept_down.binds() && without_notice(self).is_some()
    }
}

/// What a case is about that can be made inaccessible, by place; where it names no place, the accounts that it names.
pub fn places(case: &Case) -> BTreeSet<String> {
    let places = materials(case);
    if places.is_empty() { named_places(case) } else { places }
}

/// What a case wants inaccessible: it was acted on and stands, or is worked again. What a counter-notice stands against is to go back
/// itself, and for a duplicate the case speaks that is kept.
pub fn keeps_down(case: &Case, terms: &Terms) -> BTreeSet<String> {
    let Some(kind) = terms.kind_of(case) else { return BTreeSet::new() };
    let is_gone = case.duplicate_of().is_some() || without_notice(case).is_some();
    if is_gone || case.countered.is_some() {
        return BTreeSet::new();
    }
    let was_duplicate = case.links.iter().any(|link| link.how == Relation::Duplicate && link.outward);
    let is_acted_on = case.acted_on || case.is_granted() || was_duplicate;
    if (kind.takes_down && is_acted_on) || says_done(case, kind) { places(case) } else { BTreeSet::new() }
}
