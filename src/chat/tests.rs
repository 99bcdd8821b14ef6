//! What holds for every text whatever, however nasty.

use proptest::prelude::*;
use unicode_normalization::UnicodeNormalization;

use super::*;
use crate::case::glyph;

/// Text in which everything that matters here comes often.
fn nasty() -> impl Strategy<Value = String> {
    let pieces = prop::sample::select(vec![
        "@",
        "room",
        "ROOM",
        "ｒ",
        "＠",
        "http",
        "https",
        "HTTPS",
        "hxxp",
        "://",
        ":",
        "/",
        "//",
        ".",
        "[",
        "]",
        "(",
        ")",
        "[.]",
        "www",
        "matrix",
        "matrix.to",
        "matrix:",
        "u/",
        "to",
        "⟨",
        "⟩",
        "⟨U+202E⟩",
        "\u{202E}",
        "\u{200B}",
        "\u{FE0F}",
        "❤",
        "\u{301}",
        "\u{301}\u{301}\u{301}",
        "\u{34F}",
        "\r",
        "\n",
        "\r\n",
        "\u{2028}",
        "\u{85}",
        "\t",
        " ",
        "\u{A0}",
        "\u{FEFF}",
        "\u{0}",
        "\u{1B}",
        "\u{E0041}",
        "\u{FFFF}",
        "> ",
        ">",
        "> <@a:x.org> ",
        "* ",
        "**",
        "_",
        "- ",
        "—",
        "–",
        "```",
        "~~~",
        "```yaml",
        "Request",
        "Request: x",
        "request：",
        "Agency: ",
        "Key",
        "=",
        "+=",
        "-=",
        "−=",
        "\"",
        "“",
        "”",
        "„",
        "«",
        "\\",
        "\\\"",
        ",",
        ";",
        "and",
        "@alice:example.org",
        "!case",
        "!case ",
        "note ",
        "42",
        "C–42",
        "%",
        "%40",
        "a",
        "é",
        "Б",
        "漢",
        "😀",
        "  ",
    ]);
    prop_oneof![
        prop::collection::vec(pieces, 0..40).prop_map(|pieces| pieces.concat()),
        any::<String>(),
        prop::collection::vec(any::<char>(), 0..60).prop_map(String::from_iter),
    ]
}

fn letters(text: &str) -> String {
    text.chars().filter(|c| c.is_alphanumeric()).collect()
}

/// The letters of a message that is quoted so deep, without fences, which may name a language.
fn letters_typed(text: &str, depth: usize) -> String {
    lines(text).filter(|line| !fold::is_fence(fold::unquote(line, depth).1)).map(letters).collect()
}

fn letters_read(mut pieces: Vec<(usize, String)>) -> String {
    pieces.sort_by_key(|(number, _)| *number);
    pieces.iter().map(|(_, text)| letters(text)).collect()
}

fn pieces_of(lines: &[Line]) -> Vec<(usize, String)> {
    lines.iter().map(|line| (line.number, format!("{}{}", line.label, line.value))).collect()
}

fn said(arg: &Arg) -> String {
    match arg {
        Arg::Word(word) => letters(word),
        Arg::Pair { key, value, op: Op::Set | Op::Add | Op::Remove } => letters(&format!("{key}{value}")),
    }
}

/// Letters without the differences that a key's normal form takes away.
fn normal(text: &str) -> String {
    letters(&text.nfkd().flat_map(char::to_lowercase).nfkd().collect::<String>())
}

fn prefixes() -> Vec<String> {
    vec!["!case".to_owned()]
}

