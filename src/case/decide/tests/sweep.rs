//! What time brings by itself, and what it does not while the machine's clock is in doubt.

use chrono::{DateTime, TimeDelta, Utc};

use super::given::*;
use crate::case::Refusal as R;
use crate::case::decide::{Setting, decide, sweep, watch};
use crate::case::*;

fn at(text: &str) -> DateTime<Utc> {
    format!("{text}Z").parse().unwrap()
}

fn swept(given: &Given, now: DateTime<Utc>, certain: bool) -> Vec<Event> {
    let events = sweep(&given.case, &given.around, &given.terms, now, certain);
    events.into_iter().map(|(_, event)| event).collect()
}

fn names(events: &[Event]) -> Vec<&'static str> {
    let name = |event: &Event| match event {
        Event::Reminded { in_doubt: false, .. } => "reminded",
        Event::Reminded { in_doubt: true, .. } => "reminded in doubt",
        Event::GagOver { how: GagEnding::Ended } => "gag over",
        Event::HoldOver { how: HoldEnding::Expired } => "hold over",
        Event::Voided { why: Void::Expired, .. } => "void",
        Event::Voided { .. } => "void: changed",
        Event::SecrecyLapsed => "secrecy lapsed",
        Event::Recounted { in_doubt: false } => "recounted",
        Event::Recounted { in_doubt: true } => "recounted in doubt",
        _ => "something else",
    };
    events.iter().map(name).collect()
}

fn gagged() -> Given {
    let until = Some(at("2026-12-31T23:59:59"));
    given("terms").after(Event::GagSet {
        ordered_by: "a court".to_owned(),
        day: Some(day(31)),
        until,
        document: None,
    })
}

fn held() -> Given {
    let until = at("2027-02-18T23:59:59");
    let given = given("preservation").after(Event::HoldStarted { from: now(), until });
    let watched = watch(&given.case, &given.terms, now()).expect("the hold is new");
    given.after(watched)
}

#[test]
fn a_gag_ends_by_itself_when_its_last_second_is_over_rule_27() {
    let end = at("2026-12-31T23:59:59");
    assert!(!names(&swept(&gagged(), end, true)).contains(&"gag over"));
    let over = swept(&gagged(), end + TimeDelta::seconds(1), true);
    assert_eq!(names(&over), ["reminded", "gag over"]);
}

#[test]
fn a_gag_that_was_lifted_does_not_end_once_more() {
    let lifted = gagged().after(Event::GagOver { how: GagEnding::Lifted { by: "a court".to_owned() } });
    assert_eq!(swept(&lifted, at("2028-01-01T00:00:00"), true), []);
    assert_eq!(wakes(&lifted.case, &terms()), None);
}

#[test]
fn in_doubt_no_gag_and_no_hold_ends_and_people_are_reminded_all_the_same() {
    let late = at("2028-01-01T00:00:00");
    assert_eq!(names(&swept(&gagged(), late, false)), ["reminded in doubt"]);
    assert_eq!(names(&swept(&held(), late, false)), ["reminded in doubt"]);
    assert!(wakes(&gagged().case, &terms()).is_some_and(|wake| wake <= late), "it ends when the doubt does");
}

#[test]
fn the_reminder_of_the_last_day_comes_before_the_hold_expires_rule_24() {
    let over = swept(&held(), at("2027-02-18T23:59:59"), true);
    assert_eq!(names(&over), ["reminded", "hold over"]);
    let mut after = held();
    for event in over {
        after = after.after(event);
    }
    assert_eq!(swept(&after, at("2027-02-20T00:00:00"), true), [], "once");
    assert_eq!(wakes(&after.case, &terms()), None);
}

#[test]
fn a_case_is_woken_at_the_nearest_moment_and_never_in_vain() {
    let mut given = held();
    let mut woken = 0;
    while let Some(next) = wakes(&given.case, &terms()) {
        assert_eq!(swept(&given, next - TimeDelta::seconds(1), true), [], "not before {next}");
        let events = swept(&given, next, true);
        assert!(!events.is_empty(), "woken in vain at {next}");
        for event in events {
            let by = ada();
            given.case.apply(&event, &by, next);
        }
        woken += 1;
    }
    assert_eq!(woken, 7, "30, 14, 7, 3, 1 days, the day, and the end");
}

#[test]
fn secrecy_without_an_order_lapses_when_its_time_is_over_rule_16() {
    let sent = Event::LetterSent { letter: "secrecy".to_owned(), via: "mail".to_owned(), at: now() };
    let asked = given("terms").with(secrecy(Secrecy::Open)).after(sent);
    let end = at("2026-11-27T23:59:59");
    assert!(!names(&swept(&asked, end, true)).contains(&"secrecy lapsed"));
    let over = swept(&asked, end + TimeDelta::seconds(1), true);
    assert!(names(&over).contains(&"secrecy lapsed"), "{over:?}");
    assert!(!names(&swept(&asked, at("2028-01-01T00:00:00"), false)).contains(&"secrecy lapsed"), "in doubt");
    let lapsed = asked.after(Event::SecrecyLapsed);
    assert!(clocks(&lapsed.case, &terms()).iter().all(|clock| clock.name != "secrecy"));
}

#[test]
fn what_was_told_in_doubt_is_counted_again_when_there_is_none() {
    let doubted = swept(&held(), at("2027-02-05T10:00:00"), false);
    let given = doubted.into_iter().fold(held(), |given, event| given.after(event));
    assert_eq!(names(&swept(&given, at("2026-12-01T10:00:00"), true)), ["recounted"]);
    assert_eq!(names(&swept(&given, at("2027-02-05T10:00:00"), true)), ["recounted"], "it was told");
}

