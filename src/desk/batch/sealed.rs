//! Looks at sealed cases: only for those who may see them, and on record before anything is shown (rule 55); and what is
//! answered goes to whoever asked alone, since everybody reads what is posted in the room.

use std::borrow::Cow;
use std::collections::{BTreeMap, BTreeSet};

use super::{Batch, take_in};
use crate::case::decide::Events;
use crate::case::likeness::{MOST_COUNTED, marks};
use crate::case::wire::Cause;
use crate::case::{Account, Case, CaseId, Event, Need, Refusal};
use crate::chat::{Query, render};
use crate::desk::deliver::Post;
use crate::desk::sight::Answered;
use crate::desk::{DeskFault, Message, Outcome, conflicts, facets, search, veil};

/// How many cases that one silences are looked at for what their cards say of it.
const MOST_BESIDE: usize = 200;

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
            let page = render::not_shown(&case, &self.desk.terms, self.now);
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

    /// The case as everybody may read of it, as this batch has made the others.
    pub(super) fn shown<'c>(&self, case: &'c Case) -> Cow<'c, Case> {
        veil::of_case(case, &|id| self.hides(id))
    }

    /// What happened to the case, among these, as everybody may read of it.
    pub(super) fn shown_events(&self, case: &Case, events: &Events) -> Vec<Event> {
        let own = events.iter().filter(|(id, _)| *id == case.id).map(|(_, event)| event.clone());
        veil::of_events(case, own.collect(), &|id| self.hides(id))
    }

    /// What was done to the case, and to others with it, as the answer says it.
    pub(super) fn shown_as_done(&self, case: &Case, events: &Events) -> Events {
        veil::of_done(case, events, &|id| self.hides(id))
    }

    /// Why something is not done on the case, as the answer says it.
    pub(super) fn shown_refusal(&self, case: Option<CaseId>, refusal: &Refusal) -> Refusal {
        // What cannot be said of the case itself is answered to everybody.
        let sealed = |id: CaseId| {
            let list = facets::sealed();
            search::contains(self.desk.index.as_ref(), &list, u64::from(id.number())).unwrap_or(false)
        };
        let is_sealed = case.is_some_and(|id| self.made_sealed(id).unwrap_or_else(|| sealed(id)));
        veil::of_refusal(is_sealed, refusal, &|id| self.hides(id))
    }

    /// The cases that name one which is sealed by these events, or unsealed: their cards say something else from now on. Costs
    /// as many cases as name it, and some that are like it.
    pub(super) fn beside_sealed(
        &mut self,
        by_case: &BTreeMap<CaseId, Vec<Event>>,
        by: Option<&Account>,
    ) -> Result<BTreeSet<CaseId>, DeskFault> {
        let may_seal = |event: &Event| {
            matches!(event, Event::Flagged { .. } | Event::Unflagged { .. } | Event::TakenBack { .. })
        };
        let mut found = BTreeSet::new();
        for (id, events) in by_case.iter().filter(|(_, events)| events.iter().any(may_seal)) {
            let Ok(before) = self.case(*id)? else { continue };
            let mut after = Some(before.as_ref().clone());
            for event in events {
                if take_in(&mut after, *id, event, by, self.now).is_none() {
                    break; // said by `apply`
                }
            }
            let is_same = |after: &Case| after.is_sealed() == before.is_sealed();
            if !after.as_ref().is_none_or(is_same) {
                found.extend(self.that_name(&before)?);
            }
        }
        Ok(found)
    }

    /// Whether these events change nothing of what everybody sees of a case.
    pub(super) fn card_says_the_same(&self, case: &Case, events: &[Event], by: Option<&Account>) -> bool {
        let mut after = case.clone();
        for event in events {
            after.apply(event, by.unwrap_or(&case.opened_by), self.now);
        }
        let card = |case: &Case| render::card(&self.shown(case), &self.desk.terms, self.now).text();
        card(case) == card(&after)
    }

    /// The cases whose cards name a case.
    fn that_name(&mut self, case: &Case) -> Result<BTreeSet<CaseId>, DeskFault> {
        let mut near: BTreeSet<CaseId> = case.others_named().collect();
        near.extend(conflicts::newest(self.desk, &facets::hushed_by(case.id), None, MOST_BESIDE)?);
        near.extend(conflicts::newest(self.desk, &facets::kept_down_by(case.id), None, MOST_BESIDE)?);
        // What is like it says so on the newer of the two, and names the newest that it is like: it came soon after.
        let after = u64::from(case.id.number()).saturating_add(1);
        for (how, mark) in marks(case, self.desk.terms.zone) {
            let list = facets::mark(how, &mark);
            let (newer, _) =
                self.desk.ask(|index| search::page(index, &list, after, 0, search::MOST_STEPS))?;
            let next = newer.into_iter().rev().take(MOST_COUNTED);
            near.extend(next.filter_map(|number| u32::try_from(number).ok().and_then(CaseId::new)));
        }
        // What this batch has made of others is in no list yet.
        near.extend(self.touched.keys());
        let mut found = BTreeSet::new();
        for id in near {
            let names = |other: &Case| !other.is_sealed() && other.others_named().any(|id| id == case.id);
            if self.case(id)?.is_ok_and(|other| names(&other)) {
                found.insert(id);
            }
        }
        Ok(found)
    }

    /// Whether nothing is said of a case on the page of another.
    fn hides(&self, id: CaseId) -> bool {
        self.made_sealed(id).unwrap_or_else(|| veil::is_sealed(self.desk, id))
    }

    /// Whether a case is sealed that this batch has touched.
    fn made_sealed(&self, id: CaseId) -> Option<bool> {
        self.touched.get(&id).map(|touched| touched.after.is_sealed())
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
                Some(case) => post.addressed(&case, Some(&message.sender)),
                None => post,
            });
        }
        Ok(Outcome::Posts(addressed))
    }
}
