//! Checks the chain over a live directory: without any key, without a lock, changing nothing.

use super::chain::Chain;
use super::fault::OpenFault;
use super::segment::{self, Segment};
use super::tail;
use crate::case::CaseId;
use crate::ports::{Disk, Head, Place};

/// What was found.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Verified {
    /// The last whole record.
    pub head: Head,
    /// How many records were checked.
    pub records: u64,
    /// In how many files.
    pub segments: u64,
    /// The highest case number that any record mentions.
    pub highest: Option<CaseId>,
    /// Bytes behind the last whole record: a batch that is being written, or the remains of one.
    pub unfinished: Option<Unfinished>,
    /// Whether the expected head stands in the chain, if one was named.
    pub holds: Option<bool>,
}

/// Bytes that are no whole record yet, or never were one.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Unfinished {
    /// The file.
    pub file: String,
    /// Where they begin in it.
    pub offset: u64,
    /// How many.
    pub bytes: u64,
}

/// Checks every record (from a trusted one on, if given) up to the last complete one. Refuses what opening would refuse:
/// damage, and also a missing journal.
pub fn verify(
    disk: &dyn Disk,
    trusted: Option<(Place, Head)>,
    expected: Option<Head>,
) -> Result<Verified, OpenFault> {
    let segments: Vec<Segment> = segment::list(disk)?;
    if segments.is_empty() {
        return Err(OpenFault::Nothing);
    }
    let walked = Chain::walk(disk, segments, trusted)?;
    let unfinished = tail::judge(disk, &walked, &[])?.map(|torn| Unfinished {
        file: torn.file,
        offset: torn.offset,
        bytes: torn.bytes,
    });
    let holds = match expected {
        None => None,
        Some(head) => Some(walked.chain.holds(disk, head)?),
    };
    Ok(Verified {
        head: walked.chain.head(),
        records: walked.records,
        segments: walked.chain.segments.len() as u64,
        highest: CaseId::new(walked.chain.link.highest),
        unfinished,
        holds,
    })
}
