//! What comes in: every message of the room once and in order, whatever the connection does.
//!
//! The library keeps its own place in the stream and moves it before anybody has looked at what came, so docket keeps one of its own:
//! the token up to which everything is handled and answered. What lies between that and now is paged for at the start, after a
//! gap and after a fault; what was handled before is known to the desk by its id.

use std::collections::BTreeMap;
use std::sync::Arc;
use std::time::{Duration, Instant};

use matrix_sdk::config::SyncSettings;
use matrix_sdk::deserialized_responses::TimelineEvent;
use matrix_sdk::ruma::api::client::filter::{Filter as EventFilter, FilterDefinition};
use matrix_sdk::ruma::api::client::sync::sync_events::v3::Filter;
use matrix_sdk::ruma::{OwnedRoomId, RoomId, UInt};
use matrix_sdk::sync::{JoinedRoomUpdate, SyncResponse};
use matrix_sdk::{Client, Room, RoomState};
use tokio::sync::mpsc::UnboundedSender;
use tokio::sync::watch;

use super::ahead::Ahead;
use super::alarm::{Cause, NotInRoom};
use super::alone::Alone;
use super::cards;
use super::changes::Changes;
use super::cursor::Cursor;
use super::desk::DeskHandle;
use super::fault::{Plain, pause, with_way_out};
use super::greeting;
use super::hearing::{Heard, heard};
use super::late::Late;
use super::missed;
use super::notices::{Errand, Happened};
use super::outbound::{NothingSent, Out, put};
use super::people::{self, Look};
use super::posted::Fetcher;
use super::signs::Signs;
use super::visiting::is_visitors;
use super::visits::Knock;
use super::watch::{Watch, changes_state};
use crate::case::{Account, Flaw};
use crate::desk::{Input, Outcome, Post, Reading, Stopped};
use crate::ops::SystemClock;
use crate::ops::failpoint::{Point, reach};
use crate::ports::Clock;

/// How long the homeserver may keep a request open on which nothing comes.
const POLL: Duration = Duration::from_secs(30);
/// So many messages of a room are told at once.
const MOST_AT_ONCE: u32 = 100;
/// How long to wait after a fault, at first and at most.
const FIRST_WAIT: Duration = Duration::from_millis(500);
const LONGEST_WAIT: Duration = Duration::from_secs(30);
/// How soon is looked again for what cannot be told yet.
const LOOK_AGAIN: Duration = Duration::from_secs(2);
/// How soon the homeserver is asked again for what it did not give out of a room of one person.
const ASK_AGAIN: Duration = Duration::from_secs(10);
/// How long the homeserver is not asked what is new while answers are on their way: each comes back as something new.
const LET_LEAVE: Duration = Duration::from_millis(500);
/// How long docket may hear nothing before it says with what it has caught up: nobody has noticed less.
const UNNOTICED: Duration = Duration::from_secs(60);

/// What comes in.
pub struct Inbound {
    /// docket's session.
    pub client: Client,
    /// The moderation room.
    pub room: Room,
    /// The desk.
    pub desk: DeskHandle,
    /// The rooms of one person each.
    pub alone: Arc<Alone>,
    /// What makes of a file what the desk asks for.
    pub fetcher: Fetcher,
    /// Who looks at the room.
    pub watch: Arc<Watch>,
    /// Is told whenever the homeserver was heard.
    pub heard: watch::Sender<()>,
    /// Where answers go.
    pub out: UnboundedSender<Out>,
    /// Up to which token everything is answered.
    pub answered: watch::Receiver<String>,
    /// Up to where everything is handled.
    pub cursor: Cursor,
    /// The last message of the moderation room that was handled.
    pub(super) last: Option<String>,
    /// How often the homeserver has refused to give out what comes behind the cursor.
    pub(super) refused: u32,
    /// What could not be read.
    pub(super) late: Late,
    /// What is fetched before its turn.
    pub(super) ahead: Ahead,
    /// What is said in the room once somebody can read it.
    pub greeting: Option<Post>,
    /// Who is recognised, and whether that may be otherwise by now.
    pub people: Changes,
    /// Where is put down that something was heard.
    pub signs: Arc<Signs>,
    /// Who brings notices to users.
    pub errands: UnboundedSender<Errand>,
    /// Who speaks with users.
    pub knocks: UnboundedSender<Knock>,
}

/// A room in which docket listens.
#[derive(Clone)]
pub(super) struct Ear {
    pub(super) room: Room,
    /// Whose room it is, if it is that of one person alone: nobody else is heard there.
    pub(super) only: Option<Account>,
}

