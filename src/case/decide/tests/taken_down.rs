//! What is made inaccessible for somebody: that it is kept where the answer says so, that the answer says how much of it, and that
//! it goes back once nothing is left of what asked for it.

use super::given::*;
use crate::case::clock::clocks;
use crate::case::decide::in_vain::told_again;
use crate::case::decide::{Deed, Duty, Setting, duties};
use crate::case::letter::{draft, to_user};
use crate::case::*;

/// A removal order, verified, whose material is gone; under this law.
pub(super) fn removed(given: Given) -> Given {
    let removed = given
        .with(text("removed", "2026-11-20 10:00"))
        .with(text("material", "#a:our.org"))
        .with(accounts(&["@alice:our.org"]));
    verified(removed)
}

pub(super) fn verified(given: Given) -> Given {
    given.called().after(Event::Verified {
        what: Verifiable::Instrument,
        by: ada(),
        how: "read".to_owned(),
        entry: None,
        call: None,
        recorder: None,
    })
}

pub(super) fn answer(extent: Extent) -> Command {
    Command::Answer { extent }
}

pub(super) fn kept_from(given: &Given) -> Given {
    given.after(Event::HoldStarted { from: now(), until: now() + chrono::TimeDelta::days(30) })
}

#[test]
fn an_answer_that_says_that_something_is_kept_waits_for_the_hold() {
    // Rule 24, TCO article 6.
    let order = removed(under_eu("removal"));
    for extent in [Extent::Full, Extent::Part] {
        order.when(answer(extent)).refused(Restraint::AnswerKeeps.into());
        kept_from(&order).when(answer(extent)).at_once();
    }
    // Where the letter does not say so, nobody need.
    removed(shipped_as("removal")).when(answer(Extent::Full)).at_once();
    let wordless = order.under(|policy| policy.letters.retain(|letter| letter.name != "answer"));
    wordless.when(answer(Extent::Full)).at_once();
    let referral = shipped_as("referral").with(text("ground", "law"));
    referral.when(answer(Extent::Full)).refused(Restraint::AnswerKeeps.into());
    kept_from(&referral).when(answer(Extent::Full)).proposed(Effect::Disclose);
}

#[test]
fn how_far_an_order_was_carried_out_is_what_its_answer_says_though_no_record_is_given_out() {
    // What is missing otherwise is not what is asked here.
    let needless = |policy: &mut Policy| {
        let rules = policy.kinds.iter_mut().flat_map(|kind| &mut kind.fields);
        rules.for_each(|rule| rule.required = false);
    };
    let order = |given: Given| {
        let given = given.with(text("data", "messages")).with(text("instrument", "court order 7"));
        given.with(text("jurisdiction", "GB")).under(needless)
    };
    let done = order(removed(shipped_as("removal")));
    done.when(answer(Extent::Part)).proposed(Effect::Disclose);
    done.when(answer(Extent::Full)).proposed(Effect::Disclose);
    // Where nothing was removed yet nothing of it is left.
    let open = order(verified(shipped_as("removal").with(text("material", "#a:our.org"))));
    assert!(matches!(open.when(answer(Extent::Part)).decided, Err(Refusal::Restraint(_))));
}

#[test]
fn of_records_that_an_order_asks_for_besides_the_answer_speaks_line_by_line() {
    let says = |data: &str, extent| {
        let order = removed(shipped_as("removal")).with(text("officer", "P. C. Smith"));
        let order = order.with(text("reference", "7")).with(text("jurisdiction", "GB"));
        let order = order.with(text("instrument", "court order")).with(text("data", data));
        let answered = order.after(Event::Answered { extent });
        draft(&answered.case, "answer", None, &answered.terms, now()).unwrap().text()
    };
    // Given an order that was carried out, and that asks for what goes out, what nobody can read and what nobody understood
    let letter = says("account, messages, holiday pictures", Extent::Full);
    // Then all of what it names is inaccessible, and of the records each stands where it belongs
    assert!(!letter.contains("a part of what it names"), "{letter}");
    let (given, out) = letter.split_once("these we do not give out").expect("some do not go out");
    assert!(given.contains("\n\n- account record\n\n") && !given.contains("messages"), "{letter}");
    assert!(
        out.contains("- messages in encrypted rooms: ")
            && out.contains("- holiday pictures: We could not tell"),
        "{letter}"
    );
    assert!(!letter.contains("\n\n\n"), "{letter:?}");
    // Where none are asked for there is no paragraph about them, nor an empty one.
    let bare = says("", Extent::Part);
    assert!(bare.contains("a part of what it names") && !bare.contains("ask for"), "{bare}");
    assert!(!bare.contains("\n\n\n"), "{bare:?}");
}

