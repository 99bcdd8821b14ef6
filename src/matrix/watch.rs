//! The room and its members are watched. Its state is asked of the homeserver, never believed from the timeline; what is wrong
//! about it, and who is to go, the desk says.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::{MutexGuard, PoisonError};
use std::time::Duration;

use anyhow::Context;
use matrix_sdk::ruma::{OwnedDeviceId, UserId};
use matrix_sdk::sync::{JoinedRoomUpdate, State as SyncState};
use matrix_sdk::{Client, Room};
use serde_json::Value;
use tokio::sync::mpsc::UnboundedSender;
use tokio::sync::{Mutex, watch};

use super::alarm::{Bell, Cause};
use super::desk::DeskHandle;
use super::fault::Plain;
use super::identity;
use super::outbound::{NothingSent, Out, put};
use super::people::{Look, key_of};
use super::place::{self, State};
use super::visits::Knock;
use crate::case::{Concern, Goes, MasterKey, Membership, Powers, RoomSeen};
use crate::desk::{Input, Outcome, Stopped};
use crate::ops::failpoint::{Point, reach};

/// How often is looked though nothing seems to have changed: a homeserver may keep a change to itself.
const NOW_AND_THEN: Duration = Duration::from_secs(600);
/// How many are taken out at one look; a look follows on each that goes.
const MOST_AT_ONCE: usize = 20;
/// What somebody reads who is taken out.
const REASON: &str = "This room is for the people whom docket’s configuration names.";

/// Watches one room.
pub struct Watch {
    client: Client,
    room: Room,
    desk: DeskHandle,
    out: UnboundedSender<Out>,
    bell: Bell,
    goes: watch::Sender<Goes>,
    /// What the last look found.
    own: std::sync::Mutex<Own>,
    /// One look at a time.
    looking: Mutex<()>,
    /// Who speaks with users, and declines what is no invitation of theirs.
    knocks: UnboundedSender<Knock>,
}

/// What the homeserver told of docket's own account.
#[derive(Clone, Default, PartialEq, Eq)]
struct Own {
    /// Its devices beside this one.
    others: BTreeSet<OwnedDeviceId>,
    /// The key of its identity.
    key: Option<MasterKey>,
    /// Whether the homeserver has other keys of this device than its store.
    keys_are_old: bool,
}

impl Watch {
    /// Over a room that nobody has looked at yet, so nothing leaves for it until somebody has.
    pub fn new(
        client: Client,
        room: Room,
        desk: DeskHandle,
        out: UnboundedSender<Out>,
        knocks: UnboundedSender<Knock>,
        bell: Bell,
    ) -> (Watch, watch::Receiver<Goes>) {
        let (goes, ear) = watch::channel(Goes::Nothing);
        let (own, looking) = (std::sync::Mutex::default(), Mutex::new(()));
        (Watch { client, room, desk, out, bell, goes, own, looking, knocks }, ear)
    }

    /// Looks if the room's state has changed, or docket's own account.
    pub async fn look_after(&self, is_state_changed: bool, is_gap: bool) -> anyhow::Result<()> {
        if is_state_changed || self.own().await? != *self.last() {
            self.look(if is_gap { Look::Ask } else { Look::Known }).await?;
        }
        Ok(())
    }

    /// What was found at the last look.
    fn last(&self) -> MutexGuard<'_, Own> {
        // It is put there in one step.
        self.own.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Has nothing leave until somebody has looked at the room again.
    pub fn hold_back(&self) {
        self.goes.send_replace(Goes::Nothing);
    }

    /// Looks now and then, until the task is ended.
    pub async fn look_now_and_then(&self) -> Result<(), Stopped> {
        loop {
            tokio::time::sleep(NOW_AND_THEN).await;
            match self.look(Look::Ask).await {
                Err(fault) if fault.chain().any(|cause| cause.is::<Stopped>()) => return Err(Stopped),
                Err(fault) => tracing::warn!("the room could not be looked at: {fault}"),
                Ok(()) => {}
            }
        }
    }

