//! What the policy counts the days of is done before a case is closed, or two people say that it never is.

use super::given::*;
use crate::case::clock::clocks;
use crate::case::decide::{Deed, Duty, apart, duties, left_open};
use crate::case::*;

fn sent(letter: &str) -> Event {
    Event::LetterSent { letter: letter.to_owned(), via: "mail".to_owned(), at: now() }
}

fn full() -> Event {
    Event::Answered { extent: Extent::Full }
}

fn undone() -> Command {
    Command::CloseUndone { reason: "the account went before".to_owned() }
}

/// What is still promised: each clock, and what is done about it.
fn promised(given: &Given) -> Vec<(String, Deed)> {
    let promise = |duty: Duty| match duty {
        Duty::Promised(promise) => Some((promise.clock.name, promise.by)),
        Duty::Write(..)
        | Duty::WriteOwn(_)
        | Duty::Tell(_)
        | Duty::OnItsWay(_)
        | Duty::Unreached(..)
        | Duty::LookAgain(..)
        | Duty::LookBack
        | Duty::Keep(_)
        | Duty::Whose
        | Duty::Decide(_)
        | Duty::Review(..) => None,
    };
    duties(&given.case, &given.terms).into_iter().filter_map(promise).collect()
}

fn send(clock: &str, letter: &str) -> (String, Deed) {
    (clock.to_owned(), Deed::Send(letter.to_owned()))
}

fn fill(clock: &str, key: &str) -> (String, Deed) {
    (clock.to_owned(), Deed::Fill(key.to_owned()))
}

#[track_caller]
fn stays_open(given: &Given, expected: &[(String, Deed)]) {
    assert_eq!(promised(given), expected);
    match given.when(Command::Close).decided {
        Err(Refusal::Restraint(Restraint::Owed(owed))) => {
            assert!(owed.iter().any(|duty| matches!(duty, Duty::Promised(_))), "{owed:?}");
        }
        other => panic!("{other:?}"),
    }
}

fn erasure() -> Given {
    shipped_as("subject").with(text("right", "erasure")).with(text("forwarded", "2026-11-20"))
}

#[test]
fn a_wish_that_was_granted_is_passed_on() {
    // Rule 47: the answer promises it, so it is done before the case is closed.
    let wish = shipped_as("subject").with(text("right", "erasure")).with(text("erased", "2026-11-20"));
    let answered = wish.after(full()).after(sent("answer"));
    stays_open(&answered, &[fill("passing-on", "forwarded")]);
    answered.with(text("forwarded", "2026-11-20")).when(Command::Close).then([Event::Closed]);
    answered.after(sent("forward")).when(Command::Close).then([Event::Closed]);
    // Whoever asked for something else promised nobody to be forgotten.
    let other = shipped_as("subject").with(text("right", "access")).after(full()).after(sent("answer"));
    other.when(Command::Close).then([Event::Closed]);
}

/// A clock that somebody put on their own policy.
fn under_own(kind: &str, until: Stop) -> Given {
    given(kind).under(move |policy| {
        let like = policy.clocks.first().expect("there is one").clone();
        let name = "own".to_owned();
        policy.clocks = vec![ClockRule { name, kinds: vec![kind.to_owned()], until, ..like }];
    })
}

#[test]
fn an_erasure_is_finished_before_it_is_closed() {
    let answered = erasure().after(full()).after(sent("answer"));
    stays_open(&answered, &[fill("erasure", "erased")]);
    answered.with(text("erased", "2026-11-20")).when(Command::Close).then([Event::Closed]);
    // Where there was nothing to erase there is nothing to finish, unless it only waits for a hold (rule 63).
    let none = erasure().after(Event::Answered { extent: Extent::None }).after(sent("none"));
    none.when(Command::Close).then([Event::Closed]);
    let clash = Conflict { one: id(1), other: id(2), how: Clash::ErasureAgainstHold };
    let kept = erasure().after(Event::Contradicted { conflict: clash });
    let kept = kept.after(Event::Answered { extent: Extent::None }).after(sent("none"));
    stays_open(&kept, &[fill("erasure", "erased")]);
    // Nor where nothing came of the request.
    let withdrawn = erasure().after(Event::Withdrawn { reason: None });
    withdrawn.when(Command::Close).then([Event::Closed]);
}

