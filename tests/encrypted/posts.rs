//! Whatever happens between, there is exactly one message of each: the homeserver forgets, the device is another one, a card is taken away.

use std::fs;
use std::time::{Duration, Instant};

use matrix_sdk::Room;
use matrix_sdk::room::MessagesOptions;
use matrix_sdk::ruma::EventId;
use serde_json::{Value, json};

use crate::behind::{Behind, behind_a_proxy};
use crate::docket::Docket;
use crate::files::{ada_and_sam, invitation};
use crate::mortal::Mortal;
use crate::person::{Heard, Person};
use crate::proxy::ALWAYS;
use crate::unread::purge;
use crate::wire;

/// docket gives somebody the power to take messages of others back.
pub async fn may_take_back(docket: &Docket, room: &Room, person: &Person) {
    let client = docket.logged_in_elsewhere().await;
    let token = client.access_token().unwrap();
    let path = format!("rooms/{}/state/m.room.power_levels", room.room_id());
    let mut levels = wire::call("GET", &path, Some(&token), &json!({})).await;
    levels["users"][person.id.as_str()] = 100.into();
    wire::call("PUT", &path, Some(&token), &levels).await;
    client.matrix_auth().logout().await.unwrap();
}

pub async fn take_back(room: &Room, id: &EventId) {
    room.redact(id, None, None).await.unwrap();
}

/// The next card of a case that is no edit.
pub async fn card(person: &mut Person, room: &Room, case: &str) -> Heard {
    loop {
        let heard = person.hears(room, &format!("{case} · ")).await;
        if heard.content["m.relates_to"].is_null() && heard.content["org.docket.case"].is_u64() {
            return heard;
        }
    }
}

/// The next edit of a card of a case.
async fn edited(person: &mut Person, room: &Room, case: &str) -> String {
    loop {
        let heard = person.hears(room, &format!("{case} · ")).await;
        if heard.content["m.relates_to"]["rel_type"] == "m.replace" {
            return heard.content["m.relates_to"]["event_id"].as_str().unwrap().to_owned();
        }
    }
}

/// How many cards of a case stand in the room that nobody took away.
pub fn cards(said: &[Value], case: u64) -> usize {
    said.iter()
        .filter(|content| content["org.docket.case"] == case && content["m.relates_to"].is_null())
        .count()
}

/// Everything that docket ever said in the room and that is still there.
pub async fn said(docket: &Docket, room: &Room) -> Vec<Value> {
    let mut said = Vec::new();
    let mut from = None;
    loop {
        let mut options = MessagesOptions::backward();
        options.from = from;
        options.limit = 100_u32.into();
        let page = room.messages(options).await.unwrap();
        for event in page.chunk {
            let raw: Value = event.raw().deserialize_as_unchecked().unwrap();
            if raw["sender"] == docket.id.as_str() && raw["type"] == "m.room.message" {
                said.push(raw["content"].clone());
            }
        }
        match page.end {
            Some(end) => from = Some(end),
            None => return said,
        }
    }
}

pub fn answers(said: &[Value], asked: &EventId) -> usize {
    let is_it = |content: &&Value| {
        content["m.relates_to"]["m.in_reply_to"]["event_id"] == asked.as_str()
            && content["m.relates_to"]["rel_type"] != "m.replace"
    };
    said.iter().filter(is_it).count()
}

