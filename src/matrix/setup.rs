//! `docket setup`: from a configuration and a password to a working room. Run again, it mends what is missing and changes
//! nothing else.

use std::collections::BTreeSet;
use std::io::ErrorKind;
use std::path::Path;
use std::sync::Arc;

use anyhow::{Context, bail};
use matrix_sdk::config::SyncSettings;
use matrix_sdk::ruma::events::room::message::RoomMessageEventContent;
use matrix_sdk::ruma::{OwnedRoomId, OwnedTransactionId, OwnedUserId, RoomId, UserId};
use matrix_sdk::{Client, Room, RoomState};
use serde::{Deserialize, Serialize};
use zeroize::Zeroizing;

use super::bookmark::CURSOR;
use super::cursor::Cursor;
use super::fault::Plain;
use super::identity::{self, Done};
use super::keep::{Keep, KeepFault};
use super::place::{self, Plan, State};
use super::sas::{self, IsTheSame};
use super::session::{Begun, Login, Secret};
use super::whole;
use crate::case::Account;
use crate::case::decide::Sighting;
use crate::chat::text;
use crate::config::{Config, LoginSecret, SecretFault, secret_file};
use crate::journal::DataKey;
use crate::ops::failpoint::{Point, reach};
use crate::ops::{OsEntropy, SystemClock, secret};
use crate::ports::{Clock, Entropy, hex};

pub(super) const ROOM: &str = "room";
const RECOVERY: &str = "recovery";
/// How often is looked whether the homeserver has made known what it was told.
const LOOKS: usize = 30;
/// After so many looks for what is new the whole is looked at.
const LOOKS_FOR_NEWS: usize = 5;

/// What is remembered of the room.
#[derive(Clone, Default, Serialize, Deserialize)]
pub(super) struct KeptRoom {
    /// The word by which a room that docket makes is known again.
    pub(super) nonce: String,
    /// Which room; what the configuration names comes first.
    id: Option<OwnedRoomId>,
    /// Whether it was greeted.
    pub(super) greeted: bool,
    /// The word for a room that takes this one's place, while it is being made.
    #[serde(default)]
    moving: Option<String>,
    /// The room before, while it is still to be told and left.
    #[serde(default)]
    left: Option<OwnedRoomId>,
}

/// The room that `setup` made or entered.
pub fn kept_room(keep: &Keep) -> Result<Option<OwnedRoomId>, KeepFault> {
    Ok(keep.get::<KeptRoom>(ROOM)?.and_then(|kept| kept.id))
}

/// Asks for docket's password.
pub type AskPassword<'a> = &'a mut dyn FnMut() -> anyhow::Result<Zeroizing<String>>;

/// Everything that `setup` needs.
pub struct Setup<'a> {
    /// The settings.
    pub config: &'a Config,
    /// The data key.
    pub key: &'a DataKey,
    /// Whether a new room is to take the place of the one that is there.
    pub move_room: bool,
    /// Asks whoever sits at the terminal for docket's password, where somebody does.
    pub ask_password: Option<AskPassword<'a>>,
    /// Takes the lines that tell what was done.
    pub say: &'a mut dyn FnMut(&str) -> anyhow::Result<()>,
}

