//! Seals and opens what lies outside the journal (attachments, inbox, outbox) with the cases' keys, on any thread.
//!
//! Knows no record and no file name; the purpose a blob was sealed for is bound into it.

use std::fmt;
use std::io;
use std::sync::Arc;

use super::keyring::{Keyring, NoKey, damaged, lost_before};
use super::memory::MemoryKeys;
use super::seal::{self, NONCE, Secret, Secrets};
use crate::case::{CaseId, Scope};

/// A handle to the journal's keys. Cheap to clone; an erasure shows at once in every clone.
#[derive(Clone)]
pub struct Sealer(Keys);

#[derive(Clone)]
enum Keys {
    Stored(Arc<Keyring>),
    Memory(Arc<MemoryKeys>),
}

/// Why something was not sealed or opened.
#[derive(Debug, thiserror::Error)]
pub enum SealFault {
    /// The case's key is gone, and with it what was sealed.
    #[error("{0} has been erased")]
    Erased(CaseId),
    /// The bytes are not what was sealed for this scope and purpose.
    #[error("the sealed bytes are damaged or belong elsewhere")]
    Unreadable,
    /// It is too long, or the case's number lies far beyond the cases on record.
    #[error("this cannot be sealed: {0}")]
    Unfit(&'static str),
    /// There is no room for a new case's key.
    #[error("the disk is full")]
    Full,
    /// The keys could not be read or written.
    #[error("the keys could not be used: {0}")]
    Io(#[source] io::Error),
}

impl From<NoKey> for SealFault {
    fn from(no_key: NoKey) -> SealFault {
        match no_key {
            NoKey::Erased(case) => SealFault::Erased(case),
            NoKey::Damaged(case) => SealFault::Io(damaged(case)),
            NoKey::Far => SealFault::Unfit("the case's number lies far beyond the cases on record"),
            NoKey::Full => SealFault::Full,
            NoKey::Lost(error) | NoKey::Io(error) => SealFault::Io(error),
        }
    }
}

impl Sealer {
    pub(super) fn stored(keyring: Arc<Keyring>) -> Sealer {
        Sealer(Keys::Stored(keyring))
    }

    pub(super) fn memory(keys: Arc<MemoryKeys>) -> Sealer {
        Sealer(Keys::Memory(keys))
    }

    /// Seals bytes with the key of a case, or of the desk. The purpose must be named again to open them: a file's name,
    /// say, so that no sealed file can stand in for another.
    pub fn seal(&self, scope: Scope, purpose: &str, plain: &[u8]) -> Result<Vec<u8>, SealFault> {
        let (key, nonce) = match (&self.0, scope) {
            (Keys::Stored(keyring), Scope::Desk) if keyring.lost() => {
                return Err(SealFault::Io(lost_before()));
            }
            (Keys::Stored(keyring), Scope::Desk) => (keyring.secrets().system.clone(), keyring.nonce()),
            (Keys::Stored(keyring), Scope::Case(case)) => (keyring.to_seal(case)?, keyring.nonce()),
            (Keys::Memory(keys), Scope::Desk) => (keys.secrets().system.clone(), keys.nonce()),
            (Keys::Memory(keys), Scope::Case(case)) => (keys.to_seal(case)?, keys.nonce()),
        };
        seal_with(&key, &nonce, &self.secrets().blob_name(scope, purpose), plain)
    }

    /// Opens what was sealed for the same scope and purpose.
    pub fn open(&self, scope: Scope, purpose: &str, sealed: &[u8]) -> Result<Vec<u8>, SealFault> {
        let key = match (&self.0, scope) {
            (_, Scope::Desk) => self.secrets().system.clone(),
            (Keys::Stored(keyring), Scope::Case(case)) => keyring.to_open(case)?,
            (Keys::Memory(keys), Scope::Case(case)) => keys.to_open(case)?,
        };
        seal::open(&key, &self.secrets().blob_name(scope, purpose), sealed).ok_or(SealFault::Unreadable)
    }

    /// The same keyed hash as the journal's.
    pub fn keyed(&self, purpose: &str, bytes: &[u8]) -> [u8; 16] {
        self.secrets().keyed(purpose, bytes)
    }

    fn secrets(&self) -> &Secrets {
        match &self.0 {
            Keys::Stored(keyring) => keyring.secrets(),
            Keys::Memory(keys) => keys.secrets(),
        }
    }
}

impl fmt::Debug for Sealer {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Sealer(…)")
    }
}

fn seal_with(key: &Secret, nonce: &[u8; NONCE], name: &[u8], plain: &[u8]) -> Result<Vec<u8>, SealFault> {
    let mut sealed = Vec::with_capacity(plain.len() + seal::OVERHEAD);
    if seal::seal(key, nonce, name, plain, &mut sealed) {
        Ok(sealed)
    } else {
        Err(SealFault::Unfit("it is too long"))
    }
}
