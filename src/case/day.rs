//! Days as people write them. Does not know what day it is today.
//!
//! A date that two readers would read differently is refused with both readings: a wrong day is a missed deadline.

use chrono::{Datelike, NaiveDate, Weekday};

use super::{day_words, glyph};

/// Why a text is not a day.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum DayFault {
    /// It does not look like a date.
    #[error("this is not a date; write it as 2026-12-31 or 31 Dec 2026")]
    NotADate,
    /// It could be two days.
    #[error("this could be {first} or {second}; write it as {first} or {second}")]
    Ambiguous {
        /// Read with the day first.
        first: NaiveDate,
        /// Read with the month first.
        second: NaiveDate,
    },
    /// The calendar has no such day.
    #[error("there is no day {day} in month {month} of {year}")]
    NoSuchDay {
        /// The year as written.
        year: i32,
        /// The month as written.
        month: u32,
        /// The day as written.
        day: u32,
    },
    /// The weekday does not fit.
    #[error("{day} is a {}, not a {}; which of the two is meant?", weekday(day.weekday()), weekday(*.said))]
    WrongWeekday {
        /// The day as written.
        day: NaiveDate,
        /// The weekday as written.
        said: Weekday,
    },
    /// The year is missing or has two digits.
    #[error("write the year with four digits, as in 2026-12-31")]
    ShortYear,
    /// The year is not between 1900 and 2200.
    #[error("the year {0} is not between 1900 and 2200")]
    FarYear(i32),
}

/// Reads `2026-12-31`, `31 Dec 2026`, `December 31, 2026`, `Thu 31 Dec 2026`, `31.12.2026` and, when only one reading
/// is possible, `31/12/2026`.
pub fn read_day(text: &str) -> Result<NaiveDate, DayFault> {
    let parts = split(text)?;
    let (said, parts) = match parts.split_first() {
        Some((Part::Weekday(said), rest)) => (Some(*said), rest),
        Some((Part::Number { .. } | Part::Month(_), _)) | None => (None, parts.as_slice()),
    };
    let day = match parts {
        [
            Part::Number { value, digits: 4 },
            Part::Number { value: month, .. },
            Part::Number { value: day, .. },
        ] => date(*value, *month, *day)?,
        [Part::Number { value, digits: 4 }, Part::Month(month), Part::Number { value: day, .. }] => {
            date(*value, *month, *day)?
        }
        [Part::Number { value: one, .. }, Part::Number { value: two, .. }, year @ Part::Number { .. }] => {
            either(*one, *two, year_of(year)?)?
        }
        [Part::Number { value: day, .. }, Part::Month(month), year @ Part::Number { .. }]
        | [Part::Month(month), Part::Number { value: day, .. }, year @ Part::Number { .. }] => {
            date(year_of(year)?, *month, *day)?
        }
        [Part::Number { digits, .. }, Part::Month(_)] | [Part::Month(_), Part::Number { digits, .. }]
            if *digits <= 2 =>
        {
            return Err(DayFault::ShortYear);
        }
        _ => return Err(DayFault::NotADate),
    };
    match said {
        Some(said) if said != day.weekday() => Err(DayFault::WrongWeekday { day, said }),
        Some(_) | None => Ok(day),
    }
}

enum Part {
    Number { value: u32, digits: usize },
    Month(u32),
    Weekday(Weekday),
}

/// The parts of a date; a word that is none of them makes it none.
fn split(text: &str) -> Result<Vec<Part>, DayFault> {
    // No date is longer, and a long text is not worth the walk.
    if text.len() > 80 {
        return Err(DayFault::NotADate);
    }
    let is_gap = |c: char| c.is_whitespace() || glyph::is_dash(c) || matches!(c, ',' | '.' | '/');
    text.trim()
        .split(is_gap)
        .filter(|word| {
            !word.is_empty() && !["of", "den", "le"].iter().any(|of| word.eq_ignore_ascii_case(of))
        })
        .map(part)
        .collect::<Option<Vec<Part>>>()
        .ok_or(DayFault::NotADate)
}

fn part(word: &str) -> Option<Part> {
    let lower = word.to_lowercase();
    let digits = lower.bytes().take_while(u8::is_ascii_digit).count();
    if digits > 0 {
        let (number, ending) = lower.split_at_checked(digits)?;
        let is_number = digits <= 4
            && (matches!(ending, "") || digits <= 2 && matches!(ending, "st" | "nd" | "rd" | "th" | "er"));
        return is_number.then(|| number.parse().ok().map(|value| Part::Number { value, digits }))?;
    }
    if let Some(month) = day_words::month(&lower) {
        return Some(Part::Month(month));
    }
    day_words::weekday(&lower).map(Part::Weekday)
}

fn weekday(day: Weekday) -> &'static str {
    match day {
        Weekday::Mon => "Monday",
        Weekday::Tue => "Tuesday",
        Weekday::Wed => "Wednesday",
        Weekday::Thu => "Thursday",
        Weekday::Fri => "Friday",
        Weekday::Sat => "Saturday",
        Weekday::Sun => "Sunday",
    }
}

fn year_of(part: &Part) -> Result<u32, DayFault> {
    match part {
        Part::Number { value, digits: 4 } => Ok(*value),
        Part::Number { digits: 2, .. } => Err(DayFault::ShortYear),
        Part::Number { .. } | Part::Month(_) | Part::Weekday(_) => Err(DayFault::NotADate),
    }
}

