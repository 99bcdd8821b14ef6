//! Moments as people write them: a day and a time, in our zone unless they name theirs. Does not know what time it is.

use chrono::{DateTime, FixedOffset, LocalResult, NaiveDate, NaiveTime, TimeDelta, TimeZone, Timelike, Utc};
use chrono_tz::Tz;

use super::day::{DayFault, read_day};
use super::{glyph, zone_name};

/// Why a text is not a moment.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum MomentFault {
    /// It does not look like a day and a time.
    #[error("this is not a time; write it as 2026-12-31 17:00")]
    NotAMoment,
    /// The day is not one.
    #[error(transparent)]
    Day(#[from] DayFault),
    /// The day is right, the time is missing.
    #[error("the time is missing; write it as {0} 17:00")]
    NoTime(NaiveDate),
    /// The clock has no such time.
    #[error("there is no such time of day; it goes from 00:00 to 23:59")]
    NoSuchTime,
    /// The zone is not understood.
    #[error(
        "I know UTC, +01:00 and the like, and letters that are the same everywhere, such as CET, MESZ or EDT; without a zone it is our own"
    )]
    Zone,
    /// The zone's letters stand for more than one.
    #[error("{0} can be {1}; write the one that is meant, as in 17:00 {2}")]
    ZoneOfSeveral(String, &'static str, &'static str),
    /// The clocks jump over it.
    #[error("there is no {1} on {0} in {2}: the clocks jump over it. Choose another, or write it in UTC")]
    Gap(NaiveDate, NaiveTime, Tz),
    /// The clocks go through it twice.
    #[error("this comes twice, as the clocks go back: write {}Z or {}Z", first.format(SHORT), second.format(SHORT))]
    Fold {
        /// The earlier one.
        first: DateTime<Utc>,
        /// The later one.
        second: DateTime<Utc>,
    },
}

/// What people write between a day and an hour.
const BEFORE_HOUR: &[&str] = &[" at", " um", " à"];

const SHORT: &str = "%Y-%m-%d %H:%M";

/// Reads RFC 3339 and every day of [`read_day`] followed by a time (`17:00`, `17:00:30`), in `zone` unless the text ends
/// with `UTC`, `Z`, an offset, or letters that are one offset wherever they are used. Letters by which `zone` itself goes at
/// that time are its own: so docket writes times.
pub fn read_moment(text: &str, zone: Tz) -> Result<DateTime<Utc>, MomentFault> {
    if text.len() > 80 {
        return Err(MomentFault::NotAMoment);
    }
    let text = text.trim();
    let Some(colon) = text.find(':') else {
        return Err(read_day(text).map_or_else(MomentFault::Day, MomentFault::NoTime));
    };
    // The hour stands before the first colon, the day before the hour.
    let before = text.get(..colon).unwrap_or_default();
    let hour_at = before.trim_end_matches(|c: char| c.is_ascii_digit()).len();
    let (day, clock) = text.split_at_checked(hour_at).ok_or(MomentFault::NotAMoment)?;
    let day = day.trim_end();
    // ` at` before the bare T, or its t would be taken.
    let word = BEFORE_HOUR.iter().find_map(|word| day.strip_suffix(word));
    let day = word.or_else(|| day.strip_suffix(['T', 't', ','])).unwrap_or(day);
    if day.is_empty() {
        return Err(MomentFault::NotAMoment);
    }
    let day = read_day(day)?;
    let zone_at = clock.find(|c: char| !c.is_ascii_digit() && !matches!(c, ':' | '.')).unwrap_or(clock.len());
    let (time, suffix) = clock.split_at_checked(zone_at).ok_or(MomentFault::NotAMoment)?;
    let (half, suffix) = half_of_day(suffix.trim());
    let time = of_half(read_time(time)?, half)?;
    if suffix.is_empty() {
        return in_zone(day, time, zone);
    }
    let Some(offset) = read_offset(suffix) else {
        return in_named_zone(day, time, suffix, zone);
    };
    match offset.from_local_datetime(&day.and_time(time)) {
        LocalResult::Single(found) => Ok(found.with_timezone(&Utc)),
        LocalResult::Ambiguous(..) | LocalResult::None => Err(MomentFault::NotAMoment),
    }
}

