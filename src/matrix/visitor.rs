//! One message of a user who asks by themselves: whether it is theirs, as the homeserver has it, and what the desk makes of it.

use std::time::Instant;

use chrono::{DateTime, TimeDelta, Utc};
use matrix_sdk::Room;
use matrix_sdk::deserialized_responses::TimelineEvent;
use matrix_sdk::ruma::{EventId, OwnedEventId, UserId};
use serde_json::Value;

use super::handing_in;
use super::hearing::{Heard, heard, is_taken_back, place_of};
use super::inbound::now;
use super::outbound::put;
use super::people;
use super::visits::{LOOK_AGAIN, Late, Speaking, is_over};
use crate::case::{Account, Flaw, MasterKey};
use crate::desk::{Input, MOST_READ, Outcome, Post, PostKind, READ_WITHIN, Said, Visiting};
use crate::ops::SystemClock;
use crate::ops::failpoint::{Point, reach};
use crate::ports::Clock;

/// So many events are remembered as handled.
const REMEMBERED: usize = 2_000;
/// How long the key of a message may take, and of how many messages.
const PATIENCE: TimeDelta = TimeDelta::minutes(10);
const MOST_LATE: usize = 100;
const MOST_LATE_IN_ROOM: usize = 5;
/// So many messages of one user are looked at within a time, one more than the desk reads.
const MOST_WITHIN: u32 = MOST_READ + 1;
/// Of so many users is known how much they wrote.
const MOST_COUNTED: usize = 2_000;

impl Speaking {
    /// Takes in something that was said in a room of a user, and answers it.
    pub(super) async fn handle(
        &mut self,
        room: &Room,
        event: &TimelineEvent,
        since: DateTime<Utc>,
    ) -> anyhow::Result<()> {
        let Some(id) = event.event_id().filter(|id| !self.handled.contains(id)) else { return Ok(()) };
        let own = self.of.client.user_id().map(ToString::to_string).unwrap_or_default();
        let (sender, is_text) = match heard(event, &own) {
            Heard::Text(text) if text.edit => return Ok(()),
            Heard::Text(text) => (text.sender, true),
            Heard::Unproven { sender, flaw: Flaw::UnsignedDevice } => {
                self.remember(id);
                return self.unsigned(room, &sender).await;
            }
            Heard::Unproven { sender, flaw: Flaw::Clear } => {
                self.remember(id);
                return self.in_clear(room, &sender).await;
            }
            Heard::Unproven { flaw, .. } => {
                tracing::info!(event = id.as_str(), ?flaw, "what a user wrote does not count");
                return Ok(());
            }
            Heard::Late { .. } => {
                self.wait_for(room, id, since);
                return Ok(());
            }
            Heard::Nothing => match somebodys(event, &own) {
                Some(sender) => (sender, false),
                None => return Ok(()),
            },
        };
        let ready = async {
            // Before anything comes of it: in a room with others nobody asks for themselves.
            if !self.may_speak(room, &sender).await? {
                return Ok(None);
            }
            match is_text {
                true => self.as_it_is_there(room, &id, &sender, &own).await,
                false => Ok(Some((Said::NoText, None))),
            }
        };
        let (said, place) = match ready.await {
            Ok(Some(ready)) => ready,
            Ok(None) => return Ok(()),
            Err(fault) if is_over(&fault) => return Err(fault),
            Err(fault) => {
                tracing::warn!("what a user wrote cannot be looked at: {fault:#}; trying again");
                self.wait_for(room, id, since);
                return Ok(());
            }
        };
        let key = self.key_of(&sender).await;
        let visiting = Visiting { id: id.to_string(), sender: sender.clone(), said, place, key };
        let Outcome::Posts(posts) = self.of.desk.ask(Input::Visit(Box::new(visiting))).await? else {
            return Ok(());
        };
        reach(Point::VisitHandled);
        self.remember(id);
        let (answers, others): (Vec<Post>, Vec<Post>) =
            posts.into_iter().partition(|post| post.kind == PostKind::Visit);
        // The room hears of it whatever becomes of the answer.
        put(&self.of.out, others, None)?;
        for answer in answers {
            if let Err(fault) = self.answer(room, &sender, &answer).await {
                if is_over(&fault) {
                    return Err(fault);
                }
                tracing::warn!("the answer to a user is not sent: {fault:#}");
            }
            reach(Point::VisitAnswered);
        }
        Ok(())
    }

