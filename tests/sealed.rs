//! What stands in a sealed case reaches nobody who may not see it (rules 55 and 66), by whichever verb they ask.
//!
//! Two desks hold the same sealed case, but for the words in it. Whatever is typed, whoever may not see the case gets the same
//! from both: then nothing that they get can depend on what stands in it. The verbs come from the table, so a new one is asked
//! by itself.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    reason = "a test says what it expects by failing"
)]

mod room;

use std::collections::BTreeSet;

use docket::chat::VERBS;
use docket::desk::{Input, Outcome, Post};
use room::{Room, now, person};

/// Who may not see sealed cases: with every role that is not safety or counsel.
const OTHERS: [&str; 3] = ["ada", "ben", "dot"];

/// The words of the sealed case, and those of its twin on the other desk.
const MARK: &str = "zebrafish";
const TWIN: &str = "marmoset";

/// A desk with C-1, which is sealed and holds a word wherever a word can stand, and C-2, which is not.
fn desk(word: &str) -> Room {
    let mut room = Room::new();
    let opening = format!(
        "!case new preservation agency=\"{word} police\" officer=\"{word} roe\" reference={word}-1 email=x@{word}.example \
         jurisdiction=GB accounts=@{word}:try.test dates=2026-11-01 data=log secrecy=yes context=\"{word}\""
    );
    room.say(&opening);
    room.say(&format!("!case note 1 the {word} again"));
    room.say(&format!("!case tag 1 +{word}"));
    room.say(&format!("!case gag 1 open by=\"court of {word}\""));
    room.say("!case assign 1 @cleo");
    let flagged = room.say("!case tag 1 +csea");
    assert!(text(&flagged).contains("sealed from now on"), "{}", text(&flagged));
    room.say_as("sam", "!case hold 1 start");
    room.say_as("cleo", &format!("!case cost 1 120 GBP {word}"));
    let proposed = room.say_as("sam", "!case tag 1 -csea");
    assert!(text(&proposed).contains("takes two people"), "{}", text(&proposed));
    room.say("!case new terms accounts=@mallory:try.test context=\"spam in our lobby\"");
    room
}

/// The code of what waits on the sealed case.
fn code(room: &mut Room) -> String {
    let shown = text(&room.say_as("sam", "!case show 1"));
    let (_, rest) = shown.split_once("!case approve C-1 ").unwrap_or_else(|| panic!("{shown}"));
    rest.chars().take_while(char::is_ascii_alphanumeric).collect()
}

fn text(posts: &[Post]) -> String {
    posts.iter().map(|post| format!("{:?}\n{}\n", post.kind, post.page.text())).collect()
}

/// The same without the codes of proposals, which are drawn.
fn uncoded(said: &str) -> String {
    let is_code =
        |word: &str| word.len() == 6 && word.chars().all(|c| c.is_ascii_uppercase() || c.is_ascii_digit());
    let words = said.split_inclusive([' ', '\n']);
    words.map(|word| if is_code(word.trim_end()) { "CODE " } else { word }).collect()
}

/// Everything that is typed of one verb: its examples about either case, and with what stands in the sealed one.
fn typed(name: &str, examples: &[&str]) -> BTreeSet<String> {
    let mut lines = BTreeSet::new();
    for id in ["1", "2"] {
        for example in examples {
            let words = example.split(' ').map(|word| if ["42", "57"].contains(&word) { id } else { word });
            lines.insert(format!("!case {}", words.collect::<Vec<_>>().join(" ")));
        }
        lines.extend([format!("!case {name} {id}"), format!("!case {name} all page=1")]);
    }
    let ends = [
        String::new(),
        MARK.to_owned(),
        format!("all {MARK}"),
        format!("@{MARK}:try.test"),
        format!("{MARK}-1"),
        format!("subject=@{MARK}:try.test"),
        format!("tag={MARK}"),
        format!("all tag={MARK}"),
        "C-1".to_owned(),
        "gagged".to_owned(),
        "1 page=2".to_owned(),
        "preservation".to_owned(),
        "all preservation".to_owned(),
        "2026H2".to_owned(),
        "overdue".to_owned(),
        "@cleo".to_owned(),
        "400d".to_owned(),
    ];
    lines.extend(ends.iter().map(|end| format!("!case {name} {end}").trim_end().to_owned()));
    lines
}

#[test]
fn nothing_that_anybody_else_gets_depends_on_what_stands_in_it() {
    for who in OTHERS {
        for verb in VERBS {
            let (mut room, mut twin) = (desk(MARK), desk(TWIN));
            let code = code(&mut room);
            for line in typed(verb.name, verb.examples) {
                let (said, same) = (room.say_as(who, &line), twin.say_as(who, &line));
                assert_eq!(uncoded(&text(&said)), uncoded(&text(&same)), "{who}: {line}");
                let said = text(&said);
                assert!(!said.contains(&code), "{who}: {line}\n{said}");
                assert!(line.contains(MARK) || !said.contains(MARK), "{who}: {line}\n{said}");
            }
        }
    }
}

