//! What happened. Stored for good: a change of this file follows the checklist in `docs/journal-format.md`.

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};

use super::{Account, CaseId, Extent, Field, FileRole, KeptFile, OrderId, Relation, Verifiable};

/// Something that happened to one case.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "event", rename_all = "kebab-case")]
pub enum Event {
    /// The case was opened.
    Opened {
        /// Its kind.
        kind: String,
        /// The policy version it is pinned to.
        policy: String,
        /// When the request was received; the clocks start here.
        received: DateTime<Utc>,
        /// The lines of the request, in order.
        fields: Vec<Field>,
        /// Lines that were no `Key: value`.
        #[serde(default, skip_serializing_if = "Vec::is_empty")]
        stray: Vec<String>,
    },
    /// A line was put in the place of all with its key.
    FieldSet {
        /// The line.
        field: Field,
    },
    /// All lines with this key were taken off.
    FieldCleared {
        /// Normal form of the key.
        key: String,
        /// The label, for people.
        label: String,
    },
    /// A note was added.
    Noted {
        /// The text.
        text: String,
    },
    /// A file was put on the case.
    FileAttached {
        /// The file.
        file: KeptFile,
        /// What it is.
        role: FileRole,
        /// The user whom the copy is for.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        user: Option<Account>,
    },
    /// The requester or the instrument was verified.
    Verified {
        /// Which of the two.
        what: Verifiable,
        /// By whom.
        by: Account,
        /// How.
        how: String,
        /// Which directory entry.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        entry: Option<String>,
    },
    /// What had been verified was changed, so it is verified no longer.
    VerificationVoided {
        /// Which of the two.
        what: Verifiable,
    },
    /// The case was given to somebody, or to nobody.
    Assigned {
        /// The new owner.
        to: Option<Account>,
    },
    /// Tags changed.
    Tagged {
        /// Added.
        #[serde(default, skip_serializing_if = "Vec::is_empty")]
        added: Vec<String>,
        /// Removed.
        #[serde(default, skip_serializing_if = "Vec::is_empty")]
        removed: Vec<String>,
    },
    /// The case was linked to another; both cases get one.
    Linked {
        /// The other case.
        other: CaseId,
        /// How they are related.
        how: Relation,
        /// Whether the relation reads from this case to the other.
        outward: bool,
    },
    /// The request was answered.
    Answered {
        /// How far.
        extent: Extent,
    },
    /// The request was refused.
    RequestRefused {
        /// The policy's code.
        code: String,
        /// The policy's text at that time.
        text: String,
        /// The moderator's own words.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        words: Option<String>,
    },
    /// The requester took the request back.
    Withdrawn {
        /// Why, if said.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        reason: Option<String>,
    },
    /// The case was closed.
    Closed,
    /// The case was opened again.
    Reopened {
        /// Why, if said.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        reason: Option<String>,
    },
    /// The card of the case was posted for the first time.
    CardPosted {
        /// The id of the post, which edits refer to.
        post: String,
    },
}

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
