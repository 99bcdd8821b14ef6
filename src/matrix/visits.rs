//! Users who ask docket for something by themselves: invitations, what they write in a room with docket alone, and the letters that were
//! let go to them. A task of its own with a place of its own in the stream, so that nothing they do holds the moderation room up.
//!
//! What is said to them is encrypted for the devices that they sign, and for nobody else. What they mean, only the desk knows.

use std::collections::{BTreeMap, BTreeSet, VecDeque};
use std::sync::Arc;
use std::time::{Duration, Instant};

use matrix_sdk::deserialized_responses::TimelineEvent;
use matrix_sdk::ruma::{EventId, OwnedEventId, OwnedRoomId};
use matrix_sdk::{Client, Room, RoomState};
use serde::{Deserialize, Serialize};
use serde_json::Value;
use tokio::sync::mpsc::{UnboundedReceiver, UnboundedSender};

use super::desk::DeskHandle;
use super::fault::{HomeserverFault, is_session_gone};
use super::hearing::{Heard, heard, is_taken_back, place_of};
use super::inbound::now;
use super::keep::Keep;
use super::outbound::{Out, put};
use crate::case::{Account, CaseId, Flaw};
use crate::desk::{Input, Outcome, Post, PostKind, Said, Stopped, Visiting};
use crate::ops::OsEntropy;
use crate::ops::failpoint::{Point, reach};

/// The name under which is kept who is where, and how far was read.
const VISITS: &str = "visits";
/// How often that is written down at most while nothing is to be said.
const WRITE: Duration = Duration::from_secs(10);
/// So many events are remembered as handled.
const REMEMBERED: usize = 2_000;
/// How long the key of a message may take, how often is looked for it, and of how many messages.
const PATIENCE: Duration = Duration::from_secs(600);
const LOOK_AGAIN: Duration = Duration::from_secs(3);
const MOST_LATE: usize = 100;
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
}

