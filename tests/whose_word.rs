//! Whom the desk knows, and whose word counts: on record, over restarts and rebuilds, from the next message on.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    reason = "a test says what it expects by failing"
)]

mod room;

use docket::case::Agency;
use docket::chat::VERBS;
use docket::desk::{Input, Outcome};
use docket::rehearsal::terms;
use docket::store::MemoryIndex;
use room::{Room, SharedJournal, person};

const ESSEX: &str = "!case directory add Essex Police phone=\"+44 1632 960300\" source=\"met their liaison\"";

fn text(outcome: &Outcome) -> String {
    match outcome {
        Outcome::Posts(posts) => posts.iter().map(|post| post.page.text() + "\n").collect(),
        other => panic!("posts, not {other:?}"),
    }
}

fn names(directory: &[Agency]) -> Vec<&str> {
    directory.iter().map(|agency| agency.name.as_str()).collect()
}

/// What an approver's yes brings, behind the line that says who the two were.
fn approved(room: &mut Room, line: &str) -> String {
    let code = code(&room.say(line)[0].page.text());
    let page = room.say_as("cy", &format!("!case approve {code}"))[0].page.text();
    assert!(page.starts_with("Done ("), "{page}");
    page.lines().nth(1).unwrap_or_default().to_owned()
}

/// The code that stands with a proposal.
fn code(page: &str) -> String {
    let (_, rest) = page.split_once("!case approve ").expect("a proposal");
    rest.split_whitespace().next().unwrap().to_owned()
}

#[test]
fn what_was_added_and_who_was_stopped_outlive_the_desk() {
    let mut room = Room::new();
    assert_eq!(
        approved(&mut room, ESSEX),
        "Directory · added Essex Police: +44 1632 960300 · added here, from: met their liaison · by @ada:try.test and \
         @cy:try.test, Fri 20 Nov 2026"
    );
    approved(&mut room, "!case directory add Kent Police phone=\"+44 1632 960209\" source=\"the almanac\"");
    room.say("!case freeze @ben");
    let anew = Room::over(room.journal.clone());
    assert_eq!(names(&anew.desk.terms().directory).last(), Some(&"Essex Police"));
    assert!(anew.desk.terms().directory.last().unwrap().added);
    assert_eq!(anew.desk.terms().directory, room.desk.terms().directory);
    let kent = |room: &Room| {
        let directory = &room.desk.terms().directory;
        directory.iter().find(|agency| agency.is_called("kent police")).unwrap().phones.len()
    };
    assert_eq!(kent(&anew), 2);
    approved(&mut room, "!case directory remove Kent Police");
    assert_eq!((kent(&room), kent(&Room::over(room.journal.clone()))), (1, 1));
    assert!(anew.desk.terms().frozen.contains(&person("ben")));
    let resumed = approved(&mut room, "!case resume @ben");
    assert!(resumed.starts_with("@ben:try.test is frozen no longer"), "{resumed}");
    let anew = Room::over(room.journal.clone());
    assert!(anew.desk.terms().frozen.is_empty());
}

#[test]
fn the_operators_file_comes_before_what_was_added() {
    let journal = SharedJournal::new();
    let mut room = Room::over(journal.clone());
    approved(&mut room, ESSEX);
    drop(room);
    let mut terms = terms().unwrap();
    let essex = Agency {
        name: "Essex Police".to_owned(),
        phones: vec!["+44 1632 960301".to_owned()],
        domains: Vec::new(),
        keys: Vec::new(),
        source: "the almanac".to_owned(),
        added: false,
        signed: None,
        additions: Vec::new(),
    };
    terms.directory.push(essex.clone());
    let room = Room::under(terms, journal, MemoryIndex::new());
    let all = &room.desk.terms().directory;
    assert_eq!(all.iter().filter(|agency| agency.is_called("essex police")).collect::<Vec<_>>(), [&essex]);
}

#[test]
fn somebody_is_stopped_from_the_next_message_on() {
    let mut room = Room::new();
    room.say("!case new terms spam");
    let batch = [("dot", "!case freeze @ben"), ("ben", "!case close 1"), ("ben", "!case show 1")];
    let batch = batch.map(|(who, line)| Input::Message(room.message(who, line)));
    let outcomes = room.handle(batch.into());
    assert!(text(&outcomes[1]).starts_with("Not allowed: your authority was stopped"), "{outcomes:?}");
    assert!(text(&outcomes[2]).starts_with("C-1 · terms"), "{outcomes:?}");
}

#[test]
fn on_a_full_disk_nobody_is_stopped_and_nothing_added_and_both_are_said() {
    let mut room = Room::new();
    room.journal.set_full(true);
    for line in ["!case freeze @ben", ESSEX] {
        assert!(room.first_line(line).starts_with("Not done: the disk is full"), "{line}");
    }
    assert!(room.desk.terms().frozen.is_empty());
    assert_eq!(room.desk.terms().directory.len(), 3);
    room.journal.set_full(false);
    assert!(room.first_line("!case freeze @ben").starts_with("@ben:try.test is frozen"));
    assert_eq!(room.desk.terms().frozen.len(), 1);
}

