//! The real disk: files below one directory. Knows nothing of what they hold.
#![allow(clippy::disallowed_methods, reason = "this is the Disk port over std::fs")]

use std::collections::BTreeMap;
use std::fs::{DirBuilder, File, OpenOptions};
use std::io::{self, ErrorKind};
use std::os::unix::fs::{DirBuilderExt, FileExt, OpenOptionsExt};
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, PoisonError};

use crate::ports::Disk;

/// How many files are kept open at the most.
const MOST_OPEN: usize = 64;

/// Files below a directory.
pub struct RealDisk {
    top: PathBuf,
    open: Mutex<BTreeMap<String, Arc<File>>>,
}

impl RealDisk {
    /// The files below `top`, which need not exist yet.
    pub fn new(top: impl Into<PathBuf>) -> RealDisk {
        RealDisk { top: top.into(), open: Mutex::new(BTreeMap::new()) }
    }

    fn path(&self, name: &str) -> PathBuf {
        self.top.join(name)
    }

    fn file(&self, name: &str) -> io::Result<Arc<File>> {
        let mut open = self.open.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(file) = open.get(name) {
            return Ok(Arc::clone(file));
        }
        let path = self.path(name);
        // Whoever may only read still can: a backup of a journal on a read-only medium, say.
        let file = match OpenOptions::new().read(true).write(true).open(&path) {
            Err(fault) if matches!(fault.kind(), ErrorKind::PermissionDenied | ErrorKind::ReadOnlyFilesystem) => {
                File::open(&path)
            }
            other => other,
        }?;
        if open.len() >= MOST_OPEN {
            open.clear();
        }
        let file = Arc::new(file);
        open.insert(name.to_owned(), Arc::clone(&file));
        Ok(file)
    }

    fn forget(&self, name: &str) {
        self.open.lock().unwrap_or_else(PoisonError::into_inner).remove(name);
    }
}

impl Disk for RealDisk {
    fn list(&self, dir: &str) -> io::Result<Vec<String>> {
        let entries = match std::fs::read_dir(self.path(dir)) {
            Err(fault) if fault.kind() == ErrorKind::NotFound => return Ok(Vec::new()),
            other => other?,
        };
        let mut names = Vec::new();
        for entry in entries {
            let entry = entry?;
            if entry.file_type()?.is_dir() {
                continue;
            }
            let name = entry.file_name().into_string();
            names.push(name.map_err(|_| io::Error::new(ErrorKind::InvalidData, "a file name is not UTF-8"))?);
        }
        names.sort();
        Ok(names)
    }

    fn len(&self, name: &str) -> io::Result<Option<u64>> {
        match std::fs::metadata(self.path(name)) {
            Ok(metadata) => Ok(Some(metadata.len())),
            Err(fault) if fault.kind() == ErrorKind::NotFound => Ok(None),
            Err(fault) => Err(fault),
        }
    }

    fn read_at(&self, name: &str, mut offset: u64, buffer: &mut [u8]) -> io::Result<usize> {
        let file = self.file(name)?;
        let mut filled = 0;
        while let Some(rest) = buffer.get_mut(filled..).filter(|rest| !rest.is_empty()) {
            match file.read_at(rest, offset) {
                Ok(0) => break,
                Ok(n) => {
                    filled += n;
                    offset += n as u64;
                }
                Err(fault) if fault.kind() == ErrorKind::Interrupted => {}
                Err(fault) => return Err(fault),
            }
        }
        Ok(filled)
    }

    fn create(&self, name: &str) -> io::Result<()> {
        let path = self.path(name);
        if let Some(dir) = path.parent().filter(|dir| !dir.exists()) {
            make_dir(dir)?;
        }
        OpenOptions::new().read(true).write(true).create_new(true).mode(0o600).open(path)?;
        Ok(())
    }

    fn write_at(&self, name: &str, offset: u64, bytes: &[u8]) -> io::Result<()> {
        self.file(name)?.write_all_at(bytes, offset)
    }

    fn set_len(&self, name: &str, len: u64) -> io::Result<()> {
        self.file(name)?.set_len(len)
    }

    fn sync(&self, name: &str) -> io::Result<()> {
        self.file(name)?.sync_all()
    }

    fn sync_dir(&self, dir: &str) -> io::Result<()> {
        File::open(self.path(dir))?.sync_all()
    }

    fn rename(&self, from: &str, to: &str) -> io::Result<()> {
        self.forget(from);
        self.forget(to);
        std::fs::rename(self.path(from), self.path(to))
    }

    fn remove(&self, name: &str) -> io::Result<()> {
        self.forget(name);
        std::fs::remove_file(self.path(name))
    }
}

/// Makes a directory that only its owner can enter, and those above it.
pub fn make_dir(dir: &Path) -> io::Result<()> {
    DirBuilder::new().recursive(true).mode(0o700).create(dir)?;
    // Its name is durable too, or the first sync below it would sync into nothing.
    match dir.parent().filter(|above| !above.as_os_str().is_empty()) {
        Some(above) => File::open(above)?.sync_all(),
        None => File::open(".")?.sync_all(),
    }
}
