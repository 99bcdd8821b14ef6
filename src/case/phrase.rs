//! The words of a text, without case or punctuation, and where a phrase stands among them. Does not know what any word
//! means.

use std::ops::Range;

use super::folded::folded;

/// The words of a text.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Words {
    /// All of them, one behind the other with nothing between.
    letters: String,
    /// Where each ends.
    ends: Vec<usize>,
    /// Which plain letters and digits words begin with, a bit for each: most phrases can be passed over by their first letter.
    begins: u128,
}

impl Words {
    /// `S.60A, IPA 2016` is `s`, `60a`, `ipa`, `2016`.
    pub(super) fn of(text: &str) -> Words {
        if text.is_ascii() {
            let mut words = Words::from(text.split(|c: char| !c.is_ascii_alphanumeric()), text.len());
            words.letters.make_ascii_lowercase();
            return words;
        }
        let folded = folded(text);
        Words::from(folded.split(|c: char| !c.is_alphanumeric()), folded.len())
    }

    fn from<'w>(words: impl Iterator<Item = &'w str>, room: usize) -> Words {
        let (mut letters, mut ends, mut begins) = (String::with_capacity(room), Vec::new(), 0);
        for word in words.filter(|word| !word.is_empty()) {
            let first = word.bytes().next().filter(u8::is_ascii).map(|first| first.to_ascii_lowercase());
            begins |= first.map_or(0, |first| 1 << first);
            letters.push_str(word);
            ends.push(letters.len());
        }
        Words { letters, ends, begins }
    }

    /// The words and their places from one on, in their order.
    fn since(&self, start: usize) -> impl Iterator<Item = (usize, &str)> {
        (start..self.count()).filter_map(|place| Some((place, self.at(place)?)))
    }

    /// The words, in their order.
    fn each(&self) -> impl Iterator<Item = &str> {
        self.since(0).map(|(_, word)| word)
    }

    /// These words without those at their beginning that are in the list.
    pub(super) fn without_leading(self, list: &[&str]) -> Words {
        Words::from(self.each().skip_while(|word| list.contains(word)), self.letters.len())
    }

    /// How many there are.
    pub(super) fn count(&self) -> usize {
        self.ends.len()
    }

    /// The word at a place.
    pub(super) fn at(&self, place: usize) -> Option<&str> {
        let start = place.checked_sub(1).and_then(|last| self.ends.get(last).copied()).unwrap_or(0);
        self.letters.get(start..*self.ends.get(place)?)
    }

    /// All of them with nothing between, which is the same however a person put dots and spaces: `s60a`.
    pub(super) fn joined(self) -> String {
        self.letters
    }

    /// All of them with one space between.
    pub(super) fn spaced(&self) -> String {
        self.each().collect::<Vec<_>>().join(" ")
    }

    /// Whether these words are the phrase, and nothing more.
    pub(super) fn are(&self, phrase: &str) -> bool {
        self.end_of(&mut Letters::of(phrase), 0) == Some(self.count())
    }

    /// Every place at which the phrase stands as whole words: `s60a` stands in `under s. 60A` and not in `s60ab`.
    pub(super) fn places_of(&self, phrase: &str) -> Vec<Range<usize>> {
        if !self.may_have(phrase) {
            return Vec::new();
        }
        let letters = Letters::of(phrase);
        let Some(first) = letters.clone().next() else { return Vec::new() };
        let words = self.since(0).filter(|(_, word)| word.starts_with(first));
        words.filter_map(|(at, _)| self.end_of(&mut letters.clone(), at).map(|end| at..end)).collect()
    }

    /// Whether a word may begin as the phrase does.
    fn may_have(&self, phrase: &str) -> bool {
        match phrase.as_bytes() {
            // What follows is no mark that makes another letter of it.
            [first, next, ..] if first.is_ascii_alphanumeric() && next.is_ascii() => {
                self.begins >> first.to_ascii_lowercase() & 1 == 1
            }
            _ => true,
        }
    }

    fn end_of(&self, letters: &mut Letters<'_>, start: usize) -> Option<usize> {
        for (place, word) in self.since(start) {
            if !word.chars().all(|letter| letters.next() == Some(letter)) {
                return None;
            }
            if letters.clone().next().is_none() {
                return Some(place + 1);
            }
        }
        None
    }
}

/// The letters and digits of a phrase, one after the other. A policy has hundreds of phrases, and each is looked for on each
/// line of a case several times a command: so a plain one is read where it stands.
#[derive(Clone)]
enum Letters<'p> {
    Plain(std::str::Bytes<'p>),
    Folded(std::vec::IntoIter<char>),
}

impl<'p> Letters<'p> {
    fn of(phrase: &'p str) -> Letters<'p> {
        if phrase.is_ascii() {
            return Letters::Plain(phrase.bytes());
        }
        let letters: Vec<char> = folded(phrase).chars().filter(|c| c.is_alphanumeric()).collect();
        Letters::Folded(letters.into_iter())
    }
}

impl Iterator for Letters<'_> {
    type Item = char;
    fn next(&mut self) -> Option<char> {
        match self {
            Letters::Plain(bytes) => {
                bytes.find(u8::is_ascii_alphanumeric).map(|byte| char::from(byte.to_ascii_lowercase()))
            }
            Letters::Folded(letters) => letters.next(),
        }
    }
}

/// Those of the places that are no part of a longer one, in their order.
pub(super) fn outermost(mut places: Vec<Range<usize>>) -> Vec<Range<usize>> {
    places.sort_by_key(|place| (place.start, std::cmp::Reverse(place.end)));
    let mut reached = 0;
    places.retain(|place| {
        let is_new = place.end > reached;
        reached = reached.max(place.end);
        is_new
    });
    places
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_phrase_is_found_as_whole_words_however_it_is_punctuated() {
        for text in ["s60A", "s. 60A", "under S.60A of the Act", "(s 60-a)", "ｓ６０Ａ", "s\u{200B}60a"] {
            assert_eq!(Words::of(text).places_of("s60a").len(), 1, "{text}");
        }
        for text in ["", "s60ab", "xs60a", "s60", "60a", "s 61a"] {
            assert!(Words::of(text).places_of("s60a").is_empty(), "{text}");
        }
        assert_eq!(Words::of("a b a b").places_of("A-B"), [0..2, 2..4]);
        assert!(Words::of("anything").places_of(" – ").is_empty());
        for (text, phrase) in [("été 2026", "E\u{301}te\u{301}"), ("le secret médical", "(Secret médical)")]
        {
            assert_eq!(Words::of(text).places_of(phrase).len(), 1, "{text}");
        }
    }

    #[test]
    fn words_are_a_phrase_if_nothing_is_before_or_behind_it() {
        assert!(Words::of("S.60-A").are("s60a") && Words::of("bevölkerung").are("BEVÖLKERUNG"));
        for text in ["", "s60ab", "s60a b", "a s60a"] {
            assert!(!Words::of(text).are("s60a"), "{text}");
        }
        assert!(!Words::of("").are("") && !Words::of("a").are("-"));
    }

    #[test]
    fn of_places_within_each_other_the_longest_counts() {
        assert_eq!(outermost(vec![1..2, 0..2, 0..1, 0..2, 1..4, 5..6]), [0..2, 1..4, 5..6]);
    }
}
