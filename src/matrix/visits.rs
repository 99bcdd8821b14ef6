//! Users who ask docket for something by themselves: invitations, what they write in a room with docket alone, and the letters that were
//! let go to them. A task of its own with a place of its own in the stream, so that nothing they do holds the moderation room up.
//!
//! What is said to them is encrypted for the devices that they sign, and for nobody else. What they mean, only the desk knows.

use std::collections::{BTreeMap, BTreeSet, VecDeque};
use std::sync::Arc;
use std::time::{Duration, Instant};

use chrono::{DateTime, TimeDelta, Utc};
use matrix_sdk::deserialized_responses::TimelineEvent;
use matrix_sdk::ruma::{EventId, OwnedEventId, OwnedRoomId, UserId};
use matrix_sdk::{Client, Room, RoomState};
use serde::{Deserialize, Serialize};
use serde_json::Value;
use tokio::sync::mpsc::{UnboundedReceiver, UnboundedSender};

use super::desk::DeskHandle;
use super::fault::is_session_gone;
use super::handing_in;
use super::hearing::{Heard, heard, is_taken_back, place_of};
use super::inbound::now;
use super::keep::Keep;
use super::outbound::{Out, put};
use super::people;
use crate::case::{Account, CaseId, Flaw, MasterKey};
use crate::desk::{Input, Outcome, Post, PostKind, Said, Stopped, Visiting};
use crate::ops::failpoint::{Point, reach};
use crate::ops::{OsEntropy, SystemClock};
use crate::ports::Clock;

/// The name under which is kept who is where, and how far was read.
const VISITS: &str = "visits";
/// How often that is written down at most while nothing is to be said.
const WRITE: Duration = Duration::from_secs(10);
/// So many events are remembered as handled.
const REMEMBERED: usize = 2_000;
/// How long the key of a message may take, how often is looked for it, and of how many messages.
const PATIENCE: TimeDelta = TimeDelta::minutes(10);
const LOOK_AGAIN: Duration = Duration::from_secs(3);
const MOST_LATE: usize = 100;
const MOST_LATE_IN_ROOM: usize = 5;
/// How long until a letter is tried again that failed, at first and at most.
const FIRST_WAIT: Duration = Duration::from_secs(2);
const LONGEST_WAIT: Duration = Duration::from_secs(600);

/// Something for whoever speaks with users.
#[derive(Debug)]
pub enum Knock {
    /// Something was said in a room that docket did not make.
    Came(OwnedRoomId, Vec<TimelineEvent>),
    /// Something may have been said that was not told.
    Missed,
    /// Invitations wait.
    Invited,
    /// A letter is to be brought.
    Write(Box<Post>),
    /// Everything up to this token was told.
    ReadTo(String),
}

/// What is kept.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
pub(super) struct Kept {
    /// Up to where everything was handled.
    pub(super) token: Option<String>,
    /// In which room each of them is spoken to.
    pub(super) rooms: BTreeMap<Account, OwnedRoomId>,
    /// The rooms in which was said in clear, once, why nothing can be said there.
    pub(super) told: BTreeSet<OwnedRoomId>,
    /// What could not be read yet, though it stands before that place.
    #[serde(default)]
    late: Vec<Late>,
}

/// A message that could not be read yet.
#[derive(Clone, Debug, Serialize, Deserialize)]
struct Late {
    room: OwnedRoomId,
    id: OwnedEventId,
    since: DateTime<Utc>,
}

/// Speaks with users.
pub struct Visits {
    /// docket's session.
    pub client: Client,
    /// The desk.
    pub desk: DeskHandle,
    /// Where is kept who is where.
    pub keep: Arc<Keep>,
    /// Where goes what the moderation room is to hear.
    pub out: UnboundedSender<Out>,
    /// The moderation room, which is nobody's own.
    pub room: OwnedRoomId,
}

/// Visits, at work.
pub(super) struct Speaking {
    pub(super) of: Visits,
    pub(super) kept: Kept,
    /// Whether that is otherwise than it was written down, and when it was.
    is_new: bool,
    written: Instant,
    /// When was looked for what could not be read.
    looked: Instant,
    /// Whether something may have been said that was not told; until it is read, the place in the stream stays.
    is_behind: bool,
    /// What was handled, oldest first.
    handled: VecDeque<OwnedEventId>,
    /// Rooms that are found to be theirs and docket's alone, and in which nobody has come or gone since.
    pub(super) private: BTreeSet<OwnedRoomId>,
    letters: BTreeMap<(CaseId, String), Due>,
    /// Rooms into which docket does not come; each is declined once.
    pub(super) declining: BTreeSet<OwnedRoomId>,
}

/// When a letter is tried next.
struct Due {
    at: Instant,
    wait: Duration,
    user: Account,
}