/// Day first or month first: whichever is possible, if only one is.
fn either(one: u32, two: u32, year: u32) -> Result<NaiveDate, DayFault> {
    if one > 12 || one == two {
        return date(year, two, one);
    }
    if two > 12 {
        return date(year, one, two);
    }
    let (first, second) = (date(year, two, one)?, date(year, one, two)?);
    Err(DayFault::Ambiguous { first, second })
}

fn date(year: u32, month: u32, day: u32) -> Result<NaiveDate, DayFault> {
    let year = i32::try_from(year).map_err(|_| DayFault::NotADate)?;
    if !(1900..=2200).contains(&year) {
        return Err(DayFault::FarYear(year));
    }
    NaiveDate::from_ymd_opt(year, month, day).ok_or(DayFault::NoSuchDay { year, month, day })
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn ymd(year: i32, month: u32, day: u32) -> NaiveDate {
        NaiveDate::from_ymd_opt(year, month, day).unwrap()
    }

    #[test]
    fn a_day_is_read_in_every_way_it_is_written() {
        for text in [
            "2026-12-31",
            " 2026–12–31 ",
            "2026/12/31",
            "31 Dec 2026",
            "31 december 2026",
            "31st December 2026",
            "31st of December 2026",
            "2026 Dec 31",
            "31. Dec. 2026",
            "31-Dec-2026",
            "December 31, 2026",
            "Dec 31 2026",
            "Thu 31 Dec 2026",
            "Thursday, 31 December 2026",
            "Thurs, December 31st, 2026",
            "31.12.2026",
            "31/12/2026",
            "12/31/2026",
        ] {
            assert_eq!(read_day(text), Ok(ymd(2026, 12, 31)), "{text}");
        }
        assert_eq!(read_day("05/05/2026"), Ok(ymd(2026, 5, 5)));
        assert_eq!(read_day("29 Feb 2028"), Ok(ymd(2028, 2, 29)));
        assert_eq!(read_day("1 Sept 2026"), Ok(ymd(2026, 9, 1)));
        assert_eq!(read_day("1 May 2026"), Ok(ymd(2026, 5, 1)));
    }

    #[test]
    fn two_readings_are_refused_with_both() {
        for text in ["01/02/2026", "1.2.2026", "01-02-2026"] {
            assert_eq!(
                read_day(text),
                Err(DayFault::Ambiguous { first: ymd(2026, 2, 1), second: ymd(2026, 1, 2) }),
                "{text}"
            );
        }
        let said = read_day("01/02/2026").unwrap_err().to_string();
        assert!(said.contains("2026-02-01") && said.contains("2026-01-02"), "{said}");
    }

    #[test]
    fn days_that_do_not_exist_are_refused() {
        for (text, year, month, day) in [
            ("29 Feb 2026", 2026, 2, 29),
            ("2026-02-30", 2026, 2, 30),
            ("29 Feb 2100", 2100, 2, 29),
            ("2026-13-01", 2026, 13, 1),
            ("31/31/2026", 2026, 31, 31),
            ("0 Jan 2026", 2026, 1, 0),
        ] {
            assert_eq!(read_day(text), Err(DayFault::NoSuchDay { year, month, day }), "{text}");
        }
    }

    #[test]
    fn a_wrong_weekday_is_said() {
        let fault = read_day("Fri 31 Dec 2026").unwrap_err();
        assert_eq!(fault, DayFault::WrongWeekday { day: ymd(2026, 12, 31), said: Weekday::Fri });
        assert_eq!(fault.to_string(), "2026-12-31 is a Thursday, not a Friday; which of the two is meant?");
    }

    #[test]
    fn short_and_far_years_are_refused() {
        for text in ["31/12/26", "31 Dec 26", "31 Dec", "Dec 31"] {
            assert_eq!(read_day(text), Err(DayFault::ShortYear), "{text}");
        }
        assert_eq!(read_day("1899-12-31"), Err(DayFault::FarYear(1899)));
        assert_eq!(read_day("2201-01-01"), Err(DayFault::FarYear(2201)));
        assert!(read_day("1900-01-01").is_ok() && read_day("2200-12-31").is_ok());
    }

    #[test]
    fn what_is_no_date_is_said_to_be_none() {
        for text in [
            "",
            "tomorrow",
            "2026",
            "12",
            "２０２６-12-31",
            "٢٠٢٦-١٢-٣١",
            "31 Foo 2026",
            "2026-12-31 17:00",
            "Thu",
        ] {
            assert_eq!(read_day(text), Err(DayFault::NotADate), "{text}");
        }
    }

    proptest! {
        #[test]
        fn no_text_breaks_it(text in any::<String>()) {
            let _ = read_day(&text);
        }

        #[test]
        fn a_written_day_is_read_as_itself(days in 0i64..109_938, form in 0usize..4) {
            let day = ymd(1900, 1, 1) + chrono::TimeDelta::days(days);
            let text = match form {
                0 => day.format("%Y-%m-%d"),
                1 => day.format("%a %-d %b %Y"),
                2 => day.format("%B %-d, %Y"),
                _ => day.format("%A, %d %B %Y"),
            };
            prop_assert_eq!(read_day(&text.to_string()), Ok(day));
        }
    }
}
