//! What waits for a second person or for the cooling time: how much, how long, and what leaves it standing.

use chrono::{DateTime, TimeDelta, Utc};

use super::given::*;
use super::telling::told;
use crate::case::decide::second::{carry_out, cooled_at, expire, expires_at, with_voids};
use crate::case::decide::{Draw, sweep};
use crate::case::*;

fn full() -> Command {
    Command::Answer { extent: Extent::Full }
}

fn approve(given: &Given) -> Command {
    Command::Approve { code: given.code(), alone: None }
}

fn waiting() -> Given {
    given("other").called().with(accounts(&["@a:our.org"])).done(full())
}

fn cooling() -> Given {
    let waiting = waiting();
    waiting.by("ben").done(approve(&waiting))
}

/// That what waits still rests on what it was proposed over.
#[track_caller]
fn is_approved(given: &Given) {
    let events = given.by("ben").when(approve(given)).happens();
    assert!(matches!(events.as_slice(), [Event::Approved { .. }]), "{events:#?}");
}

fn ready(given: &Given) -> DateTime<Utc> {
    given.case.proposals[0].approved.as_ref().unwrap().ready
}

fn carried(given: &Given, at: DateTime<Utc>) -> Vec<Event> {
    carry_out(&given.case, &given.around, &given.terms, at).into_iter().map(|(_, event)| event).collect()
}

fn swept(given: &Given, at: DateTime<Utc>, certain: bool) -> Vec<Event> {
    let events = sweep(&given.case, &given.around, &given.terms, at, certain);
    // People are reminded of what waits, too; that is tried elsewhere.
    let events = events.into_iter().map(|(_, event)| event);
    events.filter(|event| !matches!(event, Event::Reminded { .. })).collect()
}

/// Every moment at which something comes of it by itself.
fn woken(given: &Given) -> Vec<DateTime<Utc>> {
    let mut case = given.case.clone();
    let mut moments = Vec::new();
    while let Some(next) = wakes(&case, &given.terms) {
        let events = sweep(&case, &given.around, &given.terms, next, true);
        assert!(!events.is_empty() && moments.len() < 20, "in vain at {next}");
        events.iter().for_each(|(_, event)| case.apply(event, &ada(), next));
        moments.push(next);
    }
    moments
}

fn attesting(given: &Given) -> Given {
    given.under(|policy| {
        let kind = policy.kinds.iter_mut().find(|kind| kind.name == given.case.kind).unwrap();
        kind.attest = true;
    })
}

fn bound() -> Given {
    told().done(Command::Gag(GagStep::Set { by: Some("the court".to_owned()), until: None }))
}

fn lift(by: &str) -> Command {
    Command::Gag(GagStep::Lift { by: by.to_owned() })
}

/// Two different acts that wait on one case.
fn two() -> Given {
    let mut one = bound().done(lift("x"));
    one.draw = Draw([1, 11, 1, 1, 1, 1, 1, 1]);
    one.done(Command::Gag(GagStep::NotBinding { reason: "x".to_owned() }))
}

#[test]
fn twenty_acts_of_one_case_wait_and_no_more() {
    let mut case = waiting();
    let one = case.case.proposals[0].clone();
    for number in 1..20 {
        let command = refuse("scope", Some(&number.to_string()));
        case.case.proposals.push(Proposal { code: format!("A{number}"), command, ..one.clone() });
    }
    let extent = Command::Answer { extent: Extent::Part };
    case.when(extent.clone()).refused(Refusal::TooMany { what: "proposals", most: 20 });
    case.case.proposals.pop();
    case.when(extent).proposed(Effect::Disclose);
}

#[test]
fn it_waits_as_long_as_the_policy_says() {
    let expires = "2026-11-23T23:59:59Z".parse().unwrap();
    assert_eq!(waiting().case.proposals[0].expires, expires);
    assert_eq!(expires_at(&waiting().case), Some(expires));
    is_approved(&waiting().at(expires));
    assert_eq!(expires_at(&cooling().case), None);
    assert_eq!(expire(&cooling().case, expires + TimeDelta::days(9)), [], "approved in time");
}

#[test]
fn a_case_is_woken_for_what_expires_and_for_what_has_cooled() {
    let expires = waiting().case.proposals[0].expires;
    let after = expires + TimeDelta::seconds(1);
    assert_eq!(woken(&waiting()).last(), Some(&after));
    assert_eq!(swept(&waiting(), expires, true), []);
    let void = Event::Voided { code: waiting().code(), why: Void::Expired };
    assert_eq!(swept(&waiting(), after, true), *std::slice::from_ref(&void));
    assert_eq!(swept(&waiting(), after, false), [void], "what is void can be proposed again");

    let cooling = cooling();
    assert_eq!(cooled_at(&cooling.case), Some(ready(&cooling)));
    assert_eq!(woken(&cooling), [ready(&cooling)]);
    assert_eq!(swept(&cooling, ready(&cooling) - TimeDelta::seconds(1), true), []);
    assert_eq!(swept(&cooling, ready(&cooling), false), [], "not while the clock is in doubt");
    let done = swept(&cooling, ready(&cooling), true);
    assert!(matches!(done.as_slice(), [Event::CarriedOut { .. }, Event::Answered { .. }]), "{done:?}");
}

