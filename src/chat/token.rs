//! The arguments of a command line: words, pairs, quotes. Does not know verbs, nor what an argument means.

use chrono_tz::Tz;

use crate::case::{DayFault, Key, glyph, read_day, read_moment};

use super::fold;
use super::mistake::Mistake;

/// `Thursday, 31 December 2026 at 5:00 pm CET` has so many words.
const DAY_WORDS: usize = 8;

/// One argument.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Arg {
    /// A word, or several in quotes. A long dash before a word is made a hyphen, as in `–old`.
    Word(String),
    /// `key=value`, `key+=value`, `key-=value`.
    Pair {
        /// The key.
        key: Key,
        /// What to do with the value.
        op: Op,
        /// The value as typed, without its quotes.
        value: String,
    },
}

/// What a pair asks for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Op {
    /// `=`
    Set,
    /// `+=`
    Add,
    /// `-=`
    Remove,
}

/// Whether a quote that cannot be read is a mistake, or a character like any other.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Quotes {
    Strict,
    Lenient,
}

/// The first `most` arguments of a line, each with the offset of its end.
pub(super) fn tokens(line: &str, quotes: Quotes, most: usize) -> Result<Vec<(Arg, usize)>, Mistake> {
    let mut found = Vec::new();
    let mut scan = Scan { line, at: 0, quotes, unclosed: Vec::new() };
    while found.len() < most
        && let Some(arg) = scan.next()?
    {
        found.push((arg, scan.at));
    }
    Ok(found)
}

struct Scan<'a> {
    line: &'a str,
    at: usize,
    quotes: Quotes,
    /// Opening marks that no mark of the first or second choice closes further on, so that a line full of them is not
    /// searched to its end for each. A quote never begins behind a backslash, so what closes one would close the one before.
    unclosed: Vec<(char, Choice)>,
}

/// Which marks close a quote.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Choice {
    /// The one that fits.
    Fitting,
    /// One that phones mix it up with.
    Mixed,
}

