//! Durable commands through the desk's own thread, 32 in flight, and what it costs when answers and cards are reported as
//! delivered.

use std::collections::VecDeque;
use std::sync::mpsc::Receiver;
use std::time::{Duration, Instant};

use docket::case::{CaseId, OrderId};
use docket::desk::{Handle, Input, Outcome, Post, serve};
use docket::ops::{Home, SystemClock};

use crate::corpus;
use crate::disk::Paced;
use crate::home::{copy, message};
use crate::measure::{Draw, Spans, holds, memory, millis, size};

const IN_FLIGHT: usize = 32;
const COMMANDS: usize = 30_000;
const SERVED: usize = 10_000;

pub fn run(cases: u32, slower: u32, reported: bool) {
    let slower = Duration::from_millis(u64::from(slower));
    let load = load(cases, slower, reported, COMMANDS);
    let (least, most) = if slower.is_zero() { (3_000.0, 25) } else { (1_500.0, 60) };
    let p99 = load.spans.at(99);
    println!(
        "{:.0} a second (limit {least}) {}; p50 {}, p99 {} (limit {most} ms) {}",
        load.rate,
        holds(load.rate >= least),
        millis(load.spans.at(50)),
        millis(p99),
        holds(p99 <= Duration::from_millis(most)),
    );
    println!(
        "{COMMANDS} commands over {cases} cases, sync slowed by {slower:?}, outcomes {}; index {} MiB on disk",
        if reported { "reported" } else { "not reported" },
        load.index
    );
}

pub fn serving(cases: u32) {
    let load = load(cases, Duration::ZERO, true, SERVED);
    println!(
        "memory serving, after {SERVED} mixed commands: {} MiB (limit 120 MiB) {}; most it ever was: {} MiB",
        load.resident,
        holds(load.resident <= 120),
        load.peak
    );
}

struct Load {
    rate: f64,
    spans: Spans,
    resident: u64,
    peak: u64,
    index: u64,
}

fn load(cases: u32, slower: Duration, reported: bool, commands: usize) -> Load {
    corpus::make(cases);
    let dir = copy(cases);
    let Home { desk, files: _, lock, .. } = Home::open_over(
        &dir,
        Paced::slower_by(&dir, slower),
        &corpus::data_key(),
        corpus::terms(),
        &mut |_| {},
    )
    .expect("it opens");
    let (handle, work) = serve(desk, Box::new(SystemClock));
    let desk = std::thread::spawn(work);
    let (spent, spans) = drive(&handle, cases, reported, commands);
    let (resident, peak) = (memory("VmRSS"), memory("VmHWM"));
    handle.stop();
    let desk = desk.join().expect("the desk ends").expect("nothing failed");
    let index = size(&dir.join("index"));
    desk.close().expect("it closes");
    drop(lock);
    std::fs::remove_dir_all(&dir).expect("the copy can be removed");
    Load { rate: commands as f64 / spent.as_secs_f64(), spans, resident, peak, index }
}

/// Keeps so many commands in flight: as soon as the oldest is answered the next is handed in.
fn drive(handle: &Handle, cases: u32, reported: bool, commands: usize) -> (Duration, Spans) {
    let mut draw = Draw(9);
    let mut flying: VecDeque<(Instant, Receiver<Outcome>)> = VecDeque::new();
    let mut spans = Vec::with_capacity(commands);
    let mut delivered: Vec<(OrderId, Option<String>)> = Vec::new();
    let mut reports = Vec::new();
    let mut handed = 0;
    let begun = Instant::now();
    while spans.len() < commands {
        while flying.len() < IN_FLIGHT && handed < commands {
            handed += 1;
            let input = message(format!("$load-{handed}"), command(cases, handed, &mut draw));
            let at = Instant::now();
            flying.push_back((at, handle.hand_in(input).expect("the desk serves")));
        }
        let Some((at, answer)) = flying.pop_front() else {
            break;
        };
        let outcome = answer.recv().expect("it is answered");
        spans.push(at.elapsed());
        let Outcome::Posts(posts) = outcome else { panic!("a command brings posts") };
        if reported {
            delivered.extend(posts.into_iter().flat_map(sent));
            if spans.len() % IN_FLIGHT == 0 || spans.len() == commands {
                let done = Input::Delivered(std::mem::take(&mut delivered));
                reports.push(handle.hand_in(done).expect("the desk serves"));
            }
        }
    }
    for report in reports {
        report.recv().expect("a report is taken in");
    }
    (begun.elapsed(), Spans::new(spans))
}

/// The orders that sending a post carries out, and its id where it is a case's first card.
fn sent(post: Post) -> Vec<(OrderId, Option<String>)> {
    let id = post.edits.is_none().then(|| format!("${}", post.txn));
    post.orders.into_iter().map(|order| (order, id.clone())).collect()
}

fn command(cases: u32, number: usize, draw: &mut Draw) -> String {
    let id = 1 + draw.below(u64::from(cases));
    match draw.below(100) {
        0..60 => format!("!case note {id} {} n{number}", draw.words(6)),
        60..75 => format!("!case set {id} officer=\"{} n{number}\"", draw.words(2)),
        75..80 => format!("!case tag {id} +n{number}"),
        80..85 => format!("!case assign {id} {}", draw.one_of(&["@ada:try.test", "@ben:try.test", "me"])),
        85..95 => {
            let id = CaseId::new(cases.saturating_add(number as u32)).expect("a number");
            corpus::request(id, draw)
        }
        _ => format!("!case show {id}"),
    }
}
