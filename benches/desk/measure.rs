//! Spans of time, and how they are printed.

use std::fs;
use std::path::Path;
use std::time::Duration;

pub use crate::chance::Draw;

/// Spans, sorted.
pub struct Spans(Vec<Duration>);

impl Spans {
    pub fn new(mut spans: Vec<Duration>) -> Spans {
        spans.sort_unstable();
        Spans(spans)
    }

    /// The span that this many of a hundred stay below.
    pub fn at(&self, percent: usize) -> Duration {
        let place = (self.0.len() * percent / 100).min(self.0.len().saturating_sub(1));
        self.0.get(place).copied().unwrap_or_default()
    }
}

pub fn holds(yes: bool) -> &'static str {
    if yes { "holds" } else { "DOES NOT HOLD" }
}

pub fn millis(span: Duration) -> String {
    format!("{:.3} ms", span.as_secs_f64() * 1_000.0)
}

/// A line of `/proc/self/status`, in MiB.
pub fn memory(line: &str) -> u64 {
    let status = fs::read_to_string("/proc/self/status").unwrap_or_default();
    status
        .lines()
        .find_map(|found| found.strip_prefix(line)?.strip_prefix(':'))
        .and_then(|rest| rest.split_whitespace().next()?.parse::<u64>().ok())
        .unwrap_or(0)
        >> 10
}

/// MiB of the files below a directory.
pub fn size(dir: &Path) -> u64 {
    bytes(dir) >> 20
}

fn bytes(dir: &Path) -> u64 {
    let Ok(entries) = fs::read_dir(dir) else { return 0 };
    let sizes = entries.flatten().map(|entry| match entry.metadata() {
        Ok(meta) if meta.is_dir() => bytes(&entry.path()),
        Ok(meta) => meta.len(),
        Err(_) => 0,
    });
    sizes.sum()
}

impl Draw {
    pub fn one_of<'a>(&mut self, of: &[&'a str]) -> &'a str {
        of[self.below(of.len() as u64) as usize]
    }

    /// A word: the n-th is drawn about once in n times.
    pub fn word(&mut self) -> String {
        let even = (self.next() >> 11) as f64 / (1_u64 << 53) as f64;
        word((WORDS as f64).powf(even) as u64)
    }

    pub fn words(&mut self, count: usize) -> String {
        (0..count).map(|_| self.word()).collect::<Vec<_>>().join(" ")
    }
}

const WORDS: u64 = 30_000;

/// The word of this rank, made of syllables so that it looks like one.
pub fn word(rank: u64) -> String {
    // Without k: with it "fake" is among them, and what somebody was told of a fake is read.
    const HEADS: &[u8] = b"bdfgwlmnprstvz";
    const TAILS: &[u8] = b"aeiou";
    let mut left = rank + 70;
    let mut word = String::new();
    while left > 0 {
        let syllable = (left % 70) as usize;
        word.push(char::from(HEADS[syllable / 5]));
        word.push(char::from(TAILS[syllable % 5]));
        left /= 70;
    }
    word
}
