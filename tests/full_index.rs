//! An index that runs out of room, at every write: the desk answers on as if nothing were.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    reason = "a test says what it expects by failing"
)]

use docket::case::{Account, Scope};
use docket::desk::{Desk, Input, Message, Outcome};
use docket::files::MemoryFiles;
use docket::journal::MemoryJournal;
use docket::ports::{Changes, Entropy, Facet, Head, Index, IndexFault};
use docket::rehearsal::terms;
use docket::store::{MemoryIndex, SteadyIndex};

const LINES: &[&str] = &[
    "Request: preservation\nAgency: Force 1\nAccounts: @alice:example.org\nPurpose: fraud",
    "Request: preservation\nAgency: Force 2\nAccounts: @alice:example.org\nPurpose: theft",
    "!case note 1 a note",
    "!case list all",
    "!case assign 2 @ben",
    "!case find theft",
    "!case tag 1 +fraud",
    "!case show 1",
    "!case list tag=fraud",
    "!case list subject=@alice:example.org",
    "!case log 1",
];

#[test]
fn wherever_the_index_has_no_more_room_the_answers_are_the_same() {
    let right = answers(u32::MAX, u32::MAX);
    assert!(right.iter().any(|answer| answer.contains("C-2")), "{right:?}");
    for room in 0..14 {
        assert_eq!(answers(room, 0), right, "no room after {room} writes");
        assert_eq!(answers(room, 3), right, "some again after each rebuild, {room}");
        assert_eq!(answers(room, 4), right, "a little more after each rebuild, {room}");
    }
}

/// What the desk says to every line over an index with so much room, and so much again after each rebuild is begun.
fn answers(room: u32, again: u32) -> Vec<String> {
    let index = SteadyIndex::new(Box::new(Filling { inner: MemoryIndex::new(), room, again, spoilt: false }));
    let mut desk = Desk::open(
        Box::new(MemoryJournal::new(Box::new(Counting(0)))),
        Box::new(index),
        Box::new(MemoryFiles::default()),
        terms().unwrap(),
        &mut |_| {},
    )
    .unwrap();
    let now = "2026-11-20T10:00:00Z".parse().unwrap();
    let mut answers = Vec::new();
    for (n, line) in LINES.iter().enumerate() {
        let message = Message {
            id: format!("$line-{n}"),
            sender: Account::parse("@ada:try.test").unwrap(),
            text: (*line).to_owned(),
            edit: false,
            about: None,
            file: None,
            proof: docket::desk::Proof::Word,
        };
        // Handed in twice: what was done must still be recognised.
        let twice = vec![Input::Message(message.clone()), Input::Message(message)];
        for outcome in desk.handle(twice, now).unwrap() {
            answers.extend(match outcome {
                Outcome::Posts(posts) => posts.iter().map(|post| post.page.text()).collect(),
                Outcome::Seen => vec!["seen".to_owned()],
                other => panic!("{line}: {other:?}"),
            });
        }
    }
    desk.close().expect("an index that cannot be closed is no failure");
    answers
}

/// Fails at everything once a write finds no room, as a disk's index does, until a rebuild begins.
struct Filling {
    inner: MemoryIndex,
    room: u32,
    again: u32,
    spoilt: bool,
}

impl Filling {
    fn write(&mut self) -> Result<(), IndexFault> {
        self.spoilt |= self.room == 0;
        self.read()?;
        self.room -= 1;
        Ok(())
    }

    fn read(&self) -> Result<(), IndexFault> {
        if self.spoilt {
            return Err(IndexFault("No space left on device".to_owned()));
        }
        Ok(())
    }
}

impl Index for Filling {
    fn head(&self) -> Option<Head> {
        self.inner.head().filter(|_| !self.spoilt)
    }

    fn value(&self, scope: Scope) -> Result<Option<Vec<u8>>, IndexFault> {
        self.read()?;
        self.inner.value(scope)
    }

    fn numbers(&self, facet: &Facet, from: u64) -> Result<Vec<u64>, IndexFault> {
        self.read()?;
        self.inner.numbers(facet, from)
    }

    fn apply(&mut self, head: Head, changes: Changes) -> Result<(), IndexFault> {
        self.write()?;
        self.inner.apply(head, changes)
    }

    fn begin_rebuild(&mut self) -> Result<(), IndexFault> {
        if self.spoilt {
            self.room = self.again;
            self.spoilt = false;
        }
        self.write()?;
        self.inner.begin_rebuild()
    }

    fn load(&mut self, put: Vec<(Scope, Vec<u8>)>, add: Vec<(Facet, u64)>) -> Result<(), IndexFault> {
        self.write()?;
        self.inner.load(put, add)
    }

    fn finish_rebuild(&mut self, head: Head) -> Result<(), IndexFault> {
        self.write()?;
        self.inner.finish_rebuild(head)
    }

    fn close(self: Box<Self>) -> Result<(), IndexFault> {
        Err(IndexFault("No space left on device".to_owned()))
    }
}

/// Randomness that repeats.
struct Counting(u8);

impl Entropy for Counting {
    fn fill(&mut self, buffer: &mut [u8]) {
        self.0 = self.0.wrapping_add(1);
        buffer.fill(self.0);
    }
}
