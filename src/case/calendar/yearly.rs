//! Holidays that come back every year: on a date, on the so-manieth weekday of a month, so many days from Easter Sunday. So no
//! list of days ends one day without anybody noticing. Does not know whose holidays they are.

use std::fmt;

use chrono::{Datelike, Days, NaiveDate, Weekday};
use serde::{Deserialize, Serialize};

/// A holiday of every year.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub enum Yearly {
    /// So many days after Easter Sunday, or before it.
    Easter {
        /// How many; below zero they lie before.
        days: i16,
    },
    /// A day of the week, counted within a month.
    Counted {
        /// Which of them.
        which: Which,
        /// The day of the week.
        weekday: Weekday,
        /// The month, from 1.
        month: u32,
    },
    /// A date.
    Dated {
        /// The day of the month.
        day: u32,
        /// The month, from 1.
        month: u32,
        /// What becomes of it at a weekend.
        moves: Moves,
    },
}

/// Which of the days of a month that fall on one day of the week.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Which {
    /// Counted from the first, from 1.
    Nth(u8),
    /// The last.
    Last,
}

/// What becomes of a holiday that falls on a weekend.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Moves {
    /// Nothing.
    Stays,
    /// It is the next working day that is no holiday itself (England's substitute days).
    Next,
    /// It is the working day that is nearest, the one before in doubt (5 USC 6103(b)).
    Nearest,
}

/// Why a text is no holiday of every year.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error(
    "is no day of every year; write such as `25 december`, `25 december or the next working day`, `4 july or the nearest \
     working day`, `last monday of may`, `easter -2 days`"
)]
pub struct NotYearly;

const NEXT: &str = " or the next working day";
const NEAREST: &str = " or the nearest working day";
const COUNTS: [&str; 4] = ["first", "second", "third", "fourth"];
const LAST: &str = "last";
const WEEKDAYS: [(&str, Weekday); 7] = [
    ("monday", Weekday::Mon),
    ("tuesday", Weekday::Tue),
    ("wednesday", Weekday::Wed),
    ("thursday", Weekday::Thu),
    ("friday", Weekday::Fri),
    ("saturday", Weekday::Sat),
    ("sunday", Weekday::Sun),
];
const MONTHS: [&str; 12] = [
    "january",
    "february",
    "march",
    "april",
    "may",
    "june",
    "july",
    "august",
    "september",
    "october",
    "november",
    "december",
];
/// A year that has every date.
const LEAP_YEAR: i32 = 2024;
/// Further from Easter a day is not counted from it: Pentecost is 50 days after it, Carnival 48 before.
const FURTHEST: i16 = 100;

/// The holidays of a year, on the days on which offices are closed for them. One that moves does so after those that do not, so
/// that no two share a day.
pub(super) fn days_of(all: &[Yearly], year: i32, weekend: &[Weekday]) -> Vec<NaiveDate> {
    let is_weekend = |day: &NaiveDate| weekend.contains(&day.weekday());
    let own = |it: &Yearly| it.own_day(year).map(|day| (day, it.moves()));
    let (stay, go): (Vec<_>, Vec<_>) =
        all.iter().filter_map(own).partition(|(day, moves)| *moves == Moves::Stays || !is_weekend(day));
    let mut days: Vec<NaiveDate> = stay.into_iter().map(|(day, _)| day).collect();
    for (day, moves) in go {
        let is_free = |day: &NaiveDate| !is_weekend(day) && !days.contains(day);
        let near = (1..=14u64).flat_map(|by| {
            let before = day.checked_sub_days(Days::new(by)).filter(|_| moves == Moves::Nearest);
            before.into_iter().chain(day.checked_add_days(Days::new(by)))
        });
        let moved = near.into_iter().find(is_free);
        days.extend(moved);
    }
    days
}

impl Yearly {
    /// Reads `25 december or the next working day`, `last monday of may`, `easter -2 days`.
    pub fn read(text: &str) -> Result<Yearly, NotYearly> {
        let lower = text.to_lowercase().replace(',', " ");
        let plain = lower.split_whitespace().collect::<Vec<_>>().join(" ");
        let (date, moves) = match (plain.strip_suffix(NEXT), plain.strip_suffix(NEAREST)) {
            (Some(date), _) => (date, Moves::Next),
            (None, Some(date)) => (date, Moves::Nearest),
            (None, None) => (plain.as_str(), Moves::Stays),
        };
        let words: Vec<&str> = date.split(' ').collect();
        let read = match (words.as_slice(), moves) {
            (["easter"], Moves::Stays) => Some(Yearly::Easter { days: 0 }),
            (["easter", days, "day" | "days"], Moves::Stays) => from_easter(days),
            ([which, weekday, "of", month], Moves::Stays) => counted(which, weekday, month),
            ([day, month], moves) => dated(day, month, moves),
            _ => None,
        };
        read.ok_or(NotYearly)
    }

    /// The day on which it falls, before it moves.
    fn own_day(&self, year: i32) -> Option<NaiveDate> {
        match *self {
            Yearly::Easter { days } => {
                let sunday = easter(year)?;
                let by = Days::new(days.unsigned_abs().into());
                if days < 0 { sunday.checked_sub_days(by) } else { sunday.checked_add_days(by) }
            }
            Yearly::Counted { which: Which::Nth(nth), weekday, month } => {
                NaiveDate::from_weekday_of_month_opt(year, month, weekday, nth)
            }
            Yearly::Counted { which: Which::Last, weekday, month } => {
                let of_month = |nth| NaiveDate::from_weekday_of_month_opt(year, month, weekday, nth);
                of_month(5).or_else(|| of_month(4))
            }
            Yearly::Dated { day, month, .. } => NaiveDate::from_ymd_opt(year, month, day),
        }
    }

