//! A batch on its way to the disk: its limits, and its bytes in one buffer.
//!
//! Knows no file; keys and randomness come from the keyring.

use super::keyring::Keyring;
use super::record::{self, Clear, Link};
use super::seal::{self, OVERHEAD, PartName, scope_number};
use crate::case::Scope;
use crate::ports::{AppendFault, Draft};

/// A batch's bytes.
pub(super) struct Encoded {
    pub(super) bytes: Vec<u8>,
    /// Where each record begins in them.
    pub(super) starts: Vec<u64>,
    /// The end of the chain with this batch.
    pub(super) link: Link,
}

/// Checks that a record can hold each draft.
pub(super) fn check(batch: &[Draft]) -> Result<(), AppendFault> {
    if u32::try_from(batch.len()).is_err() {
        return Err(AppendFault::Unfit("too many records in one batch"));
    }
    batch.iter().try_for_each(|draft| shape(draft).map(|_| ()))
}

/// Seals and frames a checked batch behind `link`.
pub(super) fn encode(keyring: &Keyring, link: Link, batch: &[Draft]) -> Result<Encoded, AppendFault> {
    let mut encoded = Encoded { bytes: Vec::new(), starts: Vec::with_capacity(batch.len()), link };
    for (position, draft) in (0_u32..).zip(batch) {
        encode_one(keyring, &mut encoded, position, draft)?;
    }
    Ok(encoded)
}

fn encode_one(
    keyring: &Keyring,
    encoded: &mut Encoded,
    position: u32,
    draft: &Draft,
) -> Result<(), AppendFault> {
    let (parts, total) = shape(draft)?;
    let start = encoded.bytes.len();
    let seq = encoded.link.seq + 1;
    let highest = parts.iter().map(|(scope, _)| *scope).fold(encoded.link.highest, u32::max);
    let clear = Clear {
        seq,
        position,
        highest,
        at: draft.at,
        prev: encoded.link.hash,
        stamps: &draft.stamps,
        parts: &parts,
        total,
    };
    encoded.bytes.reserve(total as usize);
    clear.write(&mut encoded.bytes);
    for (index, (scope, plain)) in draft.parts.iter().enumerate() {
        let scope = *scope;
        let key = match scope {
            Scope::Desk => keyring.secrets().system.clone(),
            Scope::Case(case) => keyring.to_seal(case).map_err(|no_key| no_key.into_append())?,
        };
        let name = keyring.secrets().part_name(PartName { seq, scope, index });
        if !seal::seal(&key, &keyring.nonce(), &name, plain, &mut encoded.bytes) {
            return Err(AppendFault::Unfit("a part is too long"));
        }
    }
    let hash = record::finish(&mut encoded.bytes, start);
    encoded.starts.push(start as u64);
    encoded.link = Link { seq, hash, highest, batch: seq - u64::from(position) };
    Ok(())
}

/// Scope number and sealed length of each part, and the record's length.
pub(super) fn shape(draft: &Draft) -> Result<(Vec<(u32, u32)>, u32), AppendFault> {
    if draft.stamps.len() > usize::from(u8::MAX) {
        return Err(AppendFault::Unfit("more than 255 stamps"));
    }
    if draft.parts.len() > usize::from(u16::MAX) {
        return Err(AppendFault::Unfit("more than 65,535 parts"));
    }
    let mut numbers: Vec<u32> = draft.parts.iter().map(|(scope, _)| scope_number(*scope)).collect();
    numbers.sort_unstable();
    if numbers.windows(2).any(|pair| matches!(pair, [one, other] if one == other)) {
        return Err(AppendFault::Unfit("a scope twice"));
    }
    let sealed = |plain: &Vec<u8>| u32::try_from(plain.len() + OVERHEAD);
    let parts: Result<Vec<(u32, u32)>, _> = draft
        .parts
        .iter()
        .map(|(scope, plain)| sealed(plain).map(|len| (scope_number(*scope), len)))
        .collect();
    let too_long = || AppendFault::Unfit("longer than 16 MiB");
    let parts = parts.map_err(|_| too_long())?;
    let total = Clear::total(draft.stamps.len(), &parts).ok_or_else(too_long)?;
    // A time that the stored form cannot give back would make the record unreadable.
    if chrono::DateTime::from_timestamp_millis(draft.at.timestamp_millis()).is_none() {
        return Err(AppendFault::Unfit("its time is out of range"));
    }
    Ok((parts, total))
}
