//! Letters on their way to users who asked by themselves: whose turn it is, in which room each is read, and what became of it.

use std::sync::Arc;
use std::time::{Duration, Instant};

use anyhow::Context;
use matrix_sdk::ruma::UserId;
use matrix_sdk::{Room, RoomState};
use tokio::task::JoinHandle;

use super::content;
use super::inbound::now;
use super::mark;
use super::outbound::put;
use super::place::State;
use super::reachable;
use super::to_user::{self, Packed, pack};
use super::user_keys::Keys;
use super::visiting::is_visitors;
use super::visits::{Speaking, is_over};
use crate::case::{Account, CaseId, LetterStopped, MasterKey, Unreachable};
use crate::desk::{Brought, Input, Outcome, Post};
use crate::ops::failpoint::{Point, reach};

/// How many pages of a room are looked through for what was said there.
const PAGES: usize = 3;
/// How often is looked whether a copy is uploaded.
const SOON: Duration = Duration::from_millis(500);
/// How long until a letter is tried again that failed, at first and at most.
const FIRST_WAIT: Duration = Duration::from_secs(2);
const LONGEST_WAIT: Duration = Duration::from_secs(600);

/// A file on its way to the homeserver.
pub(super) type Packing = JoinHandle<anyhow::Result<Packed>>;

/// When a letter is tried next.
pub(super) struct Due {
    pub(super) at: Instant,
    wait: Duration,
    user: Account,
}

impl Due {
    /// At once.
    pub(super) fn now(user: Account) -> Due {
        Due { at: now(), wait: FIRST_WAIT, user }
    }
}

/// Whether a letter may leave.
enum May {
    /// It may, and whoever asked signed by this identity.
    Go(Box<Post>, Option<MasterKey>),
    /// It would say something else by now.
    Changed(Box<Post>),
    /// Not now, or not any more.
    Not,
}

/// The id of the file that goes with a letter.
fn copy_of(post: &Post) -> String {
    format!("{}-copy", post.txn)
}

/// What became of a letter.
enum Delivered {
    /// It is there.
    There,
    /// It does not reach them.
    Stopped(LetterStopped),
    /// Its file is on its way to the homeserver.
    Later,
    /// It may not leave any more, or not now.
    Not,
}

/// What of a letter is in a room.
#[derive(Clone, Copy, PartialEq, Eq)]
enum There {
    /// The words.
    All,
    /// The file that goes with it, and not the words.
    Copy,
    /// Nobody can say.
    Unsure,
    /// Nothing.
    Nothing,
}

impl Delivered {
    fn unreachable(why: Unreachable) -> Delivered {
        Delivered::Stopped(LetterStopped::Unreachable(why))
    }
}

