use chrono::NaiveTime;
use proptest::prelude::*;

use super::*;
use crate::case::{Account, Case, CaseId, Event, Gag, Hold, HoldEnding, Person};
use crate::rehearsal;

fn moment(text: &str) -> DateTime<Utc> {
    format!("{text}Z").parse().unwrap()
}

fn account(name: &str) -> Account {
    Account::parse(&format!("@{name}:try.test")).unwrap()
}

fn terms() -> Terms {
    let mut terms = rehearsal::terms().unwrap();
    // What counts where nothing else does has tests of its own.
    terms.policies.values_mut().for_each(|policy| policy.idle = None);
    terms
}

fn clock(start: &str, due: &str) -> Clock {
    let (name, title) = ("answer".to_owned(), "answer due".to_owned());
    Clock {
        name,
        title,
        start: moment(start),
        due: moment(due),
        earliest: None,
        zone: chrono_tz::Europe::London,
        calls: None,
    }
}

fn told(clock: &Clock, terms: &Terms) -> Vec<(String, StepKind)> {
    let steps = steps(clock, terms).into_iter();
    steps.map(|step| (step.at.format("%Y-%m-%dT%H:%M:%S").to_string(), step.kind)).collect()
}

fn expect(told: Vec<(String, StepKind)>, expected: &[(&str, StepKind)]) {
    let expected: Vec<_> = expected.iter().map(|(at, kind)| ((*at).to_owned(), *kind)).collect();
    assert_eq!(told, expected);
}

/// A case with a hold from 20 November that ends with 18 February.
fn held() -> Case {
    let opened = Event::Opened {
        kind: "preservation".to_owned(),
        policy: terms().current,
        received: moment("2026-11-20T10:00:00"),
        fields: Vec::new(),
        stray: Vec::new(),
    };
    let at = moment("2026-11-20T10:00:00");
    let mut case = Case::begin(CaseId::FIRST, &opened, &account("ada"), at).unwrap();
    case.hold = Some(Hold {
        from: at,
        until: moment("2027-02-18T23:59:59"),
        extended: 0,
        extensions: Vec::new(),
        before: None,
        over: None,
    });
    after(case, "2026-11-20T10:00:00")
}

/// The case with what its clocks want put on record.
fn after(mut case: Case, at: &str) -> Case {
    let (clocks, gone) = unwatched(&case, &terms(), moment(at));
    case.apply(&Event::Watched { clocks, gone }, &account("ada"), moment(at));
    case
}

fn at(case: &Case, now: &str) -> Vec<(Vec<String>, Option<Call>)> {
    let fallen = fallen(case, &terms(), moment(now)).into_iter();
    let short = |step: &DateTime<Utc>| step.format("%m-%d %H:%M").to_string();
    fallen.map(|reminder| (reminder.steps.iter().map(short).collect(), reminder.call)).collect()
}

fn reminded(mut case: Case, now: &str, in_doubt: bool) -> Case {
    let of = fallen(&case, &terms(), moment(now));
    assert!(!of.is_empty(), "nothing to tell at {now}");
    case.apply(&Event::Reminded { of, in_doubt }, &account("ada"), moment(now));
    case
}

fn happened(mut case: Case, event: Event, at: &str) -> Case {
    case.apply(&event, &account("ada"), moment(at));
    case
}

#[test]
fn a_long_clock_is_counted_in_days_at_the_hour_of_the_digest() {
    use StepKind::{Ahead, DayLater, Due, LastDay};
    expect(
        told(&clock("2027-02-26T10:00:00", "2027-04-06T22:59:59"), &terms()),
        &[
            ("2027-03-07T09:00:00", Ahead),
            ("2027-03-23T09:00:00", Ahead),
            // London has put its clocks forward.
            ("2027-03-30T08:00:00", Ahead),
            ("2027-04-03T08:00:00", Ahead),
            ("2027-04-05T08:00:00", LastDay),
            ("2027-04-06T08:00:00", LastDay),
            ("2027-04-06T22:59:59", Due),
            ("2027-04-07T22:59:59", DayLater),
        ],
    );
}

