//! How long a closed case is kept.

use chrono::{DateTime, Utc};

use super::given::*;
use crate::case::retention::{Kept, ends, expires, is_due, is_to_be_announced, kept as keeps, kept_for};
use crate::case::{Case, Event, GagEnding, HoldEnding, Relation, Telling};

fn at(text: &str) -> DateTime<Utc> {
    text.parse().unwrap()
}

/// Closed on 20 November 2026; the built-in policy keeps it for two years.
fn closed() -> Case {
    given("terms").answered().closed().case
}

fn with(mut case: Case, events: &[Event]) -> Case {
    for event in events {
        case.apply(event, &ada(), now());
    }
    case
}

fn announced(case: Case, when: &str) -> Case {
    let mut case = case;
    case.apply(&Event::ErasureAnnounced { ends: now() }, &ada(), at(when));
    case
}

const DAY_BEFORE: &str = "2028-11-20T09:00:00Z";
const DAY_AFTER: &str = "2028-11-21T09:00:00Z";

#[test]
fn a_closed_case_is_announced_the_day_before_and_then_due() {
    let case = closed();
    assert_eq!(ends(&case, &terms()), Some(at("2028-11-20T23:59:59Z")));
    assert_eq!(ends(&given("terms").answered().case, &terms()), None);
    assert!(!is_to_be_announced(&case, &terms(), at("2028-11-19T09:00:00Z")));
    assert!(is_to_be_announced(&case, &terms(), at(DAY_BEFORE)));
    assert!(!is_due(&case, &terms(), at(DAY_AFTER)), "nobody was told");
    let told = announced(case, DAY_BEFORE);
    assert!(!is_to_be_announced(&told, &terms(), at(DAY_BEFORE)));
    assert!(!is_due(&told, &terms(), at("2028-11-20T23:00:00Z")));
    assert!(!is_due(&told, &terms(), at("2028-11-21T00:30:00Z")), "there was less than a day to object");
    assert!(is_due(&told, &terms(), at(DAY_AFTER)));
    assert!(!is_due(&told, &terms(), at("2028-12-21T09:00:00Z")), "that was a month ago");
    assert!(is_to_be_announced(&told, &terms(), at("2028-12-21T09:00:00Z")));
    let reopened = with(told, &[Event::Reopened { reason: None }, Event::Closed]);
    assert!(!is_due(&reopened, &terms(), at(DAY_AFTER)));
}

#[test]
fn what_is_still_needed_is_kept() {
    let hold = Event::HoldStarted { from: now(), until: now() };
    let gag = Event::GagSet { ordered_by: "court".to_owned(), day: None, until: None, document: None };
    let told = |events: &[Event]| announced(with(closed(), events), DAY_BEFORE);
    for (case, why) in [
        (told(std::slice::from_ref(&hold)), Kept::Hold),
        (told(std::slice::from_ref(&gag)), Kept::Gag),
        (
            told(&[Event::NoticeSettled {
                account: account("@alice:our.org"),
                what: Telling::Withheld { reason: "danger".to_owned(), review: now() },
                at: None,
            }]),
            Kept::Notice,
        ),
    ] {
        assert_eq!(keeps(&case, &terms()), Some(why));
        assert!(!is_due(&case, &terms(), at(DAY_AFTER)), "{why:?}");
        assert_eq!(expires(&case, &terms()), None, "{why:?}");
    }
    let over = told(&[
        hold,
        gag,
        Event::HoldOver { how: HoldEnding::Expired },
        Event::GagOver { how: GagEnding::Ended },
    ]);
    assert!(is_due(&over, &terms(), at(DAY_AFTER)));
}

#[test]
fn what_another_case_needs_is_kept() {
    let other = |case: Case| {
        let mut case = case;
        case.id = id(2);
        case
    };
    let case = with(closed(), &[linked(2, Relation::Referral, true)]);
    let open = other(given("terms").case);
    assert_eq!(kept_for(&case, &open, &terms(), at(DAY_AFTER)), Some(Kept::Open(id(2))));
    assert_eq!(kept_for(&case, &other(closed()), &terms(), now()), None);
    let produced = with(closed(), &[linked(2, Relation::ProducedFrom, false)]);
    assert_eq!(kept_for(&produced, &other(closed()), &terms(), now()), Some(Kept::Longer(id(2))));
    assert_eq!(kept_for(&produced, &other(closed()), &terms(), at(DAY_AFTER)), None);
}

#[test]
fn a_duplicate_that_nobody_has_answered_keeps_the_case_that_is_to_answer_it() {
    let kept = with(closed(), &[linked(2, Relation::Duplicate, false)]);
    let linked = linked(1, Relation::Duplicate, true);
    let duplicate = given("terms").numbered(2).after(linked);
    let needs = |other: &Case| kept_for(&kept, other, &terms(), at(DAY_AFTER));
    assert_eq!(needs(&duplicate.case), Some(Kept::Open(id(2))), "it is not closed yet");
    let back = Event::BroughtBack { other: id(1), outward: true, unshown: false, reopened: false };
    assert_eq!(needs(&duplicate.closed().after(back).case), Some(Kept::Open(id(2))));
    // It was answered with that one, which is closed.
    assert_eq!(needs(&duplicate.closed().case), None);
}
