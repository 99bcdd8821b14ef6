//! Letters that were let go to whoever asked by themselves: whether one may leave now, and what became of it.

use super::Batch;
use crate::case::decide::{self, LetterLeave};
use crate::case::wire::Cause;
use crate::case::{CaseId, Release};
use crate::desk::deliver::Post;
use crate::desk::visits::Brought;
use crate::desk::{DeskFault, Outcome};

impl Batch<'_> {
    /// Whether a letter that was let go to a user may leave now; one that would say something else by now never does.
    pub(super) fn may_write(&mut self, id: CaseId, letter: &str) -> Result<Outcome, DeskFault> {
        self.commit()?;
        let Ok(case) = self.case(id)? else { return Ok(Outcome::Seen) };
        let around = self.around_command(&case, &decide::letter_command(letter))?.unwrap_or_default();
        let leave = decide::letter_may_leave(&case, letter, &around, &self.desk.terms);
        if leave != LetterLeave::Over && (self.is_still() || !self.certain) {
            self.desk.handed_out.remove(&id);
            return Ok(Outcome::Stays);
        }
        let open = case.visit.as_ref().and_then(|visit| visit.open(letter));
        let Some(post) = open.and_then(|release| Post::letter(self.desk, &case, release)) else {
            return Ok(Outcome::Seen);
        };
        let key = case.visit.as_ref().and_then(|visit| visit.key.clone());
        Ok(match leave {
            LetterLeave::Goes => Outcome::Writes(Box::new(post), key),
            LetterLeave::Changed => Outcome::Unwritten(Box::new(post)),
            LetterLeave::Over => Outcome::Seen,
        })
    }

    /// Puts down what became of a letter.
    pub(super) fn brought(&mut self, brought: &Brought) -> Result<Outcome, DeskFault> {
        self.commit()?;
        if self.is_still() {
            return Ok(Outcome::Stays);
        }
        let Ok(case) = self.case(brought.case)? else { return Ok(Outcome::Seen) };
        let open = case.visit.as_ref().and_then(|visit| visit.open(&brought.letter));
        let Some(by) = open.map(|release: &Release| release.by.clone()) else { return Ok(Outcome::Seen) };
        let events = match brought.stopped {
            None => decide::letter_went(&case, &brought.letter, &self.desk.terms, self.now),
            Some(why) => decide::letter_stopped(&case, &brought.letter, why),
        };
        let cause = Cause { by: Some(by), message: None };
        let Ok(orders) = self.draft(cause, Vec::new(), brought.case, events.clone(), None)? else {
            return Ok(Outcome::Stays);
        };
        let said = self.said_of_time(orders, &events);
        let before = self.desk.journal.head();
        self.commit()?;
        Ok(if self.desk.journal.head() == before { Outcome::Stays } else { Outcome::Posts(said) })
    }
}
