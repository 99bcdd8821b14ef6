//! The letters and sentences of the shipped packs.

use super::{every_pack, policy};
use crate::case::choice::choices;
use crate::case::letter::{is_notice, of_choice};
use crate::case::{Counted, Kind, Letter, Policy, Span};
use crate::policy::{Layer, stack, written};

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
fn whoever_is_told_of_a_request_learns_whom_to_ask_and_where_to_complain_in_every_language() {
    for (pack, policy) in every_pack() {
        let own = policy.letters.iter();
        let translated = policy.languages.values().flat_map(|said| &said.letters);
        let notices: Vec<&Letter> = own.chain(translated).filter(|letter| is_notice(&letter.name)).collect();
        // Nine letters, in three languages.
        assert!(notices.len() >= 27, "{pack}: {}", notices.len());
        for letter in notices {
            for text in letter.texts() {
                let end: Vec<&str> = text.trim_end().rsplitn(3, "\n\n").take(2).collect();
                let end = end.join(" ");
                let says = end.starts_with("{operator}")
                    && end.contains("{contact}")
                    && end.ends_with("{complaint}");
                assert!(says, "{pack}: {} {:?}: {text}", letter.name, letter.kinds);
            }
        }
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

/// A text with what is counted, and with every sentence that can stand in it.
fn said(text: &str, kind: &Kind, policy: &Policy) -> String {
    let mut whole = text.to_owned();
    for name in placeholders(text) {
        let counted = Counted::read(&name).and_then(|what| policy.counted(&what));
        let each = name.strip_prefix("each ").and_then(|key| kind.field(key));
        let said = match (counted, each) {
            (Some(span), _) => span.to_string(),
            (None, Some(rule)) => {
                let words = choices(&rule.form).unwrap();
                let of_word = |word| said(&policy.said(&of_choice(&rule.key, word)), kind, policy);
                words.into_iter().map(of_word).collect::<Vec<String>>().join(" ")
            }
            (None, None) => policy.said(&name),
        };
        whole = whole.replace(&format!("{{{name}}}"), &said);
    }
    whole
}

/// The lengths of time that a letter promises, as a user reads it.
fn lengths(letter: &Letter, kind: &Kind, policy: &Policy) -> Vec<Span> {
    let text: Vec<String> = letter.texts().map(|text| said(text, kind, policy)).collect();
    written::lengths(&text.join("\n"))
        .into_iter()
        .map(|(written, span)| span.unwrap_or_else(|| panic!("{written}")))
        .collect()
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
            for kind in kinds_of(letter, &policy) {
                let of_letter = lengths(letter, kind, &policy);
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

#[test]
fn whoever_used_a_right_reads_what_came_of_that_one() {
    // Rules 42 to 52: an erasure of state events deletes no account, and who had something put right gets no copy.
    for (pack, policy) in every_pack() {
        let kind = policy.kind("subject").unwrap();
        let letter = policy.letter("answer", "subject").unwrap();
        let words = |line: &str| choices(&kind.field(line).unwrap().form).unwrap();
        assert_eq!((words("right").len(), words("erase").len()), (8, 3), "{pack}");
        for text in letter.texts() {
            assert!(text.contains("{each right}") && !text.contains("copy"), "{pack}");
        }
        assert_eq!(policy.text("right-erasure"), "{each erase}", "{pack}");
        let of_account: Vec<&str> = words("erase")
            .into_iter()
            .filter(|word| policy.text(&of_choice("erase", word)).contains("other servers"))
            .collect();
        assert_eq!(of_account, ["account"], "{pack}");
        let copies: Vec<&str> = words("right")
            .into_iter()
            .filter(|word| policy.text(&of_choice("right", word)).contains("only you can read"))
            .collect();
        assert_eq!(copies, ["access", "portability"], "{pack}");
    }
}

/// Lengths of time that stand in words of a pack as they are, each with why no clock and no notice owns it.
const WRITTEN: [(&str, &str); 0] = [];

#[test]
fn no_words_of_a_pack_hold_a_number_that_something_counts() {
    for (pack, policy) in every_pack() {
        let letters = policy.letters.iter().flat_map(|letter| {
            [Some(&letter.text), letter.in_part.as_ref()]
                .into_iter()
                .flatten()
                .map(|text| (&letter.name, text))
        });
        let reasons = policy.reasons.iter();
        let reasons =
            reasons.flat_map(|it| [Some(&it.text), it.ground.as_ref()].map(|text| (&it.code, text)));
        let reasons = reasons.filter_map(|(code, text)| Some((code, text?)));
        let fields = policy.kinds.iter().flat_map(|kind| &kind.fields).map(|rule| (&rule.key, &rule.help));
        let exceptions = policy.notice.exceptions.iter().map(|it| (&it.code, &it.text));
        let words = letters.chain(reasons).chain(fields).chain(exceptions).chain(&policy.texts);
        for (name, text) in words {
            for (length, _) in written::lengths(text) {
                assert!(
                    WRITTEN.iter().any(|(written, _)| *written == length),
                    "{pack}: {name} writes {length}"
                );
            }
        }
    }
}

#[test]
fn a_letter_says_the_number_that_is_counted() {
    // Rules 16, 41 and 44: whoever changes a clock has changed what is promised.
    let text = "name: ours\nafter: [matrix-org, eu]\nnotice: { serve_within: 3 days }\nclocks:\n  restore: { not_before: 5 \
                business days, term: 7 business days }\n  take-down: { term: 24 hours }\n  erasure: { term: 20 days }\n  \
                answer: { term: 14 days }\n  complaints-open: { term: 8 months }\n";
    let policy = stack(&[Layer::File { name: "ours.yaml", text }]).unwrap_or_else(|it| panic!("{it}")).policy;
    for (letter, kind, said) in [
        ("secrecy", "information", vec![Span::Days(3)]),
        ("forward", "counter-notice", vec![Span::BusinessDays(5), Span::BusinessDays(7)]),
        ("ack", "counter-notice", vec![Span::BusinessDays(5), Span::BusinessDays(7)]),
        ("answer", "counter-notice", vec![Span::BusinessDays(5), Span::BusinessDays(7)]),
        ("answer", "copyright", vec![Span::BusinessDays(5), Span::BusinessDays(7)]),
        ("ack", "intimate", vec![Span::Hours(24)]),
        ("ack", "subject", vec![Span::Days(14)]),
        ("answer", "subject", vec![Span::Days(20)]),
        ("extended", "subject", vec![]),
        ("reasons", "terms", vec![Span::Months(8)]),
    ] {
        let found = policy.letter(letter, kind).unwrap();
        // In full and in part it promises the same.
        let mut promised: Vec<Span> = Vec::new();
        for span in lengths(found, policy.kind(kind).unwrap(), &policy) {
            if !promised.contains(&span) {
                promised.push(span);
            }
        }
        assert_eq!(promised, said, "{letter} for {kind}");
    }
}
