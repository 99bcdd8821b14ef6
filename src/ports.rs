//! What the desk needs from outside, each as a role. Adapters implement these and never import each other.
//!
//! Nothing here says how: a journal may be files, memory or one day a database; an index may be sled or memory.

use std::fmt;
use std::io;
use std::ops::ControlFlow;
use std::time::Duration;

use chrono::{DateTime, Utc};

use crate::case::{CaseId, Scope};

/// Tells the time. The core never asks; the shell does and hands the answer in.
pub trait Clock: Send {
    /// The time now.
    fn now(&self) -> DateTime<Utc>;

    /// How long it has been since some moment that never changes while the program runs, by a clock that nobody sets; `None`
    /// if there is none. What time it is is held against it.
    fn steady(&self) -> Option<Duration> {
        None
    }
}

/// Gives randomness fit for keys.
pub trait Entropy: Send {
    /// Fills the buffer. A source that cannot do so must not return.
    fn fill(&mut self, buffer: &mut [u8]);
}

// ---------------------------------------------------------------------------------------------- the journal

/// The place of a record in the chain, counted from 1; 0 is the empty journal.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Seq(pub u64);

impl fmt::Display for Seq {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(&self.0, f)
    }
}

/// A BLAKE3 hash of stored bytes.
#[derive(Clone, Copy, PartialEq, Eq, Hash)]
pub struct Hash(pub [u8; 32]);

impl fmt::Display for Hash {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&hex(&self.0))
    }
}

impl fmt::Debug for Hash {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

/// Bytes as hex digits: how everything is written that is a hash, a keyed hash or a random word.
pub fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}

/// The end of the chain: the last record's number and hash. Written `SEQ:HASH`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Head {
    /// Number of the last record.
    pub seq: Seq,
    /// Its hash; for an empty journal, the hash of its beginning.
    pub hash: Hash,
}

impl fmt::Display for Head {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}:{}", self.seq, self.hash)
    }
}

impl Head {
    /// Reads `SEQ:HASH`, as written by `Display`.
    pub fn read(text: &str) -> Option<Head> {
        let (seq, hash) = text.trim().split_once(':')?;
        if seq.is_empty() || !seq.bytes().all(|byte| byte.is_ascii_digit()) || hash.len() != 64 {
            return None;
        }
        let mut bytes = [0_u8; 32];
        for (index, digit) in hash.chars().enumerate() {
            let nibble = digit.to_digit(16)?.to_le_bytes()[0];
            let byte = bytes.get_mut(index / 2)?;
            *byte = (*byte << 4) | nibble;
        }
        Some(Head { seq: Seq(seq.parse().ok()?), hash: Hash(bytes) })
    }
}

/// Where a record lies. Opaque to everybody but the journal that gave it; later records have larger places.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Place(pub u64);

/// A keyed hash, under a key of this journal, of something that must be recognised again (an event id, a session and
/// index) and must not be readable from the stored bytes.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Stamp(pub [u8; 16]);

/// One command's record, before it is sealed. Bodies are opaque to the journal.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Draft {
    /// When the desk decided it.
    pub at: DateTime<Utc>,
    /// What it was caused by; kept in clear as keyed hashes, so that they outlive the case's key. At most 255.
    pub stamps: Vec<Stamp>,
    /// What happened, one part per scope, each scope at most once.
    pub parts: Vec<(Scope, Vec<u8>)>,
}

/// What can be read of a record without any key.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Outline {
    /// Its number.
    pub seq: Seq,
    /// Where it lies.
    pub place: Place,
    /// When the desk decided it.
    pub at: DateTime<Utc>,
    /// Its hash.
    pub hash: Hash,
    /// See [`Draft::stamps`].
    pub stamps: Vec<Stamp>,
    /// The scopes it has parts for, in order.
    pub scopes: Vec<Scope>,
}

/// A part's body after an attempt to open it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Body {
    /// The bytes that were drafted.
    Open(Vec<u8>),
    /// The case's key has been destroyed; the ciphertext is all that remains.
    Erased,
}

/// A record, opened as far as its keys still exist.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Record {
    /// What needs no key.
    pub outline: Outline,
    /// One body per scope of the outline, in its order.
    pub bodies: Vec<Body>,
}

/// One part of a record, opened as far as its key still exists, with what of the record belongs to it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Part {
    /// The record's number.
    pub seq: Seq,
    /// When the desk decided it.
    pub at: DateTime<Utc>,
    /// What was drafted.
    pub body: Body,
}

