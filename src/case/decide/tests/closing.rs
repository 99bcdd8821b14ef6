//! A case is closed once its requester was told what came of it, or it is on record why not.

use chrono::TimeDelta;

use super::given::*;
use crate::case::decide::{Duty, duties};
use crate::case::*;

fn unsent() -> Command {
    Command::CloseUnsent { reason: "a proven fake".to_owned() }
}

fn sent(letter: &str) -> Command {
    Command::RecordSent { letter: letter.to_owned(), via: Channel::Mail, at: None, repeat: Repeat::Unsaid }
}

fn owes(letter: &str) -> Restraint {
    Restraint::Owed(vec![Duty::Write(letter.to_owned(), "mail")])
}

fn redirected() -> Event {
    Event::Redirected { to: Elsewhere::Security, text: "Please write to them.".to_owned() }
}

#[test]
fn each_ending_has_its_letter_and_waits_for_it() {
    let answer = |extent| Event::Answered { extent };
    let refused = Event::RequestRefused { code: "scope".into(), text: "No.".into(), words: None };
    for (ending, letter) in [
        (answer(Extent::Full), "answer"),
        (answer(Extent::Part), "answer"),
        (answer(Extent::None), "none"),
        (refused, "refuse"),
        (redirected(), "redirect"),
    ] {
        let ended = given("complaint").after(ending);
        assert_eq!(duties(&ended.case, &ended.terms), [Duty::Write(letter.to_owned(), "mail")]);
        ended.when(Command::Close).refused(owes(letter).into());
        // What was acknowledged before is not answered.
        ended.done(sent("ack")).when(Command::Close).refused(owes(letter).into());
        ended.done(sent(letter)).when(Command::Close).then([Event::Closed]);
    }
}

/// A letter that nothing on the case can fill in is not asked for: the way out is said instead.
#[test]
fn a_letter_that_cannot_be_filled_in_is_left_to_people() {
    let odd = given("complaint").under(|policy| {
        for letter in policy.letters.iter_mut().filter(|letter| letter.name == "answer") {
            letter.text = "We send {scope}.".to_owned();
        }
    });
    let answered = odd.after(Event::Answered { extent: Extent::Full });
    let own = Restraint::Owed(vec![Duty::WriteOwn("answer".to_owned())]);
    answered.when(Command::Close).refused(own.into());
    answered.when(sent("answer")).decided.unwrap_err();
    answered.when(Command::CloseUnsent { reason: "written by hand".to_owned() }).at_once();
}

#[test]
fn whoever_asks_about_their_own_data_is_left_without_an_answer_by_two_people() {
    // Rule 52: they hear what became of it, and where they can complain.
    let refused = || Event::RequestRefused { code: "other".into(), text: "No.".into(), words: None };
    let own = shipped_as("subject").with(text("right", "access")).after(refused());
    own.when(unsent()).proposed(Effect::Leave);
    // So do whoever complains, counters a notice, is in a picture, or says who they are with a report; agencies do not.
    let named = |kind| shipped_as(kind).with(text("officer", "Jane Roe")).after(refused());
    for kind in ["complaint", "counter-notice", "intimate", "terms"] {
        named(kind).when(unsent()).proposed(Effect::Leave);
    }
    for kind in ["information", "emergency", "preservation", "removal"] {
        named(kind).when(unsent()).at_once();
    }
    // A report of nobody can be answered to nobody; a request that its sender denied is not theirs, if two people say so.
    shipped_as("terms").after(refused()).when(unsent()).at_once();
    let tried = Event::VerificationTried {
        what: Verifiable::Requester,
        by: ada(),
        outcome: CallOutcome::Denied,
        how: "the owner of the account wrote: not me".to_owned(),
        entry: None,
        call: None,
    };
    own.after(tried.clone()).when(unsent()).proposed(Effect::Leave);
    own.after(tried).by("ben").when(unsent()).at_once();
}

#[test]
fn whoever_took_it_back_is_owed_no_letter_nor_is_the_sender_of_a_duplicate() {
    given("complaint").after(Event::Withdrawn { reason: None }).when(Command::Close).then([Event::Closed]);
    let twice = given("complaint").after(linked(2, Relation::Duplicate, true));
    twice.when(Command::Close).then([Event::Closed]);
}

#[test]
fn where_the_policy_has_no_such_letter_none_is_owed() {
    let silent = given("complaint").under(|policy| policy.letters.retain(|letter| letter.name != "refuse"));
    silent.done(refuse("scope", None)).when(Command::Close).then([Event::Closed]);
}

#[test]
fn a_letter_of_an_earlier_ending_tells_nobody_of_a_later_one() {
    let at = |minutes| now() + TimeDelta::minutes(minutes);
    let mut case = given("complaint").done(refuse("scope", None)).done(sent("refuse"));
    for (minutes, event) in [
        (1, Event::Reopened { reason: None }),
        (2, Event::RequestRefused { code: "other".into(), text: "No.".into(), words: None }),
    ] {
        case.case.apply(&event, &ada(), at(minutes));
    }
    case.at(at(3)).when(Command::Close).refused(owes("refuse").into());
}

