//! The sentences of a text, and the words of a sentence with what each may be. Knows no rule.

use unicode_normalization::UnicodeNormalization;
use unicode_normalization::char::is_combining_mark;

use super::lexicon::{NEG, NEG_OF, Roles, roles};
use crate::case::folded::folded;
use crate::case::look_alike::latin;

/// What ends in a point and no sentence with it.
const SHORT: &[&str] =
    &["mr", "mrs", "ms", "dr", "art", "nr", "abs", "hr", "fr", "bzw", "st", "sr", "sra", "vs"];
/// A line of more bytes than this is no part of a sentence broken over lines: so joining costs no more than reading twice.
const LONGEST_LINE: usize = 400;

/// The sentences of a text. A text that was broken into lines is read both ways, line by line and with what seems to go on in the
/// next line: what is heard in either is heard.
pub(in crate::case) fn sentences(text: &str) -> impl Iterator<Item = &str> {
    let lines = text.contains('\n').then(|| parts(text, char::is_lowercase));
    parts(text, char::is_alphabetic).chain(lines.into_iter().flatten())
}

/// A text cut at what ends a sentence: a mark, an empty line, and a line's end unless the next begins as one that goes on.
fn parts(text: &str, may_go_on: impl Fn(char) -> bool) -> impl Iterator<Item = &str> {
    let mut start = 0;
    let mut chars = text.char_indices().peekable();
    let mut done = false;
    std::iter::from_fn(move || {
        if done {
            return None;
        }
        while let Some((at, c)) = chars.next() {
            let next = chars.peek().map(|(_, c)| *c);
            let is_end = match c {
                '.' => !next.is_some_and(char::is_alphanumeric) && !is_short(text.get(start..at)?),
                ';' | '!' | '?' => true,
                '\n' => !goes_on(text.get(start..at)?, text.get(at + 1..)?, &may_go_on),
                _ => false,
            };
            if is_end {
                let part = text.get(start..at);
                start = at + c.len_utf8();
                return part;
            }
        }
        done = true;
        text.get(start..)
    })
}

/// Whether the last word is one of those that end in a point.
fn is_short(said: &str) -> bool {
    let word = said.rsplit(|c: char| !c.is_alphanumeric()).next().unwrap_or_default();
    SHORT.iter().any(|short| word.eq_ignore_ascii_case(short))
}

/// Whether what stands before the end of a line goes on behind it.
fn goes_on(said: &str, rest: &str, may_go_on: impl Fn(char) -> bool) -> bool {
    let line = said.rsplit('\n').next().unwrap_or_default();
    let is_open = !line.trim_end().ends_with(':') && line.len() <= LONGEST_LINE;
    // A list is none: what begins with a mark or a number stands for itself; a quoted mail is quoted on each line.
    let first =
        rest.chars().find(|c| *c == '\n' || !(c.is_whitespace() || matches!(c, '>' | '|' | '(' | '"' | '@')));
    is_open && first.is_some_and(may_go_on)
}

/// A sentence, word by word.
pub(super) struct Sentence {
    /// Small letters, without marks on them and with nothing hidden.
    smooth: String,
    /// Where each word stands in that, and what it may be.
    words: Vec<(usize, usize, Roles)>,
}

impl Sentence {
    pub(super) fn of(text: &str) -> Sentence {
        let smooth = smoothed(text);
        let mut words: Vec<(usize, usize, Roles)> = Vec::new();
        let mut from = 0;
        for word in smooth.split(|c: char| !c.is_alphanumeric()) {
            let (start, end) = (from, from + word.len());
            // What parts words is a letter or more wide.
            from = end + smooth.get(end..).and_then(|rest| rest.chars().next()).map_or(0, char::len_utf8);
            if word.is_empty() {
                continue;
            }
            let is_denied = smooth.get(..start).is_some_and(|before| before.ends_with("n'"));
            match words.last_mut() {
                // `don't` is `do` and `not`, and so are `dont` and `cannot`.
                Some(last) if word == "t" && is_denied => {
                    let is_can = smooth.get(last.0..last.1) == Some("can");
                    let verb_end = if is_can { last.1 } else { last.1 - 1 };
                    let verb = smooth.get(last.0..verb_end);
                    *last = (last.0, verb_end, verb.map_or(0, |verb| roles(verb.as_bytes())));
                    words.push((start, end, NEG));
                }
                _ => match NOTS.iter().find(|(said, _)| *said == word) {
                    Some((_, verb)) => {
                        words.push((start, start + verb.len(), roles(verb.as_bytes())));
                        words.push((start + verb.len(), end, NEG));
                    }
                    None => words.push((start, end, roles(word.as_bytes()))),
                },
            }
        }
        Sentence { smooth, words }
    }

    /// How many words there are.
    pub(super) fn len(&self) -> usize {
        self.words.len()
    }

    /// The word at a place; none outside.
    pub(super) fn word(&self, at: usize) -> &str {
        self.words.get(at).and_then(|(start, end, _)| self.smooth.get(*start..*end)).unwrap_or_default()
    }

    /// Whether the word at a place may be one of these; none is outside.
    pub(super) fn is(&self, at: usize, roles: Roles) -> bool {
        self.words.get(at).is_some_and(|(_, _, all)| all & roles != 0)
    }

    /// Whether a word among these places may be.
    pub(super) fn any(&self, places: std::ops::Range<usize>, roles: Roles) -> bool {
        self.find(places, roles).is_some()
    }

    /// The first of them.
    pub(super) fn find(&self, mut places: std::ops::Range<usize>, roles: Roles) -> Option<usize> {
        places.end = places.end.min(self.len());
        places.find(|at| self.is(*at, roles))
    }

    /// Whether a denial stands there, whatever it denies.
    pub(super) fn denies(&self, at: usize) -> bool {
        self.is(at, NEG | NEG_OF)
    }
}

/// What is denied in one word.
const NOTS: &[(&str, &str)] = &[
    ("dont", "do"),
    ("cannot", "can"),
    ("cant", "can"),
    ("mustnt", "must"),
    ("shouldnt", "should"),
    ("maynt", "may"),
    ("doesnt", "does"),
    ("didnt", "did"),
    ("isnt", "is"),
    ("wasnt", "was"),
    ("hasnt", "has"),
    ("wont", "wo"),
];

/// The text as it is compared: what is broken at a hyphen stands together.
pub(super) fn smoothed(text: &str) -> String {
    // Folded, an accent by itself is a blank: `don´t`.
    let folded = if text.contains('´') { folded(&text.replace('´', "'")) } else { folded(text) };
    if folded.is_ascii() {
        return if folded.contains("-\n") { folded.replace("-\n", "") } else { folded };
    }
    let mut smooth = String::with_capacity(folded.len());
    // A letter of another writing that looks like one of ours hides a word from a program, and from nobody else.
    for c in folded.chars().map(latin).nfd().filter(|c| !is_combining_mark(*c)) {
        match c {
            'ß' => smooth.push_str("ss"),
            'œ' => smooth.push_str("oe"),
            'æ' => smooth.push_str("ae"),
            '’' | '‘' | 'ʼ' => smooth.push('\''),
            c => smooth.push(c),
        }
    }
    if smooth.contains("-\n") { smooth.replace("-\n", "") } else { smooth }
}
