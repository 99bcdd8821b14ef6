//! A homeserver, or one of its users, that means ill: what docket cannot prove it does not do, and nothing it says is readable.

use std::fs;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use matrix_sdk::ruma::UserId;
use serde_json::{Value, json};

use crate::behind::{Behind, behind_a_proxy};
use crate::forger::Forger;
use crate::person::Person;
use crate::proxy::{ALWAYS, Proxy};

/// Payloads that no client sends, encrypted as they should be; ROOM stands for the room's id.
const PAYLOADS: [&str; 14] = [
    "not JSON at all",
    "[1, 2]",
    "{}",
    r#"{ "room_id": "ROOM" }"#,
    r#"{ "room_id": "ROOM", "type": 5, "content": "x" }"#,
    r#"{ "room_id": "ROOM", "type": "m.room.message", "content": 5 }"#,
    r#"{ "room_id": "ROOM", "type": "m.room.message", "content": { "msgtype": "m.text", "body": 5 } }"#,
    r#"{ "room_id": "ROOM", "type": "m.room.message", "content": { "msgtype": "m.text", "body": "x", "m.relates_to": 5 } }"#,
    r#"{ "room_id": "ROOM", "type": "m.room.message", "content": { "body": "!case new other slipped in" } }"#,
    r#"{ "room_id": "!elsewhere:docket.test", "type": "m.room.message", "content": { "msgtype": "m.text", "body": "!case new other slipped in" } }"#,
    r#"{ "room_id": "ROOM", "type": "m.room.encrypted", "content": { "algorithm": "m.megolm.v1.aes-sha2" } }"#,
    r#"{ "room_id": "ROOM", "type": "m.key.verification.start", "content": { "m.relates_to": [] } }"#,
    r#"{ "room_id": "ROOM", "type": "m.room.redaction", "redacts": 7, "content": { "redacts": [] } }"#,
    r#"{ "room_id": "ROOM", "type": "m.room.member", "state_key": 7, "content": [] }"#,
];

/// Contents of events that say they are encrypted.
fn contents() -> Vec<Value> {
    let megolm = "m.megolm.v1.aes-sha2";
    vec![
        json!({}),
        json!({ "algorithm": megolm }),
        json!({ "algorithm": megolm, "ciphertext": 5, "session_id": "s" }),
        json!({ "algorithm": megolm, "ciphertext": "AAAA", "session_id": "s", "sender_key": "k", "device_id": "D" }),
        json!({ "algorithm": "m.olm.v1.curve25519-aes-sha2", "ciphertext": {}, "sender_key": 7 }),
        json!({ "algorithm": ["none"], "ciphertext": "" }),
    ]
}

/// A second device of ada's that says all of that, and a command of ada's behind each.
async fn says_what_nobody_can_read(behind: &Behind, forger: &mut Forger, round: &str) -> Vec<String> {
    let room = behind.room.room_id();
    let payloads: Vec<Value> =
        PAYLOADS.iter().map(|payload| forger.encrypts(&payload.replace("ROOM", room.as_str()))).collect();
    let mut notes = Vec::new();
    for (n, content) in contents().into_iter().chain(payloads).enumerate() {
        forger.puts(room, &content).await;
        let note = format!("{round}-{n}.");
        behind.says(&format!("!case note 1 {note}")).await;
        notes.push(note);
    }
    notes
}

#[tokio::test(flavor = "multi_thread")]
async fn what_nobody_can_read_keeps_no_command_behind_it_from_being_carried_out() {
    let (mut behind, running) = behind_a_proxy(&[]).await;
    let mut forger = Forger::of(&behind.ada).await;
    forger.begins(&behind.docket.id, behind.room.room_id()).await;
    let mut notes = says_what_nobody_can_read(&behind, &mut forger, "running").await;
    behind.is_answered("C-2").await;
    let log = running.stop().await;
    assert!(log.contains("docket's own session failed"), "by one of them the library loses a sync: {log}");
    notes.extend(says_what_nobody_can_read(&behind, &mut forger, "down").await);
    let running = behind.docket.run().await;
    behind.is_answered("C-3").await;
    running.stop().await;

    behind.stand_once_in_order(&notes).await;
    let exported = behind.docket.export().await;
    assert!(!exported.contains("slipped in"), "nothing else was done");
}

