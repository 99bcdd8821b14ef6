//! A docket whose data were put back to an older copy, against what it said in the room itself.

use std::fs;
use std::path::Path;
use std::process::Command;

use matrix_sdk::Room;
use matrix_sdk::ruma::TransactionId;
use matrix_sdk::ruma::api::client::message::send_message_event;
use matrix_sdk::ruma::events::MessageLikeEventType;
use matrix_sdk::ruma::serde::Raw;
use serde_json::json;

use crate::docket::{Docket, Running, room_of};
use crate::person::Person;
use crate::proxy::{ALWAYS, Proxy};

/// ada and ben, for whose identities the configuration vouches.
struct Two {
    ada: Person,
    ben: Person,
    room: Room,
    his: Room,
    docket: Docket,
}

/// C-1 is open, and docket runs.
async fn two() -> (Two, Running) {
    let (ada, ben) = (Person::new("ada").await, Person::new("ben").await);
    let docket = Docket::new(&[&ada.id, &ben.id]).await;
    docket.confirm(&ada).await;
    docket.confirm(&ben).await;
    let id = room_of(&docket.set_up().await);
    let (room, his) = (ada.join(&id).await, ben.join(&id).await);
    let running = docket.run().await;
    let mut two = Two { ada, ben, room, his, docket };
    two.ada.sync().await;
    two.asks("!case new preservation agency=\"Met Police\" accounts=@alice:docket.test", "C-1 opened").await;
    (two, running)
}

impl Two {
    /// ada types something, and hears these words.
    async fn asks(&mut self, text: &str, words: &str) -> String {
        self.ada.say(&self.room, text).await;
        self.ada.hears(&self.room, words).await.text
    }

    /// What was said by two people who let docket go on.
    async fn go_on(&mut self) -> String {
        self.asks("!case resume", "it takes two people: go on").await;
        let proposal = self.ben.hears(&self.his, "!case approve").await.text;
        let code = proposal.split("!case approve ").nth(1).unwrap().split(" until").next().unwrap();
        self.ben.say(&self.his, &format!("!case approve {code}")).await;
        self.ben.hears(&self.his, "docket goes on").await.text
    }

    fn data(&self, name: &str) -> std::path::PathBuf {
        self.docket.dir.join(name)
    }
}

fn copy(from: &Path, to: &Path) {
    assert!(Command::new("cp").arg("-a").args([from, to]).status().unwrap().success());
}

/// Puts the older copy in the place of the data; of the newer ones these stay.
fn put_back(two: &Two, keep: &[&str]) {
    fs::rename(two.data("data"), two.data("lost")).unwrap();
    copy(&two.data("older"), &two.data("data"));
    for name in keep {
        let kept = two.data("data").join(name);
        if kept.exists() {
            fs::remove_dir_all(&kept).unwrap();
        }
        fs::rename(two.data("lost").join(name), kept).unwrap();
    }
    fs::remove_dir_all(two.data("lost")).unwrap();
}

/// The number of the last record.
async fn head(docket: &Docket) -> u64 {
    let (is_done, said) = docket.command("journal head", &[]).await;
    assert!(is_done, "{said}");
    said.trim().split(':').next().unwrap().parse().expect(&said)
}

/// What a docket is like after three more cases, whose data are then put back to before them.
async fn rolled_back(keep: &[&str]) -> (Two, Running, u64, u64) {
    let (mut two, running) = two().await;
    running.stop().await;
    copy(&two.data("data"), &two.data("older"));
    let before = head(&two.docket).await;
    let running = two.docket.run().await;
    for n in 2..5 {
        two.asks(&format!("!case new other number {n}"), &format!("C-{n} opened")).await;
    }
    running.stop().await;
    let after = head(&two.docket).await;
    put_back(&two, keep);
    let running = two.docket.run().await;
    (two, running, before, after)
}

