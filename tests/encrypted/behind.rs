//! ada, and a docket whose homeserver cannot be relied upon.

use matrix_sdk::Room;
use matrix_sdk::room::MessagesOptions;
use matrix_sdk::ruma::{OwnedEventId, OwnedUserId};
use serde_json::{Value, json};

use crate::docket::{Docket, Running, room_of};
use crate::person::Person;
use crate::proxy::{Asked, Proxy};
use crate::shield;

pub struct Behind {
    pub ada: Person,
    pub room: Room,
    pub docket: Docket,
    pub proxy: Proxy,
}

/// ada and others in their room; case C-1 is open, and docket is behind a proxy that is honest so far.
pub async fn behind_a_proxy(others: &[&Person]) -> (Behind, Running) {
    let mut ada = Person::new("ada").await;
    let people: Vec<&OwnedUserId> =
        std::iter::once(&ada.id).chain(others.iter().map(|who| &who.id)).collect();
    let docket = Docket::new(&people).await;
    let id = room_of(&docket.set_up().await);
    let room = ada.join(&id).await;
    for other in others {
        other.join(&id).await;
    }
    ada.sync().await;
    let proxy = Proxy::before(&docket).await;
    let running = docket.run().await;
    ada.say(&room, "!case new other the first").await;
    ada.hears(&room, "C-1 opened").await;
    (Behind { ada, room, docket, proxy }, running)
}

impl Behind {
    pub async fn says(&self, text: &str) -> OwnedEventId {
        self.ada.say(&self.room, text).await
    }

    /// ada opens another case, and waits for the answer to it: what came before is answered by then.
    pub async fn is_answered(&mut self, case: &str) {
        self.says("!case new other to hear whether all came").await;
        self.ada.hears(&self.room, &format!("{case} opened")).await;
    }

    /// The messages that docket answered, in the order of its answers.
    pub async fn answered(&self) -> Vec<String> {
        let mut answered = Vec::new();
        for content in self.said().await {
            let relation = &content["m.relates_to"];
            if relation["rel_type"] != "m.replace"
                && let Some(id) = relation["m.in_reply_to"]["event_id"].as_str()
            {
                answered.push(id.to_owned());
            }
        }
        answered
    }

    /// The contents of everything that docket ever said in the room, as ada's client has it.
    pub async fn said(&self) -> Vec<Value> {
        let mut said = Vec::new();
        let mut from = None;
        loop {
            let mut options = MessagesOptions::backward();
            options.from = from;
            options.limit = 100_u32.into();
            let page = self.room.messages(options).await.unwrap();
            for event in page.chunk {
                let raw: Value = event.raw().deserialize_as_unchecked().unwrap();
                if raw["sender"] == self.docket.id.as_str() && raw["type"] == "m.room.message" {
                    shield::none_beside(&self.ada, &event).await;
                    said.push(raw["content"].clone());
                }
            }
            match page.end {
                Some(end) => from = Some(end),
                None => break,
            }
        }
        said.reverse();
        said
    }

    /// Each of these stands on record once, and in this order.
    pub async fn stand_once_in_order(&self, notes: &[String]) {
        let exported = self.docket.export().await;
        let places: Vec<usize> = notes
            .iter()
            .map(|note| {
                let found: Vec<usize> = exported.match_indices(note.as_str()).map(|(at, _)| at).collect();
                assert_eq!(found.len(), 1, "{note} stands on record once");
                found[0]
            })
            .collect();
        assert!(places.is_sorted(), "in the order in which they were typed");
    }

    /// Nothing that docket sent into the room, or anywhere, could be read by its homeserver.
    pub fn nothing_left_in_clear(&self, words: &[&str]) {
        for asked in self.proxy.asked() {
            for word in words {
                assert!(!asked.body.contains(word), "{word} left in clear: {} {}", asked.method, asked.path);
            }
            if is_sent(&asked) {
                assert!(asked.path.contains("/send/m.room.encrypted/"), "{}", asked.path);
                let sent: Value = serde_json::from_str(&asked.body).unwrap();
                let known =
                    ["algorithm", "ciphertext", "device_id", "m.relates_to", "sender_key", "session_id"];
                assert!(sent.as_object().unwrap().keys().all(|key| known.contains(&key.as_str())), "{sent}");
                assert!(sent["ciphertext"].is_string());
            }
        }
    }
}

/// Whether it is a message into a room.
pub fn is_sent(asked: &Asked) -> bool {
    asked.method == "PUT" && asked.path.contains("/send/")
}

/// A homeserver that has too much to do.
pub fn too_many(retry_after: u64) -> Value {
    json!({ "errcode": "M_LIMIT_EXCEEDED", "error": "Too Many Requests", "retry_after_ms": retry_after })
}
