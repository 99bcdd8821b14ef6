//! Looks up which cases want inaccessible what others would put back, whenever that may have changed (rule 41). Costs the cases that
//! it changes. Knows no rule: what follows from it is said in `case::decide::kept_down`.

use std::collections::{BTreeMap, BTreeSet};

use super::{Batch, Changed};
use crate::case::decide::{self, Events, MOST_NAMED};
use crate::case::kept_down::{keeps_down, places};
use crate::case::{Case, CaseId, Refusal, clock};
use crate::desk::{DeskFault, conflicts, facets};

/// How many cases of one list are told at once. What is left is asked when it is to be reminded of.
const MOST_TOLD: usize = 200;

impl Batch<'_> {
    /// What these events change of what other cases, and these, may put back.
    pub(super) fn kept_down(&mut self, changed: &BTreeMap<CaseId, Changed>) -> Result<Events, DeskFault> {
        let mut affected: BTreeSet<CaseId> = BTreeSet::new();
        for (id, Changed { before, after: case }) in changed {
            let terms = &self.desk.terms;
            if clock::puts_back(case, terms) || !case.kept_down.is_nothing() {
                affected.insert(*id);
            }
            let was = before.as_ref().and_then(|case| keeps_down(case, terms));
            let is = keeps_down(case, terms);
            let seals = before.as_ref().is_some_and(|before| before.is_sealed() != case.is_sealed());
            if was != is || seals {
                let places = was.iter().chain(&is).flat_map(|keeps| &keeps.places);
                affected.extend(self.of_places(*id, places)?);
            }
        }
        let mut found = Events::new();
        for id in affected {
            found.extend(self.kept_down_now(id, changed)?);
        }
        Ok(found)
    }

    /// What has changed of what keeps down what a case would put back, as this batch has made the others.
    pub(super) fn kept_down_now(
        &mut self,
        id: CaseId,
        changed: &BTreeMap<CaseId, Changed>,
    ) -> Result<Events, DeskFault> {
        let case = match changed.get(&id) {
            Some(changed) => changed.after.clone(),
            None => match self.case(id)? {
                Ok(case) => case,
                Err(_) => return Ok(Events::new()), // it is erased, and owes nothing
            },
        };
        let goes_back = clock::puts_back(&case, &self.desk.terms);
        if !goes_back && case.kept_down.is_nothing() {
            return Ok(Events::new());
        }
        // What is not on file any more was erased: its time was over.
        let mut erased: BTreeSet<CaseId> = BTreeSet::new();
        for other in case.kept_down.others() {
            if !changed.contains_key(&other) && self.case(other)? == Err(Refusal::CaseErased(other)) {
                erased.insert(other);
            }
        }
        let mut others: BTreeMap<CaseId, Case> = BTreeMap::new();
        // Those that this batch has changed are in the lists as they were.
        let most = MOST_NAMED.saturating_add(self.touched.len()).saturating_add(changed.len());
        for place in places(&case) {
            for list in facets::wants_down(&place) {
                for other in conflicts::newest(self.desk, &list, None, most)? {
                    if let Ok(case) = self.case(other)? {
                        others.insert(other, Case::clone(&case));
                    }
                }
            }
        }
        others.extend(self.touched.iter().map(|(id, touched)| (*id, Case::clone(&touched.after))));
        others.extend(changed.iter().map(|(id, changed)| (*id, Case::clone(&changed.after))));
        let event = decide::kept_down(&case, &others, &erased, &self.desk.terms);
        Ok(event.map(|event| (id, event)).into_iter().collect())
    }

    /// The cases that would put one of these places back, or do not because of this case.
    fn of_places<'p>(
        &mut self,
        id: CaseId,
        changed: impl Iterator<Item = &'p String>,
    ) -> Result<BTreeSet<CaseId>, DeskFault> {
        let changed: BTreeSet<&String> = changed.collect();
        let lists = changed.iter().map(|place| facets::puts_back(place)).chain([facets::kept_down_by(id)]);
        let mut found = BTreeSet::new();
        for list in lists {
            found.extend(conflicts::newest(self.desk, &list, None, MOST_TOLD)?);
        }
        // Nor is what this batch has made of those.
        let terms = &self.desk.terms;
        let is_one = |case: &Case| {
            let is_there = || places(case).iter().any(|place| changed.contains(place));
            case.kept_down.others().any(|other| other == id) || (clock::puts_back(case, terms) && is_there())
        };
        let touched = self.touched.iter().filter(|(_, touched)| is_one(&touched.after));
        found.extend(touched.map(|(id, _)| *id));
        Ok(found)
    }
}
