//! The name of a field, however it was typed. Does not know which fields exist.

use std::fmt;

use serde::{Deserialize, Serialize};
use unicode_normalization::UnicodeNormalization;

use super::glyph;

/// A field's name in its normal form: lower case, one space where spaces, hyphens or underscores stood.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct Key(String);

/// There is nothing that could be a field's name.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("a field's name has at least one letter or digit")]
pub struct NoKey;

impl Key {
    /// Reads `Return address`, `return-address` and `RETURN_ADDRESS` as the same.
    pub fn read(text: &str) -> Result<Key, NoKey> {
        let folded = folded(text);
        let words: Vec<&str> = folded
            .split(|c: char| c.is_whitespace() || glyph::is_dash(c) || c == '_')
            .filter(|w| !w.is_empty())
            .collect();
        let normal = words.join(" ").replace(['‘', '’'], "'");
        if normal.chars().any(char::is_alphanumeric) { Ok(Key(normal)) } else { Err(NoKey) }
    }

    /// The normal form.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// Whether it is the field of this name, given in its normal form.
    pub fn is(&self, name: &str) -> bool {
        self.0 == name
    }
}

/// Without case, and letters in disguise as what they are.
fn folded(text: &str) -> String {
    // Plain letters have no other form, and most names are plain.
    if text.is_ascii() {
        return text.to_ascii_lowercase();
    }
    // Lower-casing can undo a normal form, and the other way round; twice is stable.
    let once: String = text.nfkc().collect::<String>().to_lowercase();
    once.nfkc().collect::<String>().to_lowercase()
}

impl TryFrom<String> for Key {
    type Error = NoKey;
    fn try_from(text: String) -> Result<Key, NoKey> {
        Key::read(&text)
    }
}

impl From<Key> for String {
    fn from(key: Key) -> String {
        key.0
    }
}

impl fmt::Display for Key {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl fmt::Debug for Key {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Debug::fmt(&self.0, f)
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn a_field_has_one_name_however_it_is_typed() {
        for text in [
            "Return address",
            " return-address ",
            "RETURN_ADDRESS",
            "return –\u{A0}address",
            "Ｒeturn＿address",
        ] {
            assert_eq!(Key::read(text).map(|key| key.to_string()), Ok("return address".to_owned()), "{text}");
        }
        assert_eq!(Key::read("Person’s name"), Key::read("person's NAME"));
    }

    #[test]
    fn nothing_is_no_name() {
        for text in ["", " ", "--", "_", "*", "?!"] {
            assert_eq!(Key::read(text), Err(NoKey), "{text}");
        }
    }

    proptest! {
        #[test]
        fn the_normal_form_is_normal(text in any::<String>()) {
            if let Ok(key) = Key::read(&text) {
                prop_assert_eq!(Key::read(key.as_str()), Ok(key));
            }
        }
    }
}
