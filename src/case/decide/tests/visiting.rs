//! What users ask for by themselves: what their session proves, which letters may go to them, and when.

use chrono::TimeDelta;

use super::given::*;
use crate::case::decide::{
    Draw, LetterLeave, Setting, Unserved, letter_may_leave, letter_went, may_add, may_visit, took_back,
    visited,
};
use crate::case::letter::Obstacle;
use crate::case::*;

fn alice() -> Account {
    account("@a:our.org")
}

/// The events of a request that she makes under this policy.
fn opened(right: &str, change: impl FnOnce(&mut Policy)) -> (Given, Events) {
    let given = shipped_as("subject").under(change);
    let lines = vec![text("right", right), text("accounts", "@a:our.org")];
    let setting =
        Setting { actor: &alice(), terms: &given.terms, now: given.now, certain: true, draw: Draw::NONE };
    let opening = Opening { kind: "subject".to_owned(), fields: lines, stray: Vec::new(), received: None };
    let events = visited(id(1), opening, (Tongue::En, None), &setting).unwrap();
    let mut case = Case::begin(id(1), &events[0].1, &alice(), given.now).unwrap();
    events[1..].iter().for_each(|(_, event)| case.apply(event, &alice(), given.now));
    (Given { case, ..given.clone() }, events)
}

type Events = Vec<(CaseId, Event)>;

fn asks_for(right: &str) -> Given {
    opened(right, |_| {}).0
}

fn sends(letter: &str) -> Command {
    Command::RecordSent { letter: letter.to_owned(), via: Channel::Dm, at: None, repeat: Repeat::Unsaid }
}

#[test]
fn their_own_session_proves_who_they_are_but_where_the_policy_wants_more() {
    assert_eq!(asks_for("access").case.requester.map(|by| by.by), Some(alice()));
    let more = |policy: &mut Policy| {
        policy.visits.as_mut().unwrap().more_proof = vec!["erasure".to_owned()];
    };
    assert_eq!(opened("erasure", more).0.case.requester, None);
    assert!(opened("access", more).0.case.requester.is_some());
    let mut other = asks_for("access");
    other.case.apply(&Event::VerificationVoided { what: Verifiable::Requester }, &ada(), other.now);
    assert_eq!(other.case.requester, None, "as any other");
}

#[test]
fn that_it_came_is_acknowledged_at_once_or_by_people() {
    let acks =
        |events: &Events| events.iter().any(|(_, event)| matches!(event, Event::LetterReleased { .. }));
    assert!(acks(&opened("access", |_| {}).1));
    assert!(!acks(&opened("access", |policy| policy.visits.as_mut().unwrap().acknowledges = false).1));
}

#[test]
fn only_users_of_ours_are_served_and_only_where_the_policy_says_so() {
    let given = asks_for("access");
    assert!(may_visit(&alice(), &given.terms).is_ok());
    assert_eq!(may_visit(&account("@a:elsewhere.net"), &given.terms), Err(Unserved::NotOurs));
    let closed = given.under(|policy| policy.visits = None);
    assert_eq!(may_visit(&alice(), &closed.terms), Err(Unserved::Closed));
}

#[test]
fn docket_writes_to_whoever_asked_in_a_room_and_to_nobody_else() {
    shipped_as("subject").when(sends("ack")).refused(Obstacle::NobodyToWriteTo.into());
    let given = asks_for("access");
    given.when(sends("ack")).refused(Obstacle::OnItsWay { letter: "ack".to_owned() }.into());
    let at = Command::RecordSent {
        letter: "ack".to_owned(),
        via: Channel::Dm,
        at: Some(given.now),
        repeat: Repeat::Unsaid,
    };
    given.when(at).refused(Obstacle::SentByDocket.into());
    let there = letter_went(&given.case, "ack", &given.terms, given.now);
    let there = there.into_iter().fold(given.clone(), |given, (_, event)| given.after(event));
    there
        .when(sends("ack"))
        .refused(Obstacle::ThereAlready { letter: "ack".to_owned(), at: given.now }.into());
    assert!(letter_went(&there.case, "ack", &there.terms, there.now).is_empty(), "once");
}

