//! The rooms in which docket speaks with users: who is let in, what was said there while nobody listened, and how something is said.

use std::time::Duration;

use matrix_sdk::room::MessagesOptions;
use matrix_sdk::ruma::api::client::filter::{Filter as EventFilter, FilterDefinition};
use matrix_sdk::ruma::api::client::membership::{join_room_by_id, leave_room};
use matrix_sdk::ruma::api::client::sync::sync_events::v3 as sync;
use matrix_sdk::ruma::{OwnedRoomId, OwnedUserId, UInt, UserId};
use matrix_sdk::{Client, Room, RoomState};

use super::fault::{Plain, passes};
use super::inbound::now;
use super::place::State;
use super::to_user::{self, once};
use super::user_keys::Keys;
use super::visits::{LOOK_AGAIN, Speaking, is_over};
use crate::case::Account;
use crate::chat::visit::{not_private, unsigned};
use crate::desk::{Input, Outcome, Post};
use crate::ops::OsEntropy;
use crate::ops::failpoint::{Point, reach};
use crate::ports::{Entropy, hex};

/// So many invitations are looked at together.
const MOST_AT_ONCE: usize = 50;
/// How long until an invitation is declined once more that is still there.
const DECLINES_AGAIN: Duration = Duration::from_secs(300);
/// Within how long the session hears that docket came into a room.
const HEARS_OF_IT: Duration = Duration::from_secs(15);
/// How many events of a room are read that were said while nobody listened, and in how many pages.
const PAGE: u32 = 100;
const MOST_PAGES: usize = 3;
/// How often an answer is tried.
const TRIES: u32 = 3;

/// Whether somebody else made a room, so that a user may speak there. Who made it stands first; clients give those whom they invite to
/// speak with the same power.
pub(super) fn is_visitors(room: &Room, own: Option<&UserId>) -> bool {
    let creators = room.creators().unwrap_or_default();
    creators.first().is_some_and(|creator| Some(&**creator) != own)
}

impl Speaking {
    /// Lets docket into the rooms of users whom the desk serves; every other invitation is declined with a sentence, beside everything
    /// else: a far homeserver may take its time.
    pub(super) async fn invited(&mut self) -> anyhow::Result<()> {
        let mut declined = Vec::new();
        let mut invited = self.of.client.invited_rooms();
        let is_invited = |id: &OwnedRoomId| invited.iter().any(|room| room.room_id() == id);
        let is_out = |room: &Room| room.state() == RoomState::Left;
        let left = self.looked_at.keys().filter_map(|id| self.of.client.get_room(id)).filter(is_out);
        forget(left.collect());
        // What was not declined in its time is declined once more.
        self.looked_at.retain(|id, until| is_invited(id) && *until > now());
        invited.retain(|room| room.room_id() != self.of.room && !self.looked_at.contains_key(room.room_id()));
        let more = (invited.len() > MOST_AT_ONCE).then(|| now() + LOOK_AGAIN);
        for room in invited.into_iter().take(MOST_AT_ONCE) {
            match self.let_in(&room).await {
                Ok(None) => {}
                Ok(Some(reason)) => {
                    self.looked_at(&room, DECLINES_AGAIN);
                    declined.push((room, reason));
                }
                Err(fault) if is_over(&fault) => return Err(fault),
                Err(fault) => tracing::warn!("an invitation cannot be looked at: {fault:#}"),
            }
        }
        // Nobody tells of them again.
        self.more_invited = more.into_iter().chain(self.looked_at.values().copied()).min();
        if !declined.is_empty() {
            let client = self.of.client.clone();
            tokio::spawn(async move {
                for (room, reason) in declined {
                    leave(&client, &room, &reason).await;
                }
            });
        }
        Ok(())
    }

    /// An invitation is dealt with, and what comes of it the session hears later.
    fn looked_at(&mut self, room: &Room, within: Duration) {
        self.looked_at.insert(room.room_id().to_owned(), now() + within);
    }

