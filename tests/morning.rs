//! What a shift asks of a desk that others use at the same time, that stops and starts, and whose disk runs full.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    reason = "a test says what it expects by failing"
)]

mod room;

use docket::desk::{Input, Outcome, PostKind};
use room::Room;

fn lines(room: &mut Room, who: &str, text: &str) -> Vec<String> {
    let posts = room.say_as(who, text);
    posts[0].page.text().lines().map(str::to_owned).collect()
}

#[test]
fn after_a_restart_the_case_must_be_said() {
    let mut room = Room::new();
    room.say("!case new terms spam");
    room.say("!case assign 1 me");
    let mut room = Room::over(room.journal);
    assert!(room.first_line("!case undo").starts_with("Not done: I do not remember"));
    assert_eq!(room.first_line("!case undo 1"), "C-1 · took back: now with @ada:try.test");
}

#[test]
fn a_case_that_was_taken_back_on_is_the_same_after_a_rebuild() {
    let mut room = Room::new();
    room.say("!case new other reference=OP-1");
    room.say("!case set 1 reference=OP-2");
    room.say("!case undo");
    let shown = lines(&mut room, "ada", "!case show 1");
    let mut room = Room::over(room.journal);
    assert_eq!(lines(&mut room, "ada", "!case show 1"), shown);
}

#[test]
fn in_one_batch_the_last_command_is_the_one_before() {
    let mut room = Room::new();
    let texts = ["!case new terms spam", "!case tag 1 +fraud", "!case undo", "!case show 1"];
    let batch: Vec<Input> = texts.iter().map(|text| Input::Message(room.message("ada", text))).collect();
    let outcomes = room.handle(batch);
    let [.., Outcome::Posts(undone), Outcome::Posts(shown)] = outcomes.as_slice() else {
        panic!("{outcomes:?}")
    };
    assert!(undone[0].page.text().starts_with("C-1 · took back: tags +fraud"));
    assert!(!shown[0].page.text().contains("fraud"));
}

#[test]
fn what_a_full_disk_refused_is_not_taken_back_and_neither_is_what_was_before() {
    let mut room = Room::new();
    room.say("!case new terms spam");
    room.say("!case new terms insults");
    room.say("!case tag 1 +fraud");
    room.journal.set_full(true);
    room.say("!case tag 2 +fraud");
    room.journal.set_full(false);
    assert_eq!(room.first_line("!case undo"), "C-1 · took back: tags +fraud");
}

#[test]
fn a_full_disk_refuses_a_handover_whole() {
    let mut room = Room::new();
    for _ in 0..3 {
        room.say("!case new terms spam");
    }
    (1..=3).for_each(|case| drop(room.say(&format!("!case assign {case} @ben"))));
    room.journal.set_full(true);
    assert!(room.first_line("!case handover @ben @cy").starts_with("Not done: the disk is full"));
    room.journal.set_full(false);
    assert_eq!(lines(&mut room, "ben", "!case mine").len(), 3);
    assert_eq!(
        room.first_line("!case handover @ben @cy"),
        "3 open cases of @ben:try.test now with @cy:try.test"
    );
    assert_eq!(lines(&mut room, "cy", "!case mine").len(), 3);
}

#[test]
fn three_hundred_cases_go_over_in_one_record() {
    let mut room = Room::new();
    for case in 1..=300 {
        room.say("!case new terms spam");
        room.say(&format!("!case assign {case} @ben"));
    }
    let before = room.desk.head().seq.0;
    let said = lines(&mut room, "ada", "!case handover @ben @cy");
    assert_eq!(said[0], "300 open cases of @ben:try.test now with @cy:try.test");
    assert!(said[1].ends_with("C-10 and 290 more"), "{}", said[1]);
    assert_eq!(room.desk.head().seq.0, before + 1);
}

#[test]
fn the_screen_of_a_busy_desk_fits_on_a_phone() {
    let mut room = Room::new();
    for case in 1..=250 {
        let received = if case % 2 == 0 { "2026-10-25" } else { "2026-10-01" };
        room.say(&format!("!case new subject right=access accounts=@u{case}:try.test received={received}"));
        let who = ["ben", "cy", "nobody"][case % 3];
        room.say(&format!("!case assign {case} {who}"));
    }
    let said = lines(&mut room, "ben", "!case brief");
    assert!(said.len() <= 12, "{said:#?}");
    assert!(said[1].starts_with("Overdue 125: C-249 "), "{said:#?}");
    let next = lines(&mut room, "ben", "!case next");
    assert!(next[0].contains("overdue since"), "{next:#?}");
    assert!(next.last().unwrap().ends_with("more of yours behind it: !case mine"), "{next:#?}");
}

