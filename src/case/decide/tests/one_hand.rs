//! What no single person does: to let a day pass unseen that somebody counts on, or to leave a request without an answer. By
//! whichever verb; and what one may do all the same, so that a slip of intake waits for nobody.

use chrono::TimeDelta;

use super::given::*;
use crate::case::decide::{Around, later, leaves_unheard};
use crate::case::*;

/// The case, a day after it was opened: what was typed then is no slip of a moment any more.
fn next_day(given: Given) -> Given {
    let later = now() + TimeDelta::days(1);
    given.at(later)
}

fn received(at: &str) -> Command {
    set([Edit::Received { at: at.parse().unwrap(), value: at.to_owned() }])
}

fn on(key: &str, day: &str) -> Field {
    Field { reading: Reading::Day { day: day.parse().unwrap() }, ..text(key, day) }
}

fn withdraw() -> Command {
    Command::Withdraw { reason: None }
}

fn sent(letter: &str, at: &str, repeat: Repeat) -> Command {
    Command::RecordSent {
        letter: letter.to_owned(),
        via: Channel::Mail,
        at: Some(at.parse().unwrap()),
        repeat,
    }
}

/// An order to remove, within the hour (TCO article 3(3)).
fn order() -> Given {
    under_eu("removal")
        .with(text("jurisdiction", "DE"))
        .with(text("instrument", "removal order under Regulation (EU) 2021/784"))
}

fn counts(given: &Given, name: &str) -> bool {
    clocks(&given.case, &given.terms).iter().any(|clock| clock.name == name)
}

#[test]
fn an_hour_that_runs_is_dropped_by_two() {
    // Given an order that counts an hour
    assert!(counts(&order(), "tco"), "{:#?}", clocks(&order().case, &order().terms));
    let lesser = || set([put(text("instrument", "court order 7"))]);
    // When somebody makes another of it, then two say so, and meanwhile it runs
    let asked = next_day(order());
    asked.when(lesser()).proposed(Effect::Leave);
    asked.when(set([put(text("instrument", ""))])).proposed(Effect::Leave);
    assert!(counts(&asked.done(lesser()), "tco"));
    assert!(!counts(&asked.done_by_two(lesser()), "tco"));
    // That it is done ends it by one word, and so does to refuse it, for its letter is owed.
    asked.when(set([put(text("removed", "2026-11-20"))])).at_once();
    asked.when(refuse("unverified", None)).at_once();
    // What makes it sooner takes one.
    next_day(under_eu("removal").with(text("jurisdiction", "DE")))
        .when(set([put(text("instrument", "removal order under Regulation (EU) 2021/784"))]))
        .at_once();
}

#[test]
fn whoever_opened_a_case_sets_a_slip_right_alone_for_as_long_as_it_could_be_taken_back() {
    let lesser = || set([put(text("instrument", "court order 7"))]);
    let at = |minutes| order().at(now() + TimeDelta::minutes(minutes));
    at(10).when(lesser()).at_once();
    at(11).when(lesser()).proposed(Effect::Leave);
    // Somebody else did not type it.
    at(1).by("ben").when(lesser()).proposed(Effect::Leave);
    // Once it is decided it is no slip.
    let early = under_eu("subject").with(text("right", "erasure")).done(received("2026-11-19T10:00:00Z"));
    early.when(received("2026-11-20T10:00:00Z")).at_once();
    early.by("ben").when(received("2026-11-20T10:00:00Z")).proposed(Effect::Leave);
    let decided = early.after(Event::Answered { extent: Extent::None });
    decided.when(received("2026-11-19T11:00:00Z")).proposed(Effect::Leave);
    // Nor does anybody know how long ago it was while the clock is in doubt.
    let setting = crate::case::decide::Setting { certain: false, ..early.setting() };
    let decided =
        crate::case::decide::decide(&early.case, &early.around, received("2026-11-20T10:00:00Z"), &setting);
    assert!(matches!(decided.unwrap().as_slice(), [(_, Event::Proposed { .. })]));
}

