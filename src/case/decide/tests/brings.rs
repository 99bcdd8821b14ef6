//! What a proposal comes to, for whoever is asked to approve it.

use super::given::*;
use super::telling::told;
use crate::case::decide::{Draw, brings};
use crate::case::*;

/// A hold that Ada would let go, and an answer with records that she would give.
fn waiting() -> Given {
    let held = given("other").called().with(accounts(&["@a:our.org"]));
    let held = held.under(|policy| policy.kinds.iter_mut().for_each(|kind| kind.preserves = true));
    let held = held.done(Command::Hold(HoldStep::Start { term: None, from: None }));
    let release = held.done(Command::Hold(HoldStep::Release));
    let drawn = Given { draw: Draw([1, 11, 1, 1, 1, 1, 1, 1]), ..release };
    drawn.done(Command::Answer { extent: Extent::Full })
}

/// The case as the proposal of this command would make it.
fn brought(given: &Given, command: &Command) -> Option<Case> {
    let proposal = given.case.proposals.iter().find(|proposal| proposal.command == *command).unwrap();
    brings(&given.case, proposal, &given.terms)
}

#[test]
fn whoever_is_asked_sees_the_case_as_it_would_be_and_what_else_still_waits() {
    let waiting = waiting();
    let release = Command::Hold(HoldStep::Release);
    let after = brought(&waiting, &release).expect("it can be done");
    let over = HoldOver { at: waiting.now, how: HoldEnding::Released };
    assert_eq!(after.hold.and_then(|hold| hold.over), Some(over));
    let left: Vec<&Command> = after.proposals.iter().map(|proposal| &proposal.command).collect();
    assert_eq!(left, [&Command::Answer { extent: Extent::Full }]);
}

#[test]
fn what_can_no_longer_be_done_comes_to_nothing_that_could_be_shown() {
    let mut over = waiting();
    let at = over.now;
    over.case.hold.iter_mut().for_each(|hold| hold.over = Some(HoldOver { at, how: HoldEnding::Expired }));
    assert_eq!(brought(&over, &Command::Hold(HoldStep::Release)), None);
}

#[test]
fn what_it_brings_to_another_case_is_not_shown_on_this_one() {
    let flagged = |number: u32, flags: &[Flag]| Return {
        case: id(number),
        took: Vec::new(),
        back: vec![Back::Flags { flags: flags.iter().copied().collect(), since: [].into() }],
    };
    let undo = Command::Undo { returns: vec![flagged(1, &[Flag::Csea]), flagged(2, &[])] };
    let mut waiting = waiting();
    waiting.case.proposals[0].command = undo.clone();
    assert_eq!(brought(&waiting, &undo).expect("it can be done").flags, [Flag::Csea].into());
}

/// Who else is not to be told, and what else is kept, is asked when it is done.
#[test]
fn what_hangs_on_other_cases_is_taken_as_free() {
    let tell = Command::Notify { whom: None, how: Settling::Tell { via: "mail".to_owned(), at: None } };
    let proposed = told().answered().done(tell.clone());
    assert_eq!(brought(&proposed, &tell).expect("it can be done").notices.len(), 2);
    let erasure = given("subject").called().with(text("right", "erasure")).with(accounts(&["@a:our.org"]));
    let full = Command::Answer { extent: Extent::Full };
    let granted = erasure.done(full.clone());
    assert!(brought(&granted, &full).expect("it can be done").outcome.is_some());
}
