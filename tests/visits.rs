//! Users who ask by themselves, at the desk: what they hand in is on record once, what they only say is not, and letters reach them once, not
//! before their time, over restarts too.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    reason = "a test says what it expects by failing"
)]

mod room;

use chrono::{DateTime, TimeDelta, Utc};
use docket::case::{Account, CaseId, LetterStopped};
use docket::desk::{Brought, Input, Outcome, Post, PostKind, Said, Visiting};
use room::{Room, now, person};

fn alice() -> Account {
    person("@alice:example.org")
}

fn case(n: u32) -> CaseId {
    CaseId::new(n).unwrap()
}

fn at(hours: i64) -> DateTime<Utc> {
    now() + TimeDelta::hours(hours)
}

fn visiting(id: &str, who: &Account, text: &str) -> Visiting {
    let said = Said::Text(text.to_owned());
    Visiting { id: id.to_owned(), sender: who.clone(), said, place: None, key: None }
}

/// What a message of a user brings.
fn brings(room: &mut Room, visiting: Visiting, at: DateTime<Utc>) -> Vec<Post> {
    match room.desk.handle(vec![Input::Visit(Box::new(visiting))], at).unwrap().remove(0) {
        Outcome::Posts(posts) => posts,
        other => panic!("{other:?}"),
    }
}

/// What a user is told, each message with an id of its own.
fn says(room: &mut Room, who: &Account, text: &str, at: DateTime<Utc>) -> String {
    let id = format!("$visit-{}-{}-{text}", who.as_str(), at.timestamp());
    let posts = brings(room, visiting(&id, who, text), at);
    told(&posts)
}

/// The one answer to the user among these; the others are for the room and name nobody as their only reader.
fn told(posts: &[Post]) -> String {
    let (to_them, others): (Vec<&Post>, Vec<&Post>) =
        posts.iter().partition(|post| post.kind == PostKind::Visit);
    assert!(others.iter().all(|post| post.only.is_none() && post.kind != PostKind::Letter), "{others:?}");
    let [only] = to_them[..] else { panic!("one answer: {posts:?}") };
    assert!(only.only.is_some() && only.orders.is_empty());
    only.page.text()
}

/// A copy, handed in.
fn hands_in(room: &mut Room, who: &Account, at: DateTime<Utc>) -> String {
    says(room, who, "a copy of my data", at);
    says(room, who, "yes", at)
}

/// A wish that can be refused because of others, handed in.
fn restricts(room: &mut Room, who: &Account, at: DateTime<Utc>) {
    says(room, who, "restrict", at);
    says(room, who, "my picture", at);
    assert!(says(room, who, "yes", at).contains("Its number is C-1"));
}

/// The letters that are handed out.
fn letters(posts: &[Post]) -> Vec<&Post> {
    posts.iter().filter(|post| post.kind == PostKind::Letter).collect()
}

fn may_write(room: &mut Room, letter: &str, at: DateTime<Utc>) -> Outcome {
    room.desk.handle(vec![Input::MayWrite(case(1), letter.to_owned())], at).unwrap().remove(0)
}

fn brought(room: &mut Room, letter: &str, stopped: Option<LetterStopped>, at: DateTime<Utc>) -> Outcome {
    let brought = Brought { case: case(1), letter: letter.to_owned(), stopped };
    room.desk.handle(vec![Input::Brought(brought)], at).unwrap().remove(0)
}

