//! What the homeserver shows of docket's session, its keys, its room and its people. First everything is asked, then each thing is
//! judged by what came; the judging asks nobody.

use std::collections::BTreeSet;

use chrono::{DateTime, TimeDelta, Utc};
use matrix_sdk::ruma::{OwnedRoomId, OwnedUserId, UserId};
use serde_json::{Value, json};

use super::{Look, Looked};
use crate::config::{Config, RoomName, Synapse};
use crate::journal::DataKey;
use crate::matrix::asking::{Answered, Asking};
use crate::matrix::fault::HomeserverFault;
use crate::matrix::keep::Keep;
use crate::matrix::place::State;
use crate::matrix::session::{Device, kept_device};
use crate::matrix::setup::kept_room;
use crate::ops::SystemClock;
use crate::ports::Clock;

/// The homeserver's clock and ours may differ by so much: an answer takes its time, and it names whole seconds.
const APART: TimeDelta = TimeDelta::seconds(60);
/// The secrets of an identity, as they lie on the homeserver under the recovery key.
const SECRETS: [&str; 3] =
    ["m.cross_signing.master", "m.cross_signing.self_signing", "m.cross_signing.user_signing"];
const CLIENT: [&str; 3] = ["_matrix", "client", "v3"];

type Asked = Result<Answered, HomeserverFault>;

/// Everything that was asked, and what came.
struct Seen {
    own: String,
    people: BTreeSet<OwnedUserId>,
    versions: Asked,
    /// What time it was here when that answer came.
    now: DateTime<Utc>,
    session: Option<Session>,
    synapse: Option<Asked>,
}

/// What came of what takes docket's own token.
struct Session {
    device: String,
    who: Asked,
    keys: Asked,
    counts: Asked,
    default_key: Asked,
    secrets: Vec<Asked>,
    room: Option<(OwnedRoomId, Asked)>,
}

/// Each thing that is judged, by its name.
type Check = (&'static str, fn(&Seen) -> Option<Look>);
const CHECKS: [Check; 6] = [
    ("homeserver", homeserver),
    ("clock here", clock),
    ("session", session),
    ("published identity", published),
    ("recovery", recovery),
    ("one-time keys", one_time_keys),
];

/// Asks for everything, and judges it.
pub(super) async fn look(config: &Config, key: Option<&DataKey>) -> Vec<Looked> {
    let seen = match see(config, key).await {
        Ok(seen) => seen,
        Err(fault) => {
            return vec![("session", Look::ill(format!("{fault:#}"), "docket setup logs in anew."))];
        }
    };
    let mut looked: Vec<Looked> =
        CHECKS.iter().filter_map(|(topic, check)| Some((*topic, check(&seen)?))).collect();
    if seen.session.as_ref().is_some_and(|session| session.who.is_ok()) {
        looked.extend(place(&seen));
        looked.extend(unsigned(&seen));
    }
    looked.extend(seen.synapse.as_ref().map(|asked| ("Synapse", admin(asked))));
    looked
}

async fn see(config: &Config, key: Option<&DataKey>) -> anyhow::Result<Seen> {
    let homeserver = &config.homeserver;
    let url = homeserver.url.as_str();
    let versions = Asking::new(url, None)?.get(&["_matrix", "client", "versions"]).await;
    let now = SystemClock.now();
    let synapse = match &config.synapse {
        Some(synapse) => administrator(synapse).await,
        None => None,
    };
    let listed = config.people.iter().map(|listed| listed.person.account.as_str());
    let people: BTreeSet<OwnedUserId> = listed.filter_map(|account| UserId::parse(account).ok()).collect();
    let own = homeserver.user.as_str().to_owned();
    let mut seen = Seen { own, people, versions, now, session: None, synapse };
    let keep = key.filter(|_| config.data_dir.is_dir()).map(|key| Keep::of(&config.data_dir, key));
    // A homeserver that does not answer is asked no more.
    let Some(keep) = keep.filter(|_| seen.versions.is_ok()) else { return Ok(seen) };
    let room = match (&config.room, kept_room(&keep)?) {
        (Some(RoomName::Id(id)), _) => OwnedRoomId::try_from(id.as_str()).ok(),
        (Some(RoomName::Alias(_)) | None, kept) => kept,
    };
    if let Some(Device { device, token }) = kept_device(&keep)? {
        let asking = Asking::new(url, Some(&token))?;
        seen.session = Some(Session::see(&asking, &seen.own, device, &seen.people, room).await);
    }
    Ok(seen)
}

/// Whether the token is an administrator's. Nobody but its own account is asked about.
async fn administrator(synapse: &Synapse) -> Option<Asked> {
    let token = synapse.token_file.read().ok()?;
    let asking = Asking::new(synapse.url.as_str(), Some(&token)).ok()?;
    let who = match asking.get(&path(&["account", "whoami"])).await {
        Ok(who) => who,
        Err(fault) => return Some(Err(fault)),
    };
    let user = text(&who.body, "user_id")?;
    Some(asking.get(&["_synapse", "admin", "v1", "users", user, "admin"]).await)
}

fn path<'a>(rest: &[&'a str]) -> Vec<&'a str> {
    CLIENT.iter().chain(rest).copied().collect()
}