impl<'a> Scan<'a> {
    fn rest(&self) -> &'a str {
        self.line.get(self.at..).unwrap_or_default()
    }

    fn skip_space(&mut self) {
        let rest = self.rest();
        self.at += rest.len() - rest.trim_start().len();
    }

    fn next(&mut self) -> Result<Option<Arg>, Mistake> {
        self.skip_space();
        if self.rest().is_empty() {
            return Ok(None);
        }
        if let Some(text) = self.quoted()? {
            return Ok(Some(Arg::Word(text)));
        }
        if let Some((key, op, length)) = pair_head(self.rest()) {
            self.at += length;
            let value = match self.quoted()? {
                Some(text) => text,
                None => match self.day() {
                    Some(text) => text,
                    None => self.list(),
                },
            };
            return Ok(Some(Arg::Pair { key, op, value }));
        }
        Ok(Some(Arg::Word(hyphenated(&self.bare()))))
    }

    /// The text in quotes that begins here, if one does.
    fn quoted(&mut self) -> Result<Option<String>, Mistake> {
        let Some(open) = self.rest().chars().next().filter(|c| fold::is_double_quote(*c)) else {
            return Ok(None);
        };
        let inside = self.line.get(self.at + open.len_utf8()..).unwrap_or_default();
        let fault = match self.closing(inside, open) {
            None => Mistake::UnclosedQuote(open),
            Some((length, close)) => {
                let after = inside.get(length + close.len_utf8()..).unwrap_or_default();
                if after.chars().next().is_none_or(char::is_whitespace) {
                    let text = unescaped(inside.get(..length).unwrap_or_default());
                    self.at += open.len_utf8() + length + close.len_utf8();
                    return Ok(Some(text));
                }
                Mistake::QuoteInWord(close)
            }
        };
        match self.quotes {
            Quotes::Strict => Err(fault),
            Quotes::Lenient => Ok(None),
        }
    }

    /// Where the quote is closed, and with what: the fitting mark anywhere, or else one that phones mix it up with.
    fn closing(&mut self, inside: &str, open: char) -> Option<(usize, char)> {
        for choice in [Choice::Fitting, Choice::Mixed] {
            if self.unclosed.contains(&(open, choice)) {
                continue;
            }
            let found = unescaped_one_of(inside, closing_marks(open, choice));
            if found.is_some() {
                return found;
            }
            self.unclosed.push((open, choice));
        }
        None
    }

    fn bare(&mut self) -> String {
        let length = bare_length(self.rest());
        let text = self.rest().get(..length).unwrap_or_default().to_owned();
        self.at += length;
        text
    }

    /// A day or a moment whose words stand apart, as in `until=31 Dec 2026`; nobody means its first word alone.
    fn day(&mut self) -> Option<String> {
        let line = self.rest();
        let mut length = 0;
        let mut found = None;
        for words in 1..=DAY_WORDS {
            let rest = line.get(length..).unwrap_or_default();
            let blanks = rest.len() - rest.trim_start().len();
            let word = rest.trim_start();
            if word.is_empty() || word.starts_with(fold::is_double_quote) || pair_head(word).is_some() {
                break;
            }
            length += blanks + bare_length(word);
            let text = line.get(..length).unwrap_or_default();
            let read = Reading::of(text);
            if words > 1 && read > Reading::None && found.is_none_or(|(_, best)| read >= best) {
                found = Some((length, read));
            }
        }
        let (length, _) = found?;
        self.at += length;
        line.get(..length).map(str::to_owned)
    }

    /// A bare value; one that ends with a comma goes on behind the space, as in `accounts=@a:x.org, @b:x.org`.
    fn list(&mut self) -> String {
        let mut value = self.bare();
        while value.ends_with([',', ';']) {
            let before = self.at;
            self.skip_space();
            let rest = self.rest();
            if rest.is_empty() || rest.starts_with(fold::is_double_quote) || pair_head(rest).is_some() {
                self.at = before;
                break;
            }
            value.push(' ');
            value.push_str(&self.bare());
        }
        value
    }
}

/// Whether words are a day or a moment.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Reading {
    None,
    /// Meant as one, such as the 31st of February; whoever reads the value says what is wrong with it.
    Wrong,
    Right,
}

impl Reading {
    fn of(text: &str) -> Reading {
        match (read_day(text), read_moment(text, Tz::UTC)) {
            (Ok(_), _) | (_, Ok(_)) => Reading::Right,
            (Err(DayFault::NotADate), _) => Reading::None,
            (Err(_), _) => Reading::Wrong,
        }
    }
}

/// `key=`, `key+=` or `key-=` at the start of the text: the key, the operator, the length of both.
fn pair_head(text: &str) -> Option<(Key, Op, usize)> {
    // No key is longer; the limit keeps a long line from being searched again for each of its words.
    let (at, equals) =
        text.char_indices().take(62).find(|(_, c)| matches!(c, '=' | '＝') || c.is_whitespace())?;
    if equals.is_whitespace() {
        return None;
    }
    let before = text.get(..at)?;
    let (name, op) = match (before.strip_suffix('+'), before.strip_suffix(glyph::is_dash)) {
        (Some(name), _) => (name, Op::Add),
        (None, Some(name)) => (name, Op::Remove),
        (None, None) => (before, Op::Set),
    };
    let is_name = name.starts_with(char::is_alphabetic)
        && name
            .chars()
            .all(|c| c.is_alphanumeric() || matches!(c, '_' | '.') || glyph::is_dash(c) || glyph::is_mark(c))
        // The name of a server may stand within a key, as in `unlinked-at-matrix.org`; a sentence does not end there.
        && !name.ends_with('.')
        && !name.contains("..");
    let key = Key::read(name).ok().filter(|_| is_name)?;
    Some((key, op, at + equals.len_utf8()))
}