#[test]
fn what_time_brings_does_not_depend_on_it_either() {
    let days = |room: &mut Room| {
        let mut said = String::new();
        for day in 0..400 {
            let at = now() + chrono::TimeDelta::days(day);
            let steady = Some(std::time::Duration::from_secs(86_400));
            let outcomes = room.desk.handle(vec![Input::Tick { steady }], at).expect("the desk goes on");
            for outcome in outcomes {
                if let Outcome::Ticked { posts, .. } = outcome {
                    said.push_str(&text(&posts));
                }
            }
        }
        said
    };
    let said = days(&mut desk(MARK));
    assert!(said.contains("C-1"), "it was reminded of");
    assert!(!said.contains(MARK), "{said}");
    assert_eq!(said, days(&mut desk(TWIN)));
}

#[test]
fn those_who_may_find_it_by_what_stands_in_it_and_that_is_on_record() {
    let ways = [
        ("find", format!("!case find {MARK}")),
        ("list", format!("!case list tag={MARK}")),
        ("list", format!("!case list subject=@{MARK}:try.test")),
        ("list", "!case list preservation".to_owned()),
        ("conflicts", format!("!case conflicts @{MARK}:try.test")),
    ];
    for who in ["sam", "cleo"] {
        for (verb, line) in &ways {
            let mut room = desk(MARK);
            let posts = room.say_as(who, line);
            assert!(text(&posts).contains("C-1 · sealed"), "{line}: {}", text(&posts));
            assert!(posts.iter().all(|post| post.only == Some(person(who))), "{line}: {posts:?}");
            let log = text(&room.say_as("sam", "!case log 1"));
            assert!(log.contains(&format!("@{who}:try.test · looked at: {verb}\n")), "{line}: {log}");
        }
        // By what everybody may know, it is no look, and everybody reads it.
        for line in ["!case list", "!case due", "!case find C-1", "!case brief", "!case list owner=@cleo"] {
            let mut room = desk(MARK);
            let posts = room.say_as(who, line);
            assert!(posts.iter().all(|post| post.only.is_none()), "{line}: {posts:?}");
            let said = text(&posts);
            assert!(said.contains("C-1") && !said.contains(MARK), "{line}: {said}");
        }
    }
}

#[test]
fn what_is_answered_about_it_goes_to_whoever_asked_alone() {
    for verb in VERBS {
        let mut room = desk(MARK);
        let of_it = |example: &&&str| example.split(' ').any(|word| word == "42");
        for example in verb.examples.iter().filter(of_it) {
            let words = example.split(' ').map(|word| match word {
                "42" => "1",
                "57" => "2",
                word => word,
            });
            let line = format!("!case {}", words.collect::<Vec<_>>().join(" "));
            for post in room.say_as("sam", &line) {
                let shows = post.page.text().contains(MARK);
                assert!(!shows || post.only == Some(person("sam")), "{line}: {}", post.page.text());
            }
        }
    }
    // An answer that a stop came in between of is no different.
    let mut room = desk(MARK);
    let said = room.say_as("sam", &format!("!case set 1 officer=\"{MARK} two\""));
    assert!(said.iter().any(|post| post.page.text().contains(MARK)), "{}", text(&said));
    let owed = room.desk.owed(now()).expect("the desk goes on");
    let again: BTreeSet<_> =
        owed.iter().filter(|post| post.page.text().contains(MARK)).map(|post| post.only.clone()).collect();
    assert_eq!(again, BTreeSet::from([Some(person("cleo")), Some(person("sam"))]));
}

#[test]
fn a_case_that_is_like_it_does_not_say_so() {
    let opening = |word: &str| {
        format!(
            "!case new preservation agency=\"{word} police\" reference={word}-1 email=y@{word}.example \
             accounts=@{word}:try.test"
        )
    };
    let (mut room, mut twin) = (desk(MARK), desk(TWIN));
    let (said, same) = (room.say(&opening(MARK)), twin.say(&opening(MARK)));
    assert_eq!(text(&said), text(&same));
    assert!(!text(&said).contains("C-1"), "{}", text(&said));
    // Those who may see it read of it there.
    let shown = text(&room.say_as("sam", "!case conflicts 1"));
    assert!(!shown.contains("Nothing contradicts") || !shown.contains("C-3"), "{shown}");
}

