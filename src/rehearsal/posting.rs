//! Files that are posted in a rehearsal: where they come from, and what is done with them before the desk decides. Does not
//! decide.

use std::collections::BTreeMap;

use sha2::{Digest, Sha256};

use crate::case::{CaseId, KeptFile};
use crate::desk::{Message, PostedFile};
use crate::ports::{Files, FilesFault, hex};

/// The largest file that can be posted.
pub const LARGEST_FILE: usize = 64 * 1024 * 1024;

/// Where `/file` finds what it posts.
pub trait PostFiles {
    /// The bytes, or the sentence that says why not.
    fn read(&self, path: &str) -> Result<Vec<u8>, String>;
}

/// Hashes and seals a file for a case: the work that comes before the command is decided.
pub(super) fn keep(
    files: &dyn Files,
    case: CaseId,
    message: &Message,
    bytes: &[u8],
) -> Result<PostedFile, FilesFault> {
    let blob = files.keep(case, bytes)?;
    let file = message.file.clone();
    let name = file.map(|file| file.name).unwrap_or_default();
    let kept = KeptFile {
        blob,
        mime: mime(&name).to_owned(),
        size: bytes.len() as u64,
        sha256: hex(&Sha256::digest(bytes)),
        name: name.clone(),
    };
    Ok(PostedFile { name, kept: Some((case, kept)) })
}

/// The type that a client would post a file as, by its ending.
fn mime(name: &str) -> &'static str {
    let types = BTreeMap::from([
        ("pdf", "application/pdf"),
        ("txt", "text/plain"),
        ("eml", "message/rfc822"),
        ("png", "image/png"),
        ("jpg", "image/jpeg"),
        ("jpeg", "image/jpeg"),
        ("docx", "application/vnd.openxmlformats-officedocument.wordprocessingml.document"),
        ("zip", "application/zip"),
    ]);
    let ending = name.rsplit_once('.').map(|(_, ending)| ending.to_lowercase()).unwrap_or_default();
    types.get(ending.as_str()).copied().unwrap_or("application/octet-stream")
}
