//! What every journal does, whatever it is kept in. A new implementation passes all of this before it is used.

use std::ops::ControlFlow;
use std::sync::Arc;

use chrono::{DateTime, TimeDelta, Utc};

use super::sim::{Seeded, SimDisk};
use super::*;
use crate::case::{CaseId, Scope};
use crate::ports::*;

/// A journal to try, and its handle for workers.
pub(crate) type Made = (Box<dyn Journal>, Sealer);

/// Runs the whole suite; every check gets a journal of its own.
pub(crate) fn every_journal_passes(make: &dyn Fn() -> Made) {
    for check in [
        appends_in_order,
        a_conflict_writes_nothing,
        scans_from_anywhere_and_stops_when_told,
        reads_records_and_parts,
        erasing_destroys_one_case,
        a_case_that_is_not_on_record_can_be_used_after_erasing,
        what_is_unfit_writes_nothing,
        times_are_kept_to_the_millisecond,
        keyed_hashes_are_stable_and_differ,
        blobs_open_only_for_their_scope_and_purpose,
    ] {
        let (mut journal, sealer) = make();
        check(&mut *journal, &sealer);
    }
}

pub(crate) fn case(number: u32) -> Scope {
    Scope::Case(CaseId::new(number).unwrap())
}

fn id(number: u32) -> CaseId {
    CaseId::new(number).unwrap()
}

pub(crate) fn draft(minute: i64, parts: &[(Scope, &str)]) -> Draft {
    Draft {
        at: DateTime::UNIX_EPOCH + TimeDelta::minutes(minute),
        stamps: vec![Stamp([minute.to_le_bytes()[0]; 16])],
        parts: parts.iter().map(|(scope, text)| (*scope, text.as_bytes().to_vec())).collect(),
    }
}

pub(crate) fn outlines(journal: &dyn Journal, from: u64) -> Vec<Outline> {
    let mut found = Vec::new();
    journal
        .scan(Seq(from), &mut |outline| {
            found.push(outline);
            ControlFlow::Continue(())
        })
        .unwrap();
    found
}

fn open(text: &str) -> Body {
    Body::Open(text.as_bytes().to_vec())
}

fn append(journal: &mut dyn Journal, batch: &[Draft]) -> Vec<Place> {
    let head = journal.head();
    journal.append(head, batch).unwrap()
}

fn appends_in_order(journal: &mut dyn Journal, _: &Sealer) {
    let begin = journal.head();
    assert_eq!(begin.seq, Seq(0));
    assert_eq!(journal.append(begin, &[]).unwrap(), vec![]);
    assert_eq!(journal.head(), begin);
    let first = append(journal, &[draft(1, &[(case(1), "one")])]);
    let middle = journal.head();
    let rest = append(journal, &[draft(2, &[]), draft(3, &[(Scope::Desk, "three")])]);
    let places: Vec<Place> = first.into_iter().chain(rest).collect();
    assert!(places.is_sorted_by(|one, other| one < other));
    let found = outlines(journal, 0);
    assert_eq!(found.iter().map(|outline| outline.place).collect::<Vec<_>>(), places);
    assert_eq!(found.iter().map(|outline| outline.seq.0).collect::<Vec<_>>(), [1, 2, 3]);
    assert_eq!(found[0].hash, middle.hash);
    assert_eq!(found[2].hash, journal.head().hash);
    assert_eq!(journal.head().seq, Seq(3));
    assert!(found[0].hash != found[1].hash && begin.hash != found[0].hash);
    assert_eq!(found[0].stamps, vec![Stamp([1; 16])]);
    assert_eq!((&found[1].scopes, &found[2].scopes), (&vec![], &vec![Scope::Desk]));
}

fn a_conflict_writes_nothing(journal: &mut dyn Journal, _: &Sealer) {
    let begin = journal.head();
    append(journal, &[draft(1, &[(case(1), "one")])]);
    let head = journal.head();
    let other = Head { hash: begin.hash, ..head };
    for wrong in [begin, other] {
        match journal.append(wrong, &[draft(2, &[(case(2), "two")])]) {
            Err(AppendFault::Conflict(found)) => assert_eq!(found, head),
            answer => panic!("{answer:?}"),
        }
    }
    assert_eq!((journal.head(), outlines(journal, 1).len()), (head, 1));
}

