//! Posting blocks as bytes: how a list of numbers is cut into blocks, how a block is written and what its key is.
//!
//! Pure; it knows neither sled nor sealing.
//!
//! A list is a chain of blocks. A block's *bound* is the largest number that may stand in it; the block takes everything
//! above the next lower block's bound. The newest block's bound is `u64::MAX` and its key is the bare hash, so that a list
//! that fits one block costs a key of 16 bytes (sled keeps keys up to 22 bytes without an allocation). Other keys are the
//! hash and the complement of the bound, so that newer blocks sort first.

use crate::ports::IndexFault;
use crate::store::sled_index::seal::FacetHash;

/// How many bytes of numbers a block holds at most: some 300 case numbers. Measured at 100,000 cases: entering a new case
/// with 2,048 takes 1.0 ms and grows sled's log by 55 KB, with 512 it takes 0.7 ms and 30 KB; 256 gains nothing more.
pub(super) const FULL: usize = 512;

const HASH: usize = size_of::<FacetHash>();
const VARINT: usize = 10;

/// The key of the block with this bound.
pub(super) fn key(hash: &FacetHash, bound: u64) -> Vec<u8> {
    let mut key = hash.to_vec();
    if bound != u64::MAX {
        key.extend_from_slice(&(!bound).to_be_bytes());
    }
    key
}

/// The bound in a block's key; `None` if the key belongs to another list.
pub(super) fn bound(hash: &FacetHash, key: &[u8]) -> Option<u64> {
    let rest = key.strip_prefix(hash.as_slice())?;
    if rest.is_empty() {
        return Some(u64::MAX);
    }
    <[u8; 8]>::try_from(rest).ok().map(|bytes| !u64::from_be_bytes(bytes))
}

/// The last key that a block of this list can have.
pub(super) fn last_key(hash: &FacetHash) -> [u8; HASH + 8] {
    let mut key = [u8::MAX; HASH + 8];
    key[..HASH].copy_from_slice(hash);
    key
}

/// Writes numbers, largest first and each once: the first whole, then each as its distance to the one before.
pub(super) fn write(numbers: &[u64]) -> Vec<u8> {
    let mut bytes = Vec::with_capacity(numbers.len() * 2 + VARINT);
    let mut before = None;
    for number in numbers {
        push_varint(&mut bytes, before.map_or(*number, |before: u64| before.wrapping_sub(*number)));
        before = Some(*number);
    }
    bytes
}

/// Reads what `write` wrote.
pub(super) fn read(mut bytes: &[u8]) -> Result<Vec<u64>, IndexFault> {
    let mut numbers = Vec::with_capacity(bytes.len());
    let mut before: Option<u64> = None;
    while !bytes.is_empty() {
        let step = take_varint(&mut bytes).ok_or_else(unreadable)?;
        let number = match before {
            None => step,
            Some(before) => before.checked_sub(step).filter(|_| step > 0).ok_or_else(unreadable)?,
        };
        numbers.push(number);
        before = Some(number);
    }
    Ok(numbers)
}

/// Cuts numbers (largest first, each once) into runs that each fit a block. In the newest block the older runs are filled
/// and the rest left on top, where numbers mostly enter; elsewhere the runs are even, since nobody knows where they will.
pub(super) fn cut(numbers: &[u64], newest: bool) -> Vec<&[u64]> {
    let steps =
        |run: &[u64]| -> usize { run.windows(2).map(|pair| varint_len(pair[0].wrapping_sub(pair[1]))).sum() };
    let room = FULL - VARINT;
    let total = steps(numbers);
    let goal = if newest { room } else { total.div_ceil(total.div_ceil(room).max(1)) };
    let mut runs = Vec::new();
    let mut rest = numbers;
    while !rest.is_empty() {
        let mut size = 0;
        let mut start = rest.len() - 1;
        while start > 0 {
            let step = varint_len(rest[start - 1].wrapping_sub(rest[start]));
            if size + step > goal {
                break;
            }
            size += step;
            start -= 1;
        }
        let (above, run) = rest.split_at(start);
        runs.push(run);
        rest = above;
    }
    runs.reverse();
    runs
}

/// Appends a number in groups of seven bits, lowest first.
pub(super) fn push_varint(bytes: &mut Vec<u8>, mut number: u64) {
    while number >= 0x80 {
        bytes.push(number as u8 | 0x80);
        number >>= 7;
    }
    bytes.push(number as u8);
}

/// Takes such a number off the front; `None` if there is none.
pub(super) fn take_varint(bytes: &mut &[u8]) -> Option<u64> {
    let mut number = 0_u64;
    for place in 0..VARINT {
        let (byte, rest) = bytes.split_first()?;
        *bytes = rest;
        let group = u64::from(byte & 0x7f);
        if place == VARINT - 1 && group > 1 {
            return None;
        }
        number |= group << (7 * place);
        if byte & 0x80 == 0 {
            return Some(number);
        }
    }
    None
}

fn varint_len(number: u64) -> usize {
    (64 - (number | 1).leading_zeros() as usize).div_ceil(7)
}

fn unreadable() -> IndexFault {
    IndexFault("a posting block cannot be read".into())
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn descending() -> impl Strategy<Value = Vec<u64>> {
        let near = prop::collection::btree_set(0_u64..20_000, 0..6_000);
        let far = prop::collection::btree_set(any::<u64>(), 0..900);
        (near, far).prop_map(|(near, far)| {
            let all: std::collections::BTreeSet<u64> = near.into_iter().chain(far).collect();
            all.into_iter().rev().collect()
        })
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(32))]
        #[test]
        fn what_is_cut_and_written_is_read_again(numbers in descending(), newest: bool) {
            let runs = cut(&numbers, newest);
            let mut seen = Vec::new();
            for run in runs {
                let bytes = write(run);
                prop_assert!(!run.is_empty() && bytes.len() <= FULL);
                seen.extend(read(&bytes).unwrap());
            }
            prop_assert_eq!(seen, numbers);
        }

        #[test]
        fn a_bound_is_found_again_in_its_key_and_newer_keys_sort_first(a: u64, b: u64, hash: [u8; 16]) {
            prop_assert_eq!(bound(&hash, &key(&hash, a)), Some(a));
            prop_assert_eq!(key(&hash, a) < key(&hash, b), a > b);
            prop_assert!(key(&hash, a).as_slice() <= last_key(&hash).as_slice());
        }
    }

    #[test]
    fn bytes_that_nobody_wrote_are_refused() {
        for bytes in [
            &[0x80][..],
            &[5, 6],
            &[5, 0],
            &[0xff; 11],
            &[0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 2],
        ] {
            assert!(read(bytes).is_err(), "{bytes:?}");
        }
    }
}
