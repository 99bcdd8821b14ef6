//! What sled holds: the values, the lists, and how both are asked and changed. Two hold it: the desk's thread, which asks, and the
//! one that writes behind it.
//!
//! It knows trees and seals; not what waits to be written.

use sled::{Db, Tree};

use crate::case::Scope;
use crate::ports::{Facet, IndexFault};
use crate::store::sled_index::engine::fault;
use crate::store::sled_index::gather::Gather;
use crate::store::sled_index::postings::{self, Turns};
use crate::store::sled_index::seal::{FacetHash, Sealer};
use crate::store::sled_index::tide::{self, Tide};
use crate::store::sled_index::values;

/// A handle to it, with nonces of its own.
pub(super) struct Stored {
    values: Tree,
    posts: Tree,
    tide: Tide,
    sealer: Sealer,
}

impl Stored {
    pub(super) fn open(db: &Db, sealer: Sealer) -> Result<Stored, IndexFault> {
        let tide = Tide::new(db.open_tree("tide").map_err(fault)?)?;
        let values = db.open_tree("values").map_err(fault)?;
        let posts = db.open_tree("posts").map_err(fault)?;
        Ok(Stored { values, posts, tide, sealer })
    }

    /// Another handle to the same, for another thread.
    pub(super) fn another(&self) -> Result<Stored, IndexFault> {
        Ok(Stored {
            values: self.values.clone(),
            posts: self.posts.clone(),
            tide: self.tide.another(),
            sealer: self.sealer.another()?,
        })
    }

    pub(super) fn facet(&self, facet: &Facet) -> FacetHash {
        self.sealer.facet(facet)
    }

    #[cfg(test)]
    pub(super) fn trees(&self) -> (Tree, Tree) {
        (self.values.clone(), self.posts.clone())
    }

    pub(super) fn value(&self, scope: Scope) -> Result<Option<Vec<u8>>, IndexFault> {
        self.tide.stir(tide::QUESTION)?;
        values::value(&self.values, &self.sealer, scope)
    }

    /// Numbers of a list that are at most `from`, as they are after these turns.
    pub(super) fn page(&self, hash: &FacetHash, from: u64, turns: &Turns) -> Result<Vec<u64>, IndexFault> {
        let mut from = from;
        loop {
            self.tide.stir(tide::QUESTION)?;
            let stored = postings::page(&self.posts, &self.sealer, hash, from)?;
            // What turns below this page belongs to a lower one, if there is any.
            let least = stored.last().copied().unwrap_or(0);
            let numbers = postings::turned(&stored, turns.range(least..=from));
            match least.checked_sub(1) {
                Some(next) if numbers.is_empty() => from = next,
                Some(_) | None => return Ok(numbers),
            }
        }
    }

    /// Puts values and merges lists, in the order of their keys. Not as batches of sled's: those are atomic, but an index that
    /// did not close is thrown away whole, so that half a change is never seen, within a tree or between two; and a batch walks
    /// its entries in the order of a hash table and lets no memory go meanwhile (measured: a change took 1.4 times as
    /// long, a rebuild 409 MiB instead of 80).
    pub(super) fn write<'a>(
        &mut self,
        put: impl Iterator<Item = (Scope, &'a [u8])>,
        lists: impl Iterator<Item = (FacetHash, Turns)>,
    ) -> Result<(), IndexFault> {
        for (scope, value) in put {
            self.tide.stir(tide::QUESTION)?;
            values::put(&self.values, &mut self.sealer, scope, value)?;
        }
        for (hash, turns) in lists {
            self.tide.stir(tide::CHANGE)?;
            postings::merge(&self.posts, &mut self.sealer, &hash, turns)?;
        }
        Ok(())
    }

    /// Writes out what a rebuild gathered. `first` says that no posting has been written yet.
    pub(super) fn pour(&mut self, gather: &mut Gather, first: bool) -> Result<(), IndexFault> {
        for (hash, numbers) in gather.drain() {
            if first {
                postings::store(&self.posts, &mut self.sealer, &hash, u64::MAX, &numbers)?;
            } else {
                let turns = numbers.into_iter().map(|number| (number, true)).collect();
                postings::merge(&self.posts, &mut self.sealer, &hash, turns)?;
            }
        }
        Ok(())
    }
}
