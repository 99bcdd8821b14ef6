//! The second person where more than one thing waits, where one act has several effects, and where the policy is lost.

use std::collections::BTreeMap;

use chrono::TimeDelta;

use super::given::*;
use super::telling::told;
use crate::case::decide::second::carry_out;
use crate::case::decide::{Draw, Setting, asked_about, decide};
use crate::case::*;

fn full() -> Command {
    Command::Answer { extent: Extent::Full }
}

fn approve(code: &str) -> Command {
    Command::Approve { code: code.to_owned(), alone: None }
}

fn alone(code: &str) -> Command {
    Command::Approve { code: code.to_owned(), alone: Some("nobody answers".to_owned()) }
}

/// The same, so that the next code is another.
fn drawn(given: &Given) -> Given {
    Given { draw: Draw([1, 11, 1, 1, 1, 1, 1, 1]), ..given.clone() }
}

fn held() -> Given {
    given("other").after(Event::HoldStarted { from: now(), until: now() + TimeDelta::days(90) })
}

/// An emergency in which one may go alone, verified by a call.
fn emergency() -> Given {
    given("emergency").called().with(accounts(&["@a:our.org"])).under(|policy| {
        policy.two_people.break_glass = true;
        for kind in policy.kinds.iter_mut().filter(|kind| kind.name == "emergency") {
            (kind.attest, kind.verify_requester, kind.verify_instrument) = (true, false, false);
            kind.fields.iter_mut().for_each(|rule| rule.required = false);
        }
    })
}

/// A gagged case that was answered: to change its order tells sooner and rewords the answer.
fn with_two_effects(given: &Given) -> Given {
    let bound = given
        .with(text("instrument", "court order 7"))
        .after(Event::Answered { extent: Extent::Full })
        .after(Event::GagSet { ordered_by: "x".to_owned(), day: None, until: None, document: None });
    let proposed = bound.by("ben").done(set([put(text("instrument", ""))]));
    assert_eq!(proposed.case.proposals[0].effects, [Effect::Disclose, Effect::Tell]);
    proposed
}

#[test]
fn the_code_of_what_is_cooling_is_no_code_of_what_waits_beside_it() {
    let one = held().called().done(full());
    let cooling = one.by("ben").done(approve(&one.code()));
    let both = drawn(&cooling).by("ada").done(Command::Hold(HoldStep::Release));
    assert_eq!(both.case.proposals.len(), 2);
    both.by("cy").when(approve(&one.code())).then([Event::WrongCode]);
}

#[test]
fn wrong_codes_count_from_the_first_act_that_waits() {
    let wrong = || approve("ZZZZZZ");
    let mut case = held().called().done(full()).by("ben");
    for _ in 0..3 {
        case = case.done(wrong());
    }
    let both = drawn(&case).by("ada").done(Command::Hold(HoldStep::Release)).by("ben").done(wrong());
    assert_eq!(both.when(wrong()).happens().len(), 3, "the fifth makes both void");
}

#[test]
fn while_the_clock_is_in_doubt_what_is_approved_cools_as_long() {
    let case = given("other").called().done(full()).by("ben");
    let setting =
        Setting { actor: &case.actor, terms: &case.terms, now: case.now, draw: case.draw, certain: false };
    let events = decide(&case.case, &case.around, approve(&case.code()), &setting).unwrap();
    let ready = now() + TimeDelta::minutes(10);
    assert_eq!(events[0].1, Event::Approved { code: case.code(), ready, alone: None });
}

/// Rule 61: whoever called is not the only approver, whatever else the act brings.
#[test]
fn whoever_called_approves_nothing_that_gives_out_records_even_by_the_way() {
    let called_by_cy = Event::Verified {
        what: Verifiable::Requester,
        by: account("@cy:our.org"),
        how: "called".to_owned(),
        entry: None,
        call: None,
        recorder: None,
    };
    let case = with_two_effects(&given("other").after(called_by_cy));
    let said = case.by("cy").when(approve(&case.code())).decided;
    assert!(matches!(said, Err(Refusal::Restraint(Restraint::CallerApproves { .. }))), "{said:?}");
}

#[test]
fn nobody_goes_alone_with_what_also_unbinds() {
    let case = with_two_effects(&emergency());
    case.when(alone(&case.code())).refused(Restraint::NotAlone.into());
}

#[test]
fn an_act_cools_if_any_of_its_effects_is_for_good() {
    let case = with_two_effects(&given("other").called());
    let approved = case.by("cy").done(approve(&case.code()));
    let approval = approved.case.proposals[0].approved.as_ref().expect("it cools");
    assert_eq!(approval.ready, now() + TimeDelta::minutes(10));
}

