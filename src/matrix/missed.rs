//! What was written since docket last looked: paged for from now back to the cursor. Where the homeserver does not give it out any more,
//! that is found here: a history that was purged, or a cursor that it does not know.

use chrono::{DateTime, Utc};
use matrix_sdk::deserialized_responses::TimelineEvent;
use matrix_sdk::room::MessagesOptions;
use matrix_sdk::ruma::api::client::room::get_room_event;
use matrix_sdk::ruma::{EventId, UInt};
use matrix_sdk::{Room, RoomState};
use serde_json::Value;

use super::cursor::Behind;
use super::fault::{HomeserverFault, Plain};
use super::inbound::Inbound;
use crate::ops::SystemClock;
use crate::ops::failpoint::{Point, reach};
use crate::ports::Clock;

/// How many events are asked for at once.
const PAGE: u32 = 100;
/// How often a cursor is refused before docket goes on without it: a homeserver that is being mended refuses much for a moment.
const MOST_REFUSED: u32 = 5;
/// How many pages are looked through for the last message that docket has seen, where the cursor is refused.
const MOST_PAGES: usize = 100;

/// What was written since, oldest first.
pub struct Missed {
    /// The events.
    pub events: Vec<TimelineEvent>,
    /// The time of which nothing can be read any more, if there is one.
    pub lost: Option<(DateTime<Utc>, DateTime<Utc>)>,
}

/// What was written in a room of one person since.
pub(super) enum Alone {
    /// The events, oldest first.
    Read(Vec<TimelineEvent>),
    /// The homeserver does not give it out now.
    Behind(Behind),
    /// It does not give it out any more: what was written in this time is gone.
    Lost(DateTime<Utc>, DateTime<Utc>),
}

impl Inbound {
    /// Everything between the cursor and now.
    pub(super) async fn missed(&mut self, now: &str) -> anyhow::Result<Missed> {
        match self.back_to_cursor(&self.room, now).await {
            Ok(events) => {
                self.refused = 0;
                // What is purged goes from the oldest on: where the last message seen is there, all behind it is.
                let is_whole = match &self.cursor.last {
                    Some(last) => self.is_there(last).await?,
                    None => true,
                };
                let lost = (!is_whole).then(|| self.lost_before(&events));
                Ok(Missed { events, lost })
            }
            // Docket is in the room, so what is refused is the place from where it reads.
            Err(fault)
                if matches!(fault.status, Some(400 | 403 | 404))
                    && self.room.state() == RoomState::Joined =>
            {
                self.refused += 1;
                if self.refused < MOST_REFUSED {
                    return Err(fault.into());
                }
                self.refused = 0;
                tracing::warn!(
                    "the place from where to read is refused ({fault}): docket looks for what it saw last"
                );
                self.without_cursor(now).await
            }
            Err(fault) => Err(fault.into()),
        }
    }

    /// The same of a room of one person, which holds up no other: while the homeserver does not give it out, from where it is still to be
    /// read is remembered.
    pub(super) async fn missed_alone(&self, room: &Room, now: &str) -> Result<Alone, HomeserverFault> {
        let behind = self.cursor.of(&room.room_id().to_owned());
        let fault = match back_to(room, &behind.token, now).await {
            Ok(events) => return Ok(Alone::Read(events)),
            Err(fault) if fault.status == Some(401) => return Err(fault),
            Err(fault) => fault,
        };
        tracing::warn!("what was written in a room of one person is not given out ({fault})");
        let refused = behind.refused + u32::from(matches!(fault.status, Some(400 | 403 | 404)));
        if refused < MOST_REFUSED {
            return Ok(Alone::Behind(Behind { refused, ..behind }));
        }
        let until = SystemClock.now();
        Ok(Alone::Lost(behind.at.unwrap_or(until).min(until), until))
    }

