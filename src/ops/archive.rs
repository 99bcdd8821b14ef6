//! The stored form of a backup: a tar stream inside an age file, and the names of both.
//!
//! In this order: `manifest.json`, `journal/*.seg` cut at the head, `files/*`, `keys`, `data.key`. Nothing else is ever in it:
//! not `index/` (rebuilt from the journal), not `matrix/` (a copied device would speak with two mouths), not `lock`,
//! `control.sock` or `journal/cut-*` (of nothing in it was anybody ever told).

use chrono::{DateTime, NaiveDateTime, Utc};
use serde::{Deserialize, Serialize};

/// The version of this form.
pub const FORMAT: u32 = 1;
/// The name of the manifest.
pub const MANIFEST: &str = "manifest.json";
/// The file of the cases' keys.
pub const KEYS: &str = "keys";
/// The directory of the chain.
pub const JOURNAL: &str = "journal";
/// The directory of the sealed files.
pub const FILES: &str = "files";

const TIME: &str = "%Y%m%dT%H%M%SZ";

/// What a backup says of itself, first in the stream.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Manifest {
    /// The version of the form.
    pub format: u32,
    /// Which docket made it.
    pub docket: String,
    /// The journal's id, in hex digits.
    pub journal: String,
    /// The last record, as `SEQ:HASH`.
    pub head: String,
    /// The highest case number on record.
    pub highest: u32,
    /// When it was made.
    pub at: DateTime<Utc>,
}

/// The name of a backup's file.
pub fn file_name(seq: u64, at: DateTime<Utc>) -> String {
    format!("docket-{seq}-{}.age", at.format(TIME))
}

/// What a backup's file name says: the number of the last record, then the time. The newest is the largest.
pub fn read_file_name(name: &str) -> Option<(u64, NaiveDateTime)> {
    let (seq, time) = name.strip_prefix("docket-")?.strip_suffix(".age")?.split_once('-')?;
    let read = (seq.parse().ok()?, NaiveDateTime::parse_from_str(time, TIME).ok()?);
    (file_name(read.0, read.1.and_utc()) == name).then_some(read)
}

/// What an entry of the stream is, by its name.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Kind {
    /// The manifest.
    Manifest,
    /// A file of the chain.
    Segment,
    /// A sealed file.
    File,
    /// The cases' keys.
    Keys,
    /// The data key.
    DataKey,
}

/// Reads an entry's name; `None` for everything that has no place in a backup.
pub fn kind(name: &str) -> Option<Kind> {
    let is_hex = |text: &str, digits: usize| {
        text.len() == digits && text.bytes().all(|byte| matches!(byte, b'0'..=b'9' | b'a'..=b'f'))
    };
    match name.split_once('/') {
        None if name == MANIFEST => Some(Kind::Manifest),
        None if name == KEYS => Some(Kind::Keys),
        None if name == super::home::DATA_KEY => Some(Kind::DataKey),
        Some((JOURNAL, file)) => is_hex(file.strip_suffix(".seg")?, 16).then_some(Kind::Segment),
        Some((FILES, file)) => {
            let (_, word) = file.split_once('-')?;
            (case_of(file).is_some() && is_hex(word, 32)).then_some(Kind::File)
        }
        None | Some(_) => None,
    }
}

/// The number of the case that a sealed file belongs to.
pub fn case_of(file: &str) -> Option<u32> {
    let (digits, _) = file.split_once('-')?;
    let number: u32 = digits.parse().ok()?;
    (number > 0 && number.to_string() == digits).then_some(number)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_file_name_reads_back_and_nothing_else_does() {
        let at = DateTime::from_timestamp(1_795_168_800, 0).unwrap();
        let name = file_name(812, at);
        assert_eq!(name, "docket-812-20261120T100000Z.age");
        assert_eq!(read_file_name(&name), Some((812, at.naive_utc())));
        for other in [
            "docket-812-20261120T100000Z.age.part",
            "docket-0812-20261120T100000Z.age",
            "docket-+812-20261120T100000Z.age",
            "docket-812-2026-11-20T10:00:00Z.age",
            "docket-812.age",
            "docket-erasures.txt",
        ] {
            assert_eq!(read_file_name(other), None, "{other}");
        }
    }

    #[test]
    fn only_known_shapes_are_entries() {
        let word = "0123456789abcdef0123456789abcdef";
        assert_eq!(kind("manifest.json"), Some(Kind::Manifest));
        assert_eq!(kind("journal/0000000000000000.seg"), Some(Kind::Segment));
        assert_eq!(kind(&format!("files/42-{word}")), Some(Kind::File));
        assert_eq!(kind("keys"), Some(Kind::Keys));
        assert_eq!(kind("data.key"), Some(Kind::DataKey));
        for evil in [
            "",
            "/keys",
            "./keys",
            "../keys",
            "journal/../keys",
            "journal/cut-4",
            "journal/next",
            "journal/00000000000000000.seg",
            "journal/000000000000000G.seg",
            "files/42-../../../etc/passwd",
            "files/0-0123456789abcdef0123456789abcdef",
            "files/042-0123456789abcdef0123456789abcdef",
            "files/42",
            "index/mark",
            "matrix/crypto.sqlite3",
            "lock",
            "control.sock",
            "keys/",
            "data.key\0",
        ] {
            assert_eq!(kind(evil), None, "{evil}");
        }
    }
}
