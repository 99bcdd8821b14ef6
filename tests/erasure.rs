//! A purged case is gone from the data directory: its words, its key and its files, whenever a stop came.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::print_stdout,
    reason = "a test or a bench says what it expects by failing"
)]
#![allow(clippy::disallowed_methods, reason = "tests of the shell touch files")]

mod on_disk;

use std::fs;
use std::io::{self, ErrorKind};
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex};

use chacha20poly1305::aead::{Aead, Payload};
use chacha20poly1305::{KeyInit, XChaCha20Poly1305, XNonce};
use docket::case::{PurgeReason, Refusal};
use docket::desk::{Desk, Input, Outcome};
use docket::disk::RealDisk;
use docket::files::SealedFiles;
use docket::journal::{FileJournal, Options, verify};
use docket::ops::{OsEntropy, secret};
use docket::ports::Disk;
use docket::rehearsal::terms;
use docket::store::{self, SledIndex};
use on_disk::{case, copy, files, now, open, place, purge, typed};

/// What the shell derives the index's key from; here, because some desks are put together by hand.
const INDEX_KEY: &str = "docket 2026-11-21 index key";
const SLOT: usize = 64;

/// One strange word for every place in a case where words can stand.
const WORDS: &[&str] = &[
    "agencyquince",
    "officerquince",
    "subjectquince",
    "referencequince",
    "purposequince",
    "notequince",
    "tagquince",
    "verifyquince",
    "filequince",
    "contentquince",
    "unknownquince",
];

/// A desk with a full case 1, a plain case 2 that is linked to it, and a full case 3; closed and opened on the way.
fn fill(data: &Path) {
    let first = [
        "\"\"\"",
        "Request: preservation",
        "Agency: Police of Nowhere",
        "Department: agencyquince",
        "Officer: officerquince",
        "Accounts: @subjectquince:example.org",
        "Reference: referencequince",
        "Purpose: purposequince",
        "Strange: unknownquince",
        "\"\"\"",
        "!case note 1 notequince",
        "!case tag 1 +tagquince",
    ];
    typed(data, "a", &first);
    let second = [
        "!case verify 1 requester entry=\"Police of Nowhere\" how=\"called verifyquince\"",
        "/file filequince.pdf",
        "/reply 3",
        "!case attach 1 as=request",
        "!case new preservation agency=\"Other Office\"",
        "!case link 2 1 as=referral",
    ];
    typed(data, "b", &second);
    typed(data, "c", &["!case new preservation agency=\"Third Office\" reference=third"]);
}

fn slot(data: &Path, number: usize) -> Vec<u8> {
    fs::read(data.join("keys")).unwrap()[number * SLOT..][..SLOT].to_vec()
}

/// The raw key of a case, from `docs/journal-format.md` alone.
fn raw_key(data: &Path, number: u64) -> Vec<u8> {
    let text = fs::read_to_string(data.join("data.key")).unwrap();
    let digits = text.trim().strip_prefix("docket-data-key-1 ").unwrap();
    let mut material: Vec<u8> =
        (0..32).map(|at| u8::from_str_radix(&digits[2 * at..2 * at + 2], 16).unwrap()).collect();
    let id = slot(data, 0)[16..32].to_vec();
    material.extend_from_slice(&id);
    let wrap = blake3::derive_key("docket 2026 journal 1 wrap key", &material);
    let slot = slot(data, usize::try_from(number).unwrap());
    let mut nonce = number.to_le_bytes().to_vec();
    nonce.extend_from_slice(&slot[..16]);
    let aad = [b"S", id.as_slice()].concat();
    XChaCha20Poly1305::new(&wrap.into())
        .decrypt(XNonce::from_slice(&nonce), Payload { msg: &slot[16..], aad: &aad })
        .unwrap()
}

