//! Cuts the power at every call and shows that nothing acknowledged is lost; and that leaving out any kind of sync would
//! be noticed here.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex};

use super::sim::{Moment, Seeded, SimDisk, Verdict};
use super::suite::{case, draft};
use super::*;
use crate::case::{CaseId, Scope};
use crate::ports::*;

/// What has been promised at a moment.
#[derive(Clone, Default)]
struct Promised {
    acknowledged: Vec<Draft>,
    /// A batch on its way: each of its records may be there, whole and in order.
    trying: Vec<Draft>,
    erased: BTreeSet<CaseId>,
    erasing: Option<CaseId>,
    /// An opening is under way, and may find a tail.
    opening: bool,
    /// Bytes that may be set aside, never lost.
    tail: Option<Vec<u8>>,
}

/// What is done with a disk, and what was promised before.
struct Story {
    start: Moment,
    promised: Promised,
    script: fn(&mut Teller),
}

/// Tells a story, noting every moment at which the power could go.
struct Teller {
    disk: Arc<SimDisk>,
    promised: Arc<Mutex<Promised>>,
    full: Arc<AtomicBool>,
    journal: Option<FileJournal>,
    told: Arc<Mutex<(Moments, Vec<String>)>>,
}

type Moments = Vec<(Moment, Promised)>;

fn key() -> DataKey {
    DataKey::make(&mut Seeded::new(1))
}

fn open(disk: Arc<SimDisk>, seed: u64) -> Result<(FileJournal, Opened), OpenFault> {
    let options = Options {
        segment_size: 1500,
        keys_ahead: 4,
        trusted: None,
    };
    FileJournal::open(disk, &key(), Box::new(Seeded::new(seed)), &[], options)
}

fn records(journal: &FileJournal) -> Result<Vec<Record>, String> {
    let places = super::suite::outlines(journal, 1)
        .into_iter()
        .map(|outline| outline.place);
    places
        .map(|place| journal.read(place).map_err(|fault| fault.to_string()))
        .collect()
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
    fn tell(&self, lie: Option<usize>, syncs: &mut Vec<String>) -> Moments {
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
        if part.ends_with(".seg") {
            "segment".to_owned()
        } else {
            part.to_owned()
        }
    };
    call.split(' ').map(of_file).collect::<Vec<_>>().join(" ")
}

/// What may be on the plate after the power was cut at a moment.
fn remains(moment: &Moment, seed: u64) -> Vec<Moment> {
    let count = moment.unsynced();
    let mut all = vec![moment.cut(|_| false)];
    all.extend((1..=count).map(|prefix| moment.cut(|index| index < prefix)));
    if count <= 4 {
        all.extend((1..1_u32 << count).map(|bits| moment.cut(|index| bits >> index & 1 == 1)));
    } else {
        let mut random = Seeded::new(seed);
        for _ in 0..8 {
            let kept: Vec<bool> = (0..count).map(|_| random.below(2) == 1).collect();
            all.push(moment.cut(|index| kept[index]));
        }
    }
    all
}

