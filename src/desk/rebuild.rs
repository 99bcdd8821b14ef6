//! The index from the journal: at a start that cannot believe the index, after a purge, and when it fails.
//!
//! The headers are read once, in order, which checks the chain; then case by case, so that no more than a handful of cases
//! are in memory at a time.

use std::ops::ControlFlow;

use chrono::{DateTime, Utc};

use super::fold::{self, Folding, Spot};
use super::owed::{AllOwed, Delivered, Owed};
use super::state::state_bytes;
use super::{Desk, DeskFault, DeskState, facets, standing};
use crate::case::wire::{self, DeskPart};
use crate::case::{CaseId, ClockEvent, DeskEvent, OrderId, Scope, Terms};
use crate::ports::{Body, Changes, Journal, Outline, Part, Place, Seq, Stamp, hex};

/// How far a rebuild has come.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Progress {
    /// Cases taken in.
    pub done: usize,
    /// Cases in all.
    pub all: usize,
}

/// How many stamps are handed to the index at once.
const STAMPS_AT_ONCE: usize = 10_000;
/// After how many cases it is said how far it has come.
const SAID_EVERY: usize = 5 * fold::AT_ONCE;

impl Desk {
    /// Believes the index if its head is the journal's; rebuilds it otherwise.
    pub(super) fn take_up(&mut self, progress: &mut dyn FnMut(Progress)) -> Result<(), DeskFault> {
        if self.index.head() == Some(self.journal.head()) {
            match standing::listed(self.index.as_ref()) {
                Ok(places) => self.stand_on(&places)?,
                Err(fault) => tracing::warn!("{fault}"),
            }
            match self
                .index
                .value(Scope::Desk)
                .map(|bytes| bytes.map(|bytes| serde_json::from_slice::<DeskState>(&bytes)))
            {
                Ok(Some(Ok(state))) if state.made_by != made_by(self.journal.as_ref(), &self.terms) => {
                    tracing::info!("the index was made under other terms; it is rebuilt from the journal");
                }
                Ok(Some(Ok(state))) => match self.listed_as_owed()? {
                    Some(owed) => {
                        self.state = state;
                        self.owed = owed;
                        return Ok(());
                    }
                    None => tracing::warn!("the index does not fit the journal"),
                },
                Ok(None) if self.journal.head().seq == Seq(0) => {
                    self.state.made_by = made_by(self.journal.as_ref(), &self.terms);
                    return Ok(());
                }
                Ok(Some(Err(_)) | None) | Err(_) => tracing::warn!("the index lacks the desk's own state"),
            }
        }
        self.rebuild(progress)
    }

    /// Throws the index away and makes it anew; once more if it fails on the way, for it may find another place.
    pub(super) fn rebuild(&mut self, progress: &mut dyn FnMut(Progress)) -> Result<(), DeskFault> {
        match self.rebuild_once(progress) {
            Err(DeskFault::Index(fault)) => {
                tracing::warn!("{fault}; its rebuilding begins again");
                self.rebuild_once(progress)
            }
            done => done,
        }
    }

    fn rebuild_once(&mut self, progress: &mut dyn FnMut(Progress)) -> Result<(), DeskFault> {
        let head = self.journal.head();
        let seen = self.headers()?;
        let desk = self.desk_parts(&seen.desk)?;
        // Before any case is taken in: what it is found by depends on the policy that it is pinned to.
        self.stand_on(&desk.standing)?;
        let mut by_case = seen.cases;
        by_case.sort_unstable();
        // A stop between the record of a purge and the end of its key or its files is made good here.
        let (on_record, elsewhere): (Vec<CaseId>, Vec<CaseId>) = desk
            .purged
            .iter()
            .copied()
            .partition(|case| by_case.binary_search_by_key(case, |(id, ..)| *id).is_ok());
        for case in &on_record {
            self.journal.erase(*case)?;
        }
        self.files.forget(&on_record)?;
        self.index.begin_rebuild()?;
        // Kept as they stand in the journal until here: as names of lists they would take four times the room.
        for stamps in seen.stamps.chunks(STAMPS_AT_ONCE) {
            self.index.load(Vec::new(), stamps.iter().copied().map(facets::seen).collect())?;
        }
        drop(seen.stamps);

        let mut state = DeskState {
            last: seen.last.map(|place| place.0),
            made_by: made_by(self.journal.as_ref(), &self.terms),
            ..DeskState::default()
        };
        let mut owed = AllOwed::default();
        let cases: Vec<&[Spot]> = by_case.chunk_by(|one, other| one.0 == other.0).collect();
        let folding = Folding {
            journal: self.journal.as_ref(),
            terms: &self.terms,
            delivered: &desk.delivered,
            purged: &desk.purged,
        };
        let index = self.index.as_mut();
        let mut done = 0;
        folding.all(&cases, &mut |handful| {
            if done % SAID_EVERY == 0 {
                progress(Progress { done, all: cases.len() });
            }
            done += handful.cases.len();
            handful.cases.iter().for_each(|case| state.opened(*case));
            owed.extend(handful.owed);
            Ok(index.load(handful.put, handful.add)?)
        })?;
        for (event, at) in &desk.events {
            state.happened(event, *at, self.terms.zone);
        }
        if state.doubt.is_none() {
            let trusted = desk.trusted.unwrap_or(Seq(0));
            let latest = seen.latest.iter().find(|(seq, _)| *seq >= trusted);
            latest.into_iter().for_each(|(_, at)| state.was_at(*at));
        }
        // Cases that a restored backup does not hold, and that were purged since: their numbers are taken for ever.
        let mut add = Vec::new();
        for case in elsewhere {
            state.opened(case);
            add.push((facets::erased(), u64::from(case.number())));
        }
        owed.extend(desk.owed.into_iter().filter(|(order, _)| !desk.delivered.has(*order)));
        add.extend(desk.standing.iter().map(|place| (facets::standing(), place.0)));
        for (order, owed) in owed.iter() {
            add.push(owed.listed(order.order).ok_or(DeskFault::TooFar)?);
        }
        self.index.load(Vec::new(), add)?;
        self.index.finish_rebuild(head)?;
        progress(Progress { done: cases.len(), all: cases.len() });
        let bytes = state_bytes(&state)?;
        self.index.apply(head, Changes { put: vec![(Scope::Desk, bytes)], ..Changes::default() })?;
        self.state = state;
        self.owed = owed;
        Ok(())
    }