    /// Comes into a room; why not, if not.
    async fn let_in(&mut self, room: &Room) -> anyhow::Result<Option<String>> {
        let by = room.invite_details().await.plain()?.inviter_id;
        let Ok(account) = Account::parse(by.as_str()) else { return Ok(Some(String::new())) };
        // What takes the place of the moderation room is nobody's own, and docket does not follow by itself.
        let moderation = self.of.client.get_room(&self.of.room);
        let successor = moderation.and_then(|moderation| moderation.successor_room());
        if successor.is_some_and(|successor| successor.room_id == room.room_id()) {
            return Ok(Some(not_private()));
        }
        match self.of.desk.ask(Input::Invited(account.clone())).await? {
            Outcome::Joins => {}
            Outcome::Posts(posts) => {
                return Ok(Some(posts.first().map(|post| post.page.text()).unwrap_or_default()));
            }
            _ => return Ok(None),
        }
        // A room may be far, and nobody waits for it. The library would note in docket's account data whom it speaks with.
        let join = join_room_by_id::v3::Request::new(room.room_id().to_owned());
        match self.of.client.send(join).with_request_config(once()).await.plain() {
            Ok(_) => self.looked_at(room, HEARS_OF_IT),
            Err(fault) if fault.passes() => return Err(fault.into()),
            Err(fault) => {
                tracing::warn!("a user’s room cannot be joined: {fault}");
                return Ok(Some(String::new()));
            }
        }
        reach(Point::VisitJoined);
        let state = State::of(&self.of.client, room.room_id()).await?;
        if !self.is_theirs(&state, &account) {
            leave(&self.of.client, room, &not_private()).await;
            return Ok(None);
        }
        tracing::info!("a user has let docket into a room");
        if !state.is_encrypted() {
            self.in_clear(room, &account).await?;
            return Ok(None);
        }
        let before = self.kept.rooms.insert(account, room.room_id().to_owned());
        self.is_new = true;
        // One room for each: what was said in the one before stays there.
        if let Some(before) = before.filter(|before| before != room.room_id())
            && let Some(before) = self.of.client.get_room(&before)
        {
            leave(&self.of.client, &before, "").await;
        }
        Ok(None)
    }

    /// Whether nobody but this user and docket is in a room, or asked to be.
    pub(super) fn is_theirs(&self, state: &State, account: &Account) -> bool {
        let own = self.of.client.user_id();
        let is_one = |who: &OwnedUserId| Some(&**who) == own || who.as_str() == account.as_str();
        let others = |membership: &str| state.with_membership(membership).iter().any(|who| !is_one(who));
        let is_there = state.with_membership("join").iter().any(|who| who.as_str() == account.as_str());
        is_there && !others("join") && !others("invite")
    }

    /// Whether something can be said in a room that only this user reads; docket leaves one in which there are others.
    pub(super) async fn may_speak(&mut self, room: &Room, account: &Account) -> anyhow::Result<bool> {
        let id = room.room_id().to_owned();
        if id == self.of.room {
            return Ok(false);
        }
        if !self.private.contains(&id) {
            let state = State::of(&self.of.client, &id).await?;
            if !self.is_theirs(&state, account) {
                leave(&self.of.client, room, &not_private()).await;
                return Ok(false);
            }
            if !state.is_encrypted() {
                self.in_clear(room, account).await?;
                return Ok(false);
            }
            self.private.insert(id.clone());
            if self.kept.rooms.get(account) != Some(&id) {
                self.kept.rooms.insert(account.clone(), id);
                self.is_new = true;
            }
        }
        Ok(room.latest_encryption_state().await.plain()?.is_encrypted())
    }

    /// Answers somebody, for the devices that they sign.
    pub(super) async fn answer(&mut self, room: &Room, user: &Account, post: &Post) -> anyhow::Result<()> {
        if !self.may_speak(room, user).await? {
            return Ok(());
        }
        let id = UserId::parse(user.as_str())?;
        let mut wait = Duration::from_millis(500);
        for tried in 1..=TRIES {
            match self.say(room, &id, post).await {
                Ok(_) => return Ok(()),
                Err(fault) if tried == TRIES || is_over(&fault) => return Err(fault),
                Err(_) => tokio::time::sleep(wait).await,
            }
            wait *= 4;
        }
        Ok(())
    }

    /// Says something, encrypted for the devices that a user signs; to how many.
    pub(super) async fn say(&self, room: &Room, user: &UserId, post: &Post) -> anyhow::Result<u32> {
        let given = Keys::give(&self.of.client, &self.of.desk, user).await?;
        let devices = given.devices();
        let sent = match devices {
            0 => Ok(()),
            _ => to_user::say(room, post).await.map(drop),
        };
        given.take_back().await;
        sent?;
        Ok(devices)
    }

