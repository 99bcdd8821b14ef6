//! Makes sled forget in time.
//!
//! It knows a habit of sled's cache, and nothing of what is stored.
//!
//! sled notes each access to a page in one of 256 queues (the page's number modulo 256) and looks at a queue, and drops what
//! the cache has no room for, only when it holds 64 notes. Reading here and there in a large index therefore keeps up to
//! 16,384 pages in memory whatever `cache_capacity` says: 127 MiB after 20,000 values out of 100,000, against 52 MiB this way.
//! So every question also asks for a few tiny pages, one queue after the other, and the queues fill at an even pace.

use std::cell::Cell;

use sled::Tree;

use crate::ports::IndexFault;
use crate::store::sled_index::engine::fault;

/// sled cuts a page of keys that come in order after nine of them.
const PER_PAGE: u32 = 9;
/// More than 256, because some of the numbers between go to inner pages.
const PAGES: u32 = 300;
/// How many queues one question stirs.
pub(super) const QUESTION: u32 = 4;
/// How many queues one changed list stirs; the change itself leaves several notes in its own queue.
pub(super) const CHANGE: u32 = 1;

/// Tiny pages, spread over all of sled's queues.
pub(super) struct Tide {
    tree: Tree,
    next: Cell<u32>,
}

impl Tide {
    /// Uses the pages in this tree, making them if it is empty. They spread evenly when made before anything else is.
    pub(super) fn new(tree: Tree) -> Result<Tide, IndexFault> {
        if tree.is_empty() {
            for key in 0..PAGES * PER_PAGE {
                tree.insert(key.to_be_bytes(), &[]).map_err(fault)?;
            }
        }
        Ok(Tide { tree, next: Cell::new(0) })
    }

    /// Another hand over the same pages, for another thread.
    pub(super) fn another(&self) -> Tide {
        Tide { tree: self.tree.clone(), next: Cell::new(self.next.get()) }
    }

    /// Stirs the next few queues.
    pub(super) fn stir(&self, queues: u32) -> Result<(), IndexFault> {
        for _ in 0..queues {
            let page = self.next.get();
            self.next.set((page + 1) % PAGES);
            self.tree.get((page * PER_PAGE).to_be_bytes()).map_err(fault)?;
        }
        Ok(())
    }
}
