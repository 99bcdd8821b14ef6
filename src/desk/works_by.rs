//! What a desk works by, as whoever opens it says: by terms that are at hand, or by what its own record says.
//!
//! Somebody who has the data and no configuration, as for a report, knows of no policy. To count by another than the desk's
//! would print what the operator keeps back.

use std::collections::BTreeMap;

use crate::case::{Account, MasterKey, Person, Terms};

/// What a desk is to work by.
#[derive(Clone, Debug)]
pub enum WorksBy {
    /// These terms.
    These(Terms),
    /// The policy that was followed last, and its zone, as they are on record.
    Record {
        /// Everything else; and the policy of a desk on whose record there is none yet.
        otherwise: Terms,
    },
}

impl WorksBy {
    /// What the fold of the record begins with.
    pub(super) fn terms(&self) -> &Terms {
        match self {
            WorksBy::These(terms) | WorksBy::Record { otherwise: terms } => terms,
        }
    }

    /// Puts another list of people in force, with the keys that it names.
    pub(super) fn list_people(&mut self, people: Vec<Person>, named: BTreeMap<Account, MasterKey>) {
        let (WorksBy::These(terms) | WorksBy::Record { otherwise: terms }) = self;
        terms.people = people;
        if let Some(identities) = &mut terms.identities {
            identities.named = named;
        }
    }

    pub(super) fn goes_by_the_record(&self) -> bool {
        match self {
            WorksBy::These(_) => false,
            WorksBy::Record { .. } => true,
        }
    }
}

impl From<Terms> for WorksBy {
    fn from(terms: Terms) -> WorksBy {
        WorksBy::These(terms)
    }
}
