//! The whole state of docket's rooms, told again. What the library once took a room for, that it is not encrypted say, it asks for no
//! more; and it passes over an answer whose place it knows already, so something small is written first that moves the place.

use std::time::Duration;

use matrix_sdk::Client;
use matrix_sdk::config::SyncSettings;
use matrix_sdk::ruma::events::GlobalAccountDataEventType;
use matrix_sdk::ruma::serde::Raw;
use serde_json::json;

use super::fault::Plain;
use crate::ops::OsEntropy;
use crate::ports::{Entropy, hex};

/// The name of what is written. It says nothing, and is another each time.
const LOOKED: &str = "org.docket.looked";

/// Has the homeserver tell everything about docket's rooms once more. What is new in them meanwhile is paged for by whoever reads.
pub async fn told_again(client: &Client) -> anyhow::Result<()> {
    let mut nonce = [0; 8];
    OsEntropy.fill(&mut nonce);
    let content = serde_json::value::to_raw_value(&json!({ "nonce": hex(&nonce) }))?;
    let kind = GlobalAccountDataEventType::from(LOOKED);
    client.account().set_account_data_raw(kind, Raw::from_json(content)).await.plain()?;
    let settings = SyncSettings::default().timeout(Duration::ZERO).full_state(true);
    client.sync_once(settings).await.plain()?;
    Ok(())
}
