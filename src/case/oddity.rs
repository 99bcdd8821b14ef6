//! What makes a name worth a second look before it is believed. Knows letters and servers' names; does not know who
//! is meant, and never decides: moderators see it and judge.

use std::fmt;

use serde::{Deserialize, Serialize};
use unicode_normalization::UnicodeNormalization;
use unicode_script::{Script, UnicodeScript};

use super::glyph;

/// Something about an account or an address that an eye may miss.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Oddity {
    /// Letters of more than one script, as a Cyrillic `а` among Latin ones.
    MixedScripts,
    /// A character that is not seen at all.
    Invisible(char),
    /// A character that turns the direction of reading.
    Turned(char),
    /// A character without an agreed look: unassigned or private.
    Unknown(char),
    /// Letters beyond ASCII; a whole name of them may still look like another one.
    NotAscii,
    /// Capital letters in an account's name: an account of the old days, or a phone's habit. They are different accounts.
    UpperCase,
    /// Letters in disguise, such as full-width or ligatures: they turn into others when normalised.
    Disguised,
    /// A server's name in the `xn--` writing, which some programs show as other letters.
    Punycode,
}

impl fmt::Display for Oddity {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Oddity::MixedScripts => f.write_str("letters of more than one script"),
            Oddity::Invisible(c) => write!(f, "an invisible character, U+{:04X}", u32::from(*c)),
            Oddity::Turned(c) => {
                write!(f, "a character that turns the direction of reading, U+{:04X}", u32::from(*c))
            }
            Oddity::Unknown(c) => write!(f, "a character without an agreed look, U+{:04X}", u32::from(*c)),
            Oddity::NotAscii => f.write_str("letters beyond ASCII"),
            Oddity::UpperCase => f.write_str("capital letters"),
            Oddity::Disguised => f.write_str("letters in disguise"),
            Oddity::Punycode => f.write_str("a server's name in xn-- writing"),
        }
    }
}

/// The oddities of the name before a server's, each once.
pub(super) fn of_name(name: &str) -> Vec<Oddity> {
    let mut found = Vec::new();
    if is_mixed(name) {
        found.push(Oddity::MixedScripts);
    }
    for c in name.chars() {
        let odd = if glyph::is_bidi(c) {
            Oddity::Turned(c)
        } else if glyph::is_invisible(c) {
            Oddity::Invisible(c)
        } else if glyph::is_unknown(c) {
            Oddity::Unknown(c)
        } else {
            continue;
        };
        if !found.contains(&odd) {
            found.push(odd);
        }
    }
    if !name.is_ascii() {
        found.push(Oddity::NotAscii);
    }
    if name.nfkc().ne(name.chars()) {
        found.push(Oddity::Disguised);
    }
    found
}

/// The oddities of a server's name or a mail domain, each once.
pub(super) fn of_server(server: &str) -> Vec<Oddity> {
    let mut found = of_name(server);
    let has_punycode =
        server.split('.').any(|label| label.get(..4).is_some_and(|head| head.eq_ignore_ascii_case("xn--")));
    if has_punycode {
        found.push(Oddity::Punycode);
    }
    found
}

/// Both lists as one, each oddity once, in order.
pub(super) fn joined(mut first: Vec<Oddity>, second: Vec<Oddity>) -> Vec<Oddity> {
    for odd in second {
        if !first.contains(&odd) {
            first.push(odd);
        }
    }
    first
}

fn is_mixed(name: &str) -> bool {
    let mut scripts: Vec<Script> = Vec::new();
    for c in name.chars() {
        let script = match c.script() {
            Script::Common | Script::Inherited | Script::Unknown => continue,
            // Japanese, Korean and Chinese are written in several scripts at once; that alone is no disguise.
            Script::Hiragana | Script::Katakana | Script::Hangul | Script::Bopomofo => Script::Han,
            script => script,
        };
        if !scripts.contains(&script) {
            scripts.push(script);
        }
    }
    scripts.len() > 1
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_lone_cyrillic_letter_is_seen() {
        assert_eq!(of_name("аlice"), [Oddity::MixedScripts, Oddity::NotAscii]);
        assert_eq!(of_name("алиса"), [Oddity::NotAscii]);
        assert_eq!(of_name("alice.smith-1"), []);
    }

    #[test]
    fn japanese_is_one_writing() {
        assert_eq!(of_name("日本のカナ"), [Oddity::NotAscii]);
    }

    #[test]
    fn hidden_characters_are_named_once_each() {
        assert_eq!(
            of_name("a\u{200B}b\u{200B}c\u{202E}"),
            [Oddity::Invisible('\u{200B}'), Oddity::Turned('\u{202E}'), Oddity::NotAscii]
        );
    }

    #[test]
    fn disguises_and_punycode_are_seen() {
        assert!(of_name("ａlice").contains(&Oddity::Disguised));
        assert_eq!(of_server("chat.XN--80ak6aa92e.com"), [Oddity::Punycode]);
        assert_eq!(of_server("é"), [Oddity::NotAscii]);
    }
}
