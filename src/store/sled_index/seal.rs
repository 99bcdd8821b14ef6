//! The index's own key, and everything done with it: sealing what sled stores and hashing facets.
//!
//! Every rebuild draws a fresh key, so that hashes and ciphertexts of the index before say nothing about this one. It knows
//! neither sled nor what is sealed.

use chacha20poly1305::aead::AeadInPlace;
use chacha20poly1305::{KeyInit, Tag, XChaCha20Poly1305, XNonce};
use zeroize::Zeroizing;

use crate::ports::{Facet, IndexFault};

const WRAP: &str = "docket index 2026 wraps the index key";
const MARK: &str = "docket index 2026 authenticates the mark";
const CONTENT: &str = "docket index 2026 seals values and postings";
const FACETS: &str = "docket index 2026 hashes facets";
const WRAP_AAD: &[u8] = b"docket index key 1";

const NONCE: usize = 24;
const SALT: usize = 16;
/// What sealing adds behind the text.
pub(super) const TAG: usize = 16;

/// The keyed hash that a facet's list is stored under.
pub(super) type FacetHash = [u8; 16];

/// The keys that outlive a rebuild, drawn from the one the caller gave.
pub(super) struct RootKeys {
    wrap: Zeroizing<[u8; 32]>,
    mark: Zeroizing<[u8; 32]>,
}

impl RootKeys {
    pub(super) fn new(key: &Zeroizing<[u8; 32]>) -> RootKeys {
        RootKeys {
            wrap: Zeroizing::new(blake3::derive_key(WRAP, key.as_slice())),
            mark: Zeroizing::new(blake3::derive_key(MARK, key.as_slice())),
        }
    }

    /// Authenticates the mark.
    pub(super) fn mac(&self, bytes: &[u8]) -> blake3::Hash {
        blake3::keyed_hash(&self.mark, bytes)
    }

    /// Draws a fresh index key; returns it with the bytes to be stored for it.
    pub(super) fn fresh(&self) -> Result<(Sealer, Vec<u8>), IndexFault> {
        let mut key = Zeroizing::new([0; 32]);
        random(key.as_mut_slice())?;
        let mut nonce = [0; NONCE];
        random(&mut nonce)?;
        let mut stored = nonce.to_vec();
        stored.extend_from_slice(key.as_slice());
        seal_in_place(&self.cipher(), &nonce, WRAP_AAD, &mut stored, NONCE)?;
        Ok((Sealer::new(&key)?, stored))
    }

    /// Opens what `fresh` returned.
    pub(super) fn unwrap(&self, stored: &[u8]) -> Result<Sealer, IndexFault> {
        let (nonce, sealed) = stored.split_first_chunk::<NONCE>().ok_or_else(damaged)?;
        let opened = Zeroizing::new(open(&self.cipher(), nonce, WRAP_AAD, sealed)?);
        let key = <[u8; 32]>::try_from(opened.as_slice()).map_err(|_| damaged())?;
        Sealer::new(&Zeroizing::new(key))
    }

    fn cipher(&self) -> XChaCha20Poly1305 {
        XChaCha20Poly1305::new(self.wrap.as_slice().into())
    }
}

/// A nonce that has never been used under this key. The next ones are found by counting on from it.
#[derive(Clone, Copy)]
pub(super) struct Nonce([u8; NONCE]);

impl Nonce {
    pub(super) const LEN: usize = NONCE;

    /// The salt is drawn anew for every sealer, so that two copies of one index (a restored machine) never meet in a nonce;
    /// behind it a plain counter, because asking the system for every entry costs more than sealing it.
    fn salted() -> Result<Nonce, IndexFault> {
        let mut nonce = [0; NONCE];
        random(&mut nonce[..SALT])?;
        Ok(Nonce(nonce))
    }

    pub(super) fn as_bytes(&self) -> &[u8; NONCE] {
        &self.0
    }

    pub(super) fn from_bytes(bytes: [u8; NONCE]) -> Nonce {
        Nonce(bytes)
    }