#[test]
fn the_nearest_of_several_counts() {
    let mut case = waiting();
    let one = case.case.proposals[0].clone();
    let sooner = one.expires - TimeDelta::hours(1);
    case.case.proposals.push(Proposal { code: "AAAAAA".to_owned(), expires: sooner, ..one });
    assert_eq!(expires_at(&case.case), Some(sooner));
    let void = Event::Voided { code: "AAAAAA".to_owned(), why: Void::Expired };
    assert_eq!(expire(&case.case, sooner + TimeDelta::seconds(1)), [(id(1), void)]);
}

#[test]
fn a_hold_that_ends_makes_void_what_was_proposed_over_it_and_nothing_else_happens_at_once() {
    let until = now() + TimeDelta::minutes(5);
    let held = given("other").called().after(Event::HoldStarted { from: now(), until });
    let waiting = held.done(full());
    let cooling = waiting.by("ben").done(approve(&waiting));
    let events = swept(&cooling, ready(&cooling), true);
    let void = Event::Voided { code: cooling.code(), why: Void::Changed };
    assert_eq!(events.last(), Some(&void), "{events:?}");
    assert!(events.contains(&Event::HoldOver { how: HoldEnding::Expired }));
    assert!(!events.iter().any(|event| matches!(event, Event::CarriedOut { .. })), "{events:?}");
    // One that expires in the same moment is void once.
    let late = waiting.case.proposals[0].expires + TimeDelta::seconds(1);
    let voids = swept(&waiting, late, true);
    assert_eq!(voids.iter().filter(|event| matches!(event, Event::Voided { .. })).count(), 1, "{voids:?}");
}

#[test]
fn what_cannot_be_taken_back_cools_as_long_as_the_settings_say() {
    let cools = |given: Given| {
        let approved = given.by("ben").done(approve(&given));
        approved.case.proposals.first().map(|_| ready(&approved) - now())
    };
    for (setting, expected) in [
        (Span::Minutes(10), TimeDelta::minutes(10)),
        (Span::Hours(2), TimeDelta::hours(2)),
        (Span::Days(1), TimeDelta::hours(24)),
    ] {
        let mut given = waiting();
        given.terms.cooling = setting;
        assert_eq!(cools(given), Some(expected));
    }
    let release = given("other")
        .after(Event::HoldStarted { from: now(), until: now() + TimeDelta::days(9) })
        .done(Command::Hold(HoldStep::Release));
    assert_eq!(cools(release), Some(TimeDelta::minutes(10)));
    let notify = |how| told().answered().done(Command::Notify { whom: None, how });
    let tell = notify(Settling::Tell { via: "mail".to_owned(), at: None });
    assert_eq!(cools(tell), Some(TimeDelta::minutes(10)));
    // What can be taken back does not.
    assert_eq!(cools(notify(Settling::Waive { reason: "x".to_owned() })), None);
    assert_eq!(cools(bound().done(lift("x"))), None);
}

#[test]
fn in_an_emergency_it_cools_two_minutes_or_less() {
    let attested = Event::Attested { by: account("@cy:our.org"), reason: "a bomb".to_owned() };
    let emergency = attesting(&given("other")).called().after(attested);
    for (setting, expected) in [(10, 2), (1, 1)] {
        let mut proposed = emergency.done(full());
        proposed.terms.cooling = Span::Minutes(setting);
        let approved = proposed.by("ben").done(approve(&proposed));
        assert_eq!(ready(&approved) - now(), TimeDelta::minutes(expected));
    }
}

#[test]
fn work_around_a_request_leaves_what_waits_on_it_standing() {
    let case = waiting();
    for command in [
        Command::Note { text: "x".to_owned() },
        Command::Assign { to: Some(ada()) },
        Command::Tag { add: owned(&["x"]), remove: Vec::new() },
        Command::Cost { cents: 100, currency: "GBP".to_owned(), what: "post".to_owned() },
        Command::RecordSent {
            letter: "ack".to_owned(),
            via: Channel::Mail,
            at: None,
            repeat: Repeat::Unsaid,
        },
    ] {
        is_approved(&case.at(now() + TimeDelta::hours(1)).done(command));
    }
    // What comes by itself, and what is said to it.
    let watch = Watch { clock: "hold".to_owned(), due: now() + TimeDelta::days(9), from: now() };
    for event in [
        Event::Watched { clocks: vec![watch], gone: Vec::new() },
        Event::Seen { clocks: None },
        Event::Snoozed { until: now() + TimeDelta::days(2) },
        Event::CardPosted { post: "$card".to_owned(), moves: 0 },
    ] {
        let events = vec![(id(1), event)];
        assert_eq!(with_voids(&case.case, &case.around, events.clone()), events);
        is_approved(&case.after(events[0].1.clone()));
    }
}

