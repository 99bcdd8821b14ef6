//! Requests for more time that are cases of their own, and the hold that keeps their records (rule 20).

use chrono::{DateTime, TimeDelta, Utc};

use super::given::*;
use crate::case::decide::extending::{linked as met_by_link, with_requests};
use crate::case::*;

fn only_keeps(kind: &str) -> Given {
    given(kind).under(|policy| {
        let kind = policy.kinds.iter_mut().find(|known| known.name == kind).unwrap();
        kind.preserves = true;
    })
}

/// C-1, which keeps the records of two users.
fn held() -> Given {
    let held = only_keeps("preservation").with(accounts(&["@a:our.org", "@b:our.org"]));
    held.after(Event::HoldStarted { from: now(), until: end(90) })
}

fn end(days: i64) -> DateTime<Utc> {
    now() + TimeDelta::days(days)
}

/// A request to keep one of them for longer.
fn asks(number: u32) -> Given {
    only_keeps("preservation").numbered(number).with(accounts(&["@a:our.org"]))
}

/// The same, met by the hold of another case that was extended until then.
fn kept(given: &Given, by: u32, until: DateTime<Utc>) -> Given {
    let other = held().numbered(by).after(Event::HoldExtended { until, asked_by: None });
    given.after(met_by_link(&given.case, Relation::Extends, &other.case, &other.terms).expect("it waits"))
}

/// The requests that hear of it, of all that extend C-1.
fn hear(event: &Event, requests: &[&Given]) -> Vec<CaseId> {
    let cases: Vec<Case> = requests.iter().map(|given| given.case.clone()).collect();
    let events = with_requests(&held().case, event.clone(), &cases, &held().terms);
    events.iter().skip(1).map(|(case, _)| *case).collect()
}

fn extended() -> Event {
    Event::HoldExtended { until: end(180), asked_by: None }
}

#[test]
fn an_extension_is_for_the_oldest_request_that_waits_for_it() {
    assert_eq!(hear(&extended(), &[&asks(3), &asks(2)]), [id(2)]);
    assert_eq!(hear(&extended(), &[&kept(&asks(2), 1, end(90)), &asks(3)]), [id(3)], "the first is met");
    assert_eq!(hear(&extended(), &[&kept(&asks(2), 9, end(90))]), [id(2)], "that one kept it by another");
    assert_eq!(
        hear(&extended(), &[&only_keeps("preservation").numbered(2)]),
        [id(2)],
        "it names nobody else"
    );
}

#[test]
fn no_request_waits_that_came_to_something_keeps_its_own_or_keeps_nothing() {
    let own_hold = asks(2).after(Event::HoldStarted { from: now(), until: end(90) });
    let mut lost = asks(2);
    lost.case.policy = "lost/1".to_owned();
    let of_another = asks(2).after(Event::FieldSet { field: accounts(&["@c:our.org"]) });
    for other in [
        asks(2).answered(),
        asks(2).answered().closed(),
        own_hold,
        lost,
        of_another,
        given("terms").numbered(2),
    ] {
        assert_eq!(hear(&extended(), &[&other]), [], "{:?}", other.case);
    }
}

#[test]
fn a_hold_set_right_is_told_to_the_request_that_it_was_extended_for() {
    let right = Event::HoldSetRight { until: end(180), asked_by: None };
    let (first, second) = (kept(&asks(2), 1, end(30)), kept(&asks(3), 1, end(90)));
    assert_eq!(hear(&right, &[&first, &second]), [id(3)], "that has the day of the hold");
    assert_eq!(hear(&right, &[&kept(&asks(2), 9, end(90))]), []);
}

#[test]
fn what_is_let_go_is_said_to_those_who_were_met_by_it_and_who_wait_for_it_and_to_nobody_else() {
    let released = Event::HoldOver { how: HoldEnding::Released };
    let met = kept(&asks(2), 1, end(90));
    assert_eq!(hear(&released, &[&met, &asks(3), &kept(&asks(4), 9, end(90))]), [id(2), id(3)]);
    assert_eq!(hear(&released, &[&met.answered(), &asks(3).answered()]), [id(2)], "it was told a later day");
    // That it ends on its day was said to whoever was met and answered; whoever waits hears of it now.
    let expired = Event::HoldOver { how: HoldEnding::Expired };
    assert_eq!(hear(&expired, &[&met.answered(), &kept(&asks(3), 1, end(90)), &asks(4)]), [id(3), id(4)]);
    assert_eq!(hear(&Event::HoldStarted { from: now(), until: end(90) }, &[&met]), [], "it is not over");
}

