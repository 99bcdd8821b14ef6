//! The word by which a data directory is told from every other one that holds the same journal: drawn once, in no backup, no secret.
//!
//! Whoever copies the whole directory copies it too; two such are told apart by what each wrote since.

use std::io;
use std::path::Path;

use super::OsEntropy;
use crate::disk::RealDisk;
use crate::ports::{Disk, Entropy, hex};

/// The file below the data directory.
const FILE: &str = "instance";
/// Bytes that are drawn.
const BYTES: usize = 16;

/// The word of a data directory; a new one where there is none that reads. Whoever calls this holds the directory's lock.
pub fn of(data_dir: &Path) -> io::Result<String> {
    let disk = RealDisk::new(data_dir);
    if disk.len(FILE)?.is_some() {
        let mut bytes = [0; 2 * BYTES];
        let count = disk.read_at(FILE, 0, &mut bytes)?;
        let kept = bytes.get(..count).filter(|kept| kept.len() == bytes.len());
        let kept = kept.and_then(|kept| std::str::from_utf8(kept).ok());
        if let Some(kept) = kept.filter(|kept| kept.bytes().all(|byte| byte.is_ascii_hexdigit())) {
            return Ok(kept.to_owned());
        }
        tracing::warn!("{FILE} does not read; a new one is made, as for a data directory that was restored");
    }
    let mut bytes = [0; BYTES];
    OsEntropy.fill(&mut bytes);
    let word = hex(&bytes);
    let beside = format!("{FILE}.new");
    if disk.len(&beside)?.is_some() {
        disk.remove(&beside)?;
    }
    disk.create(&beside)?;
    disk.write_at(&beside, 0, word.as_bytes())?;
    disk.sync(&beside)?;
    disk.rename(&beside, FILE)?;
    disk.sync_dir("")?;
    Ok(word)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::scratch::Scratch;

    #[test]
    fn it_stays_and_is_another_one_elsewhere() {
        let top = Scratch::new();
        let (here, there) = (top.join("here"), top.join("there"));
        for dir in [&here, &there] {
            crate::disk::make_dir(dir).unwrap();
        }
        let word = of(&here).unwrap();
        assert_eq!((word.len(), of(&here).unwrap()), (32, word.clone()));
        assert_ne!(of(&there).unwrap(), word);
        let disk = RealDisk::new(&here);
        disk.write_at(FILE, 0, b"?").unwrap();
        assert_ne!(of(&here).unwrap(), word, "one that was damaged is not trusted to be this directory's");
    }
}
