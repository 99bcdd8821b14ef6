//! Secrets in files (the data key, an age identity): read only if nobody else can, made only where there is none.
#![allow(
    clippy::disallowed_methods,
    reason = "a secret's file is checked and read through the same handle, which the Disk port cannot do"
)]

use std::fs::{File, OpenOptions};
use std::io::{self, Read, Write};
use std::os::unix::fs::{MetadataExt, OpenOptionsExt};
use std::path::{Path, PathBuf};

use zeroize::Zeroizing;

use super::OsEntropy;
use crate::disk::sync_parent;
use crate::journal::{DataKey, DataKeyFault};

/// No secret's file is longer than this.
const LONGEST: u64 = 4096;

/// Why a secret was not read or made.
#[derive(Debug, thiserror::Error)]
pub enum SecretFault {
    /// Others could read it.
    #[error(
        "others can read {0} (mode {1:o}). Mend it with: chmod 600 {0} – and think about who has read it"
    )]
    Open(PathBuf, u32),
    /// It is not an ordinary file.
    #[error("{0} is not an ordinary file")]
    NoFile(PathBuf),
    /// What stands in it is no key.
    #[error("{0}: {1}")]
    Text(PathBuf, #[source] DataKeyFault),
    /// It cannot be made where something stands already.
    #[error("{0} exists already; a secret is never overwritten")]
    Exists(PathBuf),
    /// The outside failed.
    #[error("{0}: {1}")]
    Io(PathBuf, #[source] io::Error),
}

/// Reads the data key.
pub fn read_data_key(path: &Path) -> Result<DataKey, SecretFault> {
    DataKey::read(&read(path)?).map_err(|fault| SecretFault::Text(path.to_owned(), fault))
}

/// Reads the data key, and makes it if there is none.
pub fn data_key(path: &Path) -> Result<DataKey, SecretFault> {
    if path.exists() {
        return read_data_key(path);
    }
    let key = DataKey::make(&mut OsEntropy);
    write(path, &key.text())?;
    Ok(key)
}

/// Reads a secret from a file of mode 0600 (or 0400).
pub fn read(path: &Path) -> Result<Zeroizing<String>, SecretFault> {
    let failed = |error| SecretFault::Io(path.to_owned(), error);
    let file = File::open(path).map_err(failed)?;
    let metadata = file.metadata().map_err(failed)?;
    if !metadata.is_file() {
        return Err(SecretFault::NoFile(path.to_owned()));
    }
    if metadata.mode() & 0o077 != 0 {
        return Err(SecretFault::Open(path.to_owned(), metadata.mode() & 0o777));
    }
    // Room for all of it at once: a buffer that grows leaves copies of the secret behind.
    let mut text = Zeroizing::new(String::with_capacity(usize::try_from(LONGEST).unwrap_or(0) + 1));
    file.take(LONGEST).read_to_string(&mut text).map_err(failed)?;
    Ok(text)
}

/// Writes a secret and the end of its line to a new file of mode 0600, durably.
pub fn write(path: &Path, text: &str) -> Result<(), SecretFault> {
    let failed = |error: io::Error| match error.kind() {
        io::ErrorKind::AlreadyExists => SecretFault::Exists(path.to_owned()),
        _ => SecretFault::Io(path.to_owned(), error),
    };
    let mut file = OpenOptions::new()
        .write(true)
        .create_new(true)
        .mode(0o600)
        .open(path)
        .map_err(failed)?;
    file.write_all(text.as_bytes()).map_err(failed)?;
    file.write_all(b"\n").map_err(failed)?;
    file.sync_all().map_err(failed)?;
    sync_parent(path).map_err(failed)
}
