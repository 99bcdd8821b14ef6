//! What whoever reads the room tells the desk of it besides the messages: what could not be read, and how far it has come.

use chrono::{DateTime, Utc};

use crate::case::{Account, CaseId};

/// Something about the reading of the room.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Reading {
    /// Which messages are to be looked for that could not be read. Answered with [`super::Outcome::Unread`].
    LookedFor,
    /// A message that could not be read at first could be, and everything that there is to say of it is sent.
    Settled(String),
    /// Something was written that docket has not read. Until it has, nothing is done that cannot be taken back.
    Behind,
    /// All of it was read and handed in.
    UpToDate,
    /// What comes from here on was written while nobody listened.
    CatchUp,
    /// That was all of it. Answered with the line that the room reads.
    CaughtUp,
    /// The homeserver has nothing any more of what was written in this time.
    Lost {
        /// From when.
        from: DateTime<Utc>,
        /// Until when.
        until: DateTime<Utc>,
        /// Whose room of their own it is; none for the moderation room.
        of: Option<Account>,
    },
    /// These are to be handed in next, in this order. Answered with [`super::Outcome::Coming`].
    Coming(Vec<Coming>),
}

/// A message before its turn. Nothing is done by it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Coming {
    /// Its id.
    pub id: String,
    /// Who sent it.
    pub sender: Account,
    /// What it says.
    pub text: String,
}

/// What was found in what was written while nobody listened.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct CatchingUp {
    /// The number of the next case when it began.
    pub(super) next: Option<CaseId>,
    /// Messages to docket.
    pub(super) messages: usize,
    /// How many of them could not be read.
    pub(super) unread: usize,
}
