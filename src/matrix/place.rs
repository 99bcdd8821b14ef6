//! The moderation room: how it is made, and what is wrong with one that is there.
//!
//! What it is held against is asked of the homeserver each time, never of what a message said.

use std::collections::{BTreeMap, BTreeSet};

use anyhow::Context;
use matrix_sdk::deserialized_responses::RawAnySyncOrStrippedState;
use matrix_sdk::ruma::api::client::discovery::get_capabilities;
use matrix_sdk::ruma::api::client::discovery::get_capabilities::v3::RoomVersionStability;
use matrix_sdk::ruma::api::client::membership::joined_rooms;
use matrix_sdk::ruma::api::client::room::create_room::v3::{Request, RoomPreset};
use matrix_sdk::ruma::api::client::state::get_state_events;
use matrix_sdk::ruma::events::StateEventType;
use matrix_sdk::ruma::serde::Raw;
use matrix_sdk::ruma::{OwnedRoomId, OwnedUserId, RoomId, RoomVersionId, UserId};
use matrix_sdk::{Client, Room};
use serde_json::{Value, json};

use super::fault::{HomeserverFault, Plain};
use super::watch::membership;
use crate::case::Membership;

/// The key in the room's creation under which its nonce stands.
const NONCE: &str = "org.docket.nonce";
/// The only encryption there is.
const MEGOLM: &str = "m.megolm.v1.aes-sha2";
/// The power that docket gives itself where it made no room of the newer versions, in which whoever made it has all.
const OWN_POWER: i64 = 100;

/// What kind of room is made.
pub struct Plan<'a> {
    /// docket itself.
    pub own: &'a UserId,
    /// Who is invited.
    pub people: &'a [OwnedUserId],
    /// A word by which it is known again if docket stops before it could write down which room it made.
    pub nonce: &'a str,
}

impl Plan<'_> {
    /// Makes the room, or finds the one that was made for this plan before.
    pub async fn make(&self, client: &Client) -> anyhow::Result<Room> {
        if let Some(room) = self.made_before(client).await? {
            return Ok(room);
        }
        let request = self.request(client).await?;
        client.create_room(request).await.plain().context("the homeserver does not make the room")
    }

    /// What the homeserver is asked to make.
    pub(super) async fn request(&self, client: &Client) -> anyhow::Result<Request> {
        let answer = client.send(get_capabilities::v3::Request::new()).await;
        let versions = answer.plain().context("the homeserver does not say which rooms it makes")?;
        let versions = versions.capabilities.room_versions.available;
        let stable = versions.iter().filter(|(_, stability)| **stability == RoomVersionStability::Stable);
        let newest = newest(stable.map(|(version, _)| version));
        let mut request = Request::new();
        request.creation_content = Some(raw(&self.creation())?);
        request.preset = Some(RoomPreset::PrivateChat);
        request.name = Some("docket".to_owned());
        request.invite = self.people.to_vec();
        request.initial_state = initial_state()
            .iter()
            .map(|(kind, content)| raw(&json!({ "type": kind, "state_key": "", "content": content })))
            .collect::<anyhow::Result<_>>()?;
        let owns_by_making = newest.as_ref().and_then(number).is_some_and(is_owned_by_maker);
        request.power_level_content_override = Some(raw(&power_levels(self.own, owns_by_making))?);
        request.room_version = newest;
        Ok(request)
    }

    /// A room in which only people of this homeserver are to sit needs no other homeserver.
    fn creation(&self) -> Value {
        let is_local = self.people.iter().all(|person| person.server_name() == self.own.server_name());
        match is_local {
            true => json!({ NONCE: self.nonce, "m.federate": false }),
            false => json!({ NONCE: self.nonce }),
        }
    }

    async fn made_before(&self, client: &Client) -> anyhow::Result<Option<Room>> {
        for room in client.joined_rooms() {
            let state = State::of(client, room.room_id()).await?;
            if nonce(&state).as_deref() == Some(self.nonce) {
                return Ok(Some(room));
            }
        }
        Ok(None)
    }
}

