//! A line that holds one or several words of a policy's list, each under any of its names: `access, portability`. Does not know
//! what follows from any of them.

use super::phrase::Words;
use super::{Choice, FieldForm, FieldRule};

/// Before the name of a right, these say nothing about which it is.
const LEADING: &[&str] = &["the", "my", "a", "i", "to", "of", "and", "right", "rights", "request", "for"];

/// The words of the list that a value names, each once and in the list's order; else the piece that names none.
///
/// A name may have the separators in it (`art. 15`, `copy and transfer`), so the whole is tried before its pieces.
pub fn chosen<'c>(value: &str, choices: &'c [Choice]) -> Result<Vec<&'c str>, String> {
    let mut found: Vec<&'c str> = Vec::new();
    for piece in value.split([',', ';', '/', '+', '&', '\n']).map(str::trim).filter(|it| !it.is_empty()) {
        match named(piece, choices) {
            Some(word) => found.push(word),
            None => {
                let parts: Vec<&str> = piece.split(" and ").flat_map(|it| it.split(" und ")).collect();
                for part in parts {
                    found.push(named(part, choices).ok_or_else(|| piece.to_owned())?);
                }
            }
        }
    }
    if found.is_empty() {
        return Err(value.trim().to_owned());
    }
    let in_order = choices.iter().map(|choice| choice.word.as_str());
    Ok(in_order.filter(|word| found.contains(word)).collect())
}

/// What a line of this form can choose from, if it is a list.
pub fn choices(form: &FieldForm) -> Option<Vec<&str>> {
    match form {
        FieldForm::OneOf(words) => Some(words.iter().map(String::as_str).collect()),
        FieldForm::SomeOf(choices) => Some(choices.iter().map(|choice| choice.word.as_str()).collect()),
        FieldForm::Text
        | FieldForm::Accounts
        | FieldForm::Day
        | FieldForm::Email
        | FieldForm::Secrecy
        | FieldForm::Data
        | FieldForm::Instrument
        | FieldForm::Country
        | FieldForm::Pattern { .. }
        | FieldForm::Done => None,
    }
}

/// The word of a list that a value is, however it is written: `law-enforcement` is `law enforcement`.
pub fn one_of<'c>(value: &str, words: &'c [String]) -> Option<&'c str> {
    let plain = |text: &str| text.trim().to_lowercase().replace(['-', '_'], " ");
    words.iter().map(String::as_str).find(|word| plain(word) == plain(value))
}

/// What a value chooses from the list of a form, if it has one and can be read.
pub fn chosen_from<'c>(value: &str, form: &'c FieldForm) -> Option<Vec<&'c str>> {
    if let FieldForm::OneOf(words) = form {
        return one_of(value, words).map(|word| vec![word]);
    }
    several_of(value, form)
}

/// The same of a list of which a line may name several.
pub fn several_of<'c>(value: &str, form: &'c FieldForm) -> Option<Vec<&'c str>> {
    let FieldForm::SomeOf(choices) = form else { return None };
    chosen(value, choices).ok()
}

/// What the line of a rule names, where it is of this form; every word that it could be where it cannot be read.
pub fn possible<'c>(value: &str, rule: &'c FieldRule) -> Option<Vec<&'c str>> {
    let FieldForm::SomeOf(choices) = &rule.form else {
        return None;
    };
    let all = || choices.iter().map(|choice| choice.word.as_str()).collect();
    Some(chosen(value, choices).unwrap_or_else(|_| all()))
}

fn named<'c>(piece: &str, choices: &'c [Choice]) -> Option<&'c str> {
    let typed = Words::of(piece);
    let bare = typed.clone().without_leading(LEADING);
    let is_called = |choice: &&Choice| {
        let mut names = choice.aliases.iter().chain([&choice.word]);
        names.any(|name| typed.are(name) || bare.are(name))
    };
    choices.iter().find(is_called).map(|choice| choice.word.as_str())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn choices() -> Vec<Choice> {
        let choice = |word: &str, aliases: &[&str]| Choice {
            word: word.to_owned(),
            aliases: aliases.iter().map(|&alias| alias.to_owned()).collect(),
        };
        vec![
            choice("access", &["copy of my data", "art 15", "article 15"]),
            choice("erasure", &["deletion", "delete my account", "art 17"]),
            choice("objection", &["object"]),
        ]
    }

    #[test]
    fn several_are_read_under_any_name() {
        for (typed, words) in [
            ("access", vec!["access"]),
            ("Erasure, ACCESS", vec!["access", "erasure"]),
            ("access and deletion", vec!["access", "erasure"]),
            ("Art. 15; Art. 17", vec!["access", "erasure"]),
            ("the right to object", vec!["objection"]),
            ("delete my account", vec!["erasure"]),
            ("a copy of my data", vec!["access"]),
            ("access, access", vec!["access"]),
        ] {
            assert_eq!(chosen(typed, &choices()), Ok(words), "{typed}");
        }
        for typed in ["", ",", "a pony", "access, a pony", "access and a pony", "right"] {
            assert!(chosen(typed, &choices()).is_err(), "{typed}");
        }
    }
}
