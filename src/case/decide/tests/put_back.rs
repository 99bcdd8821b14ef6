//! A request that is opened again: what was put back meanwhile counts as not done, and users hear what is not as they were told, once.

use super::given::*;
use super::taken_down::{answer, kept_from, removed};
use crate::case::clock::clocks;
use crate::case::decide::went_back::undone;
use crate::case::decide::{Deed, Duty, Setting, duties, held_up, untold};
use crate::case::letter::{Obstacle, draft, to_user};
use crate::case::*;

fn alice() -> Account {
    account("@alice:our.org")
}

fn settled(what: Telling) -> Event {
    Event::NoticeSettled { account: alice(), what, at: None }
}

fn told() -> Event {
    settled(Telling::Told { via: "mail".to_owned() })
}

fn notice() -> Given {
    let song = text("material", "mxc://our.org/song1, mxc://our.org/song2");
    shipped_as("copyright").with(accounts(&["@alice:our.org"])).with(song)
}

/// A removal order whose material is gone, and kept.
fn order() -> Given {
    kept_from(&removed(under_eu("removal")))
}

fn withdraw() -> Command {
    Command::Withdraw { reason: None }
}

fn reopen() -> Command {
    Command::Reopen { reason: None }
}

fn restore() -> Command {
    set([put(text("restored", "2026-11-20"))])
}

fn tells(given: &Given) -> bool {
    duties(&given.case, &given.terms).contains(&Duty::Tell(alice()))
}

fn goes_back(given: &Given) -> bool {
    let restored = Deed::Fill("restored".to_owned());
    let mut owed = duties(&given.case, &given.terms).into_iter();
    owed.any(|duty| matches!(duty, Duty::Promised(promise) if promise.by == restored))
}

/// What a command says of whom is told anew: the users, and whether it is that nothing came of it.
fn anew(given: &Given, command: Command) -> Option<(Vec<Account>, bool)> {
    given.when(command).happens().into_iter().find_map(|event| match event {
        Event::ToldInVain { accounts } => Some((accounts.into_iter().collect(), true)),
        Event::ToldAnew { accounts } => Some((accounts.into_iter().collect(), false)),
        _ => None,
    })
}

#[test]
fn what_was_put_back_before_it_is_opened_again_counts_as_not_done() {
    // Rule 41.
    let granted = order().done(answer(Extent::Full));
    let cleared =
        |key: &str, label: &str| Event::FieldCleared { key: key.to_owned(), label: label.to_owned() };
    let down = granted.done(reopen());
    assert!(down.case.has_done("removed"), "nothing was put back");
    let gone = down.done(withdraw()).done(restore());
    gone.when(reopen()).then([
        Event::Reopened { reason: None },
        Event::WentBack,
        cleared("removed", "removed"),
        cleared("restored", "restored"),
    ]);
    let again = gone.done(reopen());
    let runs = |given: &Given| clocks(&given.case, &given.terms).iter().any(|clock| clock.name == "tco");
    let tco = text("instrument", "removal order 2026-99, Regulation (EU) 2021/784");
    assert!(!runs(&granted.with(tco.clone())) && !runs(&down.with(tco.clone())) && runs(&again.with(tco)));
    for extent in [Extent::Full, Extent::Part] {
        again.when(answer(extent)).refused(Restraint::AnswerNeeds { key: "removed".to_owned() }.into());
    }
    again.when(answer(Extent::None)).at_once();
    // Nothing was taken down since, so nothing goes back.
    assert!(!goes_back(&again.done(withdraw())));
    // Said anew, it counts, and goes back anew.
    let anew = again.done(set([put(text("removed", "2026-11-20 11:00"))])).done(answer(Extent::Full));
    let says = draft(
        &anew.with(text("officer", "X")).with(text("reference", "7")).case,
        "answer",
        None,
        &anew.terms,
        now(),
    );
    assert!(says.unwrap().text().contains("11:00"));
    assert!(goes_back(&anew.done(reopen()).done(withdraw())));
}

#[test]
fn nothing_counts_as_undone_that_was_not_put_back() {
    let is_undone = |given: &Given| given.when(reopen()).happens().contains(&Event::WentBack);
    let gone = notice().done(answer(Extent::Full)).done(reopen()).done(withdraw());
    assert!(!is_undone(&gone) && gone.done(reopen()).case.acted_on);
    let back = gone.done(restore());
    assert!(is_undone(&back) && !back.done(reopen()).case.acted_on);
    // Nor by a line that says no day, or that nobody here put there.
    let says = |field: Field| is_undone(&gone.with(field));
    assert!(!says(text("restored", "not yet")));
    assert!(!says(Field { reading: Reading::Claimed, ..text("restored", "2026-11-20") }));
    // Against a notice that stands the line may say that a court action keeps it down.
    let stands = notice().done(answer(Extent::Full)).with(text("restored", "2026-11-20, court action"));
    assert!(!is_undone(&stands));
    // Nor by the opening of another case.
    let setting =
        Setting { actor: &back.actor, terms: &back.terms, now: back.now, draw: back.draw, certain: true };
    let elsewhere = vec![(id(2), Event::Reopened { reason: None })];
    assert_eq!(undone(&back.case, elsewhere.clone(), &setting), elsewhere);
    // Nor while it is not open again.
    let note = back.when(Command::Note { text: "x".to_owned() }).happens();
    assert!(!note.contains(&Event::WentBack));
}

