//! Whatever a stranger wrote, and through whichever door it comes, what docket says of it is safe to show.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    reason = "a test says what it expects by failing"
)]

mod room;

use docket::chat::{Page, shown};
use docket::desk::{Message, Post, PostedFile};
use proptest::prelude::*;
use room::{Room, person};

/// Text that was written to do harm, among text that was not.
fn nasty() -> impl Strategy<Value = String> {
    let pieces = prop::sample::select(vec![
        "@room",
        "@ROOM",
        "＠ｒｏｏｍ",
        "@\u{200B}room",
        "@",
        "room",
        "<b>",
        "</code>",
        "<a href=\"https://evil.example\">",
        "<img src=x onerror=alert(1)>",
        "</pre></details>",
        "&lt;",
        "&",
        "\"",
        "'",
        "“",
        "”",
        "<",
        ">",
        "href=",
        "javascript:",
        "https://evil.example/a.b",
        "http://",
        "www.evil.example",
        "matrix:u/a:b.org",
        "matrix.to",
        "https://matrix.to/#/@a:b.org",
        "[x](https://matrix.to/#/@a:b.org)",
        "@alice:example.org",
        "@аlice:example.org",
        "!case close 1",
        "!case",
        "C-1",
        "\u{202E}",
        "\u{2066}",
        "\u{200B}",
        "\u{200D}",
        "\u{FEFF}",
        "\u{FE0F}",
        "\u{AD}",
        "\u{1B}[31m",
        "\u{7}",
        "\u{0}",
        "\u{85}",
        "\u{2028}",
        "\u{E0041}",
        "\u{E000}",
        "\u{301}\u{301}\u{301}\u{301}\u{301}\u{301}",
        "\n",
        "\r",
        "\r\n",
        "\t",
        "\n\n  ",
        "\n> ",
        "\nRequest: terms\n",
        "\nKey: ",
        "Confidential: ",
        "Accounts: ",
        "Received: ",
        "=",
        "+=",
        "-=",
        ":",
        ",",
        " ",
        " ",
        "a",
        "é",
        "漢",
        "2026-12-31",
        "01/02/2026",
        "until ",
        "42",
        "```",
        "\n\"\"\"\n",
    ]);
    prop_oneof![
        3 => prop::collection::vec(pieces, 0..16).prop_map(|pieces| pieces.concat()),
        1 => any::<String>(),
    ]
}

/// The tags that docket writes; anything else in angle brackets came from outside.
const TAGS: [&str; 10] = [
    "<br>",
    "<strong>",
    "</strong>",
    "<code>",
    "</code>",
    "<pre>",
    "</pre>",
    "<details>",
    "</details>",
    "<summary>",
];

fn check_page(page: &Page) -> Result<(), TestCaseError> {
    let (text, html) = (page.text(), page.html());
    for whole in [&text, &html] {
        let lower = whole.to_lowercase();
        for call in ["@room", "http://", "https://", "matrix.to", "matrix:u", "www.", "<a", "＠ｒｏｏｍ"]
        {
            prop_assert!(!lower.contains(call) || call == "<a" && whole == &text, "{call}: {whole}");
        }
        // A character that `shown` would spell out is hidden; the one that asks for a coloured symbol is not.
        for c in whole.chars().filter(|c| !matches!(c, '\n' | '\u{FE0F}')) {
            let with_base = format!("a{c}");
            prop_assert_eq!(shown(&with_base), with_base, "a hidden character in {}", whole);
        }
    }
    let mut rest = html.as_str();
    let mut open = Vec::new();
    while let Some(at) = rest.find('<') {
        rest = &rest[at..];
        let end = rest.find('>');
        prop_assert!(end.is_some(), "{html}");
        let (tag, after) = rest.split_at(end.unwrap_or(0) + 1);
        prop_assert!(TAGS.contains(&tag) || tag == "</summary>", "{tag} in {html}");
        match tag.strip_prefix("</") {
            Some(name) => prop_assert_eq!(open.pop(), Some(name.trim_end_matches('>')), "{}", html),
            None if tag == "<br>" => {}
            None => open.push(tag[1..].trim_end_matches('>')),
        }
        rest = after;
    }
    prop_assert!(open.is_empty(), "{html}");
    prop_assert!(!text.is_empty());
    Ok(())
}

fn check(posts: &[Post]) -> Result<(), TestCaseError> {
    posts.iter().try_for_each(|post| check_page(&post.page))
}

