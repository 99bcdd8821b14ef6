//! Whom docket recognises: what their homeserver shows of them goes to the desk, which says who is who; whom the desk recognises
//! docket signs, so that they are given keys. Nobody else is.

use matrix_sdk::Client;
use matrix_sdk::ruma::UserId;

use super::desk::DeskHandle;
use crate::case::decide::Sighting;
use crate::case::{Account, MasterKey};
use crate::desk::{Input, Outcome, Post};

/// Where an identity is looked for.
#[derive(Clone, Copy, PartialEq, Eq)]
pub enum Look {
    /// In what the homeserver told by itself.
    Known,
    /// By asking it.
    Ask,
}

/// Looks at everybody who is listed; gives back what the room is to hear.
pub async fn look(client: &Client, desk: &DeskHandle, how: Look) -> anyhow::Result<Vec<Post>> {
    let mut sightings = Vec::new();
    for (account, _) in recognised(desk).await? {
        sightings.extend(sighting(client, &account, how).await?);
    }
    let posts = match desk.ask(Input::Sighted(sightings)).await? {
        Outcome::Posts(posts) => posts,
        _ => Vec::new(),
    };
    vouch(client, desk).await?;
    Ok(posts)
}

/// Signs whom the desk recognises, as far as the homeserver shows the same identity.
async fn vouch(client: &Client, desk: &DeskHandle) -> anyhow::Result<()> {
    for (account, key) in recognised(desk).await? {
        let Ok(user) = UserId::parse(account.as_str()) else { continue };
        let Some(identity) = client.encryption().get_user_identity(&user).await? else { continue };
        let is_it = key.is_some() && key == key_of(identity.master_key());
        if is_it && !identity.is_verified() {
            identity.verify().await?;
        }
    }
    Ok(())
}

async fn recognised(desk: &DeskHandle) -> anyhow::Result<Vec<(Account, Option<MasterKey>)>> {
    Ok(match desk.ask(Input::Recognised).await? {
        Outcome::Recognised(people) => people,
        _ => Vec::new(),
    })
}

async fn sighting(client: &Client, account: &Account, how: Look) -> anyhow::Result<Option<Sighting>> {
    let Ok(user) = UserId::parse(account.as_str()) else { return Ok(None) };
    let encryption = client.encryption();
    let identity = match how {
        Look::Known => encryption.get_user_identity(&user).await?,
        Look::Ask => encryption.request_user_identity(&user).await?,
    };
    let Some(key) = identity.and_then(|identity| key_of(identity.master_key())) else { return Ok(None) };
    let devices = encryption.get_user_devices(&user).await?;
    let signed = devices.devices().filter(|device| device.is_cross_signed_by_owner());
    let devices = signed.map(|device| device.device_id().to_string()).collect();
    Ok(Some(Sighting { account: account.clone(), key, devices }))
}

/// The key of the identity that signs a device of somebody; nothing if none does.
pub async fn signs(client: &Client, sender: &Account, device: &str) -> anyhow::Result<Option<MasterKey>> {
    let Ok(user) = UserId::parse(sender.as_str()) else { return Ok(None) };
    let device = client.encryption().get_device(&user, device.into()).await?;
    if !device.is_some_and(|device| device.is_cross_signed_by_owner()) {
        return Ok(None);
    }
    let identity = client.encryption().get_user_identity(&user).await?;
    Ok(identity.and_then(|identity| key_of(identity.master_key())))
}

fn key_of(key: &matrix_sdk_crypto::types::MasterPubkey) -> Option<MasterKey> {
    MasterKey::parse(&key.get_first_key()?.to_base64()).ok()
}