/// How bytes may be written down: as they are, as UTF-16, in hex digits, in base64 at each of its three phases.
fn forms(bytes: &[u8]) -> Vec<Vec<u8>> {
    let wide = |order: fn(u16) -> [u8; 2]| bytes.iter().flat_map(|byte| order(u16::from(*byte))).collect();
    let hex: String = bytes.iter().map(|byte| format!("{byte:02x}")).collect();
    let mut forms = vec![
        bytes.to_vec(),
        wide(u16::to_le_bytes),
        wide(u16::to_be_bytes),
        hex.to_uppercase().into_bytes(),
        hex.into_bytes(),
    ];
    forms.extend((0..3).map(|phase| base64(&bytes[phase..])));
    forms
}

/// Base64 of the whole groups of three: what stands inside any longer text.
fn base64(bytes: &[u8]) -> Vec<u8> {
    const DIGITS: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    let (groups, _) = bytes.as_chunks::<3>();
    let digits = groups.iter().flat_map(|[a, b, c]| {
        let bits = u32::from_be_bytes([0, *a, *b, *c]);
        [18, 12, 6, 0].map(|shift| DIGITS[usize::try_from(bits >> shift & 63).unwrap()])
    });
    digits.collect()
}

/// The file below a directory that holds the bytes in any form.
fn found(data: &Path, bytes: &[u8]) -> Option<PathBuf> {
    let forms = forms(bytes);
    files(data).into_iter().find(|file| {
        let stored = fs::read(file).unwrap();
        forms.iter().any(|form| stored.windows(form.len()).any(|window| window == form.as_slice()))
    })
}

fn assert_erased(data: &Path) {
    assert_eq!(slot(data, 1), [0; SLOT], "the key is gone");
    let theirs = files(&data.join("files"));
    assert!(theirs.is_empty(), "the files are gone: {theirs:?}");
    verify(&RealDisk::reading(data), None, None).unwrap();
    let shown = typed(data, "look", &["!case show 1", "!case log 1", "!case check 1"]);
    assert_eq!(shown.matches("C-1 · erased").count(), 3, "{shown}");
    assert!(!shown.contains("quince"), "{shown}");
}

#[test]
fn nothing_of_a_purged_case_remains_and_the_rest_does() {
    let data = place("erasure-whole").join("data");
    fill(&data);
    let before = typed(&data, "d", &["!case show 1", "!case log 1", "!case find referencequince"]);
    for word in &WORDS[..9] {
        assert!(before.contains(word), "{word} can be read before: {before}");
    }
    let (key, wrapped) = (raw_key(&data, 1), slot(&data, 1));
    assert_eq!(files(&data.join("files")).len(), 1);
    assert_eq!(found(&data, &wrapped[16..]), Some(data.join("keys")), "the search finds");
    let head_before = open(&data).desk.head();

    purge(&data, &[1]);

    for word in WORDS {
        assert_eq!(found(&data, word.as_bytes()), None, "{word}");
    }
    assert_eq!(found(&data, &key), None, "the case's key");
    assert_eq!(found(&data, &wrapped[16..]), None, "its slot");
    assert_erased(&data);
    let chain = verify(&RealDisk::reading(&data), None, Some(head_before)).unwrap();
    assert_eq!(chain.holds, Some(true), "the records of before still stand in the chain");
    // The others are as they were, links included, and the number is not given again.
    let after = typed(
        &data,
        "e",
        &[
            "!case list",
            "!case find referencequince",
            "!case show 2",
            "!case show 3",
            "!case new preservation agency=Next",
        ],
    );
    assert!(after.contains("a referral of C-1"), "{after}");
    assert!(after.contains("Third Office") && after.contains("C-4 opened"), "{after}");
    assert!(!after.contains("quince\nC-1") && !after.contains("agencyquince"), "{after}");
    // What would change it is refused.
    for command in ["!case note 1 again", "!case close 1", "!case link 3 1 as=duplicate", "!case tag 1 +x"] {
        let said = typed(&data, command, &[command]);
        assert!(said.contains("Not done:") && said.contains("erased"), "{command}: {said}");
    }
}