#[test]
fn where_the_answer_is_that_there_is_nothing_no_records_go_out_and_why_others_do_not_is_said() {
    let asked = verified(shipped_as("information").with(text("instrument", "search warrant")));
    let asked = asked.with(text("jurisdiction", "GB")).with(text("data", "account, messages"));
    let asked = asked.with(text("officer", "P. C. Smith")).with(text("reference", "7"));
    let asked = asked.with(accounts(&["@alice:our.org"]));
    let says = |extent, letter| {
        let answered = asked.after(Event::Answered { extent });
        draft(&answered.case, letter, None, &answered.terms, now()).unwrap().text()
    };
    // Given a request for what could go out and what nobody can read
    assert!(says(Extent::Part, "answer").contains("- account record"));
    // When the answer is that there is nothing, then its letter gives out neither, and says why of the one
    let letter = says(Extent::None, "none");
    assert!(!letter.contains("account record") && !letter.contains("\n\n\n"), "{letter}");
    assert!(letter.contains("these we do not give out:\n\n- messages in encrypted rooms: "), "{letter}");
}

#[test]
fn nobody_hears_that_there_was_nothing_where_it_was_removed() {
    let done = Restraint::DoneAllTheSame { label: "Removed".to_owned(), key: "removed".to_owned() };
    removed(under_eu("removal")).when(answer(Extent::None)).refused(done.into());
    verified(under_eu("removal")).when(answer(Extent::None)).at_once();
    // Only what counts says so, on a line of ours, with its day.
    let says = |given: &Given, field: Field| verified(given.with(field)).when(answer(Extent::None));
    let order = under_eu("removal");
    says(&order, text("removed", "nothing was found")).at_once();
    says(&order, Field { reading: Reading::Claimed, ..text("removed", "2026-11-20 10:00") }).at_once();
    let theirs = order.under(|policy| {
        let lines = policy.kinds.iter_mut().flat_map(|kind| &mut kind.fields);
        lines.filter(|rule| rule.key == "removed").for_each(|rule| rule.ours = false);
    });
    says(&theirs, text("removed", "2026-11-20 10:00")).at_once();
    // What is no day says what was found, not what was done.
    shipped_as("terms").with(text("clause", "3.2")).when(answer(Extent::None)).at_once();
}

#[test]
fn in_part_is_said_as_that() {
    let says = |given: &Given, extent| {
        let given = given.with(text("officer", "P. C. Smith")).with(text("reference", "7"));
        let answered = given.after(Event::Answered { extent });
        draft(&answered.case, "answer", None, &answered.terms, now()).unwrap().text()
    };
    let removal = removed(shipped_as("removal"));
    let of_eu = kept_from(&removed(under_eu("removal")));
    for given in [removal, of_eu, shipped_as("intimate"), shipped_as("copyright")] {
        let (full, part) = (says(&given, Extent::Full), says(&given, Extent::Part));
        assert!(!full.contains("part of what"), "{full}");
        assert!(part.contains("part of what") && part.contains("The rest"), "{part}");
    }
}

#[test]
fn nothing_was_removed_for_an_order_before_it_came() {
    let removed = |day: &str| set([put(text("removed", day))]);
    for order in [verified(under_eu("removal")), verified(shipped_as("removal"))] {
        order.when(removed("2026-11-20 10:00")).at_once();
        let (day, begun) = ("2025-11-20".parse().unwrap(), "2026-11-20".parse().unwrap());
        let (label, key) = ("Removed".to_owned(), "removed".to_owned());
        let slip = order.when(removed("2025-11-20 10:00"));
        slip.refused(Restraint::DoneBeforeBegun { label, key, day, begun }.into());
        let label = "Removed".to_owned();
        let day = "2027-11-20".parse().unwrap();
        order.when(removed("2027-11-20 10:00")).refused(Restraint::DoneInFuture { label, day }.into());
    }
}

fn alice() -> Account {
    account("@alice:our.org")
}

