//! Gags, and the duty to tell.

use super::given::*;
use crate::case::decide::gate::Bar;
use crate::case::decide::{Duty, duties, told_first};
use crate::case::*;

/// A request of which users are told, resting on nothing that forbids it.
pub(super) fn told() -> Given {
    given("other").with(accounts(&["@a:our.org", "@b:our.org"])).under(|policy| {
        let kind = policy.kinds.iter_mut().find(|kind| kind.name == "other").unwrap();
        kind.notify = true;
        policy.notice.exceptions = vec![Exception {
            code: "life".to_owned(),
            text: "a life is in danger".to_owned(),
            review: Span::Days(30),
        }];
    })
}

fn gag(until: Option<u32>) -> Command {
    Command::Gag(GagStep::Set { by: Some("the court".to_owned()), until: until.map(day) })
}

fn tell(whom: Option<&str>) -> Command {
    let how = Settling::Tell { via: "mail".to_owned(), at: None };
    Command::Notify { whom: whom.map(account), how }
}

fn lift() -> Command {
    Command::Gag(GagStep::Lift { by: "the court".to_owned() })
}

#[test]
fn a_gag_binds_all_of_its_last_day_wherever_it_was_issued() {
    let end = |given: &Given| given.case.gag.as_ref().unwrap().until.unwrap().to_rfc3339();
    let from = |country: &str| given("other").with(text("jurisdiction", country)).done(gag(Some(31)));
    assert_eq!(end(&from("GB")), "2026-12-31T23:59:59+00:00");
    assert_eq!(end(&from("US")), "2027-01-01T10:59:59+00:00", "Pago Pago");
    assert_eq!(end(&from("DE")), "2026-12-31T23:59:59+00:00", "ours is later");
    assert_eq!(end(&given("other").done(gag(Some(31)))), "2027-01-01T11:59:59+00:00", "anywhere on Earth");
}

/// Rule 28.
#[test]
fn users_are_told_before_the_answer_where_the_policy_says_so_and_nothing_forbids_it() {
    let first = |given: &Given| -> Vec<String> {
        told_first(&given.case, &given.terms).into_iter().map(|account| account.as_str().to_owned()).collect()
    };
    let after = told();
    let case = after.under(|policy| policy.notice.when = crate::case::When::Before);
    assert_eq!(first(&case), ["@a:our.org", "@b:our.org"]);
    assert!(first(&after).is_empty(), "told afterwards");
    let told = |what| Event::NoticeSettled { account: account("@a:our.org"), what, at: None };
    assert_eq!(first(&case.after(told(Telling::Told { via: "mail".to_owned() }))), ["@b:our.org"]);
    let review = now() + chrono::TimeDelta::days(30);
    assert_eq!(
        first(&case.after(told(Telling::Withheld { reason: "life".to_owned(), review }))),
        ["@b:our.org"]
    );
    assert!(first(&case.done(gag(None))).is_empty(), "not while an order forbids it");
    assert!(first(&case.with(secrecy(Secrecy::Open))).is_empty());
    assert!(first(&case.after(Event::Answered { extent: Extent::None })).is_empty(), "too late for that");
}

#[test]
fn one_person_binds_and_two_unbind() {
    let bound = told().done(gag(Some(20)));
    for (step, sooner) in [
        (GagStep::Set { by: None, until: Some(day(19)) }, true),
        (GagStep::Lift { by: "x".to_owned() }, true),
        (GagStep::NotBinding { reason: "x".to_owned() }, true),
        (GagStep::NotAbout { account: account("@c:our.org"), reason: "x".to_owned() }, true),
        (GagStep::Set { by: None, until: Some(day(21)) }, false),
        (GagStep::Set { by: None, until: None }, false),
    ] {
        match sooner {
            true => bound.when(Command::Gag(step)).proposed(Effect::Tell),
            false => {
                bound.when(Command::Gag(step)).is(|case| case.proposals.is_empty());
            }
        }
    }
    told().done(gag(None)).when(gag(Some(31))).proposed(Effect::Tell);
}

