//! Segment files: their names, their headers, and which of them a directory holds.
//!
//! Knows nothing of what stands behind a header.

use super::fault::OpenFault;
use super::record::{Link, u32_at, u64_at};
use super::seal::JournalId;
use crate::ports::{Disk, Hash, Seq};

/// The directory of everything but `keys`.
pub(super) const DIR: &str = "journal";
/// A segment while its header is being written. It gets its name only when it is whole, so a torn header is damage.
pub(super) const NEXT: &str = "journal/next";
/// The version that this code writes, and the only one that it reads.
pub(super) const VERSION: u32 = 1;
/// The length of a header.
pub(super) const HEADER: usize = 128;
const MAGIC: [u8; 8] = *b"dktjrnal";
const HASHED: usize = HEADER - 32;

/// What a segment file begins with.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Header {
    pub(super) id: JournalId,
    /// Global offset of the file's first byte.
    pub(super) base: u64,
    /// Number of the first record that stands in it, now or later.
    pub(super) first: u64,
    /// Hash of the record before; zeros in the first segment.
    pub(super) prev: Hash,
    /// The highest case number that the segments before mention.
    pub(super) highest: u32,
}

impl Header {
    pub(super) fn write(&self) -> [u8; HEADER] {
        let mut bytes = [0; HEADER];
        bytes[..8].copy_from_slice(&MAGIC);
        bytes[8..12].copy_from_slice(&VERSION.to_le_bytes());
        bytes[16..32].copy_from_slice(&self.id);
        bytes[32..40].copy_from_slice(&self.base.to_le_bytes());
        bytes[40..48].copy_from_slice(&self.first.to_le_bytes());
        bytes[48..80].copy_from_slice(&self.prev.0);
        bytes[80..84].copy_from_slice(&self.highest.to_le_bytes());
        let hash = blake3::hash(&bytes[..HASHED]);
        bytes[HASHED..].copy_from_slice(hash.as_bytes());
        bytes
    }

    /// The chain's end before the first record of the segment.
    pub(super) fn link(&self) -> Link {
        let hash = if self.first == 1 { self.hash() } else { self.prev };
        Link { seq: self.first - 1, hash, highest: self.highest, batch: self.first - 1 }
    }

    /// The hash that stands at its end: of the first segment, the hash of the empty journal.
    pub(super) fn hash(&self) -> Hash {
        let mut hash = Hash([0; 32]);
        hash.0.copy_from_slice(&self.write()[HASHED..]);
        hash
    }

    fn read(bytes: &[u8; HEADER], file: &str) -> Result<Header, OpenFault> {
        let damaged = |what: &str| OpenFault::Header { file: file.to_owned(), what: what.to_owned() };
        if bytes[..8] != MAGIC {
            return Err(damaged("it does not begin as a segment"));
        }
        if bytes[HASHED..] != *blake3::hash(&bytes[..HASHED]).as_bytes() {
            return Err(damaged("its bytes do not have their hash"));
        }
        let fields = || {
            Some(Header {
                id: bytes.get(16..32)?.try_into().ok()?,
                base: u64_at(bytes, 32)?,
                first: u64_at(bytes, 40).filter(|first| *first > 0)?,
                prev: Hash(bytes.get(48..80)?.try_into().ok()?),
                highest: u32_at(bytes, 80)?,
            })
        };
        match u32_at(bytes, 8) {
            Some(VERSION) => fields().ok_or_else(|| damaged("its fields contradict each other")),
            found => Err(OpenFault::Version { file: file.to_owned(), found: found.unwrap_or(0) }),
        }
    }
}

/// A segment file as found.
#[derive(Clone, Debug)]
pub(super) struct Segment {
    pub(super) header: Header,
    /// How many of its bytes there are, header included.
    pub(super) len: u64,
}

impl Segment {
    pub(super) fn file(&self) -> String {
        file(self.header.base)
    }

    /// The global offset behind its last byte.
    pub(super) fn end(&self) -> u64 {
        self.header.base + self.len
    }
}

/// The file of the segment that begins at this global offset.
pub(super) fn file(base: u64) -> String {
    format!("{DIR}/{base:016x}.seg")
}

/// All segments in order. That none is missing between two, and that all belong together, is checked here; the last
/// cannot be missed without a remembered head. The length of each is taken once, so what is being appended meanwhile
/// stays out of sight.
pub(super) fn list(disk: &dyn Disk) -> Result<Vec<Segment>, OpenFault> {
    let mut bases = Vec::new();
    for name in disk.list(DIR)? {
        let Some(stem) = name.strip_suffix(".seg") else {
            continue;
        };
        match u64::from_str_radix(stem, 16) {
            Ok(base) if format!("{base:016x}") == stem => bases.push(base),
            Ok(_) | Err(_) => {
                return Err(OpenFault::Foreign { file: format!("{DIR}/{name}") });
            }
        }
    }
    let mut segments: Vec<Segment> = Vec::with_capacity(bases.len());
    for base in bases {
        let segment = read(disk, base)?;
        let expected = segments.last().map_or(0, Segment::end);
        if base > expected {
            return Err(OpenFault::Missing {
                file: file(expected),
                seq: Seq(segments.last().map_or(1, |before| before.header.first)),
            });
        }
        if base < expected {
            return Err(OpenFault::Header {
                file: file(base),
                what: "the file before it reaches into it".to_owned(),
            });
        }
        if segments.first().is_some_and(|first| first.header.id != segment.header.id) {
            return Err(OpenFault::Header {
                file: file(base),
                what: "it belongs to another journal".to_owned(),
            });
        }
        segments.push(segment);
    }
    Ok(segments)
}

fn read(disk: &dyn Disk, base: u64) -> Result<Segment, OpenFault> {
    let name = file(base);
    let damaged = |what: &str| OpenFault::Header { file: name.clone(), what: what.to_owned() };
    let mut bytes = [0; HEADER];
    let len = disk.len(&name)?.unwrap_or(0);
    if disk.read_at(&name, 0, &mut bytes)? < HEADER || len < HEADER as u64 {
        return Err(damaged("it is shorter than its header"));
    }
    let header = Header::read(&bytes, &name)?;
    if header.base != base {
        return Err(damaged("it was made under another name"));
    }
    let begins = header.first == 1;
    if (base == 0) != begins || (begins && (header.prev != Hash([0; 32]) || header.highest != 0)) {
        return Err(damaged("its fields contradict each other"));
    }
    Ok(Segment { header, len })
}
