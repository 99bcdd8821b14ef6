//! The clocks that every case has.

use super::given::*;
use crate::case::*;

#[test]
fn a_hold_and_a_gag_fall_due_when_they_end() {
    let case = given("preservation", Vec::new());
    let hold = Event::HoldStarted { from: nov(2, 9), until: nov(30, 9) };
    let held = case.clone().at(nov(2, 9), hold).falls_due(nov(30, 9));
    held.clone()
        .at(nov(3, 9), Event::HoldExtended { until: nov(30, 17), asked_by: None })
        .falls_due(nov(30, 17));
    held.clone().at(nov(30, 9), Event::HoldOver { how: HoldEnding::Expired }).never_due();
    let gagged = case.at(nov(2, 9), gag(Some(nov(20, 9)))).falls_due(nov(20, 9));
    gagged.at(nov(20, 10), Event::GagOver { how: GagEnding::Ended }).never_due();
}

#[test]
fn a_withheld_notice_is_looked_at_again() {
    let withheld = |review| settled(Telling::Withheld { reason: "danger".to_owned(), review });
    let case = given("terms", Vec::new()).at(nov(3, 9), withheld(nov(20, 9))).falls_due(nov(20, 9));
    case.clone().at(nov(4, 9), settled(Telling::Told { via: "mail".to_owned() })).never_due();
    let other = Event::NoticeSettled {
        account: ada(),
        what: Telling::Withheld { reason: "danger".to_owned(), review: nov(10, 9) },
        at: None,
    };
    // Each user's has a clock of its own.
    case.at(nov(4, 9), other).fall_due(&[nov(10, 9), nov(20, 9)]);
}

#[test]
fn an_open_proposal_falls_due_until_it_is_approved() {
    let proposed = |code: &str, expires| Event::Proposed {
        code: code.to_owned(),
        command: Box::new(Command::Close),
        effects: Vec::new(),
        sum: String::new(),
        expires,
    };
    let case = given("terms", Vec::new()).at(nov(3, 9), proposed("A", nov(6, 9))).falls_due(nov(6, 9));
    let both = case.at(nov(3, 10), proposed("B", nov(5, 9))).fall_due(&[nov(5, 9), nov(6, 9)]);
    let approved = Event::Approved { code: "B".to_owned(), ready: nov(4, 9), alone: None };
    both.at(nov(4, 8), approved)
        .falls_due(nov(6, 9))
        .at(nov(6, 9), Event::Voided { code: "A".to_owned(), why: crate::case::Void::Expired })
        .never_due();
}
