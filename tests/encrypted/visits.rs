//! Users who ask docket for something by themselves, in an encrypted room of their own: from the first word to the answer, and in which
//! rooms docket says nothing.

use matrix_sdk::Room;
use matrix_sdk::ruma::OwnedUserId;
use matrix_sdk::ruma::api::client::room::create_room::v3::{Request, RoomPreset};
use matrix_sdk::ruma::serde::Raw;
use serde_json::json;

use crate::docket::Docket;
use crate::notices::{Desk, user};
use crate::person::Person;

/// A room of a user in which docket is wanted, and others.
pub async fn room_of(user: &Person, docket: &Docket, is_encrypted: bool, others: &[&OwnedUserId]) -> Room {
    let mut request = Request::new();
    request.preset = Some(RoomPreset::TrustedPrivateChat);
    request.is_direct = true;
    request.invite = std::iter::once(&docket.id).chain(others.iter().copied()).cloned().collect();
    if is_encrypted {
        let content = json!({ "algorithm": "m.megolm.v1.aes-sha2" });
        let event = json!({ "type": "m.room.encryption", "state_key": "", "content": content });
        request.initial_state = vec![Raw::new(&event).unwrap().cast_unchecked()];
    }
    let room = user.client.create_room(request).await.unwrap();
    user.sync().await;
    room
}

/// Waits until docket is in a room, or out of it.
pub async fn docket_is(user: &Person, room: &Room, docket: &Docket, membership: &str) {
    crate::watch::until_is(&user.client, room.room_id(), &docket.id, membership).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_user_gets_from_hi_to_a_request_and_its_state_in_four_messages_and_the_answer_where_they_asked() {
    let mut desk = Desk::new("").await;
    let mut alice = user("alice").await;
    let running = desk.docket.run().await;
    let room = room_of(&alice, &desk.docket, true, &[]).await;
    docket_is(&alice, &room, &desk.docket, "join").await;
    alice.sync().await;

    alice.say(&room, "hi").await;
    let menu = alice.hears(&room, "a copy of my data").await;
    assert!(menu.proof.is_some() && menu.text.contains("9 report"), "{menu:?}");
    alice.say(&room, "3").await;
    alice.hears(&room, "cannot be undone").await;
    alice.say(&room, "no").await;
    alice.hears(&room, "Nothing was passed on").await;
    alice.say(&room, "5").await;
    alice.hears(&room, "Which data, and why").await;
    alice.say(&room, "my pangolin pictures").await;
    alice.hears(&room, "my pangolin pictures").await;
    alice.say(&room, "1").await;
    alice.hears(&room, "Its number is C-1").await;
    alice.hears(&room, "We received your request about your data").await;
    alice.say(&room, "7").await;
    alice.hears(&room, "people look at it").await;

    // The room heard of it, and nobody may do there what a moderator does.
    desk.ada.hears(&desk.room, &format!("Asked by {} in a room with docket", alice.id)).await;
    alice.say(&room, "!case close 1").await;
    alice.hears(&room, "Shall this go to your request C-1").await;
    alice.say(&room, "no").await;
    alice.hears(&room, "Nothing was passed on").await;
    desk.ada.say(&desk.room, "!case refuse 1 reason=shared").await;
    desk.ada.hears(&desk.room, "C-1 · refused").await;
    let sends = desk.ada.say(&desk.room, "!case sent 1 refuse via=dm").await;
    let said = desk.ada.hears_of(&desk.room, &sends).await;
    assert!(said.text.contains("letter refuse goes to them"), "{said:?}");
    let letter = alice.hears(&room, "We cannot do what you asked for").await;
    assert!(letter.proof.is_some(), "it is encrypted");
    alice.say(&room, "how far is it?").await;
    alice.hears(&room, "answered, as we wrote above").await;
    let log = desk.ada.say(&desk.room, "!case log 1").await;
    let log = desk.ada.hears_of(&desk.room, &log).await;
    assert!(log.text.contains("letter refuse sent by dm"), "{}", log.text);

    // Once she is gone nothing more reaches her.
    room.leave().await.unwrap();
    desk.ada.say(&desk.room, "!case sent 1 refuse via=dm again").await;
    desk.ada.hears(&desk.room, "did not reach them: they are in no room with docket").await;
    let log = running.stop().await;
    for secret in ["alice", "pangolin", room.room_id().as_str()] {
        assert!(!log.contains(secret), "{secret}: {log}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn docket_speaks_where_nobody_else_hears_and_to_nobody_whose_session_proves_nothing() {
    let mut desk = Desk::new("").await;
    let (mut alice, bob) = (user("alice").await, user("bob").await);
    let mut unsigned = Person::unsigned("unsigned").await;
    (unsigned.beware, alice.beware) = (true, true);
    let running = desk.docket.run().await;

    // A room with others is declined, one that is not encrypted hears why, once.
    let others = room_of(&bob, &desk.docket, true, &[&alice.id]).await;
    docket_is(&bob, &others, &desk.docket, "leave").await;
    let declined = others.get_member(&desk.docket.id).await.unwrap().unwrap();
    let why = declined.event().reason().unwrap_or_default().to_owned();
    assert!(why.contains("nobody but you and me") && why.contains("verschlüsselten"), "{why:?}");
    let clear = room_of(&alice, &desk.docket, false, &[]).await;
    docket_is(&alice, &clear, &desk.docket, "join").await;
    let said = alice.hears(&clear, "encrypted room in which there is nobody but you and me").await;
    assert!(said.proof.is_none() && said.text.contains("Deutsch") | said.text.contains("verschlüsselten"));
    for n in 0..3 {
        alice.say(&clear, &format!("delete my account {n}")).await;
    }

    // What comes from a session that nothing signs is not read, and that is said once.
    let theirs = room_of(&unsigned, &desk.docket, true, &[]).await;
    docket_is(&unsigned, &theirs, &desk.docket, "join").await;
    unsigned.sync().await;
    for n in 0..3 {
        unsigned.say(&theirs, &format!("delete my account {n}")).await;
    }
    let said = unsigned.hears(&theirs, "only sessions that you have verified").await;
    assert!(said.proof.is_none(), "{said:?}");

    // Whoever is told the one is told the other where that is so.
    let first_clear = room_of(&unsigned, &desk.docket, false, &[]).await;
    docket_is(&unsigned, &first_clear, &desk.docket, "join").await;
    unsigned.say(&first_clear, "hello").await;
    unsigned.hears(&first_clear, "encrypted room in which there is nobody but you and me").await;
    first_clear.enable_encryption().await.unwrap();
    unsigned.sync().await;
    for n in 0..2 {
        unsigned.say(&first_clear, &format!("delete my account {n}")).await;
    }
    unsigned.hears(&first_clear, "only sessions that you have verified").await;

    // Whoever comes later into a room of two hears nothing there: docket goes.
    let two = room_of(&bob, &desk.docket, true, &[]).await;
    docket_is(&bob, &two, &desk.docket, "join").await;
    two.invite_user_by_id(&alice.id).await.unwrap();
    bob.say(&two, "a copy of my data").await;
    docket_is(&bob, &two, &desk.docket, "leave").await;

    desk.ada.say(&desk.room, "!case list").await;
    desk.ada.hears(&desk.room, "No open case").await;
    alice.sync().await;
    assert_eq!(alice.passed_over("encrypted room in which there is nobody"), 0, "once");
    assert_eq!(unsigned.passed_over("only sessions that you have verified"), 0, "once");
    let log = running.stop().await;
    for secret in ["alice", "bob", "unsigned", "delete my account"] {
        assert!(!log.contains(secret), "{secret}: {log}");
    }
}