fn text<'a>(body: &'a Value, key: &str) -> Option<&'a str> {
    body.get(key).and_then(Value::as_str)
}

impl Session {
    async fn see(
        asking: &Asking<'_>,
        own: &str,
        device: String,
        people: &BTreeSet<OwnedUserId>,
        room: Option<OwnedRoomId>,
    ) -> Session {
        let everybody = people.iter().map(|person| person.as_str()).chain([own]);
        let everybody: serde_json::Map<String, Value> =
            everybody.map(|user| (user.to_owned(), json!([]))).collect();
        let account_data = ["user", own, "account_data"];
        let named = |name: &'static str| path(&[account_data[0], account_data[1], account_data[2], name]);
        let mut secrets = Vec::new();
        for secret in SECRETS {
            secrets.push(asking.get(&named(secret)).await);
        }
        let room = match room {
            Some(id) => {
                let state = asking.get(&path(&["rooms", id.as_str(), "state"])).await;
                Some((id, state))
            }
            None => None,
        };
        Session {
            device,
            who: asking.get(&path(&["account", "whoami"])).await,
            keys: asking.post(&path(&["keys", "query"]), &json!({ "device_keys": everybody })).await,
            // Nothing is handed in, and the answer counts what is there.
            counts: asking.post(&path(&["keys", "upload"]), &json!({})).await,
            default_key: asking.get(&named("m.secret_storage.default_key")).await,
            secrets,
            room,
        }
    }
}

fn homeserver(seen: &Seen) -> Option<Look> {
    Some(match &seen.versions {
        Ok(_) => Look::well("answers"),
        Err(fault) => Look::ill(
            fault.to_string(),
            "See that it is up, and that url: under homeserver: is its client address.",
        ),
    })
}

fn clock(seen: &Seen) -> Option<Look> {
    let theirs = seen.versions.as_ref().ok()?.date?;
    let apart = seen.now - theirs;
    Some(match apart.abs() <= APART {
        true => Look::well("agrees with the homeserver’s"),
        false => {
            let seconds = apart.num_seconds();
            let side = if seconds > 0 { "ahead of" } else { "behind" };
            Look::ill(
                format!("{} seconds {side} the homeserver’s", seconds.abs()),
                "One of the two is wrong. Keep both right with NTP (timedatectl shows it).",
            )
        }
    })
}

