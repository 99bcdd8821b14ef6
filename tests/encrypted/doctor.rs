//! `docket doctor` and `!case health`: what is well and what is not, beside a docket that runs and where none does.

use std::fs;
use std::os::unix::fs::PermissionsExt;
use std::path::Path;
use std::time::Duration;

use matrix_sdk::ruma::api::client::session::logout_all;

use crate::docket::{Docket, room_of};
use crate::person::{PASSWORD, Person};

/// What doctor says: what is well, and what is not.
async fn told(docket: &Docket) -> (bool, String) {
    let (is_well, said) = docket.command("doctor", &[]).await;
    for secret in ["password", "data.key", "recovery.key"] {
        let hidden = fs::read_to_string(docket.dir.join(secret)).unwrap_or_default();
        assert!(hidden.is_empty() || !said.contains(hidden.trim()), "{secret} is shown in\n{said}");
    }
    (is_well, said)
}

/// The lines that say what is not well.
fn ill(said: &str) -> Vec<&str> {
    said.lines().filter(|line| line.starts_with("NOT WELL")).collect()
}

fn set_mode(path: &Path, mode: u32) {
    fs::set_permissions(path, fs::Permissions::from_mode(mode)).unwrap();
}

#[tokio::test(flavor = "multi_thread")]
async fn beside_a_docket_that_runs_doctor_and_health_tell_the_same() {
    let mut ada = Person::new("ada").await;
    let docket = Docket::new(&[&ada.id]).await;
    let id = room_of(&docket.set_up().await);
    let room = ada.join(&id).await;

    // Nobody runs it yet, and all that is there is well.
    let (is_well, said) = told(&docket).await;
    assert!(is_well, "{said}");
    for line in [
        "well      running: no",
        "well      identity: docket’s own is whole",
        "well      session: valid",
        "well      published identity: there",
        "well      recovery: set up",
        "well      members: everybody",
        "well      devices: everybody",
        "well      journal: nothing is on record yet",
    ] {
        assert!(said.contains(line), "{line} is missing in\n{said}");
    }
    assert!(said.contains(&format!("well      room: {id}, encrypted and private")), "{said}");

    let running = docket.run().await;
    ada.say(&room, "!case new other a question").await;
    ada.hears(&room, "C-1 opened").await;
    let (is_well, said) = told(&docket).await;
    assert!(!is_well && said.contains("1 thing is not well"), "{said}");
    assert_eq!(ill(&said).len(), 1, "{said}");
    assert!(
        said.contains("NOT WELL  people: nobody has vouched for") && said.contains("docket trust"),
        "{said}"
    );
    ada.say(&room, "!case health").await;
    let heard = ada.hears(&room, "not well with docket").await.text;
    assert!(heard.contains("nobody has vouched for") && !heard.contains("C-1"), "{heard}");

    let key = ada.fingerprint().await;
    let (is_done, said) = docket.command("trust", &[ada.id.as_str(), "--fingerprint", &key]).await;
    assert!(is_done, "{said}");
    let mut said = told(&docket).await;
    for _ in 0..60 {
        // What was seen of the room is told to the desk every few seconds.
        if said.0 && said.1.contains("messages: the last one was read") {
            break;
        }
        tokio::time::sleep(Duration::from_millis(500)).await;
        said = told(&docket).await;
    }
    let (is_well, said) = said;
    assert!(is_well, "{said}");
    for line in [
        "running: yes",
        "homeserver heard: heard",
        "messages: the last one was read",
        "journal: takes what is written down",
    ] {
        assert!(said.contains(&format!("well      {line}")), "{line} is missing in\n{said}");
    }
    ada.say(&room, "!case health").await;
    let heard = ada.hears(&room, "All is well with docket.").await.text;
    for line in [
        "room · encrypted and private",
        "published identity · there",
        "recovery · set up",
        "one-time keys · ",
        "clock here · agrees",
    ] {
        assert!(heard.contains(line), "{line} is missing in\n{heard}");
    }
    running.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_wrong_on_the_host_and_in_the_room_is_told_each_with_the_way_out() {
    let (ada, eve) = (Person::new("ada").await, Person::unsigned("eve").await);
    let docket = Docket::new(&[&ada.id, &eve.id]).await;
    ada.join(&room_of(&docket.set_up().await)).await;
    set_mode(&docket.dir.join("password"), 0o644);
    set_mode(&docket.dir.join("data"), 0o755);
    docket.configure(&[&ada.id, &eve.id], "mail: { spool: spool, authserv: mx.docket.test }\n");

    let (is_well, said) = told(&docket).await;

    assert!(!is_well && said.contains("5 things are not well"), "{said}");
    let ill = ill(&said);
    let of = |topic: &str| {
        let line = ill.iter().find(|line| line.starts_with(&format!("NOT WELL  {topic}:")));
        *line.unwrap_or_else(|| panic!("{topic} is missing in\n{said}"))
    };
    assert!(of("password").contains("chmod 600"));
    assert!(of("data_dir").contains("chmod 700"));
    assert!(of("spool").contains("lacks tmp, new, cur"));
    assert!(of("members").contains(&format!("not in the room: {}", eve.id)));
    assert!(of("devices").contains(&format!("without one that they verified: {}", eve.id)));
    assert!(!said.contains(PASSWORD));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_session_that_was_ended_elsewhere_is_told_with_the_way_out() {
    let ada = Person::new("ada").await;
    let docket = Docket::new(&[&ada.id]).await;
    ada.join(&room_of(&docket.set_up().await)).await;
    let client = docket.logged_in_elsewhere().await;
    client.send(logout_all::v3::Request::new()).await.unwrap();

    let (is_well, said) = told(&docket).await;

    assert!(!is_well, "{said}");
    assert_eq!(ill(&said).len(), 1, "{said}");
    assert!(said.contains("NOT WELL  session: the homeserver does not know it any more"), "{said}");
    assert!(said.contains("run docket setup with the recovery key"), "{said}");
}

#[tokio::test(flavor = "multi_thread")]
async fn every_mistake_of_a_configuration_is_told() {
    let ada = Person::new("ada").await;
    let docket = Docket::new(&[&ada.id]).await;
    docket.configure(&[&ada.id], "polcy: uk\ncooling: 9 years\n");

    let (is_well, said) = told(&docket).await;

    assert!(!is_well && ill(&said).len() == 2, "{said}");
    assert!(said.contains("there is no key `polcy`; did you mean `policy`?"), "{said}");
}

#[tokio::test(flavor = "multi_thread")]
async fn before_setup_doctor_says_to_set_up_and_makes_nothing() {
    let ada = Person::new("ada").await;
    let docket = Docket::new(&[&ada.id]).await;

    let (is_well, said) = told(&docket).await;

    assert!(!is_well && said.contains("docket setup makes it"), "{said}");
    assert!(!docket.dir.join("data").exists() && !docket.dir.join("data.key").exists());
}
