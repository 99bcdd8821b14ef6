//! The letters and sentences of the shipped packs.

use regex::Regex;

use super::{every_pack, policy};
use crate::case::{Kind, Letter, Policy, Span};

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

/// The lengths of time that a text names: `within 48 hours`, `10 to 14 business days`, `six months`.
fn lengths(text: &str) -> Vec<Span> {
    let numbers = r"(?P<first>\d+|(?:within )?a|six)(?: (?:to|and not later than) (?P<last>\d+))?";
    let named = Regex::new(&format!(r"\b{numbers} (?P<unit>business day|day|hour|month)s?\b")).unwrap();
    let mut found = Vec::new();
    for one in named.captures_iter(text) {
        let ends = [one.name("first"), one.name("last")].into_iter().flatten();
        for number in ends.filter(|number| number.as_str() != "a") {
            let number = match number.as_str() {
                "within a" => 1,
                "six" => 6,
                digits => digits.parse().unwrap(),
            };
            found.push(match &one["unit"] {
                "business day" => Span::BusinessDays(number),
                "day" => Span::Days(number),
                "hour" => Span::Hours(number),
                _ => Span::Months(number),
            });
        }
    }
    found
}

/// What a policy counts for a kind, or for the notices that it counters and that counter it.
fn counted(kind: &Kind, policy: &Policy) -> Vec<Span> {
    let countering = policy.kinds.iter().filter(|other| other.counters.contains(&kind.name));
    let mut kinds: Vec<&String> = countering.map(|other| &other.name).collect();
    kinds.extend(kind.counters.iter().chain([&kind.name]));
    let clocks = policy.clocks.iter();
    let clocks =
        clocks.filter(|clock| clock.kinds.is_empty() || clock.kinds.iter().any(|of| kinds.contains(&of)));
    let spans = clocks.flat_map(|clock| [Some(clock.term), clock.not_before]).flatten().map(|term| term.span);
    spans.chain([policy.notice.serve_within]).collect()
}

#[test]
fn what_a_letter_promises_is_counted() {
    // Rules 16, 41 and 44: nobody is told of days that no clock of the same policy counts.
    for (pack, policy) in every_pack() {
        let mut promised: Vec<Span> = Vec::new();
        for letter in &policy.letters {
            let stock = policy.texts.iter();
            let text = stock
                .fold(letter.text.clone(), |text, (name, said)| text.replace(&format!("{{{name}}}"), said));
            for kind in kinds_of(letter, &policy) {
                let of_letter = lengths(&text);
                let counted = counted(kind, &policy);
                let uncounted: Vec<&Span> = of_letter.iter().filter(|span| !counted.contains(span)).collect();
                assert!(
                    uncounted.is_empty(),
                    "{pack}: {} for {} promises {uncounted:?}",
                    letter.name,
                    kind.name
                );
                promised.extend(of_letter);
            }
        }
        for span in [Span::BusinessDays(10), Span::BusinessDays(14), Span::Hours(48), Span::Days(7)] {
            assert!(promised.contains(&span), "{pack}: {span:?}");
        }
    }
}
