//! Looks up what somebody did last on a case, so that it can be taken back. Knows no rule: whether it may be, and what the
//! way back is, is said in `case::decide::undo`.

use std::collections::BTreeMap;

use super::Batch;
use super::recognised::Marks;
use crate::case::decide::may_work;
use crate::case::decide::undo::{self, Entry, History};
use crate::case::wire::{self, CasePart};
use crate::case::{CaseId, NoWayBack, Scope};
use crate::desk::{DeskFault, Last, Message, Outcome};
use crate::ports::{Body, Part};

/// A case with more records than this is not folded anew in the path of everybody's messages.
const LONGEST_HISTORY: usize = 5_000;

impl Batch<'_> {
    pub(super) fn undo(
        &mut self,
        message: Message,
        stamp: Marks,
        id: Option<CaseId>,
    ) -> Result<Outcome, DeskFault> {
        // The journal and the lists must hold what this batch has done.
        self.commit()?;
        let id = match (id, self.desk.last.get(&message.sender).cloned()) {
            (Some(id), _) | (None, Some(Last::Case(id))) => id,
            (None, Some(Last::HandOver { from, to })) => {
                let why = NoWayBack::HandedOver { from, to };
                return Ok(self.refused(&message, stamp, why.into(), None));
            }
            (None, Some(Last::Desk)) => {
                return Ok(self.refused(&message, stamp, NoWayBack::OfTheDesk.into(), None));
            }
            (None, None) => return Ok(self.refused(&message, stamp, NoWayBack::WhichCase.into(), None)),
        };
        // Whoever may not work the case does not hear who did what on it either.
        let found = self.case(id)?;
        if let Err(refusal) = found.and_then(|case| may_work(&case, &message.sender, &self.desk.terms)) {
            return Ok(self.refused(&message, stamp, refusal, Some(id)));
        }
        let command = match self.histories(id)? {
            Ok(histories) => undo::taking_back(id, &histories, &message.sender, self.now),
            Err(why) => Err(why.into()),
        };
        match command {
            Ok(command) => self.change(message, stamp, id, command),
            Err(refusal) => Ok(self.refused(&message, stamp, refusal, Some(id))),
        }
    }

    /// The history of a case, and of those that its newest command was about too.
    fn histories(&mut self, id: CaseId) -> Result<Result<BTreeMap<CaseId, History>, NoWayBack>, DeskFault> {
        let Some(own) = self.history(id)? else {
            return Ok(Err(NoWayBack::TooLong));
        };
        let mut histories = BTreeMap::new();
        for other in undo::others(&own) {
            match self.history(other)? {
                Some(history) => histories.insert(other, history),
                None => return Ok(Err(NoWayBack::TooLong)),
            };
        }
        histories.insert(id, own);
        Ok(Ok(histories))
    }

    fn history(&mut self, id: CaseId) -> Result<Option<History>, DeskFault> {
        let (places, more) = self.desk.places(id, 0, LONGEST_HISTORY)?;
        if more {
            return Ok(None);
        }
        let mut history = History::new();
        for place in places.into_iter().rev() {
            let found = self.desk.journal.read_part(place, Scope::Case(id))?;
            let Some(Part { seq, at, body: Body::Open(bytes) }) = found else {
                continue;
            };
            let part: CasePart = wire::read(&bytes).map_err(|fault| DeskFault::Wire { seq, fault })?;
            history.push(Entry { seq: seq.0, at, by: part.cause.by, events: part.events });
        }
        Ok(Some(history))
    }
}
