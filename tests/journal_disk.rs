//! The journal on a real disk, and the stored form of version 1 as it will be for ever.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    reason = "a test says what it expects by failing"
)]
#![allow(clippy::disallowed_methods, reason = "tests of the shell touch files")]

use std::fs;
use std::os::unix::fs::{MetadataExt, PermissionsExt};
use std::path::{Path, PathBuf};
use std::sync::Arc;

use chrono::{DateTime, TimeDelta};
use docket::case::{CaseId, Scope};
use docket::disk::RealDisk;
use docket::journal::{DataKey, FileJournal, Options, export, verify};
use docket::ops::secret::{self, SecretFault, read_data_key};
use docket::ports::{Body, Disk, Draft, Entropy, Head, Journal, Record, Seq, Stamp};

/// The head of the golden journal, written down when it was made.
const GOLDEN_HEAD: &str = "5:5edeba026f81ac09cc48a4104920d293d30f70015b999a07ad7f82bd9918072b";

struct Counting(u8);

impl Entropy for Counting {
    fn fill(&mut self, buffer: &mut [u8]) {
        for byte in buffer {
            self.0 = self.0.wrapping_mul(5).wrapping_add(3);
            *byte = self.0;
        }
    }
}

fn place(name: &str) -> PathBuf {
    let place = Path::new(env!("CARGO_TARGET_TMPDIR")).join(name);
    if place.exists() {
        fs::remove_dir_all(&place).unwrap();
    }
    place
}

fn case(number: u32) -> CaseId {
    CaseId::new(number).unwrap()
}

fn draft(minute: i64, parts: &[(Scope, &str)]) -> Draft {
    Draft {
        at: DateTime::UNIX_EPOCH + TimeDelta::minutes(minute),
        stamps: vec![Stamp([7; 16])],
        parts: parts.iter().map(|(scope, text)| (*scope, text.as_bytes().to_vec())).collect(),
    }
}

fn options() -> Options {
    Options { segment_size: 700, keys_ahead: 4, trusted: None }
}

/// Three batches over two segments, one case erased: what the golden journal holds.
fn fill(journal: &mut FileJournal) {
    let (one, two) = (Scope::Case(case(1)), Scope::Case(case(2)));
    for batch in [
        vec![draft(1, &[(one, "first"), (Scope::Desk, "desk")]), draft(2, &[(two, "second")])],
        vec![draft(3, &[(two, "third"), (one, "also first")])],
        vec![draft(4, &[]), draft(5, &[(Scope::Desk, "fifth")])],
    ] {
        journal.append(journal.head(), &batch).unwrap();
    }
    journal.erase(case(1)).unwrap();
}

fn check(records: &[Record]) {
    let open = |text: &str| Body::Open(text.as_bytes().to_vec());
    let bodies: Vec<&[Body]> = records.iter().map(|record| &*record.bodies).collect();
    let expected: [&[Body]; 5] = [
        &[Body::Erased, open("desk")],
        &[open("second")],
        &[open("third"), Body::Erased],
        &[],
        &[open("fifth")],
    ];
    assert_eq!(bodies, expected);
    assert_eq!(records[4].outline.at, DateTime::UNIX_EPOCH + TimeDelta::minutes(5));
    assert_eq!(records[4].outline.stamps, [Stamp([7; 16])]);
    assert_eq!(records[2].outline.scopes, [Scope::Case(case(2)), Scope::Case(case(1))]);
}

