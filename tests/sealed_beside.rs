//! What other cases say of one that is sealed afterwards names it no longer (rule 66): on no page, in no answer, in nothing that time
//! brings. Here it has every relation to others that a case can have; which verbs are asked comes from the table.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    reason = "a test says what it expects by failing"
)]

mod room;

use std::collections::{BTreeMap, BTreeSet};

use docket::case::{CaseId, Need};
use docket::chat::{VERBS, Verb};
use docket::desk::{Input, Outcome, Post, PostKind};
use room::{Room, now, person};

/// Which cases are sealed in the end.
const SEALED: [u32; 4] = [1, 7, 10, 14];

/// Everything that is typed before, in order, by whom.
const BEFORE: &[(&str, &str)] = &[
    // C-1, whose hold others rest on.
    (
        "ada",
        "!case new preservation agency=\"Met Police\" jurisdiction=GB accounts=@alice:try.test reference=OP-1 data=account",
    ),
    ("ada", "!case hold 1 start"),
    // C-2 ends as its duplicate.
    (
        "ada",
        "!case new preservation agency=\"Met Police\" jurisdiction=GB accounts=@alice:try.test reference=OP-1 data=account",
    ),
    ("ada", "!case link 2 1 as=duplicate"),
    // C-3 asks for more time on it, and gets that.
    (
        "ada",
        "!case new preservation agency=\"Met Police\" jurisdiction=GB accounts=\"@alice:try.test, @bob:try.test\" reference=OP-1",
    ),
    ("ada", "!case link 3 1 as=extends"),
    ("cy", "!case hold 1 extend"),
    // C-4 asks for erasure of what it keeps.
    ("ada", "!case new subject right=erasure accounts=@alice:try.test email=alice@user.example"),
    // C-5 is to tell a user of whom it forbids to tell.
    ("ada", "!case new preservation agency=\"Kent Police\" jurisdiction=GB accounts=@alice:try.test"),
    ("ada", "!case refuse 5 reason=incomplete"),
    ("ada", "!case gag 1 until=2027-06-01 by=\"the court\""),
    // C-6 has links of other kinds, one of them taken back, and is bound itself: what would make it a duplicate waits for two.
    (
        "ada",
        "!case new preservation agency=\"Met Police\" jurisdiction=GB accounts=@alice:try.test reference=OP-1",
    ),
    ("ada", "!case link 6 1 as=referral"),
    ("ada", "!case link 6 1 as=appeal"),
    ("ada", "!case undo 6"),
    ("ada", "!case link 6 1 as=produced-from"),
    ("ada", "!case gag 6 open by=\"the court\""),
    ("ada", "!case link 6 1 as=duplicate"),
    // C-7 is a notice that C-8 counters, and C-9 may.
    ("ada", "!case new copyright officer=J work=x material=\"mxc://example.org/abc\""),
    ("ada", "!case new counter-notice officer=B material=\"mxc://example.org/abc\""),
    ("ada", "!case link 8 7 as=counter"),
    ("ada", "!case new counter-notice officer=C material=\"mxc://example.org/abc\""),
    // C-10 counters C-11.
    ("ada", "!case new counter-notice officer=D material=\"mxc://example.org/def\" received=2026-11-18"),
    ("ada", "!case new copyright officer=K work=y material=\"mxc://example.org/def\""),
    ("ada", "!case link 10 11 as=counter"),
    ("ada", "!case refuse 10 reason=not-a-notice"),
    ("ada", "!case reopen 10"),
    ("ada", "!case set 10 received=2026-11-19"),
    // C-12 asks for more time and gets none yet.
    (
        "ada",
        "!case new preservation agency=\"Met Police\" jurisdiction=GB accounts=@alice:try.test reference=OP-1",
    ),
    ("ada", "!case link 12 1 as=extends"),
    // C-13 asks for more time on what is not sealed, where letting go is proposed.
    ("ada", "!case new preservation agency=\"Surrey Police\" jurisdiction=GB accounts=@carl:try.test"),
    ("ada", "!case hold 13 start"),
    ("ada", "!case hold 13 release"),
    ("ada", "!case link 1 13 as=extends"),
    // C-14 binds, and may be about anybody.
    ("ada", "!case new preservation agency=\"Kent Police\" jurisdiction=GB reference=K-1"),
    ("ada", "!case gag 14 until=2027-06-01 by=\"the court\""),
];

/// What is typed besides the examples, for what is said there of the other case.
const ALSO: &[&str] = &[
    "!case hold 12 extend",
    "!case hold 12 release",
    "!case hold 3 release",
    "!case pending",
    "!case notify 5 preview",
    "!case sent 5 notice @alice:try.test via=mail",
    "!case sent 3 notice @bob:try.test via=mail",
    "!case notify 13 preview",
    "!case link 12 2 as=duplicate",
    "!case link 2 12 as=duplicate",
    "!case undo 6",
    "!case undo 11",
    "!case set 2 accounts+=@bob:try.test",
    "!case set 2 agency=\"Kent Police\"",
    "!case reopen 2",
    "!case close 2",
    "!case answer 9 full",
    "!case answer 12 full",
    "!case answer 4 full",
    "!case refuse 8 reason=not-a-notice",
    "!case reopen 8",
    "!case set 8 received=2026-11-17",
    "!case withdraw 11",
    "!case withdraw 3",
    "!case close 3",
    "!case withdraw 4",
    "!case close 4",
];

