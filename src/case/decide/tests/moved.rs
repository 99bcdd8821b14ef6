//! Which days a change moves, and which it does not although it looks so: asked of `later` itself, with clocks of these tests' own.

use chrono::TimeDelta;

use super::given::*;
use super::one_hand::counter;
use super::undo::told;
use crate::case::decide::later::gives_more_time;
use crate::case::decide::unheard::takes_two;
use crate::case::decide::{ended, later, leaves_unheard};
use crate::case::*;

/// The clocks that fall due later or not at all, and whether something of ours is.
fn moved(before: &Given, after: &Given) -> Vec<(String, bool)> {
    let moved = later(&before.case, &after.case, &before.terms).into_iter();
    moved.map(|later| (later.name, later.is_owed)).collect()
}

fn named(name: &str) -> Vec<(String, bool)> {
    vec![(name.to_owned(), true)]
}

fn on(key: &str, day: &str) -> Field {
    Field { reading: Reading::Day { day: day.parse().unwrap() }, ..text(key, day) }
}

fn put_on(given: &Given, field: Field) -> Given {
    given.after(Event::FieldSet { field })
}

fn next_day(given: Given) -> Given {
    let later = now() + TimeDelta::days(1);
    given.at(later)
}

fn sent(letter: &str, at: &str) -> Event {
    Event::LetterSent { letter: letter.to_owned(), via: "mail".to_owned(), at: at.parse().unwrap() }
}

fn withdraw() -> Command {
    Command::Withdraw { reason: None }
}

/// A request under a policy that counts one thing.
fn counting(kind: &str, rule: impl FnOnce(&mut ClockRule)) -> Given {
    one_clock(&given(kind), rule)
}

fn one_clock(given: &Given, rule: impl FnOnce(&mut ClockRule)) -> Given {
    given.under(|policy| {
        policy.clocks.truncate(1);
        "answer".clone_into(&mut policy.clocks[0].name);
        policy.clocks[0].kinds.clear();
        policy.clocks[0].extension = None;
        rule(&mut policy.clocks[0]);
    })
}

fn line(key: &str) -> Stop {
    Stop::Line(key.to_owned())
}

#[test]
fn that_something_lapses_or_only_lasts_leaves_nobody_waiting() {
    // Given a warrant that lapses, when the day on which it was granted is moved, then one person does it
    let warrant = shipped_as("information").with(text("instrument", "IPA s.61"));
    let warrant = next_day(warrant.with(on("granted", "2026-11-10")));
    let moved_to = put_on(&warrant, on("granted", "2026-11-12"));
    assert_eq!(moved(&warrant, &moved_to), [("authorisation".to_owned(), false)]);
    warrant.when(set([put(on("granted", "2026-11-12"))])).at_once();
    warrant.when(withdraw()).at_once();
    // What only lasts likewise.
    let lasts = |lasts| counting("terms", |rule| rule.lasts = lasts);
    let changed = |given: &Given| {
        let mut is = given.clone();
        is.case.received += TimeDelta::days(3);
        moved(given, &is)
    };
    assert_eq!(changed(&lasts(true)), [("answer".to_owned(), false)]);
    assert_eq!(changed(&lasts(false)), named("answer"));
    lasts(true).when(withdraw()).at_once();
    lasts(false).when(withdraw()).proposed(Effect::Leave);
    let withdrawn = lasts(false).after(Event::Withdrawn { reason: None });
    let gone = ended(&lasts(false).case, &withdrawn.case, &withdrawn.terms);
    assert!(gone.len() == 1 && gone[0].is_owed && gone[0].then.is_none(), "{gone:?}");
}

