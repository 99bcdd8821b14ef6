//! A notice is counted from what kept it back on the case itself, and a review that it waits for has a date (rules 16, 25, 66).

use super::given::*;
use crate::case::letter::REASONS;
use crate::case::*;

fn wish(said: Secrecy) -> Field {
    Field { reading: Reading::Secrecy(said), ..text("confidential", "…") }
}

fn tell() -> ClockRule {
    ClockRule { name: "tell".to_owned(), ..rule(Start::Answered, "3 business days", Stop::Told) }
}

fn review() -> ClockRule {
    let until = Stop::Line(REVIEW_KEY.to_owned());
    ClockRule { name: "review".to_owned(), ..rule(Start::Attested, "3 business days", until) }
}

fn emergency() -> Given {
    given("emergency", vec![tell(), review()]).about(alice())
}

fn refused() -> Event {
    Event::RequestRefused { code: "incomplete".to_owned(), text: String::new(), words: None }
}

fn reviewed() -> Event {
    Event::FieldSet { field: text(REVIEW_KEY, "looked at again") }
}

fn attested() -> Event {
    Event::Attested { by: ada(), reason: "a child is missing".to_owned() }
}

/// Answered on the 3rd, asked for secrecy, and told that it takes an order.
fn answered_in_secret() -> Given {
    let asked = given("preservation", vec![tell()]).about(alice()).with(wish(Secrecy::Open));
    asked.sent("secrecy", nov(3, 9)).answered(nov(3, 10))
}

#[test]
fn a_wish_that_lapses_makes_the_notice_due_from_then() {
    let lapsed = answered_in_secret().at(nov(11, 0), Event::SecrecyLapsed);
    lapsed.falls_due(end_of("2026-11-16"));
}

#[test]
fn so_does_one_that_is_withdrawn_but_nothing_that_is_taken_back() {
    let withdrawn = Event::FieldSet { field: wish(Secrecy::No) };
    answered_in_secret().at(nov(9, 9), withdrawn).falls_due(end_of("2026-11-12"));
    let before = given("preservation", vec![tell()]).about(alice()).answered(nov(3, 10));
    let asked = before.clone().at(nov(9, 9), Event::FieldSet { field: wish(Secrecy::Open) });
    let back = vec![Back::Lines { fields: before.case.fields.clone() }];
    let undone = asked.at(nov(9, 10), Event::TakenBack { took: Vec::new(), back });
    undone.falls_due(end_of("2026-11-06"));
}

#[test]
fn an_emergency_that_nobody_attested_is_reviewed_all_the_same_and_its_notice_counts_from_that() {
    let refused = emergency().at(nov(3, 9), refused()).falls_due(end_of("2026-11-06"));
    assert_eq!(refused.due()[0].0, "review");
    let told = refused.clone().at(nov(9, 9), reviewed()).falls_due(end_of("2026-11-12"));
    assert_eq!(told.due()[0].0, "tell");
    // In the moment in which it came, too.
    emergency().at(nov(2, 12), self::refused()).falls_due(end_of("2026-11-05"));
    // Not where there is nobody to tell.
    let waived = settled(Telling::Waived { reason: "a fake".to_owned() });
    refused.at(nov(4, 9), waived).never_due();
    given("emergency", vec![tell(), review()]).at(nov(3, 9), self::refused()).never_due();
}

#[test]
fn an_emergency_that_was_attested_is_reviewed_once_it_is_over() {
    // Nobody can look back on it before.
    let attested = emergency().at(nov(3, 9), attested()).never_due();
    let answered = attested.answered(nov(4, 9)).falls_due(end_of("2026-11-09"));
    answered.clone().at(nov(9, 9), reviewed()).falls_due(end_of("2026-11-12"));
    // To open it again takes nobody's date back, and what was looked at is not looked at again.
    let open = answered.at(nov(5, 9), Event::Reopened { reason: None }).never_due();
    open.answered(nov(9, 9)).falls_due(end_of("2026-11-09"));
    // Attested after all, it counts from then.
    let late = emergency().answered(nov(3, 9)).at(nov(4, 9), self::attested());
    late.falls_due(end_of("2026-11-09"));
}

#[test]
fn a_review_of_what_is_no_emergency_gives_no_more_time_to_tell() {
    let answered = given("preservation", vec![tell()]).about(alice()).answered(nov(3, 10));
    answered.at(nov(9, 9), reviewed()).falls_due(end_of("2026-11-06"));
}

/// Rules 31, 66: what the flag withholds is the statement of reasons too.
#[test]
fn nobody_gives_reasons_while_the_flag_withholds_them_and_they_are_due_once_it_is_off() {
    let reasons = || rule(Start::Received, "3 days", Stop::Sent(REASONS.to_owned()));
    let case = given("terms", vec![reasons()]).about(alice()).falls_due(end_of("2026-11-05"));
    let flagged = case.at(nov(3, 9), Event::Flagged { flag: Flag::Csea }).never_due();
    flagged.at(nov(9, 9), Event::Unflagged { flag: Flag::Csea }).falls_due(end_of("2026-11-12"));
}
