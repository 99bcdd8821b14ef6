//! A desk whose room tells of more than is on record: over restarts, a full disk, and until two people say that it goes on.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    reason = "a test says what it expects by failing"
)]

mod room;

use chrono::TimeDelta;
use docket::case::{HeldWhy, Order, OrderId, PurgeReason, Refusal};
use docket::desk::{Input, Looked, Outcome, OwnWord, Post};
use docket::ports::Head;
use docket::rehearsal::terms;
use docket::store::MemoryIndex;
use room::{Room, SharedJournal, now};

/// The commands of a session; the journal after the first so many of them is an older copy of the one after all.
const LINES: [&str; 4] = [
    "!case new preservation agency=\"Kent Police\" accounts=@alice:try.test",
    "!case hold 1 start",
    "!case note 1 they called",
    "!case new other a question",
];

fn after(lines: usize) -> Room {
    let mut room = Room::new();
    for line in &LINES[..lines] {
        room.say(line);
    }
    room
}

fn word(head: Head, instance: &str) -> OwnWord {
    OwnWord::Head { at: now(), head, instance: instance.to_owned() }
}

fn look(room: &mut Room, instance: &str, own: Vec<OwnWord>) -> Vec<Post> {
    let looked = Looked { instance: Some(instance.to_owned()), own };
    match room.handle(vec![Input::Looked(Box::new(looked))]).remove(0) {
        Outcome::Posts(posts) => posts,
        other => panic!("posts, not {other:?}"),
    }
}

/// A desk over the older copy, that heard of the newer one: the journal of the whole session ended there.
fn held() -> (Room, Head) {
    let head = after(4).desk.head();
    let mut room = restarted(&after(2));
    let end = room.desk.head().seq.0;
    room.desk.await_the_room();
    let said = look(&mut room, "here", vec![word(head, "here")]);
    let page = said[0].page.text();
    let missing = format!("docket is held: records {} to {} are missing, last seen", end + 1, head.seq.0);
    assert!(page.starts_with(&missing), "{page}");
    (room, head)
}

fn restarted(room: &Room) -> Room {
    Room::over(room.journal.clone())
}

/// Time goes on to so much after the beginning; `passed` since the tick before.
fn tick(room: &mut Room, after: TimeDelta, passed: TimeDelta) -> Vec<Post> {
    match room
        .desk
        .handle(vec![Input::Tick { steady: passed.to_std().ok() }], now() + after)
        .unwrap()
        .remove(0)
    {
        Outcome::Ticked { posts, .. } => posts,
        other => panic!("{other:?}"),
    }
}

fn code(posts: &[Post]) -> String {
    let page = posts[0].page.text();
    let (_, rest) = page.split_once("!case approve ").expect(&page);
    rest.split_whitespace().next().unwrap().to_owned()
}

#[test]
fn an_older_copy_is_told_from_the_journal_itself() {
    let whole = after(4);
    let older = after(2).desk.head();
    let mut same = restarted(&whole);
    assert_eq!(look(&mut same, "here", vec![word(whole.desk.head(), "here"), word(older, "here")]), []);
    assert_eq!(look(&mut same, "here", vec![word(older, "here")]), [], "it has gone on since");
    assert!(same.desk.held().is_none());
    // The same number with something else under it.
    let mut other = after(2);
    other.say("!case note 1 something else");
    let heads: Vec<Head> = [3].map(|lines| after(lines).desk.head()).into();
    assert!(heads[0].seq <= other.desk.head().seq);
    look(&mut other, "here", vec![word(heads[0], "here")]);
    assert_eq!(other.desk.held().unwrap().why, HeldWhy::Otherwise);
}

#[test]
fn it_stays_held_over_restarts_and_says_so_once() {
    let (room, head) = held();
    let mut anew = restarted(&room);
    assert_eq!(anew.desk.held(), room.desk.held());
    // The alarm is owed until it was sent.
    let owed = anew.desk.owed(now()).unwrap();
    assert!(owed.iter().any(|post| post.page.text().starts_with("docket is held: records")), "{owed:?}");
    assert_eq!(look(&mut anew, "here", vec![word(head, "here")]), [], "it was said");
    assert_eq!(
        look(&mut anew, "here", vec![word(room.desk.head(), "here")]),
        [],
        "and stays, though nothing is odd any more"
    );
    assert!(anew.first_line("!case note 1 again").starts_with("Not done: docket is held"));
    assert!(anew.first_line("!case show 1").starts_with("C-1 · preservation"));
    assert!(anew.first_line("!case freeze @cy").starts_with("@cy:try.test is frozen"));
}