#[test]
fn a_gag_says_who_ordered_it_and_when_the_policy_wants_it_shows_the_order() {
    let nobody = Command::Gag(GagStep::Set { by: None, until: None });
    told().when(nobody).refused(Restraint::GagByWhom.into());
    let strict = told().under(|policy| policy.gag.wants_document = true);
    strict.when(gag(None)).refused(Restraint::GagWantsDocument.into());
    strict
        .after(attached("order", FileRole::Instrument))
        .when(gag(None))
        .is(|case| case.gag.as_ref().unwrap().document.as_deref() == Some("order"));
    // Of the gag with one instrument it can ask for more, or for less.
    let own = |wants| GagOfInstrument { ask_every: None, wants_document: Some(wants) };
    let by_order = |wants: bool| {
        let case = told().with(text("instrument", "court order 7")).with(text("jurisdiction", "GB"));
        case.under(|policy| {
            policy.gag.wants_document = !wants;
            policy.gag.by_instrument.insert("court-order".to_owned(), own(wants));
        })
    };
    by_order(true).when(gag(None)).refused(Restraint::GagWantsDocument.into());
    by_order(false).when(gag(None)).is(|case| case.gag.is_some());
    told().when(lift()).refused(Restraint::NoGag.into());
    let past = chrono::NaiveDate::from_ymd_opt(2026, 11, 18).unwrap();
    told()
        .when(Command::Gag(GagStep::Set { by: Some("x".to_owned()), until: Some(past) }))
        .refused(Restraint::DayIsOver(past).into());
    told().done(gag(None)).when(gag(None)).refused(Refusal::NoChange);
}

#[test]
fn nobody_is_told_while_something_binds_and_then_by_two() {
    let answered = told().answered();
    answered.when(tell(Some("@a:our.org"))).proposed(Effect::Tell);
    let bound = answered.done(gag(None));
    let bars = vec![(id(1), Bar::Gag)];
    bound
        .when(tell(Some("@a:our.org")))
        .refused(Restraint::MayNotTell { account: account("@a:our.org"), bars, not_about: None }.into());
    let lifted = bound.after(Event::GagOver { how: GagEnding::Lifted { by: "the court".to_owned() } });
    lifted.when(tell(None)).proposed(Effect::Tell);
    told().when(tell(None)).refused(Restraint::TellAfterAnswer.into());
}

#[test]
fn what_was_proposed_before_a_gag_came_is_void_when_it_comes() {
    let proposed = told().answered().done(tell(None));
    let bound = proposed.done(gag(None));
    assert_eq!(bound.case.proposals, []);
    let cooling = proposed.by("ben").done(Command::Approve { code: proposed.code(), alone: None });
    assert_eq!(cooling.case.notices.len(), 0);
    assert_eq!(cooling.done(gag(None)).case.proposals, [], "cooling, too");
}

#[test]
fn a_gag_on_another_case_that_came_since_stops_what_is_cooling() {
    let proposed = told().answered().done(tell(Some("@a:our.org")));
    let cooling = proposed.by("ben").done(Command::Approve { code: proposed.code(), alone: None });
    let at = cooling.case.proposals[0].approved.as_ref().unwrap().ready;
    let other = told().numbered(2).done(gag(None));
    let beside = cooling.beside(other);
    let events = decide::second::carry_out(&beside.case, &beside.around, &beside.terms, at);
    let void = Event::Voided { code: cooling.code(), why: Void::NotAllowed };
    assert_eq!(events, [(id(1), void)]);
}

#[test]
fn withholding_has_a_reason_of_the_policy_and_a_day_to_look_again() {
    let withhold = |reason: &str| Command::Notify {
        whom: Some(account("@a:our.org")),
        how: Settling::Withhold { reason: reason.to_owned(), review: None },
    };
    let no_such = Restraint::NoSuchException { typed: "whim".to_owned(), known: vec!["life".to_owned()] };
    told().when(withhold("whim")).refused(no_such.into());
    told().when(withhold("LIFE")).proposed(Effect::Tell);
    let until = |review: Span| Command::Notify {
        whom: None,
        how: Settling::Withhold { reason: "life".to_owned(), review: Some(review) },
    };
    told().when(until(Span::Days(30))).proposed(Effect::Tell);
    let too_late = Restraint::ReviewTooLate { most: Span::Days(30) };
    told().when(until(Span::Days(31))).refused(too_late.clone().into());
    told().when(until(Span::Years(10))).refused(too_late.into());
    let proposed = told().done(withhold("life"));
    let settled = proposed.by("ben").done(Command::Approve { code: proposed.code(), alone: None });
    let what = &settled.case.notices[&account("@a:our.org")].what;
    let review = "2026-12-20T23:59:59Z".parse().unwrap();
    assert_eq!(*what, Telling::Withheld { reason: "life".to_owned(), review });
    let answered = settled.answered();
    assert_eq!(
        duties(&answered.case, &answered.terms),
        [Duty::LookAgain(account("@a:our.org"), review), Duty::Tell(account("@b:our.org"))]
    );
    let owed = duties(&answered.case, &answered.terms);
    answered.when(Command::Close).refused(Restraint::Owed(owed).into());
}

