//! docket's login and its encrypted store.
//!
//! The client is made in one place, so that none is made with the permissive settings that the library has by default: keys go
//! to devices of people whom docket vouches for and to nobody else, and what an unsigned device wrote is not decrypted.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use anyhow::{Context, bail};
use matrix_sdk::authentication::matrix::MatrixSession;
use matrix_sdk::config::RequestConfig;
use matrix_sdk::cross_process_lock::CrossProcessLockConfig;
use matrix_sdk::encryption::{BackupDownloadStrategy, EncryptionSettings};
use matrix_sdk::ruma::{OwnedDeviceId, OwnedUserId, UserId};
use matrix_sdk::{Client, SessionMeta, SessionTokens, SqliteStoreConfig};
use matrix_sdk_crypto::{CollectStrategy, DecryptionSettings, TrustRequirement};
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};
use zeroize::Zeroizing;

use super::asking::Asking;
use super::fault::Plain;
use super::foreign;
use super::keep::{DIR, Keep, KeepFault};
use crate::config::{Homeserver, LoginSecret, SecretFault};
use crate::journal::DataKey;
use crate::ops::OsEntropy;
use crate::ops::failpoint::{Point, reach};
use crate::ports::{Entropy, hex};

/// What the key of the store is drawn from the data key for. A fixed text: another one makes the store unreadable.
const STORE_KEY: &str = "docket 2026-11-22 matrix store key";
const SESSION: &str = "session";
/// The name under which docket's device stands in lists of devices.
const DEVICE_NAME: &str = "docket";
/// How long a request may take.
const PATIENCE: std::time::Duration = std::time::Duration::from_secs(60);
/// How often a request is made before the homeserver counts as away. Left to itself the library tries for a quarter of an hour
/// without a word, and not at all where the line breaks.
const TRIES: usize = 3;

/// What is remembered of the login. The device is chosen and kept before the login, so that a stop in between leaves no store
/// that belongs to no device.
#[derive(Clone, Serialize, Deserialize)]
struct Kept {
    user: OwnedUserId,
    device: OwnedDeviceId,
    tokens: Option<SessionTokens>,
}

impl Kept {
    fn is_by(&self, token: &str) -> bool {
        self.tokens.as_ref().is_some_and(|tokens| tokens.access_token == token)
    }
}

/// The device and the access token that are kept, for whoever asks the homeserver beside the session.
pub struct Device {
    /// The device.
    pub device: String,
    /// The token.
    pub token: Zeroizing<String>,
}

/// The device that is kept with its token, if docket has logged in.
pub fn kept_device(keep: &Keep) -> Result<Option<Device>, KeepFault> {
    let kept = keep.get::<Kept>(SESSION)?.and_then(|kept| Some((kept.device, kept.tokens?)));
    Ok(kept.map(|(device, tokens)| Device {
        device: device.to_string(),
        token: Zeroizing::new(tokens.access_token),
    }))
}

/// What docket logs in with, or why it cannot be had.
pub type Secret<'a> = Result<&'a str, &'a SecretFault>;

fn had(secret: Secret<'_>) -> anyhow::Result<&str> {
    secret.map_err(|fault| anyhow::anyhow!("{fault}"))
}

/// How a session came to be.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Begun {
    /// From what was kept.
    Restored,
    /// By logging in.
    LoggedIn,
}

/// Where a session is made and found again.
pub struct Login<'a> {
    /// Where docket lives and as whom.
    pub homeserver: &'a Homeserver,
    /// The data directory, whose lock is held.
    pub data_dir: &'a Path,
    /// What the store is sealed with.
    pub key: &'a DataKey,
    /// Where the session is kept.
    pub keep: Arc<Keep>,
}

