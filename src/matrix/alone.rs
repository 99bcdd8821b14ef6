//! A room of its own for one person: what nobody else may read is said there, and what they type there is heard as in the moderation
//! room.
//!
//! A word by which the room is known again is written down before it is made, and its person is invited only once its id is, so that
//! there is one room for each whatever comes in between. Its name says nothing, and no account data says whose it is.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use anyhow::Context;
use matrix_sdk::room::RoomMember;
use matrix_sdk::ruma::events::room::member::MembershipState;
use matrix_sdk::ruma::{OwnedRoomId, UserId};
use matrix_sdk::{Client, Room, RoomMemberships, RoomState};
use serde::{Deserialize, Serialize};
use serde_json::json;

use super::desk::DeskHandle;
use super::fault::Plain;
use super::keep::{Keep, KeepFault};
use super::people;
use super::place::{self, Plan, State};
use crate::case::Account;
use crate::chat::{Page, text};
use crate::desk::{Post, PostKind};
use crate::ops::OsEntropy;
use crate::ops::failpoint::{Point, reach};
use crate::ports::{Entropy, hex};

/// The name under which the rooms are kept.
const ALONE: &str = "alone";
/// What they are called.
const NAME: &str = "docket for you";

/// What is remembered of one of them.
#[derive(Clone, Default, Serialize, Deserialize)]
struct Kept {
    nonce: String,
    id: Option<OwnedRoomId>,
    /// How often its person was called to it, and whether they have come since.
    calls: u32,
    is_called: bool,
    is_greeted: bool,
}

/// The rooms of their own that people have.
pub struct Alone {
    client: Client,
    desk: DeskHandle,
    keep: Arc<Keep>,
    prefix: String,
    kept: Mutex<BTreeMap<Account, Kept>>,
}

/// Whether somebody can be told something by themselves.
pub enum Way {
    /// They are there. What has never been said there goes first.
    There(Room, Option<Box<Post>>),
    /// They are not yet there. Unless it has been, this is said in the moderation room.
    Called(Option<Box<Post>>),
    /// There is no way now.
    None,
}

impl Alone {
    /// Takes up what was kept. `prefix` is what commands begin with.
    pub fn open(client: Client, desk: DeskHandle, keep: Arc<Keep>, prefix: &str) -> Result<Alone, KeepFault> {
        let kept = Mutex::new(keep.get(ALONE)?.unwrap_or_default());
        Ok(Alone { client, desk, keep, prefix: prefix.to_owned(), kept })
    }

    /// The rooms, and whose each is.
    pub fn rooms(&self) -> Vec<(OwnedRoomId, Account)> {
        let kept = self.lock();
        kept.iter().filter_map(|(account, kept)| Some((kept.id.clone()?, account.clone()))).collect()
    }

    /// How somebody can be told something: makes the room where there is none, and invites them. Whoever went away is asked again for
    /// something new, and not because something old waits.
    pub async fn way_to(&self, account: &Account, is_new: bool) -> anyhow::Result<Way> {
        let user = UserId::parse(account.as_str()).context("no account that a homeserver accepts")?;
        let recognised = people::recognised(&self.desk).await?;
        // Whoever shows another identity than that would be given no key, and what is said there would be gone.
        match recognised.get(account) {
            Some(Some(key)) if people::is_recognised(&self.client, &user, key).await? => {}
            _ => return Ok(Way::None),
        }
        let Some(room) = self.room(account, &user).await? else { return Ok(Way::None) };
        let state = State::of(&self.client, room.room_id()).await?;
        let own = self.client.user_id().context("docket is not logged in")?;
        let with = |membership: &str| state.with_membership(membership);
        let joined = with("join");
        if !state.is_encrypted() || joined.iter().any(|who| who != own && *who != user) {
            tracing::error!("a room of one person is not as it was made: nothing is said there");
            return Ok(Way::None);
        }
        let mut kept = self.of(account);
        if joined.contains(&user) {
            if kept.is_called {
                kept.is_called = false;
                self.remember(account, kept.clone());
            }
            let greeting = (!kept.is_greeted)
                .then(|| post(format!("alone-{}", kept.nonce), None, text::alone_greeting(&self.prefix)));
            return Ok(Way::There(room, greeting.map(Box::new)));
        }
        let went = with("leave").contains(&user);
        if with("ban").contains(&user) || went && !is_new {
            return Ok(Way::Called(None));
        }
        let is_asked = with("invite").contains(&user);
        if !is_asked {
            let invitation = json!({ "membership": "invite", "is_direct": true });
            room.send_state_event_raw("m.room.member", user.as_str(), invitation).await.plain()?;
            reach(Point::AloneInvited);
        }
        if kept.is_called && is_asked {
            return Ok(Way::Called(None));
        }
        let call = post(
            format!("alone-{}-{}", kept.nonce, kept.calls),
            Some(account.clone()),
            text::answer_waits(account),
        );
        Ok(Way::Called(Some(Box::new(call))))
    }

