//! A desk over journal and index in memory, spoken to as the room does. For tests that look at more than one session shows.
//!
//! The journal can be looked at from outside, outlive its desk, and run out of room.
#![allow(dead_code, reason = "each test uses the part that it needs")]

pub mod sealed_room;
pub mod watched;

use std::ops::ControlFlow;
use std::sync::{Arc, Mutex, MutexGuard};

use chrono::{DateTime, Utc};
use docket::case::{Account, CaseId, KeptFile, Scope, Terms};
use docket::desk::{Desk, Got, Input, Message, Outcome, Post, Proof};
use docket::files::MemoryFiles;
use docket::journal::MemoryJournal;
use docket::ports::{
    AppendFault, Body, Draft, Entropy, Head, Index, Journal, Outline, Part, Place, ReadFault, Record, Seq,
};
use docket::rehearsal::terms;
use docket::store::MemoryIndex;

/// A desk and what it is spoken to with.
pub struct Room {
    pub desk: Desk,
    pub journal: SharedJournal,
    pub terms: Terms,
    pub files: MemoryFiles,
    messages: usize,
}

impl Room {
    /// An empty desk with the people of the rehearsal.
    pub fn new() -> Room {
        Room::over(SharedJournal::new())
    }

    /// A desk with an empty index over a journal that may have a past.
    pub fn over(journal: SharedJournal) -> Room {
        Room::with(journal, MemoryIndex::new())
    }

    /// A desk over a journal and an index.
    pub fn with(journal: SharedJournal, index: impl Index + 'static) -> Room {
        Room::under(terms().expect("the demo's people"), journal, index)
    }

    /// A desk under other terms.
    pub fn under(terms: Terms, journal: SharedJournal, index: impl Index + 'static) -> Room {
        let files = MemoryFiles::default();
        let desk = Desk::open(
            Box::new(journal.clone()),
            Box::new(index),
            Box::new(files.clone()),
            terms.clone(),
            &mut |_| {},
        )
        .expect("the journal reads");
        Room {
            // A later desk over the same journal hears other messages.
            messages: usize::try_from(desk.head().seq.0).expect("few records") * 1_000,
            desk,
            journal,
            terms,
            files,
        }
    }

    /// A message of its own id.
    pub fn message(&mut self, sender: &str, text: &str) -> Message {
        self.messages += 1;
        Message {
            id: format!("$message-{}", self.messages),
            sender: person(sender),
            text: text.to_owned(),
            edit: false,
            about: None,
            file: None,
            proof: Proof::Word,
        }
    }

    /// What ada's message brings.
    pub fn say(&mut self, text: &str) -> Vec<Post> {
        self.say_as("ada", text)
    }

    /// What somebody's message brings.
    pub fn say_as(&mut self, sender: &str, text: &str) -> Vec<Post> {
        let message = self.message(sender, text);
        self.hand_in(message)
    }

    /// Says something, and a second person approves it where it takes two.
    pub fn say_by_two(&mut self, text: &str) -> Vec<Post> {
        let posts = self.say(text);
        let said = posts.first().map(|post| post.page.text()).unwrap_or_default();
        match said.split("!case approve ").nth(1).and_then(|rest| rest.get(..rest.find(" until")?)) {
            Some(approval) => self.say_as("ben", &format!("!case approve {approval}")),
            None => posts,
        }
    }

    /// What a message brings; a file that has to be kept is kept.
    pub fn hand_in(&mut self, message: Message) -> Vec<Post> {
        match self.handle(vec![Input::Message(message.clone())]).remove(0) {
            Outcome::Posts(posts) => posts,
            Outcome::Keep(case) => {
                let name = message.file.as_ref().map(|file| file.name.clone()).unwrap_or_default();
                let file = message.file.map(|file| file.with(Got::Kept(case, kept(&name))));
                self.hand_in(Message { file, ..message })
            }
            Outcome::Seen => Vec::new(),
            other @ (Outcome::Fetch
            | Outcome::ReadFile
            | Outcome::Recognised(_)
            | Outcome::Watched { .. }
            | Outcome::Unread(_)
            | Outcome::Coming(_)
            | Outcome::Standing { .. }
            | Outcome::Leaves(_)
            | Outcome::Tells(_)
            | Outcome::Writes(..)
            | Outcome::Unwritten(_)
            | Outcome::Joins
            | Outcome::Barred(_)
            | Outcome::NoticeRoom(_)
            | Outcome::Stays
            | Outcome::Purged(_)
            | Outcome::NotPurged(_)
            | Outcome::Tallied(..)
            | Outcome::Reported(_)
            | Outcome::NoReport(_)
            | Outcome::OnHost { .. }
            | Outcome::Health(_)
            | Outcome::Ticked { .. }) => {
                panic!("{other:?}")
            }
        }
    }

