//! What two people were shown, and what is so by then: what was looked up, what other cases bring, what the directory says.

use super::given::*;
use super::verifying::knowing;
use crate::case::decide::second::{can_go_alone, with_voids};
use crate::case::directory::tests::agency;
use crate::case::*;

fn approve(given: &Given) -> Command {
    Command::Approve { code: given.code(), alone: None }
}

fn waits(given: &Given, command: Command) -> Given {
    let asks = given.under(|policy| policy.two_people.acts = vec![command.name().to_owned()]);
    let waits = asks.done(command);
    assert_eq!(waits.case.proposals.len(), 1);
    waits
}

/// Rule 61: the second person says yes to the call that was made, whatever the directory leads to by then.
#[test]
fn what_is_verified_by_two_names_the_entry_and_the_number_that_were_called() {
    let kent = agency("Kent Police", &["+44 1622 690690"], &["kent.police.uk"]);
    let denied = Event::VerificationTried {
        what: Verifiable::Requester,
        by: account("@ben:our.org"),
        how: "not theirs".to_owned(),
        entry: None,
        call: None,
        outcome: CallOutcome::Denied,
    };
    let mut case = given("information").with(text("agency", "Kent Police")).after(denied);
    case.terms.directory = vec![kent];
    let how = "the desk confirms it, on 01622 690690";
    let waits = case.done(verify(Verifiable::Requester, None, how));
    let Command::Verify { entry, number, .. } = &waits.case.proposals[0].command else {
        panic!("{:#?}", waits.case.proposals)
    };
    assert_eq!(entry.as_deref(), Some("Kent Police"));
    assert_eq!(number.as_deref(), Some("+44 1622 690690"));
}

/// A mail domain that looks like an agency's is one once the agency is in the directory, and then it takes two to say that the
/// request is genuine: nobody was shown that.
#[test]
fn what_takes_two_for_more_than_was_shown_is_void() {
    let mail = "roe@met-police.uk";
    let reading = Reading::Email { address: mail.to_owned(), odd: Vec::new(), more: Vec::new() };
    let posed = given("information").with(Field { reading, ..text("email", mail) });
    let verified = posed.called().case.requester;
    let back = vec![Back::Verified { what: Verifiable::Requester, verification: verified }];
    let waits =
        waits(&posed, Command::Undo { returns: vec![Return { case: id(1), took: Vec::new(), back }] });
    assert!(waits.by("ben").done(approve(&waits)).case.requester.is_some());
    let by_then =
        Given { terms: Terms { directory: knowing().directory, ..waits.terms.clone() }, ..waits.clone() };
    by_then.by("ben").when(approve(&waits)).then([Event::Voided { code: waits.code(), why: Void::Wider }]);
}

/// What an act does to another case it does not do to this one, where it could be more than was shown.
#[test]
fn what_is_taken_back_on_another_case_is_not_more_than_was_shown_on_this_one() {
    let held =
        given("other").after(Event::HoldStarted { from: now(), until: now() + chrono::TimeDelta::days(90) });
    let took = Vec::new;
    let tags = Back::Tags { add: ["urgent".to_owned()].into(), remove: Default::default() };
    let returns = vec![
        Return { case: id(1), took: took(), back: vec![tags] },
        Return { case: id(2), took: took(), back: vec![Back::Hold { hold: None }] },
    ];
    let waits = waits(&held, Command::Undo { returns });
    let done = waits.by("ben").done(approve(&waits));
    assert!(done.case.tags.contains("urgent") && done.case.hold.is_some());
}

/// Each case that an act changes loses what waits on it, once, by what happens to that case and to no other.
#[test]
fn what_waits_is_void_on_each_case_that_changes_and_on_no_other() {
    let waiting = |number: u32| {
        waits(&given("other").called(), Command::Answer { extent: Extent::None }).numbered(number)
    };
    let (one, two, three, four) = (waiting(1), waiting(2), waiting(3), waiting(4));
    let mut around = one.around.clone();
    around.other = Some(two.case.clone());
    around.duplicates = vec![two.case.clone(), three.case, four.case];
    let changed = |number: u32| (id(number), Event::Flagged { flag: Flag::Csea });
    let void = |number: u32| (id(number), Event::Voided { code: one.code(), why: Void::Changed });
    let events = with_voids(&one.case, &around, vec![changed(2), changed(3)]);
    assert_eq!(events, [changed(2), changed(3), void(2), void(3)]);
}

#[test]
fn of_a_kind_that_is_not_known_nobody_knows_that_it_is_an_emergency() {
    let waits = given("other").called().done(Command::Answer { extent: Extent::Full });
    let mut unknown = given("other").under(|policy| policy.two_people.break_glass = true);
    unknown.case.kind = "letter".to_owned();
    assert!(!can_go_alone(&unknown.case, &waits.case.proposals[0], &unknown.terms));
}
