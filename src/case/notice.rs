//! What became of the duty to tell a user. Data only; whether one may be told is said in `decide::gate`.

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};

use super::Account;

/// What became of the duty to tell one user of one case.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Notice {
    /// When.
    pub at: DateTime<Utc>,
    /// Who put it on record.
    pub by: Account,
    /// What.
    pub what: Telling,
    /// What had come of the request by then, if anything had; notices of before do not say.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub of: Option<Upshot>,
}

/// What came of a request, as far as a user is told of it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Upshot {
    /// All that it asks for was done.
    Done,
    /// A part of that.
    InPart,
    /// Nothing came of it.
    Nothing,
}

/// What became of it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "telling", rename_all = "kebab-case")]
pub enum Telling {
    /// They were told.
    Told {
        /// By which way.
        via: String,
    },
    /// They are not told for now.
    Withheld {
        /// The policy's code.
        reason: String,
        /// When it must be looked at again.
        review: DateTime<Utc>,
    },
    /// They are not told at all.
    Waived {
        /// Why. Foreign text.
        reason: String,
    },
}