#[test]
fn only_what_said_that_it_was_done_is_taken_off() {
    // Given an answer that also needs what the requester wrote, and what no form knows.
    let needs = |policy: &mut Policy| {
        let kinds = policy.kinds.iter_mut().filter(|kind| kind.name == "removal");
        kinds.for_each(|kind| kind.answer_needs.extend(owned(&["reference", "unheard of"])));
    };
    let said = [text("reference", "2026-11-19"), text("unheard of", "2026-11-19")];
    let given = said.into_iter().fold(order(), |given, field| given.with(field)).under(needs);
    let taken_off = |given: &Given| {
        let events = given.when(reopen()).happens().into_iter();
        let keys = events.filter_map(|event| match event {
            Event::FieldCleared { key, .. } => Some(key),
            _ => None,
        });
        keys.collect::<Vec<_>>()
    };
    // When it was put back and is opened again, then only our own words that it was done go.
    let back = given.done(answer(Extent::Full)).done(reopen()).done(withdraw()).done(restore());
    assert_eq!(taken_off(&back), ["removed", "restored"]);
    // And of those what says when.
    let mut dayless = back;
    dayless.case.fields.retain(|field| field.key != "removed");
    assert_eq!(taken_off(&dayless.with(text("removed", "by the night shift"))), ["restored"]);
}

#[test]
fn to_take_the_opening_back_puts_back_what_was_done() {
    let back = notice().done(answer(Extent::Full)).done(reopen()).done(withdraw()).done(restore());
    let again = back.done(reopen());
    let mut taken = again.case.clone();
    crate::case::decide::undo::way_back(&back.case, &again.case).iter().for_each(|part| taken.put_back(part));
    assert!(taken.acted_on && taken.has_done("restored") && taken.outcome == back.case.outcome);
}

#[test]
fn a_user_hears_each_turn_of_it_once() {
    // Rules 25, 31, 41.
    let to_all = (vec![alice()], false);
    let gone = notice().done(answer(Extent::Full)).done(reopen()).done(withdraw()).done(restore());
    assert!(tells(&gone));
    let heard = gone.after(told());
    // Opened again by mistake and withdrawn again: that is what they heard.
    let twice = heard.done(reopen()).done(withdraw());
    assert!(!tells(&twice) && !goes_back(&twice) && anew(&heard.done(reopen()), withdraw()).is_none());
    // Taken down again, they hear that, whatever of it.
    for extent in [Extent::Full, Extent::Part] {
        let again = heard.done(reopen());
        assert!(!tells(&again), "nothing came of it yet");
        assert_eq!(anew(&again, answer(extent)), Some(to_all.clone()));
        let down = again.done(answer(extent)).told_by("answer");
        assert!(tells(&down));
        let says = to_user(&down.case, &alice(), &down.terms, now()).unwrap().draft.text();
        assert!(says.contains("inaccessible") && !says.contains("Nothing came"), "{says}");
        assert!(!tells(&down.after(told())));
    }
    // A part that becomes all, and all that becomes a part.
    for (first, then) in [(Extent::Part, Extent::Full), (Extent::Full, Extent::Part)] {
        let again = notice().done(answer(first)).after(told()).done(reopen());
        assert!(anew(&again, answer(first)).is_none() && !tells(&again.done(answer(first))));
        assert_eq!(anew(&again, answer(then)), Some(to_all.clone()));
        assert!(tells(&again.done(answer(then))));
        // What turns out as they were told is not told again.
        let turned = again.done(answer(then)).done(reopen());
        assert!(!tells(&turned.done(answer(first))));
        assert!(tells(&turned.done(withdraw())));
    }
    // What was refused and is granted after all.
    let refused = notice().done(refuse("not-a-notice", None)).after(told());
    assert_eq!(anew(&refused.done(reopen()), answer(Extent::Full)), Some(to_all));
}

