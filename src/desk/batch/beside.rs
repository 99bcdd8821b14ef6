//! What is on file beside a case that is being opened: whether anybody there asked before, which cases it is like, what
//! contradicts it. Looks up a bounded number of cases; what makes two alike or contrary is said in `case`.

use super::{Batch, take_in};
use crate::case::conflict::conflicts_of;
use crate::case::decide::Events;
use crate::case::likeness::{MOST_COUNTED, MOST_LIKE, marks, origins, seen_closely};
use crate::case::requester::{agency, is_from_agency};
use crate::case::{Account, Beside, Case, CaseId, Conflict, Event, Like, Likeness};
use crate::desk::{DeskFault, conflicts, facets};
use crate::ports::Facet;

/// How many accounts of a new case are looked at for contradictions, and how many cases of all of them: each is read whole,
/// and opening must stay quick. `conflicts` looks further.
const MOST_ACCOUNTS: usize = 5;
const MOST_READ: usize = 20;

impl Batch<'_> {
    /// The events of an opening, with what was found beside the case.
    pub(super) fn compared(
        &mut self,
        id: CaseId,
        mut events: Events,
        by: &Account,
    ) -> Result<Events, DeskFault> {
        let mut opened: Option<Case> = None;
        for (_, event) in &events {
            let no_case = DeskFault::NoOpening { seq: self.desk.head().seq, case: id };
            take_in(&mut opened, id, event, Some(by), self.now).ok_or(no_case)?;
        }
        let Some(case) = opened else {
            return Ok(events);
        };
        let (like, more) = self.like(&case)?;
        let beside = Beside {
            first_contact: self.first_contact(&case)?,
            like,
            more,
            conflicts: self.contrary(&case)?,
        };
        let marks =
            marks(&case, self.desk.terms.zone).into_iter().map(|(how, mark)| facets::mark(how, &mark));
        for facet in marks.chain(facets::of_requester(&case)) {
            self.newcomers.entry(facet).or_default().push(id);
        }
        for conflict in beside.conflicts.clone() {
            let other = if conflict.one == id { conflict.other } else { conflict.one };
            events.push((other, Event::Contradicted { conflict }));
        }
        if !beside.is_nothing() {
            events.push((id, Event::Compared { beside }));
        }
        Ok(events)
    }

    /// The events of a decision, with what contradicts the case if it is one of those that people must make knowing it: when
    /// something is proposed, when it is approved, and when the case is closed (rule 63).
    pub(super) fn warned(&mut self, case: &Case, mut events: Events) -> Result<Events, DeskFault> {
        let of_it =
            |event: &&Event| matches!(event, Event::Proposed { .. } | Event::Approved { .. } | Event::Closed);
        let mut own = events.iter().filter(|(id, _)| *id == case.id).map(|(_, event)| event);
        let Some(decision) = own.find(of_it) else {
            return Ok(events);
        };
        // A request that has ended wants nothing any more; whoever closes it hears once more what it wanted.
        let mut as_it_was = case.clone();
        if *decision == Event::Closed {
            as_it_was.outcome = None;
        }
        // The lists must hold what this batch has done.
        self.commit()?;
        let (conflicts, _) = conflicts::of_case(self.desk, &as_it_was)?;
        if !conflicts.is_empty() {
            events.push((case.id, Event::Warned { conflicts }));
        }
        Ok(events)
    }

    /// Where a request came from, if nobody there has asked before.
    fn first_contact(&mut self, case: &Case) -> Result<Option<String>, DeskFault> {
        let is_agency = self.desk.terms.kind_of(case).is_some_and(is_from_agency);
        // A domain says more than an address where anybody can have one.
        let from = origins(case).into_iter().min_by_key(|origin| origin.contains('@'));
        let from = from.or_else(|| agency(case).map(str::to_owned));
        let (true, Some(from)) = (is_agency, from) else {
            return Ok(None);
        };
        for facet in facets::of_requester(case) {
            if !self.newest(&facet, 1)?.is_empty() {
                return Ok(None);
            }
        }
        Ok(Some(from))
    }

    /// The likest first, and of those the newest, and how many more there are. What is in a list has the mark; the newest are
    /// read to see who asked and when.
    fn like(&mut self, case: &Case) -> Result<(Vec<Like>, usize), DeskFault> {
        let mut like: Vec<Like> = Vec::new();
        let mut left = MOST_READ;
        for (how, mark) in marks(case, self.desk.terms.zone) {
            for id in self.newest(&facets::mark(how, &mark), MOST_COUNTED)? {
                if like.iter().any(|other| other.case == id) {
                    continue;
                }
                let how = match left.checked_sub(1).filter(|_| wants_a_look(how)) {
                    None => how,
                    Some(fewer) => {
                        left = fewer;
                        let Ok(earlier) = self.case(id)? else { continue };
                        // The newest come first, and older ones are further away still.
                        let Some(how) = seen_closely(case, &earlier, how) else { break };
                        how
                    }
                };
                like.push(Like { case: id, how });
            }
        }
        like.sort_by_key(|like| (like.how, std::cmp::Reverse(like.case)));
        let more = like.len().saturating_sub(MOST_LIKE);
        like.truncate(MOST_LIKE);
        Ok((like, more))
    }

    fn contrary(&mut self, case: &Case) -> Result<Vec<Conflict>, DeskFault> {
        let mut beside: Vec<(Account, Vec<Case>)> = Vec::new();
        let mut left = MOST_READ;
        for account in conflicts::accounts_of(case).into_iter().take(MOST_ACCOUNTS) {
            let mut cases = vec![case.clone()];
            for id in self.newest(&facets::subject(&account), left)? {
                left -= 1;
                cases.extend(self.case(id)?.ok());
            }
            beside.push((account, cases));
        }
        Ok(conflicts_of(case, &beside, &self.desk.terms))
    }

    /// The newest cases of a list, those of this batch first.
    fn newest(&mut self, facet: &Facet, most: usize) -> Result<Vec<CaseId>, DeskFault> {
        let mut found: Vec<CaseId> = self.newcomers.get(facet).cloned().unwrap_or_default();
        found.reverse();
        found.truncate(most);
        let left = most - found.len();
        found.extend(conflicts::newest(self.desk, facet, left)?);
        Ok(found)
    }
}

/// Whether the mark alone does not say enough.
fn wants_a_look(how: Likeness) -> bool {
    match how {
        Likeness::Reference | Likeness::Account => true,
        Likeness::ReferenceOfAnother | Likeness::Text | Likeness::Day => false,
    }
}