#[test]
fn what_is_counted_from_a_line_or_the_receipt_is_moved_later_by_two_and_sooner_by_one() {
    let asked = next_day(under_eu("subject").with(text("right", "erasure")));
    let earlier = asked.done(received("2026-11-10T10:00:00Z"));
    earlier.when(received("2026-11-12T10:00:00Z")).proposed(Effect::Leave);
    earlier.when(received("2026-11-09T10:00:00Z")).at_once();
    // Also where nothing is counted yet: whatever is, counts from there.
    next_day(shipped_as("preservation")).when(received("2026-11-20T11:00:00Z")).proposed(Effect::Leave);
    // A day that an order sets.
    let order = next_day(shipped_as("information").with(on("answer by", "2026-12-01")));
    for later in [put(on("answer by", "2026-12-02")), put(text("answer by", ""))] {
        order.when(set([later])).proposed(Effect::Leave);
    }
    order.when(set([put(on("answer by", "2026-11-30"))])).at_once();
    order.when(set([put(text("reference", "X"))])).at_once();
    // What somebody asks for.
    asked.when(set([put(text("right", "access"))])).proposed(Effect::Leave);
    asked.when(set([put(text("right", "access, erasure"))])).at_once();
}

#[test]
fn the_clock_that_would_be_later_is_named() {
    let asked = next_day(under_eu("subject").with(text("right", "erasure")));
    let after = asked.done_by_two(set([put(text("right", "access"))]));
    let named = later(&asked.case, &after.case, &asked.terms);
    let said: Vec<_> = named.iter().map(|one| (one.name.as_str(), one.then.is_none())).collect();
    assert_eq!(said, [("erasure", true)]);
    let after = asked.done_by_two(received("2026-11-21T09:00:00Z"));
    let named = later(&asked.case, &after.case, &asked.terms);
    assert!(named.iter().any(|one| one.name == "erasure" && one.then > Some(one.due)), "{named:?}");
    assert_eq!(later(&after.case, &asked.case, &asked.terms), []);
}

#[test]
fn what_counts_from_a_letter_moves_with_it_by_two_unless_its_time_was_a_slip() {
    let reported = shipped_as("other").after(Event::Flagged { flag: Flag::Csea });
    let us = crate::policy::stack(&[crate::policy::Layer::Pack("us")]).unwrap().policy;
    let reported = reported.under(|policy| *policy = Policy { version: policy.version.clone(), ..us });
    let mut reported = reported.by("ben");
    let at = "2026-11-20T08:00:00Z";
    reported.case.received = "2026-11-20T07:00:00Z".parse().unwrap();
    reported.case.apply(
        &Event::LetterSent { letter: "report".to_owned(), via: "mail".to_owned(), at: at.parse().unwrap() },
        &reported.actor,
        now(),
    );
    assert!(counts(&reported, "child-records"));
    let right = |given: &Given, at: &str| given.when(sent("report", at, Repeat::Instead));
    right(&reported, "2026-11-20T09:00:00Z").at_once();
    right(&reported.by("cy"), "2026-11-20T09:00:00Z").proposed(Effect::Leave);
    right(&next_day(reported.clone()), "2026-11-20T09:00:00Z").proposed(Effect::Leave);
    right(&next_day(reported), "2026-11-20T07:30:00Z").at_once();
}

/// A counter-notice, the first case, with the notice that it counters, the second, as the desk would look it up.
pub(super) fn counter() -> (Given, Given) {
    let received = Some(now() - TimeDelta::days(2));
    let notice = shipped_as("copyright")
        .numbered(2)
        .after(Event::Linked { other: id(1), how: Relation::Counter, outward: false, received })
        .after(Event::Answered { extent: Extent::Full });
    let mut counter = shipped_as("counter-notice").after(linked(2, Relation::Counter, true));
    counter.case.received = now() - TimeDelta::days(2);
    (counter.around.countered, counter.around.notices) = (vec![id(2)], vec![notice.case.clone()]);
    (counter, notice)
}

#[test]
fn the_day_on_which_material_goes_back_is_moved_by_two_from_the_counter_notice_too() {
    let (counter, notice) = counter();
    assert!(counts(&notice, "restore"));
    let linked = next_day(counter.beside(notice.clone()));
    linked.when(Command::Unlink { other: id(2) }).proposed(Effect::Leave);
    next_day(counter.clone()).when(received("2026-11-19T10:00:00Z")).proposed(Effect::Leave);
    counter.when(withdraw()).proposed(Effect::Leave);
    // Whoever countered hears that it is refused.
    counter.when(refuse("not-a-notice", None)).at_once();
    // Passed on, it is called a duplicate of one that came later: the earlier day would count no longer.
    let mut late = shipped_as("counter-notice").numbered(3).after(Event::Linked {
        other: id(2),
        how: Relation::Counter,
        outward: true,
        received: None,
    });
    late.case.received = now();
    let said = |given: Given| given.with(text("reference", "R-1")).with(text("officer", "U. Ser"));
    let passed = said(counter).told_by("forward");
    let twin = Given { around: Around { other: Some(said(late).case), ..passed.around.clone() }, ..passed };
    twin.when(link(3, Relation::Duplicate)).proposed(Effect::Leave);
}

