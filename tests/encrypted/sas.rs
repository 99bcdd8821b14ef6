//! `docket setup --verify`: emojis are compared, here by a person's real client, and a person says whether they are the same.

use std::sync::{Arc, Mutex};
use std::time::Duration;

use matrix_sdk::encryption::verification::{SasState, Verification, VerificationRequestState};
use matrix_sdk::ruma::events::room::message::{MessageType, OriginalSyncRoomMessageEvent};
use matrix_sdk::ruma::{OwnedEventId, OwnedUserId};

use crate::docket::{Docket, room_of};
use crate::person::Person;
use crate::terminal::at_a_terminal;

/// What the person's client shows, once it shows something.
type Shown = Arc<Mutex<Option<String>>>;

/// Takes the invitation, accepts, shows the emojis, and says of them that they are the same.
async fn compares(person: Arc<Person>, docket: OwnedUserId, shown: Shown) {
    let asked: Arc<Mutex<Option<OwnedEventId>>> = Arc::default();
    let found = Arc::clone(&asked);
    person.client.add_event_handler(move |event: OriginalSyncRoomMessageEvent| async move {
        if let MessageType::VerificationRequest(_) = event.content.msgtype {
            *found.lock().unwrap() = Some(event.event_id);
        }
    });
    let mut confirmed = false;
    loop {
        person.sync().await;
        for room in person.client.invited_rooms() {
            room.join().await.unwrap();
        }
        tokio::time::sleep(Duration::from_millis(100)).await;
        let Some(flow) = asked.lock().unwrap().clone() else { continue };
        let Some(request) = person.client.encryption().get_verification_request(&docket, &flow).await else {
            continue;
        };
        match request.state() {
            VerificationRequestState::Requested { .. } => request.accept().await.unwrap(),
            VerificationRequestState::Transitioned { verification: Verification::SasV1(sas) } => {
                match sas.state() {
                    SasState::Started { .. } => sas.accept().await.unwrap(),
                    SasState::KeysExchanged { .. } if !confirmed => {
                        let emojis = sas.emoji().expect("both know emojis");
                        let each =
                            emojis.iter().map(|emoji| format!("{} {}", emoji.symbol, emoji.description));
                        *shown.lock().unwrap() = Some(each.collect::<Vec<_>>().join(" · "));
                        sas.confirm().await.unwrap();
                        confirmed = true;
                    }
                    _ => {}
                }
            }
            _ => {}
        }
    }
}

/// Sets up and compares on a terminal where somebody answers `says`; whether it was done, what stood there, and what the other side saw.
async fn verified(docket: &Docket, ada: &Arc<Person>, says: &str) -> (bool, String, String) {
    let theirs = Shown::default();
    let other = tokio::spawn(compares(Arc::clone(ada), docket.id.clone(), Arc::clone(&theirs)));
    let verify = ["--verify", ada.id.as_str()];
    let (is_done, shown) = at_a_terminal(docket, &verify, "Is it the same?", says).await;
    other.abort();
    assert!(
        other.await.is_err_and(|ended| ended.is_cancelled()),
        "their client went on until the end: {shown}"
    );
    let theirs = theirs.lock().unwrap().clone().unwrap_or_default();
    (is_done, shown, theirs)
}

#[tokio::test(flavor = "multi_thread")]
async fn emojis_that_are_the_same_on_both_sides_vouch_for_whoever_compared_them() {
    let ada = Arc::new(Person::new("ada").await);
    let docket = Docket::new(&[&ada.id]).await;
    let id = room_of(&docket.set_up().await);

    let (is_done, shown, theirs) = verified(&docket, &ada, "yes").await;

    assert!(is_done && shown.contains("is vouched for"), "{shown}");
    assert_eq!(theirs.split(" · ").count(), 7);
    assert!(shown.contains(&theirs), "both see the same: {theirs} / {shown}");
    let mut ada = Arc::into_inner(ada).expect("her client is nobody else's any more");
    let room = ada.join(&id).await;
    let running = docket.run().await;
    ada.hears(&room, "On the host somebody compared emojis with").await;
    ada.say(&room, "!case directory add \"Met Police\" phone=\"+44 20 7946 0100\" source=\"their site\"")
        .await;
    ada.hears(&room, "!case approve").await;
    running.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn emojis_that_are_said_to_differ_vouch_for_nobody() {
    let ada = Arc::new(Person::new("ada").await);
    let docket = Docket::new(&[&ada.id]).await;
    docket.set_up().await;

    // Only a whole yes is one.
    for says in ["no", "y"] {
        let (is_done, shown, _) = verified(&docket, &ada, says).await;
        assert!(!is_done && shown.contains("they are not the same: nothing is confirmed"), "{says}: {shown}");
    }
    assert!(!docket.dir.join("data/journal").exists(), "nothing is on record");
    // Nor does a script answer.
    let (is_done, said) = docket.command("setup", &["--verify", ada.id.as_str()]).await;
    assert!(!is_done && said.contains("run it on a terminal"), "{said}");
}
