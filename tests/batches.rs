//! What a batch owes and what it keeps: one card a case, one answer a message, nothing said that is not on disk.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    reason = "a test says what it expects by failing"
)]

mod room;

use docket::case::{CaseId, KeptFile, Order, OrderId, PurgeReason, Refusal};
use docket::desk::{Got, Input, Message, Outcome, Post, PostKind, PostedFile};
use docket::ports::Files;
use room::{Room, kept};

fn posts(outcome: &Outcome) -> &[Post] {
    match outcome {
        Outcome::Posts(posts) => posts,
        other => panic!("posts, not {other:?}"),
    }
}

fn orders(posts: &[Post]) -> Vec<(OrderId, Option<String>)> {
    let orders = posts.iter().flat_map(|post| &post.orders);
    orders.map(|order| (*order, (order.order == Order::Card).then(|| "$card".to_owned()))).collect()
}

fn cards(posts: &[Post]) -> usize {
    posts.iter().filter(|post| post.kind == PostKind::Card).count()
}

#[test]
fn a_case_gets_one_card_however_fast_it_changes() {
    let mut room = Room::new();
    let lines = ["!case new terms spam", "!case tag 1 +fraud", "!case assign 1 me"];
    let batch: Vec<Input> = lines.iter().map(|line| Input::Message(room.message("ada", line))).collect();
    let mut said: Vec<Post> = Vec::new();
    for outcome in room.handle(batch) {
        said.extend(posts(&outcome).iter().cloned());
    }
    // The next batch comes before anybody has told that the card was posted.
    said.extend(room.say("!case note 1 busy day"));
    assert_eq!(cards(&said), 1, "the first card, and no second one beside it");

    let outcomes = room.handle(vec![Input::Delivered(orders(&said))]);
    let [edit] = posts(&outcomes[0]) else { panic!("one edit brings the card up to date: {outcomes:?}") };
    assert_eq!((edit.kind, edit.edits.as_deref()), (PostKind::Card, Some("$card")));
    assert!(edit.page.text().contains("busy day"), "{}", edit.page.text());
    room.handle(vec![Input::Delivered(orders(std::slice::from_ref(edit)))]);
    assert!(room.desk.owed(room::now()).unwrap().is_empty(), "nothing is owed any more");
}

#[test]
fn a_first_card_that_was_sent_and_not_told_before_a_stop_is_sent_under_the_same_id() {
    let mut room = Room::new();
    let first = room.say("!case new terms spam").into_iter().find(|post| post.kind == PostKind::Card);
    let first = first.expect("a card");
    // docket dies after the homeserver has taken the card, and the case has changed meanwhile.
    room.say("!case note 1 busy day");
    let mut room = Room::over(room.journal.clone());

    let owed = room.desk.owed(room::now()).unwrap();

    let cards: Vec<&Post> = owed.iter().filter(|post| post.kind == PostKind::Card).collect();
    let [again] = cards.as_slice() else { panic!("one card: {cards:?}") };
    assert_eq!((&again.txn, &again.edits), (&first.txn, &None));
    // The homeserver keeps what it had; the edit brings it up to date.
    let outcomes = room.handle(vec![Input::Delivered(orders(&owed))]);
    let [edit] = posts(&outcomes[0]) else { panic!("one edit brings the card up to date: {outcomes:?}") };
    assert_eq!(edit.edits.as_deref(), Some("$card"));
    assert!(edit.page.text().contains("busy day"), "{}", edit.page.text());
    room.handle(vec![Input::Delivered(orders(std::slice::from_ref(edit)))]);
    assert!(room.desk.owed(room::now()).unwrap().is_empty(), "nothing is owed any more");
}

#[test]
fn what_was_refused_is_not_done_when_it_comes_again() {
    let mut room = Room::new();
    room.say("!case new terms spam");
    let early = room.message("ada", "!case close 1");
    let refused = room.hand_in(early.clone());
    assert!(refused[0].page.text().starts_with("Not done: nothing has come of the request yet"));
    room.say("!case answer 1 none");
    assert_eq!(room.handle(vec![Input::Message(early)]), [Outcome::Seen]);
    assert!(room.first_line("!case show 1").contains("answered"), "it was not closed by the old message");
}

#[test]
fn a_stranger_puts_nothing_on_record() {
    let mut room = Room::new();
    let before = room.desk.head();
    for _ in 0..5 {
        let said = room.say_as("eve", "!case new terms spam");
        assert!(said[0].page.text().starts_with("Not allowed:"));
    }
    assert_eq!(room.desk.head(), before);
}

#[test]
fn on_a_full_disk_each_message_of_a_batch_is_answered_over_what_is_on_file() {
    let mut room = Room::new();
    room.say("!case new terms spam");
    room.journal.set_full(true);
    let lines =
        ["!case new terms insults", "!case close 2", "!case show 2", "!case note 1 x", "!case show 1"];
    let batch: Vec<Input> = lines.iter().map(|line| Input::Message(room.message("ada", line))).collect();
    let said: Vec<String> = room.handle(batch).iter().map(|outcome| posts(outcome)[0].page.text()).collect();
    let begins = [
        "Not done: the disk is full",
        "Not done: there is no case C-2",
        "Not done: there is no case C-2",
        "Not done: the disk is full",
        "C-1 · terms",
    ];
    for (said, begin) in said.iter().zip(begins) {
        assert!(said.starts_with(begin), "{begin}: {said}");
    }
    room.journal.set_full(false);
    assert!(room.first_line("!case new terms insults").starts_with("C-2 opened"));
}

