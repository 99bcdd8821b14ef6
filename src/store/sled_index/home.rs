//! The index's directory: which files are ours, their sums, writing one durably, removing them all.
//!
//! It knows file names and bytes; neither sled's format nor the mark's.
//!
//! ```text
//! index/mark        whether to believe the rest
//! index/key         the index key, wrapped
//! index/sled/       sled's own: conf, db, snap.*, blobs/*
//! ```

#![allow(clippy::disallowed_methods)] // This is where the index meets the disk.

use std::collections::BTreeMap;
use std::fs::{self, DirBuilder, File, OpenOptions};
use std::io::{self, Read, Write};
use std::os::unix::fs::{DirBuilderExt, OpenOptionsExt};
use std::path::{Path, PathBuf};

use crate::ports::IndexFault;

/// A file's length and BLAKE3 sum.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Sum {
    pub(super) len: u64,
    pub(super) hash: blake3::Hash,
}

/// Files below the index's directory, by names such as `sled/db`.
pub(super) type Sums = BTreeMap<String, Sum>;

const MARK: &str = "mark";
const KEY: &str = "key";
const SLED: &str = "sled";
const BLOBS: &str = "sled/blobs";
/// Behind the name of a file that is being written.
const NEW: &str = ".new";
/// Neither of our small files comes near this.
const SMALL: u64 = 16 << 20;

/// The directory of one index.
pub(super) struct Home {
    top: PathBuf,
}

impl Home {
    /// Makes the directory if there is none. It must be a real one: what is deleted in it must be ours.
    pub(super) fn new(top: &Path) -> Result<Home, IndexFault> {
        let home = Home { top: top.to_path_buf() };
        home.make("").map_err(|fault| home.failed("cannot be made", &fault))?;
        Ok(home)
    }

    /// Where sled lives.
    pub(super) fn sled(&self) -> PathBuf {
        self.top.join(SLED)
    }

    /// Whether nothing of ours is there.
    pub(super) fn is_empty(&self) -> io::Result<bool> {
        Ok(self.ours()?.is_empty() && self.small(MARK)?.is_none())
    }

    pub(super) fn mark(&self) -> io::Result<Option<Vec<u8>>> {
        self.small(MARK)
    }

    pub(super) fn write_mark(&self, bytes: &[u8]) -> Result<(), IndexFault> {
        self.replace(MARK, bytes).map_err(|fault| self.failed("cannot be marked", &fault))
    }

    pub(super) fn key(&self) -> io::Result<Option<Vec<u8>>> {
        self.small(KEY)
    }

    pub(super) fn write_key(&self, bytes: &[u8]) -> Result<(), IndexFault> {
        self.replace(KEY, bytes).map_err(|fault| self.failed("cannot store its key", &fault))
    }

    /// Length and sum of every file of ours but the mark.
    pub(super) fn sums(&self) -> io::Result<Sums> {
        let mut sums = Sums::new();
        for name in self.ours()? {
            let mut file = self.open(&name)?;
            let mut hasher = blake3::Hasher::new();
            let mut buffer = vec![0; 1 << 18];
            let mut len = 0;
            loop {
                let read = file.read(&mut buffer)?;
                let Some(bytes) = buffer.get(..read).filter(|bytes| !bytes.is_empty()) else {
                    break;
                };
                hasher.update(bytes);
                len += read as u64;
            }
            let hash = hasher.finalize();
            sums.insert(name, Sum { len, hash });
        }
        Ok(sums)
    }

    /// How many bytes our files hold.
    pub(super) fn size(&self) -> io::Result<u64> {
        let lengths = self.ours()?.into_iter();
        lengths.map(|name| Ok(fs::symlink_metadata(self.top.join(name))?.len())).sum()
    }

    /// Makes every file of ours durable, and the names of them.
    pub(super) fn sync(&self) -> io::Result<()> {
        for name in self.ours()? {
            self.open(&name)?.sync_all()?;
        }
        for dir in [BLOBS, SLED, ""] {
            if self.top.join(dir).exists() {
                self.sync_dir(dir)?;
            }
        }
        Ok(())
    }

