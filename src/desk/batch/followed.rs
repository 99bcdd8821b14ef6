//! The policy that the desk works by goes on record before anything is done under it. Which one that is, `standing` knows.

use super::Batch;
use crate::case::wire::{self, Cause, DeskPart};
use crate::case::{DeskEvent, Scope};
use crate::desk::DeskFault;
use crate::ports::Draft;

impl Batch<'_> {
    /// Puts the current policy on record before anything is done under it, in a record of its own. Not at the start: what
    /// only looks writes nothing.
    pub(super) fn draft_policy(&mut self) -> Result<(), DeskFault> {
        let events = self.desk.standing.policy_to_record();
        if events.is_empty() {
            return Ok(());
        }
        let part = DeskPart {
            cause: Cause { by: None, message: None },
            events: events.into_iter().map(DeskEvent::from).collect(),
            owes: Vec::new(),
        };
        let body = (Scope::Desk, wire::write(&part).map_err(DeskFault::Write)?);
        self.stand(&part.events);
        self.drafts.push(Draft { at: self.now, stamps: Vec::new(), parts: vec![body] });
        Ok(())
    }
}