#[test]
fn nobody_is_told_anew_who_was_told_nothing_of_it() {
    let again = |given: Given| anew(&given.done(reopen()), answer(Extent::Full));
    let part = notice().done(answer(Extent::Part));
    assert!(again(part.clone()).is_none());
    assert!(again(part.after(settled(Telling::Waived { reason: "a guest".to_owned() }))).is_none());
    let review = now();
    let withheld = Telling::Withheld { reason: "safety".to_owned(), review };
    assert!(again(part.after(settled(withheld))).is_none());
    // Nor where the one notice says all that there is to say.
    let elsewhere = |policy: &mut Policy| policy.kinds.iter_mut().for_each(|kind| kind.takes_down = false);
    assert!(again(part.after(told()).under(elsewhere)).is_none());
    let full = notice().done(answer(Extent::Full)).after(told()).under(elsewhere).done(reopen());
    assert!(anew(&full, answer(Extent::Part)).is_none());
    let of_nobody = |policy: &mut Policy| policy.kinds.iter_mut().for_each(|kind| kind.notify = false);
    assert!(again(part.after(told()).under(of_nobody)).is_none());
    // A notice of before does not say what was so then.
    let mut old = part.after(told());
    old.case.notices.values_mut().for_each(|notice| notice.of = None);
    assert!(again(old.clone()).is_none());
    assert_eq!(anew(&old.done(reopen()), withdraw()), Some((vec![alice()], true)));
    let gone = old.done(reopen()).done(withdraw());
    assert!(tells(&gone) && !tells(&gone.done_by_two(reopen()).done(answer(Extent::Full))));
    // Where nothing was ever done, nothing came of it then either.
    let mut never = notice().done(refuse("not-a-notice", None)).after(told());
    never.case.notices.values_mut().for_each(|notice| notice.of = None);
    assert!(anew(&never.done(reopen()), withdraw()).is_none());
}

#[test]
fn the_time_to_tell_anew_begins_with_what_came_of_it_since() {
    let later = now() + chrono::TimeDelta::days(6);
    let start = |given: &Given| {
        let all = clocks(&given.case, &given.terms);
        all.into_iter().find(|clock| clock.name == "tell").map(|clock| clock.start)
    };
    let part = notice().done(answer(Extent::Part));
    let again = |given: &Given| given.done(reopen()).at(later).done(answer(Extent::Full));
    assert_eq!(start(&again(&part.after(told()))), Some(later));
    // Whoever was owed one from the first has no more time.
    assert_eq!(start(&again(&part)), Some(now()));
    let two = notice().with(accounts(&["@bob:our.org"])).done(answer(Extent::Part)).after(told());
    assert_eq!(start(&again(&two)), Some(now()));
}

/// That another case and a sealed one keep it down, all of it or not.
fn kept_down(rest: bool) -> Event {
    Event::KeptDown {
        by: [id(2)].into(),
        unshown: [id(3)].into(),
        rest,
        again: false,
        erased: false,
        until: None,
        is_back: false,
        asked: Others::default(),
    }
}

#[test]
fn a_notice_is_void_that_another_case_holds_up() {
    let gone = notice().done(answer(Extent::Full)).done(reopen()).done(withdraw());
    let how = Settling::Tell { via: "mail".to_owned(), at: None };
    let tell = Command::Notify { whom: Some(alice()), how };
    let waits = gone.done(tell.clone());
    let kept = |given: &Given, rest| given.after(kept_down(rest));
    assert!(!waits.case.proposals.is_empty() && held_up(&waits.case).is_empty());
    let held = kept(&waits, false);
    let void = held_up(&held.case);
    assert!(matches!(void.as_slice(), [Event::NoticeForbidden { code, .. }] if *code == waits.code()));
    assert!(held.after(void[0].clone()).case.proposals.is_empty());
    // Where a part goes back, they are told of that.
    assert!(held_up(&kept(&waits, true).case).is_empty());
    // Nor is anything else void.
    let other = kept(
        &gone.done(Command::Notify { whom: None, how: Settling::Waive { reason: "x".to_owned() } }),
        false,
    );
    assert!(held_up(&other.case).is_empty() && !other.case.proposals.is_empty());
    // And nobody is told meanwhile, for that reason.
    let held = kept(&gone, false);
    assert_eq!((untold(&gone.case).count(), untold(&held.case).count()), (1, 0));
    let stays = || Obstacle::stays_down(&held.case).unwrap();
    held.when(tell).refused(stays().into());
    let everybody = Command::Notify { whom: None, how: Settling::Tell { via: "mail".to_owned(), at: None } };
    held.when(everybody).refused(stays().into());
    assert_eq!(to_user(&held.case, &alice(), &held.terms, now()).map(|_| ()), Err(stays().into()));
}

#[test]
fn of_a_part_that_stays_down_the_user_hears_so() {
    for gone in
        [notice(), order()].map(|given| given.done(answer(Extent::Full)).done(reopen()).done(withdraw()))
    {
        let says = |given: &Given| to_user(&given.case, &alice(), &given.terms, now()).unwrap().draft.text();
        let rest = gone.after(kept_down(true));
        assert!(!says(&gone).contains("stays inaccessible"));
        assert!(says(&rest).contains("A part of what you shared stays inaccessible"));
        // What was granted in part is another thing.
        let part = gone
            .done(reopen())
            .after(Event::Answered { extent: Extent::Part })
            .done(reopen())
            .done(withdraw());
        assert!(!says(&part).contains("stays inaccessible"));
    }
}
