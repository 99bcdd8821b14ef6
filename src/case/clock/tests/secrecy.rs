//! Secrecy that is asked for without an order (rule 16): the requester is told that it takes one, and has a week from then.

use super::given::*;
use crate::case::clock::{TO_SERVE, TO_TELL};
use crate::case::*;

fn wish(said: Secrecy) -> Field {
    Field { reading: Reading::Secrecy(said), ..text("confidential", "…") }
}

/// A preservation request about Alice that came on a Monday, with two instruments that the policy knows.
fn named() -> Given {
    let given = given("preservation", Vec::new()).policy(|policy| policy.instruments = instruments());
    given.with(text("jurisdiction", "GB")).about(alice())
}

fn asked() -> Given {
    named().with(wish(Secrecy::Open))
}

#[track_caller]
fn runs(given: &Given, expected: &[(&str, &str)]) {
    let due: Vec<_> = given.due();
    let expected: Vec<_> = expected.iter().map(|(name, day)| ((*name).to_owned(), end_of(day))).collect();
    assert_eq!(due, expected);
}

fn again(given: Given, day: u32) -> Given {
    given.at(nov(day, 9), Event::FieldSet { field: wish(Secrecy::Open) })
}

#[test]
fn the_requester_is_to_be_told_by_the_next_working_day() {
    runs(&asked(), &[(TO_TELL, "2026-11-03")]);
    let friday = named().at(nov(6, 9), Event::FieldSet { field: wish(Secrecy::Open) });
    runs(&friday, &[(TO_TELL, "2026-11-09")]);
    // A policy from before this clock gives as long as the requester has.
    runs(&asked().policy(|policy| policy.notice.ask_order_within = None), &[(TO_TELL, "2026-11-09")]);
}

#[test]
fn it_is_over_with_the_letter_an_order_or_the_wish() {
    runs(&asked().sent("secrecy", nov(4, 9)), &[(TO_SERVE, "2026-11-11")]);
    runs(&asked().sent("ack", nov(4, 9)), &[(TO_TELL, "2026-11-03")]);
    asked().with(wish(Secrecy::No)).never_due();
    asked().at(nov(3, 9), gag(Some(end_of("2026-11-30")))).falls_due(end_of("2026-11-30"));
    asked().at(nov(3, 9), settled(Telling::Told { via: "mail".to_owned() })).never_due();
    asked().at(nov(3, 9), Event::Closed).never_due();
    // An order that withholds, or one that nobody knows, is on file; one that lets the user be told is no order for secrecy.
    let with = |instrument: &str| asked().with(text("instrument", instrument)).due();
    let asks = |due: Vec<(String, _)>| due.iter().any(|(name, _)| name == TO_TELL);
    assert!(!asks(with("investigatory powers act")) && !asks(with("a paper")));
    assert!(asks(with("production order")));
}

#[test]
fn an_instrument_that_is_missing_does_not_put_it_off() {
    let asked = given("information", Vec::new()).about(alice()).with(wish(Secrecy::Open));
    runs(&asked, &[(TO_TELL, "2026-11-03")]);
}

#[test]
fn whoever_tells_no_user_asks_no_requester() {
    given("terms", Vec::new()).about(alice()).with(wish(Secrecy::Open)).never_due();
    asked().policy(|policy| policy.letters.retain(|letter| letter.name != "secrecy")).never_due();
    asked().policy(|policy| policy.kinds.iter_mut().for_each(|kind| kind.notify = false)).never_due();
}

#[test]
fn secrecy_without_an_order_has_a_week() {
    let told = asked().sent("secrecy", nov(4, 9)).falls_due(end_of("2026-11-11"));
    // A second copy gives nobody more time.
    told.clone().sent("secrecy", nov(6, 9)).falls_due(end_of("2026-11-11"));
    told.clone().with(wish(Secrecy::No)).never_due();
    let bound = told.clone().at(nov(5, 9), gag(None));
    assert!(bound.due().iter().all(|(name, _)| name == "gag"));
    told.clone().at(nov(12, 9), settled(Telling::Told { via: "mail".to_owned() })).never_due();
    told.clone().with(text("instrument", "production order")).falls_due(end_of("2026-11-11"));
    // An instrument that withholds, or one that nobody knows, is a reason of its own (rule 60).
    let has = |given: Given| given.due().iter().any(|(name, _)| name == TO_SERVE);
    assert!(!has(told.clone().with(text("instrument", "investigatory powers act"))));
    assert!(!has(told.clone().with(text("instrument", "a paper"))));
    told.clone().at(nov(12, 9), Event::SecrecyLapsed).never_due();
    let wants_one = given("information", Vec::new()).with(wish(Secrecy::Open));
    wants_one.sent("secrecy", nov(4, 9)).never_due();
}

#[test]
fn a_letter_from_before_says_nothing_of_a_wish_that_was_renewed() {
    let lapsed = asked().sent("secrecy", nov(4, 9)).at(nov(12, 9), Event::SecrecyLapsed).never_due();
    let renewed = again(lapsed, 20);
    runs(&renewed, &[(TO_TELL, "2026-11-23")]);
    // Nor does one that is put on record only now.
    let late = Event::LetterSent { letter: "secrecy".to_owned(), via: "mail".to_owned(), at: nov(18, 9) };
    runs(&renewed.clone().at(nov(20, 10), late), &[(TO_TELL, "2026-11-23")]);
    runs(&renewed.sent("secrecy", nov(23, 9)), &[(TO_SERVE, "2026-11-30")]);
    // Withdrawn and asked for again is anew, too; what is only said in other words is not.
    let withdrawn = asked().sent("secrecy", nov(4, 9)).with(wish(Secrecy::No));
    runs(&again(withdrawn, 20), &[(TO_TELL, "2026-11-23")]);
    runs(&again(asked().sent("secrecy", nov(4, 9)), 6), &[(TO_SERVE, "2026-11-11")]);
}

#[test]
fn a_letter_that_went_out_before_the_case_was_opened_here_counts() {
    let mut given = asked();
    let opened = nov(4, 9);
    (given.case.opened, given.case.secrecy_since) = (opened, Some(opened));
    let sent = Event::LetterSent { letter: "secrecy".to_owned(), via: "mail".to_owned(), at: nov(3, 9) };
    runs(&given.at(nov(4, 10), sent), &[(TO_SERVE, "2026-11-11")]);
}

/// Rule 16: one person cannot end a wish at once by saying that the letter went out long ago.
#[test]
fn the_time_to_serve_an_order_counts_from_when_the_letter_is_put_on_record() {
    let early = Event::LetterSent { letter: "secrecy".to_owned(), via: "mail".to_owned(), at: nov(2, 9) };
    runs(&asked().at(nov(20, 9), early), &[(TO_SERVE, "2026-11-27")]);
    let mut moved = asked();
    moved.case.received = nov(2, 9) - chrono::TimeDelta::days(100);
    let early =
        Event::LetterSent { letter: "secrecy".to_owned(), via: "mail".to_owned(), at: moved.case.received };
    runs(&moved.at(nov(20, 9), early), &[(TO_SERVE, "2026-11-27")]);
}
