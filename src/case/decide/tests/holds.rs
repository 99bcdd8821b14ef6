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
    assert_eq!(until(&preserved().done(start(Some("1 month")))), "2026-12-21T23:59:59+00:00", "rolled");
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
