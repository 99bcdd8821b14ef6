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
    ("CST", "−06:00 (America), −05:00 (Cuba) or +08:00 (China)", "-06:00"),
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
    use chrono_tz::{TZ_VARIANTS, Tz};

    use super::*;

    /// The German names are no country's official ones.
    const GERMAN: [&str; 2] = ["MEZ", "MESZ"];

    /// Every row of both lists, with a zone where the letters are used, and in which month.
    const USED: &[(&str, Tz, u32)] = &[
        ("WET", Tz::Europe__Lisbon, 1),
        ("WEST", Tz::Europe__Lisbon, 7),
        ("CET", Tz::Europe__Paris, 1),
        ("CEST", Tz::Europe__Paris, 7),
        ("MEZ", Tz::Europe__Berlin, 1),
        ("MESZ", Tz::Europe__Berlin, 7),
        ("EET", Tz::Europe__Helsinki, 1),
        ("EEST", Tz::Europe__Helsinki, 7),
        ("EST", Tz::America__New_York, 1),
        ("EDT", Tz::America__New_York, 7),
        ("MST", Tz::America__Denver, 1),
        ("MDT", Tz::America__Denver, 7),
        ("PDT", Tz::America__Los_Angeles, 7),
        ("AKST", Tz::America__Anchorage, 1),
        ("AKDT", Tz::America__Anchorage, 7),
        ("HST", Tz::Pacific__Honolulu, 1),
        ("BST", Tz::Europe__London, 7),
        ("BST", Tz::Asia__Dhaka, 1),
        ("IST", Tz::Europe__Dublin, 7),
        ("IST", Tz::Asia__Jerusalem, 1),
        ("IST", Tz::Asia__Kolkata, 1),
        ("CST", Tz::America__Chicago, 1),
        ("CST", Tz::America__Havana, 1),
        ("CST", Tz::Asia__Shanghai, 1),
        ("CDT", Tz::America__Chicago, 7),
        ("CDT", Tz::America__Havana, 7),
        ("PST", Tz::America__Los_Angeles, 1),
        ("PST", Tz::Asia__Manila, 1),
        ("AST", Tz::America__Halifax, 1),
        ("AST", Tz::Asia__Riyadh, 1),
    ];

    /// How far a zone is ahead in the middle of a month, in minutes.
    fn ahead(zone: Tz, month: u32) -> i32 {
        let noon = NaiveDate::from_ymd_opt(2026, month, 15).unwrap().and_hms_opt(12, 0, 0).unwrap();
        zone.from_utc_datetime(&noon).offset().fix().local_minus_utc() / 60
    }

    /// What letters are used for, by the table above.
    fn used(name: &str) -> BTreeSet<i32> {
        let rows = USED.iter().filter(|(used, ..)| *used == name);
        rows.map(|(_, zone, month)| ahead(*zone, *month)).collect()
    }

    /// The offsets that a sentence names, in minutes.
    fn named(readings: &str) -> BTreeSet<i32> {
        let words = readings.split_whitespace().filter_map(|word| {
            let sign = if word.starts_with('+') { 1 } else { -1 };
            let (hours, minutes) = word.trim_start_matches(['+', '−', '-']).split_once(':')?;
            Some(sign * (hours.parse::<i32>().ok()? * 60 + minutes.parse::<i32>().ok()?))
        });
        words.collect()
    }

    #[test]
    fn every_row_is_what_the_letters_are_where_they_are_used() {
        for (name, minutes) in ONE {
            assert_eq!(used(name), BTreeSet::from([*minutes]), "{name}");
        }
        for (name, readings, example) in SEVERAL {
            assert_eq!(named(readings), used(name), "{name}");
            assert!(named(example).is_subset(&used(name)) && named(example).len() == 1, "{name}");
            // What the zones of the world call so is among them.
            assert!(self::readings(name).is_subset(&used(name)), "{name}: {:?}", self::readings(name));
        }
        let known =
            |name: &str| ONE.iter().any(|(one, _)| *one == name) || SEVERAL.iter().any(|row| row.0 == name);
        assert!(USED.iter().all(|(name, ..)| known(name)));
    }

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