#[tokio::test(flavor = "multi_thread")]
async fn state_in_the_guise_of_a_message_changes_nothing() {
    let (mut behind, running) = behind_a_proxy(&[]).await;
    let mut forger = Forger::of(&behind.ada).await;
    let room = behind.room.room_id().to_owned();
    forger.begins(&behind.docket.id, &room).await;
    let eve = UserId::parse("@eve:docket.test").unwrap();
    let inside = [
        json!({ "type": "m.room.message", "state_key": "", "content": { "msgtype": "m.text", "body": "!case note 1 by a state inside." } }),
        json!({ "type": "m.room.member", "state_key": eve, "content": { "membership": "join" } }),
        json!({ "type": "m.room.power_levels", "state_key": "", "content": { "users": { eve.as_str(): 100 } } }),
        json!({ "type": "m.room.encryption", "state_key": "", "content": { "algorithm": "none" } }),
    ];
    for payload in inside {
        let mut payload = payload;
        payload["room_id"] = json!(room);
        let content = forger.encrypts(&payload.to_string());
        forger.puts(&room, &content).await;
    }
    // And an encrypted event that the homeserver shows as state.
    let payload = json!({
        "type": "m.room.message", "room_id": room,
        "content": { "msgtype": "m.text", "body": "!case note 1 by a state outside." },
    });
    let content = forger.encrypts(&payload.to_string());
    let cipher = content["ciphertext"].clone();
    let bent = behind.proxy.bends(move |event| {
        if event["content"]["ciphertext"] == cipher {
            event["state_key"] = json!("");
        }
    });
    forger.puts(&room, &content).await;
    bent.happens(1).await;
    // The same device is obeyed where it says what it should.
    let honest = json!({
        "type": "m.room.message", "room_id": room,
        "content": { "msgtype": "m.text", "body": "!case note 1 by a message." },
    });
    let content = forger.encrypts(&honest.to_string());
    forger.puts(&room, &content).await;
    behind.ada.hears(&behind.room, "note added").await;
    behind.is_answered("C-2").await;
    let log = running.stop().await;

    let exported = behind.docket.export().await;
    assert!(!exported.contains("by a state"), "state is no command");
    behind.stand_once_in_order(&["by a message.".to_owned()]).await;
    assert!(!log.contains("eve"), "{log}");
    behind.nothing_left_in_clear(&["by a"]);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_message_that_is_shown_as_somebody_elses_is_nobodys() {
    let ben = Person::new("ben").await;
    let (mut behind, running) = behind_a_proxy(&[&ben]).await;
    let (ada, other) = (behind.ada.id.to_string(), ben.id.to_string());
    let bent = behind.proxy.bends(move |event| {
        if event["type"] == "m.room.encrypted" && event["sender"] == ada.as_str() {
            event["sender"] = json!(other);
        }
    });
    behind.says("!case note 1 in the name of another.").await;
    let said = behind.ada.hears(&behind.room, "Not allowed").await;
    assert!(said.text.contains(ben.id.as_str()), "{said:?}");
    assert!(said.text.contains("was encrypted by somebody else"), "{said:?}");
    assert!(bent.times() > 0);
    behind.proxy.is_honest();
    behind.is_answered("C-2").await;
    running.stop().await;
    assert!(!behind.docket.export().await.contains("in the name of another"));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_command_that_is_moved_into_another_thread_says_where_it_came_to_and_decides_nothing_there() {
    let (mut behind, running) = behind_a_proxy(&[]).await;
    behind.says("!case new other the second").await;
    behind.ada.hears(&behind.room, "C-2 opened").await;
    let card = loop {
        let heard = behind.ada.hears(&behind.room, "C-2").await;
        if heard.content["m.relates_to"].is_null() {
            break heard.id;
        }
    };
    let (ada, root) = (behind.ada.id.to_string(), card.to_string());
    let bent = behind.proxy.bends(move |event| {
        if event["type"] == "m.room.encrypted" && event["sender"] == ada.as_str() {
            event["content"]["m.relates_to"] = json!({
                "rel_type": "m.thread", "event_id": root, "is_falling_back": true,
                "m.in_reply_to": { "event_id": root },
            });
        }
    });
    // What decides is not done without a number, and what has one goes where it says.
    for command in ["close", "withdraw", "refuse reason=overbroad", "assign me", "hold start"] {
        behind.says(&format!("!case {command}")).await;
        let said = behind.ada.hears(&behind.room, "Not done").await;
        assert!(said.text.contains("must name it, in its thread too"), "{command}: {said:?}");
    }
    behind.says("!case note C-1 to the first.").await;
    behind.ada.hears(&behind.room, "C-1 · note added").await;
    // A note may go without: whoever wrote it reads where it went.
    behind.says("!case note to whichever.").await;
    behind.ada.hears(&behind.room, "C-2 · note added").await;
    assert!(bent.times() > 0);
    behind.proxy.is_honest();
    behind.is_answered("C-3").await;
    running.stop().await;

    let exported = behind.docket.export().await;
    let of = |note: &str| {
        let lines: Vec<&str> = exported.lines().filter(|line| line.contains(note)).collect();
        assert_eq!(lines.len(), 1, "{note}");
        lines[0].to_owned()
    };
    assert_ne!(of("to the first."), of("to whichever."));
    for word in ["closed", "withdrawn", "refused", "assigned"] {
        assert!(!exported.contains(&format!(r#""event":"{word}""#)), "{word} stands on record");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_message_in_the_place_of_another_is_not_carried_out() {
    let (mut behind, running) = behind_a_proxy(&[]).await;
    let mut first: Option<Value> = None;
    let bent = behind.proxy.rewrites("GET", "/event/", move |said| match &first {
        None => first = Some(said.clone()),
        Some(first) => *said = first.clone(),
    });
    behind.says("!case note 1 said once.").await;
    behind.ada.hears(&behind.room, "note added").await;
    behind.says("!case note 1 never come.").await;
    let said = behind.ada.hears(&behind.room, "Not allowed").await;
    assert!(said.text.contains("was sent before, under another id"), "{said:?}");
    assert!(bent.times() > 0);
    behind.proxy.is_honest();
    behind.is_answered("C-2").await;
    running.stop().await;
    behind.stand_once_in_order(&["said once.".to_owned()]).await;
    assert!(!behind.docket.export().await.contains("never come."));
}

/// Keeps what was sent to docket's devices in `kept` while `keeps` says so, and gives it out afterwards.
fn keeps_keys(proxy: &Proxy, from: &UserId) -> Arc<Mutex<bool>> {
    let keeps = Arc::new(Mutex::new(true));
    let (is_kept, mut kept, from) = (Arc::clone(&keeps), Vec::new(), from.to_string());
    proxy.rewrites("GET", "/sync", move |said| {
        let keeps = *is_kept.lock().unwrap();
        let mut told = said["to_device"]["events"].as_array().cloned().unwrap_or_default();
        if keeps {
            kept.extend(told.iter().filter(|event| event["sender"] == from.as_str()).cloned());
            told.retain(|event| event["sender"] != from.as_str());
        } else {
            told.splice(0..0, kept.drain(..));
        }
        said["to_device"] = json!({ "events": told });
    });
    keeps
}

#[tokio::test(flavor = "multi_thread")]
async fn a_command_whose_key_comes_late_is_carried_out_once() {
    let ben = Person::new("ben").await;
    let (mut behind, running) = behind_a_proxy(&[&ben]).await;
    behind.room.discard_room_key().await.unwrap();
    let keeps = keeps_keys(&behind.proxy, &behind.ada.id);
    let notes: Vec<String> = (0..3).map(|n| format!("late-{n}.")).collect();
    for note in &notes {
        behind.says(&format!("!case note 1 {note}")).await;
    }
    // Nobody else waits for it; and docket has seen hers by then.
    let mut ben = ben;
    let his = ben.client.get_room(behind.room.room_id()).unwrap();
    ben.sync().await;
    ben.say(&his, "!case new other meanwhile").await;
    ben.hears(&his, "C-2 opened").await;
    assert!(!behind.docket.export().await.contains("late-"));
    *keeps.lock().unwrap() = false;
    behind.ada.hears(&behind.room, "note added").await;
    behind.is_answered("C-3").await;
    running.stop().await;
    behind.stand_once_in_order(&notes).await;
    // Neither does a restart do it again.
    let running = behind.docket.run().await;
    behind.is_answered("C-4").await;
    running.stop().await;
    behind.stand_once_in_order(&notes).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_key_that_somebody_hands_on_opens_nothing() {
    let mut ben = Person::new("ben").await;
    let (mut behind, running) = behind_a_proxy(&[&ben]).await;
    let mut forger = Forger::of(&behind.ada).await;
    let room = behind.room.room_id().to_owned();
    behind.room.discard_room_key().await.unwrap();
    let keeps = keeps_keys(&behind.proxy, &behind.ada.id);
    let late = behind.says("!case note 1 by a key handed on.").await;
    // docket has seen it once it answers what came behind it.
    let his = ben.client.get_room(&room).unwrap();
    ben.sync().await;
    ben.say(&his, "!case new other meanwhile").await;
    ben.hears(&his, "C-2 opened").await;
    // ada's own client hands the key out, and it is sent on as one that was asked for.
    let file = behind.docket.dir.join("keys");
    let encryption = behind.ada.client.encryption();
    encryption.export_room_keys(file.clone(), "a passphrase", |_| true).await.unwrap();
    let keys = fs::read(&file).unwrap();
    let keys = matrix_sdk_crypto::decrypt_room_key_export(keys.as_slice(), "a passphrase").unwrap();
    behind.proxy.is_honest();
    drop(keeps);
    for key in keys.iter().filter(|key| key.room_id == room) {
        let key = serde_json::to_value(key).unwrap();
        forger.tells(&behind.docket.id, "m.forwarded_room_key", key).await;
    }
    let looks = behind.proxy.slows("GET", late.as_str().trim_start_matches('$'), ALWAYS, Duration::ZERO);
    // What the same device says with a key of its own is heard: what it handed on came before that.
    forger.begins(&behind.docket.id, &room).await;
    let payload = json!({
        "type": "m.room.message", "room_id": room,
        "content": { "msgtype": "m.text", "body": "!case help" },
    });
    let content = forger.encrypts(&payload.to_string());
    forger.puts(&room, &content).await;
    behind.ada.hears(&behind.room, "!case new").await;
    // docket has looked for the message again since, and it is as it was.
    looks.happens(1).await;
    ben.say(&his, "!case new other afterwards").await;
    ben.hears(&his, "C-3 opened").await;
    running.stop().await;
    assert!(!behind.docket.export().await.contains("by a key handed on"));
}

#[tokio::test(flavor = "multi_thread")]
async fn what_was_taken_back_before_docket_read_it_is_not_done_and_what_was_done_stays() {
    let (mut behind, running) = behind_a_proxy(&[]).await;
    let done = behind.says("!case note 1 taken back too late.").await;
    behind.ada.hears(&behind.room, "note added").await;
    behind.room.redact(&done, None, None).await.unwrap();
    behind.is_answered("C-2").await;
    running.stop().await;
    let unread = behind.says("!case note 1 taken back in time.").await;
    behind.room.redact(&unread, None, None).await.unwrap();
    let running = behind.docket.run().await;
    behind.is_answered("C-3").await;
    // And one that docket has seen already, and fetches when it is gone.
    let (held, fetched) = behind.proxy.holds("GET", "/event/");
    let seen = behind.says("!case note 1 taken back while it was fetched.").await;
    fetched.happens(1).await;
    behind.room.redact(&seen, None, None).await.unwrap();
    behind.proxy.is_honest();
    drop(held);
    behind.is_answered("C-4").await;
    running.stop().await;

    let exported = behind.docket.export().await;
    for (note, times) in [("taken back too late.", 1), ("taken back in time.", 0), ("taken back while", 0)] {
        assert_eq!(exported.matches(note).count(), times, "{note}");
    }
    let said = behind.said().await;
    assert!(!said.iter().any(|said| said.to_string().contains("Not allowed")), "{said:#?}");
    let answered = behind.answered().await;
    assert!(!answered.contains(&unread.to_string()) && !answered.contains(&seen.to_string()));
}
