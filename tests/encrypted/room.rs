//! What moderators type in the encrypted room, and what comes back.

use matrix_sdk::deserialized_responses::VerificationState;
use matrix_sdk::ruma::RoomId;
use matrix_sdk::ruma::TransactionId;
use matrix_sdk::ruma::api::client::message::send_message_event;
use matrix_sdk::ruma::api::client::room::get_room_event;
use matrix_sdk::ruma::events::MessageLikeEventType;
use matrix_sdk::ruma::events::room::message::RoomMessageEventContent;
use matrix_sdk::ruma::serde::Raw;
use matrix_sdk::{Client, Room};
use serde_json::{Value, json};

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
    assert_eq!(said.proof, Some(VerificationState::Verified), "she has compared who docket is");
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
    assert_eq!(answer.proof, Some(VerificationState::Verified));
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
async fn whoever_keeps_their_key_from_docket_is_told_so() {
    let mut ada = Person::new("ada").await;
    // They come while docket runs: what was said before it saw them they cannot read.
    ada.misses_some = true;
    // cy's client sends to devices that cy verified, and docket is none of these.
    let cy = Person::careful("cy").await;
    let docket = Docket::new(&[&ada.id, &cy.id]).await;
    let id = room_of(&docket.set_up().await);
    let running = docket.run().await;
    let (room, his) = (ada.join(&id).await, cy.join(&id).await);
    cy.say(&his, "!case new other a question").await;
    let said = ada.hears(&room, "keeps its key from docket").await;
    assert!(said.text.contains(cy.id.as_str()), "{said:?}");
    running.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn the_same_ciphertext_under_another_id_is_carried_out_once() {
    let (mut ada, room, docket, running) = ada_in_her_room().await;
    ada.say(&room, "!case new other a question").await;
    ada.hears(&room, "C-1 opened").await;
    let sent = ada.say(&room, "!case note 1 once and no more").await;
    ada.hears(&room, "note added").await;
    // A server can give out what it has again, under an id of its own making.
    let request = get_room_event::v3::Request::new(room.room_id().to_owned(), sent);
    let event = ada.client.send(request).await.unwrap().event;
    let content = event.get_field::<Value>("content").unwrap().unwrap();
    let content = Raw::from_json(serde_json::value::to_raw_value(&content).unwrap());
    let request = send_message_event::v3::Request::new_raw(
        room.room_id().to_owned(),
        TransactionId::new(),
        MessageLikeEventType::RoomEncrypted,
        content,
    );
    ada.client.send(request).await.unwrap();
    let said = ada.hears(&room, "Not allowed").await;
    assert!(said.text.contains("was sent before, under another id"), "{said:?}");
    let log = running.stop().await;
    assert!(log.contains("condition=\"sent-once\"") && !log.contains("once and no more"), "{log}");
    assert_eq!(docket.export().await.matches("once and no more").count(), 1);
}

#[tokio::test(flavor = "multi_thread")]
async fn whoever_was_never_vouched_for_approves_nothing_until_an_administrator_typed_what_they_read_out() {
    let (ada, mut ben) = (Person::new("ada").await, Person::new("ben").await);
    let docket = Docket::new(&[&ada.id, &ben.id]).await;
    docket.confirm(&ada).await;
    let id = room_of(&docket.set_up().await);
    let mut ada = ada;
    let (room, his) = (ada.join(&id).await, ben.join(&id).await);
    let running = docket.run().await;
    ada.sync().await;
    ada.say(&room, "!case new preservation agency=\"Met Police\" accounts=@alice:docket.test").await;
    ada.hears(&room, "C-1 opened").await;
    ada.say(&room, "!case hold 1 start").await;
    ada.hears(&room, "C-1").await;
    ada.say(&room, "!case hold 1 release").await;
    let proposal = ben.hears(&his, "!case approve C-1").await.text;
    let approval = proposal.split("!case approve ").nth(1).unwrap().split(" until").next().unwrap();
    let approval = format!("!case approve {approval}");
    ben.say(&his, &approval).await;
    ben.hears(&his, "nobody has vouched for your identity yet").await;
    ada.say(&room, &format!("!case trust {} {}", ben.id, ben.fingerprint().await)).await;
    ada.hears(&room, "is vouched for").await;
    ben.say(&his, &approval).await;
    ben.hears(&his, "approved").await;
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

/// Sends a message past the encryption, as a server or a careless client does.
pub async fn in_clear(client: &Client, room: &RoomId, text: &str) {
    let content = RoomMessageEventContent::text_plain(text);
    let request =
        send_message_event::v3::Request::new(room.to_owned(), TransactionId::new(), &content).unwrap();
    client.send(request).await.unwrap();
}

#[tokio::test(flavor = "multi_thread")]
async fn on_the_host_somebody_is_vouched_for_while_docket_runs_and_the_room_hears_of_it() {
    let (mut ada, room, docket, running) = ada_in_her_room().await;
    ada.say(&room, "!case directory add \"Met Police\" phone=\"+44 20 7946 0100\" source=\"their site\"")
        .await;
    ada.hears(&room, "nobody has vouched for your identity yet").await;
    let wrong = "AnotherAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA";
    let (is_done, said) = docket.command("trust", &[ada.id.as_str(), "--fingerprint", wrong]).await;
    assert!(!is_done && said.contains("this is not a fingerprint that"), "{said}");
    let key = ada.fingerprint().await;
    let (is_done, said) = docket.command("trust", &[ada.id.as_str(), "--fingerprint", &key]).await;
    assert!(is_done && said.contains("is vouched for"), "{said}");
    ada.hears(&room, "On the host somebody vouched for the identity of").await;
    ada.say(&room, "!case directory add \"Met Police\" phone=\"+44 20 7946 0100\" source=\"their site\"")
        .await;
    ada.hears(&room, "!case approve").await;
    running.stop().await;
}
