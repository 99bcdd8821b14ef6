//! What comes in: every message of the room once and in order, whatever the connection does.
//!
//! The library keeps its own place in the stream and moves it before anybody has looked at what came, so docket keeps one of its own:
//! the token up to which everything is handled and answered. What lies between that and now is paged for at the start, after a
//! gap and after a fault; what was handled before is known to the desk by its id.

use std::time::Duration;

use anyhow::Context;
use matrix_sdk::config::SyncSettings;
use matrix_sdk::deserialized_responses::{TimelineEvent, TimelineEventKind};
use matrix_sdk::room::MessagesOptions;
use matrix_sdk::ruma::api::client::room::get_room_event;
use matrix_sdk::ruma::{EventId, UInt};
use matrix_sdk::{Client, Room};
use serde_json::Value;
use tokio::sync::mpsc::UnboundedSender;

use super::content::case_of;
use super::desk::DeskHandle;
use super::hearing::{Heard, Text, heard, place_of};
use super::outbound::{Out, put};
use super::people::{self, Look};
use crate::case::{Account, CaseId, Flaw, MasterKey};
use crate::desk::{Input, Message, Outcome, Proof, Shown};

/// How long the homeserver may keep a request open on which nothing comes.
const POLL: Duration = Duration::from_secs(30);
/// How long to wait after a fault, at first and at most.
const FIRST_WAIT: Duration = Duration::from_millis(500);
const LONGEST_WAIT: Duration = Duration::from_secs(30);
/// How many events are asked for at once.
const PAGE: u32 = 100;

/// What comes in.
pub struct Inbound {
    /// docket's session.
    pub client: Client,
    /// The moderation room.
    pub room: Room,
    /// The desk.
    pub desk: DeskHandle,
    /// Where answers go.
    pub out: UnboundedSender<Out>,
    /// Up to where everything is handled.
    pub cursor: Option<String>,
}

impl Inbound {
    /// Listens until the task is ended. Only what cannot be mended by trying again ends it.
    pub async fn run(mut self) -> anyhow::Result<()> {
        let own = self.client.user_id().context("docket is not logged in")?.to_string();
        put(&self.out, people::look(&self.client, &self.desk, Look::Ask).await?, None)?;
        // What came while nobody listened lies behind the library's place, not before it.
        let mut is_gap = true;
        let mut wait = FIRST_WAIT;
        let mut poll = Duration::ZERO;
        loop {
            let came = match self.client.sync_once(SyncSettings::default().timeout(poll)).await {
                Ok(came) => came,
                Err(fault) => {
                    if is_over(&fault) {
                        return Err(fault).context(
                            "the homeserver does not know docket's session any more: run docket setup",
                        );
                    }
                    // The library's place may have moved, and what it had is lost to it.
                    is_gap = true;
                    tracing::warn!("the homeserver was not heard; trying again");
                    tokio::time::sleep(wait).await;
                    wait = (wait * 2).min(LONGEST_WAIT);
                    continue;
                }
            };
            (wait, poll) = (FIRST_WAIT, POLL);
            let now = came.next_batch.clone();
            let timeline = came.rooms.joined.get(self.room.room_id()).map(|room| &room.timeline);
            is_gap |= timeline.is_some_and(|timeline| timeline.limited);
            let events = match (is_gap, timeline) {
                (true, _) => self.missed(&now).await?,
                (false, Some(timeline)) => timeline.events.clone(),
                (false, None) => Vec::new(),
            };
            put(&self.out, people::look(&self.client, &self.desk, Look::Known).await?, None)?;
            for event in &events {
                self.handle(event, &own).await?;
            }
            is_gap = false;
            if self.cursor.as_ref() != Some(&now) && (!events.is_empty() || self.cursor.is_none()) {
                self.out.send(Out::Read(now.clone())).ok().context("nothing is sent any more")?;
            }
            self.cursor = Some(now);
        }
    }

    /// Everything between the cursor and now, oldest first. On the very first start nothing lies behind.
    async fn missed(&self, now: &str) -> anyhow::Result<Vec<TimelineEvent>> {
        let Some(cursor) = &self.cursor else { return Ok(Vec::new()) };
        let mut missed = Vec::new();
        let mut from = Some(now.to_owned());
        while let Some(token) = from {
            let mut options = MessagesOptions::backward();
            options.from = Some(token);
            options.to = Some(cursor.clone());
            options.limit = UInt::from(PAGE);
            let page = self.room.messages(options).await.context("what came in between cannot be read")?;
            from = page.end.filter(|_| !page.chunk.is_empty());
            missed.extend(page.chunk);
        }
        missed.reverse();
        Ok(missed)
    }

    async fn handle(&self, event: &TimelineEvent, own: &str) -> anyhow::Result<()> {
        let Some(id) = event.event_id() else { return Ok(()) };
        match heard(event, own) {
            Heard::Nothing => Ok(()),
            Heard::Text(text) => self.text(id.as_str(), *text).await,
            Heard::Unproven { sender, flaw } => self.unproven(id.as_str(), sender, flaw).await,
            Heard::Late { .. } => {
                tracing::warn!(event = id.as_str(), "the key of a message has not come");
                Ok(())
            }
        }
    }

