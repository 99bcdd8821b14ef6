//! On which days offices are closed, held against what was published: the statute's rules must come to the same days.

use std::collections::BTreeSet;

use chrono::{Datelike, NaiveDate};

use super::policy;

/// Published by the governments, and by the European Central Bank.
const PUBLISHED: &[(&str, &str)] = &[
    (
        "england",
        "2024-01-01 2024-03-29 2024-04-01 2024-05-06 2024-05-27 2024-08-26 2024-12-25 2024-12-26 2025-01-01 \
         2025-04-18 2025-04-21 2025-05-05 2025-05-26 2025-08-25 2025-12-25 2025-12-26 2026-01-01 2026-04-03 \
         2026-04-06 2026-05-04 2026-05-25 2026-08-31 2026-12-25 2026-12-28 2027-01-01 2027-03-26 2027-03-29 \
         2027-05-03 2027-05-31 2027-08-30 2027-12-27 2027-12-28 2028-01-03 2028-04-14 2028-04-17 2028-05-01 \
         2028-05-29 2028-08-28 2028-12-25 2028-12-26",
    ),
    (
        "us-federal",
        "2024-01-01 2024-01-15 2024-02-19 2024-05-27 2024-06-19 2024-07-04 2024-09-02 2024-10-14 2024-11-11 \
         2024-11-28 2024-12-25 2025-01-01 2025-01-20 2025-02-17 2025-05-26 2025-06-19 2025-07-04 2025-09-01 \
         2025-10-13 2025-11-11 2025-11-27 2025-12-25 2026-01-01 2026-01-19 2026-02-16 2026-05-25 2026-06-19 \
         2026-07-03 2026-09-07 2026-10-12 2026-11-11 2026-11-26 2026-12-25 2027-01-01 2027-01-18 2027-02-15 \
         2027-05-31 2027-06-18 2027-07-05 2027-09-06 2027-10-11 2027-11-11 2027-11-25 2027-12-24 2027-12-31 \
         2028-01-17 2028-02-21 2028-05-29 2028-06-19 2028-07-04 2028-09-04 2028-10-09 2028-11-10 2028-11-23 \
         2028-12-25",
    ),
    (
        "target",
        "2024-01-01 2024-03-29 2024-04-01 2024-05-01 2024-12-25 2024-12-26 2025-01-01 2025-04-18 2025-04-21 \
         2025-05-01 2025-12-25 2025-12-26 2026-01-01 2026-04-03 2026-04-06 2026-05-01 2026-12-25 2026-12-26 \
         2027-01-01 2027-03-26 2027-03-29 2027-05-01 2027-12-25 2027-12-26 2028-01-01 2028-04-14 2028-04-17 \
         2028-05-01 2028-12-25 2028-12-26",
    ),
];
/// Some of the years before and after, where a day falls on a weekend or a year turns.
const AROUND: &[(&str, &str)] = &[
    (
        "england",
        "2021-12-27 2021-12-28 2022-01-03 2022-12-26 2022-12-27 2023-01-02 2029-01-01 2029-03-30 2029-04-02 \
         2029-05-07 2029-05-28 2029-08-27 2029-12-25 2029-12-26 2032-12-27 2032-12-28 2033-01-03 2033-12-26 \
         2033-12-27 2034-01-02",
    ),
    (
        "us-federal",
        "2021-12-24 2021-12-31 2022-06-20 2022-12-26 2023-01-02 2023-11-10 2029-01-01 2029-01-15 2029-02-19 \
         2029-05-28 2029-06-19 2029-07-04 2029-09-03 2029-10-08 2029-11-12 2029-11-22 2029-12-25 2032-07-05 \
         2032-12-24 2032-12-31 2033-12-26",
    ),
    ("target", "2029-01-01 2029-03-30 2029-04-02 2029-05-01 2029-12-25 2029-12-26 2035-03-23 2035-03-26"),
];

fn days(listed: &str) -> BTreeSet<NaiveDate> {
    listed.split_whitespace().map(|day| day.parse().unwrap()).collect()
}

#[test]
fn offices_close_on_the_days_on_which_they_do() {
    let all = policy(&["uk", "us", "eu"]);
    for (name, listed) in PUBLISHED {
        let calendar = all.calendars.get(*name).unwrap();
        let first = NaiveDate::from_ymd_opt(2024, 1, 1).unwrap();
        let is_weekday = |day: &NaiveDate| !calendar.weekend.contains(&day.weekday());
        let weekdays = first.iter_days().take_while(|day| day.year() <= 2028).filter(is_weekday);
        let closed: BTreeSet<NaiveDate> = weekdays.filter(|day| !calendar.is_open(*day)).collect();
        let published: BTreeSet<NaiveDate> = days(listed).into_iter().filter(is_weekday).collect();
        assert_eq!(closed, published, "{name}");
    }
    for (name, listed) in AROUND {
        let calendar = all.calendars.get(*name).unwrap();
        for day in days(listed) {
            assert!(!calendar.is_open(day), "{name}: {day}");
        }
    }
}

#[test]
fn no_list_ends() {
    let all = policy(&["uk", "us", "eu"]);
    for (name, a_year) in [("england", 8..=8), ("us-federal", 10..=12), ("target", 2..=6)] {
        let calendar = all.calendars.get(name).unwrap();
        for year in 2024..=2100 {
            let first = NaiveDate::from_ymd_opt(year, 1, 1).unwrap();
            let of_year = first.iter_days().take_while(|day| day.year() == year);
            let weekdays = of_year.filter(|day| !calendar.weekend.contains(&day.weekday()));
            let closed = weekdays.filter(|day| !calendar.is_open(*day)).count();
            assert!(a_year.contains(&closed), "{name}: {closed} in {year}");
        }
    }
}