/// Why nothing was appended.
#[derive(Debug, thiserror::Error)]
pub enum AppendFault {
    /// Somebody else wrote first. Nothing was written; decide again over the new head.
    #[error("the journal's head is {0}, not what was expected")]
    Conflict(Head),
    /// There is no room. Nothing was written; reading goes on.
    #[error("the disk is full")]
    Full,
    /// The case's key is gone. Nothing was written.
    #[error("{0} has been erased")]
    Erased(CaseId),
    /// The draft breaks a limit of the format (too long, a scope twice). Nothing was written.
    #[error("a record cannot hold this: {0}")]
    Unfit(&'static str),
    /// What is on disk is unknown: end the process, start again, never retry.
    #[error("the journal could not be written: {0}")]
    Lost(#[source] io::Error),
}

/// Why a record could not be read.
#[derive(Debug, thiserror::Error)]
pub enum ReadFault {
    /// The stored bytes are not what was written.
    #[error("record {seq} of the journal is damaged: {what}")]
    Damaged {
        /// The record, or the one that should stand there.
        seq: Seq,
        /// What does not fit.
        what: String,
    },
    /// No record begins there.
    #[error("no record begins at this place of the journal")]
    Nowhere,
    /// The outside failed.
    #[error("the journal could not be read: {0}")]
    Io(#[from] io::Error),
}

/// The truth: an append-only chain of sealed records. One writes, several may read at once.
pub trait Journal: Send + Sync {
    /// The end of the chain.
    fn head(&self) -> Head;

    /// Appends the records as one batch behind `expected` and returns their places once they are on disk for good.
    /// All or nothing is acknowledged; after a crash a prefix of an unacknowledged batch may remain, whole records only.
    fn append(&mut self, expected: Head, batch: &[Draft]) -> Result<Vec<Place>, AppendFault>;

    /// Shows what needs no key of every record from number `from` on (1 or 0 = from the beginning), checking the chain
    /// on the way, until told to break.
    fn scan(&self, from: Seq, each: &mut dyn FnMut(Outline) -> ControlFlow<()>) -> Result<(), ReadFault>;

    /// Opens the record at a place.
    fn read(&self, place: Place) -> Result<Record, ReadFault>;

    /// Opens one part of the record at a place; `None` if the record has no part of that scope.
    fn read_part(&self, place: Place, scope: Scope) -> Result<Option<Part>, ReadFault>;

    /// Destroys the case's key, for good and synced. The purge must be on record before. Doing it again is harmless.
    fn erase(&mut self, case: CaseId) -> Result<(), AppendFault>;

    /// A keyed hash for `purpose`, stable over restarts, worth nothing without the data key.
    fn keyed(&self, purpose: &str, bytes: &[u8]) -> [u8; 16];
}

// ------------------------------------------------------------------------------------------------ the index

/// Something a list of numbers is kept for: a stage, an owner, a word. Stored under a keyed hash only.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Facet(String);

impl Facet {
    /// The facet `name` = `value`.
    pub fn new(name: &str, value: impl fmt::Display) -> Facet {
        Facet(format!("{name}\u{0}{value}"))
    }

    /// The facet with this name whose value is this whole facet.
    pub fn within(&self, name: &str) -> Facet {
        Facet(format!("{name}\u{0}{}", self.0))
    }

    /// The bytes that are hashed.
    pub fn as_bytes(&self) -> &[u8] {
        self.0.as_bytes()
    }
}

impl fmt::Debug for Facet {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}", self.0.replace('\0', "="))
    }
}

/// What one batch changes in the index. Order inside a field does not matter; `drop` is applied before `add`.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Changes {
    /// Values to put: a case's state, the desk's state.
    pub put: Vec<(Scope, Vec<u8>)>,
    /// Numbers that enter a facet's list.
    pub add: Vec<(Facet, u64)>,
    /// Numbers that leave a facet's list.
    pub drop: Vec<(Facet, u64)>,
}

/// Why the index could not serve. It is never the truth: the answer is always to rebuild it from the journal.
#[derive(Debug, thiserror::Error)]
#[error("the index cannot be used: {0}")]
pub struct IndexFault(pub String);

/// Look-ups, rebuilt from the journal at will.
pub trait Index: Send {
    /// The head of the journal that it has taken in; `None` when it is empty and must be rebuilt.
    fn head(&self) -> Option<Head>;

    /// The value last put for a scope.
    fn value(&self, scope: Scope) -> Result<Option<Vec<u8>>, IndexFault>;

    /// Some of a facet's numbers that are at most `from`, largest first and without a gap; empty when there are none.
    /// How many is the index's choice (a stored block): ask again with `from` one below the last.
    fn numbers(&self, facet: &Facet, from: u64) -> Result<Vec<u64>, IndexFault>;

