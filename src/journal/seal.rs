//! The keys derived from the data key, and sealing with XChaCha20-Poly1305.
//!
//! Every sealed thing names in its associated data what it is, so that none can be put in the place of another.
//! Knows no file.

use std::fmt;

use chacha20poly1305::aead::AeadInPlace;
use chacha20poly1305::{KeyInit, Tag, XChaCha20Poly1305, XNonce};
use zeroize::{Zeroize, Zeroizing};

use super::data_key::DataKey;
use crate::case::{CaseId, Scope};

/// How many bytes longer a sealed text is than the text: nonce before, tag behind.
pub(super) const OVERHEAD: usize = NONCE + TAG;
pub(super) const NONCE: usize = 24;
const TAG: usize = 16;
/// Length of a slot of `keys`.
pub(super) const SLOT: usize = 64;

/// Sixteen random bytes that tell one journal from all others.
pub(super) type JournalId = [u8; 16];

/// A key: wiped when dropped, never printed.
#[derive(Clone)]
pub(super) struct Secret(pub(super) [u8; 32]);

impl Drop for Secret {
    fn drop(&mut self) {
        self.0.zeroize();
    }
}

impl fmt::Debug for Secret {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Secret(…)")
    }
}

/// What the journal's own keys are: all that needs the data key, for one journal.
#[derive(Clone, Debug)]
pub(super) struct Secrets {
    pub(super) id: JournalId,
    pub(super) system: Secret,
    wrap: Secret,
    keyed: Secret,
    check: Secret,
}

/// The part of a record that bytes belong to; bound into its seal.
#[derive(Clone, Copy)]
pub(super) struct PartName {
    pub(super) seq: u64,
    pub(super) scope: Scope,
    pub(super) index: usize,
}

/// What a slot of `keys` holds.
pub(super) enum Slot {
    /// Nothing any more.
    Erased,
    Key(Secret),
    /// Bytes that do not open.
    Damaged,
}

impl Secrets {
    pub(super) fn new(data_key: &DataKey, id: JournalId) -> Secrets {
        let derive = |context: &str| {
            let mut material = Zeroizing::new([0_u8; 48]);
            material[..32].copy_from_slice(data_key.bytes());
            material[32..].copy_from_slice(&id);
            Secret(blake3::derive_key(context, material.as_slice()))
        };
        Secrets {
            id,
            system: derive("docket 2026 journal 1 system key"),
            wrap: derive("docket 2026 journal 1 wrap key"),
            keyed: derive("docket 2026 journal 1 keyed hash"),
            check: derive("docket 2026 journal 1 keys file"),
        }
    }

    /// A keyed hash; the purpose's length goes in first, so that no two pairs give the same bytes.
    pub(super) fn keyed(&self, purpose: &str, bytes: &[u8]) -> [u8; 16] {
        keyed_hash(&self.keyed, &self.id, purpose, bytes)
    }

    /// Proves in the first slot of `keys` that it was made with this data key.
    pub(super) fn check(&self, header: &[u8]) -> [u8; 32] {
        *blake3::keyed_hash(&self.check.0, header).as_bytes()
    }

    pub(super) fn wrap(&self, case: u32, random: &[u8; 16], key: &Secret) -> [u8; SLOT] {
        let mut slot = [0; SLOT];
        slot[..16].copy_from_slice(random);
        slot[16..48].copy_from_slice(&key.0);
        let (head, body) = slot.split_at_mut(16);
        let (text, tag) = body.split_at_mut(32);
        let nonce = slot_nonce(case, head);
        // Only a text of many gigabytes fails; then the slot would not open, which is noticed before it is used.
        match cipher(&self.wrap).encrypt_in_place_detached(&nonce, &self.slot_name(), text) {
            Ok(made) => tag.copy_from_slice(&made),
            Err(chacha20poly1305::Error) => text.zeroize(),
        }
        slot
    }

    pub(super) fn unwrap(&self, case: u32, slot: &[u8; SLOT]) -> Slot {
        if slot.iter().all(|byte| *byte == 0) {
            return Slot::Erased;
        }
        let mut key = Secret([0; 32]);
        key.0.copy_from_slice(&slot[16..48]);
        let nonce = slot_nonce(case, &slot[..16]);
        let tag = Tag::from_slice(&slot[48..]);
        match cipher(&self.wrap).decrypt_in_place_detached(&nonce, &self.slot_name(), &mut key.0, tag) {
            Ok(()) => Slot::Key(key),
            Err(chacha20poly1305::Error) => Slot::Damaged,
        }
    }

    pub(super) fn part_name(&self, part: PartName) -> Vec<u8> {
        let mut name = self.name(b'P');
        name.extend_from_slice(&part.seq.to_le_bytes());
        name.extend_from_slice(&scope_number(part.scope).to_le_bytes());
        name.extend_from_slice(&(part.index as u64).to_le_bytes());
        name
    }