    fn moves(&self) -> Moves {
        match self {
            Yearly::Dated { moves, .. } => *moves,
            Yearly::Easter { .. } | Yearly::Counted { .. } => Moves::Stays,
        }
    }
}

fn from_easter(days: &str) -> Option<Yearly> {
    let is_signed = days.starts_with(['+', '-']);
    let days: i16 = days.parse().ok().filter(|_| is_signed)?;
    (-FURTHEST..=FURTHEST).contains(&days).then_some(Yearly::Easter { days })
}

fn counted(which: &str, weekday: &str, month: &str) -> Option<Yearly> {
    let nth = COUNTS.iter().position(|count| *count == which).and_then(|place| u8::try_from(place + 1).ok());
    let which = if which == LAST { Which::Last } else { Which::Nth(nth?) };
    let (_, weekday) = WEEKDAYS.into_iter().find(|(name, _)| *name == weekday)?;
    Some(Yearly::Counted { which, weekday, month: number(month)? })
}

fn dated(day: &str, month: &str, moves: Moves) -> Option<Yearly> {
    let (day, month) = (day.parse().ok()?, number(month)?);
    NaiveDate::from_ymd_opt(LEAP_YEAR, month, day).map(|_| Yearly::Dated { day, month, moves })
}

fn number(month: &str) -> Option<u32> {
    let place = MONTHS.iter().position(|name| *name == month)?;
    u32::try_from(place + 1).ok()
}

/// Easter Sunday of the Gregorian calendar, as it was first printed in Nature in 1876.
fn easter(year: i32) -> Option<NaiveDate> {
    let (a, b, c) = (year.rem_euclid(19), year.div_euclid(100), year.rem_euclid(100));
    let (d, e) = (b / 4, b % 4);
    let g = (8 * b + 13) / 25;
    let h = (19 * a + b - d - g + 15) % 30;
    let l = (32 + 2 * e + 2 * (c / 4) - h - c % 4) % 7;
    let m = (a + 11 * h + 19 * l) / 433;
    let month = (h + l - 7 * m + 90) / 25;
    let day = (h + l - 7 * m + 33 * month + 19) % 32;
    NaiveDate::from_ymd_opt(year, u32::try_from(month).ok()?, u32::try_from(day).ok()?)
}

impl fmt::Display for Yearly {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let month_of = |month: u32| {
            let place = usize::try_from(month.saturating_sub(1)).unwrap_or_default();
            MONTHS.get(place).copied().unwrap_or_default()
        };
        match *self {
            Yearly::Easter { days: 0 } => f.write_str("easter"),
            Yearly::Easter { days } => write!(f, "easter {days:+} days"),
            Yearly::Counted { which, weekday, month } => {
                let which = match which {
                    Which::Nth(nth) => {
                        COUNTS.get(usize::from(nth.saturating_sub(1))).copied().unwrap_or_default()
                    }
                    Which::Last => LAST,
                };
                let named = WEEKDAYS.into_iter().find(|(_, of)| *of == weekday);
                let weekday = named.map_or("", |(name, _)| name);
                write!(f, "{which} {weekday} of {}", month_of(month))
            }
            Yearly::Dated { day, month, moves } => {
                write!(f, "{day} {}", month_of(month))?;
                f.write_str(match moves {
                    Moves::Stays => "",
                    Moves::Next => NEXT,
                    Moves::Nearest => NEAREST,
                })
            }
        }
    }
}

impl TryFrom<String> for Yearly {
    type Error = NotYearly;
    fn try_from(text: String) -> Result<Yearly, NotYearly> {
        Yearly::read(&text)
    }
}

impl From<Yearly> for String {
    fn from(yearly: Yearly) -> String {
        yearly.to_string()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_holiday_is_read_and_written_the_same() {
        for text in [
            "25 december",
            "29 february",
            "25 december or the next working day",
            "4 july or the nearest working day",
            "last monday of may",
            "fourth thursday of november",
            "easter",
            "easter -2 days",
            "easter +50 days",
        ] {
            let read = Yearly::read(text).unwrap();
            assert_eq!(read.to_string(), text);
            let kept = serde_json::to_string(&read).unwrap();
            assert_eq!(serde_json::from_str::<Yearly>(&kept).unwrap(), read);
        }
        assert_eq!(Yearly::read("Easter  +1 day").unwrap().to_string(), "easter +1 days");
        assert!(Yearly::read("25 December, or the next working day").is_ok());
        for text in [
            "",
            "christmas",
            "30 february",
            "0 may",
            "2026-12-25",
            "fifth monday of may",
            "last monday",
            "easter 2 days",
            "easter +101 days",
            "easter or the next working day",
            "last monday of may or the next working day",
        ] {
            assert_eq!(Yearly::read(text), Err(NotYearly), "{text}");
        }
    }

    #[test]
    fn easter_is_when_it_was_and_when_it_will_be() {
        for sunday in [
            "1961-04-02",
            "1981-04-19",
            "2000-04-23",
            "2008-03-23",
            "2011-04-24",
            "2024-03-31",
            "2025-04-20",
            "2026-04-05",
            "2027-03-28",
            "2028-04-16",
            "2029-04-01",
            "2030-04-21",
            "2031-04-13",
            "2032-03-28",
            "2033-04-17",
            "2034-04-09",
            "2035-03-25",
            "2038-04-25",
            "2049-04-18",
            "2076-04-19",
            "2285-03-22",
        ] {
            let sunday: NaiveDate = sunday.parse().unwrap();
            assert_eq!(easter(sunday.year()), Some(sunday));
        }
    }
}
