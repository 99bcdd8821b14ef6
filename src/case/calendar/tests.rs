//! When terms end: what the law's examples say, the days on which clocks and calendars jump, and what must always hold.

use chrono_tz::{Africa, America, Asia, Europe, Pacific};
use proptest::prelude::*;

use super::*;

fn utc(text: &str) -> DateTime<Utc> {
    DateTime::parse_from_rfc3339(text).unwrap().to_utc()
}

fn day(text: &str) -> NaiveDate {
    text.parse().unwrap()
}

/// England's weekends, Christmas 2026, New Year and Good Friday 2027.
fn england() -> Calendar {
    let holidays = ["2026-12-25", "2026-12-28", "2027-01-01", "2027-03-26", "2027-03-29"];
    Calendar { holidays: holidays.map(day).into(), ..Calendar::weekends() }
}

/// The last day of a term that begins at noon of a day in London.
fn last_day(term: &str, begins: &str, calendar: &Calendar) -> NaiveDate {
    let zone = Europe::London;
    let start = at(day(begins), NaiveTime::from_hms_opt(12, 0, 0).unwrap(), zone);
    let end = Term::read(term).unwrap().end(start, calendar, zone);
    let last = end.with_timezone(&zone).date_naive();
    assert_eq!(end, last_second(last, zone), "{term} from {begins} ends with a day");
    last
}

#[test]
fn months_end_on_the_same_date_or_the_months_last_day_and_roll() {
    let calendar = england();
    for (term, begins, ends) in [
        ("1 month", "2026-09-03", "2026-10-05"), // the ICO's own example, in a year where the 3rd is a Saturday
        ("1 month", "2025-09-03", "2025-10-03"),
        ("1 month", "2027-01-31", "2027-03-01"), // 28 February is a Sunday
        ("1 month", "2028-01-31", "2028-02-29"), // a leap year, a Tuesday
        ("1 month", "2028-01-29", "2028-02-29"),
        ("1 month", "2025-01-31", "2025-02-28"),
        ("1 month", "2026-10-31", "2026-11-30"),
        ("1 month", "2026-11-25", "2026-12-29"), // Christmas, the weekend, its substitute
        ("1 month", "2027-02-26", "2027-03-30"), // Good Friday to Easter Monday
        ("1 month, not rolling", "2026-11-25", "2026-12-25"),
        ("2 months", "2026-12-31", "2027-03-01"),
        ("3 months", "2026-11-30", "2027-03-01"),
        ("12 months", "2028-02-29", "2029-02-28"),
        ("1 year", "2028-02-29", "2029-02-28"),
        ("4 years", "2028-02-29", "2032-03-01"), // 29 February 2032 is a Sunday
        ("4 years, not rolling", "2028-02-29", "2032-02-29"),
        ("90 days", "2026-11-21", "2027-02-19"),
        ("30 days", "2026-11-05", "2026-12-05"), // days of the calendar roll only where it is said
        ("30 days, rolling", "2026-11-05", "2026-12-07"),
        ("60 days", "2028-01-01", "2028-03-01"),
        ("60 days", "2027-01-01", "2027-03-02"),
    ] {
        assert_eq!(last_day(term, begins, &calendar), day(ends), "{term} from {begins}");
    }
}

#[test]
fn where_the_first_day_counts_the_term_ends_a_day_before() {
    let calendar = england();
    for (term, begins, ends) in [
        ("1 month counting its first day, not rolling", "2026-11-10", "2026-12-09"),
        ("1 month counting its first day, not rolling", "2027-03-01", "2027-03-31"),
        ("1 month counting its first day, not rolling", "2027-02-01", "2027-02-28"),
        ("1 month counting its first day, not rolling", "2027-01-28", "2027-02-27"),
        ("1 month counting its first day, not rolling", "2027-01-29", "2027-02-28"),
        ("1 month counting its first day, not rolling", "2027-01-31", "2027-02-28"),
        ("1 month counting its first day, not rolling", "2028-01-31", "2028-02-29"),
        ("1 month counting its first day, not rolling", "2026-12-31", "2027-01-30"),
        ("1 month counting its first day", "2026-11-29", "2026-12-29"), // the 28th is a holiday
        ("1 year counting its first day, not rolling", "2028-02-29", "2029-02-28"),
        ("1 year counting its first day, not rolling", "2027-03-01", "2028-02-29"),
        ("3 days counting its first day, not rolling", "2026-12-24", "2026-12-26"), // IPA s.65(3A)
        ("1 day counting its first day", "2026-12-26", "2026-12-26"),
    ] {
        assert_eq!(last_day(term, begins, &calendar), day(ends), "{term} from {begins}");
    }
}

