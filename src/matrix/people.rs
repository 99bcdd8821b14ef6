//! Whom docket recognises: what their homeserver shows of them goes to the desk, which says who is who; whom the desk recognises
//! docket signs, so that they are given keys. Nobody else is given any.

use std::collections::{BTreeMap, BTreeSet};

use matrix_sdk::ruma::{OwnedUserId, UserId};
use matrix_sdk::{Client, Room, RoomMemberships};
use matrix_sdk_crypto::LocalTrust;
use matrix_sdk_crypto::types::MasterPubkey;

use super::desk::DeskHandle;
use crate::case::decide::Sighting;
use crate::case::{Account, MasterKey};
use crate::desk::{Input, Outcome, Post, Stopped};
use crate::ops::failpoint::{Point, reach};

/// Where an identity is looked for.
#[derive(Clone, Copy, PartialEq, Eq)]
pub enum Look {
    /// In what the homeserver told by itself.
    Known,
    /// By asking it.
    Ask,
}

/// Everybody who is listed, with the key that they are recognised by.
pub type Recognised = BTreeMap<Account, Option<MasterKey>>;

/// What a look at everybody brought.
pub struct Looked {
    /// Who is recognised by what.
    pub recognised: Recognised,
    /// What the room is to hear.
    pub posts: Vec<Post>,
    /// Whether everybody could be looked at, signed, or kept from keys. Where not, it is tried again.
    pub is_whole: bool,
}

/// Looks at everybody who is listed.
pub async fn look(client: &Client, room: &Room, desk: &DeskHandle, how: Look) -> Result<Looked, Stopped> {
    let mut sightings = Vec::new();
    let mut is_whole = true;
    for account in recognised(desk).await?.keys() {
        match sighting(client, account, how).await {
            Ok(sighting) => sightings.extend(sighting),
            Err(_) => {
                is_whole = false;
                tracing::warn!("somebody's identity could not be looked at");
            }
        }
    }
    let posts = match desk.ask(Input::Sighted(sightings)).await? {
        Outcome::Posts(posts) => posts,
        _ => Vec::new(),
    };
    reach(Point::PeopleSighted);
    let recognised = recognised(desk).await?;
    if vouch(client, room, &recognised).await.is_err() {
        is_whole = false;
        tracing::warn!("not everybody could be signed, or kept from keys; it is tried again");
    }
    Ok(Looked { recognised, posts, is_whole })
}

/// Signs whom the desk recognises, as far as the homeserver shows the same identity; and keeps keys from whoever was signed and is
/// recognised no longer: a signature cannot be taken back.
async fn vouch(client: &Client, room: &Room, recognised: &Recognised) -> anyhow::Result<()> {
    let own = client.user_id().map(ToOwned::to_owned);
    let members = room.members_no_sync(RoomMemberships::JOIN | RoomMemberships::INVITE).await?;
    let members = members.iter().map(|member| member.user_id().to_owned());
    let listed = recognised.keys().filter_map(|account| UserId::parse(account.as_str()).ok());
    let all: BTreeSet<OwnedUserId> =
        members.chain(listed).filter(|user| Some(user) != own.as_ref()).collect();
    for user in all {
        let encryption = client.encryption();
        let Some(identity) = encryption.get_user_identity(&user).await? else { continue };
        let account = Account::parse(user.as_str()).ok();
        let key = account.and_then(|account| recognised.get(&account).cloned().flatten());
        let is_it = key.is_some() && key == key_of(identity.master_key());
        if is_it && !identity.is_verified() {
            reach(Point::Signing);
            identity.verify().await?;
            reach(Point::Signed);
            // The library believes it when the homeserver shows it. What is sent before that they could never read.
            encryption.request_user_identity(&user).await?;
        }
        let is_signed = identity.is_verified();
        for device in encryption.get_user_devices(&user).await?.devices() {
            let wanted = match (is_it, is_signed, device.local_trust_state()) {
                (true, _, _) => LocalTrust::Unset,
                // Keys were lent to it while emojis were compared, and a stop came in between.
                (false, true, _) | (false, false, LocalTrust::Verified) => LocalTrust::BlackListed,
                // It is given no keys anyway.
                (false, false, as_it_is) => as_it_is,
            };
            if device.local_trust_state() != wanted {
                device.set_local_trust(wanted).await?;
            }
        }
    }
    Ok(())
}

/// Everybody who is listed, with the key by which the desk recognises them.
pub async fn recognised(desk: &DeskHandle) -> Result<Recognised, Stopped> {
    Ok(match desk.ask(Input::Recognised).await? {
        Outcome::Recognised(people) => people.into_iter().collect(),
        _ => Recognised::new(),
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
    let named = |device: matrix_sdk::encryption::identities::Device| {
        Some(device_name(device.device_id().as_str(), &device.curve25519_key()?.to_base64()))
    };
    Ok(Some(Sighting { account: account.clone(), key, devices: signed.filter_map(named).collect() }))
}

/// A device by its id and its key: whoever logs in chooses the id.
pub(super) fn device_name(id: &str, key: &str) -> String {
    format!("{id} {key}")
}

/// Who sent a message: the identity that signs the device, and the device.
pub struct Signed {
    /// The key of the identity.
    pub key: MasterKey,
    /// The device, by its id and its key.
    pub device: String,
}

/// The identity that signs a device of somebody: nothing if none does, or if the device of that id is not the one that made the
/// session, whose key is `curve`.
pub async fn signs(
    client: &Client,
    sender: &Account,
    device: &str,
    curve: &str,
) -> anyhow::Result<Option<Signed>> {
    let Ok(user) = UserId::parse(sender.as_str()) else { return Ok(None) };
    let found = client.encryption().get_device(&user, device.into()).await?;
    let is_it = |device: &matrix_sdk::encryption::identities::Device| {
        device.is_cross_signed_by_owner()
            && device.curve25519_key().is_some_and(|key| key.to_base64() == curve)
    };
    if !found.as_ref().is_some_and(is_it) {
        return Ok(None);
    }
    let identity = client.encryption().get_user_identity(&user).await?;
    let key = identity.and_then(|identity| key_of(identity.master_key()));
    Ok(key.map(|key| Signed { key, device: device_name(device, curve) }))
}

/// Whether somebody shows the identity by which the desk recognises them, and docket has signed it: keys go to no other.
pub(super) async fn is_recognised(client: &Client, user: &UserId, key: &MasterKey) -> anyhow::Result<bool> {
    let identity = client.encryption().get_user_identity(user).await?;
    Ok(identity.is_some_and(|it| it.is_verified() && key_of(it.master_key()).as_ref() == Some(key)))
}

/// A key as the desk knows it.
pub(super) fn key_of(key: &MasterPubkey) -> Option<MasterKey> {
    MasterKey::parse(&key.get_first_key()?.to_base64()).ok()
}
