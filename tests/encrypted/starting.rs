//! What docket asks for before it serves its room, and how it ends.

use std::fs;
use std::path::Path;

use matrix_sdk::ruma::RoomAliasId;
use matrix_sdk::ruma::api::client::alias;

use crate::docket::{Docket, room_of};
use crate::person::{self, Person};
use crate::proxy::{ALWAYS, Proxy};
use crate::watch::room_of_ada;

#[tokio::test(flavor = "multi_thread")]
async fn interrupted_it_ends_as_well_as_when_it_is_told_to_stop() {
    let mut ada = Person::new("ada").await;
    let docket = Docket::new(&[&ada.id]).await;
    let room = ada.join(&room_of(&docket.set_up().await)).await;
    let running = docket.run().await;
    ada.say(&room, "!case new other a question").await;
    ada.hears(&room, "C-1 opened").await;
    for n in 0..5 {
        ada.say(&room, &format!("!case note 1 word {n} before the end")).await;
    }
    running.stop_by("-INT").await;
    let running = docket.run().await;
    ada.say(&room, "!case new other the second").await;
    ada.hears(&room, "C-2 opened").await;
    running.stop_by("-INT").await;
    let exported = docket.export().await;
    for n in 0..5 {
        assert_eq!(exported.matches(&format!("word {n} before the end")).count(), 1, "{n}: {exported}");
    }
    assert_eq!(ada.passed_over("note added"), 5, "each is answered once: {}", ada.heard_so_far());
}

#[tokio::test(flavor = "multi_thread")]
async fn on_a_store_that_is_not_its_own_it_does_not_start_and_says_the_way_out() {
    let ada = Person::new("ada").await;
    let docket = Docket::new(&[&ada.id]).await;
    docket.set_up().await;
    let refused = async |command: &str, words: &[&str]| {
        let (is_done, said) = docket.command(command, &[]).await;
        assert!(!is_done, "{command}: {said}");
        for words in words {
            assert!(said.contains(words), "{words:?} is not in what {command} says: {said}");
        }
    };
    // Another account's.
    let other = person::register(&person::name("other")).await;
    let config = fs::read_to_string(docket.config()).unwrap();
    fs::write(docket.config(), config.replace(docket.id.as_str(), other.as_str())).unwrap();
    for command in ["run", "setup"] {
        refused(command, &["the session below", "put the old name back, or give docket another data_dir"])
            .await;
    }
    fs::write(docket.config(), config).unwrap();
    // That of a device that docket was before, as out of a backup of its store.
    let store = docket.dir.join("data/matrix/store");
    let before = docket.dir.join("before");
    fs::rename(&store, &before).unwrap();
    docket.set_up().await;
    let now = docket.dir.join("now");
    fs::rename(&store, &now).unwrap();
    copy(&before, &store);
    for command in ["run", "setup"] {
        refused(command, &["another device", "docket setup"]).await;
    }
    // One that was sealed under another data key.
    let stranger = Docket::new(&[&ada.id]).await;
    stranger.set_up().await;
    fs::remove_dir_all(&store).unwrap();
    copy(&stranger.dir.join("data/matrix/store"), &store);
    for command in ["run", "setup"] {
        refused(command, &["another data key", "docket setup"]).await;
    }
    // With its own all is well.
    fs::remove_dir_all(&store).unwrap();
    fs::rename(&now, &store).unwrap();
    docket.run().await.stop().await;
}

fn copy(from: &Path, to: &Path) {
    fs::create_dir(to).unwrap();
    for file in fs::read_dir(from).unwrap() {
        let file = file.unwrap();
        fs::copy(file.path(), to.join(file.file_name())).unwrap();
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn before_it_was_set_up_and_without_its_store_it_does_not_start_and_says_the_way_out() {
    let ada = Person::new("ada").await;
    let docket = Docket::new(&[&ada.id]).await;
    let (is_done, said) = docket.command("run", &[]).await;
    assert!(!is_done && said.contains("docket setup"), "{said}");
    docket.set_up().await;
    fs::remove_dir_all(docket.dir.join("data/matrix/store")).unwrap();
    let (is_done, said) = docket.command("run", &[]).await;
    assert!(!is_done && said.contains("the encrypted store of docket's session is gone"), "{said}");
    assert!(docket.set_up().await.contains("identity: brought back"));
    docket.run().await.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn without_an_identity_of_its_own_it_does_not_start_and_says_the_way_out() {
    let ada = Person::new("ada").await;
    let docket = Docket::new(&[&ada.id]).await;
    docket.set_up().await;
    // A new device, and nobody has the recovery key.
    fs::remove_dir_all(docket.dir.join("data/matrix/store")).unwrap();
    let (key, aside) = (docket.dir.join("recovery.key"), docket.dir.join("aside"));
    fs::rename(&key, &aside).unwrap();
    let (is_done, said) = docket.command("setup", &[]).await;
    assert!(!is_done && said.contains("write its recovery key into the file"), "{said}");

    let (is_done, said) = docket.command("run", &[]).await;

    assert!(!is_done && said.contains("identity is not whole"), "{said}");
    assert!(said.contains("run docket setup"), "{said}");
    // With the key it comes to its own again.
    fs::rename(&aside, &key).unwrap();
    assert!(docket.set_up().await.contains("identity: brought back"));
    docket.run().await.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn an_alias_is_asked_for_once_and_whoever_moves_it_moves_nothing() {
    let mut ada = Person::new("ada").await;
    ada.misses_some = true;
    let docket = Docket::new(&[&ada.id]).await;
    let room = room_of_ada(&ada, &docket, 100).await;
    let alias = RoomAliasId::parse(format!("#{}:docket.test", person::name("desk"))).unwrap();
    let names = async |room: &matrix_sdk::Room| {
        let request = alias::create_alias::v3::Request::new(alias.clone(), room.room_id().to_owned());
        ada.client.send(request).await.unwrap();
    };
    names(&room).await;
    docket.configure(&[&ada.id], &format!("room: \"{alias}\"\n"));
    docket.set_up().await;
    let other = room_of_ada(&ada, &docket, 100).await;
    ada.client.send(alias::delete_alias::v3::Request::new(alias.clone())).await.unwrap();
    names(&other).await;
    let proxy = Proxy::before(&docket).await;
    let away = proxy.answers("GET", "/directory/room/", ALWAYS, 404, serde_json::json!({}));

    let running = docket.run().await;

    ada.sync().await;
    ada.say(&room, "!case new other a question").await;
    ada.hears(&room, "C-1 opened").await;
    running.stop().await;
    assert_eq!(away.times(), 0, "what the alias leads to is not asked again");
}
