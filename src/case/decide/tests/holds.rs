//! Holds: started, extended, released.

use super::given::*;
use crate::case::letter::draft;
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
    let today = "2027-06-01".parse().unwrap();
    old.when(start(None)).refused(Restraint::StartsTooEarly { until: would, today }.into());
    let from_today = "2027-06-01T00:00:00Z".parse().unwrap();
    old.when(Command::Hold(HoldStep::Start { term: None, from: Some(from_today) })).at_once();
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
    let once = held.under(|policy| {
        policy.hold.times_by_instrument.insert("court-order".to_owned(), 1);
        policy.hold.extend_wants_request = false;
    });
    once.done(extend()).when(extend()).refused(Restraint::ExtendedOften { most: 1 }.into());
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

/// A request for more time on C-1, which is a case of its own.
fn asks_for_more(names: &[&str]) -> Given {
    let asks = preserved().numbered(2).after(linked(1, Relation::Extends, true));
    asks.under(|policy| {
        let kind = policy.kinds.iter_mut().find(|kind| kind.name == "preservation").unwrap();
        (kind.verify_requester, kind.verify_instrument) = (false, false);
    })
    .with(accounts(names))
}

/// C-1, held, with the request that asks for more.
fn held_beside(asks: &Given) -> Given {
    let held = preserved().done(start(None)).after(linked(2, Relation::Extends, false));
    let around = crate::case::decide::Around { extending: vec![asks.case.clone()], ..held.around.clone() };
    Given { around, ..held }
}

fn taken_in(asks: &Given, events: &crate::case::decide::Events) -> Given {
    let own = events.iter().filter(|(of, _)| *of == asks.case.id).map(|(_, event)| event.clone());
    own.fold(asks.clone(), |given, event| given.after(event))
}

#[test]
fn a_request_for_more_time_is_answered_from_the_hold_that_it_extended_rule_20() {
    let asks = asks_for_more(&["@a:our.org"]);
    let full = Command::Answer { extent: Extent::Full };
    asks.when(full.clone()).refused(Restraint::NotExtended { other: id(1) }.into());
    let held = held_beside(&asks);
    let events = held.when(extend()).all();
    let met = taken_in(&asks, &events);
    // The old end was 18 February; 90 days count from there, not from the second receipt.
    let end = "2027-05-19T22:59:59Z".parse().unwrap();
    let of = [account("@a:our.org")].into();
    assert_eq!(met.case.kept_with, Some(KeptWith { case: id(1), until: end, of }));
    met.when(full).then([Event::Answered { extent: Extent::Full }]);
    let answered = met.after(Event::Answered { extent: Extent::Full });
    assert_eq!(answered.case.kept_until(now()), Some(end), "its letter says this day");
    // It keeps nothing itself, so nothing of the kind is owed on it.
    let owed = crate::case::decide::duties(&answered.case, &answered.terms);
    assert!(!owed.iter().any(|duty| matches!(duty, crate::case::decide::Duty::Keep(_))), "{owed:?}");
}

#[test]
fn a_hold_that_was_extended_before_the_link_is_known_with_it() {
    let asks = preserved().numbered(2).with(accounts(&["@a:our.org"]));
    let held = preserved().done(start(None)).after(attached("letter", FileRole::Extension)).done(extend());
    let events = asks.beside(held.clone()).when(link(1, Relation::Extends)).all();
    assert!(events.iter().any(|(of, event)| *of == id(2) && matches!(event, Event::KeptWith { .. })));
    // One that was extended before the request came in was not for it.
    let mut later = asks.clone();
    later.case.received = now() + chrono::TimeDelta::days(1);
    let events = later.beside(held).when(link(1, Relation::Extends)).all();
    assert!(!events.iter().any(|(_, event)| matches!(event, Event::KeptWith { .. })));
}

#[test]
fn an_extension_meets_one_request_and_only_for_accounts_that_the_hold_is_about() {
    let mut others = asks_for_more(&[]);
    others.case.fields.retain(|field| field.key != "accounts");
    let others = others.with(accounts(&["@c:our.org"]));
    let events = held_beside(&others).when(extend()).all();
    assert_eq!(taken_in(&others, &events).case.kept_with, None);
    let (first, second) = (asks_for_more(&["@a:our.org"]), asks_for_more(&["@a:our.org"]).numbered(3));
    let mut held = held_beside(&first);
    held.around.extending.insert(0, second.case.clone());
    let events = held.when(extend()).all();
    assert!(taken_in(&first, &events).case.kept_with.is_some());
    assert_eq!(taken_in(&second, &events).case.kept_with, None, "it asks for more again");
}

