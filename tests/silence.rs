//! Rule 65: no letter to a user betrays that records of them are kept or that somebody may not speak. Whatever binds, here
//! or in another case, every letter says the same words, at the same time, with the same deadlines, as it does to anybody.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    reason = "a test says what it expects by failing"
)]

mod room;

use std::thread;

use chrono::{DateTime, TimeDelta, Utc};
use docket::case::{Letter, Policy};
use docket::desk::{Input, Outcome};
use docket::policy::{self, Layer, PACKS};
use docket::rehearsal::terms_under;
use docket::store::MemoryIndex;
use room::{Room, SharedJournal, now};

/// Kinds whose requester is a user, and what a request of theirs says about Alice.
const ASKED_BY_USERS: &[(&str, &str)] = &[
    ("subject", "right=access"),
    ("subject", "right=erasure erase=account"),
    ("subject", "right=erasure erase=identifiers identifiers=alice@user.example"),
    ("subject", "right=erasure erase=\"state events\" nature-of-data=a others-affected=b degree=c risk=d"),
    ("subject", "right=restriction proof=session"),
    ("subject", "right=informed data=account"),
    ("complaint", "context=why email=alice@user.example"),
    (
        "counter-notice",
        "officer=A email=a@b.example address=c phone=1 material=m good-faith=g consent=h signature=s",
    ),
];

/// Kinds whose outcome a user is told with its reason.
const DECIDED_ABOUT_USERS: &[(&str, &str)] = &[
    ("terms", "context=insults clause=3.2 acted=2026-11-20"),
    ("intimate", "officer=C email=c@d.example material=m good-faith=g signature=s"),
];

/// Something that must stay silent, and what makes it so. Case 1 is the authority's, case 2 the user's.
const PASTS: &[(&str, &[&str])] = &[
    ("a hold in another case", &["!case hold 1 start"]),
    ("a gag in another case", &["!case gag 1 open by=\"the court\""]),
    ("a gag with an end in another case", &["!case gag 1 until=2026-12-31 by=\"the court\""]),
    ("both in another case", &["!case hold 1 start", "!case gag 1 open by=\"the court\""]),
    ("an order that nobody has identified", &["!case set 1 instrument=\"order 7/26\"", "!case hold 1 start"]),
    (
        "an answered preservation",
        &[
            "!case verify 1 requester entry=\"Kent Police\" how=called",
            "!case hold 1 start",
            "!case answer 1 full",
        ],
    ),
    ("secrecy that was asked for", &["!case set 1 confidential=yes"]),
];
/// The same on the user's own case. No hold is among them: on cases of these kinds the policy keeps no records.
const OWN: &[(&str, &[&str])] = &[("a gag on the case itself", &["!case gag 2 open by=\"the court\""])];

#[test]
fn what_binds_changes_no_word_of_a_letter_to_whoever_asks() {
    thread::scope(|scope| {
        for pack in PACKS {
            scope.spawn(|| whoever_asks(pack));
        }
    });
}

fn whoever_asks(pack: &'static str) {
    let policy = policy(pack);
    for (kind, lines) in ASKED_BY_USERS {
        let anybody = letters(&policy, kind, lines, "@zoe:example.org", &[]);
        assert!(anybody.iter().any(|said| said.contains("letter answer")), "{anybody:#?}");
        for (name, past) in PASTS.iter().chain(OWN) {
            let bound = letters(&policy, kind, lines, "@alice:example.org", past);
            assert_same(&anybody, &bound, &format!("{pack}, {kind} {lines}, {name}"));
        }
    }
}

