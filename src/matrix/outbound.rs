//! What docket says, in the order in which it says it: one message at a time. How each is sent is said in `sending`.

use std::collections::VecDeque;
use std::sync::Arc;

use matrix_sdk::Room;
use matrix_sdk::ruma::OwnedRoomId;
use tokio::sync::mpsc::{UnboundedReceiver, UnboundedSender};
use tokio::sync::watch;

use super::alarm::Bell;
use super::alone::Alone;
use super::aside::{Aside, LOOK_AGAIN};
use super::bookmark::Bookmark;
use super::cards::{self, Edited};
use super::cursor::Cursor;
use super::desk::DeskHandle;
use super::edits::Edits;
use super::greeting;
use super::hold::Waiting;
use super::keep::Keep;
use super::mark::Numbers;
use super::notices::Errand;
use super::sending::May;
use super::sought::Sought;
use super::visits::Knock;
use crate::case::{Goes, OrderId};
use crate::desk::{Input, Outcome, Post, PostKind, Reading};
use crate::ops::failpoint::{Point, reach};

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
    /// Of a message that waits for strangers to go, what they may read; `of` is what the whole carries out.
    Short {
        /// The message.
        post: Box<Post>,
        /// The thread's root.
        thread: Option<String>,
        /// The orders.
        of: Vec<OrderId>,
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
    /// Is told up to which token everything is answered.
    pub answered: watch::Sender<String>,
    /// What is rung when the room is not encrypted.
    pub bell: Bell,
    /// Becomes true when docket is told to stop.
    pub stopped: watch::Receiver<bool>,
    /// Who brings notices to users.
    pub errands: UnboundedSender<Errand>,
    /// Who speaks with users.
    pub knocks: UnboundedSender<Knock>,
}

impl Outbound {
    /// Sends until docket is told to stop. What the homeserver does not take is tried again and again.
    pub async fn run(mut self, mut queue: UnboundedReceiver<Out>) -> anyhow::Result<()> {
        let (mut waiting, mut bookmark) = (Waiting::default(), Bookmark::new(Arc::clone(&self.keep)));
        let ended = self.work(&mut queue, &mut waiting, &mut bookmark).await;
        while let Ok(more) = queue.try_recv() {
            waiting.queue.push_back(more);
        }
        if let (Ok(()), Some(cursor)) = (&ended, waiting.read_to()) {
            bookmark.put(Cursor { posts: self.numbers.given(), ..cursor.clone() });
        }
        bookmark.write().await;
        ended
    }

    async fn work(
        &mut self,
        queue: &mut UnboundedReceiver<Out>,
        waiting: &mut Waiting,
        bookmark: &mut Bookmark,
    ) -> anyhow::Result<()> {
        let (mut aside, mut edits, mut edited) = (Aside::default(), Edits::default(), Edited::default());
        loop {
            if self.stopped.has_changed().unwrap_or(true) {
                return Ok(());
            }
            while let Ok(more) = queue.try_recv() {
                waiting.queue.push_back(more);
            }
            self.pass_on(&mut waiting.queue)?;
            bookmark.write_if_due().await;
            let goes = *self.goes.borrow_and_update();
            let edit = if goes == Goes::All { edits.due_now() } else { None };
            let is_edit = edit.is_some();
            let Some(out) = edit.map(Out::from).or_else(|| waiting.next(goes)) else {
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
                    () = tokio::time::sleep(edits.due().unwrap_or_default()),
                        if goes == Goes::All && edits.due().is_some() => {}
                    () = tokio::time::sleep(bookmark.due().unwrap_or_default()), if bookmark.due().is_some() => {}
                }
                continue;
            };
            if self.stays(&out).await? {
                if let Out::Short { of, .. } = &out {
                    waiting.lets_go_of(of);
                }
                continue;
            }
            let follows = match out {
                Out::Read(cursor) => {
                    self.answered.send_replace(cursor.token.clone());
                    bookmark.put(Cursor { posts: self.numbers.given(), ..cursor });
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
                Out::Short { post, thread, .. } => {
                    let may = May::As(goes);
                    if self.deliver(&self.room, &post, thread.as_deref(), may).await?.is_some() {
                        waiting.was_said_in_short(&post);
                    }
                    continue;
                }
                Out::Again => aside.again(&self.desk).await?,
                Out::Alone { post, thread, room } => {
                    aside.deliver(self, *post, Some((thread.as_deref(), &*room))).await?
                }
                Out::Post { post, .. } if post.only.is_some() => aside.deliver(self, *post, None).await?,
                Out::Post { post, .. } if !is_edit && Edits::is_one(&post) => {
                    edits.put(*post);
                    continue;
                }
                Out::Post { post, thread } => {
                    let may = May::As(goes);
                    let Some(follows) = self.deliver(&self.room, &post, thread.as_deref(), may).await? else {
                        match is_edit {
                            true => edits.back(*post),
                            false => waiting.queue.push_front(Out::Post { post, thread }),
                        }
                        continue;
                    };
                    match &post.edits {
                        Some(card) => edited.put(card),
                        None => edits.spoke(),
                    }
                    follows
                }
            };
            waiting.queue.extend(follows.into_iter().map(Out::from));
        }
    }

    /// What users are told is not said in the moderation room, and waits for nothing there.
    fn pass_on(&self, queue: &mut VecDeque<Out>) -> Result<(), NothingSent> {
        let is_to_user = |out: &Out| {
            let is_it = |kind| matches!(kind, PostKind::Notice | PostKind::Letter | PostKind::Visit);
            matches!(out, Out::Post { post, .. } if is_it(post.kind))
        };
        if queue.iter().any(is_to_user) {
            for out in std::mem::take(queue) {
                match out {
                    Out::Post { post, .. } if post.kind == PostKind::Notice => {
                        self.errands.send(Errand::Bring(post)).ok().ok_or(NothingSent)?;
                    }
                    Out::Post { post, .. } if post.kind == PostKind::Letter => {
                        self.knocks.send(Knock::Write(post)).ok().ok_or(NothingSent)?;
                    }
                    // Only whoever speaks with users says that, and not here.
                    Out::Post { post, .. } if post.kind == PostKind::Visit => drop(post),
                    out => queue.push_back(out),
                }
            }
        }
        Ok(())
    }

    /// What follows where a card is found to be gone.
    pub(super) async fn looked_at(&self, card: &str) -> Vec<Post> {
        match cards::look(&self.room, &self.desk, card).await {
            Ok(follows) => follows.unwrap_or_default(),
            Err(fault) => {
                tracing::warn!(event = card, "a card could not be looked at: {fault}");
                Vec::new()
            }
        }
    }

    /// Whether it stays here, for the desk is held: what is owed comes again once it goes on.
    async fn stays(&self, out: &Out) -> anyhow::Result<bool> {
        let orders = match out {
            Out::Post { post, .. } | Out::Alone { post, .. } => &post.orders,
            Out::Short { of, .. } => of,
            Out::Greet(_) | Out::Again | Out::Read(_) | Out::Settled(_) => return Ok(false),
        };
        if orders.is_empty() {
            return Ok(false);
        }
        Ok(matches!(self.desk.ask(Input::Leaving(orders.clone())).await?, Outcome::Stays))
    }
}

impl From<Post> for Out {
    fn from(post: Post) -> Out {
        Out::Post { post: Box::new(post), thread: None }
    }
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
