//! What comes in: every message of the room once and in order, whatever the connection does.
//!
//! The library keeps its own place in the stream and moves it before anybody has looked at what came, so docket keeps one of its own:
//! the token up to which everything is handled and answered. What lies between that and now is paged for at the start, after a
//! gap and after a fault; what was handled before is known to the desk by its id.

use std::sync::Arc;
use std::time::{Duration, Instant};

use anyhow::Context;
use matrix_sdk::config::SyncSettings;
use matrix_sdk::deserialized_responses::{TimelineEvent, TimelineEventKind};
use matrix_sdk::room::MessagesOptions;
use matrix_sdk::ruma::api::client::room::get_room_event;
use matrix_sdk::ruma::{EventId, UInt};
use matrix_sdk::{Client, Room, RoomState};
use serde_json::Value;
use tokio::sync::mpsc::UnboundedSender;

use super::alone::Alone;
use super::content::case_of;
use super::desk::DeskHandle;
use super::fault::{HomeserverFault, Plain, status};
use super::hearing::{Heard, Text, heard, place_of};
use super::outbound::{NothingSent, Out, put};
use super::people::{self, Look, Recognised, Signed};
use super::posted::{Fetcher, Posted, posted};
use crate::case::{Account, CaseId, Flaw};
use crate::desk::{Input, Message, Outcome, Post, Proof, Shown, Stopped};

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
    /// The rooms of one person each.
    pub alone: Arc<Alone>,
    /// What makes of a file what the desk asks for.
    pub fetcher: Fetcher,
    /// Where answers go.
    pub out: UnboundedSender<Out>,
    /// Up to where everything is handled.
    pub cursor: String,
}

/// A room in which docket listens.
#[derive(Clone)]
struct Ear {
    room: Room,
    /// Whose room it is, if it is that of one person alone: nobody else is heard there.
    only: Option<Account>,
}

/// What the message says that another one answers.
#[derive(Default)]
struct Answered {
    /// The case that docket itself named in it.
    about: Option<CaseId>,
    /// The file that it is.
    posted: Option<Posted>,
}

/// Messages of people who are listed that cannot be judged yet: the key has not come, or nobody knows their device. While there are any
/// the cursor stays where it is, so that a start looks for them again.
#[derive(Default)]
struct Late {
    waiting: Vec<Waiting>,
    listed: Recognised,
}

