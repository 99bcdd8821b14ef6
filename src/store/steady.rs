//! An index that goes on in memory where its first place fails: a full disk must not take the reading with it.
//!
//! It knows the port alone. What is lost is the quick start after it; the next start tries the first place again.

use std::cell::Cell;

use super::MemoryIndex;
use crate::case::Scope;
use crate::ports::{Changes, Facet, Head, Index, IndexFault};

/// After so many faults a rebuild goes to memory at once: a place that fails time and again would be rebuilt without end.
const FAULTS: u32 = 2;

/// An index with memory behind it. A rebuild that cannot be begun goes to memory at once; one that fails on its way has to
/// be begun again, and goes there then.
pub struct SteadyIndex {
    first: Option<Box<dyn Index>>,
    memory: MemoryIndex,
    faults: Cell<u32>,
    /// Since a rebuild was begun nothing has been applied: until then a fault is one of the rebuild.
    rebuilding: bool,
}

impl SteadyIndex {
    /// Puts memory behind an index.
    pub fn new(first: Box<dyn Index>) -> SteadyIndex {
        SteadyIndex { first: Some(first), ..SteadyIndex::in_memory() }
    }

    /// Where there is no other place from the beginning.
    pub fn in_memory() -> SteadyIndex {
        SteadyIndex { first: None, memory: MemoryIndex::new(), faults: Cell::new(0), rebuilding: false }
    }

    /// Whether it has given its first place up.
    pub fn is_in_memory(&self) -> bool {
        self.first.is_none()
    }

    fn place(&self) -> &dyn Index {
        self.first.as_deref().unwrap_or(&self.memory)
    }

    fn place_mut(&mut self) -> &mut dyn Index {
        match &mut self.first {
            Some(first) => first.as_mut(),
            None => &mut self.memory,
        }
    }

    fn watch<T>(&self, result: Result<T, IndexFault>) -> Result<T, IndexFault> {
        if result.is_err() {
            self.faults.set(self.faults.get().saturating_add(1));
        }
        result
    }

    fn give_up(&mut self, why: &str) {
        if self.first.take().is_some() {
            tracing::warn!(
                "{why}. The index is kept in memory until docket ends; nothing is lost, and the next start tries the disk \
                 again"
            );
        }
    }

    /// A rebuild that fails on its way is not tried there again.
    fn rebuilt(&mut self, result: Result<(), IndexFault>) -> Result<(), IndexFault> {
        if let Err(fault) = &result {
            self.give_up(&fault.to_string());
        }
        result
    }
}

impl Index for SteadyIndex {
    fn is_kept(&self) -> bool {
        !self.is_in_memory()
    }

    fn head(&self) -> Option<Head> {
        self.place().head()
    }

    fn value(&self, scope: Scope) -> Result<Option<Vec<u8>>, IndexFault> {
        self.watch(self.place().value(scope))
    }

    fn numbers(&self, facet: &Facet, from: u64) -> Result<Vec<u64>, IndexFault> {
        self.watch(self.place().numbers(facet, from))
    }

    fn apply(&mut self, head: Head, changes: Changes) -> Result<(), IndexFault> {
        let applied = self.place_mut().apply(head, changes);
        if self.rebuilding {
            self.rebuilding = applied.is_err();
            return self.rebuilt(applied);
        }
        self.watch(applied)
    }

    fn begin_rebuild(&mut self) -> Result<(), IndexFault> {
        self.rebuilding = true;
        if self.faults.get() >= FAULTS {
            self.give_up("the index failed again");
        }
        if let Some(first) = &mut self.first {
            match first.begin_rebuild() {
                Ok(()) => return Ok(()),
                Err(fault) => self.give_up(&fault.to_string()),
            }
        }
        self.memory.begin_rebuild()
    }

    fn load(&mut self, put: Vec<(Scope, Vec<u8>)>, add: Vec<(Facet, u64)>) -> Result<(), IndexFault> {
        let loaded = self.place_mut().load(put, add);
        self.rebuilt(loaded)
    }

    fn finish_rebuild(&mut self, head: Head) -> Result<(), IndexFault> {
        let finished = self.place_mut().finish_rebuild(head);
        self.rebuilt(finished)
    }

