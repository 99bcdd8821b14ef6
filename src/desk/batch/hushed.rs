//! Looks up which cases forbid to tell the users of which others, whenever that may have changed, so that the others do not
//! chase a notice that the gate refuses. Costs the cases that it changes, not those that name the user. Knows no rule: what
//! follows from it is said in `case::decide::hushes`.

use std::collections::{BTreeMap, BTreeSet};

use super::{Batch, Changed};
use crate::case::decide::gate::{Silence, silence};
use crate::case::decide::{Events, hushable, hushes};
use crate::case::{Account, Case, CaseId, mention};
use crate::desk::{DeskFault, conflicts, facets};
use crate::ports::Facet;

/// How many cases of one list are told at once that they are silenced. What is left is asked when its notice is to be
/// reminded of.
const MOST_TOLD: usize = 200;

impl Batch<'_> {
    /// What these events change of whom other cases, and these, may tell.
    pub(super) fn hushed(&mut self, changed: &BTreeMap<CaseId, Changed>) -> Result<Events, DeskFault> {
        let mut affected: BTreeSet<CaseId> = BTreeSet::new();
        for (id, Changed { before, after: case }) in changed {
            if !hushable(case, &self.desk.terms).is_empty() {
                affected.insert(*id);
            }
            let terms = &self.desk.terms;
            let was = before.as_ref().and_then(|case| silence(case, terms));
            let is = silence(case, terms);
            let cleared = before.as_ref().map(|case| case.cleared.clone()).unwrap_or_default();
            let again: BTreeSet<Account> = cleared.difference(&case.cleared).cloned().collect();
            let is_same = was == is && cleared == case.cleared;
            if !is_same {
                affected.extend(self.concerned(*id, was.as_ref(), is.as_ref(), &again)?);
            }
        }
        let mut found = Events::new();
        for id in affected {
            found.extend(self.hushes(id, changed)?);
        }
        Ok(found)
    }

    /// What has changed of whom a case may tell since that was last asked, as this batch has made the others.
    pub(super) fn hushes(
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
        let users = hushable(&case, &self.desk.terms);
        if users.is_empty() {
            return Ok(Events::new());
        }
        // Where one cannot be read, nobody knows better than before; the gate says no.
        let Some(listed) = self.desk.naming(&case, &users)? else {
            return Ok(Events::new());
        };
        let mut others: BTreeMap<CaseId, Case> = listed.into_iter().map(|case| (case.id, case)).collect();
        // What this batch has made of them is in no list yet.
        let terms = &self.desk.terms;
        let moved = self.touched.iter().filter(|(_, touched)| touched.moved);
        let now = changed.iter().map(|(id, changed)| (id, &changed.after));
        for (id, other) in moved.map(|(id, touched)| (id, &touched.after)).chain(now) {
            let silence = silence(other, terms);
            let forbids = |user| silence.as_ref().is_some_and(|it| !it.forbids(other, user).is_empty());
            if users.iter().any(forbids) {
                others.insert(*id, Case::clone(other));
            } else {
                others.remove(id);
            }
        }
        let events = hushes(&case, &others, &self.desk.terms);
        Ok(events.into_iter().map(|event| (id, event)).collect())
    }

    /// The cases to whose users it may matter that this case forbids something else than before; `again` are those of whom it
    /// is not known any longer that it is not about them.
    fn concerned(
        &mut self,
        id: CaseId,
        was: Option<&Silence>,
        is: Option<&Silence>,
        again: &BTreeSet<Account>,
    ) -> Result<BTreeSet<CaseId>, DeskFault> {
        let mut lists = vec![facets::hushed_by(id)];
        let known = |name: &&String| was.is_some_and(|was| was.about.contains(*name));
        let names = is.into_iter().flat_map(|is| &is.about).filter(|name| !known(name));
        lists.extend(names.map(|name| facets::owes_notice(name)));
        lists.extend(again.iter().flat_map(mention::readings).map(|name| facets::owes_notice(&name)));
        if is.is_some_and(|is| is.of_anybody) && !was.is_some_and(|was| was.of_anybody) {
            lists.push(facets::untold());
        }
        let mut found = BTreeSet::new();
        for list in &lists {
            found.extend(conflicts::newest(self.desk, list, None, MOST_TOLD)?);
        }
        // Nor is what this batch has made of those.
        let terms = &self.desk.terms;
        let is_listed = |case: &Case| {
            let users = hushable(case, terms);
            let names = |name: &Account| {
                mention::readings(name).iter().any(|name| lists.contains(&facets::owes_notice(name)))
            };
            let any: Facet = facets::untold();
            users.iter().any(names) || (lists.contains(&any) && !users.is_empty())
        };
        let own = |case: &Case| {
            case.hushed.values().any(|hush| hush.by.contains(&id) || hush.unshown.contains(&id))
        };
        let touched =
            self.touched.iter().filter(|(_, touched)| own(&touched.after) || is_listed(&touched.after));
        found.extend(touched.map(|(id, _)| *id));
        Ok(found)
    }
}