#[test]
fn a_requester_who_must_not_hear_is_left_unsent_on_record() {
    let reason = || "a proven fake".to_owned();
    let fake = given("complaint").done(refuse("unverified", None));
    fake.when(unsent()).then([Event::LeftUnsent { reason: reason() }, Event::Closed]);
    // Only that: what else is owed is owed still.
    let proposed = fake.under(|policy| policy.two_people.acts.push("reopen".to_owned()));
    let waiting = proposed.done(Command::Reopen { reason: None });
    let decide = Restraint::Owed(vec![Duty::Decide(waiting.code())]);
    waiting.when(unsent()).refused(decide.into());
    // Nobody writes that nothing was sent when something was.
    fake.done(sent("refuse")).when(unsent()).refused(Restraint::NoLetterOwed.into());
    // Whoever is owed no letter is not the only one to whom something is owed.
    let preserved = shipped_as("preservation").with(accounts(&["@alice:our.org"]));
    let withdrawn = preserved.done(Command::Withdraw { reason: None });
    let owed = duties(&withdrawn.case, &withdrawn.terms);
    assert!(matches!(owed.as_slice(), [Duty::Tell(_)]), "{owed:?}");
    withdrawn.when(unsent()).refused(Restraint::Owed(owed).into());
    given("complaint").when(unsent()).refused(Refusal::NothingCameOfIt);
    fake.done(unsent()).when(unsent()).refused(Refusal::AlreadyClosed);
    // Opened again, it ends anew.
    let again = fake.done(unsent()).done(Command::Reopen { reason: None }).done(refuse("scope", None));
    again.when(Command::Close).refused(owes("refuse").into());
}

#[test]
fn when_a_hold_is_over_the_letter_says_so_and_one_that_went_out_before_counts() {
    let (from, until) = (now(), now() + TimeDelta::days(90));
    let lines = ["officer", "reference"]
        .into_iter()
        .fold(given("preservation"), |given, key| given.with(text(key, "x")));
    let lines = lines.with(accounts(&["@a:other.org"]));
    let kept = lines
        .called()
        .after(Event::HoldStarted { from, until })
        .after(Event::Answered { extent: Extent::Full });
    let mut over = kept.at(until + TimeDelta::hours(1));
    over.case.apply(&Event::HoldOver { how: HoldEnding::Expired }, &ada(), until);
    over.when(Command::Close).refused(owes("ended").into());
    over.done(sent("ended")).when(Command::Close).then([Event::Closed]);
    // It went out in time, and nobody wrote that down.
    let answer = |at| Command::RecordSent {
        letter: "answer".to_owned(),
        via: Channel::Mail,
        at: Some(at),
        repeat: Repeat::Unsaid,
    };
    over.done(answer(until - TimeDelta::days(1))).when(Command::Close).then([Event::Closed]);
    assert!(
        over.when(answer(until + TimeDelta::minutes(1))).decided.is_err(),
        "it says until a day that is over"
    );
}

#[test]
fn what_is_settled_for_one_user_leaves_the_proposals_for_the_others() {
    let waive = |user: Option<&str>| Command::Notify {
        whom: user.map(account),
        how: Settling::Waive { reason: "a fake".to_owned() },
    };
    let mut case = given("information").with(accounts(&["@a:our.org", "@b:our.org", "@c:our.org"]));
    case.change_policy(|policy| policy.kinds.iter_mut().for_each(|kind| kind.notify = true));
    let case = case.done(refuse("unverified", None));
    let (mut all, mut codes) = (case, Vec::new());
    for (n, user) in ["@a:our.org", "@b:our.org", "@c:our.org"].into_iter().enumerate() {
        all.draw = crate::case::decide::Draw([u8::try_from(n).unwrap(); 8]);
        all = all.done(waive(Some(user)));
        codes.push(all.case.proposals.last().unwrap().code.clone());
    }
    for (n, code) in codes.iter().enumerate() {
        let approved = all.by("ben").done(Command::Approve { code: code.clone(), alone: None });
        assert_eq!((approved.case.proposals.len(), approved.case.notices.len()), (2 - n, n + 1));
        all = Given { actor: ada(), ..approved };
    }
    // One for all of them rests on what becomes of each.
    let case = given("information").with(accounts(&["@a:our.org", "@b:our.org"]));
    let mut case = case.done(refuse("unverified", None));
    case.change_policy(|policy| policy.kinds.iter_mut().for_each(|kind| kind.notify = true));
    let mut both = case.done(waive(None));
    both.draw = crate::case::decide::Draw([9; 8]);
    let both = both.done(waive(Some("@a:our.org")));
    let one = both.case.proposals.last().unwrap().code.clone();
    let events = both.by("ben").when(Command::Approve { code: one, alone: None }).happens();
    let voided =
        |event: &Event| matches!(event, Event::Voided { code, why: Void::Changed } if *code == both.code());
    assert!(events.iter().any(voided), "{events:#?}");
}

#[test]
fn a_change_says_at_once_what_it_makes_void() {
    let waiting = given("other")
        .called()
        .with(text("reference", "OP-1"))
        .done(Command::Answer { extent: Extent::Full });
    let code = waiting.code();
    let events = waiting.when(set([put(text("reference", "OP-2"))])).happens();
    assert_eq!(events.last(), Some(&Event::Voided { code, why: Void::Changed }));
}
