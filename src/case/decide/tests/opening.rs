//! How a case begins, and how it is verified who asks.

use std::collections::BTreeMap;

use chrono::TimeDelta;

use super::given::*;
use crate::case::Refusal as R;
use crate::case::decide::{Draw, Setting, open};
use crate::case::*;

#[test]
fn a_case_is_opened_with_everything_it_came_with() {
    let came = now() - TimeDelta::days(3);
    let opening = Opening {
        stray: vec!["thanks!".to_owned()],
        received: Some(came),
        ..opening("terms", vec![text("context", "insults")])
    };
    let events = open(
        id(7),
        opening,
        &Setting { actor: &ada(), terms: &terms(), now: now(), draw: Draw::NONE, certain: true },
    )
    .unwrap();
    assert_eq!(
        events,
        [(
            id(7),
            Event::Opened {
                kind: "terms".to_owned(),
                policy: terms().current,
                received: came,
                fields: vec![text("context", "insults")],
                stray: vec!["thanks!".to_owned()],
            }
        )]
    );
}

#[test]
fn without_a_time_of_its_own_a_case_counts_from_now() {
    let events = open(
        id(7),
        opening("terms", Vec::new()),
        &Setting { actor: &ada(), terms: &terms(), now: now(), draw: Draw::NONE, certain: true },
    )
    .unwrap();
    assert!(matches!(&events[..], [(_, Event::Opened { received, .. })] if *received == now()));
}

#[test]
fn a_case_is_opened_under_a_known_kind_and_policy_only() {
    let refused = open(
        id(7),
        opening("parking", Vec::new()),
        &Setting { actor: &ada(), terms: &terms(), now: now(), draw: Draw::NONE, certain: true },
    );
    let (typed, near) = ("parking".to_owned(), None);
    assert_eq!(refused, Err(R::NoSuchKind { typed, near }));
    let gone = Terms { policies: BTreeMap::new(), ..terms() };
    assert_eq!(
        open(
            id(7),
            opening("terms", Vec::new()),
            &Setting { actor: &ada(), terms: &gone, now: now(), draw: Draw::NONE, certain: true }
        ),
        Err(R::PolicyMissing)
    );
}

#[test]
fn who_verified_is_the_sender_or_who_is_named() {
    let case = given("information");
    for (by, is) in [(None, "@ada:our.org"), (Some(account("@ben:our.org")), "@ben:our.org")] {
        let events = case.when(verify(Verifiable::Requester, by, "called the switchboard")).happens();
        assert!(matches!(&events[..], [Event::Verified { by, .. }] if by.as_str() == is));
    }
    case.when(verify(Verifiable::Requester, Some(account("@eve:our.org")), "x"))
        .refused(R::NotOfThePeople("@eve:our.org".to_owned()));
    case.when(verify(Verifiable::Requester, Some(account("@dot:our.org")), "x"))
        .refused(R::MayOnlyRead(account("@dot:our.org")));
}

#[test]
fn a_number_that_was_taken_off_or_replaced_still_counts() {
    let number = "020 7946 0958";
    let case = given("information").with(text("phone", number));
    let gone = Event::FieldCleared { key: "phone".to_owned(), label: "Phone".to_owned() };
    let replaced = Event::FieldSet { field: text("phone", "ask the switchboard") };
    for event in [gone, replaced] {
        case.after(event)
            .when(verify(Verifiable::Requester, None, number))
            .refused(R::NumberFromRequest { number: "02079460958".to_owned() });
    }
}

#[test]
fn a_number_from_the_request_verifies_nobody() {
    let case = given("information").with(text("phone", "(020) 7946–0958"));
    let refused = |number: &str| R::NumberFromRequest { number: number.to_owned() };
    case.when(verify(Verifiable::Requester, None, "rang +44 20 7946 0958")).refused(refused("442079460958"));
    case.when(verify(Verifiable::Requester, None, "rang 020 7946 0959, 2026-11-20")).at_once();
    case.when(verify_by(Verifiable::Instrument, "02079460958", "rang")).refused(refused("02079460958"));
}

#[test]
fn a_number_counts_wherever_it_stands_in_the_request() {
    let mut case = given("information").with(text("Phone 0117 496 0000", "office hours"));
    case.case.stray.push("or call me on 0117 496 0001".to_owned());
    for number in ["01174960000", "01174960001"] {
        case.when(verify(Verifiable::Requester, None, number))
            .refused(R::NumberFromRequest { number: number.to_owned() });
    }
    case.when(verify(Verifiable::Requester, None, "01174960002")).at_once();
}

#[test]
fn what_needs_no_verifying_is_not_verified() {
    for what in [Verifiable::Requester, Verifiable::Instrument] {
        given("terms").when(verify(what, None, "x")).refused(R::NothingToVerify(what));
    }
    given("preservation")
        .when(verify(Verifiable::Instrument, None, "x"))
        .refused(R::NothingToVerify(Verifiable::Instrument));
}

#[test]
fn what_was_verified_and_then_changed_is_verified_no_longer() {
    let done = |what| Event::Verified {
        what,
        by: ada(),
        how: "called".to_owned(),
        entry: None,
        call: None,
        recorder: None,
    };
    let case = given("information")
        .with(text("instrument", "court order 7"))
        .with(text("jurisdiction", "GB"))
        .with(accounts(&["@a:our.org", "@b:our.org"]))
        .after(done(Verifiable::Requester))
        .after(done(Verifiable::Instrument));
    for (edit, requester, instrument) in [
        (Edit::Put(text("email", "jane@police.example")), false, true),
        (Edit::Put(text("agency", "FBI")), false, true),
        (Edit::Put(text("jurisdiction", "US")), false, false),
        (Edit::Put(text("data", "content of messages")), true, false),
        (Edit::Put(text("messages", "all")), true, false),
        (Edit::Put(text("from", "2001-01-01")), true, false),
        (Edit::Put(text("to", "2026-12-31")), true, false),
        (Edit::Put(text("purpose", "none")), true, false),
        (Edit::Put(text("instrument", "court order 8")), true, false),
        (Edit::Put(text("instrument", "")), true, false),
        (Edit::AddAccounts(accounts(&["@c:our.org"])), true, false),
        (Edit::RemoveAccounts(accounts(&["@a:our.org"])), true, true),
        (Edit::Put(text("reference", "X")), true, true),
    ] {
        case.when(set([edit]))
            .is(|case| (case.requester.is_some(), case.instrument.is_some()) == (requester, instrument));
    }
}

#[test]
fn a_number_told_in_two_halves_or_written_on_two_lines_still_counts() {
    let refused = |number: &str| R::NumberFromRequest { number: number.to_owned() };
    let case = given("information").with(text("phone", "020 7946\n0958"));
    case.when(verify_by(Verifiable::Requester, "0958", "called 946")).refused(refused("9460958"));
    let mut case = given("information");
    case.case.stray = owned(&["call 020 7946", "0958"]);
    case.when(verify(Verifiable::Requester, None, "called 020 7946 0958")).refused(refused("02079460958"));
}

#[test]
fn of_what_was_replaced_the_case_keeps_numbers_only_and_each_once() {
    let mut case = given("information").with(text("phone", "020 7946 0958"));
    for value in ["x", "020 7946 0958", "no number", "020 7946 0958", "y"] {
        case = case.after(Event::FieldSet { field: text("phone", value) });
    }
    let kept: Vec<&str> = case.case.former_numbers.iter().map(String::as_str).collect();
    assert_eq!(kept, ["02079460958"]);
}
