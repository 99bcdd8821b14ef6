//! The room and its members are watched; what the room cannot be told is told by a command.

use std::fs;
use std::time::Duration;

use docket::matrix::place::State;
use matrix_sdk::deserialized_responses::TimelineEventKind;
use matrix_sdk::ruma::api::client::room::create_room::v3::{Request, RoomPreset};
use matrix_sdk::ruma::api::client::room::get_room_event;
use matrix_sdk::ruma::api::client::session::logout_all;
use matrix_sdk::ruma::serde::Raw;
use matrix_sdk::ruma::{OwnedUserId, RoomId};
use matrix_sdk::{Client, Room};
use serde_json::{Value, json};

use crate::docket::{Docket, Running, room_of};
use crate::person::{PASSWORD, Person};
use crate::proxy::Proxy;
use crate::server::synapse;

/// A room of ada's own, as docket wants it but for the powers: she has all of it, and docket so much.
pub async fn room_of_ada(ada: &Person, docket: &Docket, power: i64) -> Room {
    let mut request = Request::new();
    request.preset = Some(RoomPreset::PrivateChat);
    request.room_version = Some("11".try_into().unwrap());
    request.invite = vec![docket.id.clone()];
    let state = [
        ("m.room.encryption", json!({ "algorithm": "m.megolm.v1.aes-sha2" })),
        ("m.room.history_visibility", json!({ "history_visibility": "joined" })),
        ("m.room.guest_access", json!({ "guest_access": "forbidden" })),
    ];
    let event = |(kind, content)| json!({ "type": kind, "state_key": "", "content": content });
    request.initial_state =
        state.map(event).iter().map(|event| Raw::new(event).unwrap().cast_unchecked()).collect();
    let users = json!({ "users": { ada.id.to_string(): 100, docket.id.to_string(): power } });
    request.power_level_content_override = Some(Raw::new(&users).unwrap().cast_unchecked());
    let room = ada.client.create_room(request).await.unwrap();
    ada.sync().await;
    room
}

/// ada in a room that she made, with a docket that runs there and has so much power. She cannot read the greeting: `docket setup`
/// gives nobody keys whom docket has not seen yet.
pub async fn in_the_room_of_ada(power: i64, more: &str) -> (Person, Room, Docket, Running) {
    let mut ada = Person::new("ada").await;
    ada.misses_some = true;
    let docket = Docket::new(&[&ada.id]).await;
    let room = room_of_ada(&ada, &docket, power).await;
    docket.configure(&[&ada.id], &format!("room: \"{}\"\n{more}", room.room_id()));
    docket.set_up().await;
    let running = docket.run().await;
    // Her client is to know of docket before she says anything.
    ada.sync().await;
    (ada, room, docket, running)
}

async fn is(client: &Client, room: &RoomId, who: &OwnedUserId, membership: &str) -> bool {
    State::of(client, room).await.unwrap().with_membership(membership).contains(who)
}

/// Waits until somebody is in the room in this way.
pub async fn until_is(client: &Client, room: &RoomId, who: &OwnedUserId, membership: &str) {
    for _ in 0..300 {
        if is(client, room, who, membership).await {
            return;
        }
        tokio::time::sleep(Duration::from_millis(100)).await;
    }
    panic!("{who} never was {membership}");
}

/// Waits until something more is on record than at this head, and gives back the new one.
pub async fn until_on_record(docket: &Docket, before: &str) {
    for _ in 0..300 {
        if docket.command("journal head", &[]).await.1 != before {
            return;
        }
        tokio::time::sleep(Duration::from_millis(100)).await;
    }
    panic!("nothing more is on record");
}

/// A script that writes the word that it is given into a file.
pub fn alarm_command(docket: &Docket) -> String {
    let rung = docket.dir.join("rung");
    format!("alarm_command: [/bin/sh, -c, 'echo \"$0 $#\" >> {}']\n", rung.display())
}

