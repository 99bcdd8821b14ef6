//! A notice as it is handed to whoever brings it, and what is known of a room that was made for one.

use super::Post;
use crate::case::{Account, CaseId, Notice};

/// A notice that may take its next step.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Parcel {
    /// What it says.
    pub post: Post,
    /// The word by which its user's room is known: the same however often they are told of the case.
    pub word: String,
    /// The room that was made for its user, if one is on record.
    pub room: Option<String>,
}

/// Whose notice a room was made for, and how far that is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NoticeRoom {
    /// The case.
    pub case: CaseId,
    /// The user.
    pub account: Account,
    /// The notice.
    pub notice: Notice,
    /// The id of the request by which whoever answers there is answered once.
    pub reply: String,
}
