//! What docket says, in the order in which it says it: one message at a time, again under the same transaction until the
//! homeserver has it, and only then is the desk told.

use std::collections::VecDeque;
use std::sync::Arc;
use std::time::Duration;

use matrix_sdk::Room;
use matrix_sdk::ruma::OwnedTransactionId;
use tokio::sync::mpsc::{UnboundedReceiver, UnboundedSender};
use tokio::sync::watch;

use super::content::{Form, content};
use super::cursor::Cursor;
use super::desk::DeskHandle;
use super::fault::Plain;
use super::keep::Keep;
use crate::case::{Order, OrderId};
use crate::desk::{Input, Outcome, Post, PostKind, Reading};
use crate::ops::OsEntropy;

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
    /// Everything up to this token is handled and answered.
    Read(Cursor),
    /// A message that could not be read at first is handled and answered.
    Settled(String),
}

/// Sends, one after the other, until nobody has anything to send any more.
pub struct Outbound {
    /// The moderation room.
    pub room: Room,
    /// The desk.
    pub desk: DeskHandle,
    /// Where how far was read is kept.
    pub keep: Arc<Keep>,
    /// Becomes true when docket is told to stop.
    pub stopped: watch::Receiver<bool>,
}

impl Outbound {
    /// Sends until docket is told to stop. What the homeserver does not take is tried again and again.
    pub async fn run(mut self, mut queue: UnboundedReceiver<Out>) -> anyhow::Result<()> {
        let mut waiting: VecDeque<Out> = VecDeque::new();
        loop {
            if waiting.is_empty() {
                let out = tokio::select! {
                    biased;
                    _ = self.stopped.changed() => return Ok(()),
                    out = queue.recv() => out,
                };
                let Some(out) = out else { return Ok(()) };
                waiting.push_back(out);
            } else if self.stopped.has_changed().unwrap_or(true) {
                return Ok(());
            }
            while let Ok(more) = queue.try_recv() {
                waiting.push_back(more);
            }
            let Some(out) = waiting.pop_front().and_then(|out| newest(out, &mut waiting)) else { continue };
            match out {
                // Where it cannot be written down, what lies behind is read again at the next start, and known.
                Out::Read(cursor) => {
                    if let Err(fault) = self.keep.put(CURSOR, &cursor, &mut OsEntropy) {
                        tracing::warn!("how far was read cannot be written down: {fault}");
                    }
                }
                Out::Settled(id) => {
                    self.desk.ask(Input::Reading(Reading::Settled(id))).await?;
                }
                Out::Post { post, thread } => {
                    let follows = self.deliver(&post, thread.as_deref()).await?;
                    waiting.extend(
                        follows.into_iter().map(|post| Out::Post { post: Box::new(post), thread: None }),
                    );
                }
            }
        }
    }

    /// Sends a message and tells the desk; what that brings, an edit of a card that has changed meanwhile, goes behind what waits.
    async fn deliver(&self, post: &Post, thread: Option<&str>) -> anyhow::Result<Vec<Post>> {
        if post.only.is_some() {
            // There is no way yet to one person alone; in the room everybody would read it.
            tracing::error!("an answer for one person alone cannot be sent yet; it stays owed");
            return Ok(Vec::new());
        }
        let id = self.send(post, thread).await?;
        if post.orders.is_empty() {
            return Ok(Vec::new());
        }
        let done = post.orders.iter().map(|order| (*order, card_of(*order, post, &id))).collect();
        Ok(match self.desk.ask(Input::Delivered(done)).await? {
            Outcome::Posts(posts) => posts,
            _ => Vec::new(),
        })
    }

    async fn send(&self, post: &Post, thread: Option<&str>) -> anyhow::Result<String> {
        let mut form = Form::Whole;
        let mut wait = FIRST_WAIT;
        loop {
            // Nothing leaves in clear, whatever the homeserver says of the room by now.
            let state = self.room.latest_encryption_state().await;
            if state.is_ok_and(|state| state.is_encrypted()) {
                let content = content(post, thread, form)?;
                let txn = OwnedTransactionId::from(format!("{}{}", post.txn, form.mark()));
                let sent =
                    self.room.send_raw("m.room.message", content).with_transaction_id(&txn).await.plain();
                match (sent, form.plainer()) {
                    (Ok(sent), _) => return Ok(sent.response.event_id.to_string()),
                    // It takes this one never: too long, or about a message that it does not know.
                    (Err(fault), Some(plainer)) if matches!(fault.status, Some(400 | 413)) => {
                        tracing::warn!("a message was refused ({fault}) and is sent plainer");
                        form = plainer;
                        continue;
                    }
                    (Err(fault), _) => tracing::warn!("a message was not taken ({fault}) and is sent again"),
                }
            } else {
                tracing::error!("the room is not known to be encrypted: nothing is sent");
            }
            tokio::time::sleep(wait).await;
            wait = (wait * 2).min(LONGEST_WAIT);
        }
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
