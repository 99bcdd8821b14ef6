//! Whether what is typed on a line is words at all, or only says where something stands: `section 4(2)`, `21 November 2026`.
//!
//! It knows numbers and a few words for places in a text, not what anything means.

use chrono::{Month, Weekday};

/// No section and no year is longer.
const LONGEST_NUMBER: usize = 4;
/// Nor has a section more digits, parts and all.
const MOST_DIGITS: usize = 6;
/// What says where in a text something stands.
const PLACES: &[&str] = &[
    "section",
    "clause",
    "article",
    "paragraph",
    "part",
    "rule",
    "rules",
    "point",
    "number",
    "terms",
    "abschnitt",
    "absatz",
    "artikel",
    "ziffer",
    "nummer",
    "punkt",
];

/// Whether it says more than where something stands, and on which day: `3.2`, `section 4(2)`, `21 November 2026`. However short, all
/// else is words.
pub(super) fn is_worded(said: &str) -> bool {
    if may_be_reference(said) {
        return true;
    }
    let mut letters = 0;
    let mut is_plain = |word: &str| {
        let single = word.chars().filter(char::is_ascii_alphabetic).count();
        if is_number(word) {
            letters += single;
            return letters <= 1;
        }
        let word = word.to_lowercase();
        word == "§" || word.bytes().all(|byte| byte.is_ascii_lowercase()) && is_place(&word)
    };
    !said.split([' ', ',', ';']).all(&mut is_plain)
}

/// Whether its numbers are long enough for the number of a request, or of a case: `2026-4711`, `47110815`, `C(1)`. A day and a time are
/// not, nor is one number as laws have them (`§ 1004`).
fn may_be_reference(said: &str) -> bool {
    let digits = |word: &str| word.bytes().filter(u8::is_ascii_digit).count();
    let is_day = |word: &str| match word.split(['-', '.']).map(str::len).collect::<Vec<_>>().as_slice() {
        [4, 1..=2, 1..=2] | [1..=2, 1..=2, 4] => true,
        _ => word.contains(':') && digits(word) <= 4,
    };
    let said: Vec<&str> = said.split([' ', ',', ';']).filter(|word| !is_day(word)).collect();
    let names_case = |word: &&str| {
        let word = word.trim_start_matches(['(', '[']).to_lowercase();
        word.starts_with('c') && digits(&word) > 0
    };
    let is_year = |word: &&&str| word.len() == 4 && (word.starts_with("19") || word.starts_with("20"));
    let numbers: Vec<usize> = said.iter().filter(|word| !is_year(word)).map(|word| digits(word)).collect();
    let is_split = numbers.contains(&4)
        && (numbers.len() < said.len() || numbers.iter().filter(|it| **it > 2).count() > 1);
    said.iter().any(|word| digits(word) > MOST_DIGITS) || is_split || said.iter().any(names_case)
}

/// Whether it is a number as sections, days and times have one: `4`, `4.1`, `4(2)`, `(b)`, `4b`, `2026-11-21`, `10:30`.
fn is_number(word: &str) -> bool {
    let part = |part: &str| {
        let digits = part.trim_end_matches(|c: char| c.is_ascii_alphabetic());
        part.len() <= LONGEST_NUMBER && digits.bytes().all(|byte| byte.is_ascii_digit())
    };
    let is_lone_letter = word.bytes().all(|byte| byte.is_ascii_alphabetic());
    !is_lone_letter && word.split(['.', ':', '-', '(', ')']).all(part)
}

/// Whether it is a number, or a word that only says where something stands, or on which day.
pub(super) fn is_place(word: &str) -> bool {
    !word.contains(char::is_alphabetic)
        || PLACES.contains(&word)
        || word.parse::<Month>().is_ok()
        || word.parse::<Weekday>().is_ok()
}
