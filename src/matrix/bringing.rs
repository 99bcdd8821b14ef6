//! A notice takes its next step: whether its user can be reached, a room of their own, an invitation, and once they have come the copy and
//! the words. Before each of them the desk is asked, and after each it is told.
//!
//! Every step finds what was done before: the room by a word in its creation, what was said in it by the mark that it carries. So there is
//! one room and one message whatever comes in between.

use std::collections::BTreeSet;

use anyhow::Context;
use matrix_sdk::ruma::api::client::message::send_message_event;
use matrix_sdk::ruma::events::MessageLikeEventType;
use matrix_sdk::ruma::serde::Raw;
use matrix_sdk::ruma::{OwnedTransactionId, RoomId, UserId};
use matrix_sdk::{Room, RoomState};
use matrix_sdk_crypto::LocalTrust;
use serde_json::json;

use super::content::{self, Form, content};
use super::fault::Plain;
use super::long;
use super::mark::{self, Mark};
use super::notices::{LOOK_AGAIN, Next, Notices};
use super::place::{self, Plan, State};
use super::reachable;
use crate::case::{Account, CaseId, Copied, Step, Unreachable};
use crate::chat::text;
use crate::desk::{Input, Outcome, Parcel, Post, PostKind};
use crate::ops::OsEntropy;
use crate::ops::failpoint::{Point, reach};

/// The name under which is kept which rooms are being made.
const PLANS: &str = "notices";
/// What the room of a notice is called.
const NAME: &str = "A message for you";
/// How many pages of such a room are looked through for what was said there.
const PAGES: usize = 5;
/// How long until is asked again what must not happen now.
const WAITS: std::time::Duration = std::time::Duration::from_secs(30);

/// Whether it may take its next step.
enum May {
    /// It may, and this is what it says.
    Go(Box<Parcel>),
    /// Not so.
    Not(Next),
}

impl Notices {
    /// Takes the next steps of a notice, as far as it comes.
    pub(super) async fn bring(&self, case: CaseId, account: &Account) -> anyhow::Result<Next> {
        let parcel = match self.may(case, account).await? {
            May::Go(parcel) => parcel,
            May::Not(next) => return Ok(next),
        };
        let Ok(user) = UserId::parse(account.as_str()) else {
            return self.cannot(case, account, Unreachable::NoAccount).await;
        };
        let room = match parcel.room.as_deref().map(RoomId::parse) {
            Some(Ok(id)) => match self.client.get_room(&id) {
                Some(room) if room.state() == RoomState::Joined => room,
                // The session has not heard of it yet.
                None => return Ok(Next::Again(WAITS)),
                Some(_) => return self.cannot(case, account, Unreachable::Server).await,
            },
            Some(Err(_)) | None => {
                let why = reachable::why_not(&self.client, self.synapse.as_ref(), &user).await?;
                if let Some(why) = why {
                    return self.cannot(case, account, why).await;
                }
                match self.room(&parcel.post.txn, &user, case, account).await? {
                    Some(room) => room,
                    None => return Ok(Next::Again(WAITS)),
                }
            }
        };
        let state = State::of(&self.client, room.room_id()).await?;
        let own = self.client.user_id().context("docket is not logged in")?;
        let is_other = |who: &matrix_sdk::ruma::OwnedUserId| who != own && *who != user;
        let is_in = |membership: &str| state.with_membership(membership).contains(&user);
        if !state.is_encrypted()
            || ["join", "invite"].iter().any(|it| state.with_membership(it).iter().any(is_other))
        {
            tracing::error!("the room of a notice is not as it was made: nothing is said there");
            return Ok(Next::Again(LOOK_AGAIN));
        }
        if is_in("join") {
            self.steps(case, account, Step::Joined).await?;
            reach(Point::NoticeCame);
            return self.deliver(&room, &user, case, account).await;
        }
        if is_in("leave") || is_in("ban") {
            let asked = self.desk.ask(Input::NoticeRoom(room.room_id().to_string())).await?;
            let has_come = match asked {
                Outcome::NoticeRoom(Some(found)) => found.notice.has(&Step::Joined),
                _ => false,
            };
            self.steps(case, account, if has_come { Step::Left } else { Step::Declined }).await?;
            return Ok(Next::Over);
        }
        if !is_in("invite") {
            if let May::Not(next) = self.may(case, account).await? {
                return Ok(next);
            }
            let invitation = json!({ "membership": "invite", "is_direct": true });
            let invited = room.send_state_event_raw("m.room.member", user.as_str(), invitation).await.plain();
            reach(Point::NoticeInvited);
            match invited {
                Ok(_) => {}
                Err(fault) if matches!(fault.status, Some(400 | 403 | 404)) => {
                    return self.cannot(case, account, Unreachable::Server).await;
                }
                Err(fault) => return Err(fault.into()),
            }
        }
        self.steps(case, account, Step::Invited).await?;
        reach(Point::NoticeInvitedKept);
        Ok(Next::Again(LOOK_AGAIN))
    }

