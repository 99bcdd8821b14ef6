//! How far the room was read: the homeserver's own mark, and what stood there, by which is known whether the homeserver still has what
//! comes behind.

use chrono::{DateTime, Utc};
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
    /// How many posts of its own docket had numbered by then.
    pub posts: u64,
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
        posts: u64,
    },
}

impl From<Kept> for Cursor {
    fn from(kept: Kept) -> Cursor {
        match kept {
            Kept::Token(token) => Cursor { token, last: None, at: None, posts: 0 },
            Kept::Whole { token, last, at, posts } => Cursor { token, last, at, posts },
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_that_was_kept_as_its_token_alone_is_taken_up() {
        let old: Cursor = serde_json::from_str("\"s1_2\"").unwrap();
        assert_eq!(old, Cursor { token: "s1_2".to_owned(), last: None, at: None, posts: 0 });
        let whole = Cursor { last: Some("$a".to_owned()), at: Some(DateTime::UNIX_EPOCH), ..old };
        let kept = serde_json::to_string(&whole).unwrap();
        assert_eq!(serde_json::from_str::<Cursor>(&kept).unwrap(), whole);
    }
}