    /// Says in clear, once, that nothing can be said in a room like this: that names nobody and says of nothing what it is.
    pub(super) async fn in_clear(&mut self, room: &Room, account: &Account) -> anyhow::Result<()> {
        let state = State::of(&self.of.client, room.room_id()).await?;
        if !self.is_theirs(&state, account) || room.room_id() == self.of.room {
            leave(&self.of.client, room, &not_private()).await;
            return Ok(());
        }
        if !state.is_encrypted() {
            self.once_in_clear(room, &not_private(), "clear").await;
        }
        Ok(())
    }

    /// Says in clear, once, that nothing can be read from a session that nobody signs.
    pub(super) async fn unsigned(&mut self, room: &Room, account: &Account) -> anyhow::Result<()> {
        let state = State::of(&self.of.client, room.room_id()).await?;
        if self.is_theirs(&state, account) && room.room_id() != self.of.room {
            self.once_in_clear(room, &unsigned(), "unsigned").await;
        }
        Ok(())
    }

    /// The same words for everybody, once in each room; who does not let docket say it goes without. Where the homeserver did not
    /// answer, what is written next is answered with it.
    async fn once_in_clear(&mut self, room: &Room, words: &str, what: &str) {
        let id = room.room_id().to_owned();
        if self.kept.in_clear.get(&id).is_some_and(|said| said.contains(what)) {
            return;
        }
        let txn = format!("visit-{what}-{id}");
        let said = to_user::say_in_clear(&self.of.client, room, words, &txn).await;
        if let Err(fault) = &said {
            tracing::warn!("a user cannot be told why nothing is said: {fault:#}");
        }
        if !said.is_err_and(|fault| passes(&fault)) {
            self.kept.in_clear.entry(id).or_default().insert(what.to_owned());
            self.is_new = true;
        }
    }

    /// Reads what was said in such rooms since the place up to which all of it was handled.
    pub(super) async fn missed(&mut self) -> anyhow::Result<()> {
        let Some(since) = self.kept.token.clone() else { return Ok(()) };
        let mut filter = FilterDefinition::default();
        filter.presence = EventFilter::ignore_all();
        filter.account_data = EventFilter::ignore_all();
        filter.room.ephemeral.types = Some(Vec::new());
        filter.room.account_data.types = Some(Vec::new());
        filter.room.timeline.limit = Some(UInt::from(1_u32));
        // Synapse gives the same answer to the same question for two minutes, whatever was said since.
        let mut word = [0; 8];
        OsEntropy.fill(&mut word);
        filter.room.ephemeral.not_types = vec![hex(&word)];
        let mut request = sync::Request::new();
        request.since = Some(since.clone());
        request.filter = Some(filter.into());
        let came = self.of.client.send(request).await.plain()?;
        let own = self.of.client.user_id().map(ToOwned::to_owned);
        for id in came.rooms.join.into_keys() {
            let Some(room) = self.of.client.get_room(&id) else { continue };
            if room.state() != RoomState::Joined || !is_visitors(&room, own.as_deref()) {
                continue;
            }
            let mut events = Vec::new();
            let mut from = None;
            for _ in 0..MOST_PAGES {
                let mut options = MessagesOptions::backward();
                (options.from, options.to) = (from.clone(), Some(since.clone()));
                options.limit = UInt::from(PAGE);
                let page = room.messages(options).await.plain()?;
                events.extend(page.chunk);
                match page.end {
                    Some(end) if from.as_ref() != Some(&end) => from = Some(end),
                    Some(_) | None => break,
                }
            }
            events.reverse();
            self.private.remove(&id);
            self.came(&id, events).await?;
        }
        Ok(())
    }
}

/// Of rooms that docket did not come into the library keeps nothing, however many there were.
fn forget(rooms: Vec<Room>) {
    if rooms.is_empty() {
        return;
    }
    tokio::spawn(async move {
        for room in rooms {
            if let Err(fault) = room.forget().await.plain() {
                tracing::warn!("a room that docket is not in cannot be forgotten: {fault}");
            }
        }
    });
}

/// Goes out of a room, or does not come into it, with a sentence for whoever asked.
async fn leave(client: &Client, room: &Room, reason: &str) {
    let mut request = leave_room::v3::Request::new(room.room_id().to_owned());
    request.reason = (!reason.is_empty()).then(|| reason.to_owned());
    match client.send(request).with_request_config(once()).await.plain() {
        Ok(_) => tracing::info!("docket left another room, or did not come into it"),
        Err(fault) => tracing::warn!("docket does not get out of another room: {fault}"),
    }
}
