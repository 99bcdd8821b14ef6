//! What one person alone may read, on its way to the room that is theirs: it waits until they have come, and holds nothing else up.

use std::collections::BTreeSet;
use std::time::Duration;

use matrix_sdk::ruma::{RoomId, UserId};

use super::alone::Way;
use super::desk::DeskHandle;
use super::outbound::Outbound;
use super::sending::May;
use crate::desk::{Input, Outcome, Post, Stopped};
use crate::ops::failpoint::{Point, reach};

/// How long until somebody who has not come is looked for again, should nothing tell before that they have.
pub const LOOK_AGAIN: Duration = Duration::from_secs(30);
/// So many answers that are on no record wait at most. Of more the first ones are asked for again.
const MOST: usize = 200;

/// What waits, in order.
#[derive(Default)]
pub struct Aside {
    posts: Vec<Post>,
    /// The requests by which they are sent, for as long as they are not.
    known: BTreeSet<String>,
}

impl Aside {
    /// Whether nothing waits.
    pub fn is_empty(&self) -> bool {
        self.posts.is_empty()
    }

    /// What waited, as it is to be said by now: tried again, in order.
    pub async fn again(&mut self, desk: &DeskHandle) -> Result<Vec<Post>, Stopped> {
        let mut again = Vec::new();
        for post in std::mem::take(&mut self.posts) {
            if let Outcome::Posts(posts) = desk.ask(Input::Anew(Box::new(post))).await? {
                again.extend(posts);
            }
        }
        Ok(again)
    }

    /// Sends a message to the one person who may read it, or puts it aside; gives back what follows. `asked` is the thread and the room in
    /// which it was asked, if that was their own.
    pub async fn deliver(
        &mut self,
        out: &Outbound,
        post: Post,
        asked: Option<(Option<&str>, &RoomId)>,
    ) -> anyhow::Result<Vec<Post>> {
        let Some(reader) = post.only.clone() else { return Ok(Vec::new()) };
        let is_new = !self.known.remove(&post.txn);
        match out.alone.way_to(&reader, is_new).await {
            Ok(Way::There(room, greeting)) => {
                let user = UserId::parse(reader.as_str())?;
                let may = May::Alone(&user);
                if let Some(greeting) = greeting {
                    if out.deliver(&room, &greeting, None, may).await?.is_none() {
                        self.put(post);
                        return Ok(Vec::new());
                    }
                    reach(Point::AloneGreeted);
                    out.alone.greeted(&reader);
                    reach(Point::AloneGreetingKept);
                }
                // What it answers stands in another room unless it was asked here.
                let asked = asked.filter(|(_, asked_in)| *asked_in == room.room_id());
                let answers = post.reply_to.clone().filter(|_| asked.is_some());
                let said = Post { reply_to: answers, thread: None, ..post };
                match out.deliver(&room, &said, asked.and_then(|(thread, _)| thread), may).await? {
                    Some(follows) => Ok(follows),
                    // Somebody else is shown there, or they have gone: it waits.
                    None => {
                        self.put(said);
                        Ok(Vec::new())
                    }
                }
            }
            Ok(Way::Called(call)) => {
                self.put(post);
                if let Some(call) = call {
                    out.deliver(&out.room, &call, None, May::SaysNothing).await?;
                    reach(Point::AloneCalled);
                    out.alone.called(&reader);
                    reach(Point::AloneCallKept);
                }
                Ok(Vec::new())
            }
            Ok(Way::None) => {
                self.put(post);
                Ok(Vec::new())
            }
            Err(fault) => {
                tracing::warn!("an answer for one person alone waits: {fault:#}");
                self.put(post);
                Ok(Vec::new())
            }
        }
    }

    fn put(&mut self, post: Post) {
        self.known.insert(post.txn.clone());
        self.posts.push(post);
        if self.posts.len() > MOST
            && let Some(oldest) = self.posts.iter().position(|post| post.orders.is_empty())
        {
            self.known.remove(&self.posts.remove(oldest).txn);
        }
    }
}
