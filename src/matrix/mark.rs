//! What every post of docket's carries beside its words, inside the encrypted content: the request by which it was sent, its number, and the end
//! of the journal by then. So whoever looks back in the room finds what was sent, and how much was on record.
//!
//! Knows nothing of what a mark means: which of them a journal must not be behind is said in the core.

use std::sync::atomic::{AtomicU64, Ordering};

use chrono::{DateTime, Utc};
use matrix_sdk::Room;
use matrix_sdk::deserialized_responses::{TimelineEvent, TimelineEventKind, VerificationState};
use matrix_sdk::room::MessagesOptions;
use matrix_sdk::ruma::{UInt, UserId};
use serde_json::{Map, Value, json};

use super::fault::{HomeserverFault, Plain};
use super::missed::sent_at;
use crate::ports::Head;

/// The key under which it stands.
const KEY: &str = "org.docket.post";
/// How many events are asked for at once.
const PAGE: u32 = 100;

/// What a post carries.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Mark {
    /// The request by which it is sent, as the desk names it: the same whatever form it takes.
    pub txn: String,
    /// What it tells of docket. Nothing in the room of one person, whose devices others may come to read.
    pub stand: Option<Stand>,
}

/// Where docket stood when it sent a post.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Stand {
    /// The number of the post.
    pub n: u64,
    /// The end of the journal.
    pub head: Head,
    /// The data directory.
    pub instance: String,
}

impl Mark {
    /// Puts it into a content.
    pub fn put_into(&self, content: &mut Map<String, Value>) {
        let mark = match &self.stand {
            None => json!({ "txn": self.txn }),
            Some(Stand { n, head, instance }) => {
                json!({ "txn": self.txn, "n": n, "head": head.to_string(), "instance": instance })
            }
        };
        content.insert(KEY.to_owned(), mark);
    }

    /// The mark in a content, if there is one that reads.
    pub fn of(content: &Value) -> Option<Mark> {
        let mark = content.get(KEY)?;
        let text = |key: &str| mark.get(key).and_then(Value::as_str);
        let stand = || {
            let head = Head::read(text("head")?)?;
            Some(Stand { n: mark.get("n")?.as_u64()?, head, instance: text("instance")?.to_owned() })
        };
        Some(Mark { txn: text("txn")?.to_owned(), stand: stand() })
    }
}

/// A post of docket's own in a room.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct OwnPost {
    /// The message's id.
    pub id: String,
    /// When it was sent, as the homeserver says.
    pub at: DateTime<Utc>,
    /// What it carries.
    pub mark: Mark,
}

/// What an event is to whoever looks for docket's own posts.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Own {
    /// One that carries a mark.
    Post(OwnPost),
    /// One that this device cannot read.
    Unreadable,
    /// Anything else, whatever it claims to be.
    Nothing,
}

/// What an event is, for the docket of this account. Only what a device encrypted that docket's own identity signed is docket's: the account
/// alone proves nothing, for whoever runs the homeserver can write in its name.
pub fn own(event: &TimelineEvent, own: &UserId) -> Own {
    let Some(id) = event.event_id() else { return Own::Nothing };
    if event.sender().as_deref() != Some(own) {
        return Own::Nothing;
    }
    match &event.kind {
        TimelineEventKind::UnableToDecrypt { .. } => Own::Unreadable,
        TimelineEventKind::PlainText { .. } => Own::Nothing,
        TimelineEventKind::Decrypted(decrypted) => {
            let proof = &decrypted.encryption_info;
            let is_own = proof.sender == own
                && proof.forwarder.is_none()
                && proof.verification_state == VerificationState::Verified;
            let content = event.raw().get_field::<Value>("content").ok().flatten();
            match (is_own, content.as_ref().and_then(Mark::of), sent_at(event)) {
                (true, Some(mark), Some(at)) => Own::Post(OwnPost { id: id.to_string(), at, mark }),
                _ => Own::Nothing,
            }
        }
    }
}

/// The message that one answers which cannot be read, and its own id.
fn answered(event: &TimelineEvent) -> Option<(String, String)> {
    let content = event.raw().get_field::<Value>("content").ok().flatten()?;
    let relation = content.get("m.relates_to")?;
    let is_fallback = relation.get("is_falling_back").and_then(Value::as_bool).unwrap_or(false);
    let asked = relation.get("m.in_reply_to")?.get("event_id")?.as_str().filter(|_| !is_fallback)?;
    Some((asked.to_owned(), event.event_id()?.to_string()))
}

/// What is found of docket's own posts, newest first.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct OwnPosts {
    /// Those that can be read.
    pub posts: Vec<OwnPost>,
    /// How many cannot.
    pub unreadable: usize,
    /// Those of them that name the device which sent them.
    pub unread: Vec<UnreadPost>,
    /// Of those the ones that answer a message, by what stands outside: the message, and the answer.
    pub answers: Vec<(String, String)>,
}