#[test]
fn a_counter_notice_to_what_is_gone_gives_nobody_more_time() {
    let (_, notice) = counter();
    let mut gone = notice.clone();
    gone.case.counters.clear();
    gone.case.countered = None;
    let gone = gone.after(Event::Reopened { reason: None }).after(Event::Withdrawn { reason: None });
    let due = |given: &Given| {
        clocks(&given.case, &given.terms).iter().find(|it| it.name == "restore").map(|it| it.due)
    };
    let late = Event::Linked {
        other: id(7),
        how: Relation::Counter,
        outward: false,
        received: Some(now() + TimeDelta::days(5)),
    };
    assert!(due(&gone).is_some());
    assert_eq!(due(&gone.after(late)), due(&gone));
}

#[test]
fn material_that_is_to_go_back_stays_down_for_a_request_that_is_opened_again_by_two() {
    let (_, notice) = counter();
    let gone = notice.after(Event::Reopened { reason: None }).after(Event::Withdrawn { reason: None });
    assert!(counts(&gone, "restore"));
    gone.when(Command::Reopen { reason: None }).proposed(Effect::Leave);
    let back = gone.with(text("restored", "2026-11-20"));
    back.when(Command::Reopen { reason: None }).at_once();
}

#[test]
fn whoever_has_a_right_to_an_answer_is_said_to_have_withdrawn_by_two() {
    for kind in ["subject", "complaint", "counter-notice", "intimate"] {
        shipped_as(kind).with(text("officer", "Jane Roe")).when(withdraw()).proposed(Effect::Leave);
    }
    // A report by whoever says where to answer; of an anonymous one nobody is owed anything but what is counted.
    let report = shipped_as("terms").with(text("context", "spam"));
    report.when(withdraw()).at_once();
    report.with(text("email", "jane@example.net")).when(withdraw()).proposed(Effect::Leave);
    under_eu("terms").when(withdraw()).proposed(Effect::Leave);
    // Nor is a request that nothing is counted for missed by anybody, if an agency sent it.
    shipped_as("information").when(withdraw()).at_once();
    shipped_as("preservation").when(withdraw()).at_once();
    shipped_as("information").with(on("answer by", "2026-12-01")).when(withdraw()).proposed(Effect::Leave);
    order().when(withdraw()).proposed(Effect::Leave);
}

#[test]
fn where_to_answer_is_taken_off_by_two_while_somebody_is_owed_one() {
    let off = || set([put(text("email", ""))]);
    let report = shipped_as("terms").with(text("email", "jane@example.net"));
    next_day(report.clone()).when(off()).proposed(Effect::Leave);
    report.when(off()).at_once();
    next_day(report.with(text("officer", "Jane Roe"))).when(off()).at_once();
    let refused = Event::RequestRefused { code: "no-breach".into(), text: "No.".into(), words: None };
    let told = next_day(report.after(refused.clone()).told_by("refuse"));
    told.when(off()).at_once();
    next_day(report.after(refused)).when(off()).proposed(Effect::Leave);
}

#[test]
fn a_letter_that_another_policy_does_not_have_is_missed() {
    let refused = Event::RequestRefused { code: "other".into(), text: "No.".into(), words: None };
    let owed = shipped_as("complaint").with(text("officer", "Jane Roe")).after(refused);
    let silent = owed.under(|policy| policy.letters.retain(|letter| letter.name != "refuse"));
    let mut both = owed.clone();
    let mut policy = silent.terms.policy().unwrap().clone();
    policy.version = "ours/2".to_owned();
    both.terms.policies.insert(policy.version.clone(), policy);
    let mut after = both.case.clone();
    after.policy = "ours/2".to_owned();
    assert_eq!(
        leaves_unheard(&both.case, &after, &both.terms),
        Some(crate::case::decide::Unheard::LetterLost)
    );
    assert_eq!(leaves_unheard(&after, &both.case, &both.terms), None);
}