impl Setup<'_> {
    /// Does what is missing, step by step, and tells of each. Gives back the session, for what is done with it besides.
    pub async fn run(&mut self) -> anyhow::Result<Client> {
        reach(Point::DataKeyMade);
        let keep = Arc::new(Keep::of(&self.config.data_dir, self.key));
        let secret = self.secret(&keep)?;
        let secret: Secret<'_> = secret.as_ref().map(|secret| secret.as_str());
        let password = match self.config.homeserver.secret {
            LoginSecret::Password(_) => secret.ok(),
            LoginSecret::Token(_) => None,
        };
        let client = self.log_in(&keep, secret).await?;
        reach(Point::SessionKept);
        client.sync_once(settings()).await.plain().context("the homeserver was not heard")?;
        reach(Point::SetupHeard);
        self.whole_identity(&client, &keep, password).await?;
        self.room(&client, &keep).await?;
        let fingerprint = identity::fingerprint(&client).await?;
        (self.say)(&format!(
            "docket's fingerprint, for whoever verifies it by hand: {}",
            fingerprint.in_fours()
        ))?;
        (self.say)("ready: docket run")?;
        Ok(client)
    }

    /// What docket logs in with. A password that lies in no file is asked for, where it is needed and somebody is there.
    fn secret(&mut self, keep: &Arc<Keep>) -> anyhow::Result<Result<Zeroizing<String>, SecretFault>> {
        let homeserver = &self.config.homeserver;
        let data_dir = self.config.data_dir.as_path();
        let login = Login { homeserver, data_dir, key: self.key, keep: Arc::clone(keep) };
        let read = homeserver.secret.path().read();
        let is_missing =
            matches!(&read, Err(SecretFault::Io { fault, .. }) if fault.kind() == ErrorKind::NotFound);
        Ok(match (&homeserver.secret, &mut self.ask_password) {
            (LoginSecret::Password(_), Some(ask)) if is_missing && !login.has_session()? => Ok(ask()?),
            _ => read,
        })
    }

    /// Compares emojis with somebody who is listed.
    pub async fn compare(
        &mut self,
        client: &Client,
        account: &Account,
        is_the_same: IsTheSame<'_>,
    ) -> anyhow::Result<Sighting> {
        if !self.config.people.iter().any(|listed| listed.person.account == *account) {
            bail!("{} does not stand in people: of the configuration", account.as_str());
        }
        sas::compare(client, account, self.say, is_the_same).await
    }

    async fn log_in(&mut self, keep: &Arc<Keep>, secret: Secret<'_>) -> anyhow::Result<Client> {
        let homeserver = &self.config.homeserver;
        let data_dir = self.config.data_dir.as_path();
        let login = Login { homeserver, data_dir, key: self.key, keep: Arc::clone(keep) };
        let (client, begun) = login.begin(secret).await?;
        let device = client.device_id().map(ToString::to_string).unwrap_or_default();
        (self.say)(&match begun {
            Begun::Restored => format!("session: kept, device {device}"),
            Begun::LoggedIn => format!("session: logged in at {}, device {device}", homeserver.url),
        })?;
        Ok(client)
    }

    async fn whole_identity(
        &mut self,
        client: &Client,
        keep: &Keep,
        password: Option<&str>,
    ) -> anyhow::Result<()> {
        let file = self.config.recovery_key_file.as_deref();
        let known = file.filter(|file| file.exists()).map(secret_file).transpose()?;
        let done = identity::make_whole(client, password, known.as_deref().map(|key| key.trim())).await?;
        reach(Point::IdentityMade);
        (self.say)(match done {
            Done::Kept => "identity: kept",
            Done::Made => "identity: made, and docket's device signed with it",
            Done::Recovered => "identity: brought back with the recovery key",
            Done::Published => "identity: sent to the homeserver again, which had lost it",
        })?;
        if done == Done::Recovered {
            keep.put(RECOVERY, &true, &mut OsEntropy)?;
        }
        // What is made anew is known to nobody but this device. A stop may have come after the key was given out, and before that was
        // kept: then the key in the file opens what lies on the homeserver.
        let is_given_out = keep.get(RECOVERY)?.unwrap_or(false);
        let is_laid_down = done != Done::Made
            && identity::lies_on_the_homeserver(client).await?
            && match &known {
                Some(key) if !is_given_out => identity::is_recovery_key(client, key.trim()).await,
                Some(_) | None => is_given_out,
            };
        if is_laid_down {
            if !is_given_out {
                keep.put(RECOVERY, &true, &mut OsEntropy)?;
                reach(Point::RecoveryKept);
            }
            return (self.say)("recovery key: kept");
        }
        if let Some(file) = file.filter(|file| file.exists()) {
            bail!(
                "docket needs a new recovery key, and {} holds an old one: move that away and run docket setup again",
                file.display()
            );
        }
        let key = identity::new_recovery_key(client).await?;
        reach(Point::RecoveryLaidDown);
        self.give_out(file, &key)?;
        reach(Point::RecoveryGiven);
        keep.put(RECOVERY, &true, &mut OsEntropy)?;
        reach(Point::RecoveryKept);
        Ok(())
    }

    /// The recovery key goes into its file, or is shown this once.
    fn give_out(&mut self, file: Option<&Path>, key: &Zeroizing<String>) -> anyhow::Result<()> {
        let Some(file) = file else {
            (self.say)(&format!(
                "recovery key, shown this once (keep it where docket is not): {}",
                key.as_str()
            ))?;
            return Ok(());
        };
        secret::write(file, key)?;
        (self.say)(&format!("recovery key: written to {}", file.display()))?;
        Ok(())
    }

    async fn room(&mut self, client: &Client, keep: &Keep) -> anyhow::Result<()> {
        let own = client.user_id().context("docket is not logged in")?.to_owned();
        let people = people(self.config, &own)?;
        let mut kept: KeptRoom = match keep.get(ROOM)? {
            Some(kept) => kept,
            None => {
                let kept = KeptRoom { nonce: nonce(), ..KeptRoom::default() };
                keep.put(ROOM, &kept, &mut OsEntropy)?;
                reach(Point::RoomPlanned);
                kept
            }
        };
        if self.move_room && kept.moving.is_none() {
            if let Some(name) = &self.config.room {
                bail!(
                    "the configuration names the room {}: take room: out of it, and run docket setup --move-room again; the new room is \
                     remembered in data_dir",
                    name.as_str()
                );
            }
            kept.id.as_ref().context("docket has no room yet: run docket setup without --move-room")?;
            kept.moving = Some(nonce());
            keep.put(ROOM, &kept, &mut OsEntropy)?;
            reach(Point::MovePlanned);
        }
        // A move that a stop came in between of is ended first. How far was read stays: it is a moment, in whatever room.
        if let Some(nonce) = kept.moving.take() {
            let plan = Plan { own: &own, people: &people, nonce: &nonce };
            let room = plan.make(client).await?;
            (self.say)(&format!("room: made, {}", room.room_id()))?;
            reach(Point::MoveMade);
            let (id, left) = (Some(room.room_id().to_owned()), kept.id.take());
            kept = KeptRoom { nonce, id, greeted: false, moving: None, left };
            nothing_seen_here(keep)?;
            keep.put(ROOM, &kept, &mut OsEntropy)?;
            reach(Point::MoveKept);
        }
        let named = match &self.config.room {
            Some(name) => Some(place::find(client, name.as_str()).await?),
            None => kept.id.clone(),
        };
        let room = match named {
            Some(id) => self.enter(client, &id).await?,
            None => {
                let plan = Plan { own: &own, people: &people, nonce: &kept.nonce };
                let room = plan.make(client).await?;
                (self.say)(&format!("room: made, {}", room.room_id()))?;
                room
            }
        };
        reach(Point::RoomMade);
        if kept.id.as_deref() != Some(room.room_id()) {
            kept.id = Some(room.room_id().to_owned());
            kept.greeted = false;
            nothing_seen_here(keep)?;
            keep.put(ROOM, &kept, &mut OsEntropy)?;
            reach(Point::RoomKept);
        }
        if keep.get::<Cursor>(CURSOR)?.is_none() {
            // From here on nothing that is said in the room is missed.
            let came = client.sync_once(settings()).await.plain().context("the homeserver was not heard")?;
            let cursor = Cursor { at: Some(SystemClock.now()), ..Cursor::at(came.next_batch) };
            keep.put(CURSOR, &cursor, &mut OsEntropy)?;
            reach(Point::PlaceLaid);
        }
        for (flaw, mended) in place::mend(client, &room).await? {
            match mended {
                Ok(()) => (self.say)(&format!("room: mended. {}", flaw.sentence()))?,
                Err(fault) => (self.say)(&format!("room: docket may not mend this itself ({fault})"))?,
            }
        }
        for (person, invited) in place::invite(client, &room, &people).await? {
            match invited {
                Ok(()) => (self.say)(&format!("room: invited {person}"))?,
                Err(fault) => (self.say)(&format!("room: {person} could not be invited ({fault})"))?,
            }
        }
        reach(Point::PeopleInvited);
        known_as_encrypted(client, &room).await?;
        let state = State::of(client, room.room_id()).await?;
        for flaw in state.flaws() {
            (self.say)(&format!("room: still wrong. {}", flaw.sentence()))?;
        }
        for stranger in
            state.with_membership("join").iter().filter(|who| **who != own && !people.contains(who))
        {
            (self.say)(&format!("room: {stranger} sits there and stands in people: of no configuration"))?;
        }
        if let Some(old) = kept.left.take() {
            let told = leave(client, &old, room.room_id(), &kept.nonce).await;
            (self.say)(&match told {
                Ok(()) => format!("room: {old} was told where docket is now, and left"),
                Err(fault) => {
                    format!("room: {old} could not be told or left ({fault:#}); tell whoever is there")
                }
            })?;
            keep.put(ROOM, &kept, &mut OsEntropy)?;
        }
        Ok(())
    }

    async fn enter(&mut self, client: &Client, id: &RoomId) -> anyhow::Result<Room> {
        let there = client.joined_rooms().into_iter().find(|room| room.room_id() == id);
        if let Some(room) = there {
            (self.say)(&format!("room: kept, {id}"))?;
            return Ok(room);
        }
        let room = client.join_room_by_id(id).await;
        let room = room.plain().with_context(|| {
            format!("docket cannot join {id}: invite {} there", self.config.homeserver.user.as_str())
        })?;
        (self.say)(&format!("room: joined, {id}"))?;
        Ok(room)
    }
}