fn say(room: &mut Room, who: &str, line: &str) -> Vec<Post> {
    let posts = room.say_as(who, line);
    delivered(room, &posts);
    posts
}

fn delivered(room: &mut Room, posts: &[Post]) {
    let card = |post: &Post| {
        (post.kind == PostKind::Card && post.edits.is_none()).then(|| format!("$card-{:?}", post.case))
    };
    let done: Vec<_> =
        posts.iter().flat_map(|post| post.orders.iter().map(|order| (*order, card(post)))).collect();
    room.handle(vec![Input::Delivered(done)]);
}

/// A desk on which all that was typed, and then these were sealed.
fn desk() -> Room {
    let mut room = Room::new();
    for (who, line) in BEFORE {
        let posts = say(&mut room, who, line);
        let said = text(&posts);
        assert!(!said.contains("Not done") && !said.contains("Not allowed"), "{line}: {said}");
    }
    for (n, sealed) in SEALED.iter().enumerate() {
        let line = format!("!case tag {sealed} +csea");
        let posts = say(&mut room, "sam", &line);
        none_of(SEALED.get(..=n).unwrap_or_default(), &posts, &line);
    }
    room
}

fn text(posts: &[Post]) -> String {
    posts.iter().map(|post| format!("{:?} {:?}\n{}\n", post.kind, post.case, post.page.text())).collect()
}

fn names(text: &str, n: u32) -> bool {
    let name = format!("C-{n}");
    text.match_indices(&name)
        .any(|(at, _)| !text[at + name.len()..].starts_with(|next: char| next.is_ascii_digit()))
}

/// The lines in which a number stands that everybody may know: those of a list, in which nothing is said of another case.
fn is_public(post: &Post, line: &str, n: u32) -> bool {
    const LISTS: [&str; 8] = [
        "Overdue",
        "Due today",
        "Due this week",
        "New since",
        "With nobody",
        "Waiting for the requester",
        "Reminders unseen",
        "Awaiting approval",
    ];
    let is_own = line.starts_with(&format!("C-{n} · "));
    if post.kind == PostKind::Digest {
        return is_own || post.page.text().starts_with(line);
    }
    (is_own && line.contains(" · sealed")) || LISTS.iter().any(|list| line.starts_with(list))
}

/// Nothing of this names a sealed case where it says something of another.
fn names_none(posts: &[Post], asked: &str) {
    none_of(&SEALED, posts, asked);
}

fn none_of(sealed: &[u32], posts: &[Post], asked: &str) {
    for post in posts {
        for n in sealed.iter().copied().filter(|n| post.case != CaseId::new(*n)) {
            for line in post.page.text().lines().filter(|line| names(line, n)) {
                let said = text(std::slice::from_ref(post));
                assert!(post.case.is_none() && is_public(post, line, n), "{asked}: {said}");
            }
        }
    }
}

/// What is typed of a verb: its examples about each of the others, and what is about no case.
fn typed(verb: &Verb) -> BTreeSet<String> {
    let others = (2..=13).filter(|n| !SEALED.contains(n));
    let mut lines = BTreeSet::from([format!("!case {}", verb.name)]);
    lines.extend(
        ["@alice:try.test", "all", "all subject=@alice:try.test", "400d", "OP-1"]
            .map(|end| format!("!case {} {end}", verb.name)),
    );
    for other in others {
        lines.insert(format!("!case {} {other}", verb.name));
        for example in verb.examples {
            let words = example.split(' ').map(|word| match word {
                "42" => other.to_string(),
                "57" => "3".to_owned(),
                word => word.replace("@alice:example.org", "@alice:try.test"),
            });
            lines.insert(format!("!case {}", words.collect::<Vec<_>>().join(" ")));
        }
    }
    lines
}

#[test]
fn what_is_read_names_none_of_them() {
    let mut room = desk();
    for verb in VERBS.iter().filter(|verb| verb.need == Need::Listed) {
        for line in typed(verb) {
            let posts = say(&mut room, "dot", &line);
            names_none(&posts, &line);
        }
    }
    // Nor does what those are answered who may see them, where everybody reads it.
    for verb in ["show", "log", "check", "next", "notify", "letter", "scope"] {
        for other in (2..=13).filter(|n| !SEALED.contains(n)) {
            let line = format!("!case {verb} {other}");
            let posts = say(&mut room, "cleo", &line);
            let open: Vec<Post> = posts.into_iter().filter(|post| post.only.is_none()).collect();
            names_none(&open, &line);
        }
    }
}

