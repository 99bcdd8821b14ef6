//! What outlives a restart of reports and of retention: a published report, an erasure that was announced.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    reason = "a test says what it expects by failing"
)]

mod room;

use std::time::Duration;

use chrono::{DateTime, Days, Utc};
use docket::desk::{Input, Outcome};
use docket::report::{Half, Made, Tally};
use room::{Room, SharedJournal};

fn at(text: &str) -> DateTime<Utc> {
    text.parse().unwrap()
}

/// What is answered to ada at a time.
fn say(room: &mut Room, when: &str, text: &str) -> String {
    let message = room.message("ada", text);
    match room.desk.handle(vec![Input::Message(message)], at(when)).unwrap().remove(0) {
        Outcome::Posts(posts) => posts[0].page.text(),
        other => panic!("{other:?}"),
    }
}

/// A look at the clock, a day after the one before; what is said of it.
fn tick(room: &mut Room, when: DateTime<Utc>, passed: Option<Duration>) -> Vec<String> {
    match room.desk.handle(vec![Input::Tick { steady: passed }], when).unwrap().remove(0) {
        Outcome::Ticked { posts, .. } => posts.iter().map(|post| post.page.text()).collect(),
        other => panic!("{other:?}"),
    }
}

const DAY: Duration = Duration::from_secs(86_400);

/// Ticks every morning from one day to another, the last one included.
fn mornings(room: &mut Room, from: &str, to: &str) -> Vec<String> {
    let mut said = Vec::new();
    let mut when = at(from);
    while when <= at(to) {
        said.extend(tick(room, when, Some(DAY)));
        when = when.checked_add_days(Days::new(1)).unwrap();
    }
    said
}

/// A desk whose case 1 was closed on 20 November 2026, and that has run until the morning before its term ends.
fn nearly_over() -> Room {
    let mut room = Room::new();
    let when = "2026-11-20T10:00:00Z";
    for text in ["new terms spam", "withdraw 1", "close 1", "new terms more spam", "withdraw 2", "close 2"] {
        say(&mut room, when, &format!("!case {text}"));
    }
    tick(&mut room, at(when), None);
    let said = mornings(&mut room, "2026-11-21T10:00:00Z", "2028-11-19T10:00:00Z");
    assert!(!said.iter().any(|page| page.contains("erased")), "{said:?}");
    room
}

fn is_there(room: &mut Room, case: u32) -> bool {
    let shown = say(room, "2028-11-21T12:00:00Z", &format!("!case show {case}"));
    shown != format!("C-{case} · erased")
}

#[test]
fn an_announced_case_is_erased_the_day_after_and_one_that_is_reopened_is_not() {
    let mut room = nearly_over();
    let said = mornings(&mut room, "2028-11-20T10:00:00Z", "2028-11-20T10:00:00Z");
    assert!(said.iter().any(|page| page.contains("erased for good: C-1, C-2.")), "{said:?}");
    assert!(is_there(&mut room, 1) && is_there(&mut room, 2));
    say(&mut room, "2028-11-20T12:00:00Z", "!case reopen 2");
    let said = tick(&mut room, at("2028-11-20T18:00:00Z"), Some(Duration::from_secs(8 * 3_600)));
    assert!(said.is_empty(), "{said:?}");
    assert!(is_there(&mut room, 1), "its term is not over");
    tick(&mut room, at("2028-11-21T10:00:00Z"), Some(Duration::from_secs(16 * 3_600)));
    assert!(!is_there(&mut room, 1));
    assert!(is_there(&mut room, 2));
    let anew = Room::over(room.journal.clone());
    assert_eq!(anew.desk.head(), room.desk.head());
}

#[test]
fn what_was_announced_is_remembered_over_a_restart() {
    let mut room = nearly_over();
    mornings(&mut room, "2028-11-20T10:00:00Z", "2028-11-20T10:00:00Z");
    let mut anew = Room::over(room.journal.clone());
    tick(&mut anew, at("2028-11-21T10:00:00Z"), None);
    assert!(!is_there(&mut anew, 1) && !is_there(&mut anew, 2));
}

#[test]
fn a_clock_in_doubt_erases_nothing() {
    let mut room = nearly_over();
    mornings(&mut room, "2028-11-20T10:00:00Z", "2028-11-20T10:00:00Z");
    // It says that a day has passed, and a steady clock says that a minute has.
    tick(&mut room, at("2028-11-21T10:00:00Z"), Some(Duration::from_secs(60)));
    assert!(is_there(&mut room, 1));
    // Nor is anything announced by a clock that has leapt.
    let mut leapt = Room::over(SharedJournal::new());
    let when = "2026-11-20T10:00:00Z";
    for text in ["new terms spam", "answer 1 none", "close 1"] {
        say(&mut leapt, when, &format!("!case {text}"));
    }
    tick(&mut leapt, at(when), None);
    for morning in ["2030-01-01T10:00:00Z", "2030-01-02T10:00:00Z", "2030-01-03T10:00:00Z"] {
        tick(&mut leapt, at(morning), Some(Duration::from_secs(60)));
    }
    assert!(is_there(&mut leapt, 1));
}