fn session(seen: &Seen) -> Option<Look> {
    if seen.versions.is_err() {
        return None;
    }
    let Some(session) = &seen.session else {
        return Some(Look::ill("docket has not logged in yet", "Run docket setup."));
    };
    Some(match &session.who {
        Ok(who) if text(&who.body, "user_id") != Some(seen.own.as_str()) => Look::ill(
            "it is another account’s than the one that the configuration names",
            "Put the old name back, or give docket another data_dir.",
        ),
        Ok(who) if text(&who.body, "device_id") != Some(session.device.as_str()) => {
            Look::ill("its device is another one than that of docket’s keys", "Run docket setup.")
        }
        Ok(_) => Look::well(format!("valid, device {}", session.device)),
        Err(fault) if fault.status == Some(401) => Look::ill(
            "the homeserver does not know it any more",
            "Move session and store out of data_dir/matrix, and run docket setup with the recovery key in its file.",
        ),
        Err(fault) => Look::ill(format!("it could not be asked: {fault}"), "Ask again later."),
    })
}

/// The session, if the homeserver takes it: without one nothing else can be known.
fn valid(seen: &Seen) -> Option<&Session> {
    seen.session.as_ref().filter(|session| session.who.is_ok())
}

/// The key with which somebody signs devices, if they have one that their master key signs.
fn signing_key<'a>(keys: &'a Value, user: &str) -> Option<&'a str> {
    let first = |kind: &str| keys.get(kind)?.get(user)?.get("keys")?.as_object()?.keys().next();
    let signs = keys.get("self_signing_keys")?.get(user)?;
    signs.get("signatures")?.get(user)?.get(first("master_keys")?)?;
    first("self_signing_keys").map(String::as_str)
}

/// Whether a key of somebody signs something of theirs. That the signature is right is the library's work: here it is told what is
/// missing.
fn is_signed(device: &Value, user: &str, by: &str) -> bool {
    device.get("signatures").and_then(|signatures| signatures.get(user)?.get(by)).is_some()
}

fn published(seen: &Seen) -> Option<Look> {
    let session = valid(seen)?;
    let keys = match &session.keys {
        Ok(keys) => &keys.body,
        Err(fault) => {
            return Some(Look::ill(format!("it could not be asked for: {fault}"), "Ask again later."));
        }
    };
    let device = keys.get("device_keys").and_then(|keys| keys.get(&seen.own)?.get(&session.device));
    Some(match (signing_key(keys, &seen.own), device) {
        (None, _) => Look::ill("docket’s cross-signing keys are not on the homeserver", "Run docket setup."),
        (Some(_), None) => {
            Look::ill("the keys of docket’s device are not on the homeserver", "Run docket setup.")
        }
        (Some(key), Some(device)) if !is_signed(device, &seen.own, key) => {
            Look::ill("docket’s device is not signed, so clients show a red shield", "Run docket setup.")
        }
        (Some(_), Some(_)) => Look::well("there, and docket’s device is signed with it"),
    })
}

fn recovery(seen: &Seen) -> Option<Look> {
    const MEND: &str = "Run docket setup, and keep the recovery key where docket is not.";
    let session = valid(seen)?;
    let key = match &session.default_key {
        Ok(key) => text(&key.body, "key"),
        Err(fault) if fault.status == Some(404) => None,
        Err(fault) => {
            return Some(Look::ill(format!("it could not be asked for: {fault}"), "Ask again later."));
        }
    };
    let Some(key) = key else {
        return Some(Look::ill(
            "docket’s identity could not be brought back if this machine were lost",
            MEND,
        ));
    };
    let lies_there = |asked: &Asked| {
        asked.as_ref().is_ok_and(|secret| secret.body.get("encrypted").and_then(|it| it.get(key)).is_some())
    };
    Some(match session.secrets.iter().all(lies_there) {
        true => Look::well("set up"),
        false => Look::ill("part of docket’s identity does not lie under its recovery key", MEND),
    })
}

