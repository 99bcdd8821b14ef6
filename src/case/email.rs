//! A mail address, parsed once at the edge. Does not know whether anybody reads it.
//!
//! The domain is kept in lower case, so that two writings of one address are equal; the part before `@` as typed.
//! Letters beyond ASCII are read on both sides: a look-alike must be nameable. See [`Email::oddities`].

use std::fmt;

use serde::{Deserialize, Serialize};

use super::oddity::{self, Oddity};

/// A mail address, `local@domain`.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct Email {
    full: String,
    at: usize,
}

/// A mail address with the name that was written before it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Mailbox {
    /// The name, without quotes; it proves nothing.
    pub name: Option<String>,
    /// The address.
    pub email: Email,
}

/// Why a text is not a mail address.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum EmailFault {
    /// There is nothing.
    #[error("there is no address; one is written name@domain")]
    Empty,
    /// There is no `@`.
    #[error("a mail address has an @, as in name@domain")]
    NoAt,
    /// There is more than one `@`.
    #[error("a mail address has one @ only")]
    TwoAts,
    /// What stands before `@` is no name.
    #[error("what stands before the @ is not the name of a mailbox")]
    BadName,
    /// What stands behind `@` is no domain.
    #[error("what stands behind the @ is not a domain, such as example.org")]
    BadDomain,
    /// It has a space inside.
    #[error("a mail address has no spaces")]
    Space,
    /// It has a control character inside.
    #[error("a mail address has no control characters; this one has U+{:04X}", u32::from(*.0))]
    Control(char),
    /// It is longer than any address.
    #[error("a mail address is at most 254 bytes long; this one has {0}")]
    TooLong(usize),
    /// `<` without `>`, or text behind it.
    #[error("write the address as name@domain, or as Name <name@domain>")]
    Brackets,
}

impl Email {
    /// Longest address, in bytes.
    pub const LONGEST: usize = 254;

    /// Parses `local@domain`.
    pub fn parse(text: &str) -> Result<Email, EmailFault> {
        if text.is_empty() {
            return Err(EmailFault::Empty);
        }
        if text.len() > Email::LONGEST {
            return Err(EmailFault::TooLong(text.len()));
        }
        if let Some(c) = text.chars().find(|c| c.is_control() && !matches!(c, '\t' | '\n' | '\r')) {
            return Err(EmailFault::Control(c));
        }
        if text.contains(char::is_whitespace) {
            return Err(EmailFault::Space);
        }
        let (name, domain) = text.split_once('@').ok_or(EmailFault::NoAt)?;
        if domain.contains('@') {
            return Err(EmailFault::TwoAts);
        }
        if !is_name(name) {
            return Err(EmailFault::BadName);
        }
        if !is_domain(domain) {
            return Err(EmailFault::BadDomain);
        }
        // ASCII only: other letters keep their length and their look, and are flagged.
        let full = format!("{name}@{}", domain.to_ascii_lowercase());
        Ok(Email { full, at: name.len() })
    }

    /// The whole address.
    pub fn as_str(&self) -> &str {
        &self.full
    }

    /// The part before `@`, as typed.
    pub fn local(&self) -> &str {
        &self.full[..self.at]
    }

    /// The part behind `@`, in lower case.
    pub fn domain(&self) -> &str {
        &self.full[self.at + 1..]
    }

    /// What about it an eye may miss, each once.
    pub fn oddities(&self) -> Vec<Oddity> {
        oddity::joined(oddity::of_name(self.local()), oddity::of_server(self.domain()))
    }
}

/// Reads `jane@x.org`, `mailto:jane@x.org`, `Jane Roe <jane@x.org>` and `"Roe, Jane" <jane@x.org>`.
pub fn read_mailbox(text: &str) -> Result<Mailbox, EmailFault> {
    let text = text.trim();
    let Some((before, rest)) = text.rsplit_once('<') else {
        let text = text.strip_prefix("mailto:").unwrap_or(text);
        return Email::parse(text).map(|email| Mailbox { name: None, email });
    };
    let address = rest.strip_suffix('>').ok_or(EmailFault::Brackets)?;
    let email = Email::parse(address.trim())?;
    let name =
        before.trim_matches(|c: char| c.is_whitespace() || matches!(c, '"' | '“' | '”' | '„')).to_owned();
    let name = (!name.is_empty()).then_some(name);
    Ok(Mailbox { name, email })
}

/// Reads one address or several, as a line has them: `jane@x.org, Bob Low <bob@y.org>`. All of them, or none.
pub fn read_mailboxes(text: &str) -> Result<Vec<Mailbox>, EmailFault> {
    // A comma may belong to a name, so the whole is tried first.
    let one = match read_mailbox(text) {
        Ok(mailbox) => return Ok(vec![mailbox]),
        Err(fault) => fault,
    };
    let mut found: Vec<Mailbox> = Vec::new();
    let pieces = text.split([',', ';', '\n']).flat_map(|piece| piece.split(" and ")).map(str::trim);
    for piece in pieces.filter(|piece| !piece.is_empty()) {
        let words: Vec<&str> = piece.split_whitespace().collect();
        let are_addresses = words.len() > 1 && words.iter().all(|word| word.contains('@'));
        let each = if are_addresses { words } else { vec![piece] };
        for piece in each {
            let mailbox = read_mailbox(piece).map_err(|_| one)?;
            if !found.iter().any(|other| other.email == mailbox.email) {
                found.push(mailbox);
            }
        }
    }
    if found.is_empty() { Err(one) } else { Ok(found) }
}