/// ada in the room of a docket that runs a command where somebody must look.
pub async fn ada_beside_a_command() -> (Person, Docket, Room) {
    let ada = Person::new("ada").await;
    let docket = Docket::new(&[&ada.id]).await;
    docket.configure(&[&ada.id], &alarm_command(&docket));
    let room = ada.join(&room_of(&docket.set_up().await)).await;
    (ada, docket, room)
}

pub fn rung(docket: &Docket) -> String {
    fs::read_to_string(docket.dir.join("rung")).unwrap_or_default()
}

async fn until_rung(docket: &Docket, expected: &str) {
    for _ in 0..1_200 {
        if rung(docket) == expected {
            return;
        }
        tokio::time::sleep(Duration::from_millis(100)).await;
    }
    panic!("rung for {:?}, not {expected:?}", rung(docket));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_stranger_is_taken_out_and_the_room_hears_of_it_once() {
    let (mut ada, room, _docket, running) = in_the_room_of_ada(100, "").await;
    ada.hears(&room, &format!("{} has the power to change", ada.id)).await;
    let eve = Person::new("eve").await;
    room.invite_user_by_id(&eve.id).await.unwrap();
    ada.hears(&room, "is invited to the room and not in the list of people").await;
    eve.join(room.room_id()).await;

    let said = ada.hears(&room, &format!("{} sits in the room", eve.id)).await;

    assert_eq!(said.content["msgtype"], "m.text", "whoever must act is called");
    until_is(&ada.client, room.room_id(), &eve.id, "leave").await;
    ada.hears(&room, &format!("{} is not in the room any more", eve.id)).await;
    ada.sync().await;
    ada.say(&room, "!case new other a question").await;
    ada.hears(&room, "C-1 opened").await;
    assert_eq!(ada.passed_over("sits in the room"), 0, "once");
    let log = running.stop().await;
    assert!(!log.contains("eve") && !log.contains("ada"), "a log names nobody: {log}");
}

#[tokio::test(flavor = "multi_thread")]
async fn content_waits_while_a_stranger_is_there_and_then_comes_in_order() {
    // docket has not the power to take anybody out, so she stays until ada does it.
    let (mut ada, room, docket, running) = in_the_room_of_ada(0, "").await;
    ada.hears(&room, "I have not the power to keep this room").await;
    let eve = Person::new("eve").await;
    room.invite_user_by_id(&eve.id).await.unwrap();
    ada.hears(&room, "is invited").await;
    eve.join(room.room_id()).await;
    ada.hears(&room, &format!("{} sits in the room", eve.id)).await;
    ada.sync().await;
    let before = docket.command("journal head", &[]).await.1;
    ada.say(&room, "!case new other a question").await;
    until_on_record(&docket, &before).await;
    let before = docket.command("journal head", &[]).await.1;
    ada.say(&room, "!case note 1 the second").await;
    until_on_record(&docket, &before).await;

    room.kick_user(&eve.id, None).await.unwrap();

    ada.hears(&room, "C-1 opened").await;
    ada.hears(&room, "note added").await;
    ada.hears(&room, "is not in the room any more").await;
    running.stop().await;
    // As the homeserver has it: between her coming and her going docket said one thing, the alarm.
    let mut options = matrix_sdk::room::MessagesOptions::forward();
    options.limit = 200_u32.into();
    let events = room.messages(options).await.unwrap().chunk;
    let raws: Vec<Value> =
        events.iter().map(|event| event.raw().deserialize_as_unchecked().unwrap()).collect();
    let at = |membership: &str| {
        raws.iter()
            .position(|raw| raw["state_key"] == eve.id.as_str() && raw["content"]["membership"] == membership)
            .unwrap()
    };
    let between = &raws[at("join")..at("leave")];
    let said = between.iter().filter(|raw| raw["sender"] == docket.id.as_str()).count();
    assert_eq!(said, 1, "{between:#?}");
    // Whatever she keeps of what was sent, she has the key of nothing that is about a case.
    eve.sync().await;
    let hers = eve.client.get_room(room.room_id()).unwrap();
    let mut of_a_case = 0;
    for (event, raw) in events.iter().zip(&raws) {
        let is_dockets = raw["sender"] == docket.id.as_str();
        if !is_dockets || !raw["content"]["body"].as_str().is_some_and(|body| body.contains("C-1")) {
            continue;
        }
        let request = get_room_event::v3::Request::new(room.room_id().to_owned(), event.event_id().unwrap());
        let stored = ada.client.send(request).await.unwrap().event;
        let is_read = async |by: &Room| {
            let read = by.decrypt_event(stored.cast_ref_unchecked(), None).await.unwrap();
            matches!(read.kind, TimelineEventKind::Decrypted(_))
        };
        assert!(is_read(&room).await && !is_read(&hers).await, "{raw:#?}");
        of_a_case += 1;
    }
    assert!(of_a_case > 2, "{raws:#?}");
}

#[tokio::test(flavor = "multi_thread")]
async fn what_becomes_wrong_with_the_room_is_said_once_over_a_restart_too() {
    let (mut ada, room, docket, running) = in_the_room_of_ada(100, "").await;
    for (kind, content, words) in [
        ("m.room.history_visibility", json!({ "history_visibility": "shared" }), "read what was said before"),
        ("m.room.join_rules", json!({ "join_rule": "public" }), "Others than those invited"),
        ("m.room.guest_access", json!({ "guest_access": "can_join" }), "Guests can join"),
        ("m.room.retention", json!({ "max_lifetime": 86_400_000 }), "forget messages"),
    ] {
        room.send_state_event_raw(kind, "", content).await.unwrap();
        ada.hears(&room, words).await;
    }
    running.stop().await;
    let running = docket.run().await;
    ada.say(&room, "!case new other a question").await;
    ada.hears(&room, "C-1 opened").await;
    assert_eq!(ada.passed_over("read what was said before"), 0, "not once more");
    assert_eq!(ada.passed_over("forget messages"), 0);
    running.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn another_device_of_dockets_own_account_is_an_alarm() {
    let (mut ada, room, docket, running) = in_the_room_of_ada(100, "").await;
    ada.say(&room, "!case help").await;
    ada.hears(&room, "!case new").await;
    // Somebody has the password, and a client that encrypts.
    let thief = Client::builder().homeserver_url(&synapse().url).build().await.unwrap();
    let login = thief.matrix_auth().login_username(docket.id.localpart(), PASSWORD).device_id("THIEF");
    login.send().await.unwrap();
    thief.sync_once(matrix_sdk::config::SyncSettings::default().timeout(Duration::ZERO)).await.unwrap();
    let said = ada.hears(&room, "another device").await.text;
    assert!(said.contains("THIEF"), "{said}");
    running.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_lost_session_ends_docket_and_runs_the_command_once() {
    let ada = Person::new("ada").await;
    let docket = Docket::new(&[&ada.id]).await;
    docket.configure(&[&ada.id], &alarm_command(&docket));
    docket.set_up().await;
    let running = docket.run().await;
    let other = Client::builder().homeserver_url(&synapse().url).build().await.unwrap();
    other.matrix_auth().login_username(docket.id.localpart(), PASSWORD).send().await.unwrap();
    other.send(logout_all::v3::Request::new()).await.unwrap();

    let (is_well, log) = running.ends().await;
    assert!(!is_well, "{log}");

    assert!(log.contains("does not know docket's session any more"), "{log}");
    assert_eq!(rung(&docket), "token-lost 0\n", "one word and nothing else");
    let (is_done, said) = docket.command("run", &[]).await;
    assert!(!is_done, "{said}");
    assert_eq!(rung(&docket), "token-lost 0\n", "it is known");
}

#[tokio::test(flavor = "multi_thread")]
async fn of_an_account_that_may_say_nothing_any_more_somebody_hears_on_the_host_and_of_all_that_waited_the_room_later()
 {
    let (mut ada, docket, room) = ada_beside_a_command().await;
    let proxy = Proxy::before(&docket).await;
    let running = docket.run().await;
    ada.hears(&room, "is here for the first time").await;
    let suspended = json!({ "errcode": "M_USER_SUSPENDED", "error": "This account has been suspended" });
    let rule = proxy.answers("PUT", "/send/m.room.encrypted", 2, 403, suspended);
    ada.say(&room, "!case new other a question").await;
    rule.is_over().await;

    ada.hears(&room, "C-1 opened").await;

    running.stop().await;
    assert_eq!(rung(&docket), "deactivated 0\n", "once");
}

#[tokio::test(flavor = "multi_thread")]
async fn of_a_homeserver_that_is_not_heard_somebody_hears_on_the_host_once() {
    let mut ada = Person::new("ada").await;
    let docket = Docket::new(&[&ada.id]).await;
    docket.configure(&[&ada.id], &format!("{}alarm_after: 1m\n", alarm_command(&docket)));
    let room = ada.join(&room_of(&docket.set_up().await)).await;
    let proxy = Proxy::before(&docket).await;
    let running = docket.run().await;
    ada.hears(&room, "is here for the first time").await;
    // The line stands and nothing comes.
    let (silence, _) = proxy.holds("GET", "/sync");
    until_rung(&docket, "sync-stuck 0\n").await;
    drop(silence);
    proxy.is_honest();
    ada.say(&room, "!case new other a question").await;
    ada.hears(&room, "C-1 opened").await;
    running.stop().await;
    assert_eq!(rung(&docket), "sync-stuck 0\n", "once");
}

#[tokio::test(flavor = "multi_thread")]
async fn taken_out_of_its_room_docket_ends_and_runs_the_command_and_once_it_is_back_it_may_again() {
    let mut ada = Person::new("ada").await;
    ada.misses_some = true;
    let docket = Docket::new(&[&ada.id]).await;
    let room = room_of_ada(&ada, &docket, 50).await;
    let named = format!("room: \"{}\"\n{}", room.room_id(), alarm_command(&docket));
    docket.configure(&[&ada.id], &named);
    docket.set_up().await;
    for time in 1..=2 {
        let running = docket.run().await;
        ada.sync().await;
        room.kick_user(&docket.id, None).await.unwrap();
        let (is_well, log) = running.ends().await;
        assert!(!is_well, "{log}");
        assert!(log.contains("docket is not in its room any more"), "{log}");
        assert_eq!(rung(&docket), "not-in-room 0\n".repeat(time));
        let (is_done, said) = docket.command("run", &[]).await;
        assert!(!is_done && said.contains("run docket setup"), "{said}");
        assert_eq!(rung(&docket), "not-in-room 0\n".repeat(time), "it is known");
        room.invite_user_by_id(&docket.id).await.unwrap();
        docket.set_up().await;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn whoever_left_the_room_is_not_heard() {
    let (mut ada, mut ben) = (Person::new("ada").await, Person::new("ben").await);
    // He comes back while docket runs: what was said before it saw him he cannot read.
    ben.misses_some = true;
    let docket = Docket::new(&[&ada.id, &ben.id]).await;
    let id = room_of(&docket.set_up().await);
    let (room, his) = (ada.join(&id).await, ben.join(&id).await);
    let running = docket.run().await;
    ada.sync().await;
    ben.say(&his, "!case new other a question").await;
    ada.hears(&room, "C-1 opened").await;
    running.stop().await;
    ben.say(&his, "!case new other said-before-he-left").await;
    his.leave().await.unwrap();

    let running = docket.run().await;

    let said = ada.hears(&room, "Not allowed").await.text;
    assert!(said.contains("you left this room"), "{said}");
    // Back again, what was refused is not carried out after all.
    running.stop().await;
    docket.set_up().await;
    let running = docket.run().await;
    let his = ben.join(&id).await;
    ben.say(&his, "!case new other a third").await;
    ada.hears(&room, "C-2 opened").await;
    running.stop().await;
    assert!(
        !docket.export().await.contains("said-before-he-left"),
        "what he said before he left was refused"
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn invitations_to_other_rooms_are_declined() {
    let (mut ada, room, docket, running) = in_the_room_of_ada(100, "").await;
    let ben = Person::new("ben").await;
    let other = crate::visits::room_of(&ada, &docket, true, &[&ben.id]).await;
    until_is(&ada.client, other.room_id(), &docket.id, "leave").await;
    ada.say(&room, "!case help").await;
    ada.hears(&room, "!case new").await;
    let log = running.stop().await;
    assert!(log.contains("docket left another room, or did not come into it"), "{log}");
    assert!(!log.contains(other.room_id().as_str()) && !log.contains("ada"), "{log}");
}

#[tokio::test(flavor = "multi_thread")]
async fn the_list_of_people_is_read_again_while_docket_runs() {
    let (mut ada, ben) = (Person::new("ada").await, Person::new("ben").await);
    let mut cy = Person::new("cy").await;
    let docket = Docket::new(&[&ada.id, &ben.id]).await;
    let id = room_of(&docket.set_up().await);
    let (room, his) = (ada.join(&id).await, ben.join(&id).await);
    let running = docket.run().await;
    ada.sync().await;
    ada.say(&room, "!case new other a question").await;
    ada.hears(&room, "C-1 opened").await;
    ada.say(&room, &format!("!case assign 1 {}", ben.id)).await;
    ada.hears(&room, "C-1").await;

    // A mistake changes nothing, and the room hears that there is one.
    let good = fs::read_to_string(docket.config()).unwrap();
    fs::write(docket.config(), good.replace("people:", "peeple:")).unwrap();
    running.hang_up();
    ada.hears(&room, "there is a mistake in it").await;
    ben.say(&his, "!case note 1 I am still here").await;
    ada.hears(&room, "note added").await;

    docket.configure(&[&ada.id, &cy.id], "");
    running.hang_up();

    let said = ada.hears(&room, "is not in the list of people any more").await.text;
    assert!(said.contains(ben.id.as_str()) && said.contains("Open cases of theirs: C-1"), "{said}");
    until_is(&ada.client, &id, &ben.id, "leave").await;
    until_is(&ada.client, &id, &cy.id, "invite").await;
    // What was said between her coming and docket's seeing her she cannot read.
    cy.misses_some = true;
    let theirs = cy.join(&id).await;
    ada.sync().await;
    cy.say(&theirs, "!case note 1 and I am new").await;
    ada.hears(&room, "note added").await;
    let log = running.stop().await;
    assert!(!log.contains("ben") && !log.contains("cy-"), "{log}");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_room_that_is_encrypted_no_longer_hears_nothing_and_the_command_is_run() {
    let ada = Person::new("ada").await;
    let docket = Docket::new(&[&ada.id]).await;
    let room = room_of_ada(&ada, &docket, 50).await;
    docket.configure(&[&ada.id], &format!("room: \"{}\"\n{}", room.room_id(), alarm_command(&docket)));
    docket.set_up().await;
    let running = docket.run().await;
    let mut ada = ada;
    ada.misses_some = true;
    ada.sync().await;
    ada.say(&room, "!case new other a question").await;
    ada.hears(&room, "C-1 opened").await;
    room.send_state_event_raw("m.room.encryption", "", json!({ "algorithm": "org.example.none" }))
        .await
        .unwrap();
    for _ in 0..300 {
        if !rung(&docket).is_empty() {
            break;
        }
        tokio::time::sleep(Duration::from_millis(100)).await;
    }
    assert_eq!(rung(&docket), "not-encrypted 0\n");
    running.stop().await;
    let (is_done, said) = docket.command("run", &[]).await;
    assert!(!is_done && said.contains("The room is not encrypted"), "{said}");
    let mut options = matrix_sdk::room::MessagesOptions::forward();
    options.limit = 200_u32.into();
    for event in room.messages(options).await.unwrap().chunk {
        let raw: Value = event.raw().deserialize_as_unchecked().unwrap();
        let is_in_clear = matches!(event.kind, TimelineEventKind::PlainText { .. });
        assert!(!is_in_clear || raw["type"] != "m.room.message", "in clear: {raw}");
    }
}