    pub(super) fn blob_name(&self, scope: Scope, purpose: &str) -> Vec<u8> {
        let mut name = self.name(b'B');
        name.extend_from_slice(&scope_number(scope).to_le_bytes());
        name.extend_from_slice(purpose.as_bytes());
        name
    }

    fn slot_name(&self) -> Vec<u8> {
        self.name(b'S')
    }

    fn name(&self, what: u8) -> Vec<u8> {
        let mut name = Vec::with_capacity(48);
        name.push(what);
        name.extend_from_slice(&self.id);
        name
    }
}

/// Appends nonce, ciphertext and tag to `to`. `false` if the text is too long for the cipher.
pub(super) fn seal(key: &Secret, nonce: &[u8; NONCE], name: &[u8], plain: &[u8], to: &mut Vec<u8>) -> bool {
    to.extend_from_slice(nonce);
    let start = to.len();
    to.extend_from_slice(plain);
    let text = to.get_mut(start..).unwrap_or_default();
    match cipher(key).encrypt_in_place_detached(XNonce::from_slice(nonce), name, text) {
        Ok(tag) => {
            to.extend_from_slice(&tag);
            true
        }
        Err(chacha20poly1305::Error) => {
            to.truncate(start);
            false
        }
    }
}

/// The text that was sealed; `None` if key or name are others, or a byte is.
pub(super) fn open(key: &Secret, name: &[u8], sealed: &[u8]) -> Option<Vec<u8>> {
    let (nonce, rest) = sealed.split_at_checked(NONCE)?;
    let (text, tag) = rest.split_at_checked(rest.len().checked_sub(TAG)?)?;
    let mut plain = text.to_vec();
    cipher(key)
        .decrypt_in_place_detached(XNonce::from_slice(nonce), name, &mut plain, Tag::from_slice(tag))
        .ok()?;
    Some(plain)
}

pub(super) fn keyed_hash(key: &Secret, id: &JournalId, purpose: &str, bytes: &[u8]) -> [u8; 16] {
    let mut hasher = blake3::Hasher::new_keyed(&key.0);
    hasher.update(id);
    hasher.update(&(purpose.len() as u64).to_le_bytes());
    hasher.update(purpose.as_bytes());
    hasher.update(bytes);
    let mut short = [0; 16];
    short.copy_from_slice(&hasher.finalize().as_bytes()[..16]);
    short
}

/// A scope as stored: the case's number, or 0.
pub(super) fn scope_number(scope: Scope) -> u32 {
    match scope {
        Scope::Desk => 0,
        Scope::Case(case) => case.number(),
    }
}

/// The scope with this stored number.
pub(super) fn scope_of(number: u32) -> Scope {
    CaseId::new(number).map_or(Scope::Desk, Scope::Case)
}

fn cipher(key: &Secret) -> XChaCha20Poly1305 {
    XChaCha20Poly1305::new((&key.0).into())
}

fn slot_nonce(case: u32, random: &[u8]) -> XNonce {
    let mut nonce = XNonce::default();
    nonce[..8].copy_from_slice(&u64::from(case).to_le_bytes());
    nonce[8..].copy_from_slice(random);
    nonce
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::journal::sim::Seeded;

    #[test]
    fn a_seal_opens_only_under_its_own_name_and_key() {
        let data_key = DataKey::make(&mut Seeded::new(1));
        let secrets = Secrets::new(&data_key, [7; 16]);
        let part = |seq, number, index| secrets.part_name(PartName { seq, scope: scope_of(number), index });
        let mut sealed = Vec::new();
        assert!(seal(&secrets.system, &[3; NONCE], &part(5, 6, 7), b"words", &mut sealed));
        assert_eq!(sealed.len(), 5 + OVERHEAD);
        assert_eq!(open(&secrets.system, &part(5, 6, 7), &sealed).as_deref(), Some(&b"words"[..]));
        for other in [part(4, 6, 7), part(5, 0, 7), part(5, 6, 0), secrets.blob_name(scope_of(6), "x")] {
            assert_eq!(open(&secrets.system, &other, &sealed), None);
        }
        assert_eq!(open(&secrets.wrap, &part(5, 6, 7), &sealed), None);
        let elsewhere = Secrets::new(&data_key, [8; 16]);
        assert_eq!(open(&elsewhere.system, &part(5, 6, 7), &sealed), None);
        assert_eq!(open(&secrets.system, &part(5, 6, 7), &sealed[..20]), None);
    }

    #[test]
    fn a_slot_opens_only_for_its_own_case() {
        let secrets = Secrets::new(&DataKey::make(&mut Seeded::new(1)), [7; 16]);
        let slot = secrets.wrap(3, &[1; 16], &Secret([9; 32]));
        assert!(matches!(secrets.unwrap(3, &slot), Slot::Key(key) if key.0 == [9; 32]));
        assert!(matches!(secrets.unwrap(4, &slot), Slot::Damaged));
        assert!(matches!(secrets.unwrap(3, &[0; SLOT]), Slot::Erased));
    }
}
