//! The index from the journal: at a start that cannot believe the index, after a purge, and when it fails.
//!
//! The headers are read once, in order, which checks the chain; then case by case, so that no more than a handful of cases
//! are in memory at a time.

use std::ops::ControlFlow;

use chrono::{DateTime, Utc};

use super::batch::take_in;
use super::owed::{AllOwed, Owed};
use super::state::state_bytes;
use super::{Desk, DeskFault, DeskState, facets, look, standing};
use crate::case::wire::{self, CasePart, DeskPart};
use crate::case::{Case, CaseId, ClockEvent, DeskEvent, OrderId, Scope, Terms};
use crate::ports::{Body, Changes, Facet, Journal, Outline, Part, Place, Seq, Stamp, hex};

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
/// How many cases are handed to the index at once.
const AT_ONCE: usize = 500;

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
        let mut owed = AllOwed::new();
        let cases: Vec<&[(CaseId, Place, u16)]> = by_case.chunk_by(|one, other| one.0 == other.0).collect();
        for (n, chunk) in cases.chunks(AT_ONCE).enumerate() {
            progress(Progress { done: n * AT_ONCE, all: cases.len() });
            let mut put = Vec::new();
            let mut add = Vec::new();
            for places in chunk {
                let Some((id, ..)) = places.first().copied() else {
                    continue;
                };
                state.opened(id);
                if desk.purged.binary_search(&id).is_ok() {
                    add.push((facets::erased(), u64::from(id.number())));
                    continue;
                }
                let folded = fold(self.journal.as_ref(), id, places, &desk.delivered, &mut owed)?;
                let number = u64::from(id.number());
                add.extend(folded.words.into_iter().map(|facet| (facet, number)));
                add.extend(
                    facets::of_case(&folded.case, &self.terms).into_iter().map(|facet| (facet, number)),
                );
                add.extend(facets::timed(&folded.case, &self.terms));
                add.extend(places.iter().map(|(_, place, _)| (facets::places(id), place.0)));
                put.push((Scope::Case(id), look::case_bytes(&folded.case)?));
            }
            self.index.load(put, add)?;
        }
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
        owed.extend(desk.owed.into_iter().filter(|(order, _)| desk.delivered.binary_search(order).is_err()));
        add.extend(desk.standing.iter().map(|place| (facets::standing(), place.0)));
        for (order, owed) in &owed {
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
            if part.events.iter().any(|event| matches!(event, DeskEvent::Stands(_) | DeskEvent::Clock(_))) {
                parts.standing.push(*place);
            }
            for event in part.events {
                match event {
                    DeskEvent::Delivered { orders } => parts.delivered.extend(orders),
                    DeskEvent::Purged { case, .. } => parts.purged.push(case),
                    DeskEvent::Digested { .. } => parts.events.push((event, at)),
                    DeskEvent::Clock(clock) => {
                        if clock == ClockEvent::ClockTrusted {
                            parts.trusted = Some(*seq);
                        }
                        parts.events.push((event, at));
                    }
                    // These are folded from their list, once it stands.
                    DeskEvent::Stands(_) => {}
                }
            }
        }
        parts.delivered.sort_unstable();
        parts.purged.sort_unstable();
        parts.purged.dedup();
        Ok(parts)
    }
}

/// What the lists of a case depend on besides the case: how lists are made, the zone that its days end in, and when people are
/// reminded. The policy that a case is pinned to never changes and is on record, so a new version does not want lists made
/// anew.
pub fn made_by(journal: &dyn Journal, terms: &Terms) -> String {
    let terms = format!("{} {} {:?}", facets::VERSION, terms.zone, terms.reminders);
    hex(&journal.keyed("terms", terms.as_bytes()))
}

#[derive(Default)]
struct Headers {
    stamps: Vec<Stamp>,
    desk: Vec<(Seq, Place, u16)>,
    cases: Vec<(CaseId, Place, u16)>,
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
    delivered: Vec<OrderId>,
    purged: Vec<CaseId>,
    owed: Vec<(OrderId, Owed)>,
    /// What the desk remembers, with when it happened.
    events: Vec<(DeskEvent, DateTime<Utc>)>,
    /// The record since which the machine's clock is certain again.
    trusted: Option<Seq>,
    /// The places of what stands for the whole desk, oldest first.
    standing: Vec<Place>,
}

struct Folded {
    case: Case,
    words: Vec<Facet>,
}

/// A case from its records, and what they still owe.
fn fold(
    journal: &dyn Journal,
    id: CaseId,
    places: &[(CaseId, Place, u16)],
    delivered: &[OrderId],
    owed: &mut AllOwed,
) -> Result<Folded, DeskFault> {
    let mut case: Option<Case> = None;
    let mut words = Vec::new();
    for (_, place, index) in places {
        let Some(Part { seq, at, body }) = journal.read_part(*place, Scope::Case(id))? else {
            continue;
        };
        let Body::Open(bytes) = body else {
            return Err(DeskFault::KeyGone(id));
        };
        let part: CasePart = wire::read(&bytes).map_err(|fault| DeskFault::Wire { seq, fault })?;
        for event in &part.events {
            words.extend(facets::of_event(event));
            take_in(&mut case, id, event, part.cause.by.as_ref(), at)
                .ok_or(DeskFault::NoOpening { seq, case: id })?;
        }
        for order in &part.owes {
            let order = OrderId { seq: seq.0, case: Some(id), order: *order };
            if delivered.binary_search(&order).is_err() {
                let part = usize::from(*index);
                owed.insert(order, Owed { place: *place, part });
            }
        }
    }
    words.sort_unstable();
    words.dedup();
    let case = case.ok_or(DeskFault::NoOpening { seq: journal.head().seq, case: id })?;
    Ok(Folded { case, words })
}
