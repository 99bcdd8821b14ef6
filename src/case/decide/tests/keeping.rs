//! From when a hold counts, and what moves it.

use chrono::{DateTime, TimeDelta, Utc};

use super::given::*;
use crate::case::decide::keeping::{asks_to_keep, ends_early, moved};
use crate::case::decide::{Duty, Setting, duties, would_end};
use crate::case::*;

fn at(text: &str) -> DateTime<Utc> {
    text.parse().unwrap()
}

fn preserved() -> Given {
    given("preservation").under(|policy| policy.kinds.iter_mut().for_each(|kind| kind.preserves = true))
}

fn start(days: Option<u32>) -> Command {
    Command::Hold(HoldStep::Start { term: days.map(|count| Term::of(Span::Days(count))), from: None })
}

/// What becomes of the hold when the request came on the 18th and not on the 20th.
fn put_right(given: &Given) -> Option<Event> {
    let setting =
        Setting { actor: &given.actor, terms: &given.terms, now: given.now, draw: given.draw, certain: true };
    moved(&given.case, at("2026-11-18T10:00:00Z"), &setting)
}

/// Rule 19: a hold counts from the receipt, so it moves with it; what was said of its term since is left as it was said.
#[test]
fn a_hold_that_counted_from_the_receipt_moves_with_it_and_no_other_does() {
    let held = preserved().done(start(None));
    let (from, until) = (at("2026-11-18T10:00:00Z"), at("2027-02-16T23:59:59Z"));
    assert_eq!(put_right(&held), Some(Event::HoldStarted { from, until }));
    assert_eq!(put_right(&held.after(Event::HoldOver { how: HoldEnding::Released })), None, "it is over");
    assert_eq!(put_right(&preserved().done(start(Some(60)))), None, "a term of its own");
    let later = Event::HoldStarted { from: now() + TimeDelta::hours(1), until: at("2027-02-18T23:59:59Z") };
    assert_eq!(put_right(&preserved().after(later)), None, "a start of its own");
    assert_eq!(
        put_right(&held.after(Event::HoldExtended { until: at("2027-02-18T23:59:59Z"), asked_by: None })),
        None
    );
    // Where that day has passed it is over with it, as whoever approves reads.
    assert_eq!(put_right(&held.at(until)), Some(Event::HoldStarted { from, until }));
}

/// Rule 66: what was reported is kept from the report on, the first one.
#[test]
fn on_a_flagged_case_a_hold_counts_from_the_first_report() {
    let flagged = preserved().after(Event::Flagged { flag: Flag::Csea });
    let sent = |given: &Given, letter: &str, day: u32| {
        let at = at(&format!("2026-11-{day}T10:00:00Z"));
        given.after(Event::LetterSent { letter: letter.to_owned(), via: "mail".to_owned(), at })
    };
    let end = |given: &Given| {
        let policy = given.terms.policy_of(&given.case).unwrap();
        would_end(&given.case, policy, &given.terms, at("2026-11-25T10:00:00Z"))
    };
    let counted_from = |day: u32| Some(at(&format!("2026-11-{day}T23:59:59Z")) + TimeDelta::days(90));
    assert_eq!(Some(end(&sent(&flagged, "ack", 21))), counted_from(25), "that was no report");
    let reported = sent(&sent(&sent(&flagged, "ack", 21), "report", 22), "report", 23);
    assert_eq!(Some(end(&reported)), counted_from(22));
}

#[test]
fn an_extension_by_nothing_is_none() {
    let asked = preserved().done(start(None)).after(attached("letter", FileRole::Extension));
    let until = asked.case.hold.as_ref().unwrap().until;
    let by_nothing = HoldStep::Extend { term: Some(Term::of(Span::Days(0))) };
    asked.when(Command::Hold(by_nothing)).refused(Restraint::HoldWouldBeOver { until }.into());
}

/// Rule 16: an emergency that two people attested is looked back on; what one did alone another reviews, with a day for it.
#[test]
fn an_emergency_is_looked_back_on_once_it_is_over() {
    let attested = given("other").after(Event::Attested { by: ada(), reason: "a bomb".to_owned() });
    let owed = |given: &Given| duties(&given.case, &given.terms);
    assert_eq!(owed(&attested), [Duty::LookBack]);
    assert_eq!(owed(&attested.after(Event::FieldSet { field: text(REVIEW_KEY, "it was genuine") })), []);
    let due = at("2026-11-23T23:59:59Z");
    let review = Duty::Review(account("@ben:our.org"), due);
    let by_ben = Alone { by: account("@ben:our.org"), at: now(), reason: "x".to_owned(), reviewed_by: None };
    let mut alone = attested.clone();
    alone.case.alone.push(by_ben);
    assert_eq!(owed(&alone), std::slice::from_ref(&review));
    // A review that was written before says nothing of it.
    assert_eq!(owed(&alone.with(text(REVIEW_KEY, "it was genuine"))), [review]);
}

/// Rule 19: the policy's term counts from the receipt; rule 66: what was reported is kept from the report.
#[test]
fn a_hold_that_counts_from_before_the_receipt_ends_early_and_takes_two() {
    let earlier = now() - TimeDelta::days(1);
    preserved()
        .when(Command::Hold(HoldStep::Start { term: None, from: Some(earlier) }))
        .proposed(Effect::Destroy);
    let until = at("2026-11-19T23:59:59Z") + TimeDelta::days(90);
    let held = preserved().after(Event::HoldStarted { from: earlier, until });
    assert!(ends_early(&held.case, &held.terms));
    let flagged = held.after(Event::Flagged { flag: Flag::Csea });
    assert!(!ends_early(&flagged.case, &flagged.terms));
    // What a policy that is lost would give is compared with nothing.
    let lost = Case { policy: "lost/1".to_owned(), ..held.case };
    assert!(!ends_early(&lost, &held.terms));
}

#[test]
fn under_a_lost_policy_nobody_knows_that_something_is_to_be_kept() {
    let mut asks = preserved();
    assert!(asks_to_keep(&asks.case, &asks.terms));
    asks.case.policy = "lost/1".to_owned();
    assert!(!asks_to_keep(&asks.case, &asks.terms));
}
