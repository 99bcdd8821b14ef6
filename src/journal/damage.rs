//! Changes a stored journal in every small way and shows that none goes unnoticed; and what failing disks are answered.

use std::collections::BTreeMap;
use std::sync::Arc;

use super::sim::{Moment, Seeded, SimDisk, Verdict};
use super::suite::{case, draft, outlines};
use super::*;
use crate::case::{CaseId, Scope};
use crate::ports::*;

type Files = BTreeMap<String, Vec<u8>>;

fn key() -> DataKey {
    DataKey::make(&mut Seeded::new(1))
}

fn options() -> Options {
    Options { segment_size: 700, keys_ahead: 3, trusted: None }
}

fn open(disk: &Arc<SimDisk>, remembered: &[Head]) -> Result<(FileJournal, Opened), OpenFault> {
    FileJournal::open(
        Arc::clone(disk) as Arc<dyn Disk>,
        &key(),
        Box::new(Seeded::new(2)),
        remembered,
        options(),
    )
}

fn disk_of(files: &Files) -> Arc<SimDisk> {
    Arc::new(SimDisk::at(Moment::of(files)))
}

fn records(journal: &FileJournal) -> Vec<Record> {
    outlines(journal, 1).iter().map(|outline| journal.read(outline.place).unwrap()).collect()
}

/// Three batches over two segments, the first case erased; its files, its records, its head.
fn small() -> (Files, Vec<Record>, Head) {
    let disk = Arc::new(SimDisk::default());
    let (mut journal, _) = open(&disk, &[]).unwrap();
    for batch in [
        vec![draft(1, &[(case(1), "one"), (Scope::Desk, "desk")]), draft(2, &[(case(2), "two")])],
        vec![draft(3, &[(case(2), "three"), (case(3), "three")])],
        vec![draft(4, &[(case(3), "four")]), draft(5, &[(Scope::Desk, "five")])],
    ] {
        journal.append(journal.head(), &batch).unwrap();
    }
    journal.erase(CaseId::FIRST).unwrap();
    let files = disk.moment().files();
    assert_eq!(files.keys().filter(|name| name.ends_with(".seg")).count(), 2, "{:?}", files.keys());
    (files, records(&journal), journal.head())
}

/// Opens changed files; what was not refused answers as before, but for a last batch that is said to be cut.
fn noticed(files: &Files, all: &[Record], head: Head, what: &str) {
    let disk = disk_of(files);
    let verified = verify(&*disk, None, None);
    match open(&disk, &[]) {
        Err(fault) => assert!(fault.to_string().len() > 20, "{what}: {fault}"),
        Ok((journal, opened)) => {
            let found = records(&journal);
            assert_eq!(found, all[..found.len()], "{what}");
            assert!(
                found.len() == all.len() || (found.len() >= 3 && opened.cut.is_some()),
                "{what}: {opened:?}"
            );
            let verified = verified.unwrap();
            assert_eq!(verified.head, opened.head, "{what}");
            assert_eq!(verified.unfinished.map(|rest| rest.bytes), opened.cut.map(|cut| cut.bytes), "{what}");
        }
    }
    let disk = disk_of(files);
    match open(&disk, &[head]) {
        Err(_) => assert_eq!(disk.moment().files(), *files, "{what}: a refusal changes nothing"),
        Ok((journal, opened)) => assert_eq!((records(&journal), opened.cut), (all.to_vec(), None), "{what}"),
    }
}

#[test]
fn a_flipped_bit_in_any_byte_is_noticed() {
    let (files, all, head) = small();
    noticed(&files, &all, head, "as it was");
    for (name, bytes) in &files {
        for at in 0..bytes.len() {
            let mut changed = files.clone();
            changed.get_mut(name).unwrap()[at] ^= 1 << (at % 8);
            noticed(&changed, &all, head, &format!("{name}, byte {at}"));
            if name.ends_with(".seg") {
                let refused = open(&disk_of(&changed), &[head]).unwrap_err().to_string();
                assert!(refused.contains(name), "{name}, byte {at}: {refused}");
            }
        }
    }
}

#[test]
fn every_truncation_is_noticed_or_leaves_whole_records() {
    let (files, all, head) = small();
    let last = files.keys().rfind(|name| name.ends_with(".seg")).unwrap();
    for (name, bytes) in &files {
        for len in 0..bytes.len() {
            let mut changed = files.clone();
            changed.get_mut(name).unwrap().truncate(len);
            let remembered = open(&disk_of(&changed), &[head]);
            if name.ends_with(".seg") {
                assert!(remembered.is_err(), "{name} cut to {len}");
            } else if let Ok((journal, _)) = remembered {
                assert_eq!(records(&journal), all, "{name} cut to {len}");
            }
            if let (Ok((journal, _)), true) = (open(&disk_of(&changed), &[]), name.ends_with(".seg")) {
                assert_eq!(name, last, "cut to {len}");
                let found = records(&journal);
                assert_eq!(found, all[..found.len()], "{name} cut to {len}");
            }
        }
    }
}

