//! A data directory and the desk over it: lock, index, journal, files, in the order in which they must be opened.

use std::path::Path;
use std::sync::Arc;
use std::thread::JoinHandle;

use anyhow::{Context, bail};

use super::{Lock, OsEntropy, failpoint, secret};
use crate::case::Scope;
use crate::desk::{Desk, DeskState, Progress, WorksBy};
use crate::disk::{RealDisk, make_dir};
use crate::files::SealedFiles;
use crate::journal::{self, DataKey, FileJournal, Options};
use crate::ports::{Disk, Head, Index, Place};
use crate::store::{self, Believed, SledIndex, SteadyIndex};

/// What the index's key is drawn from the data key for. A fixed text: another one makes every index unreadable.
const INDEX_KEY: &str = "docket 2026-11-21 index key";
/// The name of the data key beside the data, where nobody names another place.
pub const DATA_KEY: &str = "data.key";

/// An open data directory. The lock is held as long as this lives.
pub struct Home {
    /// The desk.
    pub desk: Desk,
    /// A handle on the sealed files.
    pub files: SealedFiles,
    /// The check of the older records, which goes on beside the work.
    pub check: Check,
    /// Nobody else works on the directory while this is held.
    pub lock: Lock,
}

impl Home {
    /// Opens a data directory, or makes a new one. What takes long is told through `progress`.
    pub fn open(
        dir: &Path,
        data_key: &DataKey,
        by: impl Into<WorksBy>,
        progress: &mut dyn FnMut(Progress),
    ) -> anyhow::Result<Home> {
        let disk = failpoint::watched(Arc::new(RealDisk::new(dir)));
        Home::open_over(dir, disk, data_key, by, progress)
    }

    /// Opens a data directory by the key that lies in it, or makes a new one with a new key.
    pub fn open_by_own_key(
        dir: &Path,
        by: impl Into<WorksBy>,
        progress: &mut dyn FnMut(Progress),
    ) -> anyhow::Result<Home> {
        let lock = lock(dir)?;
        let key = secret::data_key(&dir.join(DATA_KEY), dir)?;
        Home::open_locked(lock, dir, Arc::new(RealDisk::new(dir)), &key, by, progress)
    }

    /// The same over another way to the directory's files: a bench's, whose syncs cost what it wants to know about.
    pub fn open_over(
        dir: &Path,
        disk: Arc<dyn Disk>,
        data_key: &DataKey,
        by: impl Into<WorksBy>,
        progress: &mut dyn FnMut(Progress),
    ) -> anyhow::Result<Home> {
        Home::open_locked(lock(dir)?, dir, disk, data_key, by, progress)
    }

    fn open_locked(
        lock: Lock,
        dir: &Path,
        disk: Arc<dyn Disk>,
        data_key: &DataKey,
        by: impl Into<WorksBy>,
        progress: &mut dyn FnMut(Progress),
    ) -> anyhow::Result<Home> {
        let found =
            SledIndex::open(&dir.join("index"), data_key.derive(INDEX_KEY), store::Options::default());
        let mut remembered: Vec<Head> = Vec::new();
        let mut options = Options::default();
        let index = match found {
            Ok((index, believed)) => {
                tell(&believed);
                remembered.extend(believed.last_seen());
                options.trusted = trusted(&index, &believed);
                Some(index)
            }
            Err(fault) => {
                tracing::warn!(
                    "{fault}; it is rebuilt in memory, and so at every start until that is mended"
                );
                None
            }
        };
        let checked_all = options.trusted.is_none();
        let (journal, opened) =
            FileJournal::open(Arc::clone(&disk), data_key, Box::new(OsEntropy), &remembered, options)?;
        if let Some(cut) = &opened.cut {
            tracing::warn!(
                "the last batch is not whole, as after a power cut in the middle of it. Its {} bytes are set \
                 aside in {}",
                cut.bytes,
                cut.file
            );
        }
        let check = if checked_all { Check::done() } else { Check::beside(Arc::clone(&disk)) };
        let files = SealedFiles::new(disk, journal.sealer());
        let index = match index {
            Some(mut index) => {
                index.take_up();
                SteadyIndex::new(Box::new(index))
            }
            None => SteadyIndex::in_memory(),
        };
        let desk = Desk::open(Box::new(journal), Box::new(index), Box::new(files.clone()), by, progress)?;
        Ok(Home { desk, files, check, lock })
    }

    /// Closes the index so that the next start can believe it, and lets go of the lock.
    pub fn close(self) -> anyhow::Result<()> {
        close(self.desk, self.check)
    }
}

/// Waits for the check, and closes the index so that the next start can believe it. After damage it is left as it is, so that
/// the next start checks every record before anything else.
pub fn close(desk: Desk, check: Check) -> anyhow::Result<()> {
    if !check.is_whole() {
        drop(desk);
        bail!("the journal is damaged: restore from a backup before you go on with it");
    }
    Ok(desk.close()?)
}

/// The check of the records that the index vouched for.
pub struct Check(Option<JoinHandle<bool>>);

impl Check {
    /// Everything was checked at the opening.
    fn done() -> Check {
        Check(None)
    }

    /// What is wrong is said at once, and told at the end.
    fn beside(disk: Arc<dyn Disk>) -> Check {
        Check(Some(std::thread::spawn(move || match journal::verify(&*disk, None, None) {
            Ok(_) => true,
            Err(fault) => {
                tracing::error!(
                    "{fault}. Stop docket and restore from a backup; what it answers may be incomplete"
                );
                false
            }
        })))
    }

    /// Waits for the end of it. A check that came to no end vouches for nothing.
    pub fn is_whole(self) -> bool {
        self.0.is_none_or(|check| check.join().unwrap_or(false))
    }
}

/// Makes the data directory if it is not there, and takes its lock.
pub fn lock(dir: &Path) -> anyhow::Result<Lock> {
    make_dir(dir).with_context(|| format!("{} cannot be made", dir.display()))?;
    Ok(Lock::take(dir)?)
}

/// Tells of a long rebuild on standard error, at every tenth of it.
pub fn progress_on_stderr() -> impl FnMut(Progress) {
    let mut said = 0;
    move |Progress { done, all }| {
        let tenth = done * 10 / all.max(1);
        if all >= 1_000 && tenth > said {
            said = tenth;
            eprintln!("rebuilding the index: {done} of {all} cases");
        }
    }
}

/// Says why an index is not believed, where there was one.
fn tell(believed: &Believed) {
    match believed {
        Believed::Yes(_) | Believed::New => {}
        Believed::NotClosed { .. } => {
            tracing::info!("the index was not closed; it is rebuilt from the journal")
        }
        Believed::Damaged { what, .. } => {
            tracing::warn!("the index is not what was closed ({what}); it is rebuilt")
        }
        Believed::OlderFormat => {
            tracing::info!("the index is of another version; it is rebuilt from the journal")
        }
        Believed::Outgrown { bytes, built, .. } => tracing::info!(
            "the index takes {} MiB and took {} after its last rebuild; it is rebuilt from the journal to be small again",
            bytes >> 20,
            built >> 20
        ),
    }
}

/// The record up to which a believed index vouches for the chain.
fn trusted(index: &SledIndex, believed: &Believed) -> Option<(Place, Head)> {
    let Believed::Yes(head) = believed else {
        return None;
    };
    let bytes = index.value(Scope::Desk).ok()??;
    let state: DeskState = serde_json::from_slice(&bytes).ok()?;
    Some((Place(state.last?), *head))
}