    /// Never fails: nothing is lost with an index that was not closed, only the next start is slower.
    fn close(self: Box<Self>) -> Result<(), IndexFault> {
        if let Some(Err(fault)) = self.first.map(Index::close) {
            tracing::warn!("{fault}; nothing is lost, and the next start rebuilds it");
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ports::{Hash, Seq};
    use crate::store::suite;

    /// Fails at everything that writes after so many writes, as a place without room does.
    struct Filling {
        inner: MemoryIndex,
        room: u32,
    }

    impl Filling {
        fn write(&mut self) -> Result<(), IndexFault> {
            self.room = self.room.checked_sub(1).ok_or_else(full)?;
            Ok(())
        }
    }

    fn full() -> IndexFault {
        IndexFault("No space left on device".into())
    }

    impl Index for Filling {
        fn head(&self) -> Option<Head> {
            self.inner.head()
        }
        fn value(&self, scope: Scope) -> Result<Option<Vec<u8>>, IndexFault> {
            self.inner.value(scope)
        }
        fn numbers(&self, facet: &Facet, from: u64) -> Result<Vec<u64>, IndexFault> {
            self.inner.numbers(facet, from)
        }
        fn apply(&mut self, head: Head, changes: Changes) -> Result<(), IndexFault> {
            self.write()?;
            self.inner.apply(head, changes)
        }
        fn begin_rebuild(&mut self) -> Result<(), IndexFault> {
            self.write()?;
            self.inner.begin_rebuild()
        }
        fn load(&mut self, put: Vec<(Scope, Vec<u8>)>, add: Vec<(Facet, u64)>) -> Result<(), IndexFault> {
            self.write()?;
            self.inner.load(put, add)
        }
        fn finish_rebuild(&mut self, head: Head) -> Result<(), IndexFault> {
            self.write()?;
            self.inner.finish_rebuild(head)
        }
        fn close(self: Box<Self>) -> Result<(), IndexFault> {
            Err(full())
        }
    }

    fn filling(room: u32) -> SteadyIndex {
        SteadyIndex::new(Box::new(Filling { inner: MemoryIndex::new(), room }))
    }

    fn head(seq: u64) -> Head {
        Head { seq: Seq(seq), hash: Hash([0; 32]) }
    }

    /// A rebuild as the desk does it: once more where it failed on its way.
    fn rebuild(index: &mut SteadyIndex) {
        let once = |index: &mut SteadyIndex| {
            index.begin_rebuild()?;
            index.load(vec![(Scope::Desk, vec![7])], vec![(Facet::new("stage", "ready"), 3)])?;
            index.finish_rebuild(head(1))?;
            index.apply(head(1), Changes::default())
        };
        if once(index).is_err() {
            once(index).unwrap();
        }
    }

    #[test]
    fn it_passes_the_suite_in_either_place() {
        suite::all(&mut || Box::new(SteadyIndex::in_memory()));
        suite::all(&mut || Box::new(SteadyIndex::new(Box::new(MemoryIndex::new()))));
    }

    #[test]
    fn wherever_a_rebuild_fails_memory_has_all_of_it() {
        for room in 0..6 {
            let mut index = filling(room);
            rebuild(&mut index);
            assert_eq!(index.is_in_memory(), room < 4, "{room}");
            assert_eq!(index.head(), Some(head(1)));
            assert_eq!(index.value(Scope::Desk).unwrap(), Some(vec![7]));
            let ready = index.numbers(&Facet::new("stage", "ready"), u64::MAX).unwrap();
            assert_eq!(ready, [3], "{room}");
            // The close fails in its first place, and that is no failure.
            Box::new(index).close().unwrap();
        }
    }

    #[test]
    fn a_place_that_fails_a_second_time_is_given_up() {
        let mut index = filling(4);
        rebuild(&mut index);
        assert!(index.apply(head(2), Changes::default()).is_err());
        assert!(index.apply(head(2), Changes::default()).is_err());
        assert!(!index.is_in_memory(), "only a rebuild changes the place");
        rebuild(&mut index);
        assert!(index.is_in_memory());
        index.apply(head(2), Changes::default()).unwrap();
        assert_eq!(index.head(), Some(head(2)));
    }
}
