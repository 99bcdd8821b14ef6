//! Looks at sealed cases: only for those who may see them, and on record before anything is shown (rule 55).

use super::Batch;
use crate::case::wire::Cause;
use crate::case::{Event, Need, Refusal};
use crate::chat::{Query, render};
use crate::desk::{DeskFault, Message, Outcome};

impl Batch<'_> {
    /// Puts on record that somebody looks at a sealed case; the answer instead, if they may not or it cannot be recorded.
    ///
    /// The look owes no answer of its own and leaves no stamp: like any other look it is simply had again, and is then on
    /// record twice.
    pub(super) fn looked(&mut self, message: &Message, query: &Query) -> Result<Option<Outcome>, DeskFault> {
        let Some((id, what)) = query.inside_of() else {
            return Ok(None);
        };
        let case = match self.case(id)? {
            Ok(case) if case.is_sealed() => case,
            Ok(_) | Err(_) => return Ok(None),
        };
        if !self.desk.terms.may_on(&case, &message.sender, Need::Listed) {
            let page = render::not_shown(&case, &self.desk.terms);
            return Ok(Some(self.reply(message, Some(id), page)));
        }
        if self.full {
            return Ok(Some(self.refuse(message, Refusal::DiskFull, Some(id))));
        }
        let cause = Cause { by: Some(message.sender.clone()), message: Some(message.id.clone()) };
        let events = vec![(id, Event::Looked { what })];
        Ok(match self.draft(cause, Vec::new(), id, events, None)? {
            Ok(_owes_nothing) => None,
            Err(refusal) => Some(self.refuse(message, refusal, Some(id))),
        })
    }
}
