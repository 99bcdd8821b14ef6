//! The bytes of one record: written whole, and read back without any key. `docs/journal-format.md` is its page.
//!
//! Knows neither files nor keys; sealed parts are opaque here.

use chrono::{DateTime, Utc};

use super::seal::scope_of;
use crate::case::Scope;
use crate::ports::{Hash, Outline, Place, Seq, Stamp};

/// What every record begins with. Not text, so that no stored text looks like it.
pub(super) const MAGIC: [u8; 4] = [0xd7, b'R', 0x1a, 0xc5];
/// The longest record.
pub(super) const MAX: usize = 16 << 20;
/// How many bytes of a record must be known to tell its length.
pub(super) const PREFIX: usize = 8;
const FIXED: usize = 68;
const HASH: usize = 32;
/// The shortest record: no stamp, no part.
pub(super) const MIN: usize = FIXED + HASH;

/// The end of a chain, as far as a record that follows must know it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Link {
    /// Number of the last record.
    pub(super) seq: u64,
    /// Its hash.
    pub(super) hash: Hash,
    /// The highest case number that any record up to there mentions; 0 for none.
    pub(super) highest: u32,
    /// Number of the record that its batch began with.
    pub(super) batch: u64,
}

/// What a record says in clear, before it is written.
pub(super) struct Clear<'a> {
    pub(super) seq: u64,
    pub(super) position: u32,
    pub(super) highest: u32,
    pub(super) at: DateTime<Utc>,
    pub(super) prev: Hash,
    pub(super) stamps: &'a [Stamp],
    /// Scope number and sealed length of each part.
    pub(super) parts: &'a [(u32, u32)],
    /// Length of all of it.
    pub(super) total: u32,
}

impl Clear<'_> {
    /// The length of a record with so many stamps and these sealed lengths; `None` if no record can be so long.
    pub(super) fn total(stamps: usize, parts: &[(u32, u32)]) -> Option<u32> {
        let sealed: u64 = parts.iter().map(|(_, len)| u64::from(*len)).sum();
        let total = (MIN as u64) + 16 * (stamps as u64) + 8 * (parts.len() as u64) + sealed;
        if total > MAX as u64 { None } else { u32::try_from(total).ok() }
    }

    /// Appends everything that stands before the sealed parts.
    pub(super) fn write(&self, to: &mut Vec<u8>) {
        to.extend_from_slice(&MAGIC);
        to.extend_from_slice(&self.total.to_le_bytes());
        to.extend_from_slice(&self.seq.to_le_bytes());
        to.extend_from_slice(&self.position.to_le_bytes());
        to.extend_from_slice(&self.highest.to_le_bytes());
        to.extend_from_slice(&self.at.timestamp_millis().to_le_bytes());
        to.extend_from_slice(&self.prev.0);
        // The fit of both counts was checked with the draft.
        to.push(self.stamps.len().to_le_bytes()[0]);
        to.push(0);
        let count = self.parts.len().to_le_bytes();
        to.extend_from_slice(&count[..2]);
        for stamp in self.stamps {
            to.extend_from_slice(&stamp.0);
        }
        for (scope, len) in self.parts {
            to.extend_from_slice(&scope.to_le_bytes());
            to.extend_from_slice(&len.to_le_bytes());
        }
    }
}

/// Appends the hash over the record's bytes from `start` on, and returns it.
pub(super) fn finish(to: &mut Vec<u8>, start: usize) -> Hash {
    let hash = Hash(*blake3::hash(to.get(start..).unwrap_or_default()).as_bytes());
    to.extend_from_slice(&hash.0);
    hash
}

/// The length of the record that begins with these bytes; `None` if none does.
pub(super) fn length(prefix: &[u8]) -> Option<usize> {
    if prefix.get(..4)? != MAGIC {
        return None;
    }
    let total = u32_at(prefix, 4)? as usize;
    (MIN..=MAX).contains(&total).then_some(total)
}

/// One stored record that verifies by itself: its bytes hash to its hash.
#[derive(Clone, Copy)]
pub(super) struct View<'b> {
    bytes: &'b [u8],
    pub(super) seq: u64,
    pub(super) position: u32,
    pub(super) highest: u32,
    pub(super) at: DateTime<Utc>,
    pub(super) prev: Hash,
    pub(super) hash: Hash,
    stamps: usize,
    parts: usize,
}

