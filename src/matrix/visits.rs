//! Users who ask docket for something by themselves: invitations, what they write in a room with docket alone, and the letters that were
//! let go to them. A task of its own with a place of its own in the stream, so that nothing they do holds the moderation room up.
//!
//! What is said to them is encrypted for the devices that they sign, and for nobody else. What they mean, only the desk knows.

use std::collections::{BTreeMap, BTreeSet, VecDeque};
use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};

use chrono::{DateTime, Utc};
use matrix_sdk::deserialized_responses::TimelineEvent;
use matrix_sdk::ruma::{OwnedEventId, OwnedRoomId};
use matrix_sdk::{Client, RoomState};
use serde::{Deserialize, Serialize};
use serde_json::Value;
use tokio::sync::mpsc::{UnboundedReceiver, UnboundedSender};

use super::desk::DeskHandle;
use super::fault::is_session_gone;
use super::inbound::now;
use super::keep::Keep;
use super::letters::{Due, Packing};
use super::outbound::Out;
use super::visitor::goes_on;
use crate::case::{Account, CaseId};
use crate::desk::{Post, Stopped};
use crate::ops::{OsEntropy, SystemClock};
use crate::ports::{Clock, Files};

/// The name under which is kept who is where, and how far was read.
const VISITS: &str = "visits";
/// How often that is written down at most while nothing is to be said, and what was missed is asked for.
const WRITE: Duration = Duration::from_secs(10);
/// How long there is nothing to do at most.
const LONGEST_REST: Duration = Duration::from_secs(600);
/// How often is looked for what could not be read, and for invitations that are still to be looked at.
pub(super) const LOOK_AGAIN: Duration = Duration::from_secs(3);

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
    /// In which rooms was said in clear, once, which of the reasons why nothing can be said there.
    #[serde(default)]
    pub(super) in_clear: BTreeMap<OwnedRoomId, BTreeSet<String>>,
    /// What could not be read yet, though it stands before that place.
    pub(super) late: Vec<Late>,
}

/// A message that could not be read yet.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(super) struct Late {
    pub(super) room: OwnedRoomId,
    pub(super) id: OwnedEventId,
    pub(super) since: DateTime<Utc>,
}

/// Speaks with users.
pub struct Visits {
    /// docket's session.
    pub client: Client,
    /// The desk.
    pub desk: DeskHandle,
    /// Where is kept who is where.
    pub keep: Arc<Keep>,
    /// The copies of their data that go to users.
    pub files: Arc<Mutex<dyn Files>>,
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
    pub(super) is_new: bool,
    written: Instant,
    /// When was looked for what could not be read.
    pub(super) looked: Instant,
    /// Whether something may have been said that was not told; until it is read, the place in the stream stays.
    is_behind: bool,
    /// What was handled, oldest first.
    pub(super) handled: VecDeque<OwnedEventId>,
    /// Since when is counted how much somebody writes, and how much that is.
    pub(super) counted: BTreeMap<Account, (Instant, u32)>,
    /// Rooms that are found to be theirs and docket's alone, and in which nobody has come or gone since.
    pub(super) private: BTreeSet<OwnedRoomId>,
    pub(super) letters: BTreeMap<(CaseId, String), Due>,
    /// Files that go with them, on their way to the homeserver, each with the id of its letter.
    pub(super) packing: BTreeMap<(CaseId, String), (String, Packing)>,
    /// Invitations that were dealt with, and until when nobody looks at them again.
    pub(super) looked_at: BTreeMap<OwnedRoomId, Instant>,
    /// When those invitations are looked at that were more than are looked at together: nobody tells of them again.
    pub(super) more_invited: Option<Instant>,
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
            counted: BTreeMap::new(),
            private: BTreeSet::new(),
            letters: BTreeMap::new(),
            packing: BTreeMap::new(),
            looked_at: BTreeMap::new(),
            more_invited: None,
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
        let behind = self.is_behind.then_some(WRITE);
        let invited = self.more_invited.map(|at| at.saturating_duration_since(now()));
        [letters, late, write, behind, invited].into_iter().flatten().min().unwrap_or(LONGEST_REST)
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
                    self.letters.insert((case, letter), Due::now(user));
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
        if self.more_invited.is_some_and(|at| at <= now()) {
            self.invited().await?;
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
        // A disk that takes nothing is asked again in its time.
        self.written = now();
        // Where docket is no longer, it says it again if it comes back.
        let client = &self.of.client;
        let is_in =
            |id: &OwnedRoomId| client.get_room(id).is_some_and(|room| room.state() == RoomState::Joined);
        self.kept.in_clear.retain(|id, _| is_in(id));
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
            if !self.reads(&event) {
                continue;
            }
            goes_on(self.handle(&room, &event, SystemClock.now()).await)?;
        }
        Ok(())
    }
}

/// Whether trying again cannot help.
pub(super) fn is_over(fault: &anyhow::Error) -> bool {
    is_session_gone(fault) || fault.chain().any(|cause| cause.is::<Stopped>())
}
