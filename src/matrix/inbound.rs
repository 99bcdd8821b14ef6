//! What comes in: every message of the room once and in order, whatever the connection does.
//!
//! The library keeps its own place in the stream and moves it before anybody has looked at what came, so docket keeps one of its own:
//! the token up to which everything is handled and answered. What lies between that and now is paged for at the start, after a
//! gap and after a fault; what was handled before is known to the desk by its id.

use std::time::{Duration, Instant};

use anyhow::Context;
use matrix_sdk::config::SyncSettings;
use matrix_sdk::deserialized_responses::{TimelineEvent, TimelineEventKind};
use matrix_sdk::ruma::EventId;
use matrix_sdk::ruma::api::client::room::get_room_event;
use matrix_sdk::{Client, Room};
use serde_json::Value;
use tokio::sync::mpsc::UnboundedSender;

use super::content::case_of;
use super::cursor::Cursor;
use super::desk::DeskHandle;
use super::fault::{HomeserverFault, Plain, status};
use super::hearing::{Heard, Text, heard, place_of};
use super::late::Late;
use super::missed::{self, Missed};
use super::outbound::{NothingSent, Out, put};
use super::people::{self, Look, Signed};
use crate::case::{Account, CaseId, Flaw};
use crate::desk::{Input, Message, Outcome, Proof, Reading, Shown, Stopped};
use crate::ops::SystemClock;
use crate::ports::Clock;

/// How long the homeserver may keep a request open on which nothing comes.
const POLL: Duration = Duration::from_secs(30);
/// How long to wait after a fault, at first and at most.
const FIRST_WAIT: Duration = Duration::from_millis(500);
const LONGEST_WAIT: Duration = Duration::from_secs(30);
/// How soon is looked again for what cannot be told yet.
const LOOK_AGAIN: Duration = Duration::from_secs(2);
/// How long docket may hear nothing before it says with what it has caught up: nobody has noticed less.
const UNNOTICED: Duration = Duration::from_secs(60);

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
    pub cursor: Cursor,
    /// The last message that was handled.
    pub(super) last: Option<String>,
    /// How often the homeserver has refused to give out what comes behind the cursor.
    pub(super) refused: u32,
    /// What could not be read.
    pub(super) late: Late,
}

/// Why and since when docket does not know what was written.
#[derive(Default)]
struct Heeding {
    /// When the homeserver was heard last.
    heard: Option<Instant>,
    /// Whether the room is to hear with what docket has caught up.
    catching_up: bool,
}

impl Heeding {
    /// Whether so much time has passed that people wonder.
    fn is_noticed(&self) -> bool {
        self.heard.is_none_or(|heard| heard.elapsed() > UNNOTICED)
    }
}

impl Inbound {
    /// Listens to a room from where docket was before.
    pub fn new(
        client: Client,
        room: Room,
        desk: DeskHandle,
        out: UnboundedSender<Out>,
        cursor: Cursor,
    ) -> Inbound {
        let last = cursor.last.clone();
        Inbound { client, room, desk, out, cursor, last, refused: 0, late: Late::default() }
    }

