//! What the request said when it came, and whether a line that one of us put otherwise since says more than that (rules 60 and 65).
//!
//! Most of what is put otherwise is a slip set right, or what the request says in another place. It knows words, not what they mean.

use super::beyond::numbers_in;
use super::whose_words::{stands_in, words};
use crate::case::agency_name::is_slip;
use crate::case::{Case, Field, Terms};

/// A person has so many names, titles included.
const MOST_NAMES: usize = 5;
/// A name or a number is not longer.
const LONGEST: usize = 60;
/// What stands in names in small letters.
const PARTICLES: &[&str] =
    &["von", "van", "der", "den", "de", "du", "da", "di", "la", "le", "of", "and", "zu"];

/// All that the request itself said, on whatever line. What we did or found is none of it.
pub(super) fn texts<'c>(case: &'c Case, terms: &Terms) -> Vec<&'c str> {
    let kind = terms.kind_of(case);
    let is_ours = |key: &str| {
        kind.is_some_and(|kind| {
            kind.field(key).is_some_and(|rule| rule.ours) || kind.answer_needs.iter().any(|need| need == key)
        })
    };
    let stands = case.fields.iter().filter(|field| !case.typed.contains(&field.key));
    let stands = stands.filter(|field| !is_ours(&field.key)).map(|field| field.value.as_str());
    let stood = case.came.iter().filter(|(key, _)| !is_ours(key)).flat_map(|(_, said)| said);
    stands.chain(stood.map(String::as_str)).chain(case.stray.iter().map(String::as_str)).collect()
}

/// Whether a line says nothing that the request did not: it said the same somewhere, or the line differs from what stood there by
/// slips in long words.
pub(super) fn is_said(case: &Case, field: &Field, terms: &Terms) -> bool {
    let said = words(&field.value);
    let is_there = |text: &&str| stands_in(&said, &words(text));
    let is_set_right = |was: &String| {
        let was = words(was);
        was.len() == said.len() && was.iter().zip(&said).all(|(was, is)| was == is || is_slip(was, is))
    };
    said.is_empty()
        || texts(case, terms).iter().any(is_there)
        || case.came.get(&field.key).is_some_and(|came| came.iter().any(is_set_right))
}

/// Whether it is no more than a name or the number of a file, by its form: `DI Jane Roe`, `OP-2026/1234`.
pub(super) fn is_bare(said: &str) -> bool {
    let is_of_one = |c: char| c.is_alphanumeric() || "-/._()#:".contains(c);
    let is_number = said.trim().chars().all(is_of_one) && said.contains(|c: char| c.is_ascii_digit());
    is_name(said) || is_number && said.chars().count() <= LONGEST && dialled_in(said).is_empty()
}

fn is_name(said: &str) -> bool {
    let is_one = |word: &str| {
        let letters = word.trim_matches(['.', ',']);
        letters.chars().all(|c| c.is_alphabetic() || ['.', '-', '\'', '’'].contains(&c))
            && (letters.starts_with(char::is_uppercase) || PARTICLES.contains(&letters))
    };
    let all: Vec<&str> = said.split_whitespace().collect();
    said.chars().count() <= LONGEST && all.len() <= MOST_NAMES && all.into_iter().all(is_one)
}

/// The numbers of a reference that can be dialled; the rest are those of files. A file has letters or few digits, and begins with a
/// zero only behind letters.
pub(super) fn dialled_in(reference: &str) -> Vec<String> {
    let (named, bare): (Vec<&str>, Vec<&str>) =
        reference.split_whitespace().partition(|word| word.contains(char::is_alphabetic));
    let named = named.into_iter().flat_map(numbers_in).filter(|number| number.len() >= DIALLED);
    let bare = numbers_in(&bare.join(" "));
    named
        .chain(bare.into_iter().filter(|number| number.starts_with('0') || number.len() >= DIALLED))
        .collect()
}

/// So many digits have numbers that are dialled with the code of a place and without a zero before it.
const DIALLED: usize = 10;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_and_a_number_are_known_by_their_form() {
        for said in
            ["DI Jane Roe", "J. O'Neil-Roe", "Ursula von der Leyen", "OP-20261235", "ZK/77.2026", "4711/26"]
        {
            assert!(is_bare(said), "{said}");
        }
        for said in [
            "Bob, they asked for you",
            "somebody",
            "07700900123",
            "+447700900123",
            "4155550123",
            "415-555-0123",
            "roe@met.example",
            "A B C D E F",
            "4711, they ask",
            "Jane R0e",
            "016329602",
            "0163 29602",
        ] {
            assert!(!is_bare(said), "{said}");
        }
        for (is, length) in [(true, LONGEST), (false, LONGEST + 1)] {
            assert_eq!(is_bare(&format!("R{}", "o".repeat(length - 1))), is, "a name of {length}");
            assert_eq!(is_bare(&format!("{}1", "-".repeat(length - 1))), is, "a number of {length}");
        }
        assert_eq!(dialled_in("0163 29602"), ["016329602"]);
    }
}
