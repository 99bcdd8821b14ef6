//! All open cases of one person go to another.

use chrono::NaiveDate;

use super::given::*;
use crate::case::decide::handover::hand_over;
use crate::case::decide::{Draw, Events, Setting, sweep};
use crate::case::*;

fn ben() -> Account {
    account("@ben:our.org")
}

fn handed(given: &Given, to: &str, until: Option<NaiveDate>) -> Result<Events, Refusal> {
    let cases = [given.case.clone(), given.numbered(2).case];
    let setting =
        Setting { actor: &given.actor, terms: &given.terms, now: given.now, certain: true, draw: Draw::NONE };
    hand_over(&cases, &given.actor, &account(to), until, &setting)
}

fn lent() -> Given {
    let given = given("other").after(Event::Assigned { to: Some(ada()) });
    let events = handed(&given, "@ben:our.org", Some(day(1))).unwrap();
    given.after(events[0].1.clone())
}

fn swept(given: &Given, at: &str) -> Vec<Event> {
    let events = sweep(&given.case, &given.around, &given.terms, at.parse().unwrap(), true);
    events.into_iter().map(|(_, event)| event).filter(|event| !event.is_quiet()).collect()
}

#[test]
fn every_case_goes_over() {
    let events = handed(&given("other"), "@ben:our.org", None).unwrap();
    let handed = Event::HandedOver { from: ada(), to: ben(), until: None, of: 2 };
    assert_eq!(events, vec![(id(1), handed.clone()), (id(2), handed)]);
}

#[test]
fn only_to_somebody_who_does_casework() {
    let given = given("other");
    let refused = |to: &str| handed(&given, to, None).unwrap_err();
    assert_eq!(refused("@dot:our.org"), Refusal::MayOnlyRead(account("@dot:our.org")));
    assert_eq!(refused("@eve:our.org"), Refusal::NotOfThePeople("@eve:our.org".to_owned()));
    assert_eq!(refused("@ada:our.org"), NotHandedOver::SamePerson.into());
    let mut stopped = given.clone();
    stopped.terms.frozen.insert(ben());
    assert_eq!(handed(&stopped, "@ben:our.org", None), Err(Refusal::MayOnlyRead(ben())));
}

#[test]
fn a_policy_that_wants_two_for_each_is_not_passed_by() {
    let given = given("other").under(|policy| policy.two_people.acts.push("assign".to_owned()));
    assert_eq!(handed(&given, "@ben:our.org", None), Err(NotHandedOver::TakesTwo.into()));
}

#[test]
fn the_last_day_counts_whole_and_one_that_is_over_is_refused() {
    let today = now().date_naive();
    let yesterday = today.pred_opt();
    assert_eq!(handed(&given("other"), "@ben:our.org", yesterday), Err(NotHandedOver::DayIsOver.into()));
    let events = handed(&given("other"), "@ben:our.org", Some(today)).unwrap();
    let Event::HandedOver { until: Some(until), .. } = &events[0].1 else {
        panic!("it is for a time: {events:?}");
    };
    assert_eq!(until.date_naive(), today.succ_opt().unwrap(), "the morning after");
}

#[test]
fn it_goes_back_on_the_morning_after_that_day() {
    let given = lent();
    assert_eq!(wakes(&given.case, &given.terms), Some("2026-12-02T09:00:00Z".parse().unwrap()));
    assert_eq!(swept(&given, "2026-12-02T08:59:59Z"), vec![]);
    assert_eq!(swept(&given, "2026-12-02T09:00:00Z"), vec![Event::Assigned { to: Some(ada()) }]);
}

/// Ben, who has it until the first, hands it on to Cy.
fn lent_on(until: Option<NaiveDate>) -> Given {
    let given = lent().by("ben");
    let events = handed(&given, "@cy:our.org", until).unwrap();
    given.after(events[0].1.clone())
}