#[test]
fn what_is_done_names_none_of_them() {
    let none_is_written = |posts: &[Post], line: &str| {
        // Not even that one of their cards is written again, which says what it hangs on.
        let sealed = |post: &Post| SEALED.iter().any(|n| post.case == CaseId::new(*n));
        assert!(!posts.iter().any(sealed), "{line}: {}", text(posts));
        names_none(posts, line);
    };
    for verb in VERBS.iter().filter(|verb| verb.need != Need::Listed) {
        let mut room = desk();
        for line in typed(verb) {
            none_is_written(&say(&mut room, "ben", &line), &line);
        }
    }
    let mut room = desk();
    for line in ALSO {
        none_is_written(&room.say_as("ben", line), line);
    }
    // What is owed after a stop is made anew.
    names_none(&room.desk.owed(now()).expect("the desk goes on"), "what is owed");
}

#[test]
fn what_is_read_with_it_in_one_batch_names_none_of_them() {
    let mut room = Room::new();
    for (who, line) in BEFORE {
        say(&mut room, who, line);
    }
    let lines = ["show", "check", "log", "next", "letter"].map(|verb| ("dot", format!("!case {verb} 3")));
    let sealed = SEALED.map(|n| ("sam", format!("!case tag {n} +csea")));
    let typed: Vec<_> = sealed.into_iter().chain(lines).collect();
    let inputs = typed.iter().map(|(who, line)| Input::Message(room.message(who, line))).collect();
    for (outcome, (_, line)) in room.handle(inputs).into_iter().zip(&typed).skip(SEALED.len()) {
        let Outcome::Posts(posts) = outcome else { panic!("{outcome:?}") };
        names_none(&posts, line);
    }
}

/// The room reads `show 4` with everybody, so what hangs together is asked of the sealed case, or of `conflicts`.
#[test]
fn those_who_may_see_it_are_told_alone_what_names_it() {
    let mut room = desk();
    let show = text(&say(&mut room, "sam", "!case show 1"));
    for other in ["has the duplicate C-2", "extended by C-3", "referred in C-6", "may contradict C-12"] {
        assert!(show.contains(other), "{other}: {show}");
    }
    let log = text(&say(&mut room, "sam", "!case log 1"));
    assert!(log.contains("C-4 asks for erasure, C-1 to keep the records"), "{log}");
    let posts = say(&mut room, "sam", "!case conflicts 4");
    assert!(text(&posts).contains("C-4 asks for erasure, C-1 to keep the records"), "{}", text(&posts));
    assert!(posts.iter().all(|post| post.only == Some(person("sam"))), "{posts:?}");
}

#[test]
fn what_time_brings_names_none_of_them() {
    let mut room = desk();
    let mut digests = 0;
    for day in 0..400 {
        let at = now() + chrono::TimeDelta::days(day);
        let steady = Some(std::time::Duration::from_secs(86_400));
        for outcome in room.desk.handle(vec![Input::Tick { steady }], at).expect("the desk goes on") {
            if let Outcome::Ticked { posts, .. } = outcome {
                digests += posts.iter().filter(|post| post.kind == PostKind::Digest).count();
                names_none(&posts, "a day");
            }
        }
    }
    assert!(digests > 0);
}

#[test]
fn the_cards_of_those_that_name_it_are_written_again_when_it_is_sealed_and_when_it_is_not_any_more() {
    let mut room = Room::new();
    let mut cards: BTreeMap<CaseId, String> = BTreeMap::new();
    let mut seen = |posts: &[Post]| -> BTreeSet<CaseId> {
        let posts = posts.iter().filter(|post| post.kind == PostKind::Card);
        posts
            .filter_map(|post| Some((post.case?, post.page.text())))
            .map(|(id, card)| {
                cards.insert(id, card);
                id
            })
            .collect()
    };
    let mut before = BTreeMap::new();
    for (who, line) in BEFORE {
        let posts = say(&mut room, who, line);
        seen(&posts);
        before.extend(
            posts.iter().filter(|post| post.kind == PostKind::Card).map(|post| (post.case, post.page.text())),
        );
    }
    let own = CaseId::new(1);
    let naming: BTreeSet<CaseId> =
        before.iter().filter(|(id, card)| **id != own && names(card, 1)).filter_map(|(id, _)| *id).collect();
    assert!(naming.len() > 5, "{naming:?}");
    let sealed = say(&mut room, "sam", "!case tag 1 +csea");
    let written = seen(&sealed);
    assert!(naming.is_subset(&written), "{naming:?} {written:?}");
    say(&mut room, "sam", "!case tag 1 -csea");
    let shown = text(&say(&mut room, "sam", "!case show 1"));
    let (_, code) = shown.split_once("!case approve C-1 ").expect("it waits");
    let code: String = code.chars().take_while(char::is_ascii_alphanumeric).collect();
    let unsealed = say(&mut room, "cleo", &format!("!case approve 1 {code}"));
    let again: BTreeSet<CaseId> = unsealed
        .iter()
        .filter(|post| post.kind == PostKind::Card && post.case != own && names(&post.page.text(), 1))
        .filter_map(|post| post.case)
        .collect();
    assert!(naming.is_subset(&again), "{naming:?} {again:?}: {}", text(&unsealed));
}
