//! Letters that were sent, the wait that one of them begins, and what ends it.

use chrono::{DateTime, TimeDelta, Utc};

use super::given::*;
use crate::case::Refusal as R;
use crate::case::decide::{Around, Draw, Setting, decide};
use crate::case::letter::{Filler, Obstacle, Open};
use crate::case::*;

fn sent_at(letter: &str, at: Option<DateTime<Utc>>) -> Command {
    Command::RecordSent { letter: letter.to_owned(), via: Channel::Mail, at, repeat: Repeat::Unsaid }
}

fn sent(letter: &str) -> Command {
    sent_at(letter, None)
}

fn letter_sent(letter: &str, at: DateTime<Utc>) -> Event {
    Event::LetterSent { letter: letter.to_owned(), via: "mail".to_owned(), at }
}

fn lines(keys: &[&str]) -> Vec<Want> {
    keys.iter().map(|key| Want::Line((*key).to_owned())).collect()
}

fn asked(wants: Vec<Want>) -> Event {
    Event::WaitBegan { from: now(), asked: wants }
}

const COPYRIGHT: &[&str] = &["officer", "email", "work", "material", "good faith", "accuracy", "signature"];

#[test]
fn the_case_waits_once_the_letter_that_asks_is_sent() {
    given("copyright")
        .when(sent("ask"))
        .then([letter_sent("ask", now()), asked(lines(COPYRIGHT))])
        .is(|case| Stage::of(case, None) == Stage::Waiting);
    given("terms").when(sent("ack")).then([letter_sent("ack", now())]);
    // A reminder begins no second wait.
    given("copyright").after(asked(lines(COPYRIGHT))).when(sent("ASK")).then([letter_sent("ask", now())]);
}

#[test]
fn no_time_is_waited_through_twice() {
    let hour = TimeDelta::hours(1);
    let mut given = given("copyright");
    given.case.received = now() - hour * 5;
    let wait = Wait { from: now() - hour * 4, to: Some(now() - hour), asked: Vec::new() };
    given.case.waits.push(wait);
    let early = now() - hour * 2;
    given
        .when(sent_at("ask", Some(early)))
        .then([letter_sent("ask", early), Event::WaitBegan { from: now() - hour, asked: lines(COPYRIGHT) }]);
}

#[test]
fn a_letter_was_sent_between_the_request_and_now() {
    let given = given("terms");
    given.when(sent_at("ack", Some(now() + TimeDelta::minutes(1)))).refused(Obstacle::SentInFuture.into());
    let before = now() - TimeDelta::minutes(1);
    given.when(sent_at("ack", Some(before))).refused(Obstacle::SentBeforeItCame { received: now() }.into());
}

#[test]
fn what_could_not_be_filled_in_was_not_sent() {
    given("terms").when(sent("ack")).at_once();
    given("terms").when(sent("refuse")).refused(Obstacle::NeedsEnding { letter: "refuse".to_owned() }.into());
    given("terms").with(text("context", "spam")).when(sent("ask")).refused(Obstacle::NothingToAsk.into());
    let policy = terms().policies.into_values().next().unwrap();
    let letters = policy.letters_for("terms");
    let letters = letters.filter(|letter| !letter::is_notice(&letter.name) && letter.flag.is_none());
    let there_are = letters.map(|letter| letter.name.clone()).collect();
    let typed = "ackk".to_owned();
    given("terms").when(sent("ackk")).refused(Obstacle::NoSuchLetter { typed, there_are }.into());
    let open = |placeholder: &str, filler| Open { placeholder: placeholder.to_owned(), filler };
    let line = |key: &str| open(key, Filler::Line(key.to_owned()));
    given("preservation").when(sent("answer")).refused(
        Obstacle::Open {
            letter: "answer".to_owned(),
            open: vec![
                line("officer"),
                line("reference"),
                line("accounts"),
                open("hold_until", Filler::Hold),
            ],
        }
        .into(),
    );
}

#[test]
fn nobody_is_asked_after_the_end() {
    given("copyright")
        .answered()
        .when(sent("ask"))
        .refused(R::AlreadyEnded(Ending::Answered { extent: Extent::None }));
    given("complaint").answered().closed().when(sent("ack")).at_once();
}