#[test]
fn what_binds_elsewhere_changes_no_word_of_what_a_user_is_told_of_a_decision() {
    for (pack, policy) in PACKS.iter().map(|pack| (pack, policy(pack))) {
        for (kind, lines) in DECIDED_ABOUT_USERS {
            let anybody = letters(&policy, kind, lines, "@zoe:example.org", &[]);
            assert!(anybody.iter().any(|said| said.contains("letter reasons")), "{pack}: {kind}");
            for (name, past) in PASTS {
                let bound = letters(&policy, kind, lines, "@alice:example.org", past);
                assert_same(&anybody, &bound, &format!("{pack}, {kind}, {name}"));
            }
        }
    }
}

#[test]
fn no_letter_to_a_user_asks_until_when_anything_is_kept() {
    for (pack, policy) in PACKS.iter().map(|pack| (pack, policy(pack))) {
        for letter in policy.letters.iter().filter(|letter| is_to_a_user(letter, &policy)) {
            for asked in ["hold", "due"] {
                let asks = placeholders(&letter.text).any(|name| name.replace(' ', "_").starts_with(asked));
                assert!(!asks, "{pack}: the letter {} asks for {{{asked}…}}", letter.name);
            }
        }
        // A sentence that a letter puts in is not filled in again, but whoever copies it may do so.
        for (name, text) in policy.texts.iter().chain(policy.reasons.iter().map(|why| (&why.code, &why.text)))
        {
            assert!(!text.contains("{hold"), "{pack}: the sentence {name}");
        }
        let erased = policy.letter("answer", "subject").unwrap();
        assert!(erased.text.contains("{kept}"), "{pack}: every receipt of an erasure leaves it open");
        assert!(policy.text("kept").contains("may be kept where law requires"), "{pack}");
    }
}

fn is_to_a_user(letter: &Letter, policy: &Policy) -> bool {
    let mut kinds = ASKED_BY_USERS.iter().map(|(kind, _)| kind);
    ["notice", "reasons", "neither"].contains(&letter.name.as_str())
        || kinds.any(|kind| policy.letter(&letter.name, kind) == Some(letter))
}

fn placeholders(text: &str) -> impl Iterator<Item = &str> {
    text.split('{').skip(1).filter_map(|rest| rest.split_once('}')).map(|(name, _)| name)
}

fn policy(pack: &'static str) -> Policy {
    policy::stack(&[Layer::Pack(pack)]).expect("a shipped pack has no mistakes").policy
}

/// Everything that goes to the user of case 2, and its deadlines, from arrival to answer; case 1 is about Alice.
fn letters(policy: &Policy, kind: &str, lines: &str, about: &str, past: &[&str]) -> Vec<String> {
    let terms = terms_under(policy.clone()).unwrap();
    let mut room = Room::under(terms, SharedJournal::new(), MemoryIndex::new());
    room.say("!case new preservation agency=\"Kent Police\" accounts=@alice:example.org reference=X-1");
    room.say(&format!("!case new {kind} accounts={about} {lines}"));
    let is_there = room.first_line("!case show 2");
    assert!(is_there.starts_with("C-2 · "), "{kind} {lines}: {is_there}");
    for line in past {
        let done = room.first_line(line);
        assert!(done.starts_with("C-"), "{} {kind}, {line}: {done}", policy.version);
    }
    let mut said = every_letter(&mut room, policy, kind);
    for reason in &policy.reasons {
        said.push(room.say(&format!("!case letter 2 refuse reason={} text=x", reason.code))[0].page.text());
    }
    room.say("!case verify 2 requester how=\"a message from their own session\"");
    said.extend(every_letter(&mut room, policy, kind));
    // A counter-notice is linked to the notice and passed on before it is answered.
    if kind == "counter-notice" {
        let notice = room.first_line("!case new copyright officer=J work=w material=m");
        let notice = notice.split_whitespace().next().unwrap_or_default();
        room.say(&format!("!case link 2 {notice} as=counter"));
        room.say("!case sent 2 forward via=mail");
    }
    // While a hold keeps some of what is to be erased it is answered in part, in the same words (rule 65).
    if room.first_line("!case answer 2 full").starts_with("Not done: a hold keeps") {
        room.say("!case answer 2 part");
    }
    // The code of a proposal is drawn, and no part of what a user reads.
    let card = room.say("!case show 2")[0].page.text();
    if let Some(code) = card.split("approve C-2 ").nth(1).and_then(|rest| rest.split_whitespace().next()) {
        room.say_as("ben", &format!("!case approve 2 {code}"));
    }
    let later = now() + TimeDelta::minutes(15);
    room.desk.handle(vec![Input::Tick { steady: None }], later).unwrap();
    said.push(say_at(&mut room, later, "!case letter 2 answer"));
    said.push(say_at(&mut room, later, "!case sent 2 answer via=mail"));
    let sent = said.last().map(String::as_str).unwrap_or_default();
    assert!(sent.starts_with("C-2 · letter answer sent"), "{} {kind} {lines}: {sent}", policy.version);
    // What is next on the case is the moderators' affair.
    said.iter()
        .map(|text| {
            text.replace(about, "@user")
                .lines()
                .filter(|line| !line.starts_with("Next: "))
                .collect::<Vec<_>>()
                .join("\n")
        })
        .collect()
}

