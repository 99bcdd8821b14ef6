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
use chrono_tz::Tz;

use super::doubts::Doubts;
use super::{Desk, DeskFault, WorksBy, facets};
use crate::case::entry_parts;
use crate::case::wire::{self, DeskPart};
use crate::case::{
    Account, Branch, ClockEvent, DeskEvent, DeskProposal, HeldEvent, HeldMode, Ledger, MasterKey, Person,
    Pin, RoomWatch, Scope, StandingEvent, Terms, UnreadEvent,
};
use crate::ports::{Body, Index, IndexFault, Part, Place, Seq};
use crate::report::Half;

/// What the fold begins with, and what of it is not on disk yet.
pub(super) struct Standing {
    /// What the desk was opened with.
    given: WorksBy,
    /// The version and the zone that the desk worked by when something was last put on record.
    followed: Option<(String, Option<Tz>)>,
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
    /// What is known of the room, of docket itself and of the list of people.
    watch: RoomWatch,
    /// What could not be read.
    unread: Ledger,
    /// The room that docket sits in, how often it moved there from another, and whether the cards came along.
    room: Option<String>,
    moves: u32,
    have_moved: bool,
    /// The data directory in which the journal was at work last, and why the desk is held, if it is.
    instance: Option<String>,
    held: Option<HeldMode>,
    /// Where the journal was held to have parted from another, oldest first.
    branches: Vec<Branch>,
    /// Events that are drafted.
    drafted: Vec<StandingEvent>,
    /// Likewise, of what could not be read.
    drafted_unread: Vec<UnreadEvent>,
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
    pub(super) fn new(given: WorksBy) -> Standing {
        Standing {
            given,
            followed: None,
            policies: BTreeSet::new(),
            reports: BTreeMap::new(),
            waiting: Vec::new(),
            doubts: Doubts::default(),
            frozen: BTreeMap::new(),
            watch: RoomWatch::default(),
            unread: Ledger::default(),
            room: None,
            moves: 0,
            have_moved: true,
            instance: None,
            held: None,
            branches: Vec::new(),
            drafted: Vec::new(),
            drafted_unread: Vec::new(),
        }
    }

    /// The report of a half-year, if it was published.
    pub(super) fn published(&self, half: Half) -> Option<&Frozen> {
        self.reports.get(&half)
    }

    /// What of the policy that new cases are opened under is not on record yet: all that it says, or that it is the one that
    /// is followed by now. Who goes by what is on record adds nothing to it.
    pub(super) fn policy_to_record(&self) -> Vec<StandingEvent> {
        let terms = self.given.terms();
        let Some(policy) = terms.policy() else { return Vec::new() };
        if self.given.goes_by_the_record() && !self.policies.is_empty() {
            return Vec::new();
        }
        let version = policy.version.clone();
        let mut events = Vec::new();
        if !self.policies.contains(&version) {
            let policy = Box::new(policy.clone());
            events.push(StandingEvent::PolicyTaken { version: version.clone(), policy });
        }
        let zone = Some(terms.zone);
        let is_followed = self.followed.as_ref().is_some_and(|(last, its)| *last == version && *its == zone);
        if !is_followed {
            events.push(StandingEvent::PolicyFollowed { version, zone });
        }
        events
    }

    /// What is about no case and waits for a second person, oldest first.
    pub(super) fn waiting(&self) -> &[DeskProposal] {
        &self.waiting
    }

    /// What could not be read.
    pub(super) fn unread(&self) -> &Ledger {
        &self.unread
    }

    /// The branch that a record belongs to; none where the journal never parted from another.
    pub(super) fn branch_of(&self, seq: u64) -> Option<&Branch> {
        self.branches.iter().rfind(|branch| branch.from <= seq)
    }

    /// The branch to which whatever comes belongs.
    pub(super) fn branch(&self) -> Option<&Branch> {
        self.branches.last()
    }

    /// Whether the time of a record is in doubt.
    pub(super) fn is_doubtful(&self, seq: Seq, at: DateTime<Utc>) -> bool {
        self.doubts.is_doubtful(seq, at)
    }

    /// Whose authority is stopped, and by whom.
    pub(super) fn frozen(&self) -> &BTreeMap<Account, Option<Account>> {
        &self.frozen
    }

    /// What is known of the room, of docket itself and of the list of people.
    pub(super) fn watch(&self) -> &RoomWatch {
        &self.watch
    }

    /// The room that docket sits in, as far as it was ever in one.
    pub(super) fn room(&self) -> Option<&str> {
        self.room.as_deref()
    }

    /// How often docket moved from one room to another.
    pub(super) fn moves(&self) -> u32 {
        self.moves
    }

    /// Whether cards are left behind that are to be posted again.
    pub(super) fn lacks_cards(&self) -> bool {
        !self.have_moved
    }

    /// The data directory in which the journal was at work last, as far as that was put down.
    pub(super) fn instance(&self) -> Option<&str> {
        self.instance.as_deref()
    }

    /// Why the desk is held, if it is.
    pub(super) fn held(&self) -> Option<&HeldMode> {
        self.held.as_ref()
    }

    /// Takes in what the desk worked by. Of a record from before the zone was put down, the policy's own is the best guess.
    fn follow(&mut self, version: String, zone: Option<Tz>, terms: &mut Terms) {
        if self.given.goes_by_the_record()
            && let Some(policy) = terms.policies.get(&version)
        {
            terms.zone = zone.or(policy.zone).unwrap_or(self.given.terms().zone);
            terms.current = version.clone();
        }
        self.followed = Some((version, zone));
    }

