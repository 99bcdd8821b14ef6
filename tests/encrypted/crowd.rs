//! Users who mean no good: many invitations and many messages, quickly, while moderators go on. Nothing of it holds the moderation room up
//! or is on record, docket sits in few of their rooms, and whoever comes after them is answered.
//!
//! The long form (1,000 invitations and 1,000 messages) runs where the file `target/long-crowd` exists (docs/benches.md).

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;
use std::process::Command;
use std::time::{Duration, Instant};

use matrix_sdk::Room;
use serde_json::{Value, json};

use crate::docket::Docket;
use crate::notices::{Desk, user};
use crate::person::Person;
use crate::posts::said;
use crate::visits::{docket_is, room_of};
use crate::wire;

/// Into so many rooms of one user docket comes in a day: `MOST_ROOMS` of the desk.
const MOST_ROOMS: usize = 5;
/// What is kept of them: of each an account and a room, of each room in clear that it was told so, and of 105 messages that could not
/// be read yet a room, an id and a time. That is 20 KiB at most.
const MOST_KEPT: u64 = 20 * 1024;
/// What the library may keep of a room to which docket was invited: its few events of state, until it is forgotten. Of a thousand it was
/// 11 KiB each before they were, with all that the moderators said beside them.
const MOST_OF_A_ROOM: u64 = 16 * 1024;
/// What it keeps beside that, however many there are: the rooms that docket is in, and its own sessions there.
const MOST_BESIDE: u64 = 1024 * 1024;
/// A database writes ahead of itself, and empties that journal when it likes; what is in it is put where it belongs.
const SETTLE: &str = "import sqlite3, sys
for path in sys.argv[1:]:
    busy, _, _ = sqlite3.connect(path).execute('pragma wal_checkpoint(truncate)').fetchone()
    assert not busy, 'somebody has it open'";
/// How long the last of the crowd may wait.
const PATIENCE: Duration = Duration::from_secs(600);

/// Somebody of the crowd, as their client would never be: they wait for nothing.
#[derive(Clone)]
struct Hostile {
    token: String,
    docket: String,
    /// Somebody whom they take along.
    third: String,
}

impl Hostile {
    fn of(person: &Person, docket: &Docket, third: &Person) -> Hostile {
        let token = person.client.access_token().unwrap();
        Hostile { token, docket: docket.id.to_string(), third: third.id.to_string() }
    }

    /// Makes rooms of all kinds and asks docket into each; gives their ids.
    async fn invites(self, times: usize) -> Vec<String> {
        let mut rooms = Vec::new();
        for n in 0..times {
            let mut people = vec![self.docket.clone()];
            people.extend((n % 4 == 1).then(|| self.third.clone()));
            let encryption = json!({
                "type": "m.room.encryption", "state_key": "", "content": { "algorithm": "m.megolm.v1.aes-sha2" },
            });
            let state = if n % 4 == 2 { json!([]) } else { json!([encryption]) };
            let preset = if n % 4 == 3 { "private_chat" } else { "trusted_private_chat" };
            let wanted = json!({ "preset": preset, "is_direct": n % 4 != 3, "invite": people, "initial_state": state });
            let made = wire::call("POST", "createRoom", Some(&self.token), &wanted).await;
            rooms.push(made["room_id"].as_str().unwrap().to_owned());
        }
        rooms
    }

    /// Writes in clear.
    async fn writes(self, room: String, times: usize) {
        for n in 0..times {
            let path = format!("rooms/{room}/send/m.room.message/crowd-{n}");
            let text = json!({ "msgtype": "m.text", "body": format!("wipe my pangolin {n}") });
            wire::call("PUT", &path, Some(&self.token), &text).await;
        }
    }

    /// How docket is in their rooms.
    async fn memberships(&self, rooms: &[String]) -> BTreeMap<String, usize> {
        let mut found = BTreeMap::new();
        for room in rooms {
            let path = format!("rooms/{room}/state/m.room.member/{}", self.docket);
            let content = wire::call("GET", &path, Some(&self.token), &json!({})).await;
            *found.entry(content["membership"].as_str().unwrap().to_owned()).or_default() += 1;
        }
        found
    }

