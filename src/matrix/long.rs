//! An answer that no message holds: all of it as an encrypted file, and its first lines as the answer.
//!
//! The file goes first, under an id that follows from the answer's, so that neither is there twice whatever comes in between; and
//! where the homeserver takes none, what fits of the text is sent as ever.

use std::io::Cursor;
use std::time::Duration;

use matrix_sdk::Room;
use matrix_sdk::ruma::OwnedTransactionId;
use matrix_sdk::ruma::events::AnyMessageLikeEventContent;
use matrix_sdk::ruma::serde::Raw;
use serde_json::Value;

use super::content;
use super::fault::{HomeserverFault, Plain};
use super::outbound::Outbound;
use super::sending::May;
use crate::chat::text;
use crate::desk::{Post, PostKind};
use crate::ops::failpoint::{Point, reach};

/// So many bytes of the text stand in the answer itself.
const BEGINNING: usize = 1_500;
/// How often a file is sent, and how long is waited before the next try, at first and at most.
const TRIES: u32 = 12;
const FIRST_WAIT: Duration = Duration::from_millis(250);
const LONGEST_WAIT: Duration = Duration::from_secs(30);

/// Sends all of a post as a file, if it fits into no message; gives back what is to be said instead. Nothing if there was no need, or
/// no way.
pub(super) async fn as_file(
    out: &Outbound,
    room: &Room,
    post: &Post,
    thread: Option<&str>,
    may: May<'_>,
) -> anyhow::Result<Option<Post>> {
    if post.edits.is_some() || post.kind == PostKind::Card || content::fits(post, thread)? {
        return Ok(None);
    }
    let (name, whole) = (name(post), post.page.whole_text());
    let txn = format!("{}-file", post.txn);
    if out.sought.part_sent_before(room, &txn).await.is_some() {
        return Ok(Some(brief(post, &name)));
    }
    let mut patience = Patience::new();
    let file = loop {
        if !out.may_leave(room, may).await {
            return Ok(None);
        }
        let fault = match upload(room, whole.as_bytes()).await {
            Ok(file) => break file,
            Err(fault) => fault,
        };
        if patience.has_end(&fault).await {
            return Ok(None);
        }
    };
    reach(Point::LongUploaded);
    let mark = out.mark(room, txn.clone()).await?;
    let content = content::of_file(post, thread, (&name, "text/plain"), whole.len(), &file, &mark)?;
    let txn = OwnedTransactionId::from(txn);
    let mut patience = Patience::new();
    loop {
        if !out.may_leave(room, may).await {
            return Ok(None);
        }
        match send(room, content.clone(), &txn).await {
            Ok(()) => break,
            Err(fault) if patience.has_end(&fault).await => return Ok(None),
            Err(_) => {}
        }
    }
    reach(Point::LongSent);
    Ok(Some(brief(post, &name)))
}

/// What is said beside the file.
fn brief(post: &Post, name: &str) -> Post {
    let page = post.page.beginning(BEGINNING).line(text::whole_in_file(name));
    Post { page, ..post.clone() }
}

/// Its name: what tells it from others comes first.
fn name(post: &Post) -> String {
    let what = match post.kind {
        PostKind::Reply => "answer",
        PostKind::Visit | PostKind::Letter => "letter",
        PostKind::Card | PostKind::Reminder | PostKind::Digest | PostKind::Alarm | PostKind::Notice => {
            post.kind.name()
        }
    };
    match post.case {
        Some(case) => format!("{case}-{what}.txt"),
        None => format!("{what}.txt"),
    }
}

/// Encrypts and uploads the text; what is told of it in the message.
pub(super) async fn upload(room: &Room, text: &[u8]) -> Result<Value, Fault> {
    let client = room.client();
    let most = client.load_or_fetch_max_upload_size().await.plain().map_err(Fault::Homeserver)?;
    if u64::try_from(text.len()).unwrap_or(u64::MAX) > u64::from(most) {
        return Err(Fault::ForGood);
    }
    let file = client.upload_encrypted_file(&mut Cursor::new(text)).await.plain();
    serde_json::to_value(file.map_err(Fault::Homeserver)?).map_err(|_| Fault::ForGood)
}

pub(super) async fn send(
    room: &Room,
    content: Raw<AnyMessageLikeEventContent>,
    txn: &OwnedTransactionId,
) -> Result<(), Fault> {
    // The file's key must not leave in clear either.
    if !room.latest_encryption_state().await.is_ok_and(|state| state.is_encrypted()) {
        return Err(Fault::NotEncrypted);
    }
    let sent = room.send_raw("m.room.message", content).with_transaction_id(txn).await.plain();
    sent.map(|_| ()).map_err(Fault::Homeserver)
}

/// Why a file was not sent.
#[derive(Debug)]
pub(super) enum Fault {
    /// What the homeserver said.
    Homeserver(HomeserverFault),
    /// The room is not known to be encrypted.
    NotEncrypted,
    /// It is larger than what the homeserver takes.
    ForGood,
}

impl Fault {
    /// Whether trying again cannot help.
    pub(super) fn is_for_good(&self) -> bool {
        match self {
            // What docket may not do because of its own account passes, or somebody on the host hears of it.
            Fault::Homeserver(fault) => {
                !fault.is_locked_out() && matches!(fault.status, Some(400 | 403 | 404 | 413))
            }
            Fault::NotEncrypted => false,
            Fault::ForGood => true,
        }
    }
}

/// How long it is tried.
struct Patience {
    left: u32,
    wait: Duration,
}

impl Patience {
    fn new() -> Patience {
        Patience { left: TRIES, wait: FIRST_WAIT }
    }

    /// Whether it is not tried again; waits before it is.
    async fn has_end(&mut self, fault: &Fault) -> bool {
        self.left = self.left.saturating_sub(1);
        if fault.is_for_good() || self.left == 0 {
            tracing::warn!(?fault, "an answer is not sent as a file, and cut instead");
            return true;
        }
        tokio::time::sleep(match fault {
            Fault::Homeserver(fault) => fault.pause(self.wait),
            Fault::NotEncrypted | Fault::ForGood => self.wait,
        })
        .await;
        self.wait = (self.wait * 2).min(LONGEST_WAIT);
        false
    }
}
