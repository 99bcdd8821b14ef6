//! What the homeserver shows of docket's session, its keys, its room and its people. Here everything is asked; what came is [`judged`],
//! and the judging asks nobody.

mod judged;
#[cfg(test)]
mod tests;

use std::collections::BTreeSet;

use chrono::{DateTime, Utc};
use matrix_sdk::ruma::{OwnedRoomId, OwnedUserId, UserId};
use serde_json::{Value, json};

use self::judged::{PUBLISHED, judge};
use super::{Look, Looked};
use crate::config::{Config, RoomName, Synapse};
use crate::journal::DataKey;
use crate::matrix::asking::{Answered, Asking};
use crate::matrix::fault::HomeserverFault;
use crate::matrix::identity::SECRETS;
use crate::matrix::keep::Keep;
use crate::matrix::session::{Device, kept_device};
use crate::matrix::setup::kept_room;
use crate::ops::SystemClock;
use crate::ports::Clock;

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

/// Asks for everything, and judges it.
pub(super) async fn look(config: &Config, key: Option<&DataKey>) -> Vec<Looked> {
    match see(config, key, Far::Everything).await {
        Ok(seen) => judge(&seen),
        Err(fault) => vec![("session", Look::ill(format!("{fault:#}"), "docket setup logs in anew."))],
    }
}

/// The same of what is docket's own alone: nobody else is asked about.
pub(super) async fn look_at_its_own(config: &Config, key: &DataKey) -> Vec<Looked> {
    const AGAIN: &str = "docket asks again by itself.";
    let mut looked = match see(config, Some(key), Far::ItsOwn).await {
        Ok(seen) => judge(&seen),
        Err(_) => Vec::new(),
    };
    // What could not be asked is not well.
    if !looked.iter().any(|(topic, _)| *topic == PUBLISHED) {
        looked.push((PUBLISHED, Look::ill("it could not be asked for", AGAIN)));
    }
    looked
}

/// How far is looked.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Far {
    /// At the room and everybody listed too.
    Everything,
    /// At docket's own session and keys.
    ItsOwn,
}

async fn see(config: &Config, key: Option<&DataKey>, far: Far) -> anyhow::Result<Seen> {
    let homeserver = &config.homeserver;
    let url = homeserver.url.as_str();
    let versions = Asking::new(url, None)?.get(&["_matrix", "client", "versions"]).await;
    let now = SystemClock.now();
    let synapse = match &config.synapse {
        Some(synapse) => administrator(synapse).await,
        None => None,
    };
    let listed = config.people.iter().map(|listed| listed.person.account.as_str());
    let listed = listed.filter(|_| far == Far::Everything);
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
    let room = room.filter(|_| far == Far::Everything);
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