    /// A text as the homeserver has it, with its place in its session: what came by itself may be something else.
    async fn as_it_is_there(
        &self,
        room: &Room,
        id: &EventId,
        sender: &Account,
        own: &str,
    ) -> anyhow::Result<Option<(Said, Option<(String, u32)>)>> {
        let Some((raw, event)) = handing_in::event(room, id.as_str()).await? else { return Ok(None) };
        Ok(match (heard(&event, own), place_of(&raw)) {
            (Heard::Text(text), Some(place)) if text.sender == *sender && !text.edit => {
                Some((Said::Text(text.text), Some(place)))
            }
            _ => None,
        })
    }

    /// The identity by which a user signs, as far as docket knows it.
    pub(super) async fn key_of(&self, user: &Account) -> Option<MasterKey> {
        let id = UserId::parse(user.as_str()).ok()?;
        let identity = self.of.client.encryption().get_user_identity(&id).await.ok()??;
        people::key_of(identity.master_key())
    }

    /// Whether another message of somebody is looked at. Beyond so many the desk would say nothing either, and nobody else waits for them.
    pub(super) fn reads(&mut self, event: &TimelineEvent) -> bool {
        let sender = event.sender().filter(|sender| Some(&**sender) != self.of.client.user_id());
        let Some(user) = sender.and_then(|sender| Account::parse(sender.as_str()).ok()) else { return false };
        let is_over = |(since, _): &(Instant, u32)| since.elapsed() > READ_WITHIN;
        if self.counted.len() >= MOST_COUNTED {
            self.counted.retain(|_, counted| !is_over(counted));
        }
        let counted = self.counted.entry(user).or_insert_with(|| (now(), 0));
        if is_over(counted) {
            *counted = (now(), 0);
        }
        counted.1 = counted.1.saturating_add(1);
        counted.1 <= MOST_WITHIN
    }

    /// A message is looked for again.
    fn wait_for(&mut self, room: &Room, id: OwnedEventId, since: DateTime<Utc>) {
        let in_room = self.kept.late.iter().filter(|late| late.room == room.room_id()).count();
        let is_known = self.kept.late.iter().any(|late| late.id == id);
        if self.kept.late.len() < MOST_LATE && in_room < MOST_LATE_IN_ROOM && !is_known {
            self.kept.late.push(Late { room: room.room_id().to_owned(), id, since });
            self.is_new = true;
        }
    }

    fn remember(&mut self, id: OwnedEventId) {
        if self.handled.len() == REMEMBERED {
            self.handled.pop_front();
        }
        self.handled.push_back(id);
    }

    /// Looks again for what could not be read.
    pub(super) async fn look_again(&mut self) -> anyhow::Result<()> {
        if self.looked.elapsed() < LOOK_AGAIN {
            return Ok(());
        }
        self.looked = now();
        let at = SystemClock.now();
        for late in std::mem::take(&mut self.kept.late) {
            self.is_new = true;
            let Some(room) = self.of.client.get_room(&late.room).filter(|_| at - late.since < PATIENCE)
            else {
                continue;
            };
            match room.event(&late.id, None).await {
                Ok(event) => goes_on(self.handle(&room, &event, late.since).await)?,
                Err(_) => self.wait_for(&room, late.id, late.since),
            }
        }
        Ok(())
    }
}

/// Who sent a message that is no text.
fn somebodys(event: &TimelineEvent, own: &str) -> Option<Account> {
    let raw: Value = event.raw().deserialize_as_unchecked().ok()?;
    let is_message = raw.get("type").and_then(Value::as_str) == Some("m.room.message");
    let kind = raw.get("content")?.get("msgtype")?.as_str()?;
    let is_of_them = ["m.image", "m.file", "m.audio", "m.video", "m.location"].contains(&kind);
    let sender = event.sender().filter(|sender| sender.as_str() != own)?;
    if !is_message || !is_of_them || is_taken_back(&raw) {
        return None;
    }
    Account::parse(sender.as_str()).ok()
}

/// What fails of one message keeps no other from being handled.
pub(super) fn goes_on(handled: anyhow::Result<()>) -> anyhow::Result<()> {
    match handled {
        Err(fault) if is_over(&fault) => Err(fault),
        Err(fault) => {
            tracing::warn!("what a user wrote is not answered: {fault:#}");
            Ok(())
        }
        Ok(()) => Ok(()),
    }
}
