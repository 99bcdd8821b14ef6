//! How a time is written: whole, in the policy's zone, and with how far away it is.

use chrono::{DateTime, NaiveDate, Utc};
use chrono_tz::Tz;

/// `Fri 27 Nov 2026, 17:00 GMT`.
pub fn moment(at: DateTime<Utc>, zone: Tz) -> String {
    at.with_timezone(&zone).format("%a %-d %b %Y, %H:%M %Z").to_string()
}

/// `Fri 27 Nov 2026`.
pub fn day(day: NaiveDate) -> String {
    day.format("%a %-d %b %Y").to_string()
}

/// `(today)`, `(in 7 days)`, `(3 days ago)`: counted in calendar days of the zone.
pub fn distance(day: NaiveDate, now: DateTime<Utc>, zone: Tz) -> String {
    let days = (day - now.with_timezone(&zone).date_naive()).num_days();
    match days {
        0 => "(today)".to_owned(),
        1 => "(tomorrow)".to_owned(),
        -1 => "(yesterday)".to_owned(),
        2.. => format!("(in {days} days)"),
        _ => format!("({} days ago)", -days),
    }
}

/// `2026-11-20 17:00`, for logs, where many stand below each other.
pub fn short(at: DateTime<Utc>, zone: Tz) -> String {
    at.with_timezone(&zone).format("%Y-%m-%d %H:%M").to_string()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn times_are_written_whole_and_in_the_zone() {
        let at = DateTime::parse_from_rfc3339("2026-07-01T16:05:00Z").unwrap().to_utc();
        assert_eq!(moment(at, chrono_tz::Europe::London), "Wed 1 Jul 2026, 17:05 BST");
        assert_eq!(short(at, chrono_tz::Europe::Berlin), "2026-07-01 18:05");
    }

    #[test]
    fn distance_counts_days_of_the_zone_not_hours() {
        let late = DateTime::parse_from_rfc3339("2026-11-20T23:30:00Z").unwrap().to_utc();
        let next = NaiveDate::from_ymd_opt(2026, 11, 21).unwrap();
        assert_eq!(distance(next, late, chrono_tz::Europe::London), "(tomorrow)");
        assert_eq!(distance(next, late, chrono_tz::Europe::Berlin), "(today)");
        assert_eq!(distance(next - chrono::Days::new(7), late, chrono_tz::Europe::London), "(6 days ago)");
    }
}