#[test]
fn whoever_went_alone_must_be_all_that_it_took_when_it_is_done() {
    let case = emergency().under(|policy| policy.two_people.counsel.push("answer".to_owned())).by("ben");
    let with = |given: &Given, roles: &[Role]| {
        let mut given = given.clone();
        let ben = given.terms.people.iter_mut().find(|person| person.account == given.actor);
        ben.unwrap().roles = roles.to_vec();
        given
    };
    let both = with(
        &case.after(Event::Attested { by: ada(), reason: "a bomb".to_owned() }),
        &[Role::Approver, Role::Counsel],
    );
    let waiting = both.done(full());
    let cooling = waiting.done(alone(&waiting.code()));
    let at = cooling.case.proposals[0].approved.as_ref().unwrap().ready;
    assert_eq!(at, now() + TimeDelta::minutes(2), "minutes count");
    let then = |given: &Given| carry_out(&given.case, &given.around, &given.terms, at);
    assert!(matches!(then(&cooling)[0].1, Event::CarriedOut { .. }));
    let lost = Event::Voided { code: cooling.code(), why: Void::RoleLost };
    for left in [&[Role::Approver][..], &[Role::Counsel]] {
        assert_eq!(then(&with(&cooling, left)), [(id(1), lost.clone())], "{left:?}");
    }
}

/// What nobody can take back waits for whatever people may have said against it (a word that docket has not heard is no yes).
#[test]
fn what_was_not_heard_since_the_approval_holds_it_back() {
    let waiting = held().called().done(full());
    let cooling = waiting.by("ben").done(approve(&waiting.code()));
    let approval = cooling.case.proposals[0].approved.clone().unwrap();
    let at = |minutes| Some(approval.at + TimeDelta::minutes(minutes));
    let then = |hearing| {
        let mut given = cooling.clone();
        given.around.hearing = hearing;
        carry_out(&given.case, &given.around, &given.terms, approval.ready)
    };
    let heard = Hearing::default();
    assert!(matches!(then(heard)[0].1, Event::CarriedOut { .. }));
    assert_eq!(then(Hearing { behind: true, ..heard }), []);
    assert_eq!(then(Hearing { awaited: at(1), ..heard }), [], "its key may come");
    let void = Event::Voided { code: cooling.code(), why: Void::Unheard };
    assert_eq!(then(Hearing { unheard: at(1), ..heard }), [(id(1), void)]);
    for before in [-1, 0] {
        let hearing = Hearing { awaited: at(before), unheard: at(before), ..heard };
        assert!(matches!(then(hearing)[0].1, Event::CarriedOut { .. }), "whoever approved knew of that");
    }
}

/// Under a policy that is lost nobody knows of an emergency or of counsel: the usual time, and the usual second person.
#[test]
fn what_goes_back_under_a_lost_policy_cools_as_usual_and_asks_an_approver() {
    let back = |given: &Given, back: Back| {
        let mut lost = given.clone();
        lost.case.policy = "lost/1".to_owned();
        let returns = vec![Return { case: id(1), took: Vec::new(), back: vec![back] }];
        let waiting = lost.done(Command::Undo { returns });
        waiting.by("ben").done(approve(&waiting.code())).case.proposals[0].clone()
    };
    let ready = now() + TimeDelta::minutes(10);
    let unkept = back(&held(), Back::Hold { hold: None });
    assert_eq!(unkept.effects, [Effect::Destroy]);
    assert_eq!(unkept.approved.unwrap().ready, ready);
    let answered = given("other").called().with(text("agency", "the police"));
    let answered = answered.after(Event::Answered { extent: Extent::Full });
    let reworded = back(&answered, Back::Lines { fields: Vec::new() });
    assert!(reworded.effects.contains(&Effect::Disclose));
    assert_eq!(reworded.approved.unwrap().ready, ready);
}

#[test]
fn what_is_lifted_is_a_gag_or_else_it_is_permitted() {
    let over = |given: &Given| {
        let by = "the Commissioner".to_owned();
        let waiting = given.done(Command::Gag(GagStep::Lift { by }));
        let done = waiting.by("ben").done(approve(&waiting.code()));
        done.case.gag.and_then(|gag| gag.over).map(|over| over.how)
    };
    let by = || "the Commissioner".to_owned();
    let bound = told().with(text("instrument", "IPA authorisation")).with(text("jurisdiction", "GB"));
    assert_eq!(over(&bound), Some(GagEnding::Permitted { by: by() }));
    let gag = Event::GagSet { ordered_by: "x".to_owned(), day: None, until: None, document: None };
    assert_eq!(over(&bound.after(gag.clone())), Some(GagEnding::Lifted { by: by() }));
    let ended = bound.after(gag).after(Event::GagOver { how: GagEnding::Ended });
    assert_eq!(over(&ended), Some(GagEnding::Permitted { by: by() }));
}

