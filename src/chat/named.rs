//! The accounts that a value names: lists, links, pills. Does not know which of them exist.

use std::collections::BTreeSet;

use crate::case::{Account, AccountFault, glyph};

use super::token::link_length;

/// The accounts of a list, each once and in order; what names none is given back with its fault.
///
/// Commas, semicolons, line ends, spaces and `and` separate. Matrix links and Markdown links to accounts are understood.
pub fn read_accounts(value: &str) -> Vec<Result<Account, (String, AccountFault)>> {
    let mut seen = BTreeSet::new();
    let mut found = Vec::new();
    for group in groups(value) {
        let mut other: Vec<&str> = Vec::new();
        for word in group {
            if !names_account(word) {
                other.push(word);
                continue;
            }
            found.extend(unnamed(&mut other));
            found.push(read_account(word).map_err(|fault| (word.to_owned(), fault)));
        }
        found.extend(unnamed(&mut other));
    }
    found.retain(|entry| {
        seen.insert(match entry {
            Ok(account) => (true, account.as_str().to_owned()),
            Err((text, _)) => (false, text.clone()),
        })
    });
    found
}

/// Reads one account: itself, a `matrix.to` or `matrix:` link, a Markdown link to one, each also in brackets or quotes.
pub fn read_account(word: &str) -> Result<Account, AccountFault> {
    let word = word.trim();
    if let Some((shown, target)) = markdown_link(word) {
        let account = from_link(target).ok_or(AccountFault::BadLink)??;
        // A link that shows somebody else is a trap, or a slip; neither is guessed about.
        return match Account::parse(bare(shown)) {
            Ok(other) if other != account => Err(AccountFault::FalseLink),
            Ok(_) | Err(_) => Ok(account),
        };
    }
    let word = bare(word);
    from_link(word).unwrap_or_else(|| Account::parse(word))
}

fn unnamed(words: &mut Vec<&str>) -> Option<Result<Account, (String, AccountFault)>> {
    if words.is_empty() {
        return None;
    }
    let text = words.join(" ");
    words.clear();
    // What neither begins with @ nor is a link is no account; parsing says so in its own words.
    Some(read_account(&text).map_err(|fault| (text, fault)))
}

fn names_account(word: &str) -> bool {
    let word = bare(word);
    word.starts_with(['@', '[']) || from_link(word).is_some()
}

/// The words between commas, semicolons and line ends; a link is one word. Words that only join are left out.
fn groups(value: &str) -> Vec<Vec<&str>> {
    let mut groups = vec![Vec::new()];
    let mut rest = value;
    while let Some(c) = rest.chars().next() {
        let length = if is_separator(c) {
            groups.push(Vec::new());
            c.len_utf8()
        } else if c.is_whitespace() {
            c.len_utf8()
        } else {
            let length = match link_length(rest) {
                Some(length) => length,
                None => rest.find(|c: char| is_separator(c) || c.is_whitespace()).unwrap_or(rest.len()),
            };
            if let (Some(word), Some(group)) = (rest.get(..length), groups.last_mut())
                && !is_joint(word)
            {
                group.push(word);
            }
            length
        };
        rest = rest.get(length..).unwrap_or_default();
    }
    groups
}

fn is_separator(c: char) -> bool {
    matches!(c, ',' | ';' | '，' | '；' | '、') || glyph::is_line_end(c)
}

fn is_joint(word: &str) -> bool {
    word.eq_ignore_ascii_case("and") || word == "&" || word == "•" || word == "*" || {
        let mut chars = word.chars();
        chars.next().is_some_and(glyph::is_dash) && chars.next().is_none()
    }
}

/// Without the brackets, quotes and full stops that stand around a name in a sentence.
fn bare(word: &str) -> &str {
    let around =
        |c: char| matches!(c, '(' | '<' | '"' | '“' | '”' | '„' | '«' | '»' | '\'' | '‘' | '’' | '`');
    word.trim_start_matches(around)
        .trim_end_matches(|c: char| around(c) || matches!(c, ')' | '>' | '.' | ',' | ';'))
}

fn markdown_link(word: &str) -> Option<(&str, &str)> {
    let inner = word.strip_prefix('[')?.trim_end_matches(['.', ',', ';']).strip_suffix(')')?;
    inner.split_once("](")
}

