//! What is handed in together is made durable together: one sync for a batch, none of its own for a command.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::print_stdout,
    reason = "a test or a bench says what it expects by failing"
)]
#![allow(clippy::disallowed_methods, reason = "tests of the shell touch files")]

use std::io;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use docket::case::Account;
use docket::desk::{Desk, Input, Message, Outcome, serve};
use docket::disk::RealDisk;
use docket::files::MemoryFiles;
use docket::journal::{DataKey, FileJournal, Options};
use docket::ops::{OsEntropy, SystemClock};
use docket::ports::Disk;
use docket::rehearsal::terms;
use docket::store::MemoryIndex;

const TOGETHER: usize = 32;

#[test]
fn a_batch_of_32_commands_costs_one_sync() {
    let dir = place("group-commit");
    let disk = Arc::new(Counting { real: RealDisk::new(&dir), syncs: AtomicUsize::new(0) });
    let key = DataKey::make(&mut OsEntropy);
    let port: Arc<dyn Disk> = Arc::clone(&disk) as Arc<dyn Disk>;
    let (journal, _) = FileJournal::open(port, &key, Box::new(OsEntropy), &[], Options::default()).unwrap();
    let desk = Desk::open(
        Box::new(journal),
        Box::new(MemoryIndex::new()),
        Box::new(MemoryFiles::default()),
        terms().unwrap(),
        &mut |_| {},
    )
    .unwrap();
    let before = disk.syncs.load(Ordering::Relaxed);

    let (handle, work) = serve(desk, Box::new(SystemClock));
    // Everything waits in the queue before the desk begins to serve, so that it is one batch for certain.
    let answers: Vec<_> = (0..TOGETHER).map(|number| handle.hand_in(command(number)).unwrap()).collect();
    handle.stop();
    let desk = work().unwrap();

    assert_eq!(disk.syncs.load(Ordering::Relaxed) - before, 1);
    assert_eq!(desk.head().seq.0, 1 + TOGETHER as u64, "the policy, and a record for each command");
    for answer in answers {
        let Outcome::Posts(posts) = answer.recv().unwrap() else {
            panic!("a command is answered with posts")
        };
        assert!(posts.iter().all(|post| !post.orders.is_empty()));
    }
    std::fs::remove_dir_all(&dir).unwrap();
}

/// Eight cases, then changes of them.
fn command(number: usize) -> Input {
    let case = 1 + number % 8;
    Input::Message(Message {
        id: format!("$together-{number}"),
        sender: Account::parse("@ada:try.test").unwrap(),
        text: match number {
            0..8 => "!case new terms Context=\"spam\"".to_owned(),
            8..16 => format!("!case tag {case} +t{number}"),
            _ => format!("!case note {case} n{number}"),
        },
        edit: false,
        about: None,
        file: None,
        proof: docket::desk::Proof::Word,
    })
}

fn place(name: &str) -> PathBuf {
    let place = Path::new(env!("CARGO_TARGET_TMPDIR")).join(name);
    if place.exists() {
        std::fs::remove_dir_all(&place).unwrap();
    }
    place
}

/// Counts what is made durable, files and directories alike.
struct Counting {
    real: RealDisk,
    syncs: AtomicUsize,
}

impl Disk for Counting {
    fn list(&self, dir: &str) -> io::Result<Vec<String>> {
        self.real.list(dir)
    }
    fn len(&self, name: &str) -> io::Result<Option<u64>> {
        self.real.len(name)
    }
    fn read_at(&self, name: &str, offset: u64, buffer: &mut [u8]) -> io::Result<usize> {
        self.real.read_at(name, offset, buffer)
    }
    fn create(&self, name: &str) -> io::Result<()> {
        self.real.create(name)
    }
    fn write_at(&self, name: &str, offset: u64, bytes: &[u8]) -> io::Result<()> {
        self.real.write_at(name, offset, bytes)
    }
    fn set_len(&self, name: &str, len: u64) -> io::Result<()> {
        self.real.set_len(name, len)
    }
    fn sync(&self, name: &str) -> io::Result<()> {
        self.syncs.fetch_add(1, Ordering::Relaxed);
        self.real.sync(name)
    }
    fn sync_dir(&self, dir: &str) -> io::Result<()> {
        self.syncs.fetch_add(1, Ordering::Relaxed);
        self.real.sync_dir(dir)
    }
    fn rename(&self, from: &str, to: &str) -> io::Result<()> {
        self.real.rename(from, to)
    }
    fn remove(&self, name: &str) -> io::Result<()> {
        self.real.remove(name)
    }
}