#[test]
fn the_gate_is_asked_about_each_user_once_and_about_the_one_who_is_named() {
    let twice = told().with(accounts(&["@a:our.org"]));
    let (a, b, z) = (account("@a:our.org"), account("@b:our.org"), account("@z:our.org"));
    assert_eq!(asked_about(&twice.case, None), [a.clone(), b.clone()]);
    assert_eq!(asked_about(&twice.case, Some(&z)), [z]);
    let settled = Notice {
        what: Telling::Told { via: "mail".to_owned() },
        at: now(),
        by: ada(),
        of: None,
        steps: Vec::new(),
    };
    let one_left = Case { notices: BTreeMap::from([(a, settled)]), ..twice.case };
    assert_eq!(asked_about(&one_left, None), [b]);
}

#[test]
fn while_the_clock_is_in_doubt_nothing_that_takes_two_is_done_at_once() {
    let gag = Command::Gag(GagStep::Set { by: Some("the court".to_owned()), until: None });
    let lift = Command::Gag(GagStep::Lift { by: "the court".to_owned() });
    let waits = told().done(gag).done(lift).by("ben");
    let approved = |certain| {
        let (actor, now, draw) = (&waits.actor, waits.now, waits.draw);
        let setting = Setting { actor, terms: &waits.terms, now, draw, certain };
        decide(&waits.case, &waits.around, approve(&waits.code()), &setting).unwrap().len()
    };
    // When the clock is certain it is approved, carried out and lifted; else only approved.
    assert!(approved(true) > 1);
    assert_eq!(approved(false), 1);
}

#[test]
fn what_is_carried_out_waits_for_nothing_that_waits_beside_it_but_itself() {
    // Given a case that somebody proposes to close unanswered, and something else that waits.
    let own = given("subject").after(Event::RequestRefused {
        code: "other".to_owned(),
        text: "No.".to_owned(),
        words: None,
    });
    let own = own.under(|policy| policy.two_people.acts.push("note".to_owned()));
    let close = own.done(Command::CloseUnsent { reason: "a fake".to_owned() });
    assert!(matches!(
        &close.by("ben").when(approve(&close.code())).all()[..],
        [_, (_, Event::CarriedOut { .. }), ..]
    ));
    let both = drawn(&close).done(Command::Note { text: "x".to_owned() });
    assert_eq!(both.case.proposals.len(), 2);
    let owed = both.by("ben").when(approve(&close.code())).decided;
    assert!(matches!(owed, Err(Refusal::Restraint(Restraint::Owed(_)))), "{owed:?}");
}

#[test]
fn counsel_decides_of_what_is_given_out_and_of_nothing_else() {
    let case = held().called().with(text("instrument", "court order 7")).with(text("jurisdiction", "GB"));
    let for_counsel = case.under(|policy| policy.instruments[1].counsel = true);
    let release = for_counsel.done(Command::Hold(HoldStep::Release));
    release.by("ben").when(approve(&release.code())).happens();
}

#[test]
fn what_counsel_decides_nobody_else_decides_alone() {
    let attest = || Command::Attest { reason: "a bomb, tonight".to_owned() };
    let case = emergency().under(|policy| policy.two_people.counsel.push("attest".to_owned())).by("ben");
    let waits = case.done(attest());
    waits.when(alone(&waits.code())).refused(Refusal::RoleLacks(Need::Counsel));
    // Nor does anybody where the policy does not know the kind any more.
    let waits = emergency().by("ben").done(attest());
    let lost = waits.under(|policy| policy.kinds.clear());
    lost.when(alone(&waits.code())).refused(Refusal::PolicyMissing);
}

#[test]
fn where_no_policy_is_left_nobody_approves() {
    let waits = held().done(Command::Hold(HoldStep::Release)).by("ben");
    let mut lost = waits.clone();
    lost.terms.policies.clear();
    lost.when(approve(&waits.code())).refused(Refusal::PolicyMissing);
    let cools = waits.done(approve(&waits.code()));
    let ready = cools.case.proposals[0].approved.as_ref().unwrap().ready;
    let void = Event::Voided { code: waits.code(), why: Void::RoleLost };
    assert_eq!(carry_out(&cools.case, &cools.around, &lost.terms, ready), [(id(1), void)]);
}
