//! Whatever happens to `index/` changes no answer; whatever happens to `journal/` is noticed and named.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    reason = "a test says what it expects by failing"
)]
#![allow(clippy::disallowed_methods, reason = "these tests damage files")]

use std::fs;
use std::path::{Path, PathBuf};

use chrono::{DateTime, Utc};
use docket::case::Account;
use docket::desk::{Input, Message, Outcome};
use docket::journal::DataKey;
use docket::ops::{Home, OsEntropy};
use docket::rehearsal::terms;

/// What is asked of every desk: everything that look-ups answer.
const QUESTIONS: &[&str] = &[
    "!case list all",
    "!case list owner=@ben:try.test",
    "!case list tag=fraud",
    "!case list stage=closed",
    "!case list subject=@alice:example.org",
    "!case find fraud",
    "!case find OP-7",
    "!case show 7",
    "!case check 7",
    "!case log 7",
    "!case log 12",
];

#[test]
fn nothing_done_to_the_index_changes_an_answer() {
    let place = Place::new("index");
    place.fill();
    let right = place.answers().expect("a whole desk answers");
    assert!(right.iter().any(|answer| answer.contains("C-7")), "the questions find something: {right:?}");
    let whole = place.copy("whole");
    for file in files(&whole.join("index")) {
        let name = file.strip_prefix(&whole).expect("below the data directory").to_owned();
        let bytes = fs::read(&file).expect("a file of the index");
        for (what, damaged) in damages(&bytes) {
            place.put_back(&whole);
            match damaged {
                Some(damaged) => fs::write(place.dir.join(&name), damaged).expect("damage"),
                None => fs::remove_file(place.dir.join(&name)).expect("damage"),
            }
            let answers =
                place.answers().unwrap_or_else(|fault| panic!("{}, {what}: {fault:#}", name.display()));
            assert_eq!(answers, right, "{}, {what}", name.display());
        }
    }
    for dir in ["index", "index/sled"] {
        place.put_back(&whole);
        fs::remove_dir_all(place.dir.join(dir)).expect("damage");
        assert_eq!(place.answers().expect("a whole journal is enough"), right, "without {dir}");
    }
}

#[test]
fn an_index_that_cannot_be_written_stops_nothing() {
    let place = Place::new("unwritable");
    place.fill();
    let right = place.answers().expect("a whole desk answers");
    // As on a full disk: the mark cannot be written, and nothing can be cleared away.
    fs::create_dir_all(place.dir.join("index/mark.new/in the way")).expect("an obstacle");
    for _ in 0..2 {
        assert_eq!(place.answers().expect("it answers from memory"), right);
    }
    let mut home = place.open().expect("it opens");
    let said = say(&mut home, "more", &["!case note 5 from memory".to_owned()]);
    assert!(said.iter().all(|answer| answer.contains("C-5")), "{said:?}");
    home.close().expect("an index that cannot be closed is no failure");
    fs::remove_dir_all(place.dir.join("index")).expect("it goes");
    fs::write(place.dir.join("index"), b"no directory at all").expect("an obstacle");
    assert_eq!(place.answers().expect("it answers from memory"), right);
}

#[test]
fn everything_done_to_the_journal_is_noticed_and_named() {
    let place = Place::new("journal");
    place.fill();
    place.answers().expect("a whole desk answers");
    let whole = place.copy("whole");
    let files = [files(&whole.join("journal")), vec![whole.join("keys")]].concat();
    assert_eq!(files.len(), 2, "one segment and the keys");
    for file in files {
        let name = file.strip_prefix(&whole).expect("below the data directory").to_owned();
        let bytes = fs::read(&file).expect("a file of the journal");
        for (what, damaged) in damages(&bytes) {
            place.put_back(&whole);
            match damaged {
                Some(damaged) if damaged == bytes => continue,
                Some(damaged) => fs::write(place.dir.join(&name), damaged).expect("damage"),
                None => fs::remove_file(place.dir.join(&name)).expect("damage"),
            }
            let Err(fault) = place.answers_after_whole_check() else {
                // A slot that no case uses yet may be spoilt: it is written anew before a case does.
                assert!(name.ends_with("keys"), "{}, {what}: nobody noticed", name.display());
                continue;
            };
            let said = format!("{fault:#}");
            let named = ["record", "journal", "keys", "head", "key"].iter().any(|word| said.contains(word));
            assert!(named, "{}, {what}: {said}", name.display());
        }
    }
}

#[test]
fn damage_behind_a_quick_start_is_found_before_the_end() {
    let place = Place::new("behind");
    place.fill();
    // What is owed is read at every start; once it is paid, nothing needs the old records.
    let mut home = place.open().expect("it opens");
    let now = "2026-11-20T10:00:00Z".parse().expect("a time");
    let owed = home.desk.owed(now).expect("what is owed");
    let orders = owed.into_iter().flat_map(|post| post.orders);
    let paid = Input::Delivered(orders.map(|order| (order, None)).collect());
    home.desk.handle(vec![paid], now).expect("it is taken note of");
    home.close().expect("it closes");
    let segment = files(&place.dir.join("journal")).pop().expect("a segment");
    let mut bytes = fs::read(&segment).expect("the segment");
    // In the second record, far from the end that a quick start looks at; the first is the policy, which every start reads.
    let length = bytes.get(132..136).and_then(|four| four.try_into().ok()).map(u32::from_le_bytes);
    let second = 128 + usize::try_from(length.expect("the first record's length")).expect("a length");
    *bytes.get_mut(second + 172).expect("a byte") ^= 1;
    fs::write(&segment, bytes).expect("damage");
    let home = place.open().expect("the end is whole");
    let said = format!("{:#}", home.close().expect_err("it waits for the check"));
    assert!(said.contains("the journal is damaged"), "{said}");
    // The index was not closed as if all were well, so the next start looks at everything first.
    let Err(fault) = place.open() else { panic!("nobody noticed") };
    let said = format!("{fault:#}");
    assert!(said.contains("record 2 of the journal is damaged"), "{said}");
    // A refused start is refused again, for the same reason.
    let again = place.open().err().map(|fault| format!("{fault:#}"));
    assert_eq!(again, Some(said));
}

