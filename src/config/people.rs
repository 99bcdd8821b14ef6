//! Who is listed, with the key that confirms their identity. Does not know what a role allows; `case` does.

use crate::case::{MasterKey, Person};

/// Somebody under `people:`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Listed {
    /// The account and its roles, each role once.
    pub person: Person,
    /// The identity that is confirmed from the start.
    pub key: Option<MasterKey>,
}