/// The room of this word, if the session knows of it: a creation never changes, so nobody is asked.
pub(super) async fn known_by(client: &Client, nonce: &str) -> Option<OwnedRoomId> {
    for room in client.joined_rooms() {
        let Ok(Some(raw)) = room.get_state_event(StateEventType::RoomCreate, "").await else { continue };
        let content = match raw {
            RawAnySyncOrStrippedState::Sync(raw) => raw.get_field::<Value>("content"),
            RawAnySyncOrStrippedState::Stripped(raw) => raw.get_field::<Value>("content"),
        };
        let content = content.ok().flatten();
        if content.and_then(|content| Some(content.get(NONCE)?.as_str()? == nonce)) == Some(true) {
            return Some(room.room_id().to_owned());
        }
    }
    None
}

/// The room of this word, if it was made: asked of the homeserver, which knows of it before the session does.
pub(super) async fn made_before(client: &Client, nonce: &str) -> anyhow::Result<Option<OwnedRoomId>> {
    let answer = client.send(joined_rooms::v3::Request::new()).await.plain()?;
    for id in answer.joined_rooms {
        if self::nonce(&State::of(client, &id).await?).as_deref() == Some(nonce) {
            return Ok(Some(id));
        }
    }
    Ok(None)
}

/// The word in a room's creation by which it is known again.
pub(super) fn nonce(state: &State) -> Option<String> {
    Some(state.content("m.room.create")?.get(NONCE)?.as_str()?.to_owned())
}

/// What every moderation room is, whoever made it.
fn initial_state() -> [(&'static str, Value); 4] {
    [
        ("m.room.encryption", json!({ "algorithm": MEGOLM })),
        ("m.room.history_visibility", json!({ "history_visibility": "joined" })),
        ("m.room.guest_access", json!({ "guest_access": "forbidden" })),
        ("m.room.join_rules", json!({ "join_rule": "invite" })),
    ]
}

/// docket changes the room and nobody else does; people only talk.
fn power_levels(own: &UserId, owns_by_making: bool) -> Value {
    let users = match owns_by_making {
        // Such rooms refuse their maker's name here: the power is theirs in any case.
        true => json!({}),
        false => json!({ own: OWN_POWER }),
    };
    json!({
        "users": users, "users_default": 0, "events_default": 0, "state_default": OWN_POWER,
        "invite": OWN_POWER, "kick": OWN_POWER, "ban": OWN_POWER, "redact": OWN_POWER,
        "events": { "m.reaction": 0, "m.room.redaction": 0 }, "notifications": { "room": OWN_POWER },
    })
}

/// The newest of the versions that are named by a number, as all stable ones are.
fn newest<'a>(versions: impl Iterator<Item = &'a RoomVersionId>) -> Option<RoomVersionId> {
    versions.filter(|version| number(version).is_some()).max_by_key(|version| number(version)).cloned()
}

fn number(version: &RoomVersionId) -> Option<u32> {
    version.as_str().parse().ok()
}

/// Whether a room of this version is its maker's, whatever its power levels say.
fn is_owned_by_maker(version: u32) -> bool {
    version >= 12
}

fn raw<T>(value: &Value) -> anyhow::Result<Raw<T>> {
    Ok(Raw::from_json(serde_json::value::to_raw_value(value)?))
}

/// The state of a room as the homeserver has it now.
pub struct State(Vec<Value>);

impl State {
    /// Asks the homeserver.
    pub async fn of(client: &Client, room: &RoomId) -> anyhow::Result<State> {
        let answer = client.send(get_state_events::v3::Request::new(room.to_owned())).await;
        let answer = answer.plain().context("the homeserver does not show the room's state")?;
        Ok(State(
            answer.room_state.iter().filter_map(|event| event.deserialize_as_unchecked().ok()).collect(),
        ))
    }

    /// The same out of the list that the homeserver answers with.
    pub fn read(list: &Value) -> State {
        State(list.as_array().cloned().unwrap_or_default())
    }

    /// The content of the one event of a kind.
    pub fn content(&self, kind: &str) -> Option<&Value> {
        self.events(kind).find(|(key, _)| key.is_empty()).map(|(_, content)| content)
    }

