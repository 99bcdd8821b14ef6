//! What a line of our own says that was done: the day, and words if there is more to say. `no` and `not yet` say that it was
//! not, and end no clock.

use chrono::NaiveDate;

use super::day::read_day;
use super::phrase::Words;

/// A date is written in four words at most: `Thu 10 December 2026`.
const LONGEST: usize = 4;
/// A longer text than anybody writes on such a line is not searched.
const MOST_WORDS: usize = 200;
/// On a line that says what was found, these say that nothing was.
const NOTHING: &[&str] = &[
    "no", "none", "not yet", "na", "n a", "pending", "todo", "to do", "tbd", "tbc", "open", "later",
    "not done", "nothing", "unknown", "yes", "done", "ok",
];

/// Words that deny.
const DENIALS: &[&str] = &[
    "no", "not", "none", "never", "nothing", "without", "didnt", "dont", "wont", "hasnt", "isnt", "wasnt",
    "didn", "hasn", "kein", "keine", "keinen", "keiner", "nicht", "nein", "nie", "ohne", "non", "pas",
    "aucun", "aucune", "jamais", "sans",
];

/// The day that the text names first, if it names one: `2026-12-10, no action was filed`.
pub fn day_in(text: &str) -> Option<NaiveDate> {
    if let Ok(day) = read_day(text) {
        return Some(day);
    }
    let words: Vec<&str> = text.split_whitespace().take(MOST_WORDS).collect();
    let bare = |word: &str| word.trim_matches(|c: char| !c.is_alphanumeric()).to_owned();
    (0..words.len()).find_map(|start| {
        (1..=LONGEST).rev().find_map(|length| {
            let some = words.get(start..start + length)?;
            let written: Vec<String> = some.iter().map(|word| bare(word)).collect();
            read_day(&written.join(" ")).ok()
        })
    })
}

/// The day that the text begins with, and what comes after it.
pub fn day_first(text: &str) -> Option<(NaiveDate, &str)> {
    let text = text.trim();
    let ends = text.char_indices().filter(|(_, c)| c.is_whitespace()).map(|(at, _)| at).chain([text.len()]);
    let ends: Vec<usize> = ends.take(LONGEST).collect();
    ends.into_iter().rev().find_map(|end| {
        let (first, rest) = text.split_at_checked(end)?;
        Some((read_day(first.trim_end_matches([',', ';', '.', ' '])).ok()?, rest))
    })
}

/// Whether the text denies something: what is done for good is not put on record by a sentence that may say that it was not.
pub fn denies(text: &str) -> bool {
    let plain: String = text.to_lowercase().chars().filter(|c| !matches!(c, '\'' | '’')).collect();
    plain.split(|c: char| !c.is_alphanumeric()).any(|word| DENIALS.contains(&word))
}

/// Whether the text says nothing of what was found, or that nothing was.
pub fn says_nothing(text: &str) -> bool {
    let said = Words::of(text).spaced();
    said.is_empty() || NOTHING.contains(&said.as_str())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_day_is_found_wherever_it_stands() {
        let tenth = NaiveDate::from_ymd_opt(2026, 12, 10);
        for text in [
            "2026-12-10",
            "10 December 2026",
            "2026-12-10, no action was filed",
            "action filed 10 Dec 2026 (26-cv-123)",
            "done on Thu 10 December 2026.",
        ] {
            assert_eq!(day_in(text), tenth, "{text}");
        }
        for text in ["", "no", "yes", "in December", "26-cv-123", "soon"] {
            assert_eq!(day_in(text), None, "{text}");
        }
    }

    #[test]
    fn what_stands_behind_a_day_is_kept() {
        let twentieth = NaiveDate::from_ymd_opt(2026, 11, 20).unwrap();
        for (text, rest) in [
            ("2026-11-20", ""),
            ("2026-11-20 10:30", " 10:30"),
            ("20 November 2026, at 10:30 UTC", " at 10:30 UTC"),
            ("Fri 20 November 2026", ""),
        ] {
            assert_eq!(day_first(text), Some((twentieth, rest)), "{text}");
        }
        for text in ["", "removed 2026-11-20", "@ben looked at it"] {
            assert_eq!(day_first(text), None, "{text}");
        }
    }

    #[test]
    fn a_denial_is_heard_wherever_it_stands() {
        for text in [
            "2026-11-20 they do NOT sue",
            "no, they did not file",
            "20 Nov 2026, keine Klage",
            "2026-11-20, they didn’t file",
        ] {
            assert!(denies(text), "{text}");
        }
        for text in [
            "2026-11-20",
            "2026-11-20, 26-cv-123",
            "Klage erhoben am 2026-11-20",
            "action filed 20 Nov 2026 in Nottingham",
        ] {
            assert!(!denies(text), "{text}");
        }
    }

    #[test]
    fn nothing_is_not_something() {
        for text in ["", "no", "No.", "not yet", "n/a", "-", "done", "Pending"] {
            assert!(says_nothing(text), "{text}");
        }
        for text in ["no harm came of it", "@ben looked at it, right to believe it"] {
            assert!(!says_nothing(text), "{text}");
        }
    }
}