#[test]
fn what_is_counted_until_users_are_told_is_a_matter_of_the_gate() {
    let both = one_clock(&shipped_as("copyright"), |rule| {
        rule.only.clear();
        (rule.from, rule.until) = (Start::Line("acted".to_owned()), Stop::Told);
    });
    let both = both.with(on("acted", "2026-11-19")).with(accounts(&["@alice:our.org", "@bob:our.org"]));
    let told = Event::NoticeSettled {
        account: account("@alice:our.org"),
        what: Telling::Told { via: "mail".to_owned() },
        at: None,
    };
    assert_eq!(clocks(&both.case, &both.terms).len(), 1);
    // That the day is moved leaves them waiting.
    assert_eq!(moved(&both, &put_on(&both, on("acted", "2026-11-20"))), named("answer"));
    // What binds, and whom the case names no longer, are questions of their own.
    assert_eq!(moved(&both, &put_on(&both, secrecy(Secrecy::Open))), []);
    let both = both.after(told);
    assert_eq!(moved(&both, &put_on(&both, accounts(&["@alice:our.org"]))), []);
}

#[test]
fn what_was_done_in_the_same_moment_counts() {
    let order = |rule: &mut ClockRule| {
        rule.only = vec![Condition { key: "right".to_owned(), any_of: owned(&["erasure"]) }];
        rule.until = line("removed");
    };
    let asks = counting("subject", order).with(text("right", "erasure"));
    let other = put_on(&asks, text("right", "access"));
    assert_eq!(moved(&asks, &other), named("answer"));
    assert_eq!(moved(&asks, &put_on(&other, text("removed", "2026-11-20"))), []);
    // What must be done besides is done by its lines, each of them, and asked for by no other.
    let tasks = |rule: &mut ClockRule| {
        order(rule);
        rule.tasks = Some(Tasks {
            only: Vec::new(),
            lines: owned(&["erased", "erased elsewhere"]),
            or_with: Vec::new(),
            enough: rule.only.clone(),
        });
    };
    let asks = counting("subject", tasks).with(text("right", "erasure"));
    let half = put_on(&asks, text("erased elsewhere", "2026-11-20"));
    assert_eq!(moved(&half, &put_on(&half, text("right", "access"))), named("answer"));
    let done = put_on(&half, text("erased", "2026-11-20"));
    assert_eq!(moved(&half, &put_on(&done, text("right", "access"))), []);
    assert_eq!(moved(&done, &put_on(&done, text("right", "access"))), []);
}

#[test]
fn the_letter_that_is_counted_from_is_as_it_was_and_the_others_as_they_are() {
    let from_ack = counting("complaint", |rule| {
        (rule.from, rule.until) = (Start::Sent("ack".to_owned()), Stop::Sent("answer".to_owned()));
    });
    let early = || sent("ack", "2026-11-18T10:00:00Z");
    let late = || sent("ack", "2026-11-20T10:00:00Z");
    let answer = || sent("answer", "2026-11-20T10:00:00Z");
    let was = from_ack.after(early());
    assert_eq!(moved(&was, &from_ack.after(late())), named("answer"));
    assert_eq!(moved(&was, &from_ack.after(late()).after(answer())), []);
    assert_eq!(moved(&was.after(answer()), &from_ack.after(late())), named("answer"));
    assert_eq!(moved(&from_ack, &was), []);
}

#[test]
fn what_goes_back_because_nothing_came_of_it_goes_back_whoever_works_it_again() {
    let dropped = counting("copyright", |rule| {
        (rule.from, rule.until) = (Start::Dropped, line("restored"));
    });
    let again = |given: &Given| given.after(Event::Reopened { reason: None });
    let acted = again(&dropped.after(Event::Answered { extent: Extent::Full }));
    let gone = acted.after(Event::Withdrawn { reason: None });
    assert_eq!(moved(&gone, &again(&gone)), named("answer"));
    assert_eq!(moved(&gone, &again(&gone).after(Event::WentBack)), named("answer"));
    let idle = dropped.after(Event::Withdrawn { reason: None });
    assert_eq!(moved(&idle, &again(&idle)), []);
}

