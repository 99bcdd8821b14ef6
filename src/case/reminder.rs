//! A reminder as it stands on record: of which clock, at which of its moments, and whom it calls. Stored for good. Which
//! moments there are is reckoned in `reminding`.

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};

/// A reminder of a clock.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Reminder {
    /// The clock's name.
    pub clock: String,
    /// What falls due, in a few words.
    #[serde(default)]
    pub title: String,
    /// When it is due.
    pub due: DateTime<Utc>,
    /// Whom it calls.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub call: Option<Call>,
    /// The moments at which people should have been reminded, oldest first; the last is the newest that is over.
    pub steps: Vec<DateTime<Utc>>,
}

/// A clock that people are reminded of from now on.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Watch {
    /// Its name.
    pub clock: String,
    /// When it is due.
    pub due: DateTime<Utc>,
    /// Moments up to this one are not told of.
    pub from: DateTime<Utc>,
}

/// Whom a reminder calls; each also those before.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Call {
    /// The owner; the room if there is none.
    Owner,
    /// Who is on call.
    Oncall,
    /// Who leads.
    Lead,
}

impl Call {
    /// One more.
    pub fn next(self) -> Call {
        match self {
            Call::Owner => Call::Oncall,
            Call::Oncall | Call::Lead => Call::Lead,
        }
    }
}