#[test]
fn what_presses_most_is_no_way_around_the_seal() {
    let mut room = Room::new();
    room.say("!case new terms a picture of a child");
    room.say("!case assign 1 @ben");
    room.say("!case tag 1 +csea");
    for who in ["ada", "ben", "cy", "dot"] {
        for text in ["!case next", "!case brief", "!case handover @ben @cy", "!case undo 1"] {
            let said: String = room.say_as(who, text).iter().map(|post| post.page.text()).collect();
            assert!(!said.contains("a child") && !said.contains("terms"), "{who} {text}: {said}");
        }
    }
}

#[test]
fn an_open_emergency_stands_before_all_that_is_overdue() {
    let mut room = Room::new();
    room.say("!case new subject right=access accounts=@u1:try.test received=2026-09-01");
    room.say("!case new other a letter");
    room.say("!case new emergency agency=\"Kent Police\"");
    room.say("!case new emergency agency=\"Essex Police\"");
    assert!(lines(&mut room, "ben", "!case next")[0].starts_with("C-3 · emergency"), "the older of the two");
    // One of which something has come is an errand like others, whatever is still owed on it.
    room.say("!case refuse 3 reason=unverified");
    assert!(lines(&mut room, "ben", "!case next")[0].starts_with("C-4 · emergency"));
    room.say("!case refuse 4 reason=unverified");
    assert!(lines(&mut room, "ben", "!case next")[0].starts_with("C-1 · subject"));
    // Where a sealed one stands would say of what kind it is.
    room.say("!case new emergency agency=\"Kent Police\"");
    room.say("!case tag 5 +csea");
    assert!(lines(&mut room, "ada", "!case next")[0].starts_with("C-1 · subject"));
}

#[test]
fn what_nobody_works_comes_before_ones_own_only_where_it_may_wait_least() {
    let mut room = Room::new();
    let next = |room: &mut Room| lines(room, "ben", "!case next");
    let subject = |received: &str| {
        format!("!case new subject right=access accounts=@a:example.org received={received}")
    };
    room.say(&subject("2026-11-19"));
    room.say("!case assign 1 @ben");
    room.say(&subject("2026-11-01"));
    assert!(next(&mut room)[0].starts_with("C-1 "), "that another is due sooner is no reason");
    room.say(&subject("2026-10-15"));
    let said = next(&mut room);
    assert!(said[0].starts_with("C-3 "), "{said:?}");
    assert_eq!(said[said.len() - 1], "1 of yours behind it: !case mine");
    room.say(&subject("2026-10-16"));
    room.say("!case assign 4 @ben");
    assert!(next(&mut room)[0].starts_with("C-4 "), "theirs is overdue too");
    room.say("!case new emergency agency=\"Kent Police\" accounts=@b:example.org");
    assert!(next(&mut room)[0].starts_with("C-5 "), "an emergency before all of that");
    room.say("!case assign 5 @cy");
    assert!(next(&mut room)[0].starts_with("C-4 "), "somebody works it");
}

#[test]
fn the_overview_counts_what_it_has_no_line_for_as_what_it_names() {
    // A hold on an answer that is overdue counts as overdue, whether the case has a line or not.
    for others in [3, 30] {
        let mut room = Room::new();
        for case in 1..=others {
            let received = if case % 3 == 0 { "2026-10-25" } else { "2026-10-01" };
            room.say(&format!(
                "!case new subject right=access accounts=@u{case}:try.test received={received}"
            ));
        }
        for case in others + 1..=others + 12 {
            room.say(&format!("!case new preservation agency=\"Kent Police\" accounts=@h{case}:try.test"));
            room.say(&format!("!case hold {case} start"));
        }
        let mut said = Vec::new();
        let mut last = room::now();
        room.handle(vec![Input::Tick { steady: None }]);
        for day in ["2026-11-21", "2027-02-15"] {
            let morning: chrono::DateTime<chrono::Utc> = format!("{day}T09:00:10Z").parse().unwrap();
            let tick = Input::Tick { steady: Some((morning - last).to_std().unwrap()) };
            last = morning;
            let Outcome::Ticked { posts, .. } = room.desk.handle(vec![tick], morning).unwrap().remove(0)
            else {
                panic!("a tick brings what it brings")
            };
            let overview = posts.iter().find(|post| post.kind == PostKind::Digest).unwrap();
            said.push(overview.page.text().lines().nth(1).unwrap().to_owned());
        }
        let (late, soon) = (others - others / 3, others / 3);
        assert!(said[0].starts_with(&format!("{late} overdue · {soon} due within 7 days")), "{said:?}");
        assert!(said[1].starts_with(&format!("{others} overdue · 12 due within 7 days")), "{said:?}");
    }
}
