//! A preservation as it stands on a case. Data only.

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};

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
