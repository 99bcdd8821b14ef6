//! Small things remembered beside the journal (the session, the room's id, how far was read), each a sealed file of its own below
//! `data_dir/matrix`. Whoever has the disk and not the data key learns nothing from them, not even the access token.

use std::io;
use std::path::Path;

use chacha20poly1305::aead::{Aead, Payload};
use chacha20poly1305::{KeyInit, XChaCha20Poly1305, XNonce};
use serde::Serialize;
use serde::de::DeserializeOwned;

use crate::disk::RealDisk;
use crate::journal::DataKey;
use crate::ops::failpoint::{Point, reach};
use crate::ports::{Disk, Entropy};

/// What the key is drawn from the data key for. A fixed text: another one makes every file unreadable.
const KEEP_KEY: &str = "docket 2026-11-22 matrix keep";
/// Bytes of the nonce that stands before the sealed text.
const NONCE: usize = 24;
/// The directory below the data directory.
pub const DIR: &str = "matrix";

/// Why something was not remembered, or not found again.
#[derive(Debug, thiserror::Error)]
pub enum KeepFault {
    /// The file is not what this data key sealed.
    #[error("{DIR}/{0} cannot be opened with this data key: it is damaged, or belongs to another docket")]
    Unreadable(&'static str),
    /// The disk failed.
    #[error("{DIR}/{name}: {fault}")]
    Io {
        /// The file.
        name: &'static str,
        /// What the system said.
        #[source]
        fault: io::Error,
    },
}

/// The place where they are kept.
pub struct Keep {
    disk: RealDisk,
    cipher: XChaCha20Poly1305,
}

impl Keep {
    /// Below a data directory. Whoever calls this holds its lock.
    pub fn of(data_dir: &Path, key: &DataKey) -> Keep {
        let cipher = XChaCha20Poly1305::new((&*key.derive(KEEP_KEY)).into());
        Keep { disk: RealDisk::new(data_dir.join(DIR)), cipher }
    }

    /// Finds something again; `None` if it was never kept.
    pub fn get<T: DeserializeOwned>(&self, name: &'static str) -> Result<Option<T>, KeepFault> {
        let failed = |fault| KeepFault::Io { name, fault };
        let Some(len) = self.disk.len(name).map_err(failed)? else { return Ok(None) };
        let mut bytes = vec![0; usize::try_from(len).unwrap_or(usize::MAX)];
        let count = self.disk.read_at(name, 0, &mut bytes).map_err(failed)?;
        bytes.truncate(count);
        let (nonce, sealed) = bytes.split_at_checked(NONCE).ok_or(KeepFault::Unreadable(name))?;
        let payload = Payload { msg: sealed, aad: name.as_bytes() };
        let text = self.cipher.decrypt(XNonce::from_slice(nonce), payload);
        let text = text.map_err(|_| KeepFault::Unreadable(name))?;
        serde_json::from_slice(&text).map(Some).map_err(|_| KeepFault::Unreadable(name))
    }

    /// Keeps something in place of what was kept under this name. It is on disk when this returns; a stop in between leaves the
    /// old or the new.
    pub fn put<T: Serialize>(
        &self,
        name: &'static str,
        value: &T,
        entropy: &mut dyn Entropy,
    ) -> Result<(), KeepFault> {
        let failed = |fault| KeepFault::Io { name, fault };
        let text = serde_json::to_vec(value).map_err(|fault| failed(io::Error::other(fault)))?;
        let mut bytes = vec![0; NONCE];
        entropy.fill(&mut bytes);
        let payload = Payload { msg: &text, aad: name.as_bytes() };
        let sealed = self.cipher.encrypt(XNonce::from_slice(&bytes), payload);
        let sealed = sealed.map_err(|_| failed(io::Error::other("it is too long to be sealed")))?;
        bytes.extend(sealed);
        self.replace(name, &bytes).map_err(failed)
    }

    fn replace(&self, name: &str, bytes: &[u8]) -> io::Result<()> {
        let beside = format!("{name}.new");
        if self.disk.len(&beside)?.is_some() {
            self.disk.remove(&beside)?;
        }
        self.disk.create(&beside)?;
        self.disk.write_at(&beside, 0, bytes)?;
        self.disk.sync(&beside)?;
        reach(Point::KeepBeside);
        self.disk.rename(&beside, name)?;
        reach(Point::KeepRenamed);
        self.disk.sync_dir("")
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ops::OsEntropy;
    use crate::scratch::Scratch;

    #[test]
    fn what_was_kept_is_found_again_and_says_nothing_to_others() {
        let dir = Scratch::new();
        let key = DataKey::make(&mut OsEntropy);
        let keep = Keep::of(&dir, &key);
        assert!(keep.get::<String>("session").unwrap().is_none());
        keep.put("session", &"token-4711", &mut OsEntropy).unwrap();
        keep.put("session", &"token-4712", &mut OsEntropy).unwrap();
        assert_eq!(Keep::of(&dir, &key).get::<String>("session").unwrap().unwrap(), "token-4712");
        let stored = stored(&dir.join(DIR).join("session"));
        assert!(!stored.windows(5).any(|bytes| bytes == b"token"));
        let other = Keep::of(&dir, &DataKey::make(&mut OsEntropy));
        assert!(matches!(other.get::<String>("session"), Err(KeepFault::Unreadable("session"))));
    }

    #[test]
    fn one_is_not_taken_for_the_other() {
        let dir = Scratch::new();
        let key = DataKey::make(&mut OsEntropy);
        let keep = Keep::of(&dir, &key);
        keep.put("room", &"!a:b", &mut OsEntropy).unwrap();
        keep.disk.rename("room", "session").unwrap();
        assert!(matches!(keep.get::<String>("session"), Err(KeepFault::Unreadable("session"))));
    }

    #[expect(clippy::disallowed_methods, reason = "the test looks at what lies on the disk")]
    fn stored(path: &Path) -> Vec<u8> {
        std::fs::read(path).unwrap()
    }
}
