//! From a configuration and a password to a working room.

use std::fs;
use std::os::unix::fs::PermissionsExt;

use docket::matrix::place::State;

use crate::docket::{Docket, room_of, write};
use crate::person::{PASSWORD, Person};
use crate::server::synapse;

#[tokio::test(flavor = "multi_thread")]
async fn a_configuration_and_a_password_make_a_working_room() {
    let (ada, ben) = (Person::new("ada").await, Person::new("ben").await);
    let docket = Docket::new(&[&ada.id, &ben.id]).await;

    let said = docket.set_up().await;

    let room = room_of(&said);
    for line in ["identity: made", "recovery key: written to", "room: made"] {
        assert!(said.contains(line), "{line} is missing in\n{said}");
    }
    let mode = |name: &str| fs::metadata(docket.dir.join(name)).unwrap().permissions().mode() & 0o777;
    assert_eq!((mode("recovery.key"), mode("data.key"), mode("data")), (0o600, 0o600, 0o700));
    ada.join(&room).await;
    let state = State::of(&ada.client, &room).await.unwrap();
    assert_eq!(state.flaws(), []);
    let creation = state.content("m.room.create").unwrap();
    assert_eq!(creation["m.federate"], false, "all people are local");
    assert_eq!(creation["room_version"], "12", "the newest stable one");
    assert_eq!(state.content("m.room.name").unwrap()["name"], "docket");
    assert_eq!(state.content("m.room.power_levels").unwrap()["invite"], 100);
    // docket's device is signed, so that nobody sees a shield beside what it says.
    ada.client.encryption().request_user_identity(&docket.id).await.unwrap().expect("an identity");
    let devices = ada.client.encryption().get_user_devices(&docket.id).await.unwrap();
    assert!(devices.devices().all(|device| device.is_cross_signed_by_owner()));
    assert_eq!(devices.devices().count(), 1);
}

#[tokio::test(flavor = "multi_thread")]
async fn run_again_it_changes_nothing_and_mends_what_is_missing() {
    let ada = Person::new("ada").await;
    let docket = Docket::new(&[&ada.id]).await;
    let room = room_of(&docket.set_up().await);
    ada.join(&room).await;

    let said = docket.set_up().await;

    for line in ["session: kept", "identity: kept", "recovery key: kept"] {
        assert!(said.contains(line), "{line} is missing in\n{said}");
    }
    assert!(said.contains(&format!("room: kept, {room}")), "{said}");
    assert!(!said.contains("invited") && !said.contains("mended"), "{said}");

    // Somebody new is listed: they are invited, and nothing else happens.
    let ben = Person::new("ben").await;
    docket.configure(&[&ada.id, &ben.id], "");
    let said = docket.set_up().await;
    assert!(said.contains(&format!("room: invited {}", ben.id)), "{said}");
    ben.join(&room).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_store_that_was_lost_is_replaced_by_a_new_device_of_the_same_identity() {
    let ada = Person::new("ada").await;
    let docket = Docket::new(&[&ada.id]).await;
    let first = docket.set_up().await;
    let fingerprint = |said: &str| said.lines().find(|line| line.contains("fingerprint")).unwrap().to_owned();
    fs::remove_dir_all(docket.dir.join("data/matrix/store")).unwrap();

    let said = docket.set_up().await;

    assert!(said.contains("session: logged in") && said.contains("identity: brought back"), "{said}");
    assert_eq!(fingerprint(&said), fingerprint(&first));
}

#[tokio::test(flavor = "multi_thread")]
async fn without_its_recovery_key_a_lost_store_is_said_and_nothing_replaced() {
    let ada = Person::new("ada").await;
    let docket = Docket::new(&[&ada.id]).await;
    docket.set_up().await;
    fs::remove_dir_all(docket.dir.join("data/matrix/store")).unwrap();
    fs::remove_file(docket.dir.join("recovery.key")).unwrap();

    let (is_done, said) = docket.command("setup", &[]).await;

    assert!(!is_done && said.contains("write its recovery key into the file"), "{said}");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_wrong_password_and_a_wrong_address_are_one_clear_line() {
    let ada = Person::new("ada").await;
    let docket = Docket::new(&[&ada.id]).await;
    fs::remove_file(docket.dir.join("password")).unwrap();
    write(&docket.dir.join("password"), &format!("not {PASSWORD}"));
    let (is_done, said) = docket.command("setup", &[]).await;
    assert!(!is_done && said.contains("does not let") && !said.contains(PASSWORD), "{said}");
    let text = fs::read_to_string(docket.config()).unwrap();
    fs::write(docket.config(), text.replace(&synapse().url, "http://127.0.0.1:9")).unwrap();
    let (is_done, said) = docket.command("setup", &[]).await;
    assert!(!is_done && said.contains("127.0.0.1:9"), "{said}");
}

#[tokio::test(flavor = "multi_thread")]
async fn in_a_new_room_people_are_invited_and_the_cards_of_open_cases_are_there_again() {
    let mut ada = Person::new("ada").await;
    let docket = Docket::new(&[&ada.id]).await;
    let old_id = room_of(&docket.set_up().await);
    let old = ada.join(&old_id).await;
    let running = docket.run().await;
    ada.say(&old, "!case new other a question").await;
    ada.hears(&old, "C-1 opened").await;
    ada.hears(&old, "C-1").await;
    ada.say(&old, "!case note 1 in the old room").await;
    ada.hears(&old, "note added").await;
    running.stop().await;

    let (is_done, said) = docket.command("setup", &["--move-room"]).await;

    assert!(is_done && said.contains(&format!("{old_id} was told where docket is now, and left")), "{said}");
    let id = room_of(&said);
    assert_ne!(id, old_id);
    let told = ada.hears(&old, "docket has moved to another room").await;
    assert!(told.text.contains(id.as_str()) && !told.text.contains("C-1"), "{told:?}");
    let new = ada.join(&id).await;
    let running = docket.run().await;
    let card = ada.hears(&new, "C-1").await;
    assert!(card.content["m.relates_to"].is_null(), "the card is new here: {card:?}");
    // From here on it is the one that is edited.
    ada.say(&new, "!case assign 1 me").await;
    let edit = loop {
        let heard = ada.hears(&new, "C-1").await;
        if heard.content["m.relates_to"]["rel_type"] == "m.replace" {
            break heard;
        }
    };
    assert_eq!(edit.content["m.relates_to"]["event_id"], card.id.as_str());
    running.stop().await;
    // Run again it stays where it is.
    let said = docket.set_up().await;
    assert!(said.contains(&format!("room: kept, {id}")) && !said.contains("left"), "{said}");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_room_that_the_configuration_names_is_not_moved_away_from() {
    let ada = Person::new("ada").await;
    let docket = Docket::new(&[&ada.id]).await;
    let (is_done, said) = docket.command("setup", &["--move-room"]).await;
    assert!(!is_done && said.contains("docket has no room yet"), "{said}");
    let id = room_of(&docket.set_up().await);
    docket.configure(&[&ada.id], &format!("room: \"{id}\"\n"));
    let (is_done, said) = docket.command("setup", &["--move-room"]).await;
    assert!(!is_done && said.contains("take room: out of it"), "{said}");
}
