//! The directory of agencies: whom the operator knows, by numbers and domains that were verified elsewhere (rule 61).
//!
//! The operator's file is its seed; what two people added lies in the journal. It answers look-ups; what follows from
//! one is said in `decide`.

use serde::{Deserialize, Serialize};

use super::entry_parts::{Addition, Signed};
use super::number::numbers;
use super::{Email, Key};

/// An agency that the operator knows.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Agency {
    /// Its name, which entries are known by.
    pub name: String,
    /// Numbers that may be called to verify a requester.
    #[serde(default)]
    pub phones: Vec<String>,
    /// Domains of its mail, in small letters.
    #[serde(default)]
    pub domains: Vec<String>,
    /// Keys to encrypt to.
    #[serde(default)]
    pub keys: Vec<String>,
    /// Where this was learned.
    pub source: String,
    /// Whether it was added here rather than read from the operator's file.
    #[serde(default)]
    pub added: bool,
    /// Who added it, and when, where the record says so.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub signed: Option<Box<Signed>>,
    /// What was added to it since. Its numbers, domains and keys stand among the others above.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub additions: Vec<Addition>,
}

/// What two agencies cannot both have.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Shared {
    /// The name.
    Name(String),
    /// A number.
    Phone(String),
    /// A domain.
    Domain(String),
}

impl Agency {
    /// Whether the entry goes by this name, however it is written.
    pub fn is_called(&self, name: &str) -> bool {
        matches!((Key::read(&self.name), Key::read(name)), (Ok(own), Ok(typed)) if own == typed)
    }

    /// The number of the entry that is this one.
    pub fn phone(&self, typed: &str) -> Option<&str> {
        self.phones.iter().map(String::as_str).find(|phone| is_same_number(phone, typed))
    }

    /// The number of the entry that stands somewhere in a text.
    pub fn phone_in(&self, text: &str) -> Option<&str> {
        self.phone_among(&numbers(text))
    }

    /// The number of the entry that is one of these.
    pub fn phone_among(&self, said: &[String]) -> Option<&str> {
        let mut own = self.phones.iter().map(String::as_str);
        own.find(|phone| said.iter().any(|said| is_same_number(phone, said)))
    }

    /// Whether a mail address belongs to the entry.
    pub fn has_address(&self, typed: &str) -> bool {
        Email::parse(typed).is_ok_and(|email| self.domain_over(email.domain()).is_some())
    }

    /// The domain of the entry that this one is, or lies under.
    pub fn domain_over(&self, domain: &str) -> Option<&str> {
        let domains = self.domains.iter().map(String::as_str).filter(|own| is_under(domain, own));
        domains.max_by_key(|own| own.len())
    }

    /// What this entry and another both have, and only one can.
    pub fn shares_with(&self, other: &Agency) -> Option<Shared> {
        if self.is_called(&other.name) {
            return Some(Shared::Name(other.name.clone()));
        }
        let phone = self.phones.iter().find(|phone| other.phone(phone).is_some());
        let domain = self.domains.iter().find(|domain| other.domains.contains(domain));
        phone.cloned().map(Shared::Phone).or_else(|| domain.cloned().map(Shared::Domain))
    }
}

/// The entry of this name or with this domain.
pub fn entry<'a>(directory: &'a [Agency], typed: &str) -> Option<&'a Agency> {
    let domain = typed.trim().to_lowercase();
    let named = directory.iter().find(|agency| agency.is_called(typed));
    named.or_else(|| directory.iter().find(|agency| agency.domains.contains(&domain)))
}

/// The entry that a mail domain belongs to: of several, the one that names it most exactly.
pub fn owner_of<'a>(directory: &'a [Agency], domain: &str) -> Option<&'a Agency> {
    let owners = directory.iter().filter_map(|agency| Some((agency.domain_over(domain)?.len(), agency)));
    owners.max_by_key(|(length, _)| *length).map(|(_, agency)| agency)
}

/// The entry whose number stands in a text, if it is one entry alone.
pub fn called<'a>(directory: &'a [Agency], text: &str) -> Option<&'a Agency> {
    let mut called = directory.iter().filter(|agency| agency.phone_in(text).is_some());
    called.next().filter(|_| called.next().is_none())
}

/// The longest name of an entry.
pub const LONGEST_NAME: usize = 120;

/// Whether a domain is another one or lies under it.
pub(super) fn is_under(domain: &str, over: &str) -> bool {
    domain.strip_suffix(over).is_some_and(|rest| rest.is_empty() || rest.ends_with('.'))
}

