//! `directory.yaml`: the agencies that the operator knows, as a file. Every mistake is told with its line and column.
//!
//! Knows no disk and no case. `docs/directory.md` explains the file to people.

use crate::case::directory::{LONGEST_NAME, is_phone, is_same_number};
use crate::case::free_mail::is_free_mail;
use crate::case::public_suffix::is_public_suffix;
use crate::case::{Agency, Email, Key, glyph};
use crate::yaml::{self, Mistake, Node, Place, quoted};

/// The longest file that is read, in bytes.
pub const LONGEST: usize = 4 * 1024 * 1024;

/// Reads a directory from a text, or tells every mistake in it.
pub fn read(text: &str) -> Result<Vec<Agency>, Vec<Mistake>> {
    yaml::read(text, LONGEST, |node| node.map(&["agencies"])?.must("agencies", agencies))
}

fn agencies(node: Node<'_>) -> Option<Vec<Agency>> {
    let mut known = Known::default();
    let read: Vec<Option<Agency>> =
        node.list()?.into_iter().enumerate().map(|(n, item)| agency(n, item, &mut known)).collect();
    read.into_iter().collect()
}

/// What entries have, and where each has it: a name, a number or a domain must lead to one agency.
#[derive(Default)]
struct Known {
    names: Vec<(String, Place)>,
    phones: Vec<Listed>,
    domains: Vec<Listed>,
}

/// A number or a domain of an entry.
struct Listed {
    value: String,
    place: Place,
    /// Which entry, counted from the top, and what it is called.
    of: (usize, String),
}

impl Known {
    fn name(&mut self, name: &str, node: Node<'_>) {
        let is_same =
            |other: &str| matches!((Key::read(other), Key::read(name)), (Ok(one), Ok(two)) if one == two);
        match self.names.iter().find(|(other, _)| is_same(other)) {
            Some((_, place)) => {
                node.wrong(format_args!("{} is listed twice, in line {} already", quoted(name), place.line));
            }
            None => self.names.push((name.to_owned(), node.place())),
        }
    }
}