#[test]
fn a_policy_that_does_not_know_the_kind_counts_nothing() {
    // Given a case under one policy and the same under another, which has lost its kind
    let mut was = counting("complaint", |_| ());
    let mut other = was.terms.policy().unwrap().clone();
    other.version = "ours/2".to_owned();
    other.kinds.retain(|kind| kind.name != "complaint");
    was.terms.policies.insert(other.version.clone(), other);
    let mut is = was.clone();
    is.case.policy = "ours/2".to_owned();
    // Then what it counted is missed, and that is for those to see who adopt it
    assert_eq!(moved(&was, &is), named("answer"));
    let asked = |command: &Command| {
        gives_more_time(command, &was.case, &is.case, &Vec::new(), &was.around, &was.setting())
    };
    assert!(!asked(&withdraw()));
}

#[test]
fn ones_own_last_word_goes_back_by_one_though_a_day_is_later_by_it() {
    let mut told = told();
    for given in &mut told.given {
        *given = given.under(|policy| {
            policy.clocks[0].kinds.clear();
            policy.clocks[0].only = vec![Condition { key: "right".to_owned(), any_of: owned(&["erasure"]) }];
        });
    }
    assert!(told.types("ada", set([put(text("right", "erasure"))])));
    assert_eq!(clocks(&told.given[0].case, &told.given[0].terms).len(), 1);
    let command = told.back("ada").unwrap();
    told.given[0].beside(told.given[1].clone()).when(command).at_once();
}

#[test]
fn the_newest_letter_of_the_name_is_the_slip() {
    let from_report = counting("other", |rule| {
        (rule.from, rule.until) = (Start::Sent("ack".to_owned()), Stop::Closed);
    });
    let at = |minutes| now() + TimeDelta::minutes(minutes);
    let ack = |given: &Given, who: &str, minutes, sent_at: &str| {
        let mut given = given.clone();
        given.case.apply(&sent("ack", sent_at), &given.by(who).actor, at(minutes));
        given
    };
    let right = |given: &Given| {
        given.at(at(60)).when(Command::RecordSent {
            letter: "ack".to_owned(),
            via: Channel::Mail,
            at: Some("2026-11-20T09:00:00Z".parse().unwrap()),
            repeat: Repeat::Instead,
        })
    };
    let mut open = from_report;
    open.case.received = "2026-11-17T07:00:00Z".parse().unwrap();
    let twice = ack(&ack(&open, "ben", 0, "2026-11-19T08:00:00Z"), "ada", 55, "2026-11-18T08:00:00Z");
    right(&twice).at_once();
    let theirs = ack(&ack(&open, "ada", 54, "2026-11-19T08:00:00Z"), "ben", 55, "2026-11-18T08:00:00Z");
    right(&theirs).proposed(Effect::Leave);
    // Another letter, whoever wrote it, is another.
    let mut own = ack(&open, "ada", 54, "2026-11-18T08:00:00Z");
    own.case.apply(&sent("answer", "2026-11-20T08:30:00Z"), &own.by("ben").actor, at(56));
    right(&own).at_once();
}

#[test]
fn a_day_of_another_case_is_moved_by_what_happens_there() {
    let tco = || {
        let order = under_eu("removal").with(text("jurisdiction", "DE"));
        order.with(text("instrument", "removal order under Regulation (EU) 2021/784"))
    };
    // Whoever sets right what they typed moves nothing of the case beside it.
    let lesser = || set([put(text("instrument", "court order 7"))]);
    tco().beside(tco().numbered(2)).when(lesser()).at_once();
    // What was answered long ago answers nobody now.
    let (counter, notice) = counter();
    let answered = counter.after(Event::Answered { extent: Extent::Full });
    next_day(answered.beside(notice)).when(Command::Unlink { other: id(2) }).proposed(Effect::Leave);
}

