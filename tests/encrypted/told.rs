//! What stands in the room and in the journal at the end: every command carried out once, and answered once.

use std::collections::BTreeMap;

use matrix_sdk::Room;
use matrix_sdk::deserialized_responses::TimelineEventKind;
use matrix_sdk::room::MessagesOptions;
use matrix_sdk::ruma::{OwnedEventId, UInt};
use serde_json::Value;

use crate::docket::Docket;
use crate::person::Person;
use crate::shield;

/// A command that somebody sent.
pub struct Asked {
    pub id: OwnedEventId,
    pub text: String,
    /// Whether it changes something; otherwise it is only read and leaves nothing on record.
    pub changes: bool,
}

/// How often docket answered, and what else it posted.
pub struct Told {
    /// The texts of the answers to a message.
    pub answers: BTreeMap<String, Vec<String>>,
    /// How many cards were posted of a case; edits of them are none.
    pub cards: BTreeMap<u64, usize>,
    /// What answers nobody, edits and cards apart.
    pub rest: Vec<String>,
    /// What could not be read.
    pub unread: Vec<String>,
}

/// Reads everything that docket ever posted in a room, as somebody in it sees it.
pub async fn told(reader: &Person, room: &Room, docket: &Docket) -> Told {
    let mut told =
        Told { answers: BTreeMap::new(), cards: BTreeMap::new(), rest: Vec::new(), unread: Vec::new() };
    let mut from = None;
    loop {
        let mut options = MessagesOptions::backward();
        options.from = from.clone();
        options.limit = UInt::from(200_u32);
        let page = room.messages(options).await.unwrap();
        for event in &page.chunk {
            if event.sender().as_ref() == Some(&docket.id) {
                shield::none_beside(reader, event).await;
                let raw: Value = event.raw().deserialize_as_unchecked().unwrap();
                if let TimelineEventKind::UnableToDecrypt { utd_info, .. } = &event.kind {
                    told.unread.push(format!("{}: {utd_info:?}", raw["event_id"]));
                }
                told.take_in(&raw["content"]);
            }
        }
        match page.end {
            Some(end) if from.as_ref() != Some(&end) => from = Some(end),
            Some(_) | None => {
                assert!(told.unread.is_empty(), "{} cannot read {:#?}", reader.id, told.unread);
                return told;
            }
        }
    }
}

impl Told {
    fn take_in(&mut self, content: &Value) {
        let Some(text) = content["body"].as_str().map(str::to_owned) else { return };
        let relation = &content["m.relates_to"];
        if relation["rel_type"] == "m.replace" {
            return;
        }
        match (relation["m.in_reply_to"]["event_id"].as_str(), content["org.docket.case"].as_u64()) {
            (Some(answered), _) => self.answers.entry(answered.to_owned()).or_default().push(text),
            (None, Some(case)) if relation.is_null() => *self.cards.entry(case).or_default() += 1,
            (None, _) => self.rest.push(text),
        }
    }
}

/// Holds what was sent against what is on record and what was answered: each once, in the order in which it was sent. Gives how many
/// records there are.
pub async fn once_each(asked: &[Asked], told: &Told, docket: &Docket) -> usize {
    let mut records: BTreeMap<String, BTreeMap<u64, String>> = BTreeMap::new();
    let mut last = 0;
    for line in docket.export().await.lines() {
        let part: Value = serde_json::from_str(line).unwrap();
        let seq = part["seq"].as_u64().unwrap();
        last = last.max(seq);
        if let Some(message) = part["part"]["cause"]["message"].as_str() {
            records.entry(message.to_owned()).or_default().entry(seq).or_default().push_str(line);
        }
    }
    let mut before = 0;
    for Asked { id, text, changes } in asked {
        let answers = told.answers.get(id.as_str()).map(Vec::as_slice).unwrap_or_default();
        assert_eq!(answers.len(), 1, "{text} ({id}) was answered with {answers:#?}");
        let found = records.remove(id.as_str()).unwrap_or_default();
        let found: Vec<(u64, String)> = found.into_iter().collect();
        match found.as_slice() {
            [(seq, record)] if *changes => {
                assert!(*seq > before, "{text} was carried out before what was sent before it");
                before = *seq;
                let mark = &text[text.find("mark").unwrap()..];
                assert!(record.contains(mark), "{text} is half applied: {record}");
            }
            [] if !changes => {}
            other => panic!("{text} ({id}) stands on record {} times", other.len()),
        }
    }
    assert!(records.is_empty(), "what nobody sent is on record: {records:#?}");
    usize::try_from(last).unwrap()
}
