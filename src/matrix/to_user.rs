//! What is said to a user: encrypted or not at all, but for a few words in clear that are about nobody. No request is tried again by
//! itself, for whether it may happen is asked before each try.

use std::sync::{Arc, Mutex};
use std::time::Duration;

use matrix_sdk::config::RequestConfig;
use matrix_sdk::ruma::OwnedTransactionId;
use matrix_sdk::ruma::api::client::message::send_message_event;
use matrix_sdk::ruma::events::{AnyMessageLikeEventContent, MessageLikeEventType};
use matrix_sdk::ruma::serde::Raw;
use matrix_sdk::{Client, Room};
use serde_json::json;

use super::content::{self, Form, content};
use super::fault::Plain;
use super::long;
use super::mark::Mark;
use crate::case::{CaseId, Copied};
use crate::chat::text;
use crate::desk::{Enclosed, Post};
use crate::ports::Files;

/// The file that goes with a message.
pub(super) enum Packed {
    /// The message with it, uploaded.
    Ready(Raw<AnyMessageLikeEventContent>),
    /// None goes with it.
    Nothing,
    /// It can never be sent.
    Never,
}

/// How long one request may take.
const PATIENCE: Duration = Duration::from_secs(30);

/// A request that is not tried again by itself.
pub(super) fn once() -> RequestConfig {
    RequestConfig::new().timeout(PATIENCE).disable_retry()
}

/// Says something, encrypted; the id of the message.
pub(super) async fn say(room: &Room, post: &Post) -> anyhow::Result<String> {
    let bare = Post { case: None, ..post.clone() };
    let content = content(&bare, None, Form::Whole, &Mark { txn: post.txn.clone(), stand: None })?;
    send(room, content, &post.txn).await
}

/// Sends a message, encrypted; its id.
pub(super) async fn send(
    room: &Room,
    content: Raw<AnyMessageLikeEventContent>,
    txn: &str,
) -> anyhow::Result<String> {
    if !room.latest_encryption_state().await.plain()?.is_encrypted() {
        anyhow::bail!("the room of a user is not known to be encrypted: nothing is sent");
    }
    let txn = OwnedTransactionId::from(txn);
    let sending = room.send_raw("m.room.message", content).with_transaction_id(&txn);
    let sent = sending.with_request_config(once()).await.plain()?;
    Ok(sent.response.event_id.to_string())
}

/// Encrypts and uploads the file that goes with a message; nobody is told of it yet.
pub(super) async fn pack(
    files: &Arc<Mutex<dyn Files>>,
    room: &Room,
    case: CaseId,
    post: &Post,
    txn: &str,
) -> anyhow::Result<Packed> {
    let Some(Enclosed { name, what }) = &post.enclosed else { return Ok(Packed::Nothing) };
    let (bytes, mime) = match what {
        Copied::Nothing => return Ok(Packed::Nothing),
        Copied::Lines { lines } => (text::copy_text(lines).into_bytes(), "text/plain".to_owned()),
        Copied::File { file } => {
            let (files, blob) = (Arc::clone(files), file.blob.clone());
            let open = move || files.lock().ok()?.open(case, &blob).ok();
            match tokio::task::spawn_blocking(open).await.ok().flatten() {
                Some(bytes) => (bytes, file.mime.clone()),
                None => {
                    tracing::error!("{case}: the file that goes with a message to a user cannot be opened");
                    return Ok(Packed::Never);
                }
            }
        }
    };
    let file = match long::upload(room, &bytes).await {
        Ok(file) => file,
        Err(fault) if fault.is_for_good() => return Ok(Packed::Never),
        Err(long::Fault::Homeserver(fault)) => {
            return Err(anyhow::Error::from(fault)
                .context("the file that goes with a message to a user is not taken"));
        }
        Err(fault) => anyhow::bail!("the file that goes with a message to a user is not taken: {fault:?}"),
    };
    let mark = Mark { txn: txn.to_owned(), stand: None };
    let bare = Post { case: None, ..post.clone() };
    content::of_file(&bare, None, (name, &mime), bytes.len(), &file, &mark).map(Packed::Ready)
}

/// Says something in clear that is about nobody and nothing.
pub(super) async fn say_in_clear(client: &Client, room: &Room, words: &str, txn: &str) -> anyhow::Result<()> {
    let content = json!({ "msgtype": "m.notice", "body": words, "m.mentions": {} });
    let request = send_message_event::v3::Request::new_raw(
        room.room_id().to_owned(),
        OwnedTransactionId::from(txn),
        MessageLikeEventType::RoomMessage,
        Raw::from_json(serde_json::value::to_raw_value(&content)?),
    );
    client.send(request).with_request_config(once()).await.plain()?;
    Ok(())
}