#[test]
fn users_are_owed_a_notice_until_each_is_told_or_it_is_given_up() {
    let waived = Telling::Waived { reason: "no such account".to_owned() };
    let told_by = Telling::Told { via: "mail".to_owned() };
    let settle = |name: &str, what| Event::NoticeSettled { account: account(name), what, at: None };
    let case = told().answered();
    case.when(tell(Some("@c:our.org"))).refused(Refusal::NotOnCase(account("@c:our.org")));
    let one = case.after(settle("@a:our.org", told_by));
    one.when(tell(Some("@a:our.org"))).refused(Restraint::NoticeSettledAlready(account("@a:our.org")).into());
    let both = one.after(settle("@b:our.org", waived));
    both.when(tell(None)).refused(Restraint::NobodyLeftToTell.into());
    both.when(Command::Close).then([Event::Closed]);
    given("complaint").answered().when(tell(None)).refused(Restraint::NobodyIsTold.into());
}

#[test]
fn what_is_too_much_to_look_through_is_no() {
    let mut case = told().answered();
    case.around.naming = None;
    case.when(tell(Some("@a:our.org"))).refused(Restraint::NotAllRead(account("@a:our.org")).into());
}

#[test]
fn that_a_case_is_about_nobody_is_said_only_where_it_names_nobody() {
    let waive = |whom: Option<&str>| Command::Notify {
        whom: whom.map(account),
        how: Settling::Waive { reason: "no such user".to_owned() },
    };
    let settled = |given: &Given| {
        let waits = given.done(waive(None));
        waits.by("ben").done(Command::Approve { code: waits.code(), alone: None }).case
    };
    // Given a line of accounts of which part could not be read.
    let named = told().with(half_read());
    let mut unnamed = named.clone();
    unnamed.case.fields.retain(|field| field.key != "accounts");
    let unnamed = unnamed.with(half_read());
    let (one, other) = (settled(&unnamed), settled(&named));
    assert!(one.nobody.is_some() && one.notices.is_empty());
    assert!(other.nobody.is_none() && other.notices.len() == 2);
    // Whoever means somebody means them.
    unnamed.when(waive(Some("@c:our.org"))).refused(Refusal::NotOnCase(account("@c:our.org")));
}

#[test]
fn before_the_answer_only_those_are_told_to_whom_it_is_owed_now() {
    let case = told().under(|policy| policy.notice.when = crate::case::When::Before);
    let first = |given: &Given| -> Vec<String> {
        told_first(&given.case, &given.terms).into_iter().map(|account| account.as_str().to_owned()).collect()
    };
    // Named twice, they are told once.
    assert_eq!(first(&case.with(accounts(&["@a:our.org"]))), ["@a:our.org", "@b:our.org"]);
    let of_nobody = |policy: &mut Policy| policy.kinds.iter_mut().for_each(|kind| kind.notify = false);
    assert!(first(&case.under(of_nobody)).is_empty());
    assert!(first(&case.closed()).is_empty());
    // Nor are those of whom another case forbids it.
    let mut hushed = case.clone();
    let hush = Hush { by: [id(2)].into(), ..Hush::default() };
    hushed.case.hushed.insert(account("@a:our.org"), hush);
    assert_eq!(first(&hushed), ["@b:our.org"]);
}

#[test]
fn nobody_of_another_server_is_told_where_the_policy_does_not_say_so() {
    let far = Field {
        reading: Reading::Accounts {
            named: vec![Subject { account: account("@z:far.org"), ours: false, odd: Vec::new() }],
            unread: Vec::new(),
        },
        ..text("accounts", "@z:far.org")
    };
    let case = told().with(far).answered();
    case.when(tell(Some("@z:far.org"))).refused(Restraint::OtherServer(account("@z:far.org")).into());
}
