//! Attached files in memory, for a desk that leaves nothing behind.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, PoisonError};

use crate::case::CaseId;
use crate::ports::{Files, FilesFault};

/// Files of a desk that leaves nothing behind. Clones share them.
#[derive(Clone, Debug, Default)]
pub struct MemoryFiles {
    kept: Arc<Mutex<Kept>>,
}

#[derive(Debug, Default)]
struct Kept {
    files: BTreeMap<(CaseId, String), Vec<u8>>,
    count: u64,
}

impl Files for MemoryFiles {
    fn keep(&self, case: CaseId, bytes: &[u8]) -> Result<String, FilesFault> {
        let mut kept = self.kept.lock().unwrap_or_else(PoisonError::into_inner);
        kept.count += 1;
        let name = format!("{}-{}", case.number(), kept.count);
        kept.files.insert((case, name.clone()), bytes.to_vec());
        Ok(name)
    }

    fn open(&self, case: CaseId, name: &str) -> Result<Vec<u8>, FilesFault> {
        let kept = self.kept.lock().unwrap_or_else(PoisonError::into_inner);
        let found = kept.files.get(&(case, name.to_owned()));
        found.cloned().ok_or_else(|| FilesFault::Damaged(name.to_owned()))
    }

    fn discard(&self, case: CaseId, name: &str) -> Result<(), FilesFault> {
        let mut kept = self.kept.lock().unwrap_or_else(PoisonError::into_inner);
        kept.files.remove(&(case, name.to_owned()));
        Ok(())
    }

    fn forget(&self, cases: &[CaseId]) -> Result<(), FilesFault> {
        let mut kept = self.kept.lock().unwrap_or_else(PoisonError::into_inner);
        kept.files.retain(|(of, _), _| !cases.contains(of));
        Ok(())
    }
}
