//! Who keeps down what another case would put back (rule 41): whoever was granted it or asks for it, a countered notice until its
//! day, one in court for good, and one that was erased.

use std::collections::BTreeSet;

use super::given::*;
use crate::case::clock::{clocks, too_soon};
use crate::case::kept_down::{Keeping, keeps_down};
use crate::case::*;

const SONG: &str = "mxc://our.org/song";

fn full() -> Event {
    Event::Answered { extent: Extent::Full }
}

fn of(kind: &str) -> Given {
    shipped_as(kind).with(accounts(&["@alice:our.org"])).with(text("material", SONG))
}

fn granted(kind: &str) -> Given {
    of(kind).after(full())
}

fn withdrawn(given: &Given) -> Given {
    given.after(Event::Reopened { reason: None }).done(Command::Withdraw { reason: None })
}

fn countered(given: &Given, day: &str) -> Given {
    let received = Some(format!("{day}T10:00:00Z").parse().unwrap());
    given.after(Event::Linked { other: id(9), how: Relation::Counter, outward: false, received })
}

fn beside(given: &Given, others: &[&Case], erased: &[u32]) -> Given {
    let others = others.iter().map(|case| (case.id, Case::clone(case))).collect();
    let erased: BTreeSet<CaseId> = erased.iter().copied().map(id).collect();
    let event = crate::case::decide::kept_down(&given.case, &others, &erased, &given.terms);
    event.map_or_else(|| given.clone(), |event| given.after(event))
}

/// From when and by when it is to be put back.
fn goes_back(given: &Given) -> Option<(Option<String>, String)> {
    let day = |at: chrono::DateTime<chrono::Utc>| at.format("%Y-%m-%d").to_string();
    let clock = clocks(&given.case, &given.terms).into_iter().find(|clock| clock.title.contains("put back"));
    clock.map(|clock| (clock.earliest.map(day), day(clock.due)))
}

fn how(given: &Given) -> Option<Keeping> {
    keeps_down(&given.case, &given.terms).map(|keeps| keeps.how)
}

#[test]
fn who_asks_for_it_now_keeps_it_for_what_is_dropped_and_is_named_where_a_day_counts() {
    let dropped = withdrawn(&granted("copyright"));
    for kind in ["copyright", "intimate", "removal", "terms"] {
        let asks = of(kind).numbered(2);
        assert_eq!(how(&asks), Some(Keeping::Asks), "{kind}");
        let kept = beside(&dropped, &[&asks.case], &[]);
        assert!(goes_back(&kept).is_none() && kept.case.stays_down(), "{kind}");
        let gone = beside(&kept, &[&asks.done_by_two(Command::Withdraw { reason: None }).case], &[]);
        assert!(goes_back(&gone).is_some(), "{kind}");
        // Nobody takes a day from whoever countered by asking again.
        let owed = countered(&granted("copyright"), "2026-11-20");
        let warned = beside(&owed, &[&asks.case], &[]);
        assert_eq!(goes_back(&warned), goes_back(&owed), "{kind}");
        assert!(warned.case.kept_down.asked.by.contains(&id(2)), "{kind}");
    }
    // What takes nothing down keeps nothing down.
    assert_eq!((how(&of("other")), how(&granted("complaint"))), (None, None));
}

#[test]
fn what_was_granted_keeps_all_that_it_names() {
    let dropped = withdrawn(&granted("copyright"));
    for kind in ["copyright", "intimate", "terms"] {
        let kept = beside(&dropped, &[&granted(kind).numbered(2).case], &[]);
        assert!(goes_back(&kept).is_none(), "{kind}");
    }
    let with = |key: &str, value: &str| {
        let other =
            shipped_as("intimate").with(text("material", "mxc://our.org/other")).with(text(key, value));
        other.numbered(2).after(full()).case
    };
    assert!(goes_back(&beside(&dropped, &[&with("copies", SONG)], &[])).is_none());
    assert!(goes_back(&beside(&dropped, &[&with("messages", SONG)], &[])).is_none());
    assert!(goes_back(&beside(&dropped, &[&with("room", SONG)], &[])).is_none());
    // That there are no copies is no place.
    let none = |number| of("intimate").with(text("copies", "none that we know of")).numbered(number);
    assert_eq!(likeness::materials(&none(1).case).len(), 1);
}

