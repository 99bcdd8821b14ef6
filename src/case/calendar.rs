//! Terms and calendars: when a length of time that began at some moment ends, in a zone, with its holidays.
//!
//! A term in minutes or hours runs by the clock. A longer one runs to the end of a day: the law counts days, and the whole
//! of the last one counts. Does not know what the term is for.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt;
use std::ops::RangeInclusive;

use chrono::{DateTime, Datelike, Days, Months, NaiveDate, NaiveTime, TimeDelta, Utc, Weekday};
use chrono_tz::Tz;
use serde::{Deserialize, Serialize};

use super::{Span, SpanFault};

#[cfg(test)]
mod tests;
mod yearly;

pub use yearly::{Moves, NotYearly, Which, Yearly};

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
    /// Holidays of one year only, such as those that are proclaimed.
    pub holidays: BTreeSet<NaiveDate>,
    /// Holidays of every year.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub every_year: Vec<Yearly>,
    /// Days that are none of these holidays in one year, because they were moved.
    #[serde(default, skip_serializing_if = "BTreeSet::is_empty")]
    pub not_on: BTreeSet<NaiveDate>,
    /// The zone in which its days begin and end, if not that of the policy.
    #[serde(default, with = "zone_name", skip_serializing_if = "Option::is_none")]
    pub zone: Option<Tz>,
    /// Further lists by which a day must be closed too: what is counted by several ends with the earliest of them.
    #[serde(skip)]
    pub also: Vec<Calendar>,
}

/// A zone, kept by its name.
pub(super) mod zone_name {
    use chrono_tz::Tz;
    use serde::{Deserialize, Deserializer, Serialize, Serializer, de::Error};

    #[allow(clippy::ref_option, reason = "serde hands in the field by reference")]
    pub fn serialize<S: Serializer>(zone: &Option<Tz>, out: S) -> Result<S::Ok, S::Error> {
        zone.map(Tz::name).serialize(out)
    }

    pub fn deserialize<'de, D: Deserializer<'de>>(from: D) -> Result<Option<Tz>, D::Error> {
        let name = Option::<String>::deserialize(from)?;
        name.map(|name| name.parse().map_err(|_| D::Error::custom("no such time zone"))).transpose()
    }
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

    /// The same without moving its end to a day with offices.
    pub fn unmoved(self) -> Term {
        Term { rolls: false, ..self }
    }

    fn rolls_by_itself(span: Span) -> bool {
        matches!(span, Span::Months(_) | Span::Years(_))
    }

    /// Whether it runs by the clock, and not to the end of a day.
    pub fn is_by_clock(self) -> bool {
        matches!(self.span, Span::Minutes(_) | Span::Hours(_))
    }

    /// When the term that begins at `start` ends. A term in days or longer ends with the last second of its last day in the
    /// zone. What lies beyond the calendar's end gives that end.
    pub fn end(self, start: DateTime<Utc>, calendar: &Calendar, zone: Tz) -> DateTime<Utc> {
        self.end_with_pauses(start, &[], calendar, zone).0
    }

    /// The same where the clock stood still meanwhile; and how many of the pauses fell into the term. A pause that begins when
    /// the term is over moves nothing: what was missed stays missed. Pauses come oldest first, none before `start`, none within
    /// another.
    ///
    /// A term by the clock is moved by the time itself. One in days is moved by the days that began while the clock stood, which
    /// is how the ICO counts it: asked on the 3rd and told on the 10th are seven days; asked and told on one day are none. To
    /// round the hours up would give the desk a day that no regulator grants. Of business days only those count on which
    /// offices were open. An end that rolls does so after it was moved.
    pub fn end_with_pauses(
        self,
        start: DateTime<Utc>,
        pauses: &[Pause],
        calendar: &Calendar,
        zone: Tz,
    ) -> (DateTime<Utc>, usize) {
        let mut stood = Stood::default();
        let mut taken = 0;
        loop {
            let end = self.moved_end(start, stood, calendar, zone).max(start);
            match pauses.get(taken) {
                Some(pause) if pause.from <= end => {
                    stood.add(pause, calendar, zone);
                    taken += 1;
                }
                Some(_) | None => return (end, taken),
            }
        }
    }

