//! An index that a test looks into beside the desk.

use std::sync::{Arc, Mutex};

use docket::case::{Case, CaseId, Scope};
use docket::ports::{Changes, Facet, Head, Index, IndexFault};
use docket::store::MemoryIndex;

/// An index in memory that others look into, and that counts what it is asked.
#[derive(Clone)]
pub struct Watched(Arc<Mutex<(MemoryIndex, usize)>>);

impl Watched {
    /// An empty one.
    pub fn new() -> Watched {
        Watched(Arc::new(Mutex::new((MemoryIndex::new(), 0))))
    }

    /// How often it has been asked since the last time.
    pub fn asked(&self) -> usize {
        std::mem::take(&mut self.0.lock().unwrap().1)
    }

    /// Whether a case stands in a list.
    pub fn holds(&self, facet: &Facet, case: CaseId) -> bool {
        let number = u64::from(case.number());
        self.0.lock().unwrap().0.numbers(facet, number).unwrap().first() == Some(&number)
    }

    /// A case as it is on file.
    pub fn case(&self, number: u32) -> Option<Case> {
        let scope = Scope::Case(CaseId::new(number)?);
        let bytes = self.0.lock().unwrap().0.value(scope).unwrap()?;
        Some(serde_json::from_slice(&bytes).unwrap())
    }
}

impl Index for Watched {
    fn head(&self) -> Option<Head> {
        self.0.lock().unwrap().0.head()
    }
    fn value(&self, scope: Scope) -> Result<Option<Vec<u8>>, IndexFault> {
        let mut inner = self.0.lock().unwrap();
        inner.1 += 1;
        inner.0.value(scope)
    }
    fn numbers(&self, facet: &Facet, from: u64) -> Result<Vec<u64>, IndexFault> {
        let mut inner = self.0.lock().unwrap();
        inner.1 += 1;
        inner.0.numbers(facet, from)
    }
    fn apply(&mut self, head: Head, changes: Changes) -> Result<(), IndexFault> {
        self.0.lock().unwrap().0.apply(head, changes)
    }
    fn begin_rebuild(&mut self) -> Result<(), IndexFault> {
        self.0.lock().unwrap().0.begin_rebuild()
    }
    fn load(&mut self, put: Vec<(Scope, Vec<u8>)>, add: Vec<(Facet, u64)>) -> Result<(), IndexFault> {
        self.0.lock().unwrap().0.load(put, add)
    }
    fn finish_rebuild(&mut self, head: Head) -> Result<(), IndexFault> {
        self.0.lock().unwrap().0.finish_rebuild(head)
    }
    fn close(self: Box<Self>) -> Result<(), IndexFault> {
        Ok(())
    }
}
