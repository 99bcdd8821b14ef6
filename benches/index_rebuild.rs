//! What the sled index costs at many cases: time, memory and disk of a rebuild, a close, a reopening, and of asking and
//! writing afterwards. It prints; it judges nothing.
//!
//! `cargo bench --bench index_rebuild -- [CASES] [CACHE_MIB]`
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::print_stdout,
    reason = "a test or a bench says what it expects by failing"
)]
#![allow(clippy::disallowed_methods)] // A bench reads clocks, arguments and /proc.

#[path = "../tests/chance/mod.rs"]
mod chance;

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::{Duration, Instant};

use chance::Draw;
use docket::case::{CaseId, Scope};
use docket::ports::{Changes, Facet, Hash, Head, Index, Seq};
use docket::store::{Believed, Options, SledIndex};
use zeroize::Zeroizing;

const BATCH: u32 = 500;
const WORDS: u64 = 30_000;
const ASKED: usize = 10_000;

fn main() {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    if !arguments.iter().any(|argument| argument == "--bench") {
        return; // `cargo test --all-targets` runs it too
    }
    let mut numbers = arguments.iter().filter_map(|argument| argument.parse::<u32>().ok());
    let cases = numbers.next().unwrap_or(100_000);
    let mut options = Options::default();
    if let Some(mib) = numbers.next() {
        options.cache = u64::from(mib) << 20;
    }
    let dir = PathBuf::from(env!("CARGO_TARGET_TMPDIR")).join("index_rebuild");
    // Each part in a process of its own: what one has left to the allocator is not the other's memory.
    match arguments.iter().find_map(|argument| argument.strip_prefix("part=")) {
        Some("rebuild") => return rebuild(&dir, options, cases),
        Some("ask") => return ask(&dir, options, cases),
        Some("write") => return write(&dir, options, cases),
        Some(_) | None => {}
    }
    println!("{cases} cases, cache {} MiB", options.cache >> 20);
    if dir.exists() {
        fs::remove_dir_all(&dir).expect("an old bench directory can be removed");
    }
    for part in ["part=rebuild", "part=ask", "part=write"] {
        println!("{part}");
        let program = std::env::current_exe().expect("this program has a path");
        let ended = Command::new(program).args(&arguments).arg(part).status().expect("it can be run");
        assert!(ended.success());
    }
    fs::remove_dir_all(&dir).expect("the bench directory can be removed");
}

fn rebuild(dir: &Path, options: Options, cases: u32) {
    report("at the start", Duration::ZERO, dir);
    let (mut index, _) = SledIndex::open(dir, key(), options).expect("an empty index opens");
    let mut draw = Draw(1);
    let mut spent = Duration::ZERO;
    let mut begun = Instant::now();
    index.begin_rebuild().expect("a rebuild begins");
    spent += begun.elapsed();
    let mut first = 1;
    while first <= cases {
        let batch: Vec<u32> = (first..=cases.min(first + BATCH - 1)).collect();
        let put = batch.iter().map(|case| (scope(*case), state(&mut draw))).collect();
        let add = batch.iter().flat_map(|case| postings(*case, &mut draw)).collect();
        begun = Instant::now();
        index.load(put, add).expect("it takes in a batch");
        spent += begun.elapsed();
        first += BATCH;
    }
    report("loaded", spent, dir);
    begun = Instant::now();
    index.finish_rebuild(head(1)).expect("the rebuild ends");
    spent += begun.elapsed();
    report("rebuilt", spent, dir);
    begun = Instant::now();
    Box::new(index).close().expect("it closes");
    report("closed", begun.elapsed(), dir);
}

fn ask(dir: &Path, options: Options, cases: u32) {
    let begun = Instant::now();
    let (index, believed) = SledIndex::open(dir, key(), options).expect("it opens");
    report("reopened", begun.elapsed(), dir);
    assert_eq!(believed, Believed::Yes(head(1)));
    let mut draw = Draw(2);
    let mut any = || (draw.next() % u64::from(cases)) as u32 + 1;
    for _ in 0..2 {
        times("value", || {
            assert!(index.value(scope(any())).expect("it answers").is_some());
        });
    }
    times("places of a case", || {
        let places = index.numbers(&places(any()), u64::MAX).expect("it answers");
        assert_eq!(places.len(), 12);
    });
    let mut draw = Draw(3);
    times("seen", || {
        index.numbers(&seen(draw.next()), u64::MAX).expect("it answers");
    });
    times("word, a page from anywhere", || {
        let word = word(&mut draw);
        index.numbers(&word, draw.next() % u64::from(cases)).expect("it answers");
    });
    let begun = Instant::now();
    Box::new(index).close().expect("it closes");
    report("closed", begun.elapsed(), dir);
}

