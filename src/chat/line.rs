//! Lines of the form `Key: value`, folded. Does not know which keys exist: whatever has the form is kept, whatever has
//! not is kept as stray text.

use crate::case::{Key, glyph};

use super::fold;
use super::runs_on::runs_on;

/// One `Key: value`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Line {
    /// The key as typed.
    pub label: String,
    /// The key in its normal form.
    pub key: Key,
    /// The value as typed, without blanks around it; folded lines are joined by LF, and may be many.
    pub value: String,
    /// The number of its first line in the message, counted from 1.
    pub number: usize,
    /// The whole of it as it stands, without the blanks at the ends of its lines.
    pub text: String,
}

/// The longest key, in characters; what stands before a colon further on is a sentence.
const LONGEST_LABEL: usize = 60;

/// Gathers the lines of one message.
pub(super) struct Gatherer {
    /// Quote marks to take off.
    depth: usize,
    /// How far a line stands in that does not continue the one before.
    base: usize,
    last: Last,
    pub(super) lines: Vec<Line>,
    pub(super) stray: Vec<(usize, String)>,
}

enum Last {
    Nothing,
    Line,
    Stray,
}

impl Gatherer {
    pub(super) fn new(depth: usize, base: usize) -> Gatherer {
        Gatherer { depth, base, last: Last::Nothing, lines: Vec::new(), stray: Vec::new() }
    }

    /// Takes in the next line of the message.
    pub(super) fn take(&mut self, number: usize, raw: &str) {
        let (_, text) = fold::unquote(raw, self.depth);
        if fold::is_blank_line(text) || fold::is_fence(text) {
            return;
        }
        let indent = fold::indent(text);
        let body = trim(text);
        let continues = indent > self.base;
        if matches!(self.last, Last::Line)
            && let Some(line) = self.lines.last_mut()
            && let Some(more) = if continues { Some(body) } else { runs_on(&line.value, body) }
        {
            if !line.value.is_empty() {
                line.value.push('\n');
            }
            line.value.push_str(more);
            line.text.push('\n');
            line.text.push_str(body);
            return;
        }
        match self.last {
            Last::Stray if continues => self.stray.push((number, body.to_owned())),
            Last::Nothing | Last::Line | Last::Stray => match split_label(body) {
                Some((label, key, value)) => {
                    // A form that stands in as a whole under its first line.
                    if matches!(self.last, Last::Nothing) {
                        self.base = self.base.max(indent);
                    }
                    let (label, value) = (label.to_owned(), value.to_owned());
                    self.lines.push(Line { label, key, value, number, text: body.to_owned() });
                    self.last = Last::Line;
                }
                None => {
                    self.stray.push((number, body.to_owned()));
                    self.last = Last::Stray;
                }
            },
        }
    }
}

/// Splits `Key: value`; the colon may be full-width, the key bold or an item of a list.
pub(super) fn split_label(body: &str) -> Option<(&str, Key, &str)> {
    let body = without_bullet(body);
    let at = body.find([':', '：'])?;
    let (before, after) = body.split_at(at);
    let after = after.strip_prefix([':', '：'])?;
    if after.starts_with("//") || is_inside_a_word(before, after) {
        return None;
    }
    // `**Key:** value` closes behind the colon, `**Key**: value` before it.
    let opened = ["**", "__", "*", "_"].into_iter().find(|mark| before.starts_with(*mark));
    let (label, value) = match opened {
        Some(mark) => {
            let inner = before.strip_prefix(mark).unwrap_or(before);
            match (inner.strip_suffix(mark), after.strip_prefix(mark)) {
                (Some(inner), _) => (inner, after),
                (None, Some(after)) => (inner, after),
                // The whole line is bold.
                (None, None) => match trim(after).strip_suffix(mark) {
                    Some(after) => (inner, after),
                    None => (before, after),
                },
            }
        }
        None => (before, after),
    };
    let (label, value) = (trim(label), trim(value));
    let key = Key::read(label).ok()?;
    let is_label = label.chars().take(LONGEST_LABEL + 1).count() <= LONGEST_LABEL
        && label.chars().any(char::is_alphabetic)
        && !label.starts_with(['@', '#', '!', '$', '>', '<', '['])
        && !(key.is("matrix") && ["u/", "r/", "roomid/", "e/"].iter().any(|head| value.starts_with(head)));
    is_label.then_some((label, key, value))
}

/// Whether the colon belongs to an account, a room or a time of day that stands in a sentence: `my account is @marie:x.org`.
fn is_inside_a_word(before: &str, after: &str) -> bool {
    let is_number = |c: char| c.is_ascii_digit();
    let of_time = before.ends_with(is_number) && after.starts_with(is_number);
    let word = before.rsplit(|c: char| glyph::is_blank(c) || "(<\"'`".contains(c)).next().unwrap_or_default();
    let of_name = word.starts_with(['@', '#', '!', '$']) && !after.starts_with(glyph::is_blank);
    (of_time || of_name) && !after.is_empty()
}

pub(super) fn without_bullet(body: &str) -> &str {
    let rest = match body.strip_prefix(['*', '•', '+']) {
        Some(rest) => rest,
        None => match body.strip_prefix(glyph::is_dash) {
            Some(rest) => rest,
            None => return body,
        },
    };
    if rest.starts_with(glyph::is_blank) { trim(rest) } else { body }
}

pub(super) fn trim(text: &str) -> &str {
    text.trim_matches(|c| glyph::is_blank(c) || glyph::is_line_end(c))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn split(body: &str) -> Option<(&str, &str)> {
        split_label(body).map(|(label, _, value)| (label, value))
    }

    #[test]
    fn a_key_is_found_in_every_dress() {
        for body in [
            "Return address: x: y",
            "Return address ： x: y",
            "**Return address:** x: y",
            "**Return address**: x: y",
            "_Return address_: x: y",
            "**Return address: x: y**",
            "- Return address: x: y",
            "— Return address: x: y",
            "* Return address: x: y",
        ] {
            assert_eq!(split(body), Some(("Return address", "x: y")), "{body}");
        }
        assert_eq!(split("Agency:"), Some(("Agency", "")));
        assert_eq!(split("*Agency: x"), Some(("*Agency", "x")));
    }

    #[test]
    fn what_only_looks_like_a_key_is_none() {
        for body in [
            "https://example.org",
            "see https://example.org",
            "@alice:example.org",
            "#room:example.org",
            "matrix:u/alice:example.org",
            "17:00",
            ": x",
            "**: x",
            "no colon",
            "please erase @alice:example.org",
            "my account (@alice:example.org) is old",
            "we met at 10:00",
        ] {
            assert_eq!(split(body), None, "{body}");
        }
        let long = format!("{}: x", "a".repeat(61));
        assert_eq!(split(&long), None);
        assert!(split(&long[1..]).is_some());
    }
}