#[test]
fn a_request_that_names_more_accounts_has_a_day_for_each_rule_20() {
    let more = asks_for_more(&["@a:our.org", "@c:our.org"]);
    let met = taken_in(&more, &held_beside(&more).when(extend()).all());
    // What that hold does not keep, a hold of its own does; the answer waits for it.
    let left = vec![account("@c:our.org")];
    let full = || Command::Answer { extent: Extent::Full };
    assert_eq!(met.case.kept_until(now()), None);
    met.when(full()).refused(Restraint::KeptForSome { other: id(1), left }.into());
    let own = met.done(start(None));
    own.when(full()).then([Event::Answered { extent: Extent::Full }]);
    let [a, c] = [account("@a:our.org"), account("@c:our.org")];
    let longer = "2027-05-19T22:59:59Z".parse().unwrap();
    let days = [(own.case.hold.clone().unwrap().until, vec![&c]), (longer, vec![&a])];
    assert_eq!(own.case.kept_apart(now()), days.into());
    let answered = own.with(text("agency", "Met")).with(text("reference", "OP-1")).with(text("officer", "J"));
    let letter = draft(&answered.case, "answer", None, &answered.terms, now()).unwrap().text();
    let said = "18 February 2027 (@c:our.org) and";
    assert!(letter.contains(said) && letter.contains("19 May 2027 (@a:our.org)"), "{letter}");
    // Nor the other way round: whoever starts the hold first is met all the same.
    let first = more.done(start(None));
    let met = taken_in(&first, &held_beside(&first).when(extend()).all());
    assert_eq!(met.case.kept_apart(now()), own.case.kept_apart(now()));
    // Whoever comes to it later is kept by nobody until somebody says so.
    let one = asks_for_more(&["@a:our.org"]);
    let one = taken_in(&one, &held_beside(&one).when(extend()).all());
    let later = one.done(set([Edit::AddAccounts(accounts(&["@d:our.org"]))]));
    assert_eq!((one.case.kept_until(now()), later.case.kept_until(now())), (Some(longer), None));
}

#[test]
fn the_hold_that_is_meant_is_that_of_the_case_on_which_more_time_is_asked_rule_20() {
    let asks = asks_for_more(&["@a:our.org"]);
    let elsewhere = |step, has_own| Restraint::HeldByOther { other: id(1), step, has_own };
    asks.when(extend()).refused(elsewhere("extend", false).into());
    asks.when(Command::Hold(HoldStep::Release)).refused(elsewhere("release", false).into());
    let own = asks.done(start(None));
    own.when(extend()).refused(elsewhere("extend", true).into());
    own.when(Command::Hold(HoldStep::Release)).proposed(Effect::Destroy);
    own.after(attached("letter", FileRole::Extension)).when(extend()).at_once();
}

#[test]
fn what_is_let_go_is_kept_for_nobody() {
    let asks = asks_for_more(&["@a:our.org"]);
    let held = held_beside(&asks);
    let met = taken_in(&asks, &held.when(extend()).all());
    let told = met.after(Event::KeptNoLonger { other: id(1) });
    assert_eq!(told.case.kept_with, None);
    let over = "2027-05-20T10:00:00Z".parse().unwrap();
    assert_eq!(met.case.kept_until(over), None, "its day is over");
}

#[test]
fn no_hold_is_longer_than_the_policy_gives_at_a_time_rules_19_20() {
    let most = Term::read("90 days").unwrap();
    let too_long = || Restraint::HoldTooLong { most }.into();
    preserved().when(start(Some("10 years"))).refused(too_long());
    preserved().when(start(Some("91 days"))).refused(too_long());
    preserved().when(start(Some("90 days"))).at_once();
    let asked = preserved().done(start(None)).after(attached("letter", FileRole::Extension));
    let longer = |term| Command::Hold(HoldStep::Extend { term: Some(Term::read(term).unwrap()) });
    asked.when(longer("10 years")).refused(too_long());
    asked.when(longer("90 days")).at_once();
    // What an instrument or a flag gives is the policy's too.
    let own = (Term::read("1 year").unwrap(), Term::read("1 year").unwrap());
    let by_order = preserved().with(text("instrument", "court order 7")).with(text("jurisdiction", "GB"));
    let by_order = by_order.under(|policy| {
        policy.hold.by_instrument.insert("court-order".to_owned(), own);
    });
    by_order.when(start(Some("1 year"))).at_once();
    by_order.when(start(Some("2 years"))).refused(Restraint::HoldTooLong { most: own.0 }.into());
}

