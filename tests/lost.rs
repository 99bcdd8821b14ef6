//! A card that is gone from the room: somebody took it back, or the homeserver forgot it.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    reason = "a test says what it expects by failing"
)]

mod room;

use chrono::TimeDelta;
use docket::case::OrderId;
use docket::desk::{Input, Outcome, Post, PostKind};
use room::{Room, SharedJournal};

/// Tells the desk that these were posted; a card for the first time has this id then.
fn deliver(room: &mut Room, posts: &[Post], id: &str) -> Vec<Post> {
    let done = posts.iter().flat_map(|post| {
        let is_new = post.kind == PostKind::Card && post.edits.is_none();
        post.orders.iter().map(move |order| (*order, is_new.then(|| id.to_owned())))
    });
    let done: Vec<(OrderId, Option<String>)> = done.collect();
    posts_of(room.handle(vec![Input::Delivered(done)]).remove(0))
}

fn posts_of(outcome: Outcome) -> Vec<Post> {
    match outcome {
        Outcome::Posts(posts) => posts,
        other => panic!("{other:?}"),
    }
}

/// A room with case C-1 open, whose card is this post.
fn with_card(journal: SharedJournal, id: &str) -> Room {
    let mut room = Room::over(journal);
    let posts = room.say("!case new terms spam");
    assert!(deliver(&mut room, &posts, id).is_empty());
    room
}

fn gone(room: &mut Room, post: &str, by_docket: bool) -> Outcome {
    let doubted = room.handle(vec![Input::CardDoubted(post.to_owned())]).remove(0);
    if doubted == Outcome::Seen {
        return doubted;
    }
    assert_eq!(doubted, Outcome::Fetch);
    room.handle(vec![Input::CardGone { post: post.to_owned(), by_docket }]).remove(0)
}

fn cards(posts: Vec<Post>) -> Vec<Post> {
    posts.into_iter().filter(|post| post.kind == PostKind::Card).collect()
}

fn ids(posts: &[Post]) -> Vec<&str> {
    posts.iter().map(|post| post.txn.as_str()).collect()
}

#[test]
fn the_card_of_an_open_case_is_posted_again_once_and_is_the_card_from_then_on() {
    let mut room = with_card(SharedJournal::new(), "$first");
    assert_eq!(gone(&mut room, "$another", false), Outcome::Seen, "it is no card");
    let again = posts_of(gone(&mut room, "$first", false));
    assert_eq!(again.len(), 1);
    assert_eq!((again[0].kind, again[0].edits.as_deref()), (PostKind::Card, None));
    assert_eq!(gone(&mut room, "$first", false), Outcome::Seen, "once");
    // What changes meanwhile waits until its post is known.
    assert!(cards(room.say("!case assign 1 me")).is_empty());
    let edits = deliver(&mut room, &again, "$second");
    assert_eq!(edits.iter().map(|post| post.edits.as_deref()).collect::<Vec<_>>(), [Some("$second")]);
    deliver(&mut room, &edits, "");
    // A desk that is rebuilt knows the same.
    let mut anew = Room::over(room.journal.clone());
    assert!(cards(anew.desk.owed(room::now()).unwrap()).is_empty());
    let edit = cards(anew.say("!case tag 1 +later"));
    assert_eq!(edit[0].edits.as_deref(), Some("$second"));
}

#[test]
fn an_edit_that_was_on_its_way_is_given_up_and_a_stop_changes_nothing() {
    let journal = SharedJournal::new();
    let mut room = with_card(journal.clone(), "$first");
    let edits = cards(room.say("!case assign 1 me"));
    assert_eq!(edits[0].edits.as_deref(), Some("$first"));
    let again = posts_of(gone(&mut room, "$first", false));
    assert_eq!(again.len(), 1);
    // The homeserver takes an edit of what is gone, and nobody sees it.
    assert!(deliver(&mut room, &edits, "").is_empty());
    for _ in 0..2 {
        let mut anew = Room::over(journal.clone());
        let owed = cards(anew.desk.owed(room::now()).unwrap());
        assert_eq!(ids(&owed), ids(&again), "one card, and always the same");
        assert_eq!(owed[0].edits, None);
    }
    let mut anew = Room::over(journal);
    deliver(&mut anew, &again, "$second");
    assert!(cards(anew.desk.owed(room::now()).unwrap()).is_empty());
}

#[test]
fn what_docket_took_back_itself_and_the_card_of_a_closed_case_stay_away() {
    let mut room = with_card(SharedJournal::new(), "$first");
    assert_eq!(gone(&mut room, "$first", true), Outcome::Seen);
    let closing = ["!case withdraw 1", "!case close 1"].map(|line| cards(room.say(line)));
    for posts in closing {
        deliver(&mut room, &posts, "");
    }
    assert_eq!(gone(&mut room, "$first", false), Outcome::Seen, "nobody works it any more");
    // It is open again, and its card is found to be gone when that changes.
    room.say_by_two("!case reopen 1");
    assert_eq!(posts_of(gone(&mut room, "$first", false)).len(), 1);
}

#[test]
fn whatever_takes_every_card_away_by_itself_does_not_have_docket_post_them_for_ever() {
    let mut room = with_card(SharedJournal::new(), "$first");
    let again = posts_of(gone(&mut room, "$first", false));
    deliver(&mut room, &again, "$second");
    assert_eq!(posts_of(gone(&mut room, "$second", false)), [], "it is on record, and not posted");
    assert_eq!(gone(&mut room, "$second", false), Outcome::Seen);
    // The next change brings it.
    let third = cards(room.say("!case assign 1 me"));
    assert_eq!(third.iter().map(|post| post.edits.as_deref()).collect::<Vec<_>>(), [None]);
    deliver(&mut room, &third, "$third");
    let later = room::now() + TimeDelta::hours(2);
    let gone = Input::CardGone { post: "$third".to_owned(), by_docket: false };
    assert_eq!(posts_of(room.desk.handle(vec![gone], later).unwrap().remove(0)).len(), 1);
}
