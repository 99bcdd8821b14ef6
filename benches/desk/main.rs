//! What everything costs through the desk: reading, durable commands, starting, rebuilding, memory. It prints each number
//! beside its limit and judges by one word; nothing fails.
//!
//! `cargo bench --bench desk` does all of it at 1,000, 10,000 and 100,000 cases; `docs/benches.md` names every part.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::print_stdout,
    reason = "a test or a bench says what it expects by failing"
)]
#![allow(
    clippy::disallowed_methods,
    reason = "a bench reads clocks, arguments and /proc, and a slow disk is made by waiting"
)]

#[path = "../../tests/chance/mod.rs"]
mod chance;
mod corpus;
mod disk;
mod durable;
mod home;
mod measure;
mod reads;
mod sweep;

use std::process::Command;

const ALL: &[u32] = &[1_000, 10_000, 100_000];

fn main() {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    if !arguments.iter().any(|argument| argument == "--bench") {
        return; // `cargo test --all-targets` runs it too
    }
    let words: Vec<&str> =
        arguments.iter().map(String::as_str).filter(|argument| !argument.starts_with("--")).collect();
    let numbers: Vec<u32> = words.iter().filter_map(|word| word.parse().ok()).collect();
    let cases = numbers.first().copied().unwrap_or(100_000);
    match words.first().copied() {
        Some("corpus") => corpus::make(cases),
        Some("reads") => reads::table(if numbers.is_empty() { ALL } else { &numbers }),
        Some("durable") => {
            durable::run(cases, numbers.get(1).copied().unwrap_or(0), !words.contains(&"unreported"))
        }
        Some("sweep") => sweep::table(if numbers.is_empty() { ALL } else { &numbers }),
        Some("start") => home::start(cases),
        Some("rebuild") => home::rebuild(cases),
        Some("serving") => durable::serving(cases),
        Some(word) if word.parse::<u32>().is_err() => {
            eprintln!("there is no part {word}; see docs/benches.md")
        }
        Some(_) | None => all(if numbers.is_empty() { ALL } else { &numbers }),
    }
}

/// Every part in a process of its own: what one has left to the allocator is not the other's memory.
fn all(sizes: &[u32]) {
    let largest = sizes.iter().max().copied().unwrap_or(100_000).to_string();
    let list: Vec<String> = sizes.iter().map(u32::to_string).collect();
    for size in &list {
        part(&["corpus", size]);
    }
    part(&[&["reads"], &*list.iter().map(String::as_str).collect::<Vec<_>>()].concat());
    part(&[&["sweep"], &*list.iter().map(String::as_str).collect::<Vec<_>>()].concat());
    part(&["durable", &largest]);
    part(&["durable", &largest, "unreported"]);
    part(&["durable", &largest, "5"]);
    part(&["durable", &largest, "5", "unreported"]);
    part(&["start", &largest]);
    part(&["rebuild", &largest]);
    part(&["serving", &largest]);
}

fn part(words: &[&str]) {
    println!("\n## cargo bench --bench desk -- {}", words.join(" "));
    let program = std::env::current_exe().expect("this program has a path");
    let ended = Command::new(program).args(words).arg("--bench").status().expect("it can be run");
    assert!(ended.success(), "{words:?} ended with {ended}");
}