#[test]
fn no_half_of_what_keeps_a_text_from_being_a_link_is_left() {
    let safe = shown("see http://matrix.to");
    let all = (0..safe.chars().count()).map(|most| clip(&safe, most));
    assert!(all.into_iter().all(|clipped| !clipped.contains("[.…") && shown(&clipped) == clipped));
    assert_eq!(clip(&safe, 19), "see hxxp://matrix… (+5 characters)");
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 2_000, ..ProptestConfig::default() })]

    #[test]
    fn shown_text_is_safe_and_stays_as_it_is(text in nasty()) {
        let (many, one) = (shown(&text), shown_in_line(&text));
        prop_assert_eq!(&shown(&many), &many);
        prop_assert_eq!(&shown_in_line(&one), &one);
        for (safe, is_one) in [(&many, false), (&one, true)] {
            let lower = safe.to_lowercase();
            for call in ["@room", "http://", "https://", "matrix.to", "matrix:u", "matrix://", "www."] {
                prop_assert!(!lower.contains(call), "{:?}", safe);
            }
            for c in safe.chars().filter(|c| *c != '\u{FE0F}') {
                prop_assert!(!glyph::is_hidden(c) || c == '\n' && !is_one, "{:?}", safe);
            }
        }
    }

    #[test]
    fn clipped_text_is_short_and_safe(text in nasty(), most in 0usize..50) {
        let safe = shown(&text);
        let clipped = clip(&safe, most);
        prop_assert!(clipped == safe || clipped.chars().count() <= most + 30);
        prop_assert_eq!(shown(&clipped), clipped);
    }

    #[test]
    fn escaped_text_has_no_tags(text in nasty()) {
        let html = escape_html(&text);
        prop_assert!(!html.contains(['<', '>', '"', '\'']));
    }

    #[test]
    fn a_request_accounts_for_every_line(text in nasty(), head in "(> |> > |```\n)?") {
        let text = format!("{head}Request: k\n{text}");
        match read(&text, &prefixes()) {
            Heard::Request(filled) => {
                let mut pieces = vec![(0, format!("Request{}", filled.kind))];
                pieces.extend(pieces_of(&filled.lines));
                pieces.extend(filled.stray);
                pieces.extend(filled.quoted);
                prop_assert_eq!(letters_read(pieces), letters_typed(&text, head.matches('>').count()));
            }
            other => prop_assert!(false, "{:?}", other),
        }
    }

    #[test]
    fn a_command_accounts_for_every_line(text in nasty(), more in nasty()) {
        let text = format!("!case x {}\n{more}", lines(&text).next().unwrap_or_default());
        match read(&text, &prefixes()) {
            Heard::Command(words) => {
                let typed = &fold::without_mark(&text)["!case x".len()..];
                prop_assert_eq!(words.after(0).trim(), typed.trim());
                let args: String = words.args.iter().map(said).collect();
                let mut pieces = pieces_of(&words.lines);
                pieces.extend(words.stray);
                let read = format!("{args}{}", letters_read(pieces));
                // A fence is one on a line of its own only.
                let (first, below) = fold::split_line(typed);
                prop_assert_eq!(normal(&read), normal(&format!("{}{}", letters(first), letters_typed(below, 0))));
            }
            Heard::Mistake(Mistake::UnclosedQuote(_) | Mistake::QuoteInWord(_)) => {}
            other => prop_assert!(false, "{:?}", other),
        }
    }

    #[test]
    fn a_note_is_kept_to_the_letter(text in nasty()) {
        let message = format!("!case note 42 x{text}");
        match read(&message, &prefixes()) {
            Heard::Command(words) => prop_assert!(words.after(0).starts_with("42 x") && words.after(0) == message["!case note ".len()..].trim_end()),
            other => prop_assert!(false, "{:?}", other),
        }
    }

    #[test]
    fn a_written_request_is_read_as_itself(
        kind in "[a-z-]{1,12}",
        pairs in prop::collection::vec(("[A-Z][a-z]{0,10}( [a-z]{1,8})?", "[a-z0-9@\"“é(][a-z0-9 :,;.@\"“é()-]{0,30}[a-z0-9](\n[a-z0-9@][a-z :]{0,10}[a-z])?"), 0..8),
    ) {
        let filled = Filled {
            kind,
            lines: pairs.into_iter().scan(2, |number, (label, value)| {
                let at = *number;
                *number += 1 + value.matches('\n').count();
                let text = format!("{label}: {value}");
                Key::read(&label).ok().map(|key| Line { label, key, value, number: at, text })
            }).collect(),
            stray: Vec::new(),
            quoted: Vec::new(),
        };
        prop_assert_eq!(read(&filled.to_string(), &prefixes()), Heard::Request(filled));
    }

    #[test]
    fn no_text_breaks_a_reader(text in nasty()) {
        let _ = read(&text, &prefixes());
        let _ = read(&format!("!case {text}"), &prefixes());
        let _ = plain(&text);
        for entry in read_accounts(&text) {
            if let Err((said, _)) = entry {
                prop_assert!(said.is_empty() || !letters(&said).is_empty() || text.contains(said.split(' ').next().unwrap_or_default()));
            }
        }
        let _ = read_account(&text);
        let _ = crate::case::Account::parse(&text);
        let _ = crate::case::read_mailbox(&text);
        let _ = crate::case::CaseId::read(&text);
    }
}

/// What takes square time on a long text would hold up the room; these come back at once or the suite hangs.
#[test]
fn long_monotonous_texts_are_read() {
    for piece in [
        "[", "@", "\"", "“", "=", "a=", "a=\"", "\\", "> ", ">", ":", "a: ", "\u{301}", "matrix", "http://",
        "[a](", ",", " ", "\n", "@a:b,",
    ] {
        let text = piece.repeat(65_000 / piece.len());
        for whole in [
            text.clone(),
            format!("!case x {text}"),
            format!("!case note {text}"),
            format!("Request: k\n{text}"),
        ] {
            let _ = read(&whole, &prefixes());
        }
        assert_eq!(shown(&shown(&text)), shown(&text));
        let _ = read_accounts(&text);
        let _ = crate::case::near::nearest(&text, ["close"]);
        let _ = clip(&text, 100);
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 16, ..ProptestConfig::default() })]

    #[test]
    fn the_longest_message_of_anything_is_read(text in nasty()) {
        prop_assume!(!text.is_empty());
        let text = text.repeat(65_000 / text.len().min(65_000));
        for whole in [text.clone(), format!("!case x {text}"), format!("Request: k\n{text}")] {
            let _ = read(&whole, &prefixes());
        }
        let safe = shown(&text);
        prop_assert_eq!(&shown(&safe), &safe);
        for entry in read_accounts(&text).into_iter().flatten() {
            prop_assert_eq!(read_account(entry.as_str()), Ok(entry));
        }
    }
}
