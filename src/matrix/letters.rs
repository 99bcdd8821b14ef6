//! Letters on their way to users who asked by themselves: whose turn it is, in which room each is read, and what became of it.

use std::time::{Duration, Instant};

use anyhow::Context;
use matrix_sdk::ruma::UserId;
use matrix_sdk::{Room, RoomState};

use super::content;
use super::inbound::now;
use super::mark;
use super::outbound::put;
use super::place::State;
use super::reachable;
use super::visiting::is_visitors;
use super::visits::{Speaking, is_over};
use crate::case::{Account, CaseId, LetterStopped, MasterKey, Unreachable};
use crate::desk::{Brought, Input, Outcome, Post};
use crate::ops::failpoint::{Point, reach};

/// How many pages of a room are looked through for what was said there.
const PAGES: usize = 3;
/// How long until a letter is tried again that failed, at first and at most.
const FIRST_WAIT: Duration = Duration::from_secs(2);
const LONGEST_WAIT: Duration = Duration::from_secs(600);

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

impl Speaking {
    /// Brings the letters whose turn it is.
    pub(super) async fn letters(&mut self) -> anyhow::Result<()> {
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

    /// Brings a letter to its user, once, and puts down what became of it.
    async fn bring(&mut self, case: CaseId, letter: &str, user: &Account) -> anyhow::Result<()> {
        let (post, key) = match self.of.desk.ask(Input::MayWrite(case, letter.to_owned())).await? {
            Outcome::Writes(post, key) => (post, key),
            Outcome::Posts(posts) => return Ok(put(&self.of.out, posts, None)?),
            _ => return Ok(()),
        };
        let stopped = self.deliver(&post, user, key).await?;
        reach(Point::LetterSent);
        let brought = Brought { case, letter: letter.to_owned(), stopped };
        match self.of.desk.ask(Input::Brought(brought)).await? {
            Outcome::Posts(posts) => put(&self.of.out, posts, None)?,
            Outcome::Stays => anyhow::bail!("that a letter is there cannot be put on record now"),
            _ => {}
        }
        reach(Point::LetterKept);
        Ok(())
    }

    /// Why a letter does not reach its user; nothing where it is there.
    async fn deliver(
        &mut self,
        post: &Post,
        user: &Account,
        key: Option<MasterKey>,
    ) -> anyhow::Result<Option<LetterStopped>> {
        let id = UserId::parse(user.as_str())?;
        let Some(room) = self.room_of(user).await? else { return Ok(Some(LetterStopped::NoRoom)) };
        self.private.remove(room.room_id());
        if !self.may_speak(&room, user).await? {
            return Ok(Some(LetterStopped::NoRoom));
        }
        if let Some(why) = reachable::why_not(&self.of.client, None, &id).await? {
            return Ok(Some(LetterStopped::Unreachable(why)));
        }
        let own = self.of.client.user_id().context("docket is not logged in")?;
        let found = mark::look_back(&room, own, PAGES, |_| false).await?;
        if found.posts.iter().any(|own| own.mark.txn == post.txn) {
            return Ok(None);
        }
        // What another device of docket's said there may be this very letter: better once than twice.
        if found.unreadable > 0 {
            return Ok(Some(LetterStopped::Unreachable(Unreachable::Unsure)));
        }
        // Whoever signs the account anew need not be whoever asked.
        if key.is_some() && self.key_of(user).await != key {
            return Ok(Some(LetterStopped::OtherIdentity));
        }
        let bare = Post { case: None, ..post.clone() };
        if !content::fits(&bare, None)? {
            return Ok(Some(LetterStopped::Unreachable(Unreachable::Copy)));
        }
        match self.say(&room, &id, &bare).await? {
            0 => Ok(Some(LetterStopped::Unreachable(Unreachable::NoDevice))),
            _ => Ok(None),
        }
    }

    /// The room in which a user is spoken to.
    async fn room_of(&self, user: &Account) -> anyhow::Result<Option<Room>> {
        let own = self.of.client.user_id();
        let is_open = |room: &Room| {
            room.state() == RoomState::Joined && is_visitors(room, own) && room.room_id() != self.of.room
        };
        let kept = self.kept.rooms.get(user).and_then(|id| self.of.client.get_room(id));
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