#[test]
fn nothing_is_told_at_the_start_or_before_it_nor_behind_the_due_moment() {
    use StepKind::{DayLater, Due, LastDay};
    expect(
        told(&clock("2026-11-20T09:00:00", "2026-11-23T09:00:00"), &terms()),
        &[("2026-11-22T09:00:00", LastDay), ("2026-11-23T09:00:00", Due), ("2026-11-24T09:00:00", DayLater)],
    );
}

#[test]
fn what_would_come_at_night_comes_in_the_morning_unless_that_is_too_late() {
    use StepKind::{Ahead, LastDay};
    let mut terms = terms();
    terms.reminders.digest = NaiveTime::from_hms_opt(23, 0, 0).unwrap();
    terms.reminders.at = ["3d", "1d"].map(|text| Distance::read(text).unwrap()).to_vec();
    let due_at_noon = clock("2026-11-01T00:00:00", "2026-11-27T12:00:00");
    expect(
        told(&due_at_noon, &terms)[..2].to_vec(),
        &[("2026-11-25T07:00:00", Ahead), ("2026-11-27T07:00:00", LastDay)],
    );
    let due_at_six = clock("2026-11-01T00:00:00", "2026-11-27T06:00:00");
    assert_eq!(told(&due_at_six, &terms)[1], ("2026-11-26T23:00:00".to_owned(), LastDay));
}

#[test]
fn a_short_clock_is_counted_in_parts_of_itself_day_and_night() {
    use StepKind::{DayLater, Due, Half, LastHour, Quarter};
    expect(
        told(&clock("2026-11-20T20:00:00", "2026-11-21T04:00:00"), &terms()),
        &[
            ("2026-11-21T00:00:00", Half),
            ("2026-11-21T02:00:00", Quarter),
            ("2026-11-21T03:00:00", LastHour),
            ("2026-11-21T04:00:00", Due),
            ("2026-11-22T04:00:00", DayLater),
        ],
    );
    // Of two at one moment the more urgent one counts; one hour is the last from its start on.
    let kinds =
        |start, due| told(&clock(start, due), &terms()).into_iter().map(|(_, kind)| kind).collect::<Vec<_>>();
    assert_eq!(kinds("2026-11-20T10:00:00", "2026-11-20T12:00:00"), [LastHour, Quarter, Due, DayLater]);
    assert_eq!(kinds("2026-11-20T10:00:00", "2026-11-20T11:00:00"), [LastHour, Half, Quarter, Due, DayLater]);
}

#[test]
fn whoever_has_less_than_an_hour_is_called_at_once() {
    let opened = Event::Opened {
        kind: "intimate".to_owned(),
        policy: terms().current,
        received: moment("2026-11-18T10:30:00"),
        fields: Vec::new(),
        stray: Vec::new(),
    };
    // Forty-eight hours from the receipt, and the paper comes to light when half an hour is left.
    let now = "2026-11-20T10:00:00";
    let case = Case::begin(CaseId::FIRST, &opened, &account("ada"), moment(now)).unwrap();
    assert_eq!(next_step(&case, &terms()), Some(moment(now)));
    let fallen = fallen(&case, &terms(), moment(now));
    assert_eq!(fallen.iter().map(|reminder| reminder.call).collect::<Vec<_>>(), [Some(Call::Oncall)]);
    let case = reminded(case, now, false);
    assert_eq!(next_step(&case, &terms()), Some(moment("2026-11-20T10:30:00")), "and not twice");
}

#[test]
fn each_moment_is_told_once_and_what_was_missed_at_once() {
    let case = held();
    assert_eq!(next_step(&case, &terms()), Some(moment("2027-01-19T09:00:00")));
    assert_eq!(at(&case, "2027-01-19T08:59:59"), []);
    let case = reminded(case, "2027-01-19T09:00:00", false);
    assert_eq!(at(&case, "2027-01-19T09:00:01"), []);
    let late: Vec<String> = ["02-04 09:00", "02-11 09:00"].map(str::to_owned).to_vec();
    assert_eq!(at(&case, "2027-02-12T10:00:00"), [(late, Some(Call::Oncall))]);
}

