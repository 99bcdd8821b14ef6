//! When people are reminded: how long before a date, at what time of day, in which hours not; and other times that the
//! settings hold. Does not know the date or the zone.

use std::fmt;
use std::time::Duration;

use chrono::NaiveTime;

use super::{Span, SpanFault};

/// How long before something falls due a reminder is given.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Distance {
    /// That long before.
    Before(Span),
    /// On the day itself; written `0d`.
    OnTheDay,
}

/// Hours of every day in which nobody is called for what can wait. They may pass midnight.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Quiet {
    from: NaiveTime,
    to: NaiveTime,
}

/// Why a text is no such time.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum TimeFault {
    /// Not a time of day.
    #[error("write a time of day as \"09:00\"")]
    Time,
    /// Not two times.
    #[error("write two times of day as \"22:00-07:00\"")]
    Hours,
    /// From a time to itself.
    #[error("the quiet hours begin when they end: that could be never or always")]
    NeverOrAlways,
    /// Not a length of time.
    #[error(transparent)]
    Span(#[from] SpanFault),
    /// A cooling time outside its bounds.
    #[error("the cooling time is 1 minute to 24 hours, as in 10m or 2h")]
    Cooling,
    /// A time after which somebody is to know, outside its bounds.
    #[error("somebody is to know after 1 minute to 24 hours, as in 10m or 2h")]
    AlarmAfter,
    /// Backups kept by the hour, or by days that offices are open.
    #[error("backups are kept for days, months or years, as in 30d")]
    Keep,
}

/// When people are reminded.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Reminders {
    /// How long before something falls due; each once, in the order in which they are written.
    pub at: Vec<Distance>,
    /// When the daily overview is posted, and when what is counted in days is reminded of.
    pub digest: NaiveTime,
    /// When nobody is called for what can wait.
    pub quiet: Quiet,
}

impl Default for Reminders {
    /// 30, 14, 7, 3, 1 days before and on the day, at 09:00, and not between 22:00 and 07:00.
    fn default() -> Reminders {
        let days = [30, 14, 7, 3, 1].map(|days| Distance::Before(Span::Days(days)));
        let hour = |hour| NaiveTime::from_hms_opt(hour, 0, 0).unwrap_or_default();
        Reminders {
            at: days.into_iter().chain([Distance::OnTheDay]).collect(),
            digest: hour(9),
            quiet: Quiet { from: hour(22), to: hour(7) },
        }
    }
}

impl Distance {
    /// Reads `0d`, or a span.
    pub fn read(text: &str) -> Result<Distance, TimeFault> {
        let text = text.trim();
        let unit = text.trim_start_matches('0').trim().to_lowercase();
        if text.starts_with('0') && matches!(unit.as_str(), "d" | "day" | "days") {
            return Ok(Distance::OnTheDay);
        }
        Ok(Distance::Before(Span::read(text)?))
    }
}

impl fmt::Display for Distance {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Distance::Before(span) => span.fmt(f),
            Distance::OnTheDay => f.write_str("0 days"),
        }
    }
}

impl Quiet {
    /// Reads `22:00-07:00`.
    pub fn read(text: &str) -> Result<Quiet, TimeFault> {
        let (from, to) = text.split_once(['-', '–', '—']).ok_or(TimeFault::Hours)?;
        let time = |text: &str| time_of_day(text).map_err(|_| TimeFault::Hours);
        Quiet::between(time(from)?, time(to)?)
    }

    /// The hours from one time up to another, perhaps of the next day.
    pub fn between(from: NaiveTime, to: NaiveTime) -> Result<Quiet, TimeFault> {
        if from == to {
            return Err(TimeFault::NeverOrAlways);
        }
        Ok(Quiet { from, to })
    }

    /// When they begin.
    pub fn from(self) -> NaiveTime {
        self.from
    }

    /// When they have ended.
    pub fn to(self) -> NaiveTime {
        self.to
    }

    /// Whether a time of day is quiet; the first minute is, the one they end at is not.
    pub fn has(self, time: NaiveTime) -> bool {
        if self.from < self.to {
            self.from <= time && time < self.to
        } else {
            self.from <= time || time < self.to
        }
    }
}

/// Reads `09:00`.
pub fn time_of_day(text: &str) -> Result<NaiveTime, TimeFault> {
    NaiveTime::parse_from_str(text.trim(), "%H:%M").map_err(|_| TimeFault::Time)
}

/// Reads a cooling time.
pub fn cooling(text: &str) -> Result<Span, TimeFault> {
    short(text, TimeFault::Cooling).map(|(span, _)| span)
}

