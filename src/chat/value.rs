//! The value of one line, read by the form that the policy gives the line. Nothing is refused: what cannot be read says why. Knows
//! no request.

use regex::Regex;

use super::named;
use crate::case::choice;
use crate::case::done::day_in;
use crate::case::{
    DayFault, FieldForm, FieldRule, Mailbox, Reading, Secrecy, Subject, Terms, chosen, read_day,
    read_mailboxes,
};

/// What is read in a value.
pub(super) fn read(rule: &FieldRule, value: &str, terms: &Terms) -> Reading {
    let value = value.trim();
    if value.is_empty() {
        return Reading::Text;
    }
    match &rule.form {
        FieldForm::Text | FieldForm::Data | FieldForm::Instrument | FieldForm::Country => Reading::Text,
        FieldForm::OneOf(words) => one_of(value, words),
        FieldForm::Pattern { regex, says } => pattern(value, regex, says),
        FieldForm::Accounts => accounts(value, terms),
        FieldForm::Day => match read_day(value) {
            Ok(day) => Reading::Day { day },
            Err(why) => Reading::Unread { why: why.to_string() },
        },
        FieldForm::Email => addresses(value),
        FieldForm::Secrecy => secrecy(value),
        FieldForm::SomeOf(choices) => match chosen(value, choices) {
            Ok(_) => Reading::Text,
            Err(piece) => {
                let words: Vec<&str> = choices.iter().map(|choice| choice.word.as_str()).collect();
                let which =
                    if piece == value { String::new() } else { format!("“{piece}” is none of them; ") };
                Reading::Unread { why: format!("{which}it can be {}", words.join(", ")) }
            }
        },
        FieldForm::Done if day_in(value).is_some() => Reading::Text,
        FieldForm::Done => Reading::Unread {
            why: "write the day on which it was done, as in 2026-12-31; words can follow".to_owned(),
        },
    }
}

fn addresses(value: &str) -> Reading {
    let all = match read_mailboxes(value) {
        Ok(all) => all,
        Err(why) => return Reading::Unread { why: why.to_string() },
    };
    let odd = |mailbox: &Mailbox| -> Vec<String> {
        let odd = mailbox.email.oddities();
        odd.iter().map(ToString::to_string).collect()
    };
    let mut written = all.iter().map(|mailbox| mailbox.email.as_str().to_owned());
    let address = written.next().unwrap_or_default();
    Reading::Email { address, odd: all.iter().flat_map(odd).collect(), more: written.collect() }
}

/// One of the words that the policy knows.
fn one_of(value: &str, words: &[String]) -> Reading {
    match choice::one_of(value, words) {
        Some(_) => Reading::Text,
        None => Reading::Unread { why: format!("it can be {}", words.join(", ")) },
    }
}

/// What a policy's expression matches as a whole.
fn pattern(value: &str, regex: &str, says: &str) -> Reading {
    // The policy's reader has compiled it once; one that does not compile must not let everything pass.
    let matches = Regex::new(&format!("^(?:{regex})$")).is_ok_and(|regex| regex.is_match(value.trim()));
    if matches { Reading::Text } else { Reading::Unread { why: says.to_owned() } }
}

fn accounts(value: &str, terms: &Terms) -> Reading {
    let (mut named, mut unread) = (Vec::new(), Vec::new());
    for found in named::read_accounts(value) {
        match found {
            Ok(account) => named.push(Subject {
                ours: account.is_of(&terms.servers),
                odd: account.oddities().iter().map(ToString::to_string).collect(),
                account,
            }),
            Err((piece, why)) => unread.push((piece, why.to_string())),
        }
    }
    Reading::Accounts { named, unread }
}

fn secrecy(value: &str) -> Reading {
    let folded = value.to_lowercase();
    let folded = folded.trim_end_matches('.');
    match folded {
        "no" | "not confidential" | "none" | "false" | "n" | "not secret" => {
            return Reading::Secrecy(Secrecy::No);
        }
        "not applicable" | "n/a" | "na" | "nein" | "keine" | "nicht vertraulich" | "non"
        | "non confidentiel" => {
            return Reading::Secrecy(Secrecy::No);
        }
        "yes"
        | "y"
        | "true"
        | "confidential"
        | "secret"
        | "open"
        | "until further notice"
        | "indefinitely" => {
            return Reading::Secrecy(Secrecy::Open);
        }
        _ => {}
    }
    let day = ["until", "to", "till"].iter().find_map(|word| folded.strip_prefix(word)).unwrap_or(folded);
    match read_day(day.trim()) {
        Ok(day) => Reading::Secrecy(Secrecy::Until { day }),
        Err(DayFault::NotADate) => {
            Reading::Unread { why: "write yes, no, or until and a date, as in until 2026-12-31".to_owned() }
        }
        Err(why) => Reading::Unread { why: why.to_string() },
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_line_that_says_no_and_nothing_else_asks_for_no_secrecy() {
        for value in ["no", "Nein.", "non", "Not applicable", "n/a", "N/A.", "keine"] {
            assert_eq!(secrecy(value), Reading::Secrecy(Secrecy::No), "{value}");
        }
        for value in
            ["no, but see the order", "keine Weitergabe", "non-disclosure order", "n/a until 2026-12-31", "?"]
        {
            assert_ne!(secrecy(value), Reading::Secrecy(Secrecy::No), "{value}");
        }
    }

    #[test]
    fn what_people_write_on_the_lines_of_the_packs_is_read() {
        let terms = crate::rehearsal::terms().unwrap();
        let policy = terms.policy().unwrap();
        let removed = policy.kind("removal").and_then(|kind| kind.field("removed")).unwrap();
        for value in
            ["2026-11-21 10:00", "21 Nov 2026 10:00", "21 November 2026, 10:00 GMT", "1 Nov 2026 at 9:05"]
        {
            assert_eq!(read(removed, value, &terms), Reading::Text, "{value}");
        }
        for value in ["21 Nov 2026", "10:00", "99 Nov 2026 10:00", "soon"] {
            assert!(matches!(read(removed, value, &terms), Reading::Unread { .. }), "{value}");
        }
        let copyright = policy.kind("copyright").unwrap();
        assert_eq!(copyright.field("good faith belief").map(|rule| rule.label.as_str()), Some("Good faith"));
    }
}
