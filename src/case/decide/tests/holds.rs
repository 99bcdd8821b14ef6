//! Holds: started, extended, released.

use super::given::*;
use crate::case::*;

fn preserved() -> Given {
    given("preservation").with(accounts(&["@a:our.org"])).under(|policy| {
        let kind = policy.kinds.iter_mut().find(|kind| kind.name == "preservation").unwrap();
        (kind.preserves, kind.notify) = (true, false);
    })
}

fn start(term: Option<&str>) -> Command {
    Command::Hold(HoldStep::Start { term: term.map(|term| Term::read(term).unwrap()), from: None })
}

fn extend() -> Command {
    Command::Hold(HoldStep::Extend { term: None })
}

fn until(given: &Given) -> String {
    given.case.hold.as_ref().unwrap().until.to_rfc3339()
}

#[test]
fn a_hold_runs_from_the_receipt_for_the_policys_term() {
    let held = preserved().done(start(None));
    // 20 November and 90 days, to the end of that day.
    assert_eq!(until(&held), "2027-02-18T23:59:59+00:00");
    held.when(start(None))
        .refused(Restraint::HoldRuns { until: held.case.hold.as_ref().unwrap().until }.into());
    preserved().when(start(Some("1 month"))).proposed(Effect::Destroy);
    preserved().when(start(Some("1 hour"))).proposed(Effect::Destroy);
    given("terms").when(start(None)).refused(Restraint::KeepsNothing.into());
    preserved().answered().closed().when(start(None)).refused(Refusal::AlreadyClosed);
}

#[test]
fn a_hold_that_would_be_over_or_not_begun_is_none() {
    let old = preserved().at("2027-06-01T10:00:00Z".parse().unwrap());
    let would = "2027-02-18T23:59:59Z".parse().unwrap();
    old.when(start(None)).refused(Restraint::HoldWouldBeOver { until: would }.into());
    let later = "2026-11-21T00:00:00Z".parse().unwrap();
    preserved()
        .when(Command::Hold(HoldStep::Start { term: None, from: Some(later) }))
        .refused(Restraint::NotYet(later).into());
}

#[test]
fn an_extension_counts_from_the_old_end_and_wants_a_request_each_time() {
    let held = preserved().done(start(None));
    preserved().when(extend()).refused(Restraint::NoHold.into());
    held.when(extend()).refused(Restraint::ExtensionWantsRequest.into());
    let asked = held.after(attached("letter", FileRole::Extension));
    let once = asked.done(extend());
    assert_eq!(
        until(&once),
        "2027-05-19T23:59:59+01:00".replace("+01:00", "+00:00").replace("23:59", "22:59")
    );
    once.when(extend()).refused(Restraint::ExtensionWantsRequest.into());
    once.after(linked(57, Relation::Extends, false)).when(extend()).at_once();
    let limited = asked.under(|policy| policy.hold.times = Some(1)).done(extend());
    limited
        .after(attached("second", FileRole::Extension))
        .when(extend())
        .refused(Restraint::ExtendedOften { most: 1 }.into());
}

#[test]
fn an_instrument_can_have_terms_of_its_own() {
    let own = (Term::read("60 days").unwrap(), Term::read("30 days").unwrap());
    let held = preserved()
        .with(text("instrument", "court order 7"))
        .with(text("jurisdiction", "GB"))
        .under(|policy| {
            policy.hold.by_instrument.insert("court-order".to_owned(), own);
        })
        .done(start(None));
    assert_eq!(until(&held), "2027-01-19T23:59:59+00:00");
}

#[test]
fn letting_go_takes_two_and_cools() {
    let held = preserved().done(start(None));
    held.when(Command::Hold(HoldStep::Release)).proposed(Effect::Destroy);
    let proposed = held.done(Command::Hold(HoldStep::Release));
    let approved = proposed.by("ben").done(Command::Approve { code: proposed.code(), alone: None });
    assert!(approved.case.hold.as_ref().unwrap().runs(), "anybody may still deny");
}

#[test]
fn a_case_is_not_closed_while_a_hold_runs() {
    let held = preserved().done(start(None)).answered();
    let until = held.case.hold.as_ref().unwrap().until;
    held.when(Command::Close).refused(Restraint::Owed(vec![crate::case::decide::Duty::Keep(until)]).into());
    held.after(Event::HoldOver { how: HoldEnding::Expired }).when(Command::Close).then([Event::Closed]);
}

/// What two people agreed on, or was on record before that took two.
fn held_until(until: &str) -> Given {
    let (from, until) = ("2026-11-20T10:00:00Z".parse().unwrap(), until.parse().unwrap());
    preserved().after(Event::HoldStarted { from, until })
}

#[test]
fn a_mistyped_term_is_set_right_within_the_policys_own_and_only_longer() {
    let short = held_until("2026-11-20T23:00:00Z");
    let right = short.done(start(Some("90 days")));
    assert_eq!(until(&right), "2027-02-18T23:59:59+00:00");
    assert_eq!(right.case.hold.as_ref().unwrap().extended, 0, "no extension is used up");
    assert_eq!(until(&short.done(start(None))), until(&right));
    let runs = |given: &Given| Restraint::HoldRuns { until: given.case.hold.as_ref().unwrap().until }.into();
    right.when(start(Some("60 days"))).refused(runs(&right));
    right.when(start(Some("120 days"))).refused(runs(&right));
    short.when(start(Some("120 days"))).refused(runs(&short));
}

#[test]
fn a_short_extension_is_made_whole_without_a_new_request() {
    let held = preserved().done(start(None)).after(attached("letter", FileRole::Extension));
    let one_day = Command::Hold(HoldStep::Extend { term: Some(Term::read("1 day").unwrap()) });
    let short = held.under(|policy| policy.hold.times = Some(1)).done(one_day);
    let whole = short.done(extend());
    assert_eq!(until(&whole), "2027-05-19T22:59:59+00:00");
    assert_eq!(whole.case.hold.as_ref().unwrap().extended, 1);
    whole.when(extend()).refused(Restraint::ExtendedOften { most: 1 }.into());
    let longer = Command::Hold(HoldStep::Extend { term: Some(Term::read("91 days").unwrap()) });
    short.when(longer).refused(Restraint::ExtendedOften { most: 1 }.into());
}
