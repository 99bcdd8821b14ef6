//! What the desk itself remembers: the next number, and where the journal ended.

use serde::{Deserialize, Serialize};

use super::DeskFault;
use crate::case::CaseId;
use crate::case::wire::WireFault;

/// The desk's own state, folded from the journal like a case. It is written with every batch, so it stays small: what is
/// owed is kept beside it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct DeskState {
    /// The number of the next case; `None` when they are used up.
    pub next: Option<CaseId>,
    /// The place of the last record taken in, up to which a start need not check the chain again.
    pub last: Option<u64>,
    /// What the lists were made by: other terms, or another way to make them, want them made anew.
    pub made_by: String,
}

impl Default for DeskState {
    fn default() -> DeskState {
        DeskState { next: Some(CaseId::FIRST), last: None, made_by: String::new() }
    }
}

impl DeskState {
    /// Takes in that a case was opened.
    pub fn opened(&mut self, case: CaseId) {
        if self.next.is_some_and(|next| next <= case) {
            self.next = case.next();
        }
    }
}

/// The state as the index keeps it.
pub(super) fn state_bytes(state: &DeskState) -> Result<Vec<u8>, DeskFault> {
    serde_json::to_vec(state).map_err(|fault| DeskFault::Write(WireFault::from(fault)))
}
