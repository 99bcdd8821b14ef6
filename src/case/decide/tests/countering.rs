//! Counter-notices (rule 41, 17 USC 512(g)): linked to the notice, passed on before the answer, and nothing of either once they
//! came to nothing.

use super::given::*;
use crate::case::clock::clocks;
use crate::case::decide::{Around, Deed, Duty};
use crate::case::letter::{Obstacle, draft, to_user};
use crate::case::*;

fn received() -> chrono::DateTime<chrono::Utc> {
    "2026-11-18T09:00:00Z".parse().unwrap()
}

/// A counter-notice, the first case, against a copyright notice, the second.
fn counter() -> Given {
    let counter = shipped_as("counter-notice").after(linked(2, Relation::Counter, true));
    Given { around: Around { countered: vec![id(2)], ..counter.around.clone() }, ..counter }
}

/// The notice that it counters.
fn notice() -> Given {
    let link =
        Event::Linked { other: id(1), how: Relation::Counter, outward: false, received: Some(received()) };
    shipped_as("copyright").numbered(2).after(link)
}

fn sent(letter: &str) -> Event {
    Event::LetterSent { letter: letter.to_owned(), via: "mail".to_owned(), at: now() }
}

fn full() -> Command {
    Command::Answer { extent: Extent::Full }
}

fn runs(given: &Given, name: &str) -> bool {
    clocks(&given.case, &given.terms).iter().any(|clock| clock.name == name)
}

/// What a command on the counter-notice does to both.
#[track_caller]
fn both(counter: &Given, notice: &Given, command: Command) -> (Given, Given) {
    let (mut one, mut other) = (counter.clone(), notice.clone());
    for (case, event) in counter.by_two(command) {
        let given = if case == id(1) { &mut one } else { &mut other };
        given.case.apply(&event, &ada(), now());
    }
    (one, other)
}

#[test]
fn one_that_comes_to_nothing_orders_nothing_any_more() {
    let twin = |given: &Given| {
        let third = shipped_as("counter-notice").numbered(3).case;
        Given { around: Around { other: Some(third), ..given.around.clone() }, ..given.clone() }
    };
    for ending in [
        refuse("not-a-notice", None),
        Command::Withdraw { reason: None },
        Command::Redirect { to: Elsewhere::Server },
        link(3, Relation::Duplicate),
    ] {
        let (counter, notice) = (twin(&counter()), notice());
        assert!(runs(&counter, "counter-notice") && runs(&notice, "restore"));
        let (ended, left) = both(&counter, &notice, ending.clone());
        assert!(!runs(&ended, "counter-notice") && !runs(&left, "restore"), "{ending:?}");
        // Nobody's name and address go out for it.
        let letter = draft(&ended.case, "forward", None, &ended.terms, now());
        assert_eq!(letter.unwrap_err(), Obstacle::CameToNothing { letter: "forward".to_owned() }.into());
        // Worked again, it counts again, from the day that it was received.
        let (again, back) = both(&ended, &left, Command::Reopen { reason: None });
        assert!(runs(&again, "counter-notice") && runs(&back, "restore"), "{ending:?}");
        assert_eq!(back.case.countered, Some(again.case.received));
        assert!(draft(&again.case, "forward", None, &again.terms, now()).is_ok());
    }
}

#[test]
fn of_a_notice_that_is_not_here_nothing_is_said() {
    let ended = |countered: Vec<CaseId>, other: Option<Case>, events: &[(CaseId, Event)]| {
        let around = Around { countered, other, ..Around::default() };
        let events = crate::case::decide::countering::followed(&counter().case, &around, events.to_vec());
        events.contains(&(id(2), Event::CounterEnded { other: id(1) }))
    };
    let withdrawn = |number| [(id(number), Event::Withdrawn { reason: None })];
    let third = shipped_as("counter-notice").numbered(3).case;
    assert!(ended(vec![id(2)], None, &withdrawn(1)));
    assert!(ended(Vec::new(), Some(notice().case), &withdrawn(1)));
    assert!(!ended(Vec::new(), None, &withdrawn(1)), "it was purged");
    assert!(!ended(Vec::new(), Some(third.clone()), &withdrawn(1)));
    assert!(!ended(vec![id(2)], Some(third), &withdrawn(3)), "another case was withdrawn");
}

