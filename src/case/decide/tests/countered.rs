//! What a counter-notice does to the notice that it is about, and to no other (rule 41).

use super::given::*;
use crate::case::decide::countering::may_counter;
use crate::case::decide::{Around, Setting, unlinking};
use crate::case::*;

fn done() -> Event {
    Event::Answered { extent: Extent::Full }
}

fn against(number: u32) -> Event {
    linked(number, Relation::Counter, true)
}

/// A counter-notice against the second case.
fn counter() -> Given {
    shipped_as("counter-notice").after(against(2))
}

fn notice(number: u32) -> Given {
    shipped_as("copyright").numbered(number)
}

/// A notice of which everything was done.
fn closed(number: u32) -> Given {
    notice(number)
        .after(done())
        .after(Event::NobodyConcerned { reason: "a guest".to_owned() })
        .told_by("answer")
        .closed()
}

fn says_of_notice(given: &Given, command: Command) -> Vec<(CaseId, CaseId, bool)> {
    let events = given.when(command).all().into_iter();
    let said = events.filter_map(|(of, event)| match event {
        Event::NoticeGone { other, gone } => Some((of, other, gone)),
        _ => None,
    });
    said.collect()
}

#[test]
fn of_two_notices_the_one_that_is_countered_now_is_open_again() {
    let mut counter = shipped_as("counter-notice").beside(closed(2));
    counter.around.notices = vec![closed(3).case];
    let events = counter.when(link(2, Relation::Counter)).all();
    let again = |number| (id(number), Event::DueAgain { other: id(1) });
    assert!(events.contains(&again(2)) && !events.contains(&again(3)), "{events:#?}");
    // Nor is one opened again when another is countered that was worked all the time.
    counter.around.other = Some(notice(2).after(done()).case);
    let events = counter.when(link(2, Relation::Counter)).all();
    assert!(!events.contains(&again(3)), "{events:#?}");
}

#[test]
fn a_counter_notice_hears_once_that_its_notice_is_gone() {
    let gone = |number| notice(number).after(Event::Withdrawn { reason: None });
    // Given a counter-notice against another notice, it hears of the one that it is linked to now.
    let two = shipped_as("counter-notice").after(against(3)).beside(gone(2));
    assert_eq!(says_of_notice(&two, link(2, Relation::Counter)), [(id(1), id(2), true)]);
    // When it has heard so, or the notice stands, then nothing is said.
    assert_eq!(says_of_notice(&counter().beside(gone(2)), link(2, Relation::Referral)), []);
    assert_eq!(
        says_of_notice(&shipped_as("counter-notice").beside(notice(2)), link(2, Relation::Counter)),
        []
    );
    // Nor is it by what is done on the notice and leaves it as it was.
    let mut stands = notice(2);
    stands.around.countering = vec![id(1)];
    assert_eq!(says_of_notice(&stands, Command::Note { text: "x".to_owned() }), []);
}

#[test]
fn what_no_notice_can_be_is_not_countered_as_a_duplicate_of_one() {
    let twin = shipped_as("preservation").numbered(2).after(linked(3, Relation::Duplicate, true));
    let refused = Restraint::CountersOthers { other: id(2), kinds: vec!["copyright".to_owned()] };
    shipped_as("counter-notice")
        .beside(twin.clone())
        .when(link(2, Relation::Counter))
        .refused(refused.into());
    // Where nobody can read what it counters, any case may be it.
    let mut unread = shipped_as("counter-notice");
    unread.case.kind = "gone".to_owned();
    assert_eq!(may_counter(&unread.case, &twin.case, &unread.terms), Ok(()));
}

#[test]
fn only_a_link_of_its_own_to_that_case_is_taken_away() {
    let unlink = |given: Given| given.when(Command::Unlink { other: id(2) });
    let refused = || Refusal::from(Restraint::NotLinked { other: id(2), stays: None });
    unlink(shipped_as("counter-notice").after(against(3))).refused(refused());
    unlink(notice(1).after(linked(2, Relation::Counter, false))).refused(refused());
    // Nothing is said to a case that is not at hand.
    let (case, around) = (counter(), Around { other: Some(notice(3).case), ..Around::default() });
    let setting =
        Setting { actor: &case.actor, terms: &case.terms, now: case.now, draw: case.draw, certain: true };
    let events = unlinking::unlink(&case.case, id(2), &around, &setting).unwrap();
    assert_eq!(events, [(id(1), Event::Unlinked { other: id(2), how: Relation::Counter, outward: true })]);
}
