//! Destroying a case: on record first, then its key, then its files, and last the index with every hash of its words.

use chrono::{DateTime, Utc};

use super::{Desk, DeskFault, Post};
use crate::case::wire::{self, Cause, DeskPart};
use crate::case::{CaseId, DeskEvent, PurgeReason, Scope};
use crate::ports::Draft;

impl Desk {
    /// Purges cases. Not reachable by a verb: retention decides (and a restore, which repeats what was purged before).
    ///
    /// Cases that are not on file, or are erased already, are passed over.
    pub(super) fn purge(
        &mut self,
        cases: &[CaseId],
        why: PurgeReason,
        now: DateTime<Utc>,
    ) -> Result<Vec<Post>, DeskFault> {
        let mut events = Vec::new();
        for case in cases {
            if self.case(*case)?.is_ok() {
                events.push(DeskEvent::Purged { case: *case, why });
            }
        }
        if events.is_empty() {
            return Ok(Vec::new());
        }
        let part = DeskPart {
            cause: Cause {
                by: None,
                message: None,
            },
            events,
        };
        let body = wire::write(&part).map_err(DeskFault::Write)?;
        let draft = Draft {
            at: now,
            stamps: Vec::new(),
            parts: vec![(Scope::Desk, body)],
        };
        self.journal.append(self.journal.head(), &[draft])?;
        // A rebuild ends the keys of everything whose purge is on record, so a stop anywhere here is made good by it.
        self.rebuild(&mut |_| {})?;
        Ok(Vec::new())
    }

    /// The cases that were purged, for the list that stands beside the backups.
    pub fn purged(&mut self) -> Result<Vec<CaseId>, DeskFault> {
        let facet = super::facets::erased();
        let mut cases = self.ask(|index| {
            let mut all = Vec::new();
            let mut from = u64::MAX;
            loop {
                let block = index.numbers(&facet, from)?;
                let Some(next) = block.last().and_then(|last| last.checked_sub(1)) else {
                    return Ok(all);
                };
                all.extend(
                    block
                        .iter()
                        .filter_map(|number| u32::try_from(*number).ok().and_then(CaseId::new)),
                );
                from = next;
            }
        })?;
        cases.reverse();
        Ok(cases)
    }
}