fn scans_from_anywhere_and_stops_when_told(journal: &mut dyn Journal, _: &Sealer) {
    for minute in 1..=9 {
        append(journal, &[draft(minute, &[(case(1), "text")]), draft(minute, &[])]);
    }
    for from in 0..=20_u64 {
        let seqs: Vec<u64> = outlines(journal, from).iter().map(|outline| outline.seq.0).collect();
        assert_eq!(seqs, (from.max(1)..=18).collect::<Vec<u64>>(), "from {from}");
    }
    let mut seen = 0;
    let answer = journal.scan(Seq(3), &mut |_| {
        seen += 1;
        if seen == 4 { ControlFlow::Break(()) } else { ControlFlow::Continue(()) }
    });
    assert!(answer.is_ok());
    assert_eq!(seen, 4);
}

fn reads_records_and_parts(journal: &mut dyn Journal, _: &Sealer) {
    let parts = [(case(2), "two"), (Scope::Desk, "desk"), (case(1), "")];
    let places = append(journal, &[draft(1, &parts), draft(2, &[])]);
    let record = journal.read(places[0]).unwrap();
    assert_eq!(record.outline, outlines(journal, 1)[0]);
    assert_eq!(record.outline.scopes, [case(2), Scope::Desk, case(1)]);
    assert_eq!(record.bodies, [open("two"), open("desk"), open("")]);
    assert_eq!(journal.read(places[1]).unwrap().bodies, []);
    assert_eq!(journal.read_part(places[0], Scope::Desk).unwrap().map(|part| part.body), Some(open("desk")));
    assert_eq!(journal.read_part(places[0], case(1)).unwrap().map(|part| part.body), Some(open("")));
    assert_eq!(journal.read_part(places[0], case(3)).unwrap().map(|part| part.body), None);
    let behind = Place(places[1].0 + 1_000_000);
    for nowhere in [Place(places[0].0 + 1), behind] {
        assert!(matches!(journal.read(nowhere), Err(ReadFault::Nowhere)));
        assert!(matches!(journal.read_part(nowhere, Scope::Desk), Err(ReadFault::Nowhere)));
    }
}

fn erasing_destroys_one_case(journal: &mut dyn Journal, sealer: &Sealer) {
    let place = append(journal, &[draft(1, &[(case(1), "one"), (case(2), "two"), (Scope::Desk, "desk")])])[0];
    let blob = sealer.seal(case(1), "file", b"blob").unwrap();
    let head = journal.head();
    let before = outlines(journal, 1);
    for _ in 0..2 {
        journal.erase(id(1)).unwrap();
        assert_eq!(journal.read(place).unwrap().bodies, [Body::Erased, open("two"), open("desk")]);
        assert_eq!(journal.read_part(place, case(1)).unwrap().map(|part| part.body), Some(Body::Erased));
    }
    assert_eq!(outlines(journal, 1), before);
    assert!(matches!(sealer.open(case(1), "file", &blob), Err(SealFault::Erased(case)) if case == id(1)));
    assert!(matches!(sealer.seal(case(1), "file", b"more"), Err(SealFault::Erased(_))));
    match journal.append(head, &[draft(2, &[(case(2), "two")]), draft(3, &[(case(1), "again")])]) {
        Err(AppendFault::Erased(case)) => assert_eq!(case, id(1)),
        answer => panic!("{answer:?}"),
    }
    assert_eq!((journal.head(), outlines(journal, 1).len()), (head, 1));
    append(journal, &[draft(4, &[(case(2), "on")])]);
}

fn a_case_that_is_not_on_record_can_be_used_after_erasing(journal: &mut dyn Journal, sealer: &Sealer) {
    let blob = sealer.seal(case(1), "file", b"blob").unwrap();
    journal.erase(id(1)).unwrap();
    assert!(sealer.open(case(1), "file", &blob).is_err());
    let place = append(journal, &[draft(1, &[(case(1), "one")])])[0];
    assert_eq!(journal.read(place).unwrap().bodies, [open("one")]);
    journal.erase(id(40_000)).unwrap();
}

