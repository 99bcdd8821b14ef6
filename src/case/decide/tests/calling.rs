//! Whoever called about a request is not the only one to approve what rests on the call, and what an agency disowns stays
//! fake until two people hear otherwise (rule 61).

use super::given::*;
use crate::case::Refusal as R;
use crate::case::decide::{Around, Draw, Setting, decide};
use crate::case::directory::tests::agency;
use crate::case::*;

fn called_by(name: &str) -> Event {
    Event::Verified {
        what: Verifiable::Requester,
        by: account(&format!("@{name}:our.org")),
        how: "called".to_owned(),
        entry: None,
        call: None,
        recorder: None,
    }
}

fn denied_by(name: &str) -> Event {
    Event::VerificationTried {
        what: Verifiable::Requester,
        by: account(&format!("@{name}:our.org")),
        how: "not theirs".to_owned(),
        entry: None,
        call: None,
        outcome: CallOutcome::Denied,
    }
}

/// A request for records by somebody whom these called, one after the other.
fn called(names: &[&str]) -> Given {
    names
        .iter()
        .fold(given("other").with(accounts(&["@a:our.org"])), |given, name| given.after(called_by(name)))
}

fn emergency() -> Given {
    given("emergency").under(|policy| {
        policy.kinds.iter_mut().find(|kind| kind.name == "emergency").unwrap().attest = true;
    })
}

fn full() -> Command {
    Command::Answer { extent: Extent::Full }
}

fn approve(code: &str) -> Command {
    Command::Approve { code: code.to_owned(), alone: None }
}

#[track_caller]
fn is_refused_as_caller(given: &Given, name: &str, others: &[&str]) {
    let own = given.case.requester.as_ref().is_none_or(|verified| verified.by.localpart() == name);
    let others: Vec<Account> = others.iter().map(|name| account(&format!("@{name}:our.org"))).collect();
    let refusal = Restraint::CallerApproves { own, others, proposer: None };
    given.by(name).when(approve(&given.code())).refused(refusal.into());
}

#[test]
fn whoever_called_the_requester_is_not_the_only_approver() {
    let case = called(&["ben"]).done(full());
    is_refused_as_caller(&case, "ben", &["cy"]);
    case.by("cy").when(approve(&case.code())).at_once();
}

#[test]
fn a_second_call_makes_nobody_forget_the_first() {
    let case = called(&["ben", "ada"]).done(full());
    is_refused_as_caller(&case, "ben", &["cy"]);
    case.by("cy").when(approve(&case.code())).at_once();
}

#[test]
fn whoever_puts_the_call_of_another_on_record_is_a_caller_too() {
    let told = verify(Verifiable::Requester, Some(account("@dot:our.org")), "called");
    // Dot only reads, so it is Cy who is said to have called.
    given("other").by("ben").when(told).refused(R::MayOnlyRead(account("@dot:our.org")));
    let told = verify(Verifiable::Requester, Some(account("@cy:our.org")), "called");
    let case = given("other").with(accounts(&["@a:our.org"])).by("ben").done(told).by("ada").done(full());
    assert_eq!(case.case.callers.len(), 2);
    is_refused_as_caller(&case, "ben", &[]);
    is_refused_as_caller(&case, "cy", &[]);
}

#[test]
fn with_every_approver_a_caller_the_proposer_may_be_the_way_out() {
    let case = called(&["ben"]).by("cy").done(full());
    let proposer = Some(account("@cy:our.org"));
    let refusal = Restraint::CallerApproves { own: true, others: Vec::new(), proposer };
    case.by("ben").when(approve(&case.code())).refused(refusal.into());
}

#[test]
fn other_lines_are_another_requester_and_a_denial_is_not() {
    let change = set([put(text("agency", "Kent"))]);
    let anew = called(&["ben"]).done(change.clone()).after(called_by("dot")).done(full());
    anew.by("ben").when(approve(&anew.code())).at_once();
    let voided = Event::VerificationVoided { what: Verifiable::Requester };
    let denied = called(&["ben"]).after(denied_by("cy")).after(voided).after(called_by("dot")).done(full());
    is_refused_as_caller(&denied, "ben", &["cy"]);
}

#[test]
fn a_call_taken_back_was_nobodys() {
    let before = given("other").case;
    let mut after = before.clone();
    after.apply(&called_by("ben"), &ada(), now());
    let back = crate::case::decide::undo::way_back(&before, &after);
    after.apply(&Event::TakenBack { took: Vec::new(), back }, &ada(), now());
    assert!(after.callers.is_empty() && after.requester.is_none());
}

#[test]
fn a_caller_is_not_the_second_to_attest_either() {
    let attest = Command::Attest { reason: "a life".to_owned() };
    let case = emergency().after(called_by("ben")).after(called_by("ada")).by("cy").done(attest);
    let proposer = Some(account("@cy:our.org"));
    // Ada called since, so it is not by Ben's call that the requester counts as verified.
    let refusal = Restraint::CallerApproves { own: false, others: Vec::new(), proposer };
    case.by("ben").when(approve(&case.code())).refused(refusal.into());
}

