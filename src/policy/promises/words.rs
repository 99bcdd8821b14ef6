//! The letters and sentences of the shipped packs.

use super::{every_pack, policy};
use crate::case::{Kind, Letter, Policy};

/// What stands in braces.
fn placeholders(text: &str) -> Vec<String> {
    text.split('{').skip(1).filter_map(|rest| rest.split_once('}')).map(|(name, _)| name.to_owned()).collect()
}

fn kinds_of<'p>(letter: &Letter, policy: &'p Policy) -> Vec<&'p Kind> {
    policy.kinds.iter().filter(|kind| policy.letter(&letter.name, &kind.name) == Some(letter)).collect()
}

#[test]
fn a_letter_asks_only_for_what_a_complete_request_has() {
    // An open placeholder blocks a letter, so none may hang on a line that can be left out.
    for (pack, policy) in every_pack() {
        for letter in &policy.letters {
            for kind in kinds_of(letter, &policy) {
                for placeholder in placeholders(&letter.text) {
                    let line = match placeholder.as_str() {
                        line @ ("reference" | "agency" | "officer" | "accounts") => line,
                        other => match other.strip_prefix("line ") {
                            Some(line) => line,
                            None => continue,
                        },
                    };
                    let is_there = kind.field(line).is_some_and(|rule| rule.required)
                        || kind.answer_needs.iter().any(|key| key == line);
                    assert!(is_there, "{pack}: {} for {} asks for {line}", letter.name, kind.name);
                }
            }
        }
    }
}

#[test]
fn every_kind_has_its_letters() {
    for (pack, policy) in every_pack() {
        for kind in &policy.kinds {
            for letter in ["ack", "ask", "refuse", "redirect", "answer", "none", "neither"] {
                assert!(policy.letter(letter, &kind.name).is_some(), "{pack}: {letter} for {}", kind.name);
            }
            if kind.notify {
                assert!(policy.letter("notice", &kind.name).is_some(), "{pack}: notice for {}", kind.name);
            }
        }
    }
}

#[test]
fn every_receipt_waives_no_objection() {
    // Rule 9.
    for (pack, policy) in every_pack() {
        for letter in policy.letters.iter().filter(|letter| letter.name == "ack") {
            assert!(letter.text.contains("{objections}"), "{pack}: {:?}", letter.kinds);
        }
        assert!(policy.text("objections").contains("waives no objection"), "{pack}");
    }
}

#[test]
fn whoever_is_refused_their_own_data_learns_where_to_complain() {
    // Rule 52.
    for (pack, policy) in every_pack() {
        let letter = policy.letter("refuse", "subject").unwrap();
        assert!(letter.text.contains("{complaint}"), "{pack}");
        assert!(policy.text("complaint").contains("complain"), "{pack}");
    }
    for pack in ["uk", "matrix-org"] {
        assert!(policy(&[pack]).text("complaint").contains("https://ico.org.uk"), "{pack}");
    }
}

#[test]
fn no_letter_to_a_person_betrays_a_hold() {
    // Rule 65. What the law makes us keep is said to everybody in the same words.
    for (pack, policy) in every_pack() {
        let answer = policy.letter("answer", "subject").unwrap();
        assert!(answer.text.contains("{kept}"), "{pack}");
        for name in ["ack", "ask", "answer", "refuse", "neither", "forward"] {
            let text = policy.letter(name, "subject").unwrap().text.to_lowercase();
            for word in ["on hold", "{hold", "preserv", "gag", "warrant", "police", "has been erased"] {
                assert!(!text.contains(word), "{pack}: {name} says {word}");
            }
        }
        assert!(
            policy.reasons.iter().all(|reason| !reason.text.to_lowercase().contains("preserv")),
            "{pack}"
        );
    }
}
