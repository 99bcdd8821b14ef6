//! A small end-to-end encrypted terminal client for a moderator: it logs in, signs its device, takes invitations, shows what is
//! said and says what is typed. `deploy/try` starts it; it is no client to live in.
//!
//!     cargo run --example moderator -- --url http://127.0.0.1:8008 --user ada --password-file FILE --dir DIR
//!
//! With `--with @docket:example.org` it is the client of a user instead, who speaks with docket in a room of their own and says
//! themselves which invitations they take.
#![allow(
    clippy::print_stdout,
    clippy::disallowed_methods,
    reason = "a terminal client writes to its terminal and reads its files"
)]

use std::collections::BTreeSet;
use std::io::{BufRead, Write};
use std::os::unix::fs::OpenOptionsExt;
use std::path::{Path, PathBuf};
use std::time::Duration;

use anyhow::Context;
use clap::Parser;
use matrix_sdk::attachment::AttachmentConfig;
use matrix_sdk::authentication::matrix::MatrixSession;
use matrix_sdk::config::SyncSettings;
use matrix_sdk::deserialized_responses::{RawAnySyncOrStrippedState, ShieldState, TimelineEvent};
use matrix_sdk::media::{MediaFormat, MediaRequestParameters};
use matrix_sdk::ruma::api::client::uiaa;
use matrix_sdk::ruma::events::StateEventType;
use matrix_sdk::ruma::events::relation::{InReplyTo, Reply};
use matrix_sdk::ruma::events::room::MediaSource;
use matrix_sdk::ruma::events::room::member::MembershipState;
use matrix_sdk::ruma::events::room::message::{MessageType, Relation, RoomMessageEventContent};
use matrix_sdk::ruma::{OwnedEventId, OwnedUserId, UserId};
use matrix_sdk::{Client, Room, SqliteStoreConfig};
use matrix_sdk_crypto::CollectStrategy;
use serde_json::Value;

/// A moderator's terminal client.
#[derive(Parser)]
struct Typed {
    /// The homeserver
    #[arg(long)]
    url: String,
    /// The account, by its local part
    #[arg(long)]
    user: String,
    /// The file with its password
    #[arg(long, value_name = "FILE")]
    password_file: PathBuf,
    /// Where the session and its keys are kept
    #[arg(long, value_name = "DIR")]
    dir: PathBuf,
    /// The room, by its alias or id; without it the first encrypted one that a docket made for its moderators
    #[arg(long, value_name = "ROOM")]
    room: Option<String>,
    /// Speak with this account alone, in an encrypted room that is made if there is none
    #[arg(long, value_name = "USER", conflicts_with = "room")]
    with: Option<OwnedUserId>,
    /// Only print the fingerprint
    #[arg(long)]
    fingerprint: bool,
}

