//! A file that was posted in the room, as far as the adapter knows of it. Whether it is taken, the desk says.

use super::Desk;
use crate::case::{Account, CaseId, KeptFile};
use crate::chat::{FileText, NotTaken};
use crate::files;

/// A file that was posted in the room, and that a message answers.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PostedFile {
    /// The name it was posted under.
    pub name: String,
    /// Who posted it; nobody where docket did.
    pub from: Option<Account>,
    /// How long it is, as far as whoever posted it says so.
    pub size: Option<u64>,
    /// Whether it lies on the homeserver in clear.
    pub is_clear: bool,
    /// What was made of it so far.
    pub got: Got,
}

/// What was made of a posted file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Got {
    /// Nothing yet: the desk asks first.
    NotYet,
    /// It was hashed and sealed for this case.
    Kept(CaseId, KeptFile),
    /// Its text was read.
    Text(FileText),
    /// It could not be had.
    Not(NotTaken),
}

impl PostedFile {
    /// A file of which only the name is known, posted by docket or in a rehearsal.
    pub fn named(name: &str) -> PostedFile {
        PostedFile { name: name.to_owned(), from: None, size: None, is_clear: false, got: Got::NotYet }
    }

    /// The same file, after this was made of it.
    pub fn with(self, got: Got) -> PostedFile {
        PostedFile { got, ..self }
    }

    /// Why it is not fetched at all, by what is known of it before.
    pub(super) fn unfit(&self, desk: &Desk) -> Option<NotTaken> {
        let is_listed = |account: &Account| desk.terms.person(account).is_some();
        if self.is_clear {
            Some(NotTaken::Clear)
        } else if !self.from.as_ref().is_none_or(is_listed) {
            Some(NotTaken::Stranger)
        } else if self.size.is_some_and(|size| size > files::LARGEST) {
            Some(NotTaken::TooLarge)
        } else {
            None
        }
    }
}
