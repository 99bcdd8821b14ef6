//! A journal in memory, for trials and tests: what it shows is what the journal in files shows, and nothing remains.
//!
//! Bodies are kept as they are and dropped when their case is erased; only what workers seal needs keys.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt;
use std::ops::ControlFlow;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use chrono::DateTime;

use super::batch;
use super::data_key::DataKey;
use super::keyring::{LEAP, NoKey};
use super::record::{self, Clear};
use super::seal::{NONCE, Secret, Secrets};
use super::sealer::Sealer;
use crate::case::{CaseId, Scope};
use crate::ports::{
    AppendFault, Body, Draft, Entropy, Hash, Head, Journal, Outline, Part, Place, ReadFault, Record, Seq,
};

/// A journal that ends with the process.
pub struct MemoryJournal {
    records: Vec<Record>,
    /// Which records have a part of a case, so that erasing need not look at all of them.
    of_case: BTreeMap<CaseId, Vec<usize>>,
    begin: Hash,
    end: u64,
    keys: Arc<MemoryKeys>,
}

impl MemoryJournal {
    /// An empty one.
    pub fn new(mut entropy: Box<dyn Entropy>) -> MemoryJournal {
        let mut id = [0; 16];
        entropy.fill(&mut id);
        let secrets = Secrets::new(&DataKey::make(&mut *entropy), id);
        let begin = Hash(*blake3::hash(&id).as_bytes());
        MemoryJournal {
            records: Vec::new(),
            of_case: BTreeMap::new(),
            begin,
            end: 0,
            keys: Arc::new(MemoryKeys::new(secrets, entropy)),
        }
    }

    /// A handle for workers that seal and open what lies outside the journal.
    pub fn sealer(&self) -> Sealer {
        Sealer::memory(Arc::clone(&self.keys))
    }

    fn at(&self, place: Place) -> Result<&Record, ReadFault> {
        self.records
            .binary_search_by_key(&place, |record| record.outline.place)
            .ok()
            .and_then(|index| self.records.get(index))
            .ok_or(ReadFault::Nowhere)
    }

    fn push(&mut self, draft: &Draft, clear: &Clear<'_>) -> Place {
        let place = Place(self.end);
        let mut bytes = Vec::new();
        clear.write(&mut bytes);
        for (_, body) in &draft.parts {
            bytes.extend_from_slice(body);
        }
        let hash = record::finish(&mut bytes, 0);
        for (scope, _) in &draft.parts {
            if let Scope::Case(case) = scope {
                self.of_case.entry(*case).or_default().push(self.records.len());
            }
        }
        self.end += u64::from(clear.total);
        self.records.push(Record {
            outline: Outline {
                seq: Seq(clear.seq),
                place,
                at: DateTime::from_timestamp_millis(draft.at.timestamp_millis()).unwrap_or(draft.at),
                hash,
                stamps: draft.stamps.clone(),
                scopes: draft.parts.iter().map(|(scope, _)| *scope).collect(),
            },
            bodies: draft.parts.iter().map(|(_, body)| Body::Open(body.clone())).collect(),
        });
        place
    }
}

impl Journal for MemoryJournal {
    fn head(&self) -> Head {
        self.records.last().map_or(Head { seq: Seq(0), hash: self.begin }, |last| Head {
            seq: last.outline.seq,
            hash: last.outline.hash,
        })
    }

    fn append(&mut self, expected: Head, batch: &[Draft]) -> Result<Vec<Place>, AppendFault> {
        if expected != self.head() {
            return Err(AppendFault::Conflict(self.head()));
        }
        batch::check(batch)?;
        for (scope, _) in batch.iter().flat_map(|draft| &draft.parts) {
            if let Scope::Case(case) = scope {
                self.keys.to_seal(*case).map_err(NoKey::into_append)?;
            }
        }
        let mut places = Vec::with_capacity(batch.len());
        for (position, draft) in (0_u32..).zip(batch) {
            let (parts, total) = batch::shape(draft)?;
            let own = parts.iter().map(|(scope, _)| *scope).max().unwrap_or(0);
            self.keys.on_record(own);
            let head = self.head();
            let clear = Clear {
                seq: head.seq.0 + 1,
                position,
                highest: own,
                at: draft.at,
                prev: head.hash,
                stamps: &draft.stamps,
                parts: &parts,
                total,
            };
            places.push(self.push(draft, &clear));
        }
        Ok(places)
    }

