//! The file of the data key: read only if nobody else can, made only where there is none.
//!
//! Knows no journal; the key itself is [`crate::journal::DataKey`].
#![allow(
    clippy::disallowed_methods,
    reason = "a secret's file is checked and read through the same handle, which the Disk port cannot do"
)]

use std::fs::{File, OpenOptions};
use std::io::{self, Read, Write};
use std::os::unix::fs::{MetadataExt, OpenOptionsExt};
use std::path::{Path, PathBuf};

use zeroize::Zeroizing;

use crate::disk::sync_parent;
use crate::journal::{DataKey, DataKeyFault};

/// More than a key's line and some white space is no key's file.
const LONGEST: u64 = 4096;

/// Why a data key's file was not read or made.
#[derive(Debug, thiserror::Error)]
pub enum DataKeyFileFault {
    /// Others could read it.
    #[error("others can read the data key {0} (mode {1:o}): chmod 600 it, and think about who has read it")]
    Open(PathBuf, u32),
    /// It is not an ordinary file.
    #[error("the data key {0} is not an ordinary file")]
    NoFile(PathBuf),
    /// What stands in it is no key.
    #[error("the data key {0} cannot be used: {1}")]
    Text(PathBuf, #[source] DataKeyFault),
    /// It cannot be made where something stands already.
    #[error("{0} exists already; a data key is never overwritten")]
    Exists(PathBuf),
    /// The outside failed.
    #[error("the data key {0}: {1}")]
    Io(PathBuf, #[source] io::Error),
}

/// Reads a data key from a file of mode 0600 (or 0400).
pub fn read_data_key(path: &Path) -> Result<DataKey, DataKeyFileFault> {
    let failed = |error| DataKeyFileFault::Io(path.to_owned(), error);
    let file = File::open(path).map_err(failed)?;
    let metadata = file.metadata().map_err(failed)?;
    if !metadata.is_file() {
        return Err(DataKeyFileFault::NoFile(path.to_owned()));
    }
    if metadata.mode() & 0o077 != 0 {
        return Err(DataKeyFileFault::Open(path.to_owned(), metadata.mode() & 0o777));
    }
    // Room for all of it at once: a buffer that grows leaves copies of the secret behind.
    let mut text = Zeroizing::new(String::with_capacity(usize::try_from(LONGEST).unwrap_or(0) + 1));
    file.take(LONGEST).read_to_string(&mut text).map_err(failed)?;
    DataKey::read(&text).map_err(|fault| DataKeyFileFault::Text(path.to_owned(), fault))
}

/// Writes a data key to a new file of mode 0600, durably.
pub fn write_data_key(path: &Path, key: &DataKey) -> Result<(), DataKeyFileFault> {
    let failed = |error: io::Error| match error.kind() {
        io::ErrorKind::AlreadyExists => DataKeyFileFault::Exists(path.to_owned()),
        _ => DataKeyFileFault::Io(path.to_owned(), error),
    };
    let mut file = OpenOptions::new()
        .write(true)
        .create_new(true)
        .mode(0o600)
        .open(path)
        .map_err(failed)?;
    let mut line = key.text();
    line.push('\n');
    file.write_all(line.as_bytes()).map_err(failed)?;
    file.sync_all().map_err(failed)?;
    sync_parent(path).map_err(failed)
}
