//! `docket backup`: everything that is needed to go on elsewhere, encrypted, while a docket runs or not.
//!
//! A head is fixed first; then the journal up to it, the files and last the keys are read, none of it blocking the desk. It
//! deletes no backup of before: how long they are kept (`backup.keep`) is the running bot's business.
#![allow(
    clippy::disallowed_methods,
    reason = "the directory of the backups is not the desk's, and nothing of the desk is changed"
)]

use std::collections::BTreeSet;
use std::fs::{self, File, OpenOptions, TryLockError};
use std::io::{self, BufWriter, ErrorKind, Read, Write};
use std::os::unix::fs::OpenOptionsExt;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use age::x25519::Recipient;
use age::{Encryptor, stream::StreamWriter};
use anyhow::{Context, anyhow, bail, ensure};
use chrono::{DateTime, SubsecRound, Utc};
use tar::{Builder, EntryType, Header};

use super::archive::{self, FILES, FORMAT, KEYS, MANIFEST, Manifest};
use super::control::{self, Answer, Ask};
use super::erasures::{Erasures, LIST};
use super::home::DATA_KEY;
use super::{Lock, LockFault, secret};
use crate::case::wire::{self, DeskPart};
use crate::case::{CaseId, DeskEvent, Scope};
use crate::disk::{RealDisk, sync_parent};
use crate::journal::{self, DataKey, Extent, Keys};
use crate::ports::{Body, Disk, Head};

/// How often it is begun again when cases were purged while it was made.
const ATTEMPTS: usize = 3;

/// What is backed up, where to, and for whom.
#[derive(Clone, Copy, Debug)]
pub struct Backup<'a> {
    /// The data directory.
    pub data: &'a Path,
    /// The data key's file.
    pub key: &'a Path,
    /// The directory of the backups; it must exist.
    pub to: &'a Path,
    /// Who can open it.
    pub recipient: &'a Recipient,
    /// The time it is.
    pub now: DateTime<Utc>,
}

/// A backup that was made.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Made {
    /// Its file.
    pub file: PathBuf,
    /// The last record in it.
    pub head: Head,
    /// How many cases the list of erasures beside it names for this desk.
    pub erasures: usize,
}

/// Makes a backup and brings the list of erasures beside it up to date.
pub fn make(what: Backup<'_>) -> anyhow::Result<Made> {
    ensure!(what.data.is_dir(), "{} is no directory", what.data.display());
    ensure!(
        what.to.is_dir(),
        "{} is no directory. Is its drive mounted? Make the directory if it is new",
        what.to.display()
    );
    ensure!(
        !what.to.canonicalize()?.starts_with(what.data.canonicalize()?),
        "{} lies inside the data directory: what destroys that destroys the backup too. Name a directory elsewhere",
        what.to.display()
    );
    let key = secret::read_data_key(what.key)?;
    let _alone = Alone::take(what.to)?;
    for _ in 0..ATTEMPTS {
        let standing = standing(what.data, &key)?;
        if let Some(made) = attempt(what, &key, &standing)? {
            return Ok(made);
        }
    }
    bail!(
        "keys of cases are gone without a purge on record (or cases are being purged without end): try again, and if it \
         stays so, restore an earlier backup"
    )
}

/// What a backup is fixed at.
struct Standing {
    head: Head,
    purged: Vec<CaseId>,
    /// Held while nobody else works on the data.
    _lock: Option<Lock>,
}

/// Asks the docket that runs, or looks for itself if none does.
fn standing(data: &Path, key: &DataKey) -> anyhow::Result<Standing> {
    match control::ask(data, &Ask::Standing)? {
        Some(Answer::Standing { head, purged }) => Ok(Standing {
            head: Head::read(&head).context("the running docket names no head; is it of another version?")?,
            purged: purged.into_iter().filter_map(CaseId::new).collect(),
            _lock: None,
        }),
        Some(Answer::Refused { why }) => bail!("the running docket says: {why}"),
        Some(Answer::Health { .. } | Answer::Report { .. } | Answer::Done { .. }) => {
            bail!("the running docket answered something else; is it of another version?")
        }
        None => {
            let lock = Lock::take(data).map_err(|fault| match fault {
                LockFault::Held { .. } => {
                    anyhow!("docket is starting or stopping in {}: try again in a moment", data.display())
                }
                LockFault::Io { .. } => fault.into(),
            })?;
            let mut records = journal::export(Arc::new(RealDisk::reading(data)), key)?;
            let head = records.head();
            let purged = records.try_fold(Vec::new(), |mut purged, record| {
                let record = record?;
                for (scope, body) in record.outline.scopes.iter().zip(record.bodies) {
                    if let (Scope::Desk, Body::Open(bytes)) = (scope, body) {
                        let part: DeskPart = wire::read(&bytes)?;
                        purged.extend(part.events.iter().filter_map(DeskEvent::purged));
                    }
                }
                anyhow::Ok(purged)
            })?;
            Ok(Standing { head, purged, _lock: Some(lock) })
        }
    }
}

