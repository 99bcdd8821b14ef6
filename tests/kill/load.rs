//! What is killed: commands into a data directory, 32 in flight, without end.
//!
//! Writes `ready` when the desk serves, then one line for each command that was answered: `done` or `refused`, its message
//! id, and what was asked. Nothing is written before the desk has answered.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::print_stdout,
    reason = "a test or a bench says what it expects by failing"
)]

use std::collections::VecDeque;
use std::io::{self, Write};
use std::path::Path;
use std::sync::mpsc::Receiver;

use docket::case::OrderId;
use docket::desk::{Input, Outcome, serve};
use docket::ops::{Home, SystemClock};
use docket::ports::Clock;

use crate::{message, open};

const IN_FLIGHT: usize = 32;
/// Cases that the first run in a directory opens; later ones change them and open more.
pub const CASES: u64 = 40;

/// Ends only with the process.
pub fn until_killed(dir: &Path, run: u64) {
    let Home { mut desk, lock, .. } = open(dir);
    // What the kill before came in between of is sent now.
    let left: Vec<_> =
        desk.owed(SystemClock.now()).unwrap().into_iter().flat_map(|post| sent(post.orders)).collect();
    let (handle, work) = serve(desk, Box::new(SystemClock));
    std::thread::spawn(work);
    handle.ask(Input::Delivered(left)).unwrap();
    say("ready");
    let mut flying: VecDeque<(String, String, Receiver<Outcome>)> = VecDeque::new();
    let mut answered = Vec::new();
    for number in 0.. {
        if flying.len() >= IN_FLIGHT
            && let Some((id, text, answer)) = flying.pop_front()
        {
            let Outcome::Posts(posts) = answer.recv().unwrap() else {
                panic!("{text} was not answered with posts")
            };
            let orders: Vec<OrderId> = posts.into_iter().flat_map(|post| post.orders).collect();
            let became = if orders.is_empty() { "refused" } else { "done" };
            say(&format!("{became}\t{id}\t{text}"));
            answered.extend(sent(orders));
        }
        if answered.len() > 2 * IN_FLIGHT {
            // Not waited for: a kill comes in between of this too.
            drop(handle.hand_in(Input::Delivered(std::mem::take(&mut answered))).unwrap());
        }
        let id = format!("$load-{run}-{number}");
        let text = command(run, number);
        let answer = handle.hand_in(Input::Message(message(&id, &text))).unwrap();
        flying.push_back((id, text, answer));
    }
    drop(lock);
}

fn say(line: &str) {
    let mut out = io::stdout().lock();
    writeln!(out, "{line}").unwrap();
    out.flush().unwrap();
}

fn sent(orders: Vec<OrderId>) -> impl Iterator<Item = (OrderId, Option<String>)> {
    orders.into_iter().map(|order| {
        let post = format!("$post-{}-{}", order.seq, order.case.map_or(0, |case| case.number()));
        (order, Some(post))
    })
}

/// Each is told from all others by its mark, `rRUNnNUMBER`.
fn command(run: u64, number: u64) -> String {
    let mark = format!("r{run}n{number}");
    let case = 1 + (run * 31 + number * 17) % CASES;
    if (run == 0 && number < CASES) || number % 10 == 7 {
        return format!("!case new terms Context=\"{mark}\"");
    }
    match number % 5 {
        0 => format!("!case tag {case} +{mark}"),
        1 => format!("!case set {case} context=\"{mark}\""),
        2 => format!("!case link {case} {} extends", 1 + (number + run) % CASES),
        _ => format!("!case note {case} {mark}"),
    }
}
