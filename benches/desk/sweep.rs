//! What a tick costs: with nothing due, and for each case that falls due, whatever the number of cases on file.

use std::time::{Duration, Instant};

use chrono::{DateTime, Duration as Length, Utc};
use docket::desk::{Input, Message, Outcome};
use docket::ops::Home;

use crate::corpus;
use crate::home::{copy, open};
use crate::measure::{Spans, holds, millis};

/// So many cases fall due at once.
const DUE: usize = 100;
const IDLE: usize = 1_000;

pub fn table(sizes: &[u32]) {
    println!(
        "| cases | everything overdue, once | a tick with nothing due, p50 | p99 | {DUE} cases due, each | × the first | on the processor | × the first |"
    );
    println!("|---|---|---|---|---|---|---|---|");
    let (mut first, mut first_at_work) = (None, None);
    for cases in sizes {
        corpus::make(*cases);
        let dir = copy(*cases);
        let ended = corpus::ended(&dir);
        let mut home = open(&dir);
        // It was up all the time, so its clock is believed.
        tick(&mut home, ended, None);
        // Behind everything that the corpus itself has due.
        let mut now: DateTime<Utc> = "2036-11-21T10:00:30Z".parse().expect("a time");
        let (all, caught_up) = tick(&mut home, now, Some(now - ended));
        for n in 0..DUE {
            say(&mut home, n, now);
        }
        let mut idle = Vec::new();
        for _ in 0..IDLE {
            now += Length::seconds(1);
            idle.push(tick(&mut home, now, Some(Length::seconds(1))).1);
        }
        let idle = Spans::new(idle);
        // The answer is due in a month: tomorrow morning all of them are 30 days before it.
        now += Length::days(1);
        let before = on_the_processor();
        let (due, spent) = tick(&mut home, now, Some(Length::days(1)));
        let worked = on_the_processor() - before;
        assert!(due >= DUE, "{due} cases were due");
        let each = |span: Duration| span / u32::try_from(due).expect("few");
        let (each, each_at_work) = (each(spent), each(worked));
        let ratio = each.as_secs_f64() / first.get_or_insert(each).as_secs_f64();
        let at_work = each_at_work.as_secs_f64() / first_at_work.get_or_insert(each_at_work).as_secs_f64();
        println!(
            "| {cases} | {all} in {:.1} s | {} | {} | {} | {ratio:.2} {} | {} | {at_work:.2} |",
            caught_up.as_secs_f64(),
            millis(idle.at(50)),
            millis(idle.at(99)),
            millis(each),
            holds(ratio <= 2.0 || each <= Duration::from_millis(1)),
            millis(each_at_work),
        );
        home.close().expect("it closes");
        std::fs::remove_dir_all(&dir).expect("the copy can be removed");
    }
}

/// How many reminders it brought, and how long it took.
fn tick(home: &mut Home, now: DateTime<Utc>, passed: Option<Length>) -> (usize, Duration) {
    let steady = passed.map(|passed| passed.to_std().expect("it goes on"));
    let begun = Instant::now();
    let outcomes = home.desk.handle(vec![Input::Tick { steady }], now).expect("it goes on");
    let spent = begun.elapsed();
    let [Outcome::Ticked { posts, .. }] = outcomes.as_slice() else { panic!("{outcomes:?}") };
    (posts.iter().filter(|post| post.kind.name() == "reminder").count(), spent)
}

/// How long this thread has run, without what it waited for: a machine that does other things besides says less of that.
fn on_the_processor() -> Duration {
    let stat = std::fs::read_to_string("/proc/thread-self/schedstat").expect("a thread is counted");
    let nanos = stat.split_whitespace().next().expect("it has run").parse().expect("a number");
    Duration::from_nanos(nanos)
}

fn say(home: &mut Home, n: usize, now: DateTime<Utc>) {
    let message = Message {
        id: format!("$sweep-{n}"),
        sender: corpus::account("@ada:try.test"),
        text: "!case new terms spam".into(),
        edit: false,
        about: None,
        file: None,
        proof: docket::desk::Proof::Word,
    };
    home.desk.handle(vec![Input::Message(message)], now).expect("it goes on");
}
