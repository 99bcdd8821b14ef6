//! Why a journal was not opened, verified or exported. Each sentence names the file or the record.

use std::io;

use crate::case::CaseId;
use crate::ports::{Head, Seq};

/// Why a journal was not opened, or does not verify. Nothing on disk was changed by finding out.
#[derive(Debug, thiserror::Error)]
pub enum OpenFault {
    /// A record is not what was written, or does not continue the chain.
    #[error("record {seq} of the journal is damaged: {what}, in {file}")]
    Damaged {
        /// The record, or the one that should stand there.
        seq: Seq,
        /// The file it stands in.
        file: String,
        /// What does not fit.
        what: String,
    },
    /// A segment's header is not what was written.
    #[error("the journal file {file} is damaged: {what}")]
    Header {
        /// The file.
        file: String,
        /// What does not fit.
        what: String,
    },
    /// A later version of docket wrote it.
    #[error("{file} has format version {found}, this program reads version 1")]
    Version {
        /// The file.
        file: String,
        /// The version that it names.
        found: u32,
    },
    /// A segment is missing, or the one before it has lost bytes.
    #[error(
        "the journal file {file} is missing, or the file before it was cut: it should hold records behind {seq}"
    )]
    Missing {
        /// The file that should be there.
        file: String,
        /// The first record of the last segment before the gap.
        seq: Seq,
    },
    /// A file ends in `.seg` and is none.
    #[error("{file} is no file of this journal; move it away")]
    Foreign {
        /// The file.
        file: String,
    },
    /// `keys` exists and no segment does.
    #[error("the journal's files are gone, yet \"keys\" or something set aside is there; restore a backup")]
    Gone,
    /// There is nothing to read: no journal was ever made here.
    #[error("there is no journal here")]
    Nothing,
    /// Segments exist and `keys` does not.
    #[error("the file \"keys\" is missing beside a journal with records; restore a backup")]
    KeysMissing,
    /// `keys` was made with another data key.
    #[error(
        "this data key does not fit: the journal was made with another one (or the first slot of \"keys\" is damaged)"
    )]
    WrongKey,
    /// `keys` itself is not what was written.
    #[error("the file \"keys\" is damaged: {0}")]
    Keys(&'static str),
    /// A case's slot in `keys` does not open.
    #[error("the file \"keys\" is damaged: the slot of {0} does not open")]
    CaseKey(CaseId),
    /// A head that somebody remembers is not in the chain: records are missing or were replaced.
    #[error(
        "the journal does not hold record {0}, which is remembered: records are missing or were replaced (now: {1})"
    )]
    Forgotten(Head, Head),
    /// The place to start from is not in the chain. Open again without it, and rebuild what named it.
    #[error(
        "the journal does not hold record {0}, which the index remembers as its end: records are missing or were changed. \
         Restore from a backup"
    )]
    Trusted(Head),
    /// The outside failed.
    #[error("the journal could not be read: {0}")]
    Io(#[from] io::Error),
}
