//! The data key: the one secret from which every other key of a journal is derived, and its text form.
//!
//! Knows no file; the shell reads and writes it.

use std::fmt;

use zeroize::{Zeroize, Zeroizing};

use crate::ports::Entropy;

/// What the text form begins with; the number is the version of that form.
const LEAD: &str = "docket-data-key-1 ";
/// How many bytes of checksum follow the key, against typing errors only.
const CHECK: usize = 4;

/// Thirty-two secret bytes. Wiped when dropped, never printed by `Debug`.
#[derive(Clone)]
pub struct DataKey([u8; 32]);

/// Why a text is not a data key.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum DataKeyFault {
    /// It does not begin as one.
    #[error("a data key begins with \"docket-data-key-1 \"")]
    Lead,
    /// Its length is wrong.
    #[error("a data key has 72 digits (0-9, a-f) behind its name; some are missing or too many")]
    Length,
    /// A character is not a digit.
    #[error("a data key consists of the digits 0-9 and a-f; another character was found")]
    Digit,
    /// The checksum does not fit.
    #[error("the data key has a typing error: its checksum does not fit")]
    Checksum,
}

impl DataKey {
    /// Makes a new one.
    pub fn make(entropy: &mut dyn Entropy) -> DataKey {
        let mut key = DataKey([0; 32]);
        entropy.fill(&mut key.0);
        key
    }

    /// A key for something outside the journal, told apart by `context` (a fixed text of this program).
    pub fn derive(&self, context: &'static str) -> Zeroizing<[u8; 32]> {
        Zeroizing::new(blake3::derive_key(context, &self.0))
    }

    /// Reads the text form; white space around it is ignored, digits are case-blind.
    pub fn read(text: &str) -> Result<DataKey, DataKeyFault> {
        let digits = text.trim().strip_prefix(LEAD).ok_or(DataKeyFault::Lead)?.trim_start();
        if digits.chars().count() != 2 * (32 + CHECK) {
            return Err(DataKeyFault::Length);
        }
        let mut bytes = Zeroizing::new([0_u8; 32 + CHECK]);
        let nibbles = digits.chars().map(|digit| digit.to_digit(16));
        for (index, nibble) in nibbles.enumerate() {
            let nibble = nibble.ok_or(DataKeyFault::Digit)?;
            let byte = bytes.get_mut(index / 2).ok_or(DataKeyFault::Length)?;
            *byte = (*byte << 4) | nibble.to_le_bytes()[0];
        }
        let mut key = DataKey([0; 32]);
        key.0.copy_from_slice(&bytes[..32]);
        if bytes[32..] == key.check() { Ok(key) } else { Err(DataKeyFault::Checksum) }
    }

    /// The text form, one line without its end (there is room for it, so that no copy is left behind by growing).
    pub fn text(&self) -> Zeroizing<String> {
        let mut text = Zeroizing::new(String::with_capacity(LEAD.len() + 2 * (32 + CHECK) + 1));
        text.push_str(LEAD);
        for byte in self.0.iter().chain(&self.check()) {
            for nibble in [byte >> 4, byte & 15] {
                text.extend(char::from_digit(u32::from(nibble), 16));
            }
        }
        text
    }

    pub(super) fn bytes(&self) -> &[u8; 32] {
        &self.0
    }

    fn check(&self) -> [u8; CHECK] {
        let hash = blake3::derive_key("docket 2026 data key checksum", &self.0);
        let mut check = [0; CHECK];
        check.copy_from_slice(&hash[..CHECK]);
        check
    }
}

impl Drop for DataKey {
    fn drop(&mut self) {
        self.0.zeroize();
    }
}

impl fmt::Debug for DataKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("DataKey(…)")
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::journal::sim::Seeded;

    #[test]
    fn its_text_reads_back_and_a_typo_is_noticed() {
        let key = DataKey::make(&mut Seeded::new(1));
        let text = key.text();
        assert_eq!(DataKey::read(&text).unwrap().bytes(), key.bytes());
        assert_eq!(
            DataKey::read(&format!(
                "  {}\n",
                text.to_uppercase().replace("DOCKET-DATA-KEY-1", "docket-data-key-1")
            ))
            .unwrap()
            .bytes(),
            key.bytes()
        );
        for at in LEAD.len()..text.len() {
            let mut typo = text.to_string();
            let other = if &text[at..=at] == "0" { "1" } else { "0" };
            typo.replace_range(at..=at, other);
            assert_eq!(DataKey::read(&typo).unwrap_err(), DataKeyFault::Checksum, "digit {at}");
        }
        assert_eq!(DataKey::read("hello").unwrap_err(), DataKeyFault::Lead);
        assert_eq!(DataKey::read(&text[..text.len() - 1]).unwrap_err(), DataKeyFault::Length);
        assert_eq!(DataKey::read(&format!("{LEAD}{}", "x".repeat(72))).unwrap_err(), DataKeyFault::Digit);
    }

    #[test]
    fn debug_does_not_print_it() {
        let key = DataKey::make(&mut Seeded::new(1));
        assert_eq!(format!("{key:?}"), "DataKey(…)");
    }
}
