//! `directory.yaml`: the agencies that the operator knows, as a file. Every mistake is told with its line and column.
//!
//! Knows no disk and no case. `docs/directory.md` explains the file to people.

use crate::case::directory::{LONGEST_NAME, is_free_mail, is_phone};
use crate::case::{Agency, Email, Shared, glyph};
use crate::yaml::{self, Mistake, Node, Place, quoted};

/// The longest file that is read, in bytes.
pub const LONGEST: usize = 4 * 1024 * 1024;

/// Reads a directory from a text, or tells every mistake in it.
pub fn read(text: &str) -> Result<Vec<Agency>, Vec<Mistake>> {
    yaml::read(text, LONGEST, |node| node.map(&["agencies"])?.must("agencies", agencies))
}

fn agencies(node: Node<'_>) -> Option<Vec<Agency>> {
    let mut known: Vec<(Agency, Place)> = Vec::new();
    let mut is_whole = true;
    for item in node.list()? {
        let Some(agency) = agency(item) else {
            is_whole = false;
            continue;
        };
        for (other, place) in &known {
            if let Some(shared) = agency.shares_with(other) {
                item.wrong(said(&shared, other, *place));
            }
        }
        known.push((agency, item.place()));
    }
    is_whole.then(|| known.into_iter().map(|(agency, _)| agency).collect())
}

/// What two entries cannot both have: a number or a domain must lead to one agency.
fn said(shared: &Shared, other: &Agency, place: Place) -> String {
    let there = format!("{} in line {}", quoted(&other.name), place.line);
    match shared {
        Shared::Name(name) => format!("{} is listed twice, in line {} already", quoted(name), place.line),
        Shared::Phone(phone) => format!("the number {} is also that of {there}", quoted(phone)),
        Shared::Domain(domain) => format!("the domain {} is also that of {there}", quoted(domain)),
    }
}

fn agency(node: Node<'_>) -> Option<Agency> {
    let map = node.map(&["name", "phones", "domains", "keys", "source"])?;
    let name = map.must("name", |node| node.parse(name));
    let phones = map.or("phones", Vec::new(), |node| each(node, phone));
    let domains = map.or("domains", Vec::new(), |node| each(node, domain));
    let keys = map.or("keys", Vec::new(), |node| each(node, key));
    let source = map.must("source", |node| node.parse(source));
    let (phones, domains) = (phones?, domains?);
    if phones.is_empty() && domains.is_empty() {
        node.wrong("this agency has neither phones nor domains, so nobody can be verified by it");
        return None;
    }
    Some(Agency { name: name?, phones, domains, keys: keys?, source: source?, added: false })
}

/// One value or a list, each once.
fn each(node: Node<'_>, read: fn(&str) -> Result<String, String>) -> Option<Vec<String>> {
    let mut values = Vec::new();
    let mut is_whole = true;
    for item in node.one_or_more()? {
        match item.parse(read) {
            Some(value) if values.contains(&value) => {
                item.wrong(format_args!("this stands twice in `{}`", node.name()));
            }
            Some(value) => values.push(value),
            None => is_whole = false,
        }
    }
    is_whole.then_some(values)
}

/// The name of an agency.
pub fn name(text: &str) -> Result<String, String> {
    let name = text.split_whitespace().collect::<Vec<_>>().join(" ");
    if name.chars().count() > LONGEST_NAME {
        return Err(format!("a name has at most {LONGEST_NAME} characters"));
    }
    // A name stands in commands to copy, between quotes.
    if let Some(c) = name.chars().find(|c| glyph::is_hidden(*c) || matches!(c, '"' | '“' | '”' | '„')) {
        return Err(format!("a name has no U+{:04X} in it", u32::from(c)));
    }
    if !name.chars().any(char::is_alphanumeric) {
        return Err("a name has letters in it".to_owned());
    }
    Ok(name)
}

/// A number that can be called.
pub fn phone(text: &str) -> Result<String, String> {
    let text = text.trim();
    match is_phone(text) {
        true => Ok(text.to_owned()),
        false => Err("write one number, best with its country, as in +44 20 7946 0100".to_owned()),
    }
}

/// A mail domain that belongs to one agency.
pub fn domain(text: &str) -> Result<String, String> {
    let text = text.trim();
    if text.contains('@') {
        return Err("write what stands behind the @ alone, as in met.police.uk".to_owned());
    }
    let Ok(email) = Email::parse(&format!("x@{text}")) else {
        return Err("this is no mail domain; one is written as in met.police.uk".to_owned());
    };
    if is_free_mail(email.domain()) {
        return Err("anybody can have an address there, so it shows nobody's identity".to_owned());
    }
    if let Some(odd) = email.oddities().first() {
        return Err(format!("look closely: it has {odd}"));
    }
    Ok(email.domain().to_owned())
}

