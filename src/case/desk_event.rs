//! What happened to the desk as a whole. Stored for good: a change of this file follows the checklist in
//! `docs/journal-format.md`.
//!
//! Sorted by what becomes of it, so that whoever takes it in names only its own: orders and purges each have a list of
//! theirs, the digest and the clock are part of the desk's small state, and what *stands* is folded into the terms that
//! every command is decided by. On disk these are one flat list of names.

use chrono::{DateTime, NaiveDate, Utc};
use chrono_tz::Tz;
use serde::{Deserialize, Serialize};

use super::calendar::zone_name;
use super::{
    Account, Addition, Agency, CaseId, DeskCommand, DeskProposal, HeldEvent, MasterKey, OrderId, Parts,
    Policy, UnreadEvent, Void, Vouched, WatchEvent,
};

/// Something that happened to the desk. Sealed with the system key; outlives every case.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "event", rename_all = "kebab-case")]
pub enum DeskEvent {
    /// Orders were carried out.
    Delivered {
        /// Which.
        orders: Vec<OrderId>,
    },
    /// A case was purged: its key is destroyed right after this is on record.
    Purged {
        /// The case.
        case: CaseId,
        /// Why.
        why: PurgeReason,
    },
    /// The daily overview was due. Put on record also where nothing stood in it, so that a quiet desk is known to have been up.
    Digested {
        /// Of which day.
        day: NaiveDate,
        /// The number of the next case at the digest before: what came after it is new.
        since: Option<CaseId>,
        /// The number of the next case now.
        next: Option<CaseId>,
        /// How many cases stood in it that may stand there for long: of those people hear when there are others.
        lasting: u32,
        /// Whether it was posted. Of a record from before this was written down nobody knows.
        #[serde(default)]
        posted: bool,
    },
    /// The machine's clock.
    #[serde(untagged)]
    Clock(ClockEvent),
    /// What stands for the whole desk from now on.
    #[serde(untagged)]
    Stands(StandingEvent),
    /// What was sent and could not be read. Its record is listed with those of what stands.
    #[serde(untagged)]
    Unread(UnreadEvent),
}

impl DeskEvent {
    /// The case that was purged, if that is what happened.
    pub fn purged(&self) -> Option<CaseId> {
        if let DeskEvent::Purged { case, .. } = self { Some(*case) } else { None }
    }
}

impl From<ClockEvent> for DeskEvent {
    fn from(event: ClockEvent) -> DeskEvent {
        DeskEvent::Clock(event)
    }
}

impl From<UnreadEvent> for DeskEvent {
    fn from(event: UnreadEvent) -> DeskEvent {
        DeskEvent::Unread(event)
    }
}

impl From<StandingEvent> for DeskEvent {
    fn from(event: StandingEvent) -> DeskEvent {
        DeskEvent::Stands(event)
    }
}

/// What happened to docket's trust in the machine's clock.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "event", rename_all = "kebab-case")]
pub enum ClockEvent {
    /// It is no longer believed.
    ClockDoubted {
        /// Why.
        why: Doubt,
        /// The last moment that docket was sure of.
        sure: DateTime<Utc>,
    },
    /// It is believed again.
    ClockTrusted,
}

/// What stands for the whole desk: policies, the directory, who is frozen, published reports, and what waits for a second
/// person. Its record is listed, and read again at each start.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "event", rename_all = "kebab-case")]
pub enum StandingEvent {
    /// A version of the policy was taken up: from here on cases can be pinned to it (rule 59).
    PolicyTaken {
        /// The version.
        version: String,
        /// What it says.
        policy: Box<Policy>,
    },
    /// The transparency report of a half-year was published: its numbers stand from now on.
    ReportFrozen {
        /// The half-year, as `2026H1`.
        half: String,
        /// When.
        at: DateTime<Utc>,
        /// Who published it.
        by: Account,
        /// What it shows.
        csv: String,
    },
    /// An agency was added to the directory.
    AgencyAdded {
        /// The agency.
        agency: Agency,
    },
    /// Something was added to an entry of the directory.
    PartsAdded {
        /// The entry.
        entry: String,
        /// What, from where, by whom.
        addition: Addition,
    },
    /// Something that had been added was taken off again.
    PartsRemoved {
        /// The entry.
        entry: String,
        /// What.
        parts: Parts,
        /// Why, if said.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        reason: Option<String>,
    },
    /// Somebody's authority was stopped: they only read.
    Frozen {
        /// Whose.
        account: Account,
        /// By whom, where that was put down with it.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        by: Option<Account>,
    },
    /// It was given back.
    Thawed {
        /// To whom.
        account: Account,
        /// Whether that was done on the host, by nobody in the room.
        #[serde(default, skip_serializing_if = "std::ops::Not::not")]
        on_host: bool,
    },