#[test]
fn every_missing_file_is_noticed() {
    let (files, _, head) = small();
    for name in files.keys() {
        let mut changed = files.clone();
        changed.remove(name);
        assert!(open(&disk_of(&changed), &[head]).is_err(), "{name}");
    }
    let only =
        |end: &str| files.clone().into_iter().filter(|(name, _)| name.ends_with(end)).collect::<Files>();
    assert!(matches!(open(&disk_of(&only("keys")), &[]), Err(OpenFault::Gone)));
    assert!(matches!(open(&disk_of(&only(".seg")), &[]), Err(OpenFault::KeysMissing)));
    assert!(matches!(open(&disk_of(&Files::new()), &[head]), Err(OpenFault::Forgotten(..))));
    let first = files.keys().next().unwrap();
    let mut changed = files.clone();
    changed.remove(first);
    let fault = open(&disk_of(&changed), &[]).unwrap_err();
    assert!(matches!(&fault, OpenFault::Missing { file, .. } if file == first), "{fault}");
}

#[test]
fn moved_doubled_and_foreign_bytes_are_refused() {
    let (files, all, _) = small();
    let last = files.keys().rfind(|name| name.ends_with(".seg")).unwrap().clone();
    let base = u64::from_str_radix(&last[8..24], 16).unwrap();
    let starts: Vec<usize> = all
        .iter()
        .filter_map(|record| record.outline.place.0.checked_sub(base))
        .map(|offset| usize::try_from(offset).unwrap())
        .collect();
    let [.., fourth, fifth] = starts[..] else { panic!("{starts:?}") };
    let refused = |change: &dyn Fn(&mut Vec<u8>), what: &str| {
        let mut changed = files.clone();
        change(changed.get_mut(&last).unwrap());
        let answer = open(&disk_of(&changed), &[]);
        assert!(matches!(answer, Err(OpenFault::Damaged { .. })), "{what}");
    };
    refused(&|bytes| bytes.extend_from_within(fourth..), "the last batch twice");
    refused(&|bytes| bytes[fourth..].rotate_left(fifth - fourth), "two records exchanged");
    let mut changed = files.clone();
    changed.insert("journal/old.seg".to_owned(), vec![1, 2, 3]);
    assert!(matches!(open(&disk_of(&changed), &[]), Err(OpenFault::Foreign { .. })));
}

#[test]
fn another_data_key_and_another_journal_are_named() {
    let (files, _, head) = small();
    let disk: Arc<dyn Disk> = disk_of(&files);
    let other = DataKey::make(&mut Seeded::new(9));
    let answer = FileJournal::open(Arc::clone(&disk), &other, Box::new(Seeded::new(2)), &[], options());
    assert!(matches!(answer, Err(OpenFault::WrongKey)));
    assert!(matches!(export(disk, &other), Err(OpenFault::WrongKey)));
    let wrong = Head { hash: Hash([1; 32]), ..head };
    assert!(matches!(open(&disk_of(&files), &[wrong]), Err(OpenFault::Forgotten(..))));
    let beyond = Head { seq: Seq(6), ..head };
    assert!(matches!(open(&disk_of(&files), &[head, beyond]), Err(OpenFault::Forgotten(..))));
    let quick = Options { trusted: Some((Place(128), wrong)), ..options() };
    let answer = FileJournal::open(disk_of(&files), &key(), Box::new(Seeded::new(2)), &[], quick);
    assert!(matches!(answer, Err(OpenFault::Trusted(_))));
}

#[test]
fn a_quick_start_checks_the_end_and_reads_all() {
    let (files, all, head) = small();
    for record in &all {
        let outline = &record.outline;
        let trusted = Some((outline.place, Head { seq: outline.seq, hash: outline.hash }));
        let early = Head { seq: Seq(1), hash: all[0].outline.hash };
        let quick = Options { trusted, ..options() };
        let answer =
            FileJournal::open(disk_of(&files), &key(), Box::new(Seeded::new(2)), &[early, head], quick)
                .unwrap();
        assert_eq!(answer.1.checked, 5 - outline.seq.0);
        assert_eq!((answer.1.head, answer.1.highest, answer.1.erased), (head, CaseId::new(3), None));
        assert_eq!(answer.0.check_keys().unwrap(), [CaseId::FIRST]);
        assert_eq!(records(&answer.0), all);
    }
}

