//! What counts where nothing else does.

use std::collections::BTreeMap;

use super::given::*;
use crate::case::clock::IDLE;
use crate::case::*;

/// A request under a policy that lets nothing happen for seven days, or fourteen while the requester is asked.
fn idle(kind: &str, clocks: Vec<ClockRule>) -> Given {
    given(kind, clocks).policy(|policy| {
        policy.idle = Some(IdleTerms { after: Span::Days(7), waiting: Span::Days(14) });
    })
}

fn note() -> Event {
    Event::Noted { text: "a word".to_owned() }
}

#[test]
fn a_request_without_a_clock_comes_up_from_the_last_thing_that_was_done() {
    let came = idle("information", Vec::new()).falls_due(nov(9, 9));
    assert_eq!(came.due()[0].0, IDLE);
    let noted = came.at(nov(8, 23), note()).falls_due(nov(15, 9));
    let seen = Event::Seen { clocks: Some(BTreeMap::from([(IDLE.to_owned(), nov(17, 9))])) };
    let asked = noted.at(nov(17, 9), seen).falls_due(nov(24, 9));
    asked.waits(nov(18, 9)).falls_due(utc("2026-12-02T09:00:00Z")).at(nov(19, 9), Event::Closed).never_due();
}

#[test]
fn it_runs_beside_what_lasts_and_beside_nothing_that_is_to_be_done() {
    let gagged = idle("information", Vec::new()).at(nov(3, 9), gag(Some(nov(30, 9))));
    let gagged = gagged.fall_due(&[nov(10, 9), nov(30, 9)]);
    gagged.clone().at(nov(25, 9), note()).falls_due(nov(30, 9));
    // What is answered waits for the end of the gag; then there is nothing but to close it.
    let over = gagged.answered(nov(4, 9)).falls_due(nov(30, 9));
    over.at(nov(30, 9), Event::GagOver { how: GagEnding::Ended }).falls_due(utc("2026-12-07T09:00:00Z"));
    let counted = || vec![rule(Start::Received, "60 days", Stop::Answered)];
    idle("information", counted()).falls_due(utc("2027-01-01T23:59:59Z"));
    // A clock that stands still counts nothing.
    idle("information", counted()).waits(nov(3, 9)).falls_due(nov(17, 9));
}

#[test]
fn a_case_of_before_counts_as_the_desk_does_now() {
    let mut old = given("information", Vec::new()).never_due();
    let mut current = old.terms.policies[&old.terms.current].clone();
    current.version = "later".to_owned();
    current.idle = Some(IdleTerms { after: Span::Days(3), waiting: Span::Days(3) });
    old.terms.policies.insert("later".to_owned(), current);
    old.terms.current = "later".to_owned();
    old.falls_due(nov(5, 9));
}
