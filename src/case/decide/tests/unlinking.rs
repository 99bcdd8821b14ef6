//! A link that was a mistake comes off, as long as nothing was done because of it.

use super::given::*;
use crate::case::*;

fn off() -> Command {
    Command::Unlink { other: id(2) }
}

fn gone(how: Relation) -> Event {
    Event::Unlinked { other: id(2), how, outward: true }
}

fn stays(how: Relation) -> Refusal {
    Restraint::NotLinked { other: id(2), stays: Some(how) }.into()
}

#[test]
fn a_link_comes_off_where_nothing_else_was_done_because_of_it() {
    let linked = |how| given("other").after(linked(2, how, true));
    for loose in [Relation::Counter, Relation::Referral, Relation::Appeal, Relation::Extends] {
        linked(loose).when(off()).then([gone(loose)]);
    }
    for how in [Relation::Duplicate, Relation::ProducedFrom] {
        linked(how).when(off()).refused(stays(how));
    }
}

/// Given a complaint that was decided by whom its link allows, then that link stays; while it is open, it comes off, and with it
/// who may not decide. Whoever may not decide does not take it off.
#[test]
fn an_appeal_that_was_none_comes_off_until_it_is_decided() {
    let refused = given("terms").numbered(2).by("ben").done(refuse("no-breach", None)).closed();
    let complaint = given("complaint").with(text("context", "again")).beside(refused);
    let linked = complaint.done(link(2, Relation::Appeal));
    linked.by("ben").when(off()).refused(Restraint::DecidedIt { other: id(2) }.into());
    let free = linked.done(off());
    free.by("ben").when(refuse("no-breach", None)).at_once();
    linked.done(refuse("no-breach", None)).when(off()).refused(stays(Relation::Appeal));
}

/// Given a request for more time whose records are kept with the case that it extends, then its link stays.
#[test]
fn a_request_for_more_time_that_was_met_stays_linked() {
    let linked = given("preservation").after(linked(2, Relation::Extends, true));
    let met = Event::KeptWith { other: id(2), until: now(), of: [].into(), without: [].into() };
    linked.after(met).when(off()).refused(stays(Relation::Extends));
    let with_another = Event::KeptWith { other: id(3), until: now(), of: [].into(), without: [].into() };
    linked.after(with_another).when(off()).then([gone(Relation::Extends)]);
    let until = now() + chrono::TimeDelta::days(90);
    let held = given("preservation")
        .numbered(2)
        .after(self::linked_here())
        .after(Event::HoldStarted { from: now(), until });
    linked.beside(held.clone()).when(off()).then([gone(Relation::Extends)]);
    // A hold that was extended for it would have been extended for nothing.
    let longer =
        held.after(Event::HoldExtended { until: until + chrono::TimeDelta::days(90), asked_by: None });
    linked.beside(longer.clone()).when(off()).refused(stays(Relation::Extends));
    // Nor for any other letter; where there is another request for it, it was extended for that one.
    let letter = |role| linked.beside(longer.after(attached("letter.pdf", role)));
    letter(FileRole::Request).when(off()).refused(stays(Relation::Extends));
    letter(FileRole::Extension).when(off()).then([gone(Relation::Extends)]);
    let unheld = given("preservation").numbered(2).after(self::linked_here());
    linked.beside(unheld).when(off()).then([gone(Relation::Extends)]);
}

fn linked_here() -> Event {
    linked(1, Relation::Extends, false)
}

/// Given a duplicate that was opened again, then its link comes off; one that ended as one keeps it.
#[test]
fn a_duplicate_that_is_worked_again_is_linked_no_longer() {
    let twin = given("terms").after(linked(2, Relation::Duplicate, true));
    twin.when(off()).refused(stays(Relation::Duplicate));
    let again = twin.after(Event::Reopened { reason: None });
    again.when(off()).then([gone(Relation::Duplicate)]);
    let kept = given("terms").numbered(2).after(linked(1, Relation::Duplicate, false));
    let events = again.beside(kept).when(off()).all();
    assert_eq!(
        events[1],
        (id(2), Event::Unlinked { other: id(1), how: Relation::Duplicate, outward: false })
    );
}
