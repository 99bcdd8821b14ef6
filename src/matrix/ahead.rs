//! Messages that will have to be fetched, asked for before their turn, several at once. Only the asking runs ahead: each is decrypted,
//! judged and carried out when all before it is done, and what was fetched too long before its turn is fetched anew.

use std::collections::VecDeque;
use std::time::{Duration, Instant};

use matrix_sdk::Room;
use matrix_sdk::deserialized_responses::TimelineEvent;
use tokio::task::JoinHandle;

use super::fault::HomeserverFault;
use super::handing_in::{Stored, stored};
use super::hearing::{Heard, heard};
use super::inbound::{Ear, Inbound, now};
use crate::desk::{Coming, Input, Outcome, Reading};

/// How many are asked for at once: more would be too old at their turn, where each takes long.
const AT_ONCE: usize = 4;
/// For how long what the homeserver gave out counts: in the meantime it may have been taken back.
const FRESH: Duration = Duration::from_millis(500);

/// What is fetched ahead, in the order in which it is to be handled.
#[derive(Default)]
pub(super) struct Ahead(VecDeque<Turn>);

struct Turn {
    id: String,
    asked: Option<Asked>,
}

/// A message that was asked for, and when the answer came. Nobody asks any more when this is gone.
struct Asked(JoinHandle<(Result<Option<Stored>, HomeserverFault>, Instant)>);

impl Drop for Asked {
    fn drop(&mut self) {
        self.0.abort();
    }
}

impl Ahead {
    fn of(room: &Room, ids: Vec<String>) -> Ahead {
        let mut ahead = Ahead(ids.into_iter().map(|id| Turn { id, asked: None }).collect());
        ahead.ask(room);
        ahead
    }

    /// Asks for those whose turn is near.
    fn ask(&mut self, room: &Room) {
        for turn in self.0.iter_mut().take(AT_ONCE).filter(|turn| turn.asked.is_none()) {
            let (room, id) = (room.clone(), turn.id.clone());
            turn.asked = Some(Asked(tokio::spawn(async move { (stored(&room, &id).await, now()) })));
        }
    }

    /// A message whose turn it is, as the homeserver has it. Those before it were not needed.
    pub(super) async fn take(&mut self, room: &Room, id: &str) -> Result<Option<Stored>, HomeserverFault> {
        let Some(at) = self.0.iter().position(|turn| turn.id == id) else { return stored(room, id).await };
        let mut asked = self.0.drain(..=at).next_back().and_then(|turn| turn.asked);
        let came = match &mut asked {
            Some(Asked(asking)) => asking.await.ok(),
            None => None,
        };
        self.ask(room);
        if let Some((stored, at)) = came
            && at.elapsed() < FRESH
        {
            return stored;
        }
        stored(room, id).await
    }
}

impl Inbound {
    /// Has what the desk will want to have fetched of these asked for at once.
    pub(super) async fn look_ahead(&mut self, ear: &Ear, events: &[TimelineEvent]) -> anyhow::Result<()> {
        self.ahead = Ahead::default();
        let own = self.own();
        let coming: Vec<Coming> = events
            .iter()
            .filter_map(|event| {
                let id = event.event_id().filter(|id| !self.late.is_done(id.as_str()))?.to_string();
                let Heard::Text(text) = heard(event, &own) else { return None };
                let is_heard = ear.only.as_ref().is_none_or(|only| *only == text.sender);
                (is_heard && !text.edit).then_some(Coming { id, sender: text.sender, text: text.text })
            })
            .collect();
        // One alone is asked for when it is its turn, which is now.
        if coming.len() > 1
            && let Outcome::Coming(ids) = self.desk.ask(Input::Reading(Reading::Coming(coming))).await?
        {
            self.ahead = Ahead::of(&ear.room, ids);
        }
        Ok(())
    }
}
