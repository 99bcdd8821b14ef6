//! The clocks of a policy.

use std::collections::{BTreeMap, BTreeSet};

use chrono::{NaiveDate, TimeDelta};
use proptest::prelude::*;

use super::given::*;
use crate::case::clock::runs;
use crate::case::*;

#[test]
fn each_start_begins_its_clock_and_without_it_none_runs() {
    let ten = |from| given("terms", vec![rule(from, "10 days", Stop::Closed)]);
    ten(Start::Received).falls_due(end_of("2026-11-12"));
    ten(Start::Answered).never_due().answered(nov(5, 9)).falls_due(end_of("2026-11-15"));
    ten(Start::Closed).never_due().at(nov(6, 9), Event::Closed).falls_due(end_of("2026-11-16"));
    let attested = Event::Attested { by: ada(), reason: "danger".to_owned() };
    ten(Start::Attested).never_due().at(nov(7, 9), attested).falls_due(end_of("2026-11-17"));
    // The first letter counts, whichever is put on record first.
    let ack = || ten(Start::Sent("ack".to_owned()));
    ack().sent("ask", nov(4, 9)).never_due().sent("ack", nov(8, 9)).falls_due(end_of("2026-11-18"));
    ack().sent("ack", nov(8, 9)).sent("ack", nov(3, 9)).falls_due(end_of("2026-11-13"));
    let day = NaiveDate::from_ymd_opt(2026, 11, 20).unwrap();
    let granted = || ten(Start::Line("granted".to_owned()));
    granted()
        .with(text("granted", "some day"))
        .never_due()
        .with(Field { reading: Reading::Day { day }, ..text("granted", "20 Nov 2026") })
        .falls_due(end_of("2026-11-30"));
}

#[test]
fn a_counter_notice_counts_from_when_it_was_received() {
    let restore = || {
        let rule = rule(Start::Countered, "14 business days", Stop::Closed);
        given("copyright", vec![ClockRule { not_before: Some(Term::of(Span::BusinessDays(10))), ..rule }])
    };
    restore().never_due().at(nov(6, 9), linked(None, Relation::Counter, true)).never_due();
    restore().at(nov(6, 9), linked(Some(nov(4, 9)), Relation::Appeal, false)).never_due();
    let countered = restore().at(nov(6, 9), linked(Some(nov(4, 9)), Relation::Counter, false));
    let clock = clocks(&countered.case, &countered.terms).remove(0);
    assert_eq!((clock.start, clock.due), (nov(4, 9), end_of("2026-11-24")));
    // The tenth business day is the 18th, and it must be over.
    assert_eq!(clock.earliest, Some(nov(19, 0)));
    assert!(!clock.is_short());
    // A second one does not move it; one that came before does; a link without a time counts from itself.
    let second = countered.at(nov(9, 9), linked(Some(nov(9, 9)), Relation::Counter, false));
    second.falls_due(end_of("2026-11-24"));
    restore().at(nov(6, 9), linked(None, Relation::Counter, false)).falls_due(end_of("2026-11-26"));
}

#[test]
fn each_stop_ends_its_clock() {
    let until = |until| given("terms", vec![rule(Start::Received, "10 days", until)]);
    until(Stop::Answered).answered(nov(3, 9)).never_due();
    let to = Elsewhere::Mlat;
    until(Stop::Answered).at(nov(3, 9), Event::Redirected { to, text: String::new() }).never_due();
    until(Stop::Answered)
        .answered(nov(3, 9))
        .at(nov(4, 9), Event::Reopened { reason: None })
        .falls_due(end_of("2026-11-12"));
    let ack = || until(Stop::Sent("ack".to_owned()));
    ack().sent("ask", nov(3, 9)).falls_due(end_of("2026-11-12"));
    ack().sent("ack", nov(3, 9)).never_due();
    // By days: who says only the day, says its first moment. A letter of the day before was about something else.
    ack().sent("ack", nov(2, 0)).never_due();
    ack().sent("ack", nov(1, 23)).falls_due(end_of("2026-11-12"));
    let review = || until(Stop::Line("review".to_owned()));
    review().with(text("review", " ")).falls_due(end_of("2026-11-12"));
    let why = "not a date".to_owned();
    let unread = Field { reading: Reading::Unread { why }, ..text("review", "soon") };
    review().with(unread).falls_due(end_of("2026-11-12"));
    review().with(text("review", "seen by ben")).never_due();
    let hold = Event::HoldStarted { from: nov(3, 9), until: nov(30, 9) };
    let held =
        until(Stop::Held).at(nov(3, 9), hold).at(nov(4, 9), Event::HoldOver { how: HoldEnding::Released });
    held.never_due();
    until(Stop::Closed)
        .answered(nov(3, 9))
        .falls_due(end_of("2026-11-12"))
        .at(nov(4, 9), Event::Closed)
        .never_due();
}