    fn take_in(&mut self, event: StandingEvent, terms: &mut Terms) {
        match event {
            StandingEvent::PolicyTaken { version, policy } => {
                self.policies.insert(version.clone());
                terms.policies.insert(version.clone(), *policy);
                self.follow(version, None, terms);
            }
            StandingEvent::PolicyFollowed { version, zone } => self.follow(version, zone, terms),
            // The file is the operator's own: what was added and stands in it by now, or against it, gives way.
            StandingEvent::AgencyAdded { agency } => {
                if !terms.directory.iter().any(|known| known.shares_with(&agency).is_some()) {
                    terms.directory.push(agency);
                }
            }
            StandingEvent::PartsAdded { entry, addition } => {
                entry_parts::add_parts(&mut terms.directory, &entry, addition);
            }
            StandingEvent::PartsRemoved { entry, parts, .. } => {
                entry_parts::remove_parts(&mut terms.directory, &entry, &parts);
            }
            StandingEvent::Frozen { account, by } => {
                self.frozen.insert(account.clone(), by);
                terms.frozen.insert(account);
            }
            StandingEvent::Thawed { account, .. } => {
                self.frozen.remove(&account);
                terms.frozen.remove(&account);
            }
            StandingEvent::Pinned { account, key, vouched, devices } => {
                if let Some(identities) = &mut terms.identities {
                    identities.strange.remove(&account);
                    let devices = devices.into_iter().map(|device| (device, None)).collect();
                    identities.pins.insert(account, Pin { key, vouched, devices });
                }
            }
            StandingEvent::DeviceSeen { account, device, at } => {
                let pins = terms.identities.as_mut().map(|identities| &mut identities.pins);
                if let Some(pin) = pins.and_then(|pins| pins.get_mut(&account)) {
                    pin.devices.entry(device).or_insert(Some(at));
                }
            }
            StandingEvent::IdentityChanged { account, key } => {
                if let Some(identities) = &mut terms.identities {
                    identities.strange.insert(account, key);
                }
            }
            StandingEvent::RoomEntered { room } => {
                if self.room.as_ref().is_some_and(|before| *before != room) {
                    self.moves += 1;
                    self.have_moved = false;
                }
                self.room = Some(room);
            }
            StandingEvent::CardsMoved => self.have_moved = true,
            StandingEvent::ReportFrozen { half, at, csv, .. } => {
                if let Ok(half) = Half::read(&half) {
                    self.reports.entry(half).or_insert(Frozen { at, csv });
                }
            }
            StandingEvent::Proposed { proposal } => self.waiting.push(*proposal),
            StandingEvent::Denied { code, .. }
            | StandingEvent::Voided { code, .. }
            | StandingEvent::CarriedOut { code, .. } => self.waiting.retain(|proposal| proposal.code != code),
            StandingEvent::Watch(event) => self.watch.take_in(event),
            StandingEvent::Held(HeldEvent::DirectoryTaken { instance }) => self.instance = Some(instance),
            StandingEvent::Held(HeldEvent::HeldBack { held, branch }) => {
                self.held = Some(held);
                self.branches.push(branch);
            }
            StandingEvent::Held(HeldEvent::WentOn { instance, .. }) => {
                self.held = None;
                self.instance = instance.or(self.instance.take());
            }
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

    /// Takes in an event that has been drafted about what could not be read.
    pub(super) fn unread_drafted(&mut self, event: &UnreadEvent) {
        self.standing.drafted_unread.push(event.clone());
        self.standing.unread.take_in(event.clone());
    }

    /// Takes in what is drafted as this record about the machine's clock.
    pub(super) fn doubt_drafted(&mut self, seq: Seq, at: DateTime<Utc>, event: ClockEvent) {
        self.standing.doubts.take_in(seq, at, event);
    }

    /// What was drafted is on disk.
    pub(super) fn stand_written(&mut self) {
        self.standing.drafted.clear();
        self.standing.drafted_unread.clear();
    }

    /// What was drafted is not on disk and never will be.
    pub(super) fn stand_back(&mut self) -> Result<(), DeskFault> {
        self.standing.doubts.forget_after(self.journal.head().seq);
        if self.standing.drafted.is_empty() && self.standing.drafted_unread.is_empty() {
            return Ok(());
        }
        self.standing.drafted.clear();
        self.standing.drafted_unread.clear();
        let listed = self.ask(listed)?;
        self.stand_on(&listed)
    }

    /// Puts another list of people in force, with the keys that it names. Nothing is drafted.
    pub(super) fn list_people(
        &mut self,
        people: Vec<Person>,
        named: BTreeMap<Account, MasterKey>,
    ) -> Result<(), DeskFault> {
        self.standing.given.list_people(people, named);
        let listed = self.ask(listed)?;
        self.stand_on(&listed)
    }

    /// Folds the records at these places, oldest first, and then what is drafted.
    pub(super) fn stand_on(&mut self, places: &[Place]) -> Result<(), DeskFault> {
        self.terms = self.standing.given.terms().clone();
        self.standing.followed = None;
        self.standing.policies.clear();
        self.standing.reports.clear();
        self.standing.waiting.clear();
        self.standing.doubts.clear();
        self.standing.frozen.clear();
        self.standing.watch = RoomWatch::default();
        self.standing.unread = Ledger::default();
        (self.standing.room, self.standing.moves, self.standing.have_moved) = (None, 0, true);
        (self.standing.instance, self.standing.held) = (None, None);
        self.standing.branches.clear();
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
                    DeskEvent::Unread(event) => self.standing.unread.take_in(event),
                    DeskEvent::Delivered { .. } | DeskEvent::Purged { .. } | DeskEvent::Digested { .. } => {}
                }
            }
        }
        for event in self.standing.drafted.clone() {
            self.standing.take_in(event, &mut self.terms);
        }
        for event in self.standing.drafted_unread.clone() {
            self.standing.unread.take_in(event);
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
