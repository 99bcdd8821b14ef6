//! What a case keeps down, and what it says of those that keep down what it would put back (rule 41).

use std::collections::BTreeSet;

use super::given::*;
use super::taken_down::{removed, verified};
use crate::case::kept_down::{Keeping, KeptDown, Others, Until, keeps_down, places};
use crate::case::*;

const SONG: &str = "mxc://our.org/song";

fn of(kind: &str) -> Given {
    shipped_as(kind).with(accounts(&["@alice:our.org"])).with(text("material", SONG))
}

fn full() -> Event {
    Event::Answered { extent: Extent::Full }
}

fn reopened() -> Event {
    Event::Reopened { reason: None }
}

fn how(given: &Given) -> Option<Keeping> {
    keeps_down(&given.case, &given.terms).map(|keeps| keeps.how)
}

fn others(by: &[u32], unshown: &[u32]) -> Others {
    let ids = |numbers: &[u32]| numbers.iter().copied().map(id).collect();
    Others { by: ids(by), unshown: ids(unshown) }
}

fn until(of: Others) -> Option<Until> {
    Some(Until { of, earliest: now(), due: now() })
}

#[test]
fn what_was_done_stands_whatever_becomes_of_the_request_but_nothing() {
    let asks = of("copyright");
    assert_eq!(how(&asks), Some(Keeping::Asks));
    // Opened again it stands as it did; by what a line of ours says, it does before the answer.
    assert_eq!(how(&asks.after(full()).after(reopened())), Some(Keeping::Stands));
    let order = || verified(under_eu("removal").with(text("material", "#a:our.org")));
    assert_eq!(how(&order()), Some(Keeping::Asks));
    assert_eq!(how(&removed(under_eu("removal"))), Some(Keeping::Stands));
    // So it does where the kind takes nothing down and a line says that it was.
    let elsewhere = |policy: &mut Policy| policy.kinds.iter_mut().for_each(|kind| kind.takes_down = false);
    assert_eq!(how(&order().under(elsewhere)), None);
    assert_eq!(how(&removed(under_eu("removal")).under(elsewhere)), Some(Keeping::Stands));
    // For a duplicate the case speaks that is kept.
    assert_eq!(how(&asks.after(linked(2, Relation::Duplicate, true))), None);
}

#[test]
fn a_case_is_about_its_material_or_else_its_room_or_else_whom_it_names() {
    let silent = shipped_as("copyright").with(accounts(&["@alice:our.org"]));
    let room = |given: &Given| given.with(text("room", "!abc:our.org"));
    let all = |given: &Given| places(&given.case);
    let (named, roomed, both) = (all(&silent), all(&room(&silent)), all(&room(&of("copyright"))));
    assert!(named.len() == 1 && roomed.len() == 1 && named != roomed);
    assert_eq!(both, all(&of("copyright")));
    assert!(both.is_disjoint(&roomed));
}

#[test]
fn nobody_is_in_court_over_what_nothing_is_left_of() {
    let counter =
        Event::Linked { other: id(9), how: Relation::Counter, outward: false, received: Some(now()) };
    let sued = of("copyright").after(full()).after(counter).with(text("court action", "2026-11-20"));
    assert!(sued.case.is_in_court());
    let gone = sued.after(reopened()).after(Event::Withdrawn { reason: None });
    assert!(!gone.case.is_in_court());
}

#[test]
fn only_what_is_gone_stays_down_for_somebody_else() {
    let kept = Event::KeptDown {
        by: [id(2)].into(),
        unshown: BTreeSet::new(),
        rest: false,
        again: false,
        erased: false,
        until: None,
        is_back: false,
        asked: Others::default(),
    };
    let stands = of("copyright").after(full()).after(kept);
    assert!(stands.case.kept_down.binds() && !stands.case.stays_down());
    assert!(stands.after(reopened()).after(Event::Withdrawn { reason: None }).case.stays_down());
}

#[test]
fn whoever_has_to_do_with_it_is_counted_sealed_or_not() {
    let each = others(&[2], &[3]);
    assert_eq!(each.each().collect::<Vec<_>>(), [id(2), id(3)]);
    let nobody = Others::default();
    assert!(nobody.is_nobody() && !others(&[2], &[]).is_nobody() && !others(&[], &[3]).is_nobody());
    let nothing = KeptDown::default();
    assert!(nothing.is_nothing() && !nothing.is_any());
    let some = [
        KeptDown { by: [id(2)].into(), ..nothing.clone() },
        KeptDown { unshown: [id(2)].into(), ..nothing.clone() },
        KeptDown { erased: true, ..nothing.clone() },
    ];
    assert!(some.iter().all(|kept| kept.is_any() && kept.binds() && !kept.is_nothing()));
    let waits = KeptDown { until: until(others(&[4], &[5])), ..nothing.clone() };
    let asked = KeptDown { asked: others(&[6], &[7]), ..nothing.clone() };
    assert!(!waits.is_nothing() && !waits.is_any() && !asked.is_nothing() && !asked.is_any());
    let all = KeptDown { by: [id(2)].into(), unshown: [id(3)].into(), asked: asked.asked, ..waits };
    assert_eq!(all.others().collect::<Vec<_>>(), [2, 3, 4, 5, 6, 7].map(id));
}

#[test]
fn whoever_may_not_know_of_a_case_sees_it_nowhere() {
    let all = |by: &[u32], unshown: &[u32]| KeptDown {
        by: others(by, &[]).by,
        unshown: others(&[], unshown).unshown,
        until: until(others(by, unshown)),
        asked: others(by, unshown),
        ..KeptDown::default()
    };
    let mut seen = all(&[2, 3], &[4]);
    seen.veiled(&|other| other == id(3));
    assert_eq!(seen, all(&[2], &[3, 4]));
}

#[test]
fn what_is_written_down_of_it_is_what_there_is_to_say() {
    let written = |kept: &KeptDown| serde_json::to_value(kept).unwrap();
    assert_eq!(written(&KeptDown::default()), serde_json::json!({ "by": [] }));
    for asked in [others(&[2], &[]), others(&[], &[3])] {
        let kept = KeptDown { asked, ..KeptDown::default() };
        assert_eq!(serde_json::from_value::<KeptDown>(written(&kept)).unwrap(), kept);
    }
}

#[test]
fn it_is_free_from_when_the_last_stopped_to_keep_it() {
    let (first, second) = (now(), now() + chrono::TimeDelta::days(1));
    let kept = KeptDown { by: [id(2)].into(), ..KeptDown::default() };
    let mut known = KeptDown::default();
    known.turn(kept.clone(), first);
    assert_eq!(known.freed, None);
    known.turn(KeptDown::default(), first);
    assert_eq!(known.freed, Some(first));
    // To hear of somebody who only asks frees nothing anew.
    known.turn(KeptDown { asked: others(&[3], &[]), ..KeptDown::default() }, second);
    assert_eq!(known.freed, Some(first));
    known.turn(kept, second);
    assert_eq!(known.freed, None);
    known.turn(KeptDown::default(), second);
    assert_eq!(known.freed, Some(second));
}
