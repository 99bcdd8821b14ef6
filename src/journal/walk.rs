//! Walks the chain over stored bytes in large reads, checking every record against the one before.
//!
//! Needs no key. What a bad record means (a torn tail, damage) is for others to say.

use std::io;

use super::record::{self, Link, View};
use super::segment::{HEADER, Segment};
use crate::ports::{Disk, Place, ReadFault, Seq};

/// How much is read at once.
const CHUNK: usize = 1 << 20;

/// A record on the chain where a walk can begin: everything before `place` is as `link` says.
#[derive(Clone, Copy, Debug)]
pub(super) struct Mark {
    pub(super) place: u64,
    pub(super) link: Link,
}

/// Walks from a mark to the end of the segments that it was given.
pub(super) struct Walk<'a> {
    disk: &'a dyn Disk,
    segments: &'a [Segment],
    /// The current segment, and the offset in it of the next record.
    segment: usize,
    offset: u64,
    link: Link,
    buffer: Vec<u8>,
    /// The offset in the current segment of the buffer's first byte.
    buffered: u64,
}

/// One step of a walk.
pub(super) enum Step<'b> {
    /// The next record of the chain.
    Record(View<'b>, Place),
    /// All segments are walked.
    End,
    /// What stands next is not the next record of the chain.
    Bad(Bad),
}

/// Where a walk ended before its time.
#[derive(Clone, Debug)]
pub(super) struct Bad {
    /// Index of the segment.
    pub(super) segment: usize,
    /// Offset in it.
    pub(super) offset: u64,
    /// The record that should stand there.
    pub(super) seq: u64,
    pub(super) what: &'static str,
}

impl Bad {
    pub(super) fn into_read(self, segments: &[Segment]) -> ReadFault {
        let file = segments.get(self.segment).map(Segment::file).unwrap_or_default();
        ReadFault::Damaged { seq: Seq(self.seq), what: format!("{}, in {file}", self.what) }
    }
}

impl<'a> Walk<'a> {
    /// From the very beginning.
    pub(super) fn from_start(disk: &'a dyn Disk, segments: &'a [Segment]) -> Walk<'a> {
        let link = segments
            .first()
            .map_or(Link { seq: 0, hash: crate::ports::Hash([0; 32]), highest: 0, batch: 0 }, |first| {
                first.header.link()
            });
        Walk::new(disk, segments, 0, HEADER as u64, link)
    }

    /// From a mark within these segments; `None` if it lies outside.
    pub(super) fn from_mark(disk: &'a dyn Disk, segments: &'a [Segment], mark: &Mark) -> Option<Walk<'a>> {
        let found = segment_of(segments, mark.place)?;
        let offset = mark.place - segments.get(found)?.header.base;
        // The end of one segment is the base of the next: there the walk begins before the header, to check it too.
        match found.checked_sub(1).filter(|_| offset == 0) {
            Some(before) => {
                let len = segments.get(before)?.len;
                Some(Walk::new(disk, segments, before, len, mark.link))
            }
            None => Some(Walk::new(disk, segments, found, offset, mark.link)),
        }
    }

    fn new(disk: &'a dyn Disk, segments: &'a [Segment], segment: usize, offset: u64, link: Link) -> Walk<'a> {
        Walk { disk, segments, segment, offset, link, buffer: Vec::new(), buffered: 0 }
    }

    /// The end of the chain so far.
    pub(super) fn link(&self) -> Link {
        self.link
    }

    /// The global offset behind the last record so far.
    pub(super) fn end(&self) -> u64 {
        self.segments.get(self.segment).map_or(0, |segment| segment.header.base) + self.offset
    }

    /// The next record, checked. After `End` and `Bad` the answer stays the same.
    pub(super) fn step(&mut self) -> io::Result<Step<'_>> {
        let Some(mut segment) = self.segments.get(self.segment) else {
            return Ok(Step::End);
        };
        while self.offset >= segment.len {
            let Some(next) = self.segments.get(self.segment + 1) else {
                return Ok(Step::End);
            };
            let header = &next.header;
            if header.first != self.link.seq + 1
                || header.prev != self.link.hash
                || header.highest != self.link.highest
            {
                return Ok(Step::Bad(Bad {
                    segment: self.segment + 1,
                    offset: 0,
                    seq: self.link.seq + 1,
                    what: "the file's header does not continue the file before it",
                }));
            }
            segment = next;
            self.segment += 1;
            self.offset = HEADER as u64;
            self.buffer.clear();
        }
        let bad = |what| {
            Ok(Step::Bad(Bad { segment: self.segment, offset: self.offset, seq: self.link.seq + 1, what }))
        };
        let left = usize::try_from(segment.len - self.offset).unwrap_or(usize::MAX);
        fill(self.disk, segment, self.offset, record::PREFIX, &mut self.buffer, &mut self.buffered)?;
        let Some(total) = record::length(buffered(&self.buffer, self.buffered, self.offset)) else {
            return bad("no record begins where it should");
        };
        if total > left {
            return bad("it is cut short");
        }
        fill(self.disk, segment, self.offset, total, &mut self.buffer, &mut self.buffered)?;
        let bytes = buffered(&self.buffer, self.buffered, self.offset);
        let Some(bytes) = bytes.get(..total) else {
            return bad("it is cut short");
        };
        match View::parse(bytes).and_then(|view| view.follows(&self.link).map(|()| view)) {
            Ok(view) => {
                let place = Place(segment.header.base + self.offset);
                self.offset += view.len();
                self.link = view.link();
                Ok(Step::Record(view, place))
            }
            Err(what) => bad(what),
        }
    }
}

/// The segment in which a global offset lies, by index.
pub(super) fn segment_of(segments: &[Segment], place: u64) -> Option<usize> {
    let index = segments.partition_point(|segment| segment.header.base <= place).checked_sub(1)?;
    (place <= segments.get(index)?.end()).then_some(index)
}

fn buffered(buffer: &[u8], start: u64, offset: u64) -> &[u8] {
    usize::try_from(offset.wrapping_sub(start)).ok().and_then(|skip| buffer.get(skip..)).unwrap_or_default()
}

/// Makes the buffer hold at least `need` bytes from `offset` on, as far as the segment has them.
fn fill(
    disk: &dyn Disk,
    segment: &Segment,
    offset: u64,
    need: usize,
    buffer: &mut Vec<u8>,
    start: &mut u64,
) -> io::Result<()> {
    let left = segment.len - offset;
    let need = need.min(usize::try_from(left).unwrap_or(usize::MAX));
    if !buffer.is_empty() && offset >= *start && buffered(buffer, *start, offset).len() >= need {
        return Ok(());
    }
    let size = CHUNK.max(need).min(usize::try_from(left).unwrap_or(usize::MAX));
    buffer.resize(size, 0);
    let count = disk.read_at(&segment.file(), offset, buffer)?;
    buffer.truncate(count);
    *start = offset;
    Ok(())
}
