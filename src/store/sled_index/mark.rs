//! The mark: a small file that says whether the index may be believed, and what its files were when it was closed.
//!
//! It knows its own lines; neither how sums are made nor what is done about them.
//!
//! ```text
//! docket index 1
//! state clean            or: open
//! head 123:<hash>        the index's head (clean), or the last head that is known of (open); or: head none
//! file sled/db <length> <sum>
//! mac <keyed hash of all the lines before>
//! ```

use crate::ports::Head;
use crate::store::sled_index::home::{Sum, Sums};
use crate::store::sled_index::seal::RootKeys;

const TITLE: &str = "docket index ";
/// Raised whenever the stored form of anything in the index changes.
const FORMAT: u32 = 1;

/// What the mark says.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Mark {
    /// In use, or not closed properly; with the last head that is known of.
    Open(Option<Head>),
    /// Closed with this head and these files.
    Clean(Head, Sums),
}

/// Why a mark says nothing.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Unread {
    /// Another version of the format.
    OtherFormat,
    /// Not what was written, or written under another key.
    Damaged,
}

impl Mark {
    /// The bytes of the file.
    pub(super) fn write(&self, keys: &RootKeys) -> Vec<u8> {
        let (state, head, sums) = match self {
            Mark::Open(head) => ("open", *head, None),
            Mark::Clean(head, sums) => ("clean", Some(*head), Some(sums)),
        };
        let head = head.map_or_else(|| "none".to_owned(), |head| head.to_string());
        let mut text = format!("{TITLE}{FORMAT}\nstate {state}\nhead {head}\n");
        for (name, sum) in sums.into_iter().flatten() {
            text.push_str(&format!("file {name} {} {}\n", sum.len, sum.hash.to_hex()));
        }
        let mac = keys.mac(text.as_bytes()).to_hex();
        text.push_str(&format!("mac {mac}\n"));
        text.into_bytes()
    }

    /// Reads the bytes of the file.
    pub(super) fn read(bytes: &[u8], keys: &RootKeys) -> Result<Mark, Unread> {
        let text = std::str::from_utf8(bytes).map_err(|_| Unread::Damaged)?;
        let format = text.strip_prefix(TITLE).and_then(|rest| rest.split('\n').next());
        match format.and_then(|format| format.parse::<u32>().ok()) {
            Some(FORMAT) => {}
            Some(_) => return Err(Unread::OtherFormat),
            None => return Err(Unread::Damaged),
        }
        Mark::read_lines(text, keys).ok_or(Unread::Damaged)
    }

    fn read_lines(text: &str, keys: &RootKeys) -> Option<Mark> {
        let (body, mac) = text.strip_suffix('\n')?.rsplit_once("\nmac ")?;
        let body = text.get(..body.len() + 1)?;
        // Comparing BLAKE3 hashes takes the same time wherever they differ.
        if blake3::Hash::from_hex(mac).ok()? != keys.mac(body.as_bytes()) {
            return None;
        }
        let mut lines = body.lines().skip(1);
        let state = lines.next()?.strip_prefix("state ")?;
        let head = match lines.next()?.strip_prefix("head ")? {
            "none" => None,
            head => Some(Head::read(head)?),
        };
        match state {
            "open" => Some(Mark::Open(head)),
            "clean" => Some(Mark::Clean(head?, lines.map(read_file).collect::<Option<Sums>>()?)),
            _ => None,
        }
    }
}

fn read_file(line: &str) -> Option<(String, Sum)> {
    let mut words = line.strip_prefix("file ")?.split(' ');
    let name = words.next()?.to_owned();
    let len = words.next()?.parse().ok()?;
    let hash = blake3::Hash::from_hex(words.next()?).ok()?;
    words.next().is_none().then_some((name, Sum { len, hash }))
}

#[cfg(test)]
mod tests {
    use zeroize::Zeroizing;

    use super::*;
    use crate::ports::{Hash, Seq};

    fn keys(byte: u8) -> RootKeys {
        RootKeys::new(&Zeroizing::new([byte; 32]))
    }

    fn clean() -> Mark {
        let head = Head { seq: Seq(42), hash: Hash([7; 32]) };
        let sum = Sum { len: 9, hash: blake3::hash(b"x") };
        Mark::Clean(head, [("key".to_owned(), sum), ("sled/db".to_owned(), sum)].into())
    }

    #[test]
    fn what_was_marked_is_read_again() {
        let keys = keys(1);
        for mark in [clean(), Mark::Open(None), Mark::Open(Some(Head { seq: Seq(0), hash: Hash([0; 32]) }))] {
            assert_eq!(Mark::read(&mark.write(&keys), &keys), Ok(mark));
        }
    }

    #[test]
    fn no_flipped_bit_no_cut_and_no_other_key_passes() {
        let bytes = clean().write(&keys(1));
        assert_eq!(Mark::read(&bytes, &keys(2)), Err(Unread::Damaged));
        for place in 0..bytes.len() {
            assert!(Mark::read(&bytes[..place], &keys(1)).is_err());
            for bit in 0..8 {
                let mut flipped = bytes.clone();
                flipped[place] ^= 1 << bit;
                // Hexadecimal digits of the last line are read in either case; that is the same mac.
                if !flipped.eq_ignore_ascii_case(&bytes) {
                    assert!(Mark::read(&flipped, &keys(1)).is_err(), "bit {bit} of byte {place}");
                }
            }
        }
    }

    #[test]
    fn another_format_is_told_apart() {
        assert_eq!(Mark::read(b"docket index 2\nwhatever", &keys(1)), Err(Unread::OtherFormat));
        assert_eq!(Mark::read(b"docket index one\n", &keys(1)), Err(Unread::Damaged));
    }
}
