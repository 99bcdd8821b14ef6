//! A desk on disk for the tests of the shell: typed at, purged, and looked at from outside.
#![allow(dead_code, reason = "each test takes what it needs of this")]

use std::fs;
use std::path::{Path, PathBuf};

use chrono::{DateTime, Utc};
use docket::case::{CaseId, PurgeReason};
use docket::desk::{Input, Outcome, serve};
use docket::ops::home::DATA_KEY;
use docket::ops::{Home, secret};
use docket::rehearsal::{FixedClock, PostFiles, Rehearsal, RehearsalClock, Shown, terms};

/// The time at which everything happens.
pub fn now() -> DateTime<Utc> {
    "2026-11-20T10:00:00Z".parse().unwrap()
}

pub fn case(number: u32) -> CaseId {
    CaseId::new(number).unwrap()
}

/// An empty directory of this name.
pub fn place(name: &str) -> PathBuf {
    let place = Path::new(env!("CARGO_TARGET_TMPDIR")).join(name);
    if place.exists() {
        fs::remove_dir_all(&place).unwrap();
    }
    fs::create_dir_all(&place).unwrap();
    place
}

pub fn open(data: &Path) -> Home {
    fs::create_dir_all(data).unwrap();
    let key = secret::data_key(&data.join(DATA_KEY), data).unwrap();
    Home::open(data, &key, terms().unwrap(), &mut |_| {}).unwrap()
}

/// Opens the desk, types the lines, closes it again, and gives what was shown.
pub fn typed(data: &Path, nonce: &str, lines: &[&str]) -> String {
    let Home { desk, files, lock, .. } = open(data);
    let clock = RehearsalClock::new(Box::new(FixedClock(now())));
    let (handle, work) = serve(desk, Box::new(clock.clone()));
    let worker = std::thread::spawn(work);
    let mut session = Rehearsal::new(
        handle.clone(),
        clock,
        Box::new(files),
        Box::new(Posted),
        terms().unwrap(),
        nonce.to_owned(),
    )
    .unwrap();
    let mut shown = String::new();
    for line in lines {
        for one in session.line(line).unwrap() {
            let text = match one {
                Shown::Item(item) => item.text(),
                Shown::Word(word) => word,
            };
            shown.push_str(&text);
            shown.push('\n');
        }
        assert!(session.was_shown().unwrap().is_empty());
    }
    handle.stop();
    worker.join().unwrap().unwrap().close().unwrap();
    drop(lock);
    shown
}

/// Purges cases as retention would, and closes the desk.
pub fn purge(data: &Path, cases: &[u32]) {
    let mut home = open(data);
    let input = Input::Purge(cases.iter().copied().map(case).collect(), PurgeReason::Retention);
    let outcomes = home.desk.handle(vec![input], now()).unwrap();
    assert!(matches!(outcomes[..], [Outcome::Purged(_)]), "{outcomes:?}");
    home.close().unwrap();
}

/// Every file below a directory.
pub fn files(dir: &Path) -> Vec<PathBuf> {
    let mut all = Vec::new();
    for entry in fs::read_dir(dir).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            all.extend(files(&path));
        } else {
            all.push(path);
        }
    }
    all.sort();
    all
}

/// Copies a directory, replacing what was there.
pub fn copy(from: &Path, to: &Path) {
    if to.exists() {
        fs::remove_dir_all(to).unwrap();
    }
    fs::create_dir_all(to).unwrap();
    for file in files(from) {
        let target = to.join(file.strip_prefix(from).unwrap());
        fs::create_dir_all(target.parent().unwrap()).unwrap();
        fs::copy(file, target).unwrap();
    }
}

/// What is posted, whatever the path: the path's own words are its bytes.
struct Posted;

impl PostFiles for Posted {
    fn read(&self, path: &str) -> Result<Vec<u8>, String> {
        Ok(format!("the bytes of {path} contentquince").into_bytes())
    }
}