#[test]
fn a_clock_that_was_moved_begins_anew_and_tells_nothing_of_before() {
    let case = reminded(held(), "2027-01-19T09:00:00", false);
    let case = happened(
        case,
        Event::HoldExtended { until: moment("2027-02-20T23:59:59"), asked_by: None },
        "2027-02-10T10:00:00",
    );
    let case = after(case, "2027-02-10T10:00:00");
    assert_eq!(at(&case, "2027-02-10T10:00:00"), []);
    assert_eq!(next_step(&case, &terms()), Some(moment("2027-02-13T09:00:00")));
}

#[test]
fn a_due_date_that_was_past_when_it_came_to_be_is_told_of_once() {
    let mut case = held();
    case.hold = Some(Hold {
        from: case.received,
        until: moment("2026-11-18T23:59:59"),
        extended: 0,
        extensions: Vec::new(),
        before: None,
        over: None,
    });
    let case = after(case, "2026-11-20T10:00:00");
    assert_eq!(at(&case, "2026-11-20T10:00:00"), [(vec!["11-20 10:00".to_owned()], Some(Call::Lead))]);
    let case = reminded(case, "2026-11-20T10:00:00", false);
    assert_eq!(next_step(&case, &terms()), None);
}

#[test]
fn whoever_does_not_look_is_not_alone_the_next_time() {
    let call = |case: &Case, now| at(case, now)[0].1;
    let case = reminded(held(), "2027-01-19T09:00:00", false);
    assert_eq!(call(&case, "2027-02-04T09:00:00"), Some(Call::Oncall));
    let seen = happened(case.clone(), Event::Seen { clocks: None }, "2027-01-20T10:00:00");
    assert_eq!(call(&seen, "2027-02-04T09:00:00"), Some(Call::Owner));
    let twice = reminded(case, "2027-02-04T09:00:00", false);
    assert_eq!(call(&twice, "2027-02-11T09:00:00"), Some(Call::Lead));
    assert_eq!(call(&seen, "2027-02-17T09:00:00"), Some(Call::Oncall), "the last day calls them anyway");
}

#[test]
fn to_see_one_clock_silences_no_other() {
    let mut both = held();
    both.gag = Some(Gag {
        ordered_by: "a court".to_owned(),
        day: None,
        until: Some(moment("2027-02-18T23:59:59")),
        at: both.received,
        by: account("ada"),
        document: None,
        over: None,
    });
    let case = reminded(after(both, "2026-11-20T10:00:00"), "2027-01-19T09:00:00", false);
    let seen = |case: &Case, clock: &str, now: &str| {
        let clocks = Some(BTreeMap::from([(clock.to_owned(), moment(now))]));
        happened(case.clone(), Event::Seen { clocks }, now)
    };
    let calls = |case: &Case, now: &str| -> Vec<_> {
        let fallen = fallen(case, &terms(), moment(now)).into_iter();
        fallen.map(|reminder| (reminder.clock, reminder.call)).collect()
    };
    let (owner, oncall) = (Some(Call::Owner), Some(Call::Oncall));
    let one = seen(&case, "hold", "2027-01-20T10:00:00");
    assert!(is_unseen(&one), "the gag's reminder is not");
    let told = calls(&one, "2027-02-04T09:00:00");
    assert_eq!(told, [("hold".to_owned(), owner), ("gag".to_owned(), oncall)]);
    let other = seen(&one, "gag", "2027-01-20T11:00:00");
    assert!(!is_unseen(&other));
    // A later distance of the same clock is to be seen again.
    let later = reminded(other, "2027-02-04T09:00:00", false);
    assert!(is_unseen(&later));
    assert_eq!(calls(&later, "2027-02-11T09:00:00")[0].1, oncall);
}