#[test]
fn a_request_is_on_record_once_however_often_its_message_comes() {
    let mut room = Room::new();
    says(&mut room, &alice(), "a copy of my data", now());
    let yes = Visiting { place: Some(("session".to_owned(), 4)), ..visiting("$yes", &alice(), "yes") };
    let posts = brings(&mut room, yes.clone(), now());
    assert!(told(&posts).contains("Its number is C-1"), "{posts:?}");
    let kinds: Vec<PostKind> = posts.iter().map(|post| post.kind).collect();
    assert_eq!(kinds, [PostKind::Visit, PostKind::Reminder, PostKind::Card], "the room hears of it");

    let head = room.desk.head();
    let again = brings(&mut room, yes.clone(), now());
    assert!(told(&again).starts_with("C-1 · a copy of my data"), "{again:?}");
    assert_eq!(again[0].txn, posts[0].txn, "the same answer, were it not there yet");
    // Shown under another id by whoever runs the homeserver.
    says(&mut room, &alice(), "delete my account", now());
    says(&mut room, &alice(), "yes", at(1));
    let replayed = brings(&mut room, Visiting { id: "$other".to_owned(), ..yes.clone() }, at(1));
    assert!(told(&replayed).starts_with("C-1"), "{replayed:?}");
    let mut anew = Room::over(room.journal.clone());
    assert!(told(&brings(&mut anew, yes, at(1))).starts_with("C-1"));
    assert_eq!(anew.desk.head(), head);
}

#[test]
fn what_is_only_said_leaves_nothing_and_whoever_says_too_much_is_not_read() {
    let mut room = Room::new();
    says(&mut room, &alice(), "hi", now());
    let head = room.desk.head();
    let mut answers = 0;
    for n in 0..1_000 {
        let who = person(&format!("@u{}:example.org", n % 7));
        let posts = brings(&mut room, visiting(&format!("$n{n}"), &who, "delete my account"), now());
        answers += posts.len();
    }
    assert_eq!(room.desk.head(), head, "nothing is on record");
    assert_eq!(answers, 7 * 31, "thirty answers for each, and that they write too often");
    assert!(says(&mut room, &alice(), "1", now()).contains("hand it in"), "nobody else pays for it");
}

#[test]
fn nobody_asks_for_more_than_is_taken_in_a_day() {
    let mut room = Room::new();
    for n in 0..5 {
        says(&mut room, &alice(), "restrict", at(0));
        says(&mut room, &alice(), &format!("my picture {n}"), at(0));
        let id = format!("$yes{n}");
        assert!(told(&brings(&mut room, visiting(&id, &alice(), "yes"), at(0))).contains("Handed in"));
    }
    assert!(hands_in(&mut room, &alice(), at(1)).contains("5 requests within a day"));
    assert!(hands_in(&mut room, &person("@bob:example.org"), at(1)).contains("Handed in"));
    assert!(hands_in(&mut room, &alice(), at(25)).contains("Handed in"));
    assert!(hands_in(&mut room, &alice(), at(26)).contains("asked for that already"));
    let elsewhere = person("@carl:elsewhere.net");
    assert!(says(&mut room, &elsewhere, "hi", at(1)).contains("account is on this server"));
}

#[test]
fn all_together_ask_for_no_more_than_is_taken_either() {
    let mut terms = Room::new().terms;
    let current = terms.current.clone();
    terms.policies.get_mut(&current).unwrap().visits.as_mut().unwrap().in_all = 2;
    let mut room = Room::under(terms, room::SharedJournal::new(), docket::store::MemoryIndex::new());
    for n in 0..2 {
        assert!(hands_in(&mut room, &person(&format!("@u{n}:example.org")), now()).contains("Handed in"));
    }
    assert!(hands_in(&mut room, &alice(), at(1)).contains("So many requests came in today"));
    assert!(hands_in(&mut room, &alice(), at(25)).contains("Handed in"));
}

#[test]
fn where_the_policy_says_nothing_of_users_nobody_is_served() {
    let mut terms = Room::new().terms;
    let current = terms.current.clone();
    terms.policies.get_mut(&current).unwrap().visits = None;
    let mut room = Room::under(terms, room::SharedJournal::new(), docket::store::MemoryIndex::new());
    assert!(says(&mut room, &alice(), "hi", now()).contains("takes no requests here"));
    let invited = room.desk.handle(vec![Input::Invited(alice())], now()).unwrap().remove(0);
    let Outcome::Posts(posts) = invited else { panic!("{invited:?}") };
    assert!(posts[0].page.text().contains("takes no requests here"));
}

