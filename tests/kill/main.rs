//! docket is killed in the middle of its work, again and again: what it acknowledged is there, once and whole.
//!
//! The short form runs with the other tests. The long one (200 kills) runs when the file `target/long-kill` is there:
//! `touch target/long-kill && cargo test --release --test kill -- --nocapture; rm target/long-kill`.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::print_stdout,
    reason = "a test or a bench says what it expects by failing"
)]
#![allow(clippy::disallowed_methods, reason = "tests of the shell touch files")]

#[path = "../chance/mod.rs"]
mod chance;
mod load;
mod record;

use chance::Draw;
use std::collections::BTreeMap;
use std::io::{BufRead, BufReader, Write};
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use docket::case::{Account, OrderId};
use docket::desk::{Input, Message, Outcome};
use docket::ops::{Home, SystemClock, home, secret};
use docket::ports::Clock;
use docket::rehearsal::terms;

use record::OnRecord;

/// After so many kills the next directory begins, so that a cycle does not grow with those before it.
const PER_DIRECTORY: u64 = 10;
/// The child, as this program's test runner knows it.
const CHILD: &str = "the_one_that_is_killed";

#[test]
fn what_was_acknowledged_survives_every_kill() {
    let long = Path::new(env!("CARGO_MANIFEST_DIR")).join("target/long-kill").exists();
    let kills = if long { 200 } else { 12 };
    let mut draw = Draw(if long { 2 } else { 1 });
    let mut acknowledged = 0;
    let mut unacknowledged = 0;
    for first in (0..kills).step_by(PER_DIRECTORY as usize) {
        let dir = place(&format!("kill-{first}"));
        let mut told = Told::default();
        for run in 0..PER_DIRECTORY.min(kills - first) {
            let before = told.done.len();
            // Now and then before it serves at all; otherwise after so many answers.
            let after =
                if run > 0 && draw.next().is_multiple_of(8) { None } else { Some(1 + draw.next() % 120) };
            told.take_in(&kill(&dir, run, after));
            acknowledged += told.done.len() - before;
            unacknowledged += check(&dir, &told, run);
        }
        std::fs::remove_dir_all(&dir).unwrap();
    }
    assert!(acknowledged > 100, "{acknowledged} commands are no load");
    println!(
        "{kills} kills, {acknowledged} commands acknowledged, {unacknowledged} on record without an answer"
    );
}

#[test]
#[ignore = "the child of the other test; it reads what to do from its input and never ends"]
fn the_one_that_is_killed() {
    let mut line = String::new();
    std::io::stdin().read_line(&mut line).unwrap();
    if let Some((run, dir)) = line.trim_end().split_once(' ') {
        load::until_killed(Path::new(dir), run.parse().unwrap());
    }
}

/// Starts the child, waits for so many answers, or for nothing, kills it, and gives all that it said.
fn kill(dir: &Path, run: u64, after: Option<u64>) -> Vec<String> {
    let mut child = Command::new(std::env::current_exe().unwrap())
        .args([CHILD, "--exact", "--ignored", "--nocapture"])
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()
        .unwrap();
    writeln!(child.stdin.take().unwrap(), "{run} {}", dir.display()).unwrap();
    let mut said = BufReader::new(child.stdout.take().unwrap()).lines();
    let mut lines = Vec::new();
    let is_answer = |line: &String| line.starts_with("done\t") || line.starts_with("refused\t");
    if let Some(after) = after {
        let mut answers = 0;
        while answers < after {
            let line = said.next().expect("it goes on until it is killed").unwrap();
            answers += u64::from(is_answer(&line));
            lines.push(line);
        }
    }
    child.kill().unwrap(); // SIGKILL
    child.wait().unwrap();
    // What it wrote before it was killed is acknowledged too; a line that was cut is not.
    lines.extend(said.map_while(Result::ok).filter(|line| line.matches('\t').count() == 2));
    lines.retain(is_answer);
    lines
}

/// What the child said of its commands.
#[derive(Default)]
struct Told {
    done: BTreeMap<String, String>,
    refused: BTreeMap<String, String>,
}

impl Told {
    fn take_in(&mut self, lines: &[String]) {
        for line in lines {
            let mut words = line.splitn(3, '\t').map(str::to_owned);
            let (Some(became), Some(id), Some(text)) = (words.next(), words.next(), words.next()) else {
                continue;
            };
            let list = if became == "done" { &mut self.done } else { &mut self.refused };
            assert_eq!(list.insert(id, text), None, "{line} was answered twice");
        }
    }
}