#[test]
fn a_link_meets_a_request_by_a_hold_that_runs_and_was_extended_since_it_came() {
    let by_link = |how, held: &Given| met_by_link(&asks(2).case, how, &held.case, &held.terms);
    let met = |how, held: &Given| matches!(by_link(how, held), Some(Event::KeptWith { .. }));
    let longer = held().after(extended());
    assert!(met(Relation::Extends, &longer));
    assert!(!met(Relation::Appeal, &longer));
    assert!(!met(Relation::Extends, &held()), "it was never extended");
    assert!(!met(Relation::Extends, &longer.after(Event::HoldOver { how: HoldEnding::Expired })));
    let answered = asks(2).answered();
    assert_eq!(met_by_link(&answered.case, Relation::Extends, &longer.case, &longer.terms), None);
    // Whose records are not kept by it is said, but not of a sealed request.
    let others = asks(2).after(Event::FieldSet { field: accounts(&["@a:our.org", "@c:our.org"]) });
    for (asks, left) in [
        (others.clone(), vec![account("@c:our.org")]),
        (others.after(Event::Flagged { flag: Flag::Csea }), Vec::new()),
    ] {
        let met = met_by_link(&asks.case, Relation::Extends, &longer.case, &longer.terms);
        let Some(Event::KeptWith { without, .. }) = met else { panic!("{met:?}") };
        assert_eq!(without.into_iter().collect::<Vec<_>>(), left);
    }
}

#[test]
fn records_are_kept_until_the_end_of_the_hold_that_runs_or_of_the_one_that_was_extended() {
    let second = TimeDelta::seconds(1);
    let own = held();
    assert_eq!(own.case.kept_until(end(90)), Some(end(90)));
    let let_go = own.after(Event::HoldOver { how: HoldEnding::Released });
    assert_eq!(let_go.case.kept_until(now()), None, "from that moment on");
    assert_eq!(let_go.case.kept_until(now() - second), Some(end(90)));
    let with = kept(&asks(2), 1, end(180));
    assert_eq!(with.case.kept_until(end(180) - second), Some(end(180)));
    assert_eq!(with.case.kept_until(end(180)), None);
    // Whose records that hold does not keep is said only where there is one.
    let of_another = kept(&asks(2), 1, end(180)).after(Event::FieldSet { field: accounts(&["@c:our.org"]) });
    assert_eq!(of_another.case.kept_for_nobody().count(), 1);
    let alone = asks(2).after(Event::FieldSet { field: accounts(&["@c:our.org"]) });
    assert_eq!(alone.case.kept_for_nobody().count(), 0);
}

#[test]
fn a_link_to_a_hold_that_is_over_says_so_and_leaves_the_request_a_hold_of_its_own() {
    let over = held().after(Event::HoldOver { how: HoldEnding::Expired });
    let by_link = |how, asks: &Given| met_by_link(&asks.case, how, &over.case, &over.terms);
    let gone = Event::KeptNoLonger { other: id(1) };
    assert_eq!(by_link(Relation::Extends, &asks(2)), Some(gone.clone()));
    assert_eq!(by_link(Relation::Appeal, &asks(2)), None);
    assert_eq!(by_link(Relation::Extends, &asks(2).answered()), None, "it waits for nothing");
    let linked_only = asks(2).after(linked(1, Relation::Extends, true)).called();
    assert_eq!(linked_only.case.extends_hold_of(now()), Some(id(1)));
    let told = linked_only.after(gone);
    assert_eq!(told.case.extends_hold_of(now()), None);
    assert_eq!(told.case.asks_more_of(), Some(id(1)));
    // Neither what is said nor what is refused leads to the hold that is over.
    let extend = || Command::Hold(HoldStep::Extend { term: None });
    told.when(extend()).refused(Restraint::NoHold.into());
    told.when(Command::Answer { extent: Extent::Full }).refused(Restraint::NothingKept.into());
    told.when(Command::Hold(HoldStep::Start { term: None, from: None })).at_once();
    let asked = over.after(linked(2, Relation::Extends, false));
    asked.when(extend()).refused(Restraint::OverForMore { asks: id(2) }.into());
    over.when(extend()).refused(Restraint::NoHold.into());
    // One that is extended once it runs anew keeps it again.
    assert_eq!(kept(&told, 1, end(180)).case.extends_hold_of(now()), Some(id(1)));
}

#[test]
fn a_request_that_was_kept_until_a_day_that_is_over_is_to_be_kept_by_its_own() {
    let met = kept(&asks(2).after(linked(1, Relation::Extends, true)), 1, end(180)).called();
    let met = met.under(|policy| policy.kinds.iter_mut().for_each(|kind| kind.verify_instrument = false));
    let full = || Command::Answer { extent: Extent::Full };
    met.when(full()).then([Event::Answered { extent: Extent::Full }]);
    met.at(end(180)).when(full()).refused(Restraint::NothingKept.into());
}