    /// Looks at the room, says what is wrong, and takes out who does not belong there.
    pub async fn look(&self, how: Look) -> anyhow::Result<()> {
        let _one = self.looking.lock().await;
        let own = self.client.user_id().context("docket is not logged in")?.to_owned();
        let state = State::of(&self.client, self.room.room_id()).await?;
        let is_known_as_encrypted = self.room.latest_encryption_state().await.plain()?.is_encrypted();
        match state.is_encrypted() {
            false => {
                tracing::error!("the room is not known to be encrypted: nothing is sent");
                drop(self.bell.ring(Cause::NotEncrypted));
            }
            true if is_known_as_encrypted => self.bell.over(Cause::NotEncrypted),
            true => {}
        }
        if how == Look::Ask && self.client.encryption().request_user_identity(&own).await.is_err() {
            // What it does not show now it may have told before.
            tracing::warn!("docket's own identity could not be asked for");
        }
        let found = self.own().await?;
        // The room is told too, and nobody there may be able to read it.
        match identity::is_whole(&self.client).await {
            Ok(true) => self.bell.over(Cause::IdentityLost),
            Ok(false) => drop(self.bell.ring(Cause::IdentityLost)),
            Err(_) => tracing::warn!("docket's own identity could not be looked at"),
        }
        let mut wrong = wrong(&state);
        let other = |device: &OwnedDeviceId| Concern::OwnDevice { device: device.to_string() };
        wrong.extend(found.others.iter().map(other));
        wrong.extend(found.keys_are_old.then_some(Concern::OldKeys));
        let seen = RoomSeen {
            own: own.to_string(),
            members: state.members(),
            wrong,
            powers: powers(&state, &own),
            identity: found.key.clone(),
        };
        *self.last() = found;
        reach(Point::RoomSeen);
        if let Outcome::Watched { posts, remove, goes } =
            self.desk.ask(Input::Watched(Box::new(seen))).await?
        {
            reach(Point::RoomJudged);
            self.goes.send_replace(goes);
            put(&self.out, posts, None)?;
            self.take_out(&remove).await;
        }
        // One that came while nobody looked.
        if !self.client.invited_rooms().is_empty() {
            self.knocks.send(Knock::Invited).ok().ok_or(NothingSent)?;
        }
        Ok(())
    }

    async fn take_out(&self, members: &[String]) {
        for member in members.iter().take(MOST_AT_ONCE) {
            let Ok(member) = UserId::parse(member) else { continue };
            match self.room.kick_user(&member, Some(REASON)).await.plain() {
                Ok(()) => {
                    tracing::warn!("somebody who is not in the list of people was taken out of the room");
                    reach(Point::StrangerOut);
                }
                Err(fault) => {
                    tracing::error!("somebody who does not belong in the room cannot be taken out: {fault}")
                }
            }
        }
    }

    async fn own(&self) -> anyhow::Result<Own> {
        let own = self.client.user_id().context("docket is not logged in")?;
        let encryption = self.client.encryption();
        let devices = encryption.get_user_devices(own).await?;
        let others = devices.devices().map(|device| device.device_id().to_owned());
        let others = others.filter(|device| Some(&**device) != self.client.device_id()).collect();
        let identity = encryption.get_user_identity(own).await?;
        let key = identity.and_then(|identity| key_of(identity.master_key()));
        Ok(Own { others, key, keys_are_old: identity::are_keys_old(&self.client).await? })
    }
}

/// Whether a sync shows that the room's state has changed. What it says of it is not believed.
pub(super) fn changes_state(came: &JoinedRoomUpdate) -> bool {
    let (SyncState::Before(state) | SyncState::After(state)) = &came.state;
    let is_state = |raw: &Value| !raw.is_null();
    !state.is_empty()
        || came.timeline.events.iter().any(|event| {
            event.raw().get_field::<Value>("state_key").ok().flatten().as_ref().is_some_and(is_state)
        })
}

/// What is wrong with the room by its state alone.
fn wrong(state: &State) -> BTreeSet<Concern> {
    let mut wrong: BTreeSet<Concern> = state
        .flaws()
        .into_iter()
        .map(|flaw| match flaw {
            place::Flaw::NotEncrypted => Concern::NotEncrypted,
            place::Flaw::History => Concern::History,
            place::Flaw::JoinRules => Concern::JoinRules,
            place::Flaw::Guests => Concern::Guests,
            place::Flaw::Tombstone => Concern::Replaced,
        })
        .collect();
    let retention = state.content("m.room.retention").and_then(Value::as_object);
    if retention.is_some_and(|retention| retention.values().any(|value| !value.is_null())) {
        wrong.insert(Concern::Retention);
    }
    wrong
}

