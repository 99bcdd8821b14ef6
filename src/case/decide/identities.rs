//! Who comes to be recognised by which identity. The first that is seen is good for reading and for casework; to approve and to
//! administer, somebody must vouch for it: the configuration, whoever has the host, or an administrator other than its owner who
//! heard it read out. A changed identity cuts off its owner and nobody else.

use chrono::{DateTime, Utc};

use super::Setting;
use super::desk::administers;
use crate::case::{Account, MasterKey, Pin, Recognised, Refusal, StandingEvent, Terms, Vouched};

/// The identity that somebody has on their homeserver now, and the devices that it signs.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Sighting {
    /// Whose.
    pub account: Account,
    /// Its key.
    pub key: MasterKey,
    /// The devices, by their ids.
    pub devices: Vec<String>,
}

/// What there is to put on record about an identity that was seen.
pub fn sighted(sighting: &Sighting, terms: &Terms, now: DateTime<Utc>) -> Vec<StandingEvent> {
    let Sighting { account, key, devices } = sighting;
    let Some(identities) = terms.identities.as_ref().filter(|_| terms.person(account).is_some()) else {
        return Vec::new();
    };
    let is_named = identities.named.get(account) == Some(key);
    let pinned = |vouched| {
        let (account, key, devices) = (account.clone(), key.clone(), devices.clone());
        vec![StandingEvent::Pinned { account, key, vouched, devices }]
    };
    let strange = || match identities.strange.get(account) == Some(key) {
        true => Vec::new(),
        false => vec![StandingEvent::IdentityChanged { account: account.clone(), key: key.clone() }],
    };
    let new_devices = |pin: &Pin| {
        let is_new = |device: &&String| !pin.devices.contains_key(*device);
        let new = |device: &String| StandingEvent::DeviceSeen {
            account: account.clone(),
            device: device.clone(),
            at: now,
        };
        devices.iter().filter(is_new).map(new).collect()
    };
    match identities.known(account, key) {
        Recognised::Theirs => identities.pins.get(account).map(new_devices).unwrap_or_default(),
        Recognised::Unseen | Recognised::Other if is_named => pinned(Vouched::Configuration),
        Recognised::Unseen => pinned(Vouched::FirstSight),
        Recognised::Other => strange(),
    }
}

/// An administrator vouches for an identity that its owner read out.
pub(super) fn trust(
    account: Account,
    key: MasterKey,
    setting: &Setting<'_>,
) -> Result<StandingEvent, Refusal> {
    administers(setting)?;
    if account == *setting.actor {
        return Err(Refusal::OwnIdentity);
    }
    vouched(account, key, Vouched::Person { account: setting.actor.clone() }, setting.terms)
}

/// Whoever has the host vouches for an identity.
pub fn trust_on_host(account: Account, key: MasterKey, terms: &Terms) -> Result<StandingEvent, Refusal> {
    vouched(account, key, Vouched::Host, terms)
}

/// Whoever has the host compared with somebody what shows that nobody sits in between: that identity is theirs, whatever was seen
/// before.
pub fn compared(sighting: Sighting, terms: &Terms) -> Result<StandingEvent, Refusal> {
    let Sighting { account, key, devices } = sighting;
    terms.person(&account).ok_or_else(|| Refusal::NotOfThePeople(account.to_string()))?;
    let Some(identities) = &terms.identities else { return Err(Refusal::NoIdentities) };
    if identities.named.get(&account).is_some_and(|named| *named != key) {
        return Err(Refusal::NamedOtherwise(account));
    }
    let is_known = identities.pins.get(&account).is_some_and(|pin| pin.key == key);
    if is_known && identities.is_confirmed(&account) {
        return Err(Refusal::NoChange);
    }
    Ok(StandingEvent::Pinned { account, key, vouched: Vouched::Compared, devices })
}

fn vouched(
    account: Account,
    key: MasterKey,
    vouched: Vouched,
    terms: &Terms,
) -> Result<StandingEvent, Refusal> {
    terms.person(&account).ok_or_else(|| Refusal::NotOfThePeople(account.to_string()))?;
    let Some(identities) = &terms.identities else { return Err(Refusal::NoIdentities) };
    let pin = identities.pins.get(&account);
    let seen = pin.map(|pin| &pin.key).into_iter().chain(identities.strange.get(&account));
    if !seen.into_iter().any(|seen| *seen == key) {
        // Neither what they were recognised by nor what they have now: a slip, or somebody in between.
        return Err(Refusal::NotTheirIdentity(account));
    }
    match identities.named.get(&account) {
        Some(named) if *named != key => return Err(Refusal::NamedOtherwise(account)),
        Some(_) | None => {}
    }
    if pin.is_some_and(|pin| pin.key == key) && identities.is_confirmed(&account) {
        return Err(Refusal::NoChange);
    }
    let same = pin.filter(|pin| pin.key == key);
    let devices = same.map(|pin| pin.devices.keys().cloned().collect()).unwrap_or_default();
    Ok(StandingEvent::Pinned { account, key, vouched, devices })
}
