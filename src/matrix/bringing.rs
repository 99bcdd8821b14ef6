//! A notice takes its next step: whether its user can be reached, a room of their own, an invitation, and once they have come the copy and
//! the words. Before each of them the desk is asked, and after each it is told.
//!
//! Every step finds what was done before: the room by a word in its creation, what was said in it by the mark that it carries. So there is
//! one room and one message whatever comes in between.

use std::collections::BTreeSet;
use std::time::Duration;

use anyhow::Context;
use matrix_sdk::ruma::api::client::membership::invite_user;
use matrix_sdk::ruma::events::AnyMessageLikeEventContent;
use matrix_sdk::ruma::serde::Raw;
use matrix_sdk::ruma::{OwnedUserId, RoomId, UserId};
use matrix_sdk::{Room, RoomState};
use tokio::sync::Mutex;

use super::content;
use super::fault::{HomeserverFault, Plain};
use super::mark;
use super::notices::{LOOK_AGAIN, Next, Notices};
use super::place::{self, Plan, State};
use super::reachable;
use super::to_user::{self, Packed, once, pack};
use super::user_keys::Keys;
use crate::case::{Account, CaseId, Step, Unreachable};
use crate::chat::text;
use crate::desk::{Input, Outcome, Parcel, Post, PostKind};
use crate::ops::OsEntropy;
use crate::ops::failpoint::{Point, reach};

/// The name under which is kept which rooms are being made.
const PLANS: &str = "notices";
/// What the room of a notice is called.
const NAME: &str = "A message for you";
/// One room is made at a time: which are being made is kept for all of them together.
static MAKING: Mutex<()> = Mutex::const_new(());
/// How many pages of such a room are looked through for what was said there.
const PAGES: usize = 5;
/// For how many devices something was sent that nobody put down.
const UNKNOWN: u32 = 0;
/// How long until is asked again what must not happen now.
const WAITS: Duration = Duration::from_secs(30);
/// How long until is looked whether the session has heard of a room that was just made.
const SOON: Duration = Duration::from_secs(2);

/// Whether it may take its next step.
enum May {
    /// It may, and this is what it says.
    Go(Box<Parcel>),
    /// The gate says no by now.
    Barred(Box<Parcel>),
    /// Not so.
    Not(Next),
}