#[test]
fn what_two_journals_say_that_parted_is_never_taken_for_the_other() {
    let head = after(4).desk.head();
    let parted = |seconds| {
        let mut room = restarted(&after(2));
        let owed = room.desk.owed(now()).unwrap();
        let looked = Looked { instance: Some("here".to_owned()), own: vec![word(head, "here")] };
        let at = now() + TimeDelta::seconds(seconds);
        let Outcome::Posts(alarm) =
            room.desk.handle(vec![Input::Looked(Box::new(looked))], at).unwrap().remove(0)
        else {
            panic!("posts")
        };
        let again = restarted(&room).desk.owed(at).unwrap();
        assert!(again.iter().any(|post| post.txn == alarm[0].txn), "over a restart it is the same");
        let answer = room.say("!case trust @ben key")[0].txn.clone();
        for post in &owed {
            assert!(again.iter().any(|later| later.txn == post.txn), "what was owed before stays the same");
        }
        (alarm[0].orders.clone(), alarm[0].txn.clone(), answer, owed)
    };
    let ((order, first, answer, owed), (same, second, other, _)) = (parted(1), parted(2));
    assert_eq!(order, same);
    assert_ne!(first, second);
    assert_ne!(answer, other, "one message, and each answers it by itself");
    assert!(!owed.is_empty());
}

#[test]
fn nothing_falls_due_and_nothing_about_a_case_leaves_until_it_goes_on() {
    let (mut room, _) = held();
    let owed = room.desk.owed(now()).unwrap();
    let (of_cases, of_the_desk): (Vec<&Post>, Vec<&Post>) =
        owed.iter().partition(|post| post.orders.iter().any(|order| order.case.is_some()));
    assert!(!of_cases.is_empty() && !of_the_desk.is_empty(), "{owed:?}");
    let leaves = |room: &mut Room, orders: &[OrderId]| {
        matches!(room.handle(vec![Input::Leaving(orders.to_vec())]).remove(0), Outcome::Leaves(_))
    };
    assert!(of_cases.iter().all(|post| !leaves(&mut room, &post.orders)));
    assert!(of_the_desk.iter().all(|post| leaves(&mut room, &post.orders)));
    assert!(leaves(&mut room, &[]), "the answer to what changed nothing");
    for days in 1..4 {
        assert_eq!(
            tick(&mut room, TimeDelta::days(days), TimeDelta::days(1)),
            [],
            "no reminder and no digest"
        );
    }
    let refused = room.handle(vec![Input::Purge(vec![of_cases[0].case.unwrap()], PurgeReason::Retention)]);
    assert!(matches!(&refused[0], Outcome::NotPurged(Refusal::Held(_))), "{refused:?}");

    let proposed = room.say("!case resume");
    let mut room = restarted(&room);
    room.desk.await_the_room();
    look(&mut room, "here", Vec::new());
    assert!(!leaves(&mut room, &of_cases[0].orders), "it stays over a restart");
    assert!(
        room.say_as("ben", &format!("!case approve {}", code(&proposed)))[0].page.text().starts_with("Done")
    );
    assert!(room.desk.held().is_none());
    let said = tick(&mut room, TimeDelta::zero(), TimeDelta::zero());
    let again: Vec<&OrderId> = said.iter().flat_map(|post| &post.orders).collect();
    assert!(again.contains(&&of_cases[0].orders[0]), "what stayed goes out: {said:?}");
    let twice = again.iter().filter(|order| ***order == of_cases[0].orders[0]).count();
    assert_eq!(twice, 1);
    let rest = tick(&mut room, TimeDelta::minutes(1), TimeDelta::minutes(1));
    assert!(rest.iter().all(|post| !post.orders.contains(&of_cases[0].orders[0])), "and once only");
    assert!(room.first_line("!case note 1 again").starts_with("C-1 · note added"));
    assert!(restarted(&room).desk.held().is_none());
}

