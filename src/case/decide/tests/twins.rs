//! A duplicate and the case that is kept, as they become others than they were to each other: what is said to whom, once; and what
//! is no sign that two requests are one.

use super::duplicate::{from, not, twin};
use super::given::*;
use crate::case::decide::Setting;
use crate::case::decide::duplicate::{answers_no_longer, followed};
use crate::case::*;

fn sealed(given: &Given) -> Given {
    given.after(Event::Flagged { flag: Flag::Csea })
}

/// Case 1, with this one a duplicate of it.
fn kept(given: &Given, duplicate: &Given) -> Given {
    let duplicate = duplicate.numbered(2).after(linked(1, Relation::Duplicate, true)).closed();
    let mut kept = given.after(linked(2, Relation::Duplicate, false));
    kept.around.duplicates = vec![duplicate.case];
    kept
}

/// What follows from these events.
fn follows(given: &Given, events: &[(CaseId, Event)]) -> Vec<(CaseId, Event)> {
    let setting =
        Setting { actor: &given.actor, terms: &given.terms, now: given.now, draw: given.draw, certain: true };
    followed(&given.case, &given.around, events.to_vec(), &setting).split_off(events.len())
}

fn withdrawn() -> (CaseId, Event) {
    (id(1), Event::Withdrawn { reason: None })
}

fn noted() -> (CaseId, Event) {
    (id(1), Event::Noted { text: "x".to_owned() })
}

fn back() -> [(CaseId, Event); 2] {
    let back =
        |other, outward| Event::BroughtBack { other: id(other), outward, unshown: false, reopened: false };
    [(id(1), back(2, false)), (id(2), back(1, true))]
}

#[test]
fn what_was_brought_back_is_not_brought_back_again() {
    let notice = from("copyright", "Kent Police");
    let kept = kept(&notice, &notice);
    assert_eq!(follows(&kept, &[withdrawn()]), back());
    let [here, there] = back();
    assert_eq!(follows(&kept, &[withdrawn(), here, there]), []);
}

#[test]
fn two_sealed_cases_name_each_other() {
    let notice = sealed(&from("copyright", "Kent Police"));
    assert_eq!(follows(&kept(&notice, &notice), &[withdrawn()]), back());
    // So they do where somebody opens the one again.
    let duplicate = notice.numbered(2).after(linked(1, Relation::Duplicate, true));
    let mut given = duplicate.beside(notice.after(linked(2, Relation::Duplicate, false)));
    given.terms.people.push(Person { account: account("@sue:our.org"), roles: vec![Role::Safety] });
    let events = given.by("sue").when(Command::Reopen { reason: None }).all();
    let known = Event::BroughtBack { other: id(2), outward: false, unshown: false, reopened: true };
    assert!(events.contains(&(id(1), known)), "{events:?}");
}

#[test]
fn what_was_never_told_or_asked_for_with_the_other_brings_nothing_back() {
    let one = from("copyright", "Kent Police").with(text("material", "mxc://our.org/song"));
    // Given a duplicate that names another user, or other material, from the first.
    let named = one.with(accounts(&["@b:our.org"]));
    assert_eq!(follows(&kept(&one, &named), &[noted()]), []);
    let more = from("copyright", "Kent Police").with(text("material", "mxc://our.org/book"));
    assert_eq!(follows(&kept(&one, &more), &[noted()]), []);
}

#[test]
fn one_that_came_to_nothing_before_comes_to_nothing_no_more() {
    let open = given("terms");
    let gone = open.after(Event::Withdrawn { reason: None });
    let nobody = open.after(Event::NobodyConcerned { reason: "a guest".to_owned() });
    for over in [gone, nobody] {
        assert!(answers_no_longer(&open.case, &over.case));
        assert!(!answers_no_longer(&over.case, &over.case));
    }
}

