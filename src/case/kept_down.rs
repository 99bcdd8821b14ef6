//! That other cases want inaccessible what this one would put back (rule 41), as docket found it when that last changed, and what of
//! a case says so. Looks nothing up, and does not know what falls due.
//!
//! A case that takes things down keeps down what it names as long as it stands: it was granted and came to nothing since in no way,
//! or it is open and asks for it now. One that is countered keeps it down until the day on which it may go back, or for good where
//! a court action is on record. That a case is erased takes nothing back.

use std::collections::BTreeSet;

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};

use super::clock::{back_too_soon, put_back, puts_back_countered, says_done, without_notice};
use super::likeness::{at_places, materials, named_places};
use super::{Case, CaseId, Terms};

/// The line that says that word of a court action came, which keeps down what a counter-notice would put back.
pub const COURT_ACTION_KEY: &str = "court action";

/// The line that says that something was put back.
pub const RESTORED_KEY: &str = "restored";

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
    /// Whether one of them was erased since: its time was over, and nothing went back because of that.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub erased: bool,
    /// What it waits for that goes back only with what countered notices made inaccessible too.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub until: Option<Until>,
    /// Whether it went back all the same: then it waits for nothing, and the day says whether that was too soon.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub is_back: bool,
    /// Open requests for the same, on which nothing was decided: they take no day from a counter-notice, but whoever puts it back
    /// should know.
    #[serde(default, skip_serializing_if = "Others::is_nobody")]
    pub asked: Others,
    /// When the last of them stopped to keep all of it down.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub freed: Option<DateTime<Utc>>,
}

/// Other cases.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Others {
    /// Those that may be named.
    #[serde(default, skip_serializing_if = "BTreeSet::is_empty")]
    pub by: BTreeSet<CaseId>,
    /// Those that are sealed.
    #[serde(default, skip_serializing_if = "BTreeSet::is_empty")]
    pub unshown: BTreeSet<CaseId>,
}

impl Others {
    /// Whether there are none.
    pub fn is_nobody(&self) -> bool {
        self.by.is_empty() && self.unshown.is_empty()
    }

    /// All of them.
    pub fn each(&self) -> impl Iterator<Item = CaseId> + '_ {
        self.by.iter().chain(&self.unshown).copied()
    }

    /// The same where these are not shown.
    pub fn veiled(&mut self, hidden: &dyn Fn(CaseId) -> bool) {
        let (gone, stay): (BTreeSet<CaseId>, BTreeSet<CaseId>) = self.by.iter().partition(|id| hidden(**id));
        self.by = stay;
        self.unshown.extend(gone);
    }
}

/// The day of other cases on which something may go back.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Until {
    /// The cases.
    pub of: Others,
    /// Before this it may not go back.
    pub earliest: DateTime<Utc>,
    /// By then it must.
    pub due: DateTime<Utc>,
}

impl KeptDown {
    /// Whether nothing of it goes back meanwhile.
    pub fn binds(&self) -> bool {
        !self.rest && self.is_any()
    }

    /// Whether some of it stays inaccessible.
    pub fn is_any(&self) -> bool {
        self.erased || !self.by.is_empty() || !self.unshown.is_empty()
    }

    /// Whether no other case has to do with it.
    pub fn is_nothing(&self) -> bool {
        !self.is_any() && self.awaited().is_none() && self.asked.is_nobody()
    }

    /// The cases by which it would change.
    pub fn others(&self) -> impl Iterator<Item = CaseId> + '_ {
        let until = self.until.iter().flat_map(|until| until.of.each());
        self.by.iter().chain(&self.unshown).copied().chain(until).chain(self.asked.each())
    }

    /// The same, as somebody sees it who may not know of these.
    pub fn veiled(&mut self, hidden: &dyn Fn(CaseId) -> bool) {
        let (by, unshown) = (std::mem::take(&mut self.by), std::mem::take(&mut self.unshown));
        let mut kept = Others { by, unshown };
        kept.veiled(hidden);
        (self.by, self.unshown) = (kept.by, kept.unshown);
        self.asked.veiled(hidden);
        self.until.iter_mut().for_each(|until| until.of.veiled(hidden));
    }

    /// Whether none of it is back before another case lets it be.
    fn waits(&self) -> bool {
        self.binds() || self.awaited().is_some()
    }

    /// The day that it waits for.
    pub fn awaited(&self) -> Option<&Until> {
        self.until.as_ref().filter(|_| !self.is_back)
    }

    /// Takes in what was found now.
    pub(super) fn turn(&mut self, found: KeptDown, at: DateTime<Utc>) {
        let (did_wait, freed) = (self.waits(), self.freed);
        *self = found;
        self.freed = match (did_wait, self.waits()) {
            (_, true) => None,
            (true, false) => Some(at),
            (false, false) => freed,
        };
    }
}

impl Case {
    /// Whether nothing is left of it, and what was made inaccessible for it stays so for another case: nobody is told that it went
    /// back.
    pub fn stays_down(&self) -> bool {
        self.kept_down.waits() && without_notice(self).is_some()
    }

    /// Whether word of a court action is on record that keeps down what a counter-notice would put back.
    pub fn is_in_court(&self) -> bool {
        self.has_done(COURT_ACTION_KEY) && without_notice(self).is_none()
    }
}

/// What a case is about that goes back with it, by place; where it names no place, its room, or else the accounts that it names.
pub fn places(case: &Case) -> BTreeSet<String> {
    let mut places = materials(case);
    places.extend(at_places(case, "messages"));
    if places.is_empty() {
        places = at_places(case, ROOM_KEY);
    }
    if places.is_empty() { named_places(case) } else { places }
}

/// The line that says in which room.
const ROOM_KEY: &str = "room";

/// What a case wants inaccessible, and how.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Keeps {
    /// What, by place.
    pub places: BTreeSet<String>,
    /// How.
    pub how: Keeping,
}

/// How a case wants something inaccessible.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Keeping {
    /// It was made so, and nothing says that it goes back.
    Stands,
    /// Somebody asks for it, and nothing was decided.
    Asks,
    /// It is countered: it may go back then.
    Until {
        /// Not before this.
        earliest: DateTime<Utc>,
        /// By then.
        due: DateTime<Utc>,
    },
}

/// What a case wants inaccessible (rule 41). For a duplicate the case speaks that is kept.
pub fn keeps_down(case: &Case, terms: &Terms) -> Option<Keeps> {
    let kind = terms.kind_of(case)?;
    let says_done = says_done(case, kind);
    if !(kind.takes_down || says_done) || case.duplicate_of().is_some() || without_notice(case).is_some() {
        return None;
    }
    let how = if case.is_in_court() {
        Keeping::Stands
    } else if puts_back_countered(case, terms) {
        // What was put back is kept by nothing any more, unless that was too soon: nobody else follows it then.
        let clock = put_back(case, terms).or_else(|| back_too_soon(case, terms))?;
        Keeping::Until { earliest: clock.earliest.unwrap_or(clock.start), due: clock.due }
    } else if case.acted_on || case.is_granted() || says_done {
        Keeping::Stands
    } else {
        Keeping::Asks
    };
    let mut places = places(case);
    // Who takes a room down takes down what is in it, whatever else is named.
    places.extend(at_places(case, ROOM_KEY));
    Some(Keeps { places, how })
}