impl Speaking {
    /// Brings the letters whose turn it is.
    pub(super) async fn letters(&mut self) -> anyhow::Result<()> {
        let due: Vec<(CaseId, String)> =
            self.letters.iter().filter(|(_, due)| due.at <= now()).map(|(which, _)| which.clone()).collect();
        for which in due {
            let Some(due) = self.letters.remove(&which) else { continue };
            match self.bring(which.0, &which.1, &due.user).await {
                Ok(true) => {}
                Ok(false) => drop(self.letters.insert(which, Due { at: now() + SOON, ..due })),
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

    /// Brings a letter to its user, once, and puts down what became of it; whether nothing more is to be done.
    async fn bring(&mut self, case: CaseId, letter: &str, user: &Account) -> anyhow::Result<bool> {
        let packing = self.packing.get(&(case, letter.to_owned()));
        if packing.is_some_and(|(_, task)| !task.is_finished()) {
            return Ok(false);
        }
        let delivered = match self.may_write(case, letter).await? {
            May::Go(post, key) => self.deliver(case, letter, &post, user, key).await?,
            May::Changed(post) => self.found(&post, user).await?,
            May::Not => Delivered::Not,
        };
        let came = match delivered {
            Delivered::Later => return Ok(false),
            Delivered::There => Some(None),
            Delivered::Stopped(why) => Some(Some(why)),
            Delivered::Not => None,
        };
        self.packing.remove(&(case, letter.to_owned()));
        let Some(stopped) = came else { return Ok(true) };
        reach(Point::LetterSent);
        let brought = Brought { case, letter: letter.to_owned(), stopped };
        match self.of.desk.ask(Input::Brought(brought)).await? {
            Outcome::Posts(posts) => put(&self.of.out, posts, None)?,
            Outcome::Stays => anyhow::bail!("that a letter is there cannot be put on record now"),
            _ => {}
        }
        reach(Point::LetterKept);
        Ok(true)
    }

    /// Asks the desk whether a letter may leave.
    async fn may_write(&self, case: CaseId, letter: &str) -> anyhow::Result<May> {
        Ok(match self.of.desk.ask(Input::MayWrite(case, letter.to_owned())).await? {
            Outcome::Writes(post, key) => May::Go(post, key),
            Outcome::Unwritten(post) => May::Changed(post),
            _ => May::Not,
        })
    }

    /// What is there of a letter that must not leave any more.
    async fn found(&self, post: &Post, user: &Account) -> anyhow::Result<Delivered> {
        let Some(room) = self.room_of(user).await? else {
            return Ok(Delivered::Stopped(LetterStopped::Changed));
        };
        Ok(match self.there(&room, post).await? {
            There::All => Delivered::There,
            There::Copy => Delivered::Stopped(LetterStopped::OnlyCopy),
            There::Unsure => Delivered::unreachable(Unreachable::Unsure),
            There::Nothing => Delivered::Stopped(LetterStopped::Changed),
        })
    }

    /// What of a letter is in a room.
    async fn there(&self, room: &Room, post: &Post) -> anyhow::Result<There> {
        let own = self.of.client.user_id().context("docket is not logged in")?;
        let found = mark::look_back(room, own, PAGES, |_| false).await?;
        let is_said = |txn: &str| found.posts.iter().any(|own| own.mark.txn == txn);
        Ok(match (is_said(&post.txn), is_said(&copy_of(post)), found.unreadable) {
            (true, _, _) => There::All,
            (false, true, _) => There::Copy,
            // What another device of docket's said there may be this very letter: better once than twice.
            (false, false, 1..) => There::Unsure,
            (false, false, 0) => There::Nothing,
        })
    }

    /// The file that goes with a letter, and its words.
    async fn deliver(
        &mut self,
        case: CaseId,
        letter: &str,
        post: &Post,
        user: &Account,
        key: Option<MasterKey>,
    ) -> anyhow::Result<Delivered> {
        let id = UserId::parse(user.as_str())?;
        let Some(room) = self.room_of(user).await? else {
            return Ok(Delivered::Stopped(LetterStopped::NoRoom));
        };
        // Whatever has become of its user since, what is there is there.
        let there = self.there(&room, post).await?;
        let has_copy = there == There::Copy;
        let stops =
            |why: LetterStopped| Ok(Delivered::Stopped(if has_copy { LetterStopped::OnlyCopy } else { why }));
        match there {
            There::All => return Ok(Delivered::There),
            There::Unsure => return Ok(Delivered::unreachable(Unreachable::Unsure)),
            There::Copy | There::Nothing => {}
        }
        self.private.remove(room.room_id());
        if !self.may_speak(&room, user).await? {
            return stops(LetterStopped::NoRoom);
        }
        if let Some(why) = reachable::why_not(&self.of.client, None, &id).await? {
            return stops(LetterStopped::Unreachable(why));
        }
        // Whoever signs the account anew need not be whoever asked.
        if key.is_some() && self.key_of(user).await != key {
            return stops(LetterStopped::OtherIdentity);
        }
        let bare = Post { case: None, ..post.clone() };
        if !content::fits(&bare, None)? {
            return stops(LetterStopped::Unreachable(Unreachable::Copy));
        }
        let mut copy = None;
        if !has_copy {
            copy = match self.packed(case, letter, &room, &bare).await {
                None => return Ok(Delivered::Later),
                Some(Ok(Packed::Never)) => return Ok(Delivered::unreachable(Unreachable::Copy)),
                Some(Ok(Packed::Nothing)) => None,
                Some(Ok(Packed::Ready(content))) => {
                    reach(Point::LetterUploaded);
                    Some((content, copy_of(post)))
                }
                Some(Err(fault)) => return Err(fault),
            };
        }
        let given = Keys::give(&self.of.client, &self.of.desk, &id).await?;
        let sent = async {
            if given.devices() == 0 {
                return stops(LetterStopped::Unreachable(Unreachable::NoDevice));
            }
            // Keys may have been waited for: who they are, and whether it may leave, is asked once more.
            if key.is_some() && self.key_of(user).await != key {
                return stops(LetterStopped::OtherIdentity);
            }
            // And so is whether they are there still, with nobody else.
            self.private.remove(room.room_id());
            if !self.may_speak(&room, user).await? {
                return stops(LetterStopped::NoRoom);
            }
            if !matches!(self.may_write(case, letter).await?, May::Go(..)) {
                anyhow::bail!("a letter may not leave any more, right before it would have");
            }
            if let Some((content, txn)) = copy {
                to_user::send(&room, content, &txn).await?;
                reach(Point::LetterCopied);
            }
            to_user::say(&room, &bare).await?;
            Ok(Delivered::There)
        };
        let sent = sent.await;
        given.take_back().await;
        sent
    }

    /// The file that goes with a letter, once it is uploaded: that may take long, and nobody else waits for it.
    async fn packed(
        &mut self,
        case: CaseId,
        letter: &str,
        room: &Room,
        post: &Post,
    ) -> Option<anyhow::Result<Packed>> {
        if post.enclosed.is_none() {
            return Some(Ok(Packed::Nothing));
        }
        let which = (case, letter.to_owned());
        match self.packing.remove(&which) {
            Some((of, task)) if of == post.txn && task.is_finished() => {
                let packed = task.await.unwrap_or_else(|_| Err(anyhow::anyhow!("a copy is not packed")));
                return Some(packed);
            }
            Some((of, task)) if of == post.txn => {
                self.packing.insert(which, (of, task));
            }
            Some(_) | None => {
                let (files, room, post) = (Arc::clone(&self.of.files), room.clone(), post.clone());
                let txn = post.txn.clone();
                let task = async move { pack(&files, &room, case, &post, &copy_of(&post)).await };
                self.packing.insert(which, (txn, tokio::spawn(task)));
            }
        }
        None
    }

    /// The room in which a user is spoken to.
    async fn room_of(&self, user: &Account) -> anyhow::Result<Option<Room>> {
        let own = self.of.client.user_id();
        let is_open = |room: &Room| {
            room.state() == RoomState::Joined && is_visitors(room, own) && room.room_id() != self.of.room
        };
        let kept = self.kept.rooms.get(user).and_then(|id| self.of.client.get_room(id));
        let is_new = |room: &Room| self.looked_at.get(room.room_id()).is_some_and(|until| *until > now());
        if kept.as_ref().is_some_and(|room| room.state() == RoomState::Invited && is_new(room)) {
            anyhow::bail!("the session has not heard yet that docket came into a user’s room");
        }
        if let Some(room) = kept.filter(|room| is_open(room)) {
            return Ok(Some(room));
        }
        // docket may have lost what it kept, and the rooms are there.
        for room in self.of.client.joined_rooms() {
            if is_open(&room) {
                // One that cannot be looked at now is not waited for.
                let Ok(state) = State::of(&self.of.client, room.room_id()).await else { continue };
                if self.is_theirs(&state, user) && state.is_encrypted() {
                    return Ok(Some(room));
                }
            }
        }
        Ok(None)
    }
}
