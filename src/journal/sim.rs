//! A disk in memory that loses what was not synced when its power is cut, and seeded randomness to go with it.
//!
//! Bytes lie in 512-byte sectors that reach the plate in any order; lengths and names are changes of their own.

use std::collections::BTreeMap;
use std::io;
use std::sync::{Arc, Mutex};

use crate::ports::{Disk, Entropy};

/// Randomness that repeats.
pub(crate) struct Seeded(blake3::OutputReader);

impl Seeded {
    pub(crate) fn new(seed: u64) -> Seeded {
        Seeded(blake3::Hasher::new_keyed(&[5; 32]).update(&seed.to_le_bytes()).finalize_xof())
    }

    pub(crate) fn below(&mut self, end: u64) -> u64 {
        let mut bytes = [0; 8];
        self.fill(&mut bytes);
        u64::from_le_bytes(bytes) % end
    }
}

impl Entropy for Seeded {
    fn fill(&mut self, buffer: &mut [u8]) {
        self.0.fill(buffer);
    }
}

/// One change that is not durable yet.
#[derive(Clone, Debug)]
enum Change {
    /// Bytes within one sector of a file.
    Bytes(usize, u64, Vec<u8>),
    /// A file's length.
    Length(usize, u64),
    /// A name in a directory for a file, or for a directory (no file).
    Name(String, Option<usize>),
    /// A name that goes.
    Gone(String),
    /// A name that becomes another.
    Moved(String, String, usize),
}

/// The names and bytes of a disk at one moment.
#[derive(Clone, Debug, Default)]
struct Plate {
    names: BTreeMap<String, Option<usize>>,
    files: BTreeMap<usize, Arc<Vec<u8>>>,
}

impl Plate {
    fn apply(&mut self, change: &Change) {
        match change {
            Change::Bytes(file, offset, bytes) => {
                let data = Arc::make_mut(self.files.entry(*file).or_default());
                let start = usize::try_from(*offset).unwrap();
                let end = start + bytes.len();
                data.resize(data.len().max(end), 0);
                data[start..end].copy_from_slice(bytes);
            }
            Change::Length(file, len) => {
                let data = Arc::make_mut(self.files.entry(*file).or_default());
                data.resize(usize::try_from(*len).unwrap(), 0);
            }
            Change::Name(name, file) => drop(self.names.insert(name.clone(), *file)),
            Change::Gone(name) => drop(self.names.remove(name)),
            Change::Moved(from, to, file) => {
                self.names.remove(from);
                self.names.insert(to.clone(), Some(*file));
            }
        }
    }

    fn file(&self, name: &str) -> io::Result<usize> {
        self.names.get(name).copied().flatten().ok_or(io::ErrorKind::NotFound.into())
    }

    fn bytes(&self, name: &str) -> io::Result<Arc<Vec<u8>>> {
        Ok(self.files.get(&self.file(name)?).cloned().unwrap_or_default())
    }
}

/// Everything about a simulated disk at one moment, to be kept and to be gone on from.
#[derive(Clone, Debug, Default)]
pub(crate) struct Moment {
    live: Plate,
    durable: Plate,
    pending: Vec<Change>,
    next: usize,
}

impl Moment {
    /// How many changes are not durable.
    pub(crate) fn unsynced(&self) -> usize {
        self.pending.len()
    }

    /// The disk after its power was cut now, with those unsynced changes kept that `keep` says.
    pub(crate) fn cut(&self, keep: impl Fn(usize) -> bool) -> Moment {
        let mut plate = self.durable.clone();
        for (index, change) in self.pending.iter().enumerate() {
            if keep(index) {
                plate.apply(change);
            }
        }
        // A file without its directory is not to be found.
        let dirs: Vec<String> =
            plate.names.iter().filter(|(_, file)| file.is_none()).map(|(d, _)| d.clone()).collect();
        plate.names.retain(|name, _| dir_of(name).is_empty() || dirs.iter().any(|dir| dir == dir_of(name)));
        Moment { live: plate.clone(), durable: plate, pending: Vec::new(), next: self.next }
    }

    fn change(&mut self, change: Change) {
        self.live.apply(&change);
        self.pending.push(change);
    }

    fn settle(&mut self, settled: impl Fn(&Change) -> bool) {
        let (now, later): (Vec<Change>, Vec<Change>) = self.pending.drain(..).partition(settled);
        for change in &now {
            self.durable.apply(change);
        }
        self.pending = later;
    }

    /// The names and bytes of all files as programs see them.
    pub(crate) fn files(&self) -> BTreeMap<String, Vec<u8>> {
        let files = self.live.names.iter().filter_map(|(name, file)| Some((name, (*file)?)));
        files
            .map(|(name, file)| {
                (name.clone(), self.live.files.get(&file).map(|b| b.to_vec()).unwrap_or_default())
            })
            .collect()
    }

    /// A disk that holds these files, durably.
    pub(crate) fn of(files: &BTreeMap<String, Vec<u8>>) -> Moment {
        let disk = SimDisk::default();
        for (name, bytes) in files {
            disk.create(name).unwrap();
            disk.write_at(name, 0, bytes).unwrap();
        }
        disk.moment().cut(|_| true)
    }
}

/// What is done at a call that changes or syncs something, before it: called with its name.
type Watch = Box<dyn FnMut(&Moment, &str) -> Verdict + Send>;

