//! How a time is written: whole, in the policy's zone, and with how far away it is.

use chrono::{DateTime, NaiveDate, Utc};
use chrono_tz::Tz;

use crate::case::calendar::{first_moment, last_second};

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

/// `Fri 27 Nov 2026` for the end of a day, `Fri 27 Nov 2026, 17:00 GMT` for any other moment: what is due as Saturday begins
/// is not due on Saturday.
pub fn deadline(at: DateTime<Utc>, zone: Tz) -> String {
    if is_whole_day(at, zone) { day(at.with_timezone(&zone).date_naive()) } else { moment(at, zone) }
}

/// The same in short: `Fri 27 Nov`, `Fri 27 Nov, 17:00`.
pub fn deadline_in_short(at: DateTime<Utc>, zone: Tz) -> String {
    let form = if is_whole_day(at, zone) { "%a %-d %b" } else { "%a %-d %b, %H:%M" };
    at.with_timezone(&zone).format(form).to_string()
}

/// From when something counts: `Fri 27 Nov 2026` for the beginning or the end of a day, or else the moment.
pub fn beginning(at: DateTime<Utc>, zone: Tz) -> String {
    let there = at.with_timezone(&zone).date_naive();
    if first_moment(there, zone) == at { day(there) } else { deadline(at, zone) }
}

/// Until when an order binds that names a last day: that day, and the moment if the day lasts longer elsewhere than here.
pub fn last_day(last: Option<NaiveDate>, until: DateTime<Utc>, zone: Tz) -> String {
    match last {
        Some(last) if until == last_second(last, zone) => day(last),
        Some(last) => format!("{} (everywhere over {})", day(last), moment(until, zone)),
        None => moment(until, zone),
    }
}

/// How far away a deadline is: by days where it is one of days, by hours or minutes where it is a moment that is near.
pub fn until(at: DateTime<Utc>, now: DateTime<Utc>, zone: Tz) -> String {
    let minutes = (at - now).num_minutes();
    if is_whole_day(at, zone) || minutes.abs() >= 48 * 60 {
        return distance(at.with_timezone(&zone).date_naive(), now, zone);
    }
    let far = match minutes.abs() {
        0 => return "(now)".to_owned(),
        minutes @ 1..120 => counted(minutes, "minute"),
        // Where a law counts few hours, an hour that is rounded away is a good part of them.
        minutes @ 120..720 if minutes % 60 > 0 => {
            format!("{} {}", counted(minutes / 60, "hour"), counted(minutes % 60, "minute"))
        }
        minutes => counted(minutes / 60, "hour"),
    };
    if at > now { format!("(in {far})") } else { format!("({far} ago)") }
}

fn counted(count: i64, unit: &str) -> String {
    format!("{count} {unit}{}", if count == 1 { "" } else { "s" })
}

/// Whether a moment is the last second of its day.
fn is_whole_day(at: DateTime<Utc>, zone: Tz) -> bool {
    at == last_second(at.with_timezone(&zone).date_naive(), zone)
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
    fn a_deadline_of_days_is_a_day_and_one_of_hours_a_moment() {
        let zone = chrono_tz::Europe::London;
        let utc = |text: &str| DateTime::parse_from_rfc3339(text).unwrap().to_utc();
        let now = utc("2026-07-01T09:30:00Z");
        for (at, when, far) in [
            ("2026-07-03T22:59:59Z", "Fri 3 Jul 2026", "(in 2 days)"),
            ("2026-07-01T22:59:59Z", "Wed 1 Jul 2026", "(today)"),
            ("2026-07-01T23:00:00Z", "Thu 2 Jul 2026, 00:00 BST", "(in 13 hours)"),
            ("2026-07-01T17:30:00Z", "Wed 1 Jul 2026, 18:30 BST", "(in 8 hours)"),
            ("2026-07-01T12:31:00Z", "Wed 1 Jul 2026, 13:31 BST", "(in 3 hours 1 minute)"),
            ("2026-07-01T11:30:59Z", "Wed 1 Jul 2026, 12:30 BST", "(in 2 hours)"),
            ("2026-07-01T11:29:59Z", "Wed 1 Jul 2026, 12:29 BST", "(in 119 minutes)"),
            ("2026-07-01T10:29:00Z", "Wed 1 Jul 2026, 11:29 BST", "(in 59 minutes)"),
            ("2026-07-01T09:30:20Z", "Wed 1 Jul 2026, 10:30 BST", "(now)"),
            ("2026-07-01T09:29:00Z", "Wed 1 Jul 2026, 10:29 BST", "(1 minute ago)"),
            ("2026-06-30T09:30:00Z", "Tue 30 Jun 2026, 10:30 BST", "(24 hours ago)"),
            ("2026-06-28T09:30:00Z", "Sun 28 Jun 2026, 10:30 BST", "(3 days ago)"),
        ] {
            assert_eq!(
                (deadline(utc(at), zone), until(utc(at), now, zone)),
                (when.into(), far.into()),
                "{at}"
            );
        }
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