#[test]
fn whoever_can_be_told_is_one_who_says_who_they_are_or_writes_of_an_account() {
    let kind = |owes: bool, asks: bool| {
        shipped_as("complaint").under(|policy| {
            policy.clocks.clear();
            for kind in &mut policy.kinds {
                (kind.owes_answer, kind.asks_whose, kind.verify_requester) = (owes, asks, false);
            }
        })
    };
    let is_heard = |given: &Given| {
        let withdrawn = given.after(Event::Withdrawn { reason: None });
        leaves_unheard(&given.case, &withdrawn.case, &given.terms).is_some()
    };
    // Given a request that gives an account and nothing else, then it is theirs unless it asks whose it is
    let by_account = accounts(&["@alice:our.org"]);
    assert!(is_heard(&kind(true, false).with(by_account.clone())));
    assert!(!is_heard(&kind(true, true).with(by_account.clone())) && !is_heard(&kind(true, false)));
    assert!(!is_heard(&kind(false, false).with(by_account)));
    // An address wherever it stands is somewhere to write to.
    let address = "jane@example.net".to_owned();
    let reading = Reading::Email { address: address.clone(), odd: Vec::new(), more: Vec::new() };
    let mail = kind(true, true).with(Field { reading, ..text("reply to", &address) });
    assert!(is_heard(&mail));
    // What is answered is owed its letter, wherever that goes.
    let mut answered = mail.after(Event::Answered { extent: Extent::Full });
    answered.case.fields.clear();
    assert_eq!(leaves_unheard(&mail.case, &answered.case, &mail.terms), None);
}

fn tried(what: Verifiable, by: &str, recorder: &str, outcome: CallOutcome) -> Tried {
    let person = |name: &str| account(&format!("@{name}:our.org"));
    let verification =
        Verification { at: now(), by: person(by), how: "called".to_owned(), entry: None, call: None };
    Tried { what, outcome, verification, recorder: Some(person(recorder)) }
}

#[test]
fn only_that_somebody_else_found_it_to_be_no_request_of_theirs_lets_it_end_by_one() {
    let with = |tried: Tried| {
        let mut given = shipped_as("complaint").with(text("officer", "Jane Roe"));
        given.case.tried.push(tried);
        given
    };
    let denied = |by: &str, recorder: &str| tried(Verifiable::Requester, by, recorder, CallOutcome::Denied);
    with(denied("ben", "cy")).when(withdraw()).at_once();
    for own in [denied("ada", "ben"), denied("ben", "ada")] {
        with(own).when(withdraw()).proposed(Effect::Leave);
    }
    let of_order = tried(Verifiable::Instrument, "ben", "cy", CallOutcome::Denied);
    with(of_order).when(withdraw()).proposed(Effect::Leave);
    let unreached = tried(Verifiable::Requester, "ben", "cy", CallOutcome::NoAnswer);
    with(unreached).when(withdraw()).proposed(Effect::Leave);
}

#[test]
fn to_take_back_ones_last_word_leaves_nobody_unheard_but_by_a_letter_that_is_not_sent() {
    let undo = Command::Undo { returns: Vec::new() };
    let by_undo =
        |before: &Given, after: &Given| takes_two(&undo, &before.case, &after.case, &before.setting());
    let asked = shipped_as("complaint").with(text("officer", "Jane Roe"));
    let withdrawn = asked.after(Event::Withdrawn { reason: None });
    assert!(leaves_unheard(&asked.case, &withdrawn.case, &asked.terms).is_some());
    assert!(!by_undo(&asked, &withdrawn));
    let report = shipped_as("terms").with(text("email", "jane@example.net"));
    let nowhere = put_on(&report, text("email", ""));
    assert!(leaves_unheard(&report.case, &nowhere.case, &report.terms).is_some());
    assert!(!by_undo(&report, &nowhere));
    let refused =
        asked.after(Event::RequestRefused { code: "other".into(), text: "No.".into(), words: None });
    let unsent = refused.after(Event::LeftUnsent { reason: "gone".to_owned() });
    assert!(by_undo(&refused, &unsent));
    // Opened again it is owed no letter, for it is not at its end.
    let again = refused.after(Event::Reopened { reason: None });
    assert_eq!(leaves_unheard(&refused.case, &again.case, &asked.terms), None);
}
