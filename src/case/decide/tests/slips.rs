//! Small slips that nothing else would notice: a condition that always holds, an end off by one, a line of another sort.
//! `docs/mutation.md` says how they are found.

use chrono::TimeDelta;

use super::given::*;
use super::telling::told;
use crate::case::decide::gate::{Bar, bars, names_unresolved};
use crate::case::decide::second::{carry_out, cooled_at};
use crate::case::decide::undo::{Entry, others};
use crate::case::decide::{Draw, Duty, duties, untold, watch};
use crate::case::*;

fn gag(by: Option<&str>, until: Option<u32>) -> Command {
    Command::Gag(GagStep::Set { by: by.map(str::to_owned), until: until.map(day) })
}

fn full() -> Command {
    Command::Answer { extent: Extent::Full }
}

fn approve(code: &str) -> Command {
    Command::Approve { code: code.to_owned(), alone: None }
}

fn held(days: i64) -> Given {
    given("other")
        .under(|policy| policy.kinds.iter_mut().for_each(|kind| kind.preserves = true))
        .after(Event::HoldStarted { from: now(), until: now() + TimeDelta::days(days) })
}

#[test]
fn what_is_only_missing_may_be_supplied_by_one() {
    use Bar::{Csea, Gag, Instrument, Missing, Order, Policy, Review, Secrecy, Unidentified, Unresolved};
    for bar in [Gag, Instrument, Unidentified, Secrecy, Order, Csea, Policy, Unresolved] {
        assert!(bar.is_firm(), "{bar:?}");
    }
    assert!(!Missing.is_firm() && !Review.is_firm());
}

#[test]
fn a_letter_binds_only_an_authoritys_request_and_only_where_the_policy_says_so() {
    let letter = |withheld: Tell, authority: bool| {
        let given = given("preservation").under(|policy| {
            policy.notice.letter = withheld;
            policy.kinds.iter_mut().for_each(|kind| kind.from_authority = authority);
        });
        bars(&given.case, &given.terms).len()
    };
    assert_eq!(letter(Tell::Withhold, true), 1);
    assert_eq!(letter(Tell::Tell, true), 0);
    assert_eq!(letter(Tell::Withhold, false), 0);
}

#[test]
fn only_what_may_name_somebody_is_unread() {
    let email = Reading::Email { address: "a@b.org".to_owned(), odd: Vec::new(), more: Vec::new() };
    let case = given("other")
        .with(accounts(&["@z:our.org"]))
        .with(text("reference", "X"))
        .with(unread("from"))
        .with(secrecy(Secrecy::Open))
        .with(Field { reading: email, ..text("email", "a@b.org") })
        .with(Field { reading: Reading::Day { day: day(1) }, ..text("from", "1") })
        .with(Field { reading: Reading::Unknown { meant: None }, ..text("colour", "red") })
        .with(Field { reading: Reading::Claimed, ..text("review", "done") })
        .with(Field { reading: Reading::Unknown { meant: Some("agency".to_owned()) }, ..text("agncy", "x") });
    assert!(!names_unresolved(&case.done(gag(Some("x"), None)).case));
}

#[test]
fn a_policy_adds_the_acts_it_names_and_no_others() {
    let case = given("terms").under(|policy| {
        policy.two_people.acts.push("refuse".to_owned());
        policy.two_people.counsel.push("answer".to_owned());
    });
    case.when(Command::Note { text: "x".to_owned() }).at_once();
    let refused = case.done(refuse("scope", None));
    refused.by("ben").when(approve(&refused.code())).at_once();
}

#[test]
fn what_was_approved_is_not_approved_again() {
    let waiting = given("other").called().done(full());
    let cooling = waiting.by("ben").done(approve(&waiting.code()));
    cooling.by("cy").when(approve(&waiting.code())).refused(Restraint::NothingPending.into());
}

/// Two acts on one case, the second approved first.
fn two() -> Given {
    let mut one = held(90).called().done(full());
    one.draw = Draw([1, 11, 1, 1, 1, 1, 1, 1]);
    let two = one.done(Command::Hold(HoldStep::Release));
    two.by("ben").done(approve(&two.case.proposals[1].code.clone()))
}