/// Whether every promise holds on this plate.
fn holds(plate: Moment, promised: &Promised) -> Result<(), String> {
    let disk = Arc::new(SimDisk::at(plate));
    let (mut journal, opened) = open(Arc::clone(&disk), 30).map_err(|fault| fault.to_string())?;
    let found = records(&journal)?;
    let possible: Vec<&Draft> = promised.acknowledged.iter().chain(&promised.trying).collect();
    if found.len() < promised.acknowledged.len() || found.len() > possible.len() {
        return Err(format!(
            "{} records of {}",
            found.len(),
            promised.acknowledged.len()
        ));
    }
    if opened.cut.is_some() && promised.trying.is_empty() && !promised.opening {
        return Err("a tail, and nothing was being written".to_owned());
    }
    for (record, draft) in found.iter().zip(possible) {
        same(record, draft, promised)?;
    }
    if let Some(tail) = &promised.tail {
        let files = disk.moment().files();
        if !files
            .iter()
            .any(|(name, bytes)| name.starts_with("journal/cut-") && bytes == tail)
        {
            return Err("the tail is lost".to_owned());
        }
    }
    // It goes on, with an old case and a new one, and what it found and did is durable.
    let new = CaseId::new(opened.highest.map_or(1, |highest| highest.number() + 1)).unwrap();
    let more = draft(50, &[(Scope::Desk, "desk"), (Scope::Case(new), "more")]);
    let place = journal
        .append(journal.head(), &[more])
        .map_err(|fault| fault.to_string())?[0];
    let (head, last) = (
        journal.head(),
        journal.read(place).map_err(|fault| fault.to_string())?,
    );
    let (journal, opened) =
        open(Arc::new(SimDisk::at(disk.moment().cut(|_| false))), 31).map_err(|fault| fault.to_string())?;
    if (opened.head, opened.cut) != (head, None) || journal.read(place).ok() != Some(last) {
        return Err("what came after the crash is lost".to_owned());
    }
    Ok(())
}

fn same(record: &Record, draft: &Draft, promised: &Promised) -> Result<(), String> {
    let at = format!("record {}", record.outline.seq);
    if (record.outline.at, &record.outline.stamps) != (draft.at, &draft.stamps) {
        return Err(format!("{at} is another one"));
    }
    let scopes: Vec<Scope> = draft.parts.iter().map(|(scope, _)| *scope).collect();
    if record.outline.scopes != scopes {
        return Err(format!("{at} has other scopes"));
    }
    for (body, (scope, text)) in record.bodies.iter().zip(&draft.parts) {
        let (erased, erasing) = match scope {
            Scope::Desk => (false, false),
            Scope::Case(case) => (promised.erased.contains(case), promised.erasing == Some(*case)),
        };
        let fits = match body {
            Body::Erased => erased || erasing,
            Body::Open(found) => !erased && found == text,
        };
        if !fits {
            return Err(format!("{at}, {scope:?}: {body:?}"));
        }
    }
    Ok(())
}

/// Cuts the power at every moment of a story, in every way; the number of cuts, or the first broken promise.
fn survives(story: &Story, lie: Option<usize>, syncs: &mut Vec<String>) -> Result<usize, String> {
    let mut cuts = 0;
    for (index, (moment, promised)) in story.tell(lie, syncs).iter().enumerate() {
        for plate in remains(moment, index as u64) {
            cuts += 1;
            holds(plate, promised).map_err(|broken| format!("cut at call {index}: {broken}"))?;
        }
    }
    Ok(cuts)
}

fn long(minute: i64, number: u32) -> Draft {
    draft(minute, &[(case(number), &"long ".repeat(120))])
}

fn from_nothing(teller: &mut Teller) {
    teller.open();
    teller.append(&[draft(1, &[(case(1), "one"), (Scope::Desk, "desk")])]);
    teller.append(&[
        draft(2, &[(case(2), "two")]),
        long(3, 3),
        draft(4, &[(case(1), "on")]),
    ]);
    teller.erase(2);
    teller.append_full(&[
        draft(5, &[(case(3), "refused")]),
        draft(6, &[(case(3), "refused too")]),
    ]);
    teller.append(&[draft(7, &[(case(6), "new keys")])]);
    teller.append(&[long(8, 7), long(9, 8)]);
    teller.erase(1);
    teller.append(&[draft(10, &[(case(12), "more keys")])]);
}

fn open_and_go_on(teller: &mut Teller) {
    teller.open();
    let next = teller
        .journal
        .as_ref()
        .and_then(FileJournal::highest_case)
        .map_or(1, |highest| highest.number() + 1);
    teller.append(&[draft(20, &[(case(next), "on")])]);
    teller.append(&[long(21, next), draft(22, &[(case(next + 1), "and on")])]);
}