#[test]
fn several_cases_are_one_record_and_purging_again_is_none() {
    let data = place("erasure-several").join("data");
    fill(&data);
    let seq = open(&data).desk.head().seq.0;
    purge(&data, &[1, 3, 99]);
    assert_eq!(open(&data).desk.head().seq.0, seq + 1);
    assert_eq!(open(&data).desk.purged().unwrap(), [case(1), case(3)]);
    purge(&data, &[3, 1]);
    assert_eq!(open(&data).desk.head().seq.0, seq + 1);
    assert_eq!(slot(&data, 3), [0; SLOT]);
    assert_ne!(slot(&data, 2), [0; SLOT]);
}

#[test]
fn what_a_purged_case_owed_is_never_said() {
    let data = place("erasure-owed").join("data");
    fill(&data);
    let mut home = open(&data);
    let message = docket::desk::Message {
        id: "$unanswered".to_owned(),
        sender: terms().unwrap().people[0].account.clone(),
        text: "!case note 1 and then the power went".to_owned(),
        edit: false,
        about: None,
        file: None,
        proof: docket::desk::Proof::Word,
    };
    home.desk.handle(vec![Input::Message(message)], now()).unwrap();
    assert_eq!(home.desk.owed(now()).unwrap().len(), 2);
    let input = Input::Purge(vec![case(1)], PurgeReason::Retention);
    home.desk.handle(vec![input], now()).unwrap();
    assert!(home.desk.owed(now()).unwrap().is_empty());
    home.close().unwrap();
    assert!(open(&data).desk.owed(now()).unwrap().is_empty());
}

#[test]
fn a_kill_between_the_record_and_the_key_is_made_good_at_the_next_start() {
    let top = place("erasure-kill");
    let (data, before, killed) = (top.join("data"), top.join("before"), top.join("killed"));
    fill(&data);
    copy(&data, &before);
    purge(&data, &[1]);

    // The purge is on record; keys, files and index are as before. The index was even closed: it is believed, but its head
    // is not the journal's.
    copy(&before, &killed);
    for segment in files(&data.join("journal")) {
        fs::copy(&segment, killed.join("journal").join(segment.file_name().unwrap())).unwrap();
    }
    assert_ne!(slot(&killed, 1), [0; SLOT]);
    open(&killed).close().unwrap();
    assert_erased(&killed);

    // The same, with an index that was open when the kill came.
    copy(&before, &killed);
    for segment in files(&data.join("journal")) {
        fs::copy(&segment, killed.join("journal").join(segment.file_name().unwrap())).unwrap();
    }
    drop(open(&killed));
    assert_erased(&killed);

    // Put back by hand behind a finished purge, the key changes nothing that docket says, and the next rebuild ends it.
    fs::copy(before.join("keys"), data.join("keys")).unwrap();
    let shown = typed(&data, "f", &["!case show 1"]);
    assert!(shown.contains("C-1 · erased"), "{shown}");
    fs::remove_dir_all(data.join("index")).unwrap();
    open(&data).close().unwrap();
    assert_erased(&data);
}