#[test]
fn what_is_damaged_before_a_trusted_record_is_named_and_hides_no_head() {
    let (files, all, head) = small();
    let [first, second, .., last] = &all[..] else { panic!("five records") };
    let quick = |files: &Files, remembered: &[Head]| {
        let trusted = Some((last.outline.place, head));
        let quick = Options { trusted, ..options() };
        let entropy = Box::new(Seeded::new(2));
        FileJournal::open(disk_of(files), &key(), entropy, remembered, quick)
    };
    let mut changed = files.clone();
    let at = usize::try_from(first.outline.place.0).unwrap() + 40;
    changed.values_mut().next().unwrap()[at] ^= 1;
    // The end was trusted and is not walked up to.
    let (_, opened) = quick(&changed, &[head]).unwrap();
    assert_eq!((opened.head, opened.checked), (head, 0));
    let named = |fault: OpenFault| match fault {
        OpenFault::Damaged { seq, .. } => assert_eq!(seq, Seq(1)),
        other => panic!("{other}"),
    };
    named(verify(&*disk_of(&changed), None, None).unwrap_err());
    // A head behind the damage is not called missing.
    let behind = Head { seq: second.outline.seq, hash: second.outline.hash };
    named(quick(&changed, &[behind]).unwrap_err());
    quick(&files, &[behind, head]).unwrap();
}

#[test]
fn what_was_set_aside_is_never_overwritten() {
    let (mut files, _, _) = small();
    let last = files.keys().rfind(|name| name.ends_with(".seg")).unwrap().clone();
    files.get_mut(&last).unwrap().extend_from_slice(b"remains");
    files.insert("journal/cut-5".to_owned(), b"others!".to_vec());
    let disk = disk_of(&files);
    let (_, opened) = open(&disk, &[]).unwrap();
    let cut = opened.cut.unwrap();
    assert_eq!((cut.after, cut.file.as_str(), cut.bytes), (Seq(5), "journal/cut-5-2", 7));
    let found = disk.moment().files();
    assert_eq!((&*found["journal/cut-5"], &*found["journal/cut-5-2"]), (&b"others!"[..], &b"remains"[..]));
}

#[test]
fn a_disk_that_fails_ends_writing_and_leaves_reading() {
    for failing in
        ["sync journal/0", "write journal/0", "sync keys", "write keys", "rename", "sync_dir", "set_len"]
    {
        let (files, all, head) = small();
        let disk = disk_of(&files);
        let (mut journal, _) = open(&disk, &[]).unwrap();
        disk.watch(move |_, call| match call {
            call if call.starts_with(failing) => Verdict::Fail,
            // So that the length must be set back.
            call if failing == "set_len" && call.starts_with("write journal/0") => Verdict::Full,
            _ => Verdict::Done,
        });
        let roomy = draft(6, &[(case(60), &"long ".repeat(100))]);
        for _ in 0..2 {
            let answer = journal.append(head, std::slice::from_ref(&roomy));
            assert!(matches!(answer, Err(AppendFault::Lost(_))), "{failing}: {answer:?}");
            disk.unwatch();
        }
        assert!(matches!(journal.erase(CaseId::FIRST), Err(AppendFault::Lost(_))));
        assert_eq!((journal.head(), records(&journal)), (head, all), "{failing}");
    }
}

#[test]
fn a_full_disk_refuses_and_goes_on_when_there_is_room() {
    for full in ["write journal/0", "write journal/next", "create journal/next", "write keys"] {
        let (files, all, head) = small();
        let disk = disk_of(&files);
        let (mut journal, _) = open(&disk, &[]).unwrap();
        disk.watch(move |_, call| if call.starts_with(full) { Verdict::Full } else { Verdict::Done });
        let roomy = draft(6, &[(case(60), &"long ".repeat(100))]);
        for _ in 0..2 {
            let answer = journal.append(head, std::slice::from_ref(&roomy));
            assert!(matches!(answer, Err(AppendFault::Full)), "{full}: {answer:?}");
        }
        assert_eq!((journal.head(), records(&journal)), (head, all), "{full}");
        disk.unwatch();
        journal.append(head, &[roomy]).unwrap();
        let (again, opened) = open(&disk, &[head, journal.head()]).unwrap();
        assert_eq!((opened.head, opened.cut, records(&again)), (journal.head(), None, records(&journal)));
    }
}
