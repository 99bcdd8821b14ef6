//! The real disk: files below one directory, by `std::fs`. Keeps files open, because opening is what costs.
//!
//! Knows nothing of what is stored. Who may write is the lock's business, not this one's.
#![allow(
    clippy::disallowed_methods,
    reason = "this is the Disk port's implementation: the one place where the journal's files are touched"
)]

use std::collections::BTreeMap;
use std::fs::{self, DirBuilder, File, OpenOptions};
use std::io;
use std::os::unix::fs::{DirBuilderExt, FileExt, OpenOptionsExt};
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use crate::ports::Disk;

/// How many files are kept open.
const KEPT: usize = 64;

/// A directory on a real disk.
#[derive(Debug)]
pub struct RealDisk {
    top: PathBuf,
    writes: bool,
    open: Mutex<BTreeMap<String, Arc<File>>>,
}

impl RealDisk {
    /// The files below a directory, which is made (mode 0700) when the first file is.
    pub fn new(top: impl Into<PathBuf>) -> RealDisk {
        RealDisk { top: top.into(), writes: true, open: Mutex::default() }
    }

    /// The same, but every change is refused: for whoever holds no lock.
    pub fn reading(top: impl Into<PathBuf>) -> RealDisk {
        RealDisk { writes: false, ..RealDisk::new(top) }
    }

    fn path(&self, name: &str) -> PathBuf {
        self.top.join(name)
    }

    fn may_write(&self) -> io::Result<()> {
        if self.writes { Ok(()) } else { Err(io::ErrorKind::ReadOnlyFilesystem.into()) }
    }

    fn file(&self, name: &str) -> io::Result<Arc<File>> {
        let mut open = self.open();
        if let Some(file) = open.get(name) {
            return Ok(Arc::clone(file));
        }
        let file = Arc::new(OpenOptions::new().read(true).write(self.writes).open(self.path(name))?);
        keep(&mut open, name, &file);
        Ok(file)
    }

    fn open(&self) -> MutexGuard<'_, BTreeMap<String, Arc<File>>> {
        self.open.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Disk for RealDisk {
    fn list(&self, dir: &str) -> io::Result<Vec<String>> {
        let entries = match fs::read_dir(self.path(dir)) {
            Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(Vec::new()),
            entries => entries?,
        };
        let mut names = Vec::new();
        for entry in entries {
            let entry = entry?;
            // A name that is no text is not ours, and nothing of ours is a directory.
            if let (false, Ok(name)) = (entry.file_type()?.is_dir(), entry.file_name().into_string()) {
                names.push(name);
            }
        }
        names.sort();
        Ok(names)
    }

    fn len(&self, name: &str) -> io::Result<Option<u64>> {
        match fs::metadata(self.path(name)) {
            Ok(metadata) => Ok(Some(metadata.len())),
            Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(None),
            Err(error) => Err(error),
        }
    }

    fn read_at(&self, name: &str, offset: u64, buffer: &mut [u8]) -> io::Result<usize> {
        let file = self.file(name)?;
        let mut done = 0;
        while let Some(rest) = buffer.get_mut(done..).filter(|rest| !rest.is_empty()) {
            match file.read_at(rest, offset + done as u64) {
                Ok(0) => break,
                Ok(count) => done += count,
                Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
                Err(error) => return Err(error),
            }
        }
        Ok(done)
    }

    fn create(&self, name: &str) -> io::Result<()> {
        self.may_write()?;
        let path = self.path(name);
        if let Some(dir) = path.parent() {
            make_dir(dir)?;
        }
        let file = OpenOptions::new().read(true).write(true).create_new(true).mode(0o600).open(path)?;
        keep(&mut self.open(), name, &Arc::new(file));
        Ok(())
    }

    fn write_at(&self, name: &str, offset: u64, bytes: &[u8]) -> io::Result<()> {
        self.may_write()?;
        self.file(name)?.write_all_at(bytes, offset)
    }

    fn set_len(&self, name: &str, len: u64) -> io::Result<()> {
        self.may_write()?;
        self.file(name)?.set_len(len)
    }

    fn sync(&self, name: &str) -> io::Result<()> {
        self.may_write()?;
        // fdatasync: the length is synced with the bytes, times are not needed.
        self.file(name)?.sync_data()
    }

    fn sync_dir(&self, dir: &str) -> io::Result<()> {
        self.may_write()?;
        let path = if dir.is_empty() { self.top.as_path() } else { &self.path(dir) };
        File::open(path)?.sync_all()
    }

    fn rename(&self, from: &str, to: &str) -> io::Result<()> {
        self.may_write()?;
        let mut open = self.open();
        open.remove(to);
        let file = open.remove(from);
        fs::rename(self.path(from), self.path(to))?;
        if let Some(file) = file {
            keep(&mut open, to, &file);
        }
        Ok(())
    }

    fn remove(&self, name: &str) -> io::Result<()> {
        self.may_write()?;
        self.open().remove(name);
        fs::remove_file(self.path(name))
    }
}

/// Makes a directory that only its owner can enter, and those above it, durably: a name that vanishes takes along everything below it.
pub fn make_dir(dir: &Path) -> io::Result<()> {
    let missing: Vec<&Path> =
        dir.ancestors().take_while(|dir| !dir.as_os_str().is_empty() && !dir.is_dir()).collect();
    if !missing.is_empty() {
        DirBuilder::new().recursive(true).mode(0o700).create(dir)?;
    }
    missing.into_iter().try_for_each(sync_parent)
}

/// How many bytes whoever runs this may still write where a path lies.
pub fn free_bytes(path: &Path) -> io::Result<u64> {
    fs2::available_space(path)
}

/// The file system on which a path lies, if another machine keeps that.
pub fn far_away(path: &Path) -> Option<String> {
    const FAR: [&str; 8] = ["nfs", "nfs4", "cifs", "smb3", "9p", "afs", "ceph", "glusterfs"];
    let path = fs::canonicalize(path).ok()?;
    let mounts = fs::read_to_string("/proc/self/mounts").ok()?;
    let mounted = mounts.lines().filter_map(|line| {
        let mut words = line.split(' ').skip(1);
        // A blank in a path is written so.
        let at = words.next()?.replace("\\040", " ");
        path.starts_with(&at).then_some((at.len(), words.next()?))
    });
    let (_, kind) = mounted.max_by_key(|(length, _)| *length)?;
    (FAR.contains(&kind) || kind.starts_with("fuse.sshfs")).then(|| kind.to_owned())
}

/// Makes a directory's names durable; of the directory in which a file was made.
pub(crate) fn sync_parent(path: &Path) -> io::Result<()> {
    let dir = path.parent().filter(|dir| !dir.as_os_str().is_empty());
    File::open(dir.unwrap_or(Path::new(".")))?.sync_all()
}

fn keep(open: &mut BTreeMap<String, Arc<File>>, name: &str, file: &Arc<File>) {
    // Old segments are read seldom, and the current one is opened again at once.
    if open.len() >= KEPT {
        open.clear();
    }
    open.insert(name.to_owned(), Arc::clone(file));
}
