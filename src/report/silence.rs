//! Whether a case may be seen in a report, by its kind and country: not while somebody must be silent about it (rules 26 and
//! 60).
//!
//! What binds is asked of the gate before a notice ([`gate::bars`]), so that the two never say different things of a case. A
//! count names nobody, so less of it counts here: that a paper is missing, that an emergency is to be looked at again, and that a
//! case is sealed forbid to tell a user and no count.

use std::collections::BTreeSet;

use chrono::{DateTime, Utc};

use crate::case::decide::gate::{self, Bar};
use crate::case::{Case, Telling, Terms};

/// Since when a case may be counted where it belongs.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Silence {
    /// Nothing that is on record bound it.
    Never,
    /// It was bound until then.
    Until(DateTime<Utc>),
    /// It is bound: by an order, by its instrument, or because it asks for secrecy.
    Binds,
}

/// What a case says about silence. An end that lies in the future is no end yet: see [`Silence::at`].
pub fn silence(case: &Case, terms: &Terms) -> Silence {
    let bars: BTreeSet<Bar> = gate::bars(case, terms).into_iter().filter(|bar| silences(*bar)).collect();
    if bars.is_empty() {
        let gag = case.gag.as_ref().and_then(|gag| gag.over.as_ref()).map(|over| over.at);
        return gag.max(case.secrecy_over).map_or(Silence::Never, Silence::Until);
    }
    // Secrecy was only asked for. Once every user was told there is nothing left to be silent about.
    let told = case.subjects().map(|subject| match case.notices.get(&subject.account) {
        Some(notice) if matches!(notice.what, Telling::Told { .. }) => Some(notice.at),
        Some(_) | None => None,
    });
    let told = told.collect::<Option<Vec<_>>>().and_then(|all| all.into_iter().max());
    match told.filter(|_| bars == BTreeSet::from([Bar::Secrecy])) {
        Some(last) => Silence::Until(last),
        None => Silence::Binds,
    }
}

/// Whether a case on which this forbids to tell a user is to be counted in silence too.
fn silences(bar: Bar) -> bool {
    match bar {
        // What nobody has identified, and a policy that is not at hand, may bind.
        Bar::Gag | Bar::Instrument | Bar::Unidentified | Bar::Secrecy | Bar::Order | Bar::Policy => true,
        Bar::Missing | Bar::Review | Bar::Csea | Bar::Unresolved => false,
    }
}

impl Silence {
    /// The same at a time: what ends later binds now.
    pub fn at(self, now: DateTime<Utc>) -> Silence {
        match self {
            Silence::Until(end) if end >= now => Silence::Binds,
            silence => silence,
        }
    }

    /// When it ended or will, if that is known.
    pub fn end(self) -> Option<DateTime<Utc>> {
        match self {
            Silence::Until(end) => Some(end),
            Silence::Never | Silence::Binds => None,
        }
    }
}