#[test]
fn a_command_about_no_case_is_done_once() {
    let mut room = Room::new();
    let message = room.message("ada", ESSEX);
    let first = room.hand_in(message.clone());
    assert_eq!(first.len(), 1);
    assert!(room.hand_in(message).is_empty());
    let approve = format!("!case approve {}", code(&first[0].page.text()));
    let approve = room.message("cy", &approve);
    assert_eq!(room.hand_in(approve.clone()).len(), 1);
    assert!(room.hand_in(approve).is_empty());
    assert_eq!(names(&room.desk.terms().directory).iter().filter(|name| **name == "Essex Police").count(), 1);
}

#[test]
fn requests_of_one_batch_are_held_against_each_other() {
    let mut room = Room::new();
    let request = "Request: preservation\nAgency: Kent Police\nEmail: a@kent.police.uk\nReference: KP/1";
    let batch: Vec<Input> = (0..3).map(|_| Input::Message(room.message("ada", request))).collect();
    let said: Vec<String> = room.handle(batch).iter().map(text).collect();
    assert!(said[0].contains("first request from kent.police.uk"), "{}", said[0]);
    assert!(
        said[1].contains("Like C-1 (same reference)") && !said[1].contains("first request"),
        "{}",
        said[1]
    );
    assert!(said[2].contains("Like C-2, C-1 (same reference)"), "{}", said[2]);
    // What was said is on record, and so is said again after a rebuild.
    let mut anew = Room::over(room.journal.clone());
    let card = anew.say("!case show 3").remove(0).page.text();
    assert!(card.contains("like C-2, C-1 (same reference)"), "{card}");
}

#[test]
fn of_very_many_cases_that_name_an_account_the_newest_are_looked_at_and_that_is_said() {
    let mut room = Room::new();
    for _ in 0..201 {
        let batch = [Input::Message(room.message("ada", "!case new terms spam accounts=@a:try.test"))];
        room.handle(batch.into());
    }
    let said = room.say("!case conflicts @a:try.test").remove(0).page.text();
    assert!(said.starts_with("@a:try.test is named in more than 200 cases; the newest of them:"), "{said}");
    assert!(said.contains("I looked at the newest 200 cases"), "{said}");
}

#[test]
fn a_number_that_an_open_request_gives_in_whatever_dress_is_not_added() {
    let mut room = Room::new();
    room.say("Request: information\nContext: ring me on 01632/960-300 (office)");
    assert!(room.first_line(ESSEX).starts_with("Not done: the number +44 1632 960300 stands in C-1"));
    room.say("!case refuse 1 reason=unverified");
    room.say("!case close 1 unsent reason=\"nobody real has asked\"");
    assert!(
        room.first_line(ESSEX)
            .starts_with("Not done yet, for it takes two people: add to the directory Essex")
    );
}

/// For each verb, whether words that are typed with it reach a letter that a user may get, and how that is tried: rule 65 holds
/// for all of them. A new verb stands here before it can be merged.
const REACH: &[(&str, &str)] = &[
    ("refuse", "refuse 2 reason=unfounded text=\"see C-1\""),
    ("extend", "extend 2 answer 2 months reason=\"held under C-1\""),
    ("scope", "scope 2 refuse account reason=\"held under C-1\""),
    ("letter", "letter 2 refuse reason=unfounded text=\"see C-1\""),
    ("set", "set 3 clause=\"3.2, see C-1\""),
];
/// Those of which nothing that is typed does: what they take is chosen from a list, stands on record, or opens a case.
const STAY: &[&str] = &[
    "help",
    "new",
    "form",
    "show",
    "log",
    "check",
    "list",
    "find",
    "due",
    "mine",
    "brief",
    "next",
    "note",
    "attach",
    "verify",
    "assign",
    "handover",
    "tag",
    "link",
    "answer",
    "ask",
    "sent",
    "redirect",
    "withdraw",
    "close",
    "reopen",
    "cost",
    "report",
    "seen",
    "snooze",
    "hold",
    "gag",
    "notify",
    "attest",
    "approve",
    "deny",
    "pending",
    "undo",
    "people",
    "health",
    "unreadable",
    "policy",
    "directory",
    "conflicts",
    "freeze",
    "trust",
    "resume",
];

#[test]
fn no_verb_puts_the_name_of_another_case_into_a_letter_to_a_user() {
    for verb in VERBS {
        let reaches = REACH.iter().any(|(name, _)| *name == verb.name);
        assert!(reaches != STAY.contains(&verb.name), "{}: do its words reach a letter?", verb.name);
    }
    let mut room = Room::new();
    room.say("!case new preservation agency=\"Kent Police\" accounts=@alice:try.test");
    room.say("!case new subject right=erasure accounts=@alice:try.test");
    room.say("!case new terms accounts=@alice:try.test context=insults");
    for (_, line) in REACH {
        let page = room.say(&format!("!case {line}"))[0].page.text();
        assert!(
            page.starts_with("Not done: these words may go to a user, and they name C-1"),
            "{line}: {page}"
        );
    }
}