/// Why and since when docket does not know what was written.
#[derive(Default)]
struct Heeding {
    /// When the homeserver was heard last.
    heard: Option<Instant>,
    /// Whether the room is to hear with what docket has caught up.
    catching_up: bool,
    /// Whether the desk knows that everything was read.
    up_to_date: bool,
}

impl Heeding {
    /// Whether so much time has passed that people wonder.
    fn is_noticed(&self) -> bool {
        self.heard.is_none_or(|heard| heard.elapsed() > UNNOTICED)
    }
}

/// What docket asks to be told of: as much of a room at once as is said in a burst, for whatever is left out must be asked for; and
/// nobody's typing, nor who has read what where docket listens, on each of which it would look at everything. Who has read a notice it asks.
fn wanted(heard: Vec<OwnedRoomId>) -> Filter {
    let mut wanted = FilterDefinition::default();
    wanted.presence = EventFilter::ignore_all();
    wanted.room.ephemeral.types = Some(vec!["m.receipt".to_owned()]);
    wanted.room.ephemeral.not_rooms = heard;
    wanted.room.timeline.limit = Some(UInt::from(MOST_AT_ONCE));
    wanted.into()
}

impl Inbound {
    /// Listens until the task is ended. Only what cannot be mended by trying again ends it.
    pub async fn run(mut self) -> anyhow::Result<()> {
        // What came while nobody listened lies behind the library's place, not before it.
        let mut is_gap = true;
        let mut wait = FIRST_WAIT;
        let mut heeding = Heeding::default();
        let mut how = Look::Known;
        loop {
            let poll = match (is_gap, self.late.is_pressing()) {
                (true, _) => Duration::ZERO,
                (false, false) if !self.cursor.behind.is_empty() => ASK_AGAIN,
                (false, false) => POLL,
                (false, true) => LOOK_AGAIN,
            };
            match self.round(poll, is_gap, how, &mut heeding).await {
                Ok(()) => {
                    self.signs.heard(self.late.waiting());
                    (is_gap, wait, how) = (false, FIRST_WAIT, Look::Known);
                    self.let_answers_leave().await;
                }
                Err(fault) if is_over(&fault) => return Err(with_way_out(fault)),
                Err(fault) => {
                    // The library's place may have moved. Ours has not: all of it is read again, and what was handled is known.
                    is_gap = true;
                    self.falls_behind(&mut heeding).await?;
                    self.late.keys_came();
                    tracing::warn!("the homeserver was not heard: {fault}; trying again");
                    tokio::time::sleep(pause(&fault, wait)).await;
                    wait = (wait * 2).min(LONGEST_WAIT);
                }
            }
        }
    }