impl Visits {
    /// Works until the task is ended.
    pub async fn run(self, mut knocks: UnboundedReceiver<Knock>) -> anyhow::Result<()> {
        let kept = self.keep.get(VISITS)?.unwrap_or_default();
        let mut speaking = Speaking {
            of: self,
            kept,
            is_new: false,
            written: now(),
            looked: now(),
            is_behind: false,
            handled: VecDeque::new(),
            private: BTreeSet::new(),
            letters: BTreeMap::new(),
            declining: BTreeSet::new(),
        };
        loop {
            let next = speaking.rest();
            let knock = tokio::select! {
                biased;
                knock = knocks.recv() => match knock {
                    None => return Ok(()),
                    Some(knock) => Some(knock),
                },
                () = tokio::time::sleep(next) => None,
            };
            match speaking.serve(knock).await {
                Ok(()) => {}
                Err(fault) if is_over(&fault) => return Err(fault),
                Err(fault) => tracing::warn!("somebody who asks by themselves is not served: {fault:#}"),
            }
        }
    }
}

impl Speaking {
    /// How long there is nothing to do.
    fn rest(&self) -> Duration {
        let letters = self.letters.values().map(|due| due.at.saturating_duration_since(now())).min();
        let late = (!self.kept.late.is_empty()).then_some(LOOK_AGAIN);
        let write = self.is_new.then(|| WRITE.saturating_sub(self.written.elapsed()));
        let behind = self.is_behind.then_some(FIRST_WAIT);
        [letters, late, write, behind].into_iter().flatten().min().unwrap_or(LONGEST_WAIT)
    }

    async fn serve(&mut self, knock: Option<Knock>) -> anyhow::Result<()> {
        match knock {
            Some(Knock::Came(room, events)) => self.came(&room, events).await?,
            Some(Knock::Missed) => {
                self.is_behind = true;
                self.private.clear();
            }
            Some(Knock::Invited) => self.invited().await?,
            Some(Knock::Write(post)) => {
                if let (Some(case), Some(letter), Some(user)) = (post.case, post.letter, post.only) {
                    self.letters.insert((case, letter), Due { at: now(), wait: FIRST_WAIT, user });
                }
            }
            Some(Knock::ReadTo(token)) if self.kept.token.as_ref() != Some(&token) && !self.is_behind => {
                let is_first = self.kept.token.replace(token).is_none();
                self.is_new = true;
                if is_first {
                    self.write_down()?;
                }
            }
            Some(Knock::ReadTo(_)) | None => {}
        }
        if self.is_behind {
            self.missed().await?;
            self.is_behind = false;
        }
        self.look_again().await?;
        self.letters().await?;
        if self.is_new && self.written.elapsed() >= WRITE {
            self.write_down()?;
        }
        Ok(())
    }

    /// Puts down who is where in its time.
    pub(super) fn is_to_be_written(&mut self) {
        self.is_new = true;
    }

    /// Puts down who is where, at once.
    pub(super) fn write_down(&mut self) -> anyhow::Result<()> {
        // A disk that takes nothing is asked again in its time.
        self.written = now();
        self.of.keep.put(VISITS, &self.kept, &mut OsEntropy)?;
        self.is_new = false;
        Ok(())
    }

    /// What was said in a room, in order.
    pub(super) async fn came(&mut self, id: &OwnedRoomId, events: Vec<TimelineEvent>) -> anyhow::Result<()> {
        let Some(room) = self.of.client.get_room(id).filter(|room| room.state() == RoomState::Joined) else {
            return Ok(());
        };
        for event in events {
            let is_state = event.raw().get_field::<Value>("state_key").ok().flatten().is_some();
            if is_state {
                self.private.remove(id);
                continue;
            }
            goes_on(self.handle(&room, &event, SystemClock.now()).await)?;
        }
        Ok(())
    }

    async fn handle(
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
    async fn look_again(&mut self) -> anyhow::Result<()> {
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

    /// Brings the letters whose turn it is.
    async fn letters(&mut self) -> anyhow::Result<()> {
        let due: Vec<(CaseId, String)> =
            self.letters.iter().filter(|(_, due)| due.at <= now()).map(|(which, _)| which.clone()).collect();
        for which in due {
            let Some(due) = self.letters.remove(&which) else { continue };
            match self.bring(which.0, &which.1, &due.user).await {
                Ok(()) => {}
                Err(fault) if is_over(&fault) => return Err(fault),
                Err(fault) => {
                    tracing::warn!("a letter to a user is not brought: {fault:#}; trying again");
                    let wait = (due.wait * 2).min(LONGEST_WAIT);
                    self.letters.insert(which, Due { at: now() + due.wait, wait, ..due });
                }
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
fn goes_on(handled: anyhow::Result<()>) -> anyhow::Result<()> {
    match handled {
        Err(fault) if is_over(&fault) => Err(fault),
        Err(fault) => {
            tracing::warn!("what a user wrote is not answered: {fault:#}");
            Ok(())
        }
        Ok(()) => Ok(()),
    }
}

/// Whether trying again cannot help.
pub(super) fn is_over(fault: &anyhow::Error) -> bool {
    is_session_gone(fault) || fault.chain().any(|cause| cause.is::<Stopped>())
}