impl<'b> View<'b> {
    /// Reads exactly one record, or says what does not fit.
    pub(super) fn parse(bytes: &'b [u8]) -> Result<View<'b>, &'static str> {
        if length(bytes) != Some(bytes.len()) {
            return Err("its beginning does not fit");
        }
        let (body, stored) = bytes.split_at(bytes.len() - HASH);
        let hash = Hash(*blake3::hash(body).as_bytes());
        if stored != hash.0 {
            return Err("its bytes do not have its hash");
        }
        View::fields(bytes, hash).ok_or("its fields contradict each other")
    }

    /// Reads a record again whose bytes were found to have their hash.
    pub(super) fn checked(bytes: &'b [u8]) -> Option<View<'b>> {
        let (_, stored) = bytes.split_last_chunk::<HASH>()?;
        View::fields(bytes, Hash(*stored))
    }

    fn fields(bytes: &'b [u8], hash: Hash) -> Option<View<'b>> {
        let at = i64::from_le_bytes(bytes.get(24..32)?.try_into().ok()?);
        let view = View {
            bytes,
            seq: u64_at(bytes, 8)?,
            position: u32_at(bytes, 16)?,
            highest: u32_at(bytes, 20)?,
            at: DateTime::from_timestamp_millis(at)?,
            prev: Hash(bytes.get(32..64)?.try_into().ok()?),
            hash,
            stamps: usize::from(*bytes.get(64)?),
            parts: usize::from(u16::from_le_bytes(bytes.get(66..68)?.try_into().ok()?)),
        };
        let sealed: usize = view.table().map(|(_, len)| len).sum();
        let fits = view.sealed_start() + sealed + HASH == bytes.len() && u64::from(view.position) < view.seq;
        fits.then_some(view)
    }

    /// Number of the record that this one's batch began with.
    pub(super) fn batch(&self) -> u64 {
        self.seq - u64::from(self.position)
    }

    pub(super) fn len(&self) -> u64 {
        self.bytes.len() as u64
    }

    /// The end of the chain when this record is the last.
    pub(super) fn link(&self) -> Link {
        Link { seq: self.seq, hash: self.hash, highest: self.highest, batch: self.batch() }
    }

    /// Whether it continues the chain, or what does not fit.
    pub(super) fn follows(&self, link: &Link) -> Result<(), &'static str> {
        let begins = self.position == 0;
        let own = self.table().map(|(scope, _)| scope).max().unwrap_or(0);
        if self.seq != link.seq + 1 {
            Err("it has another number")
        } else if self.prev != link.hash {
            Err("it does not name the hash of the record before")
        } else if !begins && self.batch() != link.batch {
            Err("it does not belong to the batch that it names")
        } else if self.highest != link.highest.max(own) {
            Err("it does not name the highest case")
        } else {
            Ok(())
        }
    }

    /// What needs no key.
    pub(super) fn outline(&self, place: Place) -> Outline {
        let stamps = self.bytes.get(FIXED..FIXED + 16 * self.stamps).unwrap_or_default();
        Outline {
            seq: Seq(self.seq),
            place,
            at: self.at,
            hash: self.hash,
            stamps: stamps.chunks_exact(16).filter_map(|stamp| stamp.try_into().ok().map(Stamp)).collect(),
            scopes: self.table().map(|(scope, _)| scope_of(scope)).collect(),
        }
    }

    /// Scope and sealed bytes of each part.
    pub(super) fn parts(&self) -> impl Iterator<Item = (Scope, &'b [u8])> {
        let bytes = self.bytes;
        self.table().scan(self.sealed_start(), move |start, (scope, len)| {
            let sealed = bytes.get(*start..*start + len)?;
            *start += len;
            Some((scope_of(scope), sealed))
        })
    }

    fn table(&self) -> impl Iterator<Item = (u32, usize)> + use<'b> {
        let start = FIXED + 16 * self.stamps;
        let table = self.bytes.get(start..start + 8 * self.parts).unwrap_or_default();
        table.chunks_exact(8).filter_map(|row| Some((u32_at(row, 0)?, u32_at(row, 4)? as usize)))
    }

    fn sealed_start(&self) -> usize {
        FIXED + 16 * self.stamps + 8 * self.parts
    }
}

pub(super) fn u32_at(bytes: &[u8], at: usize) -> Option<u32> {
    Some(u32::from_le_bytes(bytes.get(at..at + 4)?.try_into().ok()?))
}

pub(super) fn u64_at(bytes: &[u8], at: usize) -> Option<u64> {
    Some(u64::from_le_bytes(bytes.get(at..at + 8)?.try_into().ok()?))
}