#[test]
fn what_was_denied_is_neither_attested_nor_answered() {
    let denied = R::from(Restraint::WasDenied { what: Verifiable::Requester });
    for kind in ["information", "emergency", "other", "preservation"] {
        let case = given(kind).with(text("data", "account")).after(denied_by("ada"));
        if case.terms.kind_of(&case.case).unwrap().may_disclose(&case.case) {
            case.when(full()).refused(denied.clone());
        }
        assert_ne!(Stage::of(&case.case, case.terms.policy_of(&case.case)), Stage::Ready);
    }
    let attest = Command::Attest { reason: "a life".to_owned() };
    emergency().after(denied_by("ada")).by("ben").when(attest).refused(denied.clone());
    // What waited is void, and nobody approves it.
    let waits = called(&["dot"]).done(full());
    let denies = Command::Verify {
        what: Verifiable::Requester,
        by: None,
        how: "not theirs".to_owned(),
        entry: None,
        number: None,
        at: None,
        outcome: CallOutcome::Denied,
    };
    assert!(waits.done(denies).case.proposals.is_empty());
    // To refuse it, and to say that nothing is there, is always possible.
    given("other").after(denied_by("ada")).when(refuse("unverified", None)).at_once();
}

#[test]
fn what_was_denied_counts_again_when_two_people_say_so() {
    let case = given("other").with(accounts(&["@a:our.org"])).after(denied_by("ben"));
    let again = case.by("ada").done(verify(Verifiable::Requester, None, "called again"));
    assert!(again.case.requester.is_none());
    assert_eq!(again.case.proposals[0].effects, [Effect::Verify]);
    let done = again.by("ben").done(approve(&again.code()));
    assert!(done.case.requester.is_some() && done.case.what_was_denied().is_none());
    // Each of two denials takes two to lift.
    let court = Event::VerificationTried {
        what: Verifiable::Instrument,
        by: ada(),
        how: "no such order".to_owned(),
        entry: None,
        call: None,
        outcome: CallOutcome::Denied,
    };
    let both = given("information").after(denied_by("ben")).after(court);
    both.when(verify(Verifiable::Instrument, None, "asked the court")).proposed(Effect::Verify);
    // Whoever is said to have called is not the second.
    let of_cy = case.done(verify(Verifiable::Requester, Some(account("@cy:our.org")), "called again"));
    is_refused_as_caller(&of_cy, "cy", &["ben"]);
}

#[test]
fn after_a_denial_only_a_listed_number_counts() {
    let directory = vec![agency("Kent Police", &[], &["kent.police.uk"])];
    let terms = Terms { directory, ..terms() };
    let told = |case: &Case, terms: &Terms, number: Option<&str>, entry: Option<&str>| {
        let command = Command::Verify {
            what: Verifiable::Requester,
            by: None,
            how: "asked them".to_owned(),
            entry: entry.map(str::to_owned),
            number: number.map(str::to_owned),
            at: None,
            outcome: CallOutcome::Confirmed,
        };
        let actor = ada();
        let setting = Setting { actor: &actor, terms, now: now(), draw: Draw::NONE, certain: true };
        decide(case, &Around::default(), command, &setting)
    };
    let fresh = given("information").case;
    let denied = given("information").after(denied_by("ada")).case;
    let (address, kent) = (Some("desk@kent.police.uk"), Some("Kent Police"));
    assert!(told(&fresh, &terms, address, kent).is_ok());
    let refusal = EntryRefusal::AfterDenial { entry: "Kent Police".to_owned() };
    assert_eq!(told(&denied, &terms, address, kent), Err(refusal.into()));
    // Where there is no directory, a word of somebody's own is not enough any more.
    let none = Terms { directory: Vec::new(), ..terms };
    assert!(told(&fresh, &none, None, None).is_ok());
    assert_eq!(told(&denied, &none, None, None), Err(EntryRefusal::NotNamed { near: None }.into()));
}

#[test]
fn a_number_that_leads_nowhere_proves_nothing_either_way() {
    let dead = Event::VerificationTried {
        what: Verifiable::Requester,
        by: ada(),
        how: "rang".to_owned(),
        entry: None,
        call: None,
        outcome: CallOutcome::NotInService,
    };
    let case = given("other").after(dead);
    assert!(case.case.requester.is_none() && case.case.what_was_denied().is_none());
    case.when(verify(Verifiable::Requester, None, "rang again")).at_once();
}

#[test]
fn what_somebody_denied_is_given_out_by_no_other_verb() {
    // Given an answer with records, and a requester who was denied since.
    let answered = called(&["ben"]).with(text("agency", "the police"));
    let denied = answered.after(Event::Answered { extent: Extent::Full }).after(denied_by("ben"));
    let rewrite = || set([put(text("agency", "the yard"))]);
    let refused = Restraint::WasDenied { what: Verifiable::Requester };
    denied.when(rewrite()).refused(refused.into());
    // What was proposed before is void with it.
    let waits = answered.after(Event::Answered { extent: Extent::Full }).done(rewrite());
    assert_eq!(waits.case.proposals[0].effects, [Effect::Disclose]);
    let void = Event::Voided { code: waits.code(), why: Void::Changed };
    waits.after(denied_by("ben")).by("cy").when(approve(&waits.code())).then([void]);
}