/// In a zone that is named by letters: our own, if it goes by them then, or else the one that they are everywhere.
fn in_named_zone(
    day: NaiveDate,
    time: NaiveTime,
    name: &str,
    zone: Tz,
) -> Result<DateTime<Utc>, MomentFault> {
    let local = day.and_time(time);
    let here = zone.from_local_datetime(&local);
    // Of an hour that comes twice the letters say which.
    let found = [here.earliest(), here.latest()].into_iter().flatten();
    let is_so = |at: &DateTime<Tz>| at.format("%Z").to_string().eq_ignore_ascii_case(name);
    if let Some(at) = found.into_iter().find(is_so) {
        return Ok(at.with_timezone(&Utc));
    }
    let minutes = zone_name::minutes_of(name)?;
    let utc = local.checked_sub_signed(TimeDelta::minutes(minutes.into()));
    utc.map(|utc| utc.and_utc()).ok_or(MomentFault::NotAMoment)
}

fn in_zone(day: NaiveDate, time: NaiveTime, zone: Tz) -> Result<DateTime<Utc>, MomentFault> {
    match zone.from_local_datetime(&day.and_time(time)) {
        LocalResult::Single(found) => Ok(found.with_timezone(&Utc)),
        LocalResult::Ambiguous(first, second) => {
            Err(MomentFault::Fold { first: first.with_timezone(&Utc), second: second.with_timezone(&Utc) })
        }
        LocalResult::None => Err(MomentFault::Gap(day, time, zone)),
    }
}

/// `17:00`, `7:00`, `17:00:30`, `17:00:30.25`; parts of a second are read and dropped.
fn read_time(text: &str) -> Result<NaiveTime, MomentFault> {
    let (text, fraction) = text.split_once('.').unwrap_or((text, "0"));
    let parts: Vec<&str> = text.split(':').collect();
    let (hour, minute, second) = match parts.as_slice() {
        [hour, minute] => (*hour, *minute, "00"),
        [hour, minute, second] => (*hour, *minute, *second),
        _ => return Err(MomentFault::NotAMoment),
    };
    let is_digits = |part: &str| part.bytes().all(|b| b.is_ascii_digit());
    let has_form = matches!(hour.len(), 1 | 2)
        && minute.len() == 2
        && second.len() == 2
        && !fraction.is_empty()
        && is_digits(fraction);
    let number = |part: &str| part.parse::<u32>().ok();
    match (has_form, number(hour), number(minute), number(second)) {
        (true, Some(hour), Some(minute), Some(second)) => {
            NaiveTime::from_hms_opt(hour, minute, second).ok_or(MomentFault::NoSuchTime)
        }
        _ => Err(MomentFault::NotAMoment),
    }
}

/// Morning or afternoon, said behind the hour, and what follows; `Uhr` says neither.
fn half_of_day(suffix: &str) -> (Option<Half>, &str) {
    const HALVES: &[(&str, Option<Half>)] = &[
        ("am", Some(Half::Morning)),
        ("a.m.", Some(Half::Morning)),
        ("pm", Some(Half::Afternoon)),
        ("p.m.", Some(Half::Afternoon)),
        ("uhr", None),
    ];
    let said = HALVES.iter().find_map(|(word, half)| {
        let (start, rest) = suffix.split_at_checked(word.len())?;
        let ends = rest.is_empty() || rest.starts_with(char::is_whitespace);
        (ends && start.eq_ignore_ascii_case(word)).then_some((*half, rest.trim_start()))
    });
    said.unwrap_or((None, suffix))
}

/// Half of a day.
#[derive(Clone, Copy)]
enum Half {
    Morning,
    Afternoon,
}

/// The time of day that an hour of twelve means.
fn of_half(time: NaiveTime, half: Option<Half>) -> Result<NaiveTime, MomentFault> {
    let hour = match (half, time.hour()) {
        (None, hour) => hour,
        (Some(_), 0 | 13..) => return Err(MomentFault::NoSuchTime),
        (Some(Half::Morning), 12) => 0,
        (Some(Half::Afternoon), 12) => 12,
        (Some(Half::Morning), hour) => hour,
        (Some(Half::Afternoon), hour) => hour + 12,
    };
    time.with_hour(hour).ok_or(MomentFault::NoSuchTime)
}