fn told() -> Event {
    Event::NoticeSettled { account: alice(), what: Telling::Told { via: "mail".to_owned() }, at: None }
}

/// Whether something is to be put back, and by when.
fn goes_back(given: &Given) -> Option<String> {
    let restored = Deed::Fill("restored".to_owned());
    let owed = duties(&given.case, &given.terms);
    let back = owed.iter().find_map(|duty| match duty {
        Duty::Promised(promise) if promise.by == restored => Some(promise.clock.due),
        _ => None,
    });
    back.map(|due| due.format("%Y-%m-%d").to_string())
}

fn tells(given: &Given) -> bool {
    duties(&given.case, &given.terms).contains(&Duty::Tell(alice()))
}

fn withdrawn() -> Command {
    Command::Withdraw { reason: None }
}

#[test]
fn what_was_taken_down_goes_back_that_day_and_its_user_hears_so() {
    // Rule 41, without any counter-notice.
    let notice = shipped_as("copyright").with(accounts(&["@alice:our.org"])).with(text("material", "x"));
    let acted = notice.done(answer(Extent::Full)).told_by("answer").after(told());
    assert!(goes_back(&acted).is_none() && !tells(&acted));
    for ending in [withdrawn(), refuse("not-a-notice", None), answer(Extent::None)] {
        let again = acted.done(Command::Reopen { reason: None });
        assert!(goes_back(&again).is_none(), "it is worked again");
        let gone = again.done(ending.clone());
        assert_eq!(goes_back(&gone).as_deref(), Some("2026-11-20"), "{ending:?}");
        assert!(tells(&gone), "{ending:?}");
        assert!(
            to_user(&gone.case, &alice(), &gone.terms, now()).unwrap().draft.text().contains("put it back")
        );
        // The time in which they hear it begins now.
        let due = clocks(&gone.case, &gone.terms).into_iter().find(|clock| clock.title == "users to be told");
        assert_eq!(due.unwrap().start, now());
        let done = gone.done(set([put(text("restored", "2026-11-20"))])).after(told());
        assert!(goes_back(&done).is_none() && !tells(&done), "{ending:?}");
        // Whoever takes the ending back owes neither.
        gone.when(Command::Reopen { reason: None }).proposed(Effect::Leave);
        let back = gone.done_by_two(Command::Reopen { reason: None });
        assert!(goes_back(&back).is_none() && back.case.notice(&alice()).is_some());
        // Nothing was done for what was never granted.
        assert!(goes_back(&notice.done(ending)).is_none());
    }
    let twin = again_a_duplicate(&acted);
    assert!(goes_back(&twin).is_none() && !tells(&twin), "the other case keeps it down");
}

/// Only who was told that something was made inaccessible hears that nothing came of it, and hears it once.
#[test]
fn whoever_was_told_hears_once_that_nothing_came_of_it() {
    let vain = |given: &Given, command: Command| {
        let events = given.when(command).all().into_iter();
        let vain = events.filter_map(|(of, event)| match event {
            Event::ToldInVain { accounts } => Some((of, accounts.into_iter().collect::<Vec<_>>())),
            _ => None,
        });
        vain.collect::<Vec<_>>()
    };
    let notice = shipped_as("copyright").with(accounts(&["@alice:our.org"])).with(text("material", "x"));
    let acted = notice.done(answer(Extent::Full)).told_by("answer");
    let again = acted.done(Command::Reopen { reason: None });
    let heard = again.after(told());
    assert_eq!(vain(&heard, withdrawn()), [(id(1), vec![alice()])]);
    // Nobody else does: whoever was not told, or will not be, or is told of nothing.
    let waived = Telling::Waived { reason: "a guest".to_owned() };
    let waived = Event::NoticeSettled { account: alice(), what: waived, at: None };
    assert_eq!((vain(&again, withdrawn()), vain(&again.after(waived), withdrawn())), (vec![], vec![]));
    let of_nobody = heard.under(|policy| policy.kinds.iter_mut().for_each(|kind| kind.notify = false));
    assert_eq!(vain(&of_nobody, withdrawn()), []);
    let wordless = heard.under(|policy| policy.letters.retain(|letter| letter.name != "dropped"));
    assert_eq!(vain(&wordless, withdrawn()), []);
    // Nor for what leaves the request as it was, or happens to another one.
    let note = || Command::Note { text: "x".to_owned() };
    assert_eq!((vain(&heard, note()), vain(&heard.done(withdrawn()), note())), (vec![], vec![]));
    let setting =
        Setting { actor: &heard.actor, terms: &heard.terms, now: heard.now, draw: heard.draw, certain: true };
    let elsewhere = vec![(id(2), Event::Withdrawn { reason: None })];
    assert_eq!(told_again(&heard.case, elsewhere.clone(), &setting), elsewhere);
}