/// Reads after how long without a word from the homeserver somebody is to know.
pub fn alarm_after(text: &str) -> Result<Duration, TimeFault> {
    short(text, TimeFault::AlarmAfter).map(|(_, minutes)| Duration::from_secs(60 * u64::from(minutes)))
}

/// Reads a minute to a day, and how many minutes that is. Alone here `m` is minutes: nobody waits months.
fn short(text: &str, outside: TimeFault) -> Result<(Span, u32), TimeFault> {
    let span = match Span::read(text) {
        Err(SpanFault::MinutesOrMonths(0)) => return Err(outside),
        Err(SpanFault::MinutesOrMonths(count)) => Span::Minutes(count),
        Err(fault) => return Err(TimeFault::Span(fault)),
        Ok(span) => span,
    };
    match span {
        Span::Minutes(count @ 1..=1_440) => Ok((span, count)),
        Span::Hours(count @ 1..=24) => Ok((span, 60 * count)),
        Span::Minutes(_)
        | Span::Hours(_)
        | Span::Days(_)
        | Span::BusinessDays(_)
        | Span::Months(_)
        | Span::Years(_) => Err(outside),
    }
}

/// Reads how long backups are kept.
pub fn keep(text: &str) -> Result<Span, TimeFault> {
    match Span::read(text)? {
        span @ (Span::Days(_) | Span::Months(_) | Span::Years(_)) => Ok(span),
        Span::Minutes(_) | Span::Hours(_) | Span::BusinessDays(_) => Err(TimeFault::Keep),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(text: &str) -> NaiveTime {
        time_of_day(text).unwrap()
    }

    #[test]
    fn distances_include_the_day_itself() {
        assert_eq!(Distance::read("0d"), Ok(Distance::OnTheDay));
        assert_eq!(Distance::read("0 days"), Ok(Distance::OnTheDay));
        assert_eq!(Distance::read("30d"), Ok(Distance::Before(Span::Days(30))));
        assert_eq!(Distance::read("4h"), Ok(Distance::Before(Span::Hours(4))));
        assert_eq!(Distance::read("0h"), Err(TimeFault::Span(SpanFault::Zero)));
        assert_eq!(Distance::read("1m"), Err(TimeFault::Span(SpanFault::MinutesOrMonths(1))));
        assert_eq!(Distance::read("d"), Err(TimeFault::Span(SpanFault::NotASpan)));
    }

    #[test]
    fn quiet_hours_pass_midnight_or_do_not() {
        let night = Quiet::read("22:00-07:00").unwrap();
        for (time, is_quiet) in [
            ("21:59", false),
            ("22:00", true),
            ("00:00", true),
            ("06:59", true),
            ("07:00", false),
            ("12:00", false),
        ] {
            assert_eq!(night.has(at(time)), is_quiet, "{time}");
        }
        let noon = Quiet::read("12:00 – 13:00").unwrap();
        assert!(noon.has(at("12:30")) && !noon.has(at("13:00")) && !noon.has(at("00:00")));
        assert_eq!(Quiet::read("09:00-09:00"), Err(TimeFault::NeverOrAlways));
        assert_eq!(Quiet::read("22-7"), Err(TimeFault::Hours));
        assert_eq!(Quiet::read("25:00-07:00"), Err(TimeFault::Hours));
    }

    #[test]
    fn a_cooling_time_is_minutes_or_hours() {
        assert_eq!(cooling("10m"), Ok(Span::Minutes(10)));
        assert_eq!(cooling("2 hours"), Ok(Span::Hours(2)));
        for text in ["0m", "25h", "1441 min", "1d", "2 months"] {
            assert_eq!(cooling(text), Err(TimeFault::Cooling), "{text}");
        }
        for (text, seconds) in [("1m", 60), ("90 min", 5_400), ("24h", 86_400)] {
            assert_eq!(alarm_after(text), Ok(Duration::from_secs(seconds)), "{text}");
        }
        for text in ["0m", "25 hours", "1d"] {
            assert_eq!(alarm_after(text), Err(TimeFault::AlarmAfter), "{text}");
        }
        assert_eq!(cooling("soon"), Err(TimeFault::Span(SpanFault::NotASpan)));
    }

    #[test]
    fn backups_are_kept_for_days_at_least() {
        assert_eq!(keep("30d"), Ok(Span::Days(30)));
        assert_eq!(keep("12h"), Err(TimeFault::Keep));
        assert_eq!(keep("3m"), Err(TimeFault::Span(SpanFault::MinutesOrMonths(3))));
    }
}
