//! Accounts that a text names without their sign, as a mail address, or taken apart so that no machine shall find them:
//! `bob:example.org`, `bob@example.org`, `@bob:example[.]org`. Knows texts, no line and no rule.
//!
//! It errs on the side of naming, as `mention` does: a name that nobody has binds nobody.

use std::collections::BTreeSet;

use super::email::is_domain;

/// The accounts that the words of a plain text would be with a sign before them.
pub(super) fn unsigned_in(text: &str, names: &mut BTreeSet<String>) {
    let is_between =
        |c: char| c.is_whitespace() || matches!(c, ',' | ';' | '<' | '>' | '(' | ')' | '"' | '\'');
    let words = text.split(is_between).filter(|word| word.contains([':', '@']));
    names.extend(words.filter_map(account));
}

/// The account that a word would be: `bob:example.org`, `bob@example.org`, `mail:bob@example.org`.
fn account(word: &str) -> Option<String> {
    // A room, an event or a link to one is no account.
    if word.contains(['#', '!', '$']) {
        return None;
    }
    let word = word.trim_matches(|c: char| !c.is_alphanumeric());
    let (local, server) = match word.rsplit_once('@') {
        Some((local, server)) => (local.rsplit(':').next()?, server),
        None => word.split_once(':')?,
    };
    let is_local = |c: char| c.is_alphanumeric() || matches!(c, '.' | '_' | '=' | '/' | '+' | '-');
    // A port, or what came behind the name.
    let server = server.split([':', '/', '?']).next()?;
    (!local.is_empty() && local.chars().all(is_local) && server.contains('.') && is_domain(server))
        .then(|| format!("@{local}:{server}"))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::case::taken_apart::together;

    fn named(text: &str) -> Vec<String> {
        let mut names = BTreeSet::new();
        unsigned_in(&together(text).unwrap_or_else(|| text.to_owned()), &mut names);
        names.into_iter().collect()
    }

    #[test]
    fn an_account_is_known_without_its_sign() {
        for text in [
            "bob:example.org",
            "see bob:example.org.",
            "(bob:example.org:8448)",
            "bob@example.org",
            "mailto:bob@example.org",
            "bob : example.org",
            "bob:example[.]org",
            "bob at example dot org",
            "bob[at]example(dot)org",
            "\"bob:example.org/room\"",
        ] {
            assert_eq!(named(text), ["@bob:example.org"], "{text}");
        }
        assert_eq!(named("b.o_b=c/d+e-f:example.org"), ["@b.o_b=c/d+e-f:example.org"]);
        assert_eq!(together("bob:example.org"), None, "nobody took it apart");
    }

    #[test]
    fn what_is_no_account_is_none() {
        for text in [
            "",
            "at 12:30",
            "https://example.org/bob",
            "note: example.org",
            "bob:",
            ":example.org",
            "a:b",
            "#room:example.org",
            "!room:example.org",
            "C: a.b",
            "mail:@example.org",
            "b%b:example.org",
            "bob:localhost",
            "bob:example..org",
        ] {
            assert!(named(text).is_empty(), "{text}: {:?}", named(text));
        }
    }
}