#[test]
fn the_report_of_a_flagged_case_is_sent_whatever_becomes_of_the_request() {
    let flagged = shipped_as("terms").after(Event::Flagged { flag: Flag::Csea });
    let refused = Event::RequestRefused { code: "no-breach".into(), text: "No.".into(), words: None };
    for ending in [refused, Event::Withdrawn { reason: None }, full()] {
        let ended = flagged.after(ending).after(sent("refuse")).after(sent("answer"));
        assert_eq!(promised(&ended), [send("child-report", "report")]);
        assert_eq!(promised(&ended.after(sent("report"))), []);
    }
}

#[test]
fn a_complaint_is_acknowledged_by_a_letter_or_by_the_answer() {
    let answered = shipped_as("complaint").after(full());
    // The letter that says what came of it says as well that it came in.
    assert_eq!(promised(&answered), []);
    answered.after(sent("answer")).when(Command::Close).then([Event::Closed]);
    // Without it there is still the acknowledgement.
    let owes = |owed: Vec<Duty>| matches!(owed.as_slice(), [Duty::Promised(promise)] if promise.by == Deed::Send("ack".into()));
    match answered.when(Command::CloseUnsent { reason: "x".to_owned() }).decided {
        Err(Refusal::Restraint(Restraint::Owed(owed))) => assert!(owes(owed)),
        other => panic!("{other:?}"),
    }
    let told = answered.after(sent("ack"));
    told.when(Command::CloseUnsent { reason: "x".to_owned() })
        .then([Event::LeftUnsent { reason: "x".to_owned() }, Event::Closed]);
    // A refusal acknowledges too, once it is out: until then somebody is reminded.
    let refused = Event::RequestRefused { code: "other".into(), text: "No.".into(), words: None };
    let refused = shipped_as("complaint").after(refused);
    let is_counted =
        |given: &Given| clocks(&given.case, &given.terms).iter().any(|clock| clock.name == "complaint-ack");
    assert!(is_counted(&refused));
    assert!(!is_counted(&refused.after(sent("refuse"))));
    assert!(!is_counted(&shipped_as("complaint").after(Event::Withdrawn { reason: None })));
}

#[test]
fn the_reasons_go_to_the_user_before_a_report_is_closed() {
    let day = Reading::Day { day: now().date_naive() };
    let acted = Field { reading: day, ..text("acted", "2026-11-20") };
    let decided = under_eu("terms").with(acted).after(full()).after(sent("answer"));
    // The time for complaints ends with the case and keeps none open.
    stays_open(&decided, &[send("statement-of-reasons", "reasons")]);
    decided.after(sent("reasons")).when(Command::Close).then([Event::Closed]);
}

/// A line with an account of another server.
fn elsewhere() -> Field {
    let named = vec![Subject { account: account("@x:other.org"), ours: false, odd: Vec::new() }];
    Field { reading: Reading::Accounts { named, unread: Vec::new() }, ..accounts(&["@x:other.org"]) }
}

#[test]
fn what_comes_back_comes_back_before_a_notice_is_closed() {
    let counter =
        Event::Linked { other: id(2), how: Relation::Counter, outward: false, received: Some(now()) };
    let countered =
        shipped_as("copyright").with(elsewhere()).after(full()).after(sent("answer")).after(counter);
    stays_open(&countered, &[fill("restore", "restored")]);
    countered.with(text("restored", "2026-12-08")).when(Command::Close).then([Event::Closed]);
}

