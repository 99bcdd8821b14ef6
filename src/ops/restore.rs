//! `docket restore`: a desk from a backup, in an empty place, with everything purged that was purged since.
//!
//! Everything is made and checked in a directory beside the place; it gets the place's name only when all is well. A backup
//! is encrypted for its recipient, not signed: whoever can write where backups lie can put another one there. So nothing in
//! it is trusted before it is checked, and the head is told, to be compared with the one posted in the room.
#![allow(
    clippy::disallowed_methods,
    reason = "a new data directory is made here, which nobody else knows of yet"
)]

use std::fs::{self, File};
use std::io::{self, BufReader, ErrorKind, Read};
use std::path::{Component, Path, PathBuf};

use age::stream::StreamReader;
use age::x25519::Identity;
use age::{DecryptError, Decryptor};
use anyhow::{Context, anyhow, bail, ensure};
use chrono::{DateTime, Utc};
use tar::{Archive, Entry, EntryType};

use super::archive::{self, FILES, FORMAT, JOURNAL, Kind, Manifest};
use super::erasures::{Erasures, LIST};
use super::home::{self, DATA_KEY};
use super::{Home, identity, secret};
use crate::case::{CaseId, PurgeReason, Terms};
use crate::desk::Input;
use crate::disk::{RealDisk, make_dir, sync_parent};
use crate::journal::{self, DataKey};
use crate::ports::{Disk, Head};

/// How far the numbers on the list may lie beyond those in the backup. More is a mistake in the list.
const FAR: u32 = 1 << 15;
/// Nothing small in a backup comes near this.
const SMALL: u64 = 64 << 10;

/// What is restored, and where to.
#[derive(Debug)]
pub struct Restore<'a> {
    /// The directory of the backups.
    pub from: &'a Path,
    /// The backup's file name; the newest if none is named.
    pub file: Option<&'a str>,
    /// The file of the identity that opens it.
    pub identity: &'a Path,
    /// The new data directory: it does not exist, or is empty.
    pub to: &'a Path,
    /// Where the data key goes, which must not exist; beside the data if no place is named.
    pub key: Option<&'a Path>,
    /// What the desk works by.
    pub terms: Terms,
    /// Go on although the list of erasures is missing.
    pub without_erasures: bool,
    /// The time it is.
    pub now: DateTime<Utc>,
}

/// What was restored.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Restored {
    /// The backup's file.
    pub file: PathBuf,
    /// When it was made.
    pub made: DateTime<Utc>,
    /// The last record in it.
    pub head: Head,
    /// The end of the journal now, behind the record of the erasures.
    pub now: Head,
    /// How many cases were purged again.
    pub erased: usize,
}

/// Restores a backup, or changes nothing.
pub fn restore(what: Restore<'_>) -> anyhow::Result<Restored> {
    ensure!(
        what.from.is_dir(),
        "{} is no directory. Is its drive mounted?",
        what.from.display()
    );
    must_be_empty(what.to)?;
    if let Some(key) = what.key {
        ensure!(
            !key.exists(),
            "{} exists already: move that data key away first",
            key.display()
        );
    }
    let file = choose(what.from, what.file)?;
    let identities = identity::identities(what.identity)?;
    let listed = erasures(what.from, what.without_erasures)?;

    let building = Building::beside(what.to)?;
    let unpacked = unpack(&file, &identities, &building.0)?;
    let (manifest, head) = (&unpacked.manifest, unpacked.head);
    check(&building.0, head)?;
    let mut home = Home::open(
        &building.0,
        &unpacked.key,
        what.terms.clone(),
        &mut home::progress_on_stderr(),
    )?;
    ensure!(
        home.desk.head() == head,
        "the journal in the backup ends elsewhere than the backup says"
    );
    let erased = match &listed {
        Some(listed) => erase_again(
            &mut home,
            &listed.of(&manifest.journal),
            manifest.highest,
            what.now,
        )?,
        None => 0,
    };
    let now = home.desk.head();
    home.close()?;
    let restored = Restored {
        file,
        made: manifest.at,
        head,
        now,
        erased,
    };
    building.publish(what.to, what.key, &unpacked.key)?;
    Ok(restored)
}

fn must_be_empty(to: &Path) -> anyhow::Result<()> {
    match fs::read_dir(to) {
        Err(fault) if fault.kind() == ErrorKind::NotFound => Ok(()),
        Err(fault) => Err(fault).with_context(|| format!("{} cannot be restored into", to.display())),
        Ok(mut entries) => {
            ensure!(
                entries.next().is_none(),
                "{} is not empty: restore into an empty place, or move what is there away first",
                to.display()
            );
            Ok(())
        }
    }
}

