//! `docket setup` by an access token in place of a password.

use std::fs;

use matrix_sdk::ruma::UserId;
use matrix_sdk::ruma::api::client::session::login;
use matrix_sdk::ruma::api::client::uiaa;
use serde_json::json;

use crate::docket::{Docket, room_of, write};
use crate::person::{self, PASSWORD, Person};
use crate::proxy::{ALWAYS, Proxy};
use crate::server::synapse;

/// A token of a new device of docket's account, as somebody makes one by hand: nothing is encrypted with it yet.
async fn token(of: &UserId) -> String {
    let client = matrix_sdk::Client::builder().homeserver_url(&synapse().url).build().await.unwrap();
    let who = uiaa::UserIdentifier::Matrix(uiaa::MatrixUserIdentifier::new(of.to_string()));
    let password = login::v3::Password::new(who, PASSWORD.to_owned());
    let request = login::v3::Request::new(login::v3::LoginInfo::Password(password));
    client.send(request).await.unwrap().access_token
}

/// A docket that knows no password and has this token.
async fn with_token(ada: &Person, token: &str, docket: &Docket) {
    docket.configure(&[&ada.id], "");
    let text = fs::read_to_string(docket.config()).unwrap();
    fs::write(docket.config(), text.replace("password_file: password", "token_file: token")).unwrap();
    let file = docket.dir.join("token");
    if file.exists() {
        fs::remove_file(&file).unwrap();
    }
    write(&file, token);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_token_makes_a_working_room_as_a_password_does() {
    let mut ada = Person::new("ada").await;
    let docket = Docket::new(&[&ada.id]).await;
    fs::remove_file(docket.dir.join("password")).unwrap();
    let first = token(&docket.id).await;
    with_token(&ada, &first, &docket).await;

    let said = docket.set_up().await;

    assert!(said.contains("session: logged in") && said.contains("identity: made"), "{said}");
    let room = ada.join(&room_of(&said)).await;
    let running = docket.run().await;
    ada.say(&room, "!case new other a question").await;
    ada.hears(&room, "C-1 opened").await;
    running.stop().await;
    // Run again it keeps all of it, and needs the token no more.
    fs::remove_file(docket.dir.join("token")).unwrap();
    let said = docket.set_up().await;
    assert!(said.contains("session: kept") && said.contains("identity: kept"), "{said}");
    // Another device's token is not taken for docket's own.
    with_token(&ada, &token(&docket.id).await, &docket).await;
    let (is_done, said) = docket.command("setup", &[]).await;
    assert!(!is_done && said.contains("is of another device than docket's store"), "{said}");
    assert!(!said.contains(&first), "{said}");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_homeserver_that_wants_a_further_proof_is_given_the_password_or_else_the_way_out_is_said() {
    let ada = Person::new("ada").await;
    let proof = || json!({ "flows": [{ "stages": ["m.login.password"] }], "params": {} });
    let (upload, part) = ("POST", "/keys/device_signing/upload");
    let docket = Docket::new(&[&ada.id]).await;
    let proxy = Proxy::before(&docket).await;
    let asks = proxy.answers(upload, part, 1, 401, proof());
    let said = docket.set_up().await;
    assert!(asks.times() > 0 && said.contains("identity: made"), "{said}");
    let asked = proxy.asked();
    let given =
        asked.iter().filter(|asked| asked.path.contains(part) && asked.body.contains("m.login.password"));
    assert_eq!(given.count(), 1, "once it was asked for");

    let other = Docket::new(&[&ada.id]).await;
    fs::remove_file(other.dir.join("password")).unwrap();
    with_token(&ada, &token(&other.id).await, &other).await;
    let proxy = Proxy::before(&other).await;
    proxy.answers(upload, part, ALWAYS, 401, proof());
    let (is_done, said) = other.command("setup", &[]).await;
    assert!(!is_done && said.contains("takes no new identity without a further proof"), "{said}");
    proxy.is_honest();
    assert!(other.set_up().await.contains("identity: made"));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_token_whose_device_has_keys_that_are_not_here_is_refused() {
    let ada = Person::new("ada").await;
    let docket = Docket::new(&[&ada.id]).await;
    with_token(&ada, &token(&docket.id).await, &docket).await;
    docket.set_up().await;
    fs::remove_dir_all(docket.dir.join("data/matrix/store")).unwrap();

    let (is_done, said) = docket.command("setup", &[]).await;

    assert!(!is_done && said.contains("has keys already, and they are not here"), "{said}");
    // With a new one the identity comes back by the recovery key.
    with_token(&ada, &token(&docket.id).await, &docket).await;
    let said = docket.set_up().await;
    assert!(said.contains("session: logged in") && said.contains("identity: brought back"), "{said}");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_token_that_is_none_or_another_accounts_is_one_clear_line() {
    let ada = Person::new("ada").await;
    let docket = Docket::new(&[&ada.id]).await;
    with_token(&ada, "syt_no_token_at_all", &docket).await;
    let (is_done, said) = docket.command("setup", &[]).await;
    assert!(!is_done && said.contains("does not take the access token"), "{said}");
    assert!(!said.contains("syt_no"), "{said}");
    let other = person::register(&person::name("other")).await;
    with_token(&ada, &token(&other).await, &docket).await;
    let (is_done, said) = docket.command("setup", &[]).await;
    assert!(!is_done && said.contains("the access token is not"), "{said}");
}
