//! Attached files on disk, each sealed with its case's key.
//!
//! A file's name is its case's number and a random word: it says nothing of what it is, and lets a purge find what belongs to
//! a case. A stop between keeping a file and the record that names it leaves a sealed file that nothing names; it goes with
//! its case.

use std::collections::BTreeSet;
use std::io::ErrorKind;
use std::sync::Arc;

use crate::case::{CaseId, Scope};
use crate::journal::{SealFault, Sealer};
use crate::ports::{Disk, Files, FilesFault, hex};

const DIR: &str = "files";
const PURPOSE: &str = "file";

/// Sealed files below `files/`. Clones share the keys with the journal.
#[derive(Clone)]
pub struct SealedFiles {
    disk: Arc<dyn Disk>,
    sealer: Sealer,
}

impl SealedFiles {
    /// Files on this disk, sealed with the journal's keys.
    pub fn new(disk: Arc<dyn Disk>, sealer: Sealer) -> SealedFiles {
        SealedFiles { disk, sealer }
    }

    /// The seal's own random nonce makes it unlike any other.
    fn name(&self, case: CaseId, sealed: &[u8]) -> String {
        let word = hex(&self.sealer.keyed(PURPOSE, sealed));
        format!("{}-{word}", case.number())
    }
}

impl Files for SealedFiles {
    fn keep(&self, case: CaseId, bytes: &[u8]) -> Result<String, FilesFault> {
        let sealed = self
            .sealer
            .seal(Scope::Case(case), PURPOSE, bytes)
            .map_err(|fault| seal_fault(fault, case, ""))?;
        let name = self.name(case, &sealed);
        let path = format!("{DIR}/{name}");
        let written = self
            .disk
            .create(&path)
            .and_then(|()| self.disk.write_at(&path, 0, &sealed))
            .and_then(|()| self.disk.sync(&path))
            .and_then(|()| self.disk.sync_dir(DIR));
        if let Err(fault) = written {
            if let Err(left) = self.disk.remove(&path) {
                tracing::warn!("a half-written file could not be removed: {left}");
            }
            return Err(match fault.kind() {
                ErrorKind::StorageFull | ErrorKind::QuotaExceeded => FilesFault::Full,
                _ => FilesFault::Io(fault),
            });
        }
        Ok(name)
    }

    fn open(&self, case: CaseId, name: &str) -> Result<Vec<u8>, FilesFault> {
        let path = format!("{DIR}/{name}");
        let missing = || FilesFault::Damaged(name.to_owned());
        let len = self.disk.len(&path)?.and_then(|len| usize::try_from(len).ok()).ok_or_else(missing)?;
        let mut sealed = vec![0; len];
        let read = self.disk.read_at(&path, 0, &mut sealed)?;
        sealed.truncate(read);
        // The name follows from the bytes, so that no sealed file can stand in for another of the same case.
        if self.name(case, &sealed) != name {
            return Err(missing());
        }
        self.sealer.open(Scope::Case(case), PURPOSE, &sealed).map_err(|fault| seal_fault(fault, case, name))
    }

    fn discard(&self, case: CaseId, name: &str) -> Result<(), FilesFault> {
        if !name.starts_with(&format!("{}-", case.number())) {
            return Err(FilesFault::Damaged(name.to_owned()));
        }
        self.disk.remove(&format!("{DIR}/{name}"))?;
        Ok(self.disk.sync_dir(DIR)?)
    }

    fn forget(&self, cases: &[CaseId]) -> Result<(), FilesFault> {
        if cases.is_empty() {
            return Ok(());
        }
        let cases: BTreeSet<CaseId> = cases.iter().copied().collect();
        let theirs = |name: &str| {
            let number = name.split_once('-').and_then(|(number, _)| number.parse().ok());
            number.and_then(CaseId::new).is_some_and(|case| cases.contains(&case))
        };
        let mut any = false;
        for name in self.disk.list(DIR)?.into_iter().filter(|name| theirs(name)) {
            self.disk.remove(&format!("{DIR}/{name}"))?;
            any = true;
        }
        if any {
            self.disk.sync_dir(DIR)?;
        }
        Ok(())
    }
}

fn seal_fault(fault: SealFault, case: CaseId, name: &str) -> FilesFault {
    match fault {
        SealFault::Erased(_) => FilesFault::Erased(case),
        SealFault::Unreadable => FilesFault::Damaged(name.to_owned()),
        SealFault::Unfit(why) => FilesFault::Io(std::io::Error::other(why)),
        SealFault::Full => FilesFault::Full,
        SealFault::Io(fault) => FilesFault::Io(fault),
    }
}
