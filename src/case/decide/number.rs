//! Telephone numbers in running text (rule 61): which there are, and whether two are the same.
//!
//! The request is written by a stranger who may want a number not to be recognised; so what is hidden between the digits,
//! and digits of other writings, count for what a person would dial. Knows no country.

use unicode_normalization::UnicodeNormalization;

use crate::case::{DayFault, glyph, read_day};

/// A number needs this many digits to be recognised as one that could be called.
const DIGITS: usize = 6;
/// What people put between the digits of one number, besides spaces and dashes.
const BETWEEN: [char; 10] = ['/', '(', ')', '[', ']', '.', '+', '_', '·', '|'];

/// The runs of digits that are long enough to be called, without what people put between digits. Dates are no numbers.
pub(super) fn numbers(text: &str) -> Vec<String> {
    let mut found = Vec::new();
    for line in text.split(glyph::is_line_end) {
        let mut run = String::new();
        for word in line.split_inclusive(char::is_whitespace) {
            if is_date(word.trim_matches(|c: char| c.is_whitespace() || ",;.()".contains(c))) {
                end(&mut run, &mut found);
                continue;
            }
            for c in word.nfkc() {
                match digit(c) {
                    Some(digit) => run.push(digit),
                    None if c.is_whitespace() || glyph::is_dash(c) || glyph::is_hidden(c) => {}
                    None if BETWEEN.contains(&c) => {}
                    None => end(&mut run, &mut found),
                }
            }
        }
        end(&mut run, &mut found);
    }
    found
}

/// Whether two numbers are the same but for a country code or a leading zero.
pub(super) fn same_number(one: &str, other: &str) -> bool {
    let (one, other) = (one.trim_start_matches('0'), other.trim_start_matches('0'));
    // What is left of a row of zeros is the end of every number.
    one.len().min(other.len()) >= DIGITS && (one.ends_with(other) || other.ends_with(one))
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
    let value = zeros
        .into_iter()
        .map(|zero| u32::from(c).wrapping_sub(u32::from(zero)))
        .find(|value| *value <= 9)?;
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
    fn country_codes_and_zeros_do_not_hide_a_number() {
        assert!(same_number("02079460958", "442079460958"));
        assert!(same_number("00442079460958", "02079460958"));
        assert!(!same_number("02079460958", "02079460959"));
        assert!(!same_number("000000", "02079460958"));
    }
}
