//! Notices on their way to users, beside everything else: which of them is due to be looked at, and what happens in rooms that were made for
//! one. How one takes its next step is said in `bringing`.
//!
//! Of each server one user at a time is seen to, and of all servers together: one that is away keeps nobody of another waiting.
//!
//! Nothing is remembered here that is not on record: after a stop the desk hands out again what is on its way, and each step looks first at
//! how far the room is.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};

use matrix_sdk::Client;
use matrix_sdk::ruma::{OwnedRoomId, UserId};
use matrix_sdk::sync::JoinedRoomUpdate;
use serde_json::Value;
use tokio::sync::mpsc::{UnboundedReceiver, UnboundedSender};
use tokio::task::JoinSet;

use super::alarm::Broke;
use super::desk::DeskHandle;
use super::fault::is_session_gone;
use super::inbound::now;
use super::keep::Keep;
use super::outbound::{Out, put};
use crate::case::{Account, CaseId, Step};
use crate::config::Synapse;
use crate::desk::{Input, Outcome, Post, Stopped};
use crate::ports::Files;

/// How long until something is tried again that failed, at first and at most.
const FIRST_WAIT: Duration = Duration::from_secs(2);
const LONGEST_WAIT: Duration = Duration::from_secs(600);
/// How long until is looked again at what something tells of when it happens.
pub(super) const LOOK_AGAIN: Duration = Duration::from_secs(3600);

/// Something to do for a notice.
#[derive(Debug)]
pub enum Errand {
    /// One is on its way.
    Bring(Box<Post>),
    /// Something happened in a room that is neither the moderation room nor that of one moderator alone.
    Look(OwnedRoomId, Happened),
}

/// What happened in a room.
#[derive(Debug, Default)]
pub struct Happened {
    /// Who said something.
    said: Vec<String>,
    /// Who has read which message.
    read: Vec<(String, String)>,
    /// Whether somebody came or went.
    is_anybody_moved: bool,
    /// Whether that was while the notice was on its way: who said something then need not have read it.
    is_early: bool,
}

impl Happened {
    /// Takes in what happened while the notice was on its way.
    fn and(&mut self, more: Happened) {
        self.said.extend(more.said);
        self.read.extend(more.read);
        self.is_anybody_moved |= more.is_anybody_moved;
        self.is_early = true;
    }

    /// What a sync tells of it.
    pub fn of(came: &JoinedRoomUpdate) -> Happened {
        let mut happened = Happened::default();
        let text = |event: &Value, key: &str| event.get(key).and_then(Value::as_str).map(str::to_owned);
        for event in &came.timeline.events {
            let Ok(event) = event.raw().deserialize_as_unchecked::<Value>() else { continue };
            match text(&event, "type").as_deref() {
                Some("m.room.member") => happened.is_anybody_moved = true,
                Some("m.room.message" | "m.room.encrypted") => happened.said.extend(text(&event, "sender")),
                _ => {}
            }
        }
        happened.is_anybody_moved |= super::watch::changes_state(came);
        for event in &came.ephemeral {
            let Ok(event) = event.deserialize_as_unchecked::<Value>() else { continue };
            for (id, receipts) in event.get("content").and_then(Value::as_object).into_iter().flatten() {
                let who = receipts.as_object().into_iter().flat_map(|receipts| receipts.values());
                let who = who.filter_map(Value::as_object).flat_map(|who| who.keys());
                happened.read.extend(who.map(|who| (who.clone(), id.clone())));
            }
        }
        happened
    }
}

/// Brings notices to users.
pub struct Notices {
    /// docket's session.
    pub client: Client,
    /// The desk.
    pub desk: DeskHandle,
    /// Where is kept which rooms are being made.
    pub keep: Arc<Keep>,
    /// The files that go with them.
    pub files: Arc<Mutex<dyn Files>>,
    /// Who knows whether an account is there at all.
    pub synapse: Option<Synapse>,
    /// Where goes what the moderation room is to hear.
    pub out: UnboundedSender<Out>,
}

/// What follows for a notice.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Next {
    /// Nothing: it is there, or it is not on its way any more.
    Over,
    /// It is looked at again after so long.
    Again(Duration),
}

/// When a notice is looked at next.
struct Due {
    at: Instant,
    /// How long is waited after the next fault.
    wait: Duration,
}

