//! A device of somebody's that is signed like any other of theirs, and that no client library keeps from saying what it likes.

use matrix_sdk::config::SyncSettings;
use matrix_sdk::ruma::{OwnedUserId, RoomId};
use matrix_sdk_crypto::vodozemac::megolm::{self, GroupSession};
use matrix_sdk_crypto::vodozemac::olm::{self, Account};
use matrix_sdk_crypto::vodozemac::{Curve25519PublicKey, base64_encode};
use serde_json::{Value, json};

use crate::person::{PASSWORD, Person, name};
use crate::wire::call;

const DEVICE: &str = "FORGER";
const OLM: &str = "m.olm.v1.curve25519-aes-sha2";
const MEGOLM: &str = "m.megolm.v1.aes-sha2";

pub struct Forger {
    id: OwnedUserId,
    token: String,
    account: Account,
    session: GroupSession,
}

impl Forger {
    /// A second device of theirs, signed with their identity.
    pub async fn of(person: &Person) -> Forger {
        let login = json!({
            "type": "m.login.password", "identifier": { "type": "m.id.user", "user": person.id },
            "password": PASSWORD, "device_id": DEVICE,
        });
        let token = call("POST", "login", None, &login).await["access_token"].as_str().unwrap().to_owned();
        let account = Account::new();
        let forger = Forger {
            id: person.id.clone(),
            token,
            account,
            session: GroupSession::new(megolm::SessionConfig::version_1()),
        };
        // What is signed is written in the order of its keys.
        let mut keys = json!({
            "algorithms": [MEGOLM, OLM], "device_id": DEVICE,
            "keys": { format!("curve25519:{DEVICE}"): forger.curve(), format!("ed25519:{DEVICE}"): forger.ed() },
            "user_id": forger.id,
        });
        let signature = forger.account.sign(keys.to_string()).to_base64();
        keys["signatures"] = json!({ forger.id.as_str(): { format!("ed25519:{DEVICE}"): signature } });
        forger.ask("POST", "keys/upload", &json!({ "device_keys": keys })).await;
        let client = &person.client;
        for _ in 0..60 {
            client.sync_once(SyncSettings::default().timeout(std::time::Duration::ZERO)).await.unwrap();
            if let Some(device) = client.encryption().get_device(&person.id, DEVICE.into()).await.unwrap() {
                device.verify().await.unwrap();
                return forger;
            }
        }
        panic!("the device is not shown");
    }

    /// Gives a user the key of the session that it encrypts with, and begins that anew.
    pub async fn begins(&mut self, user: &OwnedUserId, room: &RoomId) {
        self.session = GroupSession::new(megolm::SessionConfig::version_1());
        let content = json!({
            "algorithm": MEGOLM, "room_id": room, "session_id": self.session.session_id(),
            "session_key": self.session.session_key().to_base64(),
        });
        self.tells(user, "m.room_key", content).await;
    }

    /// Sends something to every device of a user, encrypted for each.
    pub async fn tells(&self, user: &OwnedUserId, kind: &str, content: Value) {
        let shown = self.ask("POST", "keys/query", &json!({ "device_keys": { user.as_str(): [] } })).await;
        let devices = shown["device_keys"][user.as_str()].as_object().unwrap().clone();
        assert!(!devices.is_empty(), "{user} has devices");
        for (device, keys) in devices {
            let key = |kind: &str| keys["keys"][format!("{kind}:{device}")].as_str().unwrap().to_owned();
            let claim =
                json!({ "one_time_keys": { user.as_str(): { device.as_str(): "signed_curve25519" } } });
            let claimed = self.ask("POST", "keys/claim", &claim).await;
            let once = claimed["one_time_keys"][user.as_str()][&device].as_object().unwrap();
            let once = once.values().next().unwrap()["key"].as_str().unwrap().to_owned();
            let curve = key("curve25519");
            let mut session = self
                .account
                .create_outbound_session(
                    olm::SessionConfig::version_1(),
                    Curve25519PublicKey::from_base64(&curve).unwrap(),
                    Curve25519PublicKey::from_base64(&once).unwrap(),
                )
                .unwrap();
            let plain = json!({
                "type": kind, "content": content, "sender": self.id, "recipient": user,
                "recipient_keys": { "ed25519": key("ed25519") }, "keys": { "ed25519": self.ed() },
            });
            let (kind, body) = session.encrypt(plain.to_string()).unwrap().to_parts();
            let cipher = json!({ "type": kind, "body": base64_encode(body) });
            let content =
                json!({ "algorithm": OLM, "sender_key": self.curve(), "ciphertext": { curve: cipher } });
            let path = format!("sendToDevice/m.room.encrypted/{}", name("told"));
            self.ask("PUT", &path, &json!({ "messages": { user.as_str(): { device: content } } })).await;
        }
    }

    /// Encrypts anything at all as if it were a message; gives back the content of the event.
    pub fn encrypts(&mut self, payload: &str) -> Value {
        let cipher = self.session.encrypt(payload).to_base64();
        json!({
            "algorithm": MEGOLM, "ciphertext": cipher, "session_id": self.session.session_id(),
            "sender_key": self.curve(), "device_id": DEVICE,
        })
    }

    /// Puts an encrypted event into a room; gives back its id.
    pub async fn puts(&self, room: &RoomId, content: &Value) -> String {
        let path = format!("rooms/{room}/send/m.room.encrypted/{}", name("put"));
        self.ask("PUT", &path, content).await["event_id"].as_str().unwrap().to_owned()
    }

    async fn ask(&self, method: &str, path: &str, body: &Value) -> Value {
        call(method, path, Some(&self.token), body).await
    }

    fn curve(&self) -> String {
        self.account.curve25519_key().to_base64()
    }

    fn ed(&self) -> String {
        self.account.ed25519_key().to_base64()
    }
}
