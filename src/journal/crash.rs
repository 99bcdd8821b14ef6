//! Cuts the power at every call and shows that nothing acknowledged is lost; and that leaving out any kind of sync would
//! be noticed here.

use std::collections::BTreeMap;
use std::sync::Arc;

use super::sim::{Moment, Seeded, SimDisk};
use super::story::{Promised, Story, first_story, killed_stories, open, records, torn_story};
use super::suite::draft;
use super::verify;
use crate::case::{CaseId, Scope};
use crate::ports::*;

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
        return Err(format!("{} records of {}", found.len(), promised.acknowledged.len()));
    }
    if opened.cut.is_some() && promised.trying.is_empty() && !promised.opening {
        return Err("a tail, and nothing was being written".to_owned());
    }
    for (record, draft) in found.iter().zip(possible) {
        same(record, draft, promised)?;
    }
    if let Some(tail) = &promised.tail {
        let files = disk.moment().files();
        if !files.iter().any(|(name, bytes)| name.starts_with("journal/cut-") && bytes == tail) {
            return Err("the tail is lost".to_owned());
        }
    }
    // It goes on, with an old case and a new one, and what it found and did is durable.
    let new = CaseId::new(opened.highest.map_or(1, |highest| highest.number() + 1)).unwrap();
    let more = draft(50, &[(Scope::Desk, "desk"), (Scope::Case(new), "more")]);
    let place = journal.append(journal.head(), &[more]).map_err(|fault| fault.to_string())?[0];
    let (head, last) = (journal.head(), journal.read(place).map_err(|fault| fault.to_string())?);
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
            Scope::Case(case) => (
                promised.erased.contains(case),
                [promised.erasing, promised.perhaps_erased].contains(&Some(*case)),
            ),
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
fn a_live_journal_verifies_at_every_moment() {
    let moments = first_story().tell(None, &mut Vec::new());
    let mut seen = 0;
    for (moment, promised) in moments.iter().filter(|(_, promised)| !promised.opening) {
        // Prefixes of what is being written, as another process may come to see it.
        for shown in 0..=moment.unsynced() {
            let verified = verify(&SimDisk::at(moment.cut(|index| index < shown)), None, None).unwrap();
            let records = verified.records as usize;
            assert!(records >= promised.acknowledged.len());
            assert!(records <= promised.acknowledged.len() + promised.trying.len());
            seen += 1;
        }
    }
    assert!(seen > 50, "{seen}");
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
    let unneeded: Vec<&String> =
        noticed.iter().filter(|(_, noticed)| !**noticed).map(|(name, _)| name).collect();
    assert!(unneeded.is_empty(), "nobody would notice: {unneeded:#?}\nof {noticed:#?}");
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