/// Ways to damage a file: cut at several places, a bit turned at several places, emptied, replaced, gone.
fn damages(bytes: &[u8]) -> Vec<(String, Option<Vec<u8>>)> {
    let len = bytes.len();
    let mut all = vec![("gone".to_owned(), None), ("emptied".to_owned(), Some(Vec::new()))];
    for part in [1, 3, 7] {
        let at = len * part / 8;
        all.push((format!("cut at {at} of {len}"), bytes.get(..at).map(<[u8]>::to_vec)));
        let mut turned = bytes.to_vec();
        if let Some(byte) = turned.get_mut(at) {
            *byte ^= 0x10;
        }
        all.push((format!("a bit turned at {at} of {len}"), Some(turned)));
    }
    all.push(("replaced".to_owned(), Some(b"something else entirely".to_vec())));
    all
}

struct Place {
    dir: PathBuf,
    key: DataKey,
}

impl Place {
    fn new(name: &str) -> Place {
        let dir = Path::new(env!("CARGO_TARGET_TMPDIR")).join(format!("damage-{name}"));
        if dir.exists() {
            fs::remove_dir_all(&dir).expect("what an earlier run left");
        }
        Place { dir, key: DataKey::make(&mut OsEntropy) }
    }

    /// A desk with a dozen cases, closed as it should be.
    fn fill(&self) {
        let mut lines = Vec::new();
        for n in 1..=12 {
            // One that nobody has to be told of can be closed.
            let kind = if n == 3 { "referral" } else { "preservation" };
            lines.push(format!(
                "Request: {kind}\nAgency: Force {n}\nAccounts: @alice:example.org, @user{n}:example.org\n\
                 Reference: OP-{n}\nPurpose: fraud"
            ));
        }
        for n in [3, 7, 12] {
            lines.push(format!("!case note {n} a note on number {n}"));
            lines.push(format!("!case assign {n} @ben"));
            lines.push(format!("!case tag {n} +fraud"));
        }
        lines.extend([
            "!case withdraw 3".to_owned(),
            "!case close 3".to_owned(),
            "!case link 12 7 as=extends".to_owned(),
        ]);
        let mut home = self.open().expect("a new desk opens");
        let done = say(&mut home, "fill", &lines);
        assert!(done.iter().all(|answer| answer.starts_with("C-")), "{done:?}");
        home.desk.close().expect("it closes");
    }

    fn open(&self) -> anyhow::Result<Home> {
        Home::open(&self.dir, &self.key, terms()?, &mut |_| {})
    }

    fn answers(&self) -> anyhow::Result<Vec<String>> {
        let mut home = self.open()?;
        let answers =
            say(&mut home, "ask", &QUESTIONS.iter().map(|line| (*line).to_owned()).collect::<Vec<_>>());
        home.desk.close()?;
        Ok(answers)
    }

    /// As a start that cannot believe the index, so that every record is checked before anything is answered.
    fn answers_after_whole_check(&self) -> anyhow::Result<Vec<String>> {
        let mark = self.dir.join("index/mark");
        let text = fs::read(&mark)?;
        // The mark stays, for the head that it remembers; one file less, and the index is not believed.
        for file in files(&self.dir.join("index/sled")) {
            fs::remove_file(file)?;
        }
        assert_eq!(fs::read(&mark)?, text);
        self.answers()
    }

    fn copy(&self, name: &str) -> PathBuf {
        let to = self.dir.with_extension(name);
        if to.exists() {
            fs::remove_dir_all(&to).expect("what an earlier run left");
        }
        copy(&self.dir, &to);
        to
    }

    fn put_back(&self, from: &Path) {
        fs::remove_dir_all(&self.dir).expect("the damaged one goes");
        copy(from, &self.dir);
    }
}

/// What the desk replies to each line; cards are passed over.
fn say(home: &mut Home, session: &str, lines: &[String]) -> Vec<String> {
    let now: DateTime<Utc> = "2026-11-20T10:00:00Z".parse().expect("a time");
    let mut answers = Vec::new();
    for (n, line) in lines.iter().enumerate() {
        let message = Message {
            id: format!("${session}-{n}"),
            sender: Account::parse("@ada:try.test").expect("an account"),
            text: line.clone(),
            edit: false,
            about: None,
            file: None,
            proof: docket::desk::Proof::Word,
        };
        let outcomes = home.desk.handle(vec![Input::Message(message)], now).expect("the desk goes on");
        for outcome in outcomes {
            if let Outcome::Posts(posts) = outcome {
                answers
                    .extend(posts.iter().filter(|post| post.reply_to.is_some()).map(|post| post.page.text()));
            }
        }
    }
    assert_eq!(answers.len(), lines.len(), "each line has one answer");
    answers
}

fn files(dir: &Path) -> Vec<PathBuf> {
    let mut found = Vec::new();
    for entry in fs::read_dir(dir).expect("a directory") {
        let path = entry.expect("a name").path();
        if path.is_dir() { found.extend(files(&path)) } else { found.push(path) }
    }
    found.sort();
    found
}

fn copy(from: &Path, to: &Path) {
    for file in files(from) {
        let target = to.join(file.strip_prefix(from).expect("below"));
        fs::create_dir_all(target.parent().expect("a directory above")).expect("a directory");
        fs::copy(&file, target).expect("a copy");
    }
}
