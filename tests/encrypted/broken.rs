//! What is wrong with docket itself or with its account: nobody in the room can be told, somebody on the host is, and what mends it mends it.

use std::fs;

use matrix_sdk::ruma::serde::Raw;
use serde_json::{Value, json};

use crate::docket::Docket;
use crate::person::Person;
use crate::proxy::Proxy;
use crate::unread::as_admin;
use crate::watch::{ada_beside_a_command, rung};

// A release has no points at which it could be told to panic.
#[cfg(debug_assertions)]
#[tokio::test(flavor = "multi_thread")]
async fn what_a_panic_was_about_stands_in_no_log_and_somebody_hears_of_it_on_the_host() {
    use crate::mortal::Mortal;
    use docket::ops::failpoint::Point;

    let (mut ada, docket, room) = ada_beside_a_command().await;
    let mortal = Mortal::new(&docket);
    // Of the task that listens, and of the desk.
    for (n, point) in [Point::Heard, Point::JournalWriting].into_iter().enumerate() {
        let mut alive = mortal.lives().await;
        mortal.dies_at(&format!("panic at {}", point.name()));
        ada.sync().await;
        ada.say(&room, &format!("!case new other question {n}")).await;
        let ended = alive.ends().await;
        let said = alive.said();
        assert!(!ended.success() && said.contains("failpoint.rs:"), "{}: {said}", point.name());
        assert!(said.contains("stopped in the middle of something"), "{}: {said}", point.name());
        assert!(!said.contains("pangolin"), "{said}");
        assert_eq!(rung(&docket), "broken 0\n".repeat(n + 1), "each time: it was over");
        let alive = mortal.lives().await;
        ada.hears(&room, &format!("C-{} opened", n + 1)).await;
        alive.stops().await;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn of_an_account_that_was_locked_or_is_no_more_somebody_hears_on_the_host() {
    let (mut ada, docket, room) = ada_beside_a_command().await;
    let lock = async |is_locked: bool| {
        as_admin("PUT", &format!("v2/users/{}", docket.id), json!({ "locked": is_locked })).await;
    };
    let running = docket.run().await;
    ada.sync().await;
    lock(true).await;
    ada.say(&room, "!case new other a question").await;
    let (is_well, log) = running.ends().await;
    assert!(!is_well && log.contains("has locked docket's account"), "{log}");
    assert_eq!(rung(&docket), "deactivated 0\n");
    lock(false).await;
    let running = docket.run().await;
    ada.hears(&room, "C-1 opened").await;

    as_admin("POST", &format!("v1/deactivate/{}", docket.id), json!({ "erase": false })).await;
    ada.say(&room, "!case show 1").await;
    let (is_well, log) = running.ends().await;
    assert!(!is_well && log.contains("does not know docket's session any more"), "{log}");
    assert_eq!(rung(&docket), "deactivated 0\ntoken-lost 0\n");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_recovery_that_was_taken_away_is_laid_down_again_as_doctor_says() {
    let ada = Person::new("ada").await;
    let docket = Docket::new(&[&ada.id]).await;
    docket.set_up().await;
    // Somebody resets it in a client, logged in as docket.
    let other = docket.logged_in_elsewhere().await;
    let nothing = Raw::new(&json!({})).unwrap().cast_unchecked();
    other.account().set_account_data_raw("m.secret_storage.default_key".into(), nothing).await.unwrap();
    let (is_well, said) = docket.command("doctor", &[]).await;
    assert!(!is_well && said.contains("NOT WELL  recovery"), "{said}");

    let (is_done, said) = docket.command("setup", &[]).await;
    assert!(!is_done && said.contains("holds an old one: move that away"), "{said}");
    fs::rename(docket.dir.join("recovery.key"), docket.dir.join("old.key")).unwrap();
    let said = docket.set_up().await;
    assert!(said.contains("recovery key: written"), "{said}");

    let (_, said) = docket.command("doctor", &[]).await;
    assert!(said.contains("well      recovery: set up"), "{said}");
    // It is good for what it is for.
    fs::remove_dir_all(docket.dir.join("data/matrix/store")).unwrap();
    let said = docket.set_up().await;
    assert!(said.contains("identity: brought back") && said.contains("recovery key: kept"), "{said}");
}

#[tokio::test(flavor = "multi_thread")]
async fn an_identity_that_the_homeserver_has_lost_is_sent_again() {
    let ada = Person::new("ada").await;
    let docket = Docket::new(&[&ada.id]).await;
    let fingerprint = |said: &str| said.lines().find(|line| line.contains("fingerprint")).unwrap().to_owned();
    let first = docket.set_up().await;
    let proxy = Proxy::before(&docket).await;
    let own = docket.id.to_string();
    proxy.rewrites("POST", "/keys/query", move |keys: &mut Value| {
        for kind in ["master_keys", "self_signing_keys", "user_signing_keys"] {
            if let Some(of) = keys.get_mut(kind).and_then(Value::as_object_mut) {
                of.remove(&own);
            }
        }
    });
    let said = docket.set_up().await;
    assert!(said.contains("identity: sent to the homeserver again"), "{said}");
    assert_eq!(fingerprint(&said), fingerprint(&first), "it is the same");
    assert!(proxy.asked().iter().any(|asked| asked.path.contains("/keys/device_signing/upload")));
    proxy.is_honest();
    let said = docket.set_up().await;
    assert!(said.contains("identity: kept") && said.contains("recovery key: kept"), "{said}");
}
