//! A file that somebody posted in the room: found in the message that is answered, and fetched, once the desk asks for it.
//!
//! It is decrypted and held against its hash, and never opened. What it is called and how long it is are words of whoever posted it.

use std::io::{Cursor, Read};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use matrix_sdk::Client;
use matrix_sdk::config::RequestConfig;
use matrix_sdk::deserialized_responses::{
    TimelineEvent, TimelineEventKind, VerificationLevel, VerificationState,
};
use matrix_sdk::ruma::api::client::authenticated_media::get_content;
use matrix_sdk::ruma::events::room::EncryptedFile;
use matrix_sdk_crypto::AttachmentDecryptor;
use serde_json::Value;

use super::fault::{HomeserverFault, Plain};
use crate::case::{Account, CaseId};
use crate::chat::{FileText, NoText, NotTaken, file_text};
use crate::desk::{Got, PostedFile};
use crate::files;
use crate::ops::failpoint::{Point, reach};
use crate::ports::{Files, FilesFault};

/// The messages that are files.
const KINDS: [&str; 4] = ["m.file", "m.image", "m.audio", "m.video"];
/// How often the homeserver is asked for a file, how long in between is waited, and how long it may take.
const TRIES: u32 = 3;
const WAIT: Duration = Duration::from_secs(1);
const PATIENCE: Duration = Duration::from_secs(60);

/// A file in a message, and where it lies.
#[derive(Clone, Debug)]
pub struct Posted {
    /// What the desk is told of it.
    pub file: PostedFile,
    source: Option<EncryptedFile>,
}

/// The file in a message of the room, if there is one and it is proven who posted it. `own` is docket itself.
pub fn posted(event: &TimelineEvent, own: &str) -> Option<Posted> {
    let TimelineEventKind::Decrypted(decrypted) = &event.kind else { return None };
    let proof = &decrypted.encryption_info;
    let is_proven = matches!(
        proof.verification_state,
        VerificationState::Verified | VerificationState::Unverified(VerificationLevel::UnverifiedIdentity)
    );
    let sender = event.sender()?;
    if !is_proven || proof.sender != sender || proof.forwarder.is_some() {
        return None;
    }
    let raw = event.raw().deserialize_as_unchecked::<Value>().ok()?;
    if raw.get("type")?.as_str() != Some("m.room.message") || raw.get("state_key").is_some() {
        return None;
    }
    let from = (sender.as_str() != own).then(|| Account::parse(sender.as_str()));
    in_content(raw.get("content")?, from.transpose().ok()?)
}

fn in_content(content: &Value, from: Option<Account>) -> Option<Posted> {
    if !KINDS.contains(&content.get("msgtype")?.as_str()?) {
        return None;
    }
    let name = content.get("filename").or_else(|| content.get("body")).and_then(Value::as_str);
    let source: Option<EncryptedFile> =
        content.get("file").and_then(|file| serde_json::from_value(file.clone()).ok());
    let file = PostedFile {
        from,
        size: content.get("info").and_then(|info| info.get("size")?.as_u64()),
        is_clear: source.is_none(),
        ..PostedFile::named(name.unwrap_or_default())
    };
    Some(Posted { file, source })
}

/// What is made of files that the desk asks for.
#[derive(Clone)]
pub struct Fetcher {
    client: Client,
    files: Arc<Mutex<dyn Files>>,
}

impl Fetcher {
    /// Files come from this session's homeserver, and are kept here.
    pub fn new(client: Client, files: impl Files + 'static) -> Fetcher {
        Fetcher { client, files: Arc::new(Mutex::new(files)) }
    }

    /// Hashes and seals a file for a case.
    pub async fn keep(&self, posted: &Posted, case: CaseId) -> Result<Got, HomeserverFault> {
        let bytes = match self.bytes(posted).await? {
            Ok(bytes) => bytes,
            Err(why) => return Ok(Got::Not(why)),
        };
        reach(Point::FileFetched);
        let (files, name) = (Arc::clone(&self.files), posted.file.name.clone());
        let kept = tokio::task::spawn_blocking(move || match files.lock() {
            Ok(files) => files::keep(&*files, case, &name, &bytes),
            Err(_) => Err(FilesFault::Io(std::io::Error::other("it was left in the middle of something"))),
        });
        let kept = kept.await;
        reach(Point::FileSealed);
        Ok(match kept {
            Ok(Ok(kept)) => Got::Kept(case, kept),
            Ok(Err(FilesFault::Full)) => Got::Not(NotTaken::Full),
            Ok(Err(fault)) => {
                tracing::error!("a file could not be kept: {fault}");
                Got::Not(NotTaken::Unkept)
            }
            Err(_) => Got::Not(NotTaken::Unkept),
        })
    }