impl Notices {
    /// Takes the next steps of a notice, as far as it comes.
    pub(super) async fn bring(&self, case: CaseId, account: &Account) -> anyhow::Result<Next> {
        let parcel = match self.may(case, account).await? {
            May::Go(parcel) => parcel,
            May::Barred(parcel) => return self.hold_back(case, account, &parcel).await,
            May::Not(next) => return Ok(next),
        };
        let own = self.client.user_id().context("docket is not logged in")?;
        let user = match UserId::parse(account.as_str()) {
            Ok(user) if user != own => user,
            Ok(_) | Err(_) => return self.cannot(case, account, Unreachable::NoAccount).await,
        };
        let room = match self.known(&parcel) {
            Some(room) => room,
            None => {
                let why = reachable::why_not(&self.client, self.synapse.as_ref(), &user).await?;
                if let Some(why) = why {
                    return self.cannot(case, account, why).await;
                }
                match self.room(&parcel, &user, case, account).await? {
                    Some(room) => room,
                    None => return Ok(Next::Again(SOON)),
                }
            }
        };
        let state = State::of(&self.client, room.room_id()).await?;
        let is_in = |membership: &str| state.with_membership(membership).contains(&user);
        let is_fit = is_as_made(&state, own, &user);
        // It may have been sent before that, and nobody put it down.
        if (!is_fit || is_in("leave"))
            && let Some(event) = self.sent_before(&room, &parcel).await?
        {
            self.steps(case, account, Step::Sent { devices: UNKNOWN, event }).await?;
            return Ok(Next::Over);
        }
        if !is_fit {
            return self.cannot(case, account, Unreachable::Changed).await;
        }
        if is_in("join") {
            self.steps(case, account, Step::Joined).await?;
            reach(Point::NoticeCame);
            reachable::listens(&self.client, &user).await?;
            return self.deliver(&room, &user, case, account).await;
        }
        let asked = self.desk.ask(Input::NoticeRoom(room.room_id().to_string())).await?;
        let has = |step: &Step| matches!(&asked, Outcome::NoticeRoom(Some(found)) if found.notice.has(step));
        // Nobody leaves a room of docket's into which it never asked them: it stopped before it could put down that it had.
        let is_first = matches!(&asked, Outcome::NoticeRoom(Some(found)) if !found.notice.was_tried_before());
        let was_invited = has(&Step::Invited) || has(&Step::Joined);
        if is_in("leave") && (was_invited || is_first) || is_in("ban") && was_invited {
            let step = if has(&Step::Joined) { Step::Left } else { Step::Declined };
            self.steps(case, account, step).await?;
            return Ok(Next::Over);
        }
        if is_in("ban") {
            return self.cannot(case, account, Unreachable::Server).await;
        }
        // Since they were invited the account may have gone.
        if is_in("invite")
            && let Some(why) = reachable::why_not(&self.client, self.synapse.as_ref(), &user).await?
        {
            return self.cannot(case, account, why).await;
        }
        if !is_in("invite") {
            match self.may(case, account).await? {
                May::Go(_) => {}
                May::Barred(parcel) => return self.hold_back(case, account, &parcel).await,
                May::Not(next) => return Ok(next),
            }
            match self.invite(&room, &user).await {
                Ok(()) => {}
                // What docket may not do because of its own account passes, or somebody on the host hears of it.
                Err(fault) if !fault.is_locked_out() && matches!(fault.status, Some(400 | 403 | 404)) => {
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
            Outcome::Barred(parcel) => May::Barred(parcel),
            Outcome::Stays => May::Not(Next::Again(WAITS)),
            _ => May::Not(Next::Over),
        })
    }

    /// The gate says no by now. It may have been sent before that, and nobody was told: then it is there.
    async fn hold_back(&self, case: CaseId, account: &Account, parcel: &Parcel) -> anyhow::Result<Next> {
        let sent = match self.known(parcel) {
            Some(room) => self.sent_before(&room, parcel).await?,
            None => None,
        };
        let step = sent.map_or(Step::HeldBack, |event| Step::Sent { devices: UNKNOWN, event });
        self.steps(case, account, step).await?;
        Ok(Next::Over)
    }

    /// The message by which its user was told, if it stands in their room.
    async fn sent_before(&self, room: &Room, parcel: &Parcel) -> anyhow::Result<Option<String>> {
        let own = self.client.user_id().context("docket is not logged in")?;
        let found = mark::look_back(room, own, PAGES, |_| false).await?;
        let said = found.posts.into_iter().find(|own| own.mark.txn == parcel.post.txn);
        Ok(said.map(|sent| sent.id))
    }

    /// The room that is on record, if docket is in it.
    fn known(&self, parcel: &Parcel) -> Option<Room> {
        let id = RoomId::parse(parcel.room.as_deref()?).ok()?;
        self.client.get_room(&id).filter(|room| room.state() == RoomState::Joined)
    }

    async fn invite(&self, room: &Room, user: &UserId) -> Result<(), HomeserverFault> {
        let request = invite_user::v3::Request::new(
            room.room_id().to_owned(),
            invite_user::v3::InvitationRecipient::UserId(invite_user::v3::InviteUserId::new(user.to_owned())),
        );
        let invited = self.client.send(request).with_request_config(once()).await.plain();
        reach(Point::NoticeInvited);
        invited.map(drop)
    }

    async fn cannot(&self, case: CaseId, account: &Account, why: Unreachable) -> anyhow::Result<Next> {
        self.steps(case, account, Step::Unreachable { why }).await?;
        Ok(Next::Over)
    }

    /// The room of a user of a case, made if it was not; none while the session has not heard of it.
    async fn room(
        &self,
        parcel: &Parcel,
        user: &UserId,
        case: CaseId,
        account: &Account,
    ) -> anyhow::Result<Option<Room>> {
        let _making = MAKING.lock().await;
        let word = parcel.word.as_str();
        let mut plans: BTreeSet<String> = self.keep.get(PLANS)?.unwrap_or_default();
        let mut made = place::known_by(&self.client, word).await;
        // The session may not have heard yet of one that is on record.
        if made.is_none() && (plans.contains(word) || parcel.room.is_some()) {
            made = place::made_before(&self.client, word).await?;
        } else if plans.insert(word.to_owned()) {
            self.keep.put(PLANS, &plans, &mut OsEntropy)?;
            reach(Point::NoticePlanned);
        }
        let id = match made {
            Some(id) => id,
            None => {
                match self.may(case, account).await? {
                    May::Go(_) => {}
                    May::Barred(_) | May::Not(_) => return Ok(None),
                }
                let own = self.client.user_id().context("docket is not logged in")?.to_owned();
                let people = [user.to_owned()];
                let plan = Plan { own: &own, people: &people, nonce: word };
                let mut request = plan.request(&self.client).await?;
                request.invite = Vec::new();
                request.name = Some(NAME.to_owned());
                let made = self.client.send(request).with_request_config(once()).await.plain();
                let made = made.context("the homeserver does not make a room for a notice")?;
                reach(Point::NoticeRoomMade);
                made.room_id
            }
        };
        self.steps(case, account, Step::Created { room: id.to_string() }).await?;
        reach(Point::NoticeRoomKept);
        plans.remove(word);
        self.keep.put(PLANS, &plans, &mut OsEntropy)?;
        Ok(self.client.get_room(&id).filter(|room| room.state() == RoomState::Joined))
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
            May::Barred(parcel) => return self.hold_back(case, account, &parcel).await,
            May::Not(next) => return Ok(next),
        };
        let post = Post { case: None, mentions: vec![account.clone()], ..parcel.post };
        let own = self.client.user_id().context("docket is not logged in")?;
        let found = mark::look_back(room, own, PAGES, |_| false).await?;
        let said = |txn: &str| found.posts.iter().find(|own| own.mark.txn == txn).map(|own| own.id.clone());
        if let Some(event) = said(&post.txn) {
            self.steps(case, account, Step::Sent { devices: UNKNOWN, event }).await?;
            reach(Point::NoticeTold);
            return Ok(Next::Over);
        }
        // What another device of docket's said there may be this very notice: better once than twice.
        if found.unreadable > 0 {
            return self.cannot(case, account, Unreachable::Unsure).await;
        }
        if !content::fits(&post, None)? {
            return self.cannot(case, account, Unreachable::Copy).await;
        }
        let txn = format!("{}-copy", post.txn);
        let copy = match said(&txn) {
            Some(_) => None,
            // While keys are lent nobody else is told anything, and this may take its time.
            None => match pack(&self.files, room, case, &post, &txn).await? {
                Packed::Never => return self.cannot(case, account, Unreachable::Copy).await,
                Packed::Nothing => None,
                Packed::Ready(content) => Some((content, txn)),
            },
        };
        reach(Point::NoticeUploaded);
        let given = Keys::give(&self.client, &self.desk, user).await?;
        let to = (room, user, given.devices());
        let sent = self.send_all(to, case, account, &post, copy).await;
        given.take_back().await;
        sent
    }

