//! One docket at a time over one data directory.
//!
//! It knows one file; not what the directory holds.

#![allow(clippy::disallowed_methods)] // A lock is a file by nature.

use std::fs::{File, OpenOptions, TryLockError};
use std::io::{self, Read, Seek, Write};
use std::os::unix::fs::OpenOptionsExt;
use std::path::{Path, PathBuf};

/// Held as long as it lives. The system lets go of it when the process ends, however it ends, so that a left-over file means
/// nothing; it is never deleted, because whoever waits on a deleted file waits on another one.
#[derive(Debug)]
pub struct Lock {
    file: File,
}

/// Why the data directory cannot be used.
#[derive(Debug, thiserror::Error)]
pub enum LockFault {
    /// Somebody else is using it.
    #[error(
        "docket is already running here{}: stop that one first, or use another data_dir ({})",
        holder.as_ref().map(|holder| format!(" as {holder}")).unwrap_or_default(), path.display()
    )]
    Held {
        /// The lock's file.
        path: PathBuf,
        /// `process 1234 (docket)`, as far as it said so.
        holder: Option<String>,
    },
    /// The file cannot be used.
    #[error("{} cannot be locked: {fault}; see that the directory exists and is yours", path.display())]
    Io {
        /// The lock's file.
        path: PathBuf,
        /// What the system said.
        #[source]
        fault: io::Error,
    },
}

impl Lock {
    /// Takes the lock of a data directory, or says who holds it.
    pub fn take(data_dir: &Path) -> Result<Lock, LockFault> {
        let path = data_dir.join("lock");
        let failed = |fault| LockFault::Io { path: path.clone(), fault };
        // Not truncated before it is ours: the holder's line stands in it.
        let mut file = OpenOptions::new()
            .read(true)
            .write(true)
            .create(true)
            .truncate(false)
            .mode(0o600)
            .open(&path)
            .map_err(failed)?;
        match file.try_lock() {
            Ok(()) => {}
            Err(TryLockError::WouldBlock) => {
                let holder = holder(&mut file);
                return Err(LockFault::Held { path, holder });
            }
            Err(TryLockError::Error(fault)) => return Err(failed(fault)),
        }
        // On a full disk there may be no room for the line. The lock is held all the same.
        if let Err(fault) = sign(&mut file) {
            tracing::warn!("{} does not say who holds it: {fault}", path.display());
        }
        Ok(Lock { file })
    }
}

impl Drop for Lock {
    fn drop(&mut self) {
        // Said, not left to closing: a child that is just being started still holds a copy of the open file.
        if let Err(fault) = self.file.unlock() {
            tracing::warn!("the lock was not given back: {fault}");
        }
    }
}

fn sign(file: &mut File) -> io::Result<()> {
    let program = std::env::current_exe().ok();
    let program = program.as_deref().and_then(Path::file_name).and_then(|name| name.to_str());
    let line = format!("process {} ({})\n", std::process::id(), program.unwrap_or("docket"));
    file.set_len(0)?;
    file.rewind()?;
    file.write_all(line.as_bytes())
}

/// What the holder wrote. It is only told, never relied on: it may be being written at this moment.
fn holder(file: &mut File) -> Option<String> {
    let mut line = String::new();
    file.take(200).read_to_string(&mut line).ok()?;
    let line = line.trim();
    (line.starts_with("process ") && !line.contains(char::is_control)).then(|| line.to_owned())
}

#[cfg(test)]
mod tests {
    use std::os::unix::fs::PermissionsExt;

    use super::*;
    use crate::scratch::Scratch;

    #[test]
    fn a_second_one_is_told_who_holds_it_and_the_file_stays() {
        let dir = Scratch::new();
        let first = Lock::take(&dir).unwrap();
        let told = Lock::take(&dir).unwrap_err().to_string();
        let me = format!("docket is already running here as process {} (", std::process::id());
        assert!(told.starts_with(&me), "{told}");
        assert!(told.contains("stop that one first"), "{told}");
        drop(first);
        assert!(dir.join("lock").exists());
        Lock::take(&dir).unwrap();
    }

    #[test]
    fn what_a_dead_process_left_does_not_hold() {
        let dir = Scratch::new();
        std::fs::write(dir.join("lock"), "process 1 (docket) and a long line behind it that must go\n")
            .unwrap();
        let _held = Lock::take(&dir).unwrap();
        let line = std::fs::read_to_string(dir.join("lock")).unwrap();
        assert!(line.starts_with(&format!("process {} (", std::process::id())), "{line}");
        assert_eq!(line.lines().count(), 1);
    }

    #[test]
    fn only_its_owner_may_read_it() {
        let dir = Scratch::new();
        let _held = Lock::take(&dir).unwrap();
        let mode = std::fs::metadata(dir.join("lock")).unwrap().permissions().mode();
        assert_eq!(mode & 0o777, 0o600);
    }

    #[test]
    fn a_missing_directory_is_named() {
        let dir = Scratch::new();
        let fault = Lock::take(&dir.join("nowhere")).unwrap_err();
        assert!(matches!(fault, LockFault::Io { .. }));
        assert!(fault.to_string().contains("nowhere/lock cannot be locked"), "{fault}");
    }
}