fn first_story() -> Story {
    Story {
        start: Moment::default(),
        promised: Promised::default(),
        script: from_nothing,
    }
}

/// A journal whose last batch is torn in its second record, and whose keys were torn while written ahead.
fn torn_story() -> Story {
    let moments = first_story().tell(None, &mut Vec::new());
    let (moment, mut promised) = moments.last().unwrap().clone();
    let disk = Arc::new(SimDisk::at(moment.cut(|_| true)));
    let (mut journal, _) = open(Arc::clone(&disk), 40).unwrap();
    let before = disk.moment().files();
    let first = draft(11, &[(case(3), "whole")]);
    journal
        .append(journal.head(), &[first.clone(), long(12, 3)])
        .unwrap();
    promised.acknowledged.push(first);
    promised.opening = true;
    let mut files = disk.moment().files();
    let (last, bytes) = files
        .iter_mut()
        .filter(|(name, _)| name.ends_with(".seg"))
        .next_back()
        .unwrap();
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
    Story {
        start: Moment::of(&files),
        promised,
        script: open_and_go_on,
    }
}

/// The process was killed, the power stays: for each moment of the first story, what the system still held in memory.
fn killed_stories() -> Vec<Story> {
    let moments = first_story().tell(None, &mut Vec::new());
    let story = |(start, promised)| Story {
        start,
        promised: Promised {
            opening: true,
            ..promised
        },
        script: open_and_go_on,
    };
    moments.into_iter().map(story).collect()
}

#[test]
fn a_power_cut_at_any_call_loses_nothing_acknowledged() {
    let mut cuts = survives(&first_story(), None, &mut Vec::new()).unwrap();
    assert!(cuts > 200, "{cuts}");
    cuts = survives(&torn_story(), None, &mut Vec::new()).unwrap();
    assert!(cuts > 50, "{cuts}");
}

#[test]
fn a_power_cut_after_a_kill_loses_nothing_that_was_shown() {
    for (index, story) in killed_stories().iter().enumerate() {
        survives(story, None, &mut Vec::new())
            .unwrap_or_else(|broken| panic!("killed at call {index}: {broken}"));
    }
}

#[test]
fn every_kind_of_sync_is_needed() {
    let mut stories = vec![first_story(), torn_story()];
    stories.extend(killed_stories());
    let mut noticed: BTreeMap<String, bool> = BTreeMap::new();
    for story in &stories {
        let mut syncs = Vec::new();
        story.tell(None, &mut syncs);
        for (index, name) in syncs.into_iter().enumerate() {
            if !noticed.get(&name).copied().unwrap_or(false) {
                let broken = survives(story, Some(index), &mut Vec::new()).is_err();
                noticed.insert(name, broken);
            }
        }
    }
    let unneeded: Vec<&String> = noticed
        .iter()
        .filter(|(_, noticed)| !**noticed)
        .map(|(name, _)| name)
        .collect();
    assert!(
        unneeded.is_empty(),
        "nobody would notice: {unneeded:#?}\nof {noticed:#?}"
    );
    let kinds: Vec<&str> = noticed.keys().map(String::as_str).collect();
    assert_eq!(kinds, KINDS);
}

/// Every kind of sync there is: when, after which call, of what.
const KINDS: &[&str] = &[
    "erasing: write, sync keys",
    "open: rename, sync_dir journal",
    "open: set_len, sync segment",
    "open: write, sync journal/next",
    "open: write, sync keys",
    "open: write, sync segment",
    "opening: , sync_dir journal",
    "opening: rename, sync_dir ",
    "opening: rename, sync_dir journal",
    "opening: set_len, sync segment",
    "opening: sync, sync_dir ",
    "opening: sync_dir, sync keys",
    "opening: sync_dir, sync segment",
    "opening: sync_dir, sync_dir ",
    "opening: write, sync journal/cut.new",
    "opening: write, sync journal/next",
    "opening: write, sync keys",
    "opening: write, sync keys.new",
];
