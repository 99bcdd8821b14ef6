//! The journal in files: appends batches, reads records, destroys keys.
//!
//! Knows no directory of its own and no lock; both are the shell's.

use std::fmt;
use std::io;
use std::ops::ControlFlow;
use std::sync::Arc;

use super::batch::{self, Encoded};
use super::body;
use super::chain::{Chain, parse_at};
use super::fault::OpenFault;
use super::keyring::{Keyring, is_full, lost_before};
use super::recent::Recent;
use super::record::View;
use super::sealer::Sealer;
use super::segment::{DIR, HEADER, Header, NEXT, Segment, file};
use super::slots;
use crate::case::{CaseId, Scope};
use crate::ports::{
    AppendFault, Disk, Draft, Hash, Head, Journal, Outline, Part, Place, ReadFault, Record, Seq,
};

/// A journal over a [`Disk`]. One at a time may be open for a directory.
pub struct FileJournal {
    disk: Arc<dyn Disk>,
    keyring: Arc<Keyring>,
    chain: Chain,
    recent: Recent,
    segment_size: u64,
    /// A write had an unknown outcome: nothing is written any more, what was there before is still read.
    lost: bool,
}

impl FileJournal {
    pub(super) fn new(disk: Arc<dyn Disk>, keyring: Keyring, chain: Chain, segment_size: u64) -> FileJournal {
        let recent = Recent::default();
        FileJournal { disk, keyring: Arc::new(keyring), chain, recent, segment_size, lost: false }
    }

    /// A handle for workers that seal and open what lies outside the journal.
    pub fn sealer(&self) -> Sealer {
        Sealer::stored(Arc::clone(&self.keyring))
    }

    /// The highest case number that any record mentions.
    pub fn highest_case(&self) -> Option<CaseId> {
        CaseId::new(self.chain.link.highest)
    }

    /// Whether the chain holds this head.
    pub fn holds(&self, head: Head) -> Result<bool, OpenFault> {
        self.chain.holds(&*self.disk, head)
    }

    /// Opens the slot of every case on record, as opening does when it checks everything: which cases are erased. For
    /// the background after a quick start.
    pub fn check_keys(&self) -> Result<Vec<CaseId>, OpenFault> {
        slots::check(&*self.disk, self.keyring.secrets(), self.chain.link.highest)
    }

    fn open_part(&self, view: &View<'_>, scope: Scope) -> Result<Option<Part>, ReadFault> {
        let mut parts = view.parts().enumerate();
        let Some((index, (_, sealed))) = parts.find(|(_, (found, _))| *found == scope) else {
            return Ok(None);
        };
        let key_of = |case| self.keyring.to_open(case);
        let body = body::open(self.keyring.secrets(), &key_of, view.seq, (index, scope), sealed)?;
        Ok(Some(Part { seq: Seq(view.seq), at: view.at, body }))
    }

    fn refuse_if_lost(&self) -> Result<(), AppendFault> {
        if self.lost || self.keyring.lost() {
            return Err(AppendFault::Lost(lost_before()));
        }
        Ok(())
    }

    fn lose(&mut self, error: io::Error) -> AppendFault {
        self.lost = true;
        AppendFault::Lost(error)
    }

    /// Begins a new segment if the batch would make this one too long.
    fn roll_for(&mut self, bytes: u64) -> Result<(), AppendFault> {
        let Some(last) = self.chain.segments.last() else {
            return Ok(());
        };
        if last.len <= HEADER as u64 || last.len + bytes <= self.segment_size {
            return Ok(());
        }
        let link = self.chain.link;
        let header = Header {
            id: self.keyring.secrets().id,
            base: last.end(),
            first: link.seq + 1,
            prev: link.hash,
            highest: link.highest,
        };
        match write_segment(&*self.disk, &header) {
            Ok(segment) => self.chain.roll(segment),
            // Without its name the file is nothing yet; the next attempt begins by removing it.
            Err(Unmade::Full) => return Err(AppendFault::Full),
            Err(Unmade::Io(error)) => return Err(self.lose(error)),
        }
        Ok(())
    }

