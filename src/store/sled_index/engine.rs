//! sled itself: opening, asking, writing and letting go, so that nothing it does can take the program down.
//!
//! It knows what is stored and what waits to be; neither heads nor marks, nor whether what it holds is to be believed.

use std::any::Any;
use std::fs::File;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::{Path, PathBuf};
use std::sync::mpsc;
use std::time::Duration;

use sled::Db;
#[cfg(test)]
use sled::Tree;

use crate::case::Scope;
use crate::ports::{Facet, IndexFault};
use crate::store::sled_index::behind::{Behind, Turned};
use crate::store::sled_index::gather::Gather;
use crate::store::sled_index::seal::{FacetHash, Sealer};
use crate::store::sled_index::stored::Stored;

/// How long sled's own threads may take to let go of its file.
const PATIENCE: Duration = Duration::from_secs(30);

/// An open sled.
pub(super) struct Engine {
    db: Db,
    stored: Stored,
    behind: Behind,
    place: PathBuf,
}

impl Engine {
    /// Opens sled in this directory. The files have been checked before: a damaged sled panics or, worse, opens.
    pub(super) fn open(place: &Path, cache: u64, sealer: Sealer) -> Result<Engine, IndexFault> {
        guarded(|| {
            let db = sled::Config::default()
                .path(place)
                .cache_capacity(cache)
                .mode(sled::Mode::HighThroughput)
                // Nothing here has to be durable before it is closed, so nothing is flushed behind our back.
                .flush_every_ms(None)
                .open()
                .map_err(fault)?;
            let stored = Stored::open(&db, sealer)?;
            let behind = Behind::start(stored.another()?)?;
            Ok(Engine { db, stored, behind, place: place.to_path_buf() })
        })
    }

    pub(super) fn facet(&self, facet: &Facet) -> FacetHash {
        self.stored.facet(facet)
    }

    /// The trees of values and of lists, to be damaged, once all is written.
    #[cfg(test)]
    pub(super) fn trees(&self) -> (Tree, Tree) {
        self.behind.drain().unwrap();
        self.stored.trees()
    }

    pub(super) fn value(&self, scope: Scope) -> Result<Option<Vec<u8>>, IndexFault> {
        match self.behind.value(scope)? {
            Some(value) => Ok(Some(value)),
            None => guarded(|| self.stored.value(scope)),
        }
    }

    pub(super) fn page(&self, facet: &Facet, from: u64) -> Result<Vec<u64>, IndexFault> {
        let hash = self.facet(facet);
        // What waits is looked at first: what is written in between is then in both, and not in neither.
        let turns = self.behind.turns(&hash)?;
        guarded(|| self.stored.page(&hash, from, &turns))
    }

    /// Takes in what one batch changed, to be written while the desk goes on.
    pub(super) fn push(&self, turned: Turned) -> Result<(), IndexFault> {
        self.behind.push(turned)
    }

    /// Puts values of a rebuild.
    pub(super) fn put<'a>(&mut self, put: impl Iterator<Item = (Scope, &'a [u8])>) -> Result<(), IndexFault> {
        guarded(|| self.stored.write(put, std::iter::empty()))
    }

    /// Writes out what a rebuild gathered. `first` says that no posting has been written yet.
    pub(super) fn pour(&mut self, gather: &mut Gather, first: bool) -> Result<(), IndexFault> {
        guarded(|| self.stored.pour(gather, first))
    }

    /// Writes everything out.
    pub(super) fn flush(&self) -> Result<(), IndexFault> {
        self.behind.drain()?;
        guarded(|| self.db.flush().map(drop).map_err(fault))
    }

    /// Writes everything out and lets go. Afterwards nobody writes to the files any more.
    pub(super) fn close(self) -> Result<(), IndexFault> {
        let flushed = self.flush();
        let released = self.release();
        flushed.and(released)
    }

    /// Lets go, whatever state sled is in.
    pub(super) fn release(self) -> Result<(), IndexFault> {
        let Engine { db, stored, behind, place } = self;
        let ended = behind.end();
        let dropped = guarded(move || {
            drop((stored, db));
            Ok(())
        });
        ended.and(dropped).and(wait_for_release(&place))
    }
}

/// sled's worker threads outlive the handle by a moment and hold its file's lock until their last write. Having that lock
/// ourselves once means that they are done.
fn wait_for_release(place: &Path) -> Result<(), IndexFault> {
    #[allow(clippy::disallowed_methods)]
    let file = match File::open(place.join("db")) {
        Ok(file) => file,
        Err(fault) if fault.kind() == std::io::ErrorKind::NotFound => return Ok(()),
        Err(fault) => return Err(IndexFault(format!("sled's file cannot be opened: {fault}"))),
    };
    if file.try_lock().is_ok() {
        return Ok(());
    }
    let (done, waiting) = mpsc::channel();
    std::thread::spawn(move || {
        let locked = file.lock();
        // Nobody listens any more when patience ran out.
        drop(done.send(locked));
    });
    match waiting.recv_timeout(PATIENCE) {
        Ok(Ok(())) => Ok(()),
        Ok(Err(fault)) => Err(IndexFault(format!("sled's file cannot be locked: {fault}"))),
        Err(_) => Err(IndexFault("sled does not let go of its file".into())),
    }
}

/// Runs what touches sled; a panic becomes a fault. The panic's message still reaches the program's panic hook: a library
/// must not replace that. It is seen rarely, because damaged files are found by their sums before sled reads them, and it
/// tells nothing: keys are hashed and values sealed.
pub(super) fn guarded<T>(act: impl FnOnce() -> Result<T, IndexFault>) -> Result<T, IndexFault> {
    match catch_unwind(AssertUnwindSafe(act)) {
        Ok(result) => result,
        Err(panic) => Err(IndexFault(format!("sled panicked: {}", message(panic.as_ref())))),
    }
}

fn message(panic: &(dyn Any + Send)) -> &str {
    panic
        .downcast_ref::<&str>()
        .copied()
        .or_else(|| panic.downcast_ref::<String>().map(String::as_str))
        .unwrap_or("without a message")
}

/// sled's error as ours.
pub(super) fn fault(error: sled::Error) -> IndexFault {
    IndexFault(error.to_string())
}