    fn events<'a>(&'a self, kind: &str) -> impl Iterator<Item = (&'a str, &'a Value)> {
        self.0
            .iter()
            .filter(move |event| event.get("type").and_then(Value::as_str) == Some(kind))
            .filter_map(|event| Some((event.get("state_key")?.as_str()?, event.get("content")?)))
    }

    /// Who is in the room, or asked to be.
    pub fn with_membership(&self, membership: &str) -> BTreeSet<OwnedUserId> {
        self.events("m.room.member")
            .filter(|(_, content)| content.get("membership").and_then(Value::as_str) == Some(membership))
            .filter_map(|(key, _)| UserId::parse(key).ok())
            .collect()
    }

    /// Everybody whom it names, and where they are.
    pub fn members(&self) -> BTreeMap<String, Membership> {
        let is = |content: &Value| membership(content.get("membership")?.as_str()?);
        self.events("m.room.member")
            .filter_map(|(key, content)| Some((key.to_owned(), is(content)?)))
            .collect()
    }

    /// Who has all power because they made the room: nobody in a room of the older versions.
    pub fn creators(&self) -> Vec<String> {
        let of_creation = |event: &&Value| event.get("type").and_then(Value::as_str) == Some("m.room.create");
        let Some(creation) = self.0.iter().find(of_creation) else { return Vec::new() };
        let content = creation.get("content");
        let version = content.and_then(|content| content.get("room_version")).and_then(Value::as_str);
        let owns_by_making = version.and_then(|version| version.parse().ok()).is_some_and(is_owned_by_maker);
        let others = content.and_then(|content| content.get("additional_creators")).and_then(Value::as_array);
        let all = creation.get("sender").into_iter().chain(others.into_iter().flatten());
        all.filter(|_| owns_by_making).filter_map(Value::as_str).map(str::to_owned).collect()
    }

    /// Made of these events.
    #[cfg(test)]
    pub(super) fn made_of(events: Vec<Value>) -> State {
        State(events)
    }

    /// Whether messages in it are encrypted.
    pub fn is_encrypted(&self) -> bool {
        let encryption = self.content("m.room.encryption");
        encryption.and_then(|content| content.get("algorithm")).and_then(Value::as_str) == Some(MEGOLM)
    }

    /// Everything about the room that is not as it must be.
    pub fn flaws(&self) -> Vec<Flaw> {
        let text = |kind: &str, field: &str| {
            self.content(kind).and_then(|content| content.get(field)).and_then(Value::as_str)
        };
        let mut flaws = Vec::new();
        if !self.is_encrypted() {
            flaws.push(Flaw::NotEncrypted);
        }
        if text("m.room.history_visibility", "history_visibility") != Some("joined") {
            flaws.push(Flaw::History);
        }
        if !matches!(text("m.room.join_rules", "join_rule"), Some("invite" | "private")) {
            flaws.push(Flaw::JoinRules);
        }
        if text("m.room.guest_access", "guest_access") == Some("can_join") {
            flaws.push(Flaw::Guests);
        }
        if self.content("m.room.tombstone").is_some() {
            flaws.push(Flaw::Tombstone);
        }
        flaws
    }
}

/// What is wrong with a room.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Flaw {
    /// Messages would travel in clear.
    NotEncrypted,
    /// Whoever comes later reads what was said before.
    History,
    /// Others than those who are invited can come in.
    JoinRules,
    /// Guests can.
    Guests,
    /// It was replaced.
    Tombstone,
}

impl Flaw {
    /// The event that mends it, where one does.
    fn mend(self) -> Option<(&'static str, Value)> {
        let kind = match self {
            Flaw::NotEncrypted => "m.room.encryption",
            Flaw::History => "m.room.history_visibility",
            Flaw::JoinRules => "m.room.join_rules",
            Flaw::Guests => "m.room.guest_access",
            Flaw::Tombstone => return None,
        };
        initial_state().into_iter().find(|(each, _)| *each == kind)
    }