#[test]
fn what_has_cooled_is_done_whatever_waits_before_it() {
    let case = two();
    let ready = cooled_at(&case.case).unwrap();
    let events = carry_out(&case.case, &case.around, &case.terms, ready);
    assert!(matches!(events[1].1, Event::HoldOver { .. }), "{events:#?}");
    let later = case.at(now() + TimeDelta::minutes(3)).by("cy");
    let both = later.done(approve(&case.code()));
    assert_eq!(cooled_at(&both.case), Some(ready));
}

#[test]
fn wrong_codes_before_another_act_was_proposed_count_for_it() {
    let mut case = held(90).called().done(full()).by("ben");
    for _ in 0..4 {
        case = case.done(approve("ZZZZZZ"));
    }
    case.draw = Draw([1, 11, 1, 1, 1, 1, 1, 1]);
    let more = case.by("ada").done(Command::Hold(HoldStep::Release)).by("ben");
    assert_eq!(more.when(approve("ZZZZZZ")).happens().len(), 3);
}

#[test]
fn a_gag_that_is_over_lends_its_name_to_no_other_and_only_an_order_is_its_document() {
    let over = told().done(gag(Some("x"), None)).after(Event::GagOver { how: GagEnding::Ended });
    over.when(gag(None, None)).refused(Restraint::GagByWhom.into());
    let strict = told().under(|policy| policy.gag.wants_document = true);
    let letter = strict.after(attached("letter", FileRole::Other));
    letter.when(gag(Some("x"), None)).refused(Restraint::GagWantsDocument.into());
    let here = told().with(text("jurisdiction", "GB")).at("2026-12-31T23:59:59Z".parse().unwrap());
    here.when(gag(Some("x"), Some(31))).refused(Restraint::DayIsOver(day(31)).into());
    let about = GagStep::NotAbout { account: account("@a:our.org"), reason: "x".to_owned() };
    told().when(Command::Gag(about)).refused(Restraint::NamedHere(account("@a:our.org")).into());
}

#[test]
fn nobody_was_told_tomorrow_and_nobody_elsewhere_is_told() {
    let tell =
        |at| Command::Notify { whom: None, how: Settling::Tell { via: "mail".to_owned(), at: Some(at) } };
    let later = now() + TimeDelta::seconds(1);
    told().answered().when(tell(later)).refused(Restraint::NotYet(later).into());
    told().answered().when(tell(now())).proposed(Effect::Tell);
    told().answered().when(tell(now() - TimeDelta::days(1))).proposed(Effect::Tell);
    let mut line = accounts(&["@a:our.org", "@x:else.org"]);
    if let Reading::Accounts { named, .. } = &mut line.reading {
        named[1].ours = false;
    }
    let case = given("other").with(line.clone()).with(line);
    assert!(untold(&case.case).all(|who| *who == account("@a:our.org")));
    let waive = Command::Notify { whom: None, how: Settling::Waive { reason: "x".to_owned() } };
    let twice = told().under(|_| ()).answered();
    let twice = Given { case: Case { fields: case.case.fields, ..twice.case.clone() }, ..twice };
    let proposed = twice.done(waive);
    let done = proposed.by("ben").when(approve(&proposed.code())).happens();
    assert_eq!(done.iter().filter(|event| matches!(event, Event::NoticeSettled { .. })).count(), 1);
}

#[test]
fn what_waits_is_owed_and_under_a_lost_policy_nobody_says_who_is() {
    let waiting = given("other").called().done(full());
    assert_eq!(duties(&waiting.case, &waiting.terms), [Duty::Decide(waiting.code())]);
    let mut lost = told();
    lost.terms.policies.clear();
    assert_eq!(duties(&lost.case, &lost.terms), []);
}

#[test]
fn a_hold_that_is_over_runs_no_longer() {
    let over = held(90).after(Event::HoldOver { how: HoldEnding::Released });
    over.when(Command::Hold(HoldStep::Extend { term: None })).refused(Restraint::NoHold.into());
    over.when(Command::Hold(HoldStep::Start { term: None, from: None })).at_once();
    let until = "2027-02-18T23:59:59Z".parse().unwrap();
    let start = Command::Hold(HoldStep::Start { term: None, from: None });
    over.at(until).when(start).refused(Restraint::StartsTooEarly { until, today: until.date_naive() }.into());
}

