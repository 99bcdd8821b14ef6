//! The last value of every scope, in chunks that sled can store safely.
//!
//! It knows what a chunk looks like and nothing of what is in it.
//!
//! sled puts pages over about 128 KiB into blobs that it never syncs, and a page holds up to 17 entries; so no entry may
//! come near 8 KiB. Chunk 0 begins with the number of chunks and the nonce; the others are sealed with the nonces counted on
//! from there. Scope, chunk and count are authenticated, and through the nonce the putting they belong to: a chunk can
//! neither move, nor be missing, nor come from another time than its first.

use sled::Tree;

use crate::case::Scope;
use crate::ports::IndexFault;
use crate::store::sled_index::engine::fault;
use crate::store::sled_index::seal::{Nonce, Sealer};

/// How much of a value one chunk holds.
pub(super) const CHUNK: usize = 4096;

const COUNT: usize = 2;
const CLEAR: usize = COUNT + Nonce::LEN;

/// Puts a scope's value in place of the one before.
pub(super) fn put(tree: &Tree, sealer: &mut Sealer, scope: Scope, value: &[u8]) -> Result<(), IndexFault> {
    let count = u16::try_from(value.len().div_ceil(CHUNK).max(1))
        .map_err(|_| IndexFault(format!("the value of {scope:?} is too long")))?;
    let before = match tree.get(key(scope, 0)).map_err(fault)? {
        Some(first) => count_of(&first)?,
        None => 0,
    };
    let nonce = sealer.nonces(u64::from(count));
    for number in 0..count {
        let start = usize::from(number) * CHUNK;
        let text = value.get(start..value.len().min(start + CHUNK)).unwrap_or_default();
        let mut entry = Vec::with_capacity(CLEAR + text.len() + crate::store::sled_index::seal::TAG);
        if number == 0 {
            entry.extend_from_slice(&count.to_be_bytes());
            entry.extend_from_slice(nonce.as_bytes());
        }
        let clear = entry.len();
        entry.extend_from_slice(text);
        sealer.seal(&nonce.plus(u64::from(number)), &context(scope, number, count), &mut entry, clear)?;
        tree.insert(key(scope, number), entry).map_err(fault)?;
    }
    for number in count..before {
        tree.remove(key(scope, number)).map_err(fault)?;
    }
    Ok(())
}

/// The value last put for a scope.
pub(super) fn value(tree: &Tree, sealer: &Sealer, scope: Scope) -> Result<Option<Vec<u8>>, IndexFault> {
    let Some(first) = tree.get(key(scope, 0)).map_err(fault)? else {
        return Ok(None);
    };
    let count = count_of(&first)?;
    let (clear, sealed) = first.split_first_chunk::<CLEAR>().ok_or_else(short)?;
    let mut nonce = [0; Nonce::LEN];
    nonce.copy_from_slice(&clear[COUNT..]);
    let nonce = Nonce::from_bytes(nonce);
    let mut value = sealer.open(&nonce, &context(scope, 0, count), sealed)?;
    for number in 1..count {
        let sealed = tree.get(key(scope, number)).map_err(fault)?.ok_or_else(short)?;
        let nonce = nonce.plus(u64::from(number));
        value.extend(sealer.open(&nonce, &context(scope, number, count), &sealed)?);
    }
    Ok(Some(value))
}

fn key(scope: Scope, chunk: u16) -> [u8; 7] {
    let case = match scope {
        Scope::Desk => 0,
        Scope::Case(case) => case.number(),
    };
    let mut key = [0; 7];
    key[..1].copy_from_slice(&[u8::from(scope != Scope::Desk)]);
    key[1..5].copy_from_slice(&case.to_be_bytes());
    key[5..].copy_from_slice(&chunk.to_be_bytes());
    key
}

fn context(scope: Scope, chunk: u16, count: u16) -> [u8; 10] {
    let mut context = *b"v_________";
    context[1..8].copy_from_slice(&key(scope, chunk));
    context[8..].copy_from_slice(&count.to_be_bytes());
    context
}

fn count_of(first: &[u8]) -> Result<u16, IndexFault> {
    let count = first.first_chunk::<COUNT>().ok_or_else(short)?;
    Ok(u16::from_be_bytes(*count))
}

fn short() -> IndexFault {
    IndexFault("a part of a stored value is missing".into())
}