#[test]
fn only_what_was_said_can_be_seen() {
    given("terms").when(Command::Seen).refused(R::NoClockRuns);
    held().when(Command::Seen).refused(R::NoReminderYet);
    let reminded = swept(&held(), at("2027-01-19T09:00:00"), true).into_iter();
    let reminded = reminded.fold(held(), |given, event| given.after(event));
    reminded.when(Command::Seen).then([seen("hold", now())]);
    reminded.after(Event::Seen { clocks: None }).when(Command::Seen).refused(R::NoReminderYet);
}

fn seen(clock: &str, until: DateTime<Utc>) -> Event {
    Event::Seen { clocks: Some([(clock.to_owned(), until)].into()) }
}

#[test]
fn to_see_a_reminder_is_not_to_see_those_of_other_clocks() {
    // The gag of a year is asked after in November, the hold ends in February.
    let both = held().after(Event::GagSet {
        ordered_by: "a court".to_owned(),
        day: None,
        until: None,
        document: None,
    });
    let watched = watch(&both.case, &both.terms, now()).expect("the gag is new");
    let both = both.after(watched);
    let reminded = swept(&both, at("2027-01-19T09:00:00"), true).into_iter();
    let reminded = reminded.fold(both, |given, event| given.after(event));
    reminded.when(Command::Seen).then([seen("hold", now())]);
    let saw = reminded.done(Command::Seen);
    assert!(!saw.case.seen.contains_key("gag"), "nobody has been asked about the gag");
    assert!(!reminding::is_unseen(&saw.case));
}

#[test]
fn in_doubt_what_is_seen_answers_no_question_that_is_still_to_come() {
    let ahead = at("2099-01-01T00:00:00");
    let reminded = swept(&held(), ahead, false).into_iter().fold(held(), |given, event| given.after(event));
    let setting = Setting {
        actor: &reminded.actor,
        terms: &reminded.terms,
        now: ahead,
        draw: reminded.draw,
        certain: false,
    };
    let events = decide(&reminded.case, &reminded.around, Command::Seen, &setting).expect("it is seen");
    assert_eq!(events[0].1, seen("hold", at("2027-02-18T23:59:59")), "up to the due date, and not to 2099");
}

#[test]
fn a_snooze_counts_days_of_the_zone() {
    let snooze = |span| Command::Snooze { span };
    given("terms").when(snooze(Span::Days(2))).refused(R::NoClockRuns);
    held().when(snooze(Span::Days(2))).then([Event::Snoozed { until: now() + TimeDelta::days(2) }]);
    // In summer London's ten o'clock is nine.
    held().when(snooze(Span::Months(6))).then([Event::Snoozed { until: at("2027-05-20T09:00:00") }]);
    held()
        .after(Event::Snoozed { until: now() + TimeDelta::days(2) })
        .when(snooze(Span::Days(2)))
        .refused(R::NoChange);
}

#[test]
fn a_clock_that_went_back_and_is_in_doubt_still_keeps_no_reminder_back() {
    let mut given = held();
    let mut told = |now: &str, certain| {
        let events = swept(&given, at(now), certain);
        events.iter().for_each(|event| given.case.apply(event, &ada(), at(now)));
        names(&events)
    };
    assert_eq!(told("2027-12-26T10:00:00", false), ["reminded in doubt"]);
    assert_eq!(told("2026-12-01T10:00:00", false), ["recounted in doubt"]);
    assert_eq!(told("2026-12-01T10:00:00", false).len(), 0, "once");
    assert_eq!(told("2027-02-05T10:00:00", false), ["reminded in doubt"], "what lies ahead is told again");
    assert_eq!(
        told("2026-12-01T10:00:00", true),
        ["recounted"],
        "and counted again when nothing is in doubt"
    );
}

/// Of two times that only last, the case is woken for the end of each.
#[test]
fn a_case_is_woken_for_the_first_of_what_only_lasts() {
    let case = given("terms").under(|policy| {
        let lasting = |days| ClockRule {
            name: format!("lasts-{days}"),
            kinds: Vec::new(),
            term: Term::of(Span::Days(days)),
            until: Stop::Closed,
            lasts: true,
            extension: None,
            ..policy.clocks[0].clone()
        };
        policy.clocks = vec![lasting(5), lasting(9)];
    });
    let first = clocks(&case.case, &case.terms).iter().map(|clock| clock.due).min().unwrap();
    let (mut going, mut ended) = (case.case.clone(), None);
    while let (None, Some(next)) = (ended, wakes(&going, &case.terms)) {
        let events = sweep(&going, &case.around, &case.terms, next, true);
        events.iter().for_each(|(_, event)| going.apply(event, &ada(), next));
        let is_end = |(_, event): &(CaseId, Event)| matches!(event, Event::ClockElapsed { .. });
        ended = events.iter().any(is_end).then_some(next);
    }
    assert_eq!(ended, Some(first + TimeDelta::seconds(1)));
}

#[test]
fn what_is_gone_is_watched_no_longer_though_nothing_else_begins() {
    // Given a hold of which people were reminded, and a clock that runs no more.
    let reminded = swept(&held(), at("2027-01-19T09:00:00"), true).into_iter();
    let reminded = reminded.fold(held(), |given, event| given.after(event));
    let all = watch(&reminded.case, &terms(), now());
    let given = all.into_iter().fold(reminded, |given, event| given.after(event));
    assert_eq!(watch(&given.case, &terms(), now()), None, "all of it is watched");
    // When it is over, that is put on record by itself.
    let over = given.after(Event::HoldOver { how: HoldEnding::Expired });
    let gone = owned(&["hold"]);
    assert_eq!(watch(&over.case, &terms(), now()), Some(Event::Watched { clocks: Vec::new(), gone }));
}
