//! Time zones in letters, as people write them behind an hour. Letters that are one offset wherever they are in use today are
//! read; of those that are more, which are meant is for a person to say.

use super::MomentFault;

/// Letters, and how many minutes they are ahead of UTC.
const ONE: &[(&str, i32)] = &[
    ("WET", 0),
    ("WEST", 60),
    ("CET", 60),
    ("CEST", 120),
    ("MEZ", 60),
    ("MESZ", 120),
    ("EET", 120),
    ("EEST", 180),
    ("EST", -300),
    ("EDT", -240),
    ("MST", -420),
    ("MDT", -360),
    ("PDT", -420),
    ("AKST", -540),
    ("AKDT", -480),
    ("HST", -600),
];

/// Letters that are more than one, what each is, and one of them as it could be written.
const SEVERAL: &[(&str, &str, &str)] = &[
    ("BST", "+01:00 (Britain) or +06:00 (Bangladesh)", "+01:00"),
    ("IST", "+01:00 (Ireland), +02:00 (Israel) or +05:30 (India)", "+01:00"),
    ("CST", "−06:00 (America) or +08:00 (China)", "-06:00"),
    ("CDT", "−05:00 (America) or −04:00 (Cuba)", "-05:00"),
    ("PST", "−08:00 (America) or +08:00 (the Philippines)", "-08:00"),
    ("AST", "−04:00 (America) or +03:00 (Arabia)", "-04:00"),
];

/// How many minutes ahead of UTC a zone is that goes by these letters.
pub(super) fn minutes_of(name: &str) -> Result<i32, MomentFault> {
    let is_it = |known: &str| known.eq_ignore_ascii_case(name);
    if let Some((_, minutes)) = ONE.iter().find(|(known, _)| is_it(known)) {
        return Ok(*minutes);
    }
    let several = SEVERAL.iter().find(|(known, ..)| is_it(known));
    Err(several.map_or(MomentFault::Zone, |(known, readings, example)| {
        MomentFault::ZoneOfSeveral((*known).to_owned(), readings, example)
    }))
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use chrono::{NaiveDate, Offset, TimeZone};
    use chrono_tz::TZ_VARIANTS;

    use super::*;

    /// The German names are no country's official ones.
    const GERMAN: [&str; 2] = ["MEZ", "MESZ"];

    /// Everything that the letters stood for somewhere in these years, in minutes.
    fn readings(name: &str) -> BTreeSet<i32> {
        let days = (2022..=2026)
            .flat_map(|year| [1, 7].map(|month| NaiveDate::from_ymd_opt(year, month, 1).unwrap()));
        let at: Vec<_> = days.map(|day| day.and_hms_opt(12, 0, 0).unwrap()).collect();
        let mut found = BTreeSet::new();
        for zone in TZ_VARIANTS {
            for at in &at {
                let there = zone.from_utc_datetime(at);
                if there.format("%Z").to_string() == name {
                    found.insert(there.offset().fix().local_minus_utc() / 60);
                }
            }
        }
        found
    }

    #[test]
    fn each_that_is_read_is_one_offset_in_every_zone_of_the_world() {
        for (name, minutes) in ONE.iter().filter(|(name, _)| !GERMAN.contains(name)) {
            assert_eq!(readings(name), BTreeSet::from([*minutes]), "{name}");
        }
    }

    #[test]
    fn no_letters_stand_in_both_lists() {
        for (name, ..) in SEVERAL {
            assert!(!ONE.iter().any(|(one, _)| one == name), "{name}");
        }
    }
}
