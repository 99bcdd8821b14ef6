//! Whether a user can be told by an encrypted message at all, asked before a room is made for them. Nobody asks it before the gate has let
//! them be told.

use matrix_sdk::Client;
use matrix_sdk::ruma::UserId;
use matrix_sdk::ruma::api::client::profile::get_profile;
use serde_json::Value;

use super::asking::Asking;
use super::fault::{HomeserverFault, Plain};
use super::to_user::once;
use crate::case::Unreachable;
use crate::config::Synapse;

/// Why somebody cannot be told, as far as anybody knows; nothing where nothing speaks against it. Where the homeserver does not answer now
/// it is asked again.
pub(super) async fn why_not(
    client: &Client,
    synapse: Option<&Synapse>,
    user: &UserId,
) -> anyhow::Result<Option<Unreachable>> {
    let is_ours = is_ours(client, user);
    if is_ours && let Some(known) = synapse {
        match of_synapse(known, user).await {
            Some(Ok(found)) if found.is_some() => return Ok(found),
            Some(Ok(_)) => return has_no_device(client, user).await,
            Some(Err(fault)) if fault.passes() => return Err(fault.into()),
            Some(Err(fault)) => {
                tracing::warn!("Synapse's admin API cannot be asked about an account: {fault}")
            }
            None => {}
        }
    }
    match profile(client, user).await {
        Ok(()) => {}
        // What says so of another server without the word for it is what stands before it, and not the server.
        Err(fault) if fault.status == Some(404) && (is_ours || fault.code() == Some("M_NOT_FOUND")) => {
            return Ok(Some(Unreachable::NoAccount));
        }
        Err(fault) if fault.passes() && is_ours => return Err(fault.into()),
        // Some show no profile to whom they share no room with.
        Err(_) => {}
    }
    // Where another server does not answer it looks as if there were none.
    if is_ours { has_no_device(client, user).await } else { Ok(None) }
}

/// Waits for another time while the server of somebody who came does not answer: until it does they look as if they had no device, or keys
/// that nobody takes to it would count as given.
pub(super) async fn listens(client: &Client, user: &UserId) -> Result<(), HomeserverFault> {
    if is_ours(client, user) {
        return Ok(());
    }
    match profile(client, user).await {
        Err(fault) if fault.passes() => Err(fault),
        // That it shows none is an answer.
        Ok(()) | Err(_) => Ok(()),
    }
}

fn is_ours(client: &Client, user: &UserId) -> bool {
    client.user_id().is_some_and(|own| own.server_name() == user.server_name())
}

/// Asks for a profile, which the homeserver of its user has: each time anew, and once.
async fn profile(client: &Client, user: &UserId) -> Result<(), HomeserverFault> {
    let request = get_profile::v3::Request::new(user.to_owned());
    client.send(request).with_request_config(once()).await.plain().map(drop)
}

async fn has_no_device(client: &Client, user: &UserId) -> anyhow::Result<Option<Unreachable>> {
    // What it told before may be old.
    client.encryption().request_user_identity(user).await.plain()?;
    let devices = client.encryption().get_user_devices(user).await;
    let devices =
        devices.map_err(|_| anyhow::anyhow!("what is known of somebody's devices cannot be read"))?;
    Ok(devices.devices().next().is_none().then_some(Unreachable::NoDevice))
}

/// What Synapse itself says of an account: nothing where its token cannot be read.
async fn of_synapse(
    synapse: &Synapse,
    user: &UserId,
) -> Option<Result<Option<Unreachable>, HomeserverFault>> {
    let token = synapse.token_file.read().ok()?;
    let asking = Asking::new(synapse.url.as_str(), Some(&token)).ok()?;
    let answer = asking.get(&["_synapse", "admin", "v2", "users", user.as_str()]).await;
    let is = |body: &Value, key: &str| match body.get(key) {
        Some(Value::Bool(is)) => *is,
        // Older ones write it as a number.
        Some(Value::Number(number)) => number.as_i64() != Some(0),
        _ => false,
    };
    Some(match answer {
        Ok(answer) if is(&answer.body, "deactivated") => Ok(Some(Unreachable::Deactivated)),
        Ok(answer) if is(&answer.body, "suspended") || is(&answer.body, "locked") => {
            Ok(Some(Unreachable::Suspended))
        }
        Ok(_) => Ok(None),
        Err(fault) if fault.status == Some(404) => Ok(Some(Unreachable::NoAccount)),
        Err(fault) => Err(fault),
    })
}
