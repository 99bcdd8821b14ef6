//! Opening: how long until the desk answers, after a clean stop and when the index is made anew.

use std::path::{Path, PathBuf};
use std::time::Instant;

use docket::desk::{Input, Message, Outcome};
use docket::ops::Home;

use crate::corpus;
use crate::measure::{holds, memory, size};

pub fn open(dir: &Path) -> Home {
    Home::open(dir, &corpus::data_key(), corpus::terms(), &mut |_| {}).expect("it opens")
}

/// A copy to change; the corpus stays as it is.
pub fn copy(cases: u32) -> PathBuf {
    let from = corpus::dir(cases);
    let to = from.with_extension("work");
    if to.exists() {
        std::fs::remove_dir_all(&to).expect("an old copy can be removed");
    }
    copy_dir(&from, &to);
    to
}

fn copy_dir(from: &Path, to: &Path) {
    std::fs::create_dir_all(to).expect("a directory can be made");
    for entry in std::fs::read_dir(from).expect("the corpus is there").flatten() {
        let path = to.join(entry.file_name());
        match entry.file_type() {
            Ok(kind) if kind.is_dir() => copy_dir(&entry.path(), &path),
            _ => {
                std::fs::copy(entry.path(), &path).expect("it can be copied");
                // What the system still has to write of the copy must not be waited for in what is measured.
                std::fs::File::open(&path).and_then(|file| file.sync_all()).expect("it can be synced");
            }
        }
    }
}

pub fn message(id: String, text: String) -> Input {
    Input::Message(Message {
        id,
        sender: corpus::account("@ada:try.test"),
        text,
        edit: false,
        about: None,
        file: None,
        proof: docket::desk::Proof::Word,
    })
}

/// Asks once, so that what was opened is known to answer.
fn ask(home: &mut Home) {
    let now = "2026-11-20T10:00:00Z".parse().expect("a time");
    let outcomes =
        home.desk.handle(vec![message("$first".into(), "!case show 7".into())], now).expect("it answers");
    assert!(matches!(outcomes.as_slice(), [Outcome::Posts(posts)] if !posts.is_empty()));
}

pub fn start(cases: u32) {
    corpus::make(cases);
    let limit = if cases > 100_000 { 10.0 } else { 2.0 };
    for _ in 0..3 {
        let begun = Instant::now();
        let mut home = open(&corpus::dir(cases));
        ask(&mut home);
        let spent = begun.elapsed().as_secs_f64();
        home.close().expect("it closes");
        println!(
            "start after a clean stop: {spent:.2} s (limit {limit} s) {}, RSS {} MiB",
            holds(spent <= limit),
            memory("VmRSS")
        );
    }
}

pub fn rebuild(cases: u32) {
    corpus::make(cases);
    let dir = corpus::dir(cases);
    let limit = if cases > 100_000 { 360.0 } else { 20.0 };
    std::fs::remove_dir_all(dir.join("index")).expect("the index can be removed");
    let begun = Instant::now();
    let mut home = open(&dir);
    ask(&mut home);
    let spent = begun.elapsed().as_secs_f64();
    let peak = memory("VmHWM");
    println!("open with a rebuild: {spent:.2} s (limit {limit} s) {}", holds(spent <= limit));
    println!("peak memory rebuilding: {peak} MiB (limit 250 MiB) {}", holds(peak <= 250));
    home.close().expect("it closes");
    println!("index on disk: {} MiB", size(&dir.join("index")));
}