/// What a Matrix link leads to; `None` if the text is no Matrix link.
fn from_link(text: &str) -> Option<Result<Account, AccountFault>> {
    if let Some(rest) = after_any(text, &["https://matrix.to/#/", "http://matrix.to/#/", "matrix.to/#/"]) {
        let name = decoded(until_query(rest));
        return Some(match name {
            Some(name) if name.starts_with('@') => Account::parse(&name),
            Some(_) | None => Err(AccountFault::BadLink),
        });
    }
    if let Some(rest) = after_any(text, &["matrix:u/", "matrix:user/"]) {
        let name = decoded(until_query(rest));
        return Some(match name {
            Some(name) => Account::parse(&format!("@{name}")),
            None => Err(AccountFault::BadLink),
        });
    }
    after_any(text, &["https://", "http://", "matrix:"]).map(|_| Err(AccountFault::BadLink))
}

fn after_any<'a>(text: &'a str, heads: &[&str]) -> Option<&'a str> {
    heads.iter().find_map(|head| {
        let (start, rest) = text.split_at_checked(head.len())?;
        start.eq_ignore_ascii_case(head).then_some(rest)
    })
}

fn until_query(text: &str) -> &str {
    text.split_once('?').map_or(text, |(name, _)| name)
}

/// Percent-decoding; `None` if it is not well-formed or not UTF-8.
fn decoded(text: &str) -> Option<String> {
    let mut bytes = Vec::with_capacity(text.len());
    let mut rest = text.bytes();
    while let Some(byte) = rest.next() {
        if byte != b'%' {
            bytes.push(byte);
            continue;
        }
        let (high, low) = (hex(rest.next()?)?, hex(rest.next()?)?);
        bytes.push(high * 16 + low);
    }
    String::from_utf8(bytes).ok()
}

fn hex(digit: u8) -> Option<u8> {
    char::from(digit).to_digit(16).and_then(|value| u8::try_from(value).ok())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(value: &str) -> Vec<String> {
        let shown = |entry: Result<Account, (String, AccountFault)>| match entry {
            Ok(account) => account.to_string(),
            Err((text, fault)) => format!("{text}: {fault:?}"),
        };
        read_accounts(value).into_iter().map(shown).collect()
    }

    #[test]
    fn lists_are_separated_in_every_way_people_do() {
        for value in [
            "@a:x.org, @b:x.org",
            "@a:x.org,@b:x.org,",
            "@a:x.org and @b:x.org.",
            "@a:x.org; @b:x.org",
            "@a:x.org @b:x.org",
            "\n- @a:x.org\n- @b:x.org\n",
            "(@a:x.org) & <@b:x.org>",
            "`@a:x.org`, “@b:x.org”, @A:y.org, @a:X.ORG",
        ] {
            assert_eq!(read(value)[..2], ["@a:x.org", "@b:x.org"], "{value}");
        }
        assert_eq!(read("@a:x.org, @a:X.org @a:x.org"), ["@a:x.org"]);
        assert!(read(" , ;\n").is_empty());
    }

    #[test]
    fn links_are_understood() {
        for value in [
            "https://matrix.to/#/@bob:x.org",
            "https://matrix.to/#/%40bob%3Ax.org?via=y.org",
            "HTTPS://Matrix.To/#/@bob:x.org",
            "matrix:u/bob:x.org?action=chat",
            "[Bob](https://matrix.to/#/@bob:x.org)",
            "[Bob, the Smith](https://matrix.to/#/@bob:x.org),",
            "[@bob:x.org](https://matrix.to/#/@bob:x.org)",
            "<https://matrix.to/#/@bob:x.org>",
        ] {
            assert_eq!(read(value), ["@bob:x.org"], "{value}");
        }
    }

    #[test]
    fn what_names_nobody_is_given_back() {
        assert_eq!(read("alice, @b:x.org"), ["alice: NoAt", "@b:x.org"]);
        assert_eq!(read("Bob Smith @b:x.org"), ["Bob Smith: NoAt", "@b:x.org"]);
        assert_eq!(read("@alice"), ["@alice: NoServer"]);
        assert_eq!(read("https://matrix.to/#/#room:x.org"), ["https://matrix.to/#/#room:x.org: BadLink"]);
        assert_eq!(read("https://matrix.to/#/%4"), ["https://matrix.to/#/%4: BadLink"]);
        assert_eq!(read("https://matrix.to/#/%40%FF:x"), ["https://matrix.to/#/%40%FF:x: BadLink"]);
        assert_eq!(
            read("[@a:x.org](https://matrix.to/#/@evil:x.org)"),
            ["[@a:x.org](https://matrix.to/#/@evil:x.org): FalseLink"]
        );
    }
}
