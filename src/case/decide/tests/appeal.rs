//! A complaint is looked at by somebody who did not decide what it complains of.

use super::given::*;
use crate::case::decide::appeal::linked as heard;
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
    assert!(linked.case.decided_before.is_empty());
}

/// Of two who decided each a part of it neither is somebody else.
#[test]
fn whoever_decided_another_part_of_it_is_nobody_else_either() {
    let mut complaint = complaint().after(linked(3, Relation::Appeal, true)).after(Event::DecidedBefore {
        other: id(3),
        by: account("@cy:our.org"),
        with: [].into(),
    });
    complaint.by("ben").when(full()).refused(Restraint::DecidedIt { other: id(2) }.into());
    complaint.terms.people.retain(|person| person.roles.contains(&Role::Approver));
    complaint.by("ben").when(full()).at_once();
}

/// Given a decision that took two people, when somebody complains of it, then neither of them decides about it, whoever of the two
/// it was who carried it out.
#[test]
fn whoever_proposed_it_has_decided_it_too() {
    let own = || Restraint::DecidedIt { other: id(2) };
    let proposed = |command: Command| {
        let case = given("information").numbered(2).by("ben");
        let waits = case.after(Event::Proposed {
            code: "K7Q2MX".to_owned(),
            command: Box::new(command),
            effects: vec![Effect::Disclose],
            sum: String::new(),
            expires: now(),
        });
        let (proposer, approver) = (account("@ben:our.org"), account("@cy:our.org"));
        waits.after(Event::CarriedOut { code: "K7Q2MX".to_owned(), proposer, approver })
    };
    let carry_out = |given: &Given, by: &str| {
        let mut given = given.by(by);
        let answered = Event::Answered { extent: Extent::Full };
        given.case.apply(&answered, &given.actor, given.now);
        given
    };
    let answered = |by: &str| carry_out(&proposed(full()), by);
    for by in ["ben", "cy"] {
        let complaint = given("complaint").with(text("context", "read it again"));
        let complaint = complaint.beside(answered(by)).done(link(2, Relation::Appeal));
        for name in ["ben", "cy"] {
            complaint.by(name).when(full()).refused(own().into());
        }
        complaint.by("ada").when(full()).at_once();
        // Where there is nobody but those two it is answered all the same.
        let mut alone = complaint.clone();
        alone.terms.people.retain(|person| person.account != account("@ada:our.org"));
        alone.by("ben").when(full()).at_once();
    }
    // What two people did before and what ended nothing is no part of the decision; nor is who decided before it was opened again.
    let with = |given: Given| given.case.outcome.map(|outcome| outcome.with).unwrap_or_default();
    let tell = Settling::Tell { via: "mail".to_owned(), at: None };
    let told = proposed(Command::Notify { whom: None, how: tell });
    assert!(with(carry_out(&told, "cy")).is_empty());
    assert!(with(carry_out(&answered("ben").after(Event::Reopened { reason: None }), "cy")).is_empty());
    assert_eq!(with(answered("cy")), [account("@ben:our.org")].into());
}

/// Who decided is put on record where it is not yet, be it one of two.
#[test]
fn who_decided_is_said_once() {
    let (ben, cy) = (account("@ben:our.org"), account("@cy:our.org"));
    let decided = |with: &[&Account]| {
        let mut decided = given("terms").numbered(2).by("ben").done(refuse("no-breach", None)).case;
        decided.outcome.as_mut().unwrap().with = with.iter().map(|with| (*with).clone()).collect();
        decided
    };
    let knows = |with: &[&Account]| {
        let with = with.iter().map(|with| (*with).clone()).collect();
        given("complaint").after(Event::DecidedBefore { other: id(2), by: ben.clone(), with }).case
    };
    let is_said = |case: &Case, other: &Case| heard(case, Relation::Appeal, other).is_some();
    assert!(!is_said(&knows(&[]), &decided(&[])));
    assert!(is_said(&knows(&[]), &decided(&[&cy])));
    assert!(!is_said(&knows(&[&cy]), &decided(&[&cy])));
    // Where it was put on record before two could be, it was one person.
    let mut before = complaint();
    before.case.decided_with.clear();
    before.by("ben").when(full()).refused(Restraint::DecidedIt { other: id(2) }.into());
    before.by("cy").when(full()).at_once();
}
