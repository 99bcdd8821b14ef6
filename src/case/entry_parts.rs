//! What can be brought to an entry of the directory in the room, and taken off it again: numbers, domains, keys.
//!
//! The operator's file is edited by hand, so what stands in it only gives way to the file itself. Says what an entry has and
//! of whom; who may change it is decided in `decide`.

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};

use super::directory::{Agency, Shared};
use super::{Account, Verification};

/// Numbers, domains and keys, as an entry has them.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Parts {
    /// Numbers that may be called.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub phones: Vec<String>,
    /// Domains of its mail.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub domains: Vec<String>,
    /// Keys to encrypt to.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub keys: Vec<String>,
}

/// Who brought something to the directory, and when.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Signed {
    /// Who proposed it.
    pub by: Account,
    /// Who approved it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub second: Option<Account>,
    /// When it was done.
    pub at: DateTime<Utc>,
}

/// What two people added to an entry that was there already.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Addition {
    /// What.
    pub parts: Parts,
    /// Where they learned it. Foreign text.
    pub source: String,
    /// Who, and when.
    pub signed: Signed,
}

impl Parts {
    /// Whether there is nothing in it.
    pub fn is_empty(&self) -> bool {
        self.phones.is_empty() && self.domains.is_empty() && self.keys.is_empty()
    }

    /// Everything that an entry has.
    pub fn of(agency: &Agency) -> Parts {
        let Agency { phones, domains, keys, .. } = agency.clone();
        Parts { phones, domains, keys }
    }

    /// Numbers, domains and keys, in this order.
    pub fn all(&self) -> impl Iterator<Item = &String> {
        self.phones.iter().chain(&self.domains).chain(&self.keys)
    }

    /// What of this an entry has not, however its numbers are written.
    pub fn new_to(&self, entry: &Agency) -> Parts {
        let mut new = self.clone();
        new.phones.retain(|phone| entry.phone(phone).is_none());
        new.domains.retain(|domain| !entry.domains.contains(domain));
        new.keys.retain(|key| !entry.keys.contains(key));
        new
    }

    /// The same without these.
    fn without(&self, gone: &Parts) -> Parts {
        let mut left = self.clone();
        left.phones.retain(|phone| !gone.phones.contains(phone));
        left.domains.retain(|domain| !gone.domains.contains(domain));
        left.keys.retain(|key| !gone.keys.contains(key));
        left
    }

    /// As an entry of this name, to be held against others.
    pub fn named(&self, name: &str) -> Agency {
        let Parts { phones, domains, keys } = self.clone();
        Agency {
            name: name.to_owned(),
            phones,
            domains,
            keys,
            source: String::new(),
            added: true,
            signed: None,
            additions: Vec::new(),
        }
    }
}

impl Agency {
    /// Its domains that were brought to it in the room since then.
    pub(super) fn domains_since(&self, then: DateTime<Utc>) -> impl Iterator<Item = &str> {
        let later = move |signed: &Signed| signed.at >= then;
        let is_later = self.signed.as_deref().is_some_and(later);
        let added = self.additions.iter().filter(move |one| later(&one.signed));
        let added = added.flat_map(|one| one.parts.domains.iter().map(String::as_str));
        let all = self.domains.iter().map(String::as_str).filter(move |_| is_later);
        all.chain(added)
    }

    /// What the entry had before anybody added to it: of the operator's file, or of whoever added the whole entry.
    pub fn first_parts(&self) -> Parts {
        self.additions.iter().fold(Parts::of(self), |left, addition| left.without(&addition.parts))
    }

    /// What was brought to it in the room, and can be taken off there.
    pub fn removable(&self) -> Parts {
        if self.added {
            return Parts::of(self);
        }
        Parts::of(self).without(&self.first_parts())
    }

    /// Which number or domain another entry has too.
    pub fn part_of_other(&self, directory: &[Agency]) -> Option<(Shared, String)> {
        let mut others = directory.iter().filter(|other| !other.is_called(&self.name));
        others.find_map(|other| Some((self.shares_with(other)?, other.name.clone())))
    }
}

/// Adds to the entry of this name. What another entry has by now stays with that one, and what this one has is not added
/// twice: the operator's file may have changed since. An entry that is no longer there gets nothing.
pub fn add_parts(directory: &mut [Agency], entry: &str, addition: Addition) {
    let taken = |phone: &str, domain: &str, other: &Agency| {
        other.phone(phone).is_some() || other.domains.iter().any(|own| own == domain)
    };
    let is_free = |phone: &str, domain: &str, all: &[Agency]| {
        !all.iter().any(|other| !other.is_called(entry) && taken(phone, domain, other))
    };
    let mut parts = addition.parts;
    parts.phones.retain(|phone| is_free(phone, "", directory));
    parts.domains.retain(|domain| is_free("", domain, directory));
    let Some(known) = directory.iter_mut().find(|agency| agency.is_called(entry)) else { return };
    let parts = parts.new_to(known);
    if parts.is_empty() {
        return;
    }
    known.phones.extend(parts.phones.iter().cloned());
    known.domains.extend(parts.domains.iter().cloned());
    known.keys.extend(parts.keys.iter().cloned());
    known.additions.push(Addition { parts, ..addition });
}

/// Takes off the entry of this name what was brought to it in the room; an entry that was added whole and has nothing left
/// to verify anybody by goes with it.
pub fn remove_parts(directory: &mut Vec<Agency>, entry: &str, gone: &Parts) {
    let Some(known) = directory.iter_mut().find(|agency| agency.is_called(entry)) else { return };
    let stays = Parts::of(known).without(&known.removable());
    let left = Parts::of(known).without(&gone.without(&stays));
    for addition in &mut known.additions {
        addition.parts = addition.parts.without(gone);
    }
    known.additions.retain(|addition| !addition.parts.is_empty());
    (known.phones, known.domains, known.keys) = (left.phones, left.domains, left.keys);
    directory.retain(|agency| !(agency.added && agency.phones.is_empty() && agency.domains.is_empty()));
}

/// Whether the directory still has the number or address that somebody was verified by. Where none was used, there is
/// nothing to be gone.
pub fn still_lists(directory: &[Agency], verified: &Verification) -> bool {
    let Some((entry, call)) = verified.entry.as_ref().zip(verified.call.as_ref()) else { return true };
    let entry = directory.iter().find(|agency| agency.is_called(entry));
    entry.is_some_and(|entry| entry.phone(&call.number).is_some() || entry.has_address(&call.number))
}
