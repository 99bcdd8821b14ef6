//! Looks up all open cases of one person, so that they go to another. Knows no rule: whether they may is said in
//! `case::decide::handover`.

use std::collections::BTreeSet;
use std::rc::Rc;

use chrono::{DateTime, NaiveDate, Utc};

use super::Batch;
use super::recognised::Marks;
use crate::case::decide::handover::{MOST, hand_over};
use crate::case::decide::{Draw, Events};
use crate::case::wire::Cause;
use crate::case::{Account, Case, CaseId, Event, Lent, NotHandedOver, Refusal};
use crate::chat::text;
use crate::desk::{DeskFault, Last, Message, Outcome, facets, search};

impl Batch<'_> {
    pub(super) fn hand_over(
        &mut self,
        message: Message,
        stamp: Marks,
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
                self.handed(message, stamp, (from, to), stay, &cases, events)
            }
            Err(refusal) => Ok(self.refused(&message, stamp, refusal, None)),
        }
    }

    /// Writes a handover down as one record, with one answer and the card of each case.
    fn handed(
        &mut self,
        message: Message,
        stamp: Marks,
        (from, to): (&Account, &Account),
        stay: usize,
        before: &[Case],
        events: Events,
    ) -> Result<Outcome, DeskFault> {
        let cases: Vec<CaseId> = events.iter().map(|(id, _)| *id).collect();
        let until = events
            .iter()
            .find_map(|(_, event)| if let Event::HandedOver { until, .. } = event { *until } else { None });
        let on = owed_to_others(before, &cases, (from, to), until);
        let urgent = before.iter().filter(|case| self.desk.terms.stands_first(case));
        let urgent: BTreeSet<CaseId> = urgent.map(|case| case.id).collect();
        let mut named = cases.clone();
        named.sort_by_key(|id| !urgent.contains(id));
        let page = text::handover(&named, stay, (from, to), until, &on, &self.desk.terms);
        let Some(main) = cases.first().copied().filter(|_| !self.full) else {
            return Ok(self.refuse(&message, Refusal::DiskFull, None));
        };
        let cause = Cause { by: Some(message.sender.clone()), message: Some(message.id.clone()) };
        let orders = match self.draft(cause, stamp.all(), main, events, None)? {
            Ok(orders) => orders,
            Err(refusal) => return Ok(self.refused(&message, stamp, refusal, None)),
        };
        let last = Last::HandOver { from: from.clone(), to: to.clone() };
        self.last.insert(message.sender.clone(), last);
        Ok(Outcome::Posts(self.posts(&message, orders, |_| page.clone())))
    }
}

/// Those of the cases that whoever hands them over had for a time only, and that do not come back to them next, as they are
/// lent then.
fn owed_to_others(
    before: &[Case],
    handed: &[CaseId],
    (from, to): (&Account, &Account),
    until: Option<DateTime<Utc>>,
) -> Vec<(CaseId, Lent)> {
    let lent = before.iter().filter(|case| handed.contains(&case.id) && case.lent.is_some());
    let then = lent.filter_map(|case| {
        let then = Lent::handed(case.lent.clone(), from, to, until)?;
        Some((case.id, then.nearest().clone()))
    });
    then.filter(|(_, lent)| lent.from != *from && lent.from != *to).collect()
}
