//! A notice counts from when telling became free: an instrument that is found out only after the answer makes nobody late (rules 25
//! and 60), and nobody gains time by taking a line off and putting it back.

use chrono::TimeDelta;

use super::given::*;
use crate::case::clock::clocks;
use crate::case::decide::Setting;
use crate::case::decide::telling::freed;
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
    // Nor is it counted from when an instrument was supplied, or taken off, while a gag binds.
    let bound = |given: &Given| {
        given.after(Event::GagSet { ordered_by: "court".to_owned(), day: None, until: None, document: None })
    };
    let supplied = done(&bound(&asked().answered()).at(now() + days(10)), set("instrument", "court order 7"));
    assert_eq!(supplied.case.freed.instrument, None);
    let off =
        done(&bound(&resting_on("court order 7").answered()).at(now() + days(5)), set("instrument", ""));
    assert_eq!(off.case.freed.instrument, None);
}

/// What is found out by two people is counted once, whatever else the act brings, and from what happens to the case itself.
#[test]
fn it_is_said_once_from_when_the_notice_counts() {
    let free = |events: &[(CaseId, Event)]| {
        events.iter().filter(|(_, event)| matches!(event, Event::FreeToTell { .. })).count()
    };
    let bound = resting_on("authorisation under ipa").answered();
    let waits = bound.done(set("instrument", "court order 7"));
    let approve = Command::Approve { code: waits.code(), alone: None };
    assert_eq!(free(&waits.by("ben").when(approve).all()), 1);
    // The instrument that was verified is another one then, which is said beside it.
    let what = Verifiable::Instrument;
    let read =
        Event::Verified { what, by: ada(), how: "read".to_owned(), entry: None, call: None, recorder: None };
    let events = asked().after(read).when(set("instrument", "court order 7")).all();
    assert!(
        events.contains(&(id(1), Event::VerificationVoided { what })) && free(&events) == 1,
        "{events:#?}"
    );
    // What another case rests on is no matter of this one.
    let given = resting_on("a paper");
    let setting =
        Setting { actor: &given.actor, terms: &given.terms, now: given.now, draw: given.draw, certain: true };
    let others = [
        (id(1), Event::FieldSet { field: text("purpose", "fraud") }),
        (id(2), Event::FieldSet { field: text("instrument", "court order 7") }),
        (id(2), Event::FieldCleared { key: "instrument".to_owned(), label: "Instrument".to_owned() }),
    ];
    for events in [&others[..2], &others[1..2]] {
        assert_eq!(freed(&given.case, events.to_vec(), &setting), events);
    }
}

/// Where users are told whatever comes of the request, their time begins with it, and a line that was off for a day gives no more.
#[test]
fn to_take_it_off_gives_no_more_time_where_no_answer_is_waited_for() {
    let at_once = |given: Given| {
        given.under(|policy| {
            policy.notice.when = crate::case::When::Before;
            policy.clocks.iter_mut().for_each(|clock| clock.from = Start::Received);
        })
    };
    let case = at_once(resting_on("court order 7"));
    assert_eq!(told_in(&case), Some(3));
    let off = done(&case.at(now() + days(5)), set("instrument", ""));
    let on = done(&off.at(now() + days(6)), set("instrument", "court order 7"));
    assert_eq!(told_in(&on), Some(3), "it is overdue");
}

/// What these events bring besides, on the case itself.
fn besides(given: &Given, event: Event) -> Vec<Event> {
    let setting =
        Setting { actor: &given.actor, terms: &given.terms, now: given.now, draw: given.draw, certain: true };
    let events = freed(&given.case, vec![(id(1), event)], &setting);
    events.into_iter().skip(1).map(|(_, event)| event).collect()
}

#[test]
fn a_notice_counts_from_what_was_found_out_and_from_nothing_else() {
    let withheld = resting_on("IPA authorisation");
    // That the gag is lifted counts by itself.
    let set = Event::GagSet { ordered_by: "x".to_owned(), day: None, until: None, document: None };
    let how = GagEnding::Lifted { by: "the court".to_owned() };
    assert_eq!(besides(&withheld.after(set), Event::GagOver { how }), []);
    // Another policy may say that the instrument lets them be told.
    let mut adopting = withheld.clone();
    let mut policy = adopting.terms.policy().unwrap().clone();
    policy.version = "ours/2".to_owned();
    policy.instruments.iter_mut().for_each(|known| known.notice = Tell::Tell);
    adopting.terms.policies.insert(policy.version.clone(), policy);
    let adopted = Event::PolicyAdopted { policy: "ours/2".to_owned(), from: None };
    assert_eq!(besides(&adopting, adopted), [Event::FreeToTell { since: Some(now()) }]);
    // A line that is put back where it stood frees them from when it did before, and that is known.
    let mut missing = asked();
    missing.case.freed.instrument = Some(now() - days(2));
    let put_back = || Event::FieldSet { field: text("instrument", "court order 7") };
    assert_eq!(besides(&missing, put_back()), []);
    missing.case.freed.instrument = None;
    assert_eq!(besides(&missing, put_back()), [Event::FreeToTell { since: Some(now()) }]);
}