#[tokio::test(flavor = "multi_thread")]
async fn a_card_that_somebody_took_away_is_posted_again_and_edited_from_then_on() {
    let (behind, running) = behind_a_proxy(&[]).await;
    let Behind { mut ada, room, docket, proxy } = behind;
    let first = card(&mut ada, &room, "C-1").await;
    may_take_back(&docket, &room, &ada).await;

    take_back(&room, &first.id).await;

    let second = card(&mut ada, &room, "C-1").await;
    assert_ne!(second.id, first.id);
    ada.say(&room, "!case assign 1 me").await;
    assert_eq!(edited(&mut ada, &room, "C-1").await, second.id.as_str());
    // While docket was not there, nobody told it; and the homeserver has forgotten all that was sent.
    ada.say(&room, "!case new other the second").await;
    let of_two = card(&mut ada, &room, "C-2").await;
    running.stop().await;
    take_back(&room, &of_two.id).await;
    proxy.forgets();
    let running = docket.run().await;
    let again = card(&mut ada, &room, "C-2").await;
    assert_ne!(again.id, of_two.id);
    ada.say(&room, "!case new other the third").await;
    ada.hears(&room, "C-3 opened").await;
    let log = running.stop().await;
    let said = said(&docket, &room).await;
    assert_eq!((cards(&said, 1), cards(&said, 2)), (1, 1), "{said:#?}");
    assert!(log.contains("a card is gone from the room") && !log.contains("the second"), "{log}");
    let exported = docket.export().await;
    assert_eq!(exported.matches("\"card-lost\"").count(), 2, "{exported}");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_card_that_the_homeserver_forgot_is_posted_again_when_it_changes_and_once() {
    let (behind, running) = behind_a_proxy(&[]).await;
    let Behind { mut ada, room, docket, proxy: _proxy } = behind;
    let first = card(&mut ada, &room, "C-1").await;
    let last = ada.say(&room, "here ends what is kept").await;
    purge(&room, last.as_str()).await;

    ada.say(&room, "!case assign 1 me").await;
    let second = card(&mut ada, &room, "C-1").await;
    ada.say(&room, "!case assign 1 nobody").await;

    assert_ne!(second.id, first.id);
    assert_eq!(edited(&mut ada, &room, "C-1").await, second.id.as_str());
    running.stop().await;
    assert_eq!(cards(&said(&docket, &room).await, 1), 1);
    assert_eq!(docket.export().await.matches("\"card-lost\"").count(), 1);
}

#[tokio::test(flavor = "multi_thread")]
async fn what_was_sent_before_a_stop_is_in_the_room_once_though_the_homeserver_forgot_the_request() {
    let (behind, running) = behind_a_proxy(&[]).await;
    let Behind { mut ada, room, docket, proxy } = behind;
    let first = card(&mut ada, &room, "C-1").await;
    may_take_back(&docket, &room, &ada).await;
    ada.say(&room, "!case show 1").await;
    ada.hears(&room, "C-1 · other").await;
    let lost = proxy.cuts_after("PUT", "/send/", ALWAYS);
    take_back(&room, &first.id).await;
    // The new card is in the room, and docket does not know.
    lost.happens(1).await;
    running.kill();
    proxy.is_honest();
    proxy.forgets();
    let running = docket.run().await;
    let lost = proxy.cuts_after("PUT", "/send/", ALWAYS);
    let read = ada.say(&room, "!case show 1").await;
    lost.happens(1).await;
    running.kill();
    proxy.is_honest();
    proxy.forgets();
    let lost = proxy.cuts_after("PUT", "/send/", ALWAYS);
    let running = docket.run().await;
    let asked = ada.say(&room, "!case note 1 once and no more").await;
    lost.happens(1).await;
    running.kill();
    proxy.is_honest();
    proxy.forgets();

    let running = docket.run().await;

    ada.say(&room, "!case new other the second").await;
    ada.hears(&room, "C-2 opened").await;
    ada.say(&room, "!case assign 1 me").await;
    edited(&mut ada, &room, "C-1").await;
    let log = running.stop().await;
    let said = said(&docket, &room).await;
    assert_eq!((answers(&said, &read), answers(&said, &asked)), (1, 1), "{said:#?}");
    assert_eq!(cards(&said, 1), 1, "{said:#?}");
    assert!(log.contains("was sent before and is in the room already"), "{log}");
}

#[tokio::test(flavor = "multi_thread")]
async fn an_answer_that_was_sent_by_a_device_that_is_gone_is_in_the_room_once() {
    let mut ada = Person::new("ada").await;
    let docket = Docket::new(&[&ada.id]).await;
    let room = ada.join(&crate::docket::room_of(&docket.set_up().await)).await;
    let mortal = Mortal::new(&docket);
    let alive = mortal.lives().await;
    ada.say(&room, "!case new other a question").await;
    card(&mut ada, &room, "C-1").await;
    mortal.dies_at("sent");
    let asked = ada.say(&room, "!case note 1 once and no more").await;
    let mut alive = alive;
    alive.ends().await;
    fs::remove_dir_all(docket.dir.join("data/matrix/store")).unwrap();
    let said_by_setup = docket.set_up().await;
    assert!(said_by_setup.contains("session: logged in"), "{said_by_setup}");

    let alive = mortal.lives().await;

    ada.sync().await;
    ada.say(&room, "!case new other the second").await;
    ada.hears(&room, "C-2 opened").await;
    assert!(alive.said().contains("was sent before and is in the room already"), "{}", alive.said());
    alive.stops().await;
    assert_eq!(answers(&said(&docket, &room).await, &asked), 1);
    assert_eq!(docket.export().await.matches("once and no more").count(), 1);
}

#[tokio::test(flavor = "multi_thread")]
async fn what_a_homeserver_took_before_it_went_away_for_long_is_not_sent_twice() {
    let (behind, running) = behind_a_proxy(&[]).await;
    let Behind { mut ada, room, docket, proxy } = behind;
    card(&mut ada, &room, "C-1").await;
    let lost = proxy.cuts_after("PUT", "/send/", 1);
    let asked = ada.say(&room, "!case note 1 once and no more").await;
    lost.is_over().await;
    let away = proxy.answers("PUT", "/send/", ALWAYS, 502, json!("<html>Bad Gateway</html>"));
    let since = Instant::now();
    // Longer than docket believes that a homeserver remembers a request.
    while since.elapsed() < Duration::from_secs(62) {
        tokio::time::sleep(Duration::from_millis(500)).await;
    }
    assert!(away.times() > 1);
    proxy.forgets();
    proxy.is_honest();

    ada.say(&room, "!case new other the second").await;
    ada.hears(&room, "C-2 opened").await;
    running.stop().await;

    assert_eq!(answers(&said(&docket, &room).await, &asked), 1);
    let sent = proxy.asked().iter().filter(|asked| crate::behind::is_sent(asked)).count();
    assert!(sent > 3, "it was tried again and again");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_disk_that_takes_no_note_of_what_one_person_was_told_ends_nothing() {
    let (mut ada, room, mut sam, his, docket, running) = ada_and_sam().await;
    ada.say(&room, "!case new terms context=\"a secret word\"").await;
    ada.hears(&room, "C-1 opened").await;
    ada.say(&room, "!case tag 1 +csea").await;
    sam.hears(&his, "C-1").await;
    sam.say(&his, "!case note 1 the first").await;
    sam.hears(&his, &format!("{}: an answer waits for you", sam.id)).await;
    // From here on nothing is written down of the rooms of one person.
    let in_the_way = docket.dir.join("data/matrix/alone.new");
    let given_up = Instant::now() + Duration::from_secs(30);
    while let Err(fault) = fs::create_dir(&in_the_way) {
        // That he was called is being written down this very moment.
        assert!(Instant::now() < given_up, "{fault}");
        tokio::time::sleep(Duration::from_millis(50)).await;
    }

    let own = sam.client.join_room_by_id(&invitation(&sam).await).await.unwrap();

    sam.hears(&own, "Here docket tells you").await;
    sam.hears(&own, "note added").await;
    ada.say(&room, "!case new other the second").await;
    ada.hears(&room, "C-2 opened").await;
    let log = running.stop().await;
    assert!(log.contains("cannot be written down") && !log.contains("sam-"), "{log}");
    // What it does not know any more it says under the same id, so that it is there once.
    fs::remove_dir(&in_the_way).unwrap();
    let running = docket.run().await;
    sam.say(&own, "!case note 1 the second").await;
    sam.hears(&own, "note added").await;
    running.stop().await;
    let there = said(&docket, &own).await;
    let greetings = there.iter().filter(|content| {
        content["body"].as_str().is_some_and(|body| body.contains("Here docket tells you"))
    });
    assert_eq!(greetings.count(), 1, "{there:#?}");
}