    fn moved_end(self, start: DateTime<Utc>, stood: Stood, calendar: &Calendar, zone: Tz) -> DateTime<Utc> {
        let by_clock = |delta: Option<TimeDelta>| {
            let end = delta.and_then(|delta| start.checked_add_signed(delta));
            end.and_then(|end| end.checked_add_signed(stood.time)).unwrap_or(DateTime::<Utc>::MAX_UTC)
        };
        let day = start.with_timezone(&zone).date_naive();
        let first = self.first_day_counts;
        let last = match self.span {
            Span::Minutes(count) => return by_clock(TimeDelta::try_minutes(count.into())),
            Span::Hours(count) => return by_clock(TimeDelta::try_hours(count.into())),
            Span::BusinessDays(count) => {
                let count = count.saturating_add(stood.open_days);
                calendar.business_days_after(day, count, first)
            }
            Span::Days(count) => {
                let count = count - u32::from(first).min(count);
                later(day.checked_add_days(Days::new(count.into())), stood)
            }
            Span::Months(count) => later(months_after(day, count, first), stood),
            Span::Years(count) => later(months_after(day, count.saturating_mul(12), first), stood),
        };
        let last = last.map(|day| if self.rolls { calendar.next_open(day) } else { day });
        last.map_or(DateTime::<Utc>::MAX_UTC, |day| last_second(day, zone))
    }
}

/// A time in which a clock stood still.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Pause {
    /// From when.
    pub from: DateTime<Utc>,
    /// Until when.
    pub to: DateTime<Utc>,
}

/// How long a clock stood still in all, as each sort of term counts it.
#[derive(Clone, Copy, Default)]
struct Stood {
    time: TimeDelta,
    days: u32,
    open_days: u32,
}

impl Stood {
    fn add(&mut self, pause: &Pause, calendar: &Calendar, zone: Tz) {
        let day = |at: DateTime<Utc>| at.with_timezone(&zone).date_naive();
        let began = day(pause.from).iter_days().skip(1).take_while(|begun| *begun <= day(pause.to));
        for begun in began {
            self.days = self.days.saturating_add(1);
            self.open_days = self.open_days.saturating_add(u32::from(calendar.is_open(begun)));
        }
        self.time = self.time.checked_add(&(pause.to - pause.from)).unwrap_or(TimeDelta::MAX);
    }
}

fn later(day: Option<NaiveDate>, stood: Stood) -> Option<NaiveDate> {
    day?.checked_add_days(Days::new(stood.days.into()))
}

/// The same date so many months later, or else the month's last day. Where the first day counts, the day before that date:
/// a month that begins with 1 March is over with 31 March. Where there is no such date there is no day before it either, and
/// the month's last day is the end: one that begins with 31 January is over with 28 February.
fn months_after(day: NaiveDate, count: u32, first_day_counts: bool) -> Option<NaiveDate> {
    let there = day.checked_add_months(Months::new(count))?;
    if first_day_counts && there.day() == day.day() { there.pred_opt() } else { Some(there) }
}

impl Calendar {
    /// Saturdays and Sundays, and no holiday.
    pub fn weekends() -> Calendar {
        Calendar { weekend: vec![Weekday::Sat, Weekday::Sun], ..Calendar::default() }
    }

    /// Whether offices are open on a day.
    pub fn is_open(&self, day: NaiveDate) -> bool {
        self.is_open_by(day, &mut Years::default())
    }

    fn is_open_by(&self, day: NaiveDate, years: &mut Years) -> bool {
        let is_closed = self.weekend.contains(&day.weekday())
            || self.holidays.contains(&day)
            || self.is_yearly(day, years);
        !is_closed || self.also.iter().any(|other| other.is_open(day))
    }

    /// Whether offices are closed for a holiday of every year. One at the turn of a year may have moved across it.
    fn is_yearly(&self, day: NaiveDate, known: &mut Years) -> bool {
        !self.not_on.contains(&day) && self.has_yearly(&(day..=day), known)
    }

    /// Whether a holiday of every year falls on one of these few days, whether or not it was moved away.
    fn has_yearly(&self, days: &RangeInclusive<NaiveDate>, known: &mut Years) -> bool {
        if self.every_year.is_empty() {
            return false;
        }
        let (first, last) = (days.start(), days.end());
        let from = first.year() - i32::from(first.month() == 1);
        let to = last.year() + i32::from(last.month() == 12);
        let days_of = |year| yearly::days_of(&self.every_year, year, &self.weekend);
        (from..=to).any(|year| {
            let holidays = known.entry(year).or_insert_with(|| days_of(year));
            holidays.iter().any(|holiday| days.contains(holiday))
        })
    }