#[test]
fn business_days_pass_over_what_is_closed() {
    let calendar = england();
    for (term, begins, ends) in [
        ("1 business day", "2026-11-20", "2026-11-23"), // a Friday
        ("1 business day", "2026-11-21", "2026-11-23"), // a Saturday
        ("1 business day", "2026-11-22", "2026-11-23"),
        ("10 business days", "2026-11-18", "2026-12-02"),
        ("14 business days", "2026-11-18", "2026-12-08"),
        ("2 business days", "2026-12-24", "2026-12-30"),
        ("1 business day counting its first day", "2026-11-20", "2026-11-20"),
        ("1 business day counting its first day", "2026-11-21", "2026-11-23"),
        ("5 business days counting its first day", "2026-11-20", "2026-11-26"),
        ("10 business days, rolling", "2026-11-18", "2026-12-02"),
    ] {
        assert_eq!(last_day(term, begins, &calendar), day(ends), "{term} from {begins}");
    }
}

#[test]
fn a_list_that_is_never_open_counts_every_day() {
    use Weekday::{Fri, Mon, Sat, Sun, Thu, Tue, Wed};
    let never = Calendar { weekend: vec![Sun, Mon, Tue, Wed, Thu, Fri, Sat, Sat], ..Calendar::weekends() };
    assert_eq!(last_day("10 business days", "2026-11-20", &never), day("2026-11-30"));
    assert_eq!(last_day("10 business days counting its first day", "2026-11-20", &never), day("2026-11-29"));
    assert_eq!(last_day("1 month", "2026-11-20", &never), day("2026-12-20"));
    let fridays = Calendar { weekend: vec![Sat, Sat, Sun, Mon, Tue, Wed, Thu], ..Calendar::weekends() };
    assert_eq!(last_day("2 business days", "2026-11-20", &fridays), day("2026-12-04"));
}

#[test]
fn hours_run_by_the_clock_and_days_by_the_calendar_when_the_time_changes() {
    let calendar = Calendar::weekends();
    let end = |term: &str, start: &str, zone| Term::read(term).unwrap().end(utc(start), &calendar, zone);
    for (term, start, zone, ends) in [
        // Forward: the night to 29 March 2026 has 23 hours.
        ("24 hours", "2026-03-28T12:00:00Z", Europe::London, "2026-03-29T12:00:00Z"),
        ("1 day", "2026-03-28T12:00:00Z", Europe::London, "2026-03-29T22:59:59Z"),
        ("7 days", "2026-03-24T12:00:00Z", Europe::London, "2026-03-31T22:59:59Z"),
        // Back: the night to 25 October 2026 has 25.
        ("48 hours", "2026-10-24T12:00:00Z", Europe::London, "2026-10-26T12:00:00Z"),
        ("1 day", "2026-10-24T12:00:00Z", Europe::London, "2026-10-25T23:59:59Z"),
        ("1 day", "2026-10-23T22:59:59Z", Europe::London, "2026-10-24T22:59:59Z"),
        // A minute later it is the next day in London, and the day before still in New York.
        ("1 day", "2026-10-23T23:00:00Z", Europe::London, "2026-10-25T23:59:59Z"),
        ("1 day", "2026-10-24T03:59:00Z", America::New_York, "2026-10-25T03:59:59Z"),
        // Midnight is left out, or comes twice.
        ("1 day", "2018-11-02T15:00:00Z", America::Sao_Paulo, "2018-11-04T02:59:59Z"),
        ("1 day", "2018-11-03T15:00:00Z", America::Sao_Paulo, "2018-11-05T01:59:59Z"),
        ("1 day", "2026-10-30T15:00:00Z", America::Havana, "2026-11-01T03:59:59Z"),
        ("1 day", "2026-10-31T15:00:00Z", America::Havana, "2026-11-02T04:59:59Z"),
        ("1 day", "2026-04-22T15:00:00Z", Africa::Cairo, "2026-04-23T21:59:59Z"),
        ("1 day", "2026-04-23T15:00:00Z", Africa::Cairo, "2026-04-24T20:59:59Z"),
        // Samoa had no 30 December 2011.
        ("2 days", "2011-12-29T15:00:00Z", Pacific::Apia, "2011-12-31T09:59:59Z"),
        ("3 days", "2011-12-28T15:00:00Z", Pacific::Apia, "2011-12-31T09:59:59Z"),
        ("1 day", "2011-12-28T15:00:00Z", Pacific::Apia, "2011-12-30T09:59:59Z"),
        ("1 day", "2011-12-29T15:00:00Z", Pacific::Apia, "2011-12-30T09:59:59Z"),
    ] {
        assert_eq!(end(term, start, zone), utc(ends), "{term} from {start} in {zone}");
    }
}