#[test]
fn a_term_is_set_right_only_while_nothing_else_is_another() {
    let short = held_until("2026-11-20T23:00:00Z");
    let from = |from| {
        Command::Hold(HoldStep::Start { term: Some(Term::read("90 days").unwrap()), from: Some(from) })
    };
    let hour = chrono::TimeDelta::hours(1);
    let runs = |given: &Given| Restraint::HoldRuns { until: given.case.hold.as_ref().unwrap().until }.into();
    assert_eq!(until(&short.done(from(now()))), "2027-02-18T23:59:59+00:00");
    short.when(from(now() - hour)).refused(runs(&short));
    let extended = short.after(Event::HoldExtended { until: now() + hour, asked_by: None });
    extended.when(start(Some("90 days"))).refused(runs(&extended));
    // Nor one that would be over, nor an extension of what was let go.
    let end = "2027-02-18T23:59:59Z".parse().unwrap();
    short.at(end).when(start(Some("90 days"))).refused(runs(&short));
    short.at(end - chrono::TimeDelta::seconds(1)).when(start(Some("90 days"))).at_once();
    extended
        .after(Event::HoldOver { how: HoldEnding::Released })
        .when(extend())
        .refused(Restraint::NoHold.into());
}

/// Nothing is kept here of who is on another server, so to take them off lets go of nothing (rule 19).
#[test]
fn whoever_is_on_another_server_comes_off_a_case_that_keeps_records_by_one() {
    let named = vec![Subject { account: account("@z:far.org"), ours: false, odd: Vec::new() }];
    let far = Field { reading: Reading::Accounts { named, unread: Vec::new() }, ..accounts(&["@z:far.org"]) };
    let held = preserved().with(far.clone()).done(start(None));
    held.when(set([Edit::RemoveAccounts(far)])).at_once();
    held.when(set([Edit::RemoveAccounts(accounts(&["@a:our.org"]))])).proposed(Effect::Destroy);
}

#[test]
fn nobody_hears_that_records_are_kept_of_accounts_of_other_servers_only() {
    // Rule 8.
    let far = |ours: bool| {
        let named = vec![Subject { account: account("@z:far.org"), ours, odd: Vec::new() }];
        Field { reading: Reading::Accounts { named, unread: Vec::new() }, ..accounts(&["@z:far.org"]) }
    };
    let of = |field: Field| {
        let mut asks = preserved();
        asks.case.fields.retain(|field| field.key != "accounts");
        asks.with(field).called().under(|policy| {
            let kind = policy.kinds.iter_mut().find(|kind| kind.name == "preservation").unwrap();
            (kind.own_accounts, kind.verify_instrument) = (true, false);
        })
    };
    let full = || Command::Answer { extent: Extent::Full };
    let nobody = Refusal::from(Restraint::HoldsNobody { code: Some("not-ours".to_owned()) });
    let release = || Command::Hold(HoldStep::Release);
    for step in [start(None), extend(), release()] {
        of(far(false)).when(step).refused(nobody.clone());
    }
    // One that runs was started while somebody of ours stood there.
    let held = Event::HoldStarted { from: now(), until: now() + chrono::TimeDelta::days(90) };
    of(far(false)).after(held).when(full()).refused(Restraint::KeepsNobody.into());
    of(far(true)).done(start(None)).when(full()).then([Event::Answered { extent: Extent::Full }]);
}

#[test]
fn whoever_makes_a_hold_longer_that_nobody_can_start_hears_why_nobody_can() {
    for step in [extend(), Command::Hold(HoldStep::Release)] {
        given("copyright").when(step.clone()).refused(Restraint::KeepsNothing.into());
        preserved().when(step.clone()).refused(Restraint::NoHold.into());
        preserved().answered().closed().when(step).refused(Refusal::AlreadyClosed);
    }
}

