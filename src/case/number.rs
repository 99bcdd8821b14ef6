//! Telephone numbers in running text (rule 61): which there are, and whether two are the same.
//!
//! The request is written by a stranger who may want a number not to be recognised; so what is hidden between the digits,
//! and digits of other writings, count for what a person would dial. Knows no country.

use std::collections::BTreeSet;

use unicode_normalization::UnicodeNormalization;

use super::{DayFault, Field, glyph, read_day};

/// A number needs this many digits to be recognised as one that could be called.
const DIGITS: usize = 6;
/// The end of a number that tells it from others, whatever codes stand before it.
const TAIL: usize = 7;
/// What people put between the digits of one number, besides blanks and dashes.
const WITHIN: &[char] = &[')', ']', '.', '+', '_', '·'];
/// What stands between the digits of one number, or else between two numbers, or a number and something else.
const BETWEEN: &[char] = &['/', '(', '[', '|', ',', ';', '*', '~', '\n', '\r'];

/// The runs of digits that are long enough to be called, without what people put between digits. Dates are no numbers.
/// Where it cannot be told whether it is one number or several, it is both.
pub(super) fn numbers(text: &str) -> Vec<String> {
    // Every line of every request is asked, and few have so many digits.
    if text.is_ascii() && text.bytes().filter(u8::is_ascii_digit).count() < DIGITS {
        return Vec::new();
    }
    let both: BTreeSet<String> = [runs(text, true), runs(text, false)].concat().into_iter().collect();
    both.into_iter().collect()
}

/// The same where each sign that may stand between two numbers does.
pub(super) fn lone_numbers(text: &str) -> Vec<String> {
    runs(text, false)
}

fn runs(text: &str, joins: bool) -> Vec<String> {
    let mut found = Vec::new();
    let mut run = String::new();
    for word in text.split_inclusive(char::is_whitespace) {
        if is_date(word.trim_matches(|c: char| c.is_whitespace() || ",;.()".contains(c))) {
            end(&mut run, &mut found);
            continue;
        }
        for c in without_trunk_zero(word) {
            match digit(c) {
                Some(digit) => run.push(digit),
                None if BETWEEN.contains(&c) && joins => {}
                None if BETWEEN.contains(&c) => end(&mut run, &mut found),
                None if c.is_whitespace() || glyph::is_dash(c) || WITHIN.contains(&c) => {}
                None => end(&mut run, &mut found),
            }
        }
    }
    end(&mut run, &mut found);
    found
}

/// The numbers of a line, its label included.
pub(super) fn numbers_of(field: &Field) -> Vec<String> {
    numbers(&format!("{} {}", field.label, field.value))
}

/// The first of the numbers called that stands among those of the request. Two are the same if the end of one stands
/// anywhere in the other: before it may be codes, behind it an extension or the next number.
pub(super) fn first_known<'c>(called: &'c [String], theirs: &[String]) -> Option<&'c String> {
    let in_theirs: BTreeSet<&str> = theirs.iter().flat_map(|run| pieces(run)).collect();
    let their_ends: BTreeSet<&str> = theirs.iter().filter_map(|run| tail(run)).collect();
    called.iter().find(|run| {
        tail(run).is_some_and(|tail| in_theirs.contains(tail))
            || pieces(run).any(|piece| their_ends.contains(piece))
    })
}

/// What each number ends in, however it is dialled, each once: the least that tells two apart.
pub fn ends(numbers: &[String]) -> BTreeSet<String> {
    let ends = numbers.iter().filter_map(|run| tail(run)).filter_map(|tail| tail.get(tail.len() - DIGITS..));
    ends.map(str::to_owned).collect()
}

/// The last digits of a number; a row of zeros has none, being the end of every number.
fn tail(run: &str) -> Option<&str> {
    let run = run.trim_start_matches('0');
    let tail = run.get(run.len().saturating_sub(TAIL)..)?;
    (run.len() >= DIGITS).then_some(tail)
}