#[test]
fn the_wait_ends_with_what_was_asked_for_and_with_nothing_else() {
    let waiting = || given("copyright").after(asked(lines(COPYRIGHT)));
    let ends = |command: Command| waiting().when(command).happens().contains(&Event::WaitEnded);
    assert!(ends(set([put(text("officer", "Jo")), put(text("reference", "X"))])), "in part is enough");
    assert!(ends(attach("again.eml", FileRole::Request)));
    assert!(!ends(set([put(text("reference", "X"))])));
    assert!(!ends(attach("photo", FileRole::Other)));
    assert!(!ends(Command::Note { text: "called".to_owned() }));
    assert!(!ends(Command::Assign { to: Some(ada()) }));
}

#[test]
fn the_wait_ends_when_the_instrument_or_the_proof_is_there() {
    let waiting = |kind: &str, want: Want| given(kind).after(asked(vec![want]));
    let ends = |given: Given, command: Command| given.when(command).happens().contains(&Event::WaitEnded);
    let verified = |what| verify(what, None, "looked at it");
    assert!(ends(waiting("information", Want::Instrument), attach("order", FileRole::Instrument)));
    assert!(ends(waiting("information", Want::Instrument), verified(Verifiable::Instrument)));
    assert!(!ends(waiting("information", Want::Instrument), verified(Verifiable::Requester)));
    assert!(!ends(waiting("information", Want::Instrument), attach("photo", FileRole::Request)));
    assert!(ends(waiting("subject", Want::Proof), verified(Verifiable::Requester)));
    assert!(ends(waiting("subject", Want::Proof), set([put(text("proof", "their session"))])));
}

#[test]
fn a_wait_whose_asking_was_not_kept_ends_with_whatever_comes() {
    let waiting = given("copyright").after(asked(Vec::new()));
    let events = waiting.when(attach("photo", FileRole::Other)).happens();
    assert!(events.contains(&Event::WaitEnded));
}

#[test]
fn every_ending_ends_the_wait() {
    let waiting = || given("copyright").after(asked(lines(COPYRIGHT)));
    for command in [
        Command::Answer { extent: Extent::None },
        refuse("incomplete", None),
        Command::Withdraw { reason: None },
        Command::Redirect { to: Elsewhere::Server },
    ] {
        waiting().when(command).is(|case| case.waiting().is_none() && case.outcome.is_some());
    }
    let duplicate = waiting().beside(given("copyright").numbered(2)).when(link(2, Relation::Duplicate));
    duplicate.is(|case| case.waiting().is_none());
    let other = given("copyright").numbered(2).beside(waiting()).when(link(1, Relation::Duplicate)).all();
    assert!(other.iter().all(|(_, event)| *event != Event::WaitEnded), "only the duplicate ends");
}

#[test]
fn an_ending_that_takes_two_ends_the_wait_when_it_is_done() {
    let gag = Event::GagSet { ordered_by: "a court".to_owned(), day: None, until: None, document: None };
    let bound = given("copyright").after(gag).after(asked(lines(COPYRIGHT)));
    let free = given("copyright").numbered(2);
    let around = Around { other: Some(free.case.clone()), ..Around::default() };
    let mut case = bound.case.clone();
    let mut say = |actor: &Account, command: Command| {
        let setting = Setting { actor, terms: &terms(), now: now(), draw: Draw::NONE, certain: true };
        let events = decide(&case, &around, command, &setting).expect("it is done");
        let own: Vec<Event> = events.into_iter().filter(|(id, _)| *id == case.id).map(|it| it.1).collect();
        own.iter().for_each(|event| case.apply(event, actor, now()));
        (own, case.clone())
    };
    let (proposed, _) = say(&ada(), link(2, Relation::Duplicate));
    let [Event::Proposed { code, .. }] = proposed.as_slice() else { panic!("{proposed:#?}") };
    let approve = Command::Approve { code: code.clone(), alone: None };
    let (events, case) = say(&account("@ben:our.org"), approve);
    assert_eq!(events.iter().filter(|event| **event == Event::WaitEnded).count(), 1, "{events:#?}");
    assert!(case.waiting().is_none() && case.outcome.is_some());
}