    /// The nonce `by` further on.
    pub(super) fn plus(&self, by: u64) -> Nonce {
        let mut next = self.0;
        let (salt, count) = self.0.split_at(SALT);
        let count = count.iter().fold(0_u64, |sum, byte| sum << 8 | u64::from(*byte));
        next[..SALT].copy_from_slice(salt);
        next[SALT..].copy_from_slice(&count.wrapping_add(by).to_be_bytes());
        Nonce(next)
    }
}

/// Seals and hashes under one index key.
///
/// What this cannot show: an older version of the same entry, put back while docket runs, opens as well as the newer one
/// did. At the start the sums in the mark show it.
pub(super) struct Sealer {
    cipher: XChaCha20Poly1305,
    facets: Zeroizing<[u8; 32]>,
    next: Nonce,
}

impl Sealer {
    fn new(key: &Zeroizing<[u8; 32]>) -> Result<Sealer, IndexFault> {
        let content = Zeroizing::new(blake3::derive_key(CONTENT, key.as_slice()));
        Ok(Sealer {
            cipher: XChaCha20Poly1305::new(content.as_slice().into()),
            facets: Zeroizing::new(blake3::derive_key(FACETS, key.as_slice())),
            next: Nonce::salted()?,
        })
    }

    /// Another one under the same key, for another thread; the two never meet in a nonce.
    pub(super) fn another(&self) -> Result<Sealer, IndexFault> {
        Ok(Sealer { cipher: self.cipher.clone(), facets: self.facets.clone(), next: Nonce::salted()? })
    }

    /// The hash that stands for a facet.
    pub(super) fn facet(&self, facet: &Facet) -> FacetHash {
        let hash = blake3::keyed_hash(&self.facets, facet.as_bytes());
        let mut short = FacetHash::default();
        short.copy_from_slice(&hash.as_bytes()[..16]);
        short
    }

    /// Takes `count` nonces; returns the first.
    pub(super) fn nonces(&mut self, count: u64) -> Nonce {
        let first = self.next;
        self.next = first.plus(count);
        first
    }

    /// Seals what stands behind the first `clear` bytes of the buffer.
    pub(super) fn seal(
        &self,
        nonce: &Nonce,
        aad: &[u8],
        buffer: &mut Vec<u8>,
        clear: usize,
    ) -> Result<(), IndexFault> {
        seal_in_place(&self.cipher, &nonce.0, aad, buffer, clear)
    }

    /// Opens what was sealed with this nonce and this context.
    pub(super) fn open(&self, nonce: &Nonce, aad: &[u8], sealed: &[u8]) -> Result<Vec<u8>, IndexFault> {
        open(&self.cipher, &nonce.0, aad, sealed)
    }
}

fn seal_in_place(
    cipher: &XChaCha20Poly1305,
    nonce: &[u8; NONCE],
    aad: &[u8],
    buffer: &mut Vec<u8>,
    clear: usize,
) -> Result<(), IndexFault> {
    let text = buffer.get_mut(clear..).ok_or_else(damaged)?;
    let tag = cipher
        .encrypt_in_place_detached(XNonce::from_slice(nonce), aad, text)
        .map_err(|_| IndexFault("an entry is too long to be sealed".into()))?;
    buffer.extend_from_slice(&tag);
    Ok(())
}

fn open(
    cipher: &XChaCha20Poly1305,
    nonce: &[u8; NONCE],
    aad: &[u8],
    sealed: &[u8],
) -> Result<Vec<u8>, IndexFault> {
    let (text, tag) = sealed.split_last_chunk::<TAG>().ok_or_else(damaged)?;
    let mut text = text.to_vec();
    cipher
        .decrypt_in_place_detached(XNonce::from_slice(nonce), aad, &mut text, Tag::from_slice(tag))
        .map_err(|_| damaged())?;
    Ok(text)
}

fn random(buffer: &mut [u8]) -> Result<(), IndexFault> {
    getrandom::fill(buffer).map_err(|fault| IndexFault(format!("the system gives no randomness: {fault}")))
}

fn damaged() -> IndexFault {
    IndexFault("a stored entry is not what was written".into())
}
