//! Accounts in disguise: what an eye reads as an account and a program does not, or as another. Knows letters and signs, no line
//! and no rule.
//!
//! What imitates is read as what it imitates, and what can only be guessed at is handed on as it stands: the gate holds it to be
//! about anybody, as it does on a line of accounts.

use std::collections::BTreeSet;

use super::glyph;
use super::look_alike::latin;
use super::mention::{mentions_in, shown};

/// Signs that an eye reads as a dot, and a browser too.
const DOTS: &[char] = &['\u{3002}', '\u{06D4}', '\u{0701}', '\u{0702}', '\u{2E33}', '\u{A4F8}', '\u{A60E}'];
/// Signs that an eye reads as a colon.
const COLONS: &[char] = &['\u{02D0}', '\u{0589}', '\u{05C3}', '\u{2236}', '\u{A789}', '\u{A4FD}'];

/// A sign as what it is meant as within a name.
pub(super) fn meant_as(c: char) -> char {
    match c {
        dot if DOTS.contains(&dot) => '.',
        colon if COLONS.contains(&colon) => ':',
        other => other,
    }
}

/// A text as an eye reads it: letters of other writings as those that they look like, a capital I among small letters as an l;
/// `None` if that is what it says.
pub(super) fn as_seen(text: &str) -> Option<String> {
    if text.is_ascii() && !text.contains('I') {
        return None;
    }
    let letters: Vec<char> = text.chars().filter(|c| !glyph::is_hidden(*c) || c.is_whitespace()).collect();
    let is_small = |at: Option<usize>| at.and_then(|at| letters.get(at)).is_some_and(|c| c.is_lowercase());
    let seen = letters.iter().enumerate().map(|(at, c)| match c {
        'I' if is_small(at.checked_sub(1)) || is_small(at.checked_add(1)) => 'l',
        other => latin(*other),
    });
    let seen: String = seen.collect();
    (seen != text).then_some(seen)
}

/// What in a text looks like an account and cannot be read as one for sure: with letters that no account has, with hidden ones
/// within, or at a server that is none. A mail address is no account, nor is a time: `@ 14:00`.
pub(super) fn disguised(text: &str) -> BTreeSet<String> {
    // Most texts have none.
    let may_link = || text.contains(':') && text.to_ascii_lowercase().contains("matrix:u");
    if text.is_ascii() && !text.contains(['@', '%']) && !may_link() {
        return BTreeSet::new();
    }
    let text = shown(text);
    let mut found = BTreeSet::new();
    for mention in mentions_in(&text) {
        let before = text.get(..mention.start).and_then(|text| text.chars().next_back());
        // The sign within a word is that of an address.
        if before.is_some_and(|c| c.is_alphanumeric() || matches!(c, '.' | '_' | '-' | '+')) {
            continue;
        }
        let Some((local, server)) = mention.names.last().and_then(|name| name.split_once(':')) else {
            continue;
        };
        let behind = text.get(mention.end..).unwrap_or_default();
        if local.chars().all(may_be_of_name)
            && (!local.chars().all(is_of_name) || !server.is_ascii() || is_nowhere(server) || goes_on(behind))
        {
            found.insert(format!("@{local}:{server}"));
        }
    }
    found
}

/// Whether it is a letter or a sign of the names that are made today.
fn is_of_name(c: char) -> bool {
    c.is_ascii_alphanumeric() || matches!(c, '.' | '_' | '=' | '/' | '+' | '-')
}

/// Whether it is one of those in disguise.
fn may_be_of_name(c: char) -> bool {
    is_of_name(c) || c == '%' || c.is_alphanumeric() || glyph::is_hidden(c) || glyph::is_mark(c)
}

/// Whether no server has such a name. A time of day is none, and nothing that looks like one.
fn is_nowhere(server: &str) -> bool {
    let name = server.split(':').next().unwrap_or_default();
    let is_name = !name.is_empty() && name.starts_with(char::is_alphabetic);
    is_name && !name.contains('.') && name != "localhost"
}

/// Whether a name goes on behind what is hidden, or behind the sign of a link that nobody could read.
fn goes_on(behind: &str) -> bool {
    let rest =
        behind.trim_start_matches(|c: char| !c.is_whitespace() && (glyph::is_hidden(c) || glyph::is_mark(c)));
    // Where nothing is hidden no letter is behind it: it would be one of the name.
    rest.starts_with(char::is_alphanumeric)
        || behind.strip_prefix('%').is_some_and(|code| code.starts_with(|c: char| c.is_ascii_hexdigit()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_can_only_be_guessed_at_is_seen() {
        for text in [
            "@alice:example .org",
            "@alice:example,org",
            "@alice:example.org\u{200C}x",
            "@al\u{200B}ice:example.org",
            "@\u{430}lice:example.org",
            "it is @alice:ex\u{430}mple.org, they say",
            "https://matrix.to/#/@%D0%B0lice:example.org",
            "matrix:u/\u{430}lice:example.org",
            "Matrix:U/alice:nowhere",
            "@alice:example.org%C3%BC",
        ] {
            assert!(!disguised(text).is_empty(), "{text}");
        }
    }

    #[test]
    fn what_is_read_or_is_no_account_is_not() {
        for text in [
            "",
            "@alice:example.org",
            "see @alice:example.org.",
            "@alice:example.org:8448, and “@bob:example.org”",
            "@alice:example.org\u{200B}",
            "\u{200E}@alice:example.org\u{200E} \u{2068}@bob:example.org\u{2069}",
            "https://matrix.to/#/%40alice%3Aexample.org?via=example.org",
            "we met @ 14:00",
            "@14:00",
            "roe@met.police.uk",
            "m\u{fc}ller@example.org: the mail",
            "user@host:22",
            "root@backup:dumps",
            "@{user}:host",
            "@alice:localhost",
            "by @alice:example.org%, they say",
            "@alice:[::1]",
            "@alice on another service",
        ] {
            assert!(disguised(text).is_empty(), "{text}: {:?}", disguised(text));
        }
    }

    #[test]
    fn every_sign_like_a_dot_or_a_colon_is_one() {
        assert!(DOTS.iter().all(|dot| meant_as(*dot) == '.') && COLONS.iter().all(|it| meant_as(*it) == ':'));
        assert_eq!((meant_as('a'), meant_as('\u{e4}')), ('a', '\u{e4}'));
    }

    #[test]
    fn an_eye_reads_what_it_knows() {
        let seen = |text: &str| as_seen(text).unwrap_or_else(|| text.to_owned());
        assert_eq!(seen("@\u{430}lice:ex\u{430}mple.org"), "@alice:example.org");
        assert_eq!(seen("@aIice:example.org"), "@alice:example.org");
        assert_eq!(seen("@al\u{456}ce:example.org"), "@alice:example.org");
        // A capital I between, before or behind small letters, whatever is hidden there.
        assert_eq!(seen("Ia aI AaI IaA a\u{200B}I\u{200B}A"), "la al Aal laA alA");
        for said in ["@ALICE:EXAMPLE.ORG", "IBM", "BKI"] {
            assert_eq!(as_seen(said), None);
        }
        assert_eq!(as_seen("@alice:example.org"), None);
    }
}
