//! Lists of numbers in sled: finding a page, and merging changes block by block.
//!
//! It knows where blocks stand; how one is written is told in `blocks`.
//!
//! Each block is sealed with its own key as context, so that it can neither move nor be swapped. That a whole block is
//! missing, sealing alone cannot show; the sums at the start do. Encrypting costs no more than authenticating here: 40
//! bytes and under a microsecond a block.

use std::collections::BTreeMap;

use sled::{IVec, Tree};

use crate::ports::IndexFault;
use crate::store::sled_index::blocks;
use crate::store::sled_index::engine::fault;
use crate::store::sled_index::seal::{FacetHash, Nonce, Sealer};

/// What happens to numbers of one list: `true` they enter, `false` they leave.
pub(super) type Turns = BTreeMap<u64, bool>;

/// The numbers of the block where `from` belongs, or else of the next lower one that has any at or below it.
pub(super) fn page(
    tree: &Tree,
    sealer: &Sealer,
    hash: &FacetHash,
    from: u64,
) -> Result<Vec<u64>, IndexFault> {
    // Most lists have one block, and most questions are about the newest numbers: one look instead of two walks.
    let newest = blocks::key(hash, u64::MAX);
    if let Some(sealed) = tree.get(&newest).map_err(fault)? {
        let mut numbers = open(sealer, &newest, &sealed)?;
        numbers.retain(|number| *number <= from);
        if !numbers.is_empty() {
            return Ok(numbers);
        }
    }
    let start = match from {
        u64::MAX => None,
        _ => covering(tree, hash, from)?.map(|(key, _)| key),
    };
    let start = start.unwrap_or_else(|| IVec::from(hash.as_slice()));
    for entry in tree.range(start..=IVec::from(blocks::last_key(hash).as_slice())) {
        let (key, sealed) = entry.map_err(fault)?;
        let mut numbers = open(sealer, &key, &sealed)?;
        numbers.retain(|number| *number <= from);
        if !numbers.is_empty() {
            return Ok(numbers);
        }
    }
    Ok(Vec::new())
}

/// Merges the turns of one list: every touched block is read and written once.
pub(super) fn merge(
    tree: &Tree,
    sealer: &mut Sealer,
    hash: &FacetHash,
    mut turns: Turns,
) -> Result<(), IndexFault> {
    merge_newest(tree, sealer, hash, &mut turns)?;
    while let Some((largest, _)) = turns.last_key_value() {
        let spot = spot(tree, hash, *largest)?;
        let stored = match &spot.entry {
            Some(entry) => open(sealer, &blocks::key(hash, spot.bound), entry)?,
            None => Vec::new(),
        };
        let here = match spot.below {
            Some(below) => turns.split_off(&(below + 1)),
            None => std::mem::take(&mut turns),
        };
        turn_block(tree, sealer, hash, spot.bound, &stored, &here)?;
    }
    Ok(())
}

/// Merges the turns at or above the smallest number of the newest block: they belong there wherever other blocks end, so
/// nobody has to look for those. Most lists have no other block, and most numbers enter on top.
fn merge_newest(
    tree: &Tree,
    sealer: &mut Sealer,
    hash: &FacetHash,
    turns: &mut Turns,
) -> Result<(), IndexFault> {
    let key = blocks::key(hash, u64::MAX);
    let Some(entry) = tree.get(&key).map_err(fault)? else {
        return Ok(());
    };
    let stored = open(sealer, &key, &entry)?;
    let Some(smallest) = stored.last() else {
        return Ok(());
    };
    let here = turns.split_off(smallest);
    if here.is_empty() { Ok(()) } else { turn_block(tree, sealer, hash, u64::MAX, &stored, &here) }
}

/// Writes a block as it is after the turns, if they change it.
fn turn_block(
    tree: &Tree,
    sealer: &mut Sealer,
    hash: &FacetHash,
    bound: u64,
    stored: &[u64],
    turns: &Turns,
) -> Result<(), IndexFault> {
    let numbers = turned(stored, turns.iter());
    if numbers == stored {
        return Ok(());
    }
    if numbers.is_empty() {
        return tree.remove(blocks::key(hash, bound)).map(drop).map_err(fault);
    }
    store(tree, sealer, hash, bound, &numbers)
}

