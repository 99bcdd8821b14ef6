//! What a start finds of the index on disk. Knows heads; not how they were found.

use crate::ports::Head;

/// Whether what was found on disk can be believed. With anything but `Yes` the index is empty and waits for a rebuild.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Believed {
    /// Closed properly and unchanged since. The caller still has to find this head in the journal's chain.
    Yes(Head),
    /// There is none.
    New,
    /// The program ended without closing it.
    NotClosed {
        /// The journal must reach at least to here.
        last_seen: Option<Head>,
    },
    /// Its files are not what they were when it was closed.
    Damaged {
        /// What does not fit.
        what: String,
        /// The journal must reach at least to here, if the mark could be read.
        last_seen: Option<Head>,
    },
    /// Another version of docket wrote it.
    OlderFormat,
    /// It could be believed, but what changes left behind makes it several times as large as a rebuild would.
    Outgrown {
        /// Bytes that its files take.
        bytes: u64,
        /// Bytes that they took after the last rebuild.
        built: u64,
        /// The journal must reach at least to here.
        last_seen: Head,
    },
}

impl Believed {
    /// The last head that the index knew of: the journal's chain must reach at least to it.
    pub fn last_seen(&self) -> Option<Head> {
        match self {
            Believed::Yes(head) | Believed::Outgrown { last_seen: head, .. } => Some(*head),
            Believed::NotClosed { last_seen } | Believed::Damaged { last_seen, .. } => *last_seen,
            Believed::New | Believed::OlderFormat => None,
        }
    }
}