fn what_is_unfit_writes_nothing(journal: &mut dyn Journal, _: &Sealer) {
    let head = journal.head();
    let good = draft(1, &[(case(1), "one")]);
    let stamps = Draft { stamps: vec![Stamp([0; 16]); 256], ..good.clone() };
    let long = Draft { parts: vec![(case(1), vec![0; 16 << 20])], ..good.clone() };
    let far = draft(1, &[(case(u32::MAX), "far")]);
    for unfit in [draft(1, &[(case(1), "one"), (Scope::Desk, ""), (case(1), "two")]), stamps, long, far] {
        match journal.append(head, &[good.clone(), unfit]) {
            Err(AppendFault::Unfit(_)) => {}
            answer => panic!("{answer:?}"),
        }
        assert_eq!((journal.head(), outlines(journal, 1)), (head, vec![]));
    }
    let most = Draft {
        stamps: vec![Stamp([3; 16]); 255],
        parts: (1..=300).map(|number| (case(number), vec![7; 3])).collect(),
        ..good
    };
    let place = append(journal, std::slice::from_ref(&most))[0];
    assert_eq!(journal.read(place).unwrap().outline.stamps, most.stamps);
}

fn times_are_kept_to_the_millisecond(journal: &mut dyn Journal, _: &Sealer) {
    let odd: DateTime<Utc> = DateTime::from_timestamp(1_700_000_000, 123_456_789).unwrap();
    let early = DateTime::from_timestamp(-5, 999_999).unwrap();
    append(journal, &[Draft { at: odd, ..draft(1, &[]) }, Draft { at: early, ..draft(1, &[]) }]);
    let found = outlines(journal, 1);
    assert_eq!(found[0].at, DateTime::from_timestamp_millis(1_700_000_000_123).unwrap());
    assert_eq!(found[1].at, DateTime::from_timestamp_millis(-5_000).unwrap());
}

fn keyed_hashes_are_stable_and_differ(journal: &mut dyn Journal, sealer: &Sealer) {
    let one = journal.keyed("event", b"$abc");
    append(journal, &[draft(1, &[(case(1), "one")])]);
    assert_eq!(journal.keyed("event", b"$abc"), one);
    assert_eq!(sealer.keyed("event", b"$abc"), one);
    for (purpose, bytes) in [("event", "$abd"), ("events", "$abc"), ("event$", "abc"), ("", "event$abc")] {
        assert_ne!(journal.keyed(purpose, bytes.as_bytes()), one, "{purpose} {bytes}");
    }
}

fn blobs_open_only_for_their_scope_and_purpose(_: &mut dyn Journal, sealer: &Sealer) {
    for scope in [Scope::Desk, case(1)] {
        let sealed = sealer.clone().seal(scope, "a", b"text").unwrap();
        assert_ne!(sealed, sealer.seal(scope, "a", b"text").unwrap());
        assert_eq!(sealer.open(scope, "a", &sealed).unwrap(), b"text");
        assert!(matches!(sealer.open(scope, "b", &sealed), Err(SealFault::Unreadable)));
        assert!(matches!(sealer.open(scope, "a", &sealed[1..]), Err(SealFault::Unreadable)));
        assert!(sealer.open(case(2), "a", &sealed).is_err());
    }
}

pub(crate) fn file_journal(segment_size: u64, keys_ahead: u32) -> (FileJournal, Arc<SimDisk>) {
    let disk = Arc::new(SimDisk::default());
    let options = Options { segment_size, keys_ahead, trusted: None };
    let key = DataKey::make(&mut Seeded::new(1));
    let opened =
        FileJournal::open(Arc::clone(&disk) as Arc<dyn Disk>, &key, Box::new(Seeded::new(2)), &[], options);
    (opened.unwrap().0, disk)
}

#[test]
fn the_memory_journal_passes() {
    every_journal_passes(&|| {
        let journal = MemoryJournal::new(Box::new(Seeded::new(2)));
        let sealer = journal.sealer();
        (Box::new(journal), sealer)
    });
}

#[test]
fn the_file_journal_passes_whatever_the_size_of_its_segments() {
    for (segment_size, keys_ahead) in [(64 << 20, 1024), (1, 1), (700, 8)] {
        every_journal_passes(&|| {
            let (journal, _) = file_journal(segment_size, keys_ahead);
            let sealer = journal.sealer();
            (Box::new(journal), sealer)
        });
    }
}