#[tokio::main]
async fn main() -> anyhow::Result<()> {
    let typed = Typed::parse();
    let password = std::fs::read_to_string(&typed.password_file)?;
    let client = log_in(&typed, password.trim_end()).await?;
    let own = client.user_id().context("nobody is logged in")?.to_string();
    let identity =
        client.encryption().get_user_identity(client.user_id().context("nobody is logged in")?).await?;
    let key = identity.and_then(|identity| Some(identity.master_key().get_first_key()?.to_base64()));
    let key = key.context("this device has no identity")?;
    if typed.fingerprint {
        println!("{key}");
        return Ok(());
    }
    println!(
        "You are {own}. What you type is said in the room; \"\"\" begins and ends a message of several lines. Ctrl-D ends this."
    );
    match &typed.with {
        None => println!(
            "/file PATH posts a file, /reply WORDS speaks of the last one.\nYour fingerprint, to be read out to an administrator: {key}"
        ),
        Some(_) => println!(
            "/join takes an invitation and speaks there, /decline declines it, /leave leaves the room, /back speaks with docket again."
        ),
    }
    let listener = tokio::spawn(listen(client.clone(), own, typed.with.is_none()));
    let (lines, mut said) = tokio::sync::mpsc::unbounded_channel();
    std::thread::spawn(move || {
        let mut block: Option<Vec<String>> = None;
        for line in std::io::stdin().lock().lines().map_while(Result::ok) {
            let message = match (&mut block, line.trim_end() == "\"\"\"") {
                (None, true) => {
                    block = Some(Vec::new());
                    continue;
                }
                (Some(_), true) => block.take().unwrap_or_default().join("\n"),
                (Some(lines), false) => {
                    lines.push(line);
                    continue;
                }
                (None, false) => line,
            };
            if !message.trim().is_empty() && lines.send(message).is_err() {
                break;
            }
        }
    });
    let own_room = match &typed.with {
        Some(other) => alone_with(&client, other).await?,
        None => loop {
            match find(&client, typed.room.as_deref()).await? {
                Some(room) => break room,
                None => tokio::time::sleep(Duration::from_millis(200)).await,
            }
        },
    };
    let mut room = own_room.clone();
    let mut last_file = None;
    println!("(what you type is said in {})", room.room_id());
    while let Some(message) = said.recv().await {
        let invited = client.invited_rooms().into_iter().next().filter(|_| typed.with.is_some());
        match (message.trim(), invited) {
            ("/join", Some(there)) => {
                there.join().await?;
                room = client.get_room(there.room_id()).context("the room is gone")?;
            }
            ("/decline", Some(there)) => {
                there.leave().await?;
                println!("(declined)");
                continue;
            }
            ("/join" | "/decline", None) => {
                println!("(there is no invitation)");
                continue;
            }
            ("/leave", _) if room.room_id() != own_room.room_id() => {
                room.leave().await?;
                room = own_room.clone();
            }
            ("/back", _) => room = own_room.clone(),
            (typed, _) => {
                if let Some(path) = typed.strip_prefix("/file ") {
                    last_file = post_file(&room, Path::new(path.trim())).await;
                } else if let Some(words) = typed.strip_prefix("/reply ") {
                    let Some(to) = last_file.clone() else {
                        println!("(you posted no file: /file PATH)");
                        continue;
                    };
                    let mut content = RoomMessageEventContent::text_plain(words);
                    content.relates_to = Some(Relation::Reply(Reply::new(InReplyTo::new(to))));
                    room.send(content).await?;
                } else {
                    room.send(RoomMessageEventContent::text_plain(message)).await?;
                }
                continue;
            }
        }
        println!("(what you type is said in {})", room.room_id());
    }
    // What was asked last may be answered yet.
    tokio::time::sleep(Duration::from_secs(2)).await;
    listener.abort();
    Ok(())
}

/// Posts a file, encrypted as the room is; its message, if it went out.
async fn post_file(room: &Room, path: &Path) -> Option<OwnedEventId> {
    let name = path.file_name()?.to_string_lossy().into_owned();
    let bytes = match std::fs::read(path) {
        Ok(bytes) => bytes,
        Err(fault) => {
            println!("(the file cannot be read: {fault})");
            return None;
        }
    };
    let mime = match path.extension().and_then(|end| end.to_str()) {
        Some("txt" | "eml") => "text/plain",
        Some("json") => "application/json",
        _ => "application/octet-stream",
    };
    let mime = mime.parse().ok()?;
    match room.send_attachment(name, &mime, bytes, AttachmentConfig::new()).await {
        Ok(answer) => {
            println!("(posted; /reply !case attach … speaks of it)");
            Some(answer.event_id)
        }
        Err(fault) => {
            println!("(it could not be posted: {fault})");
            None
        }
    }
}

/// The encrypted room of these two, made if there is none.
async fn alone_with(client: &Client, other: &UserId) -> anyhow::Result<Room> {
    client.sync_once(SyncSettings::default().timeout(Duration::ZERO)).await?;
    for room in client.joined_rooms() {
        let created = room.creators().unwrap_or_default();
        let is_mine = created.iter().any(|made_by| Some(made_by.as_ref()) == client.user_id());
        if is_mine
            && room.get_member(other).await?.is_some_and(|there| *there.membership() == MembershipState::Join)
        {
            return Ok(room);
        }
    }
    Ok(client.create_dm(other).await?)
}

/// The room to talk in, once they are in it and it is known to be encrypted: in clear nothing is said.
async fn find(client: &Client, name: Option<&str>) -> anyhow::Result<Option<Room>> {
    for room in client.joined_rooms() {
        let is_it = match name {
            Some(name) => is_called(&room, name),
            None => is_dockets(&room).await?,
        };
        if is_it && room.latest_encryption_state().await?.is_encrypted() {
            return Ok(Some(room));
        }
    }
    Ok(None)
}

fn is_called(room: &Room, name: &str) -> bool {
    let alias = room.canonical_alias();
    room.room_id() == name || alias.iter().chain(&room.alt_aliases()).any(|alias| alias == name)
}

/// Whether a docket made it, for all of its people: those that it makes for one person each have another name.
async fn is_dockets(room: &Room) -> anyhow::Result<bool> {
    let creation = room.get_state_event(StateEventType::RoomCreate, "").await?;
    let Some(RawAnySyncOrStrippedState::Sync(creation)) = creation else { return Ok(false) };
    let content: Option<Value> = creation.get_field("content")?;
    let is_made = content.is_some_and(|content| content.get("org.docket.nonce").is_some());
    Ok(is_made && room.name().as_deref() == Some("docket"))
}

