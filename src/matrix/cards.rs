//! A card that is gone from the room: somebody took it back, or the homeserver forgot it. Found where that is seen in the room, where an edit of
//! it is refused, and once for each card that is edited; what follows, the desk says.

use std::collections::{BTreeSet, VecDeque};

use matrix_sdk::Room;
use matrix_sdk::deserialized_responses::TimelineEvent;
use matrix_sdk::ruma::EventId;
use matrix_sdk::ruma::api::client::room::get_room_event;
use serde_json::Value;

use super::desk::DeskHandle;
use super::fault::{HomeserverFault, Plain};
use crate::desk::{Input, Outcome, Post};
use crate::ops::failpoint::{Point, reach};

/// What has become of a post.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Fate {
    There,
    TakenBack { by_docket: bool },
    Forgotten,
}

/// The post that an event takes back, if it does that.
pub fn taken_back(event: &TimelineEvent) -> Option<String> {
    let raw = event.raw().deserialize_as_unchecked::<Value>().ok()?;
    if raw.get("type")?.as_str()? != "m.room.redaction" || raw.get("state_key").is_some() {
        return None;
    }
    // Where it stands depends on the version of the room.
    let within = raw.get("content").and_then(|content| content.get("redacts"));
    within.or_else(|| raw.get("redacts"))?.as_str().map(str::to_owned)
}

/// Looks whether a post is gone that may be a card. Gives back what follows; nothing where it is there, or would not be missed.
pub async fn look(room: &Room, desk: &DeskHandle, post: &str) -> anyhow::Result<Option<Vec<Post>>> {
    if desk.ask(Input::CardDoubted(post.to_owned())).await? != Outcome::Fetch {
        return Ok(None);
    }
    let by_docket = match fate(room, post).await? {
        Fate::There => return Ok(None),
        Fate::TakenBack { by_docket } => by_docket,
        Fate::Forgotten => false,
    };
    reach(Point::CardMissed);
    match desk.ask(Input::CardGone { post: post.to_owned(), by_docket }).await? {
        Outcome::Posts(posts) => {
            reach(Point::CardReplaced);
            Ok(Some(posts))
        }
        _ => Ok(None),
    }
}

/// Whether a post is gone, whatever it was.
pub async fn is_gone(room: &Room, post: &str) -> Result<bool, HomeserverFault> {
    Ok(fate(room, post).await? != Fate::There)
}

/// What the homeserver has under an id by now.
async fn fate(room: &Room, id: &str) -> Result<Fate, HomeserverFault> {
    let Ok(id) = EventId::parse(id) else { return Ok(Fate::Forgotten) };
    let request = get_room_event::v3::Request::new(room.room_id().to_owned(), id);
    let answer = match room.client().send(request).await.plain() {
        Ok(answer) => answer,
        Err(HomeserverFault { status: Some(404), .. }) => return Ok(Fate::Forgotten),
        // What is kept from docket tells nothing; asking again would not either.
        Err(HomeserverFault { status: Some(400 | 403), .. }) => return Ok(Fate::There),
        Err(fault) => return Err(fault),
    };
    let own = room.client().user_id().map(ToString::to_string);
    let event = answer.event.deserialize_as_unchecked::<Value>();
    Ok(event.map_or(Fate::There, |event| fate_of(&event, own.as_deref())))
}

fn fate_of(event: &Value, own: Option<&str>) -> Fate {
    let because = event.get("unsigned").and_then(|unsigned| unsigned.get("redacted_because"));
    match because.filter(|because| because.is_object()) {
        None => Fate::There,
        Some(because) => {
            let by = because.get("sender").and_then(Value::as_str);
            Fate::TakenBack { by_docket: by.is_some() && by == own }
        }
    }
}

/// The cards that were edited, each to be looked at once while docket runs: what was taken away while it was not there, nobody told it.
#[derive(Debug, Default)]
pub struct Edited {
    known: BTreeSet<String>,
    waiting: VecDeque<String>,
}

impl Edited {
    /// A card was edited.
    pub fn put(&mut self, card: &str) {
        if self.known.insert(card.to_owned()) {
            self.waiting.push_back(card.to_owned());
        }
    }

    /// The next to be looked at.
    pub fn unseen(&mut self) -> Option<String> {
        self.waiting.pop_front()
    }
}

#[cfg(test)]
mod tests {
    use matrix_sdk::ruma::serde::Raw;
    use serde_json::json;

    use super::*;

    #[test]
    fn what_is_taken_back_is_named_inside_or_outside() {
        let of = |event: Value| {
            taken_back(&TimelineEvent::from_plaintext(Raw::from_json(
                serde_json::value::to_raw_value(&event).unwrap(),
            )))
        };
        let kind = "m.room.redaction";
        assert_eq!(of(json!({ "type": kind, "content": { "redacts": "$card" } })).as_deref(), Some("$card"));
        assert_eq!(of(json!({ "type": kind, "content": {}, "redacts": "$card" })).as_deref(), Some("$card"));
        assert_eq!(of(json!({ "type": "m.room.message", "content": { "redacts": "$card" } })), None);
    }

    #[test]
    fn whoever_took_it_back_is_told_from_docket() {
        let gone = |sender: &str| json!({ "unsigned": { "redacted_because": { "sender": sender } } });
        let own = Some("@docket:x");
        assert_eq!(fate_of(&gone("@ada:x"), own), Fate::TakenBack { by_docket: false });
        assert_eq!(fate_of(&gone("@docket:x"), own), Fate::TakenBack { by_docket: true });
        assert_eq!(fate_of(&json!({ "unsigned": { "age": 1 } }), own), Fate::There);
    }

    #[test]
    fn each_card_is_looked_at_once() {
        let mut edited = Edited::default();
        for card in ["$a", "$b", "$a"] {
            edited.put(card);
        }
        assert_eq!(std::iter::from_fn(|| edited.unseen()).collect::<Vec<_>>(), ["$a", "$b"]);
        edited.put("$a");
        assert_eq!(edited.unseen(), None);
    }
}
