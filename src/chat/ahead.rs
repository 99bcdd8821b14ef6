//! What is meant by today and by this week where something falls due: `brief` counts by it, and the commands that it names list
//! the same.

use chrono::{DateTime, Days, TimeDelta, Utc};
use chrono_tz::Tz;

use crate::case::calendar::last_second;

/// From a moment to another, both in it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Ahead {
    /// From when.
    pub from: DateTime<Utc>,
    /// Until when.
    pub until: DateTime<Utc>,
}

/// What is left of today. What is due by now is overdue, and what is due at midnight is due tonight.
pub fn today(now: DateTime<Utc>, zone: Tz) -> Ahead {
    let tonight = next_moment(last_second(now.with_timezone(&zone).date_naive(), zone));
    Ahead { from: next_moment(now), until: tonight }
}

/// The six days after today.
pub fn this_week(now: DateTime<Utc>, zone: Tz) -> Ahead {
    let Ahead { until: tonight, .. } = today(now, zone);
    let last = now.with_timezone(&zone).date_naive().checked_add_days(Days::new(6));
    Ahead { from: next_moment(tonight), until: last.map_or(tonight, |last| last_second(last, zone)) }
}

fn next_moment(at: DateTime<Utc>) -> DateTime<Utc> {
    at.checked_add_signed(TimeDelta::seconds(1)).unwrap_or(at)
}