/// Whether two writings are one number: with or without the country's code, and the zero that is dialled at home. Unlike
/// what is compared with a request, an accident here would only confuse two honest entries, so it must be the whole number.
pub fn is_same_number(one: &str, other: &str) -> bool {
    let (Some(one), Some(other)) = (plain(one), plain(other)) else {
        return false;
    };
    let (longer, shorter) = if one.len() >= other.len() { (one, other) } else { (other, one) };
    longer.ends_with(&shorter) && longer.len() - shorter.len() <= COUNTRY_CODE && shorter.len() >= SHORTEST
}

/// The only number of a text, without the zeros before it.
fn plain(text: &str) -> Option<String> {
    let all = numbers(text);
    match all.as_slice() {
        [only] => Some(only.trim_start_matches('0').to_owned()),
        _ => None,
    }
}

/// The digits of the longest code of a country.
const COUNTRY_CODE: usize = 3;
/// A number that is compared has this many digits.
const SHORTEST: usize = 6;

/// Whether a text is one number that can be called, and nothing else.
pub fn is_phone(text: &str) -> bool {
    let fits = |c: char| c.is_ascii_digit() || c.is_whitespace() || "+()-–./".contains(c);
    text.chars().all(fits) && plain(text).is_some_and(|number| number.len() >= SHORTEST)
}

#[cfg(test)]
pub(crate) mod tests {
    use super::*;

    pub(crate) fn agency(name: &str, phones: &[&str], domains: &[&str]) -> Agency {
        let owned = |words: &[&str]| words.iter().map(|word| (*word).to_owned()).collect();
        Agency {
            name: name.to_owned(),
            phones: owned(phones),
            domains: owned(domains),
            keys: Vec::new(),
            source: "their own site".to_owned(),
            added: false,
            signed: None,
            additions: Vec::new(),
        }
    }

    fn directory() -> Vec<Agency> {
        vec![
            agency("Metropolitan Police Service", &["+44 20 7946 0100"], &["met.police.uk"]),
            agency("Kent Police", &["+44 1632 960200"], &["kent.police.uk"]),
            agency("Police Digital Service", &["+44 1632 960300"], &["police.uk"]),
        ]
    }

    #[test]
    fn an_entry_is_found_by_its_name_or_domain() {
        let directory = directory();
        let found = |typed: &str| entry(&directory, typed).map(|agency| agency.name.as_str());
        assert_eq!(found("metropolitan  police-service"), Some("Metropolitan Police Service"));
        assert_eq!(found("Kent.police.UK"), Some("Kent Police"));
        assert_eq!(found("kent"), None);
    }

    #[test]
    fn a_domain_belongs_to_whoever_names_it_most_exactly() {
        let directory = directory();
        let owner = |domain: &str| owner_of(&directory, domain).map(|agency| agency.name.as_str());
        assert_eq!(owner("met.police.uk"), Some("Metropolitan Police Service"));
        assert_eq!(owner("cyber.met.police.uk"), Some("Metropolitan Police Service"));
        assert_eq!(owner("sussex.police.uk"), Some("Police Digital Service"));
        assert_eq!(owner("notmet.police.uk.example"), None);
        assert_eq!(owner("xpolice.uk"), None);
    }

    #[test]
    fn a_number_is_one_however_it_is_dialled() {
        let met = &directory()[0];
        for typed in ["+44 20 7946 0100", "020 7946 0100", "+44 (0)20 7946-0100", "00442079460100"] {
            assert_eq!(met.phone(typed), Some("+44 20 7946 0100"), "{typed}");
        }
        // The last seven digits alone are many numbers.
        for typed in ["7946 0101", "946 0100", "+1 212 946 0100", "", "020 7946 0100 / 020 7946 0101"] {
            assert_eq!(met.phone(typed), None, "{typed}");
        }
        assert_eq!(met.phone_in("called 020 7946 0100, then waited"), Some("+44 20 7946 0100"));
        assert_eq!(
            called(&directory(), "called 01632 960200").map(|agency| agency.name.as_str()),
            Some("Kent Police")
        );
        assert_eq!(called(&directory(), "called 01632 960200, 020 7946 0100"), None);
    }

    #[test]
    fn what_two_entries_share_is_named() {
        let met = agency("Met", &["020 7946 0100"], &["met.police.uk"]);
        let shared = |other: &Agency| met.shares_with(other);
        assert_eq!(shared(&agency("MET", &[], &[])), Some(Shared::Name("MET".to_owned())));
        assert_eq!(
            shared(&agency("Fake", &["+44 20 7946 0100"], &[])),
            Some(Shared::Phone("020 7946 0100".to_owned()))
        );
        assert_eq!(
            shared(&agency("Fake", &[], &["met.police.uk"])),
            Some(Shared::Domain("met.police.uk".to_owned()))
        );
        assert_eq!(shared(&agency("Kent", &["01632 960200"], &["kent.police.uk"])), None);
    }
}