fn again_a_duplicate(acted: &Given) -> Given {
    let again = acted.done(Command::Reopen { reason: None });
    again.after(linked(2, Relation::Duplicate, true))
}

#[test]
fn what_an_order_removed_goes_back_once_it_is_withdrawn() {
    let order = kept_from(&removed(under_eu("removal")));
    let gone = order.done(withdrawn());
    assert_eq!(goes_back(&gone).as_deref(), Some("2026-11-20"));
    assert!(tells(&gone));
    let says = to_user(&gone.case, &alice(), &gone.terms, now()).unwrap().draft.text();
    assert!(says.contains("Nothing came of the order") && !says.contains("challenge"), "{says}");
    assert!(goes_back(&gone.done(set([put(text("restored", "2026-11-20"))]))).is_none());
    // Before it is gone nothing is put back, and what was never removed stays.
    let early = Restraint::BeforeItsTime { label: "Restored".to_owned(), start: Start::Dropped };
    order.when(set([put(text("restored", "2026-11-20"))])).refused(early.into());
    assert!(goes_back(&verified(under_eu("removal")).done(withdrawn())).is_none());
}

#[test]
fn what_is_added_after_it_was_done_was_not_done() {
    let more = || set([put(text("material", "#a:our.org, #b:our.org"))]);
    let adds = |done: Option<&str>, kind: &str| Restraint::AddsToDone {
        label: "Material".to_owned(),
        done: done.map(str::to_owned),
        kind: kind.to_owned(),
    };
    let order = removed(under_eu("removal"));
    order.when(more()).refused(adds(Some("removed"), "removal").into());
    let answered = kept_from(&order).done(answer(Extent::Full));
    answered.when(more()).refused(adds(None, "removal").into());
    // Where nothing is taken down, nothing was.
    let elsewhere = |kind: &mut Kind| kind.takes_down = false;
    answered.under(|policy| policy.kinds.iter_mut().for_each(elsewhere)).when(more()).at_once();
    // A sign between two places is no place, and without one there is none between them.
    order.when(set([put(text("material", "#a:our.org;"))])).at_once();
    let close = set([put(text("material", "#a:our.org;#b:our.org"))]);
    order.when(close).refused(adds(Some("removed"), "removal").into());
    // What is taken off was done, and a slip of the pen is none.
    order.when(set([put(text("material", "#A:our.org"))])).at_once();
    // Said anew, it is said of all.
    let both =
        set([put(text("material", "#a:our.org, #b:our.org")), put(text("removed", "2026-11-20 10:05"))]);
    order.when(both).at_once();
    // Before anything was done, the order is looked at again for it.
    let early = verified(under_eu("removal").with(text("material", "#a:our.org")));
    let named = early.done(more());
    assert!(named.case.instrument.is_none());
    let pictures = shipped_as("intimate").with(text("material", "#a:our.org"));
    pictures.when(more()).at_once();
    let done = pictures.done(answer(Extent::Full));
    done.when(more()).refused(adds(None, "intimate").into());
    // Opened again, its clock runs again.
    let again = done.done(Command::Reopen { reason: None }).done(more());
    assert!(clocks(&again.case, &again.terms).iter().any(|clock| clock.name == "take-down"));
    shipped_as("terms").done(set([put(text("clause", "3.2"))])).when(more()).at_once();
}