#[test]
fn a_journal_on_a_real_disk_opens_again() {
    let top = place("real");
    let key = DataKey::make(&mut Counting(1));
    let disk: Arc<dyn Disk> = Arc::new(RealDisk::new(&top));
    let (mut journal, opened) =
        FileJournal::open(Arc::clone(&disk), &key, Box::new(Counting(2)), &[], options()).unwrap();
    assert!(opened.new);
    fill(&mut journal);
    let head = journal.head();
    let reader: Arc<dyn Disk> = Arc::new(RealDisk::reading(&top));
    let verified = verify(&*reader, None, Some(head)).unwrap();
    assert_eq!(
        (verified.head, verified.records, verified.segments, verified.holds),
        (head, 5, 2, Some(true))
    );
    let records: Vec<Record> = export(Arc::clone(&reader), &key).unwrap().map(Result::unwrap).collect();
    check(&records);
    assert!(reader.set_len("keys", 0).is_err());
    drop(journal);
    let other: Arc<dyn Disk> = Arc::new(RealDisk::new(&top));
    let (_, opened) = FileJournal::open(other, &key, Box::new(Counting(3)), &[head], options()).unwrap();
    assert_eq!((opened.new, opened.head, opened.erased), (false, head, Some(vec![case(1)])));
    for (name, mode) in [("journal", 0o700), ("keys", 0o600), ("journal/0000000000000000.seg", 0o600)] {
        assert_eq!(fs::metadata(top.join(name)).unwrap().mode() & 0o777, mode, "{name}");
    }
}

/// To make the files of a new format version: move the old directory to another name, let this test write the new one,
/// and put the head that it prints into the constant. Never change the files of a version that was released.
#[test]
fn the_journal_of_version_1_is_read() {
    let golden = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/golden/journal-1");
    let key_file = golden.join("data.key");
    if !golden.exists() {
        fs::create_dir_all(&golden).unwrap();
        let key = DataKey::make(&mut Counting(1));
        secret::write(&key_file, &key.text()).unwrap();
        let disk = Arc::new(RealDisk::new(&golden));
        let mut journal = FileJournal::open(disk, &key, Box::new(Counting(2)), &[], options()).unwrap().0;
        fill(&mut journal);
        panic!("a golden journal was made; its head is {}", journal.head());
    }
    let top = place("golden");
    fs::create_dir_all(top.join("journal")).unwrap();
    fs::copy(golden.join("keys"), top.join("keys")).unwrap();
    for name in RealDisk::reading(&golden).list("journal").unwrap() {
        fs::copy(golden.join("journal").join(&name), top.join("journal").join(&name)).unwrap();
    }
    let key = DataKey::read(&fs::read_to_string(key_file).unwrap()).unwrap();
    let head = Head::read(GOLDEN_HEAD).unwrap();
    assert_eq!(head.seq, Seq(5));
    let disk: Arc<dyn Disk> = Arc::new(RealDisk::new(&top));
    let (mut journal, opened) =
        FileJournal::open(Arc::clone(&disk), &key, Box::new(Counting(9)), &[head], options()).unwrap();
    assert_eq!((opened.head, opened.checked, opened.cut), (head, 5, None));
    let records: Vec<Record> = export(disk, &key).unwrap().map(Result::unwrap).collect();
    check(&records);
    journal.append(head, &[draft(6, &[(Scope::Case(case(2)), "goes on")])]).unwrap();
    assert_eq!(journal.head().seq, Seq(6));
}

#[test]
fn a_data_key_is_kept_from_others_and_never_overwritten() {
    let top = place("key");
    fs::create_dir_all(&top).unwrap();
    let path = top.join("data.key");
    let key = DataKey::make(&mut Counting(4));
    secret::write(&path, &key.text()).unwrap();
    assert_eq!(fs::metadata(&path).unwrap().mode() & 0o777, 0o600);
    assert_eq!(*read_data_key(&path).unwrap().text(), *key.text());
    assert!(matches!(secret::write(&path, &key.text()), Err(SecretFault::Exists(_))));
    fs::set_permissions(&path, fs::Permissions::from_mode(0o640)).unwrap();
    let fault = read_data_key(&path).unwrap_err();
    assert!(fault.to_string().contains("640"), "{fault}");
    assert!(matches!(read_data_key(&top), Err(SecretFault::Read(_))));
}