    /// Asks the desk, right before something is asked of a homeserver.
    async fn may(&self, case: CaseId, account: &Account) -> anyhow::Result<May> {
        Ok(match self.desk.ask(Input::MayTell(case, account.clone())).await? {
            Outcome::Tells(parcel) => May::Go(parcel),
            Outcome::Stays => May::Not(Next::Again(WAITS)),
            Outcome::Posts(posts) => {
                super::outbound::put(&self.out, posts, None)?;
                May::Not(Next::Over)
            }
            _ => May::Not(Next::Over),
        })
    }

    async fn cannot(&self, case: CaseId, account: &Account, why: Unreachable) -> anyhow::Result<Next> {
        self.steps(case, account, Step::Unreachable { why }).await?;
        Ok(Next::Over)
    }

    /// The room of a notice, made if it was not: `word` is that by which it is known again.
    async fn room(
        &self,
        word: &str,
        user: &UserId,
        case: CaseId,
        account: &Account,
    ) -> anyhow::Result<Option<Room>> {
        let mut plans: BTreeSet<String> = self.keep.get(PLANS)?.unwrap_or_default();
        let made = match plans.contains(word) {
            true => place::made_before(&self.client, word).await?,
            false => {
                plans.insert(word.to_owned());
                self.keep.put(PLANS, &plans, &mut OsEntropy)?;
                reach(Point::NoticePlanned);
                None
            }
        };
        let id = match made {
            Some(id) => id,
            None => {
                if let May::Not(_) = self.may(case, account).await? {
                    return Ok(None);
                }
                let own = self.client.user_id().context("docket is not logged in")?.to_owned();
                let people = [user.to_owned()];
                let plan = Plan { own: &own, people: &people, nonce: word };
                let mut request = plan.request(&self.client).await?;
                request.invite = Vec::new();
                request.name = Some(NAME.to_owned());
                let made = self.client.create_room(request).await.plain();
                let made = made.context("the homeserver does not make a room for a notice")?;
                reach(Point::NoticeRoomMade);
                made.room_id().to_owned()
            }
        };
        self.steps(case, account, Step::Created { room: id.to_string() }).await?;
        reach(Point::NoticeRoomKept);
        plans.remove(word);
        self.keep.put(PLANS, &plans, &mut OsEntropy)?;
        Ok(self.client.get_room(&id))
    }

    /// They are there: the copy, and then the words.
    async fn deliver(
        &self,
        room: &Room,
        user: &UserId,
        case: CaseId,
        account: &Account,
    ) -> anyhow::Result<Next> {
        let parcel = match self.may(case, account).await? {
            May::Go(parcel) => parcel,
            May::Not(next) => return Ok(next),
        };
        let post = Post { case: None, mentions: vec![account.clone()], ..parcel.post };
        let own = self.client.user_id().context("docket is not logged in")?;
        let found = mark::look_back(room, own, PAGES, |_| false).await?;
        let said = |txn: &str| found.posts.iter().find(|own| own.mark.txn == txn).map(|own| own.id.clone());
        let devices = self.give_keys(user).await?;
        let event = match said(&post.txn) {
            Some(event) => event,
            None if devices == 0 => {
                self.say_in_clear(room, &post.txn).await?;
                return self.cannot(case, account, Unreachable::NoDevice).await;
            }
            None => {
                let copy = format!("{}-copy", post.txn);
                if said(&copy).is_none() && !self.send_copy(room, case, &post, &copy).await? {
                    return self.cannot(case, account, Unreachable::Copy).await;
                }
                reach(Point::NoticeCopied);
                // The last time: right before it leaves.
                if let May::Not(next) = self.may(case, account).await? {
                    return Ok(next);
                }
                self.send(room, &post).await?
            }
        };
        reach(Point::NoticeSent);
        self.steps(case, account, Step::Sent { devices, event }).await?;
        reach(Point::NoticeTold);
        Ok(Next::Over)
    }