    async fn back_to_cursor(&self, room: &Room, now: &str) -> Result<Vec<TimelineEvent>, HomeserverFault> {
        back_to(room, &self.cursor.token, now).await
    }

    /// Back to the last message that docket has seen. Where that is not found, what was written before docket last listened is not
    /// taken for new.
    async fn without_cursor(&self, now: &str) -> anyhow::Result<Missed> {
        let mut missed = Vec::new();
        let mut from = now.to_owned();
        for _ in 0..MOST_PAGES {
            let (page, end) = match page_of(&self.room, &from, None).await {
                Ok(page) => page,
                // Nothing that was written before is given out at all.
                Err(HomeserverFault { status: Some(400 | 403 | 404), .. }) => break,
                Err(fault) => return Err(fault.into()),
            };
            for event in page {
                if self.cursor.last.is_some() && event.event_id().map(|id| id.to_string()) == self.cursor.last
                {
                    missed.reverse();
                    return Ok(Missed { events: missed, lost: None });
                }
                missed.push(event);
            }
            match end {
                Some(end) if end != from => from = end,
                Some(_) | None => break,
            }
        }
        missed.reverse();
        missed.retain(|event| sent_at(event).is_some_and(|at| self.cursor.at.is_some_and(|last| at > last)));
        let lost = Some(self.lost_before(&missed));
        Ok(Missed { events: missed, lost })
    }

    /// Whether the homeserver still has an event.
    async fn is_there(&self, id: &str) -> anyhow::Result<bool> {
        let Ok(id) = EventId::parse(id) else { return Ok(false) };
        let request = get_room_event::v3::Request::new(self.room.room_id().to_owned(), id);
        match self.client.send(request).await.plain() {
            Ok(_) => Ok(true),
            Err(HomeserverFault { status: Some(403 | 404), .. }) => Ok(false),
            Err(fault) => Err(fault.into()),
        }
    }

    /// The time between the cursor and the first of these events.
    fn lost_before(&self, events: &[TimelineEvent]) -> (DateTime<Utc>, DateTime<Utc>) {
        let now = SystemClock.now();
        let first = events.iter().find(|event| is_message(event)).and_then(sent_at);
        let until = first.unwrap_or(now).min(now);
        let from = self.cursor.at.unwrap_or(until);
        (from, until.max(from))
    }
}

/// Everything between a place and now, oldest first.
async fn back_to(room: &Room, place: &str, now: &str) -> Result<Vec<TimelineEvent>, HomeserverFault> {
    let mut missed = Vec::new();
    let mut from = now.to_owned();
    reach(Point::Paging);
    loop {
        let (page, end) = page_of(room, &from, Some(place)).await?;
        reach(Point::PageRead);
        missed.extend(page);
        // A page may be empty though more lies behind it.
        match end {
            Some(end) if end != from => from = end,
            Some(_) | None => break,
        }
    }
    reach(Point::Paged);
    missed.reverse();
    Ok(missed)
}

/// A page of a room's history, newest first, and where the next begins.
async fn page_of(
    room: &Room,
    from: &str,
    to: Option<&str>,
) -> Result<(Vec<TimelineEvent>, Option<String>), HomeserverFault> {
    let mut options = MessagesOptions::backward();
    options.from = Some(from.to_owned());
    options.to = to.map(str::to_owned);
    options.limit = UInt::from(PAGE);
    let page = room.messages(options).await.plain()?;
    Ok((page.chunk, page.end))
}

/// When an event was sent, as its homeserver says.
pub(super) fn sent_at(event: &TimelineEvent) -> Option<DateTime<Utc>> {
    let millis = event.raw().get_field::<i64>("origin_server_ts").ok().flatten()?;
    DateTime::from_timestamp_millis(millis)
}

/// Whether it is something that somebody wrote: what the room is like is never purged.
pub fn is_message(event: &TimelineEvent) -> bool {
    event.raw().get_field::<Value>("state_key").ok().flatten().is_none()
}
