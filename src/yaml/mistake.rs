//! A mistake in a file that somebody wrote: where it is, and a sentence with the way out. Does not know what was read.

use std::cell::Cell;
use std::fmt;

use crate::case::glyph;
use crate::case::near::nearest;

/// Where something begins, line and column counted from 1; columns in characters.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Place {
    /// Which of the files that are read as one, counted from 0.
    pub source: usize,
    /// The line.
    pub line: usize,
    /// The character in it.
    pub column: usize,
}

impl Place {
    /// The beginning of a file.
    pub const TOP: Place = Place { source: 0, line: 1, column: 1 };
}

impl fmt::Display for Place {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}:{}", self.line, self.column)
    }
}

/// One mistake; sorted, they follow the file.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Mistake {
    /// Where it is.
    pub place: Place,
    /// What is wrong and what to do, one sentence on one line.
    pub message: String,
}

impl fmt::Display for Mistake {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: {}", self.place, self.message)
    }
}

/// The mistakes found so far. Shared by all nodes of one walk, hence the cell.
#[derive(Default)]
pub(super) struct Mistakes {
    found: Cell<Vec<Mistake>>,
}

impl Mistakes {
    /// More than anybody mends in one go.
    const MOST: usize = 1_000;

    /// Writes one down.
    pub(super) fn note(&self, place: Place, message: String) {
        let mut found = self.found.take();
        if found.len() < Mistakes::MOST {
            found.push(Mistake { place, message });
        }
        self.found.set(found);
    }

    /// All of them, in the file's order.
    pub(super) fn into_sorted(self) -> Vec<Mistake> {
        let mut found = self.found.into_inner();
        found.sort();
        found.dedup();
        found
    }
}

/// What was typed, to be shown in a mistake: in back quotes, clipped, and with nothing hidden in it.
pub fn quoted(text: &str) -> String {
    const MOST: usize = 60;
    let mut out = String::from("`");
    for c in text.chars().take(MOST) {
        if c.is_control() || glyph::is_hidden(c) {
            out.push_str(&format!("⟨U+{:04X}⟩", u32::from(c)));
        } else {
            out.push(c);
        }
    }
    if text.chars().nth(MOST).is_some() {
        out.push('…');
    }
    out.push('`');
    out
}

/// The known name that was probably meant: one that is like it, or of which it is the plural.
pub(super) fn meant<'a>(word: &str, known: impl IntoIterator<Item = &'a str> + Clone) -> Option<&'a str> {
    let one = word.strip_suffix("ies").map(|stem| format!("{stem}y"));
    let one = one.or_else(|| word.strip_suffix('s').map(str::to_owned));
    let of_plural = |one: String| known.clone().into_iter().find(|name| *name == one);
    one.and_then(of_plural).or_else(|| nearest(word, known.clone()))
}

/// `there is no role ...`, and the known name that was probably meant, or else what there is.
pub fn unknown<'a>(what: &str, word: &str, known: impl IntoIterator<Item = &'a str> + Clone) -> String {
    const MOST: usize = 32;
    const SOME: usize = 3;
    let wrong = format!("there is no {what} {}", quoted(word));
    // A name in quotes can have blanks around it that nobody sees.
    if word.trim() != word && known.clone().into_iter().any(|name| name == word.trim()) {
        return format!("{wrong}; write it without the blanks around it");
    }
    if let Some(meant) = meant(word, known.clone()).filter(|meant| *meant != word) {
        return format!("{wrong}; did you mean `{meant}`?");
    }
    let names: Vec<String> = known.into_iter().map(|name| format!("`{name}`")).collect();
    match names.as_slice() {
        [] => wrong,
        [only] => format!("{wrong}; the only one is {only}"),
        [first @ .., last] if first.len() < MOST => {
            format!("{wrong}; choose among {} and {last}", first.join(", "))
        }
        // Nobody finds one among so many.
        all => {
            let some: Vec<&str> = all.iter().take(SOME).map(String::as_str).collect();
            format!("{wrong}; there are {}, such as {}", all.len(), some.join(", "))
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_plural_is_meant_as_the_one() {
        let keys = ["policy", "room", "people", "reminders"];
        assert_eq!(meant("policies", keys), Some("policy"));
        assert_eq!(meant("rooms", keys), Some("room"));
        assert_eq!(meant("reminder", keys), Some("reminders"));
        assert_eq!(meant("s", keys), None);
        assert_eq!(unknown("key", "policies", keys), "there is no key `policies`; did you mean `policy`?");
    }
}
