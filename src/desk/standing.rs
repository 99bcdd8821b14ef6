//! What stands for the whole desk and is too big to be written with every batch: the policies that cases are pinned to,
//! the agencies that were added to the directory, whose authority was stopped, what of this waits for a second person, and
//! when the machine's clock was in doubt.
//!
//! It is folded from the desk's events into the terms that the desk was opened with. The index lists the records that
//! hold such events; a start reads these, oldest first, and no others. To keep more here: add a
//! [`StandingEvent`], and say in [`Standing::take_in`] what it makes of the terms. An event that is drafted counts from then on, for a batch
//! decides over what it has not written yet.

use std::collections::{BTreeMap, BTreeSet};

use chrono::{DateTime, Utc};

use super::doubts::Doubts;
use super::{Desk, DeskFault, facets};
use crate::case::wire::{self, DeskPart};
use crate::case::{Account, ClockEvent, DeskEvent, DeskProposal, Policy, Scope, StandingEvent, Terms};
use crate::ports::{Body, Index, IndexFault, Part, Place, Seq};
use crate::report::Half;

/// What the fold begins with, and what of it is not on disk yet.
pub(super) struct Standing {
    /// The terms that the desk was opened with.
    given: Terms,
    /// The versions of the policy that are on record.
    policies: BTreeSet<String>,
    /// The reports that were published.
    reports: BTreeMap<Half, Frozen>,
    /// What waits for a second person, oldest first.
    waiting: Vec<DeskProposal>,
    /// When the machine's clock was in doubt.
    doubts: Doubts,
    /// Whose authority is stopped, and by whom.
    frozen: BTreeMap<Account, Option<Account>>,
    /// Events that are drafted.
    drafted: Vec<StandingEvent>,
}

/// A report that was published.
#[derive(Clone, Debug)]
pub(super) struct Frozen {
    /// When.
    pub(super) at: DateTime<Utc>,
    /// What it shows.
    pub(super) csv: String,
}

impl Standing {
    pub(super) fn new(given: Terms) -> Standing {
        Standing {
            given,
            policies: BTreeSet::new(),
            reports: BTreeMap::new(),
            waiting: Vec::new(),
            doubts: Doubts::default(),
            frozen: BTreeMap::new(),
            drafted: Vec::new(),
        }
    }

    /// The report of a half-year, if it was published.
    pub(super) fn published(&self, half: Half) -> Option<&Frozen> {
        self.reports.get(&half)
    }

    /// The policy that new cases are opened under, if no record has it yet.
    pub(super) fn policy_to_record(&self) -> Option<&Policy> {
        let current = &self.given.current;
        if self.policies.contains(current) { None } else { self.given.policies.get(current) }
    }

    /// What is about no case and waits for a second person, oldest first.
    pub(super) fn waiting(&self) -> &[DeskProposal] {
        &self.waiting
    }

    /// Whether the time of a record is in doubt.
    pub(super) fn is_doubtful(&self, seq: Seq, at: DateTime<Utc>) -> bool {
        self.doubts.is_doubtful(seq, at)
    }

    /// Whose authority is stopped, and by whom.
    pub(super) fn frozen(&self) -> &BTreeMap<Account, Option<Account>> {
        &self.frozen
    }

    fn take_in(&mut self, event: StandingEvent, terms: &mut Terms) {
        match event {
            StandingEvent::PolicyTaken { version, policy } => {
                self.policies.insert(version.clone());
                terms.policies.insert(version, *policy);
            }
            // The file is the operator's own: what was added and stands in it by now, or against it, gives way.
            StandingEvent::AgencyAdded { agency } => {
                if !terms.directory.iter().any(|known| known.shares_with(&agency).is_some()) {
                    terms.directory.push(agency);
                }
            }
            StandingEvent::Frozen { account, by } => {
                self.frozen.insert(account.clone(), by);
                terms.frozen.insert(account);
            }
            StandingEvent::Thawed { account, .. } => {
                self.frozen.remove(&account);
                terms.frozen.remove(&account);
            }
            StandingEvent::ReportFrozen { half, at, csv, .. } => {
                if let Ok(half) = Half::read(&half) {
                    self.reports.entry(half).or_insert(Frozen { at, csv });
                }
            }
            StandingEvent::Proposed { proposal } => self.waiting.push(*proposal),
            StandingEvent::Denied { code, .. }
            | StandingEvent::Voided { code, .. }
            | StandingEvent::CarriedOut { code, .. } => self.waiting.retain(|proposal| proposal.code != code),
            StandingEvent::WrongCode { by } => {
                for proposal in &mut self.waiting {
                    *proposal.wrong.entry(by.clone()).or_default() += 1;
                }
            }
        }
    }
}

impl Desk {
    /// Takes in an event that has been drafted.
    pub(super) fn stand_drafted(&mut self, event: &StandingEvent) {
        self.standing.drafted.push(event.clone());
        self.standing.take_in(event.clone(), &mut self.terms);
    }

    /// Takes in what is drafted as this record about the machine's clock.
    pub(super) fn doubt_drafted(&mut self, seq: Seq, at: DateTime<Utc>, event: ClockEvent) {
        self.standing.doubts.take_in(seq, at, event);
    }

    /// What was drafted is on disk.
    pub(super) fn stand_written(&mut self) {
        self.standing.drafted.clear();
    }

    /// What was drafted is not on disk and never will be.
    pub(super) fn stand_back(&mut self) -> Result<(), DeskFault> {
        self.standing.doubts.forget_after(self.journal.head().seq);
        if self.standing.drafted.is_empty() {
            return Ok(());
        }
        self.standing.drafted.clear();
        let listed = self.ask(listed)?;
        self.stand_on(&listed)
    }

    /// Folds the records at these places, oldest first, and then what is drafted.
    pub(super) fn stand_on(&mut self, places: &[Place]) -> Result<(), DeskFault> {
        self.terms = self.standing.given.clone();
        self.standing.policies.clear();
        self.standing.reports.clear();
        self.standing.waiting.clear();
        self.standing.doubts.clear();
        self.standing.frozen.clear();
        for place in places {
            let Some(Part { seq, at, body: Body::Open(bytes) }) =
                self.journal.read_part(*place, Scope::Desk)?
            else {
                continue; // the system key is never destroyed
            };
            let part: DeskPart = wire::read(&bytes).map_err(|fault| DeskFault::Wire { seq, fault })?;
            for event in part.events {
                match event {
                    DeskEvent::Stands(event) => self.standing.take_in(event, &mut self.terms),
                    DeskEvent::Clock(event) => self.standing.doubts.take_in(seq, at, event),
                    DeskEvent::Delivered { .. } | DeskEvent::Purged { .. } | DeskEvent::Digested { .. } => {}
                }
            }
        }
        for event in self.standing.drafted.clone() {
            self.standing.take_in(event, &mut self.terms);
        }
        Ok(())
    }
}

/// The places of the records that hold what stands, oldest first.
pub(super) fn listed(index: &dyn Index) -> Result<Vec<Place>, IndexFault> {
    let facet = facets::standing();
    let mut places = Vec::new();
    let mut from = u64::MAX;
    loop {
        let block = index.numbers(&facet, from)?;
        places.extend(block.iter().map(|place| Place(*place)));
        match block.last().and_then(|last| last.checked_sub(1)) {
            Some(next) => from = next,
            None => {
                places.reverse();
                return Ok(places);
            }
        }
    }
}