#[test]
fn docket_comes_into_a_few_rooms_of_one_user_and_of_nobody_elsewhere() {
    let mut room = Room::new();
    let mut invited =
        |who: &str, at| room.desk.handle(vec![Input::Invited(person(who))], at).unwrap().remove(0);
    for _ in 0..5 {
        assert_eq!(invited("@alice:example.org", now()), Outcome::Joins);
    }
    assert!(matches!(invited("@alice:example.org", now()), Outcome::Posts(_)));
    assert_eq!(invited("@bob:example.org", now()), Outcome::Joins);
    assert_eq!(invited("@alice:example.org", at(25)), Outcome::Joins);
    assert!(matches!(invited("@carl:elsewhere.net", now()), Outcome::Posts(_)));
}

#[test]
fn on_a_full_disk_nothing_is_handed_in_and_they_hear_so() {
    let mut room = Room::new();
    says(&mut room, &alice(), "a copy of my data", now());
    room.journal.set_full(true);
    assert!(says(&mut room, &alice(), "yes", now()).contains("nothing was done"));
    room.journal.set_full(false);
    assert!(says(&mut room, &alice(), "7", at(1)).contains("handed nothing in"));
    assert!(hands_in(&mut room, &alice(), at(1)).contains("Its number is C-1"));
}

#[test]
fn after_a_restart_the_conversation_begins_anew_in_its_language_and_the_requests_are_there() {
    let mut room = Room::new();
    says(&mut room, &alice(), "Ich möchte eine Kopie", now());
    assert!(says(&mut room, &alice(), "ja", now()).contains("Die Nummer ist C-1"));
    says(&mut room, &alice(), "Konto löschen", at(1));
    says(&mut room, &alice(), "ja", at(1));
    let mut anew = Room::over(room.journal.clone());
    assert!(
        says(&mut anew, &alice(), "LÖSCHEN", at(1)).contains("lässt sich nicht rückgängig"),
        "asked anew"
    );
    assert!(says(&mut anew, &alice(), "nein", at(2)).contains("nichts weitergegeben"));
    assert!(says(&mut anew, &alice(), "7", at(2)).contains("C-1 · eine Kopie"));
    assert!(says(&mut anew, &alice(), "Stand", at(2)).contains("C-1 · eine Kopie"));
}

#[test]
fn nobody_sees_or_takes_back_what_somebody_else_asked_for() {
    let mut room = Room::new();
    hands_in(&mut room, &alice(), now());
    let bob = person("@bob:example.org");
    assert!(says(&mut room, &bob, "status", at(1)).contains("handed nothing in"));
    says(&mut room, &bob, "menu", at(1));
    assert!(says(&mut room, &bob, "8", at(1)).contains("handed nothing in"));
    assert!(!says(&mut room, &bob, "C-1", at(1)).contains("C-1"));
}

#[test]
fn a_letter_is_handed_out_once_and_again_after_a_restart_until_it_is_there() {
    let mut room = Room::new();
    hands_in(&mut room, &alice(), now());
    let posts = room.ticks(now());
    let [ack] = letters(&posts)[..] else { panic!("{posts:?}") };
    assert_eq!((ack.only.clone(), ack.letter.as_deref()), (Some(alice()), Some("ack")));
    assert!(letters(&room.ticks(at(1))).is_empty(), "somebody works on it");
    let mut anew = Room::over(room.journal.clone());
    let again = anew.ticks(at(1));
    assert_eq!(letters(&again).iter().map(|post| &post.txn).collect::<Vec<_>>(), [&ack.txn]);
    let Outcome::Writes(post, _) = may_write(&mut anew, "ack", at(1)) else { panic!("it may leave") };
    assert_eq!(*post, *ack);
    let Outcome::Posts(posts) = brought(&mut anew, "ack", None, at(1)) else { panic!("it is there") };
    assert!(posts.iter().all(|post| post.kind == PostKind::Card), "nobody is reminded: its card says so");
    assert_eq!(may_write(&mut anew, "ack", at(2)), Outcome::Seen);
    assert_eq!(brought(&mut anew, "ack", None, at(2)), Outcome::Seen);
    let mut last = Room::over(anew.journal.clone());
    assert!(letters(&last.ticks(at(3))).is_empty());
    assert!(!last.say("!case show 1")[0].page.text().contains("not acknowledged"));
}

