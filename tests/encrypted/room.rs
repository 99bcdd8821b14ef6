//! What moderators type in the encrypted room, and what comes back.

use matrix_sdk::deserialized_responses::ShieldState;
use matrix_sdk::ruma::RoomId;
use matrix_sdk::ruma::TransactionId;
use matrix_sdk::ruma::api::client::message::send_message_event;
use matrix_sdk::ruma::events::room::message::RoomMessageEventContent;
use matrix_sdk::{Client, Room};
use serde_json::json;

use crate::docket::{Docket, Running, room_of};
use crate::person::Person;

/// ada, whose key nobody has confirmed, in a room with a docket that runs.
async fn ada_in_her_room() -> (Person, Room, Docket, Running) {
    let ada = Person::new("ada").await;
    let docket = Docket::new(&[&ada.id]).await;
    let id = room_of(&docket.set_up().await);
    let room = ada.join(&id).await;
    let running = docket.run().await;
    (ada, room, docket, running)
}

#[tokio::test(flavor = "multi_thread")]
async fn a_moderator_asks_and_is_answered_by_a_docket_that_shows_no_shield() {
    let (mut ada, room, _docket, running) = ada_in_her_room().await;

    let asked = ada.say(&room, "!case help").await;

    let said = ada.hears(&room, "!case new").await;
    assert_eq!(said.shield, Some(ShieldState::None), "docket's device is signed by its owner");
    assert_eq!(said.content["m.relates_to"]["m.in_reply_to"]["event_id"], asked.as_str());
    assert_eq!(said.content["msgtype"], "m.notice");
    let log = running.stop().await;
    assert!(
        !log.contains("ada") && !log.contains("help"),
        "a log names nobody and nothing that was said: {log}"
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn a_case_is_opened_has_a_card_and_is_worked_in_its_thread() {
    let (mut ada, room, _docket, running) = ada_in_her_room().await;
    ada.say(
        &room,
        "Request: preservation\nAgency: Metropolitan Police Service\nAccounts: @alice:docket.test",
    )
    .await;
    let answer = ada.hears(&room, "C-1 opened: preservation").await;
    assert_eq!(answer.shield, Some(ShieldState::None));
    let card = ada.hears(&room, "C-1").await;
    assert!(card.content["m.relates_to"].is_null(), "the card heads its thread: {card:?}");

    // In the thread the number may be left out for a note.
    let thread = json!({
        "msgtype": "m.text", "body": "!case note called them back",
        "m.relates_to": {
            "rel_type": "m.thread", "event_id": card.id, "is_falling_back": true,
            "m.in_reply_to": { "event_id": card.id },
        },
    });
    ada.send(&room, thread).await;
    let noted = ada.hears(&room, "C-1").await;
    assert_eq!(noted.content["m.relates_to"]["event_id"], card.id.as_str(), "it is answered in the thread");
    // An assignment changes the card, which is edited where it stands.
    ada.say(&room, "!case assign 1 me").await;
    for _ in 0..3 {
        let next = ada.hears(&room, "C-1").await;
        if next.content["m.relates_to"]["rel_type"] == "m.replace" {
            assert_eq!(next.content["m.relates_to"]["event_id"], card.id.as_str());
            running.stop().await;
            return;
        }
    }
    panic!("the card was not edited");
}

#[tokio::test(flavor = "multi_thread")]
async fn what_was_typed_while_docket_was_down_is_answered_once_and_in_order() {
    let (mut ada, room, docket, running) = ada_in_her_room().await;
    ada.say(&room, "!case new other first").await;
    ada.hears(&room, "C-1 opened").await;
    running.stop().await;
    for n in 0..120 {
        ada.say(&room, &format!("!case note 1 number {n} of many")).await;
    }

    let running = docket.run().await;

    ada.say(&room, "!case new other last").await;
    ada.hears(&room, "C-2 opened").await;
    running.stop().await;
    let exported = docket.export().await;
    let places: Vec<usize> = (0..120)
        .map(|n| {
            let found: Vec<usize> =
                exported.match_indices(&format!("number {n} of many")).map(|(at, _)| at).collect();
            assert_eq!(found.len(), 1, "note {n} stands on record once");
            found[0]
        })
        .collect();
    assert!(places.is_sorted(), "in the order in which they were typed");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_command_that_comes_in_clear_is_not_carried_out() {
    let (mut ada, room, _docket, running) = ada_in_her_room().await;
    in_clear(&ada.client, room.room_id(), "!case new other slipped in").await;
    let said = ada.hears(&room, "Not allowed").await;
    assert!(said.text.contains("came unencrypted"), "{said:?}");
    ada.say(&room, "!case list").await;
    let list = ada.hears(&room, "case").await.text;
    assert!(!list.contains("C-1"), "{list}");
    running.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_device_that_nobody_signed_is_told_so_and_obeyed_by_nobody() {
    let (mut ada, eve) = (Person::new("ada").await, Person::unsigned("eve").await);
    let docket = Docket::new(&[&ada.id, &eve.id]).await;
    let id = room_of(&docket.set_up().await);
    let room = ada.join(&id).await;
    let running = docket.run().await;
    let hers = eve.join(&id).await;
    ada.sync().await;
    eve.say(&hers, "!case new other from an unsigned device").await;
    let said = ada.hears(&room, "Not allowed").await;
    assert!(said.text.contains("a device that they have not verified"), "{said:?}");
    ada.say(&room, "!case list").await;
    let list = ada.hears(&room, "case").await.text;
    assert!(!list.contains("C-1"), "{list}");
    running.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn an_edited_command_is_not_carried_out() {
    let (mut ada, room, _docket, running) = ada_in_her_room().await;
    let said = ada.say(&room, "good morning").await;
    let edit = json!({
        "msgtype": "m.text", "body": "* !case new other by an edit",
        "m.new_content": { "msgtype": "m.text", "body": "!case new other by an edit" },
        "m.relates_to": { "rel_type": "m.replace", "event_id": said },
    });
    ada.send(&room, edit).await;
    let said = ada.hears(&room, "Not done").await;
    assert!(said.text.contains("Edits are not read"), "{said:?}");
    running.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn killed_in_the_middle_docket_loses_and_doubles_nothing() {
    let (mut ada, room, docket, mut running) = ada_in_her_room().await;
    ada.say(&room, "!case new other a question").await;
    ada.hears(&room, "C-1 opened").await;
    for round in 0..10 {
        for n in 0..5 {
            ada.say(&room, &format!("!case note 1 note-{round}-{n}.")).await;
        }
        running.kill();
        running = docket.run().await;
    }
    ada.say(&room, "!case new other the end").await;
    ada.hears(&room, "C-2 opened").await;
    running.stop().await;
    let exported = docket.export().await;
    for round in 0..10 {
        for n in 0..5 {
            let count = exported.matches(&format!("note-{round}-{n}.")).count();
            assert_eq!(count, 1, "note {n} of round {round}");
        }
    }
}

/// Sends a message past the encryption, as a server or a careless client does.
async fn in_clear(client: &Client, room: &RoomId, text: &str) {
    let content = RoomMessageEventContent::text_plain(text);
    let request =
        send_message_event::v3::Request::new(room.to_owned(), TransactionId::new(), &content).unwrap();
    client.send(request).await.unwrap();
}
