//! Looks at sealed cases: only for those who may see them, and on record before anything is shown (rule 55); and what is
//! answered goes to whoever asked alone, since everybody reads what is posted in the room.

use super::Batch;
use crate::case::wire::Cause;
use crate::case::{CaseId, Event, Need, Refusal};
use crate::chat::{Query, render};
use crate::desk::deliver::Post;
use crate::desk::sight::Answered;
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
        self.on_record(message, &[id], &what)
    }

    /// An answer that was put together from what is on file. Where it says what stands in sealed cases, without being about
    /// one, that too is on record.
    pub(super) fn answered(
        &mut self,
        message: &Message,
        what: &str,
        answered: Answered,
    ) -> Result<Outcome, DeskFault> {
        let Answered { case, page, inside } = answered;
        let post = Post::reply(self.desk, message, case, page);
        if inside.is_empty() {
            return Ok(Outcome::Posts(vec![post]));
        }
        if let Some(refused) = self.on_record(message, &inside, what)? {
            return Ok(refused);
        }
        Ok(Outcome::Posts(vec![Post { only: Some(message.sender.clone()), ..post }]))
    }

    /// Puts a look at these cases on record; says instead why it cannot be.
    fn on_record(
        &mut self,
        message: &Message,
        cases: &[CaseId],
        what: &str,
    ) -> Result<Option<Outcome>, DeskFault> {
        let Some(first) = cases.first().copied() else {
            return Ok(None);
        };
        if self.full {
            return Ok(Some(self.refuse(message, Refusal::DiskFull, Some(first))));
        }
        let cause = Cause { by: Some(message.sender.clone()), message: Some(message.id.clone()) };
        let events = cases.iter().map(|id| (*id, Event::Looked { what: what.to_owned() })).collect();
        Ok(match self.draft(cause, Vec::new(), first, events, None)? {
            Ok(_owes_nothing) => None,
            Err(refusal) => Some(self.refuse(message, refusal, Some(first))),
        })
    }

    /// The same outcome, with every answer about a sealed case for nobody but whoever asked.
    pub(super) fn for_whom(&mut self, message: &Message, outcome: Outcome) -> Result<Outcome, DeskFault> {
        let Outcome::Posts(posts) = outcome else {
            return Ok(outcome);
        };
        let mut addressed = Vec::new();
        for post in posts {
            let case = match post.case {
                Some(id) => self.case(id)?.ok(),
                None => None,
            };
            addressed.push(match case {
                Some(case) => post.as_sealed(&case, Some(&message.sender)),
                None => post,
            });
        }
        Ok(Outcome::Posts(addressed))
    }
}
