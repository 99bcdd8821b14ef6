//! Collects the postings of a rebuild in memory, small, until they are written list by list.
//!
//! It knows neither sled nor sealing.

use std::collections::BTreeMap;

use crate::store::sled_index::blocks::{push_varint, take_varint};
use crate::store::sled_index::seal::FacetHash;

/// So many pairs wait unsorted; sorting them first makes one walk over the lists out of many look-ups.
const WAITING: usize = 1 << 17;
/// What a list costs beside its numbers: the map's entry and the allocator's rounding.
const PER_LIST: usize = 96;

/// Lists of numbers on their way into the index.
#[derive(Default)]
pub(super) struct Gather {
    waiting: Vec<(FacetHash, u64)>,
    lists: BTreeMap<FacetHash, Packed>,
    bytes: usize,
}

/// Numbers as they came, each as its distance to the one before: case numbers come in order and take a byte or two.
#[derive(Default)]
struct Packed {
    last: u64,
    bytes: Vec<u8>,
}

impl Gather {
    pub(super) fn add(&mut self, hash: FacetHash, number: u64) {
        self.waiting.push((hash, number));
        if self.waiting.len() >= WAITING {
            self.settle();
        }
    }

    /// About how much memory it takes.
    pub(super) fn size(&self) -> usize {
        self.bytes + self.waiting.capacity() * size_of::<(FacetHash, u64)>()
    }

    /// Empties it: every list, in ascending order of its hash, its numbers largest first and each once.
    pub(super) fn drain(&mut self) -> impl Iterator<Item = (FacetHash, Vec<u64>)> + use<> {
        self.settle();
        self.bytes = 0;
        std::mem::take(&mut self.lists).into_iter().map(|(hash, packed)| (hash, packed.unpack()))
    }

    fn settle(&mut self) {
        self.waiting.sort_unstable();
        for run in self.waiting.chunk_by(|a, b| a.0 == b.0) {
            let Some((hash, _)) = run.first() else { continue };
            let list = self.lists.entry(*hash).or_insert_with(|| {
                self.bytes += PER_LIST;
                Packed::default()
            });
            let before = list.bytes.capacity();
            for (_, number) in run {
                list.push(*number);
            }
            self.bytes += list.bytes.capacity() - before;
        }
        self.waiting.clear();
    }
}

impl Packed {
    fn push(&mut self, number: u64) {
        let step = number.wrapping_sub(self.last) as i64;
        push_varint(&mut self.bytes, (step << 1 ^ step >> 63) as u64);
        self.last = number;
    }

    fn unpack(&self) -> Vec<u64> {
        let mut numbers = Vec::new();
        let mut rest = self.bytes.as_slice();
        let mut last = 0_u64;
        while let Some(step) = take_varint(&mut rest) {
            last = last.wrapping_add(step >> 1 ^ (step & 1).wrapping_neg());
            numbers.push(last);
        }
        numbers.sort_unstable_by(|a, b| b.cmp(a));
        numbers.dedup();
        numbers
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    proptest! {
        #[test]
        fn every_number_comes_out_once_and_in_order(pairs in prop::collection::vec((0_u8..4, prop_oneof![any::<u64>(), 0_u64..50]), 0..300)) {
            let mut gather = Gather::default();
            let mut model: BTreeMap<FacetHash, std::collections::BTreeSet<u64>> = BTreeMap::new();
            for (list, number) in pairs {
                gather.add([list; 16], number);
                model.entry([list; 16]).or_default().insert(number);
                if number % 7 == 0 {
                    gather.settle();
                }
            }
            let out: Vec<_> = gather.drain().collect();
            let expected: Vec<_> = model.into_iter().map(|(hash, list)| (hash, list.into_iter().rev().collect::<Vec<_>>())).collect();
            prop_assert_eq!(out, expected);
            prop_assert_eq!(gather.drain().count(), 0);
        }
    }
}