#[test]
fn what_comes_of_an_erasure_leaves_when_that_of_everybody_does() {
    let leaves = |right: &str, days: i64| {
        let given = asks_for(right);
        let at = given.now + TimeDelta::days(days);
        let given =
            Given { now: at, ..given }.done(Command::Refuse { code: "shared".to_owned(), words: None });
        let given = given.done(sends("refuse"));
        let visit = given.case.visit.clone().unwrap();
        (visit.open("refuse").unwrap().leaves, given)
    };
    let begun = asks_for("erasure").now;
    assert_eq!(leaves("erasure", 1).0, begun + TimeDelta::days(14));
    assert_eq!(leaves("erasure", 20).0, begun + TimeDelta::days(20), "at once where the time is over");
    assert_eq!(leaves("objection", 1).0, begun + TimeDelta::days(1));
    // Nor does anybody hear sooner than others that it takes longer.
    let longer = |right: &str| {
        let given = asks_for(right);
        let at = given.now + TimeDelta::days(1);
        let (clock, reason) = ("answer".to_owned(), "many ask".to_owned());
        let term = Term { span: Span::Months(1), first_day_counts: false, rolls: false };
        let longer = Event::ClockProlonged { clock, term, reason };
        let given = Given { now: at, ..given }.after(longer).done_by_two(sends("extended"));
        (given.case.visit.clone().unwrap().open("extended").unwrap().leaves, given)
    };
    assert_eq!(longer("erasure").0, begun + TimeDelta::days(14));
    assert_eq!(longer("objection").0, begun + TimeDelta::days(1));
    // Nor does anybody hear it once it is decided.
    let waits = longer("erasure").1.after(Event::LetterLeaves { letter: "extended".to_owned() });
    let may = |given: &Given| letter_may_leave(&given.case, "extended", &given.around, &given.terms);
    assert_eq!(may(&waits), LetterLeave::Goes);
    let refused = waits.done(Command::Refuse { code: "shared".to_owned(), words: None });
    assert_eq!(may(&refused), LetterLeave::Changed);
    // By mail no sooner; what went out so went out.
    let by_mail = |at: Option<chrono::DateTime<chrono::Utc>>| {
        let given = asks_for("erasure").done(Command::Refuse { code: "shared".to_owned(), words: None });
        let (letter, via) = ("refuse".to_owned(), Channel::Mail);
        given.when(Command::RecordSent { letter, via, at, repeat: Repeat::Unsaid })
    };
    let (letter, from) = ("refuse".to_owned(), begun + TimeDelta::days(14));
    by_mail(None).refused(Obstacle::ToldLater { letter, via: Channel::Mail, from }.into());
    by_mail(Some(begun)).at_once();
    let (_, waits) = leaves("erasure", 1);
    assert_eq!(
        letter_may_leave(&waits.case, "refuse", &waits.around, &waits.terms),
        LetterLeave::Over,
        "not yet"
    );
    let freed = waits.after(Event::LetterLeaves { letter: "refuse".to_owned() });
    assert!(matches!(
        letter_may_leave(&freed.case, "refuse", &freed.around, &freed.terms),
        LetterLeave::Goes
    ));
    let other = freed.after(Event::Reopened { reason: None });
    assert_eq!(letter_may_leave(&other.case, "refuse", &other.around, &other.terms), LetterLeave::Changed);
}

/// An answer that two people agreed on.
fn granted(given: &Given, extent: Extent) -> Given {
    given.after(Event::Answered { extent })
}

