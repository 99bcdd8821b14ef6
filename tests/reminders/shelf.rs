//! What the simulated desk stands on: terms whose clocks the oracle knows, a journal that can be looked at, an index that
//! outlives its desk, and chance.

use std::ops::ControlFlow;
use std::sync::{Arc, Mutex};

use chrono::NaiveTime;
use docket::case::{CaseId, ClockRule, Extension, IdleTerms, Scope, Span, Start, Stop, Term, Terms};
use docket::desk::Desk;
use docket::files::MemoryFiles;
use docket::ports::{
    AppendFault, Changes, Draft, Facet, Head, Index, IndexFault, Journal, Outline, Part, Place, ReadFault,
    Record, Seq,
};
use docket::rehearsal::terms;
use docket::store::MemoryIndex;

pub use crate::chance::Draw;
use crate::oracle::DIGEST;
use crate::room::SharedJournal;

/// The kinds that people open, with their clocks: hours, or days.
pub const KINDS: &[(&str, &[(&str, Length)])] = &[
    ("intimate", &[("takedown", Length::Hours(6))]),
    ("other", &[("look", Length::Hours(47))]),
    ("terms", &[("answer", Length::Days(20))]),
    ("complaint", &[("answer", Length::Days(60))]),
    ("referral", &[("answer", Length::Days(100)), ("review", Length::Days(30))]),
    // Nothing counts for it, so it comes up when nothing happens.
    ("information", &[]),
];

/// The clocks that no policy lists: the letter to whoever asks for secrecy, the order that they serve, the gag without an end.
pub const SECRECY_LETTER: &str = "secrecy-letter";
pub const SECRECY: &str = "secrecy";
pub const GAG: &str = "gag";
/// The question that comes up where nothing happens.
pub const IDLE: &str = "idle";
/// Of how many days they are.
pub const SECRECY_WITHIN: u32 = 6;
pub const SERVE_WITHIN: u32 = 10_000;
pub const ASK_EVERY: u32 = 35;
pub const IDLE_AFTER: u32 = 9;

#[derive(Clone, Copy)]
pub enum Length {
    Hours(u32),
    Days(u32),
}

pub fn open(journal: &Recorder, index: &SharedIndex, terms: &Terms) -> Desk {
    let (journal, index) = (Box::new(journal.clone()), Box::new(index.clone()));
    Desk::open(journal, index, Box::new(MemoryFiles::default()), terms.clone(), &mut |_| {}).unwrap()
}

/// The rehearsal's terms, with clocks that the oracle knows.
pub fn simulated() -> Terms {
    let mut terms = terms().unwrap();
    let rule = |kind: &str, clock: &str, length: Length| ClockRule {
        name: clock.to_owned(),
        title: format!("{clock} due"),
        kinds: vec![kind.to_owned()],
        only: Vec::new(),
        from: Start::Received,
        term: Term::of(match length {
            Length::Hours(count) => Span::Hours(count),
            Length::Days(count) => Span::Days(count),
        }),
        not_before: None,
        until: Stop::Answered,
        pauses: false,
        extension: Some(Extension {
            most: Term::of(Span::Days(40)),
            times: 1,
            before_end: false,
            letter: None,
        }),
        calendar: None,
        lapses: false,
        lasts: false,
        tasks: None,
        calls: None,
    };
    let clocks = KINDS
        .iter()
        .flat_map(|(kind, clocks)| clocks.iter().map(move |(clock, length)| rule(kind, clock, *length)));
    for policy in terms.policies.values_mut() {
        policy.clocks = clocks.clone().collect();
        policy.notice.ask_order_within = Some(Span::Days(SECRECY_WITHIN));
        // Nothing lapses within two years, wherever a clock may leap to.
        policy.notice.serve_within = Span::Days(SERVE_WITHIN);
        policy.idle = Some(IdleTerms { after: Span::Days(IDLE_AFTER), waiting: Span::Days(IDLE_AFTER) });
        policy.gag.ask_every = Span::Days(ASK_EVERY);
    }
    terms.reminders.digest = NaiveTime::from_hms_opt(DIGEST.0, DIGEST.1, 0).unwrap();
    terms
}

pub fn name(clock: &str) -> &'static str {
    let all = KINDS.iter().flat_map(|(_, clocks)| clocks.iter()).map(|(name, _)| *name);
    let mut all = all.chain([SECRECY_LETTER, SECRECY, GAG, IDLE]);
    all.find(|name| *name == clock).unwrap_or_else(|| panic!("no such clock: {clock}"))
}

/// An index in memory that outlives its desk.
#[derive(Clone, Default)]
pub struct SharedIndex(Arc<Mutex<MemoryIndex>>);

impl Index for SharedIndex {
    fn head(&self) -> Option<Head> {
        self.0.lock().unwrap().head()
    }
    fn value(&self, scope: Scope) -> Result<Option<Vec<u8>>, IndexFault> {
        self.0.lock().unwrap().value(scope)
    }
    fn numbers(&self, facet: &Facet, from: u64) -> Result<Vec<u64>, IndexFault> {
        self.0.lock().unwrap().numbers(facet, from)
    }
    fn apply(&mut self, head: Head, changes: Changes) -> Result<(), IndexFault> {
        self.0.lock().unwrap().apply(head, changes)
    }
    fn begin_rebuild(&mut self) -> Result<(), IndexFault> {
        self.0.lock().unwrap().begin_rebuild()
    }
    fn load(&mut self, put: Vec<(Scope, Vec<u8>)>, add: Vec<(Facet, u64)>) -> Result<(), IndexFault> {
        self.0.lock().unwrap().load(put, add)
    }
    fn finish_rebuild(&mut self, head: Head) -> Result<(), IndexFault> {
        self.0.lock().unwrap().finish_rebuild(head)
    }
    fn close(self: Box<Self>) -> Result<(), IndexFault> {
        Ok(())
    }
}

impl Draw {
    pub fn one_of<'a, T>(&mut self, of: &'a [T]) -> &'a T {
        &of[self.below(of.len() as u64) as usize]
    }
}

/// The journal, with the places of its records.
#[derive(Clone)]
pub struct Recorder {
    pub inner: SharedJournal,
    pub places: Arc<Mutex<Vec<Place>>>,
}

impl Recorder {
    pub fn new() -> Recorder {
        Recorder { inner: SharedJournal::new(), places: Arc::default() }
    }
}

impl Journal for Recorder {
    fn head(&self) -> Head {
        self.inner.head()
    }
    fn append(&mut self, expected: Head, batch: &[Draft]) -> Result<Vec<Place>, AppendFault> {
        let places = self.inner.append(expected, batch)?;
        self.places.lock().unwrap().extend(&places);
        Ok(places)
    }
    fn scan(&self, from: Seq, each: &mut dyn FnMut(Outline) -> ControlFlow<()>) -> Result<(), ReadFault> {
        self.inner.scan(from, each)
    }
    fn read(&self, place: Place) -> Result<Record, ReadFault> {
        self.inner.read(place)
    }
    fn read_part(&self, place: Place, scope: Scope) -> Result<Option<Part>, ReadFault> {
        self.inner.read_part(place, scope)
    }
    fn erase(&mut self, case: CaseId) -> Result<(), AppendFault> {
        self.inner.erase(case)
    }
    fn keyed(&self, purpose: &str, bytes: &[u8]) -> [u8; 16] {
        self.inner.keyed(purpose, bytes)
    }
}