#[test]
fn a_letter_that_answers_follows_the_answer() {
    let complaint = given("complaint").with(text("context", "x")).with(text("reference", "C-1"));
    for (letter, extent) in [("answer", Extent::Part), ("answer", Extent::Full), ("none", Extent::None)] {
        let needs = Obstacle::NeedsEnding { letter: letter.to_owned() };
        complaint.when(sent(letter)).refused(needs.into());
        let answered = complaint.after(Event::Answered { extent });
        answered.when(sent(letter)).then([letter_sent(letter, now())]);
    }
}

#[test]
fn what_tells_a_user_is_no_letter() {
    given("terms").when(sent("notice")).refused(Obstacle::IsNotice.into());
    let decided = given("terms").with(text("clause", "3")).with(text("acted", "2026-11-20"));
    decided.when(sent("reasons")).at_once();
    let bound = Event::GagSet { ordered_by: "a court".to_owned(), day: None, until: None, document: None };
    decided.after(bound).when(sent("reasons")).refused(Obstacle::IsNotice.into());
}

#[test]
fn what_came_under_a_data_access_agreement_is_counsels() {
    let given = given("information").with(text("via", "DAA"));
    let redirect = || Command::Redirect { to: Elsewhere::Server };
    given.when(redirect()).refused(Obstacle::CounselDecides.into());
    let mut terms = terms();
    let counsel = account("@eva:our.org");
    terms.people.push(Person { account: counsel.clone(), roles: vec![Role::Counsel] });
    let setting = Setting { actor: &counsel, terms: &terms, now: now(), draw: Draw::NONE, certain: true };
    assert!(decide(&given.case, &Around::default(), redirect(), &setting).is_ok());
}

#[test]
fn a_requester_is_sent_elsewhere_with_the_text_of_the_policy() {
    let terms = terms();
    for to in [Elsewhere::Mlat, Elsewhere::Server, Elsewhere::Security] {
        let says = terms.policy().unwrap().said(to.text());
        assert!(!says.is_empty());
        let given = given(if to == Elsewhere::Security { "terms" } else { "information" });
        let events = given.when(Command::Redirect { to }).happens();
        assert!(matches!(&events[..], [Event::Redirected { to: where_to, text }]
            if *where_to == to && *text == says));
        given.when(Command::Redirect { to }).is(|case| {
            case.outcome.as_ref().map(|outcome| &outcome.what) == Some(&Ending::Redirected { to })
        });
        given
            .answered()
            .when(Command::Redirect { to })
            .refused(R::AlreadyEnded(Ending::Answered { extent: Extent::None }));
    }
}

#[test]
fn nobody_in_danger_is_sent_to_a_treaty_nor_who_came_by_one() {
    let mlat = || Command::Redirect { to: Elsewhere::Mlat };
    given("emergency").when(mlat()).refused(Obstacle::NoTreatyInEmergency.into());
    given("emergency").when(Command::Redirect { to: Elsewhere::Server }).at_once();
    given("information").with(text("via", "MLAT")).when(mlat()).refused(Obstacle::CameByTreaty.into());
    given("information").with(text("via", "direct")).when(mlat()).at_once();
}

#[test]
fn the_letter_about_the_end_is_owed_until_it_is_on_record() {
    let policy = shipped();
    let owed = |given: &Given| letter::owed(&given.case, &policy).map(|letter| letter.name.clone());
    let refused = Event::RequestRefused { code: "scope".to_owned(), text: "x".to_owned(), words: None };
    let open = given("terms");
    assert_eq!(owed(&open), None);
    let ended = open.after(refused.clone());
    assert_eq!(owed(&ended).as_deref(), Some("refuse"));
    let sent = ended.after(letter_sent("refuse", now()));
    assert_eq!(owed(&sent), None);
    assert_eq!(owed(&open.after(Event::Withdrawn { reason: None })), None);
    // Once more from the beginning: the old letter does not answer the new ending.
    let mut again = sent.after(Event::Reopened { reason: None });
    again.case.apply(&refused, &ada(), now() + TimeDelta::hours(1));
    assert_eq!(owed(&again).as_deref(), Some("refuse"));
}

