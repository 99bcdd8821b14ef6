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
use matrix_sdk::{Client, Room};
use serde_json::Value;
use tokio::sync::mpsc::UnboundedSender;

use super::content::case_of;
use super::desk::DeskHandle;
use super::fault::{HomeserverFault, Plain, status};
use super::hearing::{Heard, Text, heard, place_of};
use super::outbound::{NothingSent, Out, put};
use super::people::{self, Look, Recognised, Signed};
use crate::case::{Account, CaseId, Flaw};
use crate::desk::{Input, Message, Outcome, Proof, Shown, Stopped};
use crate::ops::failpoint::{Point, reach};

/// How long the homeserver may keep a request open on which nothing comes.
const POLL: Duration = Duration::from_secs(30);
/// How long to wait after a fault, at first and at most.
const FIRST_WAIT: Duration = Duration::from_millis(500);
const LONGEST_WAIT: Duration = Duration::from_secs(30);
/// How many events are asked for at once.
const PAGE: u32 = 100;

/// How long a key may take. After that its sender is asked to send the message again.
const GRACE: Duration = Duration::from_secs(120);
/// How long it may take until the homeserver has told of a device that somebody writes from.
const DEVICE_GRACE: Duration = Duration::from_secs(6);
/// How many messages may wait; of more the sender hears at once.
const MOST_WAITING: usize = 20;
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
    pub cursor: String,
}

/// Messages of people who are listed that cannot be judged yet: the key has not come, or nobody knows their device. While there are any
/// the cursor stays where it is, so that a start looks for them again.
#[derive(Default)]
struct Late {
    waiting: Vec<Waiting>,
    listed: Recognised,
}

struct Waiting {
    id: String,
    sender: Account,
    since: Instant,
    /// What is said of it if nothing comes, and when.
    unless: Flaw,
    grace: Duration,
}

