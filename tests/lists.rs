//! A list over all its pages is every case once, those that come first before the others, newest first.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    reason = "a test says what it expects by failing"
)]

mod room;

use chrono::{DateTime, TimeDelta, Utc};
use docket::case::{Calendar, Span, Term};
use docket::rehearsal::terms;
use docket::store::MemoryIndex;
use proptest::prelude::*;
use room::{Room, SharedJournal};

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
                room.say_by_two(&format!("!case withdraw {number}"));
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
            ("find word", vec!["emergency", "terms", "complaint"], true),
        ] {
            let mut expected: Vec<_> = all.iter().filter(|(_, kind, closed)| kinds.contains(kind) && (closed_too || !closed)).collect();
            // A closed emergency is no longer urgent.
            expected.sort_by_key(|(_, kind, closed)| *kind != "emergency" || *closed);
            let expected: Vec<u32> = expected.into_iter().map(number).collect();
            prop_assert_eq!(pages(&mut room, list), expected, "{}", list);
        }
    }
}

/// A case with a clock: which one, how many days ago it was received, and what became of it.
fn dated() -> impl Strategy<Value = (&'static str, i64, u8)> {
    (prop::sample::select(vec!["subject", "emergency", "terms", "intimate"]), 0i64..60, 0u8..6)
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 40, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn what_falls_due_stands_once_emergencies_first_and_then_the_nearest(cases in prop::collection::vec(dated(), 0..50)) {
        let mut terms = terms().unwrap();
        // What counts where nothing else does has tests of its own.
        terms.policies.values_mut().for_each(|policy| policy.idle = None);
        let policy = terms.policy().unwrap().clone();
        let mut room = Room::under(terms, SharedJournal::new(), MemoryIndex::new());
        let own = policy.calendar.as_deref().and_then(|name| policy.calendars.get(name));
        let calendar = own.cloned().unwrap_or_else(Calendar::weekends);
        let mut expected = Vec::new();
        for (number, (kind, ago, fate)) in (1u32..).zip(cases) {
            let received = room::now() - TimeDelta::days(ago);
            let line = received.format("%Y-%m-%d %H:%MZ");
            room.say(&format!("!case new {kind} received=\"{line}\""));
            let mut due = match kind {
                "emergency" => Some(received + TimeDelta::hours(4)),
                "intimate" => Some(received + TimeDelta::hours(48)),
                "subject" => Some(Term::of(Span::Months(1)).end(received, &calendar, chrono_tz::Europe::London)),
                _ => None,
            };
            match fate {
                0 => {
                    room.say_by_two(&format!("!case withdraw {number}"));
                    due = None;
                }
                1 => {
                    room.say_by_two(&format!("!case withdraw {number}"));
                    room.say(&format!("!case close {number}"));
                    room.say(&format!("!case reopen {number}"));
                }
                2 => {
                    let done = room.first_line(&format!("!case extend {number} answer 1 month reason=many"));
                    prop_assert_eq!(done.contains("extended by"), kind == "subject" && due > Some(room::now()), "{}", done);
                    if done.contains("extended by") {
                        // Until they are told, the first month counts.
                        let told = room.say(&format!("!case sent {number} extended via=mail"))[0].page.text();
                        // The case names nobody, so two people read the words that go out.
                        let code = told.split("!case approve ").nth(1).and_then(|rest| rest.split_whitespace().nth(1));
                        let approve = format!("!case approve {number} {}", code.unwrap_or_default());
                        let told = room.say_as("ben", &approve)[0].page.text();
                        prop_assert!(told.contains("letter extended sent") && told.contains("done ("), "{}", told);
                        // The second month begins where the first ends, whatever day of the week that is.
                        let first = Term { rolls: false, ..Term::of(Span::Months(1)) };
                        let end = first.end(received, &calendar, chrono_tz::Europe::London);
                        due = Some(Term::of(Span::Months(1)).end(end, &calendar, chrono_tz::Europe::London));
                    }
                }
                _ => {}
            }
            expected.extend(due.map(|due| (due, number, kind)));
        }
        // Emergencies stand before all (rule 14). Of two that fall due in the same second, the newer case comes first.
        expected.sort_by_key(|(due, number, kind)| (*kind != "emergency", *due, std::cmp::Reverse(*number)));
        let numbers = |keep: &dyn Fn(DateTime<Utc>) -> bool| -> Vec<u32> {
            expected.iter().filter(|(due, ..)| keep(*due)).map(|(_, number, _)| *number).collect()
        };
        let in_a_week = Term::of(Span::Days(7)).end(room::now(), &calendar, chrono_tz::Europe::London);
        prop_assert_eq!(pages(&mut room, "due"), numbers(&|_| true));
        prop_assert_eq!(pages(&mut room, "due 7d"), numbers(&|due| due <= in_a_week));
        prop_assert_eq!(pages(&mut room, "due overdue"), numbers(&|due| due <= room::now()));
        // A list is newest first, what is answered within hours before all.
        let is_first = |kind: &str| ["emergency", "intimate"].contains(&kind);
        let mut overdue: Vec<_> = expected.iter().filter(|(due, ..)| *due <= room::now()).collect();
        overdue.sort_by_key(|(_, number, kind)| (!is_first(kind), std::cmp::Reverse(*number)));
        let of = |kinds: &[&str]| -> Vec<u32> {
            overdue.iter().filter(|(_, _, kind)| kinds.contains(kind)).map(|(_, number, _)| *number).collect()
        };
        prop_assert_eq!(pages(&mut room, "list overdue"), of(&["subject", "emergency", "intimate"]));
        prop_assert_eq!(pages(&mut room, "list overdue subject"), of(&["subject"]));
        prop_assert_eq!(pages(&mut room, "list overdue emergency received"), of(&["emergency"]));
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

/// The numbers of the cases in these lines, in order.
fn ids(lines: &str) -> Vec<u32> {
    let parts = lines.split(|char: char| !char.is_ascii_alphanumeric() && char != '-');
    parts.filter_map(|part| part.strip_prefix("C-")?.parse().ok()).collect()
}

#[test]
fn an_emergency_is_found_first_however_many_newer_cases_fit() {
    let mut room = Room::new();
    // Given two emergencies, one of them closed, and more newer cases than stand on a page, all with the same words
    room.say("!case new emergency agency=zebra");
    room.say("!case new emergency agency=zebra");
    room.say_by_two("!case withdraw 2");
    room.say("!case close 2");
    for _ in 0..45 {
        room.say("!case new terms context=zebra");
    }
    // When they are looked for
    let found = pages(&mut room, "find zebra");
    // Then the open one stands first and every case once over the pages
    let mut expected = vec![1];
    expected.extend((2..=47).rev());
    assert_eq!(found, expected);
}

#[test]
fn what_waits_on_an_emergency_is_approved_first() {
    let mut room = Room::new();
    // Given a proposal on an emergency, and newer ones on more cases than are shown
    room.say("!case new emergency agency=\"Kent Police\" accounts=@a:example.org");
    room.say("!case withdraw 1");
    for case in 2..=24 {
        room.say("!case new subject right=access accounts=@b:try.test");
        room.say(&format!("!case withdraw {case}"));
    }
    // Then it is the first of those that wait, and of those in the screen of a shift
    let waiting = room.say("!case pending")[0].page.text();
    assert!(waiting.starts_with("C-1 · "), "{waiting}");
    assert!(waiting.contains("There are more"), "{waiting}");
    assert!(waiting.lines().filter(|line| line.starts_with("C-")).count() == 20, "{waiting}");
    let brief = room.say("!case brief")[0].page.text();
    let line = |name: &str| brief.lines().find(|line| line.starts_with(name)).unwrap_or_default().to_owned();
    assert!(line("Awaiting approval").contains("24: !case approve C-1 "), "{brief}");
    assert_eq!(ids(&line("New since")), [1, 24, 23], "{brief}");
    assert_eq!(ids(&line("With nobody")), [1, 24, 23], "{brief}");
}

#[test]
fn of_the_cases_that_name_somebody_an_emergency_is_shown_first() {
    let mut room = Room::new();
    // Given an emergency about somebody, and more newer cases about them than are shown
    room.say("!case new emergency agency=\"Kent Police\" accounts=@a:try.test");
    for _ in 0..7 {
        room.say("!case new terms context=spam accounts=@a:try.test");
    }
    // When it is asked what contradicts
    let said = room.say("!case conflicts @a:try.test")[0].page.text();
    // Then it stands before them
    assert_eq!(ids(&said)[..5], [1, 8, 7, 6, 5], "{said}");
}

#[test]
fn whoever_gets_many_cases_reads_of_the_emergency_first() {
    let mut room = Room::new();
    // Given eleven cases of one person, the newest of them an emergency
    for case in 1..=11 {
        room.say(if case == 11 { "!case new emergency agency=x" } else { "!case new terms spam" });
        room.say(&format!("!case assign {case} @ben"));
    }
    // When they go to somebody else
    let said = room.say("!case handover @ben @cy")[0].page.text();
    // Then it is named first
    assert_eq!(ids(&said).first(), Some(&11), "{said}");
}
