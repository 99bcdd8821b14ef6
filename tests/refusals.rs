//! What the desk itself refuses, before any rule about a case is asked: by whom, which case, and whether there is room.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    reason = "a test says what it expects by failing"
)]

mod room;

use docket::case::{CaseId, PurgeReason, Scope};
use docket::desk::{DeskState, Input, Message, Outcome};
use docket::ports::{Changes, Index, Journal};
use docket::store::MemoryIndex;
use room::{Room, SharedJournal, now};

#[test]
fn an_edited_command_is_not_done() {
    let mut room = Room::new();
    room.say("!case new terms insults");
    let head = room.desk.head();
    for text in ["!case close 1", "!case list", "Request: terms\nContext: spam", "!case nonsense"] {
        let message = Message { edit: true, ..room.message("ada", text) };
        let posts = room.hand_in(message);
        assert_eq!(posts[0].page.text(), "Not done: Edits are not read; send it again.", "{text}");
    }
    let talk = Message { edit: true, ..room.message("ada", "good morning") };
    assert!(room.hand_in(talk).is_empty());
    let eve = Message { edit: true, ..room.message("eve", "!case close 1") };
    assert!(room.hand_in(eve)[0].page.text().starts_with("Not allowed:"));
    assert_eq!(room.desk.head(), head);
}

#[test]
fn who_is_not_listed_is_told_so_and_talk_is_left_alone() {
    let mut room = Room::new();
    for text in ["!case list", "!case", "!case \"", "Request: terms", "Request:"] {
        let page = room.say_as("eve", text)[0].page.text();
        assert!(page.starts_with("Not allowed: you are not in the list of people."), "{text}: {page}");
    }
    assert!(room.say_as("eve", "hello, has anybody seen the request?").is_empty());
    let page = room.say_as("dot", "!case note 1 x")[0].page.text();
    assert!(page.starts_with("Not allowed: this needs the role handler."), "{page}");
}

#[test]
fn a_case_that_is_not_there_is_said_so_by_every_verb() {
    let mut room = Room::new();
    for verb in docket::chat::VERBS {
        let Some(example) =
            verb.examples.iter().find(|example| example.contains(" 42") || example.contains(" 57"))
        else {
            continue;
        };
        let page = room.first_line(&format!("!case {example}"));
        let expected = [
            "Not done: there is no case C-42.",
            "Not done: there is no case C-57.",
            "Not done: there is no file.",
        ];
        assert!(expected.iter().any(|begin| page.starts_with(begin)), "{example}: {page}");
    }
    // That each was handled is on record, and nothing else: delivered again later, none may be carried out.
    assert!(room.first_line("!case list all").starts_with("No such case"));
}

#[test]
fn every_example_of_the_help_reads() {
    let mut room = Room::new();
    for verb in docket::chat::VERBS {
        assert!(!verb.examples.is_empty(), "{}", verb.name);
        for example in verb.examples {
            let page = room.first_line(&format!("!case {example}"));
            assert!(
                !page.contains("I do not know")
                    && !page.contains("I still need")
                    && !page.contains("could not be read"),
                "{example}: {page}"
            );
        }
    }
}

#[test]
fn a_verb_that_is_to_come_says_so_and_does_nothing() {
    let mut room = Room::new();
    for later in docket::chat::LATER {
        let verb = later.name;
        let line = room.first_line(&format!("!case {verb} 1 x=y"));
        let begins = format!("Not done: !case {verb} is not in this version yet");
        assert!(line.starts_with(&begins), "{line}");
        let ends = format!("{}: !case {}", later.until.trim_end_matches(':'), later.example);
        assert!(line.contains(later.will) && line.ends_with(&ends), "{line}");
        assert!(!room.first_line(&format!("!case help {verb}")).starts_with("Not done"));
    }
    assert_eq!(room.desk.head().seq.0, 0);
}

#[test]
fn a_purged_case_is_said_to_be_erased() {
    let mut room = Room::new();
    room.say("!case new terms insults");
    let case = CaseId::FIRST;
    room.handle(vec![Input::Purge(vec![case], PurgeReason::Retention)]);
    assert!(room.first_line("!case note 1 x").starts_with("Not done: C-1 · erased."));
    assert_eq!(room.first_line("!case show 1"), "C-1 · erased");
    assert_eq!(room.first_line("!case find C-1"), "C-1 · erased");
    assert_eq!(
        room.first_line("!case find insults"),
        "Nothing found for insults. Whole words count, not parts of them."
    );
    assert!(room.first_line("!case new terms again").starts_with("C-2 opened"));
}

