//! An order that binds to silence, as it stands on a case. Data only; who may be told is said in `decide::gate`.

use chrono::{DateTime, NaiveDate, Utc};
use serde::{Deserialize, Serialize};

use super::Account;

/// A gag on a case. It stays on the case when it is over, because a report counts it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Gag {
    /// Who ordered it. Foreign text.
    pub ordered_by: String,
    /// The last day it binds, if it has one.
    pub day: Option<NaiveDate>,
    /// The moment after which it binds no longer; `None` is without an end.
    pub until: Option<DateTime<Utc>>,
    /// When it was put on record.
    pub at: DateTime<Utc>,
    /// Who did that.
    pub by: Account,
    /// The SHA-256 of its document, if that is on file.
    pub document: Option<String>,
    /// How it came to its end, once it did.
    pub over: Option<GagOver>,
}

/// How a gag came to its end.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct GagOver {
    /// When.
    pub at: DateTime<Utc>,
    /// How.
    pub how: GagEnding,
}

/// The ways in which a gag ends.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "ending", rename_all = "kebab-case")]
pub enum GagEnding {
    /// Its time was over.
    Ended,
    /// It was lifted by whoever may do so. Foreign text.
    Lifted {
        /// Who lifted it.
        by: String,
    },
    /// There was no order, or it was over: what the instrument forbids by itself was permitted. Foreign text.
    Permitted {
        /// Who permitted it.
        by: String,
    },
    /// It never bound the operator, two people found.
    NotBinding {
        /// Why. Foreign text.
        reason: String,
    },
}

impl Gag {
    /// Whether it binds. Its end is a fact on record, never the clock alone: a clock can be wrong.
    pub fn binds(&self) -> bool {
        self.over.is_none()
    }
}
