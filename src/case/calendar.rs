//! Terms and calendars: when a length of time that began at some moment ends, in a zone, with its holidays.
//!
//! A term in minutes or hours runs by the clock. A longer one runs to the end of a day: the law counts days, and the whole
//! of the last one counts. Does not know what the term is for.

use std::collections::BTreeSet;
use std::fmt;

use chrono::{DateTime, Datelike, Days, Months, NaiveDate, NaiveTime, TimeDelta, Utc, Weekday};
use chrono_tz::Tz;
use serde::{Deserialize, Serialize};

use super::{Span, SpanFault};

/// A length of time, and how its days are counted.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct Term {
    /// How long.
    pub span: Span,
    /// Whether the day on which it begins is its first (IPA s.65).
    pub first_day_counts: bool,
    /// Whether an end on a day without offices moves to the next one with (the ICO's way with months).
    pub rolls: bool,
}

/// A holiday list, with the days of the week on which offices are closed.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Calendar {
    /// Days of the week on which offices are closed.
    pub weekend: Vec<Weekday>,
    /// Holidays.
    pub holidays: BTreeSet<NaiveDate>,
}

const FIRST_DAY: &str = "counting its first day";
const ROLLING: &str = "rolling";
const NOT_ROLLING: &str = "not rolling";

impl Term {
    /// A span counted the usual way: the first day does not count, and months and years roll to a day with offices.
    pub fn of(span: Span) -> Term {
        Term { span, first_day_counts: false, rolls: Term::rolls_by_itself(span) }
    }

    /// Reads `90 days`, `1 month`, `1 month counting its first day, not rolling`.
    pub fn read(text: &str) -> Result<Term, SpanFault> {
        let lower = text.to_lowercase();
        let first_day_counts = lower.contains(FIRST_DAY);
        let rest = lower.replace(FIRST_DAY, " ");
        let not = rest.contains(NOT_ROLLING);
        let rest = rest.replace(NOT_ROLLING, " ");
        let rolls = rest.contains(ROLLING);
        let rest = rest.replace(ROLLING, " ").replace(',', " ");
        let span = Span::read(rest.trim())?;
        Ok(Term { span, first_day_counts, rolls: !not && (rolls || Term::rolls_by_itself(span)) })
    }

    fn rolls_by_itself(span: Span) -> bool {
        matches!(span, Span::Months(_) | Span::Years(_))
    }

    /// When the term that begins at `start` ends. A term in days or longer ends with the last second of its last day in the
    /// zone. What lies beyond the calendar's end gives that end.
    pub fn end(self, start: DateTime<Utc>, calendar: &Calendar, zone: Tz) -> DateTime<Utc> {
        let by_clock = |delta: Option<TimeDelta>| {
            delta.and_then(|delta| start.checked_add_signed(delta)).unwrap_or(DateTime::<Utc>::MAX_UTC)
        };
        let day = start.with_timezone(&zone).date_naive();
        let counted = u32::from(self.first_day_counts);
        let last = match self.span {
            Span::Minutes(count) => return by_clock(TimeDelta::try_minutes(count.into())),
            Span::Hours(count) => return by_clock(TimeDelta::try_hours(count.into())),
            Span::Days(count) => day.checked_add_days(Days::new(u64::from(count - counted.min(count)))),
            Span::BusinessDays(count) => calendar.business_days_after(day, count, self.first_day_counts),
            Span::Months(count) => months_after(day, count, self.first_day_counts),
            Span::Years(count) => months_after(day, count.saturating_mul(12), self.first_day_counts),
        };
        let last = last.map(|day| if self.rolls { calendar.next_open(day) } else { day });
        last.map_or(DateTime::<Utc>::MAX_UTC, |day| last_second(day, zone))
    }
}

/// The same date so many months later, or else the month's last day; a day earlier where the first day counts.
fn months_after(day: NaiveDate, count: u32, first_day_counts: bool) -> Option<NaiveDate> {
    let there = day.checked_add_months(Months::new(count))?;
    if first_day_counts { there.pred_opt() } else { Some(there) }
}

impl Calendar {
    /// Saturdays and Sundays, and no holiday.
    pub fn weekends() -> Calendar {
        Calendar { weekend: vec![Weekday::Sat, Weekday::Sun], holidays: BTreeSet::new() }
    }

    /// Whether offices are open on a day.
    pub fn is_open(&self, day: NaiveDate) -> bool {
        !self.weekend.contains(&day.weekday()) && !self.holidays.contains(&day)
    }

    /// This day, or the next one on which offices are open.
    pub fn next_open(&self, day: NaiveDate) -> NaiveDate {
        // A calendar that is never open would never end; a year is more than any has closed days in a row.
        day.iter_days().take(366).find(|day| self.is_open(*day)).unwrap_or(day)
    }

    fn business_days_after(&self, day: NaiveDate, count: u32, first_day_counts: bool) -> Option<NaiveDate> {
        if self.weekend.len() >= 7 {
            return day.checked_add_days(Days::new(count.into()));
        }
        let skip = usize::from(!first_day_counts);
        let open = day.iter_days().skip(skip).filter(|day| self.is_open(*day));
        open.take(usize::try_from(count).unwrap_or(usize::MAX)).last()
    }
}

/// The last second of a day in a zone.
pub fn last_second(day: NaiveDate, zone: Tz) -> DateTime<Utc> {
    match day.succ_opt() {
        Some(next) => first_moment(next, zone) - TimeDelta::seconds(1),
        None => DateTime::<Utc>::MAX_UTC,
    }
}

/// The first moment of a day in a zone. Where the clock is put forward over midnight, that is the moment after.
pub fn first_moment(day: NaiveDate, zone: Tz) -> DateTime<Utc> {
    at(day, NaiveTime::MIN, zone)
}

/// A time of day on a day in a zone: the first of two where the clock is put back, the moment after where it is put forward.
pub fn at(day: NaiveDate, time: NaiveTime, zone: Tz) -> DateTime<Utc> {
    let mut local = day.and_time(time);
    // No zone skips more than a day (the Pacific islands that crossed the date line did just that).
    for _ in 0..=96 {
        if let Some(found) = local.and_local_timezone(zone).earliest() {
            return found.with_timezone(&Utc);
        }
        local += TimeDelta::minutes(15);
    }
    local.and_utc()
}

impl fmt::Display for Term {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.span.fmt(f)?;
        if self.first_day_counts {
            write!(f, " {FIRST_DAY}")?;
        }
        match (self.rolls, Term::rolls_by_itself(self.span)) {
            (true, false) => write!(f, ", {ROLLING}"),
            (false, true) => write!(f, ", {NOT_ROLLING}"),
            (true, true) | (false, false) => Ok(()),
        }
    }
}

impl TryFrom<String> for Term {
    type Error = SpanFault;
    fn try_from(text: String) -> Result<Term, SpanFault> {
        Term::read(&text)
    }
}

impl From<Term> for String {
    fn from(term: Term) -> String {
        term.to_string()
    }
}
