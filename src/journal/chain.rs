//! The chain as a journal knows it in memory: its segments, its end, and marks from which to begin a walk.
//!
//! Reads only. Needs no key.

use std::io;
use std::ops::ControlFlow;

use super::fault::OpenFault;
use super::record::{self, Link, View};
use super::segment::{HEADER, Segment};
use super::walk::{Bad, Mark, Step, Walk, segment_of};
use crate::ports::{Disk, Head, Outline, Place, ReadFault, Seq};

/// How far apart marks are kept.
const APART: u64 = 1 << 20;
/// How much of a record is read before its length is known.
const GUESS: usize = 4096;

/// What is known of the stored chain.
#[derive(Debug)]
pub(super) struct Chain {
    pub(super) segments: Vec<Segment>,
    /// The last record.
    pub(super) link: Link,
    /// The record from which on it was checked.
    checked_from: Link,
    marks: Vec<Mark>,
}

/// A chain that was walked to its end, or to the first thing that does not belong to it.
pub(super) struct Walked {
    pub(super) chain: Chain,
    pub(super) records: u64,
    pub(super) bad: Option<Bad>,
}

impl Chain {
    /// Walks and checks the chain, from a trusted record on if one is given. The segments are not empty.
    pub(super) fn walk(
        disk: &dyn Disk,
        segments: Vec<Segment>,
        trusted: Option<(Place, Head)>,
    ) -> Result<Walked, OpenFault> {
        let mut marks: Vec<Mark> = segments.iter().map(header_mark).collect();
        let mut walk = match trusted.filter(|(_, head)| head.seq != Seq(0)) {
            None => Walk::from_start(disk, &segments),
            Some((place, head)) => {
                let mark = trusted_mark(disk, &segments, place, head)?.ok_or(OpenFault::Trusted(head))?;
                keep(&mut marks, mark);
                Walk::from_mark(disk, &segments, &mark).ok_or(OpenFault::Trusted(head))?
            }
        };
        let checked_from = walk.link();
        let mut records = 0;
        let mut marked = walk.end();
        let bad = loop {
            match walk.step()? {
                Step::Record(..) => records += 1,
                Step::End => break None,
                Step::Bad(bad) => break Some(bad),
            }
            if walk.end() > marked + APART {
                marked = walk.end();
                keep(&mut marks, Mark { place: marked, link: walk.link() });
            }
        };
        let link = walk.link();
        Ok(Walked { chain: Chain { segments, link, checked_from, marks }, records, bad })
    }

    pub(super) fn head(&self) -> Head {
        Head { seq: Seq(self.link.seq), hash: self.link.hash }
    }

    /// The global offset behind the last record.
    pub(super) fn end(&self) -> u64 {
        self.segments.last().map_or(0, Segment::end)
    }

    /// Takes in a batch that was written behind the last record.
    pub(super) fn grow(&mut self, bytes: u64, link: Link) {
        if let Some(last) = self.segments.last_mut() {
            last.len += bytes;
        }
        self.link = link;
        let place = self.end();
        if self.marks.last().is_none_or(|last| place > last.place + APART) {
            self.marks.push(Mark { place, link });
        }
    }

    /// Takes in a new, empty segment.
    pub(super) fn roll(&mut self, segment: Segment) {
        self.marks.push(header_mark(&segment));
        self.segments.push(segment);
    }

    /// Shows every record from a number on.
    pub(super) fn scan(
        &self,
        disk: &dyn Disk,
        from: Seq,
        each: &mut dyn FnMut(Outline) -> ControlFlow<()>,
    ) -> Result<(), ReadFault> {
        let mut walk = self.walk_before(disk, from.0);
        loop {
            match walk.step()? {
                Step::Record(view, _) if view.seq < from.0 => {}
                Step::Record(view, place) => match each(view.outline(place)) {
                    ControlFlow::Continue(()) => {}
                    ControlFlow::Break(()) => return Ok(()),
                },
                Step::End => return Ok(()),
                Step::Bad(bad) => return Err(bad.into_read(&self.segments)),
            }
        }
    }

