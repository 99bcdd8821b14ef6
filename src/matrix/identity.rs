//! docket's own identity: the keys by which others know its devices, and the recovery key that brings them back.
//!
//! The secrets lie encrypted on the homeserver under the recovery key, and the keys of messages do not: docket makes no backup of
//! those, so that what was erased here is not kept there.

use anyhow::{Context, anyhow, bail};
use matrix_sdk::Client;
use matrix_sdk::ruma::api::client::keys::get_keys;
use matrix_sdk::ruma::api::client::uiaa;
use matrix_sdk::store::StateStoreDataKey;
use serde_json::Value;
use zeroize::Zeroizing;

use super::fault::{HomeserverFault, Plain};
use crate::case::MasterKey;

/// The secrets of an identity, as they lie on the homeserver under the recovery key.
pub const SECRETS: [&str; 3] =
    ["m.cross_signing.master", "m.cross_signing.self_signing", "m.cross_signing.user_signing"];

/// What was done about the identity.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Done {
    /// It was whole.
    Kept,
    /// A new one was made.
    Made,
    /// It was brought back with the recovery key.
    Recovered,
    /// The homeserver had lost it, and was sent it again.
    Published,
}

/// Whether this device has all keys of the identity, and is signed by it.
pub async fn is_whole(client: &Client) -> anyhow::Result<bool> {
    let status = client.encryption().cross_signing_status().await;
    let own = client.encryption().get_own_device().await?;
    Ok(status.is_some_and(|status| status.is_complete())
        && own.is_some_and(|device| device.is_cross_signed_by_owner()))
}

/// Whether the homeserver has ever said that it has other keys of this device than its store: that was put back to an older copy, or works
/// in two places. The library remembers it with the store.
pub async fn are_keys_old(client: &Client) -> anyhow::Result<bool> {
    let kept = client.state_store().get_kv_data(StateStoreDataKey::OneTimeKeyAlreadyUploaded).await?;
    Ok(kept.is_some())
}

/// Makes the identity whole: with the recovery key where the homeserver knows one already, or else as a new one.
pub async fn make_whole(
    client: &Client,
    password: Option<&str>,
    recovery_key: Option<&str>,
) -> anyhow::Result<Done> {
    let is_whole = is_whole(client).await?;
    if is_whole && is_published(client).await? {
        return Ok(Done::Kept);
    }
    let user = client.user_id().context("docket is not logged in")?.to_owned();
    let encryption = client.encryption();
    let has_private = encryption.cross_signing_status().await.is_some_and(|status| status.is_complete());
    let is_known = encryption.request_user_identity(&user).await.plain()?.is_some();
    if is_known && !has_private {
        let Some(key) = recovery_key else {
            bail!(
                "{user} has an identity already, and its keys are not here: write its recovery key into the file that \
                 recovery_key_file: names, and run docket setup again"
            );
        };
        encryption
            .recovery()
            .recover(key)
            .await
            .map_err(|_| anyhow!("the recovery key does not open what the homeserver keeps for docket"))?;
        return Ok(Done::Recovered);
    }
    // A stop between the making and the sending leaves keys that only this device knows: they are sent again.
    if let Err(fault) = encryption.bootstrap_cross_signing(None).await {
        let Some(asked) = fault.as_uiaa_response() else {
            return Err(HomeserverFault::from(&fault))
                .context("docket's identity cannot be sent to the homeserver");
        };
        let Some(password) = password else {
            bail!(
                "the homeserver takes no new identity without a further proof, and docket has no password to give: let it take one \
                 for this account (with MAS: mas-cli manage, or the account's page, allows to reset its identity for a few \
                 minutes), or write password_file: for this once; then run docket setup again"
            );
        };
        let who = uiaa::UserIdentifier::Matrix(uiaa::MatrixUserIdentifier::new(user.to_string()));
        let mut proof = uiaa::Password::new(who, password.to_owned());
        proof.session = asked.session.clone();
        encryption
            .bootstrap_cross_signing(Some(uiaa::AuthData::Password(proof)))
            .await
            .plain()
            .context("the homeserver does not take docket's identity")?;
    }
    Ok(if is_whole { Done::Published } else { Done::Made })
}

/// Whether the homeserver gives the identity out.
async fn is_published(client: &Client) -> anyhow::Result<bool> {
    let own = client.user_id().context("docket is not logged in")?.to_owned();
    let mut request = get_keys::v3::Request::new();
    request.device_keys.insert(own.clone(), Vec::new());
    let keys = client.send(request).await.plain().context("docket's identity cannot be asked for")?;
    Ok(keys.master_keys.contains_key(&own) && keys.self_signing_keys.contains_key(&own))
}

/// Whether a secret lies under this key.
pub fn is_under(secret: &Value, key: &str) -> bool {
    secret.get("encrypted").and_then(|keys| keys.get(key)).is_some()
}

/// Whether all secrets of the identity lie on the homeserver under the recovery key that counts there.
pub async fn lies_on_the_homeserver(client: &Client) -> anyhow::Result<bool> {
    let named = async |name: &str| {
        let content = client.account().fetch_account_data(name.into()).await.plain();
        let content = content.context("the homeserver cannot be asked for docket's secrets")?;
        anyhow::Ok(content.and_then(|content| content.deserialize_as_unchecked::<Value>().ok()))
    };
    let default = named("m.secret_storage.default_key").await?;
    let Some(key) = default.as_ref().and_then(|default| default.get("key")?.as_str()) else {
        return Ok(false);
    };
    for secret in SECRETS {
        let sealed = named(secret).await?;
        if !sealed.is_some_and(|sealed| is_under(&sealed, key)) {
            return Ok(false);
        }
    }
    Ok(true)
}

/// Lays the secrets down on the homeserver under a new recovery key, which is given back and kept nowhere.
pub async fn new_recovery_key(client: &Client) -> anyhow::Result<Zeroizing<String>> {
    let store = client.encryption().secret_storage().create_secret_store().await;
    let store = store.map_err(|_| anyhow!("docket's secrets cannot be laid down on the homeserver"))?;
    Ok(Zeroizing::new(store.secret_storage_key()))
}

/// Whether this key opens the secrets that lie on the homeserver now.
pub async fn is_recovery_key(client: &Client, key: &str) -> bool {
    client.encryption().secret_storage().open_secret_store(key).await.is_ok()
}

/// The public master key of the identity.
pub async fn fingerprint(client: &Client) -> anyhow::Result<MasterKey> {
    let user = client.user_id().context("docket is not logged in")?;
    let identity = client.encryption().get_user_identity(user).await?;
    let key = identity.and_then(|identity| identity.master_key().get_first_key().map(|key| key.to_base64()));
    let key = key.context("docket has no identity yet: run docket setup")?;
    Ok(MasterKey::parse(&key)?)
}
