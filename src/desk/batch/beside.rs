//! What is on file beside a case that is being opened: whether anybody there asked before, which cases it is like, what
//! contradicts it. Looks up a bounded number of cases; what makes two alike or contrary is said in `case`.

use std::collections::BTreeSet;

use super::{Batch, take_in};
use crate::case::conflict::conflicts_of;
use crate::case::decide::Events;
use crate::case::likeness::{MOST_LIKE, alike, origins};
use crate::case::requester::{agency, is_from_agency};
use crate::case::{Account, Beside, Case, CaseId, Conflict, Event, Like};
use crate::desk::{DeskFault, conflicts, facets};
use crate::ports::Facet;

/// How many of the newest cases of each list are held against a new one.
const MOST_OF_A_LIST: usize = 20;
/// How many accounts of a new case are looked at for contradictions, and how many cases of each, so that opening stays quick;
/// `conflicts` looks further.
const MOST_ACCOUNTS: usize = 5;

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
        let beside = Beside {
            first_contact: self.first_contact(&case)?,
            like: self.like(&case)?,
            conflicts: self.contrary(&case)?,
        };
        for facet in facets::of_likeness(&case) {
            self.newcomers.entry(facet).or_default().push(id);
        }
        if !beside.is_nothing() {
            events.push((id, Event::Compared { beside }));
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

    fn like(&mut self, case: &Case) -> Result<Vec<Like>, DeskFault> {
        let mut near: BTreeSet<CaseId> = BTreeSet::new();
        for facet in facets::of_likeness(case) {
            near.extend(self.newest(&facet, MOST_OF_A_LIST)?);
        }
        let mut like = Vec::new();
        for id in near {
            let earlier = self.case(id)?;
            like.extend(earlier.ok().and_then(|earlier| alike(case, &earlier, self.desk.terms.zone)));
        }
        // The likest first, and of those the newest.
        like.sort_by_key(|like| (like.how, std::cmp::Reverse(like.case)));
        like.truncate(MOST_LIKE);
        Ok(like)
    }

    fn contrary(&mut self, case: &Case) -> Result<Vec<Conflict>, DeskFault> {
        let mut beside: Vec<(Account, Vec<Case>)> = Vec::new();
        for account in conflicts::accounts_of(case).into_iter().take(MOST_ACCOUNTS) {
            let mut cases = vec![case.clone()];
            for id in self.newest(&facets::subject(&account), MOST_OF_A_LIST)? {
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
