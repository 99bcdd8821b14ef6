//! The keys of what is said to a user, for as long as it is said: to the devices that their own identity signs, and taken back after.
//!
//! Trust lies in docket's own store and holds for every room, so it must not outlast the one message. Of somebody who is among the people it
//! is not touched: they have keys if docket recognises them, and none if not.
//!
//! A stop in between leaves what was lent until the same user is told something again; who is in a room is looked at there all the same.

use matrix_sdk::Client;
use matrix_sdk::encryption::identities::Device;
use matrix_sdk::ruma::UserId;
use matrix_sdk_crypto::LocalTrust;
use tokio::sync::{Mutex, MutexGuard};

use super::desk::DeskHandle;
use super::fault::Plain;
use super::people;
use crate::case::Account;

/// One at a time: what one takes back another may need still.
static LENDING: Mutex<()> = Mutex::const_new(());

/// Devices that have keys for now.
pub(super) struct Keys {
    lent: Vec<Device>,
    own: u32,
    _lending: MutexGuard<'static, ()>,
}

impl Keys {
    /// Has the devices of a user that their own identity signs be given keys.
    pub(super) async fn give(client: &Client, desk: &DeskHandle, user: &UserId) -> anyhow::Result<Keys> {
        let encryption = client.encryption();
        // Another server may take its time, and nobody else waits for it.
        let identity = encryption.request_user_identity(user).await.plain()?;
        let lending = LENDING.lock().await;
        let devices = encryption.get_user_devices(user).await;
        let devices =
            devices.map_err(|_| anyhow::anyhow!("what is known of somebody's devices cannot be read"))?;
        let signed: Vec<Device> = devices.devices().filter(Device::is_cross_signed_by_owner).collect();
        let listed = people::recognised(desk).await?;
        if let Ok(account) = Account::parse(user.as_str())
            && let Some(key) = listed.get(&account)
        {
            let is_theirs = identity.is_some_and(|identity| {
                identity.is_verified() && key.is_some() && people::key_of(identity.master_key()) == *key
            });
            let own = if is_theirs { u32::try_from(signed.len()).unwrap_or(u32::MAX) } else { 0 };
            return Ok(Keys { lent: Vec::new(), own, _lending: lending });
        }
        let mut keys = Keys { lent: Vec::new(), own: 0, _lending: lending };
        for device in signed {
            if device.set_local_trust(LocalTrust::Verified).await.is_err() {
                keys.take_back().await;
                anyhow::bail!("whom keys go to cannot be written down");
            }
            keys.lent.push(device);
        }
        Ok(keys)
    }

    /// How many devices can read what is said now.
    pub(super) fn devices(&self) -> u32 {
        self.own.saturating_add(u32::try_from(self.lent.len()).unwrap_or(u32::MAX))
    }

    /// Nothing more is said to them.
    pub(super) async fn take_back(self) {
        for device in self.lent {
            if device.set_local_trust(LocalTrust::Unset).await.is_err() {
                tracing::error!("that a user is given keys no more cannot be written down");
            }
        }
    }
}
