//! `docket run`: the desk in its room, until it is told to stop.

use std::collections::BTreeSet;
use std::path::Path;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use anyhow::{Context, bail};
use chrono::{DateTime, Utc};
use matrix_sdk::config::SyncSettings;
use matrix_sdk::ruma::{OwnedRoomId, RoomId};
use matrix_sdk::sync::SyncResponse;
use matrix_sdk::{Client, Room, RoomState};
use tokio::signal::unix::{Signal, SignalKind, signal};
use tokio::sync::mpsc::{UnboundedReceiver, UnboundedSender, unbounded_channel};
use tokio::sync::watch;
use tokio::task::{JoinError, JoinSet};

use super::ahead::Ahead;
use super::alarm::{Bell, Broke, Cause, watch_for_silence};
use super::alone::Alone;
use super::bookmark::CURSOR;
use super::changes::Changes;
use super::cursor::Cursor;
use super::desk::DeskHandle;
use super::fault::{Plain, is_session_gone, passes, pause, with_way_out};
use super::inbound::Inbound;
use super::keep::Keep;
use super::late::Late;
use super::mark::Numbers;
use super::notices::{Errand, Happened, Notices};
use super::outbound::{Out, Outbound, put};
use super::people::{self, Look};
use super::place::{self, Flaw, State};
use super::posted::Fetcher;
use super::pulse::Pulse;
use super::reload::{Reload, people_of};
use super::session::Login;
use super::signs::Signs;
use super::sought::Sought;
use super::visits::Visits;
use super::watch::Watch;
use super::{greeting, identity, look_back, setup, whole};
use crate::config::{Config, ConfigFault, PolicyFault, RoomName};
use crate::desk::{Handle, Input, Outcome, Post, WorksBy, serve_awake};
use crate::files::SealedFiles;
use crate::journal::DataKey;
use crate::ops::control::Control;
use crate::ops::failpoint::{Point, reach};
use crate::ops::{Home, SystemClock, home, instance};
use crate::ports::Clock;

/// How long what is being sent may take once docket is told to stop. What is not sent then is owed, and comes at the next start.
const LAST_WORDS: Duration = Duration::from_secs(8);
/// How long to wait for a homeserver that is away at the start, at first and at most.
const FIRST_WAIT: Duration = Duration::from_millis(500);
const LONGEST_WAIT: Duration = Duration::from_secs(30);

/// What a configuration has docket work by.
pub fn works_by(config: &Config) -> Result<WorksBy, WorksByFault> {
    Ok(WorksBy::These(crate::case::Terms { directory: config.agencies()?, ..config.terms()? }))
}

