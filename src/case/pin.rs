//! Whose identity is known: the keys by which people are recognised in the room. Holds what is known; who comes to be known how, and
//! what of it is needed for what, `decide::identities` says.

use std::collections::BTreeMap;

use chrono::{DateTime, TimeDelta, Utc};
use serde::{Deserialize, Serialize};

use super::{Account, MasterKey};

/// How long two-person acts from a device wait that was not there when its owner was vouched for.
const NEW_DEVICE_WAITS: TimeDelta = TimeDelta::hours(24);

/// What is known of people's identities.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Identities {
    /// The keys that the configuration names: they confirm from the start.
    pub named: BTreeMap<Account, MasterKey>,
    /// Whom docket recognises, and by what.
    pub pins: BTreeMap<Account, Pin>,
    /// The newest identity of somebody that is not the one they are recognised by.
    pub strange: BTreeMap<Account, MasterKey>,
}

/// By what somebody is recognised.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Pin {
    /// The key.
    pub key: MasterKey,
    /// Who vouches for it.
    pub vouched: Vouched,
    /// Their devices, each by its id and its key, and since when each is known; of those that were there when somebody vouched for them, nothing.
    pub devices: BTreeMap<String, Option<DateTime<Utc>>>,
}

/// Who vouches for an identity.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "by", rename_all = "kebab-case")]
pub enum Vouched {
    /// Nobody: it is the first that was seen.
    FirstSight,
    /// The configuration names the key.
    Configuration,
    /// Whoever has the host.
    Host,
    /// Whoever has the host, and the person: they compared what shows that nobody sits in between.
    Compared,
    /// An administrator, who typed it as its owner read it out.
    Person {
        /// Who.
        account: Account,
    },
}

/// What is known of an identity that somebody shows.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Recognised {
    /// Nobody has seen one of theirs yet.
    Unseen,
    /// They are recognised by another one.
    Other,
    /// It is theirs, as far as was seen or as somebody vouches for it.
    Theirs,
}

/// Why a message is not proven to be its sender's own. What such a message says is not looked at.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Flaw {
    /// It came in clear.
    Clear,
    /// No identity signs the device that sent it.
    UnsignedDevice,
    /// Nobody knows the device that sent it, or its key came by a way that proves nothing.
    UnknownDevice,
    /// The session is another person's.
    OtherSender,
    /// The sender's identity is not the one that docket vouched for.
    ChangedIdentity,
    /// It does not read, though its key is there.
    Broken,
    /// The sender's client keeps its key from docket.
    KeyWithheld,
    /// Its key did not come in time.
    NoKey,
}

impl Identities {
    /// What is known of an identity of somebody.
    pub fn known(&self, account: &Account, key: &MasterKey) -> Recognised {
        // A key that the configuration names unseats whatever was seen.
        if self.named.get(account).is_some_and(|named| named != key) {
            return Recognised::Other;
        }
        match self.pins.get(account) {
            None => Recognised::Unseen,
            Some(pin) if pin.key != *key => Recognised::Other,
            Some(_) => Recognised::Theirs,
        }
    }

    /// Whether somebody vouches for the identity that they are recognised by. A key that the configuration names counts as long as
    /// it stands there; one that it does not name any more is as good as what was seen.
    pub fn is_confirmed(&self, account: &Account) -> bool {
        let named = self.named.get(account);
        self.pins.get(account).is_some_and(|pin| match (&pin.vouched, named) {
            (_, Some(named)) => *named == pin.key,
            (Vouched::Host | Vouched::Compared | Vouched::Person { .. }, None) => true,
            (Vouched::FirstSight | Vouched::Configuration, None) => false,
        })
    }

    /// The key that somebody is recognised by; none where the configuration names another.
    pub fn key_of(&self, account: &Account) -> Option<&MasterKey> {
        let pinned = self.pins.get(account).map(|pin| &pin.key);
        pinned.filter(|key| self.named.get(account).is_none_or(|named| named == *key))
    }

    /// Until when two-person acts of somebody wait that come from this device. One that nobody has put on record yet is new.
    pub fn waits(&self, account: &Account, device: &str, now: DateTime<Utc>) -> Option<DateTime<Utc>> {
        let since = match self.pins.get(account)?.devices.get(device) {
            Some(since) => (*since)?,
            None => now,
        };
        since.checked_add_signed(NEW_DEVICE_WAITS)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const ONE: &str = "AdaAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA";
    const TWO: &str = "BenAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA";

    fn key(text: &str) -> MasterKey {
        MasterKey::parse(text).unwrap()
    }

    fn ben() -> Account {
        Account::parse("@ben:example.org").unwrap()
    }

    fn pinned(vouched: Vouched) -> Identities {
        let pin = Pin { key: key(ONE), vouched, devices: BTreeMap::new() };
        Identities { pins: BTreeMap::from([(ben(), pin)]), ..Identities::default() }
    }

    fn named(by: &str, identities: Identities) -> Identities {
        Identities { named: BTreeMap::from([(ben(), key(by))]), ..identities }
    }

    #[test]
    fn an_identity_is_confirmed_by_whoever_vouches_and_by_the_key_that_is_named() {
        let person = || Vouched::Person { account: Account::parse("@ada:example.org").unwrap() };
        assert!(!Identities::default().is_confirmed(&ben()), "nobody has seen him");
        assert!(!named(ONE, Identities::default()).is_confirmed(&ben()), "named, and nobody has seen him");
        assert!(!pinned(Vouched::FirstSight).is_confirmed(&ben()));
        assert!(!pinned(Vouched::Configuration).is_confirmed(&ben()), "it is named no more");
        assert!(pinned(Vouched::Host).is_confirmed(&ben()) && pinned(person()).is_confirmed(&ben()));
        assert!(pinned(Vouched::Compared).is_confirmed(&ben()));
        for vouched in [Vouched::FirstSight, Vouched::Configuration, Vouched::Host, person()] {
            assert!(named(ONE, pinned(vouched.clone())).is_confirmed(&ben()), "{vouched:?}");
            assert!(
                !named(TWO, pinned(vouched.clone())).is_confirmed(&ben()),
                "{vouched:?}: another is named"
            );
        }
    }

    #[test]
    fn whoever_is_named_otherwise_is_recognised_by_nothing() {
        assert_eq!(pinned(Vouched::FirstSight).key_of(&ben()), Some(&key(ONE)));
        assert_eq!(named(ONE, pinned(Vouched::FirstSight)).key_of(&ben()), Some(&key(ONE)));
        assert_eq!(named(TWO, pinned(Vouched::FirstSight)).key_of(&ben()), None);
        assert_eq!(Identities::default().key_of(&ben()), None);
    }
}
