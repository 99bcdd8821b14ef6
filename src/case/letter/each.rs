//! What a letter says of each choice that a line makes: `{each right}` is the stock sentence `right-access` for whoever asks for a
//! copy. Such a sentence can do the same of another line, once. Does not know what any line is about.

use super::Filler;
use super::values::{Values, is_understood};
use crate::case::choice::{choices, chosen_from};

const OPENS: &str = "{each ";

/// The name of the sentence about a choice.
pub fn of_choice(key: &str, word: &str) -> String {
    format!("{key}-{word}").to_lowercase().replace(' ', "-")
}

/// The lines of whose choices a sentence speaks.
pub fn within(text: &str) -> impl Iterator<Item = &str> {
    text.split(OPENS).skip(1).filter_map(|rest| rest.split_once('}')).map(|(key, _)| key.trim())
}

impl Values<'_> {
    /// A paragraph for each choice. A line that says nothing means the first of its list.
    pub(super) fn each(&self, key: &str) -> Result<String, Filler> {
        self.of_each(key, |name| self.sentence(name))
    }

    /// A stock sentence, with what it says of each choice of a line.
    pub(super) fn sentence(&self, name: &str) -> Result<String, Filler> {
        let text = self.stock(name)?;
        let mut parts = text.split(OPENS);
        let mut whole = parts.next().unwrap_or_default().to_owned();
        for part in parts {
            let (key, after) = part.split_once('}').ok_or(Filler::Broken)?;
            // What is said there goes no deeper, so it ends.
            whole.push_str(&self.of_each(key.trim(), |name| self.stock(name))?);
            whole.push_str(after);
        }
        Ok(whole)
    }

    fn stock(&self, name: &str) -> Result<String, Filler> {
        Some(self.said(name)).filter(|text| !text.is_empty()).ok_or_else(|| Filler::Stock(name.to_owned()))
    }

    fn of_each(&self, key: &str, said: impl Fn(&str) -> Result<String, Filler>) -> Result<String, Filler> {
        let rule = self.kind.field(key).ok_or(Filler::NoLine)?;
        let all = choices(&rule.form).ok_or(Filler::NoLine)?;
        let lines: Vec<_> =
            self.case.fields_of(&rule.key).filter(|field| !field.value.trim().is_empty()).collect();
        let mut named: Vec<&str> = Vec::new();
        for field in &lines {
            let read = chosen_from(&field.value, &rule.form);
            let read = read.filter(|_| is_understood(field)).ok_or_else(|| Filler::Line(rule.key.clone()))?;
            named.extend(read);
        }
        let first = all.first().filter(|_| lines.is_empty());
        let is_meant = |word: &&&str| named.contains(*word) || first == Some(*word);
        let texts: Result<Vec<String>, Filler> =
            all.iter().filter(is_meant).map(|word| said(&of_choice(&rule.key, word))).collect();
        Ok(texts?.join("\n\n"))
    }
}