fn write(dir: &Path, options: Options, cases: u32) {
    let begun = Instant::now();
    let (mut index, _) = SledIndex::open(dir, key(), options).expect("it opens");
    report("reopened", begun.elapsed(), dir);
    let mut draw = Draw(4);
    let mut seq = 1;
    times("apply: a new case", || {
        seq += 1;
        let case = cases + seq as u32;
        let changes = Changes {
            put: vec![(scope(case), state(&mut draw)), (Scope::Desk, state(&mut draw))],
            add: postings(case, &mut draw),
            drop: Vec::new(),
        };
        index.apply(head(seq), changes).expect("it takes it in");
    });
    report("written", Duration::ZERO, dir);
    for _ in 0..4 {
        times("apply: a change", || {
            seq += 1;
            let case = (draw.next() % u64::from(cases)) as u32 + 1;
            let changes = Changes {
                put: vec![(scope(case), state(&mut draw)), (Scope::Desk, state(&mut draw))],
                add: vec![
                    (Facet::new("stage", draw.next() % 6), u64::from(case)),
                    (places(case), u64::from(case) + (seq << 40)),
                    (seen(draw.next()), draw.next()),
                ],
                drop: vec![(Facet::new("stage", draw.next() % 6), u64::from(case))],
            };
            index.apply(head(seq), changes).expect("it takes it in");
        });
        report("written", Duration::ZERO, dir);
    }
    let begun = Instant::now();
    Box::new(index).close().expect("it closes");
    report("closed", begun.elapsed(), dir);
    let begun = Instant::now();
    let (index, _) = SledIndex::open(dir, key(), options).expect("it opens");
    report("reopened", begun.elapsed(), dir);
    drop(index);
}

fn times(what: &str, mut act: impl FnMut()) {
    let mut spent: Vec<Duration> = (0..ASKED)
        .map(|_| {
            let begun = Instant::now();
            act();
            begun.elapsed()
        })
        .collect();
    spent.sort();
    println!(
        "  {what}: p50 {:?} p99 {:?} max {:?}, rss {} MiB",
        spent[ASKED / 2],
        spent[ASKED * 99 / 100],
        spent[ASKED - 1],
        resident()
    );
}

fn report(what: &str, spent: Duration, dir: &Path) {
    println!("{what}: {spent:.2?}, rss {} MiB, disk {} MiB", resident(), disk(dir) >> 20);
}

fn resident() -> u64 {
    let pages = fs::read_to_string("/proc/self/statm").unwrap_or_default();
    let pages: u64 = pages.split(' ').nth(1).and_then(|pages| pages.parse().ok()).unwrap_or(0);
    (pages * 4096) >> 20
}

fn disk(dir: &Path) -> u64 {
    let Ok(entries) = fs::read_dir(dir) else { return 0 };
    let sizes = entries.flatten().map(|entry| match entry.metadata() {
        Ok(meta) if meta.is_dir() => disk(&entry.path()),
        Ok(meta) => meta.len(),
        Err(_) => 0,
    });
    sizes.sum()
}

fn key() -> Zeroizing<[u8; 32]> {
    Zeroizing::new([7; 32])
}

fn head(seq: u64) -> Head {
    Head { seq: Seq(seq), hash: Hash([1; 32]) }
}

fn scope(case: u32) -> Scope {
    CaseId::new(case).map_or(Scope::Desk, Scope::Case)
}

/// About 2 KB that no compression would help with.
fn state(draw: &mut Draw) -> Vec<u8> {
    let len = 1_600 + draw.next() % 800;
    (0..len / 8).flat_map(|_| draw.next().to_le_bytes()).collect()
}

/// 45 look-ups (25 of them words), 12 journal places and 12 seen numbers.
fn postings(case: u32, draw: &mut Draw) -> Vec<(Facet, u64)> {
    let number = u64::from(case);
    let mut all: Vec<(Facet, u64)> = (0..25).map(|_| (word(draw), number)).collect();
    all.push((Facet::new("stage", draw.next() % 6), number));
    all.push((Facet::new("owner", draw.next() % 20), number));
    all.push((Facet::new("kind", draw.next() % 12), number));
    all.push((Facet::new("all", ""), number));
    all.extend((0..16).map(|other| (Facet::new("other", other * 1_000 + draw.next() % 300), number)));
    all.extend((0..12).map(|event| (places(case), number * 9_000 + event * 700 + draw.next() % 500)));
    for _ in 0..12 {
        let fragment = draw.next();
        all.push((seen(fragment), fragment));
    }
    all
}

/// The n-th word is drawn about once in n times.
fn word(draw: &mut Draw) -> Facet {
    let even = (draw.next() >> 11) as f64 / (1_u64 << 53) as f64;
    Facet::new("word", (WORDS as f64).powf(even) as u64)
}

fn places(case: u32) -> Facet {
    Facet::new("places", format_args!("C-{case}"))
}

fn seen(fragment: u64) -> Facet {
    Facet::new("seen", fragment >> 48)
}
