//! Cases folded from their records, for a rebuild: on two threads side by side, and handed over in order.
//!
//! Folding a case needs nothing but the journal, the terms and the case's own places, so that it does not matter which thread
//! does it, nor when. What becomes of a folded case is not known here: the one thread that asked takes them in, one after
//! the other.

use std::sync::mpsc::{Receiver, sync_channel};
use std::thread::Builder;

use super::batch::take_in;
use super::owed::{Delivered, Owed};
use super::{DeskFault, facets, look};
use crate::case::wire::{self, CasePart};
use crate::case::{Case, CaseId, OrderId, Scope, Terms, clocks};
use crate::ports::{Body, Facet, Journal, Part, Place};

/// How many cases are handed over at once.
pub(super) const AT_ONCE: usize = 100;
/// How many threads fold. The one that takes in has about as much to do as one of them.
const THREADS: usize = 2;
/// How many handfuls of each thread may wait to be taken in.
const WAITING: usize = 2;

/// A part of a case: the case, the place of the record, and which part of it.
pub(super) type Spot = (CaseId, Place, u16);

/// What a case is folded with.
pub(super) struct Folding<'a> {
    pub(super) journal: &'a dyn Journal,
    pub(super) terms: &'a Terms,
    pub(super) delivered: &'a Delivered,
    /// In order.
    pub(super) purged: &'a [CaseId],
}

/// Some cases, as an index takes them in.
#[derive(Default)]
pub(super) struct Handful {
    /// The cases, purged ones included.
    pub(super) cases: Vec<CaseId>,
    pub(super) put: Vec<(Scope, Vec<u8>)>,
    pub(super) add: Vec<(Facet, u64)>,
    /// What their records still owe.
    pub(super) owed: Vec<(OrderId, Owed)>,
}

impl Folding<'_> {
    /// Folds all cases, each given by its parts in order, and hands them over in the order in which they came.
    pub(super) fn all(
        &self,
        cases: &[&[Spot]],
        take: &mut dyn FnMut(Handful) -> Result<(), DeskFault>,
    ) -> Result<(), DeskFault> {
        let threads = if cases.len() > AT_ONCE { THREADS } else { 0 };
        std::thread::scope(|scope| {
            let mut queues: Vec<Receiver<Result<Handful, DeskFault>>> = Vec::new();
            for thread in 0..threads {
                let (hand_over, queue) = sync_channel(WAITING);
                let work = move || {
                    for chunk in cases.chunks(AT_ONCE).skip(thread).step_by(threads) {
                        // Nobody waits for more once one of them has failed.
                        if hand_over.send(self.handful(chunk)).is_err() {
                            return;
                        }
                    }
                };
                if Builder::new().spawn_scoped(scope, work).is_err() {
                    break;
                }
                queues.push(queue);
            }
            for (n, chunk) in cases.chunks(AT_ONCE).enumerate() {
                // What no thread could be had for is done here.
                let queue = n.checked_rem(threads).and_then(|thread| queues.get(thread));
                let handed = queue.and_then(|queue| queue.recv().ok());
                take(handed.unwrap_or_else(|| self.handful(chunk))?)?;
            }
            Ok(())
        })
    }

    fn handful(&self, cases: &[&[Spot]]) -> Result<Handful, DeskFault> {
        let mut handful = Handful::default();
        for places in cases {
            let Some((id, ..)) = places.first().copied() else {
                continue;
            };
            handful.cases.push(id);
            let number = u64::from(id.number());
            if self.purged.binary_search(&id).is_ok() {
                handful.add.push((facets::erased(), number));
                continue;
            }
            let Folded { case, words } = self.case(id, places, &mut handful.owed)?;
            let add = &mut handful.add;
            add.extend(words.into_iter().map(|facet| (facet, number)));
            let clocks = clocks(&case, self.terms);
            add.extend(facets::of_case(&case, &clocks, self.terms).into_iter().map(|facet| (facet, number)));
            add.extend(facets::timed(&case, &clocks, self.terms));
            add.extend(places.iter().map(|(_, place, _)| (facets::places(id), place.0)));
            handful.put.push((Scope::Case(id), look::case_bytes(&case)?));
        }
        Ok(handful)
    }

    /// A case from its records, and what they still owe.
    fn case(
        &self,
        id: CaseId,
        places: &[Spot],
        owed: &mut Vec<(OrderId, Owed)>,
    ) -> Result<Folded, DeskFault> {
        let mut case: Option<Case> = None;
        let mut words = Vec::new();
        for (_, place, index) in places {
            let Some(Part { seq, at, body }) = self.journal.read_part(*place, Scope::Case(id))? else {
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
                if !self.delivered.has(order) {
                    owed.push((order, Owed { place: *place, part: usize::from(*index) }));
                }
            }
        }
        words.sort_unstable();
        words.dedup();
        let case = case.ok_or(DeskFault::NoOpening { seq: self.journal.head().seq, case: id })?;
        Ok(Folded { case, words })
    }
}

struct Folded {
    case: Case,
    words: Vec<Facet>,
}