    /// This day, or the next one on which offices are open.
    pub fn next_open(&self, day: NaiveDate) -> NaiveDate {
        // A calendar that is never open would never end; a year is more than any has closed days in a row.
        let mut years = Years::default();
        day.iter_days().take(366).find(|day| self.is_open_by(*day, &mut years)).unwrap_or(day)
    }

    /// On how many days of the week offices are open at all.
    fn open_days_of_the_week(&self) -> u32 {
        use Weekday::{Fri, Mon, Sat, Sun, Thu, Tue, Wed};
        let all = [Mon, Tue, Wed, Thu, Fri, Sat, Sun];
        all.iter().map(|day| u32::from(!self.weekend.contains(day))).sum()
    }

    /// Whether no office is open for a year: by such a list no term in business days would end when it was meant to.
    pub fn is_closed_for_a_year(&self) -> bool {
        const YEAR: usize = 366;
        if self.open_days_of_the_week() == 0 {
            return true;
        }
        // Where offices are open on some day of the week, such a year is full of holidays: each run of closed days is walked once.
        let mut from: Option<NaiveDate> = None;
        // What comes back every year closes no other year than these, and lies the same again after 28.
        let first = NaiveDate::from_ymd_opt(2024, 1, 1).filter(|_| !self.every_year.is_empty());
        let weeks = first.into_iter().flat_map(|first| first.iter_weeks().take(28 * 53));
        let starts: BTreeSet<NaiveDate> = self.holidays.iter().copied().chain(weeks).collect();
        let mut years = Years::default();
        for holiday in &starts {
            if from.is_some_and(|open| *holiday <= open) {
                continue;
            }
            match holiday.iter_days().take(YEAR).find(|day| self.is_open_by(*day, &mut years)) {
                Some(open) => from = Some(open),
                None => return true,
            }
        }
        false
    }

    fn business_days_after(&self, day: NaiveDate, count: u32, first_day_counts: bool) -> Option<NaiveDate> {
        let per_week = self.open_days_of_the_week();
        if per_week == 0 {
            // A list that is never open cannot be what was meant; days of the calendar come soonest.
            let count = count - u32::from(first_day_counts).min(count);
            return day.checked_add_days(Days::new(count.into()));
        }
        let mut years = Years::default();
        let mut day = if first_day_counts { day } else { day.succ_opt()? };
        let mut left = count.max(1);
        loop {
            // Most weeks have no holiday, and need not be walked through.
            if left > per_week && self.also.is_empty() && self.is_plain_week(day, &mut years) {
                left -= per_week;
                day = day.checked_add_days(Days::new(7))?;
                continue;
            }
            left -= u32::from(self.is_open_by(day, &mut years));
            if left == 0 {
                return Some(day);
            }
            day = day.succ_opt()?;
        }
    }

    /// Whether none of the seven days from this one on is a holiday, not even one that was moved away.
    fn is_plain_week(&self, day: NaiveDate, known: &mut Years) -> bool {
        let week = day..=day.checked_add_days(Days::new(6)).unwrap_or(day);
        let is_proclaimed = self.holidays.range(week.clone()).next().is_some();
        !is_proclaimed && !self.has_yearly(&week, known)
    }
}

/// The holidays of every year, worked out once for each year that days are walked over.
type Years = BTreeMap<i32, Vec<NaiveDate>>;

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

/// The moment that lies so much later. Days and longer are days of the zone: the clock on the wall stays where it was. `None`
/// beyond the end of the calendar.
pub fn moment_after(
    start: DateTime<Utc>,
    span: Span,
    calendar: &Calendar,
    zone: Tz,
) -> Option<DateTime<Utc>> {
    let wall = start.with_timezone(&zone).naive_local();
    let day = match span {
        Span::Minutes(count) => return start.checked_add_signed(TimeDelta::try_minutes(count.into())?),
        Span::Hours(count) => return start.checked_add_signed(TimeDelta::try_hours(count.into())?),
        Span::Days(count) => wall.date().checked_add_days(Days::new(count.into())),
        Span::BusinessDays(count) => calendar.business_days_after(wall.date(), count, false),
        Span::Months(count) => wall.date().checked_add_months(Months::new(count)),
        Span::Years(count) => wall.date().checked_add_months(Months::new(count.checked_mul(12)?)),
    };
    Some(at(day?, wall.time(), zone))
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
