//! Why the desk cannot go on. Unlike a refusal, none of these is the sender's doing: the process ends and says which.

use crate::case::CaseId;
use crate::case::wire::WireFault;
use crate::ports::{AppendFault, FilesFault, IndexFault, ReadFault, Seq};

/// Why the desk cannot go on.
#[derive(Debug, thiserror::Error)]
pub enum DeskFault {
    /// The journal did not take a record.
    #[error(transparent)]
    Append(#[from] AppendFault),
    /// The journal could not be read.
    #[error(transparent)]
    Read(#[from] ReadFault),
    /// The index failed again and again, rebuilds in between.
    #[error(transparent)]
    Index(#[from] IndexFault),
    /// A sealed file could not be removed.
    #[error(transparent)]
    Files(#[from] FilesFault),
    /// A record says something that this program does not understand.
    #[error("record {seq} of the journal cannot be read: {fault}")]
    Wire {
        /// The record.
        seq: Seq,
        /// Why.
        fault: WireFault,
    },
    /// The key of a case is gone, and no purge is on record.
    #[error(
        "the key of {0} is gone from the file `keys`, and no purge of it is on record. Restore from a backup, \
         or put the file back from one"
    )]
    KeyGone(CaseId),
    /// The first record of a case does not open it.
    #[error("record {seq} of the journal speaks of {case}, which no record before it opens")]
    NoOpening {
        /// The record.
        seq: Seq,
        /// The case.
        case: CaseId,
    },
    /// A value could not be written.
    #[error("could not be written down: {0}")]
    Write(WireFault),
    /// The journal is longer than what is owed can be kept for.
    #[error("the journal is too long for this version of docket")]
    TooFar,
}