#[test]
fn an_answer_ends_nothing_of_it() {
    let passed_on = counter().after(sent("forward"));
    let (answered, left) = both(&passed_on, &notice(), full());
    assert!(answered.case.outcome.is_some() && runs(&left, "restore"));
}

#[test]
fn of_several_those_count_that_stand() {
    let later = "2026-11-19T09:00:00Z".parse().unwrap();
    let second =
        Event::Linked { other: id(3), how: Relation::Counter, outward: false, received: Some(later) };
    let two = notice().after(second);
    assert_eq!(two.case.countered, Some(received()));
    let one = two.after(Event::CounterEnded { other: id(1) });
    assert_eq!(one.case.countered, Some(later));
    assert!(!runs(&one.after(Event::CounterEnded { other: id(3) }), "restore"));
    // What came to nothing moves no clock either.
    let moved = one.after(Event::CounterMoved { other: id(1), received: received() });
    assert_eq!(moved.case.countered, Some(later));
}

#[test]
fn what_a_notice_took_down_goes_back_at_once_when_there_is_no_notice_any_more() {
    // Though the counter-notice came on the day of the notice, or before.
    let taken_down = notice().after(Event::Answered { extent: Extent::Full }).at(now());
    let again = taken_down.done(Command::Reopen { reason: None });
    for ending in [
        refuse("not-a-notice", None),
        Command::Withdraw { reason: None },
        Command::Redirect { to: Elsewhere::Server },
        Command::Answer { extent: Extent::None },
    ] {
        let ended = again.done(ending.clone());
        let clocks = clocks(&ended.case, &ended.terms);
        let back = clocks.iter().find(|clock| clock.name == "restore").unwrap();
        assert_eq!((back.due.to_rfc3339().as_str(), back.earliest), ("2026-11-20T23:59:59+00:00", None));
        let Err(Refusal::Restraint(Restraint::Owed(owed))) = ended.when(Command::Close).decided else {
            panic!("{ending:?}");
        };
        let fill = Deed::Fill("restored".to_owned());
        assert!(owed.iter().any(|duty| matches!(duty, Duty::Promised(promise) if promise.by == fill)));
        // It is, or a court has said otherwise, once that is on record.
        let done = ended.after(Event::FieldSet { field: text("restored", "2026-11-20") });
        assert!(!runs(&done, "restore"), "{ending:?}");
    }
    // A duplicate's notice stands with the other case, and so do its days.
    let kept = shipped_as("copyright").numbered(3).after(linked(1, Relation::Counter, false));
    let twin = again.beside(kept).done(link(3, Relation::Duplicate));
    let clocks = clocks(&twin.case, &twin.terms);
    assert!(clocks.iter().any(|clock| clock.name == "restore" && clock.earliest.is_some()));
}

#[test]
fn the_notice_to_the_user_says_that_nothing_came_of_it() {
    let user = account("@alice:our.org");
    let given = notice().with(text("material", "mxc://our.org/abc")).with(accounts(&["@alice:our.org"]));
    let says = |given: &Given| to_user(&given.case, &user, &given.terms, now()).unwrap().draft.text();
    assert!(
        says(&given.after(Event::Answered { extent: Extent::Full })).contains("have made it inaccessible")
    );
    let dropped = says(&given.done(Command::Withdraw { reason: None }));
    assert!(dropped.contains("Nothing came of the notice") && !dropped.contains("have made it inaccessible"));
    assert!(says(&given.done(refuse("not-a-notice", None))).contains("Nothing came of the notice"));
    assert!(
        says(&given.done(Command::Answer { extent: Extent::None })).contains("Nothing came of the notice")
    );
    // It is no letter that anybody sends past the gate.
    let letter = draft(&given.case, "dropped", None, &given.terms, now());
    assert_eq!(letter.unwrap_err(), Obstacle::IsNotice.into());
}

