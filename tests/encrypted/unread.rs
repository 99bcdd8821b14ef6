//! What could not be read: keys that come late, and a homeserver that does not give out any more what was written.

use std::time::{Duration, Instant};

use docket::matrix::cursor::Cursor;
use docket::matrix::keep::Keep;
use docket::ops::{OsEntropy, secret};
use matrix_sdk::Room;

use crate::docket::{Docket, Running, room_of};
use crate::holding::Holding;
use crate::person::Person;
use crate::server::synapse;

/// ada, whose keys can be held back, in a room with a docket that runs.
async fn ada_with_held_keys() -> (Person, Room, Docket, Running, Holding) {
    let way = Holding::new();
    let mut ada = Person::by(&way.url, "ada").await;
    let docket = Docket::new(&[&ada.id]).await;
    let id = room_of(&docket.set_up().await);
    let room = ada.join(&id).await;
    let running = docket.run().await;
    ada.say(&room, "!case new other the first").await;
    ada.hears(&room, "C-1 opened").await;
    (ada, room, docket, running, way)
}

/// Waits until something stands on record so often.
pub async fn on_record(docket: &Docket, what: &str, times: usize) {
    let since = Instant::now();
    loop {
        let exported = docket.export().await;
        if exported.matches(what).count() >= times {
            return;
        }
        assert!(since.elapsed() < Duration::from_secs(60), "{what} is not on record");
        tokio::time::sleep(Duration::from_millis(200)).await;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn what_comes_before_its_key_is_on_record_and_carried_out_once_when_the_key_comes() {
    let (mut ada, room, docket, running, way) = ada_with_held_keys().await;
    room.discard_room_key().await.unwrap();
    way.hold();
    ada.say(&room, "!case note 1 before its key").await;
    on_record(&docket, "\"message-unread\"", 1).await;

    way.let_go(way.stop());

    ada.hears(&room, "note added").await;
    on_record(&docket, "\"unread-settled\"", 1).await;
    ada.say(&room, "!case unreadable").await;
    ada.hears(&room, "Nothing is unreadable").await;
    running.stop().await;
    assert_eq!(docket.export().await.matches("before its key").count(), 1);
}

#[tokio::test(flavor = "multi_thread")]
async fn whoever_has_gone_on_since_is_asked_whether_it_still_holds() {
    let (mut ada, room, docket, running, way) = ada_with_held_keys().await;
    room.discard_room_key().await.unwrap();
    way.hold();
    ada.say(&room, "!case close 1").await;
    on_record(&docket, "\"message-unread\"", 1).await;
    let held = way.stop();
    room.discard_room_key().await.unwrap();
    ada.say(&room, "!case note 1 something else").await;
    ada.hears(&room, "note added").await;
    ada.say(&room, "!case unreadable").await;
    let said = ada.hears(&room, "could not be read").await.text;
    assert!(said.contains("they have asked for something else since"), "{said}");

    way.let_go(held);

    let said = ada.hears(&room, "can be read only now").await;
    assert!(said.text.contains("you have asked for something else since"), "{said:?}");
    on_record(&docket, "\"unread-settled\"", 1).await;
    running.stop().await;
    let exported = docket.export().await;
    assert!(!exported.contains("\"closed\""), "{exported}");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_docket_that_was_killed_looks_for_it_again_and_says_with_what_it_caught_up() {
    let (mut ada, room, docket, running, way) = ada_with_held_keys().await;
    room.discard_room_key().await.unwrap();
    way.hold();
    ada.say(&room, "!case note 1 before its key").await;
    on_record(&docket, "\"message-unread\"", 1).await;
    running.kill();
    way.let_go(way.stop());
    ada.say(&room, "!case new other the second").await;
    ada.say(&room, "!case list").await;
    ada.say(&room, "good night").await;

    let running = docket.run().await;

    let said = ada.hears(&room, "caught up: ").await;
    assert_eq!(said.text, "caught up: 3 messages, 1 new case, 0 unreadable");
    on_record(&docket, "\"unread-settled\"", 1).await;
    running.stop().await;
    let exported = docket.export().await;
    let places = ["before its key", "the second"].map(|text| exported.find(text).expect(text));
    assert!(places.is_sorted(), "in the order in which they were typed: {exported}");
    assert_eq!(exported.matches("before its key").count(), 1);
    // Nothing was missed, so nothing is said.
    let running = docket.run().await;
    ada.say(&room, "!case new other the third").await;
    ada.hears(&room, "C-3 opened").await;
    running.stop().await;
    assert_eq!(ada.passed_over("caught up"), 0);
}

/// An administrator of the homeserver, by token.
pub async fn admin() -> String {
    let python = r#"
import hashlib, hmac, json, sys, urllib.request
url, secret, name = sys.argv[1:]
def ask(body=None):
    data = json.dumps(body).encode() if body else None
    with urllib.request.urlopen(urllib.request.Request(f"{url}/_synapse/admin/v1/register", data)) as answer:
        return json.load(answer)
nonce = ask()["nonce"]
mac = hmac.new(secret.encode(), "\0".join([nonce, name, "pass", "admin"]).encode(), hashlib.sha1).hexdigest()
print(ask({"nonce": nonce, "username": name, "password": "pass", "admin": True, "mac": mac})["access_token"])
"#;
    let name = crate::person::name("root");
    python3(python, &[&synapse().url, &synapse().secret, &name]).await
}

/// Asks for something as an administrator of the homeserver can.
pub async fn as_admin(method: &str, path: &str, body: serde_json::Value) {
    let python = r#"
import sys, urllib.request
url, token, method, path, body = sys.argv[1:]
headers = {"Authorization": f"Bearer {token}", "Content-Type": "application/json"}
urllib.request.urlopen(urllib.request.Request(f"{url}/_synapse/admin/{path}", body.encode(), headers, method=method)).read()
"#;
    python3(python, &[&synapse().url, &admin().await, method, path, &body.to_string()]).await;
}

/// Purges what was written in a room before now, as an administrator of the homeserver can.
pub async fn purge(room: &Room, up_to: &str) {
    let python = r#"
import json, sys, time, urllib.parse, urllib.request
url, token, room, event = sys.argv[1:]
def ask(path, body=None):
    data = json.dumps(body).encode() if body else None
    request = urllib.request.Request(f"{url}/_synapse/admin/v1/{path}", data, {"Authorization": f"Bearer {token}"})
    with urllib.request.urlopen(request) as answer:
        return json.load(answer)
body = {"delete_local_events": True, "purge_up_to_event_id": event}
purge = ask("purge_history/" + urllib.parse.quote(room), body)["purge_id"]
for _ in range(300):
    status = ask(f"purge_history_status/{purge}")["status"]
    if status != "active":
        break
    time.sleep(0.1)
print(status)
"#;
    let token = admin().await;
    let done = python3(python, &[&synapse().url, &token, room.room_id().as_str(), up_to]).await;
    assert_eq!(done, "complete");
}

async fn python3(program: &str, args: &[&str]) -> String {
    let mut command = std::process::Command::new("python3");
    command.arg("-c").arg(program).args(args);
    let done = tokio::task::spawn_blocking(move || command.output().unwrap()).await.unwrap();
    assert!(done.status.success(), "{}", String::from_utf8_lossy(&done.stderr));
    String::from_utf8(done.stdout).unwrap().trim().to_owned()
}

#[tokio::test(flavor = "multi_thread")]
async fn what_was_purged_before_docket_read_it_is_named() {
    let (mut ada, room, docket, running, _way) = ada_with_held_keys().await;
    running.stop().await;
    ada.say(&room, "!case note 1 nobody will ever read this").await;
    let last = ada.say(&room, "!case note 1 but this").await;
    purge(&room, last.as_str()).await;

    let running = docket.run().await;

    let said = ada.hears(&room, "What was written between").await;
    assert!(said.text.contains("send it again"), "{said:?}");
    ada.hears(&room, "note added").await;
    ada.say(&room, "!case unreadable").await;
    ada.hears(&room, "What was written between").await;
    running.stop().await;
    // Said once.
    let running = docket.run().await;
    ada.say(&room, "!case new other the second").await;
    ada.hears(&room, "C-2 opened").await;
    running.stop().await;
    let exported = docket.export().await;
    assert_eq!(exported.matches("\"span-unread\"").count(), 1, "{exported}");
    assert!(exported.contains("but this") && !exported.contains("nobody will ever"), "{exported}");
    assert_eq!(ada.passed_over("What was written between"), 0);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_place_that_the_homeserver_does_not_know_any_more_costs_no_message() {
    let (mut ada, room, docket, running, _way) = ada_with_held_keys().await;
    running.stop().await;
    let cursor = kept(&docket, |cursor| Cursor { token: "nothing-of-the-kind".to_owned(), ..cursor });
    assert!(cursor.last.is_some(), "{cursor:?}");
    ada.say(&room, "!case note 1 while nobody listened").await;

    let running = docket.run().await;

    ada.hears(&room, "note added").await;
    running.stop().await;
    // Without what it saw last docket knows the time alone.
    kept(&docket, |cursor| Cursor { token: "nothing-of-the-kind".to_owned(), last: None, ..cursor });
    ada.say(&room, "!case note 1 once more").await;
    let running = docket.run().await;
    ada.hears(&room, "What was written between").await;
    ada.hears(&room, "note added").await;
    running.stop().await;
    let exported = docket.export().await;
    assert_eq!(exported.matches("while nobody listened").count(), 1, "{exported}");
    assert_eq!(exported.matches("once more").count(), 1, "{exported}");
}

/// Changes what docket keeps of how far it has read, and gives that back.
fn kept(docket: &Docket, change: impl FnOnce(Cursor) -> Cursor) -> Cursor {
    let key = secret::read_data_key(&docket.dir.join("data.key")).unwrap();
    let keep = Keep::of(&docket.dir.join("data"), &key);
    let cursor = change(keep.get::<Cursor>("cursor").unwrap().unwrap());
    keep.put("cursor", &cursor, &mut OsEntropy).unwrap();
    cursor
}