/// The last message that docket saw was in another room: that it is not in this one says nothing.
fn nothing_seen_here(keep: &Keep) -> Result<(), KeepFault> {
    match keep.get::<Cursor>(CURSOR)? {
        Some(cursor) => keep.put(CURSOR, &Cursor { last: None, ..cursor }, &mut OsEntropy),
        None => Ok(()),
    }
}

/// Says in the room before where docket is now, and leaves it.
async fn leave(client: &Client, old: &RoomId, new: &RoomId, nonce: &str) -> anyhow::Result<()> {
    let Some(room) = client.get_room(old).filter(|room| room.state() == RoomState::Joined) else {
        bail!("docket is not there any more");
    };
    if !room.latest_encryption_state().await?.is_encrypted() {
        bail!("it is not encrypted");
    }
    let page = text::moved(new.as_str());
    // Always under the same id, so that a stop before it was left has it told once.
    let txn = OwnedTransactionId::from(format!("moved-{nonce}"));
    let content = RoomMessageEventContent::notice_html(page.text(), page.html());
    room.send(content).with_transaction_id(txn).await.plain()?;
    reach(Point::MoveTold);
    room.leave().await.plain()?;
    reach(Point::MoveLeft);
    Ok(())
}

/// Waits until the room is known here as encrypted: before that, what is sent would leave in clear.
async fn known_as_encrypted(client: &Client, room: &Room) -> anyhow::Result<()> {
    for look in 1..=LOOKS {
        let is_joined = client.get_room(room.room_id()).is_some_and(|room| room.is_synced());
        if is_joined && room.latest_encryption_state().await.plain()?.is_encrypted() {
            return Ok(());
        }
        if look % LOOKS_FOR_NEWS == 0 {
            whole::told_again(client).await.context("the homeserver was not heard")?;
        }
        client.sync_once(settings()).await.plain().context("the homeserver was not heard")?;
    }
    bail!("{} is not known as an encrypted room; nothing is sent there", room.room_id())
}

fn settings() -> SyncSettings {
    SyncSettings::default().timeout(std::time::Duration::from_secs(1))
}

/// Who is to be in the room, docket itself apart.
pub(super) fn people(config: &Config, own: &UserId) -> anyhow::Result<Vec<OwnedUserId>> {
    let all: BTreeSet<OwnedUserId> = config
        .people
        .iter()
        .map(|listed| {
            let account = listed.person.account.as_str();
            UserId::parse(account)
                .with_context(|| format!("{account} is no account that a homeserver accepts"))
        })
        .collect::<anyhow::Result<_>>()?;
    Ok(all.into_iter().filter(|person| person != own).collect())
}

fn nonce() -> String {
    let mut bytes = [0; 16];
    OsEntropy.fill(&mut bytes);
    hex(&bytes)
}
