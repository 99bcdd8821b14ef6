//! One message on its way to a room: again under the same transaction until the homeserver has it, and only then is the desk told.

use std::time::Duration;

use matrix_sdk::Room;
use matrix_sdk::ruma::{OwnedTransactionId, UserId};

use super::alarm::Cause;
use super::cards;
use super::content::{Form, content};
use super::fault::Plain;
use super::long;
use super::mark::Mark;
use super::outbound::Outbound;
use super::sought::Doubt;
use crate::case::{Goes, Order, OrderId};
use crate::desk::{Input, Outcome, Post};
use crate::ops::SystemClock;
use crate::ops::failpoint::{Point, reach};
use crate::ports::Clock;

/// How long to wait before the next try, at first and at most.
const FIRST_WAIT: Duration = Duration::from_millis(250);
const LONGEST_WAIT: Duration = Duration::from_secs(30);

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

impl Outbound {
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

    /// Whether something may leave for a room, asked before each try: while one waits for the next, somebody may come.
    pub(super) async fn may_leave(&self, room: &Room, may: May<'_>) -> bool {
        match may {
            May::As(goes) => *self.goes.borrow() == goes,
            May::Alone(reader) => self.alone.is_theirs(room, reader).await,
            May::SaysNothing => true,
        }
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

/// A card that was posted for the first time is known by its message from then on.
fn card_of(order: OrderId, post: &Post, id: &str) -> Option<String> {
    (order.order == Order::Card && post.edits.is_none()).then(|| id.to_owned())
}
