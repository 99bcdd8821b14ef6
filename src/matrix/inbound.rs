//! What comes in: every message of the room once and in order, whatever the connection does.
//!
//! The library keeps its own place in the stream and moves it before anybody has looked at what came, so docket keeps one of its own:
//! the token up to which everything is handled and answered. What lies between that and now is paged for at the start, after a
//! gap and after a fault; what was handled before is known to the desk by its id.

use std::time::{Duration, Instant};

use anyhow::Context;
use matrix_sdk::config::SyncSettings;
use matrix_sdk::deserialized_responses::{TimelineEvent, TimelineEventKind};
use matrix_sdk::room::MessagesOptions;
use matrix_sdk::ruma::api::client::room::get_room_event;
use matrix_sdk::ruma::{EventId, UInt};
use matrix_sdk::{Client, HttpError, Room};
use serde_json::Value;
use tokio::sync::mpsc::UnboundedSender;

use super::content::case_of;
use super::desk::DeskHandle;
use super::hearing::{Heard, Text, heard, place_of};
use super::outbound::{NothingSent, Out, put};
use super::people::{self, Look};
use crate::case::{Account, CaseId, Flaw, MasterKey};
use crate::desk::{Input, Message, Outcome, Proof, Shown, Stopped};

/// How long the homeserver may keep a request open on which nothing comes.
const POLL: Duration = Duration::from_secs(30);
/// How long to wait after a fault, at first and at most.
const FIRST_WAIT: Duration = Duration::from_millis(500);
const LONGEST_WAIT: Duration = Duration::from_secs(30);
/// How many events are asked for at once.
const PAGE: u32 = 100;

/// How long a key may take. After that its sender is asked to send the message again.
const GRACE: Duration = Duration::from_secs(120);
/// How often is looked for a key that has not come.
const LOOK_AGAIN: Duration = Duration::from_secs(2);

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

/// Messages whose keys have not come. While there are any the cursor stays where it is, so that a start looks for them again.
#[derive(Default)]
struct Late(Vec<(String, Account, Instant)>);

impl Inbound {
    /// Listens until the task is ended. Only what cannot be mended by trying again ends it.
    pub async fn run(mut self) -> anyhow::Result<()> {
        // What came while nobody listened lies behind the library's place, not before it.
        let mut is_gap = true;
        let mut wait = FIRST_WAIT;
        let mut late = Late::default();
        let mut how = Look::Ask;
        loop {
            let poll = match (is_gap, late.0.is_empty()) {
                (true, _) => Duration::ZERO,
                (false, true) => POLL,
                (false, false) => LOOK_AGAIN,
            };
            match self.round(poll, is_gap, how, &mut late).await {
                Ok(()) => (is_gap, wait, how) = (false, FIRST_WAIT, Look::Known),
                Err(fault) if status(&fault) == Some(401) => {
                    return Err(fault.context(
                        "the homeserver does not know docket's session any more: move data_dir/matrix away and run docket setup",
                    ));
                }
                Err(fault) if is_over(&fault) => return Err(fault),
                Err(fault) => {
                    // The library's place may have moved. Ours has not: all of it is read again, and what was handled is known.
                    is_gap = true;
                    tracing::warn!("the homeserver was not heard ({}); trying again", in_short(&fault));
                    tokio::time::sleep(wait).await;
                    wait = (wait * 2).min(LONGEST_WAIT);
                }
            }
        }
    }

    /// Hears the homeserver once, and handles what came.
    async fn round(
        &mut self,
        poll: Duration,
        is_gap: bool,
        how: Look,
        late: &mut Late,
    ) -> anyhow::Result<()> {
        let came = self.client.sync_once(SyncSettings::default().timeout(poll)).await?;
        let now = came.next_batch.clone();
        let timeline = came.rooms.joined.get(self.room.room_id()).map(|room| &room.timeline);
        let is_gap = is_gap || timeline.is_some_and(|timeline| timeline.limited);
        let events = match (is_gap, timeline) {
            (true, _) => self.missed(&now).await?,
            (false, Some(timeline)) => timeline.events.clone(),
            (false, None) => Vec::new(),
        };
        put(&self.out, people::look(&self.client, &self.desk, how).await?, None)?;
        self.look_again(late).await?;
        for event in &events {
            self.handle(event, late).await?;
        }
        if !late.0.is_empty() {
            return Ok(());
        }
        if self.cursor.as_ref() != Some(&now) {
            self.out.send(Out::Read(now.clone())).ok().ok_or(NothingSent)?;
        }
        self.cursor = Some(now);
        Ok(())
    }