    /// Hears the homeserver once, and handles what came.
    async fn round(
        &mut self,
        poll: Duration,
        is_gap: bool,
        how: Look,
        heeding: &mut Heeding,
    ) -> anyhow::Result<()> {
        let heard: Vec<OwnedRoomId> = self.ears().iter().map(|ear| ear.room.room_id().to_owned()).collect();
        let settings = SyncSettings::default().timeout(poll).filter(wanted(heard));
        let came = self.client.sync_once(settings).await.plain()?;
        reach(Point::Heard);
        self.heard.send_replace(());
        // Before anything that can fail: nobody tells it again.
        self.pass_on(&came, is_gap)?;
        if self.room.state() != RoomState::Joined {
            return Err(NotInRoom.into());
        }
        if !came.rooms.invited.is_empty() {
            self.knocks.send(Knock::Invited).ok().ok_or(NothingSent)?;
        }
        if !came.to_device.is_empty() {
            self.late.keys_came();
        }
        let joined = came.rooms.joined.get(self.room.room_id());
        let is_room_gap = is_gap || joined.is_some_and(|room| room.timeline.limited);
        if is_room_gap {
            self.falls_behind(heeding).await?;
        }
        let is_state_changed = is_room_gap || joined.is_some_and(changes_state);
        let is_anything_new = self.look_at_people(how, is_state_changed).await?;
        // Before anything is read: whoever left the room meanwhile is not heard, and nothing is said before whoever came.
        if is_state_changed || is_anything_new {
            self.watch.look_after(is_state_changed, is_room_gap).await?;
        }
        if self.greeting.is_some()
            && greeting::is_somebody_there(&self.client, &self.room, &self.people.known).await?
            && let Some(greeting) = self.greeting.take()
        {
            self.out.send(Out::Greet(Box::new(greeting))).ok().ok_or(NothingSent)?;
        }
        reach(Point::PeopleSeen);
        let now = came.next_batch.clone();
        let mut lost = None;
        let mut lost_alone = Vec::new();
        let mut behind = BTreeMap::new();
        let mut heard: Vec<(Ear, Vec<TimelineEvent>)> = Vec::new();
        for ear in self.ears() {
            let timeline = came.rooms.joined.get(ear.room.room_id()).map(|room| &room.timeline);
            let is_gap = is_gap || timeline.is_some_and(|timeline| timeline.limited);
            let is_gap = is_gap || self.cursor.behind.contains_key(ear.room.room_id());
            let events = match (is_gap, timeline) {
                (true, _) if ear.only.is_none() => {
                    let missed = self.missed(&now).await?;
                    lost = missed.lost;
                    missed.events
                }
                (true, _) => match self.missed_alone(&ear.room, &now).await? {
                    missed::Alone::Read(events) => events,
                    missed::Alone::Behind(place) => {
                        behind.insert(ear.room.room_id().to_owned(), place);
                        Vec::new()
                    }
                    missed::Alone::Lost(from, until) => {
                        lost_alone.push(Reading::Lost { from, until, of: ear.only.clone() });
                        Vec::new()
                    }
                },
                (false, Some(timeline)) => timeline.events.clone(),
                (false, None) => Vec::new(),
            };
            if ear.only.is_some() && !events.is_empty() {
                self.out.send(Out::Again).ok().ok_or(NothingSent)?;
            }
            heard.push((ear, events));
        }
        if is_room_gap && heeding.is_noticed() && !heeding.catching_up {
            heeding.catching_up = true;
            self.tell(Input::Reading(Reading::CatchUp)).await?;
        }
        if let Some((from, until)) = lost {
            self.tell(Input::Reading(Reading::Lost { from, until, of: None })).await?;
        }
        for lost in lost_alone {
            self.tell(Input::Reading(lost)).await?;
        }
        self.look_again().await?;
        for (ear, events) in &heard {
            self.look_ahead(ear, events).await?;
            for event in events {
                self.handle(ear, event).await?;
            }
        }
        reach(Point::RoundHandled);
        if heeding.catching_up {
            self.tell(Input::Reading(Reading::CaughtUp)).await?;
            heeding.catching_up = false;
        }
        if !heeding.up_to_date && behind.is_empty() {
            self.tell(Input::Reading(Reading::UpToDate)).await?;
            heeding.up_to_date = true;
        }
        heeding.heard = Some(self::now());
        if lost.is_some() && self.last == self.cursor.last {
            // That it is gone was said.
            self.last = None;
        }
        if self.cursor.token != now || self.cursor.last != self.last || self.cursor.behind != behind {
            let (last, at) = (self.last.clone(), Some(SystemClock.now()));
            // How many posts there are by then, only whoever sends them knows.
            self.cursor = Cursor { token: now, last, at, behind, posts: 0 };
            self.out.send(Out::Read(self.cursor.clone())).ok().ok_or(NothingSent)?;
            reach(Point::PlaceQueued);
        }
        Ok(())
    }

    /// What happened in rooms where docket does not listen is for whoever brings notices, or speaks with users.
    fn pass_on(&self, came: &SyncResponse, is_gap: bool) -> Result<(), NothingSent> {
        let ears = self.ears();
        let is_heard = |id: &RoomId| ears.iter().any(|ear| ear.room.room_id() == id);
        let knock = |knock| self.knocks.send(knock).ok().ok_or(NothingSent);
        let is_left_out =
            |(id, room): (&OwnedRoomId, &JoinedRoomUpdate)| !is_heard(id) && room.timeline.limited;
        if is_gap || came.rooms.joined.iter().any(is_left_out) {
            knock(Knock::Missed)?;
        }
        for (id, room) in came.rooms.joined.iter().filter(|(id, _)| !is_heard(id)) {
            let joined = self.client.get_room(id);
            if joined.is_some_and(|joined| is_visitors(&joined, self.client.user_id())) {
                knock(Knock::Came(id.clone(), room.timeline.events.clone()))?;
                continue;
            }
            let errand = Errand::Look(id.clone(), Happened::of(room));
            self.errands.send(errand).ok().ok_or(NothingSent)?;
        }
        knock(Knock::ReadTo(came.next_batch.clone()))
    }

