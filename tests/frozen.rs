//! One person stops everybody; the room hears of it, and the host has the way back. And what contradicts a case since it was
//! changed.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    reason = "a test says what it expects by failing"
)]

mod room;

use docket::desk::{Input, Outcome, PostKind};
use room::{Room, now, person};

#[test]
fn whoever_froze_everybody_is_named_and_the_host_gives_it_back() {
    let mut room = Room::new();
    let alarms = |posts: &[docket::desk::Post]| -> Vec<String> {
        let alarms = posts.iter().filter(|post| post.kind == PostKind::Alarm);
        alarms.map(|post| post.page.text()).collect()
    };
    let mut last = Vec::new();
    for name in ["ada", "ben", "cy", "cleo"] {
        last = alarms(&room.say_as("dot", &format!("!case freeze @{name}")));
    }
    let [said] = last.as_slice() else { panic!("{last:?}") };
    assert!(said.contains("Nobody can approve any more"), "{said}");
    assert!(said.contains("@ada:try.test by @dot:try.test"), "{said}");
    assert!(said.contains("docket resume @ada:try.test --config FILE"), "{said}");
    // It is owed until it is delivered, over restarts too.
    let again = Room::over(room.journal.clone()).desk.owed(now()).unwrap();
    assert!(alarms(&again).iter().any(|text| text.contains("Nobody can approve")), "{again:?}");
    let resumed = room.handle(vec![Input::Resume(person("ada"))]).remove(0);
    assert!(matches!(&resumed, Outcome::OnHost { done: true, .. }), "{resumed:?}");
    assert!(!room.desk.terms().frozen.contains(&person("ada")));
    let Outcome::Ticked { posts, .. } = room.handle(vec![Input::Tick { steady: None }]).remove(0) else {
        panic!("a tick")
    };
    let said = alarms(&posts);
    assert!(said.iter().any(|text| text.contains("done on the host")), "{said:?}");
    let again = room.handle(vec![Input::Resume(person("ada"))]).remove(0);
    let Outcome::OnHost { done: false, page } = again else { panic!("{again:?}") };
    assert!(page.text().starts_with("Not done: @ada:try.test is not frozen"), "{}", page.text());
    let anew = Room::over(room.journal.clone());
    assert!(!anew.desk.terms().frozen.contains(&person("ada")), "it is on record");
    // Without room on the disk nothing is said to be done.
    room.journal.set_full(true);
    let full = room.handle(vec![Input::Resume(person("ben"))]).remove(0);
    assert!(matches!(full, Outcome::OnHost { done: false, .. }), "{full:?}");
    room.journal.set_full(false);
    assert!(room.desk.terms().frozen.contains(&person("ben")));
}

#[test]
fn one_who_is_frozen_among_enough_is_no_alarm() {
    let mut room = Room::new();
    let posts = room.say_as("dot", "!case freeze @ben");
    assert!(posts.iter().all(|post| post.kind != PostKind::Alarm), "{posts:?}");
}

#[test]
fn a_change_is_held_against_every_case_and_warned_of_once_on_both() {
    let mut room = Room::new();
    room.say("!case new preservation accounts=@a:example.org agency=X");
    // Newer ones that contradict nothing must not hide it.
    for n in 0..30 {
        room.say(&format!("!case new terms accounts=@a:example.org context=\"spam {n}\""));
    }
    room.say("!case new subject right=access accounts=@a:example.org");
    let said = room.say("!case set 32 right=erasure")[0].page.text();
    assert!(said.contains("C-32 asks for erasure, C-1 to keep the records"), "{said}");
    let other = room.say("!case log 1")[0].page.text();
    assert!(other.contains("C-32 asks for erasure"), "{other}");
    // Named by a change of its accounts, and at intake.
    room.say("!case new subject right=erasure accounts=@b:example.org");
    let said = room.say("!case set 33 accounts+=@a:example.org")[0].page.text();
    assert!(said.contains("C-33 asks for erasure, C-1 to keep the records"), "{said}");
    let said = room.say("!case new subject right=erasure accounts=@a:example.org")[0].page.text();
    assert!(said.contains("C-34 asks for erasure, C-1 to keep the records"), "{said}");
    // Once: what both know is not said again.
    room.say("!case set 32 right=access");
    let again = room.say("!case set 32 right=erasure")[0].page.text();
    assert!(!again.contains("to keep the records"), "{again}");
    // And what was warned of stands in no way of taking the change back.
    let back = room.say("!case undo 32")[0].page.text();
    assert!(back.starts_with("C-32 · took back"), "{back}");
}
