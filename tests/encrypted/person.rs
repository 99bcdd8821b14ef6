//! Somebody with a client that encrypts.

use std::collections::VecDeque;
use std::time::{Duration, Instant};

use matrix_sdk::config::SyncSettings;
use matrix_sdk::deserialized_responses::VerificationState;
use matrix_sdk::encryption::CrossSigningResetAuthType;
use matrix_sdk::ruma::api::client::account::register;
use matrix_sdk::ruma::api::client::filter::FilterDefinition;
use matrix_sdk::ruma::api::client::uiaa;
use matrix_sdk::ruma::{EventId, OwnedEventId, OwnedUserId, RoomId};
use matrix_sdk::{Client, Room};
use matrix_sdk_crypto::CollectStrategy;
use serde_json::{Value, json};

use crate::server::{Synapse, synapse};
use crate::shield;

/// How long somebody listens for what must come.
const PATIENCE: Duration = Duration::from_secs(120);

pub const PASSWORD: &str = "correct horse battery staple";

/// A name that no other test uses.
pub fn name(of: &str) -> String {
    use std::sync::atomic::{AtomicUsize, Ordering};
    static COUNT: AtomicUsize = AtomicUsize::new(0);
    format!("{of}-{}", COUNT.fetch_add(1, Ordering::Relaxed))
}

/// Makes an account; gives back its whole name.
pub async fn register(localpart: &str) -> OwnedUserId {
    register_with(&client().await, localpart).await
}

/// The same at the homeserver of a client.
pub async fn register_with(client: &Client, localpart: &str) -> OwnedUserId {
    let mut request = register::v3::Request::new();
    request.username = Some(localpart.to_owned());
    request.password = Some(PASSWORD.to_owned());
    request.inhibit_login = true;
    request.auth = Some(uiaa::AuthData::Dummy(uiaa::Dummy::new()));
    client.matrix_auth().register(request).await.unwrap().user_id
}

/// A client that is nobody yet.
pub async fn client() -> Client {
    client_of(synapse()).await
}

/// The same on a homeserver of its own.
pub async fn client_of(synapse: &Synapse) -> Client {
    Client::builder().homeserver_url(&synapse.url).build().await.unwrap()
}

/// Makes a new identity of an account with its password.
pub async fn reset(client: &Client, account: &OwnedUserId) {
    let reset = client.encryption().reset_cross_signing().await.unwrap();
    let Some(reset) = reset else { return };
    let CrossSigningResetAuthType::Uiaa(asked) = reset.auth_type() else { panic!("it asks for a page") };
    let who = uiaa::UserIdentifier::Matrix(uiaa::MatrixUserIdentifier::new(account.to_string()));
    let mut proof = uiaa::Password::new(who, PASSWORD.to_owned());
    proof.session = asked.session.clone();
    reset.auth(Some(uiaa::AuthData::Password(proof))).await.unwrap();
}

pub struct Person {
    pub client: Client,
    pub id: OwnedUserId,
    /// Whether they verify docket once they hear it, as their client offers it.
    pub compares: bool,
    /// Whether docket may have said something that they cannot read: nobody signed them, or they came in between.
    pub misses_some: bool,
    /// Whether docket's identity is not its own any more, or theirs is new and has not compared it: their client shows a shield then.
    pub beware: bool,
    heard: VecDeque<Heard>,
    passed: Vec<String>,
}

/// A message that came.
#[derive(Debug)]
pub struct Heard {
    pub id: OwnedEventId,
    pub text: String,
    pub content: Value,
    /// Whose it is proven to be; nothing at all of what came in clear.
    pub proof: Option<VerificationState>,
}

impl Person {
    /// Somebody new, whose device is signed by their own identity.
    pub async fn new(of: &str) -> Person {
        Person::on(synapse(), of).await
    }

    /// The same on a homeserver of its own.
    pub async fn on(synapse: &Synapse, of: &str) -> Person {
        let mut person = Person::unsigned_on(synapse, of).await;
        (person.compares, person.misses_some) = (true, false);
        person.client.encryption().bootstrap_cross_signing(None).await.unwrap();
        person.sync().await;
        person
    }

    /// Somebody new, whose device is signed by nobody.
    pub async fn unsigned(of: &str) -> Person {
        Person::unsigned_on(synapse(), of).await
    }

    /// The same on a homeserver of its own.
    pub async fn unsigned_on(synapse: &Synapse, of: &str) -> Person {
        Person::with(client_of(synapse).await, of).await
    }

    /// Somebody new whose client speaks to the homeserver by another address, as through a proxy.
    pub async fn by(url: &str, of: &str) -> Person {
        // The homeserver says at the login where it is itself.
        let builder = Client::builder().homeserver_url(url).respect_login_well_known(false);
        let client = builder.build().await.unwrap();
        let mut person = Person::with(client, of).await;
        (person.compares, person.misses_some) = (true, false);
        person.client.encryption().bootstrap_cross_signing(None).await.unwrap();
        person.sync().await;
        person
    }

    /// Somebody new whose client gives keys to devices alone that they verified.
    pub async fn careful(of: &str) -> Person {
        let builder = Client::builder().homeserver_url(&synapse().url);
        let builder = builder.with_room_key_recipient_strategy(CollectStrategy::OnlyTrustedDevices);
        let person = Person::with(builder.build().await.unwrap(), of).await;
        person.client.encryption().bootstrap_cross_signing(None).await.unwrap();
        person.sync().await;
        person
    }