#[test]
fn a_closed_case_has_the_clocks_that_outlive_it() {
    let closed = |from, until| {
        given("terms", vec![rule(from, "10 days", until)]).answered(nov(3, 9)).at(nov(4, 9), Event::Closed)
    };
    closed(Start::Received, Stop::Answered).never_due();
    closed(Start::Received, Stop::Sent("ack".to_owned())).falls_due(end_of("2026-11-12"));
    closed(Start::Closed, Stop::Sent("ack".to_owned())).falls_due(end_of("2026-11-14"));
    closed(Start::Closed, Stop::Closed).falls_due(end_of("2026-11-14"));
    closed(Start::Closed, Stop::Answered).falls_due(end_of("2026-11-14"));
    closed(Start::Answered, Stop::Closed).never_due();
}

#[test]
fn a_clock_is_for_its_kinds_and_for_what_stands_on_the_lines() {
    let only = |key: &str, any_of: &[&str]| {
        let any_of = any_of.iter().map(|one| (*one).to_owned()).collect();
        let only = vec![Condition { key: key.to_owned(), any_of }];
        let kinds = vec!["information".to_owned()];
        let rule = rule(Start::Received, "10 days", Stop::Answered);
        vec![ClockRule { kinds, only, ..rule }]
    };
    let due = end_of("2026-11-12");
    let right = || only("right", &["erasure", "access"]);
    given("terms", right()).with(text("right", "access")).never_due();
    given("information", right()).never_due();
    given("information", right()).with(text("right", " Access ")).falls_due(due);
    let from = || {
        given("information", only("jurisdiction", &["GB"])).policy(|policy| {
            policy.countries = BTreeMap::from([("united kingdom".to_owned(), "GB".to_owned())])
        })
    };
    from().with(text("jurisdiction", "United Kingdom")).falls_due(due);
    from().with(text("jurisdiction", "gb")).falls_due(due);
    from().with(text("jurisdiction", "France")).never_due();
    let order = |written: &str| {
        let order =
            given("information", only("instrument", &["court-order"])).with(text("jurisdiction", "GB"));
        order.policy(|policy| policy.instruments = instruments()).with(text("instrument", written))
    };
    order("Production Order no. 7 of 2026").falls_due(due);
    // Which it is nobody knows, so it may be that one.
    order("a reproduction orderly").falls_due(due);
    order("authorisation, Investigatory Powers Act 2016").never_due();
    // Only a court of a country that has such orders issues one.
    let foreign = |given: Given| given.with(text("jurisdiction", "FR"));
    foreign(order("production order").falls_due(due)).never_due();
}

#[test]
fn a_case_without_its_policy_or_kind_has_what_it_holds() {
    let clocks = || vec![rule(Start::Received, "10 days", Stop::Answered)];
    let held = |given: Given| given.at(nov(3, 9), Event::HoldStarted { from: nov(3, 9), until: nov(20, 9) });
    held(given("hat", clocks())).falls_due(nov(20, 9));
    let mut lost = given("terms", clocks());
    lost.case.policy = "another".to_owned();
    held(lost).at(nov(3, 9), gag(None)).sent("secrecy", nov(3, 9)).falls_due(nov(20, 9));
}

