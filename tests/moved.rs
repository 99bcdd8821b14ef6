//! docket in another room: the cards of open cases are posted again there, a few at a time, over stops in between.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    reason = "a test says what it expects by failing"
)]

mod room;

use docket::case::CaseId;
use docket::desk::{Input, Outcome, Post, PostKind};
use room::{Room, SharedJournal};

/// Tells the desk that these were posted; a card for the first time has this id then.
fn deliver(room: &mut Room, posts: &[Post], place: &str) -> Vec<Post> {
    let done = posts.iter().flat_map(|post| {
        post.orders.iter().map(move |order| {
            let id = post.case.map(|case| format!("$card-{}-{place}", case.number()));
            (*order, id.filter(|_| post.kind == PostKind::Card && post.edits.is_none()))
        })
    });
    match room.handle(vec![Input::Delivered(done.collect())]).remove(0) {
        Outcome::Posts(posts) => posts,
        other => panic!("{other:?}"),
    }
}

fn open(room: &mut Room, count: usize) {
    for _ in 0..count {
        let posts = room.say("!case new terms spam");
        let more = deliver(room, &posts, "old");
        assert!(more.is_empty(), "{more:?}");
    }
}

/// docket finds itself in a room.
fn enter(room: &mut Room, id: &str) {
    assert_eq!(room.handle(vec![Input::Room(id.to_owned())]), [Outcome::Posts(Vec::new())]);
}

fn tick(room: &mut Room) -> Vec<Post> {
    match room.handle(vec![Input::Tick { steady: None }]).remove(0) {
        Outcome::Ticked { posts, .. } => posts.into_iter().filter(|post| post.case.is_some()).collect(),
        other => panic!("{other:?}"),
    }
}

fn cases(posts: &[Post]) -> Vec<u32> {
    assert!(posts.iter().all(|post| post.kind == PostKind::Card && post.edits.is_none()), "{posts:?}");
    posts.iter().filter_map(|post| post.case.map(CaseId::number)).collect()
}

fn owed_cards(room: &mut Room) -> Vec<Post> {
    let owed = room.desk.owed(room::now()).unwrap();
    owed.into_iter().filter(|post| post.kind == PostKind::Card).collect()
}

#[test]
fn in_another_room_open_cases_have_their_cards_again_and_only_once() {
    let mut room = Room::new();
    open(&mut room, 3);
    for line in ["!case withdraw 2", "!case close 2"] {
        let posts = room.say(line);
        deliver(&mut room, &posts, "old");
    }
    enter(&mut room, "!old:try.test");
    assert!(tick(&mut room).is_empty(), "the first room is where the cards are");
    enter(&mut room, "!new:try.test");
    let again = tick(&mut room);
    assert_eq!(cases(&again), [1, 3], "of those that are open");
    assert!(tick(&mut room).is_empty(), "they are on their way");
    assert!(deliver(&mut room, &again, "new").is_empty());
    let edited = room.say("!case assign 1 me").into_iter().find(|post| post.kind == PostKind::Card).unwrap();
    assert_eq!(edited.edits.as_deref(), Some("$card-1-new"), "what is edited from now on is the new one");
    // A closed case gets its card when it changes.
    let reopened = room.say_by_two("!case reopen 2");
    let card = reopened.iter().find(|post| post.kind == PostKind::Card && post.case == CaseId::new(2));
    assert_eq!(card.unwrap().edits, None);
    // A start later there is nothing more to post, and the same room is no other.
    let mut anew = Room::over(room.journal.clone());
    enter(&mut anew, "!new:try.test");
    assert!(tick(&mut anew).iter().all(|post| post.case != CaseId::new(3)));
    let edited = anew.say("!case assign 3 me").into_iter().find(|post| post.kind == PostKind::Card).unwrap();
    assert_eq!(edited.edits.as_deref(), Some("$card-3-new"));
}

#[test]
fn many_cards_come_a_few_at_a_time_and_a_stop_in_between_doubles_none() {
    let journal = SharedJournal::new();
    let mut room = Room::over(journal.clone());
    open(&mut room, 45);
    enter(&mut room, "!old:try.test");
    enter(&mut room, "!new:try.test");
    let first = tick(&mut room);
    assert_eq!(first.len(), 20);
    assert!(tick(&mut room).is_empty(), "first those are to get out");
    deliver(&mut room, &first, "new");
    let mut seen = cases(&first);
    let mut room = Room::over(journal);
    for _ in 0..3 {
        let more = tick(&mut room);
        deliver(&mut room, &more, "new");
        seen.extend(cases(&more));
    }
    seen.sort_unstable();
    assert_eq!(seen, (1..=45).collect::<Vec<u32>>());
}

#[test]
fn a_card_on_its_way_to_another_room_keeps_its_id_over_a_stop_though_its_case_goes_on() {
    let journal = SharedJournal::new();
    let mut room = Room::over(journal.clone());
    open(&mut room, 1);
    enter(&mut room, "!old:try.test");
    enter(&mut room, "!new:try.test");
    let again = tick(&mut room);
    assert_eq!(cases(&again), [1]);
    // It may be there already when the case goes on and docket ends: nobody was told.
    let more = room.say("!case assign 1 me");
    assert!(more.iter().all(|post| post.kind != PostKind::Card), "{more:?}");
    let mut anew = Room::over(journal);
    let owed = owed_cards(&mut anew);
    let ids = |posts: &[Post]| posts.iter().map(|post| post.txn.clone()).collect::<Vec<_>>();
    assert_eq!(ids(&owed), ids(&again), "under another id it would be there twice");
    // What has changed since is an edit of it.
    let edits = deliver(&mut anew, &owed, "new");
    let edited: Vec<_> = edits.iter().map(|post| post.edits.as_deref()).collect();
    assert_eq!(edited, [Some("$card-1-new")]);
    deliver(&mut anew, &edits, "new");
    assert!(owed_cards(&mut anew).is_empty());
}