    /// Listens until the task is ended. Only what cannot be mended by trying again ends it.
    pub async fn run(mut self) -> anyhow::Result<()> {
        // What came while nobody listened lies behind the library's place, not before it.
        let mut is_gap = true;
        let mut wait = FIRST_WAIT;
        let mut heeding = Heeding::default();
        let mut how = Look::Ask;
        loop {
            let poll = match (is_gap, self.late.is_pressing()) {
                (true, _) => Duration::ZERO,
                (false, false) => POLL,
                (false, true) => LOOK_AGAIN,
            };
            match self.round(poll, is_gap, how, &mut heeding).await {
                Ok(()) => (is_gap, wait, how) = (false, FIRST_WAIT, Look::Known),
                Err(fault) if status(&fault) == Some(401) => {
                    return Err(fault.context(
                        "the homeserver does not know docket's session any more: move session and store out of data_dir/matrix, and run docket \
                         setup with the recovery key in its file",
                    ));
                }
                Err(fault) if is_over(&fault) => return Err(fault),
                Err(fault) => {
                    // The library's place may have moved. Ours has not: all of it is read again, and what was handled is known.
                    is_gap = true;
                    self.late.keys_came();
                    tracing::warn!("the homeserver was not heard: {fault}; trying again");
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
        heeding: &mut Heeding,
    ) -> anyhow::Result<()> {
        let came = self.client.sync_once(SyncSettings::default().timeout(poll)).await.plain()?;
        let now = came.next_batch.clone();
        if !came.to_device.is_empty() {
            self.late.keys_came();
        }
        let timeline = came.rooms.joined.get(self.room.room_id()).map(|room| &room.timeline);
        let is_gap = is_gap || timeline.is_some_and(|timeline| timeline.limited);
        let missed = match (is_gap, timeline) {
            (true, _) => self.missed(&now).await?,
            (false, Some(timeline)) => Missed { events: timeline.events.clone(), lost: None },
            (false, None) => Missed { events: Vec::new(), lost: None },
        };
        if is_gap && heeding.is_noticed() && !heeding.catching_up {
            heeding.catching_up = true;
            self.tell(Input::Reading(Reading::CatchUp)).await?;
        }
        let (_, posts) = people::look(&self.client, &self.room, &self.desk, how).await?;
        put(&self.out, posts, None)?;
        if let Some((from, until)) = missed.lost {
            self.tell(Input::Reading(Reading::Lost { from, until })).await?;
        }
        self.look_again().await?;
        for event in &missed.events {
            self.handle(event).await?;
        }
        if heeding.catching_up {
            self.tell(Input::Reading(Reading::CaughtUp)).await?;
            heeding.catching_up = false;
        }
        heeding.heard = Some(self::now());
        if missed.lost.is_some() && self.last == self.cursor.last {
            // That it is gone was said.
            self.last = None;
        }
        if self.cursor.token != now || self.cursor.last != self.last {
            self.cursor = Cursor { token: now, last: self.last.clone(), at: Some(SystemClock.now()) };
            self.out.send(Out::Read(self.cursor.clone())).ok().ok_or(NothingSent)?;
        }
        Ok(())
    }

    pub(super) fn own(&self) -> String {
        self.client.user_id().map(ToString::to_string).unwrap_or_default()
    }

    async fn handle(&mut self, event: &TimelineEvent) -> anyhow::Result<()> {
        let Some(id) = event.event_id() else { return Ok(()) };
        if missed::is_message(event) {
            self.last = Some(id.to_string());
        }
        if self.late.is_done(id.as_str()) {
            return Ok(());
        }
        match heard(event, &self.own()) {
            Heard::Nothing => Ok(()),
            Heard::Text(text) => self.text(id.as_str(), *text).await.map(drop),
            Heard::Unproven { sender, flaw } => self.unproven(id.as_str(), sender, flaw).await,
            Heard::Late { sender } => self.unproven(id.as_str(), sender, Flaw::NoKey).await,
        }
    }

    pub(super) async fn unproven(&mut self, id: &str, sender: Account, flaw: Flaw) -> anyhow::Result<()> {
        self.late.more();
        self.tell(Input::Unproven { id: id.to_owned(), sender, flaw }).await
    }

    /// Tells the desk something, and the room what it says of that.
    async fn tell(&self, input: Input) -> anyhow::Result<()> {
        match self.desk.ask(input).await? {
            Outcome::Posts(posts) => Ok(put(&self.out, posts, None)?),
            _ => Ok(()),
        }
    }

    /// Hands a text in; whether it is settled by that, and not one that does not count.
    pub(super) async fn text(&mut self, id: &str, text: Text) -> anyhow::Result<bool> {
        let Some(signed) = self.signed(&text).await? else {
            self.unproven(id, text.sender, Flaw::UnknownDevice).await?;
            return Ok(false);
        };
        let about = self.about(&text).await?;
        let message = Message {
            id: id.to_owned(),
            sender: text.sender.clone(),
            text: text.text.clone(),
            edit: text.edit,
            about,
            file: None,
            proof: Proof::Identity(Shown { key: signed.key, device: signed.device, place: None }),
        };
        let outcome = match self.desk.ask(Input::Message(message.clone())).await? {
            Outcome::Fetch => match self.fetched(id, message).await? {
                Some(fetched) => self.desk.ask(Input::Message(fetched)).await?,
                None => {
                    self.unproven(id, text.sender, Flaw::Broken).await?;
                    return Ok(false);
                }
            },
            outcome => outcome,
        };
        if let Outcome::Posts(posts) = outcome {
            put(&self.out, posts, text.thread.as_deref())?;
        }
        Ok(true)
    }

    /// Who sent a text. Of somebody who came a moment ago the homeserver is asked once more.
    async fn signed(&self, text: &Text) -> anyhow::Result<Option<Signed>> {
        let signs = || people::signs(&self.client, &text.sender, &text.device, &text.curve);
        let known = signs().await?;
        if known.is_some() {
            return Ok(known);
        }
        let (_, posts) = people::look(&self.client, &self.room, &self.desk, Look::Ask).await?;
        put(&self.out, posts, None)?;
        signs().await
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
        let Some(signed) = self.signed(&text).await? else { return Ok(None) };
        let about = self.about(&text).await?;
        let proof = Proof::Identity(Shown { key: signed.key, device: signed.device, place: Some(place) });
        Ok(Some(Message { text: text.text, edit: text.edit, about, proof, ..message }))
    }

    /// An encrypted event of the room, as it is stored and decrypted.
    pub(super) async fn event(&self, id: &str) -> anyhow::Result<Option<(Value, TimelineEvent)>> {
        let Ok(id) = EventId::parse(id) else { return Ok(None) };
        let request = get_room_event::v3::Request::new(self.room.room_id().to_owned(), id);
        let answer = match self.client.send(request).await.plain() {
            Ok(answer) => answer,
            // There is no such message, or none that docket may see: trying again brings none.
            Err(HomeserverFault { status: Some(400 | 403 | 404), .. }) => return Ok(None),
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
        // It is a convenience: whoever names the case needs none.
        let event = match self.event(id).await {
            Err(fault) if status(&fault) == Some(401) => return Err(fault),
            event => event.ok().flatten(),
        };
        let Some((_, event)) = event else { return Ok(None) };
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

#[expect(
    clippy::disallowed_methods,
    reason = "how long nobody was heard is the machine's own time, not the desk's"
)]
fn now() -> Instant {
    Instant::now()
}
