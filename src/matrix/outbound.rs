//! What docket says, in the order in which it says it: one message at a time, again under the same transaction until the
//! homeserver has it, and only then is the desk told.

use std::collections::VecDeque;
use std::sync::Arc;
use std::time::Duration;

use matrix_sdk::Room;
use matrix_sdk::ruma::{OwnedRoomId, OwnedTransactionId, UserId};
use tokio::sync::mpsc::{UnboundedReceiver, UnboundedSender};
use tokio::sync::watch;

use super::alarm::{Bell, Cause};
use super::alone::Alone;
use super::aside::{Aside, LOOK_AGAIN};
use super::cards::{self, Edited};
use super::content::{Form, content};
use super::cursor::Cursor;
use super::desk::DeskHandle;
use super::fault::Plain;
use super::greeting;
use super::hold::Waiting;
use super::keep::Keep;
use super::long;
use super::mark::{Mark, Numbers};
use super::sought::{Doubt, Sought};
use crate::case::{Goes, Order, OrderId};
use crate::desk::{Input, Outcome, Post, PostKind, Reading};
use crate::ops::failpoint::{Point, reach};
use crate::ops::{OsEntropy, SystemClock};
use crate::ports::Clock;

/// The name under which is kept how far was read.
pub const CURSOR: &str = "cursor";
/// How long to wait before the next try, at first and at most.
const FIRST_WAIT: Duration = Duration::from_millis(250);
const LONGEST_WAIT: Duration = Duration::from_secs(30);

/// What goes out.
#[derive(Debug)]
pub enum Out {
    /// A message; `thread` is the root of the thread in which it was asked for.
    Post {
        /// The message.
        post: Box<Post>,
        /// The thread's root.
        thread: Option<String>,
    },
    /// The answer to what one person typed in the room that is theirs alone.
    Alone {
        /// The message.
        post: Box<Post>,
        /// The thread's root.
        thread: Option<String>,
        /// The room.
        room: OwnedRoomId,
    },
    /// The first words in the room.
    Greet(Box<Post>),
    /// Somebody may have come into the room that is theirs alone.
    Again,
    /// Everything up to this token is handled and answered.
    Read(Cursor),
    /// A message that could not be read at first is handled and answered.
    Settled(String),
}

/// Under what condition a message may leave.
#[derive(Clone, Copy)]
pub(super) enum May<'a> {
    /// While so much may leave for the moderation room.
    As(Goes),
    /// While nobody but this one is in the room that is theirs.
    Alone(&'a UserId),
    /// It says nothing of any case.
    SaysNothing,
}

/// What became of a message that was to be sent.
enum Sending {
    /// It is in the room, under this id.
    At(String),
    /// It may not leave any more.
    Held,
    /// What it takes the place of is gone.
    Nowhere(String),
}

/// Sends, one after the other, until nobody has anything to send any more.
pub struct Outbound {
    /// The moderation room.
    pub room: Room,
    /// The desk.
    pub desk: DeskHandle,
    /// The rooms of one person each.
    pub alone: Arc<Alone>,
    /// Where how far was read is kept.
    pub keep: Arc<Keep>,
    /// Numbers what is sent to the moderation room.
    pub numbers: Arc<Numbers>,
    /// What was sent before this start.
    pub sought: Sought,
    /// What may leave for the room.
    pub goes: watch::Receiver<Goes>,
    /// What is rung when the room is not encrypted.
    pub bell: Bell,
    /// Becomes true when docket is told to stop.
    pub stopped: watch::Receiver<bool>,
}

