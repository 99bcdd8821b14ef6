//! What a message is: talk, a command, a request, or a mistake. Does not know verbs, but for the one whose text is free.

use unicode_normalization::UnicodeNormalization;

use crate::case::glyph;

use super::fold;
use super::form::{self, Filled, LONGEST, MOST_LINES};
use super::line::{Gatherer, Line, split_label, trim};
use super::mistake::Mistake;
use super::token::{Quotes, tokens};

pub use super::token::{Arg, Op};

/// What was heard.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Heard {
    /// Not for docket.
    Talk,
    /// A command.
    Command(Words),
    /// A request message.
    Request(Filled),
    /// Meant for docket, but it cannot be read.
    Mistake(Mistake),
}

/// A command in its parts.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Words {
    /// The first word behind the prefix, in lower case.
    pub verb: Option<String>,
    /// What follows it, on its line and on lines that stand in under it and are no `Key: value`.
    pub args: Vec<Arg>,
    /// The rest of the first line behind the verb, as typed.
    pub tail: String,
    /// The `Key: value` lines that follow.
    pub lines: Vec<Line>,
    /// The lines that follow and are none, with their numbers.
    pub stray: Vec<(usize, String)>,
    raw: String,
    ends: Vec<usize>,
}

/// Verbs whose text is free: a quote that is never closed is no mistake there.
const FREE_TEXT: [&str; 1] = ["note"];

/// Reads a message. A command is one whose first word is a prefix; what a reply quotes before it does not count.
pub fn read(text: &str, prefixes: &[String]) -> Heard {
    let (quoted, own) = fold::split_reply(text);
    let body = own.trim_start();
    let before = own.get(..own.len() - body.len()).unwrap_or_default();
    let (first, rest) = split_word(body);
    let word = folded(first);
    if !word.is_empty() && prefixes.iter().any(|prefix| folded(prefix) == word) {
        if text.len() > LONGEST {
            return Heard::Mistake(Mistake::TooLong(text.len()));
        }
        let number = fold::lines(quoted).count() + fold::lines(before).count().max(1);
        // A line end before the command leaves its own line still to be counted.
        let number = number + usize::from(before.ends_with(glyph::is_line_end));
        return command(rest, number).map_or_else(Heard::Mistake, Heard::Command);
    }
    match form::read(text) {
        None => Heard::Talk,
        Some(Ok(filled)) => Heard::Request(filled),
        Some(Err(mistake)) => Heard::Mistake(mistake),
    }
}

fn command(rest: &str, number: usize) -> Result<Words, Mistake> {
    if fold::lines(rest).count() > MOST_LINES {
        return Err(Mistake::TooManyLines);
    }
    let (first_line, _) = fold::split_line(rest);
    let (verb, after_verb) = split_word(first_line.trim_start());
    let verb = (!verb.is_empty()).then(|| folded(verb));
    let verb_end = first_line.len() - after_verb.len();
    let raw = rest.get(verb_end..).unwrap_or_default();
    let is_free = verb.as_deref().is_some_and(|verb| FREE_TEXT.contains(&verb));

    let (mut head, mut below) = fold::split_line(raw);
    let tail = trim(head).to_owned();
    let mut next_number = number + 1;
    while !is_free && !below.is_empty() {
        let (line, after) = fold::split_line(below);
        if fold::indent(line) == 0
            || fold::is_blank_line(line)
            || fold::is_fence(line)
            || split_label(trim(line)).is_some()
        {
            break;
        }
        head = raw.get(..raw.len() - after.len()).unwrap_or(head);
        below = after;
        next_number += 1;
    }

    // Before free text stands the case at most; the text is no arguments.
    let (quotes, most) = if is_free { (Quotes::Lenient, 1) } else { (Quotes::Strict, usize::MAX) };
    let (args, ends) = tokens(head, quotes, most)?.into_iter().unzip();
    let mut gatherer = Gatherer::new(0, 0);
    for (n, line) in fold::lines(below).enumerate() {
        gatherer.take(next_number + n, line);
    }
    Ok(Words { verb, args, tail, lines: gatherer.lines, stray: gatherer.stray, raw: raw.to_owned(), ends })
}

impl Words {
    /// What stands below the first line, as typed.
    pub fn below(&self) -> &str {
        fold::split_line(&self.raw).1
    }

