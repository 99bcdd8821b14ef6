//! A batch on its way out: journal, fsync, index. Knows no command.

use super::{Batch, Touched};
use crate::case::{Refusal, Scope};
use crate::desk::owed::Owed;
use crate::desk::{DeskFault, facets, look, read, state};
use crate::ports::{AppendFault, Changes};

impl Batch<'_> {
    /// Journal, fsync, index. After this everything decided so far may be answered.
    pub(super) fn commit(&mut self) -> Result<(), DeskFault> {
        let drafts = std::mem::take(&mut self.drafts);
        let waiting = std::mem::take(&mut self.waiting);
        let looks = std::mem::take(&mut self.looks);
        let touched = std::mem::take(&mut self.touched);
        self.on_file.clear();
        let found_by = std::mem::take(&mut self.found_by);
        let owes = std::mem::take(&mut self.owes);
        let done = std::mem::take(&mut self.done);
        let stamps = std::mem::take(&mut self.stamps);
        if drafts.is_empty() {
            return Ok(());
        }
        let places = match self.desk.journal.append(self.desk.journal.head(), &drafts) {
            Ok(places) => places,
            Err(AppendFault::Full) => {
                self.state = self.desk.state.clone();
                for (at, message) in waiting {
                    let refused = self.refuse(&message, Refusal::DiskFull, None);
                    if let Some(outcome) = self.outcomes.get_mut(at) {
                        *outcome = refused;
                    }
                }
                for (at, (message, query)) in looks {
                    let (case, page) = read::answer(self.desk, query, self.now)?;
                    let answer = self.reply(&message, case, page);
                    if let Some(outcome) = self.outcomes.get_mut(at) {
                        *outcome = answer;
                    }
                }
                return Ok(());
            }
            Err(fault) => return Err(fault.into()),
        };
        self.state.last = places.last().map(|place| place.0);
        let mut changes = Changes::default();
        for order in &done {
            if let Some(owed) = self.desk.owed.remove(order) {
                changes.drop.extend(owed.listed(order.order));
            }
        }
        for (draft, part, order) in owes {
            if let Some(place) = places.get(draft).copied().filter(|_| !done.contains(&order)) {
                let owed = Owed { place, part };
                changes
                    .add
                    .push(owed.listed(order.order).ok_or(DeskFault::TooFar)?);
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
        for (case, words) in found_by {
            changes
                .add
                .extend(words.into_iter().map(|facet| (facet, u64::from(case.number()))));
        }
        for (id, Touched { before, after }) in touched {
            let number = u64::from(id.number());
            let was = before
                .as_ref()
                .map(|case| facets::of_case(case, &self.desk.terms))
                .unwrap_or_default();
            let is = facets::of_case(&after, &self.desk.terms);
            changes
                .drop
                .extend(was.difference(&is).map(|facet| (facet.clone(), number)));
            changes
                .add
                .extend(is.difference(&was).map(|facet| (facet.clone(), number)));
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
}