    // ---- identities
    /// Somebody is recognised by this identity from now on.
    Pinned {
        /// Who.
        account: Account,
        /// Its key.
        key: MasterKey,
        /// Who vouches for it.
        vouched: Vouched,
        /// The devices that it signed by then.
        devices: Vec<String>,
    },
    /// A device was seen that was not there when somebody was vouched for.
    DeviceSeen {
        /// Whose.
        account: Account,
        /// Which.
        device: String,
        /// When.
        at: DateTime<Utc>,
    },
    /// Somebody has another identity than the one they are recognised by: they are cut off until somebody vouches for it.
    IdentityChanged {
        /// Who.
        account: Account,
        /// The key of the one they have now.
        key: MasterKey,
    },

    // ---- the room
    /// docket sits in this room from now on. What it posted in another one, cards above all, is not here.
    RoomEntered {
        /// The room's id.
        room: String,
    },
    /// The card of every open case has been posted again in the room of now, or is about to be.
    CardsMoved,

    // ---- two people
    /// Somebody proposed something about the desk that takes two people.
    Proposed {
        /// What, by whom, and until when it waits.
        proposal: Box<DeskProposal>,
    },
    /// Somebody denied it.
    Denied {
        /// The code.
        code: String,
        /// What it was.
        command: Box<DeskCommand>,
        /// Why, if said.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        reason: Option<String>,
    },
    /// It is void.
    Voided {
        /// The code.
        code: String,
        /// What it was.
        command: Box<DeskCommand>,
        /// Why.
        why: Void,
    },
    /// Somebody typed a code that is none of those that wait.
    WrongCode {
        /// Who.
        by: Account,
    },
    /// It was carried out; what came of it follows.
    CarriedOut {
        /// The code.
        code: String,
        /// Who proposed it.
        proposer: Account,
        /// Who approved it.
        approver: Account,
    },

    // ---- what the desk works by
    /// From here on the desk works by this version of the policy, and ends its own days in this zone: whoever opens the data
    /// without a configuration, as for a report, goes by that.
    PolicyFollowed {
        /// The version, which is on record.
        version: String,
        /// The zone of the desk.
        #[serde(default, with = "zone_name", skip_serializing_if = "Option::is_none")]
        zone: Option<Tz>,
    },

    // ---- the room
    /// What docket saw of its room, of itself and of its list of people.
    #[serde(untagged)]
    Watch(WatchEvent),
    /// Held mode, and the data directory.
    #[serde(untagged)]
    Held(HeldEvent),
}

impl From<HeldEvent> for DeskEvent {
    fn from(event: HeldEvent) -> DeskEvent {
        DeskEvent::Stands(StandingEvent::Held(event))
    }
}

impl From<WatchEvent> for StandingEvent {
    fn from(event: WatchEvent) -> StandingEvent {
        StandingEvent::Watch(event)
    }
}

impl From<WatchEvent> for DeskEvent {
    fn from(event: WatchEvent) -> DeskEvent {
        DeskEvent::Stands(event.into())
    }
}

/// Why the machine's clock is not believed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Doubt {
    /// It stands before what is on record.
    Backwards,
    /// It went on by another time than has passed.
    Leapt,
    /// So much lies between the last record and now that it is more likely wrong than that nobody was there.
    Gap,
}

/// Why a case was purged.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum PurgeReason {
    /// Its retention ended.
    Retention,
    /// It had been purged before the backup was restored.
    Restored,
}