/// What becomes of a call.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Verdict {
    Done,
    /// A sync that says it was done and was not.
    Lie,
    /// It is done and yet answers that the disk is full.
    Full,
    /// It fails and nothing is done.
    Fail,
}

/// The disk.
#[derive(Default)]
pub(crate) struct SimDisk {
    state: Mutex<Moment>,
    watch: Mutex<Option<Watch>>,
}

impl SimDisk {
    pub(crate) fn at(moment: Moment) -> SimDisk {
        SimDisk { state: Mutex::new(moment), watch: Mutex::new(None) }
    }

    pub(crate) fn moment(&self) -> Moment {
        self.state.lock().unwrap().clone()
    }

    /// Has every call from now on that changes or syncs something looked at first.
    pub(crate) fn watch(&self, watch: impl FnMut(&Moment, &str) -> Verdict + Send + 'static) {
        *self.watch.lock().unwrap() = Some(Box::new(watch));
    }

    pub(crate) fn unwatch(&self) {
        *self.watch.lock().unwrap() = None;
    }

    fn call(&self, what: &str, act: impl FnOnce(&mut Moment) -> io::Result<()>) -> io::Result<()> {
        let mut state = self.state.lock().unwrap();
        let verdict = self.watch.lock().unwrap().as_mut().map_or(Verdict::Done, |watch| watch(&state, what));
        match verdict {
            Verdict::Done => act(&mut state),
            Verdict::Lie => Ok(()),
            Verdict::Full => act(&mut state).and(Err(io::ErrorKind::StorageFull.into())),
            Verdict::Fail => Err(io::Error::other("the simulated disk fails")),
        }
    }
}

impl Disk for SimDisk {
    fn list(&self, dir: &str) -> io::Result<Vec<String>> {
        let state = self.state.lock().unwrap();
        let files = state.live.names.iter().filter(|(_, file)| file.is_some());
        Ok(files.filter(|(name, _)| dir_of(name) == dir).map(|(name, _)| base_of(name).to_owned()).collect())
    }

    fn len(&self, name: &str) -> io::Result<Option<u64>> {
        Ok(self.state.lock().unwrap().live.bytes(name).ok().map(|bytes| bytes.len() as u64))
    }

    fn read_at(&self, name: &str, offset: u64, buffer: &mut [u8]) -> io::Result<usize> {
        let bytes = self.state.lock().unwrap().live.bytes(name)?;
        let rest = bytes.get(usize::try_from(offset).unwrap()..).unwrap_or_default();
        let count = rest.len().min(buffer.len());
        buffer[..count].copy_from_slice(&rest[..count]);
        Ok(count)
    }

    fn create(&self, name: &str) -> io::Result<()> {
        self.call(&format!("create {name}"), |state| {
            if state.live.names.contains_key(name) {
                return Err(io::ErrorKind::AlreadyExists.into());
            }
            let dir = dir_of(name);
            if !dir.is_empty() && !state.live.names.contains_key(dir) {
                state.change(Change::Name(dir.to_owned(), None));
            }
            state.next += 1;
            state.change(Change::Name(name.to_owned(), Some(state.next)));
            Ok(())
        })
    }

    fn write_at(&self, name: &str, offset: u64, bytes: &[u8]) -> io::Result<()> {
        self.call(&format!("write {name}"), |state| {
            let file = state.live.file(name)?;
            let end = offset + bytes.len() as u64;
            if end > state.live.bytes(name)?.len() as u64 {
                state.change(Change::Length(file, end));
            }
            let (mut at, mut rest) = (offset, bytes);
            while !rest.is_empty() {
                let room = usize::try_from(512 - at % 512).unwrap();
                let (sector, more) = rest.split_at(room.min(rest.len()));
                state.change(Change::Bytes(file, at, sector.to_vec()));
                (at, rest) = (at + sector.len() as u64, more);
            }
            Ok(())
        })
    }

    fn set_len(&self, name: &str, len: u64) -> io::Result<()> {
        self.call(&format!("set_len {name}"), |state| {
            let file = state.live.file(name)?;
            state.change(Change::Length(file, len));
            Ok(())
        })
    }

    fn sync(&self, name: &str) -> io::Result<()> {
        self.call(&format!("sync {name}"), |state| {
            let own = state.live.file(name)?;
            state.settle(
                |change| matches!(change, Change::Bytes(file, ..) | Change::Length(file, _) if *file == own),
            );
            Ok(())
        })
    }

    fn sync_dir(&self, dir: &str) -> io::Result<()> {
        self.call(&format!("sync_dir {dir}"), |state| {
            state.settle(|change| match change {
                Change::Name(name, _) | Change::Gone(name) | Change::Moved(name, ..) => dir_of(name) == dir,
                Change::Bytes(..) | Change::Length(..) => false,
            });
            Ok(())
        })
    }

    fn rename(&self, from: &str, to: &str) -> io::Result<()> {
        self.call(&format!("rename {from} {to}"), |state| {
            let file = state.live.file(from)?;
            state.change(Change::Moved(from.to_owned(), to.to_owned(), file));
            Ok(())
        })
    }

    fn remove(&self, name: &str) -> io::Result<()> {
        self.call(&format!("remove {name}"), |state| {
            state.live.file(name)?;
            state.change(Change::Gone(name.to_owned()));
            Ok(())
        })
    }
}

fn dir_of(name: &str) -> &str {
    name.rsplit_once('/').map_or("", |(dir, _)| dir)
}

fn base_of(name: &str) -> &str {
    name.rsplit_once('/').map_or(name, |(_, base)| base)
}