#[test]
fn an_answer_that_promises_a_copy_of_their_data_does_not_leave_without_one() {
    let full = granted(&asks_for("access"), Extent::Full);
    let none = |takes_one: bool| Refusal::from(Obstacle::NoCopyOnFile { takes_one });
    full.when(sends("answer")).refused(none(true));
    // Of which nobody says that it is a part: the words are those of all (rule 65).
    granted(&asks_for("access"), Extent::Part).when(sends("answer")).refused(none(true));
    let goes_without = |given: Given| {
        let released = given.when(sends("answer")).happens();
        assert!(matches!(&released[..], [Event::LetterReleased { file: None, .. }]), "{released:?}");
    };
    goes_without(granted(&asks_for("objection"), Extent::Full));
    let why = text("not granted", "the rest is somebody else’s");
    granted(&asks_for("access").with(why.clone()), Extent::Part).when(sends("answer")).refused(none(true));
    // Of two rights what is not granted may be that, and why stands in somebody’s own words.
    let both = granted(&asks_for("access, objection").with(why), Extent::Part);
    both.when(sends("answer")).proposed(Effect::Tell);
    let mut by_mail = full.clone();
    by_mail.case.visit = None;
    by_mail.when(sends("answer")).refused(Obstacle::NobodyToWriteTo.into());
}

#[test]
fn the_copy_that_two_people_saw_goes_with_the_answer_and_no_other() {
    let given = asks_for("access").done(attach("one.zip", FileRole::Data));
    let full = granted(&given, Extent::Full);
    let released = full.when(sends("answer")).happens();
    assert!(
        matches!(&released[..], [Event::LetterReleased { file: Some(file), .. }] if file.name == "one.zip"),
        "{released:?}"
    );
    // Once they have agreed, another one takes both again.
    full.when(attach("two.zip", FileRole::Data)).proposed(Effect::Disclose);
    full.when(attach("order.pdf", FileRole::Other)).at_once();
    let leaves = |given: &Given| letter_may_leave(&given.case, "answer", &given.around, &given.terms);
    let on_its_way = full.after(released[0].clone());
    assert_eq!(leaves(&on_its_way), LetterLeave::Goes);
    let other = on_its_way.after(attached("two.zip", FileRole::Data));
    assert_eq!(leaves(&other), LetterLeave::Changed);
    let mut none = on_its_way.clone();
    none.case.files.clear();
    assert_eq!(leaves(&none), LetterLeave::Changed);
    assert_eq!(leaves(&on_its_way.after(Event::Reopened { reason: None })), LetterLeave::Changed);
    assert_eq!(leaves(&on_its_way.after(Event::TookBack)), LetterLeave::Changed);
    full.after(Event::TookBack).when(sends("answer")).refused(Obstacle::TakenBack.into());
    // What was there before may take its place again, and what is there is there.
    other.when(attach("two.zip", FileRole::Data)).refused(Refusal::FileThere);
    other.when(attach("one.zip", FileRole::Data)).proposed(Effect::Disclose);
    let with_ack = given.case.visit.as_ref().unwrap().open("ack").unwrap();
    assert_eq!(with_ack.file, None, "it goes with the answer alone");
}

#[test]
fn where_another_copy_is_there_by_then_what_waits_for_its_day_is_let_go_anew() {
    let given = asks_for("erasure, access").done(attach("one.zip", FileRole::Data));
    let waits = granted(&given, Extent::Full);
    let waits = waits.after(waits.when(sends("answer")).happens().remove(0));
    waits.when(sends("answer")).refused(Obstacle::OnItsWay { letter: "answer".to_owned() }.into());
    let other = waits.after(attached("two.zip", FileRole::Data));
    let anew = other.after(other.when(sends("answer")).happens().remove(0));
    let visit = anew.case.visit.as_ref().unwrap();
    assert_eq!(visit.open("answer").unwrap().file.as_ref().unwrap().name, "two.zip");
    assert_eq!(
        visit.open("answer").unwrap().leaves,
        waits.case.visit.as_ref().unwrap().open("answer").unwrap().leaves
    );
    assert_eq!(
        visit.letters.iter().filter(|letter| letter.letter == "answer" && letter.state.is_open()).count(),
        1
    );
}