#[test]
fn a_case_is_acknowledged_once() {
    let policy = shipped();
    let ack = |given: &Given| letter::acknowledgement(&given.case, &policy).is_some();
    assert!(ack(&given("terms")));
    assert!(!ack(&given("terms").after(letter_sent("ack", now()))));
    assert!(!ack(&given("terms").answered()));
}

#[test]
fn the_same_letter_is_put_on_record_once() {
    let acked = given("terms").done(sent("ack"));
    let already = Obstacle::SentAlready { letter: "ack".to_owned(), at: now() };
    acked.when(sent("ack")).refused(already.clone().into());
    acked.when(sent_at("ack", Some(now()))).refused(already.into());
    acked
        .when(Command::RecordSent {
            letter: "ack".to_owned(),
            via: Channel::Post,
            at: None,
            repeat: Repeat::Unsaid,
        })
        .at_once();
    // Another time is another letter, and so is one that goes out when something has happened since.
    let hour = TimeDelta::hours(1);
    acked.at(now() + hour).when(sent_at("ack", Some(now() + TimeDelta::minutes(1)))).at_once();
    acked.at(now() + hour).when(sent("ack")).at_once();
    // What is owed anew is sent anew.
    let refused = |given: &Given| given.done(refuse("scope", None)).done(sent("refuse"));
    let later = refused(&given("terms")).at(now() + TimeDelta::minutes(2));
    refused(&later.done(Command::Reopen { reason: None }));
}

/// Given a letter that was put on record just now, when it is put there with another time, then docket asks whether that is set
/// right or the letter went out twice.
#[test]
fn the_same_letter_with_another_time_is_asked_back() {
    let given = given("terms").at(now() + TimeDelta::hours(3));
    let (one, two) = (now() + TimeDelta::hours(1), now() + TimeDelta::hours(2));
    let put = |given: &Given, event: &Event| {
        let mut given = given.clone();
        given.case.apply(event, &ada(), given.now);
        given
    };
    let acked = put(&given, &letter_sent("ack", one));
    let typed = |repeat, at| Command::RecordSent {
        letter: "ack".to_owned(),
        via: Channel::Mail,
        at: Some(at),
        repeat,
    };
    let asked = Obstacle::SentAtAnotherTime { letter: "ack".to_owned(), at: one };
    acked.when(typed(Repeat::Unsaid, two)).refused(asked.into());
    acked.when(typed(Repeat::Again, two)).then([letter_sent("ack", two)]);
    let right = |letter: &str, waits| {
        let (letter, via) = (letter.to_owned(), "mail".to_owned());
        Event::SentSetRight { letter, via, was: one, at: two, waits }
    };
    acked
        .when(typed(Repeat::Instead, two))
        .then([right("ack", None)])
        .is(|case| case.sent.iter().map(|sent| sent.at).collect::<Vec<_>>() == [two]);
    acked.when(typed(Repeat::Instead, one)).refused(R::NoChange);
    given.when(typed(Repeat::Instead, one)).refused(Obstacle::NotSent { letter: "ack".to_owned() }.into());
    // Once something has happened since, or some time has gone by, another time is another letter.
    put(&acked, &Event::Noted { text: "x".to_owned() })
        .at(given.now + TimeDelta::minutes(1))
        .when(typed(Repeat::Unsaid, two));
    acked.at(given.now + TimeDelta::hours(1)).when(typed(Repeat::Unsaid, two)).at_once();
}

#[test]
fn what_is_waited_for_is_waited_for_from_the_right_time() {
    let (one, two) = (now() + TimeDelta::hours(1), now() + TimeDelta::hours(2));
    let asking = |repeat, at| Command::RecordSent {
        letter: "ask".to_owned(),
        via: Channel::Mail,
        at: Some(at),
        repeat,
    };
    let given = shipped_as("information").at(now() + TimeDelta::hours(3));
    let waits = given.done(asking(Repeat::Unsaid, one));
    let right = waits.done(asking(Repeat::Instead, two));
    assert_eq!(right.case.waiting().map(|wait| wait.from), Some(two));
    assert_eq!((right.case.waits.len(), right.case.sent.len()), (1, 1));
}