impl Inbound {
    /// Listens until the task is ended. Only what cannot be mended by trying again ends it.
    pub async fn run(mut self) -> anyhow::Result<()> {
        // What came while nobody listened lies behind the library's place, not before it.
        let mut is_gap = true;
        let mut wait = FIRST_WAIT;
        let mut late = Late::default();
        let mut how = Look::Known;
        loop {
            let poll = match (is_gap, late.waiting.is_empty()) {
                (true, _) => Duration::ZERO,
                (false, true) => POLL,
                (false, false) => LOOK_AGAIN,
            };
            match self.round(poll, is_gap, how, &mut late).await {
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
        late: &mut Late,
    ) -> anyhow::Result<()> {
        let came = self.client.sync_once(SyncSettings::default().timeout(poll)).await.plain()?;
        reach(Point::Heard);
        let now = came.next_batch.clone();
        let timeline = came.rooms.joined.get(self.room.room_id()).map(|room| &room.timeline);
        let is_gap = is_gap || timeline.is_some_and(|timeline| timeline.limited);
        let events = match (is_gap, timeline) {
            (true, _) => self.missed(&now).await?,
            (false, Some(timeline)) => timeline.events.clone(),
            (false, None) => Vec::new(),
        };
        let (listed, posts) = people::look(&self.client, &self.room, &self.desk, how).await?;
        put(&self.out, posts, None)?;
        late.listed = listed;
        reach(Point::PeopleSeen);
        self.look_again(late).await?;
        for event in &events {
            self.handle(event, late).await?;
        }
        reach(Point::RoundHandled);
        if !late.waiting.is_empty() {
            return Ok(());
        }
        if self.cursor != now {
            self.out.send(Out::Read(now.clone())).ok().ok_or(NothingSent)?;
            reach(Point::PlaceQueued);
        }
        self.cursor = now;
        Ok(())
    }

    /// Tries those again that could not be judged.
    async fn look_again(&self, late: &mut Late) -> anyhow::Result<()> {
        for waiting in std::mem::take(&mut late.waiting) {
            reach(Point::WaitingAgain);
            let event = self.event(&waiting.id).await?.map(|(_, event)| event);
            let heard = event.map_or_else(
                || Heard::Late { sender: waiting.sender.clone() },
                |event| heard(&event, &self.own()),
            );
            if wait_for(&heard).is_none() {
                self.heard(&waiting.id, heard, late).await?;
            } else if waiting.since.elapsed() < waiting.grace {
                late.waiting.push(waiting);
            } else {
                self.unproven(&waiting.id, waiting.sender, waiting.unless).await?;
            }
        }
        Ok(())
    }

    fn own(&self) -> String {
        self.client.user_id().map(ToString::to_string).unwrap_or_default()
    }

    /// Everything between the cursor and now, oldest first.
    async fn missed(&self, now: &str) -> anyhow::Result<Vec<TimelineEvent>> {
        let mut missed = Vec::new();
        let mut from = now.to_owned();
        reach(Point::Paging);
        loop {
            let mut options = MessagesOptions::backward();
            options.from = Some(from.clone());
            options.to = Some(self.cursor.clone());
            options.limit = UInt::from(PAGE);
            let page = self.room.messages(options).await.plain()?;
            missed.extend(page.chunk);
            reach(Point::PageRead);
            // A page may be empty though more lies behind it.
            match page.end {
                Some(end) if end != from => from = end,
                Some(_) | None => break,
            }
        }
        missed.reverse();
        reach(Point::Paged);
        Ok(missed)
    }

    async fn handle(&self, event: &TimelineEvent, late: &mut Late) -> anyhow::Result<()> {
        let Some(id) = event.event_id() else { return Ok(()) };
        self.heard(id.as_str(), heard(event, &self.own()), late).await
    }

    async fn heard(&self, id: &str, heard: Heard, late: &mut Late) -> anyhow::Result<()> {
        if let Some((sender, unless, grace)) = wait_for(&heard)
            && late.listed.contains_key(&sender)
            && late.waiting.len() < MOST_WAITING
        {
            if late.waiting.iter().all(|waiting| waiting.id != id) {
                tracing::info!(event = id, "a message cannot be judged yet");
                late.waiting.push(Waiting { id: id.to_owned(), sender, since: now(), unless, grace });
                reach(Point::Waiting);
            }
            return Ok(());
        }
        match heard {
            Heard::Nothing => Ok(()),
            Heard::Text(text) => self.text(id, *text).await,
            Heard::Unproven { sender, flaw } => self.unproven(id, sender, flaw).await,
            Heard::Late { sender } => self.unproven(id, sender, Flaw::NoKey).await,
        }
    }

    async fn unproven(&self, id: &str, sender: Account, flaw: Flaw) -> anyhow::Result<()> {
        reach(Point::Unproven);
        if let Outcome::Posts(posts) =
            self.desk.ask(Input::Unproven { id: id.to_owned(), sender, flaw }).await?
        {
            put(&self.out, posts, None)?;
            reach(Point::UnprovenQueued);
        }
        Ok(())
    }

    async fn text(&self, id: &str, text: Text) -> anyhow::Result<()> {
        let Some(signed) = self.signed(&text).await? else {
            return self.unproven(id, text.sender, Flaw::UnknownDevice).await;
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
        reach(Point::Judging);
        let outcome = match self.desk.ask(Input::Message(message.clone())).await? {
            Outcome::Fetch => {
                reach(Point::FetchAsked);
                match self.fetched(id, message).await? {
                    Some(fetched) => {
                        reach(Point::Fetched);
                        self.desk.ask(Input::Message(fetched)).await?
                    }
                    None => return self.unproven(id, text.sender, Flaw::Broken).await,
                }
            }
            outcome => outcome,
        };
        reach(Point::Decided);
        match outcome {
            Outcome::Posts(posts) => {
                put(&self.out, posts, text.thread.as_deref())?;
                reach(Point::AnswerQueued);
                Ok(())
            }
            Outcome::Keep(_) | Outcome::Fetch | Outcome::Seen => Ok(()),
            _ => Ok(()),
        }
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
    async fn event(&self, id: &str) -> anyhow::Result<Option<(Value, TimelineEvent)>> {
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

/// Whether what was heard may be judged otherwise in a moment: of whom, what is said if not, and how long that is waited for.
fn wait_for(heard: &Heard) -> Option<(Account, Flaw, Duration)> {
    match heard {
        Heard::Late { sender } => Some((sender.clone(), Flaw::NoKey, GRACE)),
        // Messages are decrypted before the homeserver is asked about a device that is new.
        Heard::Unproven { sender, flaw: flaw @ (Flaw::UnsignedDevice | Flaw::UnknownDevice) } => {
            Some((sender.clone(), *flaw, DEVICE_GRACE))
        }
        Heard::Unproven { .. } | Heard::Nothing | Heard::Text(_) => None,
    }
}

#[expect(
    clippy::disallowed_methods,
    reason = "how long a key takes is the machine's own time, not the desk's"
)]
fn now() -> Instant {
    Instant::now()
}
