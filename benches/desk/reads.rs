//! Reading through the desk: from the message to the finished answer.

use std::time::{Duration, Instant};

use docket::desk::Outcome;

use crate::corpus;
use crate::home::{message, open};
use crate::measure::{Draw, Spans, holds, millis, word};

const WARM: usize = 300;
const ASKED: usize = 3_000;

type Row = (&'static str, fn(u32, &mut Draw) -> String);

const ROWS: &[Row] = &[
    ("show", |cases, draw| format!("!case show {}", any(cases, draw))),
    ("log", |cases, draw| format!("!case log {}", any(cases, draw))),
    ("list, first page", |_, _| "!case list".into()),
    ("list kind= owner=", |_, draw| {
        let kind = draw.one_of(&["preservation", "information", "terms"]);
        let owner = draw.one_of(&["@ada:try.test", "@ben:try.test", "@cy:try.test"]);
        format!("!case list kind={kind} owner={owner}")
    }),
    ("due, first page", |_, _| "!case due".into()),
    ("list overdue", |_, _| "!case list overdue".into()),
    ("find, a reference", |cases, draw| format!("!case find OP-{}", any(cases, draw))),
    ("find, an account", |_, draw| format!("!case find @u{}:example.org", draw.below(20_000))),
    ("find, a rare word", |_, draw| format!("!case find {}", word(20_000 + draw.below(10_000)))),
    ("find, a common word", |_, draw| format!("!case find {}", word(1 + draw.below(5)))),
    ("find, two common words", |_, draw| {
        let one = draw.below(4);
        format!("!case find {} {}", word(1 + one), word(5 + draw.below(4)))
    }),
    ("find, two words that seldom meet", |_, draw| {
        format!("!case find {} {}", word(100 + draw.below(100)), word(300 + draw.below(100)))
    }),
];

fn any(cases: u32, draw: &mut Draw) -> u64 {
    1 + draw.below(u64::from(cases))
}

pub fn table(sizes: &[u32]) {
    let mut measured: Vec<Vec<Spans>> = Vec::new();
    for cases in sizes {
        corpus::make(*cases);
        measured.push(read(*cases));
    }
    let smallest = sizes.first().copied().unwrap_or(0);
    println!("| row | cases | p50 | p99 | p50 / p50 at {smallest} | p50 ≤ 2 × or ≤ 1 ms; p99 ≤ 10 ms |");
    println!("|---|---|---|---|---|---|");
    for (at, (name, _)) in ROWS.iter().enumerate() {
        let least = measured[0][at].at(50);
        for (cases, rows) in sizes.iter().zip(&measured) {
            let (p50, p99) = (rows[at].at(50), rows[at].at(99));
            let ratio = p50.as_secs_f64() / least.as_secs_f64().max(1e-9);
            let good = (ratio <= 2.0 || p50 <= Duration::from_millis(1)) && p99 <= Duration::from_millis(10);
            println!(
                "| {name} | {cases} | {} | {} | {ratio:.2} | {} |",
                millis(p50),
                millis(p99),
                holds(good)
            );
        }
    }
}

fn read(cases: u32) -> Vec<Spans> {
    let mut home = open(&corpus::dir(cases));
    let now = "2026-11-20T10:00:00Z".parse().expect("a time");
    let mut asked = 0_u64;
    let mut rows = Vec::new();
    for (name, text) in ROWS {
        let mut draw = Draw(u64::from(cases));
        let mut spans = Vec::new();
        for turn in 0..WARM + ASKED {
            asked += 1;
            let input = message(format!("$read-{asked}"), text(cases, &mut draw));
            let begun = Instant::now();
            let outcomes = home.desk.handle(vec![input], now).expect("it answers");
            let spent = begun.elapsed();
            assert!(
                matches!(outcomes.as_slice(), [Outcome::Posts(posts)] if posts.len() == 1),
                "{name} is answered"
            );
            if turn >= WARM {
                spans.push(spent);
            }
        }
        rows.push(Spans::new(spans));
    }
    home.close().expect("it closes");
    rows
}