/// Everything in a run that could be the end of a number.
fn pieces(run: &str) -> impl Iterator<Item = &str> {
    let of = move |length: usize| (0..run.len()).filter_map(move |from| run.get(from..from + length));
    (DIGITS..=TAIL).flat_map(of)
}

/// The characters of a word as they are read, without the `(0)` that is dialled at home only.
fn without_trunk_zero(word: &str) -> Vec<char> {
    let mut read: Vec<char> = Vec::new();
    for c in word.nfkc().filter(|c| !glyph::is_hidden(*c) || c.is_whitespace()) {
        read.push(c);
        let ends_in_zero =
            matches!(read.as_slice(), [.., '(' | '[', zero, ')' | ']'] if digit(*zero) == Some('0'));
        if ends_in_zero {
            read.truncate(read.len() - 3);
        }
    }
    read
}

fn end(run: &mut String, found: &mut Vec<String>) {
    let run = std::mem::take(run);
    if run.len() >= DIGITS {
        found.push(run);
    }
}

/// Whether it reads as a day, or as one of two.
fn is_date(word: &str) -> bool {
    matches!(read_day(word), Ok(_) | Err(DayFault::Ambiguous { .. }))
}

/// The digit that a person reads, in the writings that telephones are dialled in.
fn digit(c: char) -> Option<char> {
    let zeros = ['0', '\u{0660}', '\u{06F0}', '\u{0966}', '\u{09E6}'];
    let value =
        zeros.into_iter().map(|zero| u32::from(c).wrapping_sub(u32::from(zero))).find(|value| *value <= 9)?;
    char::from_digit(value, 10)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_number_is_found_however_it_is_dressed() {
        for text in [
            "call 020 7946 0958 now",
            "(020) 7946-0958",
            "020.7946.0958",
            "020\u{200B}7946\u{202E}0958",
            "020–7946–0958",
            "０２０ ７９４６ ０９５８",
            "٠٢٠ ٧٩٤٦ ٠٩٥٨",
        ] {
            assert_eq!(numbers(text), ["02079460958"], "{text}");
        }
        assert_eq!(numbers("12345 and 123456"), ["123456"]);
        assert!(numbers("10:30, room 12, since 2025").is_empty());
    }

    #[test]
    fn a_date_is_no_number() {
        assert!(numbers("called on 2026-11-20 at 10:30, again (20.11.2026)").is_empty());
        assert_eq!(numbers("2026-11-20 020 7946 0958"), ["02079460958"]);
        // Eight digits in a row may be a number in Denmark.
        assert_eq!(numbers("20 26 11 20"), ["20261120"]);
    }

    #[test]
    fn no_code_and_no_neighbour_hides_a_number() {
        for (theirs, called) in [
            ("02079460958", "442079460958"),
            ("00442079460958", "02079460958"),
            ("+44 (0)20 7946 0958", "+44 20 7946 0958"),
            ("+44 [\u{200B}0] 20 7946 0958", "+44 20 7946 0958"),
            ("020 7946 0958 / 020 7946 0959", "020 7946 0958"),
            ("020 7946 0958 / 020 7946 0959", "020 7946 0959"),
            ("020 7946 0958 (24 hours)", "020 7946 0958"),
            ("020, 7946, 0958", "020 7946 0958"),
            ("020 7946\n0958", "020 7946 0958"),
            ("020 7946 0958", "020 7946 0958 12"),
            ("946 0958", "020 7946 0958"),
            ("020 7946 0958", "946 0958"),
            ("020 7946 0959 (24 hours)", "020 7946 0959 12"),
            ("112233", "0112233"),
            ("+44 112233", "0112233"),
        ] {
            let called = numbers(called);
            assert!(first_known(&called, &numbers(theirs)).is_some(), "{theirs}");
        }
        for (theirs, called) in [("02079460958", "02079460959"), ("000000", "02079460958")] {
            assert_eq!(first_known(&numbers(called), &numbers(theirs)), None, "{theirs}");
        }
    }
}
