//! A letter goes out only while it is true: what is asked of the letters that say something, and of no other.

use chrono::{DateTime, TimeDelta, Utc};

use super::given::*;
use crate::case::letter::{Obstacle, draft};
use crate::case::*;

/// What forbids to draft it, by what is so of the case.
fn forbids(given: &Given, letter: &str, at: DateTime<Utc>) -> Option<Refusal> {
    draft(&given.case, letter, None, &given.terms, at).err()
}

fn full() -> Event {
    Event::Answered { extent: Extent::Full }
}

/// With a letter of the house for every kind, of this name.
fn with_letter(given: &Given, name: &str, with_records: bool) -> Given {
    given.under(|policy| {
        let like = policy.letters.iter().find(|letter| letter.name == "ack").unwrap().clone();
        policy.letters.retain(|letter| letter.name != name);
        policy.letters.push(Letter { name: name.to_owned(), kinds: Vec::new(), with_records, ..like });
    })
}

#[test]
fn only_the_refusal_waits_for_its_reason() {
    let lacks = given("terms").under(|policy| {
        let kind = policy.kinds.iter_mut().find(|kind| kind.name == "terms").unwrap();
        kind.fields.iter_mut().for_each(|rule| rule.required = rule.key == "context");
        policy.reasons[0].while_incomplete = true;
    });
    let code = lacks.terms.policy().unwrap().reasons[0].code.clone();
    let came = lacks.done(refuse(&code, None)).done(set([put(text("context", "spam"))]));
    let gone = Obstacle::ReasonIsGone { letter: "refuse".to_owned() };
    assert_eq!(forbids(&came, "refuse", came.now), Some(gone.into()));
    assert_eq!(forbids(&with_letter(&came, "own", false), "own", came.now), None);
}

#[test]
fn what_gives_out_records_rests_on_who_asked_and_by_what() {
    let unknown = |verify: (bool, bool)| {
        let answered = given("other").with(text("data", "account")).after(full());
        let answered = answered.under(|policy| {
            let kinds = policy.kinds.iter_mut();
            kinds.for_each(|kind| (kind.verify_requester, kind.verify_instrument) = verify);
        });
        with_letter(&with_letter(&answered, "papers", true), "own", false)
    };
    let not = |what| Some(Obstacle::NotVerified { letter: "papers".to_owned(), what }.into());
    let of_instrument = |given: &Given| {
        let (what, by, how) = (Verifiable::Instrument, ada(), "read".to_owned());
        given.after(Event::Verified { what, by, how, entry: None, call: None, recorder: None })
    };
    let says = |given: &Given| forbids(given, "papers", now());
    let both = unknown((true, true));
    assert_eq!(says(&both), not(Verifiable::Requester));
    assert_eq!(says(&both.called()), not(Verifiable::Instrument));
    assert_eq!(says(&of_instrument(&both.called())), None);
    // What the policy does not ask for is not looked for.
    assert_eq!(says(&unknown((false, false))), None);
    assert_eq!(says(&unknown((true, false)).called()), None);
    assert_eq!(says(&of_instrument(&unknown((false, true)))), None);
    // A letter that gives out nothing rests on nobody, nor does one of a kind that gives out none.
    assert_eq!(forbids(&both, "own", now()), None);
    let mut shut = both.under(|policy| policy.kinds.iter_mut().for_each(|kind| kind.discloses = false));
    shut.case.fields.retain(|field| field.key != "data");
    assert_eq!(says(&shut), None);
}

/// A counter-notice against the second case.
fn counter() -> Given {
    shipped_as("counter-notice").after(linked(2, Relation::Counter, true))
}

#[test]
fn what_was_passed_on_before_nothing_came_of_it_is_put_on_record() {
    let gone = Obstacle::CameToNothing { letter: "forward".to_owned() };
    let ended = counter().after(Event::Withdrawn { reason: None });
    assert_eq!(forbids(&ended, "forward", now()), Some(gone.into()));
    assert_eq!(forbids(&ended, "forward", now() - TimeDelta::hours(1)), None);
    assert_eq!(forbids(&counter(), "forward", now()), None);
    assert_eq!(forbids(&counter().after(full()), "forward", now()), None);
}

#[test]
fn the_answer_waits_for_the_letter_that_it_names_and_for_no_other() {
    let first = Restraint::NotSentYet { letter: "forward".to_owned() };
    let answer = |given: &Given| given.when(Command::Answer { extent: Extent::Full });
    answer(&counter().told_by("ack")).refused(first.into());
    answer(&counter().told_by("forward")).at_once();
}

#[test]
fn a_wish_is_passed_on_only_where_all_that_the_policy_asks_is_so() {
    let wish = shipped_as("subject").called().with(accounts(&["@a:our.org"]));
    let wish = wish.with(text("right", "erasure")).after(full());
    assert_eq!(forbids(&wish, "forward", now()), None);
    let nothing = || Some(Obstacle::NothingToPassOn { letter: "forward".to_owned() }.into());
    let also = |policy: &mut Policy| {
        let clocks = policy.clocks.iter_mut().filter(|clock| clock.name == "passing-on");
        let more = Condition { key: "purpose".to_owned(), any_of: owned(&["x"]) };
        clocks.for_each(|clock| clock.only.push(more.clone()));
    };
    assert_eq!(forbids(&wish.under(also), "forward", now()), nothing());
    // It follows the answer whatever other letter the answer follows.
    let after_another = |policy: &mut Policy| {
        policy.kinds.iter_mut().for_each(|kind| kind.answer_after = owned(&["ack"]));
    };
    let other = shipped_as("subject").called().with(text("right", "access")).under(after_another);
    assert_eq!(forbids(&other, "forward", now()), nothing());
}
