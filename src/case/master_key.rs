//! The public master key of somebody's identity: what they are recognised by. Knows how one is written, not whose it is.

use serde::{Deserialize, Serialize};

/// The public master key of somebody's cross-signing identity: ed25519, unpadded base64.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct MasterKey(String);

/// Why a text is no master key.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum KeyFault {
    /// The wrong number of characters.
    #[error("a master key has 43 characters, and this has {0}; copy it whole")]
    Length(usize),
    /// A character that no key has.
    #[error("a master key has no U+{:04X} in it", u32::from(*.0))]
    Letter(char),
    /// The last character carries more than a key can.
    #[error("this is no master key; the last character is not one that a key ends in")]
    End,
}

impl MasterKey {
    /// Parses a key as clients show it: perhaps in groups with spaces between them, perhaps with its `=`.
    pub fn parse(text: &str) -> Result<MasterKey, KeyFault> {
        let key: String = text.split_whitespace().collect();
        let key = key.strip_prefix("ed25519:").unwrap_or(&key);
        let key = key.strip_suffix('=').unwrap_or(key);
        let is_digit = |c: char| c.is_ascii_alphanumeric() || c == '+' || c == '/';
        if let Some(c) = key.chars().find(|c| !is_digit(*c)) {
            return Err(KeyFault::Letter(c));
        }
        if key.len() != 43 {
            return Err(KeyFault::Length(key.len()));
        }
        // 43 characters are 258 bits, and a key has 256: the last two are zero.
        if !key.ends_with(|c| "AEIMQUYcgkosw048".contains(c)) {
            return Err(KeyFault::End);
        }
        Ok(MasterKey(key.to_owned()))
    }

    /// The key as clients show it: in groups of four.
    pub fn in_fours(&self) -> String {
        let letters: Vec<char> = self.0.chars().collect();
        letters.chunks(4).map(|four| four.iter().collect::<String>()).collect::<Vec<_>>().join(" ")
    }

    /// The key, without spaces and padding.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn keys_are_read_as_clients_show_them() {
        let key = "JxVh4ZpBVWcq1Zt5lVnqAaMTVkkgJeqqfbnuYQ7RHyM";
        let read = |text: &str| MasterKey::parse(text).map(|key| key.as_str().to_owned());
        assert_eq!(read(key).as_deref(), Ok(key));
        assert_eq!(read(&format!("ed25519:{key}=")).as_deref(), Ok(key));
        assert_eq!(read("JxVh 4ZpB VWcq 1Zt5 lVnq AaMT VkkgJeqqfbnuYQ7RHyM").as_deref(), Ok(key));
        assert_eq!(read("JxVh"), Err(KeyFault::Length(4)));
        assert_eq!(read(&key.replace('4', "-")), Err(KeyFault::Letter('-')));
        assert_eq!(read(&key.replace("yM", "yN")), Err(KeyFault::End));
    }
}