/// The backup that was named, or the newest: the one that holds most records, and of these the last made.
fn choose(from: &Path, file: Option<&str>) -> anyhow::Result<PathBuf> {
    if let Some(name) = file {
        let plain = Path::new(name)
            .components()
            .all(|part| matches!(part, Component::Normal(_)))
            && !name.contains('/');
        ensure!(
            plain && !name.is_empty(),
            "name a file in {} by its name alone",
            from.display()
        );
        let path = from.join(name);
        ensure!(path.is_file(), "there is no {}", path.display());
        return Ok(path);
    }
    let mut newest = None;
    for entry in fs::read_dir(from).with_context(|| format!("{} cannot be read", from.display()))? {
        let name = entry?.file_name();
        let read = name.to_str().and_then(archive::read_file_name);
        newest = newest.max(read.map(|age| (age, name)));
    }
    let (_, name) = newest.with_context(|| {
        format!(
            "there is no backup in {}: their names look like docket-812-20261120T100000Z.age",
            from.display()
        )
    })?;
    Ok(from.join(name))
}

/// The list beside the backups. Without it, what was destroyed since the backup would come back.
fn erasures(from: &Path, may_miss: bool) -> anyhow::Result<Option<Erasures>> {
    let path = from.join(LIST);
    match fs::read_to_string(&path) {
        Ok(text) => Erasures::read(&text)
            .map(Some)
            .map_err(|why| anyhow!("{}: {why}. Fetch the list from another copy", path.display())),
        Err(fault) if fault.kind() == ErrorKind::NotFound && may_miss => Ok(None),
        Err(fault) if fault.kind() == ErrorKind::NotFound => bail!(
            "the list of erasures {} is missing: cases that were destroyed since the backup would come back. Fetch it from \
             where the backups are kept; only if nothing was ever purged since, say --without-erasures",
            path.display()
        ),
        Err(fault) => Err(fault).with_context(|| format!("{} cannot be read", path.display())),
    }
}

struct Unpacked {
    manifest: Manifest,
    head: Head,
    key: DataKey,
}

/// Decrypts and unpacks into a directory, taking nothing that does not belong in a backup.
fn unpack(file: &Path, identities: &[Identity], into: &Path) -> anyhow::Result<Unpacked> {
    let name = file.display();
    let opened = File::open(file).with_context(|| format!("{name} cannot be opened"))?;
    let stream = Decryptor::new_buffered(BufReader::new(opened))
        .and_then(|decryptor| decryptor.decrypt(identities.iter().map(|one| one as &dyn age::Identity)))
        .map_err(|fault| match fault {
            DecryptError::NoMatchingKeys => {
                anyhow!("{name} was made for another recipient: this identity does not open it")
            }
            DecryptError::UnknownFormat | DecryptError::InvalidHeader => {
                anyhow!("{name} is no age file, or damaged at its beginning")
            }
            _ => damaged(file),
        })?;
    let mut archive = Archive::new(stream);
    let unpacked = entries(&mut archive, file, into)?;
    // The end of the stream must be seen: only then is it known that nothing was cut off.
    let mut rest = [0; 4096];
    let mut stream = archive.into_inner();
    loop {
        let count = stream.read(&mut rest).map_err(|_| damaged(file))?;
        if count == 0 {
            return Ok(unpacked);
        }
        let all_zero = rest.iter().take(count).all(|byte| *byte == 0);
        ensure!(
            all_zero,
            "{name} holds something behind its end; it is no backup of docket"
        );
    }
}

fn entries(
    archive: &mut Archive<StreamReader<BufReader<File>>>,
    file: &Path,
    into: &Path,
) -> anyhow::Result<Unpacked> {
    let disk = RealDisk::new(into);
    let mut manifest: Option<(Manifest, Head)> = None;
    let mut key = None;
    let mut before = None;
    // Raw: an entry that renames the one behind it is seen as what it is, and refused.
    for entry in archive.entries().map_err(|_| damaged(file))?.raw(true) {
        let mut entry = entry.map_err(|_| damaged(file))?;
        let name = String::from_utf8_lossy(&entry.path_bytes()).into_owned();
        let kind = archive::kind(&name).filter(|_| entry.header().entry_type() == EntryType::Regular);
        let Some(kind) = kind else {
            bail!(
                "{} holds {:?}, which no backup of docket does; nothing was restored",
                file.display(),
                name
            );
        };
        let once = !matches!(kind, Kind::Segment | Kind::File);
        ensure!(
            before.is_none_or(|before| before < kind || (before == kind && !once))
                && (before.is_some() || kind == Kind::Manifest),
            "{} holds {name:?} in the wrong place; it is no backup of docket",
            file.display()
        );
        before = Some(kind);
        match kind {
            Kind::Manifest => manifest = Some(read_manifest(&small(&mut entry, file)?, file)?),
            Kind::Segment | Kind::File | Kind::Keys => write(&disk, &name, &mut entry, file)?,
            Kind::DataKey => {
                let bytes = zeroize::Zeroizing::new(small(&mut entry, file)?);
                let text = std::str::from_utf8(&bytes).map_err(|_| damaged(file))?;
                key =
                    Some(DataKey::read(text).with_context(|| format!("the data key in {}", file.display()))?);
            }
        }
    }
    for dir in ["", JOURNAL, FILES] {
        if into.join(dir).is_dir() {
            disk.sync_dir(dir)?;
        }
    }
    match (manifest, key) {
        (Some((manifest, head)), Some(key)) => Ok(Unpacked { manifest, head, key }),
        (None, _) | (_, None) => Err(damaged(file)),
    }
}