fn closing_marks(open: char, choice: Choice) -> &'static [char] {
    let (fitting, mixed): (&[char], &[char]) = match open {
        '“' | '‟' => (&['”'], &['"', '“', '＂']),
        '”' => (&['”'], &['"', '“']),
        '„' => (&['“', '”'], &['"', '„']),
        '«' => (&['»'], &['"', '«']),
        '»' => (&['«'], &['»', '"']),
        _ => (&['"', '＂'], &['”', '“', '»']),
    };
    match choice {
        Choice::Fitting => fitting,
        Choice::Mixed => mixed,
    }
}

fn unescaped_one_of(inside: &str, marks: &[char]) -> Option<(usize, char)> {
    let mut is_escaped = false;
    for (at, c) in inside.char_indices() {
        if !is_escaped && marks.contains(&c) {
            return Some((at, c));
        }
        is_escaped = c == '\\' && !is_escaped;
    }
    None
}

/// `\"` and `\\` mean the character itself; any other backslash is one.
fn unescaped(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut chars = text.chars().peekable();
    while let Some(c) = chars.next() {
        match chars.next_if(|next| c == '\\' && (*next == '\\' || fold::is_double_quote(*next))) {
            Some(meant) => out.push(meant),
            None => out.push(c),
        }
    }
    out
}

/// The length of the word that begins here; a Markdown link to an account is part of one, with the spaces of its text.
fn bare_length(text: &str) -> usize {
    let mut skip_to = 0;
    for (at, c) in text.char_indices() {
        if at < skip_to {
            continue;
        }
        if c.is_whitespace() {
            return at;
        }
        if c == '[' {
            skip_to = at + link_length(text.get(at..).unwrap_or_default()).unwrap_or(0);
        }
    }
    text.len()
}

/// The length of `[text](target)` at the start of the text, where the target is a Matrix link.
pub(super) fn link_length(text: &str) -> Option<usize> {
    let inner = text.strip_prefix('[')?;
    // The shown text has no bracket inside; so a text full of brackets is not searched again for each of them.
    let end = inner.find(|c: char| matches!(c, '[' | ']') || glyph::is_line_end(c))?;
    let target = inner.get(end..)?.strip_prefix("](")?;
    let is_matrix = ["https://matrix.to/", "http://matrix.to/", "matrix:"]
        .iter()
        .any(|head| target.get(..head.len()).is_some_and(|start| start.eq_ignore_ascii_case(head)));
    let close = target.find(|c: char| matches!(c, ')' | '[') || c.is_whitespace())?;
    let is_closed = target.get(close..)?.starts_with(')');
    // Both brackets, the parenthesis that opens and the one that closes.
    (is_matrix && is_closed).then_some(1 + end + 2 + close + 1)
}

fn hyphenated(word: &str) -> String {
    match word.strip_prefix(glyph::is_dash) {
        Some(rest) => format!("-{rest}"),
        None => word.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn so_many_are_read_and_no_more() {
        let found = tokens("42 «a «a", Quotes::Lenient, 1).unwrap();
        assert_eq!(found, [(Arg::Word("42".to_owned()), 2)]);
    }

    #[test]
    fn a_mark_that_is_not_closed_does_not_close_another() {
        let read = |line: &str| -> Vec<Arg> {
            let found = tokens(line, Quotes::Strict, usize::MAX).unwrap();
            found.into_iter().map(|(arg, _)| arg).collect()
        };
        assert_eq!(
            read("“a b\" “c d\" \"e f\""),
            ["a b", "c d", "e f"].map(|text| Arg::Word(text.to_owned()))
        );
    }

    proptest! {
        /// What is remembered about marks without an end changes nothing: each argument read on its own is the same.
        #[test]
        fn arguments_are_read_alike_one_by_one(line in "[a =,\\\\«»“”„\"]{0,40}") {
            let all = tokens(&line, Quotes::Lenient, usize::MAX).unwrap();
            let mut at = 0;
            for (arg, end) in all {
                let alone = tokens(&line[at..], Quotes::Lenient, 1).unwrap();
                prop_assert_eq!(alone, [(arg, end - at)]);
                at = end;
            }
        }
    }
}