fn one_time_keys(seen: &Seen) -> Option<Look> {
    let session = valid(seen)?;
    let counts = match &session.counts {
        Ok(counts) => counts.body.get("one_time_key_counts"),
        Err(fault) => {
            return Some(Look::ill(format!("they could not be counted: {fault}"), "Ask again later."));
        }
    };
    let count = counts.and_then(|counts| counts.get("signed_curve25519")?.as_u64()).unwrap_or(0);
    Some(match count {
        0 => Look::ill(
            "none are on the homeserver, so nobody new can send docket the key of a message",
            "Start docket: it uploads them. If that does not help, its store is an old one: run docket setup.",
        ),
        count => Look::well(format!("{count} on the homeserver")),
    })
}

/// The room, and who is in it.
fn place(seen: &Seen) -> Vec<Looked> {
    const ROOM: &str = "room";
    let room = valid(seen).and_then(|session| session.room.as_ref());
    let Some((id, state)) = room else {
        return vec![(ROOM, Look::ill("docket has none yet", "Run docket setup."))];
    };
    let state = match state {
        Ok(state) => State::read(&state.body),
        Err(fault) if matches!(fault.status, Some(403 | 404)) => {
            let mend = "Invite it there, then run docket setup; docket setup --move-room makes a new room.";
            return vec![(ROOM, Look::ill(format!("docket is not in {id}"), mend))];
        }
        Err(fault) => {
            return vec![(
                ROOM,
                Look::ill(format!("it could not be asked for: {fault}"), "Ask again later."),
            )];
        }
    };
    let joined = state.with_membership("join");
    if !joined.iter().any(|person| person.as_str() == seen.own) {
        return vec![(ROOM, Look::ill(format!("docket is not in {id}"), "Run docket setup."))];
    }
    let mut looked: Vec<Looked> =
        state.flaws().into_iter().map(|flaw| (ROOM, Look::ill(flaw.sentence(), ""))).collect();
    if looked.is_empty() {
        looked.push((ROOM, Look::well(format!("{id}, encrypted and private"))));
    }
    let strangers: Vec<&str> = joined
        .iter()
        .filter(|person| person.as_str() != seen.own && !seen.people.contains(*person))
        .map(|person| person.as_str())
        .collect();
    if !strangers.is_empty() {
        let what = format!("in the room and not listed: {}", strangers.join(", "));
        looked.push(("members", Look::ill(what, "List them under people:, or see that they leave.")));
    }
    let absent: Vec<&str> = seen.people.difference(&joined).map(|person| person.as_str()).collect();
    match absent.is_empty() {
        true => looked.push(("members", Look::well("everybody who is listed is in the room"))),
        false => {
            let what = format!("listed and not in the room: {}", absent.join(", "));
            looked
                .push(("members", Look::ill(what, "They take the invitation; docket setup sends another.")));
        }
    }
    looked
}

/// Who is listed and has no device that their own identity signs.
fn unsigned(seen: &Seen) -> Option<Looked> {
    let keys = &valid(seen)?.keys.as_ref().ok()?.body;
    let has_signed = |user: &str| {
        let devices = keys.get("device_keys").and_then(|keys| keys.get(user)?.as_object());
        signing_key(keys, user).is_some_and(|key| {
            devices
                .into_iter()
                .flat_map(|devices| devices.values())
                .any(|device| is_signed(device, user, key))
        })
    };
    let unsigned: Vec<&str> =
        seen.people.iter().map(|person| person.as_str()).filter(|user| !has_signed(user)).collect();
    Some(match unsigned.is_empty() {
        true => ("devices", Look::well("everybody who is listed has one that they verified")),
        false => (
            "devices",
            Look::ill(
                format!("without one that they verified: {}", unsigned.join(", ")),
                "They set up cross-signing in their client, and verify the device. Until then docket gives them no keys.",
            ),
        ),
    })
}

