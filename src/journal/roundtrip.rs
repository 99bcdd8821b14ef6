//! Whatever is appended is read back after opening again, by every way of reading.

use std::sync::Arc;

use chrono::DateTime;
use proptest::prelude::*;

use super::sim::Seeded;
use super::suite::{file_journal, outlines};
use super::*;
use crate::case::Scope;
use crate::ports::*;

fn drafts() -> impl Strategy<Value = Vec<Vec<Draft>>> {
    let parts = prop::collection::btree_map(0..40_u32, prop::collection::vec(any::<u8>(), 0..300), 0..4);
    let stamps = prop::collection::vec(any::<[u8; 16]>(), 0..3);
    let one = (-1_000_000..9_000_000_000_000_i64, stamps, parts).prop_map(|(at, stamps, parts)| Draft {
        at: DateTime::from_timestamp_millis(at).unwrap(),
        stamps: stamps.into_iter().map(Stamp).collect(),
        parts: parts.into_iter().map(|(number, body)| (seal::scope_of(number), body)).collect(),
    });
    prop::collection::vec(prop::collection::vec(one, 1..4), 1..6)
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]
    #[test]
    fn what_was_appended_is_read_after_opening_again(batches in drafts(), size in 1..3000_u64) {
        let (mut journal, disk) = file_journal(size, 4);
        let mut memory = MemoryJournal::new(Box::new(Seeded::new(3)));
        for batch in &batches {
            let head = journal.head();
            journal.append(head, batch).unwrap();
            let head = memory.head();
            memory.append(head, batch).unwrap();
        }
        let head = journal.head();
        drop(journal);
        let key = DataKey::make(&mut Seeded::new(1));
        let disk: Arc<dyn Disk> = disk;
        let options = Options::default();
        let (journal, opened) =
            FileJournal::open(Arc::clone(&disk), &key, Box::new(Seeded::new(4)), &[head], options).unwrap();
        prop_assert_eq!((opened.new, opened.cut, opened.head), (false, None, head));
        let exported: Vec<Record> = export(Arc::clone(&disk), &key).unwrap().map(Result::unwrap).collect();
        let drafted: Vec<&Draft> = batches.iter().flatten().collect();
        prop_assert_eq!(exported.len(), drafted.len());
        for ((record, draft), other) in exported.iter().zip(drafted).zip(outlines(&memory, 1)) {
            prop_assert_eq!(&journal.read(record.outline.place).unwrap(), record);
            prop_assert_eq!(&record.outline.stamps, &draft.stamps);
            prop_assert_eq!(record.outline.at, draft.at);
            let bodies: Vec<(Scope, Body)> =
                record.outline.scopes.iter().copied().zip(record.bodies.iter().cloned()).collect();
            let expected: Vec<(Scope, Body)> =
                draft.parts.iter().map(|(scope, body)| (*scope, Body::Open(body.clone()))).collect();
            prop_assert_eq!(bodies, expected);
            let known = memory.read(other.place).unwrap();
            prop_assert_eq!(&known.bodies, &record.bodies);
            prop_assert_eq!(known.outline.scopes, record.outline.scopes.clone());
        }
        for outline in outlines(&journal, 1) {
            let trusted = Some((outline.place, Head { seq: outline.seq, hash: outline.hash }));
            let verified = verify(&*disk, trusted, Some(head)).unwrap();
            prop_assert_eq!((verified.head, verified.holds), (head, Some(true)));
            prop_assert_eq!(verified.records, head.seq.0 - outline.seq.0);
        }
    }
}
