//! What docket may have sent before is looked for in the room before it is sent (again): a homeserver forgets by which request something
//! was sent, and knows it of one device only. The mark that each post carries inside tells which it is.
//!
//! What this device cannot read tells nothing, but for the answer to a message: that one is known by what stands outside. A homeserver that
//! bends it can have an answer held back so, as it can by showing it to nobody.

use std::collections::{BTreeMap, BTreeSet};
use std::time::Duration;

use chrono::{DateTime, TimeDelta, Utc};
use matrix_sdk::Room;
use matrix_sdk::ruma::{OwnedRoomId, OwnedUserId};
use tokio::sync::Mutex;

use super::fault::HomeserverFault;
use super::mark::{self, OwnPosts};
use crate::desk::Post;
use crate::ops::SystemClock;
use crate::ports::Clock;

/// How far the homeserver's clock may be from docket's.
const SLACK: TimeDelta = TimeDelta::hours(1);
/// How many pages are looked through.
const MOST_PAGES: usize = 50;
/// How long after a try of which nobody knows what became of it the room is looked at before the next: by then the homeserver may have
/// forgotten the request.
const FORGETFUL: TimeDelta = TimeDelta::seconds(60);
/// For how long a look is tried where the homeserver does not give out what was said: then it is sent, for better twice than never.
const PATIENCE: TimeDelta = TimeDelta::minutes(5);
/// How long is waited before the next try, at first and at most.
const FIRST_WAIT: Duration = Duration::from_millis(250);
const LONGEST_WAIT: Duration = Duration::from_secs(30);

/// What was sent before this start.
pub struct Sought {
    own: OwnedUserId,
    /// From when on something may have been sent of which nobody was told.
    since: Option<DateTime<Utc>>,
    /// The requests by which is sent what was owed at the start.
    owed: BTreeSet<String>,
    /// Each room is looked through once, when something is to be said there.
    rooms: Mutex<BTreeMap<OwnedRoomId, Found>>,
}

/// What stands in a room.
#[derive(Debug, Default)]
struct Found {
    /// The post that was sent by a request.
    by_request: BTreeMap<String, String>,
    /// What this device cannot read, by the message that it answers.
    answers: BTreeMap<String, String>,
}

impl Found {
    fn of(found: OwnPosts) -> Found {
        let mut all = Found::default();
        // They come newest first; where there are two, the first counts.
        all.by_request.extend(found.posts.into_iter().map(|post| (post.mark.txn, post.id)));
        all.answers.extend(found.answers);
        all
    }
}

impl Sought {
    /// What was sent since this moment; `owed` is what is owed at the start.
    pub fn new(own: OwnedUserId, since: Option<DateTime<Utc>>, owed: BTreeSet<String>) -> Sought {
        Sought { own, since, owed, rooms: Mutex::new(BTreeMap::new()) }
    }

    /// The message by which a post was sent before this start, if it was.
    pub async fn sent_before(&self, room: &Room, post: &Post) -> Option<String> {
        let answered = post.reply_to.as_ref().filter(|_| self.owed.contains(&post.txn));
        self.found(room, |found| {
            let by_request = found.by_request.get(&post.txn);
            by_request.or_else(|| found.answers.get(answered?)).cloned()
        })
        .await
    }

    /// The same of a part of a post that has a request of its own.
    pub async fn part_sent_before(&self, room: &Room, request: &str) -> Option<String> {
        self.found(room, |found| found.by_request.get(request).cloned()).await
    }

    async fn found(&self, room: &Room, of: impl FnOnce(&Found) -> Option<String>) -> Option<String> {
        let since = self.since?;
        let mut rooms = self.rooms.lock().await;
        let id = room.room_id().to_owned();
        if !rooms.contains_key(&id) {
            let found = self.look(room, since).await.map(Found::of).unwrap_or_default();
            rooms.insert(id.clone(), found);
        }
        rooms.get(&id).and_then(of)
    }

    /// Looks back. Where the homeserver does not give out what was said, it is sent again: that is better than lost.
    async fn look(&self, room: &Room, since: DateTime<Utc>) -> Option<OwnPosts> {
        let found = tokio::time::timeout(PATIENCE.to_std().unwrap_or_default(), self.look_again(room, since));
        let found = found.await.ok().flatten();
        if found.is_none() {
            tracing::warn!("what was owed is sent, though it may be in the room already");
        }
        found
    }