    /// Waits until what came is answered, though not for long: a homeserver does one thing at a time, and whoever asked comes first.
    async fn let_answers_leave(&mut self) {
        let token = &self.cursor.token;
        let answered = self.answered.wait_for(|answered| answered == token);
        let _until_then = tokio::time::timeout(LET_LEAVE, answered).await;
    }

    /// Looks at everybody where something may have become otherwise; says whether.
    async fn look_at_people(&mut self, how: Look, is_state_changed: bool) -> anyhow::Result<bool> {
        let by_now = people::recognised(&self.desk).await?;
        if !is_state_changed && how == Look::Known && !self.people.is_to_be_looked_at(&by_now) {
            return Ok(false);
        }
        let looked = people::look(&self.client, &self.room, &self.desk, how).await?;
        put(&self.out, looked.posts, None)?;
        self.people.looked(looked.recognised, looked.is_whole);
        Ok(true)
    }

    /// Something may have been written that was not read.
    async fn falls_behind(&self, heeding: &mut Heeding) -> anyhow::Result<()> {
        if std::mem::take(&mut heeding.up_to_date) {
            self.tell(Input::Reading(Reading::Behind)).await?;
        }
        Ok(())
    }

    /// Where docket listens: in the moderation room, and in those of one person each.
    pub(super) fn ears(&self) -> Vec<Ear> {
        let rooms = self.alone.rooms().into_iter();
        let theirs = rooms.filter_map(|(id, account)| {
            let room = self.client.get_room(&id).filter(|room| room.state() == RoomState::Joined)?;
            Some(Ear { room, only: Some(account) })
        });
        std::iter::once(Ear { room: self.room.clone(), only: None }).chain(theirs).collect()
    }

    pub(super) fn own(&self) -> String {
        self.client.user_id().map(ToString::to_string).unwrap_or_default()
    }

    async fn handle(&mut self, ear: &Ear, event: &TimelineEvent) -> anyhow::Result<()> {
        let Some(id) = event.event_id() else { return Ok(()) };
        if ear.only.is_none() && missed::is_message(event) {
            self.last = Some(id.to_string());
        }
        if self.late.is_done(id.as_str()) {
            return Ok(());
        }
        if ear.only.is_none()
            && let Some(post) = cards::taken_back(event)
            && let Some(posts) = cards::look(&ear.room, &self.desk, &post).await?
        {
            put(&self.out, posts, None)?;
        }
        let heard = heard(event, &self.own());
        if ear.only.is_some() && ear.only.as_ref() != sender(&heard) {
            return Ok(());
        }
        match heard {
            Heard::Nothing => Ok(()),
            Heard::Text(text) => {
                self.signs.read();
                self.text(ear, id.as_str(), *text).await.map(drop)
            }
            Heard::Unproven { sender, flaw } => self.unproven(id.as_str(), sender, flaw).await,
            Heard::Late { sender } => self.unproven(id.as_str(), sender, Flaw::NoKey).await,
        }
    }

    pub(super) async fn unproven(&mut self, id: &str, sender: Account, flaw: Flaw) -> anyhow::Result<()> {
        reach(Point::Unproven);
        self.late.more();
        self.tell(Input::Unproven { id: id.to_owned(), sender, flaw }).await?;
        reach(if flaw.waits().is_some() { Point::Waiting } else { Point::UnprovenQueued });
        Ok(())
    }

    /// Tells the desk something, and the room what it says of that.
    async fn tell(&self, input: Input) -> anyhow::Result<()> {
        match self.desk.ask(input).await? {
            Outcome::Posts(posts) => Ok(put(&self.out, posts, None)?),
            _ => Ok(()),
        }
    }
}

/// Who is said to have sent what was heard.
fn sender(heard: &Heard) -> Option<&Account> {
    match heard {
        Heard::Nothing => None,
        Heard::Text(text) => Some(&text.sender),
        Heard::Unproven { sender, .. } | Heard::Late { sender } => Some(sender),
    }
}

/// Whether trying again cannot help: the session is gone, or nobody is left to hand anything to.
fn is_over(fault: &anyhow::Error) -> bool {
    let is_gone = matches!(Cause::of(fault), Some(Cause::NotInRoom | Cause::Deactivated | Cause::TokenLost));
    is_gone || fault.chain().any(|cause| cause.is::<Stopped>() || cause.is::<NothingSent>())
}

#[expect(
    clippy::disallowed_methods,
    reason = "how long nobody was heard is the machine's own time, not the desk's"
)]
pub(super) fn now() -> Instant {
    Instant::now()
}
