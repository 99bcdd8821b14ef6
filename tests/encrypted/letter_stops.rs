//! A letter with which a copy of somebody's data goes, and what keeps it from them once it was let go: somebody else signs the account by
//! then, the file is there without its words, or nobody can read any more what is there. The moderation room hears each of it.

use docket::ops::failpoint::Point;
use matrix_sdk::Room;
use matrix_sdk::room::MessagesOptions;

use crate::docket::Docket;
use crate::mortal::Mortal;
use crate::notices::{Desk, user};
use crate::person::Person;
use crate::proxy::Proxy;
use crate::steps_beside::times;
use crate::steps_notice::read;
use crate::visits::{docket_is, room_of};

const FILE: &str = "your-data.json";
const WORDS: &str = "This answers your request";

/// Asks for a copy of their data, in a room with docket; two people agree on the answer with which it goes.
async fn asks(user: &mut Person, desk: &mut Desk, docket: &Docket) -> Room {
    let room = room_of(user, docket, true, &[]).await;
    docket_is(user, &room, docket, "join").await;
    user.sync().await;
    user.say(&room, "I want a copy of my data").await;
    user.hears(&room, "A copy of the data that we hold").await;
    user.say(&room, "yes").await;
    user.hears(&room, "We received your request about your data").await;
    desk.ada.hears(&desk.room, &format!("Asked by {} in a room with docket", user.id)).await;
    desk.ben.sync().await;
    desk.answers_with_data().await;
    room
}

/// How many messages of docket's are in a room, whether somebody there can read them or not.
async fn said_by(docket: &Docket, user: &Person, room: &Room) -> usize {
    user.sync().await;
    let mut options = MessagesOptions::backward();
    options.limit = 100_u32.into();
    let page = room.messages(options).await.unwrap();
    let is_message = |event: &&matrix_sdk::deserialized_responses::TimelineEvent| {
        let kind = event.raw().get_field::<String>("type").ok().flatten();
        let is_said = matches!(kind.as_deref(), Some("m.room.encrypted" | "m.room.message"));
        is_said && event.sender().as_ref() == Some(&docket.id)
    };
    page.chunk.iter().filter(is_message).count()
}

/// A docket that can be told where to die, apart from the desk of the people in its room.
async fn taken_out(desk: &mut Desk) -> Docket {
    std::mem::replace(&mut desk.docket, Docket::new(&[&desk.ada.id]).await)
}

#[tokio::test(flavor = "multi_thread")]
async fn whoever_signs_the_account_anew_is_handed_nothing_however_late_they_do() {
    let mut desk = Desk::new("").await;
    let mut alice = user("alice").await;
    let docket = taken_out(&mut desk).await;
    let proxy = Proxy::before(&docket).await;
    let running = docket.run().await;
    let room = asks(&mut alice, &mut desk, &docket).await;
    let before = said_by(&docket, &alice, &room).await;

    // Her keys are looked at before the file goes to the homeserver, and once more when it is there: what was answered then is old when
    // it comes, and nobody tells docket that there is something newer.
    let (upload, uploading) = proxy.holds("POST", "/media/");
    desk.ada.say(&desk.room, "!case sent 1 answer via=dm").await;
    desk.ada.hears(&desk.room, "letter answer goes to them").await;
    uploading.happens(1).await;
    let keys = format!("/keys/query with {}", alice.id);
    let (old, answering) = proxy.keeps_back("POST", &keys);
    let (news, _) = proxy.holds("GET", "/sync");
    drop(upload);
    answering.is_over().await;
    alice.resets().await;
    drop(old);
    let stopped = "etter answer did not reach them: the account is signed by another identity";
    desk.ada.hears(&desk.room, stopped).await;
    drop(news);
    assert_eq!(said_by(&docket, &alice, &room).await, before, "nothing is there, for nobody");

    // Let go once more, it does not even go to the homeserver.
    let uploads = || proxy.asked().iter().filter(|asked| asked.path.contains("/media/")).count();
    let uploaded = uploads();
    desk.ada.say(&desk.room, "!case sent 1 answer via=dm").await;
    desk.ada.hears(&desk.room, "letter answer goes to them").await;
    desk.ada.hears(&desk.room, stopped).await;
    assert_eq!(uploads(), uploaded, "it is known by now");
    assert_eq!(said_by(&docket, &alice, &room).await, before, "nothing is there, for nobody");
    let words = read(&alice, &room).await;
    assert_eq!((times(&words, FILE), times(&words, WORDS)), (0, 0), "{words:#?}");
    let log = running.stop().await;
    for secret in ["alice", "pangolin", "your-data", room.room_id().as_str()] {
        assert!(!log.contains(secret), "{secret}: {log}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn where_the_file_is_and_the_words_may_not_follow_any_more_somebody_hears_just_that() {
    let mut desk = Desk::new("").await;
    let mut alice = user("alice").await;
    let docket = taken_out(&mut desk).await;
    let mortal = Mortal::new(&docket);
    let mut alive = mortal.lives().await;
    let room = asks(&mut alice, &mut desk, &docket).await;
    mortal.dies_at(Point::LetterCopied.name());
    desk.ada.say(&desk.room, "!case sent 1 answer via=dm").await;
    alive.dies(Point::LetterCopied).await;
    let before = said_by(&docket, &alice, &room).await;

    // The file went to her. Who she is now, docket does not know.
    alice.resets().await;
    let alive = mortal.lives().await;
    desk.ada.hears(&desk.room, "it is in their room, and the words are not").await;
    desk.ada.say(&desk.room, "!case log 1").await;
    let log = desk.ada.hears(&desk.room, "the copy of their data did").await;
    assert!(!log.text.contains("letter answer sent by dm"), "{}", log.text);
    alive.stops().await;
    assert_eq!(said_by(&docket, &alice, &room).await, before, "nothing came to it");
    let words = read(&alice, &room).await;
    assert_eq!((times(&words, FILE), times(&words, WORDS)), (1, 0), "{words:#?}");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_letter_that_may_be_there_already_is_not_said_twice() {
    let mut desk = Desk::new("").await;
    let mut alice = user("alice").await;
    let docket = taken_out(&mut desk).await;
    let mortal = Mortal::new(&docket);
    let mut alive = mortal.lives().await;
    let room = asks(&mut alice, &mut desk, &docket).await;
    mortal.dies_at(Point::LetterSent.name());
    desk.ada.say(&desk.room, "!case sent 1 answer via=dm").await;
    alive.dies(Point::LetterSent).await;
    let before = said_by(&docket, &alice, &room).await;

    // It is there, and that is not on record. What the next session finds there it cannot read.
    std::fs::remove_dir_all(docket.dir.join("data/matrix/store")).unwrap();
    let said = docket.set_up().await;
    assert!(said.contains("session: logged in"), "{said}");
    let alive = mortal.lives().await;
    desk.ada.sync().await;
    desk.ada.hears(&desk.room, "something is in their room already that docket cannot read any more").await;
    alive.stops().await;
    assert_eq!(said_by(&docket, &alice, &room).await, before, "nothing came to it");
    let words = read(&alice, &room).await;
    assert_eq!((times(&words, FILE), times(&words, WORDS)), (1, 1), "{words:#?}");
}
