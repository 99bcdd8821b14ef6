//! Retention at work: people are told the day before, and then the case is erased. Both only while the clock is certain,
//! and the second once everything was read that was written.

use std::collections::BTreeMap;

use super::Batch;
use crate::case::decide::Events;
use crate::case::wire::Cause;
use crate::case::{Event, PurgeReason, retention};
use crate::desk::deliver::Post;
use crate::desk::{DeskFault, Outcome, conflicts, facets};

/// How many cases are announced in one record.
const AT_ONCE: usize = 256;

impl Batch<'_> {
    /// Puts on record which closed cases are erased tomorrow, right before the overview says so.
    pub(super) fn announce_erasures(&mut self) -> Result<(), DeskFault> {
        if !self.certain {
            return Ok(());
        }
        self.commit()?;
        let cases = self.desk.unannounced(self.now)?;
        for chunk in cases.chunks(AT_ONCE) {
            let mut events: Events = Vec::new();
            for id in chunk {
                if let Ok(case) = self.case(*id)?
                    && let Some(ends) = retention::ends(&case, &self.desk.terms)
                {
                    events.push((*id, Event::ErasureAnnounced { ends }));
                }
            }
            if let Some((first, _)) = events.first() {
                let first = *first;
                let cause = Cause { by: None, message: None };
                // It is small, and owes nothing by itself: the overview says it.
                let _orders = self.draft(cause, Vec::new(), first, events, None)?;
            }
        }
        self.commit()
    }

    /// Erases what was announced and that nobody wanted to keep.
    pub(super) fn erase_what_was_announced(&mut self) -> Result<Vec<Post>, DeskFault> {
        if !self.certain || self.desk.behind {
            return Ok(Vec::new());
        }
        self.commit()?;
        let cases = self.desk.purge_due(self.now)?;
        if cases.is_empty() {
            return Ok(Vec::new());
        }
        let outcome = self.desk.purge(&cases, PurgeReason::Retention, self.now)?;
        self.state = self.desk.state.clone();
        if let Outcome::Purged(count) = outcome {
            let cases = if count == 1 {
                "1 closed case was".to_owned()
            } else {
                format!("{count} closed cases were")
            };
            tracing::info!("{cases} erased: the retention has ended");
        }
        // What is gone forbids nothing any more.
        let mut posts = Vec::new();
        for case in cases {
            for other in conflicts::newest(self.desk, &facets::hushed_by(case), None, AT_ONCE)? {
                let events = self.hushes(other, &BTreeMap::new())?;
                if !events.is_empty() {
                    posts.extend(self.swept(other, &events)?);
                }
            }
            // Nor does it keep anything inaccessible.
            for other in conflicts::newest(self.desk, &facets::kept_down_by(case), None, AT_ONCE)? {
                let events = self.kept_down_now(other, &BTreeMap::new())?;
                if !events.is_empty() {
                    posts.extend(self.swept(other, &events)?);
                }
            }
        }
        self.written(posts)
    }
}
