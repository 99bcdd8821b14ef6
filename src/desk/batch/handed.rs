//! Looks up all open cases of one person, so that they go to another. Knows no rule: whether they may is said in
//! `case::decide::handover`.

use std::rc::Rc;

use chrono::NaiveDate;

use super::Batch;
use crate::case::decide::handover::{MOST, hand_over};
use crate::case::decide::{Draw, Events};
use crate::case::wire::Cause;
use crate::case::{Account, Case, CaseId, Event, NotHandedOver, Refusal};
use crate::chat::text;
use crate::desk::{DeskFault, Last, Message, Outcome, facets, search};
use crate::ports::Stamp;

impl Batch<'_> {
    pub(super) fn hand_over(
        &mut self,
        message: Message,
        stamp: Stamp,
        from: &Account,
        to: &Account,
        until: Option<NaiveDate>,
    ) -> Result<Outcome, DeskFault> {
        // The lists must hold what this batch has done.
        self.commit()?;
        let within = [facets::open(), facets::owner(Some(from))];
        let found = self.desk.ask(|index| search::search(index, &within, None, 0, MOST))?;
        if found.more || found.cut {
            let why = NotHandedOver::TooMuch { from: from.clone(), most: MOST };
            return Ok(self.refused(&message, stamp, why.into(), None));
        }
        let mut cases: Vec<Case> = Vec::new();
        for id in found.cases.iter().rev() {
            cases.extend(self.case(*id)?.ok().map(Rc::unwrap_or_clone));
        }
        let decided = hand_over(&cases, from, to, until, &self.setting(&message.sender, Draw::NONE));
        match decided {
            Ok(events) => {
                let stay = cases.len() - events.len();
                self.handed(message, stamp, (from, to), stay, events)
            }
            Err(refusal) => Ok(self.refused(&message, stamp, refusal, None)),
        }
    }

    /// Writes a handover down as one record, with one answer and the card of each case.
    fn handed(
        &mut self,
        message: Message,
        stamp: Stamp,
        (from, to): (&Account, &Account),
        stay: usize,
        events: Events,
    ) -> Result<Outcome, DeskFault> {
        let cases: Vec<CaseId> = events.iter().map(|(id, _)| *id).collect();
        let until = events
            .iter()
            .find_map(|(_, event)| if let Event::HandedOver { until, .. } = event { *until } else { None });
        let page = text::handover(&cases, stay, (from, to), until, &self.desk.terms);
        let Some(main) = cases.first().copied().filter(|_| !self.full) else {
            return Ok(self.refuse(&message, Refusal::DiskFull, None));
        };
        let cause = Cause { by: Some(message.sender.clone()), message: Some(message.id.clone()) };
        let orders = match self.draft(cause, vec![stamp], main, events, None)? {
            Ok(orders) => orders,
            Err(refusal) => return Ok(self.refused(&message, stamp, refusal, None)),
        };
        let last = Last::HandOver { from: from.clone(), to: to.clone() };
        self.last.insert(message.sender.clone(), last);
        Ok(Outcome::Posts(self.posts(&message, orders, |_| page.clone())))
    }
}
