//! The torn tail: whether what stands behind the last good record is the remains of a batch that was never
//! acknowledged, and how it is set aside.
//!
//! Needs no key.

use std::io;

use super::chain::Walked;
use super::fault::OpenFault;
use super::record::{self, View};
use super::segment::{DIR, Segment};
use super::walk::Bad;
use crate::ports::{Disk, Head, Seq};

/// What a tail is copied to before it gets its name; without a name it is nothing.
const COPY: &str = "journal/cut.new";
/// How much is copied at once.
const CHUNK: usize = 1 << 20;

/// What was found behind the last whole record and set aside.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Cut {
    /// The last record that stays.
    pub after: Seq,
    /// Where the bytes lie now.
    pub file: String,
    /// How many.
    pub bytes: u64,
}

/// The remains of the last batch, still in place.
#[derive(Clone, Debug)]
pub(super) struct Torn {
    /// The last record before it.
    pub(super) after: u64,
    pub(super) file: String,
    pub(super) offset: u64,
    pub(super) bytes: u64,
}

/// Judges where a walk ended. Only remains of the last batch are torn; all else is damage. Looks and changes nothing.
pub(super) fn judge(
    disk: &dyn Disk,
    walked: &Walked,
    remembered: &[Head],
) -> Result<Option<Torn>, OpenFault> {
    let Some(bad) = &walked.bad else {
        return Ok(None);
    };
    let segments = &walked.chain.segments;
    let Some(segment) = segments.get(bad.segment) else {
        return Ok(None);
    };
    let damaged = |what: String| OpenFault::Damaged { seq: Seq(bad.seq), file: segment.file(), what };
    if bad.segment + 1 < segments.len() || bad.offset == 0 {
        return Err(damaged(bad.what.to_owned()));
    }
    if let Some(head) = remembered.iter().find(|head| head.seq.0 >= bad.seq) {
        return Err(damaged(format!("{}, and record {} is remembered", bad.what, head.seq)));
    }
    if let Some(stranger) = stranger(disk, segment, bad, walked.chain.link.batch)? {
        return Err(damaged(format!("{}, yet record {stranger} stands behind it", bad.what)));
    }
    Ok(Some(Torn {
        after: bad.seq - 1,
        file: segment.file(),
        offset: bad.offset,
        bytes: segment.len - bad.offset,
    }))
}

/// Copies the remains to a file of their own, makes that durable, and only then takes them out of the segment. A crash on
/// the way leaves them in place, and the next opening does it again.
pub(super) fn set_aside(disk: &dyn Disk, torn: &Torn) -> io::Result<Cut> {
    let file = match free_name(disk, torn)? {
        Name::Free(file) => {
            copy(disk, torn)?;
            disk.rename(COPY, &file)?;
            file
        }
        Name::Holds(file) => file,
    };
    disk.sync_dir(DIR)?;
    disk.set_len(&torn.file, torn.offset)?;
    disk.sync(&torn.file)?;
    Ok(Cut { after: Seq(torn.after), file, bytes: torn.bytes })
}

/// Whether a file of the journal's directory holds what was once set aside.
pub(super) fn is_cut(name: &str) -> bool {
    name.starts_with("cut-")
}

/// A whole record in the remains that a torn write cannot explain: of a later batch (so this one was acknowledged), or of
/// an earlier one (so somebody moved records).
fn stranger(disk: &dyn Disk, segment: &Segment, bad: &Bad, last_batch: u64) -> io::Result<Option<u64>> {
    let mut rest = vec![0; usize::try_from(segment.len - bad.offset).unwrap_or(usize::MAX)];
    let count = disk.read_at(&segment.file(), bad.offset, &mut rest)?;
    rest.truncate(count);
    let explained =
        |view: &View<'_>| view.seq > bad.seq && (view.batch() == bad.seq || view.batch() == last_batch);
    let found = rest
        .windows(record::PREFIX)
        .enumerate()
        .filter(|(_, prefix)| prefix.starts_with(&record::MAGIC))
        .filter_map(|(at, prefix)| rest.get(at..at.checked_add(record::length(prefix)?)?))
        .filter_map(|bytes| View::parse(bytes).ok())
        .find(|view| !explained(view));
    Ok(found.map(|view| view.seq))
}

enum Name {
    /// Nothing has this name yet.
    Free(String),
    /// A crash came after the copy was made: this file is it.
    Holds(String),
}

fn free_name(disk: &dyn Disk, torn: &Torn) -> io::Result<Name> {
    let mut file = format!("{DIR}/cut-{}", torn.after);
    let mut number = 1_u64;
    while let Some(len) = disk.len(&file)? {
        if len == torn.bytes && same(disk, torn, &file)? {
            return Ok(Name::Holds(file));
        }
        number += 1;
        file = format!("{DIR}/cut-{}-{number}", torn.after);
    }
    Ok(Name::Free(file))
}

fn copy(disk: &dyn Disk, torn: &Torn) -> io::Result<()> {
    if disk.len(COPY)?.is_some() {
        disk.remove(COPY)?;
    }
    disk.create(COPY)?;
    chunks(disk, torn, &mut |done, bytes| {
        disk.write_at(COPY, done, bytes)?;
        Ok(true)
    })?;
    disk.sync(COPY)
}

fn same(disk: &dyn Disk, torn: &Torn, file: &str) -> io::Result<bool> {
    let mut other = vec![0; CHUNK];
    chunks(disk, torn, &mut |done, bytes| {
        let buffer = other.get_mut(..bytes.len()).unwrap_or_default();
        let count = disk.read_at(file, done, buffer)?;
        Ok(count == bytes.len() && buffer == bytes)
    })
}

/// Shows the remains piece by piece until told to end; whether it came to their end.
fn chunks(
    disk: &dyn Disk,
    torn: &Torn,
    each: &mut dyn FnMut(u64, &[u8]) -> io::Result<bool>,
) -> io::Result<bool> {
    let mut buffer = vec![0; CHUNK];
    let mut done = 0;
    while done < torn.bytes {
        let want = buffer.len().min(usize::try_from(torn.bytes - done).unwrap_or(usize::MAX));
        let piece = buffer.get_mut(..want).unwrap_or_default();
        let count = disk.read_at(&torn.file, torn.offset + done, piece)?;
        let piece = piece.get(..count).unwrap_or_default();
        if piece.is_empty() {
            return Err(io::ErrorKind::UnexpectedEof.into());
        }
        if !each(done, piece)? {
            return Ok(false);
        }
        done += piece.len() as u64;
    }
    Ok(true)
}
