//! What docket sees of its room, of itself and of its list of people, and what of it is put on record. Data only; what is wrong about
//! it, and what follows, `decide::watching` says.
//!
//! The events are stored for good: a change of them follows the checklist in `docs/journal-format.md`.

use std::collections::{BTreeMap, BTreeSet};

use serde::{Deserialize, Serialize};

use super::{Account, MasterKey};

/// The room as its homeserver has it now, and docket's own account.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct RoomSeen {
    /// docket's own account.
    pub own: String,
    /// Everybody whom the room's state names. Of an account from elsewhere not every name reads as one of ours would.
    pub members: BTreeMap<String, Membership>,
    /// What is wrong with the room by its state alone, and docket's devices beside the one that runs.
    pub wrong: BTreeSet<Concern>,
    /// What everybody may do in it.
    pub powers: Powers,
    /// The key of docket's own identity, as its homeserver shows it.
    pub identity: Option<MasterKey>,
}

/// Where somebody is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Membership {
    /// In the room.
    Joined,
    /// Asked to come in.
    Invited,
    /// They asked to be let in.
    Knocking,
    /// Gone, or taken out.
    Left,
    /// Kept out.
    Banned,
}

/// Who may change the room.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Powers {
    /// What it takes to change its rules and to take people out: the least of what any of that takes.
    pub least: i64,
    /// What all of that takes.
    pub most: i64,
    /// What docket has.
    pub own: i64,
    /// What others have, as far as they are named.
    pub others: BTreeMap<String, i64>,
    /// What everybody has who is not named.
    pub everybody: i64,
}

/// Something about the room or about docket that is not as it must be.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(tag = "what", rename_all = "kebab-case")]
pub enum Concern {
    /// Somebody sits in the room whom the list of people does not name.
    Stranger {
        /// Who.
        member: String,
    },
    /// Somebody was invited whom the list of people does not name.
    StrangerInvited {
        /// Who.
        member: String,
    },
    /// Messages would travel in clear.
    NotEncrypted,
    /// Whoever comes later reads what was said before.
    History,
    /// Others than those who are invited can come in.
    JoinRules,
    /// Guests can.
    Guests,
    /// The room was replaced by another.
    Replaced,
    /// The homeserver is to forget messages after a time.
    Retention,
    /// docket has not the power to keep the room as it must be.
    OwnPower,
    /// Somebody else can change the room's rules.
    OthersPower {
        /// Who.
        member: String,
    },
    /// Everybody can.
    EverybodysPower,
    /// docket's account has a device that is not the one that runs.
    OwnDevice {
        /// Which.
        device: String,
    },
    /// docket's keys are older than those that the homeserver has of it: they were put back, or copied.
    OldKeys,
    /// Somebody vouches for so few of those who may approve that what takes two people hangs on each.
    FewApprovers {
        /// How many there are.
        left: u32,
    },
}

/// What docket saw and put on record.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "event", rename_all = "kebab-case")]
pub enum WatchEvent {
    /// Something is not as it must be.
    ConcernArose {
        /// What.
        concern: Concern,
    },
    /// It is again.
    ConcernOver {
        /// What.
        concern: Concern,
    },
    /// docket's own identity has this key from now on.
    OwnIdentity {
        /// The key.
        key: MasterKey,
        /// Whether it had another one before.
        #[serde(default, skip_serializing_if = "std::ops::Not::not")]
        changed: bool,
    },
    /// The list of people names others than before.
    PeopleChanged {
        /// Who stands in it now and did not before.
        came: Vec<Account>,
        /// Who stood in it and does not any more.
        left: Vec<Account>,
    },
}

/// What may leave for the room.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Goes {
    /// Everything.
    All,
    /// Only what says nothing of a case: somebody is there who may not read it.
    ContentFree,
    /// Nothing: it would travel in clear, or nobody has looked yet.
    Nothing,
}

/// What is known of all this from the record.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Watch {
    /// What is not as it must be.
    pub concerns: BTreeSet<Concern>,
    /// docket's own identity.
    pub own: Option<MasterKey>,
    /// Whom the list of people named last.
    pub listed: BTreeSet<Account>,
}

impl Watch {
    /// Takes in what was put on record.
    pub fn take_in(&mut self, event: WatchEvent) {
        match event {
            WatchEvent::ConcernArose { concern } => {
                self.concerns.insert(concern);
            }
            WatchEvent::ConcernOver { concern } => {
                self.concerns.remove(&concern);
            }
            WatchEvent::OwnIdentity { key, .. } => self.own = Some(key),
            WatchEvent::PeopleChanged { came, left } => {
                self.listed.retain(|account| !left.contains(account));
                self.listed.extend(came);
            }
        }
    }
}