    /// Everything behind the first `args` arguments, further lines included, to the letter; only blanks around it and the
    /// end of the first line before it are gone. Empty if there are not so many arguments.
    pub fn after(&self, args: usize) -> &str {
        let from = match args.checked_sub(1) {
            None => Some(0),
            Some(last) => self.ends.get(last).copied(),
        };
        let rest = from.and_then(|from| self.raw.get(from..)).unwrap_or_default();
        let (first, below) = fold::split_line(rest);
        let text = if fold::is_blank_line(first) { below } else { rest.trim_start_matches(glyph::is_blank) };
        text.trim_end()
    }
}

fn split_word(text: &str) -> (&str, &str) {
    let end = text.find(char::is_whitespace).unwrap_or(text.len());
    text.split_at(end)
}

fn folded(word: &str) -> String {
    word.nfkc().collect::<String>().to_lowercase()
}

#[cfg(test)]
mod tests {
    use crate::case::Key;

    use super::*;

    fn prefixes() -> Vec<String> {
        vec!["!case".to_owned(), "!c".to_owned()]
    }

    fn command(text: &str) -> Words {
        match read(text, &prefixes()) {
            Heard::Command(words) => words,
            other => panic!("{text}: {other:?}"),
        }
    }

    fn word(text: &str) -> Arg {
        Arg::Word(text.to_owned())
    }

    fn pair(key: &str, op: Op, value: &str) -> Arg {
        Arg::Pair { key: Key::read(key).unwrap(), op, value: value.to_owned() }
    }

    #[test]
    fn a_command_begins_with_a_prefix_in_any_case() {
        for text in [
            "!case list",
            "!CASE List",
            "  !c\u{A0}LIST",
            "\u{FEFF}!case list",
            "！case list",
            "\n\n!case list",
        ] {
            assert_eq!(command(text).verb.as_deref(), Some("list"), "{text}");
        }
        assert_eq!(command("!case").verb, None);
        for text in ["", "!cases list", "a !case list", "case list", "> !case approve 42 ABC", "`!case list`"]
        {
            assert_eq!(read(text, &prefixes()), Heard::Talk, "{text}");
        }
        assert_eq!(read("!case list", &[]), Heard::Talk);
        assert_eq!(read(" ", &[String::new()]), Heard::Talk);
    }

    #[test]
    fn words_pairs_and_quotes_are_told_apart() {
        let words = command(
            "!case set C–42 Return-Address=“1 Long  Street” accounts+=@a:x.org accounts−=@b:x.org note=\"say \\\"hi\\\"\" x= https://x.org/?a=b",
        );
        assert_eq!(
            words.args,
            [
                word("C–42"),
                pair("return address", Op::Set, "1 Long  Street"),
                pair("accounts", Op::Add, "@a:x.org"),
                pair("accounts", Op::Remove, "@b:x.org"),
                pair("note", Op::Set, "say \"hi\""),
                pair("x", Op::Set, ""),
                word("https://x.org/?a=b"),
            ]
        );
        // A line can be named after a server; what ends with a full stop is the end of a sentence.
        let words = command("!case set 1 unlinked-at-matrix.org=2026-11-21 so.=far a..b=c");
        let key = pair("unlinked at matrix.org", Op::Set, "2026-11-21");
        assert_eq!(words.args, [word("1"), key, word("so.=far"), word("a..b=c")]);
        assert_eq!(
            command("!case tag 42 +fraud –old —older").args[1..],
            [word("+fraud"), word("-old"), word("-older")]
        );
        assert_eq!(
            command("!case find „two words“ «deux mots»").args,
            [word("two words"), word("deux mots")]
        );
    }

    #[test]
    fn lists_and_links_stay_together() {
        assert_eq!(
            command("!case set 42 accounts=@a:x.org, @b:x.org owner=me").args[1..],
            [pair("accounts", Op::Set, "@a:x.org, @b:x.org"), pair("owner", Op::Set, "me")]
        );
        let link = "[Bob Smith](https://matrix.to/#/@bob:x.org)";
        assert_eq!(command(&format!("!case assign 42 {link} now")).args[1..], [word(link), word("now")]);
        assert_eq!(command(&format!("!case list owner={link}")).args, [pair("owner", Op::Set, link)]);
    }