#[test]
fn a_full_disk_announces_and_erases_nothing() {
    let mut room = nearly_over();
    room.journal.set_full(true);
    let said = tick(&mut room, at("2028-11-20T10:00:00Z"), Some(DAY));
    assert!(said.is_empty(), "{said:?}");
    room.journal.set_full(false);
    tick(&mut room, at("2028-11-20T11:00:00Z"), Some(Duration::from_secs(3_600)));
    room.journal.set_full(true);
    tick(&mut room, at("2028-11-21T11:00:00Z"), Some(DAY));
    assert!(is_there(&mut room, 1));
    room.journal.set_full(false);
    tick(&mut room, at("2028-11-21T12:00:00Z"), Some(Duration::from_secs(3_600)));
    assert!(!is_there(&mut room, 1));
}

#[test]
fn a_published_report_stands_over_a_restart() {
    let mut room = Room::new();
    for _ in 0..6 {
        say(&mut room, "2026-11-20T10:00:00Z", "!case new terms spam");
    }
    let when = "2027-01-04T10:00:00Z";
    tick(&mut room, at("2026-11-20T10:00:00Z"), None);
    mornings(&mut room, "2026-11-21T10:00:00Z", when);
    let page = say(&mut room, when, "!case report 2026H2 publish");
    assert!(page.contains("published Mon 4 Jan 2027") && page.contains("Received 6: terms 6"), "{page}");
    say(&mut room, when, "!case new terms late received=2026-12-30");
    let mut anew = Room::over(room.journal.clone());
    for room in [&mut room, &mut anew] {
        assert_eq!(say(room, "2027-02-01T10:00:00Z", "!case report 2026H2"), page);
        let again = say(room, "2027-02-01T10:00:00Z", "!case report 2026H2 publish");
        assert!(again.starts_with("Not done: 2026H2 was published"), "{again}");
        let asked = Input::Tally(Half::read("2026H2").unwrap(), None);
        match room.desk.handle(vec![asked], at(when)).unwrap().remove(0) {
            Outcome::Reported(edition) => assert_eq!(edition.made, Made::Published(at(when))),
            other => panic!("{other:?}"),
        }
    }
}

#[test]
fn while_the_clock_is_in_doubt_nothing_is_published() {
    let mut room = Room::new();
    say(&mut room, "2026-11-20T10:00:00Z", "!case new terms spam");
    let mut anew = Room::over(room.journal.clone());
    let page = say(&mut anew, "2027-03-01T10:00:00Z", "!case report 2026H2 publish");
    assert!(page.contains("in doubt") && page.contains("!case resume"), "{page}");
    let page = say(&mut anew, "2027-03-01T10:00:00Z", "!case report 2026H2");
    assert!(page.contains("not published"), "{page}");
}

#[test]
fn on_a_full_disk_nothing_is_published() {
    let mut room = Room::new();
    say(&mut room, "2026-11-20T10:00:00Z", "!case new terms spam");
    room.journal.set_full(true);
    let page = say(&mut room, "2027-01-04T10:00:00Z", "!case report 2026H2 publish");
    assert!(page.starts_with("Not done: the disk is full"), "{page}");
    room.journal.set_full(false);
    let page = say(&mut room, "2027-01-04T10:00:00Z", "!case report 2026H2");
    assert!(page.contains("not published"), "{page}");
}

#[test]
fn slices_of_a_count_make_the_same_report_as_the_whole() {
    let mut room = Room::new();
    for n in 0..1_100 {
        let kind = ["terms", "copyright", "complaint"][n % 3];
        say(&mut room, "2026-11-20T10:00:00Z", &format!("!case new {kind} spam"));
    }
    let half = Half::read("2026H2").unwrap();
    let mut all = Tally::new(half);
    let mut below = None;
    let mut slices = 0;
    loop {
        slices += 1;
        let asked = Input::Tally(half, below);
        match room.desk.handle(vec![asked], at("2026-12-01T10:00:00Z")).unwrap().remove(0) {
            Outcome::Tallied(tally, next) => {
                all.add(*tally);
                below = next;
            }
            other => panic!("{other:?}"),
        }
        if below.is_none() {
            break;
        }
    }
    assert_eq!((slices, all.cases), (3, 1_100));
    let page = say(&mut room, "2026-12-01T10:00:00Z", "!case report 2026H2");
    assert!(page.contains("Received 1100: terms 367, copyright 367, complaint 366"), "{page}");
}