#[test]
fn a_purge_that_was_not_made_says_so() {
    let mut room = Room::new();
    room.say("!case new terms spam");
    let purge = || vec![Input::Purge(vec![CaseId::FIRST], PurgeReason::Retention)];
    room.journal.set_full(true);
    assert_eq!(room.handle(purge()), [Outcome::NotPurged(Refusal::DiskFull)]);
    room.journal.set_full(false);
    assert_eq!(room.handle(purge()), [Outcome::Purged(1)]);
    assert_eq!(room.handle(purge()), [Outcome::Purged(0)]);
}

#[test]
fn numbers_that_a_restore_lost_are_not_called_erased() {
    let mut room = Room::new();
    room.say("!case new terms spam");
    let tenth = CaseId::new(10).unwrap();
    room.handle(vec![Input::Purge(vec![tenth], PurgeReason::Restored)]);
    assert_eq!(room.first_line("!case show 10"), "C-10 · erased");
    assert!(room.first_line("!case show 5").starts_with("Not done: C-5 is not on file"));
    assert!(room.first_line("!case note 5 x").starts_with("Not done: C-5 is not on file"));
    assert!(room.first_line("!case new terms more").starts_with("C-11 opened"));
}

#[test]
fn a_refused_file_is_not_left_behind() {
    let mut room = Room::new();
    room.say("!case new terms spam");
    let mut blobs = Vec::new();
    for begin in ["C-1 · file attached", "Not done: this very file is on the case already"] {
        let blob = room.files.keep(CaseId::FIRST, b"abc").unwrap();
        let file = KeptFile { blob: blob.clone(), ..kept("order.pdf") };
        let file = Some(PostedFile::named("order.pdf").with(Got::Kept(CaseId::FIRST, file)));
        let message = Message { file, ..room.message("ada", "!case attach 1") };
        let said = room.hand_in(message)[0].page.text();
        assert!(said.starts_with(begin), "{said}");
        blobs.push(blob);
    }
    assert_eq!(room.files.open(CaseId::FIRST, &blobs[0]).unwrap(), b"abc");
    assert!(room.files.open(CaseId::FIRST, &blobs[1]).is_err(), "the second copy is gone");
}

#[test]
fn whoever_looks_at_a_sealed_case_is_on_record_before_it_is_shown() {
    let mut room = Room::new();
    room.say("!case new terms context=\"a secret word\"");
    room.say("!case tag 1 +csea");
    let before = room.desk.head();
    let looks = ["show", "log", "check", "letter", "policy", "scope", "cost", "conflicts"];
    for look in looks {
        let said = room.say(&format!("!case {look} 1"));
        assert!(said[0].page.text().starts_with("Not allowed: C-1 is sealed."), "{look}: {said:?}");
        assert!(!said[0].page.text().contains("secret word"), "{look}");
    }
    assert_eq!(room.desk.head(), before, "nobody has seen anything");
    let owed = room.desk.owed(room::now()).unwrap().len();
    for (n, look) in looks.into_iter().enumerate() {
        let said = room.say_as("sam", &format!("!case {look} 1"));
        assert_eq!((said.len(), said[0].kind), (1, PostKind::Reply), "{look}: the case has not changed");
        assert_eq!(room.desk.head().seq.0, before.seq.0 + 1 + n as u64, "{look} is on record");
    }
    assert_eq!(room.desk.owed(room::now()).unwrap().len(), owed, "a look owes nothing");
    // One batch: the change before it, the look, and the log that shows both.
    let batch = ["!case note 1 hello", "!case show 1", "!case log 1"];
    let batch: Vec<Input> = batch.iter().map(|line| Input::Message(room.message("sam", line))).collect();
    let outcomes = room.handle(batch);
    let log = posts(&outcomes[2])[0].page.text();
    assert!(log.contains("note added") && log.contains("looked at: show"), "{log}");

    room.journal.set_full(true);
    let said = room.say_as("sam", "!case show 1")[0].page.text();
    assert!(said.starts_with("Not done: the disk is full"), "what cannot be on record is not shown: {said}");
}

#[test]
fn nothing_of_a_file_is_kept_before_the_case_was_asked() {
    let mut room = Room::new();
    room.say("!case new terms spam");
    room.say("!case tag 1 +csea");
    let mut attached = |who: &str, text: &str| {
        let file = Some(PostedFile::named("x.jpg"));
        let message = Message { file, ..room.message(who, text) };
        room.handle(vec![Input::Message(message)]).remove(0)
    };
    for (who, text) in [("ada", "!case attach 1 as=instrument"), ("sam", "!case attach 1")] {
        assert!(matches!(attached(who, text), Outcome::Posts(_)), "{who}: {text}");
    }
    assert_eq!(attached("sam", "!case attach 1 as=instrument"), Outcome::Keep(CaseId::FIRST));
}