#[test]
fn a_letter_that_would_say_something_else_by_now_does_not_leave_and_the_room_hears_why_one_did_not() {
    let mut room = Room::new();
    restricts(&mut room, &alice(), now());
    brought(&mut room, "ack", None, now());
    room.say("!case refuse 1 reason=shared");
    let said = room.say("!case sent 1 refuse via=dm")[0].page.text();
    assert!(said.contains("letter refuse goes to them"), "{said}");
    room.say("!case reopen 1");
    assert!(matches!(may_write(&mut room, "refuse", now()), Outcome::Unwritten(_)), "it does not leave");
    let changed = Some(LetterStopped::Changed);
    let Outcome::Posts(posts) = brought(&mut room, "refuse", changed, now()) else {
        panic!("nor is it there")
    };
    assert!(posts[0].page.text().contains("it would say something else by now"), "{posts:?}");
    assert_eq!(may_write(&mut room, "refuse", now()), Outcome::Seen);

    room.say("!case refuse 1 reason=shared");
    room.say("!case sent 1 refuse via=dm");
    let Outcome::Posts(posts) = brought(&mut room, "refuse", Some(LetterStopped::NoRoom), now()) else {
        panic!("the room hears of it")
    };
    assert!(posts[0].page.text().contains("they are in no room with docket any more"), "{posts:?}");
    assert!(says(&mut room, &alice(), "status", at(1)).contains("people look at it"), "they were not told");
}

#[test]
fn what_came_of_an_erasure_is_told_when_everybody_is_told_and_never_before() {
    let mut room = Room::new();
    says(&mut room, &alice(), "erase my account", now());
    says(&mut room, &alice(), "yes", now());
    assert!(says(&mut room, &alice(), "ERASE", now()).contains("Its number is C-1"));
    brought(&mut room, "ack", None, now());
    let waiting = says(&mut room, &alice(), "status", at(1));
    room.say("!case refuse 1 reason=shared");
    room.say("!case sent 1 refuse via=dm");
    for days in [1, 13] {
        assert!(letters(&room.ticks(at(24 * days))).is_empty());
        assert_eq!(may_write(&mut room, "refuse", at(24 * days)), Outcome::Seen);
        assert_eq!(says(&mut room, &alice(), "status", at(24 * days)), waiting, "nothing shows");
    }
    let posts = room.ticks(at(24 * 14 + 1));
    assert_eq!(letters(&posts).len(), 1, "{posts:?}");
    assert!(matches!(may_write(&mut room, "refuse", at(24 * 14 + 1)), Outcome::Writes(..)));
}

#[test]
fn whoever_takes_a_request_back_hears_the_same_whatever_came_of_it() {
    let mut heard = Vec::new();
    for came in [None, Some("!case refuse 1 reason=shared")] {
        let mut room = Room::new();
        restricts(&mut room, &alice(), now());
        came.map(|said| room.say(said));
        heard.push([
            says(&mut room, &alice(), "take it back", at(1)),
            says(&mut room, &alice(), "yes", at(1)),
            says(&mut room, &alice(), "status", at(1)),
        ]);
        let card = room.say("!case show 1")[0].page.text();
        assert!(card.contains("taken back by them"), "{card}");
        assert!(card.contains(if came.is_some() { "refused" } else { "withdrawn" }), "{card}");
    }
    assert_eq!(heard[0], heard[1]);
}
