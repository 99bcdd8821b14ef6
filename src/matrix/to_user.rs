//! What is said to a user: encrypted or not at all, but for a few words in clear that are about nobody. No request is tried again by
//! itself, for whether it may happen is asked before each try.

use std::time::Duration;

use matrix_sdk::config::RequestConfig;
use matrix_sdk::ruma::OwnedTransactionId;
use matrix_sdk::ruma::api::client::message::send_message_event;
use matrix_sdk::ruma::events::{AnyMessageLikeEventContent, MessageLikeEventType};
use matrix_sdk::ruma::serde::Raw;
use matrix_sdk::{Client, Room};
use serde_json::json;

use super::content::{Form, content};
use super::fault::Plain;
use super::mark::Mark;
use crate::desk::Post;

/// How long one request may take.
pub(super) const PATIENCE: Duration = Duration::from_secs(30);

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
