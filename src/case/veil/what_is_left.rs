//! What everybody reads of a case, and of what happened to it, while C-9 is sealed: nothing by which they would know of C-9.

use std::collections::BTreeSet;

use super::*;
use crate::case::conflict::Clash;
use crate::case::{Account, Effect, Like, Likeness, Link, Relation, Return};

fn id(number: u32) -> CaseId {
    CaseId::new(number).unwrap()
}

fn ids<const N: usize>(numbers: [u32; N]) -> BTreeSet<CaseId> {
    numbers.into_iter().map(id).collect()
}

fn is_sealed(case: CaseId) -> bool {
    case == id(9)
}

fn clash(one: u32, other: u32) -> Conflict {
    Conflict { one: id(one), other: id(other), how: Clash::TwoTerms }
}

fn like(number: u32) -> Like {
    Like { case: id(number), how: Likeness::Reference }
}

fn link(number: u32) -> Link {
    Link { other: id(number), how: Relation::Referral, outward: true }
}

fn alice() -> Account {
    Account::parse("@alice:our.org").unwrap()
}

/// C-1, with C-9 and one more in every place where it may name another case.
fn case() -> Case {
    let opened = Event::Opened {
        kind: "terms".to_owned(),
        policy: "a/1".to_owned(),
        received: "2026-11-20T10:00:00Z".parse().unwrap(),
        fields: Vec::new(),
        stray: Vec::new(),
    };
    let at = "2026-11-20T10:00:00Z".parse().unwrap();
    let mut case = Case::begin(id(1), &opened, &alice(), at).unwrap();
    case.beside = beside();
    case.links = [link(5), link(9)].into();
    case.hushed.insert(alice(), Hush { by: ids([6, 9]), ..Hush::default() });
    case.kept_down.by = ids([8, 9]);
    case
}

fn beside() -> Beside {
    Beside {
        like: vec![like(9), like(2)],
        conflicts: vec![clash(1, 9), clash(3, 1), clash(9, 1)],
        may_counter: vec![id(9), id(4)],
        ..Beside::default()
    }
}

/// What is left of an event.
fn shown(event: &Event) -> Option<Event> {
    event.clone().veiled(&is_sealed)
}

fn warned<const N: usize>(conflicts: [Conflict; N], unshown: bool) -> Event {
    Event::Warned { conflicts: conflicts.into(), unshown }
}

fn extended(asked_by: Option<u32>) -> [Event; 2] {
    let until = "2027-02-18T23:59:59Z".parse().unwrap();
    let asked_by = asked_by.map(id);
    [Event::HoldExtended { until, asked_by }, Event::HoldSetRight { until, asked_by }]
}

fn linked(other: u32) -> Event {
    Event::Linked { other: id(other), how: Relation::Referral, outward: true, received: None }
}

fn hushed<const N: usize, const M: usize>(by: [u32; N], unshown: [u32; M]) -> Event {
    Event::Hushed { account: alice(), by: ids(by), unshown: ids(unshown) }
}

#[test]
fn every_other_case_that_a_page_names_is_asked_about() {
    assert_eq!(case().others_named().collect::<BTreeSet<_>>(), ids([2, 3, 4, 5, 6, 8, 9]));
}

#[test]
fn a_case_is_shown_without_any_that_is_sealed() {
    let shown = case().veiled(&is_sealed);
    assert_eq!(shown.beside.like, [like(2)]);
    assert_eq!(shown.beside.conflicts, [clash(3, 1)]);
    assert_eq!(shown.beside.may_counter, [id(4)]);
    // That there is a link is shown, to which case is not.
    let unshown = Link { other: CaseId::UNSHOWN, ..link(9) };
    assert_eq!(shown.links, [link(5), unshown].into());
    // That somebody forbids to tell is shown, by whom is not.
    let hush = Hush { by: ids([6]), unshown: ids([9]), freed: None };
    assert_eq!(shown.hush(&alice()), Some(&hush));
    assert_eq!((shown.kept_down.by, shown.kept_down.unshown), (ids([8]), ids([9])));
}

#[test]
fn a_line_of_the_history_that_only_says_of_a_sealed_case_is_left_out() {
    let only = |number| Beside { like: vec![like(number)], ..Beside::default() };
    for gone in [
        Event::Compared { beside: only(9) },
        Event::Contradicted { conflict: clash(9, 1) },
        Event::Contradicted { conflict: clash(1, 9) },
        Event::MayCounter { cases: vec![id(9)] },
        warned([clash(1, 9)], false),
        linked(9),
    ] {
        assert_eq!(shown(&gone), None);
    }
    for stays in [
        Event::Compared { beside: only(2) },
        Event::Contradicted { conflict: clash(3, 1) },
        warned([clash(1, 3)], false),
        Event::MayCounter { cases: vec![id(4)] },
        linked(5),
        hushed([6], []),
        Event::Closed,
    ] {
        assert_eq!(shown(&stays), Some(stays));
    }
}

