//! docket is killed at moments that nobody chose: every command is carried out once and answered once.
//!
//! The long form (200 kills, 5,000 commands) runs where the file `target/long-room-kills` exists (docs/benches.md).

use std::path::Path;
use std::time::{Duration, Instant};

use matrix_sdk::Room;
use matrix_sdk::ruma::OwnedEventId;
use serde_json::json;

use crate::chance::Draw;
use crate::docket::{Docket, room_of};
use crate::mortal::Mortal;
use crate::person::Person;
use crate::told::{Asked, once_each, told};

/// Cases that are there before the first kill.
const CASES: usize = 20;
/// The longest that docket lives, in milliseconds: of three lives one is counted from its start, and the others from its entering the room.
const LONGEST_LIFE: u64 = 3_000;

#[tokio::test(flavor = "multi_thread")]
async fn killed_at_any_moment_docket_loses_and_doubles_nothing() {
    let is_long = Path::new(env!("CARGO_MANIFEST_DIR")).join("target/long-room-kills").exists();
    let (kills, each) = if is_long { (200, 25) } else { (10, 6) };
    let mut draw = Draw(if is_long { 2 } else { 1 });
    let began = Instant::now();
    let ada = Person::new("ada").await;
    let docket = Docket::new(&[&ada.id]).await;
    let room = ada.join(&room_of(&docket.set_up().await)).await;
    let mortal = Mortal::new(&docket);
    let mut ada = ada;
    let mut asked = Vec::new();
    let first = docket.run().await;
    ada.hears(&room, "is here for the first time").await;
    for _ in 0..CASES {
        asked.push(ask(&room, asked.len()).await);
    }
    ada.hears(&room, &format!("C-{CASES} opened")).await;
    first.kill();

    for kill in 0..kills {
        let life = Duration::from_millis(draw.next() % LONGEST_LIFE);
        let is_at_work = !draw.next().is_multiple_of(3);
        let mut alive = mortal.start("run");
        // While it lives and while it does not, people go on.
        let (more, ()) = tokio::join!(
            async {
                let mut more = Vec::new();
                for n in 0..each {
                    more.push(ask(&room, asked.len() + n).await);
                }
                more
            },
            async {
                if is_at_work {
                    assert!(alive.is_in_its_room().await, "docket ended: {}", alive.said());
                }
                tokio::time::sleep(life).await;
                alive.dies_now();
            }
        );
        asked.extend(more);
        if is_long && kill % 20 == 19 {
            println!("{} kills, {} commands, {:?}", kill + 1, asked.len(), began.elapsed());
        }
    }

    let last = mortal.lives().await;
    let ends = asked.len();
    asked.push(Asked {
        id: ada.say(&room, &format!("!case new other mark{ends}x")).await,
        text: format!("!case new other mark{ends}x"),
        changes: true,
    });
    ada.hears_of(&room, &asked[ends].id).await;
    last.stops().await;

    let told = told(&ada, &room, &docket).await;
    let records = once_each(&asked, &told, &docket).await;
    assert!(told.cards.values().all(|cards| *cards == 1), "a card was posted twice: {:?}", told.cards);
    println!(
        "{kills} kills, {} commands, {records} records, {} cards; {:?}",
        asked.len(),
        told.cards.len(),
        began.elapsed()
    );
}

/// Sends the next command: each is told from all others by its mark.
async fn ask(room: &Room, number: usize) -> Asked {
    let case = 1 + (number * 7) % CASES;
    let (text, changes) = match number % 10 {
        _ if number < CASES => (format!("!case new other mark{number}x"), true),
        0 => (format!("!case new other mark{number}x"), true),
        1 | 2 => (format!("!case show {case}"), false),
        3 | 4 => (format!("!case set {case} context=mark{number}x"), true),
        _ => (format!("!case note {case} mark{number}x"), true),
    };
    let id = send(room, &text).await;
    Asked { id, text, changes }
}

async fn send(room: &Room, text: &str) -> OwnedEventId {
    room.send_raw("m.room.message", json!({ "msgtype": "m.text", "body": text }))
        .await
        .unwrap()
        .response
        .event_id
}
