//! The mark: a small file that says whether the index may be believed, and what its files were when it was closed.
//!
//! It knows its own lines; neither how sums are made nor what is done about them.
//!
//! ```text
//! docket index 1
//! state clean            or: open
//! head 123:<hash>        the index's head (clean), or the last head that is known of (open); or: head none
//! built 1048576 123      what its files took after the last rebuild, and the record it was made up to; only if clean
//! file sled/db <length> <sum>
//! mac <keyed hash of all the lines before>
//! ```

use crate::ports::Head;
use crate::store::sled_index::home::{Sum, Sums};
use crate::store::sled_index::seal::RootKeys;

const TITLE: &str = "docket index ";
/// Raised whenever the stored form of anything in the index changes.
const FORMAT: u32 = 2;

/// What the mark says.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Mark {
    /// In use, or not closed properly; with the last head that is known of.
    Open(Option<Head>),
    /// Closed with this head and these files; what it took when it was made, if that is known.
    Clean(Head, Option<Built>, Sums),
}

/// What the index took when it was last rebuilt.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Built {
    /// Bytes of all its files.
    pub(super) bytes: u64,
    /// The record up to which it was made.
    pub(super) seq: u64,
}

/// So many times its first size, an index is rebuilt.
const TIMES: u64 = 3;
/// So many records must have come since it was made: what a rebuild cannot make smaller is not rebuilt at every start.
const RECORDS: u64 = 1_000;

impl Built {
    /// Whether changes have left so much behind since that a rebuild is worth its while. `least` is the size below which
    /// nobody minds.
    pub(super) fn is_outgrown(self, bytes: u64, head: Head, least: u64) -> bool {
        let has_grown = bytes >= least && bytes >= self.bytes.saturating_mul(TIMES);
        has_grown && head.seq.0.saturating_sub(self.seq) >= RECORDS
    }
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
        let (state, head, built, sums) = match self {
            Mark::Open(head) => ("open", *head, None, None),
            Mark::Clean(head, built, sums) => ("clean", Some(*head), *built, Some(sums)),
        };
        let head = head.map_or_else(|| "none".to_owned(), |head| head.to_string());
        let mut text = format!("{TITLE}{FORMAT}\nstate {state}\nhead {head}\n");
        if let Some(Built { bytes, seq }) = built {
            text.push_str(&format!("built {bytes} {seq}\n"));
        }
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
            "clean" => {
                let mut lines = lines.peekable();
                // A mark of before has no such line.
                let built = match lines.next_if(|line| line.starts_with("built ")) {
                    Some(line) => Some(read_built(line)?),
                    None => None,
                };
                Some(Mark::Clean(head?, built, lines.map(read_file).collect::<Option<Sums>>()?))
            }
            _ => None,
        }
    }
}

fn read_built(line: &str) -> Option<Built> {
    let (bytes, seq) = line.strip_prefix("built ")?.split_once(' ')?;
    Some(Built { bytes: bytes.parse().ok()?, seq: seq.parse().ok()? })
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
        let built = Some(Built { bytes: 77, seq: 40 });
        let head = Head { seq: Seq(42), hash: Hash([7; 32]) };
        let sum = Sum { len: 9, hash: blake3::hash(b"x") };
        Mark::Clean(head, built, [("key".to_owned(), sum), ("sled/db".to_owned(), sum)].into())
    }

    #[test]
    fn what_was_marked_is_read_again() {
        let keys = keys(1);
        let Mark::Clean(head, _, sums) = clean() else { unreachable!() };
        let before = Mark::Clean(head, None, sums);
        for mark in
            [clean(), before, Mark::Open(None), Mark::Open(Some(Head { seq: Seq(0), hash: Hash([0; 32]) }))]
        {
            assert_eq!(Mark::read(&mark.write(&keys), &keys), Ok(mark));
        }
    }

    #[test]
    fn an_index_is_outgrown_by_size_and_by_what_came_since() {
        let built = Built { bytes: 100, seq: 5 };
        let at = |seq| Head { seq: Seq(seq), hash: Hash([7; 32]) };
        for (bytes, seq, least, outgrown) in [
            (300, 1_005, 0, true),
            (299, 1_005, 0, false),
            // Nothing came since that could have made it grow.
            (9_000, 1_004, 0, false),
            (9_000, 4, 0, false),
            (300, 1_005, 301, false),
        ] {
            assert_eq!(built.is_outgrown(bytes, at(seq), least), outgrown, "{bytes} {seq} {least}");
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
        let later = format!("{TITLE}{}\nwhatever", FORMAT + 1);
        assert_eq!(Mark::read(later.as_bytes(), &keys(1)), Err(Unread::OtherFormat));
        assert_eq!(Mark::read(b"docket index 1\nwhatever", &keys(1)), Err(Unread::OtherFormat));
        assert_eq!(Mark::read(b"docket index one\n", &keys(1)), Err(Unread::Damaged));
    }
}