#[test]
fn a_hold_that_a_clock_waits_for_is_started() {
    let answered = under_own("complaint", Stop::Held).after(full()).after(sent("answer"));
    stays_open(&answered, &[("own".to_owned(), Deed::Hold)]);
    under_own("complaint", Stop::Held)
        .after(Event::Withdrawn { reason: None })
        .when(Command::Close)
        .then([Event::Closed]);
}

/// Rule 41: the copy goes to whoever sent the notice, and without the link nobody knows who that is.
#[test]
fn a_counter_notice_is_linked_before_it_is_passed_on() {
    let alone = shipped_as("counter-notice").after(full()).after(sent("answer"));
    assert_eq!(promised(&alone), [("counter-notice".to_owned(), Deed::Link)]);
    let linked = alone.after(linked(2, Relation::Counter, true));
    assert_eq!(promised(&linked), [send("counter-notice", "forward")]);
    // Another letter needs no link, nor does that one where nothing is countered.
    let own = |kind: &str, letter: &str| {
        let policy = under_own(kind, Stop::Sent(letter.to_owned()));
        let counters =
            shipped().kinds.into_iter().find(|known| known.name == "counter-notice").unwrap().counters;
        let policy = policy.under(|policy| {
            let kinds = policy.kinds.iter_mut().filter(|known| known.name == "counter-notice");
            kinds.for_each(|known| known.counters.clone_from(&counters));
        });
        promised(&policy.after(full()).after(sent("answer")))
    };
    assert_eq!(own("counter-notice", "ack"), [send("own", "ack")]);
    assert_eq!(own("complaint", "forward"), [send("own", "forward")]);
}

#[test]
fn what_another_duty_asks_for_is_promised_once() {
    let reviewed =
        under_own("complaint", Stop::Line(REVIEW_KEY.to_owned())).after(full()).after(sent("answer"));
    assert_eq!(promised(&reviewed), []);
    // The letter that is still to be written ends its own clocks only.
    assert_eq!(promised(&erasure().after(full())), [fill("erasure", "erased")]);
}

#[test]
fn what_ends_with_the_case_keeps_it_open_no_longer() {
    for until in [Stop::Closed, Stop::First(vec![Stop::Line("review".into()), Stop::Closed])] {
        let answered = under_own("complaint", until).after(full()).after(sent("answer"));
        answered.when(Command::Close).then([Event::Closed]);
    }
}

#[test]
fn two_people_can_say_that_it_is_never_done() {
    let answered = erasure().after(full()).after(sent("answer")).called();
    answered.when(undone()).proposed(Effect::Leave);
    let waits = answered.done(undone());
    let approved = waits.by("ben").done(Command::Approve { code: waits.code(), alone: None });
    assert!(approved.case.closed.is_some());
    // So they can where the policy wants two for closing: what is approved waits no longer.
    let both = given("complaint").answered().under(|policy| policy.two_people.acts.push("close".to_owned()));
    let both = both.done(Command::Close);
    both.by("ben").when(Command::Approve { code: both.code(), alone: None }).is(|case| case.closed.is_some());
    // Nobody is reminded of it any more, until it is opened again.
    assert!(clocks(&approved.case, &approved.terms).is_empty());
    let again = approved.done(Command::Reopen { reason: None });
    assert!(clocks(&again.case, &again.terms).iter().any(|clock| clock.name == "erasure"));
}

#[test]
fn the_letter_can_be_left_with_it_and_nothing_else() {
    let unwritten = erasure().after(full());
    match unwritten.when(undone()).happens().as_slice() {
        [Event::Proposed { effects, .. }] => assert_eq!(effects, &[Effect::Leave]),
        other => panic!("{other:?}"),
    }
    let held = unwritten.after(Event::HoldStarted { from: now(), until: now() + chrono::TimeDelta::days(9) });
    let keeps = Duty::Keep(now() + chrono::TimeDelta::days(9));
    held.when(undone()).refused(Restraint::Owed(vec![keeps]).into());
    let told = given("complaint").after(full());
    told.when(undone()).refused(Restraint::NothingUndone { unsent: true }.into());
    told.after(sent("answer")).when(undone()).refused(Restraint::NothingUndone { unsent: false }.into());
}