/// The power of whoever made a room of the newer versions.
const ALL: i64 = i64::MAX;
/// What it takes to change the room where its state does not say.
const MODERATOR: i64 = 50;
/// The state by which the room's rules are changed.
const RULES: [&str; 4] =
    ["m.room.power_levels", "m.room.encryption", "m.room.history_visibility", "m.room.join_rules"];

/// Who may change the room.
fn powers(state: &State, own: &UserId) -> Powers {
    let levels = state.content("m.room.power_levels");
    let number = |value: Option<&Value>| {
        value.and_then(|value| value.as_i64().or_else(|| value.as_str()?.parse().ok()))
    };
    let level =
        |key: &str, otherwise: i64| number(levels.and_then(|levels| levels.get(key))).unwrap_or(otherwise);
    let state_default = level("state_default", MODERATOR);
    let events = levels.and_then(|levels| levels.get("events"));
    let rules =
        RULES.iter().map(|kind| number(events.and_then(|events| events.get(kind))).unwrap_or(state_default));
    let takes: Vec<i64> = rules.chain([level("kick", MODERATOR), level("ban", MODERATOR)]).collect();
    let users = levels.and_then(|levels| levels.get("users")).and_then(Value::as_object);
    let named = users.into_iter().flatten();
    let mut others: BTreeMap<String, i64> =
        named.filter_map(|(user, value)| Some((user.clone(), number(Some(value))?))).collect();
    others.extend(state.creators().into_iter().map(|creator| (creator, ALL)));
    let everybody = level("users_default", 0);
    let own = others.remove(own.as_str()).unwrap_or(everybody);
    Powers {
        least: takes.iter().copied().min().unwrap_or(MODERATOR),
        most: takes.iter().copied().max().unwrap_or(MODERATOR),
        own,
        others,
        everybody,
    }
}

/// Where the room's state says that somebody is.
pub fn membership(word: &str) -> Option<Membership> {
    match word {
        "join" => Some(Membership::Joined),
        "invite" => Some(Membership::Invited),
        "knock" => Some(Membership::Knocking),
        "leave" => Some(Membership::Left),
        "ban" => Some(Membership::Banned),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn event(kind: &str, content: Value) -> Value {
        json!({ "type": kind, "state_key": "", "sender": "@ada:x", "content": content })
    }

    fn of(levels: Value, version: &str) -> Powers {
        let state = State::made_of(vec![
            event("m.room.create", json!({ "room_version": version, "additional_creators": ["@ben:x"] })),
            event("m.room.power_levels", levels),
        ]);
        powers(&state, UserId::parse("@docket:x").unwrap().as_ref())
    }

    #[test]
    fn what_it_takes_to_change_the_room_is_the_least_and_the_most_of_what_its_rules_say() {
        let found = of(
            json!({ "users": { "@docket:x": 100, "@ada:x": "60" }, "kick": 40, "events": { "m.room.power_levels": 90 } }),
            "11",
        );
        assert_eq!((found.least, found.most, found.own, found.everybody), (40, 90, 100, 0));
        assert_eq!(found.others, BTreeMap::from([("@ada:x".to_owned(), 60)]));
    }

    #[test]
    fn whoever_made_a_newer_room_has_all_power_though_nobody_says_so() {
        let found = of(json!({ "users": {} }), "12");
        assert_eq!(found.others, BTreeMap::from([("@ada:x".to_owned(), ALL), ("@ben:x".to_owned(), ALL)]));
        assert_eq!(of(json!({ "users": {} }), "11").others, BTreeMap::new());
        assert_eq!(found.own, 0);
    }

    #[test]
    fn that_messages_are_to_be_forgotten_is_wrong() {
        let state = |content| State::made_of(vec![event("m.room.retention", content)]);
        assert!(wrong(&state(json!({ "max_lifetime": 1 }))).contains(&Concern::Retention));
        assert!(!wrong(&state(json!({}))).contains(&Concern::Retention), "it was taken back");
    }
}
