//! `docket restore`: a desk from a backup, in an empty place, with everything purged that was purged since.
//!
//! Everything is made and checked in a directory beside the place; it gets the place's name only when all is well. A backup
//! is encrypted for its recipient, not signed: whoever can write where backups lie can put another one there. So nothing in
//! it is trusted before it is checked, and the head is told, to be compared with the one posted in the room.
#![allow(
    clippy::disallowed_methods,
    reason = "a new data directory is made here, which nobody else knows of yet"
)]

use std::fs;
use std::io::ErrorKind;
use std::path::{Component, Path, PathBuf};

use anyhow::{Context, anyhow, bail, ensure};
use chrono::{DateTime, Utc};

use super::archive;
use super::erasures::{Erasures, LIST};
use super::home::{self, DATA_KEY};
use super::unpack::unpack;
use super::{Home, identity, secret};
use crate::case::{CaseId, PurgeReason};
use crate::desk::{Input, WorksBy};
use crate::disk::{RealDisk, make_dir, sync_parent};
use crate::journal::{self, DataKey};
use crate::ports::Head;

/// How far the numbers on the list may lie beyond those in the backup. More is a mistake in the list.
const FAR: u32 = 1 << 15;

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
    pub by: WorksBy,
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
    ensure!(what.from.is_dir(), "{} is no directory. Is its drive mounted?", what.from.display());
    must_be_empty(what.to)?;
    if let Some(key) = what.key {
        ensure!(!key.exists(), "{} exists already: move that data key away first", key.display());
    }
    let file = choose(what.from, what.file)?;
    let identities = identity::identities(what.identity)?;
    let listed = erasures(what.from, what.without_erasures)?;

    let building = Building::beside(what.to)?;
    let unpacked = unpack(&file, &identities, &building.0)?;
    let (manifest, head) = (&unpacked.manifest, unpacked.head);
    check(&building.0, head)?;
    let mut home = Home::open(&building.0, &unpacked.key, what.by.clone(), &mut home::progress_on_stderr())?;
    ensure!(home.desk.head() == head, "the journal in the backup ends elsewhere than the backup says");
    let erased = match &listed {
        Some(listed) => erase_again(&mut home, &listed.of(&manifest.journal), manifest.highest, what.now)?,
        None => 0,
    };
    let now = home.desk.head();
    home.close()?;
    let restored = Restored { file, made: manifest.at, head, now, erased };
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
        let plain = Path::new(name).components().all(|part| matches!(part, Component::Normal(_)))
            && !name.contains('/');
        ensure!(plain && !name.is_empty(), "name a file in {} by its name alone", from.display());
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
    if let Some(case) = listed.iter().find(|case| case.number() > highest.saturating_add(FAR)) {
        bail!(
            "{LIST} names {case}, far beyond the cases in the backup (up to C-{highest}): is it of another desk?"
        );
    }
    home.desk.handle(vec![Input::Purge(listed.to_vec(), PurgeReason::Restored)], now)?;
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
