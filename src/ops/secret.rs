//! Making secrets (the data key, an age identity) where there are none, and reading the data key.
#![allow(clippy::disallowed_methods, reason = "a secret is a file that is made once, with its mode")]

use std::ffi::OsString;
use std::fs::{self, OpenOptions};
use std::io::{self, Write};
use std::os::unix::fs::OpenOptionsExt;
use std::path::{Path, PathBuf};

use super::OsEntropy;
use super::archive::{JOURNAL, KEYS};
use super::failpoint::{Point, reach};
use crate::config::{self, secret_file};
use crate::disk::sync_parent;
use crate::journal::{DataKey, DataKeyFault};

/// Why a secret was not read or made.
#[derive(Debug, thiserror::Error)]
pub enum SecretFault {
    /// It cannot be read, or others can read it too.
    #[error(transparent)]
    Read(#[from] config::SecretFault),
    /// What stands in it is no key.
    #[error("{}: {fault}", path.display())]
    Text {
        /// The file.
        path: PathBuf,
        /// What is wrong with it.
        #[source]
        fault: DataKeyFault,
    },
    /// It cannot be made where something stands already.
    #[error("{} exists already; a secret is never overwritten", .0.display())]
    Exists(PathBuf),
    /// There is none beside data that some key has sealed.
    #[error(
        "{} is missing, and there is a journal beside it that no other key opens: put the key back from where it is \
         kept, or restore a backup",
        .0.display()
    )]
    Missing(PathBuf),
    /// There is none.
    #[error(
        "{} is not there: docket setup makes it, and once there are data they open with that one alone, so put it back from where \
         it is kept",
        .0.display()
    )]
    Unmade(PathBuf),
    /// It cannot be written.
    #[error("{} cannot be written: {fault}", path.display())]
    Io {
        /// The file.
        path: PathBuf,
        /// What the system said.
        #[source]
        fault: io::Error,
    },
}

/// Reads the data key.
pub fn read_data_key(path: &Path) -> Result<DataKey, SecretFault> {
    if !path.try_exists().unwrap_or(true) {
        return Err(SecretFault::Unmade(path.to_owned()));
    }
    DataKey::read(&secret_file(path)?).map_err(|fault| SecretFault::Text { path: path.to_owned(), fault })
}

/// Reads the data key of a data directory, and makes it where there is no data yet either: a new key opens nothing that is
/// there. Whoever calls this holds the lock.
pub fn data_key(path: &Path, data_dir: &Path) -> Result<DataKey, SecretFault> {
    if path.exists() {
        return read_data_key(path);
    }
    if [JOURNAL, KEYS].iter().any(|name| data_dir.join(name).exists()) {
        return Err(SecretFault::Missing(path.to_owned()));
    }
    let key = DataKey::make(&mut OsEntropy);
    write(path, &key.text())?;
    Ok(key)
}

/// Writes a secret and the end of its line to a new file of mode 0600, durably. A stop in between leaves no file of that name: half
/// a secret could be neither read nor made anew.
pub fn write(path: &Path, text: &str) -> Result<(), SecretFault> {
    let failed = |fault: io::Error| match fault.kind() {
        io::ErrorKind::AlreadyExists => SecretFault::Exists(path.to_owned()),
        _ => SecretFault::Io { path: path.to_owned(), fault },
    };
    if fs::symlink_metadata(path).is_ok() {
        return Err(SecretFault::Exists(path.to_owned()));
    }
    let mut beside = OsString::from(path);
    beside.push(".new");
    let beside = PathBuf::from(beside);
    if let Err(fault) = fs::remove_file(&beside)
        && fault.kind() != io::ErrorKind::NotFound
    {
        return Err(failed(fault));
    }
    let mut file =
        OpenOptions::new().write(true).create_new(true).mode(0o600).open(&beside).map_err(failed)?;
    file.write_all(text.as_bytes()).map_err(failed)?;
    file.write_all(b"\n").map_err(failed)?;
    file.sync_all().map_err(failed)?;
    reach(Point::SecretBeside);
    fs::rename(&beside, path).map_err(failed)?;
    sync_parent(path).map_err(failed)
}