fn read_manifest(bytes: &[u8], file: &Path) -> anyhow::Result<(Manifest, Head)> {
    let manifest: Manifest = serde_json::from_slice(bytes)
        .with_context(|| format!("what {} says of itself cannot be read", file.display()))?;
    ensure!(
        manifest.format == FORMAT,
        "{} has format {}; this docket reads format {FORMAT}",
        file.display(),
        manifest.format
    );
    let head = Head::read(&manifest.head).ok_or_else(|| damaged(file))?;
    Ok((manifest, head))
}

fn small(entry: &mut Entry<'_, impl Read>, file: &Path) -> anyhow::Result<Vec<u8>> {
    ensure!(entry.size() <= SMALL, "{} is no backup of docket", file.display());
    let mut bytes = Vec::with_capacity(usize::try_from(entry.size()).unwrap_or(0));
    entry.read_to_end(&mut bytes).map_err(|_| damaged(file))?;
    Ok(bytes)
}

fn write(disk: &RealDisk, name: &str, entry: &mut Entry<'_, impl Read>, file: &Path) -> anyhow::Result<()> {
    let failed = |fault: io::Error| anyhow!("{name} cannot be written: {fault}");
    disk.create(name).map_err(failed)?;
    let mut buffer = vec![0; 1 << 17];
    let mut at = 0;
    loop {
        let count = entry.read(&mut buffer).map_err(|_| damaged(file))?;
        let bytes = buffer.get(..count).unwrap_or_default();
        if bytes.is_empty() {
            break;
        }
        disk.write_at(name, at, bytes).map_err(failed)?;
        at += count as u64;
    }
    ensure!(at == entry.size(), damaged(file));
    disk.sync(name).map_err(failed)
}

fn damaged(file: &Path) -> anyhow::Error {
    anyhow!(
        "{} is damaged or cut short; nothing was restored. Take another copy of it, or another one by --file",
        file.display()
    )
}

/// The chain, up to exactly the head that the backup was fixed at.
fn check(dir: &Path, head: Head) -> anyhow::Result<()> {
    let found = journal::verify(&RealDisk::reading(dir), None, Some(head))?;
    ensure!(
        found.head == head && found.unfinished.is_none(),
        "the journal in the backup ends at {}, not at {head} as the backup says",
        found.head
    );
    Ok(())
}

/// Purges what was purged since, and what was lost and purged since: such a number must not be given again.
fn erase_again(
    home: &mut Home,
    listed: &[CaseId],
    highest: u32,
    now: DateTime<Utc>,
) -> anyhow::Result<usize> {
    let before = home.desk.purged()?;
    if let Some(case) = before.iter().find(|case| !listed.contains(case)) {
        bail!(
            "{LIST} is older than the backup, which knows {case} as erased: fetch the newest list from where the backups \
             are kept"
        );
    }
    if let Some(case) = listed
        .iter()
        .find(|case| case.number() > highest.saturating_add(FAR))
    {
        bail!(
            "{LIST} names {case}, far beyond the cases in the backup (up to C-{highest}): is it of another desk?"
        );
    }
    home.desk
        .handle(vec![Input::Purge(listed.to_vec(), PurgeReason::Restored)], now)?;
    let after = home.desk.purged()?;
    ensure!(
        listed.iter().all(|case| after.contains(case)),
        "the erasures could not be repeated: the disk is full"
    );
    Ok(after.len() - before.len())
}

/// The directory in which it is made, beside the place; taken away again unless it gets the place's name.
struct Building(PathBuf);

impl Building {
    fn beside(to: &Path) -> anyhow::Result<Building> {
        let name = to
            .file_name()
            .and_then(|name| name.to_str())
            .with_context(|| format!("{} has no name of its own; write it out", to.display()))?;
        let path = to.with_file_name(format!(".{name}.restoring-{}", std::process::id()));
        ensure!(!path.exists(), "{} is in the way; remove it", path.display());
        make_dir(&path).with_context(|| format!("{} cannot be made", path.display()))?;
        Ok(Building(path))
    }

    /// Writes the data key to its place, and gives the directory its name.
    fn publish(self, to: &Path, key_to: Option<&Path>, key: &DataKey) -> anyhow::Result<()> {
        let beside = self.0.join(DATA_KEY);
        let key_file = key_to.unwrap_or(&beside);
        secret::write(key_file, &key.text())?;
        if let Err(fault) = fs::rename(&self.0, to) {
            if let Some(key) = key_to {
                fs::remove_file(key)?;
            }
            return Err(fault).with_context(|| {
                format!(
                    "{} cannot be put in place (a drive's own directory cannot be replaced: name a directory in it)",
                    to.display()
                )
            });
        }
        Ok(sync_parent(to)?)
    }
}

impl Drop for Building {
    fn drop(&mut self) {
        match fs::remove_dir_all(&self.0) {
            Err(fault) if fault.kind() != ErrorKind::NotFound => {
                tracing::warn!("{} is left over: {fault}", self.0.display());
            }
            Ok(()) | Err(_) => {}
        }
    }
}