    /// The same person at another device, which nobody has signed yet.
    pub async fn at_another_device(&self) -> Person {
        let client = client().await;
        client.matrix_auth().login_username(&self.id, PASSWORD).send().await.unwrap();
        let (id, heard, passed) = (self.id.clone(), VecDeque::new(), Vec::new());
        let person = Person { client, id, compares: false, misses_some: true, beware: false, heard, passed };
        person.sync().await;
        person
    }

    /// Signs another device of theirs, as somebody does who compares it with this one.
    pub async fn signs(&self, other: &Person) {
        let device = other.client.device_id().unwrap();
        for _ in 0..60 {
            self.sync().await;
            if let Some(device) = self.client.encryption().get_device(&self.id, device).await.unwrap() {
                return device.verify().await.unwrap();
            }
        }
        panic!("the device is not shown");
    }

    /// Makes a new identity in place of theirs, as somebody does who has lost it, or who has their password alone.
    pub async fn resets(&mut self) {
        reset(&self.client, &self.id).await;
        (self.compares, self.misses_some, self.beware) = (false, true, true);
        self.sync().await;
    }

    /// What they read out when they are asked who they are.
    pub async fn fingerprint(&self) -> String {
        let identity = self.client.encryption().get_user_identity(&self.id).await.unwrap().unwrap();
        identity.master_key().get_first_key().unwrap().to_base64()
    }

    async fn with(client: Client, of: &str) -> Person {
        let localpart = name(of);
        let id = register_with(&client, &localpart).await;
        client.matrix_auth().login_username(&localpart, PASSWORD).send().await.unwrap();
        let (heard, passed) = (VecDeque::new(), Vec::new());
        let person = Person { client, id, compares: false, misses_some: true, beware: false, heard, passed };
        person.sync().await;
        person
    }

    pub async fn sync(&self) {
        let settings = SyncSettings::default().timeout(std::time::Duration::ZERO);
        let came = self.client.sync_once(settings).await.unwrap();
        shield::none_in(self, &came).await;
    }

    /// Says something in a room; gives back the message's id.
    pub async fn say(&self, room: &Room, text: &str) -> OwnedEventId {
        self.send(room, json!({ "msgtype": "m.text", "body": text })).await
    }

    /// Sends a message of any content.
    pub async fn send(&self, room: &Room, content: Value) -> OwnedEventId {
        room.send_raw("m.room.message", content).await.unwrap().response.event_id
    }

    /// The next message of somebody else in the room that has these words in it; whatever else came before it is passed over.
    pub async fn hears(&mut self, room: &Room, words: &str) -> Heard {
        let given_up = Instant::now() + PATIENCE;
        while Instant::now() < given_up {
            while let Some(heard) = self.heard.pop_front() {
                if heard.text.contains(words) {
                    return heard;
                }
                self.passed.push(heard.text);
            }
            self.listen(room).await;
        }
        panic!("{} never heard {words:?}, but: {:#?}", self.id, self.passed);
    }

    /// Everything that was passed over so far.
    pub fn heard_so_far(&self) -> String {
        self.passed.join("\n")
    }

    /// How many messages with these words in them came beside what was waited for.
    pub fn passed_over(&self, words: &str) -> usize {
        let waiting = self.heard.iter().map(|heard| &heard.text);
        self.passed.iter().chain(waiting).filter(|text| text.contains(words)).count()
    }

    /// The answer to a message, behind however many others; those wait to be heard.
    pub async fn hears_of(&mut self, room: &Room, asked: &EventId) -> Heard {
        let answers =
            |heard: &Heard| heard.content["m.relates_to"]["m.in_reply_to"]["event_id"] == asked.as_str();
        // As long as there is anything to hear, docket is at work.
        let (mut given_up, mut known) = (Instant::now() + PATIENCE, self.heard.len());
        while Instant::now() < given_up {
            if let Some(at) = self.heard.iter().position(answers) {
                return self.heard.remove(at).unwrap();
            }
            self.listen(room).await;
            if self.heard.len() > known {
                (given_up, known) = (Instant::now() + PATIENCE, self.heard.len());
            }
        }
        let heard: Vec<&String> = self.heard.iter().map(|heard| &heard.text).collect();
        panic!("{} never heard an answer to {asked}, but: {heard:#?}", self.id);
    }

    async fn listen(&mut self, room: &Room) {
        // Of much that comes at once a homeserver shows ten messages, unless it is asked for more.
        let mut filter = FilterDefinition::default();
        filter.room.timeline.limit = Some(100_u32.into());
        let settings = SyncSettings::default().timeout(Duration::from_millis(500)).filter(filter.into());
        let came = self.client.sync_once(settings).await.unwrap();
        shield::none_in(self, &came).await;
        let Some(room) = came.rooms.joined.get(room.room_id()) else { return };
        for event in &room.timeline.events {
            let raw: Value = event.raw().deserialize_as_unchecked().unwrap();
            if event.sender().as_ref() == Some(&self.id) || raw["type"] == "m.room.member" {
                continue;
            }
            if let Some(text) = raw["content"]["body"].as_str() {
                let proof = event.encryption_info().map(|info| info.verification_state.clone());
                self.heard.push_back(Heard {
                    id: event.event_id().unwrap(),
                    text: raw["content"]["m.new_content"]["body"].as_str().unwrap_or(text).to_owned(),
                    content: raw["content"].clone(),
                    proof,
                });
            }
        }
    }

    /// Takes an invitation.
    pub async fn join(&self, room: &RoomId) -> Room {
        self.sync().await;
        let room = self.client.join_room_by_id(room).await.unwrap();
        if self.compares {
            shield::compare_in(&self.client, &room).await;
        }
        self.sync().await;
        room
    }
}