#[test]
fn when_the_numbers_are_used_up_nothing_is_opened() {
    // No journal of a test holds four thousand million cases, so the desk is told that one does.
    let journal = SharedJournal::new();
    let state = DeskState {
        next: None,
        made_by: docket::desk::made_by(&journal, &docket::rehearsal::terms().unwrap()),
        ..DeskState::default()
    };
    let mut index = MemoryIndex::new();
    let put = vec![(Scope::Desk, serde_json::to_vec(&state).unwrap())];
    let changes = Changes { put, ..Changes::default() };
    index.apply(journal.head(), changes).unwrap();
    let mut room = Room::with(journal, index);
    assert_eq!(
        room.first_line("Request: terms"),
        "Not done: there are no case numbers left. Please call your administrator."
    );
}

#[test]
fn on_a_full_disk_nothing_is_done_and_reading_goes_on() {
    let mut room = Room::new();
    room.say("!case new terms insults");
    room.journal.set_full(true);
    let note = room.message("ada", "!case note 1 hello");
    let open = room.message("ada", "!case new terms spam");
    let show = room.message("ada", "!case show 1");
    let inputs = [note.clone(), open, show].map(Input::Message).into();
    let outcomes = room.handle(inputs);
    for (outcome, begins) in
        outcomes.iter().zip(["Not done: the disk is full", "Not done: the disk is full", "C-1 · terms"])
    {
        let Outcome::Posts(posts) = outcome else {
            panic!("{outcome:?}");
        };
        assert!(posts[0].page.text().starts_with(begins), "{}", posts[0].page.text());
        assert!(posts.iter().all(|post| post.orders.is_empty()));
    }
    assert_eq!(room.desk.owed(now()).unwrap().len(), 2, "the answer and the card of the first message");
    // Once there is room, the very same message is done; it was never taken for seen.
    room.journal.set_full(false);
    assert!(room.hand_in(note)[0].page.text().starts_with("C-1 · note added"));
    assert!(room.first_line("!case new terms spam").starts_with("C-2 opened"));
}

#[test]
fn the_longest_messages_are_refused_whole() {
    let mut room = Room::new();
    let long = "x".repeat(64 * 1024);
    for text in [
        format!("!case new terms {long}"),
        format!("Request: terms\nContext: {long}"),
        format!("!case note 1{}x", "\n".repeat(10_001)),
        format!("Request: terms{}x", "\n".repeat(10_001)),
    ] {
        let line = room.first_line(&text);
        assert!(line.starts_with("Not done: this message"), "{line}");
        assert!(line.ends_with("Send the rest as a file."), "{line}");
    }
    assert!(room.say(&long).is_empty(), "talk may be as long as it likes");
    assert_eq!(room.desk.head().seq.0, 0);
    // Just short of it everything is kept, and what is shown still fits into one message.
    let line = format!("Request: terms\nContext: {}", &long[..65_000]);
    let posts = room.say(&line);
    assert!(posts.iter().all(|post| post.page.text().len() + post.page.html().len() < 60_000));
    let many: String = (0..4_000).map(|n| format!("Key {}: v\n", letters(n))).collect();
    for post in room.say(&format!("Request: terms\n{many}")) {
        assert!(post.page.text().lines().count() <= 9, "{}", post.page.text());
    }
    // Ten thousand lines, or accounts, take no longer than reading them.
    let names: String = (0..6_000).map(|n| format!("@{}:a.b,", letters(n))).collect();
    for text in [
        format!("Request: terms\n{}", "a:b\n".repeat(9_990)),
        format!("Request: terms\nConfidential: yes\nAccounts: {names}"),
        "!case set 4 accounts+=@z:a.b".to_owned(),
        format!("Request: terms\n{}", "Confidential: maybe\n".repeat(3_000)),
        "!case set 5 confidential=yes".to_owned(),
    ] {
        for post in room.say(&text) {
            assert!(post.page.text().lines().count() <= 9, "{}", post.page.text());
        }
    }
    for command in ["!case check 2", "!case log 2", "!case check 3", "!case check 4", "!case log 5"] {
        let page = &room.say(command)[0].page;
        assert!(page.text().len() + page.html().len() < 60_000);
    }
}

fn letters(n: usize) -> String {
    n.to_string().bytes().map(|b| char::from(b - b'0' + b'a')).collect()
}

#[test]
fn a_message_of_a_thousand_changes_is_refused_and_the_desk_goes_on() {
    let mut room = Room::new();
    room.say("!case new terms insults");
    let letters = || 'a'..='z';
    let names = letters()
        .flat_map(|a| letters().flat_map(move |b| letters().map(move |c| format!("@{a}{b}{c}:b.co"))));
    let names: Vec<String> = names.take(1_300).collect();
    let one_by_one: String = names.iter().map(|name| format!(" accounts+={name}")).collect();
    assert!(
        room.first_line(&format!("!case set 1{one_by_one}"))
            .starts_with("Not done: one command makes at most 200")
    );
    let at_once = room.first_line(&format!("!case set 1 accounts+=\"{}\"", names.join(", ")));
    assert!(at_once.starts_with("C-1 · Accounts is now @aaa:b.co"), "{at_once}");
}