#[test]
fn a_pause_moves_the_end_by_the_days_that_began_in_it() {
    let calendar = england();
    let zone = Europe::London;
    let start = utc("2026-11-02T12:00:00Z"); // a Monday
    let end = |term: &str, pauses: &[(&str, &str)]| {
        let pauses: Vec<Pause> =
            pauses.iter().map(|(from, to)| Pause { from: utc(from), to: utc(to) }).collect();
        let (end, taken) = Term::read(term).unwrap().end_with_pauses(start, &pauses, &calendar, zone);
        (end.with_timezone(&zone).format("%m-%d %H:%M:%S").to_string(), taken)
    };
    let is = |text: &str, taken| (text.to_owned(), taken);
    // Asked on the 3rd, told on the 10th: seven days.
    let week = ("2026-11-03T17:00:00Z", "2026-11-10T09:00:00Z");
    assert_eq!(end("10 days", &[]), is("11-12 23:59:59", 0));
    assert_eq!(end("10 days", &[week]), is("11-19 23:59:59", 1));
    // Asked and told on one day: none; over midnight: one.
    assert_eq!(end("10 days", &[("2026-11-03T09:00:00Z", "2026-11-03T22:00:00Z")]), is("11-12 23:59:59", 1));
    assert_eq!(end("10 days", &[("2026-11-03T23:00:00Z", "2026-11-04T01:00:00Z")]), is("11-13 23:59:59", 1));
    // Two pauses that meet on one day do not count it twice.
    let second = ("2026-11-10T12:00:00Z", "2026-11-12T12:00:00Z");
    assert_eq!(end("10 days", &[week, second]), is("11-21 23:59:59", 2));
    // The second begins when the term, moved by the first, still runs; without the first it would not.
    let late = ("2026-11-18T12:00:00Z", "2026-11-20T12:00:00Z");
    assert_eq!(end("10 days", &[week, late]), is("11-21 23:59:59", 2));
    assert_eq!(end("10 days", &[late]), is("11-12 23:59:59", 0));
    // What rolls does so after it was moved: 2 December and 3 days is a Saturday.
    assert_eq!(end("1 month", &[("2026-11-03T12:00:00Z", "2026-11-06T12:00:00Z")]), is("12-07 23:59:59", 1));
    // Of business days those count on which offices were open.
    assert_eq!(end("10 business days", &[week]), is("11-23 23:59:59", 1));
    assert_eq!(
        end("10 business days", &[("2026-11-06T12:00:00Z", "2026-11-08T12:00:00Z")]),
        is("11-16 23:59:59", 1)
    );
    // What runs by the hour stands by the second.
    assert_eq!(end("8 hours", &[("2026-11-02T13:00:00Z", "2026-11-02T13:20:30Z")]), is("11-02 20:20:30", 1));
}

#[test]
fn what_lies_beyond_the_calendar_is_its_end() {
    let zone = Europe::London;
    let far = DateTime::<Utc>::MAX_UTC - TimeDelta::days(400);
    for term in ["100 years", "1200 months", "36525 days", "26000 business days", "876600 hours"] {
        assert_eq!(Term::read(term).unwrap().end(far, &england(), zone), DateTime::<Utc>::MAX_UTC, "{term}");
    }
}

#[test]
fn terms_are_written_as_they_are_read() {
    for text in [
        "8 hours",
        "90 days",
        "10 business days",
        "1 month",
        "1 month counting its first day, not rolling",
        "3 days counting its first day",
        "30 days, rolling",
        "1 year, not rolling",
    ] {
        assert_eq!(Term::read(text).unwrap().to_string(), text);
    }
    assert_eq!(
        Term::read("3 Days, counting its first day, not rolling").unwrap().to_string(),
        "3 days counting its first day"
    );
    assert!(Term::read("1 month rolling on").is_err());
}

fn zones() -> impl Strategy<Value = Tz> {
    prop::sample::select(vec![
        Europe::London,
        Europe::Berlin,
        America::Sao_Paulo,
        America::Havana,
        Africa::Cairo,
        Pacific::Apia,
        Asia::Kathmandu,
        chrono_tz::Australia::Lord_Howe,
        chrono_tz::UTC,
    ])
}

fn starts() -> impl Strategy<Value = DateTime<Utc>> {
    // 1970 to 2100, to the millisecond.
    (0i64..4_102_444_800_000).prop_map(|millis| DateTime::from_timestamp_millis(millis).unwrap())
}