    #[test]
    fn the_words_of_a_day_stay_together() {
        for day in [
            "31 Dec 2026",
            "31 Dec",
            "31 Feb 2026",
            "Thursday, 31 December 2026",
            "31 Dec 2026 17:00 CET",
            "2026-12-31 17:00",
            "Thursday, 31 December 2026 at 5:00 pm",
        ] {
            let words = command(&format!("!case gag 1 until={day} order=\"A 1\" and more"));
            let (until, order) = (pair("until", Op::Set, day), pair("order", Op::Set, "A 1"));
            assert_eq!(words.args, [word("1"), until, order, word("and"), word("more")]);
            let words = command(&format!("!case gag 1 until={day} because they say so"));
            assert_eq!(words.args[1..3], [pair("until", Op::Set, day), word("because")]);
        }
        for (typed, value) in [("31", "31"), ("2026-12-31", "2026-12-31"), ("May", "May"), ("1,", "1, we")] {
            let words = command(&format!("!case set 1 x={typed} we go"));
            assert_eq!(words.args[1], pair("x", Op::Set, value));
        }
    }

    #[test]
    fn quotes_that_cannot_be_read_are_said() {
        for (text, mistake) in [
            ("!case set 42 a=\"b c", Mistake::UnclosedQuote('"')),
            ("!case find “b c", Mistake::UnclosedQuote('“')),
            ("!case set 42 a=\"b\"c", Mistake::QuoteInWord('"')),
            ("!case set 42 a=\"b\\\"", Mistake::UnclosedQuote('"')),
        ] {
            assert_eq!(read(text, &prefixes()), Heard::Mistake(mistake), "{text}");
        }
        assert_eq!(command("!case find 5\" O'Neil ’tis").args, [word("5\""), word("O'Neil"), word("’tis")]);
    }

    #[test]
    fn further_lines_are_read_and_folded() {
        let words = command("!case new preservation\nAgency: Met\n  Police\nhello\nAccounts：@a:x.org");
        let lines: Vec<_> =
            words.lines.iter().map(|l| (l.key.as_str(), l.value.as_str(), l.number)).collect();
        assert_eq!(lines, [("agency", "Met\nPolice", 2), ("accounts", "@a:x.org", 5)]);
        assert_eq!(words.stray, [(4, "hello".to_owned())]);
        assert_eq!(command("\n\n!case x\nA: b").lines[0].number, 4);
        assert_eq!(command("> <@a:x.org> hi\n\n!case x\nA: b").lines[0].number, 4);
    }

    #[test]
    fn a_line_that_stands_in_continues_the_command() {
        let words = command("!case set 42\n  purpose=\"a\n  b\" owner=me\nAgency: Met");
        assert_eq!(
            words.args,
            [word("42"), pair("purpose", Op::Set, "a\n  b"), pair("owner", Op::Set, "me")]
        );
        assert_eq!(words.tail, "42");
        assert_eq!(words.lines[0].number, 4);
    }

    #[test]
    fn free_text_loses_nothing() {
        let note = "any \"text\" = like, this “and\n```\n  code: 1\n```\r\n\r\n> quoted\n\tlast";
        let words = command(&format!("!case note 42  {note}\n"));
        assert_eq!(words.after(1), note);
        assert_eq!(words.after(0), format!("42  {note}"));
        assert_eq!(words.after(99), "");
        assert_eq!(words.tail, "42  any \"text\" = like, this “and");
        assert_eq!(command("!case note 42\n  a\n b ").after(1), "  a\n b");
        assert_eq!(command("!case note").after(0), "");
    }

    #[test]
    fn a_request_is_heard_and_limits_hold() {
        assert!(matches!(read("Request: terms", &prefixes()), Heard::Request(_)));
        let long = format!("!case note 42 {}", "x".repeat(LONGEST));
        assert_eq!(read(&long, &prefixes()), Heard::Mistake(Mistake::TooLong(long.len())));
        assert_eq!(read(&long[1..], &prefixes()), Heard::Talk);
        let many = format!("!case note 42{}x", "\n".repeat(MOST_LINES));
        assert_eq!(read(&many, &prefixes()), Heard::Mistake(Mistake::TooManyLines));
    }
}