    /// Removes every file of ours but the mark, and makes an empty place for sled. What carries another name stays.
    pub(super) fn clear(&self) -> Result<(), IndexFault> {
        let cleared = || -> io::Result<()> {
            for name in self.ours()? {
                // A link is removed itself; what it points to is not ours.
                fs::remove_file(self.top.join(name))?;
            }
            self.make(SLED)?;
            self.sync_dir(SLED)?;
            self.sync_dir("")
        };
        cleared().map_err(|fault| self.failed("cannot be cleared", &fault))
    }

    /// Names of all files that docket or sled makes here, but the mark.
    fn ours(&self) -> io::Result<Vec<String>> {
        let mut names = self.list("", |name| name == KEY || name == "key.new" || name == "mark.new")?;
        names.extend(self.list(SLED, |name| name == "conf" || name == "db" || name.starts_with("snap."))?);
        names.extend(self.list(BLOBS, |name| name.bytes().all(|byte| byte.is_ascii_digit()))?);
        names.sort();
        Ok(names)
    }

    fn list(&self, dir: &str, ours: impl Fn(&str) -> bool) -> io::Result<Vec<String>> {
        let place = self.top.join(dir);
        match fs::symlink_metadata(&place) {
            Ok(meta) if meta.is_dir() => {}
            Ok(_) => {
                return Err(io::Error::other(format!("{} is not a directory", place.display())));
            }
            Err(fault) if fault.kind() == io::ErrorKind::NotFound => return Ok(Vec::new()),
            Err(fault) => return Err(fault),
        }
        let mut names = Vec::new();
        for entry in fs::read_dir(&place)? {
            let entry = entry?;
            if let Some(name) = entry.file_name().to_str().filter(|name| ours(name)) {
                names.push(if dir.is_empty() { name.to_owned() } else { format!("{dir}/{name}") });
            }
        }
        Ok(names)
    }

    fn make(&self, dir: &str) -> io::Result<()> {
        let place = if dir.is_empty() { self.top.clone() } else { self.top.join(dir) };
        match DirBuilder::new().mode(0o700).create(&place) {
            Ok(()) => Ok(()),
            Err(fault) if fault.kind() == io::ErrorKind::AlreadyExists => {
                if fs::symlink_metadata(&place)?.is_dir() {
                    Ok(())
                } else {
                    Err(io::Error::other("it is not a directory; move it away"))
                }
            }
            Err(fault) => Err(fault),
        }
    }

    /// Opens a plain file; a link or anything else under our name is not what was written.
    fn open(&self, name: &str) -> io::Result<File> {
        let place = self.top.join(name);
        if !fs::symlink_metadata(&place)?.is_file() {
            return Err(io::Error::other(format!("{} is not a plain file", place.display())));
        }
        File::open(place)
    }

    fn small(&self, name: &str) -> io::Result<Option<Vec<u8>>> {
        let file = match self.open(name) {
            Ok(file) => file,
            Err(fault) if fault.kind() == io::ErrorKind::NotFound => return Ok(None),
            Err(fault) => return Err(fault),
        };
        let mut bytes = Vec::new();
        file.take(SMALL).read_to_end(&mut bytes)?;
        Ok(Some(bytes))
    }

    /// Writes beside, syncs, renames, syncs the directory: the name holds the old bytes or the new, never a mixture.
    fn replace(&self, name: &str, bytes: &[u8]) -> io::Result<()> {
        let beside = self.top.join(format!("{name}{NEW}"));
        match fs::remove_file(&beside) {
            Ok(()) => {}
            Err(fault) if fault.kind() == io::ErrorKind::NotFound => {}
            Err(fault) => return Err(fault),
        }
        let mut file = OpenOptions::new().write(true).create_new(true).mode(0o600).open(&beside)?;
        file.write_all(bytes)?;
        file.sync_all()?;
        fs::rename(&beside, self.top.join(name))?;
        self.sync_dir("")
    }

    fn sync_dir(&self, dir: &str) -> io::Result<()> {
        let place = if dir.is_empty() { self.top.clone() } else { self.top.join(dir) };
        File::open(place)?.sync_all()
    }

    fn failed(&self, what: &str, fault: &io::Error) -> IndexFault {
        IndexFault(format!("{} {what}: {fault}", self.top.display()))
    }
}
