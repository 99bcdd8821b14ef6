//! Decrypts and unpacks a backup into an empty directory, taking nothing that does not belong in one.
//!
//! Knows what may stand in the stream and in which order; not whether it is true.

use std::fs::File;
use std::io::{self, BufReader, Read};
use std::path::Path;

use age::stream::StreamReader;
use age::x25519::Identity;
use age::{DecryptError, Decryptor};
use anyhow::{Context, anyhow, bail, ensure};
use tar::{Archive, Entry, EntryType};

use super::archive::{self, FILES, FORMAT, JOURNAL, Kind, Manifest};
use crate::disk::RealDisk;
use crate::journal::DataKey;
use crate::ports::{Disk, Head};

/// Nothing small in a backup comes near this.
const SMALL: u64 = 64 << 10;

/// What does not go into files of the journal.
pub(super) struct Unpacked {
    pub(super) manifest: Manifest,
    pub(super) head: Head,
    pub(super) key: DataKey,
}

/// Unpacks everything but the manifest and the data key, synced.
#[expect(clippy::disallowed_methods, reason = "a backup is no file of the desk")]
pub(super) fn unpack(file: &Path, identities: &[Identity], into: &Path) -> anyhow::Result<Unpacked> {
    let name = file.display();
    let opened = File::open(file).with_context(|| format!("{name} cannot be opened"))?;
    let stream = Decryptor::new_buffered(BufReader::new(opened))
        .and_then(|decryptor| decryptor.decrypt(identities.iter().map(|one| one as &dyn age::Identity)))
        .map_err(|fault| match fault {
            DecryptError::NoMatchingKeys => {
                anyhow!("{name} was made for another recipient: this identity does not open it")
            }
            DecryptError::UnknownFormat | DecryptError::InvalidHeader => {
                anyhow!("{name} is no age file, or damaged at its beginning")
            }
            _ => damaged(file),
        })?;
    let mut archive = Archive::new(stream);
    let unpacked = entries(&mut archive, file, into)?;
    // The end of the stream must be seen: only then is it known that nothing was cut off.
    let mut rest = [0; 4096];
    let mut stream = archive.into_inner();
    loop {
        let count = stream.read(&mut rest).map_err(|_| damaged(file))?;
        if count == 0 {
            return Ok(unpacked);
        }
        let all_zero = rest.iter().take(count).all(|byte| *byte == 0);
        ensure!(all_zero, "{name} holds something behind its end; it is no backup of docket");
    }
}

fn entries(
    archive: &mut Archive<StreamReader<BufReader<File>>>,
    file: &Path,
    into: &Path,
) -> anyhow::Result<Unpacked> {
    let disk = RealDisk::new(into);
    let mut manifest: Option<(Manifest, Head)> = None;
    let mut key = None;
    let mut before = None;
    // Raw: an entry that renames the one behind it is seen as what it is, and refused.
    for entry in archive.entries().map_err(|_| damaged(file))?.raw(true) {
        let mut entry = entry.map_err(|_| damaged(file))?;
        let name = String::from_utf8_lossy(&entry.path_bytes()).into_owned();
        let kind = archive::kind(&name).filter(|_| entry.header().entry_type() == EntryType::Regular);
        let Some(kind) = kind else {
            bail!(
                "{} holds {:?}, which no backup of docket does; nothing was restored",
                file.display(),
                name
            );
        };
        let once = !matches!(kind, Kind::Segment | Kind::File);
        ensure!(
            before.is_none_or(|before| before < kind || (before == kind && !once))
                && (before.is_some() || kind == Kind::Manifest),
            "{} holds {name:?} in the wrong place; it is no backup of docket",
            file.display()
        );
        before = Some(kind);
        match kind {
            Kind::Manifest => manifest = Some(read_manifest(&small(&mut entry, file)?, file)?),
            Kind::Segment | Kind::File | Kind::Keys => write(&disk, &name, &mut entry, file)?,
            Kind::DataKey => {
                let bytes = zeroize::Zeroizing::new(small(&mut entry, file)?);
                let text = std::str::from_utf8(&bytes).map_err(|_| damaged(file))?;
                key =
                    Some(DataKey::read(text).with_context(|| format!("the data key in {}", file.display()))?);
            }
        }
    }
    for dir in ["", JOURNAL, FILES] {
        if into.join(dir).is_dir() {
            disk.sync_dir(dir)?;
        }
    }
    match (manifest, key) {
        (Some((manifest, head)), Some(key)) => Ok(Unpacked { manifest, head, key }),
        (None, _) | (_, None) => Err(damaged(file)),
    }
}

fn read_manifest(bytes: &[u8], file: &Path) -> anyhow::Result<(Manifest, Head)> {
    let manifest: Manifest = serde_json::from_slice(bytes)
        .with_context(|| format!("what {} says of itself cannot be read", file.display()))?;
    ensure!(
        manifest.format == FORMAT,
        "{} has format {}; this docket reads format {FORMAT}",
        file.display(),
        manifest.format
    );
    let head = Head::read(&manifest.head).ok_or_else(|| damaged(file))?;
    Ok((manifest, head))
}

fn small(entry: &mut Entry<'_, impl Read>, file: &Path) -> anyhow::Result<Vec<u8>> {
    ensure!(entry.size() <= SMALL, "{} is no backup of docket", file.display());
    let mut bytes = Vec::with_capacity(usize::try_from(entry.size()).unwrap_or(0));
    entry.read_to_end(&mut bytes).map_err(|_| damaged(file))?;
    Ok(bytes)
}

fn write(disk: &RealDisk, name: &str, entry: &mut Entry<'_, impl Read>, file: &Path) -> anyhow::Result<()> {
    let failed = |fault: io::Error| anyhow!("{name} cannot be written: {fault}");
    disk.create(name).map_err(failed)?;
    let mut buffer = vec![0; 1 << 17];
    let mut at = 0;
    loop {
        let count = entry.read(&mut buffer).map_err(|_| damaged(file))?;
        let bytes = buffer.get(..count).unwrap_or_default();
        if bytes.is_empty() {
            break;
        }
        disk.write_at(name, at, bytes).map_err(failed)?;
        at += count as u64;
    }
    ensure!(at == entry.size(), damaged(file));
    disk.sync(name).map_err(failed)
}

fn damaged(file: &Path) -> anyhow::Error {
    anyhow!(
        "{} is damaged or cut short; nothing was restored. Take another copy of it, or another one by --file",
        file.display()
    )
}