/// `Z`, `UTC`, `GMT`, `+01:00`, `+0100`, `-5`.
fn read_offset(text: &str) -> Option<FixedOffset> {
    if ["z", "utc", "gmt"].iter().any(|name| text.eq_ignore_ascii_case(name)) {
        return FixedOffset::east_opt(0);
    }
    let (sign, rest) = match text.strip_prefix('+') {
        Some(rest) => (1, rest),
        None => (-1, text.strip_prefix(glyph::is_dash)?),
    };
    if !rest.bytes().all(|b| b.is_ascii_digit() || b == b':') {
        return None;
    }
    let (hours, minutes) = match (rest.split_once(':'), rest.len()) {
        (Some((hours, minutes)), 5) if hours.len() == 2 => (hours, minutes),
        (None, 4) => rest.split_at_checked(2)?,
        (None, 1 | 2) => (rest, "0"),
        (Some(_) | None, _) => return None,
    };
    let (hours, minutes): (i32, i32) = (hours.parse().ok()?, minutes.parse().ok()?);
    // No zone is further than 14 hours from UTC.
    if hours > 14 || minutes > 59 {
        return None;
    }
    FixedOffset::east_opt(sign * (hours * 3600 + minutes * 60))
}

#[cfg(test)]
mod tests {
    use chrono_tz::Europe::London;
    use proptest::prelude::*;

    use super::*;

    fn utc(text: &str) -> DateTime<Utc> {
        text.parse().unwrap()
    }

    #[test]
    fn a_moment_is_read_in_every_way_it_is_written() {
        for text in [
            "2026-07-31T17:00:00+01:00",
            "2026-07-31t16:00:00.123z",
            "2026-07-31 17:00",
            "2026-07-31 17:00:00",
            "2026-07-31 16:00 UTC",
            "2026-07-31 16:00Z",
            "2026-07-31 11:00 -0500",
            "2026-07-31 11:00 −5",
            "31 July 2026 17:00",
            "Fri 31 Jul 2026, 17:00",
            "July 31, 2026 at 17:00",
            "Friday, July 31, 2026 5:00 PM",
            "Fri, Jul 31, 2026 at 5:00\u{202f}pm",
            "31 July 2026, 5:00 p.m.",
            "31 July 2026 4:00 PM GMT",
            "Freitag, 31. Juli 2026 um 17:00 Uhr",
            "ven. 31 juil. 2026 à 17:00",
        ] {
            assert_eq!(read_moment(text, London), Ok(utc("2026-07-31T16:00:00Z")), "{text}");
        }
        assert_eq!(read_moment("2026-12-31 7:05", London), Ok(utc("2026-12-31T07:05:00Z")));
        assert_eq!(read_moment("2026-12-31 12:05 AM", London), Ok(utc("2026-12-31T00:05:00Z")));
        assert_eq!(read_moment("2026-12-31 12:05 PM", London), Ok(utc("2026-12-31T12:05:00Z")));
    }

    #[test]
    fn a_zone_in_letters_is_read_where_it_is_one_everywhere() {
        for (text, at) in [
            ("2026-12-31 17:00 MEZ", "2026-12-31T16:00:00Z"),
            ("31. Dezember 2026, 17:00 Uhr MEZ", "2026-12-31T16:00:00Z"),
            ("2026-07-31 17:00 MESZ", "2026-07-31T15:00:00Z"),
            ("2026-07-31 17:00 cest", "2026-07-31T15:00:00Z"),
            ("2026-12-31 17:00 CET", "2026-12-31T16:00:00Z"),
            ("2026-12-31 5:00 PM EST", "2026-12-31T22:00:00Z"),
            ("July 31, 2026 at 5:00 PM EDT", "2026-07-31T21:00:00Z"),
            ("2026-07-31 17:00 PDT", "2026-08-01T00:00:00Z"),
            ("2026-12-31 17:00 UTC", "2026-12-31T17:00:00Z"),
            ("2026-07-31 17:00 GMT", "2026-07-31T17:00:00Z"),
        ] {
            assert_eq!(read_moment(text, London), Ok(utc(at)), "{text}");
        }
    }

