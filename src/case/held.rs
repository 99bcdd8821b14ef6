//! Held mode: the journal lacks what the room says was on record, or somebody else may be working with it, so docket reads and changes
//! nothing until two people say otherwise. Data only; when a desk is held, `decide::held` says.
//!
//! The events are stored for good: a change of them follows the checklist in `docs/journal-format.md`.

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};

/// That the desk is held, and what is known of why.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct HeldMode {
    /// Why.
    pub why: HeldWhy,
    /// The first and the last of the records that the room tells of and the journal has not, or has otherwise.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub missing: Option<(u64, u64)>,
    /// When docket last said something in the room that this journal cannot account for.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub seen: Option<DateTime<Utc>>,
}

/// Why the desk is held.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum HeldWhy {
    /// More was on record than is here.
    Behind,
    /// Under a number something else was on record than is here.
    Otherwise,
    /// This very device said something in the room that it cannot read: its keys are older than that, so the journal is likely to be.
    Unreadable,
    /// A docket over another data directory has spoken in the room since.
    Elsewhere,
    /// The journal was at work in another data directory than this one: it was restored, or copied.
    Restored,
}

/// That it is, and in which data directory.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct HeldHere {
    /// Why.
    pub held: HeldMode,
    /// The directory's word, if the desk was told.
    pub instance: Option<String>,
}

/// Another journal may have gone on from the same records, and have said things in the room under the numbers that come next here. Whatever
/// is sent for a record of this branch is sent under its word, so that none is taken for the other.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Branch {
    /// The number of its first record.
    pub from: u64,
    /// Its word.
    pub word: String,
}

/// What happened to it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "event", rename_all = "kebab-case")]
pub enum HeldEvent {
    /// docket works in this data directory.
    DirectoryTaken {
        /// Its word.
        instance: String,
    },
    /// The desk is held from now on.
    HeldBack {
        /// Why.
        held: HeldMode,
        /// What tells the records from here on apart from others with the same numbers.
        branch: Branch,
    },
    /// Two people said that it goes on without what is missing.
    WentOn {
        /// What that was.
        held: HeldMode,
        /// The data directory in which it goes on, if the desk knows it.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        instance: Option<String>,
    },
}