#[test]
fn what_waited_on_the_notice_is_void_on_record() {
    let notice = notice().with(accounts(&["@alice:our.org"])).after(Event::Answered { extent: Extent::Full });
    let waive = Settling::Waive { reason: "gone".to_owned() };
    let waits = notice.done(Command::Notify { whom: None, how: waive });
    let code = waits.code();
    let counter = shipped_as("counter-notice").numbered(3).beside(waits);
    let events = counter.when(link(2, Relation::Counter)).all();
    assert!(events.contains(&(id(2), Event::Voided { code, why: Void::Changed })), "{events:?}");
}

#[test]
fn one_that_is_linked_when_it_has_ended_orders_nothing() {
    let ended = shipped_as("counter-notice").after(Event::Withdrawn { reason: None });
    let free = shipped_as("copyright").numbered(2);
    let (_, notice) = both(&ended.beside(free.clone()), &free, link(2, Relation::Counter));
    assert!(!runs(&notice, "restore"));
}

#[test]
fn to_take_back_an_ending_brings_the_clock_back() {
    let (ended, left) = both(&counter(), &notice(), Command::Withdraw { reason: None });
    let back = crate::case::decide::undo::way_back(&counter().case, &ended.case);
    let returns = vec![Return { case: id(1), took: Vec::new(), back }];
    let (again, back) = both(&ended, &left, Command::Undo { returns });
    assert!(again.case.outcome.is_none() && runs(&back, "restore"));
}

#[test]
fn the_answer_wants_the_link_and_the_letter_that_passes_it_on() {
    let alone = shipped_as("counter-notice");
    alone.when(full()).refused(Restraint::CountersNobody { likely: None }.into());
    alone
        .when(Command::RecordSent {
            letter: "forward".to_owned(),
            via: Channel::Mail,
            at: None,
            repeat: Repeat::Unsaid,
        })
        .refused(Restraint::CountersNobody { likely: None }.into());
    let unsent = || Refusal::from(Restraint::NotSentYet { letter: "forward".to_owned() });
    counter().when(full()).refused(unsent());
    counter().when(Command::Answer { extent: Extent::Part }).refused(unsent());
    // The letter would say what was not done.
    let answered = counter().after(Event::Answered { extent: Extent::Full });
    let sending = Command::RecordSent {
        letter: "answer".to_owned(),
        via: Channel::Mail,
        at: None,
        repeat: Repeat::Unsaid,
    };
    answered.when(sending).refused(unsent());
    counter().after(sent("forward")).when(full()).then([Event::Answered { extent: Extent::Full }]);
    // To say that there is nothing promises nothing.
    alone.when(Command::Answer { extent: Extent::None }).at_once();
}

#[test]
fn it_counters_notices_about_copyright_only() {
    let preservation = shipped_as("preservation").numbered(2);
    shipped_as("counter-notice")
        .beside(preservation)
        .when(link(2, Relation::Counter))
        .refused(Restraint::CountersOthers { other: id(2), kinds: vec!["copyright".to_owned()] }.into());
    shipped_as("counter-notice")
        .beside(shipped_as("copyright").numbered(2))
        .when(link(2, Relation::Counter))
        .at_once();
}

#[test]
fn a_removal_order_of_which_nothing_came_is_told_as_that() {
    // Rules 25, 31, 41: where a line of ours says that something was removed, it goes back.
    let given =
        shipped_as("removal").with(accounts(&["@alice:our.org"])).with(text("material", "#a:our.org"));
    let user = account("@alice:our.org");
    let says = |given: &Given| to_user(&given.case, &user, &given.terms, now()).unwrap().draft.text();
    let refused = given.done(refuse("incomplete", None));
    assert!(says(&refused).contains("Nothing came of the order"), "{}", says(&refused));
    let removed = refused.with(text("removed", "2026-11-20 10:30"));
    assert!(says(&removed).contains("we put it back"), "{}", says(&removed));
}

