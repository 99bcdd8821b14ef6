//! Where an order was issued, and when a day is over there.
//!
//! An order that binds until a day binds until that day is over, here or where it was issued, whichever is later. Knows the
//! westernmost zone of countries whose orders are seen; where it does not know the country, the last place on Earth counts.

use chrono::{DateTime, NaiveDate, Utc};
use chrono_tz::Tz;

use crate::case::calendar::last_second;
use crate::case::{Case, Policy, country};

/// The westernmost zone of a country; one zone is enough where the country has one.
const WESTERNMOST: &[(&str, Tz)] = &[
    ("AT", Tz::Europe__Vienna),
    ("AU", Tz::Australia__Perth),
    ("BE", Tz::Europe__Brussels),
    ("BG", Tz::Europe__Sofia),
    ("CA", Tz::America__Vancouver),
    ("CH", Tz::Europe__Zurich),
    ("CY", Tz::Asia__Nicosia),
    ("CZ", Tz::Europe__Prague),
    ("DE", Tz::Europe__Berlin),
    ("DK", Tz::America__Nuuk),
    ("EE", Tz::Europe__Tallinn),
    ("ES", Tz::Atlantic__Canary),
    ("FI", Tz::Europe__Helsinki),
    ("FR", Tz::Pacific__Tahiti),
    ("GB", Tz::Europe__London),
    ("GR", Tz::Europe__Athens),
    ("HR", Tz::Europe__Zagreb),
    ("HU", Tz::Europe__Budapest),
    ("IE", Tz::Europe__Dublin),
    ("IT", Tz::Europe__Rome),
    ("JP", Tz::Asia__Tokyo),
    ("LT", Tz::Europe__Vilnius),
    ("LU", Tz::Europe__Luxembourg),
    ("LV", Tz::Europe__Riga),
    ("MT", Tz::Europe__Malta),
    ("NL", Tz::America__Curacao),
    ("NO", Tz::Europe__Oslo),
    ("NZ", Tz::Pacific__Auckland),
    ("PL", Tz::Europe__Warsaw),
    ("PT", Tz::Atlantic__Azores),
    ("RO", Tz::Europe__Bucharest),
    ("SE", Tz::Europe__Stockholm),
    ("SI", Tz::Europe__Ljubljana),
    ("SK", Tz::Europe__Bratislava),
    ("US", Tz::Pacific__Pago_Pago),
];

/// The moment at which a day is over, here and where the case's order was issued.
pub(super) fn end_of_day_where_issued(
    day: NaiveDate,
    case: &Case,
    policy: &Policy,
    here: Tz,
) -> DateTime<Utc> {
    let issued = country(case, policy);
    let known = WESTERNMOST.iter().find(|(code, _)| Some(*code) == issued.as_deref());
    let there = known.map_or(Tz::Etc__GMTPlus12, |(_, zone)| *zone);
    last_second(day, here).max(last_second(day, there))
}

#[cfg(test)]
mod tests {
    use chrono::{Offset, TimeZone};

    use super::*;

    /// How far the westernmost part of each country is ahead of UTC in January and in July, in hours, as it stands in an atlas.
    const AHEAD: &[(&str, i32, i32)] = &[
        ("AT", 1, 2),
        ("AU", 8, 8),
        ("BE", 1, 2),
        ("BG", 2, 3),
        ("CA", -8, -7),
        ("CH", 1, 2),
        ("CY", 2, 3),
        ("CZ", 1, 2),
        ("DE", 1, 2),
        ("DK", -2, -1),
        ("EE", 2, 3),
        ("ES", 0, 1),
        ("FI", 2, 3),
        ("FR", -10, -10),
        ("GB", 0, 1),
        ("GR", 2, 3),
        ("HR", 1, 2),
        ("HU", 1, 2),
        ("IE", 0, 1),
        ("IT", 1, 2),
        ("JP", 9, 9),
        ("LT", 2, 3),
        ("LU", 1, 2),
        ("LV", 2, 3),
        ("MT", 1, 2),
        ("NL", -4, -4),
        ("NO", 1, 2),
        ("NZ", 13, 12),
        ("PL", 1, 2),
        ("PT", -1, 0),
        ("RO", 2, 3),
        ("SE", 1, 2),
        ("SI", 1, 2),
        ("SK", 1, 2),
        ("US", -11, -11),
    ];

    #[test]
    fn every_country_has_the_zone_of_its_west() {
        let ahead = |zone: Tz, month| {
            let noon = NaiveDate::from_ymd_opt(2026, month, 15).unwrap().and_hms_opt(12, 0, 0).unwrap();
            zone.from_utc_datetime(&noon).offset().fix().local_minus_utc() / 3600
        };
        let found: Vec<(&str, i32, i32)> =
            WESTERNMOST.iter().map(|(code, zone)| (*code, ahead(*zone, 1), ahead(*zone, 7))).collect();
        assert_eq!(found, AHEAD);
    }
}
