//! How far the room was read: the homeserver's own mark, and what stood there, by which is known whether the homeserver still has what
//! comes behind.

use std::collections::BTreeMap;

use chrono::{DateTime, Utc};
use matrix_sdk::ruma::OwnedRoomId;
use serde::{Deserialize, Serialize};

/// A place up to which everything is handled and answered.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(from = "Kept")]
pub struct Cursor {
    /// The token that the homeserver gave for it.
    pub token: String,
    /// The last message before it that docket has seen.
    pub last: Option<String>,
    /// When docket was there.
    pub at: Option<DateTime<Utc>>,
    /// The rooms of one person that the homeserver has not given out up to there.
    pub behind: BTreeMap<OwnedRoomId, Behind>,
    /// How many posts of its own docket had numbered by then.
    pub posts: u64,
}

/// From where a room is still to be read.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Behind {
    /// The token.
    pub token: String,
    /// When docket was there.
    pub at: Option<DateTime<Utc>>,
    /// How often it was refused since.
    pub refused: u32,
}

/// As it was kept; at first it was the token alone.
#[derive(Deserialize)]
#[serde(untagged)]
enum Kept {
    Token(String),
    Whole {
        token: String,
        #[serde(default)]
        last: Option<String>,
        #[serde(default)]
        at: Option<DateTime<Utc>>,
        #[serde(default)]
        behind: BTreeMap<OwnedRoomId, Behind>,
        #[serde(default)]
        posts: u64,
    },
}

impl Cursor {
    /// A place of which nothing is known but the token.
    pub fn at(token: String) -> Cursor {
        Cursor { token, last: None, at: None, behind: BTreeMap::new(), posts: 0 }
    }

    /// From where a room of one person is to be read.
    pub fn of(&self, room: &OwnedRoomId) -> Behind {
        let here = || Behind { token: self.token.clone(), at: self.at, refused: 0 };
        self.behind.get(room).cloned().unwrap_or_else(here)
    }
}

impl From<Kept> for Cursor {
    fn from(kept: Kept) -> Cursor {
        match kept {
            Kept::Token(token) => Cursor::at(token),
            Kept::Whole { token, last, at, behind, posts } => Cursor { token, last, at, behind, posts },
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_that_was_kept_as_its_token_alone_is_taken_up() {
        let old: Cursor = serde_json::from_str("\"s1_2\"").unwrap();
        assert_eq!(old, Cursor::at("s1_2".to_owned()));
        let before: Cursor = serde_json::from_str(r#"{"token":"s1_2","last":null,"at":null}"#).unwrap();
        assert_eq!(before, old);
        let whole = Cursor { last: Some("$a".to_owned()), at: Some(DateTime::UNIX_EPOCH), ..old };
        let kept = serde_json::to_string(&whole).unwrap();
        assert_eq!(serde_json::from_str::<Cursor>(&kept).unwrap(), whole);
    }
}