    /// Everything that needs no key, checked on the way.
    fn headers(&self) -> Result<Headers, DeskFault> {
        let mut headers = Headers::default();
        self.journal.scan(Seq(0), &mut |Outline { seq, place, at, stamps, scopes, .. }: Outline| {
            headers.last = Some(place);
            headers.was_at(seq, at);
            headers.stamps.extend(stamps);
            for (part, scope) in (0_u16..).zip(scopes) {
                match scope {
                    Scope::Desk => headers.desk.push((seq, place, part)),
                    Scope::Case(case) => headers.cases.push((case, place, part)),
                }
            }
            ControlFlow::Continue(())
        })?;
        Ok(headers)
    }

    fn desk_parts(&self, places: &[(Seq, Place, u16)]) -> Result<DeskParts, DeskFault> {
        let mut parts = DeskParts::default();
        for (seq, place, index) in places {
            let Some(Part { at, body: Body::Open(bytes), .. }) =
                self.journal.read_part(*place, Scope::Desk)?
            else {
                continue; // the system key is never destroyed
            };
            let part: DeskPart = wire::read(&bytes).map_err(|fault| DeskFault::Wire { seq: *seq, fault })?;
            for order in part.owes {
                let owed = Owed { place: *place, part: usize::from(*index) };
                parts.owed.push((OrderId { seq: seq.0, case: None, order }, owed));
            }
            let stands = |event: &DeskEvent| {
                matches!(event, DeskEvent::Stands(_) | DeskEvent::Clock(_) | DeskEvent::Unread(_))
            };
            if part.events.iter().any(stands) {
                parts.standing.push(*place);
            }
            for event in part.events {
                match event {
                    DeskEvent::Delivered { orders } => {
                        orders.into_iter().for_each(|order| parts.delivered.put(order))
                    }
                    DeskEvent::Purged { case, .. } => parts.purged.push(case),
                    DeskEvent::Digested { .. } => parts.events.push((event, at)),
                    DeskEvent::Clock(clock) => {
                        if clock == ClockEvent::ClockTrusted {
                            parts.trusted = Some(*seq);
                        }
                        parts.events.push((event, at));
                    }
                    // These are folded from their list, once it stands.
                    DeskEvent::Stands(_) | DeskEvent::Unread(_) => {}
                }
            }
        }
        parts.delivered.settle();
        parts.purged.sort_unstable();
        parts.purged.dedup();
        Ok(parts)
    }
}

/// What the lists of a case depend on besides the case: how lists are made, the zone that its days end in, and when people are
/// reminded. The policy that a case is pinned to never changes and is on record, so a new version does not want lists made
/// anew.
pub fn made_by(journal: &dyn Journal, terms: &Terms) -> String {
    let idle = terms.policy().and_then(|policy| policy.idle);
    let terms = format!("{} {} {:?} {idle:?}", facets::VERSION, terms.zone, terms.reminders);
    hex(&journal.keyed("terms", terms.as_bytes()))
}

#[derive(Default)]
struct Headers {
    stamps: Vec<Stamp>,
    desk: Vec<(Seq, Place, u16)>,
    cases: Vec<Spot>,
    last: Option<Place>,
    /// The records that are later than every one behind them, in order: few, unless clocks run backwards.
    latest: Vec<(Seq, DateTime<Utc>)>,
}

impl Headers {
    fn was_at(&mut self, seq: Seq, at: DateTime<Utc>) {
        while self.latest.last().is_some_and(|(_, last)| *last <= at) {
            self.latest.pop();
        }
        self.latest.push((seq, at));
    }
}

#[derive(Default)]
struct DeskParts {
    delivered: Delivered,
    purged: Vec<CaseId>,
    owed: Vec<(OrderId, Owed)>,
    /// What the desk remembers, with when it happened.
    events: Vec<(DeskEvent, DateTime<Utc>)>,
    /// The record since which the machine's clock is certain again.
    trusted: Option<Seq>,
    /// The places of what stands for the whole desk, oldest first.
    standing: Vec<Place>,
}