/// A disk that refuses writing or removing what begins with a name, and counts the writes to `keys`.
struct Stubborn {
    inner: RealDisk,
    refuses: Mutex<Option<(&'static str, ErrorKind)>>,
    key_writes: AtomicU64,
}

impl Stubborn {
    fn check(&self, name: &str) -> io::Result<()> {
        match *self.refuses.lock().unwrap() {
            Some((what, kind)) if name.starts_with(what) => Err(kind.into()),
            Some(_) | None => Ok(()),
        }
    }
}

impl Disk for Stubborn {
    fn list(&self, dir: &str) -> io::Result<Vec<String>> {
        self.inner.list(dir)
    }
    fn len(&self, name: &str) -> io::Result<Option<u64>> {
        self.inner.len(name)
    }
    fn read_at(&self, name: &str, offset: u64, buffer: &mut [u8]) -> io::Result<usize> {
        self.inner.read_at(name, offset, buffer)
    }
    fn create(&self, name: &str) -> io::Result<()> {
        self.inner.create(name)
    }
    fn write_at(&self, name: &str, offset: u64, bytes: &[u8]) -> io::Result<()> {
        self.check(name)?;
        if name == "keys" {
            self.key_writes.fetch_add(1, Ordering::Relaxed);
        }
        self.inner.write_at(name, offset, bytes)
    }
    fn set_len(&self, name: &str, len: u64) -> io::Result<()> {
        self.inner.set_len(name, len)
    }
    fn sync(&self, name: &str) -> io::Result<()> {
        self.inner.sync(name)
    }
    fn sync_dir(&self, dir: &str) -> io::Result<()> {
        self.inner.sync_dir(dir)
    }
    fn rename(&self, from: &str, to: &str) -> io::Result<()> {
        self.inner.rename(from, to)
    }
    fn remove(&self, name: &str) -> io::Result<()> {
        self.check(name)?;
        self.inner.remove(name)
    }
}

fn stubborn(data: &Path) -> (Arc<Stubborn>, Desk) {
    let disk = Arc::new(Stubborn {
        inner: RealDisk::new(data),
        refuses: Mutex::default(),
        key_writes: AtomicU64::new(0),
    });
    let key = secret::read_data_key(&data.join("data.key")).unwrap();
    let (index, _) =
        SledIndex::open(&data.join("index"), key.derive(INDEX_KEY), store::Options::default()).unwrap();
    let (journal, _) =
        FileJournal::open(disk.clone(), &key, Box::new(OsEntropy), &[], Options::default()).unwrap();
    let files = SealedFiles::new(disk.clone(), journal.sealer());
    let desk = Desk::open(Box::new(journal), Box::new(index), Box::new(files), terms().unwrap(), &mut |_| {})
        .unwrap();
    (disk, desk)
}

fn purge_one() -> Vec<Input> {
    vec![Input::Purge(vec![case(1)], PurgeReason::Retention)]
}

#[test]
fn a_full_disk_leaves_the_case_and_the_desk_as_they_were() {
    let data = place("erasure-full").join("data");
    fill(&data);
    let (disk, mut desk) = stubborn(&data);
    let head = desk.head();
    *disk.refuses.lock().unwrap() = Some(("journal/", ErrorKind::StorageFull));
    assert_eq!(desk.handle(purge_one(), now()).unwrap(), [Outcome::NotPurged(Refusal::DiskFull)]);
    assert_eq!((desk.head(), desk.purged().unwrap()), (head, Vec::new()));
    *disk.refuses.lock().unwrap() = None;
    desk.handle(purge_one(), now()).unwrap();
    assert_eq!(desk.purged().unwrap(), [case(1)]);
    desk.close().unwrap();
    assert_erased(&data);
}

#[test]
fn a_purge_that_dies_on_the_way_is_finished_by_the_next_start() {
    for what in ["keys", "files/"] {
        let data = place(&format!("erasure-dies-{}", what.trim_end_matches('/'))).join("data");
        fill(&data);
        let (disk, mut desk) = stubborn(&data);
        *disk.refuses.lock().unwrap() = Some((what, ErrorKind::Other));
        assert!(desk.handle(purge_one(), now()).is_err(), "{what}");
        drop(desk);
        assert_eq!(files(&data.join("files")).len(), 1, "{what}");
        open(&data).close().unwrap();
        assert_erased(&data);
    }
}

#[test]
fn a_rebuild_writes_no_key_that_is_gone_already() {
    let data = place("erasure-cheap").join("data");
    fill(&data);
    purge(&data, &[1, 2]);
    fs::remove_dir_all(data.join("index")).unwrap();
    let (disk, mut desk) = stubborn(&data);
    assert_eq!(disk.key_writes.load(Ordering::Relaxed), 0);
    let input = Input::Purge(vec![case(3)], PurgeReason::Retention);
    desk.handle(vec![input], now()).unwrap();
    assert_eq!(disk.key_writes.load(Ordering::Relaxed), 1);
    desk.close().unwrap();
}