    /// What to say of it, with the way out.
    pub fn sentence(self) -> &'static str {
        match self {
            Flaw::NotEncrypted => {
                "The room is not encrypted. Turn encryption on in its settings, or run docket setup."
            }
            Flaw::History => {
                "Whoever joins the room can read what was said before. Set its history to \"members only, since they \
                 joined\", or run docket setup."
            }
            Flaw::JoinRules => {
                "Others than those invited can join the room. Make it private, or run docket setup."
            }
            Flaw::Guests => "Guests can join the room. Forbid it in its settings, or run docket setup.",
            Flaw::Tombstone => {
                "The room was replaced by another one, which docket does not follow by itself: docket setup --move-room \
                 makes a new one."
            }
        }
    }
}

/// Mends what can be mended: tells of each what was wrong, and why it still is if docket may not mend it.
pub async fn mend(client: &Client, room: &Room) -> anyhow::Result<Vec<(Flaw, Result<(), HomeserverFault>)>> {
    let mut mended = Vec::new();
    for flaw in State::of(client, room.room_id()).await?.flaws() {
        let Some((kind, content)) = flaw.mend() else { continue };
        let sent = room.send_state_event_raw(kind, "", content).await.plain();
        mended.push((flaw, sent.map(|_| ())));
    }
    Ok(mended)
}

/// Invites whoever is missing: tells whom, and why not.
pub async fn invite(
    client: &Client,
    room: &Room,
    people: &[OwnedUserId],
) -> anyhow::Result<Vec<(OwnedUserId, Result<(), HomeserverFault>)>> {
    let state = State::of(client, room.room_id()).await?;
    let there: BTreeSet<OwnedUserId> =
        ["join", "invite", "ban"].iter().flat_map(|membership| state.with_membership(membership)).collect();
    let mut invited = Vec::new();
    for person in people.iter().filter(|person| !there.contains(*person)) {
        invited.push((person.clone(), room.invite_user_by_id(person).await.plain()));
    }
    Ok(invited)
}

/// The room by the name that the configuration gives it: an alias is asked for once, and the id is what counts from then on.
pub async fn find(client: &Client, name: &str) -> anyhow::Result<OwnedRoomId> {
    if name.starts_with('!') {
        return RoomId::parse(name).with_context(|| format!("{name} is no room"));
    }
    let alias = matrix_sdk::ruma::RoomAliasId::parse(name).with_context(|| format!("{name} is no room"))?;
    let found = client.resolve_room_alias(&alias).await;
    Ok(found.plain().with_context(|| format!("the homeserver knows no room {name}"))?.room_id)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn state(events: &[(&str, Value)]) -> State {
        let event =
            |(kind, content): &(&str, Value)| json!({ "type": kind, "state_key": "", "content": content });
        State(events.iter().map(event).collect())
    }

    #[test]
    fn the_newest_numbered_version_is_taken() {
        let versions =
            ["9", "12", "10", "org.example.13"].map(|version| RoomVersionId::try_from(version).unwrap());
        assert_eq!(newest(versions.iter()).unwrap().as_str(), "12");
        assert_eq!(newest([].iter()), None);
    }

    #[test]
    fn a_room_as_docket_makes_it_has_no_flaw() {
        assert_eq!(state(&initial_state()).flaws(), []);
    }

    #[test]
    fn what_is_missing_or_otherwise_is_a_flaw_and_says_how_to_mend_it() {
        use Flaw::*;
        assert_eq!(state(&[]).flaws(), [NotEncrypted, History, JoinRules]);
        let mut open = initial_state().to_vec();
        open[0].1 = json!({ "algorithm": "none" });
        open[1].1 = json!({ "history_visibility": "shared" });
        open[2].1 = json!({ "guest_access": "can_join" });
        open[3].1 = json!({ "join_rule": "public" });
        open.push(("m.room.tombstone", json!({})));
        assert_eq!(state(&open).flaws(), [NotEncrypted, History, JoinRules, Guests, Tombstone]);
        for flaw in [NotEncrypted, History, JoinRules, Guests] {
            let (kind, content) = flaw.mend().unwrap();
            assert!(!state(&[(kind, content)]).flaws().contains(&flaw));
        }
    }

    #[test]
    fn whoever_made_a_new_room_is_not_named_among_its_powers() {
        let own = UserId::parse("@docket:example.org").unwrap();
        assert_eq!(power_levels(&own, true)["users"], json!({}));
        assert_eq!(power_levels(&own, false)["users"], json!({ "@docket:example.org": 100 }));
    }
}
