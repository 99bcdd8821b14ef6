//! A complaint is looked at by somebody who did not decide what it complains of.

use super::given::*;
use crate::case::*;

fn full() -> Command {
    Command::Answer { extent: Extent::Full }
}

/// A complaint about what Ben refused.
fn complaint() -> Given {
    let decided = given("terms").numbered(2).by("ben").done(refuse("no-breach", None)).closed();
    given("complaint").with(text("context", "read it again")).beside(decided).done(link(2, Relation::Appeal))
}

#[test]
fn whoever_decided_it_does_not_decide_about_it() {
    let complaint = complaint();
    let own = || Restraint::DecidedIt { other: id(2) };
    complaint.by("ben").when(full()).refused(own().into());
    complaint.by("ben").when(refuse("no-breach", None)).refused(own().into());
    complaint.by("cy").when(full()).at_once();
    complaint.by("cy").when(refuse("no-breach", None)).at_once();
}

#[test]
fn what_is_decided_anew_because_of_it_is_another_decision() {
    let complaint = complaint();
    let anew = given("terms").numbered(2).by("cy").done(refuse("no-breach", None));
    let linked = complaint.beside(anew);
    linked.by("cy").when(full()).at_once();
    linked.by("ben").when(full()).refused(Restraint::DecidedIt { other: id(2) }.into());
}

#[test]
fn where_there_is_nobody_else_it_is_answered_all_the_same() {
    let mut complaint = complaint();
    complaint.terms.people.retain(|person| person.account == account("@ben:our.org"));
    complaint.by("ben").when(full()).at_once();
}

#[test]
fn a_link_of_another_sort_bars_nobody() {
    let decided = given("terms").numbered(2).by("ben").done(refuse("no-breach", None));
    let linked = given("complaint").beside(decided).done(link(2, Relation::Referral));
    linked.by("ben").when(full()).at_once();
}

/// Of two who decided each a part of it neither is somebody else.
#[test]
fn whoever_decided_another_part_of_it_is_nobody_else_either() {
    let mut complaint = complaint().after(Event::DecidedBefore { other: id(3), by: account("@cy:our.org") });
    complaint.by("ben").when(full()).refused(Restraint::DecidedIt { other: id(2) }.into());
    complaint.terms.people.retain(|person| person.roles.contains(&Role::Approver));
    complaint.by("ben").when(full()).at_once();
}