    /// What stands in the way right before something leaves: what the gate says, and who is in the room by then.
    async fn in_the_way(
        &self,
        room: &Room,
        user: &UserId,
        case: CaseId,
        account: &Account,
    ) -> anyhow::Result<Option<Next>> {
        let own = self.client.user_id().context("docket is not logged in")?;
        let state = State::of(&self.client, room.room_id()).await?;
        if !is_as_made(&state, own, user) {
            return self.cannot(case, account, Unreachable::Changed).await.map(Some);
        }
        // Whoever went reads nothing that is said after.
        if !state.with_membership("join").contains(user) {
            self.steps(case, account, Step::Left).await?;
            return Ok(Some(Next::Over));
        }
        Ok(match self.may(case, account).await? {
            May::Go(_) => None,
            May::Barred(parcel) => Some(self.hold_back(case, account, &parcel).await?),
            May::Not(next) => Some(next),
        })
    }

    /// The copy and the words, to devices that have the keys; the gate is asked before each.
    async fn send_all(
        &self,
        (room, user, devices): (&Room, &UserId, u32),
        case: CaseId,
        account: &Account,
        post: &Post,
        copy: Option<(Raw<AnyMessageLikeEventContent>, String)>,
    ) -> anyhow::Result<Next> {
        let in_the_way = || self.in_the_way(room, user, case, account);
        if devices == 0 {
            if let Some(next) = in_the_way().await? {
                return Ok(next);
            }
            let txn = format!("{}-verify", post.txn);
            to_user::say_in_clear(&self.client, room, &text::verify_first(), &txn).await?;
            return self.cannot(case, account, Unreachable::NoDevice).await;
        }
        if let Some((content, txn)) = copy {
            if let Some(next) = in_the_way().await? {
                return Ok(next);
            }
            to_user::send(room, content, &txn).await?;
        }
        reach(Point::NoticeCopied);
        // The last time: right before it leaves.
        if let Some(next) = in_the_way().await? {
            return Ok(next);
        }
        let event = to_user::say(room, post).await?;
        reach(Point::NoticeSent);
        self.steps(case, account, Step::Sent { devices, event }).await?;
        reach(Point::NoticeTold);
        Ok(Next::Over)
    }

    /// Answers whoever writes below a notice, once.
    pub(super) async fn answer_once(&self, room: &Room, user: &UserId, txn: &str) -> anyhow::Result<()> {
        let own = self.client.user_id().context("docket is not logged in")?;
        let found = mark::look_back(room, own, PAGES, |_| false).await?;
        if found.posts.iter().any(|own| own.mark.txn == txn) {
            return Ok(());
        }
        let given = Keys::give(&self.client, &self.desk, user).await?;
        let post = Post::new(txn.to_owned(), PostKind::Reply, text::answered_there());
        let sent = to_user::say(room, &post).await;
        given.take_back().await;
        sent?;
        reach(Point::NoticeAnswered);
        Ok(())
    }
}

/// Whether nobody but docket and its user is in a room, or asked to be, and what is said there is encrypted.
fn is_as_made(state: &State, own: &UserId, user: &UserId) -> bool {
    let is_other = |who: &OwnedUserId| who != own && who != user;
    let others = |membership: &str| state.with_membership(membership).iter().any(is_other);
    state.is_encrypted() && !others("join") && !others("invite")
}