#[test]
fn a_countered_notice_keeps_it_until_it_may_go_back() {
    let (from, by) = (Some("2026-12-08".to_owned()), "2026-12-11".to_owned());
    let first = countered(&granted("copyright").numbered(2), "2026-11-20");
    assert_eq!(goes_back(&first), Some((from.clone(), by.clone())));
    // What is dropped goes back with it, and its user hears so then.
    let dropped = withdrawn(&granted("copyright"));
    let kept = beside(&dropped, &[&first.case], &[]);
    assert_eq!(goes_back(&kept), Some((from, by)));
    assert!(kept.case.stays_down());
    let restored = set([put(text("restored", "2026-11-20"))]);
    let back = kept.done(restored);
    let back = beside(&back, &[&first.case], &[]);
    assert!(!back.case.stays_down());
    let field = text("restored", "2026-11-20");
    assert!(too_soon(&back.case, &field, &back.terms).is_some());
    // Of two that are countered the later day counts, for both.
    let later = countered(&granted("copyright"), "2026-12-10");
    let days = goes_back(&later);
    assert_eq!(goes_back(&beside(&first, &[&later.case], &[])), days);
    assert_eq!(goes_back(&beside(&later, &[&first.case], &[])), days);
    // What was put back is kept by nothing.
    let done = first.after(Event::FieldSet { field: text("restored", "2026-12-09") });
    assert_eq!(how(&done), None);
    let early = first.after(Event::FieldSet { field: text("restored", "2026-11-20") });
    assert_eq!(how(&early), how(&first), "nobody else follows what was too soon");
    assert_eq!(beside(&kept, &[&done.case], &[]).case.kept_down.until, None);
}

#[test]
fn a_court_action_keeps_it_for_good_while_the_notice_stands() {
    let court = || set([put(text("court action", "2026-11-20, 26-cv-1"))]);
    let early = Restraint::BeforeItsTime { label: "Court action".to_owned(), start: Start::Countered };
    granted("copyright").when(court()).refused(early.into());
    let notice = countered(&granted("copyright").numbered(2), "2026-11-20");
    // That none was filed is no word of one
    let none = set([put(text("court action", "2026-11-20, they do NOT sue"))]);
    notice.when(none).refused(Restraint::DeniesAction { label: "Court action".to_owned() }.into());
    let sued = notice.done(court());
    assert_eq!((how(&sued), goes_back(&sued)), (Some(Keeping::Stands), None));
    assert!(too_soon(&sued.case, &text("court action", "2026-11-20"), &sued.terms).is_none());
    let dropped = withdrawn(&granted("copyright"));
    assert!(goes_back(&beside(&dropped, &[&sued.case], &[])).is_none());
    // It is about the notice, and over with it.
    let gone = withdrawn(&sued);
    assert!(how(&gone).is_none() && goes_back(&gone).is_some());
    // Word of it counts also while another case keeps it down; that it went back does not.
    let other = granted("intimate").numbered(3).case;
    let kept = beside(&notice, &[&other], &[]);
    kept.when(court()).at_once();
    let down = Box::new(kept.case.kept_down.clone());
    let label = "Restored".to_owned();
    let back = kept.when(set([put(text("restored", "2026-11-20"))]));
    back.refused(Restraint::StaysDown { label, down, court: true }.into());
}

#[test]
fn what_an_erased_case_kept_down_stays_so() {
    let dropped = withdrawn(&granted("copyright"));
    let kept = beside(&dropped, &[&granted("copyright").numbered(2).case], &[]);
    let erased = beside(&kept, &[], &[2]);
    assert!(erased.case.stays_down() && goes_back(&erased).is_none());
    assert!(erased.case.kept_down.by.is_empty());
    assert_eq!(beside(&erased, &[], &[]).case, erased.case, "and again");
    // One that came to nothing before took it back.
    assert!(goes_back(&beside(&kept, &[], &[])).is_some());
}

#[test]
fn only_a_counter_notice_counters() {
    let notice = granted("copyright").case;
    let link = |kind: &str| {
        let mut letter = shipped_as(kind).numbered(2);
        letter.around.other = Some(notice.clone());
        letter.when(Command::Link { other: id(1), how: Relation::Counter })
    };
    let kind = "counter-notice".to_owned();
    link("other").refused(Restraint::NoCounterNotice { other: id(1), kind }.into());
    link("counter-notice").at_once();
}