#[test]
fn on_a_full_disk_it_is_held_all_the_same_and_says_so_when_there_is_room() {
    let head = after(4).desk.head();
    let mut room = after(2);
    room.journal.set_full(true);
    assert_eq!(look(&mut room, "here", vec![word(head, "here")]), []);
    assert!(room.first_line("!case note 1 again").starts_with("Not done: docket is held"));
    room.journal.set_full(false);
    assert!(room.first_line("!case note 1 again").starts_with("Not done: docket is held"));
    let said = tick(&mut room, TimeDelta::minutes(1), TimeDelta::minutes(1));
    assert_eq!(said[0].orders[0].order, Order::Alarm);
    assert!(said[0].page.text().starts_with("docket is held: records"), "{said:?}");
    assert!(restarted(&room).desk.held().is_some());
}

#[test]
fn whoever_ends_the_hold_before_it_could_be_put_on_record_ends_it_for_good() {
    let head = after(4).desk.head();
    let mut room = after(2);
    room.journal.set_full(true);
    look(&mut room, "here", vec![word(head, "here")]);
    assert!(room.first_line("!case resume").starts_with("Not done: the disk is full"));
    room.journal.set_full(false);
    let proposed = room.say("!case resume");
    let said = tick(&mut room, TimeDelta::zero(), TimeDelta::zero());
    assert!(said[0].page.text().starts_with("docket is held: records"), "{said:?}");
    room.say_as("ben", &format!("!case approve {}", code(&proposed)));
    assert!(room.desk.held().is_none() && restarted(&room).desk.held().is_none());
    tick(&mut room, TimeDelta::minutes(1), TimeDelta::minutes(1));
    assert!(room.first_line("!case note 1 again").starts_with("C-1 · note added"));
}

#[test]
fn a_journal_at_work_in_another_directory_is_held_until_two_people_say_that_it_is_this_one_now() {
    let mut room = after(2);
    look(&mut room, "the first", Vec::new());
    let mut copy = restarted(&room);
    let said = look(&mut copy, "the second", Vec::new());
    assert!(said[0].page.text().starts_with("docket is held: its data were restored or copied"), "{said:?}");
    copy.say_by_two("!case resume");
    assert!(copy.desk.held().is_none());
    let mut anew = restarted(&copy);
    assert_eq!(look(&mut anew, "the second", Vec::new()), []);
    // The first one comes up again, and finds what the second has said since.
    let said = look(&mut restarted(&copy), "the first", vec![word(copy.desk.head(), "the second")]);
    assert!(said[0].page.text().contains("another docket spoke here under this account"), "{said:?}");
}

#[test]
fn before_anybody_has_looked_time_brings_nothing_and_then_everything() {
    let room = after(2);
    let mut anew = Room::with(room.journal.clone(), MemoryIndex::new());
    anew.desk.await_the_room();
    let later = TimeDelta::days(2);
    assert_eq!(tick(&mut anew, later, TimeDelta::zero()), []);
    assert_eq!(anew.desk.head(), room.desk.head(), "nothing is put on record either");
    look(&mut anew, "here", Vec::new());
    assert!(!tick(&mut anew, later, TimeDelta::zero()).is_empty());
}

#[test]
fn whoever_may_not_administer_does_not_propose_to_go_on_and_nobody_does_it_alone() {
    let (mut room, _) = held();
    let said = room.say_as("ben", "!case resume")[0].page.text();
    assert!(said.starts_with("Not allowed"), "{said}");
    let code = code(&room.say("!case resume"));
    let alone = room.say(&format!("!case approve {code}"))[0].page.text();
    assert!(alone.starts_with("Not done: you proposed it"), "{alone}");
    let forced = room.say_as("ben", &format!("!case approve {code} break-glass=\"now\""))[0].page.text();
    assert!(forced.starts_with("Not done: one person alone"), "{forced}");
    assert!(room.desk.held().is_some());
}

#[test]
fn a_journal_of_before_reads_and_the_directory_is_taken_once() {
    let journal = SharedJournal::new();
    let mut room = Room::under(terms().unwrap(), journal, MemoryIndex::new());
    room.say(LINES[0]);
    let before = room.desk.head().seq.0;
    look(&mut room, "here", Vec::new());
    assert_eq!(room.desk.head().seq.0, before + 1);
    look(&mut room, "here", Vec::new());
    assert_eq!(room.desk.head().seq.0, before + 1);
    assert!(room.journal.last_bodies()[0].contains("\"event\":\"directory-taken\",\"instance\":\"here\""));
}