#[test]
fn each_code_means_its_own_act() {
    let case = two();
    let [first, second] = case.case.proposals.as_slice() else { panic!("{:#?}", case.case.proposals) };
    assert_ne!(first.code, second.code);
    let deny = Command::Deny { code: Some(second.code.to_lowercase()), reason: None };
    case.when(deny).then([Event::Denied { code: second.code.clone(), reason: None }]);
    assert_eq!(case.when(Command::Deny { code: None, reason: None }).happens().len(), 2);
    let approve = Command::Approve { code: second.code.clone(), alone: None };
    let done = case.by("ben").when(approve).happens();
    let found = GagEnding::NotBinding { reason: "x".to_owned() };
    assert_eq!(done[2], Event::GagOver { how: found });
    // What the one changes makes the other void.
    assert_eq!(done[3], Event::Voided { code: first.code.clone(), why: Void::Changed });
}

#[test]
fn wrong_codes_count_for_each_person_whichever_act_they_were_typed_for() {
    let mut case = two().by("ben");
    let wrong = || Command::Approve { code: "ZZZZZZ".to_owned(), alone: None };
    for _ in 0..4 {
        case = case.done(wrong());
    }
    let voids = case.when(wrong()).happens();
    assert_eq!(voids.len(), 3, "{voids:?}");
    case.by("cy").when(wrong()).then([Event::WrongCode]);
}

#[test]
fn a_case_that_was_changed_while_it_cooled_is_not_acted_on() {
    let mut case = cooling();
    case.case.fields.push(text("reference", "slipped in"));
    assert_eq!(carried(&case, ready(&case)), [Event::Voided { code: case.code(), why: Void::Changed }]);
}

#[test]
fn the_caller_may_approve_what_gives_nothing_out() {
    let called = Event::Verified {
        what: Verifiable::Requester,
        by: account("@ben:our.org"),
        how: "called".to_owned(),
        entry: None,
        call: None,
        recorder: None,
    };
    let case = bound().after(called).done(lift("x"));
    case.by("ben").when(approve(&case)).at_once();
}

#[test]
fn who_went_ahead_alone_still_may_when_it_has_cooled() {
    let called = Event::Verified {
        what: Verifiable::Requester,
        by: account("@cy:our.org"),
        how: "called".to_owned(),
        entry: None,
        call: None,
        recorder: None,
    };
    let attested = Event::Attested { by: account("@cy:our.org"), reason: "a bomb".to_owned() };
    let emergency = attesting(&given("other")).after(called.clone()).after(attested);
    let case = emergency.under(|policy| policy.two_people.break_glass = true).by("ben").done(full());
    let alone = Command::Approve { code: case.code(), alone: Some("nobody answers".to_owned()) };
    let cooling = case.done(alone.clone());
    let done = carried(&cooling, ready(&cooling));
    assert!(matches!(done.as_slice(), [Event::CarriedOut { .. }, Event::Answered { .. }]), "{done:?}");
    let mut frozen = cooling.clone();
    frozen.terms.frozen.insert(account("@ben:our.org"));
    let lost = Event::Voided { code: cooling.code(), why: Void::RoleLost };
    assert_eq!(carried(&frozen, ready(&cooling)), [lost]);
    // Not what tells or destroys, and not where nobody attests a danger.
    let held = emergency.after(Event::HoldStarted { from: now(), until: now() + TimeDelta::days(9) });
    let held = held.under(|policy| policy.two_people.break_glass = true);
    let release = held.by("ben").done(Command::Hold(HoldStep::Release));
    let alone = |given: &Given| Command::Approve { code: given.code(), alone: Some("x".to_owned()) };
    release.when(alone(&release)).refused(Restraint::NotAlone.into());
    let usual = given("other").after(called).under(|policy| policy.two_people.break_glass = true);
    let usual = usual.by("ben").done(full());
    usual.when(alone(&usual)).refused(Restraint::NotAlone.into());
}

#[test]
fn what_others_say_of_a_case_leaves_standing_what_waits_on_it() {
    let other = waiting().numbered(2);
    let events = given("other").beside(other.clone()).when(link(2, Relation::Extends)).all();
    // Else whoever sends in the next request could keep making it void.
    assert!(!events.iter().any(|(_, event)| matches!(event, Event::Voided { .. })), "{events:?}");
    let linked = events.into_iter().filter(|(case, _)| *case == id(2)).map(|(_, event)| event);
    let linked = linked.fold(other, |other, event| other.after(event));
    linked.by("ben").when(approve(&linked)).happens();
}

#[test]
fn the_way_back_from_a_lost_policy_is_approved_under_that_of_today() {
    let mut lost = given("other");
    lost.case.policy = "lost/1".to_owned();
    lost.terms.people.push(Person { account: account("@root:our.org"), roles: vec![Role::Admin] });
    let proposed = lost.by("root").done(Command::Adopt { policy: None });
    let adopted = proposed.by("ben").done(approve(&proposed));
    assert_eq!(adopted.case.policy, terms().current);
}