#[test]
fn a_hold_of_a_case_that_names_nobody_keeps_until_its_day_all_the_same() {
    let nobody = given("preservation").under(|policy| {
        policy.kinds.iter_mut().for_each(|kind| (kind.preserves, kind.notify) = (true, false));
    });
    assert_eq!(nobody.case.kept_apart(now()), [].into());
    let held = nobody.done(start(None));
    let until = held.case.hold.as_ref().unwrap().until;
    assert_eq!(held.case.kept_apart(now()), [(until, Vec::new())].into());
}

/// A hold counts from the receipt, so an earlier one lets what is kept go sooner, before it was begun too.
#[test]
fn to_set_the_receipt_back_before_a_hold_takes_two() {
    let received = |at: &str| Command::Set {
        edits: vec![Edit::Received { at: at.parse().unwrap(), value: at.to_owned() }],
    };
    let (earlier, later) = ("2026-08-25T10:00:00Z", "2026-11-21T10:00:00Z");
    let asked = preserved().with(text("received", later));
    let next_day = asked.clone().at(now() + chrono::TimeDelta::days(1));
    next_day.when(received(earlier)).proposed(Effect::Destroy);
    // While nothing is kept, whoever opened it a moment ago sets right what they typed.
    asked.when(received(earlier)).at_once();
    asked.by("ben").when(received(earlier)).proposed(Effect::Destroy);
    // Of what asks that nothing be kept, and once it is answered, it is a correction.
    given("information").when(received(earlier)).at_once();
    preserved().answered().when(received(earlier)).at_once();
}

/// Given a hold that counts from the receipt, when that is set so far back that it would be over, then two people agree, as they do
/// where it only ends sooner.
#[test]
fn to_set_the_receipt_back_takes_two_however_far() {
    let received = |at: &str| Command::Set {
        edits: vec![Edit::Received { at: at.parse().unwrap(), value: at.to_owned() }],
    };
    let held = preserved().done(start(None));
    for back in ["2026-11-01T10:00:00Z", "2026-06-01T10:00:00Z"] {
        held.when(received(back)).proposed(Effect::Destroy);
    }
}

#[test]
fn what_is_flagged_is_kept_whoever_sent_it_and_the_reason_that_is_named_is_one_for_it() {
    let named = vec![Subject { account: account("@z:far.org"), ours: false, odd: Vec::new() }];
    let far = Field { reading: Reading::Accounts { named, unread: Vec::new() }, ..accounts(&["@z:far.org"]) };
    let foreign = shipped_as("preservation").with(far).under(|policy| {
        let reason = policy.reasons.iter().find(|reason| reason.not_ours).unwrap().clone();
        policy.reasons.insert(0, Reason { code: "elsewhere".into(), kinds: owned(&["copyright"]), ..reason });
    });
    foreign.when(start(None)).refused(Restraint::HoldsNobody { code: Some("not-ours".into()) }.into());
    foreign.by("ben").after(Event::Flagged { flag: Flag::Csea }).when(start(None)).at_once();
}

#[test]
fn the_hold_of_another_case_keeps_whom_it_was_extended_for() {
    let of = |of: &[&str]| KeptWith {
        case: id(2),
        until: now() + chrono::TimeDelta::days(30),
        of: of.iter().map(|name| account(name)).collect(),
    };
    assert!(of(&[]).covers(&account("@a:our.org")));
    assert!(!of(&["@b:our.org"]).covers(&account("@a:our.org")));
    // Of an account of another server nobody here has anything.
    let named = ["@a:our.org", "@z:far.org"].map(|name| Subject {
        account: account(name),
        ours: name.ends_with("our.org"),
        odd: Vec::new(),
    });
    let reading = Reading::Accounts { named: named.into(), unread: Vec::new() };
    let mut asks = shipped_as("preservation").with(Field { reading, ..accounts(&[]) });
    asks.case.kept_with = Some(of(&["@a:our.org"]));
    assert_eq!(asks.case.kept_for_nobody().count(), 0);
    // Whoever asked for nothing but that does not hear that nothing is kept, and hears that another hold does.
    let until = asks.case.kept_until(now()).unwrap();
    asks.when(Command::Refuse { code: "not-held".into(), words: None })
        .refused(Restraint::KeptAllTheSame { until, own: false }.into());
    // That the hold of a third case is over is no matter of the one that it asks for more time on.
    let linked = asks.after(linked(9, Relation::Extends, true));
    assert_eq!(linked.case.extends_hold_of(until), Some(id(9)));
}