fn admin(asked: &Asked) -> Look {
    const MEND: &str = "See url: and token_file: under synapse:, and that the account is a server admin.";
    match asked {
        Ok(answer) if answer.body.get("admin").and_then(Value::as_bool) == Some(true) => {
            Look::well("its admin API answers, and takes the token")
        }
        Ok(_) => Look::ill("the token is no administrator’s", MEND),
        Err(fault) => Look::ill(format!("its admin API does not take the token: {fault}"), MEND),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const OWN: &str = "@docket:example.org";
    const ADA: &str = "@ada:example.org";

    fn answer(body: Value) -> Asked {
        Ok(Answered { body, date: None })
    }

    fn refused(status: u16) -> Asked {
        Err(HomeserverFault::answered(status, None))
    }

    fn identity(user: &str, device: &str) -> Value {
        json!({
            "master": { "keys": { "ed25519:M": "M" } },
            "signing": { "keys": { "ed25519:S": "S" }, "signatures": { user: { "ed25519:M": "sig" } } },
            "device": { device: { "signatures": { user: { "ed25519:S": "sig" } } } },
        })
    }

    fn keys() -> Value {
        let (own, ada) = (identity(OWN, "DEV"), identity(ADA, "PHONE"));
        json!({
            "master_keys": { OWN: own["master"], ADA: ada["master"] },
            "self_signing_keys": { OWN: own["signing"], ADA: ada["signing"] },
            "device_keys": { OWN: own["device"], ADA: ada["device"] },
        })
    }

    fn member(user: &str) -> Value {
        json!({ "type": "m.room.member", "state_key": user, "content": { "membership": "join" } })
    }

    fn state() -> Vec<Value> {
        let of = |kind: &str, content: Value| json!({ "type": kind, "state_key": "", "content": content });
        vec![
            of("m.room.encryption", json!({ "algorithm": "m.megolm.v1.aes-sha2" })),
            of("m.room.history_visibility", json!({ "history_visibility": "joined" })),
            of("m.room.join_rules", json!({ "join_rule": "invite" })),
            member(OWN),
            member(ADA),
        ]
    }

    fn healthy() -> Seen {
        let now: DateTime<Utc> = "2026-11-20T10:00:00Z".parse().unwrap();
        let secret = || answer(json!({ "encrypted": { "K": {} } }));
        Seen {
            own: OWN.to_owned(),
            people: [UserId::parse(ADA).unwrap()].into(),
            versions: Ok(Answered { body: json!({}), date: Some(now - APART) }),
            now,
            session: Some(Session {
                device: "DEV".to_owned(),
                who: answer(json!({ "user_id": OWN, "device_id": "DEV" })),
                keys: answer(keys()),
                counts: answer(json!({ "one_time_key_counts": { "signed_curve25519": 50 } })),
                default_key: answer(json!({ "key": "K" })),
                secrets: vec![secret(), secret(), secret()],
                room: Some((OwnedRoomId::try_from("!room:example.org").unwrap(), answer(json!(state())))),
            }),
            synapse: Some(answer(json!({ "admin": true }))),
        }
    }

    fn judged(seen: &Seen) -> Vec<Looked> {
        let mut looked: Vec<Looked> =
            CHECKS.iter().filter_map(|(topic, check)| Some((*topic, check(seen)?))).collect();
        looked.extend(place(seen));
        looked.extend(unsigned(seen));
        looked.extend(seen.synapse.as_ref().map(|asked| ("Synapse", admin(asked))));
        looked
    }

    /// What is not well when something was changed.
    fn ill(change: impl FnOnce(&mut Seen, &mut Session)) -> Vec<String> {
        let mut seen = healthy();
        let mut session = seen.session.take().unwrap();
        change(&mut seen, &mut session);
        seen.session = Some(session);
        let looked = judged(&seen).into_iter();
        looked
            .filter_map(|(topic, look)| match look {
                Look::Unwell { what, .. } => Some(format!("{topic}: {what}")),
                Look::Healthy(_) => None,
            })
            .collect()
    }

    #[test]
    fn of_a_docket_that_is_well_nothing_is_said_to_be_wrong() {
        assert_eq!(ill(|_, _| {}), [""; 0]);
        assert_eq!(judged(&healthy()).len(), 10);
    }

    #[test]
    fn each_thing_that_is_wrong_is_told_by_its_name_and_no_other() {
        let without = |path: &[&str]| {
            let mut keys = keys();
            let (last, first) = path.split_last().unwrap();
            let inner = first.iter().fold(&mut keys, |value, key| &mut value[*key]);
            inner.as_object_mut().unwrap().remove(*last);
            answer(keys)
        };
        let lacking = |kind: &str| {
            answer(json!(state().into_iter().filter(|event| event["type"] != kind).collect::<Vec<_>>()))
        };
        let room = || OwnedRoomId::try_from("!room:example.org").unwrap();
        let told: Vec<(Vec<String>, &str)> = vec![
            (ill(|seen, _| seen.now += TimeDelta::seconds(1)), "clock here: 61 seconds ahead of"),
            (ill(|seen, _| seen.now -= TimeDelta::seconds(121)), "clock here: 61 seconds behind"),
            (
                ill(|_, it| it.who = answer(json!({ "user_id": ADA, "device_id": "DEV" }))),
                "session: it is another account",
            ),
            (
                ill(|_, it| it.who = answer(json!({ "user_id": OWN, "device_id": "X" }))),
                "session: its device is another",
            ),
            (
                ill(|_, it| it.keys = without(&["self_signing_keys", OWN, "signatures"])),
                "published identity: docket’s cross",
            ),
            (ill(|_, it| it.keys = without(&["device_keys", OWN, "DEV"])), "published identity: the keys of"),
            (
                ill(|_, it| it.keys = without(&["device_keys", OWN, "DEV", "signatures"])),
                "published identity: docket’s device",
            ),
            (
                ill(|_, it| it.keys = without(&["device_keys", ADA, "PHONE", "signatures"])),
                "devices: without one that they verified: @ada",
            ),
            (ill(|_, it| it.keys = without(&["master_keys", ADA])), "devices: without"),
            (ill(|_, it| it.default_key = refused(404)), "recovery: docket’s identity could not"),
            (ill(|_, it| it.secrets[1] = refused(404)), "recovery: part of"),
            (ill(|_, it| it.counts = answer(json!({ "one_time_key_counts": {} }))), "one-time keys: none"),
            (ill(|_, it| it.room = None), "room: docket has none yet"),
            (ill(|_, it| it.room = Some((room(), refused(403)))), "room: docket is not in !room"),
            (
                ill(|_, it| it.room = Some((room(), lacking("m.room.encryption")))),
                "room: The room is not encrypted",
            ),
            (
                ill(|seen, _| seen.people = [UserId::parse(OWN).unwrap()].into()),
                "members: in the room and not listed: @ada",
            ),
            (
                ill(|seen, _| seen.synapse = Some(answer(json!({ "admin": false })))),
                "Synapse: the token is no",
            ),
            (
                ill(|seen, _| seen.synapse = Some(refused(401))),
                "Synapse: its admin API does not take the token: it answered 401",
            ),
        ];
        for (ill, words) in told {
            assert_eq!(ill.len(), 1, "{words}: {ill:?}");
            assert!(ill[0].starts_with(words), "{words}: {ill:?}");
        }
    }

    #[test]
    fn a_session_that_is_gone_is_one_fault_and_not_ten() {
        let mut seen = healthy();
        if let Some(session) = &mut seen.session {
            session.who = refused(401);
        }
        let checks: Vec<Look> = CHECKS.iter().filter_map(|(_, check)| check(&seen)).collect();
        assert_eq!(checks.iter().filter(|look| matches!(look, Look::Unwell { .. })).count(), 1, "{checks:?}");
    }
}