/// Everything that must hold after a kill. Gives how many commands are on record that nobody was answered.
fn check(dir: &Path, told: &Told, run: u64) -> usize {
    if !dir.join(home::DATA_KEY).exists() {
        return 0;
    }
    let mut home = open(dir);
    let found = record::read(dir);
    for (id, text) in &told.done {
        let records = found.messages.get(id).unwrap_or_else(|| panic!("{id} {text} is lost"));
        let [parts] = records.as_slice() else { panic!("{id} {text} is on record {} times", records.len()) };
        assert!(record::is_whole(text, parts), "{id} {text} is half applied: {parts:?}");
    }
    for (id, text) in &told.refused {
        assert!(!found.messages.contains_key(id), "{id} {text} was refused");
    }
    let prefix = format!("$load-{run}-");
    let unacknowledged: Vec<&String> =
        found.messages.keys().filter(|id| !told.done.contains_key(*id)).collect();
    for id in &unacknowledged {
        let [parts] = found.messages[*id].as_slice() else { panic!("{id} is on record twice") };
        let linked = parts
            .iter()
            .filter(|(_, events)| matches!(events.as_slice(), [docket::case::Event::Linked { .. }]));
        assert!(matches!(linked.count(), 0 | 2), "{id} is half applied: {parts:?}");
    }
    shown(&mut home, told, &found, run);
    handled_again(&mut home, told);
    owed_once(home, dir, &found);
    unacknowledged.iter().filter(|id| id.starts_with(&prefix)).count()
}

/// The index that was rebuilt says what the journal says.
fn shown(home: &mut Home, told: &Told, found: &OnRecord, run: u64) {
    let prefix = format!("$load-{run}-");
    let mine = told.done.iter().filter(|(id, _)| id.starts_with(&prefix));
    for (id, text) in mine.step_by(7) {
        let parts = &found.messages[id][0];
        for (at, (case, _)) in parts.iter().enumerate() {
            let (asked, expected) = if text.contains(" link ") {
                let (other, _) = &parts[1 - at];
                (format!("!case show {case}"), other.to_string())
            } else {
                let mark = id.replacen("$load-", "r", 1).replace('-', "n");
                (format!("!case find {mark}"), case.to_string())
            };
            let input = Input::Message(message(&format!("$look-{id}-{at}"), &asked));
            let outcomes = home.desk.handle(vec![input], SystemClock.now()).unwrap();
            let [Outcome::Posts(posts)] = outcomes.as_slice() else { panic!("{asked} brings a post") };
            let page: String = posts.iter().map(|post| post.page.text()).collect();
            assert!(page.contains(&expected), "{asked} after {text}: {page}");
        }
    }
}

/// Every message that is on record is known when it comes again.
fn handled_again(home: &mut Home, told: &Told) {
    let head = home.desk.head();
    let again: Vec<Input> = told.done.iter().map(|(id, text)| Input::Message(message(id, text))).collect();
    let outcomes = home.desk.handle(again, SystemClock.now()).unwrap();
    assert!(outcomes.iter().all(|outcome| *outcome == Outcome::Seen));
    assert_eq!(home.desk.head(), head, "nothing was doubled");
}

/// What was owed is given again, each once; what was reported never, also not after a clean stop.
fn owed_once(mut home: Home, dir: &Path, found: &OnRecord) {
    let given = orders(&mut home);
    assert!(given.iter().copied().eq(found.given()), "{given:?} is not {:?}", found.given());
    let done: Vec<OrderId> = given.into_iter().step_by(2).collect();
    let told = done.iter().map(|order| (*order, None)).collect();
    home.desk.handle(vec![Input::Delivered(told)], SystemClock.now()).unwrap();
    home.close().unwrap();
    let mut home = open(dir);
    let mut left = found.clone();
    left.owed.retain(|order| !done.contains(order));
    assert!(orders(&mut home).into_iter().eq(left.given()));
    home.close().unwrap();
}

fn orders(home: &mut Home) -> Vec<OrderId> {
    let posts = home.desk.owed(SystemClock.now()).unwrap();
    let mut orders: Vec<OrderId> = posts.into_iter().flat_map(|post| post.orders).collect();
    orders.sort();
    orders
}

fn open(dir: &Path) -> Home {
    docket::disk::make_dir(dir).unwrap();
    let key = secret::data_key(&dir.join(home::DATA_KEY), dir).unwrap();
    Home::open(dir, &key, terms().unwrap(), &mut |_| {}).unwrap()
}

fn message(id: &str, text: &str) -> Message {
    Message {
        id: id.to_owned(),
        sender: Account::parse("@ada:try.test").unwrap(),
        text: text.to_owned(),
        edit: false,
        about: None,
        file: None,
        proof: docket::desk::Proof::Word,
    }
}

fn place(name: &str) -> PathBuf {
    let place = Path::new(env!("CARGO_TARGET_TMPDIR")).join(name);
    if place.exists() {
        std::fs::remove_dir_all(&place).unwrap();
    }
    place
}