struct Waiting {
    ear: Ear,
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
        let mut how = Look::Ask;
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
        let now = came.next_batch.clone();
        let mut heard: Vec<(Ear, Vec<TimelineEvent>)> = Vec::new();
        for ear in self.ears() {
            let timeline = came.rooms.joined.get(ear.room.room_id()).map(|room| &room.timeline);
            let is_gap = is_gap || timeline.is_some_and(|timeline| timeline.limited);
            let events = match (is_gap, timeline) {
                (true, _) => self.missed(&ear.room, &now).await?,
                (false, Some(timeline)) => timeline.events.clone(),
                (false, None) => Vec::new(),
            };
            if ear.only.is_some() && !events.is_empty() {
                self.out.send(Out::Again).ok().ok_or(NothingSent)?;
            }
            heard.push((ear, events));
        }
        let (listed, posts) = people::look(&self.client, &self.room, &self.desk, how).await?;
        put(&self.out, posts, None)?;
        late.listed = listed;
        self.look_again(late).await?;
        for (ear, events) in &heard {
            for event in events {
                self.handle(ear, event, late).await?;
            }
        }
        if !late.waiting.is_empty() {
            return Ok(());
        }
        if self.cursor != now {
            self.out.send(Out::Read(now.clone())).ok().ok_or(NothingSent)?;
        }
        self.cursor = now;
        Ok(())
    }

    /// Where docket listens: in the moderation room, and in those of one person each.
    fn ears(&self) -> Vec<Ear> {
        let rooms = self.alone.rooms().into_iter();
        let theirs = rooms.filter_map(|(id, account)| {
            let room = self.client.get_room(&id).filter(|room| room.state() == RoomState::Joined)?;
            Some(Ear { room, only: Some(account) })
        });
        std::iter::once(Ear { room: self.room.clone(), only: None }).chain(theirs).collect()
    }

    /// Tries those again that could not be judged.
    async fn look_again(&self, late: &mut Late) -> anyhow::Result<()> {
        for waiting in std::mem::take(&mut late.waiting) {
            let event = event(&waiting.ear.room, &waiting.id).await?.map(|(_, event)| event);
            let heard = event.map_or_else(
                || Heard::Late { sender: waiting.sender.clone() },
                |event| heard(&event, &self.own()),
            );
            if wait_for(&heard).is_none() {
                self.heard(&waiting.ear, &waiting.id, heard, late).await?;
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
    async fn missed(&self, room: &Room, now: &str) -> anyhow::Result<Vec<TimelineEvent>> {
        let mut missed = Vec::new();
        let mut from = now.to_owned();
        loop {
            let mut options = MessagesOptions::backward();
            options.from = Some(from.clone());
            options.to = Some(self.cursor.clone());
            options.limit = UInt::from(PAGE);
            let page = room.messages(options).await.plain()?;
            missed.extend(page.chunk);
            // A page may be empty though more lies behind it.
            match page.end {
                Some(end) if end != from => from = end,
                Some(_) | None => break,
            }
        }
        missed.reverse();
        Ok(missed)
    }

    async fn handle(&self, ear: &Ear, event: &TimelineEvent, late: &mut Late) -> anyhow::Result<()> {
        let Some(id) = event.event_id() else { return Ok(()) };
        self.heard(ear, id.as_str(), heard(event, &self.own()), late).await
    }

    async fn heard(&self, ear: &Ear, id: &str, heard: Heard, late: &mut Late) -> anyhow::Result<()> {
        if ear.only.is_some() && ear.only.as_ref() != sender(&heard) {
            return Ok(());
        }
        if let Some((sender, unless, grace)) = wait_for(&heard)
            && late.listed.contains_key(&sender)
            && late.waiting.len() < MOST_WAITING
        {
            if late.waiting.iter().all(|waiting| waiting.id != id) {
                tracing::info!(event = id, "a message cannot be judged yet");
                let (ear, id) = (ear.clone(), id.to_owned());
                late.waiting.push(Waiting { ear, id, sender, since: now(), unless, grace });
            }
            return Ok(());
        }
        match heard {
            Heard::Nothing => Ok(()),
            Heard::Text(text) => self.text(ear, id, *text).await,
            Heard::Unproven { sender, flaw } => self.unproven(id, sender, flaw).await,
            Heard::Late { sender } => self.unproven(id, sender, Flaw::NoKey).await,
        }
    }

    async fn unproven(&self, id: &str, sender: Account, flaw: Flaw) -> anyhow::Result<()> {
        match self.desk.ask(Input::Unproven { id: id.to_owned(), sender, flaw }).await? {
            Outcome::Posts(posts) => Ok(put(&self.out, posts, None)?),
            _ => Ok(()),
        }
    }

    async fn text(&self, ear: &Ear, id: &str, text: Text) -> anyhow::Result<()> {
        let Some(signed) = self.signed(&text).await? else {
            return self.unproven(id, text.sender, Flaw::UnknownDevice).await;
        };
        // It is a convenience: whoever names the case needs none.
        let answered = match self.answered(&ear.room, &text).await {
            Err(fault) if status(&fault) == Some(401) => return Err(fault),
            answered => answered.unwrap_or_default(),
        };
        let message = Message {
            id: id.to_owned(),
            sender: text.sender.clone(),
            text: text.text.clone(),
            edit: text.edit,
            about: answered.about,
            file: answered.posted.map(|posted| posted.file),
            proof: Proof::Identity(Shown { key: signed.key, device: signed.device, place: None }),
        };
        let outcome = match self.desk.ask(Input::Message(message.clone())).await? {
            Outcome::Fetch => match self.fetched(&ear.room, id, message).await? {
                Some((fetched, posted)) => self.ask(fetched, posted.as_ref()).await?,
                None => return self.unproven(id, text.sender, Flaw::Broken).await,
            },
            outcome => outcome,
        };
        match outcome {
            Outcome::Posts(posts) => Ok(self.answer(ear, id, posts, text.thread.as_deref())?),
            _ => Ok(()),
        }
    }

    /// Puts what a message brought into the queue: the answer where it was asked, all else where it always goes.
    fn answer(&self, ear: &Ear, id: &str, posts: Vec<Post>, thread: Option<&str>) -> Result<(), NothingSent> {
        let Some(reader) = &ear.only else { return put(&self.out, posts, thread) };
        for post in posts {
            if post.reply_to.as_deref() != Some(id) {
                put(&self.out, vec![post], None)?;
                continue;
            }
            let post = Box::new(Post { only: Some(reader.clone()), ..post });
            let (thread, room) = (thread.map(str::to_owned), ear.room.room_id().to_owned());
            self.out.send(Out::Alone { post, thread, room }).ok().ok_or(NothingSent)?;
        }
        Ok(())
    }

    /// Hands a message in, and makes of the file that it answers what the desk asks for.
    async fn ask(&self, message: Message, posted: Option<&Posted>) -> anyhow::Result<Outcome> {
        let outcome = self.desk.ask(Input::Message(message.clone())).await?;
        let got = match (&outcome, posted) {
            (Outcome::Keep(case), Some(posted)) => self.fetcher.keep(posted, *case).await?,
            (Outcome::ReadFile, Some(posted)) => self.fetcher.read(posted).await?,
            _ => return Ok(outcome),
        };
        let file = message.file.clone().map(|file| file.with(got));
        Ok(self.desk.ask(Input::Message(Message { file, ..message })).await?)
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
    async fn fetched(
        &self,
        room: &Room,
        id: &str,
        message: Message,
    ) -> anyhow::Result<Option<(Message, Option<Posted>)>> {
        let Some((raw, event)) = event(room, id).await? else { return Ok(None) };
        let (Heard::Text(text), Some(place)) = (heard(&event, &self.own()), place_of(&raw)) else {
            return Ok(None);
        };
        if text.sender != message.sender || text.session != place.0 {
            return Ok(None);
        }
        let Some(signed) = self.signed(&text).await? else { return Ok(None) };
        let Answered { about, posted } = self.answered(room, &text).await?;
        let proof = Proof::Identity(Shown { key: signed.key, device: signed.device, place: Some(place) });
        let file = posted.as_ref().map(|posted| posted.file.clone());
        Ok(Some((Message { text: text.text, edit: text.edit, about, file, proof, ..message }, posted)))
    }

    /// What the message that is answered tells, or that in whose thread it stands.
    async fn answered(&self, room: &Room, text: &Text) -> anyhow::Result<Answered> {
        let Some(id) = text.answers.as_ref().or(text.thread.as_ref()) else { return Ok(Answered::default()) };
        let own = self.client.user_id().context("docket is not logged in")?.to_owned();
        let Some((_, event)) = event(room, id).await? else { return Ok(Answered::default()) };
        let posted = posted(&event, own.as_str());
        let mut answered = Answered { about: None, posted };
        let TimelineEventKind::Decrypted(decrypted) = &event.kind else { return Ok(answered) };
        if decrypted.encryption_info.sender == own && event.sender().as_ref() == Some(&own) {
            let content = event.raw().get_field::<Value>("content").ok().flatten();
            answered.about = content.as_ref().and_then(case_of);
        }
        Ok(answered)
    }
}

/// An encrypted event of a room, as it is stored and decrypted.
async fn event(room: &Room, id: &str) -> anyhow::Result<Option<(Value, TimelineEvent)>> {
    let Ok(id) = EventId::parse(id) else { return Ok(None) };
    let request = get_room_event::v3::Request::new(room.room_id().to_owned(), id);
    let answer = match room.client().send(request).await.plain() {
        Ok(answer) => answer,
        // There is no such message, or none that docket may see: trying again brings none.
        Err(HomeserverFault { status: Some(400 | 403 | 404), .. }) => return Ok(None),
        Err(fault) => return Err(fault.into()),
    };
    let Ok(raw) = answer.event.deserialize_as_unchecked::<Value>() else { return Ok(None) };
    if raw.get("type").and_then(Value::as_str) != Some("m.room.encrypted") || raw.get("state_key").is_some() {
        return Ok(None);
    }
    let encrypted = answer.event.cast_ref_unchecked();
    let Ok(event) = room.decrypt_event(encrypted, None).await else { return Ok(None) };
    Ok(Some((raw, event)))
}

/// Who is said to have sent what was heard.
fn sender(heard: &Heard) -> Option<&Account> {
    match heard {
        Heard::Nothing => None,
        Heard::Text(text) => Some(&text.sender),
        Heard::Unproven { sender, .. } | Heard::Late { sender } => Some(sender),
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