#[tokio::test(flavor = "multi_thread")]
async fn a_journal_that_was_put_back_is_held_reads_changes_nothing_and_goes_on_by_two() {
    let (mut two, running, before, after) = rolled_back(&["matrix"]).await;
    let held = two.ada.hears(&two.room, "docket is held: record").await.text;
    // Behind the last post there may be records that owe none: that something was delivered.
    let (first, last) = named(&held);
    assert_eq!(first, before + 1, "{held}");
    assert!(last > first && last <= after, "{held}, and there were {after}");

    two.asks("!case note 1 they called", "Not done: docket is held and changes nothing").await;
    two.asks("!case show 1", "C-1 · preservation").await;
    two.asks("!case show 4", "there is no case C-4").await;
    let well = two.asks("!case health", "docket · held, and changes nothing").await;
    assert!(well.contains("!case resume"), "{well}");
    let (_, said) = two.docket.command("doctor", &[]).await;
    assert!(said.contains("held, and changes nothing"), "{said}");

    // A stop in between changes nothing about it, and the proposal stands.
    two.asks("!case resume", "it takes two people: go on").await;
    running.stop().await;
    let running = two.docket.run().await;
    two.asks("!case note 1 they called", "Not done: docket is held and changes nothing").await;
    let proposal = two.ben.hears(&two.his, "!case approve").await.text;
    let code = proposal.split("!case approve ").nth(1).unwrap().split(" until").next().unwrap();
    two.ben.say(&two.his, &format!("!case approve {code}")).await;
    two.ben.hears(&two.his, "docket goes on, though records").await;
    two.asks("!case note 1 they called again", "C-1 · note added").await;
    two.asks("!case new other after all", "C-2 opened").await;
    running.stop().await;

    let running = two.docket.run().await;
    two.asks("!case note 1 and once more", "C-1 · note added").await;
    running.stop().await;
    let exported = two.docket.export().await;
    assert_eq!(exported.matches("\"held-back\"").count(), 1, "{exported}");
    assert_eq!(exported.matches("\"went-on\"").count(), 1);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_whole_directory_that_was_put_back_is_held_and_what_it_reads_again_changes_nothing() {
    let (mut two, running, before, _) = rolled_back(&[]).await;
    let held = two.ada.hears(&two.room, "docket is held: ").await.text;
    assert!(held.contains(&format!("records {} to", before + 1)), "{held}");
    // The place up to which it has read is the older one too: what was typed since comes again.
    let said = two.ada.hears(&two.room, "Not done: docket is held and changes nothing").await;
    assert!(said.content["m.relates_to"]["m.in_reply_to"]["event_id"].is_string());
    two.go_on().await;
    two.asks("!case new other anew", "C-2 opened").await;
    running.stop().await;
    assert!(!two.docket.export().await.contains("number 3"), "nothing of it was carried out by that");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_directory_whose_word_is_another_one_is_held_until_two_people_say_that_it_is_this_one() {
    let (mut two, running) = two().await;
    running.stop().await;
    fs::remove_file(two.data("data").join("instance")).unwrap();
    let running = two.docket.run().await;
    two.ada.hears(&two.room, "docket is held: another docket spoke here").await;
    two.asks("!case note 1 they called", "Not done: docket is held and changes nothing").await;
    two.go_on().await;
    two.asks("!case note 1 they called", "C-1 · note added").await;
    running.stop().await;
    let running = two.docket.run().await;
    two.asks("!case note 1 and again", "C-1 · note added").await;
    running.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_backup_that_was_restored_is_held_though_its_new_device_reads_nothing_of_before() {
    let (mut two, running) = two().await;
    running.stop().await;
    let bare = |args: &[&str]| {
        let mut command = Command::new(env!("CARGO_BIN_EXE_docket"));
        let done = command.current_dir(&two.docket.dir).args(args).output().unwrap();
        assert!(done.status.success(), "{}", String::from_utf8_lossy(&done.stderr));
        String::from_utf8_lossy(&done.stdout).trim().to_owned()
    };
    let recipient = bare(&["keygen", "identity"]);
    fs::create_dir(two.data("backups")).unwrap();
    bare(&["backup", "backups", "--recipient", &recipient, "--config", "config.yaml"]);
    fs::rename(two.data("data"), two.data("lost")).unwrap();
    bare(&["restore", "backups", "--identity", "identity", "--data", "data"]);
    let text = fs::read_to_string(two.docket.config()).unwrap();
    let named = format!("room: \"{}\"\npeople:", two.room.room_id());
    fs::write(two.docket.config(), text.replace("people:", &named)).unwrap();
    two.docket.set_up().await;

    let running = two.docket.run().await;

    two.ada.hears(&two.room, "docket is held: its data were restored or copied").await;
    two.asks("!case note 1 they called", "Not done: docket is held and changes nothing").await;
    two.asks("!case show 1", "C-1 · preservation").await;
    two.go_on().await;
    two.asks("!case note 1 they called", "C-1 · note added").await;
    running.stop().await;
    // The first one comes up again after all: it is held then, for another one spoke last.
    fs::rename(two.data("data"), two.data("second")).unwrap();
    fs::rename(two.data("lost"), two.data("data")).unwrap();
    let running = two.docket.run().await;
    two.ada.hears(&two.room, "docket is held: record").await;
    running.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_head_that_somebody_else_claims_changes_nothing() {
    let (mut two, running) = two().await;
    running.stop().await;
    two.ada.beware = true;
    let mark = json!({
        "txn": "forged", "n": 4_000, "head": format!("99999:{}", "ab".repeat(32)), "instance": "0".repeat(32),
    });
    let content = json!({ "msgtype": "m.notice", "body": "a head", "org.docket.post": mark });
    two.ada.send(&two.room, content.clone()).await;
    // docket's own account, in clear: whoever runs the homeserver can write that.
    let elsewhere = two.docket.logged_in_elsewhere().await;
    let request = send_message_event::v3::Request::new_raw(
        two.room.room_id().to_owned(),
        TransactionId::new(),
        MessageLikeEventType::RoomMessage,
        Raw::from_json(serde_json::value::to_raw_value(&content).unwrap()),
    );
    elsewhere.send(request).await.unwrap();
    // And encrypted, by a device of that account that docket's identity has not signed.
    elsewhere.sync_once(matrix_sdk::config::SyncSettings::default()).await.unwrap();
    let room = elsewhere.get_room(two.room.room_id()).unwrap();
    room.send_raw("m.room.message", content).await.unwrap();

    let running = two.docket.run().await;

    two.asks("!case note 1 they called", "C-1 · note added").await;
    running.stop().await;
    assert!(!two.docket.export().await.contains("\"held-back\""));
}

#[tokio::test(flavor = "multi_thread")]
async fn docket_numbers_its_posts_and_says_how_much_is_on_record_inside_what_is_encrypted() {
    let (mut two, running) = two().await;
    two.asks("!case note 1 they called", "C-1 · note added").await;
    running.stop().await;
    let running = two.docket.run().await;
    two.ada.say(&two.room, "!case show 1").await;
    let shown = two.ada.hears(&two.room, "1 note").await;
    let mark = |heard: &crate::person::Heard| heard.content["org.docket.post"].clone();
    let (first, instance) = (mark(&shown)["n"].as_u64().unwrap(), mark(&shown)["instance"].clone());
    two.ada.say(&two.room, "!case list").await;
    let list = two.ada.hears(&two.room, "C-1").await;
    assert!(mark(&list)["n"].as_u64().unwrap() > first, "{list:?}");
    assert_eq!(mark(&list)["instance"], instance);
    let seq = mark(&list)["head"].as_str().unwrap().split(':').next().unwrap().parse::<u64>().unwrap();
    running.stop().await;
    assert!(seq > 0 && seq <= head(&two.docket).await);
}

#[tokio::test(flavor = "multi_thread")]
async fn keys_that_are_older_than_those_of_the_homeserver_are_said_with_the_way_out() {
    let (mut two, running) = two().await;
    running.stop().await;
    let proxy = Proxy::before(&two.docket).await;
    let said = "One time key signed_curve25519:AAAAAAAAAA0 already exists. Old key: {}; new key: {}";
    let said = json!({ "errcode": "M_UNKNOWN", "error": said });
    proxy.answers("POST", "/keys/upload", ALWAYS, 400, said);
    let running = two.docket.run().await;
    // Whoever writes from a device for the first time takes a key, and docket puts another one in its place.
    let phone = two.ada.at_another_device().await;
    let there = phone.client.get_room(two.room.room_id()).unwrap();
    phone.say(&there, "hello").await;
    let said = two.ada.hears(&two.room, "keys are older than those that the homeserver has").await;
    assert!(said.text.contains("run docket setup") && said.text.contains("matrix/store"), "{said:?}");
    two.asks("!case show 1", "C-1 · preservation").await;
    running.stop().await;
    let (is_well, looked) = two.docket.command("doctor", &[]).await;
    assert!(!is_well && looked.contains("older than those that the homeserver has"), "{looked}");
    // The way out.
    proxy.is_honest();
    fs::rename(two.data("data/matrix/store"), two.data("old-store")).unwrap();
    two.docket.set_up().await;
    let running = two.docket.run().await;
    // Her client is to know of the new device before she says anything.
    two.ada.sync().await;
    two.asks("!case note 1 they called", "C-1 · note added").await;
    running.stop().await;
    assert_eq!(two.ada.passed_over("keys are older"), 0, "it is said once");
}

/// The first and the last record that are named as missing.
fn named(held: &str) -> (u64, u64) {
    let rest = held.split("records ").nth(1).unwrap_or_default();
    let mut words = rest.split(' ');
    let number = |word: Option<&str>| word.and_then(|word| word.parse().ok()).expect(held);
    let first = number(words.next());
    words.next();
    (first, number(words.next()))
}