/// Takes down numbers or domains of an entry; what is taken already is a mistake where it stands.
fn take(
    listed: &mut Vec<Listed>,
    values: &[(String, Node<'_>)],
    what: &str,
    of: &(usize, String),
    is_same: fn(&str, &str) -> bool,
) {
    for (value, node) in values {
        match listed.iter().find(|other| is_same(&other.value, value)) {
            Some(other) if other.of.0 == of.0 => {
                node.wrong(format_args!(
                    "this stands twice in `{}`, in line {} already",
                    node.name(),
                    other.place.line
                ));
            }
            Some(other) => {
                let there = format!("{} in line {}", quoted(&other.of.1), other.place.line);
                node.wrong(format_args!("the {what} {} is also that of {there}", quoted(value)));
            }
            None => listed.push(Listed { value: value.clone(), place: node.place(), of: of.clone() }),
        }
    }
}

fn agency(n: usize, node: Node<'_>, known: &mut Known) -> Option<Agency> {
    let map = node.map(&["name", "phones", "domains", "keys", "source"])?;
    let name = map.must("name", |node| {
        let name = node.parse(name)?;
        known.name(&name, node);
        Some(name)
    });
    // What is right is compared with the other entries also where something beside it is wrong.
    let mut is_whole = true;
    let mut read = |key, value| {
        let values = map.or(key, Vec::new(), |node| each(node, value, &mut is_whole));
        values.unwrap_or_else(|| {
            is_whole = false;
            Vec::new()
        })
    };
    let (phones, domains, keys) = (read("phones", phone), read("domains", domain), read("keys", key));
    let of = (n, name.clone().unwrap_or_else(|| "an agency".to_owned()));
    take(&mut known.phones, &phones, "number", &of, is_same_number);
    take(&mut known.domains, &domains, "domain", &of, |one, other| one == other);
    let source = map.must("source", |node| node.parse(source));
    if is_whole && phones.is_empty() && domains.is_empty() {
        node.wrong("this agency has neither phones nor domains, so nobody can be verified by it");
        return None;
    }
    let plain = |values: Vec<(String, Node<'_>)>| values.into_iter().map(|(value, _)| value).collect();
    let (phones, domains, keys) = (plain(phones), plain(domains), plain(keys));
    let agency = Agency {
        name: name?,
        phones,
        domains,
        keys,
        source: source?,
        added: false,
        signed: None,
        additions: Vec::new(),
    };
    is_whole.then_some(agency)
}

/// The values that can be read of one value or a list; whether that is all of them is put into `is_whole`.
fn each<'a>(
    node: Node<'a>,
    read: fn(&str) -> Result<String, String>,
    is_whole: &mut bool,
) -> Option<Vec<(String, Node<'a>)>> {
    let items = node.one_or_more()?;
    let count = items.len();
    let values: Vec<_> = items.into_iter().filter_map(|item| Some((item.parse(read)?, item))).collect();
    *is_whole &= values.len() == count;
    Some(values)
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

/// A number that can be called, from wherever the moderator is.
pub fn phone(text: &str) -> Result<String, String> {
    let text = dialled(text)?;
    match text.trim_start_matches(['(', '[']).starts_with('+') || text.starts_with("00") {
        true => Ok(text),
        false => Err("write its country before it, as in +44 20 7946 0100".to_owned()),
    }
}

/// A number as somebody dials it, with or without its country.
pub fn dialled(text: &str) -> Result<String, String> {
    let text = text.trim();
    match is_phone(text) {
        true => Ok(text.to_owned()),
        false => Err("write one number with its country, as in +44 20 7946 0100".to_owned()),
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
    if is_public_suffix(email.domain()) {
        return Err(
            "everybody's domains lie under this one; write the agency's own, as in met.police.uk".to_owned()
        );
    }
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
    fn an_ending_is_no_agencys_domain() {
        for text in ["co.uk", "gov.uk", "GOV.UK", "gouv.fr"] {
            assert!(domain(text).is_err_and(|why| why.starts_with("everybody's domains")), "{text}");
        }
        for text in ["com", "de"] {
            assert!(domain(text).is_err(), "{text}");
        }
        assert_eq!(domain("police.uk").as_deref(), Ok("police.uk"), "a registry of the police alone");
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
    phones: [\"+44 20 7946 0100\", \"020 7946 0101\"]
    source: their own site
  - name: Fake Met
    phones: [\"0044 20 7946 0100\", \"+44 1632 960200\"]
    domains: [gmail.com, jane@met.police.uk]
    keys: [age1]
    source: me
  - name: MET
    phones: \"+44 20 7946 0100\"
    source: their own site
  - source: their own site
  - name: Kent
    phones:
      - \"+44 1632 960209\"
      - \"+44 (0)1632 960209\"
    domains: kent.police.example
    keys: 0123456789ABCDEF0123456789ABCDEF0123456
    source: their own site
  - name: Essex
    domains: kent.police.example
    source: their own site
";
        let said: Vec<String> = read(text).unwrap_err().iter().map(ToString::to_string).collect();
        let expected = [
            "3:33: an item of `phones` `999`: write one number with its country, as in +44 20 7946 0100",
            "4:5: there is no key `domain`; did you mean `domains`?",
            "7:34: an item of `phones` `020 7946 0101`: write its country before it, as in +44 20 7946 0100",
            "10:14: the number `0044 20 7946 0100` is also that of `Met` in line 7",
            "10:35: the number `+44 1632 960200` is also that of `Kent Police` in line 3",
            "11:15: an item of `domains` `gmail.com`: anybody can have an address there, so it shows nobody's identity",
            "11:26: an item of `domains` `jane@met.police.uk`: write what stands behind the @ alone, as in met.police.uk",
            "12:12: an item of `keys` `age1`: write an age1… recipient, or the 40 digits of an OpenPGP fingerprint",
            "13:13: `source` `me`: say where you found it, such as their own site, and when",
            "14:11: `MET` is listed twice, in line 6 already",
            "15:13: the number `+44 20 7946 0100` is also that of `Met` in line 7",
            "17:5: an item of `agencies` lacks `name`",
            "17:5: this agency has neither phones nor domains, so nobody can be verified by it",
            "21:9: this stands twice in `phones`, in line 20 already",
            "23:11: `keys` `0123456789ABCDEF0123456789ABCDEF0123456`: write an age1… recipient, or the 40 digits of an OpenPGP fingerprint",
            "26:14: the domain `kent.police.example` is also that of `Kent` in line 22",
        ];
        assert_eq!(said, expected);
    }
}