    async fn unproven(&self, id: &str, sender: Account, flaw: Flaw) -> anyhow::Result<()> {
        match self.desk.ask(Input::Unproven { id: id.to_owned(), sender, flaw }).await? {
            Outcome::Posts(posts) => put(&self.out, posts, None),
            _ => Ok(()),
        }
    }

    async fn text(&self, id: &str, text: Text) -> anyhow::Result<()> {
        let Some(key) = self.key_of(&text).await? else {
            return self.unproven(id, text.sender, Flaw::UnsignedDevice).await;
        };
        let about = self.about(&text).await?;
        let message = Message {
            id: id.to_owned(),
            sender: text.sender.clone(),
            text: text.text.clone(),
            edit: text.edit,
            about,
            file: None,
            proof: Proof::Identity(Shown { key, device: text.device.clone(), place: None }),
        };
        let outcome = match self.desk.ask(Input::Message(message.clone())).await? {
            Outcome::Fetch => match self.fetched(id, message).await? {
                Some(fetched) => self.desk.ask(Input::Message(fetched)).await?,
                None => return self.unproven(id, text.sender, Flaw::Broken).await,
            },
            outcome => outcome,
        };
        match outcome {
            Outcome::Posts(posts) => put(&self.out, posts, text.thread.as_deref()),
            Outcome::Keep(_) | Outcome::Fetch | Outcome::Seen => Ok(()),
            _ => Ok(()),
        }
    }

    /// The key of whoever sent a text. Of somebody who came a moment ago the homeserver is asked once more.
    async fn key_of(&self, text: &Text) -> anyhow::Result<Option<MasterKey>> {
        let known = people::signs(&self.client, &text.sender, &text.device).await?;
        if known.is_some() {
            return Ok(known);
        }
        put(&self.out, people::look(&self.client, &self.desk, Look::Ask).await?, None)?;
        people::signs(&self.client, &text.sender, &text.device).await
    }

    /// The message as the homeserver has it under its id: that is decrypted anew, and only that is carried out.
    async fn fetched(&self, id: &str, message: Message) -> anyhow::Result<Option<Message>> {
        let Some((raw, event)) = self.event(id).await? else { return Ok(None) };
        let own = self.client.user_id().map(ToString::to_string).unwrap_or_default();
        let (Heard::Text(text), Some(place)) = (heard(&event, &own), place_of(&raw)) else { return Ok(None) };
        if text.sender != message.sender || text.session != place.0 {
            return Ok(None);
        }
        let Some(key) = people::signs(&self.client, &text.sender, &text.device).await? else {
            return Ok(None);
        };
        let about = self.about(&text).await?;
        let proof = Proof::Identity(Shown { key, device: text.device, place: Some(place) });
        Ok(Some(Message { text: text.text, edit: text.edit, about, proof, ..message }))
    }

    /// An encrypted event of the room, as it is stored and decrypted.
    async fn event(&self, id: &str) -> anyhow::Result<Option<(Value, TimelineEvent)>> {
        let Ok(id) = EventId::parse(id) else { return Ok(None) };
        let request = get_room_event::v3::Request::new(self.room.room_id().to_owned(), id);
        let answer = self.client.send(request).await.context("a message cannot be fetched")?;
        let Ok(raw) = answer.event.deserialize_as_unchecked::<Value>() else { return Ok(None) };
        if raw.get("type").and_then(Value::as_str) != Some("m.room.encrypted")
            || raw.get("state_key").is_some()
        {
            return Ok(None);
        }
        let encrypted = answer.event.cast_ref_unchecked();
        let Ok(event) = self.room.decrypt_event(encrypted, None).await else { return Ok(None) };
        Ok(Some((raw, event)))
    }

    /// The case of the message that is answered, or in whose thread it stands: what docket itself wrote into that.
    async fn about(&self, text: &Text) -> anyhow::Result<Option<CaseId>> {
        let Some(id) = text.answers.as_ref().or(text.thread.as_ref()) else { return Ok(None) };
        let own = self.client.user_id().context("docket is not logged in")?.to_owned();
        let Some((_, event)) = self.event(id).await? else { return Ok(None) };
        let TimelineEventKind::Decrypted(decrypted) = &event.kind else { return Ok(None) };
        if decrypted.encryption_info.sender != own || event.sender().as_ref() != Some(&own) {
            return Ok(None);
        }
        let content = event.raw().get_field::<Value>("content").ok().flatten();
        Ok(content.as_ref().and_then(case_of))
    }
}

/// Whether trying again cannot help: the session is gone.
fn is_over(fault: &matrix_sdk::Error) -> bool {
    let matrix_sdk::Error::Http(http) = fault else { return false };
    http.as_client_api_error().is_some_and(|error| error.status_code.as_u16() == 401)
}
