//! Somebody with a client that encrypts.

use matrix_sdk::config::SyncSettings;
use matrix_sdk::ruma::api::client::account::register;
use matrix_sdk::ruma::api::client::uiaa;
use matrix_sdk::ruma::{OwnedUserId, RoomId};
use matrix_sdk::{Client, Room};

use crate::server::synapse;

pub const PASSWORD: &str = "correct horse battery staple";

/// A name that no other test uses.
pub fn name(of: &str) -> String {
    use std::sync::atomic::{AtomicUsize, Ordering};
    static COUNT: AtomicUsize = AtomicUsize::new(0);
    format!("{of}-{}", COUNT.fetch_add(1, Ordering::Relaxed))
}

/// Makes an account; gives back its whole name.
pub async fn register(localpart: &str) -> OwnedUserId {
    let client = client().await;
    let mut request = register::v3::Request::new();
    request.username = Some(localpart.to_owned());
    request.password = Some(PASSWORD.to_owned());
    request.inhibit_login = true;
    request.auth = Some(uiaa::AuthData::Dummy(uiaa::Dummy::new()));
    client.matrix_auth().register(request).await.unwrap().user_id
}

async fn client() -> Client {
    Client::builder().homeserver_url(&synapse().url).build().await.unwrap()
}

pub struct Person {
    pub client: Client,
    pub id: OwnedUserId,
}

impl Person {
    /// Somebody new, whose device is signed by their own identity.
    pub async fn new(of: &str) -> Person {
        let person = Person::unsigned(of).await;
        person.client.encryption().bootstrap_cross_signing(None).await.unwrap();
        person.sync().await;
        person
    }

    /// Somebody new, whose device is signed by nobody.
    pub async fn unsigned(of: &str) -> Person {
        let localpart = name(of);
        let id = register(&localpart).await;
        let client = client().await;
        client.matrix_auth().login_username(&localpart, PASSWORD).send().await.unwrap();
        let person = Person { client, id };
        person.sync().await;
        person
    }

    pub async fn sync(&self) {
        let settings = SyncSettings::default().timeout(std::time::Duration::ZERO);
        self.client.sync_once(settings).await.unwrap();
    }

    /// Takes an invitation.
    pub async fn join(&self, room: &RoomId) -> Room {
        self.sync().await;
        let room = self.client.join_room_by_id(room).await.unwrap();
        self.sync().await;
        room
    }
}
