//! A preservation as it stands on a case. Data only.

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};

use super::{Case, CaseId};

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

/// That the records of a request for more time are kept by the hold of the case that it extends (rule 20).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct KeptWith {
    /// That case.
    pub case: CaseId,
    /// Until when its hold runs since it was extended for this one.
    pub until: DateTime<Utc>,
}

impl Case {
    /// Until when its records are kept, by its own hold or by that of the case that it extends.
    pub fn kept_until(&self, now: DateTime<Utc>) -> Option<DateTime<Utc>> {
        let own = self.hold.as_ref().filter(|hold| hold.over.as_ref().is_none_or(|over| over.at > now));
        let with = || self.kept_with.as_ref().map(|kept| kept.until).filter(|until| *until > now);
        own.map(|hold| hold.until).or_else(with)
    }
}
