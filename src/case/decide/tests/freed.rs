//! A notice counts from when telling became free: an instrument that is found out only after the answer makes nobody late (rules 25
//! and 60), and nobody gains time by taking a line off and putting it back.

use chrono::TimeDelta;

use super::given::*;
use crate::case::clock::clocks;
use crate::case::*;

fn days(count: i64) -> TimeDelta {
    TimeDelta::days(count)
}

/// A request for information about a user who is to be told within three days of the answer.
fn asked() -> Given {
    let tell = ClockRule {
        name: "tell".to_owned(),
        title: "users to be told".to_owned(),
        kinds: Vec::new(),
        from: Start::Answered,
        term: Term::of(Span::Days(3)),
        until: Stop::Told,
        pauses: false,
        extension: None,
        ..terms().policy().unwrap().clocks[0].clone()
    };
    let case = given("information").with(accounts(&["@a:our.org"])).with(text("jurisdiction", "GB"));
    case.under(|policy| {
        policy.kinds.iter_mut().for_each(|kind| kind.notify = true);
        policy.clocks = vec![tell];
    })
}

fn resting_on(instrument: &str) -> Given {
    asked().with(text("instrument", instrument))
}

fn set(line: &str, value: &str) -> Command {
    Command::Set { edits: vec![Edit::Put(text(line, value))] }
}

/// What a command makes of the case, with a second person where it takes one.
#[track_caller]
fn done(given: &Given, command: Command) -> Given {
    let after = given.done(command);
    match after.case.proposals.first() {
        None => after,
        Some(proposal) => {
            let code = proposal.code.clone();
            Given {
                actor: given.actor.clone(),
                ..after.by("ben").done(Command::Approve { code, alone: None })
            }
        }
    }
}

/// In how many days the users are to be told, from the day of the answer.
fn told_in(given: &Given) -> Option<i64> {
    let clock = clocks(&given.case, &given.terms).into_iter().find(|clock| clock.name == "tell")?;
    Some((clock.due - now()).num_days())
}

#[test]
fn an_instrument_that_is_found_out_after_the_answer_counts_from_then() {
    assert_eq!(told_in(&resting_on("court order 7").answered()), Some(3));
    for unknown in ["a paper", "authorisation under ipa"] {
        let answered = resting_on(unknown).answered();
        assert_eq!(told_in(&answered), None, "{unknown}");
        let known = done(&answered.at(now() + days(10)), set("instrument", "court order 7"));
        assert_eq!(told_in(&known), Some(13), "{unknown}");
    }
    // None was there at all, and it is supplied.
    let answered = asked().answered();
    assert_eq!(told_in(&answered), None);
    assert_eq!(told_in(&done(&answered.at(now() + days(10)), set("instrument", "court order 7"))), Some(13));
}

#[test]
fn one_that_was_found_out_before_the_answer_gives_no_more_time() {
    let known = done(&resting_on("a paper").at(now() - days(2)), set("instrument", "court order 7"));
    assert_eq!(told_in(&known.answered()), Some(3));
}

#[test]
fn to_take_it_off_and_put_it_back_gives_no_more_time() {
    let answered = resting_on("court order 7").answered();
    let off = done(&answered.at(now() + days(5)), set("instrument", ""));
    assert_eq!(told_in(&off), None);
    let on = done(&off.at(now() + days(6)), set("instrument", "court order 7"));
    assert_eq!(told_in(&on), Some(3), "it is overdue");
    // Nor does a second time after it was found out late.
    let late = done(&asked().answered().at(now() + days(10)), set("instrument", "court order 7"));
    let off = done(&late.at(now() + days(20)), set("instrument", ""));
    let on = done(&off.at(now() + days(21)), set("instrument", "court order 7"));
    assert_eq!(told_in(&on), Some(13));
    // Before anything was owed nobody gained anything by it.
    let early = done(&resting_on("court order 7"), set("instrument", ""));
    let answered = early.answered();
    assert_eq!(told_in(&done(&answered.at(now() + days(4)), set("instrument", "court order 7"))), Some(7));
}

#[test]
fn what_else_binds_is_waited_for() {
    let gagged = resting_on("a paper").answered().after(Event::GagSet {
        ordered_by: "court".to_owned(),
        day: None,
        until: None,
        document: None,
    });
    let known = done(&gagged.at(now() + days(10)), set("instrument", "court order 7"));
    assert_eq!(told_in(&known), None);
    assert_eq!(known.case.freed.instrument, None);
}
