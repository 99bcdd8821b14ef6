//! What docket costs in its room, beside bots that do nothing but answer: in the same run, on the same homeserver, in turns. It prints
//! each number beside its limit and judges by one word; nothing fails.
//!
//! `cargo bench --bench room`; `docs/benches.md` names every row.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::print_stdout,
    reason = "a test or a bench says what it expects by failing"
)]
#![allow(clippy::disallowed_methods, reason = "a bench reads clocks, arguments, files and /proc")]

#[path = "../../tests/chance/mod.rs"]
mod chance;
#[path = "../desk/corpus.rs"]
#[allow(dead_code, reason = "the rest is the desk's bench's")]
mod corpus;
#[path = "../desk/disk.rs"]
#[allow(dead_code, reason = "the rest is the desk's bench's")]
mod disk;
#[path = "../../tests/encrypted/docket.rs"]
#[allow(dead_code, reason = "the rest is the tests'")]
mod docket;
mod echo;
mod filed;
#[path = "../desk/home.rs"]
#[allow(dead_code, reason = "the rest is the desk's bench's")]
mod home;
mod maubot;
#[path = "../desk/measure.rs"]
#[allow(dead_code, reason = "the rest is the desk's bench's")]
mod measure;
#[path = "../../tests/encrypted/person.rs"]
#[allow(dead_code, reason = "the rest is the tests'")]
mod person;
mod room;
mod rows;
#[path = "../../tests/encrypted/server.rs"]
#[allow(dead_code, reason = "the rest is the tests'")]
mod server;
#[path = "../../tests/encrypted/shield.rs"]
#[allow(dead_code, reason = "the rest is the tests'")]
mod shield;
#[path = "../../tests/encrypted/wire.rs"]
#[allow(dead_code, reason = "the rest is the tests'")]
mod wire;

use std::path::Path;

fn main() {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let words: Vec<&str> = arguments.iter().map(String::as_str).collect();
    let number = |word: &str| word.parse().expect("a number");
    match words.as_slice() {
        ["echo", url, user, dir, how] => return echo::run(url, user, Path::new(dir), *how == "fetching"),
        ["desk", dir, cases, looks] => {
            return filed::memory_of_the_desk(Path::new(dir), number(cases), number(looks));
        }
        _ => {}
    }
    if !words.contains(&"--bench") {
        return; // `cargo test --all-targets` runs it too
    }
    let numbers: Vec<u32> = words.iter().filter_map(|word| word.parse().ok()).collect();
    let of = |place: usize, otherwise: u32| numbers.get(place).copied().unwrap_or(otherwise);
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build().expect("a runtime");
    runtime.block_on(rows::run(of(0, 10_000), of(1, 10), of(2, 3)));
}