#[test]
fn a_time_that_only_lasts_is_never_missed() {
    // DSA 20: the time for complaints.
    let day = "2026-11-20".parse().unwrap();
    let acted = Field { reading: Reading::Day { day }, ..text("acted", "2026-11-20") };
    let given = under_eu("terms").with(acted).with(text("clause", "3.2"));
    let given = given.after(Event::Answered { extent: Extent::Full });
    let runs = |given: &Given| {
        clocks(&given.case, &given.terms).into_iter().find(|clock| clock.name == "complaints-open")
    };
    let clock = runs(&given).unwrap();
    let over = clock.due + chrono::TimeDelta::seconds(1);
    let elapsed = |at| {
        let events = crate::case::decide::sweep(&given.case, &given.around, &given.terms, at, true);
        let mut events = events.into_iter().map(|(_, event)| event);
        events.find(|event| matches!(event, Event::ClockElapsed { .. }))
    };
    assert_eq!(elapsed(clock.due), None);
    let ended = given.after(elapsed(over).unwrap());
    assert!(runs(&ended).is_none());
    // It runs again from another day.
    let other = "2026-11-21".parse().unwrap();
    let mut later = ended.clone();
    later.case.fields.retain(|field| field.key != "acted");
    let later = later.with(Field { reading: Reading::Day { day: other }, ..text("acted", "2026-11-21") });
    assert!(runs(&later).is_some());
}

/// Two requests for the same material, each answered in full, the second one beside the first.
fn two(of: impl Fn() -> Given) -> (Given, Case) {
    (
        of().after(Event::Answered { extent: Extent::Full }),
        of().numbered(2).after(Event::Answered { extent: Extent::Full }).case,
    )
}

/// The case as it stands beside others.
fn beside(given: &Given, others: &[&Case]) -> Given {
    let others = others.iter().map(|case| (case.id, Case::clone(case))).collect();
    let event = crate::case::decide::kept_down(&given.case, &others, &Default::default(), &given.terms);
    event.map_or_else(|| given.clone(), |event| given.after(event))
}

#[test]
fn what_two_asked_for_goes_back_once_nothing_is_left_of_either() {
    // Rule 41.
    let order = || removed(under_eu("removal"));
    let notice = || {
        shipped_as("copyright")
            .with(accounts(&["@alice:our.org"]))
            .with(text("material", "mxc://our.org/song"))
    };
    for of in [&order as &dyn Fn() -> Given, &notice] {
        let (first, second) = two(of);
        let first = first.after(told()).done(Command::Reopen { reason: None }).done(withdrawn());
        assert!(goes_back(&first).is_some());
        let kept = beside(&first, &[&second]);
        assert!(goes_back(&kept).is_none() && !tells(&kept) && kept.case.kept_down.by.contains(&id(2)));
        assert!(to_user(&kept.case, &alice(), &kept.terms, now()).is_err());
        assert_eq!(beside(&kept, &[&second]).case, kept.case, "said once");
        // Worked again it stands; taken back it does not.
        let mut again = second.clone();
        again.apply(&Event::Reopened { reason: None }, &ada(), now());
        assert!(goes_back(&beside(&first, &[&again])).is_none());
        let mut gone = again.clone();
        gone.apply(&Event::Withdrawn { reason: None }, &ada(), now());
        let freed = beside(&kept, &[&gone]);
        assert!(goes_back(&freed).is_some() && tells(&freed) && !freed.case.due_again);
        let mut other = second.clone();
        // Of other material it says nothing; of a part of it, that the rest goes back.
        other.fields.retain(|field| field.key != "material");
        other.fields.push(text("material", "mxc://our.org/another"));
        assert!(goes_back(&beside(&first, &[&other])).is_some());
        // Closed, it is open again for it.
        let closed = beside(&kept.after(Event::Closed), &[&gone]);
        assert!(closed.case.closed.is_none() && goes_back(&closed).is_some());
    }
}

#[test]
fn what_only_a_part_is_kept_of_goes_back_for_the_rest() {
    let both = "mxc://our.org/song1, mxc://our.org/song2";
    let of = |material: &str| {
        let notice =
            shipped_as("copyright").with(accounts(&["@alice:our.org"])).with(text("material", material));
        notice.after(Event::Answered { extent: Extent::Full })
    };
    let first = of(both).done(Command::Reopen { reason: None }).done(withdrawn());
    let second = of("mxc://our.org/song1").numbered(2).case;
    let kept = beside(&first, &[&second]);
    assert!(kept.case.kept_down.rest && goes_back(&kept).is_some());
    // To be kept in part is not to be free again.
    assert!(beside(&first.after(Event::Closed), &[&second]).case.closed.is_some());
    let third = of("mxc://our.org/song2").numbered(3).case;
    assert!(goes_back(&beside(&first, &[&second, &third])).is_none());
}