/// Why there is nothing to work by.
#[derive(Debug, thiserror::Error)]
pub enum WorksByFault {
    /// The policy has a mistake.
    #[error(transparent)]
    Policy(#[from] PolicyFault),
    /// The directory has.
    #[error("{0}")]
    Directory(ConfigFault),
}

impl From<ConfigFault> for WorksByFault {
    fn from(fault: ConfigFault) -> WorksByFault {
        WorksByFault::Directory(fault)
    }
}

/// Runs docket until it is told to stop, or until something is wrong that only somebody on the host can mend.
pub fn run(
    config: &Config,
    file: &Path,
    key: &DataKey,
    runtime: &tokio::runtime::Runtime,
) -> anyhow::Result<()> {
    // From here on: what asks for the people to be read again must not end a docket that is still opening its data.
    let hangup = {
        let _within = runtime.enter();
        signal(SignalKind::hangup())?
    };
    let home = Home::open(&config.data_dir, key, works_by(config)?, &mut home::progress_on_stderr())?;
    let Home { mut desk, files, check, lock } = home;
    reach(Point::DeskOpened);
    let keep = Arc::new(Keep::of(&config.data_dir, key));
    // Before anything is said: what was posted in a room before this one is not here. Only a room that setup entered counts.
    if let Some(room) = setup::kept_room(&keep)?.filter(|room| is_named(config, room)) {
        desk.handle(vec![Input::Room(room.to_string())], SystemClock.now())?;
    }
    desk.await_the_room();
    let (since, owed) = (desk.owed_since()?, desk.owed(SystemClock.now())?);
    let owed_by = owed.iter().map(|post| post.txn.clone()).collect();
    let (out, queue) = unbounded_channel();
    put(&out, owed, None)?;
    reach(Point::OwedQueued);
    let (handle, work) = serve_awake(desk, Box::new(SystemClock), Box::new(say(out.clone())));
    let worker = std::thread::spawn(work);
    let control = Control::serve(&config.data_dir, handle.clone())?;
    reach(Point::DeskServes);
    let bell = Bell::new(config.alarm_command.clone(), Arc::clone(&keep));
    let left = Left { since, owed_by };
    let in_room = InRoom { config, file, key, keep, files, bell, handle: handle.clone(), out, left };
    let outcome = runtime.block_on(in_room.serve(queue, hangup));
    reach(Point::RoomLeft);
    drop(control);
    handle.stop();
    let desk = match worker.join() {
        Ok(served) => served?,
        Err(_) => bail!("the desk stopped in the middle of something; what was answered is on disk"),
    };
    reach(Point::DeskStopped);
    home::close(desk, check)?;
    reach(Point::IndexClosed);
    drop(lock);
    outcome
}

/// Whether the configuration names this room, or none by its id.
fn is_named(config: &Config, room: &OwnedRoomId) -> bool {
    match &config.room {
        Some(RoomName::Id(id)) => id == room.as_str(),
        Some(RoomName::Alias(_)) | None => true,
    }
}

/// What time brings goes out like everything else.
fn say(out: UnboundedSender<Out>) -> impl FnMut(Vec<Post>) + Send {
    move |posts| {
        // Nobody sends any more: docket is stopping, and this stays owed.
        if put(&out, posts, None).is_err() {
            tracing::info!("what has fallen due goes out at the next start");
        }
    }
}

struct InRoom<'a> {
    config: &'a Config,
    file: &'a Path,
    key: &'a DataKey,
    keep: Arc<Keep>,
    files: SealedFiles,
    bell: Bell,
    handle: Handle,
    out: UnboundedSender<Out>,
    left: Left,
}

/// What came of a task. The words of a panic may hold what it worked on: nobody is told those.
fn came_of(ended: Result<anyhow::Result<()>, JoinError>) -> anyhow::Result<()> {
    ended.unwrap_or_else(|_| Err(Broke.into()))
}

/// What the last stop left owed.
struct Left {
    /// When the oldest of it was put on record.
    since: Option<DateTime<Utc>>,
    /// The requests by which it is sent.
    owed_by: BTreeSet<String>,
}

