//! What a copy of the journal consists of, fixed at a head, while somebody else may be appending and erasing.
//!
//! Changes nothing and needs no lock. Where the copy goes is the caller's business.

use std::collections::BTreeSet;
use std::io::{self, Read};
use std::sync::Arc;

use super::data_key::DataKey;
use super::fault::OpenFault;
use super::keyring::damaged;
use super::seal::{JournalId, SLOT, Secrets, Slot};
use super::segment;
use super::slots;
use super::walk::{Step, Walk};
use crate::case::CaseId;
use crate::ports::{Disk, Hash, Head, Seq};

/// How many slots are read at once.
const CHUNK: u64 = 1024;
/// How often a slot that does not open is read again. Erasing overwrites one in place, which a reader can see half done.
const AGAIN: usize = 100;

/// The files of a journal up to a head, which is where the last of them is to be cut.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Extent {
    /// What tells the journal from all others.
    pub id: [u8; 16],
    /// The last record of the copy.
    pub head: Head,
    /// The highest case number that any record of the copy mentions.
    pub highest: Option<CaseId>,
    /// The files in order, and how many bytes of each belong to the copy.
    pub files: Vec<(String, u64)>,
}

/// Finds how far the files reach that hold everything up to a head, checking every record on the way.
pub fn extent(disk: &dyn Disk, head: Head) -> Result<Extent, OpenFault> {
    let segments = segment::list(disk)?;
    let id: JournalId = segments.first().ok_or(OpenFault::Nothing)?.header.id;
    let mut walk = Walk::from_start(disk, &segments);
    while walk.link().seq < head.seq.0 {
        match walk.step()? {
            Step::Record(..) => {}
            Step::End => break,
            Step::Bad(bad) => {
                return Err(OpenFault::Damaged {
                    seq: Seq(bad.seq),
                    file: segments.get(bad.segment).map(segment::Segment::file).unwrap_or_default(),
                    what: bad.what.to_owned(),
                });
            }
        }
    }
    let (link, end) = (walk.link(), walk.end());
    let found = Head { seq: Seq(link.seq), hash: Hash(link.hash.0) };
    if found != head {
        return Err(OpenFault::Forgotten(head, found));
    }
    let files = segments
        .iter()
        .filter(|segment| segment.header.base < end)
        .map(|segment| (segment.file(), segment.len.min(end - segment.header.base)))
        .collect();
    Ok(Extent { id, head, highest: CaseId::new(link.highest), files })
}

/// The keys of exactly the cases that a copy mentions, read as a file. Made by [`keys`].
pub struct Keys {
    disk: Arc<dyn Disk>,
    secrets: Secrets,
    purged: BTreeSet<CaseId>,
    /// The next slot to be read, and the end.
    next: u64,
    end: u64,
    buffer: Vec<u8>,
    given: usize,
    gone: Vec<CaseId>,
}

/// The keys for a copy, to be read after everything else. Those of the purged cases are left out even if a stop came before
/// their end; each of the others must open.
pub fn keys(
    disk: Arc<dyn Disk>,
    data_key: &DataKey,
    extent: &Extent,
    purged: BTreeSet<CaseId>,
) -> Result<Keys, OpenFault> {
    let secrets = Secrets::new(data_key, extent.id);
    slots::check_header(&*disk, &secrets)?;
    let highest = extent.highest.map_or(0, CaseId::number);
    slots::check_length(&*disk, highest)?;
    Ok(Keys {
        buffer: slots::header(&secrets).to_vec(),
        disk,
        secrets,
        purged,
        next: 1,
        end: u64::from(highest) + 1,
        given: 0,
        gone: Vec::new(),
    })
}

impl Keys {
    /// How many bytes they are.
    pub fn size(&self) -> u64 {
        self.end * SLOT as u64
    }

    /// The cases read so far whose key is gone although they are not among the purged: they were purged meanwhile, and the
    /// copy does not say so. It is worth nothing then.
    pub fn gone(&self) -> &[CaseId] {
        &self.gone
    }

    fn refill(&mut self) -> io::Result<()> {
        self.buffer.clear();
        self.given = 0;
        let until = self.end.min(self.next + CHUNK);
        for number in self.next..until {
            let case = u32::try_from(number).ok().and_then(CaseId::new);
            let case = case.ok_or(io::ErrorKind::InvalidData)?;
            let slot = if self.purged.contains(&case) { [0; SLOT] } else { self.slot(case)? };
            self.buffer.extend_from_slice(&slot);
        }
        self.next = until;
        Ok(())
    }

    fn slot(&mut self, case: CaseId) -> io::Result<[u8; SLOT]> {
        let mut slot = [0; SLOT];
        for _ in 0..AGAIN {
            let count = self.disk.read_at(slots::FILE, slots::offset(case.number()), &mut slot)?;
            if count < SLOT {
                break;
            }
            match self.secrets.unwrap(case.number(), &slot) {
                Slot::Key(_) => return Ok(slot),
                Slot::Erased => {
                    self.gone.push(case);
                    return Ok([0; SLOT]);
                }
                Slot::Damaged => {}
            }
        }
        Err(damaged(case))
    }
}

impl Read for Keys {
    fn read(&mut self, out: &mut [u8]) -> io::Result<usize> {
        if self.given == self.buffer.len() && self.next < self.end {
            self.refill()?;
        }
        let mut rest = self.buffer.get(self.given..).unwrap_or_default();
        let count = rest.read(out)?;
        self.given += count;
        Ok(count)
    }
}