#[test]
fn a_clock_stands_still_while_we_wait_and_goes_on_from_there() {
    let asked = given("terms", vec![rule(Start::Received, "10 days", Stop::Answered)]);
    asked
        .clone()
        .waits(nov(3, 17))
        .stands_still()
        .at(nov(10, 9), Event::WaitEnded)
        .falls_due(end_of("2026-11-19"));
    // Asked again before the moved end, on the 18th, for two days.
    let again =
        asked.clone().waits(nov(3, 17)).at(nov(10, 9), Event::WaitEnded).waits(nov(18, 9)).stands_still();
    again.at(nov(20, 9), Event::WaitEnded).falls_due(end_of("2026-11-21"));
    // Asked when it was over: it stays overdue.
    let late = asked.clone().waits(nov(13, 9)).falls_due(end_of("2026-11-12"));
    late.at(nov(20, 9), Event::WaitEnded).falls_due(end_of("2026-11-12"));
    // Asked before the clock began.
    let answered = given("terms", vec![rule(Start::Sent("ack".to_owned()), "10 days", Stop::Answered)]);
    let waiting = answered.waits(nov(3, 9)).sent("ack", nov(5, 9)).stands_still();
    waiting.at(nov(7, 9), Event::WaitEnded).falls_due(end_of("2026-11-17"));
    // Asked twice while waiting: the days are counted once.
    let twice = asked.clone().waits(nov(3, 9)).waits(nov(4, 9)).stands_still();
    twice.at(nov(6, 9), Event::WaitEnded).falls_due(end_of("2026-11-15"));
    // A clock that does not pause.
    let rule = ClockRule { pauses: false, ..rule(Start::Received, "10 days", Stop::Answered) };
    given("terms", vec![rule]).waits(nov(3, 17)).falls_due(end_of("2026-11-12"));
}

#[test]
fn an_extension_counts_from_the_end_of_what_was_there() {
    let month = given("subject", vec![rule(Start::Received, "1 month", Stop::Answered)]);
    month.clone().falls_due(end_of("2026-12-02"));
    let more = month.clone().at(nov(20, 9), prolonged("2 months")).falls_due(end_of("2027-02-02"));
    let run = runs(&more.case, &more.terms).remove(0);
    assert_eq!((run.own_end, run.extensions.len()), (end_of("2026-12-02"), 1));
    // A second one from the end of the first; one of another clock not at all.
    more.clone().at(nov(21, 9), prolonged("1 day")).falls_due(end_of("2027-02-03"));
    let clock = "other".to_owned();
    let other = Event::ClockProlonged { clock, term: Term::of(Span::Days(9)), reason: String::new() };
    more.clone().at(nov(21, 9), other).falls_due(end_of("2027-02-02"));
    // A pause in the first month moves its end, and so what counts from there; one in the extension moves that.
    let early =
        month.clone().waits(nov(3, 9)).at(nov(5, 9), Event::WaitEnded).falls_due(end_of("2026-12-04"));
    early.at(nov(20, 9), prolonged("2 months")).falls_due(end_of("2027-02-04"));
    let december = |day: u32| utc(&format!("2026-12-{day:02}T09:00:00Z"));
    let waiting = more.waits(december(10)).stands_still();
    waiting.at(december(12), Event::WaitEnded).falls_due(end_of("2027-02-04"));
}

#[test]
fn nobody_is_late_to_tell_who_may_not_tell() {
    let case = given("terms", vec![rule(Start::Received, "10 days", Stop::Told)]).about(alice());
    case.clone().falls_due(end_of("2026-11-12"));
    case.clone().at(nov(5, 9), settled(Telling::Waived { reason: "gone".to_owned() })).never_due();
    let unread = vec![("bob".to_owned(), "no account".to_owned())];
    let half = Field { reading: Reading::Accounts { named: Vec::new(), unread }, ..text("users", "bob") };
    let half = case.clone().at(nov(5, 9), settled(Telling::Told { via: "mail".to_owned() })).with(half);
    half.falls_due(end_of("2026-11-12"));
    // A gag binds; its end makes the notice due, counted from there (rule 27).
    let gagged = case.clone().at(nov(3, 9), gag(Some(nov(20, 9)))).falls_due(nov(20, 9));
    gagged.at(nov(20, 9), Event::GagOver { how: GagEnding::Ended }).falls_due(end_of("2026-11-30"));
    // So does an instrument that withholds, until somebody who may has permitted it (rule 60).
    let bound = case.policy(|policy| policy.instruments = instruments()).with(text("jurisdiction", "GB"));
    let bound = bound.with(text("instrument", "investigatory powers act")).never_due();
    let lifted = Event::GagOver { how: GagEnding::Lifted { by: "the Commissioner".to_owned() } };
    bound.at(nov(21, 9), lifted).falls_due(end_of("2026-12-01"));
}