#[test]
fn a_line_that_says_more_is_shown_with_the_rest() {
    let beside_rest = Beside {
        like: vec![like(2)],
        conflicts: vec![clash(3, 1)],
        may_counter: vec![id(4)],
        ..Beside::default()
    };
    assert_eq!(shown(&Event::Compared { beside: beside() }), Some(Event::Compared { beside: beside_rest }));
    assert_eq!(shown(&warned([clash(1, 9), clash(1, 3)], false)), Some(warned([clash(1, 3)], false)));
    assert_eq!(shown(&warned([clash(1, 9)], true)), Some(warned([], true)));
    assert_eq!(shown(&hushed([6, 9], [7])), Some(hushed([6], [7, 9])));
    for (by_sealed, by_nobody) in extended(Some(9)).into_iter().zip(extended(None)) {
        assert_eq!(shown(&by_sealed), Some(by_nobody));
    }
    for by_another in extended(Some(5)) {
        assert_eq!(shown(&by_another), Some(by_another));
    }
}

fn day() -> chrono::DateTime<chrono::Utc> {
    "2026-11-20T10:00:00Z".parse().unwrap()
}

/// What hangs on another case, whichever it is.
fn hangs_on(other: CaseId) -> Vec<Event> {
    let link = |how, outward, received| Event::Linked { other, how, outward, received };
    let proposed = Event::Proposed {
        code: "abcd".to_owned(),
        command: Box::new(Command::Link { other, how: Relation::Duplicate }),
        effects: vec![Effect::Policy],
        sum: String::new(),
        expires: day(),
    };
    vec![
        link(Relation::Counter, false, Some(day())),
        Event::NoticeGone { other, gone: true },
        Event::DecidedBefore { other, by: alice(), with: [alice()].into() },
        Event::KeptWith { other, until: day(), of: BTreeSet::new(), without: BTreeSet::new() },
        proposed,
        link(Relation::Duplicate, true, None),
    ]
}

fn hanging_on(other: CaseId) -> Case {
    let mut case = case();
    (case.links, case.hushed, case.beside, case.kept_down) = Default::default();
    let again = Event::BroughtBack { other, outward: false, unshown: false, reopened: true };
    hangs_on(other).iter().chain([&again]).for_each(|event| case.apply(event, &alice(), day()));
    case
}

#[test]
fn what_hangs_on_a_sealed_case_hangs_on_another_case() {
    let shown = hanging_on(id(9)).veiled(&is_sealed);
    assert_eq!(shown, hanging_on(CaseId::UNSHOWN));
    assert!(shown.outcome.is_some() && shown.kept_with.is_some() && !shown.proposals.is_empty());
    assert!(!shown.counters.is_empty() && !shown.notices_gone.is_empty() && !shown.decided_before.is_empty());
    assert!(!shown.worked_again.is_empty() && !shown.decided_with.is_empty());
    assert_eq!(hanging_on(id(5)).veiled(&is_sealed), hanging_on(id(5)));
}

#[test]
fn the_history_says_of_it_that_it_is_another_case() {
    let says = |other, unshown: bool| {
        let dates =
            [Event::CounterMoved { other, received: day() }, Event::CounterStands { other, received: day() }];
        let alone = [Event::CounterEnded { other }, Event::KeptNoLonger { other }, Event::DueAgain { other }];
        let back = Event::BroughtBack { other, outward: false, unshown, reopened: true };
        let hangs = hangs_on(other).into_iter().filter(|event| {
            // That a case is linked, or was decided before, is left out.
            !matches!(event, Event::Linked { how: Relation::Counter, .. } | Event::DecidedBefore { .. })
        });
        dates.into_iter().chain(alone).chain([back]).chain(hangs).collect::<Vec<_>>()
    };
    let seen: Vec<Event> = says(id(9), false).iter().filter_map(shown).collect();
    assert_eq!(seen, says(CaseId::UNSHOWN, true));
    let seen: Vec<Event> = says(id(5), false).iter().filter_map(shown).collect();
    assert_eq!(seen, says(id(5), false));
    assert_eq!(shown(&Event::DecidedBefore { other: id(9), by: alice(), with: BTreeSet::new() }), None);
}

#[test]
fn of_several_those_that_are_not_sealed_are_named() {
    let moved = |counters: Option<u32>, further: &[u32]| {
        let field = crate::case::given::line("received", "2026-11-18");
        let further = further.iter().copied().map(id).collect();
        Event::ReceivedSet { at: day(), field, counters: counters.map(id), further }
    };
    assert_eq!(shown(&moved(Some(9), &[4, 9])), Some(moved(None, &[4])));
    assert_eq!(shown(&moved(Some(4), &[5])), Some(moved(Some(4), &[5])));
    let may = |cases: &[u32]| Event::MayCounter { cases: cases.iter().copied().map(id).collect() };
    assert_eq!(shown(&may(&[9, 4])), Some(may(&[4])));
}

#[test]
fn what_would_be_taken_back_says_no_more_than_what_was_done() {
    let undo = |other: CaseId, took: Vec<Event>| Command::Undo {
        returns: vec![Return { case: other, took, back: Vec::new() }],
    };
    let closed = || Event::Closed;
    assert_eq!(
        undo(id(9), vec![linked(9), closed()]).veiled(&is_sealed),
        undo(CaseId::UNSHOWN, vec![closed()])
    );
    assert_eq!(undo(id(5), vec![linked(5)]).veiled(&is_sealed), undo(id(5), vec![linked(5)]));
    assert_eq!(undo(id(5), Vec::new()).cases_named(), [id(5)]);
}