#[test]
fn an_identifier_goes_from_both_servers_before_its_clock_ends() {
    // Rule 49: two tasks, one clock.
    let asked = erasure().with(text("erase", "identifiers"));
    let answered = asked.after(full()).after(sent("answer"));
    stays_open(&answered, &[fill("erasure", "unlinked at matrix.org")]);
    // Where nothing else goes, no copy of ours is erased.
    let one = answered.with(text("unlinked at matrix.org", "2026-11-20"));
    stays_open(&one, &[fill("erasure", "unlinked at vector.im")]);
    one.with(text("unlinked at vector.im", "2026-11-20")).when(Command::Close).then([Event::Closed]);
    // To write down that it is done changes nothing of the answer that two people stood behind.
    answered.when(set([put(text("unlinked at vector.im", "2026-11-20"))])).at_once();
    // An account that is erased needs neither.
    let whole = erasure().with(text("erase", "account")).after(full()).after(sent("answer"));
    stays_open(&whole, &[fill("erasure", "erased")]);
}

#[test]
fn an_identifier_that_goes_with_the_account_goes_from_both_servers_too() {
    let named = erasure().with(text("identifiers", "a@example.org"));
    for given in [
        named.clone(),
        named.with(text("erase", "account")),
        erasure().with(text("erase", "account, identifiers")),
        // What cannot be read may ask for all of it.
        erasure().with(text("erase", "the lot")),
    ] {
        let answered = given.after(full()).after(sent("answer"));
        stays_open(&answered, &[fill("erasure", "unlinked at matrix.org")]);
        let one = answered.with(text("unlinked at matrix.org", "2026-11-20"));
        stays_open(&one, &[fill("erasure", "unlinked at vector.im")]);
        let both = one.with(text("unlinked at vector.im", "2026-11-20"));
        stays_open(&both, &[fill("erasure", "erased")]);
        both.with(text("erased", "2026-11-20")).when(Command::Close).then([Event::Closed]);
    }
}

/// A preservation that was answered and told, whose hold is over since now.
fn held_no_longer(how: HoldEnding) -> Given {
    let until = now();
    let held = shipped_as("preservation").after(Event::HoldStarted { from: now(), until }).after(full());
    held.told_by("answer").after(Event::HoldOver { how })
}

#[test]
fn what_was_kept_is_destroyed_on_record() {
    // Rule 24.
    for how in [HoldEnding::Expired, HoldEnding::Released] {
        let over = held_no_longer(how).told_by("ended");
        stays_open(&over, &[fill("destruction", "destroyed")]);
        over.with(text("destroyed", "2026-11-21, case 9 keeps the rest")).when(Command::Close).at_once();
        over.when(undone()).proposed(Effect::Leave);
        // While it runs, and once it runs again, nothing is to be destroyed.
        let again = over.after(Event::HoldStarted { from: now(), until: now() });
        assert_eq!(promised(&again), []);
    }
    // What was destroyed before the hold was over is not this.
    stays_open(
        &held_no_longer(HoldEnding::Expired).told_by("ended").with(text("destroyed", "2026-11-01")),
        &[fill("destruction", "destroyed")],
    );
}

#[test]
fn what_was_kept_of_a_flagged_case_is_destroyed_on_record_too() {
    // Rule 66: whatever its kind.
    let held = shipped_as("terms").after(Event::Flagged { flag: Flag::Csea });
    let over = held
        .after(Event::HoldStarted { from: now(), until: now() })
        .after(Event::HoldOver { how: HoldEnding::Expired });
    let names: Vec<String> = promised(&over).into_iter().map(|(clock, _)| clock).collect();
    assert!(names.contains(&"destruction".to_owned()), "{names:?}");
    assert!(over.terms.kind_of(&over.case).unwrap().field("destroyed").is_some());
}

