//! What is on file beside a case that is being opened: whether anybody there asked before, which cases it is like, what
//! contradicts it. Looks up a bounded number of cases; what makes two alike or contrary is said in `case`.

use super::{Batch, take_in};
use crate::case::conflict::conflicts_of;
use crate::case::decide::Events;
use crate::case::likeness::{MOST_LIKE, marks, origins};
use crate::case::requester::{agency, is_from_agency};
use crate::case::{Account, Beside, Case, CaseId, Conflict, Event, Like};
use crate::desk::conflicts::Contrary;
use crate::desk::sight::Sight;
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
        let (all, contrary) = self.contrary(&case)?;
        let beside = Beside {
            first_contact: self.first_contact(&case)?,
            like: self.like(&case)?,
            conflicts: contrary.found,
            unshown: contrary.unshown,
        };
        let marks =
            marks(&case, self.desk.terms.zone).into_iter().map(|(how, mark)| facets::mark(how, &mark));
        for facet in marks.chain(facets::of_requester(&case)) {
            self.newcomers.entry(facet).or_default().push(id);
        }
        // A sealed case hears of it too, where only those who may see it read it.
        for conflict in all {
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
        // What is put on the case is read by everybody who may see that.
        let contrary = conflicts::of_case(self.desk, &as_it_was, Sight::EVERYBODY)?;
        let Contrary { found: conflicts, unshown, .. } = contrary;
        if !conflicts.is_empty() || unshown {
            events.push((case.id, Event::Warned { conflicts, unshown }));
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

    /// The likest first, and of those the newest. No case is read for it: what is in a list has the mark.
    fn like(&mut self, case: &Case) -> Result<Vec<Like>, DeskFault> {
        let mut like: Vec<Like> = Vec::new();
        for (how, mark) in marks(case, self.desk.terms.zone) {
            for case in self.newest(&facets::mark(how, &mark), MOST_LIKE)? {
                if !like.iter().any(|other| other.case == case) {
                    like.push(Like { case, how });
                }
            }
        }
        like.sort_by_key(|like| (like.how, std::cmp::Reverse(like.case)));
        like.truncate(MOST_LIKE);
        Ok(like)
    }

    /// What contradicts a new case, all of it and as far as it may be shown to everybody.
    fn contrary(&mut self, case: &Case) -> Result<(Vec<Conflict>, Contrary), DeskFault> {
        let mut beside: Vec<(Account, Vec<Case>)> = Vec::new();
        let mut left = MOST_READ;
        for account in conflicts::accounts_of(case).into_iter().take(MOST_ACCOUNTS) {
            let mut cases = vec![case.clone()];
            for id in self.newest_of_all(&facets::subject(&account), left)? {
                left -= 1;
                cases.extend(self.case(id)?.ok());
            }
            beside.push((account, cases));
        }
        let all = conflicts_of(case, &beside, &self.desk.terms);
        let cases: Vec<Case> = beside.into_iter().flat_map(|(_, cases)| cases).collect();
        let contrary = Contrary::seen(all.clone(), &cases, false, Sight::EVERYBODY);
        Ok((all, contrary))
    }

    /// The newest cases of a list, those of this batch first, and none that is sealed: what is found here is said to
    /// everybody.
    fn newest(&mut self, facet: &Facet, most: usize) -> Result<Vec<CaseId>, DeskFault> {
        self.newest_but(facet, Some(&facets::sealed()), most)
    }

    fn newest_of_all(&mut self, facet: &Facet, most: usize) -> Result<Vec<CaseId>, DeskFault> {
        self.newest_but(facet, None, most)
    }

    fn newest_but(
        &mut self,
        facet: &Facet,
        without: Option<&Facet>,
        most: usize,
    ) -> Result<Vec<CaseId>, DeskFault> {
        let mut found: Vec<CaseId> = self.newcomers.get(facet).cloned().unwrap_or_default();
        found.retain(|id| without.is_none() || !self.has_sealed(*id));
        found.reverse();
        found.truncate(most);
        let left = most - found.len();
        let listed = conflicts::newest(self.desk, facet, without, left)?;
        found.extend(listed.into_iter().filter(|id| without.is_none() || !self.has_sealed(*id)));
        Ok(found)
    }

    /// Whether this batch has sealed a case, which the lists do not say yet.
    fn has_sealed(&self, id: CaseId) -> bool {
        self.touched.get(&id).is_some_and(|touched| touched.after.is_sealed())
    }
}
