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