#[test]
fn that_something_is_kept_is_said_without_saying_where() {
    let mut room = desk(MARK);
    let said = text(&room.say(&format!("!case new subject right=erasure accounts=@{MARK}:try.test")));
    assert!(said.contains("kept for a reason that is not shown here"), "{said}");
    assert!(!said.contains("C-1"), "{said}");
    for line in ["!case conflicts 3", &format!("!case conflicts @{MARK}:try.test")] {
        let said = text(&room.say(line));
        assert!(said.contains("not shown here") && !said.contains("C-1"), "{line}: {said}");
        let said = text(&room.say_as("sam", line));
        assert!(said.contains("C-3 asks for erasure, C-1 to keep the records"), "{line}: {said}");
    }
    let log = text(&room.say_as("sam", "!case log 1"));
    assert!(log.contains("C-3 asks for erasure, C-1 to keep the records"), "{log}");
}

#[test]
fn that_a_notice_is_forbidden_is_said_without_saying_by_what() {
    let mut room = desk(MARK);
    room.say(&format!("!case new preservation agency=\"Kent Police\" accounts=@{MARK}:try.test"));
    let said = text(&room.say(&format!("!case notify 3 preview @{MARK}:try.test")));
    assert!(said.contains("something that is not shown here forbids it"), "{said}");
    assert!(!said.contains("C-1"), "{said}");
}

#[test]
fn the_directory_takes_in_what_stands_there_as_if_it_did_not() {
    // Given the sealed case, which gives addresses of one domain, and its twin of another
    let (mut room, mut twin) = (desk(MARK), desk(TWIN));
    // When somebody adds that domain, a number of it besides, or one that goes with it
    for domain in [format!("{MARK}.example"), format!("mail.{MARK}.example")] {
        let line = format!(
            "!case directory add Quux phone=\"+44 20 7946 0999\" domain={domain} source=\"their own site, 21 November\""
        );
        let (said, same) = (text(&room.say_as("ada", &line)), text(&twin.say_as("ada", &line)));
        // Then nothing tells that it stands there
        assert_eq!(uncoded(&said), uncoded(&same));
        assert!(said.contains("takes two people"), "{said}");
    }
}

#[test]
fn whose_case_was_sealed_is_told_who_takes_it() {
    // Given somebody's only case, which was sealed since, so that they may not see it
    let mut room = Room::new();
    room.say_as("ben", "!case new preservation agency=Kent");
    room.say_as("ben", "!case assign 1 me");
    room.say_as("sam", "!case tag 1 +csea");
    // When they ask what waits, then both answers say that it is theirs still, and who takes it
    for line in ["!case brief", "!case next"] {
        let said = text(&room.say_as("ben", line));
        assert!(said.contains("Sealed, and yours still 1: C-1"), "{line}: {said}");
        assert!(said.contains("to take it: !case assign C-1 me"), "{line}: {said}");
        assert!(!said.contains("Enjoy"), "{line}: {said}");
    }
    // And whoever may see it reads of nothing that is out of sight
    room.say_as("sam", "!case assign 1 me");
    for who in ["ben", "sam"] {
        let said = text(&room.say_as(who, "!case next"));
        assert!(!said.contains("yours still"), "{who}: {said}");
    }
}

#[test]
fn what_waited_for_its_one_reader_is_said_as_they_may_read_it_by_then() {
    let mut room = desk(MARK);
    let anew =
        |room: &mut Room, post: &Post| match room.handle(vec![Input::Anew(Box::new(post.clone()))]).remove(0)
        {
            Outcome::Posts(posts) => posts,
            other => panic!("{other:?}"),
        };
    let shown = room.say_as("sam", "!case show 1").remove(0);
    let done = room.say_as("sam", "!case note 1 he rang").remove(0);
    for post in [&shown, &done] {
        assert_eq!(post.only, Some(person("sam")), "{post:?}");
    }
    assert_eq!(anew(&mut room, &shown), std::slice::from_ref(&shown));
    let again = anew(&mut room, &done);
    assert_eq!((&again[0].orders, &again[0].only, &again[0].txn), (&done.orders, &done.only, &done.txn));

    // What was asked where nobody else reads is answered there, though the case be open to all.
    let opened = room.say_as("sam", "!case new other something else").remove(0);
    let asked_alone = Post { only: Some(person("sam")), ..opened };
    assert_eq!(anew(&mut room, &asked_alone)[0].only, Some(person("sam")));

    room.say_as("cleo", "!case freeze @sam");

    assert_eq!(anew(&mut room, &shown), [], "whoever was stopped reads no sealed case any more");
    let again = anew(&mut room, &done);
    assert!(text(&again).contains("sealed") && !text(&again).contains(MARK), "{}", text(&again));
    room.handle(vec![Input::Delivered(done.orders.iter().map(|order| (*order, None)).collect())]);
    assert_eq!(anew(&mut room, &done), [], "it was said");
}
