//! A half of a year, in the policy's zone: `2026H1`.

use std::fmt;

use chrono::{DateTime, Datelike, NaiveDate, Utc};
use chrono_tz::Tz;

/// A half of a year.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Half {
    year: i32,
    second: bool,
}

/// Why a text is no half-year.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum HalfFault {
    /// It does not look like one.
    #[error("write a half-year as 2026H1 or 2026H2")]
    NotAHalf,
    /// A year has two.
    #[error("a year has two halves: H1 is January to June, H2 is July to December")]
    OnlyTwo,
    /// The year is not between 1900 and 2200.
    #[error("the year is not between 1900 and 2200")]
    FarYear,
}

impl Half {
    /// Reads `2026H1`, `2026-H1`, `2026 h1`, `H1 2026`.
    pub fn read(text: &str) -> Result<Half, HalfFault> {
        let plain: String = text
            .trim()
            .chars()
            .filter(|c| !c.is_whitespace() && !matches!(c, '-' | '–' | '—' | '/'))
            .map(|c| c.to_ascii_lowercase())
            .collect();
        let (year, half) = match plain.split_once('h') {
            Some((year, half)) if year.len() == 4 => (year, half),
            Some(("", rest)) if rest.len() == 5 => {
                let (half, year) = rest.split_at_checked(1).ok_or(HalfFault::NotAHalf)?;
                (year, half)
            }
            Some(_) | None => return Err(HalfFault::NotAHalf),
        };
        let digits = |text: &str| !text.is_empty() && text.bytes().all(|b| b.is_ascii_digit());
        if !digits(year) || !digits(half) {
            return Err(HalfFault::NotAHalf);
        }
        let second = match half {
            "1" => false,
            "2" => true,
            _ => return Err(HalfFault::OnlyTwo),
        };
        match year.parse() {
            Ok(year @ 1900..=2200) => Ok(Half { year, second }),
            Ok(_) | Err(_) => Err(HalfFault::FarYear),
        }
    }

    /// The half-year that a moment falls into.
    pub fn of(at: DateTime<Utc>, zone: Tz) -> Half {
        let day = at.with_timezone(&zone).date_naive();
        Half { year: day.year(), second: day.month() > 6 }
    }

    /// Whether a moment falls into it.
    pub fn has(self, at: DateTime<Utc>, zone: Tz) -> bool {
        Half::of(at, zone) == self
    }

    /// Its first day.
    pub fn first_day(self) -> NaiveDate {
        let month = if self.second { 7 } else { 1 };
        NaiveDate::from_ymd_opt(self.year, month, 1).unwrap_or_default()
    }

    /// Its last day.
    pub fn last_day(self) -> NaiveDate {
        let (month, day) = if self.second { (12, 31) } else { (6, 30) };
        NaiveDate::from_ymd_opt(self.year, month, day).unwrap_or_default()
    }

    /// Whether it is over at a time.
    pub fn is_over(self, now: DateTime<Utc>, zone: Tz) -> bool {
        Half::of(now, zone) > self
    }

    /// Whether it has begun at a time.
    pub fn has_begun(self, now: DateTime<Utc>, zone: Tz) -> bool {
        Half::of(now, zone) >= self
    }

    /// The one before.
    pub fn before(self) -> Half {
        if self.second { Half { second: false, ..self } } else { Half { year: self.year - 1, second: true } }
    }
}

impl fmt::Display for Half {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}H{}", self.year, if self.second { 2 } else { 1 })
    }
}

#[cfg(test)]
mod tests {
    use chrono_tz::Europe::Berlin;
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn a_half_year_is_read_as_people_write_it() {
        for text in ["2026H1", "2026-H1", "2026 h1", " 2026h1 ", "2026–H1", "H1 2026", "h1/2026"] {
            assert_eq!(Half::read(text).map(|half| half.to_string()), Ok("2026H1".to_owned()), "{text}");
        }
        for (text, fault) in [
            ("", HalfFault::NotAHalf),
            ("2026", HalfFault::NotAHalf),
            ("26H1", HalfFault::NotAHalf),
            ("2026Q1", HalfFault::NotAHalf),
            ("2026H", HalfFault::NotAHalf),
            ("2026H3", HalfFault::OnlyTwo),
            ("2026H12", HalfFault::OnlyTwo),
            ("9026H1", HalfFault::FarYear),
            ("٢٠٢٦H1", HalfFault::NotAHalf),
        ] {
            assert_eq!(Half::read(text), Err(fault), "{text}");
        }
    }

    #[test]
    fn a_half_year_begins_at_midnight_of_the_zone() {
        let at = |text: &str| text.parse::<DateTime<Utc>>().unwrap();
        let half = Half::read("2026H2").unwrap();
        assert!(half.has(at("2026-06-30T22:00:00Z"), Berlin));
        assert!(!half.has(at("2026-06-30T21:59:59Z"), Berlin));
        assert!(half.has(at("2026-12-31T22:59:59Z"), Berlin));
        assert!(half.is_over(at("2026-12-31T23:00:00Z"), Berlin));
        assert_eq!(
            (half.first_day().to_string(), half.last_day().to_string()),
            ("2026-07-01".into(), "2026-12-31".into())
        );
        assert_eq!(half.before().before().to_string(), "2025H2");
    }

    proptest! {
        #[test]
        fn a_written_half_year_is_read_as_itself(year in 1900i32..=2200, second: bool) {
            let half = Half { year, second };
            prop_assert_eq!(Half::read(&half.to_string()), Ok(half));
        }

        #[test]
        fn no_text_breaks_it(text in "\\PC{0,12}|[0-9hH -]{0,10}") {
            let _ = Half::read(&text);
        }
    }
}
