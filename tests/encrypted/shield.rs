//! What a moderator's client shows beside what docket says: nothing. Whoever listens in this suite holds every message of docket's
//! against it, of whatever kind and in whichever room.

use matrix_sdk::deserialized_responses::{
    AlgorithmInfo, ShieldState, TimelineEvent, TimelineEventKind, UnableToDecryptReason, VerificationState,
};
use matrix_sdk::ruma::UserId;
use matrix_sdk::sync::SyncResponse;
use matrix_sdk::{Client, Room, RoomMemberships};
use serde_json::Value;

use crate::person::Person;

/// Every message of docket's that a sync brought is shown without a shield.
pub async fn none_in(person: &Person, came: &SyncResponse) {
    for update in came.rooms.joined.values() {
        for event in &update.timeline.events {
            none_beside(person, event).await;
        }
    }
}

/// A message, if it is one of docket's, is shown without a shield: encrypted, by a device that its owner signed, whose identity this
/// person compared where they compare any.
pub async fn none_beside(person: &Person, event: &TimelineEvent) {
    let Some(sender) = event.sender().filter(|sender| is_docket(sender) && !person.beware) else { return };
    let raw: Value = event.raw().deserialize_as_unchecked().unwrap();
    if raw.get("state_key").is_some() || raw["type"] == "m.room.redaction" {
        return;
    }
    let decrypted = match &event.kind {
        TimelineEventKind::Decrypted(decrypted) => decrypted,
        // Where both first wrote at once docket's client lends the key again from the message on at which it stands, and of two keys of one
        // session in one sync matrix-sdk-crypto 0.18 keeps the one that came last: what came before that it cannot read.
        TimelineEventKind::UnableToDecrypt { utd_info, .. }
            if person.misses_some || utd_info.reason == UnableToDecryptReason::UnknownMegolmMessageIndex =>
        {
            return;
        }
        other => panic!("{} is shown in clear, or cannot read: {other:?}", person.id),
    };
    let info = &decrypted.encryption_info;
    let found = &info.verification_state;
    assert_eq!(found.to_shield_state_lax(), ShieldState::None, "{} sees a shield beside {raw}", person.id);
    // A session that came before the identity was compared stays as it was then: the device itself is looked at.
    if person.compares && *found != VerificationState::Verified {
        compare(&person.client, &sender).await;
        let device = info.sender_device.as_ref().expect("the device is known");
        let device = person.client.encryption().get_device(&sender, device).await.unwrap().unwrap();
        let AlgorithmInfo::MegolmV1AesSha2 { curve25519_key, .. } = &info.algorithm_info else {
            panic!("{raw} is encrypted in another way");
        };
        assert_eq!(device.curve25519_key().unwrap().to_base64(), *curve25519_key, "{raw}");
        assert!(device.is_verified_with_cross_signing(), "{} sees a shield beside {raw}", person.id);
    }
}

/// Somebody compares the identity of every docket in a room, as their client offers it.
pub async fn compare_in(client: &Client, room: &Room) {
    for member in room.members(RoomMemberships::JOIN).await.unwrap() {
        if is_docket(member.user_id()) {
            compare(client, member.user_id()).await;
        }
    }
}

/// Each docket of the suite has such a name, and nobody else has.
fn is_docket(sender: &UserId) -> bool {
    sender.localpart().starts_with("docket-")
}

/// What somebody does once in their client: from then on they are warned of any other identity of docket's, and of its unsigned devices.
async fn compare(client: &Client, docket: &UserId) {
    let encryption = client.encryption();
    let identity = encryption.request_user_identity(docket).await.unwrap().expect("docket has an identity");
    if !identity.is_verified() {
        identity.verify().await.unwrap();
        encryption.request_user_identity(docket).await.unwrap();
    }
}