    fn write(&mut self, encoded: &Encoded) -> Result<u64, AppendFault> {
        let Some(last) = self.chain.segments.last() else {
            return Err(self.lose(io::ErrorKind::NotFound.into()));
        };
        let (name, len, place) = (last.file(), last.len, last.end());
        match self.disk.write_at(&name, len, &encoded.bytes) {
            Ok(()) => self.disk.sync(&name).map_err(|error| self.lose(error))?,
            Err(error) if is_full(&error) => {
                // Synced, so that no record that was refused can be there after a crash.
                let undone = self.disk.set_len(&name, len).and_then(|()| self.disk.sync(&name));
                return Err(match undone {
                    Ok(()) => AppendFault::Full,
                    Err(error) => self.lose(error),
                });
            }
            Err(error) => return Err(self.lose(error)),
        }
        Ok(place)
    }
}

impl Journal for FileJournal {
    fn head(&self) -> Head {
        self.chain.head()
    }

    fn append(&mut self, expected: Head, batch: &[Draft]) -> Result<Vec<Place>, AppendFault> {
        self.refuse_if_lost()?;
        if expected != self.head() {
            return Err(AppendFault::Conflict(self.head()));
        }
        if batch.is_empty() {
            return Ok(Vec::new());
        }
        batch::check(batch)?;
        let encoded = batch::encode(&self.keyring, self.chain.link, batch)?;
        let bytes = encoded.bytes.len() as u64;
        self.roll_for(bytes)?;
        let place = self.write(&encoded)?;
        self.chain.grow(bytes, encoded.link);
        self.keyring.on_record(encoded.link.highest);
        Ok(encoded.starts.iter().map(|start| Place(place + start)).collect())
    }

    fn scan(&self, from: Seq, each: &mut dyn FnMut(Outline) -> ControlFlow<()>) -> Result<(), ReadFault> {
        self.chain.scan(&*self.disk, from, each)
    }

    fn read(&self, place: Place) -> Result<Record, ReadFault> {
        let bytes = self.chain.bytes_at(&*self.disk, place)?;
        let view = parse_at(&bytes)?;
        body::open_all(self.keyring.secrets(), &|case| self.keyring.to_open(case), &view, place)
    }

    fn read_part(&self, place: Place, scope: Scope) -> Result<Option<Part>, ReadFault> {
        if let Some(view) = self.recent.get(place).as_ref().and_then(|bytes| View::checked(bytes)) {
            return self.open_part(&view, scope);
        }
        let bytes = self.chain.bytes_at(&*self.disk, place)?;
        let part = self.open_part(&parse_at(&bytes)?, scope)?;
        self.recent.keep(place, bytes);
        Ok(part)
    }

    fn erase(&mut self, case: CaseId) -> Result<(), AppendFault> {
        self.refuse_if_lost()?;
        self.keyring.erase(case).map_err(|no_key| no_key.into_append())
    }

    fn keyed(&self, purpose: &str, bytes: &[u8]) -> [u8; 16] {
        self.keyring.secrets().keyed(purpose, bytes)
    }
}

impl fmt::Debug for FileJournal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "FileJournal({})", self.chain.head())
    }
}

/// Why a segment was not made.
pub(super) enum Unmade {
    Full,
    Io(io::Error),
}

/// Makes an empty segment: whole and synced before it gets its name, and the name synced before it is used.
pub(super) fn write_segment(disk: &dyn Disk, header: &Header) -> Result<Segment, Unmade> {
    let prepare = || {
        if disk.len(NEXT)?.is_some() {
            disk.remove(NEXT)?;
        }
        disk.create(NEXT)?;
        disk.write_at(NEXT, 0, &header.write())
    };
    prepare().map_err(|error| if is_full(&error) { Unmade::Full } else { Unmade::Io(error) })?;
    let publish = || {
        disk.sync(NEXT)?;
        disk.rename(NEXT, &file(header.base))?;
        disk.sync_dir(DIR)
    };
    publish().map_err(Unmade::Io)?;
    Ok(Segment { header: header.clone(), len: HEADER as u64 })
}

/// The header of a new journal's first segment.
pub(super) fn first_header(id: super::seal::JournalId) -> Header {
    Header { id, base: 0, first: 1, prev: Hash([0; 32]), highest: 0 }
}
