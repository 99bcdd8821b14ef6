//! Lengths of time as a rule or a person says them. Does not know a calendar: when a span ends is counted elsewhere.

use std::fmt;

use serde::{Deserialize, Serialize};

use super::glyph;

/// A length of time in one unit, never zero.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub enum Span {
    /// Minutes by the clock.
    Minutes(u32),
    /// Hours by the clock.
    Hours(u32),
    /// Days of the calendar.
    Days(u32),
    /// Days on which offices are open.
    BusinessDays(u32),
    /// Months of the calendar: the same date, or else the month's last day.
    Months(u32),
    /// Years of the calendar.
    Years(u32),
}

/// Why a text is not a span.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum SpanFault {
    /// It does not look like one.
    #[error("this is not a length of time; write it as 8 hours, 90 days, 10 business days or 1 month")]
    NotASpan,
    /// The unit is missing.
    #[error("{0} of what? Write it as {0} hours, {0} days or {0} months")]
    NoUnit(u32),
    /// `m` could be two things.
    #[error("m could be minutes or months; write {0} min or {0} months")]
    MinutesOrMonths(u32),
    /// Nothing, or less.
    #[error("a length of time is at least 1")]
    Zero,
    /// Longer than a century.
    #[error("that is longer than a hundred years")]
    TooLong,
    /// Not a whole number.
    #[error("write a whole number; instead of 1.5 hours, say, 90 min")]
    NotWhole,
}

impl Span {
    /// Reads `8 hours`, `90 days`, `2d`, `10 business days`, `10 working days`, `1 month`, `2 weeks`, `1 year`.
    pub fn read(text: &str) -> Result<Span, SpanFault> {
        let text = text.trim();
        if text.len() > 60 {
            return Err(SpanFault::NotASpan);
        }
        let digits_end = text.find(|c: char| !c.is_ascii_digit()).unwrap_or(text.len());
        let (digits, unit) = text.split_at_checked(digits_end).ok_or(SpanFault::NotASpan)?;
        if digits.is_empty() {
            return Err(SpanFault::NotASpan);
        }
        if unit.starts_with(['.', ',']) && unit.chars().nth(1).is_some_and(|c| c.is_ascii_digit()) {
            return Err(SpanFault::NotWhole);
        }
        // What no u32 holds is longer than a century in any unit.
        let count: u32 = digits.parse().map_err(|_| SpanFault::TooLong)?;
        let unit = unit.to_lowercase();
        let words: Vec<&str> = unit
            .split(|c: char| c.is_whitespace() || glyph::is_dash(c))
            .filter(|word| !word.is_empty())
            .collect();
        let (span, most) = match words.as_slice() {
            [] => return Err(SpanFault::NoUnit(count)),
            ["m"] => return Err(SpanFault::MinutesOrMonths(count)),
            ["min" | "mins" | "minute" | "minutes"] => (Span::Minutes(count), 52_596_000),
            ["h" | "hr" | "hrs" | "hour" | "hours"] => (Span::Hours(count), 876_600),
            ["d" | "day" | "days"] => (Span::Days(count), 36_525),
            ["calendar", "day" | "days"] => (Span::Days(count), 36_525),
            ["w" | "week" | "weeks"] => (Span::Days(count.saturating_mul(7)), 36_525),
            ["bd" | "businessday" | "businessdays" | "workday" | "workdays"] => {
                (Span::BusinessDays(count), 26_090)
            }
            ["business" | "working" | "work", "day" | "days"] => (Span::BusinessDays(count), 26_090),
            ["mo" | "month" | "months"] => (Span::Months(count), 1_200),
            ["y" | "yr" | "yrs" | "year" | "years"] => (Span::Years(count), 100),
            _ => return Err(SpanFault::NotASpan),
        };
        match span.count() {
            0 => Err(SpanFault::Zero),
            count if count > most => Err(SpanFault::TooLong),
            _ => Ok(span),
        }
    }

    /// How many of its unit.
    pub fn count(self) -> u32 {
        match self {
            Span::Minutes(count)
            | Span::Hours(count)
            | Span::Days(count)
            | Span::BusinessDays(count)
            | Span::Months(count)
            | Span::Years(count) => count,
        }
    }

    fn unit(self) -> &'static str {
        match self {
            Span::Minutes(_) => "minute",
            Span::Hours(_) => "hour",
            Span::Days(_) => "day",
            Span::BusinessDays(_) => "business day",
            Span::Months(_) => "month",
            Span::Years(_) => "year",
        }
    }
}

impl fmt::Display for Span {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let plural = if self.count() == 1 { "" } else { "s" };
        write!(f, "{} {}{plural}", self.count(), self.unit())
    }
}

impl TryFrom<String> for Span {
    type Error = SpanFault;
    fn try_from(text: String) -> Result<Span, SpanFault> {
        Span::read(&text)
    }
}

impl From<Span> for String {
    fn from(span: Span) -> String {
        span.to_string()
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn spans_are_read_as_rules_and_people_write_them() {
        for (text, span) in [
            ("8 hours", Span::Hours(8)),
            ("12h", Span::Hours(12)),
            ("90 days", Span::Days(90)),
            ("7d", Span::Days(7)),
            (" 2 Weeks ", Span::Days(14)),
            ("10 business days", Span::BusinessDays(10)),
            ("10 working\u{A0}days", Span::BusinessDays(10)),
            ("10-business–day", Span::BusinessDays(10)),
            ("1 month", Span::Months(1)),
            ("6 months", Span::Months(6)),
            ("1 year", Span::Years(1)),
            ("30 min", Span::Minutes(30)),
            ("010 days", Span::Days(10)),
        ] {
            assert_eq!(Span::read(text), Ok(span), "{text}");
        }
    }

    #[test]
    fn each_fault_is_named() {
        for (text, fault) in [
            ("", SpanFault::NotASpan),
            ("soon", SpanFault::NotASpan),
            ("-1 day", SpanFault::NotASpan),
            ("3 fortnights", SpanFault::NotASpan),
            ("٣ days", SpanFault::NotASpan),
            ("30m", SpanFault::MinutesOrMonths(30)),
            ("30", SpanFault::NoUnit(30)),
            ("0 days", SpanFault::Zero),
            ("1.5 hours", SpanFault::NotWhole),
            ("101 years", SpanFault::TooLong),
            ("4294967295 weeks", SpanFault::TooLong),
            ("99999999999 days", SpanFault::TooLong),
        ] {
            assert_eq!(Span::read(text), Err(fault), "{text}");
        }
        assert_eq!(
            SpanFault::MinutesOrMonths(30).to_string(),
            "m could be minutes or months; write 30 min or 30 months"
        );
    }

    #[test]
    fn one_is_not_many() {
        assert_eq!(Span::BusinessDays(1).to_string(), "1 business day");
        assert_eq!(Span::Months(6).to_string(), "6 months");
    }

    proptest! {
        #[test]
        fn a_written_span_is_read_as_itself(count in 1u32..=100, unit in 0usize..6) {
            let make = [Span::Minutes, Span::Hours, Span::Days, Span::BusinessDays, Span::Months, Span::Years];
            let span = make[unit](count);
            prop_assert_eq!(Span::read(&span.to_string()), Ok(span));
            let json = serde_json::to_string(&span).unwrap();
            prop_assert_eq!(serde_json::from_str::<Span>(&json).unwrap(), span);
        }

        #[test]
        fn no_text_breaks_it(text in "\\PC{0,20}|[0-9]{0,12}[ a-z]{0,20}") {
            let _ = Span::read(&text);
        }
    }
}
