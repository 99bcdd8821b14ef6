//! The clocks that every case has.

use super::given::*;
use crate::case::*;

#[test]
fn a_hold_and_a_gag_fall_due_when_they_end() {
    let case = given("preservation", Vec::new());
    let hold = Event::HoldStarted { from: nov(2, 9), until: nov(30, 9) };
    let held = case.clone().at(nov(2, 9), hold).falls_due(nov(30, 9));
    held.clone().at(nov(3, 9), Event::HoldExtended { until: nov(30, 17) }).falls_due(nov(30, 17));
    held.clone().at(nov(30, 9), Event::HoldOver { how: HoldEnding::Expired }).never_due();
    let gagged = case.at(nov(2, 9), gag(Some(nov(20, 9)))).falls_due(nov(20, 9));
    gagged.at(nov(20, 10), Event::GagOver { how: GagEnding::Ended }).never_due();
}

#[test]
fn a_gag_without_an_end_keeps_asking() {
    let policy = |policy: &mut Policy| policy.gag.ask_every = Span::Years(1);
    let leap = utc("2028-02-29T09:00:00Z");
    let gagged =
        given("information", Vec::new()).policy(policy).at(leap, gag(None)).falls_due(end_of("2029-02-28"));
    // Whoever saw it coming has not asked yet; whoever saw it due has.
    let year = |year: i32, day: &str| utc(&format!("{year}-{day}T09:00:00Z"));
    let coming = gagged.clone().at(year(2029, "02-27"), Event::Seen).falls_due(end_of("2029-02-28"));
    let asked = coming.at(year(2029, "03-02"), Event::Seen).falls_due(end_of("2030-02-28"));
    let fourth = asked.at(year(2031, "06-01"), Event::Seen).falls_due(end_of("2032-03-01")); // the 29th is a Sunday
    // Setting it anew counts from then.
    fourth.at(year(2031, "06-02"), gag(None)).falls_due(utc("2032-06-02T22:59:59Z"));
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

/// Rule 16: the requester has so long to serve an order; then the notice is due.
#[test]
fn secrecy_without_an_order_has_a_week() {
    let secrecy = |said| Field { reading: Reading::Secrecy(said), ..text("confidential", "…") };
    let asked = given("preservation", Vec::new()).policy(|policy| policy.instruments = instruments());
    let asked = asked.with(text("jurisdiction", "GB"));
    let asked = asked.with(secrecy(Secrecy::Open)).never_due();
    let told = asked.clone().about(alice()).sent("secrecy", nov(4, 9)).falls_due(end_of("2026-11-11"));
    told.clone().with(secrecy(Secrecy::No)).never_due();
    told.clone().at(nov(5, 9), gag(None)).due().iter().for_each(|(name, _)| assert_eq!(name, "gag"));
    told.clone().at(nov(12, 9), settled(Telling::Told { via: "mail".to_owned() })).never_due();
    told.clone().with(text("instrument", "production order")).falls_due(end_of("2026-11-11"));
    // An instrument that withholds, or one that nobody knows, is a reason of its own (rule 60).
    told.clone().with(text("instrument", "investigatory powers act")).never_due();
    told.clone().with(text("instrument", "a paper")).never_due();
    told.clone().at(nov(12, 9), Event::SecrecyLapsed).never_due();
    let bare = told.policy(|policy| {
        policy.notice.letter = Tell::Withhold;
        policy.kinds.iter_mut().for_each(|kind| kind.from_authority = true);
    });
    bare.never_due();
    let wants_one = given("information", Vec::new()).with(secrecy(Secrecy::Open));
    wants_one.sent("secrecy", nov(4, 9)).never_due();
}