    /// Waits until docket has looked at every invitation; how it is in their rooms then.
    async fn all_looked_at(&self, rooms: &[String]) -> BTreeMap<String, usize> {
        let given_up = Instant::now() + PATIENCE;
        loop {
            let found = self.memberships(rooms).await;
            if !found.contains_key("invite") {
                return found;
            }
            assert!(Instant::now() < given_up, "docket never looked at some: {found:?}");
            tokio::time::sleep(Duration::from_millis(500)).await;
        }
    }
}

/// A moderator who goes on typing.
struct Typing<'a> {
    desk: &'a mut Desk,
    asked: Vec<String>,
}

impl Typing<'_> {
    /// Three commands at once; how long the last answer to come took.
    async fn goes_on(&mut self) -> Duration {
        let began = Instant::now();
        let mut asked = Vec::new();
        for n in 0..3 {
            let note = format!("!case note 1 typed-{}-{n}", self.asked.len());
            asked.push(self.desk.ada.say(&self.desk.room, &note).await);
        }
        for asked in asked {
            self.desk.ada.hears_of(&self.desk.room, &asked).await;
            self.asked.push(asked.to_string());
        }
        began.elapsed()
    }

    /// Every command was answered once, and in the order in which they were typed.
    async fn is_answered_in_order(&self) {
        let mut answered: Vec<String> = said(&self.desk.docket, &self.desk.room)
            .await
            .iter()
            .filter(|content| content["m.relates_to"]["rel_type"] != "m.replace")
            .filter_map(|content| content["m.relates_to"]["m.in_reply_to"]["event_id"].as_str())
            .filter(|id| self.asked.iter().any(|asked| asked == id))
            .map(str::to_owned)
            .collect();
        answered.reverse();
        assert_eq!(answered, self.asked, "each once, in order");
    }
}

/// The bytes of all files below a directory.
fn size(dir: &Path) -> u64 {
    let entries = fs::read_dir(dir).unwrap().map(Result::unwrap);
    // A database lets go of its journals.
    let of = |entry: fs::DirEntry| match entry.metadata() {
        Ok(meta) if meta.is_dir() => size(&entry.path()),
        Ok(meta) => meta.len(),
        Err(_) => 0,
    };
    entries.map(of).sum()
}

/// The bytes of the library's databases while docket is not running, without what they would still move from one file to another.
fn settled(store: &Path) -> u64 {
    let files = fs::read_dir(store).unwrap().map(|entry| entry.unwrap().path());
    let databases: Vec<_> =
        files.filter(|path| path.extension().is_some_and(|end| end == "sqlite3")).collect();
    assert!(!databases.is_empty(), "there is no database in {}", store.display());
    assert!(Command::new("python3").args(["-c", SETTLE]).args(databases).status().unwrap().success());
    size(store)
}

/// What an honest user hears who comes now, and how soon.
async fn is_served(alice: &mut Person, docket: &Docket) -> Duration {
    let began = Instant::now();
    let room = room_of(alice, docket, true, &[]).await;
    docket_is(alice, &room, docket, "join").await;
    alice.sync().await;
    alice.say(&room, "hi").await;
    alice.hears(&room, "a copy of my data").await;
    began.elapsed()
}

/// A room of somebody of the crowd in which docket listens.
async fn let_in(mallory: &Person, docket: &Docket) -> Room {
    let room = room_of(mallory, docket, true, &[]).await;
    docket_is(mallory, &room, docket, "join").await;
    mallory.sync().await;
    room
}