/// The commands through which text of any kind can come in; `{}` stands for it.
const DOORS: &[&str] = &[
    "Request: {}",
    "Request: terms\n{}",
    "Request: terms\nContext: {}",
    "Request: terms\nAccounts: {}",
    "Request: terms\nEmail: {}",
    "Request: terms\nConfidential: {}",
    "Request: terms\nReceived: {}",
    "Request: terms\n{}: x",
    "Request: preservation\nAgency: {}",
    "Request: other\nReference: {}\nReference: x",
    "> Request: terms\n> {}",
    "!case {}",
    "!case new {}",
    "!case new terms {}",
    "!case new terms {}=x",
    "!case new terms context=\"{}\"",
    "!case form {}",
    "!case help {}",
    "!case show {}",
    "!case log {}",
    "!case check 1 {}",
    "!case list {}",
    "!case list owner={}",
    "!case list tag={}",
    "!case list subject={}",
    "!case list kind={}",
    "!case find {}",
    "!case find \"{}\"",
    "!case mine {}",
    "!case set 1 {}",
    "!case set 1 context=\"{}\"",
    "!case set 1 accounts+={}",
    "!case set 1 accounts-={}",
    "!case set 1 from={}",
    "!case set 1\nContext: {}",
    "!case set 1\n{}: x",
    "!case set {}",
    "!case note 1 {}",
    "!case note {}",
    "!case attach 1 as={}",
    "!case attach 1 for={}",
    "!case verify 1 requester how=\"{}\"",
    "!case verify 1 requester {}",
    "!case verify 1 {}",
    "!case verify 1 requester how=x by={}",
    "!case verify 1 requester how=x entry=\"{}\"",
    "!case verify 1 requester entry=\"Kent Police\" how=\"{}\"",
    "!case verify 1 requester entry=\"Kent Police\" number=\"{}\" how=x",
    "!case verify 1 requester entry=\"Kent Police\" how=\"{}\" outcome=denied",
    "!case directory {}",
    "!case directory find {}",
    "!case directory add {} phone=\"+44 1632 960444\" source=\"their own site\"",
    "!case directory add X phone=\"{}\" source=\"their own site\"",
    "!case directory add X domain=\"{}\" source=\"their own site\"",
    "!case directory add Y phone=\"+44 1632 960445\" source=\"from {}\"",
    "!case conflicts {}",
    "!case freeze {}",
    "!case resume {}",
    "!case assign 1 {}",
    "!case tag 1 {}",
    "!case tag 1 +{}",
    "!case link 1 {}",
    "!case link 1 2 as={}",
    "!case answer 1 {}",
    "!case refuse 1 {}",
    "!case refuse 1 reason={}",
    "!case refuse 1 other text=\"{}\"",
    "!case withdraw 1 {}",
    "!case close 1 {}",
    "!case reopen 1 {}",
    "!case people {}",
    "!case policy {}",
];

/// Everything that shows a case or several.
const VIEWS: &[&str] = &[
    "!case show 1",
    "!case check 1",
    "!case log 1",
    "!case list all",
    "!case find x",
    "!case show 3",
    "!case log 3",
];

fn views(room: &mut Room) -> Vec<String> {
    VIEWS.iter().map(|view| room.first_line(view)).collect()
}

fn begun() -> Room {
    let mut room = Room::new();
    room.say("Request: information\nAccounts: @alice:example.org\nContext: x");
    room.say("!case new terms x");
    room
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn what_is_said_of_foreign_text_is_safe(text in nasty(), door in prop::sample::select(DOORS), thread in any::<bool>()) {
        let mut room = begun();
        let before = views(&mut room);
        let message = Message {
            about: thread.then_some(docket::case::CaseId::FIRST),
            ..room.message("ada", &door.replace("{}", &text))
        };
        let posts = room.hand_in(message);
        check(&posts)?;
        // A refusal changes nothing, and what changed nothing owes nothing.
        if posts.iter().all(|post| post.orders.is_empty()) {
            prop_assert_eq!(views(&mut room), before.clone());
        }
        if posts.iter().any(|post| post.page.text().starts_with("Not ")) {
            prop_assert_eq!(views(&mut room), before);
        }
        for view in VIEWS {
            check(&room.say(view))?;
        }
        let owed = room.desk.owed(room::now()).expect("it reads");
        check(&owed)?;
    }

    #[test]
    fn a_file_s_name_and_type_are_foreign_too(name in nasty()) {
        let mut room = begun();
        let message = Message {
            file: Some(PostedFile::named(&name)),
            ..room.message("ada", "!case attach 1 for=@alice:example.org")
        };
        check(&room.hand_in(message))?;
        for view in VIEWS {
            check(&room.say(view))?;
        }
    }

    #[test]
    fn a_sender_s_name_is_foreign_too(name in "[^:@]{1,20}", text in nasty()) {
        let mut room = begun();
        if let Ok(sender) = docket::case::Account::parse(&format!("@{name}:evil.example")) {
            room.desk = {
                let mut terms = room.terms.clone();
                let ada = person("ada");
                let found = terms.people.iter_mut().find(|person| person.account == ada).expect("ada");
                found.account = sender.clone();
                open(&room, terms)
            };
            let message = Message { sender, ..room.message("ada", &format!("!case note 1 {text}")) };
            check(&room.hand_in(message))?;
            let people = Message { ..room.message("ben", "!case people") };
            check(&room.hand_in(people))?;
            let log = Message { ..room.message("ben", "!case log 1") };
            check(&room.hand_in(log))?;
        }
    }
}

fn open(room: &Room, terms: docket::case::Terms) -> docket::desk::Desk {
    docket::desk::Desk::open(
        Box::new(room.journal.clone()),
        Box::new(docket::store::MemoryIndex::new()),
        Box::new(docket::files::MemoryFiles::default()),
        terms,
        &mut |_| {},
    )
    .expect("it opens")
}
