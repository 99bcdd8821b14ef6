//! Writes changes behind the desk: on a thread of its own, while the next batch is decided. Merging lists is a third of what a
//! batch costs, and nobody waits for it: nothing of an index is durable before it is closed.
//!
//! Questions look here first: what waits is told as if it were written. What is being written is in both places, which changes
//! nothing. It knows the order of changes; how they are stored, `stored` knows.

use std::collections::{BTreeMap, VecDeque};
use std::sync::{Arc, Condvar, Mutex, MutexGuard};
use std::thread::JoinHandle;

use crate::case::Scope;
use crate::ports::IndexFault;
use crate::store::sled_index::engine::guarded;
use crate::store::sled_index::postings::Turns;
use crate::store::sled_index::seal::FacetHash;
use crate::store::sled_index::stored::Stored;

/// So many batches may wait. The desk waits for the disk then, or memory would grow as long as it is slower.
const MOST: usize = 8;
/// So many are written as one, so that a list which several of them change is merged once.
const AT_ONCE: usize = 4;

/// What one batch changed.
#[derive(Default)]
pub(super) struct Turned {
    /// The values that were put.
    pub(super) put: BTreeMap<Scope, Vec<u8>>,
    /// The numbers that entered lists or left them.
    pub(super) lists: BTreeMap<FacetHash, Turns>,
}

/// The thread, and what waits for it.
pub(super) struct Behind {
    shared: Arc<Shared>,
    thread: Option<JoinHandle<()>>,
}

#[derive(Default)]
struct Shared {
    queue: Mutex<Queue>,
    moved: Condvar,
}

#[derive(Default)]
struct Queue {
    /// The oldest first. What is being written stays until it is.
    waiting: VecDeque<Arc<Turned>>,
    /// Why nothing is written any more.
    fault: Option<String>,
    ends: bool,
}

impl Behind {
    pub(super) fn start(mut stored: Stored) -> Result<Behind, IndexFault> {
        let shared = Arc::new(Shared::default());
        let theirs = Arc::clone(&shared);
        let thread = std::thread::Builder::new()
            .name("index".into())
            .spawn(move || theirs.write_all(&mut stored))
            .map_err(|fault| IndexFault(format!("no thread can be had for it: {fault}")))?;
        Ok(Behind { shared, thread: Some(thread) })
    }

    /// Takes a batch; waits where too many do.
    pub(super) fn push(&self, turned: Turned) -> Result<(), IndexFault> {
        let mut queue = self.shared.until(|queue| queue.waiting.len() < MOST)?;
        queue.waiting.push_back(Arc::new(turned));
        self.shared.moved.notify_all();
        Ok(())
    }

    /// The value that waits for a scope.
    pub(super) fn value(&self, scope: Scope) -> Result<Option<Vec<u8>>, IndexFault> {
        let queue = self.shared.until(|_| true)?;
        Ok(queue.waiting.iter().rev().find_map(|turned| turned.put.get(&scope)).cloned())
    }

    /// What waits for a list.
    pub(super) fn turns(&self, hash: &FacetHash) -> Result<Turns, IndexFault> {
        let queue = self.shared.until(|_| true)?;
        let lists = queue.waiting.iter().filter_map(|turned| turned.lists.get(hash));
        Ok(lists.flatten().map(|(number, enters)| (*number, *enters)).collect())
    }

    /// Waits until all is written.
    pub(super) fn drain(&self) -> Result<(), IndexFault> {
        self.shared.until(|queue| queue.waiting.is_empty()).map(drop)
    }

    /// Ends the thread, whether all is written or not.
    pub(super) fn end(mut self) -> Result<(), IndexFault> {
        self.join()
    }

    fn join(&mut self) -> Result<(), IndexFault> {
        self.shared.lock().ends = true;
        self.shared.moved.notify_all();
        let joined = self.thread.take().map(JoinHandle::join);
        joined.unwrap_or(Ok(())).map_err(|_| IndexFault("the thread that writes it panicked".into()))
    }
}

impl Drop for Behind {
    /// The thread holds sled's file.
    fn drop(&mut self) {
        if let Err(fault) = self.join() {
            tracing::warn!("{fault}");
        }
    }
}

impl Shared {
    /// What the thread does.
    fn write_all(&self, stored: &mut Stored) {
        loop {
            let mut queue = self.lock();
            while queue.waiting.is_empty() && !queue.ends {
                queue = wait(&self.moved, queue);
            }
            if queue.ends {
                return;
            }
            let taken: Vec<Arc<Turned>> = queue.waiting.iter().take(AT_ONCE).cloned().collect();
            drop(queue);
            let written = guarded(|| write(stored, &taken));
            let mut queue = self.lock();
            match written {
                Ok(()) => drop(queue.waiting.drain(..taken.len())),
                Err(fault) => queue.fault = Some(fault.0),
            }
            let is_over = queue.fault.is_some();
            drop(queue);
            self.moved.notify_all();
            if is_over {
                return;
            }
        }
    }

    /// The queue as soon as it is as it is wanted, unless writing failed.
    fn until(&self, is_met: impl Fn(&Queue) -> bool) -> Result<MutexGuard<'_, Queue>, IndexFault> {
        let mut queue = self.lock();
        loop {
            if let Some(fault) = &queue.fault {
                return Err(IndexFault(fault.clone()));
            }
            if is_met(&queue) {
                return Ok(queue);
            }
            queue = wait(&self.moved, queue);
        }
    }

    /// Nobody who holds the lock does anything that could fail half way.
    fn lock(&self) -> MutexGuard<'_, Queue> {
        self.queue.lock().unwrap_or_else(std::sync::PoisonError::into_inner)
    }
}

fn wait<'a>(moved: &Condvar, queue: MutexGuard<'a, Queue>) -> MutexGuard<'a, Queue> {
    moved.wait(queue).unwrap_or_else(std::sync::PoisonError::into_inner)
}

/// Writes batches as one: the last value of each scope, the last turn of each number.
fn write(stored: &mut Stored, all: &[Arc<Turned>]) -> Result<(), IndexFault> {
    let put = all.iter().flat_map(|turned| &turned.put);
    let put: BTreeMap<Scope, &[u8]> = put.map(|(scope, value)| (*scope, value.as_slice())).collect();
    let mut lists: BTreeMap<FacetHash, Turns> = BTreeMap::new();
    for (hash, turns) in all.iter().flat_map(|turned| &turned.lists) {
        lists.entry(*hash).or_default().extend(turns);
    }
    stored.write(put.into_iter(), lists.into_iter())
}