#[test]
fn who_countered_a_notice_countered_its_duplicate_too() {
    let twin = of("copyright").numbered(2).after(linked(1, Relation::Duplicate, true)).case;
    let mut kept =
        countered(&granted("copyright"), "2026-11-20").after(linked(2, Relation::Duplicate, false));
    (kept.around.duplicates, kept.around.countering) = (vec![twin], vec![id(9)]);
    let again = kept.after(Event::Reopened { reason: None });
    let events = again.when(Command::Withdraw { reason: None }).all();
    let of_counter = linked(2, Relation::Counter, true);
    assert!(events.contains(&(id(9), of_counter)), "{events:?}");
    let is_there = |(of, event): &(CaseId, Event)| {
        *of == id(2) && matches!(event, Event::Linked { other, received: Some(_), .. } if *other == id(9))
    };
    assert!(events.iter().any(is_there), "{events:?}");
}

/// What is found beside other cases, and nothing if it is what was found before.
fn found(given: &Given, others: &[&Given]) -> Option<Event> {
    let others = others.iter().map(|other| (other.case.id, other.case.clone())).collect();
    crate::case::decide::kept_down(&given.case, &others, &BTreeSet::new(), &given.terms)
}

/// A notice about these, granted.
fn about(number: u32, material: &str) -> Given {
    let notice = shipped_as("copyright").with(accounts(&["@alice:our.org"])).with(text("material", material));
    notice.numbered(number).after(full())
}

fn sealed(given: &Given) -> Given {
    given.after(Event::Flagged { flag: Flag::Csea })
}

const BOTH: &str = "mxc://our.org/one, mxc://our.org/two";
const ONE: &str = "mxc://our.org/one";
const TWO: &str = "mxc://our.org/two";

#[test]
fn what_is_as_it_was_found_is_not_found_again() {
    let dropped = withdrawn(&granted("copyright"));
    let other = granted("copyright").numbered(2);
    // Other material keeps nothing down, nor does anybody say so.
    assert_eq!(found(&dropped, &[]), None);
    assert_eq!(found(&dropped, &[&about(2, ONE)]), None);
    let kept = beside(&dropped, &[&other.case], &[]);
    assert_eq!(found(&kept, &[&other]), None);
    // Nor when it was freed, and is free.
    let freed = beside(&kept, &[], &[]);
    assert!(freed.case.kept_down.freed.is_some());
    assert_eq!(found(&freed, &[]), None);
    // A case keeps nothing down itself, even where its own day is the only one that counts.
    let undated = countered(&granted("copyright"), "2026-11-20").under(|policy| {
        policy.clocks.iter_mut().for_each(|clock| clock.not_before = None);
    });
    assert_eq!(found(&undated, &[&undated]), None);
}

#[test]
fn who_asks_is_named_still_when_it_went_back() {
    let owed = countered(&granted("copyright"), "2026-11-20");
    let asks = of("copyright").numbered(2);
    let warned = beside(&owed, &[&asks.case], &[]);
    let back = warned.after(Event::FieldSet { field: text("restored", "2026-12-09") });
    let named = |other: &Case| beside(&back, &[other], &[]).case.kept_down.asked.by;
    assert_eq!(named(&asks.case), [id(2)].into());
    // But not who was granted it since, or asks no more.
    assert_eq!(named(&asks.after(full()).case), BTreeSet::new());
    assert_eq!(named(&asks.done(Command::Withdraw { reason: None }).case), BTreeSet::new());
}

#[test]
fn what_an_erased_case_kept_down_of_a_part_stays_so_of_that_part() {
    let dropped = withdrawn(&about(1, BOTH));
    let kept = beside(&dropped, &[&about(2, ONE).case], &[]);
    assert!(kept.case.kept_down.rest && goes_back(&kept).is_some());
    let erased = beside(&kept, &[], &[2]);
    assert!(erased.case.kept_down.rest && goes_back(&erased).is_some(), "the rest goes back all the same");
    // So it is of one that nobody may name.
    let kept = beside(&dropped, &[&sealed(&about(2, BOTH)).case], &[]);
    assert_eq!((&kept.case.kept_down.by, &kept.case.kept_down.unshown), (&[].into(), &[id(2)].into()));
    assert!(beside(&kept, &[], &[2]).case.stays_down());
}

