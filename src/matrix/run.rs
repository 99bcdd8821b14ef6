//! `docket run`: the desk in its room, until it is told to stop.

use std::sync::Arc;
use std::time::Duration;

use anyhow::{Context, bail};
use matrix_sdk::config::SyncSettings;
use matrix_sdk::ruma::OwnedRoomId;
use matrix_sdk::{Client, Room, RoomState};
use tokio::signal::unix::{SignalKind, signal};
use tokio::sync::mpsc::{UnboundedSender, unbounded_channel};
use tokio::sync::watch;

use super::desk::DeskHandle;
use super::fault::Plain;
use super::inbound::Inbound;
use super::keep::Keep;
use super::outbound::{CURSOR, Out, Outbound, put};
use super::place::{self, Flaw, State};
use super::pulse::Pulse;
use super::session::Login;
use super::signs::Signs;
use super::{identity, setup};
use crate::config::{Config, ConfigFault, PolicyFault, RoomName};
use crate::desk::{Handle, Input, Post, WorksBy, serve_awake};
use crate::journal::DataKey;
use crate::ops::control::Control;
use crate::ops::{Home, SystemClock, home};
use crate::ports::Clock;

/// How long what is being sent may take once docket is told to stop. What is not sent then is owed, and comes at the next start.
const LAST_WORDS: Duration = Duration::from_secs(8);

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
pub fn run(config: &Config, key: &DataKey, runtime: &tokio::runtime::Runtime) -> anyhow::Result<()> {
    let home = Home::open(&config.data_dir, key, works_by(config)?, &mut home::progress_on_stderr())?;
    let Home { mut desk, files: _, check, lock } = home;
    let keep = Arc::new(Keep::of(&config.data_dir, key));
    // Before anything is said: what was posted in a room before this one is not here. Only a room that setup entered counts.
    if let Some(room) = setup::kept_room(&keep)?.filter(|room| is_named(config, room)) {
        desk.handle(vec![Input::Room(room.to_string())], SystemClock.now())?;
    }
    let owed = desk.owed(SystemClock.now())?;
    let (out, queue) = unbounded_channel();
    put(&out, owed, None)?;
    let (handle, work) = serve_awake(desk, Box::new(SystemClock), Box::new(say(out.clone())));
    let worker = std::thread::spawn(work);
    let control = Control::serve(&config.data_dir, handle.clone())?;
    let in_room = InRoom { config, key, keep, handle: handle.clone(), out };
    let outcome = runtime.block_on(in_room.serve(queue));
    drop(control);
    handle.stop();
    let desk = match worker.join() {
        Ok(served) => served?,
        Err(_) => bail!("the desk stopped in the middle of something; what was answered is on disk"),
    };
    home::close(desk, check)?;
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
    key: &'a DataKey,
    keep: Arc<Keep>,
    handle: Handle,
    out: UnboundedSender<Out>,
}

impl InRoom<'_> {
    async fn serve(self, queue: tokio::sync::mpsc::UnboundedReceiver<Out>) -> anyhow::Result<()> {
        let (mut stop, mut interrupt) = (signal(SignalKind::terminate())?, signal(SignalKind::interrupt())?);
        let cursor = self.keep.get::<String>(CURSOR)?;
        let cursor = cursor.context("docket does not know from where on to read: run docket setup")?;
        let (client, room) = tokio::select! {
            entered = self.enter() => entered?,
            _ = stop.recv() => return Ok(()),
            _ = interrupt.recv() => return Ok(()),
        };
        let desk = DeskHandle::new(self.handle.clone());
        let (last_words, stopped) = watch::channel(false);
        let outbound =
            Outbound { room: room.clone(), desk: desk.clone(), keep: Arc::clone(&self.keep), stopped };
        let mut outbound = tokio::spawn(outbound.run(queue));
        let signs = Arc::new(Signs::new());
        let pulse = Pulse {
            client: client.clone(),
            room: room.clone(),
            desk: desk.clone(),
            signs: Arc::clone(&signs),
            data_dir: self.config.data_dir.clone(),
        };
        let pulse = tokio::spawn(pulse.run());
        let inbound = Inbound { client, room, desk, out: self.out.clone(), cursor, signs };
        let mut inbound = tokio::spawn(inbound.run());
        tracing::info!("docket is in its room");
        let outcome = tokio::select! {
            ended = &mut inbound => ended?,
            ended = &mut outbound => return ended?.and(Err(anyhow::anyhow!("nothing is sent any more"))),
            _ = stop.recv() => Ok(()),
            _ = interrupt.recv() => Ok(()),
        };
        inbound.abort();
        pulse.abort();
        last_words.send(true).context("nothing is sent any more")?;
        match tokio::time::timeout(LAST_WORDS, &mut outbound).await {
            Ok(ended) => ended??,
            Err(_) => {
                outbound.abort();
                tracing::info!("what was not taken in time is sent at the next start");
            }
        }
        outcome
    }

    /// Takes the session up and enters the room, if both are as they must be.
    async fn enter(&self) -> anyhow::Result<(Client, Room)> {
        let homeserver = &self.config.homeserver;
        let data_dir = self.config.data_dir.as_path();
        let login = Login { homeserver, data_dir, key: self.key, keep: Arc::clone(&self.keep) };
        let client = login.restore().await?;
        client.encryption().wait_for_e2ee_initialization_tasks().await;
        if !identity::is_whole(&client).await? {
            bail!("docket's own identity is not whole, so nobody could trust what it says: run docket setup");
        }
        let id = self.room(&client).await?;
        // Who has joined meanwhile is learnt here, before anything goes out that they are to read, and a store that has not seen the
        // room yet learns of it; what else comes is paged for again.
        let heard = client.sync_once(SyncSettings::default().timeout(Duration::ZERO)).await.plain();
        match heard {
            Err(fault) if client.get_room(&id).is_none() => return Err(fault.into()),
            Err(fault) => tracing::warn!("the homeserver was not heard: {fault}; trying again"),
            Ok(_) => {}
        }
        let room = client.get_room(&id).filter(|room| room.state() == RoomState::Joined);
        let room = room.with_context(|| format!("docket is not in {id}: run docket setup"))?;
        let state = State::of(&client, &id).await?;
        for flaw in state.flaws() {
            match flaw {
                Flaw::NotEncrypted => bail!("{}", flaw.sentence()),
                Flaw::History | Flaw::JoinRules | Flaw::Guests | Flaw::Tombstone => {
                    tracing::warn!("{}", flaw.sentence());
                }
            }
        }
        Ok((client, room))
    }

    async fn room(&self, client: &Client) -> anyhow::Result<OwnedRoomId> {
        match (&self.config.room, setup::kept_room(&self.keep)?) {
            (Some(name @ RoomName::Id(_)), _) => place::find(client, name.as_str()).await,
            // What an alias leads to was asked when docket was set up, and does not change by itself.
            (Some(RoomName::Alias(_)) | None, Some(kept)) => Ok(kept),
            (Some(RoomName::Alias(_)) | None, None) => bail!("docket has no room yet: run docket setup"),
        }
    }
}