impl Outbound {
    /// Sends until docket is told to stop. What the homeserver does not take is tried again and again.
    pub async fn run(mut self, mut queue: UnboundedReceiver<Out>) -> anyhow::Result<()> {
        let mut waiting = Waiting::default();
        let (mut aside, mut edited) = (Aside::default(), Edited::default());
        loop {
            if self.stopped.has_changed().unwrap_or(true) {
                return Ok(());
            }
            while let Ok(more) = queue.try_recv() {
                waiting.queue.push_back(more);
            }
            let goes = *self.goes.borrow_and_update();
            let Some(out) = waiting.next(goes) else {
                // While nobody waits for anything.
                if let Some(card) = edited.unseen() {
                    waiting.queue.extend(self.looked_at(&card).await.into_iter().map(Out::from));
                    continue;
                }
                tokio::select! {
                    biased;
                    _ = self.stopped.changed() => return Ok(()),
                    // Nobody looks at the room any more: docket is ending.
                    looked = self.goes.changed() => if looked.is_err() { return Ok(()) },
                    out = queue.recv() => match out {
                        Some(out) => waiting.queue.push_back(out),
                        None => return Ok(()),
                    },
                    () = tokio::time::sleep(LOOK_AGAIN), if !aside.is_empty() => {
                        waiting.queue.push_back(Out::Again);
                    }
                }
                continue;
            };
            let Some(out) = newest(out, &mut waiting.queue) else { continue };
            if self.stays(&out).await? {
                continue;
            }
            let follows = match out {
                // Where it cannot be written down, what lies behind is read again at the next start, and known.
                Out::Read(cursor) => {
                    reach(Point::PlaceMoving);
                    let cursor = Cursor { posts: self.numbers.given(), ..cursor };
                    if let Err(fault) = self.keep.put(CURSOR, &cursor, &mut OsEntropy) {
                        tracing::warn!("how far was read cannot be written down: {fault}");
                    }
                    reach(Point::PlaceMoved);
                    continue;
                }
                Out::Settled(id) => {
                    self.desk.ask(Input::Reading(Reading::Settled(id))).await?;
                    continue;
                }
                Out::Greet(post) => {
                    if self.deliver(&self.room, &post, None, May::SaysNothing).await?.is_some() {
                        reach(Point::GreetingSent);
                        if let Err(fault) = greeting::greeted(&self.keep) {
                            tracing::warn!("that the room was greeted cannot be written down: {fault}");
                        }
                    }
                    continue;
                }
                Out::Again => aside.again(&self.desk).await?,
                Out::Alone { post, thread, room } => {
                    aside.deliver(&self, *post, Some((thread.as_deref(), &*room))).await?
                }
                Out::Post { post, .. } if post.only.is_some() => aside.deliver(&self, *post, None).await?,
                Out::Post { post, thread } => {
                    let may = May::As(goes);
                    let Some(follows) = self.deliver(&self.room, &post, thread.as_deref(), may).await? else {
                        waiting.queue.push_front(Out::Post { post, thread });
                        continue;
                    };
                    if let Some(card) = &post.edits {
                        edited.put(card);
                    }
                    follows
                }
            };
            waiting.queue.extend(follows.into_iter().map(Out::from));
        }
    }

    /// Sends a message to a room and tells the desk; what that brings, an edit of a card that has changed meanwhile, goes behind what waits.
    /// Nothing if it was not sent, because it may not leave any more.
    pub(super) async fn deliver(
        &self,
        room: &Room,
        post: &Post,
        thread: Option<&str>,
        may: May<'_>,
    ) -> anyhow::Result<Option<Vec<Post>>> {
        reach(Point::Sending);
        if let Some(id) = self.sought.sent_before(room, post).await {
            tracing::info!(event = id, "what is owed was sent before and is in the room already");
            return self.sent(post, &id).await.map(Some);
        }
        match self.send(room, post, thread, may).await? {
            Sending::At(id) => self.sent(post, &id).await.map(Some),
            Sending::Held => Ok(None),
            Sending::Nowhere(card) => {
                let mut follows = self.looked_at(&card).await;
                follows.extend(self.told(post, None).await?);
                Ok(Some(follows))
            }
        }
    }

    /// What follows where a card is found to be gone.
    async fn looked_at(&self, card: &str) -> Vec<Post> {
        match cards::look(&self.room, &self.desk, card).await {
            Ok(follows) => follows.unwrap_or_default(),
            Err(fault) => {
                tracing::warn!(event = card, "a card could not be looked at: {fault}");
                Vec::new()
            }
        }
    }

    /// Whether something may leave for a room, asked before each try: while one waits for the next, somebody may come.
    pub(super) async fn may_leave(&self, room: &Room, may: May<'_>) -> bool {
        match may {
            May::As(goes) => *self.goes.borrow() == goes,
            May::Alone(reader) => self.alone.is_theirs(room, reader).await,
            May::SaysNothing => true,
        }
    }

    /// Whether it stays here, for the desk is held: what is owed comes again once it goes on.
    async fn stays(&self, out: &Out) -> anyhow::Result<bool> {
        let (Out::Post { post, .. } | Out::Alone { post, .. }) = out else { return Ok(false) };
        if post.orders.is_empty() {
            return Ok(false);
        }
        Ok(matches!(self.desk.ask(Input::Leaving(post.orders.clone())).await?, Outcome::Stays))
    }

    /// What a message to a room carries beside its words: in the moderation room also how much is on record by now.
    pub(super) async fn mark(&self, room: &Room, txn: String) -> anyhow::Result<Mark> {
        let stand = match room.room_id() == self.room.room_id() {
            true => match self.desk.ask(Input::Leaving(Vec::new())).await? {
                Outcome::Leaves(head) => Some(self.numbers.next(head)),
                _ => None,
            },
            false => None,
        };
        Ok(Mark { txn, stand })
    }

    async fn sent(&self, post: &Post, id: &str) -> anyhow::Result<Vec<Post>> {
        reach(Point::Sent);
        let follows = self.told(post, Some(id)).await?;
        reach(Point::SentTold);
        Ok(follows)
    }