#[test]
fn what_was_lent_on_goes_back_to_each_who_was_promised_it() {
    let given = lent_on(Some("2026-11-28".parse().unwrap()));
    assert_eq!(wakes(&given.case, &given.terms), Some("2026-11-29T09:00:00Z".parse().unwrap()));
    let back = Event::HandedOver { from: account("@cy:our.org"), to: ben(), until: None, of: 1 };
    assert_eq!(swept(&given, "2026-11-29T09:00:00Z"), vec![back.clone()]);
    let given = given.after(back);
    assert_eq!(given.case.owner, Some(ben()));
    assert_eq!(wakes(&given.case, &given.terms), Some("2026-12-02T09:00:00Z".parse().unwrap()));
    assert_eq!(swept(&given, "2026-12-02T09:00:00Z"), vec![Event::Assigned { to: Some(ada()) }]);
}

#[test]
fn nobody_lends_for_longer_than_they_have_it() {
    for until in [Some("2026-12-20".parse().unwrap()), None] {
        let given = lent_on(until);
        assert_eq!(swept(&given, "2026-12-02T08:59:59Z"), vec![]);
        assert_eq!(swept(&given, "2026-12-02T09:00:00Z"), vec![Event::Assigned { to: Some(ada()) }]);
    }
    // Nobody looked until both were over.
    let given = lent_on(Some("2026-11-28".parse().unwrap()));
    assert_eq!(swept(&given, "2026-12-24T09:00:00Z"), vec![Event::Assigned { to: Some(ada()) }]);
}

#[test]
fn whoever_gets_it_back_for_good_has_it_as_they_had_it() {
    let given = lent_on(Some("2026-11-28".parse().unwrap())).by("cy");
    let to_ben = handed(&given, "@ben:our.org", None).unwrap();
    let back = given.after(to_ben[0].1.clone());
    assert_eq!(back.case.lent, lent().case.lent);
    let to_ada = handed(&given, "@ada:our.org", None).unwrap();
    assert_eq!(given.after(to_ada[0].1.clone()).case.lent, None);
}

#[test]
fn what_was_lent_on_passes_by_whoever_does_no_casework_any_more() {
    let mut given = lent_on(Some("2026-11-28".parse().unwrap()));
    given.terms.people.retain(|person| person.account != ben());
    assert_eq!(swept(&given, "2026-11-29T09:00:00Z"), vec![Event::Assigned { to: Some(ada()) }]);
    given.terms.people.retain(|person| person.account != ada());
    let cy = Some(account("@cy:our.org"));
    assert_eq!(swept(&given, "2026-11-29T09:00:00Z"), vec![Event::Assigned { to: cy }]);
}

#[test]
fn whoever_does_no_casework_any_more_gets_nothing_back() {
    let mut given = lent();
    given.terms.people.retain(|person| person.account != ada());
    assert_eq!(swept(&given, "2026-12-02T09:00:00Z"), vec![Event::Assigned { to: Some(ben()) }]);
}

#[test]
fn what_was_given_to_anybody_meanwhile_stays_there() {
    let given = lent();
    for to in [Some(account("@cy:our.org")), None] {
        let given = given.done(Command::Assign { to }).done(Command::Assign { to: Some(ben()) });
        assert_eq!(swept(&given, "2026-12-02T09:00:00Z"), vec![]);
        assert_eq!(given.case.owner, Some(ben()));
    }
}

#[test]
fn a_sealed_case_stays_where_it_is() {
    let mut given = given("other");
    given.terms.people.push(Person { account: account("@sam:our.org"), roles: vec![Role::Safety] });
    let sealed = given.after(Event::Flagged { flag: Flag::Csea });
    let cases = [given.case.clone(), sealed.numbered(2).case];
    let setting =
        Setting { actor: &given.actor, terms: &given.terms, now: given.now, certain: true, draw: Draw::NONE };
    let hand = |cases: &[Case]| hand_over(cases, &ada(), &ben(), None, &setting);
    let events = hand(&cases).unwrap();
    assert_eq!(events.iter().map(|(id, _)| *id).collect::<Vec<_>>(), [id(1)]);
    assert_eq!(hand(&cases[1..]), Err(NotHandedOver::Sealed { to: ben() }.into()));
}