#[test]
fn of_two_clocks_with_one_name_the_nearer_counts_and_the_nearest_comes_first() {
    let named = |name: &str, term: &str| ClockRule {
        name: name.to_owned(),
        ..rule(Start::Received, term, Stop::Answered)
    };
    let case =
        given("terms", vec![named("answer", "30 days"), named("ack", "20 days"), named("answer", "10 days")]);
    let due = [("answer".to_owned(), end_of("2026-11-12")), ("ack".to_owned(), end_of("2026-11-22"))];
    assert_eq!(case.due(), due);
}

#[test]
fn short_is_under_three_days() {
    let short = |term: &str| {
        let given = given("terms", vec![rule(Start::Received, term, Stop::Answered)]);
        clocks(&given.case, &given.terms)[0].is_short()
    };
    assert!(short("71 hours") && short("48 hours") && short("1 day") && short("2 days"));
    assert!(!short("72 hours") && !short("3 days"));
}

fn events() -> impl Strategy<Value = Vec<(u32, Event)>> {
    let at = |day: u32| nov(day.clamp(1, 30), 9);
    let event = (0u8..16, 1u32..30).prop_map(move |(which, day)| match which {
        0 => Event::Answered { extent: Extent::None },
        1 => Event::Closed,
        2 => Event::Reopened { reason: None },
        3 => Event::WaitBegan { from: at(day), asked: Vec::new() },
        4 => Event::WaitEnded,
        5 => prolonged("2 months"),
        6 => gag(Some(at(day))),
        7 => gag(None),
        8 => Event::GagOver { how: GagEnding::Ended },
        9 => Event::HoldStarted { from: at(day), until: at(day + 7) },
        10 => Event::HoldOver { how: HoldEnding::Expired },
        11 => settled(Telling::Withheld { reason: String::new(), review: at(day) }),
        12 => linked(Some(at(day)), Relation::Counter, false),
        13 => Event::LetterSent { letter: "secrecy".to_owned(), via: String::new(), at: at(day) },
        14 => Event::Seen { clocks: Some(BTreeMap::from([("gag".to_owned(), at(day))])) },
        _ => Event::Flagged { flag: Flag::Csea },
    });
    prop::collection::vec((1u32..30, event), 0..30)
}

proptest! {
    #[test]
    fn whatever_happens_clocks_are_in_order_named_once_and_never_before_their_start(events in events()) {
        let rules = vec![
            rule(Start::Received, "10 days", Stop::Answered),
            ClockRule { name: "restore".into(), ..rule(Start::Countered, "14 business days", Stop::Closed) },
            ClockRule { name: "told".into(), ..rule(Start::Answered, "8 hours", Stop::Told) },
        ];
        let given = events.into_iter().fold(given("copyright", rules).about(alice()), |given, (day, event)| {
            given.at(nov(day, 10), event)
        });
        let (running, still) = (clocks(&given.case, &given.terms), paused(&given.case, &given.terms));
        prop_assert!(running.is_sorted_by_key(|clock| clock.due));
        for policy_clock in running.iter().filter(|clock| ["answer", "restore", "told"].contains(&clock.name.as_str())) {
            prop_assert!(policy_clock.due >= policy_clock.start);
        }
        let names: BTreeSet<&String> = running.iter().map(|clock| &clock.name).chain(&still).collect();
        prop_assert_eq!(names.len(), running.len() + still.len());
        let waits = given.case.waits.iter().any(|wait| wait.to.is_none());
        prop_assert!(waits || still.is_empty());
    }
}

