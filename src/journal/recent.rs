//! The long records that were read last, checked. A batch that says of many cases that their cards were posted is read once
//! for each of them when the index is made anew; such a record is kept for the next reader instead.
//!
//! What stands at a place never changes, so nothing here grows old. Knows no key: what is kept is as sealed as it is stored.

use std::collections::VecDeque;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use crate::ports::Place;

/// Shorter records are read again as cheaply.
const LONG: usize = 4 << 10;
/// Longer ones are not kept in memory.
const LONGEST: usize = 1 << 20;
/// How many are kept: more than there are readers at once.
const KEPT: usize = 4;

/// Some long records.
#[derive(Default)]
pub(super) struct Recent(Mutex<VecDeque<(Place, Arc<Vec<u8>>)>>);

impl Recent {
    /// The bytes of a record, if it is kept.
    pub(super) fn get(&self, place: Place) -> Option<Arc<Vec<u8>>> {
        self.kept().iter().find(|(kept, _)| *kept == place).map(|(_, bytes)| Arc::clone(bytes))
    }

    /// Keeps the bytes of a record, which were checked, if that is worth it.
    pub(super) fn keep(&self, place: Place, bytes: Vec<u8>) {
        if !(LONG..=LONGEST).contains(&bytes.len()) {
            return;
        }
        let mut kept = self.kept();
        if kept.len() >= KEPT {
            kept.pop_front();
        }
        kept.push_back((place, Arc::new(bytes)));
    }

    fn kept(&self) -> MutexGuard<'_, VecDeque<(Place, Arc<Vec<u8>>)>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
