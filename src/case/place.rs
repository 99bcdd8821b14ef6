//! Where something could be sent, as running text has it: mail addresses, and domains that stand alone. Like the numbers of a
//! request they come from whoever wrote it. Knows words and dots, no agency; what is meant by a place is said in `answers_to`.

use super::Email;
use super::email::is_domain;
use super::folded::folded;
use super::mail_domains::domains_in;
use super::taken_apart::together;

/// A mailbox or a domain.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Place {
    /// A whole address.
    Mailbox(Email),
    /// A domain alone, or what of an address nobody can read.
    Domain(String),
}

impl Place {
    pub(super) fn domain(&self) -> &str {
        match self {
            Place::Mailbox(email) => email.domain(),
            Place::Domain(domain) => domain,
        }
    }

    pub(super) fn as_str(&self) -> &str {
        match self {
            Place::Mailbox(email) => email.as_str(),
            Place::Domain(domain) => domain,
        }
    }
}

/// Every place on a line that is there to hold one, in its order: `roe at met.police.uk` is an address there, and
/// `evil.example` a domain.
pub(super) fn places(line: &str) -> Vec<Place> {
    let line = folded(line);
    let plain = together(&line).unwrap_or(line);
    let mut found: Vec<Place> = Vec::new();
    for word in plain.split(|c: char| c.is_whitespace() || is_between(c)) {
        let mailboxes = mailboxes(word);
        let alone = || bare(word).into_iter().collect();
        for place in if word.contains('@') { mailboxes } else { alone() } {
            if !found.contains(&place) {
                found.push(place);
            }
        }
    }
    found
}

/// The addresses in one word of a folded text, such as `<roe@met.police.uk>,`; of one that is none, the domains in it.
pub(super) fn mailboxes(word: &str) -> Vec<Place> {
    let pieces = word.split(is_between).filter(|piece| piece.contains('@'));
    pieces
        .flat_map(|piece| {
            // `reply:roe@x.org` has an address, `@roe:x.org` is an account.
            let at = piece.find('@').unwrap_or_default();
            let start = piece.get(..at).and_then(|before| before.rfind([':', '=', '/']));
            let address = start.and_then(|start| piece.get(start + 1..)).unwrap_or(piece);
            match Email::parse(address.trim_matches(|c: char| !c.is_alphanumeric())) {
                Ok(email) if !address.starts_with('@') => vec![Place::Mailbox(email)],
                Ok(_) | Err(_) => domains_in(address).into_iter().map(Place::Domain).collect(),
            }
        })
        .collect()
}

/// The host of a web address in one word of a folded text.
pub(super) fn host(word: &str) -> Option<Place> {
    let (_, rest) = word.split_once("://")?;
    bare(rest)
}

/// The server of a Matrix room in one word of a folded text, such as `#kent:evil.example`.
pub(super) fn room(word: &str) -> Option<Place> {
    let (_, named) = word.split_once('#')?;
    bare(named.split_once(':')?.1)
}

/// The servers of Matrix rooms and accounts on a line that is there to say where something goes.
pub(super) fn servers(line: &str) -> Vec<Place> {
    let text = folded(line);
    let words = text.split(|c: char| c.is_whitespace() || is_between(c));
    let signed = words.filter_map(|word| word.strip_prefix(['#', '@', '!']));
    signed.filter_map(|named| bare(named.split_once(':')?.1)).collect()
}

/// The domain that a word is, if it is one.
pub(super) fn bare(word: &str) -> Option<Place> {
    let word = word.split_once("://").map_or(word, |(_, rest)| rest);
    let end = word.find(['/', '?', '#', ':']).unwrap_or(word.len());
    let domain = word.get(..end)?.trim_matches(|c: char| !c.is_alphanumeric());
    let last = domain.rsplit('.').next().unwrap_or_default();
    let is_ending = last.chars().count() > 1 && last.chars().any(char::is_alphabetic);
    (is_ending && is_domain(domain)).then(|| Place::Domain(domain.to_owned()))
}

fn is_between(c: char) -> bool {
    matches!(c, ',' | ';' | '<' | '>' | '(' | ')' | '[' | ']' | '"' | '\'' | '“' | '”' | '„' | '`' | '|')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn has(line: &str, expected: &[&str]) {
        let found = places(line);
        assert_eq!(found.iter().map(Place::as_str).collect::<Vec<_>>(), expected, "{line}");
    }

    #[test]
    fn every_place_on_a_line_is_found_however_it_is_written() {
        has("Jane <Roe@Met.police.uk>, desk@evil.example.", &["roe@met.police.uk", "desk@evil.example"]);
        has("roe@met.police.uk@evil.example", &["evil.example", "met.police.uk"]);
        has("<roe@met.police.uk> via evil.example", &["roe@met.police.uk", "evil.example"]);
        has("roe at met.police.uk", &["roe@met.police.uk"]);
        has("j.roe [at] met [dot] police [dot] uk", &["j.roe@met.police.uk"]);
        has("j.roe(at)met.police[.]uk", &["j.roe@met.police.uk"]);
        has("roe @ met dot police dot uk", &["roe@met.police.uk"]);
        has("mailto:roe@evil.example", &["roe@evil.example"]);
        has("https://evil.example/up?x=a.b", &["evil.example"]);
        has("the portal Evil.example:8443", &["evil.example"]);
    }

    #[test]
    fn accounts_numbers_and_sentences_are_no_places() {
        has("@alice:example.org", &[]);
        has("call +44 20.7946.0100, ext. 12, before 17.30", &[]);
        has("Room 4. Second floor", &[]);
    }
}