#[test]
fn a_wish_is_passed_on_where_somebody_had_it_and_once_it_is_granted() {
    // Rule 47: the letter says whose it is, and that they asked to be forgotten.
    let wish = |right: &str| shipped_as("subject").with(text("right", right));
    let letter = || "forward".to_owned();
    wish("access").when(sent("forward")).refused(Obstacle::NothingToPassOn { letter: letter() }.into());
    let asked = wish("erasure").with(accounts(&["@bob:our.org"]));
    asked.when(sent("forward")).refused(Obstacle::NeedsEnding { letter: letter() }.into());
    let none = asked.after(Event::Answered { extent: Extent::None });
    none.when(sent("forward")).refused(Obstacle::NeedsEnding { letter: letter() }.into());
    let full = asked.after(Event::Answered { extent: Extent::Full });
    let what = Verifiable::Requester;
    full.when(sent("forward")).refused(Obstacle::NotVerified { letter: letter(), what }.into());
}

#[test]
fn the_letter_says_what_came_of_the_request_and_nothing_else() {
    // That there is nothing one person may say; that something is given out, or was done, takes whoever may grant it.
    let kinds: Vec<String> = terms().policy().unwrap().kinds.iter().map(|kind| kind.name.clone()).collect();
    assert_eq!(kinds.len(), 12);
    for kind in kinds.iter().map(String::as_str) {
        let none = given(kind).after(Event::Answered { extent: Extent::None });
        let otherwise =
            |letter: &str, what: Ending| R::from(Obstacle::CameOtherwise { letter: letter.to_owned(), what });
        let nothing = Ending::Answered { extent: Extent::None };
        none.when(sent("answer")).refused(otherwise("answer", nothing.clone()));
        let drafted = letter::draft(&none.case, "answer", None, &none.terms, now());
        assert_eq!(drafted.unwrap_err(), otherwise("answer", nothing), "{kind}");
        for extent in [Extent::Full, Extent::Part] {
            let granted = given(kind).after(Event::Answered { extent });
            granted.when(sent("none")).refused(otherwise("none", Ending::Answered { extent }));
        }
        let refused = given(kind).after(Event::RequestRefused {
            code: "other".to_owned(),
            text: String::new(),
            words: None,
        });
        for letter in ["answer", "none"] {
            let what = Ending::Refused { code: "other".to_owned() };
            refused.when(sent(letter)).refused(otherwise(letter, what));
            // Nor before anything came of it.
            let needs = Obstacle::NeedsEnding { letter: letter.to_owned() };
            let result = given(kind).when(sent(letter)).decided;
            assert!(
                matches!(&result, Err(why) if *why == needs.clone().into())
                    || matches!(&result, Err(R::Letter(Obstacle::Open { .. }) | R::Restraint(_))),
                "{kind}: {result:?}"
            );
        }
    }
}

#[test]
fn what_goes_with_records_follows_them() {
    // Nobody declares under oath what records are before they were granted.
    let declares = |policy: &mut Policy| {
        let plain = policy.letter("ack", "terms").unwrap().clone();
        let letter = Letter { name: "declaration".to_owned(), with_records: true, ..plain };
        policy.letters.push(letter);
    };
    let open = given("terms").under(declares);
    let needs = Obstacle::NeedsEnding { letter: "declaration".to_owned() };
    open.when(sent("declaration")).refused(needs.into());
    let none = Ending::Answered { extent: Extent::None };
    let otherwise = Obstacle::CameOtherwise { letter: "declaration".to_owned(), what: none };
    open.after(Event::Answered { extent: Extent::None }).when(sent("declaration")).refused(otherwise.into());
    for extent in [Extent::Full, Extent::Part] {
        let granted = open.after(Event::Answered { extent });
        granted.when(sent("declaration")).then([letter_sent("declaration", now())]);
    }
}

#[test]
fn that_secrecy_takes_an_order_is_said_to_whoever_asked_for_it() {
    // Rule 16.
    let open = given("information");
    open.when(sent("secrecy")).refused(Obstacle::NoSecrecyAsked.into());
    let wish =
        Field { reading: Reading::Secrecy(Secrecy::Open), ..text("confidential", "until further notice") };
    open.with(wish).when(sent("secrecy")).then([letter_sent("secrecy", now())]);
}