#[test]
fn a_copy_that_goes_with_a_report_takes_two_people_as_well() {
    let mut given = asks_for("access").done(attach("one.zip", FileRole::Data));
    given.case.kind = "terms".to_owned();
    given.case.fields.retain(|field| field.key == "accounts");
    let clause = given.with(text("clause", "3.2"));
    clause.when(Command::Answer { extent: Extent::Full }).proposed(Effect::Disclose);
}

#[test]
fn a_copy_of_their_data_is_for_whoever_asked_in_a_room_with_docket() {
    let data = |user: Option<Account>| Command::Attach { file: kept("x"), role: FileRole::Data, user };
    shipped_as("subject").when(data(None)).refused(Obstacle::NobodyToBringItTo.into());
    let given = asks_for("access");
    given.when(data(Some(account("@b:our.org")))).refused(Obstacle::DataOfAnother { asked: alice() }.into());
    given.when(data(Some(alice()))).at_once();
}

#[test]
fn how_far_it_is_for_them_follows_from_what_they_were_told_alone() {
    let given = asks_for("objection");
    let sent = |given: &Given, letter: &str| {
        given.after(Event::LetterSent { letter: letter.to_owned(), via: "dm".to_owned(), at: given.now })
    };
    assert_eq!(given.case.far(), Far::Received);
    let refused = given.done(Command::Refuse { code: "shared".to_owned(), words: None });
    assert_eq!(refused.case.far(), Far::Received, "what is in the case is no matter");
    assert_eq!(sent(&refused, "refuse").case.far(), Far::Answered);
    let asked = sent(&given, "ask");
    assert_eq!(asked.case.far(), Far::Asked);
    let mut wrote = asked.clone();
    let wrote_at = wrote.now + TimeDelta::hours(1);
    wrote.case.apply(&Event::WroteAgain { text: "here".to_owned() }, &alice(), wrote_at);
    assert_eq!(wrote.case.far(), Far::Received);
    assert_eq!(sent(&given, "extended").case.far(), Far::Longer);
    assert_eq!(given.after(Event::TookBack).case.far(), Far::TakenBack);
}

#[test]
fn a_user_adds_to_their_requests_ten_times_within_a_day() {
    let given = asks_for("access");
    let mut other = asks_for("objection");
    let now = given.now;
    let wrote = Event::WroteAgain { text: "and this".to_owned() };
    for hour in 0..4 {
        other.case.apply(&wrote, &alice(), now + TimeDelta::hours(hour));
    }
    let mut case = given.case.clone();
    let mut last = now;
    for minute in 0..6 {
        assert!(may_add([&case, &other.case].into_iter(), last), "{minute}");
        last = now + TimeDelta::hours(5) + TimeDelta::minutes(minute);
        case.apply(&wrote, &alice(), last);
    }
    assert!(!may_add([&case, &other.case].into_iter(), last));
    assert!(may_add([&case].into_iter(), last), "each has their own");
    assert!(may_add([&case, &other.case].into_iter(), now + TimeDelta::hours(25)));
    // What is older than a day is not kept.
    case.apply(&wrote, &alice(), now + TimeDelta::days(9));
    assert_eq!(case.visit.unwrap().lately.len(), 1);
}

#[test]
fn who_takes_it_back_ends_it_unless_something_came_of_it() {
    let given = asks_for("objection");
    let actor = alice();
    let back = |given: &Given| {
        let setting =
            Setting { actor: &actor, terms: &given.terms, now: given.now, certain: true, draw: Draw::NONE };
        took_back(&given.case, Some(&given.around), &setting)
            .into_iter()
            .map(|(_, event)| event)
            .collect::<Vec<_>>()
    };
    assert_eq!(back(&given), [Event::TookBack, Event::Withdrawn { reason: None }]);
    let refused = given.done(Command::Refuse { code: "shared".to_owned(), words: None });
    assert_eq!(back(&refused), [Event::TookBack]);
}