/// One attempt; `None` if cases were purged on the way, so that what was read does not fit together.
fn attempt(what: Backup<'_>, key: &DataKey, standing: &Standing) -> anyhow::Result<Option<Made>> {
    let disk: Arc<dyn Disk> = Arc::new(RealDisk::reading(what.data));
    let extent = journal::extent(&*disk, standing.head)?;
    let manifest = Manifest {
        format: FORMAT,
        docket: env!("CARGO_PKG_VERSION").to_owned(),
        journal: crate::ports::hex(&extent.id),
        head: extent.head.to_string(),
        highest: extent.highest.map_or(0, CaseId::number),
        at: what.now.trunc_subsecs(0),
    };
    let file = what.to.join(archive::file_name(extent.head.seq.0, what.now));
    ensure!(!file.exists(), "{} exists already; try again in a second", file.display());
    let part = Part::new(file.with_extension("age.part"))?;
    let mut tar = Builder::new(encrypted(&part, what.recipient)?);
    entry(&mut tar, MANIFEST, &serde_json::to_vec(&manifest)?)?;
    for (name, size) in &extent.files {
        stream(&mut tar, name, *size, &mut Stored::new(&*disk, name))?;
    }
    let purged: BTreeSet<CaseId> = standing.purged.iter().copied().collect();
    files(&mut tar, &*disk, &extent, &purged)?;
    let mut keys = journal::keys(Arc::clone(&disk), key, &extent, purged)?;
    if !all_there(&mut tar, &mut keys)? {
        return Ok(None);
    }
    entry(&mut tar, DATA_KEY, format!("{}\n", *key.text()).as_bytes())?;
    tar.into_inner()?.finish()?.into_inner().map_err(io::IntoInnerError::into_error)?.sync_all()?;
    // The list first: no backup without it, and a list that is ahead does no harm.
    let erasures = list(what, &manifest.journal, &standing.purged)?;
    part.publish(&file)?;
    Ok(Some(Made { file, head: extent.head, erasures }))
}

type Encrypted = StreamWriter<BufWriter<File>>;

fn encrypted(part: &Part, recipient: &Recipient) -> anyhow::Result<Encrypted> {
    let for_whom: &dyn age::Recipient = recipient;
    let encryptor = Encryptor::with_recipients(std::iter::once(for_whom))
        .map_err(|fault| anyhow!("nothing can be encrypted for this recipient: {fault}"))?;
    let file = part.create()?;
    Ok(encryptor.wrap_output(BufWriter::with_capacity(1 << 17, file))?)
}

fn header(size: u64) -> Header {
    let mut header = Header::new_ustar();
    header.set_entry_type(EntryType::Regular);
    header.set_mode(0o600);
    header.set_size(size);
    header
}

fn entry(tar: &mut Builder<Encrypted>, name: &str, bytes: &[u8]) -> anyhow::Result<()> {
    stream(tar, name, bytes.len() as u64, &mut &*bytes)
}

/// Writes exactly `size` bytes: another count would shift everything behind it.
fn stream(tar: &mut Builder<Encrypted>, name: &str, size: u64, bytes: &mut dyn Read) -> anyhow::Result<()> {
    let mut exact = Exact { left: size, bytes };
    let written = tar.append_data(&mut header(size), name, &mut exact);
    written.with_context(|| format!("{name} could not be copied"))
}

/// The sealed files of the cases on record. One that a purge takes away meanwhile is passed over; one that nobody has named
/// yet does no harm.
fn files(
    tar: &mut Builder<Encrypted>,
    disk: &dyn Disk,
    extent: &Extent,
    purged: &BTreeSet<CaseId>,
) -> anyhow::Result<()> {
    let belongs = |case: CaseId| extent.highest >= Some(case) && !purged.contains(&case);
    for file in disk.list(FILES)? {
        let name = format!("{FILES}/{file}");
        let case = archive::case_of(&file).and_then(CaseId::new);
        let known = archive::kind(&name).is_some() && case.is_some_and(belongs);
        let Some(size) = disk.len(&name)?.filter(|_| known) else {
            continue;
        };
        let mut stored = Stored::new(disk, &name);
        match stored.touch() {
            Err(fault) if fault.kind() == ErrorKind::NotFound => continue,
            touched => touched?,
        }
        stream(tar, &name, size, &mut stored)?;
    }
    Ok(())
}

/// Writes the keys; whether each was there that should be.
fn all_there(tar: &mut Builder<Encrypted>, keys: &mut Keys) -> anyhow::Result<bool> {
    stream(tar, KEYS, keys.size(), keys)?;
    Ok(keys.gone().is_empty())
}

