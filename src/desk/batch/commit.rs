//! A batch on its way out: journal, fsync, index. Knows no command.

use std::collections::BTreeMap;

use super::{Batch, Touched};
use crate::case::{Case, Scope, Terms, clocks};
use crate::desk::owed::Owed;
use crate::desk::{DeskFault, Message, facets, look, state};
use crate::ports::{AppendFault, Changes, Facet};

impl Batch<'_> {
    /// Journal, fsync, index. After this everything decided so far may be answered.
    pub(super) fn commit(&mut self) -> Result<(), DeskFault> {
        let drafts = std::mem::take(&mut self.drafts);
        let unsaid = std::mem::take(&mut self.unsaid);
        let touched = std::mem::take(&mut self.touched);
        self.on_file.clear();
        let found_by = std::mem::take(&mut self.found_by);
        let owes = std::mem::take(&mut self.owes);
        let done = std::mem::take(&mut self.done);
        let stamps = std::mem::take(&mut self.stamps);
        let stands = std::mem::take(&mut self.stands);
        let last = std::mem::take(&mut self.last);
        self.recognised.clear();
        if drafts.is_empty() {
            return Ok(());
        }
        let places = match self.desk.journal.append(self.desk.journal.head(), &drafts) {
            Ok(places) => places,
            Err(AppendFault::Full) => return self.answer_over_what_is_on_file(unsaid),
            Err(fault) => return Err(fault.into()),
        };
        self.desk.stand_written();
        self.desk.last.extend(last);
        self.state.last = places.last().map(|place| place.0);
        if self.certain {
            self.state.was_at(self.now);
        }
        let mut changes = Changes::default();
        for order in &done {
            if let Some(owed) = self.desk.owed.remove(order) {
                changes.drop.extend(owed.listed(order.order));
            }
        }
        for (draft, part, order) in owes {
            if let Some(place) = places.get(draft).copied().filter(|_| !done.contains(&order)) {
                let owed = Owed { place, part };
                changes.add.push(owed.listed(order.order).ok_or(DeskFault::TooFar)?);
                self.desk.owed.insert(order, owed);
            }
        }
        changes.add.extend(stamps.into_iter().map(facets::seen));
        for (draft, place) in drafts.iter().zip(&places) {
            for (scope, _) in &draft.parts {
                match scope {
                    Scope::Case(case) => changes.add.push((facets::places(*case), place.0)),
                    Scope::Desk => {}
                }
            }
        }
        let standing = stands.iter().filter_map(|draft| places.get(*draft));
        changes.add.extend(standing.map(|place| (facets::standing(), place.0)));
        for (case, words) in found_by {
            changes.add.extend(words.into_iter().map(|facet| (facet, u64::from(case.number()))));
        }
        let furthest = facets::furthest(self.now);
        for (id, Touched { before, after, moved }) in touched {
            let number = u64::from(id.number());
            let terms = &self.desk.terms;
            let facets_of = if moved { facets::of_case } else { facets::of_work };
            debug_assert!(moved || before.as_ref().is_some_and(|case| is_same_request(case, &after, terms)));
            let lists = |case: &Case| {
                let clocks = clocks(case, terms);
                (facets_of(case, &clocks, terms), facets::timed(case, &clocks, terms))
            };
            let (was, was_timed) = before.as_deref().map(lists).unwrap_or_default();
            let (is, is_timed) = lists(&after);
            changes.drop.extend(was.difference(&is).map(|facet| (facet.clone(), number)));
            changes.add.extend(is.difference(&was).map(|facet| (facet.clone(), number)));
            changes.drop.extend(was_timed.difference(&is_timed).cloned());
            let due = |(facet, at): &&(Facet, u64)| *facet == facets::wake() && *at >= furthest;
            self.desk.stirred |= is_timed.difference(&was_timed).any(|entry| due(&entry));
            changes.add.extend(is_timed.difference(&was_timed).cloned());
            changes.put.push((Scope::Case(id), look::case_bytes(&after)?));
        }
        changes.put.push((Scope::Desk, state::state_bytes(&self.state)?));
        self.desk.state = self.state.clone();
        let head = self.desk.journal.head();
        if let Err(fault) = self.desk.index.apply(head, changes) {
            tracing::warn!("{fault}; it is being rebuilt");
            self.desk.rebuild(&mut |_| {})?;
            self.state = self.desk.state.clone();
        }
        Ok(())
    }

    /// The disk is full, so nothing of what was decided happened: each message is handled once more over what is on file, and
    /// whatever would change something is refused.
    fn answer_over_what_is_on_file(&mut self, unsaid: BTreeMap<usize, Message>) -> Result<(), DeskFault> {
        self.state = self.desk.state.clone();
        self.desk.stand_back()?;
        self.full = true;
        for (at, message) in unsaid {
            let answer = self.message(message)?;
            if let Some(outcome) = self.outcomes.get_mut(at) {
                *outcome = answer;
            }
        }
        self.full = false;
        self.stamps.clear();
        Ok(())
    }
}

/// What work on a case must not change, for whatever rests on that (checked where the tests run).
fn is_same_request(before: &Case, after: &Case, terms: &Terms) -> bool {
    facets::of_request(before, terms) == facets::of_request(after, terms)
}