impl Login<'_> {
    /// The session that was kept. Without one, or without its store, it says what to do.
    pub async fn restore(&self) -> anyhow::Result<Client> {
        let kept = self.kept()?.filter(|kept| kept.tokens.is_some());
        let Some(kept) = kept else {
            bail!("docket has not logged in yet: run docket setup");
        };
        if !self.has_store() {
            bail!(
                "the encrypted store of docket's session is gone ({}); docket setup logs in as a new device and fetches its \
                 identity back with the recovery key",
                self.store().display()
            );
        }
        self.resume(kept).await
    }

    /// The session that was kept, or a new one by what the configuration names. A kept one needs no secret.
    pub async fn begin(&self, secret: Secret<'_>) -> anyhow::Result<(Client, Begun)> {
        if let LoginSecret::Token(_) = &self.homeserver.secret {
            return self.begin_by_token(secret).await;
        }
        match self.kept()? {
            Some(kept) if kept.tokens.is_some() && self.has_store() => {
                Ok((self.resume(kept).await?, Begun::Restored))
            }
            // The store is of this device, and what it lacks is a token only.
            Some(kept) if kept.tokens.is_none() => self.log_in(kept, had(secret)?).await,
            Some(_) | None => {
                let password = had(secret)?;
                let kept = Kept { user: self.user()?, device: new_device(), tokens: None };
                self.keep.put(SESSION, &kept, &mut OsEntropy)?;
                reach(Point::DeviceChosen);
                self.log_in(kept, password).await
            }
        }
    }

    /// The same by an access token that somebody made: the device is the token's.
    async fn begin_by_token(&self, token: Secret<'_>) -> anyhow::Result<(Client, Begun)> {
        let kept = self.kept()?.filter(|_| self.has_store());
        if let Some(mut kept) = kept.filter(|kept| kept.tokens.is_some()) {
            // Without the file, what was kept goes on.
            let new = token.ok().filter(|token| !kept.is_by(token));
            if let Some(token) = new {
                if self.device_of(token).await? != kept.device {
                    bail!(
                        "the access token is of another device than docket's store below {}: put the old token back, or move \
                         session and store out of there",
                        self.data_dir.join(DIR).display()
                    );
                }
                kept.tokens = Some(SessionTokens { access_token: token.to_owned(), refresh_token: None });
                self.keep.put(SESSION, &kept, &mut OsEntropy)?;
            }
            return Ok((self.resume(kept).await?, Begun::Restored));
        }
        let token = had(token)?;
        let device = self.device_of(token).await?;
        if self.has_keys(token, &device).await? {
            bail!(
                "the access token's device has keys already, and they are not here: another program uses it, or docket's store was \
                 lost. Make a new token, of a device of its own, and write it into the file that token_file: names"
            );
        }
        let tokens = Some(SessionTokens { access_token: token.to_owned(), refresh_token: None });
        let kept = Kept { user: self.user()?, device, tokens };
        self.keep.put(SESSION, &kept, &mut OsEntropy)?;
        Ok((self.resume(kept).await?, Begun::LoggedIn))
    }

    /// The device that an access token is of, if it is of docket's account.
    async fn device_of(&self, token: &str) -> anyhow::Result<OwnedDeviceId> {
        let asking = Asking::new(self.homeserver.url.as_str(), Some(token))?;
        let who = asking
            .get(&["_matrix", "client", "v3", "account", "whoami"])
            .await
            .with_context(|| format!("{} does not take the access token", self.homeserver.url))?;
        let text = |key: &str| who.body.get(key).and_then(Value::as_str);
        let own = self.homeserver.user.as_str();
        if text("user_id") != Some(own) {
            bail!("the access token is not {own}'s: write one of that account into its file");
        }
        let device = text("device_id").context(
            "the access token belongs to no device, so nothing can be encrypted with it: make one that does, as a login gives",
        )?;
        Ok(device.into())
    }

    /// Whether the homeserver has keys of a device of docket's account.
    async fn has_keys(&self, token: &str, device: &OwnedDeviceId) -> anyhow::Result<bool> {
        let asking = Asking::new(self.homeserver.url.as_str(), Some(token))?;
        let own = self.homeserver.user.as_str();
        let asked = asking
            .post(&["_matrix", "client", "v3", "keys", "query"], &json!({ "device_keys": { own: [] } }))
            .await
            .context("the homeserver does not show which devices docket has")?;
        Ok(asked.body.get("device_keys").and_then(|keys| keys.get(own)?.get(device.as_str())).is_some())
    }

    /// Whether there is a session that can be taken up without logging in.
    pub fn has_session(&self) -> anyhow::Result<bool> {
        Ok(self.has_store() && self.kept()?.is_some_and(|kept| kept.tokens.is_some()))
    }

    async fn log_in(&self, kept: Kept, password: &str) -> anyhow::Result<(Client, Begun)> {
        let client = self.client().await?;
        let login = client
            .matrix_auth()
            .login_username(kept.user.as_str(), password)
            .device_id(kept.device.as_str())
            .initial_device_display_name(DEVICE_NAME);
        let answer = login.send().await.plain().with_context(|| {
            format!("{} does not let {} in", self.homeserver.url, self.homeserver.user.as_str())
        })?;
        let session = MatrixSession::from(&answer);
        reach(Point::LoggedIn);
        self.keep.put(SESSION, &Kept { tokens: Some(session.tokens), ..kept }, &mut OsEntropy)?;
        self.keep_fresh(&client)?;
        Ok((client, Begun::LoggedIn))
    }

    async fn resume(&self, kept: Kept) -> anyhow::Result<Client> {
        let Kept { user, device, tokens: Some(tokens) } = kept else {
            bail!("docket has not logged in yet: run docket setup");
        };
        let client = self.client().await?;
        client
            .restore_session(MatrixSession { meta: SessionMeta { user_id: user, device_id: device }, tokens })
            .await
            .map_err(|fault| foreign::not_taken_up(&fault, &self.store()))?;
        self.keep_fresh(&client)?;
        Ok(client)
    }

    /// A token that the homeserver exchanges is kept at once: the old one is worth nothing then.
    fn keep_fresh(&self, client: &Client) -> anyhow::Result<()> {
        let keep = Arc::clone(&self.keep);
        let save = move |client: Client| {
            let session = client.matrix_auth().session();
            let session = session.ok_or("the session has no tokens any more")?;
            let kept = Kept {
                user: session.meta.user_id,
                device: session.meta.device_id,
                tokens: Some(session.tokens),
            };
            keep.put(SESSION, &kept, &mut OsEntropy).map_err(Into::into)
        };
        let reload = |client: Client| client.session_tokens().ok_or_else(|| "there are no tokens".into());
        Ok(client.set_session_callbacks(Box::new(reload), Box::new(save))?)
    }

    fn kept(&self) -> anyhow::Result<Option<Kept>> {
        let kept: Option<Kept> = self.keep.get(SESSION)?;
        if let Some(kept) = &kept
            && kept.user.as_str() != self.homeserver.user.as_str()
        {
            bail!(
                "the session below {} is that of {}, and the configuration names {}: put the old name back, or give docket \
                 another data_dir",
                self.data_dir.join(DIR).display(),
                kept.user,
                self.homeserver.user.as_str()
            );
        }
        Ok(kept)
    }

    fn user(&self) -> anyhow::Result<OwnedUserId> {
        let user = self.homeserver.user.as_str();
        UserId::parse(user).with_context(|| format!("{user} is no account that a homeserver accepts"))
    }

    fn store(&self) -> PathBuf {
        self.data_dir.join(DIR).join("store")
    }

    /// Whether there is a store with docket's keys in it.
    fn has_store(&self) -> bool {
        self.store().join("matrix-sdk-crypto.sqlite3").is_file()
    }

    async fn client(&self) -> anyhow::Result<Client> {
        let key = self.key.derive(STORE_KEY);
        let store = SqliteStoreConfig::with_low_memory_config(self.store()).key(Some(&key));
        let settings = EncryptionSettings {
            auto_enable_cross_signing: false,
            backup_download_strategy: BackupDownloadStrategy::Manual,
            auto_enable_backups: false,
        };
        let decryption =
            DecryptionSettings { sender_device_trust_requirement: TrustRequirement::CrossSigned };
        Client::builder()
            .homeserver_url(self.homeserver.url.as_str())
            .respect_login_well_known(false)
            .sqlite_store_with_config_and_cache_path(store, None::<&Path>)
            .cross_process_store_config(CrossProcessLockConfig::SingleProcess)
            .handle_refresh_tokens()
            .request_config(RequestConfig::new().timeout(PATIENCE).retry_limit(TRIES))
            .with_encryption_settings(settings)
            .with_room_key_recipient_strategy(CollectStrategy::OnlyTrustedDevices)
            .with_decryption_settings(decryption)
            .with_enable_share_history_on_invite(false)
            .user_agent(concat!("docket/", env!("CARGO_PKG_VERSION")))
            .build()
            .await
            .map_err(|fault| foreign::unopened(fault, &self.store(), self.homeserver.url.as_str()))
    }
}

/// A name for a new device.
fn new_device() -> OwnedDeviceId {
    let mut bytes = [0; 5];
    OsEntropy.fill(&mut bytes);
    hex(&bytes).to_uppercase().into()
}
