//! The near miss: which known word may have been meant. Does not guess: whoever asks offers the answer as a question.

use std::cmp::Ordering;

use strsim::{damerau_levenshtein, jaro_winkler};

/// The candidate that `word` is most probably a slip or a beginning of; `None` if it is like no one of them.
pub fn nearest<'a>(word: &str, candidates: impl IntoIterator<Item = &'a str>) -> Option<&'a str> {
    // The distance is quadratic, and no known word is this long.
    let word = word.trim().to_lowercase();
    let length = word.chars().take(65).count();
    if length == 0 || length > 64 {
        return None;
    }
    let mut beginnings = Vec::new();
    let mut best: Option<(usize, f64, &'a str)> = None;
    for candidate in candidates {
        let lower = candidate.to_lowercase();
        if lower == word {
            return Some(candidate);
        }
        if length >= 3 && lower.starts_with(&word) && !beginnings.contains(&candidate) {
            beginnings.push(candidate);
        }
        let distance = damerau_levenshtein(&word, &lower);
        if distance > tolerance(length.min(lower.chars().count())) {
            continue;
        }
        let likeness = jaro_winkler(&word, &lower);
        let is_better = best.is_none_or(|(least, most, _)| {
            distance.cmp(&least).then(most.partial_cmp(&likeness).unwrap_or(Ordering::Equal))
                == Ordering::Less
        });
        if is_better {
            best = Some((distance, likeness, candidate));
        }
    }
    match beginnings.as_slice() {
        [only] => Some(only),
        _ => best.map(|(_, _, candidate)| candidate),
    }
}

/// How many slips of the finger a word of this length may have.
fn tolerance(length: usize) -> usize {
    match length {
        0..=2 => 0,
        3..=5 => 1,
        6..=8 => 2,
        _ => 3,
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    const WORDS: [&str; 12] = [
        "Accounts",
        "preservation",
        "close",
        "set",
        "show",
        "snooze",
        "snapshot",
        "hold",
        "handover",
        "Agency",
        "information",
        "list",
    ];

    #[test]
    fn slips_are_recognised() {
        for (word, meant) in [
            ("Acounts", "Accounts"),
            ("acconuts", "Accounts"),
            ("preservaton", "preservation"),
            ("colse", "close"),
            ("lst", "list"),
            ("hodl", "hold"),
            ("Agncy", "Agency"),
            ("infromation", "information"),
            ("CLOSE", "close"),
        ] {
            assert_eq!(nearest(word, WORDS), Some(meant), "{word}");
        }
    }

    #[test]
    fn a_beginning_counts_when_it_is_the_only_one() {
        assert_eq!(nearest("pres", WORDS), Some("preservation"));
        assert_eq!(nearest("snap", WORDS), Some("snapshot"));
        assert_eq!(nearest("sn", WORDS), None);
        assert_eq!(nearest("han", ["handover", "handle"]), None);
    }

    #[test]
    fn the_unlike_is_not_guessed() {
        for word in ["", "  ", "xyz", "st", "fraud", "42", "@alice:example.org"] {
            assert_eq!(nearest(word, WORDS), None, "{word}");
        }
        assert_eq!(nearest(&"a".repeat(100_000), WORDS), None);
        assert_eq!(nearest("close", []), None);
    }

    proptest! {
        #[test]
        fn no_text_breaks_it(word in any::<String>()) {
            let _ = nearest(&word, WORDS);
        }
    }
}