    #[test]
    fn letters_with_two_readings_are_taken_for_none_but_our_own() {
        for (name, readings) in
            [("BST", "Bangladesh"), ("PST", "Philippines"), ("CST", "China"), ("IST", "India")]
        {
            let fault = read_moment(&format!("2026-12-31 17:00 {name}"), London).unwrap_err();
            assert!(matches!(&fault, MomentFault::ZoneOfSeveral(..)), "{name}: {fault:?}");
            assert!(fault.to_string().contains(readings), "{fault}");
        }
        // docket writes `17:00 BST` itself where the policy's zone is London.
        let summer = "2026-07-31 17:00 BST";
        assert_eq!(read_moment(summer, London), Ok(utc("2026-07-31T16:00:00Z")));
        assert!(read_moment(summer, chrono_tz::Europe::Berlin).is_err());
        let pacific = chrono_tz::America::Los_Angeles;
        assert_eq!(read_moment("2026-12-31 17:00 PST", pacific), Ok(utc("2027-01-01T01:00:00Z")));
        // It says which of two hours is meant, too.
        assert_eq!(read_moment("2026-10-25 01:30 BST", London), Ok(utc("2026-10-25T00:30:00Z")));
        assert_eq!(read_moment("2026-10-25 01:30 GMT", London), Ok(utc("2026-10-25T01:30:00Z")));
    }

    #[test]
    fn an_hour_that_the_clocks_jump_over_is_refused() {
        let fault = read_moment("2026-03-29 01:30", London).unwrap_err();
        assert!(matches!(fault, MomentFault::Gap(..)), "{fault:?}");
        assert!(fault.to_string().contains("Europe/London"), "{fault}");
        assert_eq!(read_moment("2026-03-29 01:30 UTC", London), Ok(utc("2026-03-29T01:30:00Z")));
    }

    #[test]
    fn an_hour_that_comes_twice_is_refused_with_both() {
        let fault = read_moment("2026-10-25 01:30", London).unwrap_err();
        let (first, second) = (utc("2026-10-25T00:30:00Z"), utc("2026-10-25T01:30:00Z"));
        assert_eq!(fault, MomentFault::Fold { first, second });
        assert_eq!(
            fault.to_string(),
            "this comes twice, as the clocks go back: write 2026-10-25 00:30Z or 2026-10-25 01:30Z"
        );
        assert_eq!(read_moment("2026-10-25 00:30Z", London), Ok(first));
    }

    #[test]
    fn each_fault_is_named() {
        for (text, fault) in [
            ("", MomentFault::Day(DayFault::NotADate)),
            ("17:00", MomentFault::NotAMoment),
            (":", MomentFault::NotAMoment),
            ("soon 17:00", MomentFault::Day(DayFault::NotADate)),
            ("2026-02-30 17:00", MomentFault::Day(DayFault::NoSuchDay { year: 2026, month: 2, day: 30 })),
            ("2026-12-31 24:00", MomentFault::NoSuchTime),
            ("2026-12-31 17:60", MomentFault::NoSuchTime),
            ("2026-12-31 17:00 PM", MomentFault::NoSuchTime),
            ("2026-12-31 0:30 AM", MomentFault::NoSuchTime),
            ("2026-12-31 5:00 PMS", MomentFault::Zone),
            ("2026-12-31 17:0", MomentFault::NotAMoment),
            ("2026-12-31 17:00 XYZ", MomentFault::Zone),
            ("2026-12-31 17:00 +15:00", MomentFault::Zone),
            ("2026-12-31 17:00 +1:", MomentFault::Zone),
            ("2026-12-31 ١٧:00", MomentFault::Day(DayFault::NotADate)),
        ] {
            assert_eq!(read_moment(text, London), Err(fault), "{text}");
        }
        let day = NaiveDate::from_ymd_opt(2026, 12, 31).unwrap();
        assert_eq!(read_moment("31 Dec 2026", London), Err(MomentFault::NoTime(day)));
    }

    proptest! {
        #[test]
        fn no_text_breaks_it(text in "\\PC{0,30}|[0-9TZ:+. -]{0,30}") {
            let _ = read_moment(&text, London);
        }

        #[test]
        fn rfc_3339_is_read_as_itself(seconds in -2_208_988_800i64..7_258_000_000, east in -14i32..=14) {
            let moment = DateTime::from_timestamp(seconds, 0).unwrap();
            let there = moment.with_timezone(&FixedOffset::east_opt(east * 3600).unwrap());
            prop_assume!(there.format("%Y").to_string() != "1899");
            prop_assert_eq!(read_moment(&there.to_rfc3339(), London), Ok(moment));
        }
    }
}
