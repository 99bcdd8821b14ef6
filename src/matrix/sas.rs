//! Comparing emojis with somebody: what proves their identity without a fingerprint that is read out. docket asks them in a room of
//! two, shows what is to be compared, and whoever has the terminal says whether it is the same. Nothing is ever confirmed by itself.

use std::time::{Duration, Instant};

use anyhow::{Context, bail};
use matrix_sdk::Client;
use matrix_sdk::config::SyncSettings;
use matrix_sdk::encryption::verification::{
    SasState, SasVerification, Verification, VerificationRequest, VerificationRequestState,
};
use matrix_sdk::ruma::UserId;
use matrix_sdk::ruma::events::key::verification::VerificationMethod;
use matrix_sdk_crypto::LocalTrust;

use super::fault::Plain;
use super::people::{device_name, key_of};
use crate::case::decide::Sighting;
use crate::case::{Account, MasterKey};

/// How long the other side may take until it has accepted, and until it has compared.
const PATIENCE: Duration = Duration::from_secs(600);

/// Takes the lines that tell how far it is.
pub type Say<'a> = &'a mut dyn FnMut(&str) -> anyhow::Result<()>;
/// Shows what is to be compared, and says whether a person says that it is the same.
pub type IsTheSame<'a> = &'a mut dyn FnMut(&str) -> anyhow::Result<bool>;

/// Compares with somebody, and gives back the identity that was proven and the devices that it signs.
pub async fn compare(
    client: &Client,
    account: &Account,
    say: Say<'_>,
    is_the_same: IsTheSame<'_>,
) -> anyhow::Result<Sighting> {
    let name = account.as_str();
    let user =
        UserId::parse(name).with_context(|| format!("{name} is no account that a homeserver accepts"))?;
    let known = client.encryption().request_user_identity(&user).await.plain()?;
    let identity = known.with_context(|| {
        format!("{name} has no identity yet: they set up cross-signing in their client first")
    })?;
    // What is asked is encrypted, and keys go to nobody whom docket does not recognise: for this they are lent.
    let mut lent = Vec::new();
    for device in client.encryption().get_user_devices(&user).await?.devices() {
        if device.is_cross_signed_by_owner() && !device.is_verified() {
            lent.push((device.clone(), device.local_trust_state()));
            device.set_local_trust(LocalTrust::Verified).await?;
        }
    }
    let asked = identity.request_verification_with_methods(vec![VerificationMethod::SasV1]).await;
    let outcome = match asked {
        Ok(request) => {
            say(&format!("asked {name}: they take the invitation, and accept in their client"))?;
            let outcome = between(client, &user, &request, is_the_same).await;
            if outcome.is_err() && !request.is_cancelled() && !request.is_done() {
                // The other side learns that nothing more comes; if it does not, it waits a while.
                let _gone = request.cancel().await;
            }
            if let Some(room) = request.room_id().and_then(|id| client.get_room(id)) {
                let _left = room.leave().await;
            }
            outcome
        }
        Err(_) => Err(anyhow::anyhow!("{name} could not be asked: the homeserver makes no room of two")),
    };
    for (device, trust) in lent {
        device.set_local_trust(trust).await?;
    }
    let key = outcome?;
    let devices = client.encryption().get_user_devices(&user).await?;
    let signed = devices.devices().filter(|device| device.is_cross_signed_by_owner());
    let named = signed.filter_map(|device| {
        Some(device_name(device.device_id().as_str(), &device.curve25519_key()?.to_base64()))
    });
    Ok(Sighting { account: account.clone(), key, devices: named.collect() })
}

async fn between(
    client: &Client,
    user: &UserId,
    request: &VerificationRequest,
    is_the_same: IsTheSame<'_>,
) -> anyhow::Result<MasterKey> {
    let given_up = now() + PATIENCE;
    let mut is_said = false;
    let mut begun: Option<SasVerification> = None;
    while now() < given_up {
        hear(client).await?;
        match request.state() {
            VerificationRequestState::Ready { .. } if begun.is_none() => {
                begun = request.start_sas().await.plain()?;
            }
            // Where both began, one of the two counts, and this is it.
            VerificationRequestState::Transitioned { verification: Verification::SasV1(sas) } => {
                begun = Some(sas);
            }
            VerificationRequestState::Transitioned { .. } => {
                bail!("their client wants to do it in another way")
            }
            VerificationRequestState::Cancelled(_) => {
                bail!("they, or their client, said no: nothing is confirmed")
            }
            VerificationRequestState::Ready { .. }
            | VerificationRequestState::Created { .. }
            | VerificationRequestState::Requested { .. }
            | VerificationRequestState::Done => {}
        }
        let Some(sas) = &begun else { continue };
        match sas.state() {
            SasState::Started { .. } => sas.accept().await.plain()?,
            SasState::KeysExchanged { .. } if !is_said => {
                if !is_the_same(&shown(sas)?)? {
                    sas.mismatch().await.plain()?;
                    bail!(
                        "they are not the same: nothing is confirmed. Somebody may sit in between; try it again"
                    );
                }
                is_said = true;
                sas.confirm().await.plain()?;
            }
            SasState::Done { verified_identities, .. } => {
                let proven = verified_identities.iter().find(|identity| identity.user_id() == user);
                let key = proven.and_then(|identity| key_of(identity.master_key()));
                return key
                    .context("their client proved a device and not who they are: nothing is confirmed");
            }
            SasState::Cancelled(_) => bail!("they, or their client, said no: nothing is confirmed"),
            SasState::Created { .. }
            | SasState::Accepted { .. }
            | SasState::KeysExchanged { .. }
            | SasState::Confirmed => {}
        }
    }
    bail!("it took too long: nothing is confirmed")
}

/// What both sides see if nobody sits in between.
fn shown(sas: &SasVerification) -> anyhow::Result<String> {
    if let Some(emojis) = sas.emoji() {
        let each = emojis.iter().map(|emoji| format!("{} {}", emoji.symbol, emoji.description));
        return Ok(each.collect::<Vec<_>>().join(" · "));
    }
    let (one, two, three) = sas.decimals().context("there is nothing to compare")?;
    Ok(format!("{one} {two} {three}"))
}

async fn hear(client: &Client) -> anyhow::Result<()> {
    let settings = SyncSettings::default().timeout(Duration::from_millis(500));
    client.sync_once(settings).await.plain().context("the homeserver was not heard")?;
    Ok(())
}

#[expect(clippy::disallowed_methods, reason = "how long somebody takes is the machine's own time")]
fn now() -> Instant {
    Instant::now()
}
