//! The cases that docket has on file, and what they cost it without a room.

use std::fs;
use std::path::Path;

use docket::config::Config;
use docket::desk::{Input, Outcome, Post};
use docket::matrix::run::works_by;
use docket::ops::{Home, SystemClock, secret};
use docket::ports::Clock;

use crate::docket::Docket;
use crate::measure::memory;
use crate::{corpus, home};

/// Has a docket that was not set up yet find a corpus in its place. What is overdue on it was said before.
pub fn lay(docket: &Docket, cases: u32) {
    corpus::make(cases);
    let data = docket.dir.join("data");
    fs::rename(home::copy(cases), &data).unwrap();
    let key = corpus::data_key();
    secret::write(&docket.dir.join("data.key"), &key.text()).unwrap();
    let config = Config::load(&docket.config()).unwrap();
    let ended = corpus::ended(&data);
    let mut home = Home::open(&data, &key, works_by(&config).unwrap(), &mut |_| {}).unwrap();
    let mut said = home.desk.owed(ended).unwrap();
    let mut before = None;
    // It was up all the time, so its clock is believed.
    for now in std::iter::once(ended).chain(std::iter::repeat_with(|| SystemClock.now())) {
        delivered(&mut home, &said, now);
        let steady = before.map(|before: chrono::DateTime<chrono::Utc>| (now - before).to_std().unwrap());
        before = Some(now);
        let mut outcomes = home.desk.handle(vec![Input::Tick { steady }], now).unwrap();
        let Outcome::Ticked { posts, .. } = outcomes.remove(0) else { panic!("{outcomes:?}") };
        if posts.is_empty() && now != ended {
            break;
        }
        said = posts;
    }
    home.close().unwrap();
}

fn delivered(home: &mut Home, said: &[Post], now: chrono::DateTime<chrono::Utc>) {
    let post = |post: &Post| post.edits.is_none().then(|| format!("${}", post.txn));
    let done = said.iter().flat_map(|said| said.orders.iter().map(move |order| (*order, post(said))));
    home.desk.handle(vec![Input::Delivered(done.collect())], now).unwrap();
}

/// How much more memory a process has behind so many looks at cases than before it opened them.
pub fn memory_of_the_desk(dir: &Path, cases: u32, looks: u32) {
    let before = memory("VmRSS");
    let mut home = home::open(dir);
    for n in 0..looks {
        let asked = home::message(format!("$look-{n}"), format!("!case show {}", 1 + n * 7 % cases));
        home.desk.handle(vec![asked], SystemClock.now()).unwrap();
    }
    println!("{}", memory("VmRSS").saturating_sub(before));
    home.close().unwrap();
}
