//! `docket setup` over what somebody else left wrong, or what a bad line left half done.

use std::collections::BTreeMap;

use docket::matrix::place::State;
use matrix_sdk::Room;
use matrix_sdk::ruma::api::client::room::create_room;
use matrix_sdk::ruma::api::client::state::get_state_events;
use matrix_sdk::ruma::serde::Raw;
use serde_json::{Value, json};

use crate::docket::{Docket, room_of};
use crate::person::Person;
use crate::proxy::{ALWAYS, Proxy};
use crate::watch::{in_the_room_of_ada, room_of_ada};
use crate::wire::{self, Spoken};

/// Everything of a room's state but who is there.
async fn state(ada: &Person, room: &Room) -> BTreeMap<(String, String), Value> {
    let request = get_state_events::v3::Request::new(room.room_id().to_owned());
    let events = ada.client.send(request).await.unwrap().room_state;
    let events = events.iter().map(|event| event.deserialize_as_unchecked::<Value>().unwrap());
    let text = |value: &Value| value.as_str().unwrap().to_owned();
    events
        .filter(|event| event["type"] != "m.room.member")
        .map(|event| ((text(&event["type"]), text(&event["state_key"])), event["content"].clone()))
        .collect()
}

const WRONG: [(&str, &str, &str, &str); 3] = [
    ("m.room.history_visibility", "history_visibility", "shared", "read what was said before"),
    ("m.room.join_rules", "join_rule", "public", "Others than those invited"),
    ("m.room.guest_access", "guest_access", "can_join", "Guests can join"),
];

#[tokio::test(flavor = "multi_thread")]
async fn what_is_wrong_with_a_room_is_mended_and_said_and_nothing_else_changed() {
    let ada = Person::new("ada").await;
    let docket = Docket::new(&[&ada.id]).await;
    let room = room_of_ada(&ada, &docket, 100).await;
    for (kind, field, wrong, _) in WRONG {
        room.send_state_event_raw(kind, "", json!({ field: wrong })).await.unwrap();
    }
    room.send_state_event_raw("m.room.topic", "", json!({ "topic": "for us" })).await.unwrap();
    let mut before = state(&ada, &room).await;
    docket.configure(&[&ada.id], &format!("room: \"{}\"\n", room.room_id()));

    let said = docket.set_up().await;

    let mended: Vec<&str> = said.lines().filter(|line| line.starts_with("room: mended")).collect();
    assert_eq!(mended.len(), WRONG.len(), "{said}");
    for (_, _, _, words) in WRONG {
        assert!(mended.iter().any(|line| line.contains(words)), "{words}: {said}");
    }
    assert_eq!(State::of(&ada.client, room.room_id()).await.unwrap().flaws(), []);
    let mut after = state(&ada, &room).await;
    for (kind, field, wrong, _) in WRONG {
        let key = (kind.to_owned(), String::new());
        assert_ne!(after.remove(&key).unwrap()[field], wrong);
        before.remove(&key).unwrap();
    }
    assert_eq!(after, before, "nothing else is docket's to change");
    let said = docket.set_up().await;
    assert!(!said.contains("mended") && !said.contains("wrong"), "{said}");
}