#[tokio::test(flavor = "multi_thread")]
async fn a_crowd_that_means_no_good_holds_nobody_up_and_leaves_nothing_behind() {
    let is_long = Path::new(env!("CARGO_MANIFEST_DIR")).join("target/long-crowd").exists();
    let each = if is_long { 500 } else { 30 };
    let messages = if is_long { 500 } else { 50 };
    let mut desk = Desk::new("").await;
    let (mallory, trudy) = (user("mallory").await, user("trudy").await);
    let mut alice = user("alice").await;
    let running = desk.docket.run().await;
    desk.ada.say(&desk.room, "!case new other a question").await;
    desk.ada.hears(&desk.room, "C-1 opened").await;
    let theirs = let_in(&mallory, &desk.docket).await;
    let data = desk.docket.dir.join("data");
    let mut typing = Typing { desk: &mut desk, asked: Vec::new() };
    let mut slowest_before = Duration::ZERO;
    for _ in 0..10 {
        slowest_before = slowest_before.max(typing.goes_on().await);
    }
    let store_before = settled(&data.join("matrix/store"));
    let all_before = size(&data);

    let of = |one: &Person, third: &Person| Hostile::of(one, &typing.desk.docket, third);
    let (first, second) = (of(&mallory, &trudy), of(&trudy, &mallory));
    let began = Instant::now();
    let one = tokio::spawn(first.clone().invites(each));
    let other = tokio::spawn(second.clone().invites(each));
    let in_clear = tokio::spawn(first.clone().writes(theirs.room_id().to_string(), messages));
    let encrypted = tokio::spawn(async move {
        for n in 0..messages {
            mallory.say(&theirs, &format!("wipe my pangolin {n}")).await;
        }
    });
    let mut slowest = Duration::ZERO;
    let is_over =
        || [one.is_finished(), other.is_finished(), in_clear.is_finished(), encrypted.is_finished()];
    while is_over().contains(&false) {
        slowest = slowest.max(typing.goes_on().await);
    }
    in_clear.await.unwrap();
    encrypted.await.unwrap();
    let took = began.elapsed();
    let (ones, others) = (one.await.unwrap(), other.await.unwrap());
    let found = [first.all_looked_at(&ones).await, second.all_looked_at(&others).await];
    let looked_at = began.elapsed();
    typing.goes_on().await;
    let served = is_served(&mut alice, &typing.desk.docket).await;
    typing.is_answered_in_order().await;
    let typed = typing.asked.len();

    let log = running.stop().await;
    println!(
        "{} invitations and {} messages in {took:?}, all looked at after {looked_at:?}: {found:?}; {typed} commands, the slowest three took \
         {slowest:?}, and {slowest_before:?} before; somebody else is served in {served:?}",
        2 * each,
        2 * messages
    );
    for found in &found {
        assert!(found.get("join").is_none_or(|joined| *joined <= MOST_ROOMS), "{found:?}");
    }
    for secret in ["mallory", "trudy", "pangolin"] {
        assert!(!log.contains(secret), "{secret}: {log}");
    }
    let exported = desk.docket.export().await;
    for secret in ["mallory", "trudy", "pangolin", "\"C-2\""] {
        assert!(!exported.contains(secret), "{secret} is on record");
    }
    assert_eq!(records(&exported), typed, "one for each command, and none of anybody else");
    let store = settled(&data.join("matrix/store"));
    let all = size(&data);
    let kept = fs::metadata(data.join("matrix/visits")).unwrap().len();
    println!(
        "the data grew by {} KiB, of which {} KiB are the library's; {kept} bytes of visits",
        all.saturating_sub(all_before) / 1024,
        store.saturating_sub(store_before) / 1024
    );
    assert!(kept <= MOST_KEPT, "{kept} bytes are kept of visits");
    let bound = 2 * each as u64 * MOST_OF_A_ROOM + MOST_BESIDE;
    assert!(store <= store_before + bound, "the library keeps {store} bytes, and kept {store_before}");
}

/// How many notes are on record.
fn records(exported: &str) -> usize {
    let parts = exported.lines().filter_map(|line| serde_json::from_str::<Value>(line).ok());
    parts.filter(|part| part.to_string().contains("typed-")).count()
}

#[tokio::test(flavor = "multi_thread")]
async fn every_invitation_that_came_while_docket_was_down_is_looked_at() {
    let desk = Desk::new("").await;
    let (mallory, trudy) = (user("mallory").await, user("trudy").await);
    desk.docket.run().await.stop().await;
    let hostile = Hostile::of(&mallory, &desk.docket, &trudy);
    // More than are looked at together.
    let rooms = hostile.clone().invites(60).await;

    let running = desk.docket.run().await;

    let found = hostile.all_looked_at(&rooms).await;
    assert!(found.get("join").is_none_or(|joined| *joined <= MOST_ROOMS), "{found:?}");
    running.stop().await;
}