/// What can be done about a promise before anything is decided, as a card says it.
fn can_be_done(given: &Given) -> Option<Deed> {
    apart(&given.case, &given.terms, given.now).map(|promise| promise.by)
}

#[test]
fn a_letter_or_a_hold_of_its_own_can_be_done_whatever_becomes_of_the_request() {
    assert_eq!(can_be_done(&shipped_as("complaint")), Some(Deed::Send("ack".into())));
    let own = |until: Stop| under_own("complaint", until);
    assert_eq!(can_be_done(&own(Stop::Sent("report".into()))), Some(Deed::Send("report".into())));
    assert_eq!(can_be_done(&own(Stop::Held)), Some(Deed::Hold));
    // What says that something was decided, or waits for another step, cannot.
    for until in [Stop::Sent("reasons".into()), Stop::Sent("forward".into()), Stop::Line("erased".into())] {
        assert_eq!(can_be_done(&own(until)), None);
    }
    let counters = shipped_as("counter-notice");
    assert_eq!(promised(&counters), [("counter-notice".to_owned(), Deed::Link)]);
    assert_eq!(can_be_done(&counters), None);
}

#[test]
fn what_may_not_be_done_yet_is_not_said_to_be_next() {
    let after_ten_days = |policy: &mut Policy| {
        policy.clocks.iter_mut().for_each(|clock| clock.not_before = Some(Term::of(Span::Days(10))));
    };
    let waits = under_own("complaint", Stop::Held).under(after_ten_days);
    let earliest = clocks(&waits.case, &waits.terms).first().and_then(|clock| clock.earliest).unwrap();
    assert!(earliest > waits.now);
    assert_eq!(can_be_done(&waits), None);
    // Nor on a closed case, of which an open one says nothing.
    let closed = waits.closed();
    let left = |given: &Given| left_open(&given.case, &given.terms, given.now).map(|promise| promise.by);
    assert_eq!(left(&closed), None);
    for now in [earliest, earliest + chrono::TimeDelta::days(1)] {
        assert_eq!(can_be_done(&waits.at(now)), Some(Deed::Hold));
        assert_eq!((left(&waits.at(now)), left(&closed.at(now))), (None, Some(Deed::Hold)));
    }
    // What may be done before it may not is said before it.
    let both = closed.under(|policy| {
        let (until, first) = (Stop::Sent("report".into()), policy.clocks[0].clone());
        let term = Term::of(Span::Days(300));
        policy.clocks.push(ClockRule { name: "later".to_owned(), until, term, not_before: None, ..first });
    });
    assert_eq!(left(&both), Some(Deed::Send("report".into())));
}

#[test]
fn what_ends_with_the_case_promises_nothing_whatever_else_would_end_it() {
    let either = |first: Stop| Stop::First(vec![first, Stop::Line("forwarded".to_owned())]);
    for end in [Stop::Answered, Stop::Closed] {
        assert_eq!(promised(&under_own("subject", either(end))), []);
    }
    let own = under_own("subject", either(Stop::Held));
    assert!(!promised(&own).is_empty());
}

#[test]
fn what_must_be_done_besides_is_put_down_on_a_closed_case_too() {
    let besides =
        Tasks { lines: owned(&["context"]), only: Vec::new(), or_with: Vec::new(), enough: Vec::new() };
    let closed = |tasks: Option<Tasks>| {
        let own = under_own("subject", Stop::Sent("ack".to_owned()));
        own.under(move |policy| policy.clocks.iter_mut().for_each(|clock| clock.tasks.clone_from(&tasks)))
            .closed()
    };
    let said = || set([put(text("context", "done"))]);
    closed(None).when(said()).refused(Refusal::AlreadyClosed);
    closed(Some(besides)).when(said()).at_once();
}