/// Takes the session up that is kept, or logs in and makes an identity that signs this device.
async fn log_in(typed: &Typed, password: &str) -> anyhow::Result<Client> {
    std::fs::create_dir_all(&typed.dir)?;
    let client = Client::builder()
        .homeserver_url(&typed.url)
        .sqlite_store_with_config_and_cache_path(
            SqliteStoreConfig::new(typed.dir.join("store")),
            None::<&Path>,
        )
        .with_room_key_recipient_strategy(CollectStrategy::IdentityBasedStrategy)
        .build()
        .await?;
    let kept = typed.dir.join("session");
    if kept.exists() {
        let session: MatrixSession = serde_json::from_slice(&std::fs::read(&kept)?)?;
        client.restore_session(session).await?;
        return Ok(client);
    }
    let answer = client.matrix_auth().login_username(&typed.user, password).send().await?;
    if let Err(fault) = client.encryption().bootstrap_cross_signing(None).await {
        let asked = fault.as_uiaa_response().context("the identity was not taken")?;
        let who = uiaa::UserIdentifier::Matrix(uiaa::MatrixUserIdentifier::new(typed.user.clone()));
        let mut proof = uiaa::Password::new(who, password.to_owned());
        proof.session = asked.session.clone();
        client.encryption().bootstrap_cross_signing(Some(uiaa::AuthData::Password(proof))).await?;
    }
    let mut file = std::fs::OpenOptions::new().write(true).create_new(true).mode(0o600).open(&kept)?;
    file.write_all(&serde_json::to_vec(&MatrixSession::from(&answer))?)?;
    Ok(client)
}

/// Shows what is said, and takes every invitation or says that there is one.
async fn listen(client: Client, own: String, takes_all: bool) {
    let mut offered = BTreeSet::new();
    loop {
        let Ok(came) = client.sync_once(SyncSettings::default().timeout(Duration::from_secs(30))).await
        else {
            println!("(the homeserver was not heard; trying again)");
            tokio::time::sleep(Duration::from_secs(1)).await;
            continue;
        };
        for room in client.invited_rooms() {
            if !takes_all {
                if offered.insert(room.room_id().to_owned()) {
                    println!("(you are invited to a room: /join or /decline)");
                }
                continue;
            }
            match room.join().await {
                Ok(()) => println!("(you are in the room {})", room.room_id()),
                Err(fault) => println!("(an invitation could not be taken: {fault})"),
            }
        }
        for event in came.rooms.joined.values().flat_map(|room| &room.timeline.events) {
            if let Some(line) = shown(event, &own) {
                println!("{line}");
            }
            if let Some(text) = enclosed(&client, event, &own).await {
                println!("  | {}", text.trim_end().replace('\n', "\n  | "));
            }
        }
    }
}

/// What stands in a text file that somebody else sent, encrypted.
async fn enclosed(client: &Client, event: &TimelineEvent, own: &str) -> Option<String> {
    event.sender().filter(|sender| sender.as_str() != own)?;
    let content: RoomMessageEventContent = event.raw().get_field("content").ok()??;
    let MessageType::File(file) = content.msgtype else { return None };
    let MediaSource::Encrypted(_) = &file.source else { return None };
    let is_text = file.info.as_ref().and_then(|info| info.mimetype.as_deref()) == Some("text/plain");
    let request = MediaRequestParameters { source: file.source, format: MediaFormat::File };
    let bytes = match client.media().get_media_content(&request, false).await {
        Ok(bytes) if is_text => bytes,
        Ok(bytes) => return Some(format!("({} bytes that this client does not show)", bytes.len())),
        Err(fault) => return Some(format!("(it cannot be opened: {fault})")),
    };
    String::from_utf8(bytes).ok()
}

/// A message of somebody else, with what a client would show beside it.
fn shown(event: &TimelineEvent, own: &str) -> Option<String> {
    let sender = event.sender().filter(|sender| sender.as_str() != own)?;
    let content: Value = event.raw().get_field("content").ok()??;
    let new = content.get("m.new_content");
    let text = new.unwrap_or(&content).get("body")?.as_str()?;
    let shield = match event.encryption_info() {
        None => " (unencrypted!)",
        Some(info) => match info.verification_state.to_shield_state_lax() {
            ShieldState::None => "",
            ShieldState::Red { .. } | ShieldState::Grey { .. } => " (of an unverified device!)",
        },
    };
    let edited = if new.is_some() { " (edited)" } else { "" };
    Some(format!("{}{shield}{edited}\n  {}", sender.localpart(), text.replace('\n', "\n  ")))
}