#[test]
fn an_extension_counts_from_the_end_before_it_moved_to_a_working_day() {
    // Received on 1 July: the month ends on Sunday 1 August and moves to the 2nd; three months from receipt are 1 October.
    let received = utc("2027-07-01T12:00:00Z");
    let mut case = given("subject", vec![rule(Start::Received, "1 month", Stop::Answered)]);
    case.case.received = received;
    let own = case.falls_due(utc("2027-08-02T22:59:59Z"));
    own.at(received, prolonged("2 months")).falls_due(utc("2027-10-01T22:59:59Z"));
    // What ends on a Saturday still moves on, once.
    let mut case = given("subject", vec![rule(Start::Received, "1 month", Stop::Answered)]);
    case.case.received = received;
    case.at(received, prolonged("1 day")).falls_due(utc("2027-08-02T22:59:59Z"));
}

#[test]
fn days_are_those_of_the_policy_or_of_its_calendar() {
    use chrono_tz::{America, Asia};
    // The Monday at noon is a Monday in New York too; its tenth day ends five hours after that of London.
    let case = || given("subject", vec![rule(Start::Received, "10 days", Stop::Answered)]);
    case().falls_due(end_of("2026-11-12"));
    let there = case().policy(|policy| policy.zone = Some(America::New_York));
    there.falls_due(utc("2026-11-13T04:59:59Z"));
    let by_calendar = case().policy(|policy| {
        policy.zone = Some(America::New_York);
        policy.calendar = Some("tokyo".to_owned());
        let tokyo = Calendar { zone: Some(Asia::Tokyo), ..Calendar::weekends() };
        policy.calendars.insert("tokyo".to_owned(), tokyo);
    });
    by_calendar.falls_due(utc("2026-11-12T14:59:59Z"));
}

/// A month that can be given two more, of which the requester is to be told.
fn told_by_letter() -> ClockRule {
    let mut told = rule(Start::Received, "1 month", Stop::Answered);
    told.extension = told.extension.map(|allowed| Extension {
        letter: Some("extended".to_owned()),
        before_end: true,
        ..allowed
    });
    told
}

#[test]
fn whoever_is_not_told_of_more_time_has_not_been_given_it() {
    let (own_end, more) = (end_of("2026-12-02"), end_of("2027-02-02"));
    let case = given("subject", vec![told_by_letter()]);
    let untold = |given: &Given| {
        let runs = crate::case::clock::runs(&given.case, &given.terms);
        runs.iter().find_map(|run| run.untold(&given.case)).map(|untold| (untold.late, untold.promised))
    };
    assert_eq!(untold(&case), None, "there is nothing to tell");
    let longer = case.sent("extended", nov(3, 9)).at(nov(4, 9), prolonged("2 months")).falls_due(own_end);
    assert_eq!(untold(&longer), Some((false, more)), "what was sent before does not count");
    for day in [nov(5, 9), own_end] {
        let told = longer.clone().sent("extended", day).falls_due(more);
        assert_eq!(untold(&told), None);
    }
    let late = longer.sent("extended", own_end + TimeDelta::seconds(1)).falls_due(own_end);
    assert_eq!(untold(&late), Some((true, more)));
}

#[test]
fn a_clock_that_stands_still_does_not_end_before_the_requester_is_told() {
    let case = given("subject", vec![ClockRule { pauses: true, ..told_by_letter() }]);
    let asked = case
        .at(nov(4, 9), prolonged("2 months"))
        .at(nov(6, 9), Event::WaitBegan { from: nov(6, 9), asked: Vec::new() });
    let answered = |at| asked.clone().sent("extended", utc("2026-12-20T09:00:00Z")).at(at, Event::WaitEnded);
    // 46 days stood still move the end to 17 January; what was sent on 20 December was in time.
    let own_end = asked.clone().at(utc("2026-12-22T09:00:00Z"), Event::WaitEnded).due()[0].1;
    assert!(answered(utc("2026-12-22T09:00:00Z")).due()[0].1 > own_end);
}