#[test]
fn a_record_from_before_clocks_were_named_means_all_that_people_were_reminded_of() {
    let old: Event = serde_json::from_str(r#"{"event":"seen"}"#).unwrap();
    assert_eq!(old, Event::Seen { clocks: None });
    let case = reminded(held(), "2027-01-19T09:00:00", false);
    let case = happened(case, old, "2027-01-20T10:00:00");
    assert!(!is_unseen(&case));
    assert_eq!(case.seen.get("hold"), Some(&moment("2027-01-20T10:00:00")));
}

#[test]
fn a_snooze_holds_until_its_end_and_never_past_the_last_day() {
    let told = reminded(held(), "2027-01-19T09:00:00", false);
    let snoozed =
        |until: &str| happened(told.clone(), Event::Snoozed { until: moment(until) }, "2027-01-20T10:00:00");
    assert_eq!(next_step(&snoozed("2027-02-08T10:00:00"), &terms()), Some(moment("2027-02-08T10:00:00")));
    assert_eq!(next_step(&snoozed("2028-01-01T10:00:00"), &terms()), Some(moment("2027-02-17T09:00:00")));
    let case = snoozed("2027-02-08T10:00:00");
    assert_eq!(withheld(&case, &terms(), moment("2027-02-05T10:00:00")).len(), 1);
    assert_eq!(withheld(&case, &terms(), moment("2027-02-03T10:00:00")).len(), 0);
    let case = reminded(case, "2027-02-08T10:00:00", false);
    assert_eq!((case.snoozed, next_step(&case, &terms())), (None, Some(moment("2027-02-11T09:00:00"))));
}

#[test]
fn whoever_has_heard_nothing_yet_hears_of_it_before_its_last_day() {
    let snoozed = |until: &str| {
        let event = Event::Snoozed { until: moment(until) };
        next_step(&happened(held(), event, "2026-11-20T10:00:00"), &terms())
    };
    assert_eq!(snoozed("2027-01-25T10:00:00"), Some(moment("2027-01-25T10:00:00")));
    assert_eq!(snoozed("2028-01-01T10:00:00"), Some(moment("2027-02-15T09:00:00")), "three days before");
}

#[test]
fn what_begins_or_is_moved_after_a_snooze_is_not_put_off() {
    let told = reminded(held(), "2027-01-19T09:00:00", false);
    let snoozed =
        happened(told, Event::Snoozed { until: moment("2028-01-01T10:00:00") }, "2027-01-20T10:00:00");
    let longer = Event::HoldExtended { until: moment("2027-05-19T22:59:59"), asked_by: None };
    let moved = after(happened(snoozed, longer, "2027-02-01T10:00:00"), "2027-02-01T10:00:00");
    assert_eq!(next_step(&moved, &terms()), Some(moment("2027-04-19T08:00:00")));
}

#[test]
fn what_was_told_in_doubt_and_lies_ahead_comes_again() {
    let case = reminded(held(), "2027-02-05T10:00:00", true);
    assert_eq!(at(&case, "2027-02-05T10:00:00"), [], "in doubt it counts as told");
    let case = happened(case, Event::Recounted { in_doubt: false }, "2027-01-30T10:00:00");
    assert_eq!(at(&case, "2027-01-30T10:00:00"), [], "what is over was told");
    assert_eq!(next_step(&case, &terms()), Some(moment("2027-02-04T09:00:00")));
}

#[test]
fn a_clock_that_runs_no_longer_is_forgotten() {
    let case = happened(held(), Event::HoldOver { how: HoldEnding::Released }, "2026-12-01T10:00:00");
    let (begun, gone) = unwatched(&case, &terms(), moment("2026-12-01T10:00:00"));
    let begun: Vec<&str> = begun.iter().map(|watch| watch.clock.as_str()).collect();
    assert_eq!((begun, gone), (vec!["destruction"], vec!["hold".to_owned()]));
    assert!(!after(case, "2026-12-01T10:00:00").reminded.contains_key("hold"));
}

#[test]
fn who_is_called_is_listed_not_stopped_and_named_once() {
    let mut terms = terms();
    let person = |name: &str, role| Person { account: account(name), roles: vec![role] };
    terms.people.push(person("ben", Role::Oncall));
    terms.people.push(person("eve", Role::Lead));
    let mut case = held();
    assert_eq!(called_people(&case, Call::Owner, &terms), []);
    case.owner = Some(account("ben"));
    assert_eq!(called_people(&case, Call::Oncall, &terms), [account("ben"), account("cy")]);
    terms.frozen.insert(account("eve"));
    assert_eq!(called_people(&case, Call::Lead, &terms), ["ben", "cy", "ada"].map(account));
    case.owner = Some(account("gone"));
    assert_eq!(called_people(&case, Call::Owner, &terms), []);
}

proptest! {
    #[test]
    fn moments_come_in_order_behind_the_start_and_two_at_the_end(
        start in 1_700_000_000i64..1_900_000_000,
        length in 1i64..40_000_000,
        digest in 0u32..24,
    ) {
        let mut terms = terms();
        terms.reminders.digest = NaiveTime::from_hms_opt(digest, 0, 0).unwrap();
        let at = |seconds| DateTime::from_timestamp(seconds, 0).unwrap();
        let (name, title) = ("answer".to_owned(), String::new());
        let clock = Clock { name, title, start: at(start), due: at(start + length), earliest: None, zone: chrono_tz::Europe::London, calls: None };
        let steps = steps(&clock, &terms);
        prop_assert!(steps.windows(2).all(|two| two[0].at < two[1].at), "{steps:?}");
        let begins = |step: &Step| step.at == clock.start && step.kind == StepKind::LastHour;
        prop_assert!(steps.iter().all(|step| step.at > clock.start || begins(step)));
        let due = steps.iter().filter(|step| step.at >= clock.due).map(|step| step.kind).collect::<Vec<_>>();
        prop_assert_eq!(due, [StepKind::Due, StepKind::DayLater]);
        for step in steps.iter().filter(|step| !clock.is_short() && step.at < clock.due) {
            let time = step.at.with_timezone(&terms.zone).time();
            let is_last_chance = out_of_quiet(step.at, terms.reminders.quiet, terms.zone) >= clock.due;
            prop_assert!(!terms.reminders.quiet.has(time) || is_last_chance, "{step:?}");
        }
    }
}

#[test]
fn what_is_late_of_a_long_clock_waits_for_the_morning() {
    // docket was down on the 19th of January, a month before; it is up again at three in the morning.
    assert_eq!(at(&held(), "2027-01-20T03:00:00"), []);
    let steps = |at: &str| vec![at.to_owned()];
    assert_eq!(at(&held(), "2027-01-20T07:00:00"), [(steps("01-19 09:00"), Some(Call::Owner))]);
    assert_eq!(at(&held(), "2027-01-20T21:59:00"), [(steps("01-19 09:00"), Some(Call::Owner))]);
    assert_eq!(at(&held(), "2027-01-20T22:00:00"), []);
    // What cannot wait comes at once, and the rest with it.
    let late = at(&held(), "2027-02-18T03:00:00");
    assert_eq!(late.len(), 1);
    assert!(late[0].0.contains(&"02-17 09:00".to_owned()), "{late:?}");
}

#[test]
fn what_cannot_wait_is_named_to_whoever_puts_reminders_off() {
    let snoozed = |until: &str| {
        let event = Event::Snoozed { until: moment(until) };
        happened(held(), event, "2026-11-21T10:00:00")
    };
    let now = moment("2026-11-21T10:00:00");
    // The hold ends with 18 February; of its last days people hear whatever they said.
    let long = snoozed("2027-11-21T10:00:00");
    let (at, clock) = comes_all_the_same(&long, &terms(), now).unwrap();
    assert!(at < moment("2027-02-18T10:00:00"), "{at}");
    assert_eq!(clock.name, "hold");
    assert_eq!(comes_all_the_same(&snoozed("2026-11-23T10:00:00"), &terms(), now), None);
    assert_eq!(comes_all_the_same(&held(), &terms(), now), None);
}
