//! The echo bot that docket is measured against: a bare client on a loop of `sync_once`, that answers every text of its room where it
//! stands; or that also fetches the message first, as docket does with what changes something. It is a process of its own.

use std::path::Path;
use std::time::Duration;

use matrix_sdk::config::SyncSettings;
use matrix_sdk::deserialized_responses::{TimelineEvent, TimelineEventKind};
use matrix_sdk::ruma::api::client::room::get_room_event;
use matrix_sdk::{Client, Room, RoomState};
use serde_json::{Value, json};

use crate::person::PASSWORD;

/// What it says when it is in its room.
pub const READY: &str = "the echo bot is in its room";

/// Runs until its standard input ends.
pub fn run(url: &str, user: &str, dir: &Path, fetches: bool) {
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build().expect("a runtime");
    std::thread::spawn(|| {
        let _ended = std::io::read_to_string(std::io::stdin());
        std::process::exit(0);
    });
    runtime.block_on(echo(url, user, dir, fetches));
}

async fn echo(url: &str, user: &str, dir: &Path, fetches: bool) {
    let client =
        Client::builder().homeserver_url(url).sqlite_store(dir, None).build().await.expect("a client");
    client.matrix_auth().login_username(user, PASSWORD).send().await.expect("it logs in");
    client.encryption().bootstrap_cross_signing(None).await.expect("it has an identity");
    let settings = || SyncSettings::default().timeout(Duration::from_secs(30));
    let room = loop {
        client.sync_once(settings()).await.expect("it syncs");
        for invited in client.invited_rooms() {
            invited.join().await.expect("it joins");
        }
        let joined = client.joined_rooms().into_iter().find(|room| room.state() == RoomState::Joined);
        if let Some(room) = joined
            && room.latest_encryption_state().await.is_ok_and(|state| state.is_encrypted())
        {
            break room;
        }
    };
    println!("{READY}");
    loop {
        let came = client.sync_once(settings()).await.expect("it syncs");
        let Some(joined) = came.rooms.joined.get(room.room_id()) else { continue };
        for event in &joined.timeline.events {
            answer(&client, &room, event, fetches).await;
        }
    }
}

async fn answer(client: &Client, room: &Room, event: &TimelineEvent, fetches: bool) {
    let (Some(sender), Some(id)) = (event.sender(), event.event_id()) else { return };
    let TimelineEventKind::Decrypted(decrypted) = &event.kind else { return };
    if Some(&*sender) == client.user_id() {
        return;
    }
    let mut text = text_of(&decrypted.event.deserialize_as_unchecked().expect("it reads"));
    if fetches {
        let request = get_room_event::v3::Request::new(room.room_id().to_owned(), id.clone());
        let stored = client.send(request).await.expect("it is there").event;
        let event = room.decrypt_event(stored.cast_ref_unchecked(), None).await.expect("it can be read");
        text = text_of(&event.raw().deserialize_as_unchecked().expect("it reads"));
    }
    let Some(text) = text else { return };
    let content = json!({
        "msgtype": "m.notice", "body": text, "m.relates_to": { "m.in_reply_to": { "event_id": id } },
    });
    room.send_raw("m.room.message", content).await.expect("it is sent");
}

fn text_of(raw: &Value) -> Option<String> {
    let is_text = raw["type"] == "m.room.message" && raw["content"]["msgtype"] == "m.text";
    raw["content"]["body"].as_str().filter(|_| is_text).map(str::to_owned)
}