    fn scan(&self, from: Seq, each: &mut dyn FnMut(Outline) -> ControlFlow<()>) -> Result<(), ReadFault> {
        let before = usize::try_from(from.0.saturating_sub(1)).unwrap_or(usize::MAX);
        for record in self.records.iter().skip(before) {
            match each(record.outline.clone()) {
                ControlFlow::Continue(()) => {}
                ControlFlow::Break(()) => break,
            }
        }
        Ok(())
    }

    fn read(&self, place: Place) -> Result<Record, ReadFault> {
        self.at(place).cloned()
    }

    fn read_part(&self, place: Place, scope: Scope) -> Result<Option<Part>, ReadFault> {
        let record = self.at(place)?;
        let parts = record.outline.scopes.iter().zip(&record.bodies);
        Ok(parts.into_iter().find(|(found, _)| **found == scope).map(|(_, body)| Part {
            seq: record.outline.seq,
            at: record.outline.at,
            body: body.clone(),
        }))
    }

    fn erase(&mut self, case: CaseId) -> Result<(), AppendFault> {
        self.keys.erase(case);
        for index in self.of_case.get(&case).into_iter().flatten() {
            let Some(record) = self.records.get_mut(*index) else {
                continue;
            };
            for (scope, body) in record.outline.scopes.iter().zip(&mut record.bodies) {
                if *scope == Scope::Case(case) {
                    *body = Body::Erased;
                }
            }
        }
        Ok(())
    }

    fn keyed(&self, purpose: &str, bytes: &[u8]) -> [u8; 16] {
        self.keys.secrets().keyed(purpose, bytes)
    }
}

impl fmt::Debug for MemoryJournal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "MemoryJournal({})", self.head())
    }
}

/// The cases' keys of a journal in memory.
pub(super) struct MemoryKeys {
    secrets: Secrets,
    state: Mutex<State>,
}

struct State {
    entropy: Box<dyn Entropy>,
    highest: u32,
    keys: BTreeMap<CaseId, Secret>,
    erased: BTreeSet<CaseId>,
}

impl MemoryKeys {
    fn new(secrets: Secrets, entropy: Box<dyn Entropy>) -> MemoryKeys {
        let state = State { entropy, highest: 0, keys: BTreeMap::new(), erased: BTreeSet::new() };
        MemoryKeys { secrets, state: Mutex::new(state) }
    }

    pub(super) fn secrets(&self) -> &Secrets {
        &self.secrets
    }

    pub(super) fn nonce(&self) -> [u8; NONCE] {
        let mut nonce = [0; NONCE];
        self.state().entropy.fill(&mut nonce);
        nonce
    }

    pub(super) fn to_seal(&self, case: CaseId) -> Result<Secret, NoKey> {
        let mut state = self.state();
        if case.number() > state.highest.saturating_add(LEAP) {
            return Err(NoKey::Far);
        }
        if state.erased.contains(&case) {
            return Err(NoKey::Erased(case));
        }
        let State { entropy, keys, .. } = &mut *state;
        let key = keys.entry(case).or_insert_with(|| {
            let mut key = Secret([0; 32]);
            entropy.fill(&mut key.0);
            key
        });
        Ok(key.clone())
    }

    pub(super) fn to_open(&self, case: CaseId) -> Result<Secret, NoKey> {
        self.state().keys.get(&case).cloned().ok_or(NoKey::Erased(case))
    }

    fn on_record(&self, case: u32) {
        let mut state = self.state();
        state.highest = state.highest.max(case);
    }

    fn erase(&self, case: CaseId) {
        let mut state = self.state();
        state.keys.remove(&case);
        if case.number() <= state.highest {
            state.erased.insert(case);
        }
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