/// What the letters to both sides say of a counter-notice.
fn said(counter: &Given) -> [String; 3] {
    let counter = counter.with(text("officer", "U. Ser"));
    ["ack", "forward", "answer"].map(|name| {
        let case = if name == "answer" { counter.after(sent("forward")).case } else { counter.case.clone() };
        draft(&case, name, None, &counter.terms, now()).unwrap().text()
    })
}

#[test]
fn its_letters_say_of_days_only_while_there_is_a_notice() {
    let (days, at_once) = ("14 business days", "no notice about the material any more");
    let waits = |counter: &Given| {
        let says = |words: &str| said(counter).iter().all(|text| text.contains(words));
        assert_ne!(says(days), says(at_once), "{:#?}", said(counter));
        says(days)
    };
    let notice = Given { around: Around { countering: vec![id(1)], ..notice().around }, ..notice() };
    assert!(waits(&counter()));
    let on_both = |notice: &Given, counter: &Given, command: Command| {
        let (mut one, mut other) = (counter.clone(), notice.clone());
        for (case, event) in notice.by_two(command) {
            let given = if case == id(1) { &mut one } else { &mut other };
            given.case.apply(&event, &ada(), now());
        }
        (other, one)
    };
    for ending in [
        Command::Withdraw { reason: None },
        refuse("not-a-notice", None),
        Command::Answer { extent: Extent::None },
    ] {
        let (over, counter) = on_both(&notice, &counter(), ending.clone());
        assert!(!waits(&counter), "{ending:?}");
        let (_, counter) = on_both(&over, &counter, Command::Reopen { reason: None });
        assert!(waits(&counter), "{ending:?}");
        // Linked to a notice that is gone, it counts no days either.
        let late = shipped_as("counter-notice").beside(over.clone());
        assert!(!waits(&late.done(link(2, Relation::Counter))), "{ending:?}");
    }
    // One of two notices stands.
    let two = counter().after(linked(3, Relation::Counter, true));
    let (_, two) = on_both(&notice, &two, Command::Withdraw { reason: None });
    assert!(waits(&two));
    assert!(!waits(&two.after(Event::NoticeGone { other: id(3), gone: true })));
    assert!(!shipped_as("counter-notice").case.counters_what_is_gone());
}

#[test]
fn a_closed_notice_is_open_again_for_what_a_counter_notice_makes_due() {
    let done = shipped_as("copyright").numbered(2).after(Event::Answered { extent: Extent::Full });
    let done = done.after(Event::NobodyConcerned { reason: "a guest".to_owned() });
    let closed = done.told_by("answer").closed();
    let counter = shipped_as("counter-notice").beside(closed.clone());
    let again = Event::DueAgain { other: id(1) };
    let (_, open) = both(&counter, &closed, link(2, Relation::Counter));
    assert!(open.case.closed.is_none() && open.case.outcome == closed.case.outcome && runs(&open, "restore"));
    // What is due keeps it open, and can be put on record; then it is closed again.
    assert!(open.when(Command::Close).decided.is_err());
    let back = open.at("2026-12-10T10:00:00Z".parse().unwrap());
    back.done(set([put(text("restored", "2026-12-10"))])).when(Command::Close).at_once();
    // One that is worked is not opened again, nor is one against which nothing stands.
    let worked = shipped_as("counter-notice").beside(done);
    assert!(!worked.when(link(2, Relation::Counter)).all().contains(&(id(2), again.clone())));
    let withdrawn = counter.after(Event::Withdrawn { reason: None });
    assert!(!withdrawn.when(link(2, Relation::Counter)).all().contains(&(id(2), again.clone())));
    let referral = shipped_as("other").beside(closed.clone());
    assert!(!referral.when(link(2, Relation::Referral)).all().contains(&(id(2), again.clone())));
    // Where the policy counts nothing, nothing is due.
    let free = counter.under(|policy| policy.clocks.retain(|clock| clock.name != "restore"));
    assert!(!free.when(link(2, Relation::Counter)).all().contains(&(id(2), again.clone())));
    // One that stands again does the same.
    let mut stands = shipped_as("counter-notice")
        .after(linked(2, Relation::Counter, true))
        .after(Event::Withdrawn { reason: None });
    stands.around.countered = vec![id(2)];
    stands.around.notices = vec![closed.case];
    assert!(stands.when(Command::Reopen { reason: None }).all().contains(&(id(2), again)));
}

