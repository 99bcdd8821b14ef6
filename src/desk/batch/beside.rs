//! What is on file beside a case that is being opened or changed: whether anybody there asked before, which cases it is like,
//! what contradicts it. Looks up a bounded number of cases; what makes two alike or contrary is said in `case`.

use std::collections::BTreeSet;
use std::rc::Rc;

use super::{Batch, take_in};
use crate::case::clock::without_notice;
use crate::case::conflict::{Stance, Wants, conflicts_of, stances};
use crate::case::decide::{Events, countered, counters_nobody};
use crate::case::likeness::{MOST_COUNTED, MOST_LIKE, marks, origins, seen_closely};
use crate::case::requester::{agency, is_from_agency, unread_domains};
use crate::case::{Account, Beside, Case, CaseId, Clash, Conflict, Event, Like, Likeness, Relation};
use crate::desk::conflicts::Contrary;
use crate::desk::sight::Sight;
use crate::desk::{DeskFault, conflicts, facets};
use crate::ports::Facet;

/// How many earlier cases are read to see how like they are: each is read whole, and opening must stay quick.
const MOST_READ: usize = 10;

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
        let whom = Wants::of(&case, &self.desk.terms).whom();
        let (all, contrary) = self.contrary(&case, &whom)?;
        let (like, more) = self.like(&case)?;
        let first_contact = self.first_contact(&case)?;
        let beside = Beside {
            again: first_contact.as_ref().is_some_and(|(_, again)| *again),
            first_contact: first_contact.map(|(from, _)| from),
            like,
            more,
            conflicts: contrary.found,
            unshown: contrary.unshown,
            may_counter: Vec::new(),
        };
        let may_counter = self.may_counter(&case)?;
        for conflict in all {
            let other = if conflict.one == id { conflict.other } else { conflict.one };
            let heard = self.case(other)?.ok().and_then(|other| heard(&other, &case, conflict));
            events.extend(heard.map(|event| (other, event)));
        }
        if !beside.is_nothing() {
            events.push((id, Event::Compared { beside }));
        }
        if !may_counter.is_empty() {
            events.push((id, Event::MayCounter { cases: may_counter }));
        }
        Ok(events)
    }

    /// The events of a decision, with what contradicts the case if it is one of those that people must make knowing it: when
    /// something is proposed, when it is approved, and when the case is closed (rule 63).
    pub(super) fn warned(
        &mut self,
        case: &Case,
        mut events: Events,
        by: &Account,
    ) -> Result<Events, DeskFault> {
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
        // What the approval did is done: what contradicted before that contradicts no longer. That it ended the request is what
        // the warning is about.
        if let Event::Approved { .. } = decision {
            let own = events.iter().filter(|(id, _)| *id == case.id);
            own.for_each(|(_, event)| as_it_was.apply(event, by, self.now));
            as_it_was.outcome.clone_from(&case.outcome);
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

    /// Where a request came from, if nobody there was ever verified, and whether somebody has asked all the same: a letter
    /// that was never answered makes the next one no more genuine.
    fn first_contact(&mut self, case: &Case) -> Result<Option<(String, bool)>, DeskFault> {
        if !self.desk.terms.kind_of(case).is_some_and(is_from_agency) {
            return Ok(None);
        }
        // Of an address that nobody can read, each domain is a stranger until somebody there was verified.
        for domain in unread_domains(case) {
            let facet = facets::origin(&domain);
            if self.newest(&facets::verified(&facet), 1)?.is_empty() {
                let again = !self.newest(&facet, 1)?.is_empty();
                return Ok(Some((domain, again)));
            }
        }
        // A domain says more than an address where anybody can have one.
        let from = origins(case).into_iter().min_by_key(|origin| origin.contains('@'));
        let Some(from) = from.or_else(|| agency(case).map(str::to_owned)) else {
            return Ok(None);
        };
        let mut again = false;
        for facet in facets::of_requester(case) {
            if !self.newest(&facets::verified(&facet), 1)?.is_empty() {
                return Ok(None);
            }
            again |= !self.newest(&facet, 1)?.is_empty();
        }
        Ok(Some((from, again)))
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

    /// What contradicts a case about one of these accounts, all of it and as far as it may be shown to everybody. What this
    /// batch has made of other cases is in no list yet, so those are asked too.
    fn contrary(
        &mut self,
        case: &Case,
        accounts: &BTreeSet<Account>,
    ) -> Result<(Vec<Conflict>, Contrary), DeskFault> {
        let (ids, _) = conflicts::contrary(self.desk, case, accounts)?;
        let terms = &self.desk.terms;
        let contrary: BTreeSet<Stance> =
            stances(case, terms).iter().flat_map(|stance| stance.opposites()).copied().collect();
        let binds_anybody = Wants::of(case, terms).binds_anybody();
        // The lists hold the stances of those on which people only worked.
        let moved = self.touched.iter().filter(|(_, touched)| touched.moved);
        let touched = moved.filter(|(_, touched)| {
            let other = Wants::of(&touched.after, terms);
            accounts.iter().any(|account| !other.stances_to(account).is_disjoint(&contrary))
                || (binds_anybody && stances(&touched.after, terms).contains(&Stance::Owes))
        });
        let mut ids: BTreeSet<CaseId> = ids.into_iter().chain(touched.map(|(id, _)| *id)).collect();
        ids.remove(&case.id);
        let mut others: Vec<Rc<Case>> = Vec::new();
        for id in ids {
            others.extend(self.case(id)?.ok());
        }
        let others = || others.iter().map(Rc::as_ref);
        let all = conflicts_of(case, others(), &self.desk.terms);
        let shown = Contrary::seen(all.clone(), others().chain([case]), false, Sight::EVERYBODY);
        Ok((all, shown))
    }

    /// The events of a change, with what contradicts the case since: looked for when it names somebody further, or wants more
    /// of somebody's records than before. Each contradiction is put on both cases, once.
    pub(super) fn contradicted(
        &mut self,
        case: &Case,
        mut events: Events,
        by: &Account,
    ) -> Result<Events, DeskFault> {
        if events.iter().all(|(_, event)| event.is_of_work()) {
            return Ok(events);
        }
        let mut after = case.clone();
        for (_, event) in events.iter().filter(|(id, _)| *id == case.id) {
            after.apply(event, by, self.now);
        }
        let terms = &self.desk.terms;
        let (before, now) = (Wants::of(case, terms), Wants::of(&after, terms));
        let gains = |account: &Account| !now.stances_to(account).is_subset(&before.stances_to(account));
        let accounts: BTreeSet<Account> = now.whom().into_iter().filter(|account| gains(account)).collect();
        if accounts.is_empty() && (before.binds_anybody() || !now.binds_anybody()) {
            return Ok(events);
        }
        let (all, shown) = self.contrary(&after, &accounts)?;
        if shown.unshown && !after.is_sealed() {
            events.push((case.id, Event::Warned { conflicts: Vec::new(), unshown: true }));
        }
        for conflict in all {
            let other = if conflict.one == case.id { conflict.other } else { conflict.one };
            // A sealed case hears of it, where only those who may see it read it.
            let own = (after.is_sealed() || shown.found.contains(&conflict))
                .then_some((case.id, Event::Contradicted { conflict }));
            let of_other = self.case(other)?.ok().and_then(|other| heard(&other, &after, conflict));
            for (id, event) in own.into_iter().chain(of_other.map(|event| (other, event))) {
                let knows = |case: &Case| match &event {
                    Event::Warned { .. } => case.beside.unshown,
                    _ => case.beside.conflicts.contains(&conflict),
                };
                if !self.case(id)?.is_ok_and(|case| knows(&case)) && !events.contains(&(id, event.clone())) {
                    events.push((id, event));
                }
            }
        }
        Ok(events)
    }

    /// The events of a change, with the notices that the case may counter since (rule 41).
    pub(super) fn countering(
        &mut self,
        case: &Case,
        mut events: Events,
        by: &Account,
    ) -> Result<Events, DeskFault> {
        let own = || events.iter().filter(|(id, _)| *id == case.id).map(|(_, event)| event);
        let is_line = |event: &Event| {
            matches!(
                event,
                Event::FieldSet { .. }
                    | Event::FieldCleared { .. }
                    | Event::Unlinked { .. }
                    | Event::Linked { how: Relation::Counter, outward: true, .. }
            )
        };
        if !own().any(is_line) {
            return Ok(events);
        }
        let mut after = case.clone();
        own().for_each(|event| after.apply(event, by, self.now));
        let cases = self.may_counter(&after)?;
        if cases != case.beside.may_counter {
            events.push((case.id, Event::MayCounter { cases }));
        }
        Ok(events)
    }

    /// The notices that a case may counter: those about the same material, then those about the same accounts, the newest first. Of
    /// one that counters a notice, others about the same material that stand.
    fn may_counter(&mut self, case: &Case) -> Result<Vec<CaseId>, DeskFault> {
        let kind = self.desk.terms.kind_of(case).filter(|kind| !kind.counters.is_empty());
        let Some((kinds, is_more)) = kind.map(|kind| (kind.counters.clone(), !counters_nobody(case, kind)))
        else {
            return Ok(Vec::new());
        };
        let knows = |other: CaseId| countered(case).any(|link| link.other == other);
        let mut found: Vec<CaseId> = Vec::new();
        let mut left = MOST_READ;
        for (how, mark) in marks(case, self.desk.terms.zone) {
            if !(how == Likeness::Material || how == Likeness::Account && !is_more) {
                continue;
            }
            for id in self.newest(&facets::mark(how, &mark), left)? {
                left -= 1;
                let stands = |other: &Case| !is_more || without_notice(other).is_none();
                let is_one =
                    |other: &Case| other.id != case.id && kinds.contains(&other.kind) && stands(other);
                let Some(other) = self.case(id)?.ok().filter(|other| is_one(other)) else { continue };
                // Of a notice and its duplicate the one is meant that is kept, as far as it may be named.
                let kept = match other.duplicate_of() {
                    Some(kept) if self.case(kept)?.is_ok_and(|kept| !kept.is_sealed()) => kept,
                    Some(_) => continue,
                    None => id,
                };
                if !found.contains(&kept) && !knows(kept) {
                    found.push(kept);
                }
            }
        }
        found.truncate(MOST_LIKE);
        Ok(found)
    }

    /// The newest cases of a list, those of this batch first, and none that is sealed: what is found here is said to
    /// everybody.
    fn newest(&mut self, facet: &Facet, most: usize) -> Result<Vec<CaseId>, DeskFault> {
        self.newest_but(facet, Some(&facets::sealed()), most)
    }

    fn newest_but(
        &mut self,
        facet: &Facet,
        without: Option<&Facet>,
        most: usize,
    ) -> Result<Vec<CaseId>, DeskFault> {
        let turns = self.recognised.get(facet).cloned().unwrap_or_default();
        let listed = conflicts::newest(self.desk, facet, without, most.saturating_add(turns.len()))?;
        let entered = turns.iter().filter(|(_, enters)| **enters).map(|(id, _)| *id);
        let stays = listed.into_iter().filter(|id| !turns.contains_key(id));
        let mut found: Vec<CaseId> = entered.chain(stays).collect();
        found.retain(|id| without.is_none() || !self.has_sealed(*id));
        found.sort_unstable_by(|one, other| other.cmp(one));
        found.truncate(most);
        Ok(found)
    }

    /// Whether this batch has sealed a case, which the lists do not say yet.
    fn has_sealed(&self, id: CaseId) -> bool {
        self.touched.get(&id).is_some_and(|touched| touched.after.is_sealed())
    }
}

/// What a case hears of a contradiction with another: which one that is, unless it is sealed and this one is not. Then whoever
/// asks for erasure hears that something keeps the records, and nothing else is said (rules 63 and 66).
fn heard(own: &Case, other: &Case, conflict: Conflict) -> Option<Event> {
    if own.is_sealed() || !other.is_sealed() {
        return Some(Event::Contradicted { conflict });
    }
    let would_erase = conflict.how == Clash::ErasureAgainstHold && conflict.one == own.id;
    would_erase.then_some(Event::Warned { conflicts: Vec::new(), unshown: true })
}

/// Whether the mark alone does not say enough.
fn wants_a_look(how: Likeness) -> bool {
    match how {
        Likeness::Reference | Likeness::Account => true,
        Likeness::ReferenceOfAnother | Likeness::Material | Likeness::Text | Likeness::Day => false,
    }
}