/// Visits, at work.
pub(super) struct Speaking {
    pub(super) of: Visits,
    pub(super) kept: Kept,
    /// Whether that is otherwise than it was written down, and when it was.
    is_new: bool,
    written: Instant,
    /// Whether something may have been said that was not told; until it is read, the place in the stream stays.
    is_behind: bool,
    /// What was handled, oldest first.
    handled: VecDeque<OwnedEventId>,
    /// Rooms that are found to be theirs and docket's alone, and in which nobody has come or gone since.
    pub(super) private: BTreeSet<OwnedRoomId>,
    /// What could not be read yet.
    late: Vec<(OwnedRoomId, OwnedEventId, Instant)>,
    letters: BTreeMap<(CaseId, String), Due>,
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
            is_behind: false,
            handled: VecDeque::new(),
            private: BTreeSet::new(),
            late: Vec::new(),
            letters: BTreeMap::new(),
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
        let late = (!self.late.is_empty()).then_some(LOOK_AGAIN);
        let write = self.is_new.then(|| WRITE.saturating_sub(self.written.elapsed()));
        let behind = self.is_behind.then_some(FIRST_WAIT);
        [letters, late, write, behind].into_iter().flatten().min().unwrap_or(LONGEST_WAIT)
    }

    async fn serve(&mut self, knock: Option<Knock>) -> anyhow::Result<()> {
        match knock {
            Some(Knock::Came(room, events)) => self.came(&room, events).await?,
            Some(Knock::Missed) => self.is_behind = true,
            Some(Knock::Invited) => self.invited().await?,
            Some(Knock::Write(post)) => {
                if let (Some(case), Some(letter), Some(user)) = (post.case, post.letter, post.only) {
                    self.letters.insert((case, letter), Due { at: now(), wait: FIRST_WAIT, user });
                }
            }
            Some(Knock::ReadTo(token)) => {
                if self.kept.token.as_ref() != Some(&token) && !self.is_behind {
                    let is_first = self.kept.token.replace(token).is_none();
                    self.is_new = true;
                    if is_first {
                        self.write_down()?;
                    }
                }
            }
            None => {}
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

    /// Puts down who is where, at once.
    pub(super) fn write_down(&mut self) -> anyhow::Result<()> {
        self.of.keep.put(VISITS, &self.kept, &mut OsEntropy)?;
        (self.is_new, self.written) = (false, now());
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
            self.handle(&room, &event).await?;
        }
        Ok(())
    }

    async fn handle(&mut self, room: &Room, event: &TimelineEvent) -> anyhow::Result<()> {
        let Some(id) = event.event_id().filter(|id| !self.handled.contains(id)) else { return Ok(()) };
        let own = self.of.client.user_id().map(ToString::to_string).unwrap_or_default();
        let (sender, said) = match heard(event, &own) {
            Heard::Text(text) if text.edit => return Ok(()),
            Heard::Text(text) => (text.sender, Said::Text(text.text)),
            Heard::Unproven { sender, flaw: Flaw::UnsignedDevice } => (sender, Said::Unsigned),
            Heard::Unproven { sender, flaw: Flaw::Clear } => {
                self.remember(id);
                return self.in_clear(room, &sender).await;
            }
            Heard::Unproven { flaw, .. } => {
                tracing::info!(event = id.as_str(), ?flaw, "what a user wrote does not count");
                return Ok(());
            }
            Heard::Late { .. } => {
                self.wait_for(room, id);
                return Ok(());
            }
            Heard::Nothing => match somebodys(event, &own) {
                Some(sender) => (sender, Said::NoText),
                None => return Ok(()),
            },
        };
        // Before anything comes of it: in a room with others nobody asks for themselves.
        if !self.may_speak(room, &sender).await? {
            return Ok(());
        }
        let place = match said {
            Said::Text(_) => match self.place(room, &id).await {
                Ok(place) => place,
                Err(fault) if is_over(&fault) => return Err(fault),
                Err(fault) => {
                    tracing::warn!("what a user wrote is not given out: {fault:#}; trying again");
                    self.wait_for(room, id);
                    return Ok(());
                }
            },
            Said::NoText | Said::Unsigned => None,
        };
        self.remember(id.clone());
        let is_unsigned = said == Said::Unsigned;
        let visiting = Visiting { id: id.to_string(), sender: sender.clone(), said, place };
        let Outcome::Posts(posts) = self.of.desk.ask(Input::Visit(Box::new(visiting))).await? else {
            return Ok(());
        };
        reach(Point::VisitHandled);
        let (answers, others): (Vec<Post>, Vec<Post>) =
            posts.into_iter().partition(|post| post.kind == PostKind::Visit);
        // The room hears of it whatever becomes of the answer.
        put(&self.of.out, others, None)?;
        for answer in answers {
            let answered = match is_unsigned {
                true => self.say_in_clear(room, &answer).await,
                false => self.answer(room, &sender, &answer).await,
            };
            if let Err(fault) = answered {
                if is_over(&fault) {
                    return Err(fault);
                }
                tracing::warn!("the answer to a user is not sent: {fault:#}");
            }
            reach(Point::VisitAnswered);
        }
        Ok(())
    }

    /// The place of a message in its session, as the homeserver has the message.
    async fn place(&self, room: &Room, id: &EventId) -> anyhow::Result<Option<(String, u32)>> {
        use matrix_sdk::ruma::api::client::room::get_room_event;
        let request = get_room_event::v3::Request::new(room.room_id().to_owned(), id.to_owned());
        let fetched = self.of.client.send(request).await.map_err(|fault| HomeserverFault::from(&fault))?;
        Ok(fetched.event.deserialize_as_unchecked::<Value>().ok().and_then(|event| place_of(&event)))
    }

    /// A message is looked for again.
    fn wait_for(&mut self, room: &Room, id: OwnedEventId) {
        if self.late.len() < MOST_LATE && !self.late.iter().any(|(_, late, _)| *late == id) {
            self.late.push((room.room_id().to_owned(), id, now()));
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
        for (room, id, since) in std::mem::take(&mut self.late) {
            if since.elapsed() > PATIENCE {
                continue;
            }
            let Some(joined) = self.of.client.get_room(&room) else { continue };
            match joined.event(&id, None).await {
                Ok(event) => {
                    let before = self.late.len();
                    self.handle(&joined, &event).await?;
                    if let Some(late) = self.late.get_mut(before) {
                        late.2 = since; // it is waited for no longer because it was looked for
                    }
                }
                Err(_) => self.late.push((room, id, since)),
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

/// Whether trying again cannot help.
pub(super) fn is_over(fault: &anyhow::Error) -> bool {
    is_session_gone(fault) || fault.chain().any(|cause| cause.is::<Stopped>())
}