#[tokio::test(flavor = "multi_thread")]
async fn in_a_room_that_is_not_encrypted_nothing_runs_until_setup_has_mended_it() {
    let mut ada = Person::new("ada").await;
    let docket = Docket::new(&[&ada.id]).await;
    docket.set_up().await;
    let mut request = create_room::v3::Request::new();
    request.preset = Some(create_room::v3::RoomPreset::PrivateChat);
    request.room_version = Some("11".try_into().unwrap());
    request.invite = vec![docket.id.clone()];
    let users = json!({ "users": { ada.id.to_string(): 100, docket.id.to_string(): 100 } });
    request.power_level_content_override = Some(Raw::new(&users).unwrap().cast_unchecked());
    let room = ada.client.create_room(request).await.unwrap();
    docket.configure(&[&ada.id], &format!("room: \"{}\"\n", room.room_id()));

    let said = docket.set_up().await;

    assert!(said.contains("room: mended. ") && said.contains("ncrypted"), "{said}");
    assert_eq!(State::of(&ada.client, room.room_id()).await.unwrap().flaws(), []);
    let running = docket.run().await;
    ada.sync().await;
    ada.say(&room, "!case new other a question").await;
    ada.hears(&room, "C-1 opened").await;
    running.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn what_docket_has_not_the_power_to_mend_is_said_and_left() {
    let ada = Person::new("ada").await;
    let docket = Docket::new(&[&ada.id]).await;
    let room = room_of_ada(&ada, &docket, 0).await;
    for (kind, field, wrong, _) in WRONG {
        room.send_state_event_raw(kind, "", json!({ field: wrong })).await.unwrap();
    }
    let before = state(&ada, &room).await;
    docket.configure(&[&ada.id], &format!("room: \"{}\"\n", room.room_id()));

    let said = docket.set_up().await;

    assert_eq!(
        said.matches("docket may not mend this itself (it answered 403 M_FORBIDDEN)").count(),
        3,
        "{said}"
    );
    for (_, _, _, words) in WRONG {
        assert!(
            said.lines().any(|line| line.contains("still wrong") && line.contains(words)),
            "{words}: {said}"
        );
    }
    assert_eq!(state(&ada, &room).await, before);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_room_that_was_replaced_is_not_left_and_its_successor_not_entered() {
    let (mut ada, room, docket, running) = in_the_room_of_ada(100, "").await;
    // As a moderation room has more than one.
    let ben = Person::new("ben").await;
    let other = crate::visits::room_of(&ada, &docket, true, &[&ben.id]).await;
    let content = json!({ "body": "we have moved", "replacement_room": other.room_id() });
    room.send_state_event_raw("m.room.tombstone", "", content).await.unwrap();

    ada.hears(&room, "The room was replaced by another one, which I do not follow by myself").await;

    ada.say(&room, "!case new other a question").await;
    ada.hears(&room, "C-1 opened").await;
    running.stop().await;
    let running = docket.run().await;
    ada.say(&room, "!case new other the second").await;
    ada.hears(&room, "C-2 opened").await;
    assert_eq!(ada.passed_over("was replaced by another one"), 0, "once, over a restart too");
    running.stop().await;
    let said = docket.set_up().await;
    assert!(said.contains("still wrong. The room was replaced by another one"), "{said}");
    let there = State::of(&ada.client, other.room_id()).await.unwrap();
    assert!(!there.with_membership("join").contains(&docket.id), "it did not stay");
}

#[tokio::test(flavor = "multi_thread")]
async fn an_identity_that_was_half_sent_is_sent_whole_by_the_next_setup() {
    let bad = || json!({ "errcode": "M_UNKNOWN", "error": "Bad Gateway" });
    for half in ["/keys/device_signing/upload", "/keys/signatures/upload"] {
        let mut ada = Person::new("ada").await;
        let docket = Docket::new(&[&ada.id]).await;
        let proxy = Proxy::before(&docket).await;
        let away = proxy.answers("POST", half, ALWAYS, 502, bad());
        let (is_done, said) = docket.command("setup", &[]).await;
        assert!(
            !is_done && said.contains("docket's identity cannot be sent to the homeserver"),
            "{half}: {said}"
        );
        assert!(away.times() > 0 && !proxy.asked().iter().any(crate::behind::is_sent), "nothing is said yet");
        proxy.is_honest();

        let said = docket.set_up().await;

        assert!(said.contains("identity: made") && said.contains("ready: docket run"), "{half}: {said}");
        let room = ada.join(&room_of(&said)).await;
        let running = docket.run().await;
        // Whoever compares it finds it whole: the answer bears no shield.
        ada.say(&room, "!case help").await;
        ada.hears(&room, "!case new").await;
        running.stop().await;
        let said = docket.set_up().await;
        assert!(said.contains("identity: kept") && said.contains("recovery key: kept"), "{half}: {said}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn the_keys_of_messages_are_kept_on_no_homeserver() {
    let mut ada = Person::new("ada").await;
    let docket = Docket::new(&[&ada.id]).await;
    let proxy = Proxy::before(&docket).await;
    let room = ada.join(&room_of(&docket.set_up().await)).await;
    let running = docket.run().await;
    ada.say(&room, "!case new other a question").await;
    ada.hears(&room, "C-1 opened").await;
    running.stop().await;
    let first = ["GET", "/_matrix/client/v3/room_keys/version", ""].map(str::to_owned);
    let headers = vec![
        ("host".to_owned(), "docket.test".to_owned()),
        ("authorization".to_owned(), format!("Bearer {}", proxy.token())),
    ];
    let answer = wire::ask(Spoken { first, headers, body: Vec::new() }).await.unwrap();
    let said = String::from_utf8_lossy(&answer.body).into_owned();
    assert!(answer.status() == 404 && said.contains("M_NOT_FOUND"), "there is no backup: {said}");
    let asked = proxy.asked();
    let made = asked.iter().find(|asked| asked.method != "GET" && asked.path.contains("/room_keys/"));
    assert!(made.is_none(), "{made:?}");
}