fn is_name(name: &str) -> bool {
    !name.is_empty()
        && name.len() <= 64
        && !name.starts_with('.')
        && !name.ends_with('.')
        && !name.contains("..")
        && name
            .chars()
            .all(|c| !c.is_ascii() || c.is_ascii_alphanumeric() || "!#$%&'*+-/=?^_`{|}~.".contains(c))
}

/// Whether a text has the form of a domain.
pub(super) fn is_domain(domain: &str) -> bool {
    domain.contains('.')
        && domain.split('.').all(|label| {
            !label.is_empty()
                && label.len() <= 63
                && !label.starts_with('-')
                && !label.ends_with('-')
                && label.chars().all(|c| !c.is_ascii() || c.is_ascii_alphanumeric() || c == '-')
        })
        && domain.rsplit('.').next().is_some_and(|last| !last.bytes().all(|b| b.is_ascii_digit()))
}

impl TryFrom<String> for Email {
    type Error = EmailFault;
    fn try_from(text: String) -> Result<Email, EmailFault> {
        Email::parse(&text)
    }
}

impl From<Email> for String {
    fn from(email: Email) -> String {
        email.full
    }
}

impl fmt::Display for Email {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.full)
    }
}

impl fmt::Debug for Email {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.full)
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn addresses_are_read_and_their_domain_has_one_writing() {
        let email = Email::parse("Jane.Roe+x@Met.Police.UK").unwrap();
        assert_eq!((email.local(), email.domain()), ("Jane.Roe+x", "met.police.uk"));
        assert_eq!(email.to_string(), "Jane.Roe+x@met.police.uk");
        assert_eq!(email.oddities(), []);
    }

    #[test]
    fn each_fault_is_named() {
        for (text, fault) in [
            ("", EmailFault::Empty),
            ("jane", EmailFault::NoAt),
            ("a@b@c.org", EmailFault::TwoAts),
            ("@b.org", EmailFault::BadName),
            (".a@b.org", EmailFault::BadName),
            ("a..b@c.org", EmailFault::BadName),
            ("a\"b@c.org", EmailFault::BadName),
            ("a@", EmailFault::BadDomain),
            ("a@localhost", EmailFault::BadDomain),
            ("a@b..org", EmailFault::BadDomain),
            ("a@-b.org", EmailFault::BadDomain),
            ("a@1.2.3.4", EmailFault::BadDomain),
            ("a b@c.org", EmailFault::Space),
            ("a\u{7}b@c.org", EmailFault::Control('\u{7}')),
        ] {
            assert_eq!(Email::parse(text), Err(fault), "{text}");
        }
        let long = format!("a@{}org", "b.".repeat(126));
        assert_eq!(Email::parse(&long), Err(EmailFault::TooLong(257)));
    }

    #[test]
    fn look_alikes_can_be_named_and_are_flagged() {
        let odd = |text: &str| Email::parse(text).unwrap().oddities();
        assert_eq!(odd("jane@mеt.police.uk"), [Oddity::MixedScripts, Oddity::NotAscii]);
        assert_eq!(odd("jane@xn--mt-hlc.police.uk"), [Oddity::Punycode]);
        assert!(odd("ja\u{200B}ne@met.police.uk").contains(&Oddity::Invisible('\u{200B}')));
    }

    #[test]
    fn a_mailbox_may_have_a_name() {
        let read = |text: &str| read_mailbox(text).map(|found| (found.name, found.email.to_string()));
        let jane = "jane@x.org".to_owned();
        assert_eq!(read(" jane@x.org "), Ok((None, jane.clone())));
        assert_eq!(read("mailto:jane@x.org"), Ok((None, jane.clone())));
        assert_eq!(read("<jane@x.org>"), Ok((None, jane.clone())));
        assert_eq!(read("Jane Roe <jane@x.org>"), Ok((Some("Jane Roe".into()), jane.clone())));
        assert_eq!(read("\"Roe, Jane\" < jane@x.org >"), Ok((Some("Roe, Jane".into()), jane)));
        assert_eq!(read("Jane <jane@x.org"), Err(EmailFault::Brackets));
        assert_eq!(read("Jane <jane@x.org> or so"), Err(EmailFault::Brackets));
    }

    proptest! {
        #[test]
        fn whatever_is_read_is_read_again_as_itself(text in "\\PC{0,12}@?[a-zA-Zé.-]{0,12}") {
            if let Ok(email) = Email::parse(&text) {
                prop_assert_eq!(Email::parse(email.as_str()), Ok(email));
            }
        }
    }
}
