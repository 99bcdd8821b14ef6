//! An order lapses: what it opened is answered no longer, and nobody approves it any more.

use chrono::{DateTime, Utc};

use super::given::*;
use crate::case::Refusal as R;
use crate::case::decide::answering::lapses;
use crate::case::decide::sweep;
use crate::case::*;

fn approve(code: &str) -> Command {
    Command::Approve { code: code.to_owned(), alone: None }
}

fn full() -> Command {
    Command::Answer { extent: Extent::Full }
}

fn at(text: &str) -> DateTime<Utc> {
    text.parse().unwrap()
}

/// A request for records, by an order that was granted on this day and lapses after three.
fn by_an_order_of(day: u32) -> Given {
    let day = chrono::NaiveDate::from_ymd_opt(2026, 11, day).unwrap();
    let granted = Field { reading: Reading::Day { day }, ..text("granted", &day.to_string()) };
    let given = given("other").called().with(granted).with(text("data", "account"));
    given.under(|policy| {
        let like = policy.clocks[0].clone();
        policy.clocks.push(ClockRule {
            name: "authorisation".to_owned(),
            kinds: vec!["other".to_owned()],
            only: Vec::new(),
            from: Start::Line("granted".to_owned()),
            term: Term::read("3 days, counting its first day, not rolling").unwrap(),
            until: Stop::Answered,
            lapses: true,
            tasks: None,
            calls: None,
            ..like
        });
    })
}

#[test]
fn an_order_that_has_lapsed_or_is_not_in_force_yet_opens_nothing() {
    let asked = by_an_order_of;
    let (lapsed, begins) = (asked(17).when(full()), asked(22).when(full()));
    assert!(matches!(lapsed.decided, Err(R::Restraint(Restraint::Lapsed { .. }))), "{:?}", lapsed.decided);
    assert!(
        matches!(begins.decided, Err(R::Restraint(Restraint::NotInForceYet { .. }))),
        "{:?}",
        begins.decided
    );
    asked(20).when(full()).proposed(Effect::Disclose);
    // That there is nothing may be said at any time.
    asked(17).when(Command::Answer { extent: Extent::None }).at_once();
}

#[test]
fn only_what_opens_records_lapses_with_the_order() {
    let until = |given: &Given, command: Command| lapses(&given.case, &command, &given.terms);
    let asked = by_an_order_of(20);
    assert_eq!(until(&asked, full()), Some(at("2026-11-22T23:59:59Z")));
    assert_eq!(until(&asked, Command::Answer { extent: Extent::None }), None);
    let shut = |policy: &mut Policy| {
        policy.kinds.iter_mut().for_each(|kind| (kind.discloses, kind.discloses_if_asked) = (false, false));
    };
    assert_eq!(until(&asked.under(shut), full()), None);
}

#[test]
fn an_answer_waits_for_its_second_person_no_longer_than_the_order_is_in_force() {
    let expires = |given: &Given| given.done(full()).case.proposals[0].expires;
    assert_eq!(
        expires(&by_an_order_of(19)),
        at("2026-11-21T23:59:59Z"),
        "the order, before the policy's three days"
    );
    assert_eq!(expires(&by_an_order_of(20)), at("2026-11-22T23:59:59Z"));
    assert_eq!(expires(&given("other").called()), at("2026-11-23T23:59:59Z"), "no order, the policy's");
    // With the order it is void, whoever looks.
    let case = by_an_order_of(19).done(full());
    let late = at("2026-11-22T00:00:00Z");
    let void = Event::Voided { code: case.code(), why: Void::Expired };
    assert!(wakes(&case.case, &case.terms).is_some_and(|at| at <= late), "docket looks by itself");
    let swept = sweep(&case.case, &case.around, &case.terms, late, true);
    assert!(swept.contains(&(id(1), void.clone())), "{swept:?}");
    Given { now: late, ..case.by("ben") }.when(approve(&case.code())).then([void]);
    // What has cooled by then is approved, up to the last moment at which it has.
    for soon in [now(), at("2026-11-21T23:49:59Z")] {
        let events = Given { now: soon, ..case.by("ben") }.when(approve(&case.code())).happens();
        assert!(matches!(events.as_slice(), [Event::Approved { .. }]), "{events:?}");
    }
    // What would cool until the order is gone is void before.
    let last = at("2026-11-21T23:55:00Z");
    let void = Event::Voided { code: case.code(), why: Void::NotAllowed };
    Given { now: last, ..case.by("ben") }.when(approve(&case.code())).then([void]);
    // What opens nothing does not wait for the order.
    let none = by_an_order_of(19).under(|policy| policy.two_people.acts.push("answer".to_owned()));
    let none = none.done(Command::Answer { extent: Extent::None });
    assert_eq!(none.case.proposals[0].expires, at("2026-11-23T23:59:59Z"));
}
