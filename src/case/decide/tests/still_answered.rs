//! Whether the case that is kept still counts the days of its duplicate: whatever moves a day on either of the two.

use chrono::TimeDelta;

use super::given::*;
use crate::case::*;

fn dated(number: u32, day: &str) -> Given {
    let reading = Reading::Email { address: "a@x.example".to_owned(), odd: Vec::new(), more: Vec::new() };
    let mut case = under_eu("subject")
        .with(Field { reading, ..text("email", "a@x.example") })
        .with(text("right", "access"))
        .numbered(number);
    case.case.received = at(day);
    case
}

fn at(day: &str) -> chrono::DateTime<chrono::Utc> {
    format!("{day}T10:00:00Z").parse().unwrap()
}

fn received(day: &str) -> Command {
    Command::Set { edits: vec![Edit::Received { at: at(day), value: day.to_owned() }] }
}

/// Case 1, which is kept, with its duplicate 2.
fn kept(own: &str, twins: &str) -> Given {
    let mut kept = dated(1, own).after(linked(2, Relation::Duplicate, false));
    kept.around.duplicates = vec![twin_of_one(twins).case];
    kept
}

fn twin_of_one(day: &str) -> Given {
    dated(2, day).after(linked(1, Relation::Duplicate, true))
}

fn comes_back(given: &Given, command: Command) -> bool {
    let events = given.when(command).all();
    let back = |of, other, outward| {
        (id(of), Event::BroughtBack { other: id(other), outward, unshown: false, reopened: false })
    };
    let both = [events.contains(&back(1, 2, false)), events.contains(&back(2, 1, true))];
    assert_eq!(both[0], both[1], "{events:#?}");
    both[0]
}

/// Given a duplicate, when it turns out that it came before the case that is kept, then it is worked again: its days are sooner.
#[test]
fn a_duplicate_that_came_sooner_is_worked_again() {
    let twin =
        twin_of_one("2026-11-10").beside(dated(1, "2026-11-10").after(linked(2, Relation::Duplicate, false)));
    assert!(comes_back(&twin, received("2026-11-01")));
    assert!(!comes_back(&twin, received("2026-11-12")));
    // Of another case than the one that it is a duplicate of nothing is said.
    let events = twin.beside(dated(3, "2026-11-10")).when(received("2026-11-01")).all();
    assert!(events.iter().all(|(_, event)| !matches!(event, Event::BroughtBack { .. })), "{events:#?}");
}

/// Given a duplicate, when it turns out that the case that is kept came after it, then it is worked again.
#[test]
fn a_duplicate_of_a_case_that_came_later_is_worked_again() {
    let kept = kept("2026-11-01", "2026-11-02");
    assert!(comes_back(&kept, received("2026-11-10")));
    assert!(!comes_back(&kept, received("2026-11-02")));
    assert!(!comes_back(&kept, received("2026-10-20")));
    let mut closed = kept.clone();
    closed.around.duplicates = vec![twin_of_one("2026-11-02").closed().case];
    assert!(comes_back(&closed, received("2026-11-10")), "closed or not");
    // What was so when somebody called it one is so still.
    let late = self::kept("2026-11-10", "2026-11-01");
    assert!(!comes_back(&late, received("2026-11-12")));
}

/// Given a duplicate, when the case that is kept has more time than it by an extension, then it is worked again.
#[test]
fn a_duplicate_whose_case_has_more_time_is_worked_again() {
    let mut kept = kept("2026-11-01", "2026-11-02");
    kept.change_policy(|policy| {
        let answer = policy.clocks.iter_mut().find(|clock| clock.name == "answer").unwrap();
        answer.extension.as_mut().unwrap().letter = None;
    });
    let more = || Command::Prolong {
        clock: "answer".to_owned(),
        term: Term::read("20 days").unwrap(),
        reason: "many requests".to_owned(),
    };
    assert!(comes_back(&kept, more()));
    // By that of one clock among others too.
    let mut two = kept.clone();
    two.change_policy(|policy| {
        let answer = policy.clocks.iter().find(|clock| clock.name == "answer").unwrap().clone();
        policy.clocks.push(ClockRule { name: "second".to_owned(), extension: None, ..answer });
    });
    assert!(comes_back(&two, more()));
    // A wait for the requester is one for both.
    let waits = kept.after(Event::WaitBegan { from: now(), asked: Vec::new() });
    let later = waits.at(now() + TimeDelta::days(3));
    let came = set([put(text("context", "here it is"))]);
    assert!(later.when(came.clone()).happens().contains(&Event::WaitEnded));
    assert!(!comes_back(&later, came));
}

/// Given a duplicate, when it is flagged, then it stays one: what a flag asks for is counted on it all the same.
#[test]
fn a_duplicate_that_is_flagged_stays_one() {
    let mut kept = kept("2026-11-01", "2026-11-01");
    kept.around.duplicates.clear();
    let twin = twin_of_one("2026-11-01").beside(kept);
    assert!(!comes_back(&twin, Command::Tag { add: vec!["csea".to_owned()], remove: Vec::new() }));
}