#[test]
fn only_a_request_for_it_lengthens_a_hold_and_only_into_what_is_to_come() {
    let extend = || Command::Hold(HoldStep::Extend { term: None });
    let held = held(90);
    for event in [attached("letter", FileRole::Other), linked(57, Relation::Appeal, false)] {
        held.after(event).when(extend()).refused(Restraint::ExtensionWantsRequest.into());
    }
    let asked = held.after(linked(57, Relation::Extends, false));
    let until = asked.done(extend()).case.hold.unwrap().until;
    asked.at(until).when(extend()).refused(Restraint::HoldWouldBeOver { until }.into());
    asked.at(until - TimeDelta::seconds(1)).when(extend()).at_once();
}

#[test]
fn on_a_secret_case_lines_that_bind_nobody_come_and_go() {
    let email = |address: &str| Field {
        reading: Reading::Email { address: address.to_owned(), odd: Vec::new(), more: Vec::new() },
        ..text("email", address)
    };
    let date =
        |day: chrono::NaiveDate| Field { reading: Reading::Day { day }, ..text("from", &day.to_string()) };
    let case = given("preservation")
        .with(secrecy(Secrecy::Open))
        .with(text("reference", "X"))
        .with(email("a@b.org"))
        .with(date(day(1)));
    for field in [text("reference", "Y"), email("c@b.org"), date(day(2))] {
        case.when(set([put(field)])).at_once();
    }
    // One more line about it takes nothing off; another word under the right label does not say the same.
    let slip = Field {
        reading: Reading::Unknown { meant: Some(SECRECY_KEY.to_owned()) },
        ..text("confidental", "until 2026-12-31")
    };
    case.when(set([put(slip.clone())])).at_once();
    let off = put(Field { value: String::new(), ..slip.clone() });
    let no = put(secrecy(Secrecy::No));
    given("preservation").with(slip).when(set([no, off])).proposed(Effect::Tell);
}

#[test]
fn where_no_clock_runs_nothing_is_watched() {
    assert_eq!(watch(&given("terms").case, &terms(), now()), None);
}

#[test]
fn what_two_people_have_done_cools_no_longer_and_what_is_said_of_another_case_is_no_step() {
    let code = || "AAAAAA".to_owned();
    let (proposer, approver) = (account("@ben:our.org"), ada());
    let mut both = super::undo::told();
    let approved = Event::Approved { code: code(), ready: now(), alone: None };
    let done = Event::CarriedOut { code: code(), proposer, approver };
    let noted = Event::Noted { text: "x".to_owned() };
    both.record(
        Some(ada()),
        &[approved, done, noted.clone()].into_iter().map(|event| (id(1), event)).collect(),
    );
    both.stays(NoWayBack::NotOnePersons);
    both.record(Some(ada()), &vec![(id(1), noted)]);
    let (by, unshown) = ([id(2)].into(), Default::default());
    let hushed = Event::Hushed { account: account("@a:our.org"), by, unshown };
    let gone = Event::NoticeGone { other: id(2), gone: true };
    both.record(Some(account("@ben:our.org")), &vec![(id(1), hushed), (id(1), gone)]);
    assert!(both.back("ada").is_ok());
}

/// To take back that a duplicate was opened again asks for the case that was kept for it; nothing else does.
#[test]
fn the_case_that_was_kept_is_looked_up_where_its_duplicate_was_opened_again() {
    let entry = |seq, by: Option<Account>, events| Entry { seq, at: now(), by, events };
    let asked = |by: Option<Account>, events: Vec<Event>| {
        let linked = entry(1, Some(ada()), vec![linked(2, Relation::Duplicate, true)]);
        others(&vec![linked, entry(2, by, events)])
    };
    let (again, noted) = (Event::Reopened { reason: None }, Event::Noted { text: "x".to_owned() });
    assert_eq!(asked(Some(ada()), vec![again, noted.clone()]), [id(2)].into());
    assert_eq!(asked(Some(ada()), vec![noted]), [].into());
    assert_eq!(asked(None, vec![Event::HoldOver { how: HoldEnding::Expired }]), [].into());
}