fn every_letter(room: &mut Room, policy: &Policy, kind: &str) -> Vec<String> {
    let mut said = Vec::new();
    for letter in policy.letters_for(kind) {
        said.push(room.say(&format!("!case letter 2 {}", letter.name))[0].page.text());
    }
    let check = room.say("!case check 2")[0].page.text();
    let clocks = check.lines().filter(|line| {
        line.starts_with("Clock ") && !line.starts_with("Clock hold") && !line.starts_with("Clock gag")
    });
    said.extend(clocks.map(str::to_owned));
    said
}

fn say_at(room: &mut Room, at: DateTime<Utc>, text: &str) -> String {
    let message = room.message("ada", text);
    match room.desk.handle(vec![Input::Message(message)], at).unwrap().remove(0) {
        Outcome::Posts(posts) => posts[0].page.text(),
        other => panic!("{other:?}"),
    }
}

fn assert_same(anybody: &[String], bound: &[String], what: &str) {
    for (anybody, bound) in anybody.iter().zip(bound) {
        assert_eq!(anybody, bound, "{what}");
    }
    assert_eq!(anybody.len(), bound.len(), "{what}");
}

/// Words of somebody's own are held against whoever asked about the same user, in a draft, in a refusal and on a line of ours: what
/// binds there, or is only kept, is not named. The case is not said, and a sealed one is not betrayed.
#[test]
fn no_word_of_ours_names_who_asked_about_the_user_elsewhere() {
    for (why, past) in PASTS {
        let mut room = Room::new();
        room.say("!case new preservation agency=BKA officer=\"KHK Jan Roe\" accounts=@alice:example.org");
        past.iter().for_each(|line| drop(room.say(line)));
        room.say("!case new subject right=access accounts=@alice:example.org");
        room.say("!case new terms accounts=@alice:example.org context=insults");
        let lines = [
            "!case letter 2 refuse reason=unfounded text=\"the BKA has it\"",
            "!case refuse 2 reason=unfounded text=\"jan roe has it\"",
            "!case set 3 clause=\"3, BKA\"",
        ];
        for line in lines {
            let said = room.say(line)[0].page.text();
            assert!(said.starts_with("Not done: "), "{why}: {line}: {said}");
            assert!(said.contains("BKA") || said.contains("Jan Roe"), "{why}: {line}: {said}");
            assert!(!said.contains("C-1"), "{why}: {line}: {said}");
        }
        let plain = "!case letter 2 refuse reason=unfounded text=\"there are too many of them\"";
        assert!(room.first_line(plain).starts_with("C-2 · letter refuse"), "{why}");
        room.say("!case tag 1 +csea");
        assert!(room.first_line(lines[0]).starts_with("C-2 · letter refuse"), "{why}: a sealed one");
    }
}
