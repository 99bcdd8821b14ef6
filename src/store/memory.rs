//! An index in memory: for tests, for `try` without a directory, and as the plain model that the other one is held to.
//!
//! It knows no file and no key; it is empty at every start.

use std::collections::{BTreeMap, BTreeSet};

use crate::case::Scope;
use crate::ports::{Changes, Facet, Head, Index, IndexFault};

/// How many numbers one answer holds at most.
const PAGE: usize = 64;

/// An index in memory.
#[derive(Debug, Default)]
pub struct MemoryIndex {
    head: Option<Head>,
    values: BTreeMap<Scope, Vec<u8>>,
    lists: BTreeMap<Facet, BTreeSet<u64>>,
}

impl MemoryIndex {
    /// An empty index, waiting for a rebuild.
    pub fn new() -> MemoryIndex {
        MemoryIndex::default()
    }

    fn add(&mut self, facet: Facet, number: u64) {
        self.lists.entry(facet).or_default().insert(number);
    }

    fn drop(&mut self, facet: &Facet, number: u64) {
        if let Some(list) = self.lists.get_mut(facet) {
            list.remove(&number);
            if list.is_empty() {
                self.lists.remove(facet);
            }
        }
    }
}

impl Index for MemoryIndex {
    fn head(&self) -> Option<Head> {
        self.head
    }

    fn value(&self, scope: Scope) -> Result<Option<Vec<u8>>, IndexFault> {
        Ok(self.values.get(&scope).cloned())
    }

    fn numbers(&self, facet: &Facet, from: u64) -> Result<Vec<u64>, IndexFault> {
        let list = self.lists.get(facet);
        Ok(list.map(|list| list.range(..=from).rev().take(PAGE).copied().collect()).unwrap_or_default())
    }

    fn apply(&mut self, head: Head, changes: Changes) -> Result<(), IndexFault> {
        self.values.extend(changes.put);
        for (facet, number) in &changes.drop {
            self.drop(facet, *number);
        }
        for (facet, number) in changes.add {
            self.add(facet, number);
        }
        self.head = Some(head);
        Ok(())
    }

    fn begin_rebuild(&mut self) -> Result<(), IndexFault> {
        *self = MemoryIndex::new();
        Ok(())
    }

    fn load(&mut self, put: Vec<(Scope, Vec<u8>)>, add: Vec<(Facet, u64)>) -> Result<(), IndexFault> {
        self.values.extend(put);
        for (facet, number) in add {
            self.add(facet, number);
        }
        Ok(())
    }

    fn finish_rebuild(&mut self, head: Head) -> Result<(), IndexFault> {
        self.head = Some(head);
        Ok(())
    }

    fn close(self: Box<Self>) -> Result<(), IndexFault> {
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::MemoryIndex;
    use crate::store::suite;

    #[test]
    fn memory_passes_the_suite() {
        suite::all(&mut || Box::new(MemoryIndex::new()));
    }

    #[test]
    fn memory_agrees_with_the_model() {
        suite::agrees_with_the_model(64, &mut || Box::new(MemoryIndex::new()));
    }
}