    /// Tells the desk that a post is carried out, and by which message; by none where there was nothing left to say.
    async fn told(&self, post: &Post, id: Option<&str>) -> anyhow::Result<Vec<Post>> {
        if post.orders.is_empty() {
            return Ok(Vec::new());
        }
        let done = post.orders.iter().map(|order| (*order, id.and_then(|id| card_of(*order, post, id))));
        Ok(match self.desk.ask(Input::Delivered(done.collect())).await? {
            Outcome::Posts(posts) => posts,
            _ => Vec::new(),
        })
    }

    /// Sends until it is sent, or until it may not leave any more.
    async fn send(
        &self,
        room: &Room,
        post: &Post,
        thread: Option<&str>,
        may: May<'_>,
    ) -> anyhow::Result<Sending> {
        let brief = long::as_file(self, room, post, thread, may).await?;
        let post = brief.as_ref().unwrap_or(post);
        let mark = self.mark(room, post.txn.clone()).await?;
        let (mut form, mut doubt) = (Form::Whole, Doubt::default());
        let mut wait = FIRST_WAIT;
        loop {
            if !self.may_leave(room, may).await {
                return Ok(Sending::Held);
            }
            let mut pause = wait;
            // Nothing leaves in clear, whatever the homeserver says of the room by now.
            let state = room.latest_encryption_state().await;
            if state.is_ok_and(|state| state.is_encrypted()) {
                match self.sought.became(room, &post.txn, &mut doubt).await {
                    Ok(Some(id)) => return Ok(Sending::At(id)),
                    Ok(None) => {}
                    Err(fault) => {
                        tracing::warn!(
                            "what became of a message cannot be looked for: {fault}; trying again"
                        );
                        tokio::time::sleep(fault.pause(wait)).await;
                        wait = (wait * 2).min(LONGEST_WAIT);
                        continue;
                    }
                }
                let content = content(post, thread, form, &mark)?;
                let txn = OwnedTransactionId::from(format!("{}{}", post.txn, form.mark()));
                let sent = room.send_raw("m.room.message", content).with_transaction_id(&txn).await.plain();
                match (sent, form.plainer()) {
                    (Ok(sent), _) => return Ok(Sending::At(sent.response.event_id.to_string())),
                    // It takes this one never: too long, or about a message that it does not know.
                    (Err(fault), Some(plainer)) if matches!(fault.status, Some(400 | 413)) => {
                        if let Some(card) = &post.edits
                            && cards::is_gone(room, card).await.unwrap_or(false)
                        {
                            return Ok(Sending::Nowhere(card.clone()));
                        }
                        tracing::warn!("a message was refused ({fault}) and is sent plainer");
                        form = plainer;
                        continue;
                    }
                    (Err(fault), _) => {
                        tracing::warn!("a message was not taken ({fault}) and is sent again");
                        doubt.failed(&fault, SystemClock.now());
                        pause = fault.pause(wait);
                        // Of a suspended account the homeserver is heard as ever, and takes nothing.
                        let fault = anyhow::Error::from(fault);
                        if let Some(cause @ Cause::Deactivated) = Cause::of(&fault) {
                            drop(self.bell.ring(cause));
                        }
                    }
                }
            } else {
                tracing::error!("the room is not known to be encrypted: nothing is sent");
                if matches!(may, May::As(_)) {
                    drop(self.bell.ring(Cause::NotEncrypted));
                }
            }
            tokio::time::sleep(pause).await;
            wait = (wait * 2).min(LONGEST_WAIT);
        }
    }
}

impl From<Post> for Out {
    fn from(post: Post) -> Out {
        Out::Post { post: Box::new(post), thread: None }
    }
}

/// The edit of a card gives way to a later one of the same card that waits already: whoever reads it sees the newest in any case.
fn newest(out: Out, waiting: &mut VecDeque<Out>) -> Option<Out> {
    let Out::Post { post, thread } = out else { return Some(out) };
    let is_later = |post: &Post, other: &Post| {
        other.kind == PostKind::Card && other.edits.is_some() && other.edits == post.edits
    };
    if post.kind == PostKind::Card {
        for later in waiting.iter_mut() {
            if let Out::Post { post: later, .. } = later
                && is_later(&post, later)
            {
                later.orders.extend(&post.orders);
                return None;
            }
        }
    }
    Some(Out::Post { post, thread })
}

/// A card that was posted for the first time is known by its message from then on.
fn card_of(order: OrderId, post: &Post, id: &str) -> Option<String> {
    (order.order == Order::Card && post.edits.is_none()).then(|| id.to_owned())
}

/// Nobody sends what is put into the queue.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("nothing is sent any more")]
pub struct NothingSent;

/// Puts messages into the queue, in order.
pub fn put(queue: &UnboundedSender<Out>, posts: Vec<Post>, thread: Option<&str>) -> Result<(), NothingSent> {
    for post in posts {
        let out = Out::Post { post: Box::new(post), thread: thread.map(str::to_owned) };
        queue.send(out).ok().ok_or(NothingSent)?;
    }
    Ok(())
}