    /// Whether the chain holds this head. Its end, and the record that was trusted, are not walked up to again.
    pub(super) fn holds(&self, disk: &dyn Disk, head: Head) -> Result<bool, OpenFault> {
        let known = |link: &Link| link.seq == head.seq.0 && link.hash == head.hash;
        if head.seq != Seq(0) && (known(&self.link) || known(&self.checked_from)) {
            return Ok(true);
        }
        if head.seq == Seq(0) {
            return Ok(self.segments.first().is_some_and(|first| first.header.hash() == head.hash));
        }
        if head.seq.0 > self.link.seq {
            return Ok(false);
        }
        let mut walk = self.walk_before(disk, head.seq.0);
        loop {
            match walk.step()? {
                Step::Record(view, _) if view.seq == head.seq.0 => return Ok(view.hash == head.hash),
                Step::Record(..) => {}
                Step::End => return Ok(false),
                // Not missing, but unreadable: the damage is named, not the head that it hides.
                Step::Bad(bad) => {
                    return Err(OpenFault::Damaged {
                        seq: Seq(bad.seq),
                        file: self.segments.get(bad.segment).map(Segment::file).unwrap_or_default(),
                        what: bad.what.to_owned(),
                    });
                }
            }
        }
    }

    /// The bytes of the record at a place.
    pub(super) fn bytes_at(&self, disk: &dyn Disk, place: Place) -> Result<Vec<u8>, ReadFault> {
        if place.0 >= self.end() {
            return Err(ReadFault::Nowhere);
        }
        bytes_at(disk, &self.segments, place)?.ok_or(ReadFault::Nowhere)
    }

    fn walk_before<'a>(&'a self, disk: &'a dyn Disk, seq: u64) -> Walk<'a> {
        let index = self.marks.partition_point(|mark| mark.link.seq < seq);
        index
            .checked_sub(1)
            .and_then(|index| self.marks.get(index))
            .and_then(|mark| Walk::from_mark(disk, &self.segments, mark))
            .unwrap_or_else(|| Walk::from_start(disk, &self.segments))
    }
}

/// Reads the record at a place, or names why not; `Nowhere` if none begins there.
pub(super) fn parse_at(bytes: &[u8]) -> Result<View<'_>, ReadFault> {
    View::parse(bytes).map_err(|what| ReadFault::Damaged {
        seq: Seq(record::u64_at(bytes, 8).unwrap_or(0)),
        what: what.to_owned(),
    })
}

/// The bytes of what claims to be a record at a place; `None` if nothing does.
fn bytes_at(disk: &dyn Disk, segments: &[Segment], place: Place) -> io::Result<Option<Vec<u8>>> {
    let Some(segment) = segment_of(segments, place.0).and_then(|index| segments.get(index)) else {
        return Ok(None);
    };
    let offset = place.0 - segment.header.base;
    if offset < HEADER as u64 {
        return Ok(None);
    }
    let left = usize::try_from(segment.len.saturating_sub(offset)).unwrap_or(usize::MAX);
    let mut bytes = vec![0; GUESS.min(left)];
    let count = disk.read_at(&segment.file(), offset, &mut bytes)?;
    bytes.truncate(count);
    let Some(total) = record::length(&bytes).filter(|total| *total <= left) else {
        return Ok(None);
    };
    let known = bytes.len().min(total);
    bytes.resize(total, 0);
    if total > known {
        let rest = bytes.get_mut(known..).unwrap_or_default();
        let missing = rest.len();
        if disk.read_at(&segment.file(), offset + known as u64, rest)? < missing {
            return Ok(None);
        }
    }
    Ok(Some(bytes))
}

fn header_mark(segment: &Segment) -> Mark {
    Mark { place: segment.header.base + HEADER as u64, link: segment.header.link() }
}

fn trusted_mark(
    disk: &dyn Disk,
    segments: &[Segment],
    place: Place,
    head: Head,
) -> Result<Option<Mark>, OpenFault> {
    let Some(bytes) = bytes_at(disk, segments, place)? else {
        return Ok(None);
    };
    let Ok(view) = View::parse(&bytes) else {
        return Ok(None);
    };
    let fits = view.seq == head.seq.0 && view.hash == head.hash;
    Ok(fits.then(|| Mark { place: place.0 + view.len(), link: view.link() }))
}

/// Puts a mark in order of place.
fn keep(marks: &mut Vec<Mark>, mark: Mark) {
    let index = marks.partition_point(|before| before.place < mark.place);
    marks.insert(index, mark);
}