impl Notices {
    /// Works until the task is ended.
    pub async fn run(self, mut errands: UnboundedReceiver<Errand>) -> anyhow::Result<()> {
        let all = Arc::new(self);
        let mut waiting: BTreeMap<(CaseId, Account), Due> = BTreeMap::new();
        let mut busy: BTreeSet<String> = BTreeSet::new();
        let mut at_work = JoinSet::new();
        // What happened while a notice was on its way: the proof of it goes on from there once it is done.
        let mut meanwhile: BTreeMap<(CaseId, Account), (OwnedRoomId, Happened)> = BTreeMap::new();
        let at_once = || Due { at: now(), wait: FIRST_WAIT };
        loop {
            let is_free = |account: &Account| !busy.contains(account.server());
            let next = waiting.iter().filter(|((_, account), _)| is_free(account));
            let next = next.min_by_key(|(_, due)| due.at);
            let next = next.map(|(which, due)| (which.clone(), due.at.saturating_duration_since(now())));
            tokio::select! {
                biased;
                errand = errands.recv() => match errand {
                    None => return Ok(()),
                    Some(Errand::Bring(post)) => {
                        waiting.extend(post.case.zip(post.only).map(|which| (which, at_once())));
                    }
                    Some(Errand::Look(room, happened)) => match all.looked(&room, &happened).await {
                        Ok(None) => {}
                        Ok(Some(which)) => {
                            let kept = meanwhile.entry(which.clone()).or_insert_with(|| (room, Happened::default()));
                            kept.1.and(happened);
                            waiting.insert(which, at_once());
                        }
                        Err(fault) if is_over(&fault) => return Err(fault),
                        Err(fault) => tracing::warn!("a room that was made for a notice cannot be looked at: {fault:#}"),
                    },
                },
                Some(ended) = at_work.join_next() => {
                    let (which, wait, next): ((CaseId, Account), Duration, anyhow::Result<Next>) = ended.map_err(|_| Broke)?;
                    busy.remove(which.1.server());
                    let due = match next {
                        Ok(Next::Over) => {
                            if let Some((room, happened)) = meanwhile.remove(&which)
                                && let Err(fault) = all.looked(&room, &happened).await
                            {
                                if is_over(&fault) {
                                    return Err(fault);
                                }
                                tracing::warn!("a room that was made for a notice cannot be looked at: {fault:#}");
                            }
                            continue;
                        }
                        Ok(Next::Again(after)) => Due { at: now() + after, wait: FIRST_WAIT },
                        Err(fault) if is_over(&fault) => return Err(fault),
                        Err(fault) => {
                            tracing::warn!("a notice cannot take its next step: {fault:#}; trying again");
                            Due { at: now() + wait, wait: (wait * 2).min(LONGEST_WAIT) }
                        }
                    };
                    // Where something happened in its room meanwhile it is looked at before that.
                    waiting.entry(which).or_insert(due);
                }
                () = tokio::time::sleep(next.as_ref().map_or(LOOK_AGAIN, |(_, after)| *after)) => {
                    let Some((which, _)) = next else { continue };
                    let Some(Due { wait, .. }) = waiting.remove(&which) else { continue };
                    busy.insert(which.1.server().to_owned());
                    let all = Arc::clone(&all);
                    at_work.spawn(async move {
                        let next = all.bring(which.0, &which.1).await;
                        (which, wait, next)
                    });
                }
            }
        }
    }

    /// What happened in a room, if it was made for a notice: one that is on its way is to be looked at, of one that is there the proof goes on.
    async fn looked(
        &self,
        room: &OwnedRoomId,
        happened: &Happened,
    ) -> anyhow::Result<Option<(CaseId, Account)>> {
        let Outcome::NoticeRoom(Some(found)) = self.desk.ask(Input::NoticeRoom(room.to_string())).await?
        else {
            return Ok(None);
        };
        if found.notice.is_on_its_way() {
            return Ok(Some((found.case, found.account)));
        }
        let Some(room) = self.client.get_room(room) else { return Ok(None) };
        let sent = found.notice.sent();
        let user = found.account.as_str();
        let has_said = happened.said.iter().any(|who| who == user);
        let has_read = happened.read.iter().any(|(who, what)| who == user && Some(what.as_str()) == sent);
        if sent.is_some() && (has_said && !happened.is_early || has_read) {
            self.steps(found.case, &found.account, Step::Read).await?;
        }
        if has_said
            && !found.notice.has(&Step::Replied)
            && let Ok(user) = UserId::parse(user)
        {
            // Whoever was not told is not to learn that there was something.
            if sent.is_some() {
                self.answer_once(&room, &user, &found.reply).await?;
            }
            self.steps(found.case, &found.account, Step::Replied).await?;
        }
        if happened.is_anybody_moved
            && sent.is_some()
            && let Ok(user) = UserId::parse(user)
            && super::place::State::of(&self.client, room.room_id())
                .await?
                .with_membership("leave")
                .contains(&user)
        {
            self.steps(found.case, &found.account, Step::Left).await?;
        }
        Ok(None)
    }

    /// Puts a step on record, and has the room hear what there is to hear of it.
    pub(super) async fn steps(&self, case: CaseId, account: &Account, step: Step) -> anyhow::Result<()> {
        let stepped = Input::Stepped { case, account: account.clone(), step };
        match self.desk.ask(stepped).await? {
            Outcome::Posts(posts) => Ok(put(&self.out, posts, None)?),
            Outcome::Stays => anyhow::bail!("it cannot be put on record now"),
            _ => Ok(()),
        }
    }
}

/// Whether trying again cannot help.
fn is_over(fault: &anyhow::Error) -> bool {
    is_session_gone(fault) || fault.chain().any(|cause| cause.is::<Stopped>())
}