fn spans() -> impl Strategy<Value = Span> {
    prop_oneof![
        (1u32..5_000).prop_map(Span::Minutes),
        (1u32..500).prop_map(Span::Hours),
        (1u32..400).prop_map(Span::Days),
        (1u32..300).prop_map(Span::BusinessDays),
        (1u32..30).prop_map(Span::Months),
        (1u32..10).prop_map(Span::Years),
    ]
}

fn all_terms() -> impl Strategy<Value = Term> {
    (spans(), any::<bool>(), any::<bool>()).prop_map(|(span, first_day_counts, rolls)| Term {
        span,
        first_day_counts,
        rolls,
    })
}

fn calendars() -> impl Strategy<Value = Calendar> {
    use Weekday::{Fri, Mon, Sat, Sun, Thu, Tue, Wed};
    let weekend = prop::sample::subsequence(vec![Mon, Tue, Wed, Thu, Fri, Sat, Sun], 0..=7);
    let holidays = prop::collection::btree_set(0i64..47_480, 0..40);
    (weekend, holidays).prop_map(|(weekend, holidays)| {
        let first = NaiveDate::from_ymd_opt(1970, 1, 1).unwrap();
        let holidays = holidays.into_iter().map(|days| first + TimeDelta::days(days)).collect();
        Calendar { weekend, holidays, ..Calendar::default() }
    })
}

fn longer(span: Span) -> Span {
    match span {
        Span::Minutes(count) => Span::Minutes(count + 1),
        Span::Hours(count) => Span::Hours(count + 1),
        Span::Days(count) => Span::Days(count + 1),
        Span::BusinessDays(count) => Span::BusinessDays(count + 1),
        Span::Months(count) => Span::Months(count + 1),
        Span::Years(count) => Span::Years(count + 1),
    }
}

/// Pauses from a start on, in order, given as gaps and lengths in minutes.
fn pauses(start: DateTime<Utc>, lengths: &[(u32, u32)]) -> Vec<Pause> {
    let mut from = start;
    let minutes = |count: &u32| TimeDelta::minutes(i64::from(*count));
    lengths
        .iter()
        .map(|(gap, length)| {
            let pause = Pause { from: from + minutes(gap), to: from + minutes(gap) + minutes(length) };
            from = pause.to;
            pause
        })
        .collect()
}

/// A holiday of every year, often at a year's turn, where it may move into the next.
fn every_year() -> impl Strategy<Value = Yearly> {
    let texts = [
        "1 january or the next working day",
        "1 january or the nearest working day",
        "31 december or the next working day",
        "25 december or the next working day",
        "26 december",
        "29 february",
        "easter -2 days",
        "last monday of may",
        "fourth thursday of november",
    ];
    prop::sample::select(texts.to_vec()).prop_map(|text| Yearly::read(text).unwrap())
}

