//! More time: how often, how much, and until when it can be given.

use super::given::*;
use crate::case::Refusal as R;
use crate::case::*;

/// The month that a person's request has from the 20th of November; 20 December is a Sunday.
fn own_end() -> chrono::DateTime<chrono::Utc> {
    "2026-12-21T23:59:59Z".parse().unwrap()
}

fn term(text: &str) -> Term {
    Term::read(text).unwrap()
}

fn prolong(clock: &str, by: &str) -> Command {
    Command::Prolong { clock: clock.to_owned(), term: term(by), reason: "many".to_owned() }
}

fn prolonged(by: &str) -> Event {
    Event::ClockProlonged { clock: "answer".to_owned(), term: term(by), reason: "many".to_owned() }
}

/// A person's request of the built-in policy, with this said of extending its clock.
fn subject(extension: Option<Extension>) -> Given {
    let mut given = given("subject");
    given.change_policy(|policy| {
        for rule in policy.clocks.iter_mut().filter(|rule| rule.name == "answer") {
            rule.extension.clone_from(&extension);
        }
    });
    given
}

fn once(most: &str, before_end: bool) -> Option<Extension> {
    Some(Extension { most: term(most), times: 1, before_end, letter: None })
}

#[test]
fn a_clock_gets_as_much_time_as_the_policy_gives() {
    let case = subject(once("2 months", true));
    for by in ["2 months", "1 month", "62 days", "1 day", "10 business days", "8 hours"] {
        case.when(prolong("Answer", by)).then([prolonged(by)]);
    }
    let until = "2027-02-22T23:59:59Z".parse().unwrap(); // 21 February is a Sunday
    for by in ["3 months", "64 days", "1 year"] {
        let most = term("2 months");
        case.when(prolong("answer", by)).refused(R::ExtendedTooFar {
            clock: "answer".to_owned(),
            most,
            until,
        });
    }
}

#[test]
fn a_clock_is_extended_as_often_as_the_policy_says_and_in_all_so_far() {
    let clock = || "answer".to_owned();
    let case = subject(once("2 months", true)).after(prolonged("1 month"));
    case.when(prolong("answer", "1 day")).refused(R::ExtendedBefore { clock: clock(), times: 1 });
    let twice =
        subject(Some(Extension { most: term("2 months"), times: 2, before_end: false, letter: None }));
    let case = twice.after(prolonged("1 month"));
    case.when(prolong("answer", "1 month")).then([prolonged("1 month")]);
    let until = "2027-02-22T23:59:59Z".parse().unwrap();
    let most = term("2 months");
    case.when(prolong("answer", "2 months")).refused(R::ExtendedTooFar { clock: clock(), most, until });
}

#[test]
fn what_must_be_told_in_time_is_told_before_the_clocks_own_end() {
    let too_late = || R::ExtendedTooLate { clock: "answer".to_owned(), end: own_end() };
    let after = own_end() + chrono::TimeDelta::seconds(1);
    let case = subject(once("2 months", true));
    case.at(own_end()).when(prolong("answer", "1 month")).at_once();
    case.at(after).when(prolong("answer", "1 month")).refused(too_late());
    subject(once("2 months", false)).at(after).when(prolong("answer", "1 month")).at_once();
    // Time that was given does not make the first month longer.
    let twice = subject(Some(Extension { most: term("2 months"), times: 2, before_end: true, letter: None }));
    twice.after(prolonged("1 month")).at(after).when(prolong("answer", "1 day")).refused(too_late());
    // While it stands still, its end has not come.
    let waiting = case.after(Event::WaitBegan { from: now(), asked: Vec::new() });
    waiting.at(after).when(prolong("answer", "1 month")).at_once();
}

#[test]
fn only_a_clock_that_runs_and_may_be_extended_is() {
    let none =
        |typed: &str, running: &[&str]| R::NoSuchClock { typed: typed.to_owned(), running: owned(running) };
    let fixed = |clock: &str| R::ClockNotExtended { clock: clock.to_owned() };
    let case = subject(once("2 months", true));
    case.when(prolong("anwser", "1 month")).refused(none("anwser", &["answer"]));
    case.answered().when(prolong("answer", "1 month")).refused(none("answer", &[]));
    given("terms").when(prolong("answer", "1 month")).refused(none("answer", &[]));
    subject(None).when(prolong("answer", "1 month")).refused(fixed("answer"));
    let hold = Event::HoldStarted { from: now(), until: own_end() };
    case.after(hold).when(prolong("hold", "1 month")).refused(fixed("hold"));
    let mut lost = case.clone();
    lost.case.policy = "another".to_owned();
    lost.when(prolong("answer", "1 month")).refused(R::PolicyMissing);
}