/// What was sent under docket's account and cannot be read.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct UnreadPost {
    /// When, as the homeserver says.
    pub at: DateTime<Utc>,
    /// From which device, as the homeserver says too.
    pub device: String,
    /// How many that can be read came later.
    pub newer: usize,
}

/// Looks back in a room for docket's own posts: page after page, until `enough` of what was found so far, or this many pages.
pub async fn look_back(
    room: &Room,
    own_account: &UserId,
    most_pages: usize,
    mut enough: impl FnMut(&OwnPosts) -> bool,
) -> Result<OwnPosts, HomeserverFault> {
    let mut found = OwnPosts::default();
    let mut from = None;
    for _ in 0..most_pages {
        let mut options = MessagesOptions::backward();
        options.from = from.clone();
        options.limit = UInt::from(PAGE);
        let page = room.messages(options).await.plain()?;
        for event in &page.chunk {
            match own(event, own_account) {
                Own::Post(post) => found.posts.push(post),
                Own::Unreadable => {
                    found.unreadable += 1;
                    let (newer, sent) = (found.posts.len(), sent_at(event).zip(device_of(event)));
                    found.unread.extend(sent.map(|(at, device)| UnreadPost { at, device, newer }));
                    found.answers.extend(answered(event));
                }
                Own::Nothing => {}
            }
        }
        if enough(&found) || page.end.is_none() || page.end == from {
            break;
        }
        from = page.end;
    }
    Ok(found)
}

/// The device that an encrypted event names as its sender's.
fn device_of(event: &TimelineEvent) -> Option<String> {
    let content = event.raw().get_field::<Value>("content").ok().flatten()?;
    content.get("device_id").and_then(Value::as_str).map(str::to_owned)
}

/// Numbers docket's posts, from one on; a stop in between may leave a number out, or give it twice where docket's device is another one since.
#[derive(Debug)]
pub struct Numbers {
    instance: String,
    given: AtomicU64,
}

impl Numbers {
    /// For a data directory that has given this many.
    pub fn new(instance: String, given: u64) -> Numbers {
        Numbers { instance, given: AtomicU64::new(given) }
    }

    /// The word of the data directory.
    pub fn instance(&self) -> &str {
        &self.instance
    }

    /// How many were given.
    pub fn given(&self) -> u64 {
        self.given.load(Ordering::Relaxed)
    }

    /// Goes on behind a number that was found in the room.
    pub fn go_on_behind(&self, n: u64) {
        self.given.fetch_max(n, Ordering::Relaxed);
    }

    /// The next.
    pub fn next(&self, head: Head) -> Stand {
        let n = self.given.fetch_add(1, Ordering::Relaxed) + 1;
        Stand { n, head, instance: self.instance.clone() }
    }
}

#[cfg(test)]
mod tests {
    use matrix_sdk::ruma::serde::Raw;

    use super::*;
    use crate::ports::{Hash, Seq};

    fn stand() -> Stand {
        Numbers::new("ab12".to_owned(), 41).next(Head { seq: Seq(840), hash: Hash([7; 32]) })
    }

    #[test]
    fn what_was_put_in_is_read_again() {
        for stand in [Some(stand()), None] {
            let mark = Mark { txn: "a-transaction".to_owned(), stand };
            let mut content = Map::new();
            mark.put_into(&mut content);
            assert_eq!(Mark::of(&Value::Object(content)), Some(mark));
        }
    }

    #[test]
    fn what_does_not_read_says_nothing_of_where_docket_stood() {
        let of = |mark: Value| Mark::of(&json!({ KEY: mark }));
        assert_eq!(of(json!({ "n": 1 })), None);
        let bent = of(json!({ "txn": "t", "n": 1, "head": "840:short", "instance": "a" })).unwrap();
        assert_eq!(bent.stand, None);
        assert_eq!(Mark::of(&json!({ "body": "org.docket.post" })), None);
    }

    #[test]
    fn numbers_grow_by_one_and_go_on_behind_what_is_in_the_room() {
        let numbers = Numbers::new("ab12".to_owned(), 0);
        let head = stand().head;
        assert_eq!((numbers.next(head).n, numbers.next(head).n), (1, 2));
        numbers.go_on_behind(17);
        numbers.go_on_behind(5);
        assert_eq!((numbers.next(head).n, numbers.given()), (18, 18));
    }

    #[test]
    fn what_comes_in_clear_under_its_own_name_is_not_its_own() {
        let mut content = Map::new();
        Mark { txn: "t".to_owned(), stand: Some(stand()) }.put_into(&mut content);
        let event = json!({
            "type": "m.room.message", "content": content, "sender": "@docket:example.org", "event_id": "$one",
            "origin_server_ts": 1, "room_id": "!room:example.org",
        });
        let raw = Raw::from_json(serde_json::value::to_raw_value(&event).unwrap());
        let account = UserId::parse("@docket:example.org").unwrap();
        assert_eq!(own(&TimelineEvent::from_plaintext(raw), &account), Own::Nothing);
    }
}
