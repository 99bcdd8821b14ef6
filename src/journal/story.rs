//! What is done with a simulated disk, step by step, with what is promised at each moment; `crash.rs` cuts the power there.

use std::collections::BTreeSet;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex};

use super::sim::{Moment, Seeded, SimDisk, Verdict};
use super::suite::{case, draft};
use super::*;
use crate::case::{CaseId, Scope};
use crate::ports::*;

/// What has been promised at a moment.
#[derive(Clone, Default)]
pub(super) struct Promised {
    pub(super) acknowledged: Vec<Draft>,
    /// A batch on its way: each of its records may be there, whole and in order.
    pub(super) trying: Vec<Draft>,
    pub(super) erased: BTreeSet<CaseId>,
    pub(super) erasing: Option<CaseId>,
    /// A process was killed while it erased this one.
    pub(super) perhaps_erased: Option<CaseId>,
    /// An opening is under way, and may find a tail.
    pub(super) opening: bool,
    /// Bytes that may be set aside, never lost.
    pub(super) tail: Option<Vec<u8>>,
}

/// What is done with a disk, and what was promised before.
pub(super) struct Story {
    pub(super) start: Moment,
    pub(super) promised: Promised,
    pub(super) script: fn(&mut Teller),
}

/// Tells a story, noting every moment at which the power could go.
pub(super) struct Teller {
    disk: Arc<SimDisk>,
    promised: Arc<Mutex<Promised>>,
    full: Arc<AtomicBool>,
    journal: Option<FileJournal>,
    told: Arc<Mutex<(Moments, Vec<String>)>>,
}

pub(super) type Moments = Vec<(Moment, Promised)>;

fn key() -> DataKey {
    DataKey::make(&mut Seeded::new(1))
}

pub(super) fn open(disk: Arc<SimDisk>, seed: u64) -> Result<(FileJournal, Opened), OpenFault> {
    let options = Options { segment_size: 1500, keys_ahead: 4, trusted: None };
    FileJournal::open(disk, &key(), Box::new(Seeded::new(seed)), &[], options)
}

pub(super) fn records(journal: &FileJournal) -> Result<Vec<Record>, String> {
    let places = super::suite::outlines(journal, 1).into_iter().map(|outline| outline.place);
    places.map(|place| journal.read(place).map_err(|fault| fault.to_string())).collect()
}

impl Teller {
    fn open(&mut self) {
        self.promised.lock().unwrap().opening = true;
        let Ok((journal, _)) = open(Arc::clone(&self.disk), 20) else {
            return;
        };
        let mut promised = self.promised.lock().unwrap();
        // What was shown to the desk stays, acknowledged before or not.
        let found = usize::try_from(journal.head().seq.0).unwrap();
        let tried = std::mem::take(&mut promised.trying);
        promised.acknowledged.extend(tried);
        promised.acknowledged.truncate(found);
        promised.opening = false;
        drop(promised);
        self.journal = Some(journal);
        // The next call comes when something else is promised already.
        let now = self.promised.lock().unwrap().clone();
        self.told.lock().unwrap().0.push((self.disk.moment(), now));
    }

    fn append(&mut self, batch: &[Draft]) {
        let Some(journal) = self.journal.as_mut() else {
            return;
        };
        self.promised.lock().unwrap().trying = batch.to_vec();
        let answer = journal.append(journal.head(), batch);
        let mut promised = self.promised.lock().unwrap();
        promised.trying.clear();
        match answer {
            Ok(_) => promised.acknowledged.extend_from_slice(batch),
            Err(AppendFault::Full) => assert!(self.full.load(Ordering::Relaxed)),
            Err(fault) => panic!("{fault}"),
        }
    }

    fn append_full(&mut self, batch: &[Draft]) {
        self.full.store(true, Ordering::Relaxed);
        self.append(batch);
        self.full.store(false, Ordering::Relaxed);
    }

    fn erase(&mut self, number: u32) {
        let Some(journal) = self.journal.as_mut() else {
            return;
        };
        let case = CaseId::new(number).unwrap();
        self.promised.lock().unwrap().erasing = Some(case);
        journal.erase(case).unwrap();
        let mut promised = self.promised.lock().unwrap();
        promised.erasing = None;
        promised.erased.insert(case);
    }
}

