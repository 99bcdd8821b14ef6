//! A file that was posted, on its way to its case: hashed and sealed as it is. Does not decide, and does not look into it.

use sha2::{Digest, Sha256};

use crate::case::{CaseId, KeptFile};
use crate::ports::{Files, FilesFault, hex};

/// The largest file that is taken, in bytes.
pub const LARGEST: u64 = 64 * 1024 * 1024;

/// Types that a client would post a file as, by its ending.
const TYPES: &[(&str, &str)] = &[
    ("pdf", "application/pdf"),
    ("txt", "text/plain"),
    ("eml", "message/rfc822"),
    ("png", "image/png"),
    ("jpg", "image/jpeg"),
    ("jpeg", "image/jpeg"),
    ("docx", "application/vnd.openxmlformats-officedocument.wordprocessingml.document"),
    ("zip", "application/zip"),
];

/// Hashes and seals a file for a case: the work that comes before the command is decided.
pub fn keep(files: &dyn Files, case: CaseId, name: &str, bytes: &[u8]) -> Result<KeptFile, FilesFault> {
    let blob = files.keep(case, bytes)?;
    Ok(KeptFile {
        blob,
        mime: mime(name).to_owned(),
        size: bytes.len() as u64,
        sha256: hex(&Sha256::digest(bytes)),
        name: name.to_owned(),
    })
}

/// What it is by its ending. What else is said of it is its sender's word, and what it really is nobody looks at.
fn mime(name: &str) -> &'static str {
    let ending = name.rsplit_once('.').map(|(_, ending)| ending.to_lowercase()).unwrap_or_default();
    TYPES.iter().find(|(known, _)| *known == ending).map_or("application/octet-stream", |(_, mime)| mime)
}