#[test]
fn of_many_that_keep_it_down_the_newest_are_named() {
    let notice = || shipped_as("copyright").with(text("material", "mxc://our.org/song"));
    let (first, _) = two(notice);
    let first = first.done(Command::Reopen { reason: None }).done(withdrawn());
    let of = |number| notice().numbered(number).after(Event::Answered { extent: Extent::Full }).case;
    let others: Vec<Case> = (2..10).map(of).collect();
    let kept = beside(&first, &others.iter().collect::<Vec<_>>());
    assert_eq!(kept.case.kept_down.by, (4..10).map(id).collect());
}

#[test]
fn what_is_answered_without_taking_anything_down_keeps_nothing_down() {
    let notice = || shipped_as("copyright").with(text("material", "mxc://our.org/song"));
    let (first, second) = two(notice);
    let first = first.done(Command::Reopen { reason: None }).done(withdrawn());
    assert!(goes_back(&beside(&first, &[&second])).is_none());
    let asked = Case { kind: "information".to_owned(), ..second.clone() };
    assert!(goes_back(&beside(&first, &[&asked])).is_some());
    let elsewhere = first.under(|policy| policy.kinds.iter_mut().for_each(|kind| kind.takes_down = false));
    assert!(goes_back(&beside(&elsewhere, &[&second])).is_some());
}

#[test]
fn a_counter_notice_puts_back_nothing_that_another_notice_keeps() {
    let of = || {
        let notice = shipped_as("copyright")
            .with(accounts(&["@alice:our.org"]))
            .with(text("material", "mxc://our.org/song"));
        notice.after(Event::Answered { extent: Extent::Full })
    };
    let link = Event::Linked { other: id(3), how: Relation::Counter, outward: false, received: Some(now()) };
    let first = of().after(link.clone());
    assert!(goes_back(&first).is_some());
    let second = of().numbered(2);
    assert!(goes_back(&beside(&first, &[&second.case])).is_none());
    // Countered too, neither keeps it longer than the other may keep it itself.
    let second = second.after(link);
    assert_eq!(goes_back(&beside(&first, &[&second.case])), goes_back(&first));
    assert_eq!(goes_back(&beside(&second, &[&first.case])), goes_back(&second));
}

#[test]
fn what_was_done_in_part_is_told_as_that() {
    // Rules 25 and 31.
    for given in [shipped_as("copyright"), removed(under_eu("removal"))] {
        let given = given
            .with(accounts(&["@alice:our.org"]))
            .with(text("material", "mxc://our.org/1, mxc://our.org/2"));
        let says = |extent| {
            let answered = given.after(Event::Answered { extent });
            to_user(&answered.case, &alice(), &answered.terms, now()).unwrap().draft.text()
        };
        assert!(!says(Extent::Full).contains("part of that"));
        assert!(says(Extent::Part).contains("part of that") && says(Extent::Part).contains("the rest not"));
    }
}

#[test]
fn nobody_hears_why_we_acted_on_what_nothing_came_of() {
    // Rule 31, DSA 17.
    let day = "2026-11-20".parse().unwrap();
    let acted = Field { reading: Reading::Day { day }, ..text("acted", "2026-11-20") };
    let given = under_eu("terms").with(acted).with(text("clause", "3.2")).with(accounts(&["@alice:our.org"]));
    let answered = given.after(Event::Answered { extent: Extent::Full });
    let owed = |given: &Given| {
        clocks(&given.case, &given.terms).iter().any(|clock| clock.name == "statement-of-reasons")
    };
    assert!(owed(&answered) && draft(&answered.case, "reasons", None, &answered.terms, now()).is_ok());
    let refused = answered.after(Event::Reopened { reason: None }).done(refuse("no-breach", None));
    let letter = "reasons".to_owned();
    let why = crate::case::letter::Obstacle::NothingToGiveReasonsFor { letter };
    let drafted = draft(&refused.case, "reasons", None, &refused.terms, now());
    assert_eq!(drafted.map(|draft| draft.text()), Err(why.into()));
    assert!(!owed(&refused));
    // What went out before is put on record later.
    let before = now() - chrono::TimeDelta::days(1);
    assert!(draft(&refused.case, "reasons", None, &refused.terms, before).is_ok());
}