#[test]
fn only_a_later_day_than_its_own_is_waited_for() {
    let until = |given: &Given, other: &Given| beside(given, &[&other.case], &[]).case.kept_down.until;
    let one = countered(&granted("copyright"), "2026-11-20");
    let same = one.numbered(2);
    assert_eq!((until(&one, &same), until(&same, &one)), (None, None));
    let later = countered(&granted("copyright").numbered(2), "2026-12-10");
    assert!(until(&one, &later).is_some() && until(&later, &one).is_none());
}

#[test]
fn of_several_days_the_first_counts_on_which_something_may_go_back() {
    let dropped = withdrawn(&about(1, BOTH));
    let soon = |number, material| countered(&about(number, material), "2026-11-20");
    let late = |number, material| countered(&about(number, material), "2026-12-10");
    let waits = |others: &[&Given]| {
        let others: Vec<&Case> = others.iter().map(|other| &other.case).collect();
        beside(&dropped, &others, &[]).case.kept_down
    };
    let days = |given: &Given| goes_back(given).and_then(|(earliest, _)| earliest).unwrap();
    let day =
        |kept: &KeptDown| kept.until.as_ref().map(|until| until.earliest.format("%Y-%m-%d").to_string());
    // Of one place the last day that anybody has for it.
    let kept = waits(&[&soon(2, BOTH), &late(3, BOTH)]);
    assert_eq!(day(&kept), Some(days(&late(3, BOTH))));
    assert_eq!(kept.until.unwrap().of, Others { by: [id(2), id(3)].into(), unshown: [].into() });
    // Of two places that of which it is sooner.
    assert_eq!(day(&waits(&[&soon(2, ONE), &late(3, TWO)])), Some(days(&soon(2, ONE))));
    // What stays down for somebody else is not waited for, nor is who waits for nothing but that.
    let kept = waits(&[&about(2, ONE), &late(3, ONE), &soon(4, TWO)]);
    assert_eq!(day(&kept), Some(days(&soon(4, TWO))));
    assert_eq!(kept.until.unwrap().of.by, [id(4)].into());
    // Where a part may go back at once nothing waits, and of the rest it is said who keeps it.
    let kept = waits(&[&soon(2, ONE), &sealed(&late(3, ONE))]);
    assert_eq!((day(&kept), kept.rest), (None, true));
    assert_eq!((kept.by, kept.unshown), ([id(2)].into(), [id(3)].into()));
}

#[test]
fn a_closed_case_is_open_again_only_once_it_is_free() {
    // Given a closed case that still owes a line of its own, and is kept down.
    let owes = |given: Given| {
        given.under(|policy| {
            let back = policy.clocks.iter().find(|clock| clock.from == Start::Dropped).expect("there is one");
            let until = Stop::Line("own".to_owned());
            let (name, kinds) = ("own".to_owned(), Vec::new());
            let own = ClockRule { name, kinds, from: Start::Closed, until, ..back.clone() };
            policy.clocks.push(own);
        })
    };
    let dropped = owes(withdrawn(&granted("copyright")));
    let (one, other) = (granted("copyright").numbered(2), granted("copyright").numbered(3));
    let mut kept = beside(&dropped, &[&one.case], &[]).closed();
    kept.case.closed = Some(now() + chrono::TimeDelta::hours(1));
    let own = |given: &Given| clocks(&given.case, &given.terms).iter().any(|clock| clock.name == "own");
    assert!(own(&kept));
    // When another one keeps it down instead, then nothing more is owed than before.
    assert!(beside(&kept, &[&other.case], &[]).case.closed.is_some());
    assert!(beside(&kept, &[], &[]).case.closed.is_none());
    // Nor is it for what two people said is never done.
    let undone = Event::LeftUndone { clocks: owned(&["restore", "own"]), reason: "it is lost".to_owned() };
    let left = beside(&dropped, &[&one.case], &[]).after(undone).closed();
    assert!(left.case.kept_down.binds() && beside(&left, &[], &[]).case.closed.is_some());
}