    /// Tries those again whose keys had not come.
    async fn look_again(&self, late: &mut Late) -> anyhow::Result<()> {
        for (id, sender, since) in std::mem::take(&mut late.0) {
            let event = self.event(&id).await?.map(|(_, event)| event);
            let heard = event.map_or(Heard::Nothing, |event| heard(&event, self.own().as_str()));
            match heard {
                Heard::Late { .. } if since.elapsed() < GRACE => late.0.push((id, sender, since)),
                Heard::Late { .. } => self.unproven(&id, sender, Flaw::NoKey).await?,
                heard => self.heard(&id, heard, late).await?,
            }
        }
        Ok(())
    }

    fn own(&self) -> String {
        self.client.user_id().map(ToString::to_string).unwrap_or_default()
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

    async fn handle(&self, event: &TimelineEvent, late: &mut Late) -> anyhow::Result<()> {
        let Some(id) = event.event_id() else { return Ok(()) };
        self.heard(id.as_str(), heard(event, &self.own()), late).await
    }

    async fn heard(&self, id: &str, heard: Heard, late: &mut Late) -> anyhow::Result<()> {
        match heard {
            Heard::Nothing => Ok(()),
            Heard::Text(text) => self.text(id, *text).await,
            Heard::Unproven { sender, flaw } => self.unproven(id, sender, flaw).await,
            Heard::Late { sender } => {
                if late.0.iter().all(|(known, ..)| known != id) {
                    tracing::info!(event = id, "the key of a message has not come yet");
                    late.0.push((id.to_owned(), sender, now()));
                }
                Ok(())
            }
        }
    }

    async fn unproven(&self, id: &str, sender: Account, flaw: Flaw) -> anyhow::Result<()> {
        match self.desk.ask(Input::Unproven { id: id.to_owned(), sender, flaw }).await? {
            Outcome::Posts(posts) => Ok(put(&self.out, posts, None)?),
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
            Outcome::Posts(posts) => Ok(put(&self.out, posts, text.thread.as_deref())?),
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
        let (Heard::Text(text), Some(place)) = (heard(&event, &self.own()), place_of(&raw)) else {
            return Ok(None);
        };
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
        let answer = match self.client.send(request).await {
            Ok(answer) => answer,
            // There is no such message, or none that docket may see: trying again brings none.
            Err(fault) if matches!(status_of(&fault), Some(403 | 404)) => return Ok(None),
            Err(fault) => return Err(fault.into()),
        };
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

/// Whether trying again cannot help: nobody is left to hand anything to.
fn is_over(fault: &anyhow::Error) -> bool {
    fault.chain().any(|cause| cause.is::<Stopped>() || cause.is::<NothingSent>())
}

/// What the homeserver answered, as far as that says nothing of anybody.
fn in_short(fault: &anyhow::Error) -> String {
    status(fault).map_or_else(|| "no answer".to_owned(), |status| format!("status {status}"))
}

fn status(fault: &anyhow::Error) -> Option<u16> {
    fault.chain().find_map(|cause| match cause.downcast_ref::<matrix_sdk::Error>() {
        Some(matrix_sdk::Error::Http(http)) => status_of(http),
        Some(_) => None,
        None => cause.downcast_ref::<HttpError>().and_then(status_of),
    })
}

fn status_of(fault: &HttpError) -> Option<u16> {
    fault.as_client_api_error().map(|error| error.status_code.as_u16())
}

#[expect(
    clippy::disallowed_methods,
    reason = "how long a key takes is the machine's own time, not the desk's"
)]
fn now() -> Instant {
    Instant::now()
}