    /// Hands in a batch.
    pub fn handle(&mut self, inputs: Vec<Input>) -> Vec<Outcome> {
        self.desk.handle(inputs, now()).expect("the desk goes on")
    }

    /// What time brings.
    pub fn ticks(&mut self, at: DateTime<Utc>) -> Vec<Post> {
        match self.desk.handle(vec![Input::Tick { steady: None }], at).unwrap().remove(0) {
            Outcome::Ticked { posts, .. } => posts,
            other => panic!("{other:?}"),
        }
    }

    /// The first line that a message brings.
    pub fn first_line(&mut self, text: &str) -> String {
        let posts = self.say(text);
        let page = posts.first().map(|post| post.page.text()).unwrap_or_default();
        page.lines().next().unwrap_or_default().to_owned()
    }
}

/// A file as the shell would have kept it.
pub fn kept(name: &str) -> KeptFile {
    KeptFile {
        blob: "1-1".to_owned(),
        name: name.to_owned(),
        mime: name.to_owned(),
        size: 3,
        sha256: "00".repeat(32),
    }
}

/// The time in these tests.
pub fn now() -> DateTime<Utc> {
    "2026-11-20T10:00:00.123Z".parse().expect("a time")
}

/// Somebody of the rehearsal's server, or whoever it is.
pub fn person(name: &str) -> Account {
    let full = if name.contains(':') { name.to_owned() } else { format!("@{name}:try.test") };
    Account::parse(&full).expect("an account")
}

/// A journal in memory that others hold as well.
#[derive(Clone)]
pub struct SharedJournal {
    inner: Arc<Mutex<(MemoryJournal, bool)>>,
}

impl SharedJournal {
    /// An empty one.
    pub fn new() -> SharedJournal {
        let journal = MemoryJournal::new(Box::new(Counting(0)));
        SharedJournal { inner: Arc::new(Mutex::new((journal, false))) }
    }

    /// What the newest record holds, as it is written.
    pub fn last_bodies(&self) -> Vec<String> {
        let mut last = None;
        let journal = &self.lock().0;
        let keep = &mut |outline: Outline| {
            last = Some(outline.place);
            ControlFlow::Continue(())
        };
        journal.scan(Seq(1), keep).expect("the journal reads");
        let bodies = journal.read(last.expect("a record")).expect("the record reads").bodies;
        let text = |body| match body {
            Body::Open(bytes) => String::from_utf8_lossy(&bytes).into_owned(),
            Body::Erased => String::new(),
        };
        bodies.into_iter().map(text).collect()
    }

    /// From now on there is room, or none.
    pub fn set_full(&self, full: bool) {
        self.lock().1 = full;
    }

    fn lock(&self) -> MutexGuard<'_, (MemoryJournal, bool)> {
        self.inner.lock().expect("nobody panics over it")
    }
}

impl Journal for SharedJournal {
    fn head(&self) -> Head {
        self.lock().0.head()
    }
    fn append(&mut self, expected: Head, batch: &[Draft]) -> Result<Vec<Place>, AppendFault> {
        let mut inner = self.lock();
        if inner.1 {
            return Err(AppendFault::Full);
        }
        inner.0.append(expected, batch)
    }
    fn scan(&self, from: Seq, each: &mut dyn FnMut(Outline) -> ControlFlow<()>) -> Result<(), ReadFault> {
        self.lock().0.scan(from, each)
    }
    fn read(&self, place: Place) -> Result<Record, ReadFault> {
        self.lock().0.read(place)
    }
    fn read_part(&self, place: Place, scope: Scope) -> Result<Option<Part>, ReadFault> {
        self.lock().0.read_part(place, scope)
    }
    fn erase(&mut self, case: CaseId) -> Result<(), AppendFault> {
        self.lock().0.erase(case)
    }
    fn keyed(&self, purpose: &str, bytes: &[u8]) -> [u8; 16] {
        self.lock().0.keyed(purpose, bytes)
    }
}

/// The same bytes in every run.
struct Counting(u8);

impl Entropy for Counting {
    fn fill(&mut self, buffer: &mut [u8]) {
        for byte in buffer {
            self.0 = self.0.wrapping_mul(181).wrapping_add(7);
            *byte = self.0;
        }
    }
}