    /// Whether nobody but its reader is in a room, by what keys are given out by: the state may have been shown otherwise.
    pub async fn is_theirs(&self, room: &Room, reader: &UserId) -> bool {
        let Ok(members) = room.members_no_sync(RoomMemberships::JOIN | RoomMemberships::INVITE).await else {
            return false;
        };
        let is_own = |who: &UserId| self.client.user_id() == Some(who);
        let has_come =
            |member: &RoomMember| member.user_id() == reader && *member.membership() == MembershipState::Join;
        room.state() == RoomState::Joined
            && members.iter().all(|member| is_own(member.user_id()) || member.user_id() == reader)
            && members.iter().any(has_come)
    }

    /// Remembers that the first words were said there.
    pub fn greeted(&self, account: &Account) {
        self.remember(account, Kept { is_greeted: true, ..self.of(account) });
    }

    /// Remembers that somebody was called.
    pub fn called(&self, account: &Account) {
        let kept = self.of(account);
        self.remember(account, Kept { is_called: true, calls: kept.calls.saturating_add(1), ..kept });
    }

    /// Remembers what was said, over a stop too if the disk lets it: what is said once more after one is sent under the same id.
    fn remember(&self, account: &Account, kept: Kept) {
        if let Err(fault) = self.save(account, kept.clone()) {
            tracing::error!("what was said to one person alone cannot be written down: {fault}");
            self.lock().insert(account.clone(), kept);
        }
    }

    /// The room of somebody, made if there is none. Nothing while the session has not heard of it yet.
    async fn room(&self, account: &Account, user: &UserId) -> anyhow::Result<Option<Room>> {
        let mut kept = self.of(account);
        if let Some(id) = &kept.id {
            match self.client.get_room(id) {
                Some(room) if room.state() == RoomState::Joined => return Ok(Some(room)),
                // docket is out of it, and whoever let it out has it: another one is made.
                Some(_) => kept = Kept::default(),
                None => return Ok(None),
            }
        }
        if kept.nonce.is_empty() {
            let mut bytes = [0; 16];
            OsEntropy.fill(&mut bytes);
            kept.nonce = hex(&bytes);
            self.save(account, kept.clone())?;
            reach(Point::AlonePlanned);
        }
        let id = match place::made_before(&self.client, &kept.nonce).await? {
            Some(id) => id,
            None => {
                let own = self.client.user_id().context("docket is not logged in")?.to_owned();
                let people = [user.to_owned()];
                let plan = Plan { own: &own, people: &people, nonce: &kept.nonce };
                let mut request = plan.request(&self.client).await?;
                request.invite = Vec::new();
                request.name = Some(NAME.to_owned());
                let made = self.client.create_room(request).await.plain();
                let made = made.context("the homeserver does not make a room for one person")?;
                reach(Point::AloneMade);
                made.room_id().to_owned()
            }
        };
        kept.id = Some(id.clone());
        self.save(account, kept)?;
        reach(Point::AloneKept);
        Ok(self.client.get_room(&id))
    }

    fn of(&self, account: &Account) -> Kept {
        self.lock().get(account).cloned().unwrap_or_default()
    }

    fn save(&self, account: &Account, kept: Kept) -> Result<(), KeepFault> {
        let mut all = self.lock();
        let mut new = all.clone();
        new.insert(account.clone(), kept);
        self.keep.put(ALONE, &new, &mut OsEntropy)?;
        *all = new;
        Ok(())
    }

    fn lock(&self) -> MutexGuard<'_, BTreeMap<Account, Kept>> {
        // What is in it is whole whatever happened: it is put there in one step.
        self.kept.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// A message that says nothing of any case.
fn post(txn: String, called: Option<Account>, page: Page) -> Post {
    Post { mentions: called.into_iter().collect(), ..Post::new(txn, PostKind::Reminder, page) }
}