#[test]
fn whoever_countered_the_kept_one_is_linked_once_and_only_where_that_is_known() {
    let counter =
        || Event::Linked { other: id(9), how: Relation::Counter, outward: false, received: Some(now()) };
    let notice = from("copyright", "Kent Police").with(text("material", "mxc://our.org/song"));
    let links = |given: &Given, event: (CaseId, Event)| {
        let events = follows(given, &[event]).into_iter();
        let of_counter =
            |(_, event): &(CaseId, Event)| matches!(event, Event::Linked { how: Relation::Counter, .. });
        events.filter(of_counter).collect::<Vec<_>>()
    };
    let with = |duplicate: &Given| {
        let mut given = kept(&notice.after(counter()), duplicate);
        given.around.countering = vec![id(9)];
        given
    };
    let expected = [(id(9), linked(2, Relation::Counter, true)), (id(2), counter())];
    assert_eq!(links(&with(&notice), withdrawn()), expected);
    assert_eq!(links(&with(&notice.after(counter())), withdrawn()), [], "it was countered itself");
    let other = Event::Linked { other: id(8), how: Relation::Counter, outward: false, received: Some(now()) };
    assert_eq!(links(&with(&notice.after(other)), withdrawn()), expected, "and so it was by somebody else");
    // Of the kept one nobody looked up which stand, where the duplicate is what is worked on.
    let mut own = notice.after(linked(2, Relation::Duplicate, true));
    let other = notice.numbered(2).after(linked(1, Relation::Duplicate, false)).after(counter());
    (own.around.other, own.around.countering) = (Some(other.case), vec![id(9)]);
    let asks_more = (id(1), Event::FieldSet { field: text("material", "mxc://our.org/book") });
    assert_eq!(follows(&own, std::slice::from_ref(&asks_more)).len(), 2);
    assert_eq!(links(&own, asks_more), []);
}

fn address(mail: &str) -> Field {
    let reading = Reading::Email { address: mail.to_owned(), odd: Vec::new(), more: Vec::new() };
    Field { reading, ..text("email", mail) }
}

#[test]
fn an_address_names_an_office_and_tells_people_apart_only_where_both_have_one() {
    let silent = |kind: &str| shipped_as(kind).with(accounts(&["@a:our.org"]));
    // An office that says at least where it writes from is not answered with one that says nothing.
    let office = silent("preservation").with(address("roe@kent.police.uk"));
    office.beside(silent("preservation").numbered(2)).when(twin()).refused(not(Unlike::Unnamed));
    // Of people it is not known that they are two.
    let person = silent("complaint").with(address("jane@gmail.com"));
    person.beside(silent("complaint").numbered(2)).when(twin()).at_once();
    silent("complaint").beside(person.numbered(2)).when(twin()).at_once();
}

#[test]
fn what_cannot_be_read_tells_no_order_from_another() {
    let order = |number: &str| from("information", "Kent Police").with(text("reference", number));
    let with = |given: &Given, day: &str| match day.parse() {
        Ok(day) => given.with(Field { reading: Reading::Day { day }, ..text("granted", "2026-11-01") }),
        Err(_) => given.with(text("granted", day)),
    };
    // A number that is too short to be one, on either side.
    order("KP/77").beside(order("7").numbered(2)).when(twin()).at_once();
    order("7").beside(order("KP/77").numbered(2)).when(twin()).at_once();
    // One that is longer than anybody compares.
    let long = "AB-1234567890".repeat(12);
    order(&long).beside(order(&long).numbered(2)).when(twin()).at_once();
    // And a day that is none.
    let (dated, undated) = (with(&order("KP/77"), "2026-11-01"), with(&order("KP/77"), "in autumn"));
    dated.beside(undated.numbered(2)).when(twin()).at_once();
    undated.beside(dated.numbered(2)).when(twin()).at_once();
}

#[test]
fn who_names_nobody_on_its_line_may_mean_the_same_by_what_it_is_about() {
    let silent = |field: Field| shipped_as("copyright").with(text("agency", "Doe and Roe")).with(field);
    let kept = silent(text("material", "mxc://our.org/song")).with(accounts(&["@a:our.org"])).numbered(2);
    silent(text("material", "mxc://our.org/song")).beside(kept).when(twin()).at_once();
    let shipped = |field: Field| shipped_as("emergency").with(text("agency", "Kent Police")).with(field);
    let kept = shipped(accounts(&["@a:our.org"])).numbered(2);
    shipped(text("context", "it is @a:our.org")).beside(kept.clone()).when(twin()).at_once();
    shipped(text("context", "it is @b:our.org")).beside(kept).when(twin()).refused(not(Unlike::NamesNobody));
    // One that names somebody who was told already is about somebody.
    let told = Event::NoticeSettled {
        account: account("@b:our.org"),
        what: Telling::Told { via: "mail".to_owned() },
        at: None,
    };
    let other = from("preservation", "Kent Police").numbered(2);
    let named =
        shipped_as("preservation").with(text("agency", "Kent Police")).with(accounts(&["@b:our.org"]));
    named.after(told).beside(other).when(twin()).at_once();
}
