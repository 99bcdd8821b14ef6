//! How each thing is by what the homeserver has answered: a function for each.

use chrono::TimeDelta;
use serde_json::Value;

use super::{Asked, Seen, Session, text};
use crate::matrix::doctor::{Look, Looked};
use crate::matrix::identity::is_under;
use crate::matrix::place::State;

/// The homeserver's clock and ours may differ by so much: an answer takes its time, and it names whole seconds.
pub(super) const APART: TimeDelta = TimeDelta::seconds(60);
/// The name of what says how docket's identity is published.
pub(super) const PUBLISHED: &str = "published identity";
/// Each thing that is judged, by its name.
type Check = (&'static str, fn(&Seen) -> Option<Look>);
const CHECKS: [Check; 6] = [
    ("homeserver", homeserver),
    ("clock here", clock),
    ("session", session),
    (PUBLISHED, published),
    ("recovery", recovery),
    ("one-time keys", one_time_keys),
];

/// Judges everything.
pub(super) fn judge(seen: &Seen) -> Vec<Looked> {
    let mut looked: Vec<Looked> =
        CHECKS.iter().filter_map(|(topic, check)| Some((*topic, check(seen)?))).collect();
    if valid(seen).is_some() {
        looked.extend(place(seen));
        looked.extend(unsigned(seen));
    }
    looked.extend(seen.synapse.as_ref().map(|asked| ("Synapse", admin(asked))));
    looked
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
        (None, _) => Look::ill(
            "docket’s cross-signing keys are not on the homeserver",
            "Stop docket and run docket setup.",
        ),
        (Some(_), None) => Look::ill(
            "the keys of docket’s device are not on the homeserver",
            "Stop docket and run docket setup.",
        ),
        (Some(key), Some(device)) if !is_signed(device, &seen.own, key) => Look::ill(
            "docket’s device is not signed, so clients show a red shield",
            "Stop docket and run docket setup.",
        ),
        (Some(_), Some(_)) => Look::well("there, and docket’s device is signed with it"),
    })
}

fn recovery(seen: &Seen) -> Option<Look> {
    const MEND: &str = "Stop docket, run docket setup, and keep the recovery key where docket is not.";
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
    let lies_there = |asked: &Asked| asked.as_ref().is_ok_and(|secret| is_under(&secret.body, key));
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
            "docket uploads them while it runs. If that does not help, its store is an old one: stop docket and run docket setup.",
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