    /// Reads the text of a file.
    pub async fn read(&self, posted: &Posted) -> Result<Got, HomeserverFault> {
        let bytes = match self.bytes(posted).await? {
            Ok(bytes) => bytes,
            Err(why) => return Ok(Got::Not(why)),
        };
        let name = posted.file.name.clone();
        // What makes the reading end is the file's fault, and must not end docket.
        let read = tokio::task::spawn_blocking(move || file_text(&name, &bytes)).await;
        reach(Point::FileRead);
        Ok(Got::Text(read.unwrap_or(FileText::None(NoText::Broken))))
    }

    /// The bytes as they were posted. A fault is that docket is logged out; of everything else the room hears.
    async fn bytes(&self, posted: &Posted) -> Result<Result<Vec<u8>, NotTaken>, HomeserverFault> {
        let Some(source) = posted.source.clone() else { return Ok(Err(NotTaken::Clear)) };
        let Ok(request) = get_content::v1::Request::from_uri(&source.url) else {
            return Ok(Err(NotTaken::Gone));
        };
        let settings = RequestConfig::new().timeout(PATIENCE).disable_retry();
        let mut tries = 0;
        let sealed = loop {
            tries += 1;
            let answer = self.client.send(request.clone()).with_request_config(settings).await.plain();
            match answer {
                Ok(answer) => break answer.file,
                Err(fault) if fault.status == Some(401) => return Err(fault),
                Err(HomeserverFault { status: Some(400 | 403 | 404 | 410), .. }) => {
                    return Ok(Err(NotTaken::Gone));
                }
                Err(fault) if tries == TRIES => {
                    tracing::warn!("a file was not given out: {fault}");
                    return Ok(Err(NotTaken::Away));
                }
                Err(_) => tokio::time::sleep(WAIT * tries).await,
            }
        };
        // What was said of its length was its sender's word.
        if u64::try_from(sealed.len()).unwrap_or(u64::MAX) > files::LARGEST {
            return Ok(Err(NotTaken::TooLarge));
        }
        let opened = tokio::task::spawn_blocking(move || opened(sealed, source)).await;
        Ok(opened.ok().flatten().ok_or(NotTaken::Broken))
    }
}

/// What was sealed, if it is what its hash says.
fn opened(sealed: Vec<u8>, source: EncryptedFile) -> Option<Vec<u8>> {
    let mut bytes = Vec::with_capacity(sealed.len());
    let mut sealed = Cursor::new(sealed);
    AttachmentDecryptor::new(&mut sealed, source.into()).ok()?.read_to_end(&mut bytes).ok()?;
    Some(bytes)
}

#[cfg(test)]
mod tests {
    use matrix_sdk_crypto::AttachmentEncryptor;
    use serde_json::json;

    use super::*;

    fn sealed(bytes: &[u8]) -> (Vec<u8>, Value) {
        let mut reader = bytes;
        let mut encryptor = AttachmentEncryptor::new(&mut reader);
        let mut sealed = Vec::new();
        encryptor.read_to_end(&mut sealed).unwrap();
        let mut file = serde_json::to_value(encryptor.finish()).unwrap();
        file.as_object_mut().unwrap().insert("url".to_owned(), "mxc://example.org/one".into());
        (sealed, file)
    }

    #[test]
    fn a_message_with_a_file_in_it_is_told_from_others() {
        let (_, file) = sealed(b"abc");
        let message = |kind: &str, more: Value| {
            let mut content = json!({ "msgtype": kind, "body": "see below", "filename": "order.pdf" });
            content.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
            in_content(&content, None)
        };
        let found = message("m.image", json!({ "file": file, "info": { "size": 3 } })).unwrap();
        assert_eq!(found.file, PostedFile { size: Some(3), ..PostedFile::named("order.pdf") });
        let clear = message("m.file", json!({ "url": "mxc://example.org/one" })).unwrap();
        assert!(clear.file.is_clear);
        assert!(message("m.text", json!({ "file": file })).is_none());
        let unnamed = in_content(&json!({ "msgtype": "m.file", "body": "order.pdf", "file": file }), None);
        assert_eq!(unnamed.unwrap().file.name, "order.pdf");
    }

    #[test]
    fn what_is_not_the_file_that_was_posted_is_not_taken() {
        let (bytes, file) = sealed(b"abc");
        let source: EncryptedFile = serde_json::from_value(file).unwrap();
        assert_eq!(opened(bytes.clone(), source.clone()), Some(b"abc".to_vec()));
        let mut other = bytes;
        other[0] ^= 1;
        assert_eq!(opened(other, source), None);
    }
}