#[test]
fn of_a_notice_and_its_duplicate_the_one_that_is_kept_is_countered() {
    let twin = shipped_as("copyright").numbered(2).after(linked(3, Relation::Duplicate, true));
    let counter = shipped_as("counter-notice").beside(twin.clone());
    let refused = Restraint::CountersDuplicate { other: id(2), of: id(3) };
    counter.when(link(2, Relation::Counter)).refused(refused.into());
    // One that is worked by itself again is countered by itself.
    let worked = twin.after(Event::Reopened { reason: None });
    shipped_as("counter-notice").beside(worked).when(link(2, Relation::Counter)).at_once();
}

#[test]
fn a_link_that_was_a_mistake_is_taken_away_with_the_clock_that_it_began() {
    let unlink = || Command::Unlink { other: id(2) };
    let against = counter().beside(notice());
    let (loose, left) = both(&against, &notice(), unlink());
    assert!(!runs(&left, "restore") && left.case.links.is_empty() && loose.case.links.is_empty());
    loose.when(full()).refused(Restraint::CountersNobody { likely: None }.into());
    // The right one is linked then, and that one counts.
    let right = shipped_as("copyright").numbered(3);
    let (_, right) = both(&loose.beside(right.clone()), &right, link(3, Relation::Counter));
    assert!(runs(&right, "restore"));
    // One that is not on file any more leaves nothing behind there.
    let gone = Given { around: Around::default(), ..counter() };
    assert!(gone.when(unlink()).all().iter().all(|(of, _)| *of == id(1)));
    // What is not there is not taken away, and what more hangs on stays.
    let stays = |stays| Refusal::from(Restraint::NotLinked { other: id(2), stays });
    loose.when(unlink()).refused(stays(None));
    let twin = shipped_as("copyright").after(linked(2, Relation::Duplicate, true));
    twin.when(unlink()).refused(stays(Some(Relation::Duplicate)));
}

/// Given a closed notice that is open only for a counter-notice, when that link was a mistake, then it is closed again, unless
/// something else is owed on it or waits, or another one counters it.
#[test]
fn a_notice_that_a_wrong_link_opened_is_closed_again() {
    let unlink = || Command::Unlink { other: id(2) };
    let done = shipped_as("copyright").numbered(2).after(Event::Answered { extent: Extent::Full });
    let done = done.after(Event::NobodyConcerned { reason: "a guest".to_owned() });
    let closed = done.told_by("answer").closed();
    let counter = shipped_as("counter-notice").beside(closed.clone());
    let (counter, open) = both(&counter, &closed, link(2, Relation::Counter));
    let closes =
        |notice: &Given| counter.beside(notice.clone()).by_two(unlink()).contains(&(id(2), Event::Closed));
    assert!(closes(&open));
    let twice = open.after(Event::CounterStands { other: id(7), received: now() });
    assert!(!closes(&twice));
    // Also where the policy counts no days for what the other one asks.
    let uncounted = counter.under(|policy| policy.clocks.clear()).beside(twice);
    assert!(!uncounted.by_two(unlink()).contains(&(id(2), Event::Closed)));
    assert!(!closes(&open.after(Event::HoldStarted { from: now(), until: now() })));
    // One that somebody opened, or that was never closed, is theirs to close.
    assert!(!closes(&open.after(Event::Reopened { reason: None })));
    let (_, worked) =
        both(&shipped_as("counter-notice").beside(done.clone()), &done, link(2, Relation::Counter));
    assert!(!closes(&worked));
    assert!(!closes(&open.closed()));
    let reopened =
        open.after(Event::Reopened { reason: None }).after(Event::Answered { extent: Extent::Full });
    assert!(!closes(&reopened.told_by("answer")));
}