/// Writes numbers (largest first, each once) where only the block with this bound stands, or none.
pub(super) fn store(
    tree: &Tree,
    sealer: &mut Sealer,
    hash: &FacetHash,
    bound: u64,
    numbers: &[u64],
) -> Result<(), IndexFault> {
    // The lowest first: who asks meanwhile finds what leaves this block in its new one before it is gone from here.
    for (place, run) in blocks::cut(numbers, bound == u64::MAX).into_iter().enumerate().rev() {
        let own = match run.first() {
            Some(largest) if place > 0 => *largest,
            _ => bound,
        };
        let key = blocks::key(hash, own);
        let sealed = seal(sealer, &key, run)?;
        tree.insert(key, sealed).map_err(fault)?;
    }
    Ok(())
}

/// Where a number belongs.
struct Spot {
    /// The bound of its block.
    bound: u64,
    /// The block, if it is stored.
    entry: Option<IVec>,
    /// The bound of the next lower block, if there is one.
    below: Option<u64>,
}

/// Finds where a number belongs. Mostly that is the newest block, so that is looked at first.
fn spot(tree: &Tree, hash: &FacetHash, number: u64) -> Result<Spot, IndexFault> {
    let bound_of = |entry: &(IVec, IVec)| blocks::bound(hash, &entry.0).ok_or_else(strange);
    let mut list = tree.range(IVec::from(hash.as_slice())..=IVec::from(blocks::last_key(hash).as_slice()));
    let Some(newest) = list.next().transpose().map_err(fault)? else {
        return Ok(Spot { bound: u64::MAX, entry: None, below: None });
    };
    let bound = bound_of(&newest)?;
    if bound < number {
        return Ok(Spot { bound: u64::MAX, entry: None, below: Some(bound) });
    }
    let below = match list.next().transpose().map_err(fault)? {
        Some(second) => Some(bound_of(&second)?),
        None => None,
    };
    if below.is_none_or(|below| below < number) {
        return Ok(Spot { bound, entry: Some(newest.1), below });
    }
    let found = covering(tree, hash, number)?.ok_or_else(strange)?;
    let below = match tree.get_gt(&found.0).map_err(fault)? {
        Some((key, _)) => blocks::bound(hash, &key),
        None => None,
    };
    Ok(Spot { bound: bound_of(&found)?, entry: Some(found.1), below })
}

/// The stored block with the smallest bound that is not below the number.
fn covering(tree: &Tree, hash: &FacetHash, number: u64) -> Result<Option<(IVec, IVec)>, IndexFault> {
    let mut above = tree.range(IVec::from(hash.as_slice())..=IVec::from(blocks::key(hash, number)));
    above.next_back().transpose().map_err(fault)
}

/// The numbers after the turns, largest first, as the stored ones are; the turns come smallest first, as a map has them.
pub(super) fn turned<'t>(
    stored: &[u64],
    turns: impl DoubleEndedIterator<Item = (&'t u64, &'t bool)>,
) -> Vec<u64> {
    let mut numbers = Vec::with_capacity(stored.len() + turns.size_hint().0);
    let mut stored = stored.iter().copied().peekable();
    for (number, enters) in turns.rev() {
        while let Some(larger) = stored.next_if(|next| next > number) {
            numbers.push(larger);
        }
        stored.next_if_eq(number);
        if *enters {
            numbers.push(*number);
        }
    }
    numbers.extend(stored);
    numbers
}

fn seal(sealer: &mut Sealer, key: &[u8], numbers: &[u64]) -> Result<Vec<u8>, IndexFault> {
    let nonce = sealer.nonces(1);
    let mut entry = nonce.as_bytes().to_vec();
    entry.extend(blocks::write(numbers));
    sealer.seal(&nonce, &context(key), &mut entry, Nonce::LEN)?;
    Ok(entry)
}

fn open(sealer: &Sealer, key: &[u8], entry: &[u8]) -> Result<Vec<u64>, IndexFault> {
    let (nonce, sealed) = entry.split_first_chunk::<{ Nonce::LEN }>().ok_or_else(strange)?;
    blocks::read(&sealer.open(&Nonce::from_bytes(*nonce), &context(key), sealed)?)
}

fn context(key: &[u8]) -> Vec<u8> {
    let mut context = b"p".to_vec();
    context.extend_from_slice(key);
    context
}

fn strange() -> IndexFault {
    IndexFault("a posting block stands where none can".into())
}