impl InRoom<'_> {
    /// Serves the room; what ends that and nobody would hear of in the room is rung.
    async fn serve(self, queue: UnboundedReceiver<Out>, hangup: Signal) -> anyhow::Result<()> {
        let bell = self.bell.clone();
        let outcome = self.served(queue, hangup).await;
        if let Some(cause) = outcome.as_ref().err().and_then(Cause::of) {
            bell.ring_out(cause).await;
        }
        outcome
    }

    async fn served(self, queue: UnboundedReceiver<Out>, hangup: Signal) -> anyhow::Result<()> {
        let (mut stop, mut interrupt) = (signal(SignalKind::terminate())?, signal(SignalKind::interrupt())?);
        let cursor = self.keep.get::<Cursor>(CURSOR)?;
        let cursor = cursor.context("docket does not know from where on to read: run docket setup")?;
        // From here on: where the homeserver does not answer, docket tries again and again.
        let (heard, ear) = watch::channel(());
        let mut beside = JoinSet::new();
        let listening = watch_for_silence(self.bell.clone(), ear, self.config.alarm_after);
        beside.spawn(async move {
            listening.await;
            anyhow::Ok(())
        });
        let (client, room, meanwhile) = tokio::select! {
            entered = self.enter() => entered?,
            _ = stop.recv() => return Ok(()),
            _ = interrupt.recv() => return Ok(()),
        };
        let desk = DeskHandle::new(self.handle.clone());
        let instance =
            instance::of(&self.config.data_dir).context("the data directory has no word of its own")?;
        let numbers = Arc::new(Numbers::new(instance, cursor.posts));
        // Before anything else: what the room tells of the journal may hold the desk.
        let posts = tokio::select! {
            looked = look_back::at_the_start(&client, &room, &desk, &numbers) => looked?,
            _ = stop.recv() => return Ok(()),
            _ = interrupt.recv() => return Ok(()),
        };
        put(&self.out, posts, None)?;
        if let Outcome::Posts(posts) = desk.ask(people_of(self.config)).await? {
            put(&self.out, posts, None)?;
        }
        let out = || self.out.clone();
        let (errands, to_bring) = unbounded_channel();
        for (id, came) in
            meanwhile.iter().flat_map(|came| &came.rooms.joined).filter(|(id, _)| *id != room.room_id())
        {
            errands
                .send(Errand::Look(id.clone(), Happened::of(came)))
                .ok()
                .context("nobody brings notices")?;
        }
        let (knocks, knocked) = unbounded_channel();
        let (watch, goes) =
            Watch::new(client.clone(), room.clone(), desk.clone(), out(), knocks.clone(), self.bell.clone());
        let watch = Arc::new(watch);
        let changes = Changes::of(&client).await?;
        // Before anything is sent: what is owed may be for somebody whom docket recognised and had no time to sign.
        let looked = people::look(&client, &room, &desk, Look::Ask).await?;
        put(&self.out, looked.posts, None)?;
        let (last_words, stopped) = watch::channel(false);
        let prefix = self.config.prefixes.first().map_or("!case", String::as_str);
        let alone = Arc::new(Alone::open(client.clone(), desk.clone(), Arc::clone(&self.keep), prefix)?);
        let greeting = greeting::greeting(&self.keep, prefix)?;
        // Since then something may have been sent of which the desk was not told, or that is asked for once more.
        let since = self.left.since.into_iter().chain(cursor.at).min();
        let own = client.user_id().context("docket is not logged in")?.to_owned();
        let sought = Sought::new(own, since, self.left.owed_by.clone());
        let (answers, answered) = watch::channel(cursor.token.clone());
        let outbound = Outbound {
            answered: answers,
            room: room.clone(),
            desk: desk.clone(),
            alone: Arc::clone(&alone),
            keep: Arc::clone(&self.keep),
            numbers,
            sought,
            goes,
            bell: self.bell.clone(),
            stopped,
            errands: errands.clone(),
            knocks: knocks.clone(),
        };
        let mut outbound = tokio::spawn(outbound.run(queue));
        let notices = Notices {
            client: client.clone(),
            desk: desk.clone(),
            keep: Arc::clone(&self.keep),
            files: Arc::new(Mutex::new(self.files.clone())),
            synapse: self.config.synapse.clone(),
            out: out(),
        };
        beside.spawn(notices.run(to_bring));
        let visits = Visits {
            client: client.clone(),
            desk: desk.clone(),
            keep: Arc::clone(&self.keep),
            files: Arc::new(Mutex::new(self.files.clone())),
            out: out(),
            room: room.room_id().to_owned(),
        };
        beside.spawn(visits.run(knocked));
        let fetcher = Fetcher::new(client.clone(), self.files.clone());
        let signs = Arc::new(Signs::new());
        let pulse = Pulse {
            client: client.clone(),
            room: room.clone(),
            desk: desk.clone(),
            signs: Arc::clone(&signs),
            config: self.config.clone(),
            key: self.key.clone(),
        };
        let reload = Reload {
            file: self.file.to_owned(),
            client: client.clone(),
            room: room.clone(),
            desk: desk.clone(),
            out: out(),
            watch: Arc::clone(&watch),
        };
        let heard_by_all = heard.clone();
        let looking = Arc::clone(&watch);
        beside.spawn(async move { Ok(pulse.run().await?) });
        beside.spawn(async move { reload.run(hangup).await });
        beside.spawn(async move { Ok(looking.look_now_and_then().await?) });
        // Whoever sends asks it what may leave, to the last word: it must outlive those who look.
        let asked_to_the_last = Arc::clone(&watch);
        let inbound = Inbound {
            client,
            room,
            desk,
            alone,
            fetcher,
            watch,
            heard,
            out: out(),
            answered,
            last: cursor.last.clone(),
            cursor,
            refused: 0,
            late: Late::default(),
            ahead: Ahead::default(),
            greeting,
            people: changes,
            signs,
            errands,
            knocks,
        };
        let _still_heard = heard_by_all;
        let mut inbound = tokio::spawn(inbound.run());
        tracing::info!("docket is in its room");
        let outcome = tokio::select! {
            biased;
            ended = &mut inbound => came_of(ended),
            ended = &mut outbound => return came_of(ended).and(Err(anyhow::anyhow!("nothing is sent any more"))),
            // None of them ends by itself: without one docket would seem to be well and look no more.
            Some(ended) = beside.join_next() => came_of(ended).and(Err(anyhow::anyhow!("nobody looks at the room any more"))),
            _ = stop.recv() => Ok(()),
            _ = interrupt.recv() => Ok(()),
        };
        reach(Point::StopHeard);
        inbound.abort();
        beside.abort_all();
        last_words.send(true).context("nothing is sent any more")?;
        let outcome = match tokio::time::timeout(LAST_WORDS, &mut outbound).await {
            // What ended docket is told; what else failed on the way out came of it.
            Ok(ended) => outcome.and(came_of(ended)),
            Err(_) => {
                outbound.abort();
                tracing::info!("what was not taken in time is sent at the next start");
                outcome
            }
        };
        drop(asked_to_the_last);
        outcome
    }

    /// Takes the session up and enters the room, if both are as they must be.
    async fn enter(&self) -> anyhow::Result<(Client, Room, Option<SyncResponse>)> {
        let homeserver = &self.config.homeserver;
        let data_dir = self.config.data_dir.as_path();
        let login = Login { homeserver, data_dir, key: self.key, keep: Arc::clone(&self.keep) };
        let client = login.restore().await?;
        reach(Point::SessionRestored);
        client.encryption().wait_for_e2ee_initialization_tasks().await;
        if !identity::is_whole(&client).await? {
            bail!("docket's own identity is not whole, so nobody could trust what it says: run docket setup");
        }
        let id = self.room(&client).await?;
        let mut wait = FIRST_WAIT;
        loop {
            match self.look_in(&client, &id).await {
                Ok((room, meanwhile)) => {
                    for over in [Cause::TokenLost, Cause::Deactivated, Cause::NotInRoom, Cause::Broken] {
                        self.bell.over(over);
                    }
                    reach(Point::RoomEntered);
                    return Ok((client, room, meanwhile));
                }
                Err(fault) if passes(&fault) => {
                    tracing::warn!("{fault:#}; trying again");
                    tokio::time::sleep(pause(&fault, wait)).await;
                    wait = (wait * 2).min(LONGEST_WAIT);
                }
                Err(fault) => return Err(with_way_out(fault)),
            }
        }
    }

    async fn room(&self, client: &Client) -> anyhow::Result<OwnedRoomId> {
        match (&self.config.room, setup::kept_room(&self.keep)?) {
            (Some(name @ RoomName::Id(_)), _) => place::find(client, name.as_str()).await,
            // What an alias leads to was asked when docket was set up, and does not change by itself.
            (Some(RoomName::Alias(_)) | None, Some(kept)) => Ok(kept),
            (Some(RoomName::Alias(_)) | None, None) => bail!("docket has no room yet: run docket setup"),
        }
    }

    /// The room, if it is as it must be; and what came since docket was here last, which nobody tells again.
    async fn look_in(&self, client: &Client, id: &RoomId) -> anyhow::Result<(Room, Option<SyncResponse>)> {
        // Who is in the room by now, before anything is sent there; what else comes is paged for again.
        let came = client.sync_once(SyncSettings::default().timeout(Duration::ZERO)).await.plain();
        let came = match came.map_err(anyhow::Error::from) {
            Ok(came) => Some(came),
            Err(fault) if passes(&fault) || is_session_gone(&fault) => return Err(fault),
            Err(fault) => {
                tracing::warn!("the homeserver was not heard: {fault}");
                None
            }
        };
        let room = client.get_room(id).filter(|room| room.state() == RoomState::Joined);
        let Some(room) = room else {
            self.bell.ring_out(Cause::NotInRoom).await;
            bail!("docket is not in {id}: run docket setup");
        };
        let state = State::of(client, id).await?;
        for flaw in state.flaws() {
            match flaw {
                Flaw::NotEncrypted => {
                    self.bell.ring_out(Cause::NotEncrypted).await;
                    bail!("{}", flaw.sentence())
                }
                Flaw::History | Flaw::JoinRules | Flaw::Guests | Flaw::Tombstone => {
                    tracing::warn!("{}", flaw.sentence());
                }
            }
        }
        if !room.latest_encryption_state().await.plain()?.is_encrypted() {
            whole::told_again(client).await?;
        }
        if !room.latest_encryption_state().await.plain()?.is_encrypted() {
            self.bell.ring_out(Cause::NotEncrypted).await;
            bail!(
                "the homeserver tells in one place that the room is encrypted and hides it in another, so nothing can be said there; \
                 whoever runs it should know of it"
            );
        }
        Ok((room, came))
    }
}
