//! A list over all its pages is every case once, those that come first before the others, newest first.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    reason = "a test says what it expects by failing"
)]

mod room;

use proptest::prelude::*;
use room::Room;

/// The numbers of the cases on all pages of a list, in order.
fn pages(room: &mut Room, list: &str) -> Vec<u32> {
    let mut numbers = Vec::new();
    for page in 1..20 {
        let text = room.say(&format!("!case {list} page={page}"))[0].page.text();
        let lines: Vec<&str> = text.lines().filter(|line| line.starts_with("C-")).collect();
        assert!(lines.len() <= 20);
        let number = |line: &&str| line[2..].split(' ').next().and_then(|n| n.parse::<u32>().ok());
        numbers.extend(lines.iter().map(|line| number(line).expect("a number")));
        if !text.contains(&format!("page={}", page + 1)) {
            return numbers;
        }
        assert_eq!(lines.len(), 20, "only the last page may be short");
    }
    panic!("too many pages");
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 60, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn every_case_stands_once(kinds in prop::collection::vec((0u8..4, any::<bool>()), 0..75)) {
        let mut room = Room::new();
        let mut all = Vec::new();
        for (number, (kind, closed)) in (1u32..).zip(kinds) {
            let kind = ["emergency", "terms", "terms", "complaint"][usize::from(kind)];
            room.say(&format!("!case new {kind} word"));
            if closed {
                room.say(&format!("!case withdraw {number}"));
                room.say(&format!("!case close {number}"));
            }
            all.push((number, kind, closed));
        }
        all.reverse();
        let number = |(number, _, _): &(u32, &str, bool)| *number;
        for (list, kinds, closed_too) in [
            ("list", vec!["emergency", "terms", "complaint"], false),
            ("list all", vec!["emergency", "terms", "complaint"], true),
            ("list terms", vec!["terms"], false),
            ("list emergency all", vec!["emergency"], true),
        ] {
            let mut expected: Vec<_> = all.iter().filter(|(_, kind, closed)| kinds.contains(kind) && (closed_too || !closed)).collect();
            // A closed emergency is no longer urgent.
            expected.sort_by_key(|(_, kind, closed)| *kind != "emergency" || *closed);
            let expected: Vec<u32> = expected.into_iter().map(number).collect();
            prop_assert_eq!(pages(&mut room, list), expected, "{}", list);
        }
        let everything: Vec<u32> = all.iter().map(number).collect();
        prop_assert_eq!(pages(&mut room, "find word"), everything);
    }
}

#[test]
fn no_junk_keeps_a_case_from_being_found_by_what_it_is_about() {
    let mut room = Room::new();
    let junk: String = (0..2_100).map(|n| format!("{n:05} ")).collect();
    let stray = format!("0 {junk}\n").repeat(2);
    room.say(&format!(
        "Request: preservation\n{stray}Aaa: {junk}\nContext: {junk} @carol:example.org\nPurpose: zebra\n\
         Agency: Metropolitan\nOfficer: Pepper\nReference: OP-1234\nAccounts: @alice:example.org",
    ));
    for asked in [
        "@alice:example.org",
        "alice",
        "@carol:example.org",
        "OP-1234",
        "metropolitan",
        "pepper",
        "zebra",
        "00007",
    ] {
        let first = room.first_line(&format!("!case find {asked}"));
        assert!(first.starts_with("C-1 · preservation"), "{asked}: {first}");
    }
}
