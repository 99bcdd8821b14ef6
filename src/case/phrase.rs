//! The words of a text, without case or punctuation, and where a phrase stands among them. Does not know what any word
//! means.

use std::ops::Range;

use unicode_normalization::UnicodeNormalization;

use super::glyph;

/// The words of a text.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Words(Vec<String>);

impl Words {
    /// `S.60A, IPA 2016` is `s`, `60a`, `ipa`, `2016`.
    pub(super) fn of(text: &str) -> Words {
        // Most names of a policy are plain, and they are read anew for each case.
        if text.is_ascii() {
            let words = text.split(|c: char| !c.is_ascii_alphanumeric()).filter(|word| !word.is_empty());
            return Words(words.map(str::to_ascii_lowercase).collect());
        }
        let folded: String = text
            .nfkc()
            .filter(|c| !glyph::is_hidden(*c) || c.is_whitespace())
            .flat_map(char::to_lowercase)
            .collect();
        let words = folded.split(|c: char| !c.is_alphanumeric()).filter(|word| !word.is_empty());
        Words(words.map(str::to_owned).collect())
    }

    /// These words without those at their beginning that are in the list.
    pub(super) fn without_leading(mut self, list: &[&str]) -> Words {
        let kept = self.0.iter().position(|word| !list.contains(&word.as_str())).unwrap_or(self.0.len());
        self.0.drain(..kept);
        self
    }

    /// How many there are.
    pub(super) fn count(&self) -> usize {
        self.0.len()
    }

    /// The word at a place.
    pub(super) fn at(&self, place: usize) -> Option<&str> {
        self.0.get(place).map(String::as_str)
    }

    /// All of them with nothing between, which is the same however a person put dots and spaces: `s60a`.
    pub(super) fn joined(&self) -> String {
        self.0.concat()
    }

    /// All of them with one space between.
    pub(super) fn spaced(&self) -> String {
        self.0.join(" ")
    }

    /// Every place at which the phrase stands as whole words: `s60a` stands in `under s. 60A` and not in `s60ab`.
    pub(super) fn places_of(&self, phrase: &Words) -> Vec<Range<usize>> {
        let phrase = phrase.joined();
        if phrase.is_empty() {
            return Vec::new();
        }
        (0..self.0.len()).filter_map(|start| self.end_of(&phrase, start).map(|end| start..end)).collect()
    }

    fn end_of(&self, phrase: &str, start: usize) -> Option<usize> {
        let mut rest = phrase;
        for (place, word) in self.0.iter().enumerate().skip(start) {
            rest = rest.strip_prefix(word.as_str())?;
            if rest.is_empty() {
                return Some(place + 1);
            }
        }
        None
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_phrase_is_found_as_whole_words_however_it_is_punctuated() {
        let phrase = Words::of("s60a");
        for text in ["s60A", "s. 60A", "under S.60A of the Act", "(s 60-a)", "ｓ６０Ａ", "s\u{200B}60a"] {
            assert_eq!(Words::of(text).places_of(&phrase).len(), 1, "{text}");
        }
        for text in ["", "s60ab", "xs60a", "s60", "60a", "s 61a"] {
            assert!(Words::of(text).places_of(&phrase).is_empty(), "{text}");
        }
        assert_eq!(Words::of("a b a b").places_of(&Words::of("A-B")), [0..2, 2..4]);
        assert!(Words::of("anything").places_of(&Words::of(" – ")).is_empty());
    }
}
