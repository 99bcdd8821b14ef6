//! A report, and what it is worth: published, or as things stand.

use chrono::{DateTime, Utc};
use chrono_tz::Tz;

use super::Report;

/// A report, and since when it is so.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Edition {
    /// The report.
    pub report: Report,
    /// How it was made.
    pub made: Made,
    /// The zone in which its days begin and end.
    pub zone: Tz,
}

/// How a report was made.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Made {
    /// It was published then, and stands.
    Published(DateTime<Utc>),
    /// It was counted then, after the half-year was over, and may still change.
    Counted(DateTime<Utc>),
    /// It was counted then, and the half-year goes on.
    SoFar(DateTime<Utc>),
}