/// A file on a disk, read from its beginning.
struct Stored<'a> {
    disk: &'a dyn Disk,
    name: &'a str,
    at: u64,
}

impl<'a> Stored<'a> {
    fn new(disk: &'a dyn Disk, name: &'a str) -> Stored<'a> {
        Stored { disk, name, at: 0 }
    }

    /// Opens it; what is open stays readable when its name is taken away.
    fn touch(&self) -> io::Result<()> {
        self.disk.read_at(self.name, 0, &mut []).map(|_| ())
    }
}

impl Read for Stored<'_> {
    fn read(&mut self, out: &mut [u8]) -> io::Result<usize> {
        let count = self.disk.read_at(self.name, self.at, out)?;
        self.at += count as u64;
        Ok(count)
    }
}

/// Gives as many bytes as were promised, and fails rather than give fewer.
struct Exact<'a> {
    left: u64,
    bytes: &'a mut dyn Read,
}

impl Read for Exact<'_> {
    fn read(&mut self, out: &mut [u8]) -> io::Result<usize> {
        let want = out.len().min(usize::try_from(self.left).unwrap_or(usize::MAX));
        let out = out.get_mut(..want).unwrap_or_default();
        let count = self.bytes.read(out)?;
        if count == 0 && want > 0 {
            return Err(ErrorKind::UnexpectedEof.into());
        }
        self.left -= count as u64;
        Ok(count)
    }
}

/// A file that is being written; taken away again unless it gets its name.
struct Part {
    path: PathBuf,
}

impl Part {
    /// What a killed process left under the same name is nobody's: the directory's lock is held.
    fn new(path: PathBuf) -> anyhow::Result<Part> {
        match fs::remove_file(&path) {
            Err(fault) if fault.kind() != ErrorKind::NotFound => Err(fault.into()),
            Ok(()) | Err(_) => Ok(Part { path }),
        }
    }

    fn create(&self) -> anyhow::Result<File> {
        let made = OpenOptions::new().write(true).create_new(true).mode(0o600).open(&self.path);
        made.with_context(|| format!("{} cannot be made", self.path.display()))
    }

    /// Gives it its name, durably. Its bytes are synced.
    fn publish(&self, name: &Path) -> anyhow::Result<()> {
        fs::rename(&self.path, name).with_context(|| format!("{} cannot be made", name.display()))?;
        Ok(sync_parent(name)?)
    }
}

impl Drop for Part {
    fn drop(&mut self) {
        match fs::remove_file(&self.path) {
            Err(fault) if fault.kind() != ErrorKind::NotFound => {
                tracing::warn!("{} is left over: {fault}", self.path.display());
            }
            Ok(()) | Err(_) => {}
        }
    }
}

/// Brings the list up to date, as a whole or not at all, and says how many cases of this desk it names.
fn list(what: Backup<'_>, journal: &str, purged: &[CaseId]) -> anyhow::Result<usize> {
    let path = what.to.join(LIST);
    let mut erasures = match fs::read_to_string(&path) {
        Ok(text) => Erasures::read(&text).map_err(|why| anyhow!("{}: {why}", path.display()))?,
        Err(fault) if fault.kind() == ErrorKind::NotFound => Erasures::default(),
        Err(fault) => return Err(fault).with_context(|| format!("{} cannot be read", path.display())),
    };
    erasures.add(journal, purged.iter().copied(), what.now.date_naive());
    let part = Part::new(path.with_extension("txt.part"))?;
    let mut file = part.create()?;
    file.write_all(erasures.text().as_bytes())?;
    file.sync_all()?;
    part.publish(&path)?;
    Ok(erasures.of(journal).len())
}

/// Only one backup at a time is written into a directory: the list is read and written again.
struct Alone(File);

impl Alone {
    fn take(dir: &Path) -> anyhow::Result<Alone> {
        let file = File::open(dir).with_context(|| format!("{} cannot be opened", dir.display()))?;
        match file.try_lock() {
            Ok(()) => {}
            Err(TryLockError::WouldBlock) => {
                bail!("another backup is being written into {}: try again when it is done", dir.display())
            }
            // Some network drives have no locks; then it is the administrator who keeps two apart.
            Err(TryLockError::Error(fault)) => tracing::warn!("{} cannot be locked: {fault}", dir.display()),
        }
        Ok(Alone(file))
    }
}

impl Drop for Alone {
    fn drop(&mut self) {
        // Said, not left to closing: a child that is just being started still holds a copy of the open file.
        if let Err(fault) = self.0.unlock() {
            tracing::warn!("the directory of the backups stays locked until this ends: {fault}");
        }
    }
}
