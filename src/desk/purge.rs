//! Destroying a case: on record first, then its key, then its files, and last the index with every hash of its words.

use chrono::{DateTime, Utc};

use super::{Desk, DeskFault, Outcome};
use crate::case::wire::{self, Cause, DeskPart};
use crate::case::{CaseId, DeskEvent, PurgeReason, Refusal, Scope};
use crate::ports::{AppendFault, Draft};

impl Desk {
    /// Purges cases. Not reachable by a verb: retention decides (and a restore, which repeats what was purged before).
    ///
    /// Cases that are erased already are passed over, and so are those that are not on file; only a restored desk, which may
    /// be older than they were, puts these on record too, so that their numbers are never given again. A full disk leaves
    /// everything as it was and says so.
    pub(super) fn purge(
        &mut self,
        cases: &[CaseId],
        why: PurgeReason,
        now: DateTime<Utc>,
    ) -> Result<Outcome, DeskFault> {
        let mut events = Vec::new();
        for case in cases {
            let is_due = match self.case(*case)? {
                Ok(_) => true,
                Err(refusal) => why == PurgeReason::Restored && refusal == Refusal::NoSuchCase(*case),
            };
            if is_due {
                events.push(DeskEvent::Purged { case: *case, why });
            }
        }
        let count = events.len();
        if events.is_empty() {
            return Ok(Outcome::Purged(count));
        }
        let part = DeskPart { cause: Cause { by: None, message: None }, events, owes: Vec::new() };
        let body = wire::write(&part).map_err(DeskFault::Write)?;
        let draft = Draft { at: now, stamps: Vec::new(), parts: vec![(Scope::Desk, body)] };
        match self.journal.append(self.journal.head(), &[draft]) {
            Ok(_) => {}
            Err(AppendFault::Full) => {
                tracing::warn!("the disk is full; {count} cases that are to be purged were not");
                return Ok(Outcome::NotPurged(Refusal::DiskFull));
            }
            Err(fault) => return Err(fault.into()),
        }
        // A rebuild ends the keys of everything whose purge is on record, so a stop anywhere here is made good by it.
        self.rebuild(&mut |_| {})?;
        Ok(Outcome::Purged(count))
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
                    block.iter().filter_map(|number| u32::try_from(*number).ok().and_then(CaseId::new)),
                );
                from = next;
            }
        })?;
        cases.reverse();
        Ok(cases)
    }
}