impl Story {
    /// All moments of it. The `lie`th sync is not done; `syncs` gets the name of each.
    pub(super) fn tell(&self, lie: Option<usize>, syncs: &mut Vec<String>) -> Moments {
        let disk = Arc::new(SimDisk::at(self.start.clone()));
        let promised = Arc::new(Mutex::new(self.promised.clone()));
        let full = Arc::new(AtomicBool::new(false));
        let told: Arc<Mutex<(Moments, Vec<String>)>> = Arc::default();
        let (watched, model, out_of_room) = (Arc::clone(&told), Arc::clone(&promised), Arc::clone(&full));
        let mut before = String::new();
        disk.watch(move |moment, call| {
            let mut told = watched.lock().unwrap();
            let now = model.lock().unwrap().clone();
            told.0.push((moment.clone(), now.clone()));
            let last = std::mem::replace(&mut before, call.split(' ').next().unwrap().to_owned());
            if call.starts_with("sync") {
                let during = match (now.opening, now.erasing) {
                    (true, _) => "opening",
                    (false, Some(_)) => "erasing",
                    (false, None) => "open",
                };
                told.1.push(format!("{during}: {last}, {}", kind(call)));
                if lie == Some(told.1.len() - 1) {
                    return Verdict::Lie;
                }
            }
            if call.starts_with("write journal/0") && out_of_room.load(Ordering::Relaxed) {
                return Verdict::Full;
            }
            Verdict::Done
        });
        let mut teller = Teller {
            disk: Arc::clone(&disk),
            promised: Arc::clone(&promised),
            full,
            journal: None,
            told: Arc::clone(&told),
        };
        (self.script)(&mut teller);
        disk.unwatch();
        let (mut moments, names) = std::mem::take(&mut *told.lock().unwrap());
        moments.push((disk.moment(), promised.lock().unwrap().clone()));
        *syncs = names;
        moments
    }
}

fn kind(call: &str) -> String {
    let of_file = |part: &str| {
        if part.ends_with(".seg") { "segment".to_owned() } else { part.to_owned() }
    };
    call.split(' ').map(of_file).collect::<Vec<_>>().join(" ")
}

fn long(minute: i64, number: u32) -> Draft {
    draft(minute, &[(case(number), &"long ".repeat(120))])
}

fn from_nothing(teller: &mut Teller) {
    teller.open();
    teller.append(&[draft(1, &[(case(1), "one"), (Scope::Desk, "desk")])]);
    teller.append(&[draft(2, &[(case(2), "two")]), long(3, 3), draft(4, &[(case(1), "on")])]);
    teller.erase(2);
    teller.append_full(&[draft(5, &[(case(3), "refused")]), draft(6, &[(case(3), "refused too")])]);
    teller.append(&[draft(7, &[(case(6), "new keys")])]);
    teller.append(&[long(8, 7), long(9, 8)]);
    teller.erase(1);
    teller.append(&[draft(10, &[(case(12), "more keys")])]);
}

fn open_and_go_on(teller: &mut Teller) {
    teller.open();
    let next =
        teller.journal.as_ref().and_then(FileJournal::highest_case).map_or(1, |highest| highest.number() + 1);
    teller.append(&[draft(20, &[(case(next), "on")])]);
    teller.append(&[long(21, next), draft(22, &[(case(next + 1), "and on")])]);
}

pub(super) fn first_story() -> Story {
    Story { start: Moment::default(), promised: Promised::default(), script: from_nothing }
}

/// A journal whose last batch is torn in its second record, and whose keys were torn while written ahead.
pub(super) fn torn_story() -> Story {
    let moments = first_story().tell(None, &mut Vec::new());
    let (moment, mut promised) = moments.last().unwrap().clone();
    let disk = Arc::new(SimDisk::at(moment.cut(|_| true)));
    let (mut journal, _) = open(Arc::clone(&disk), 40).unwrap();
    let before = disk.moment().files();
    let first = draft(11, &[(case(3), "whole")]);
    journal.append(journal.head(), &[first.clone(), long(12, 3)]).unwrap();
    promised.acknowledged.push(first);
    promised.opening = true;
    let mut files = disk.moment().files();
    let (last, bytes) = files.iter_mut().rfind(|(name, _)| name.ends_with(".seg")).unwrap();
    bytes.truncate(bytes.len() - 70);
    let start = usize::try_from(super::suite::outlines(&journal, 1).last().unwrap().place.0).unwrap();
    let base =
        usize::from_str_radix(last.trim_start_matches("journal/").trim_end_matches(".seg"), 16).unwrap();
    promised.tail = Some(bytes[start - base..].to_vec());
    let keys = files.get_mut("keys").unwrap();
    let end = keys.len();
    keys[end - 150..].fill(0xee);
    keys.truncate(end - 20);
    assert!(before.len() <= files.len());
    Story { start: Moment::of(&files), promised, script: open_and_go_on }
}

/// The process was killed, the power stays: for each moment of the first story, what the system still held in memory.
pub(super) fn killed_stories() -> Vec<Story> {
    let moments = first_story().tell(None, &mut Vec::new());
    let story = |(start, promised): (Moment, Promised)| Story {
        start,
        promised: Promised { opening: true, perhaps_erased: promised.erasing, erasing: None, ..promised },
        script: open_and_go_on,
    };
    moments.into_iter().map(story).collect()
}
