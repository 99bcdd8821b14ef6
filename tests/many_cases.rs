//! A rebuild of more cases than one thread folds: it shows what was there before, and what is wrong with one case ends it.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    reason = "a test says what it expects by failing"
)]

mod room;

use docket::case::CaseId;
use docket::desk::{Desk, DeskFault, Input};
use docket::files::MemoryFiles;
use docket::ports::Journal;
use docket::store::MemoryIndex;
use room::{Room, SharedJournal, now};

/// Enough for several handfuls of each thread, the last of them not full.
const CASES: u32 = 430;

fn filled() -> Room {
    let mut room = Room::new();
    let mut inputs = Vec::new();
    for number in 1..=CASES {
        let text = format!("!case new terms spam {}", number % 7);
        inputs.push(Input::Message(room.message("ada", &text)));
        inputs.push(Input::Message(room.message("ben", &format!("!case note {number} word{number}"))));
        if number % 50 == 0 {
            room.handle(std::mem::take(&mut inputs));
        }
    }
    room.handle(inputs);
    room
}

/// What the desk says of every case, of several lists, and what it owes.
fn told(room: &mut Room) -> Vec<String> {
    let cases = (1..=CASES).map(|number| format!("!case show {number}"));
    let lists = ["!case list", "!case due", "!case find spam", "!case find word411", "!case log 400"];
    let asked: Vec<String> = cases.chain(lists.map(str::to_owned)).collect();
    let mut told: Vec<String> =
        asked.iter().flat_map(|text| room.say(text)).map(|post| post.page.text()).collect();
    let owed = room.desk.owed(now()).expect("it is read");
    told.extend(owed.iter().map(|post| format!("{:?} {}", post.orders, post.page.text())));
    told
}

#[test]
fn many_cases_are_the_same_after_a_rebuild() {
    let mut room = filled();
    let before = told(&mut room);
    assert!(before.len() > CASES as usize * 2, "every new case owes its card");
    let after = told(&mut Room::over(room.journal.clone()));
    for (after, before) in after.iter().zip(&before) {
        assert_eq!(after, before);
    }
    assert_eq!(after.len(), before.len());
}

#[test]
fn a_case_whose_key_is_gone_ends_the_rebuild_wherever_it_stands() {
    let journal: SharedJournal = filled().journal;
    // The smallest number is met first, whichever thread is faster.
    for number in [CASES, 311, 150, 1] {
        let case = CaseId::new(number).unwrap();
        journal.clone().erase(case).unwrap();
        let opened = Desk::open(
            Box::new(journal.clone()),
            Box::new(MemoryIndex::new()),
            Box::new(MemoryFiles::default()),
            docket::rehearsal::terms().unwrap(),
            &mut |_| {},
        );
        let fault = opened.err().expect("it is refused");
        assert!(matches!(fault, DeskFault::KeyGone(gone) if gone == case), "{fault}");
    }
}
