//! Which instrument a request rests on, and where it comes from (rules 1, 2, 3, 60).

use super::given::{Given, given, shipped, text};
use crate::case::{
    self, Field, Identified, Instrument, Policy, Reading, Tell, Unidentified, Via, identify, instrument, via,
};

fn known(name: &str, known_by: &[&str], countries: &[&str]) -> Instrument {
    Instrument {
        countries: countries.iter().map(|&country| country.to_owned()).collect(),
        // Each opens something else, so that none can stand for another.
        opens: vec![name.to_owned()],
        ..case::given::instrument(name, known_by, Tell::Withhold)
    }
}

fn policy() -> Policy {
    Policy {
        instruments: vec![
            known("ipa-60a", &["s60a", "section 60a", "investigatory powers act"], &["GB"]),
            known("ipa-61", &["s61", "section 61", "investigatory powers act"], &["GB"]),
            known("warrant", &["warrant"], &["GB", "US"]),
            known("us-search-warrant", &["search warrant"], &["US"]),
            known("uk-search-warrant", &["search warrant"], &["GB"]),
            Instrument {
                kinds: vec!["preservation".to_owned()],
                ..known("letter-2703f", &["2703(f)"], &["US"])
            },
            known("treaty-request", &["letter of request"], &[]),
        ],
        ..shipped()
    }
}

fn asked(country: &str, line: &str) -> Given {
    let case = given("information").with(text("instrument", line));
    if country.is_empty() { case } else { case.with(text("jurisdiction", country)) }
}

/// The name of what was identified.
fn named(given: &Given) -> Option<String> {
    match instrument(&given.case, &policy()) {
        Identified::Known(found) => Some(found.name.clone()),
        Identified::None | Identified::Unknown => None,
    }
}

#[test]
fn an_instrument_is_known_by_whole_words_whatever_their_dress() {
    for (country, line, name) in [
        ("GB", "IPA s.60A, ref 12/34", "ipa-60a"),
        ("GB", "Authorisation under SECTION 60A of the Investigatory Powers Act 2016", "ipa-60a"),
        ("gb", "s. 61", "ipa-61"),
        ("US", "18 U.S.C. § 2703(d) search-warrant no. 7", "us-search-warrant"),
        ("GB", "search warrant", "uk-search-warrant"),
        ("GB", "a Warrant", "warrant"),
        ("", "Letter of Request", "treaty-request"),
        ("GB", "ipa 60a", "ipa-60a"),
    ] {
        assert_eq!(named(&asked(country, line)).as_deref(), Some(name), "{country}: {line}");
    }
}

#[test]
fn what_is_not_sure_is_unknown() {
    for (country, line) in [
        ("GB", "see attached"),
        ("GB", "court order to follow"),
        ("GB", "search warrant (draft)"),
        ("GB", "search warrant, unsigned"),
        ("DE", "search warrant beantragt, folgt"),
        ("GB", "s60ab"),
        // The act alone fits two.
        ("GB", "Investigatory Powers Act"),
        ("GB", "s60A and s61"),
        ("GB", "no search warrant yet"),
        ("GB", "without a search warrant"),
        ("US", "s.60A"),
        // Nobody knows whose warrant it is.
        ("", "search warrant"),
        ("somewhere", "search warrant"),
        // It serves another kind.
        ("US", "2703(f)"),
    ] {
        assert_eq!(
            instrument(&asked(country, line).case, &policy()),
            Identified::Unknown,
            "{country}: {line}"
        );
    }
    let long = format!("search warrant {}", "x ".repeat(500));
    assert_eq!(instrument(&asked("GB", &long).case, &policy()), Identified::Unknown);
}

#[test]
fn of_two_that_open_and_bind_alike_the_longer_name_wins() {
    let mut policy = policy();
    let opens = vec!["ipa-60a".to_owned()];
    policy.instruments.push(Instrument { opens, ..known("ipa", &["ipa"], &["GB"]) });
    policy.instruments.push(Instrument { notice: Tell::Tell, ..known("order", &["court order"], &["GB"]) });
    let named = |line: &str| match instrument(&asked("GB", line).case, &policy) {
        Identified::Known(found) => Some(found.name.clone()),
        Identified::None | Identified::Unknown => None,
    };
    // Its own number is no second instrument.
    assert_eq!(named("Section 60A of the Act, our ref IPA/26/118").as_deref(), Some("ipa-60a"));
    // Where one lets the user be told and the other does not, nobody knows.
    assert_eq!(named("court order, and s61"), None);
    assert_eq!(named("court order").as_deref(), Some("order"));
}

#[test]
fn no_line_is_no_instrument_and_a_blank_one_says_nothing() {
    assert_eq!(instrument(&given("information").case, &policy()), Identified::None);
    assert_eq!(instrument(&asked("GB", " ").case, &policy()), Identified::None);
}

#[test]
fn a_line_under_a_misspelt_or_foreign_label_counts() {
    let unknown = |key: &str, meant: Option<&str>| Field {
        reading: Reading::Unknown { meant: meant.map(str::to_owned) },
        ..text(key, "search warrant")
    };
    let from = given("emergency").with(text("jurisdiction", "GB"));
    for (key, meant) in
        [("instrumnt", Some("instrument")), ("instrumnt", None), ("warrant", None), ("instrument", None)]
    {
        let found = named(&from.with(unknown(key, meant)));
        assert_eq!(found.as_deref(), Some("uk-search-warrant"), "{key}");
    }
    assert_eq!(instrument(&from.with(unknown("shoe size", None)).case, &policy()), Identified::None);
}

#[test]
fn two_lines_must_name_the_same() {
    let same = asked("GB", "s.60A").with(text("instrument", "Investigatory Powers Act"));
    assert_eq!(named(&same).as_deref(), Some("ipa-60a"));
    for other in ["search warrant", "see attached"] {
        let two = asked("GB", "s.60A").with(text("instrument", other));
        assert_eq!(instrument(&two.case, &policy()), Identified::Unknown, "{other}");
    }
}

#[test]
fn why_it_is_not_identified_is_told() {
    let policy = policy();
    let why = |given: &Given| identify(&given.case, &policy).err();
    assert_eq!(why(&asked("GB", "see attached")), Some(Unidentified::NotKnown));
    assert!(
        matches!(why(&asked("GB", "s60A or s61")), Some(Unidentified::Several(named)) if named.len() == 2)
    );
    assert!(matches!(
        why(&asked("US", "s60A")),
        Some(Unidentified::NotFrom { country: Some(country), .. }) if country == "US"
    ));
    assert!(matches!(why(&asked("", "s60A")), Some(Unidentified::NotFrom { country: None, .. })));
    assert!(matches!(why(&asked("US", "2703(f)")), Some(Unidentified::NotFor(_))));
}

#[test]
fn the_way_it_came_is_read_and_what_is_unread_is_not_direct() {
    let came = |value: &str| via(&given("information").with(text("via", value)).case);
    assert_eq!(via(&given("information").case), Via::Direct);
    for (value, way) in [
        ("Direct", Via::Direct),
        ("via MLAT", Via::Mlat),
        ("mutual legal assistance", Via::Mlat),
        ("D.A.A.", Via::Daa),
        ("UK-US Data Access Agreement", Via::Daa),
        ("pigeon", Via::Unread),
    ] {
        assert_eq!(came(value), way, "{value}");
    }
    let two = given("information").with(text("via", "mlat")).with(text("via", "direct"));
    assert_eq!(via(&two.case), Via::Unread);
}