/// A key to encrypt to: of age, or the fingerprint of an OpenPGP key.
pub fn key(text: &str) -> Result<String, String> {
    let key: String = text.split_whitespace().collect();
    let of_age = key.len() == 62 && key.starts_with("age1") && key.chars().all(|c| c.is_ascii_alphanumeric());
    let of_pgp = key.len() == 40 && key.chars().all(|c| c.is_ascii_hexdigit());
    if key.to_ascii_uppercase().starts_with("AGE-SECRET-KEY-") {
        return Err(
            "this is an age identity, which must stay with its owner; write the age1… line".to_owned()
        );
    }
    match of_age || of_pgp {
        true => Ok(key),
        false => Err("write an age1… recipient, or the 40 digits of an OpenPGP fingerprint".to_owned()),
    }
}

/// Where an entry was learned.
pub fn source(text: &str) -> Result<String, String> {
    let text = text.trim();
    match text.chars().filter(|c| c.is_alphanumeric()).count() {
        0..=3 => Err("say where you found it, such as their own site, and when".to_owned()),
        _ => Ok(text.to_owned()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_directory_is_read() {
        let read = read(
            "agencies:\n  - name: Kent Police\n    phones: +44 1632 960200\n    domains: [Kent.police.uk]\n    \
             source: their own site, 2026-03-01\n",
        );
        let read = read.unwrap();
        assert_eq!(read[0].domains, ["kent.police.uk"]);
        assert_eq!(read[0].phones, ["+44 1632 960200"]);
        assert!(!read[0].added);
    }

    #[test]
    fn a_name_can_stand_in_a_command() {
        assert_eq!(name("  Kent   Police ").as_deref(), Ok("Kent Police"));
        for text in ["Kent “Police”", "Kent \"Police", "Kent\u{202E}", "…", "", &"x".repeat(121)] {
            assert!(name(text).is_err(), "{text}");
        }
    }

    #[test]
    fn every_mistake_is_told_with_its_place() {
        let text = "\
agencies:
  - name: Kent Police
    phones: [\"+44 1632 960200\", \"999\"]
    domain: kent.police.uk
    source: their own site
  - name: Met
    phones: [\"020 7946 0100\"]
    source: their own site
  - name: Fake Met
    phones: [\"+44 20 7946 0100\"]
    domains: [gmail.com, jane@met.police.uk]
    keys: [age1]
    source: me
  - name: Met
    phones: \"+44 20 7946 0100\"
    source: their own site
  - source: their own site
";
        let said: Vec<String> = read(text).unwrap_err().iter().map(ToString::to_string).collect();
        let expected = [
            "3:33: an item of `phones` `999`: write one number, best with its country, as in +44 20 7946 0100",
            "4:5: there is no key `domain`; did you mean `domains`?",
            "11:15: an item of `domains` `gmail.com`: anybody can have an address there, so it shows nobody's identity",
            "11:26: an item of `domains` `jane@met.police.uk`: write what stands behind the @ alone, as in met.police.uk",
            "12:12: an item of `keys` `age1`: write an age1… recipient, or the 40 digits of an OpenPGP fingerprint",
            "13:13: `source` `me`: say where you found it, such as their own site, and when",
            "14:5: `Met` is listed twice, in line 6 already",
            "17:5: an item of `agencies` lacks `name`",
            "17:5: this agency has neither phones nor domains, so nobody can be verified by it",
        ];
        assert_eq!(said, expected);
    }

    #[test]
    fn a_number_or_domain_of_two_is_a_mistake() {
        let text = "\
agencies:
  - { name: Met, phones: [\"020 7946 0100\"], domains: [met.police.uk], source: their site }
  - { name: Fake, phones: [\"+44 20 7946 0100\"], source: their site }
  - { name: Other, domains: [met.police.uk], source: their site }
";
        let said: Vec<String> = read(text).unwrap_err().iter().map(ToString::to_string).collect();
        assert_eq!(
            said,
            [
                "3:5: the number `+44 20 7946 0100` is also that of `Met` in line 2",
                "4:5: the domain `met.police.uk` is also that of `Met` in line 2",
            ]
        );
    }
}