    /// Has the devices that the user's own identity signs be given keys, and no others; how many there are.
    async fn give_keys(&self, user: &UserId) -> anyhow::Result<u32> {
        let encryption = self.client.encryption();
        encryption.request_user_identity(user).await?;
        let mut given = 0;
        for device in encryption.get_user_devices(user).await?.devices() {
            let is_theirs = device.is_cross_signed_by_owner() && !device.is_blacklisted();
            let wanted = if is_theirs { LocalTrust::Verified } else { LocalTrust::BlackListed };
            if device.local_trust_state() != wanted {
                device.set_local_trust(wanted).await?;
            }
            given += u32::from(is_theirs);
        }
        Ok(given)
    }

    /// Sends the copy, if there is one; whether there is nothing in its way for good.
    async fn send_copy(&self, room: &Room, case: CaseId, post: &Post, txn: &str) -> anyhow::Result<bool> {
        let Some(name) = text::copy_name(&post.enclosed) else { return Ok(true) };
        let (bytes, mime) = match &post.enclosed {
            Copied::Nothing => return Ok(true),
            Copied::Lines { lines } => (text::copy_text(lines).into_bytes(), "text/plain".to_owned()),
            Copied::File { file } => {
                let (files, blob) = (std::sync::Arc::clone(&self.files), file.blob.clone());
                let open = move || files.lock().ok()?.open(case, &blob).ok();
                match tokio::task::spawn_blocking(open).await.ok().flatten() {
                    Some(bytes) => (bytes, file.mime.clone()),
                    None => {
                        tracing::error!("{case}: the redacted copy of a notice cannot be opened");
                        return Ok(false);
                    }
                }
            }
        };
        let file = match long::upload(room, &bytes).await {
            Ok(file) => file,
            Err(fault) if fault.is_for_good() => return Ok(false),
            Err(fault) => anyhow::bail!("the copy of a notice is not taken: {fault:?}"),
        };
        reach(Point::NoticeUploaded);
        let mark = Mark { txn: txn.to_owned(), stand: None };
        let content = content::of_file(post, None, (&name, &mime), bytes.len(), &file, &mark)?;
        match long::send(room, content, &OwnedTransactionId::from(txn)).await {
            Ok(()) => Ok(true),
            Err(fault) => anyhow::bail!("the copy of a notice is not taken: {fault:?}"),
        }
    }

    /// Sends a message, encrypted or not at all.
    async fn send(&self, room: &Room, post: &Post) -> anyhow::Result<String> {
        if !room.latest_encryption_state().await.plain()?.is_encrypted() {
            anyhow::bail!("the room of a notice is not known to be encrypted: nothing is sent");
        }
        let content = content(post, None, Form::Whole, &Mark { txn: post.txn.clone(), stand: None })?;
        let txn = OwnedTransactionId::from(post.txn.clone());
        let sent = room.send_raw("m.room.message", content).with_transaction_id(&txn).await.plain()?;
        Ok(sent.response.event_id.to_string())
    }

    /// Tells somebody whose devices nobody vouches for that there is something for them, and nothing of what.
    async fn say_in_clear(&self, room: &Room, txn: &str) -> anyhow::Result<()> {
        let content = json!({ "msgtype": "m.notice", "body": text::VERIFY_FIRST, "m.mentions": {} });
        let request = send_message_event::v3::Request::new_raw(
            room.room_id().to_owned(),
            OwnedTransactionId::from(format!("{txn}-verify")),
            MessageLikeEventType::RoomMessage,
            Raw::from_json(serde_json::value::to_raw_value(&content)?),
        );
        self.client.send(request).await.plain()?;
        Ok(())
    }

    /// Answers whoever writes below a notice, once.
    pub(super) async fn answer_once(&self, room: &Room, txn: &str) -> anyhow::Result<()> {
        let own = self.client.user_id().context("docket is not logged in")?;
        let found = mark::look_back(room, own, PAGES, |_| false).await?;
        if found.posts.iter().any(|own| own.mark.txn == txn) {
            return Ok(());
        }
        self.send(room, &Post::new(txn.to_owned(), PostKind::Reply, text::answered_there())).await?;
        reach(Point::NoticeAnswered);
        Ok(())
    }
}
