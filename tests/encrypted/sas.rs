//! `docket setup --verify`: emojis are compared, here by a person's real client, and a person says whether they are the same.

use std::sync::{Arc, Mutex};
use std::time::Duration;

use docket::case::Account;
use docket::config::Config;
use docket::desk::WorksBy;
use docket::matrix::run::works_by;
use docket::matrix::setup::Setup;
use docket::ops::on_host::{self, Word};
use docket::ops::secret::read_data_key;
use docket::ops::{Lock, SystemClock};
use docket::ports::Clock;
use matrix_sdk::encryption::verification::{SasState, Verification, VerificationRequestState};
use matrix_sdk::ruma::events::room::message::{MessageType, OriginalSyncRoomMessageEvent};
use matrix_sdk::ruma::{OwnedEventId, OwnedUserId};

use crate::docket::{Docket, room_of};
use crate::person::Person;

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

/// Sets up and compares, as `docket setup --verify` does on a terminal where somebody answers `says`.
async fn verified(docket: &Docket, ada: &Arc<Person>, says: bool) -> anyhow::Result<(String, String)> {
    let config = Config::load(&docket.config())?;
    let lock = Lock::take(&config.data_dir)?;
    let key_file = config.data_key_file.locate()?;
    let key = read_data_key(&key_file)?;
    let account = Account::parse(ada.id.as_str())?;
    let theirs = Shown::default();
    let other = tokio::spawn(compares(Arc::clone(ada), docket.id.clone(), Arc::clone(&theirs)));
    let mut ours = String::new();
    let compared = {
        let mut say = |_: &str| Ok(());
        let mut setup =
            Setup { config: &config, key: &key, move_room: false, ask_password: None, say: &mut say };
        let client = setup.run().await?;
        let mut is_the_same = |shown: &str| {
            ours = shown.to_owned();
            Ok(says)
        };
        setup.compare(&client, &account, &mut is_the_same).await
    };
    other.abort();
    assert!(other.await.is_err_and(|ended| ended.is_cancelled()), "their client went on until the end");
    drop(lock);
    let theirs = theirs.lock().unwrap().clone().unwrap_or_default();
    if says {
        assert_eq!(ours, theirs, "both see the same");
        assert_eq!(ours.split(" · ").count(), 7);
    }
    let by: WorksBy = works_by(&config)?;
    let said = on_host::say(&config.data_dir, &key_file, by, Word::Compared(compared?), SystemClock.now())?;
    Ok((ours, said))
}

#[tokio::test(flavor = "multi_thread")]
async fn emojis_that_are_the_same_on_both_sides_vouch_for_whoever_compared_them() {
    let ada = Arc::new(Person::new("ada").await);
    let docket = Docket::new(&[&ada.id]).await;
    let id = room_of(&docket.set_up().await);

    let (_, said) = verified(&docket, &ada, true).await.unwrap();

    assert!(said.contains("is vouched for"), "{said}");
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

    let fault = verified(&docket, &ada, false).await.unwrap_err();

    assert!(fault.to_string().contains("they are not the same: nothing is confirmed"), "{fault:#}");
    assert!(!docket.dir.join("data/journal").exists(), "nothing is on record");
    // Nor does a script answer.
    let (is_done, said) = docket.command("setup", &["--verify", ada.id.as_str()]).await;
    assert!(!is_done && said.contains("run it on a terminal"), "{said}");
}
