//! Each thing that can be wrong is told, by its name and alone.

use chrono::TimeDelta;

use super::judged::{APART, judge};
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

/// What is not well when something was changed.
fn ill(change: impl FnOnce(&mut Seen, &mut Session)) -> Vec<String> {
    let mut seen = healthy();
    let mut session = seen.session.take().unwrap();
    change(&mut seen, &mut session);
    seen.session = Some(session);
    let looked = judge(&seen).into_iter();
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
    assert_eq!(judge(&healthy()).len(), 10);
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
        (ill(|seen, _| seen.synapse = Some(answer(json!({ "admin": false })))), "Synapse: the token is no"),
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
    let looked = judge(&seen);
    let ill = looked.iter().filter(|(_, look)| matches!(look, Look::Unwell { .. }));
    assert_eq!(ill.count(), 1, "{looked:?}");
}