    /// Takes in what one batch changed, after the journal has it. Not durable by itself, and need not be.
    fn apply(&mut self, head: Head, changes: Changes) -> Result<(), IndexFault>;

    /// Throws everything away, takes a fresh key and begins an empty index; what follows is fed by `load`, then `apply`
    /// with the head makes it believed. One that fails on the way may be begun again: an index may find another place.
    fn begin_rebuild(&mut self) -> Result<(), IndexFault>;

    /// Feeds a rebuild: like the `put` and `add` of [`Changes`]; values come in ascending order of scope. Numbers need not be
    /// visible before `finish_rebuild`.
    fn load(&mut self, put: Vec<(Scope, Vec<u8>)>, add: Vec<(Facet, u64)>) -> Result<(), IndexFault>;

    /// Ends a rebuild at this head.
    fn finish_rebuild(&mut self, head: Head) -> Result<(), IndexFault>;

    /// Whether it is kept where it is to be, so that the next start may believe it.
    fn is_kept(&self) -> bool {
        true
    }

    /// Closes it so that the next start can believe it.
    fn close(self: Box<Self>) -> Result<(), IndexFault>;
}

// ------------------------------------------------------------------------------------------------ the files

/// Why a sealed file could not be kept, read or removed.
#[derive(Debug, thiserror::Error)]
pub enum FilesFault {
    /// There is no room.
    #[error("the disk is full")]
    Full,
    /// The case has been erased.
    #[error("{0} has been erased")]
    Erased(CaseId),
    /// No such file, or not what was kept.
    #[error("the file {0} is missing or damaged")]
    Damaged(String),
    /// The outside failed.
    #[error("the file could not be kept: {0}")]
    Io(#[from] io::Error),
}

/// What was attached to cases, sealed with each case's key. Cloneable handles may work beside the desk.
pub trait Files: Send {
    /// Seals the bytes for a case, makes them durable, and returns the name to find them by, which says nothing of them.
    fn keep(&self, case: CaseId, bytes: &[u8]) -> Result<String, FilesFault>;
    /// Opens what was kept.
    fn open(&self, case: CaseId, name: &str) -> Result<Vec<u8>, FilesFault>;
    /// Removes one file that no case came to hold.
    fn discard(&self, case: CaseId, name: &str) -> Result<(), FilesFault>;
    /// Removes everything that was kept for these cases, for good. Doing it again is harmless and cheap.
    fn forget(&self, cases: &[CaseId]) -> Result<(), FilesFault>;
}

// ------------------------------------------------------------------------------------------------- the disk

/// Files below one directory, by relative names such as `journal/0001`. The journal and the keys are written against this,
/// so that tests can cut the power between any two calls. Nothing is durable before `sync` (a file's bytes and length) and
/// `sync_dir` (which names exist in a directory).
pub trait Disk: Send + Sync {
    /// Names of the files in a directory (without the directory), sorted; empty if there is no such directory.
    fn list(&self, dir: &str) -> io::Result<Vec<String>>;
    /// The length of a file; `None` if it does not exist.
    fn len(&self, name: &str) -> io::Result<Option<u64>>;
    /// Reads up to the buffer's length from an offset; fewer only at the end of the file.
    fn read_at(&self, name: &str, offset: u64, buffer: &mut [u8]) -> io::Result<usize>;
    /// Makes a new empty file (mode 0600); an existing one is an error. Makes the directory (0700) when it is missing.
    fn create(&self, name: &str) -> io::Result<()>;
    /// Writes all bytes at an offset.
    fn write_at(&self, name: &str, offset: u64, bytes: &[u8]) -> io::Result<()>;
    /// Sets the length.
    fn set_len(&self, name: &str, len: u64) -> io::Result<()>;
    /// Makes a file's bytes and length durable.
    fn sync(&self, name: &str) -> io::Result<()>;
    /// Makes the names in a directory durable; `""` is the top.
    fn sync_dir(&self, dir: &str) -> io::Result<()>;
    /// Renames a file, replacing what stood there.
    fn rename(&self, from: &str, to: &str) -> io::Result<()>;
    /// Removes a file.
    fn remove(&self, name: &str) -> io::Result<()>;
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_head_reads_as_it_is_written() {
        let head = Head { seq: Seq(5), hash: Hash([0xa7; 32]) };
        let text = head.to_string();
        assert_eq!(text, format!("5:{}", "a7".repeat(32)));
        assert_eq!(Head::read(&text), Some(head));
        for wrong in
            ["", "5", "5:", ":ab", &text[..text.len() - 1], &format!("+{text}"), &text.replace(':', "-")]
        {
            assert_eq!(Head::read(wrong), None, "{wrong}");
        }
    }
}