proptest! {
    #[test]
    fn business_days_are_those_that_a_walk_over_each_day_counts(
        first in 0i64..40_000, count in 0u32..300, first_day_counts: bool, near in prop::collection::vec(0i64..500, 0..30),
        calendar in calendars(), yearly in prop::collection::vec(every_year(), 0..6), moved in prop::collection::vec(0i64..500, 0..9),
    ) {
        let first = day("1970-01-01") + TimeDelta::days(first);
        let after = |days: i64| first + TimeDelta::days(days);
        let mut calendar = Calendar { every_year: yearly, ..calendar };
        calendar.holidays.extend(near.into_iter().map(after));
        calendar.not_on.extend(moved.into_iter().map(after));
        prop_assume!(calendar.weekend.len() < 7);
        let mut open = first.iter_days().skip(usize::from(!first_day_counts)).filter(|day| calendar.is_open(*day));
        let walked = open.nth(count.saturating_sub(1).try_into().unwrap());
        prop_assert_eq!(calendar.business_days_after(first, count, first_day_counts), walked);
    }

    #[test]
    fn an_end_is_never_before_its_start(term in all_terms(), start in starts(), calendar in calendars(), zone in zones()) {
        prop_assert!(term.end(start, &calendar, zone) >= start);
    }

    #[test]
    fn whoever_begins_later_ends_no_sooner(
        term in all_terms(), start in starts(), later in 0i64..200_000_000, calendar in calendars(), zone in zones(),
    ) {
        let then = start + TimeDelta::milliseconds(later);
        prop_assert!(term.end(start, &calendar, zone) <= term.end(then, &calendar, zone));
    }

    #[test]
    fn a_longer_term_ends_no_sooner(term in all_terms(), start in starts(), calendar in calendars(), zone in zones()) {
        let more = Term { span: longer(term.span), ..term };
        prop_assert!(term.end(start, &calendar, zone) <= more.end(start, &calendar, zone));
    }

    #[test]
    fn what_rolls_ends_on_an_open_day_and_no_sooner(
        term in all_terms(), start in starts(), calendar in calendars(), zone in zones(),
    ) {
        let (still, rolled) = (Term { rolls: false, ..term }, Term { rolls: true, ..term });
        let (still, end) = (still.end(start, &calendar, zone), rolled.end(start, &calendar, zone));
        prop_assert!(still <= end);
        let last = end.with_timezone(&zone).date_naive();
        // A day that a zone has left out ends with the one before it.
        let left_out = zone == Pacific::Apia && last == day("2011-12-29");
        if !term.is_by_clock() && calendar.open_days_of_the_week() > 0 && !left_out {
            prop_assert!(calendar.is_open(last), "{}", last);
        }
        prop_assert!(term.is_by_clock() || end == start || end == last_second(last, zone));
    }

    #[test]
    fn where_the_first_day_counts_it_ends_no_later(
        term in all_terms(), start in starts(), calendar in calendars(), zone in zones(),
    ) {
        let (with, without) = (Term { first_day_counts: true, ..term }, Term { first_day_counts: false, ..term });
        prop_assert!(with.end(start, &calendar, zone) <= without.end(start, &calendar, zone));
    }

    #[test]
    fn a_pause_never_brings_the_end_nearer(
        term in all_terms(), start in starts(), calendar in calendars(), zone in zones(),
        lengths in prop::collection::vec((0u32..20_000, 1u32..20_000), 0..5),
    ) {
        let all = pauses(start, &lengths);
        let mut before = term.end(start, &calendar, zone);
        for count in 0..=all.len() {
            let (end, taken) = term.end_with_pauses(start, &all[..count], &calendar, zone);
            prop_assert!(end >= before);
            prop_assert!(taken <= count);
            if let Some(missed) = all[..count].get(taken) {
                prop_assert!(missed.from > end);
            }
            before = end;
        }
    }

    #[test]
    fn days_begin_and_end_where_the_next_ones_do(date in 0i64..47_480, zone in zones()) {
        let date = NaiveDate::from_ymd_opt(1970, 1, 1).unwrap() + TimeDelta::days(date);
        let (first, last) = (first_moment(date, zone), last_second(date, zone));
        prop_assert_eq!(last + TimeDelta::seconds(1), first_moment(date.succ_opt().unwrap(), zone));
        prop_assert!(first <= last + TimeDelta::seconds(1));
        if !(zone == Pacific::Apia && date == day("2011-12-30")) {
            prop_assert_eq!(first.with_timezone(&zone).date_naive(), date);
            prop_assert_eq!(last.with_timezone(&zone).date_naive(), date);
        }
    }

    #[test]
    fn a_written_term_is_read_as_itself(term in all_terms()) {
        let written = term.to_string();
        prop_assert_eq!(Term::read(&written), Ok(term), "{}", written);
    }

    #[test]
    fn no_text_breaks_it(text in "\\PC{0,40}|[0-9]{1,3} (day|month)s?( counting its first day)?,?( not)?( rolling)?") {
        let _ = Term::read(&text);
    }
}

#[test]
fn what_comes_back_every_year_never_ends_and_a_proclamation_moves_it_once() {
    let yearly = |text: &str| Yearly::read(text).unwrap();
    let calendar = Calendar {
        every_year: vec![
            yearly("1 january or the nearest working day"),
            yearly("last monday of may"),
            yearly("25 december or the next working day"),
            yearly("26 december or the next working day"),
        ],
        holidays: [day("2022-06-02")].into(),
        not_on: [day("2022-05-30")].into(),
        ..Calendar::weekends()
    };
    // At the turn of a year a day moves into the other one.
    for closed in ["2027-12-31", "2022-06-02", "2023-05-29", "2022-12-27", "2094-12-27", "2094-12-28"] {
        assert!(!calendar.is_open(day(closed)), "{closed}");
    }
    // Two that fall on one weekend take two days after it.
    for open in ["2022-05-30", "2022-06-03", "2022-12-28", "2028-01-03", "2094-12-29"] {
        assert!(calendar.is_open(day(open)), "{open}");
    }
    let kept = serde_json::to_string(&calendar).unwrap();
    assert_eq!(serde_json::from_str::<Calendar>(&kept).unwrap(), calendar);
    assert!(!calendar.is_closed_for_a_year());
}
