//! A preservation as it stands on a case. Data only.

use std::collections::{BTreeMap, BTreeSet};

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};

use super::{Account, Case, CaseId, Relation};

/// Records that are kept until an order comes (rule 19).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Hold {
    /// From when it counts.
    pub from: DateTime<Utc>,
    /// Until when it runs.
    pub until: DateTime<Utc>,
    /// How often it was extended.
    pub extended: u32,
    /// When that was, each time; a report counts it there.
    #[serde(default)]
    pub extensions: Vec<DateTime<Utc>>,
    /// When it would have ended without the last of them.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub before: Option<DateTime<Utc>>,
    /// How it came to its end, once it did.
    pub over: Option<HoldOver>,
}

/// How a hold came to its end.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct HoldOver {
    /// When.
    pub at: DateTime<Utc>,
    /// How.
    pub how: HoldEnding,
}

/// The ways in which a hold ends.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum HoldEnding {
    /// Its term was over.
    Expired,
    /// It was released before.
    Released,
}

impl Hold {
    /// Whether it runs.
    pub fn runs(&self) -> bool {
        self.over.is_none()
    }
}

/// That the records of a request for more time are kept by the hold of the case that it extends (rule 20).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct KeptWith {
    /// That case.
    pub case: CaseId,
    /// Until when its hold runs since it was extended for this one.
    pub until: DateTime<Utc>,
    /// Whose records: those whom that case names as well; empty = everybody's.
    #[serde(default, skip_serializing_if = "BTreeSet::is_empty")]
    pub of: BTreeSet<Account>,
}

impl KeptWith {
    /// Whether that hold keeps the records of this account.
    pub fn covers(&self, account: &Account) -> bool {
        self.of.is_empty() || self.of.contains(account)
    }
}

impl Case {
    /// Until when its records are kept, all of them, by its own hold or by that of the case that it extends.
    pub fn kept_until(&self, now: DateTime<Utc>) -> Option<DateTime<Utc>> {
        let with = || self.kept_with.as_ref().filter(|_| self.kept_for_nobody().next().is_none());
        let with = || with().map(|kept| kept.until).filter(|until| *until > now);
        self.own_hold_at(now).map(|hold| hold.until).or_else(with)
    }

    /// Whose records the hold of the case that it extends does not keep (rule 20). Those of other servers nobody here has (rule 8).
    pub fn kept_for_nobody(&self) -> impl Iterator<Item = &Account> {
        let with = self.kept_with.as_ref();
        let accounts = self.subjects().filter(|subject| subject.ours).map(|subject| &subject.account);
        accounts.filter(move |account| with.is_some_and(|kept| !kept.covers(account)))
    }

    /// Until when whose records are kept, the nearest first: an account that both holds are about is kept as long as the longer
    /// of them. Empty while somebody's are not kept at all; who is on another server is not in it (rule 8).
    pub fn kept_apart(&self, now: DateTime<Utc>) -> BTreeMap<DateTime<Utc>, Vec<&Account>> {
        let Some(all) = self.kept_until(now) else { return BTreeMap::new() };
        let mut apart: BTreeMap<DateTime<Utc>, Vec<&Account>> = BTreeMap::new();
        for subject in self.subjects().filter(|subject| subject.ours) {
            let with = self.kept_with.as_ref().filter(|kept| kept.covers(&subject.account));
            let until = with.map_or(all, |kept| kept.until.max(all));
            let of = apart.entry(until).or_default();
            if !of.contains(&&subject.account) {
                of.push(&subject.account);
            }
        }
        if apart.is_empty() {
            apart.insert(all, Vec::new());
        }
        apart
    }

    fn own_hold_at(&self, now: DateTime<Utc>) -> Option<&Hold> {
        self.hold.as_ref().filter(|hold| hold.over.as_ref().is_none_or(|over| over.at > now))
    }

    /// The case that it asks for more time on, if it asks for that.
    pub fn asks_more_of(&self) -> Option<CaseId> {
        let mut links = self.links.iter().filter(|link| link.how == Relation::Extends && link.outward);
        links.next().map(|link| link.other)
    }

    /// The same as long as that case's hold can still be made longer, as far as it is known here: one that is over cannot, and
    /// what is asked for is kept by a hold of its own.
    pub fn extends_hold_of(&self, now: DateTime<Utc>) -> Option<CaseId> {
        let is_over = |other| {
            let ended = self.kept_with.as_ref().is_some_and(|kept| kept.case == other && kept.until <= now);
            ended || self.let_go_with == Some(other)
        };
        self.asks_more_of().filter(|other| !is_over(*other))
    }

    /// The cases that ask for more time on this one.
    pub fn asked_for_more(&self) -> impl Iterator<Item = CaseId> {
        let asks = self.links.iter().filter(|link| link.how == Relation::Extends && !link.outward);
        asks.map(|link| link.other)
    }
}