    async fn look_again(&self, room: &Room, since: DateTime<Utc>) -> Option<OwnPosts> {
        let mut wait = FIRST_WAIT;
        loop {
            match look_back(room, &self.own, since, None).await {
                Ok(found) => return Some(found),
                Err(fault) if fault.passes() => {
                    tracing::warn!("what was sent before cannot be looked for ({fault}); trying again");
                    tokio::time::sleep(fault.pause(wait)).await;
                    wait = (wait * 2).min(LONGEST_WAIT);
                }
                Err(fault) => {
                    tracing::warn!("what was sent before is not given out ({fault})");
                    return None;
                }
            }
        }
    }

    /// Whether a request was carried out of which nobody knows what became of it; asked before it is tried again, once so much time has passed
    /// that the homeserver may have forgotten it.
    pub async fn became(
        &self,
        room: &Room,
        request: &str,
        doubt: &mut Doubt,
    ) -> Result<Option<String>, HomeserverFault> {
        let Some(since) = doubt.is_old(SystemClock.now()) else { return Ok(None) };
        let found = match look_back(room, &self.own, since, Some(request)).await {
            Ok(found) => found,
            Err(fault) if fault.passes() && doubt.may_wait(SystemClock.now()) => return Err(fault),
            Err(fault) => {
                tracing::warn!("what became of a message is not given out ({fault}), so it is sent again");
                OwnPosts::default()
            }
        };
        doubt.looked_at(SystemClock.now());
        Ok(found.posts.into_iter().find(|post| post.mark.txn == request).map(|post| post.id))
    }
}

async fn look_back(
    room: &Room,
    own: &OwnedUserId,
    since: DateTime<Utc>,
    request: Option<&str>,
) -> Result<OwnPosts, HomeserverFault> {
    let from = since.checked_sub_signed(SLACK).unwrap_or(since);
    let is_enough = |found: &OwnPosts| {
        let is_it = |txn: &str| request == Some(txn);
        found.posts.last().is_some_and(|post| post.at < from)
            || found.posts.iter().any(|post| is_it(&post.mark.txn))
    };
    mark::look_back(room, own, MOST_PAGES, is_enough).await
}

/// Since when it is not known of a request what became of it.
#[derive(Debug, Default)]
pub struct Doubt {
    since: Option<DateTime<Utc>>,
    looked: Option<DateTime<Utc>>,
    /// Since when the room could not be looked at.
    refused: Option<DateTime<Utc>>,
}

impl Doubt {
    /// A try has failed.
    pub fn failed(&mut self, fault: &HomeserverFault, now: DateTime<Utc>) {
        if fault.is_open() {
            self.since.get_or_insert(now);
        }
    }

    /// From when on to look, if it is so long ago that the room is to be looked at.
    fn is_old(&self, now: DateTime<Utc>) -> Option<DateTime<Utc>> {
        let last = self.looked.or(self.since)?;
        self.since.filter(|_| now.signed_duration_since(last) >= FORGETFUL)
    }

    /// The room could not be looked at; whether to try that again before the message is.
    fn may_wait(&mut self, now: DateTime<Utc>) -> bool {
        now.signed_duration_since(*self.refused.get_or_insert(now)) < PATIENCE
    }

    fn looked_at(&mut self, now: DateTime<Utc>) {
        (self.looked, self.refused) = (Some(now), None);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(seconds: i64) -> DateTime<Utc> {
        DateTime::UNIX_EPOCH + TimeDelta::seconds(seconds)
    }

    #[test]
    fn the_room_is_looked_at_once_a_minute_has_passed_since_nobody_knew() {
        let mut doubt = Doubt::default();
        doubt.failed(&HomeserverFault::answered(429, None), at(0));
        assert_eq!(doubt.is_old(at(600)), None, "it said that it did not take it");
        doubt.failed(&HomeserverFault::answered(502, None), at(10));
        doubt.failed(&HomeserverFault::answered(502, None), at(40));
        assert_eq!(doubt.is_old(at(69)), None);
        assert_eq!(doubt.is_old(at(70)), Some(at(10)));
        doubt.looked_at(at(75));
        assert_eq!((doubt.is_old(at(134)), doubt.is_old(at(135))), (None, Some(at(10))));
        assert!(doubt.may_wait(at(140)) && doubt.may_wait(at(439)), "the homeserver does not say");
        assert!(!doubt.may_wait(at(440)), "what waits behind it must not wait for ever");
        doubt.looked_at(at(440));
        assert!(doubt.may_wait(at(500)));
    }
}
