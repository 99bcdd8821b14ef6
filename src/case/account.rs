//! A Matrix account, parsed once at the edge. Does not know whether it exists, nor which servers are ours.
//!
//! A server's name is kept in lower case, whatever was typed: two writings of one server are one account, for equality
//! and for every look-up that hashes the text (a gag found under one writing must bind under the other). The name before
//! it is kept to the byte, because old accounts differ by case alone, and a look-alike must be nameable exactly.

use std::fmt;

use serde::{Deserialize, Serialize};

use super::oddity::{self, Oddity};
use super::server::{ServerFault, check_server};

/// A full Matrix ID, `@localpart:server`.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct Account {
    full: String,
    colon: usize,
}

/// Why a text is not a Matrix ID.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum AccountFault {
    /// There is nothing.
    #[error("there is no account; one is written @name:server")]
    Empty,
    /// It does not begin with `@`.
    #[error("an account begins with @, as in @name:server")]
    NoAt,
    /// Nothing stands between `@` and the colon.
    #[error("the name between @ and the colon is missing")]
    NoName,
    /// There is no colon, or nothing behind it.
    #[error("the server is missing; an account is written @name:server")]
    NoServer,
    /// The server's name is not one.
    #[error("what follows the colon is not a server's name")]
    BadServer,
    /// The server's name has a character that none has: a look-alike, or something pasted along.
    #[error("a server's name cannot hold U+{:04X}; it has a to z, digits, dots and hyphens only", u32::from(*.0))]
    ServerLetter(char),
    /// The port is not one.
    #[error("what follows the server's name is not a port between 1 and 65535")]
    BadPort,
    /// It has a space inside.
    #[error("an account has no spaces")]
    Space,
    /// It has a control character inside.
    #[error("an account has no control characters; this one has U+{:04X}", u32::from(*.0))]
    Control(char),
    /// It is longer than any account.
    #[error("an account is at most 255 bytes long; this one has {0}")]
    TooLong(usize),
    /// It is a link, but not to an account.
    #[error("this link does not lead to an account")]
    BadLink,
    /// It is a link that shows one account and leads to another.
    #[error("this link shows one account and leads to another; write the account itself")]
    FalseLink,
}

impl Account {
    /// Longest account, in bytes.
    pub const LONGEST: usize = 255;

    /// Parses `@localpart:server`. Localparts beyond today's alphabet exist and are read; see [`Account::oddities`].
    pub fn parse(text: &str) -> Result<Account, AccountFault> {
        if text.is_empty() {
            return Err(AccountFault::Empty);
        }
        let rest = text.strip_prefix('@').ok_or(AccountFault::NoAt)?;
        if text.len() > Account::LONGEST {
            return Err(AccountFault::TooLong(text.len()));
        }
        if let Some(c) = text.chars().find(|c| c.is_control() && !matches!(c, '\t' | '\n' | '\r')) {
            return Err(AccountFault::Control(c));
        }
        if text.contains(char::is_whitespace) {
            return Err(AccountFault::Space);
        }
        let (name, server) = rest.split_once(':').ok_or(AccountFault::NoServer)?;
        if name.is_empty() {
            return Err(AccountFault::NoName);
        }
        check_server(server).map_err(|fault| match fault {
            ServerFault::Empty => AccountFault::NoServer,
            ServerFault::Letter(c) => AccountFault::ServerLetter(c),
            ServerFault::Form => AccountFault::BadServer,
            ServerFault::Port => AccountFault::BadPort,
        })?;
        Ok(Account { full: format!("@{name}:{}", server.to_ascii_lowercase()), colon: 1 + name.len() })
    }

    /// The whole ID; two equal accounts have the same text.
    pub fn as_str(&self) -> &str {
        &self.full
    }

    /// The part between `@` and the first colon, as typed.
    pub fn localpart(&self) -> &str {
        &self.full[1..self.colon]
    }

    /// The part behind the first colon, in lower case.
    pub fn server(&self) -> &str {
        &self.full[self.colon + 1..]
    }

    /// The account without the port that its server's name gives, if it gives one. A request may write a port into the name
    /// of a server that has none.
    pub fn without_port(&self) -> Option<Account> {
        let (host, port) = self.full.rsplit_once(':').filter(|(host, _)| host.len() > self.colon)?;
        let is_port = port.bytes().all(|byte| byte.is_ascii_digit());
        is_port.then(|| Account { full: host.to_owned(), colon: self.colon })
    }

    /// Whether it belongs to one of these servers; their case does not matter.
    pub fn is_of(&self, servers: &[String]) -> bool {
        servers.iter().any(|server| server.eq_ignore_ascii_case(self.server()))
    }

    /// What about it an eye may miss, each once.
    pub fn oddities(&self) -> Vec<Oddity> {
        let mut found = oddity::joined(oddity::of_name(self.localpart()), oddity::of_server(self.server()));
        if self.localpart().chars().any(char::is_uppercase) {
            found.push(Oddity::UpperCase);
        }
        found
    }
}

impl TryFrom<String> for Account {
    type Error = AccountFault;
    fn try_from(text: String) -> Result<Account, AccountFault> {
        Account::parse(&text)
    }
}

impl From<Account> for String {
    fn from(account: Account) -> String {
        account.full
    }
}

impl fmt::Display for Account {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.full)
    }
}

impl fmt::Debug for Account {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.full)
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn accounts_of_every_age_are_read() {
        for text in [
            "@alice:example.org",
            "@Alice:example.org",
            "@a=2Fb/c+d.e_f-9:example.org:8448",
            "@!#$%&'()*,;<>?[]^`{|}~\"\\:localhost",
            "@алиса:example.org",
            "@al\u{200B}ice:example.org",
            "@ali\u{202E}ce:[2001:db8::1]:8448",
        ] {
            let account = Account::parse(text).unwrap_or_else(|fault| panic!("{text}: {fault}"));
            assert_eq!(account.as_str(), text);
            assert_eq!(format!("@{}:{}", account.localpart(), account.server()), text);
        }
    }

    #[test]
    fn each_fault_is_named() {
        for (text, fault) in [
            ("", AccountFault::Empty),
            ("alice", AccountFault::NoAt),
            ("alice:example.org", AccountFault::NoAt),
            ("@alice", AccountFault::NoServer),
            ("@alice:", AccountFault::NoServer),
            ("@:example.org", AccountFault::NoName),
            ("@alice:exa mple.org", AccountFault::Space),
            ("@alice\u{A0}:example.org", AccountFault::Space),
            ("@alice:example.org\n", AccountFault::Space),
            ("@al\u{0}ice:example.org", AccountFault::Control('\u{0}')),
            ("@al\u{85}ice:example.org", AccountFault::Control('\u{85}')),
            ("@alice:exаmple.org", AccountFault::ServerLetter('а')),
            ("@alice:example..org", AccountFault::BadServer),
            ("@alice:example.org:0", AccountFault::BadPort),
        ] {
            assert_eq!(Account::parse(text), Err(fault), "{text}");
        }
        let long = format!("@{}:example.org", "a".repeat(243));
        assert_eq!(Account::parse(&long), Err(AccountFault::TooLong(256)));
        assert!(Account::parse(&long.replacen('a', "", 1)).is_ok());
    }

    #[test]
    fn a_server_has_one_writing_and_a_name_keeps_its_own() {
        let typed = Account::parse("@Alice:Example.ORG").ok();
        assert_eq!(typed, Account::parse("@Alice:example.org").ok());
        assert_ne!(typed, Account::parse("@alice:example.org").ok());
        assert_eq!(typed.map(|account| account.to_string()), Some("@Alice:example.org".to_owned()));
    }

    #[test]
    fn it_knows_our_servers_in_any_case() {
        let account = Account::parse("@alice:example.org").unwrap();
        assert!(account.is_of(&["try.test".to_owned(), "Example.org".to_owned()]));
        assert!(!account.is_of(&["example.or".to_owned(), "ample.org".to_owned()]));
        assert!(!account.is_of(&[]));
    }

    #[test]
    fn oddities_are_shown_and_plain_accounts_have_none() {
        let odd = |text: &str| Account::parse(text).unwrap().oddities();
        assert_eq!(odd("@alice:example.org"), []);
        assert_eq!(odd("@Alice:example.org"), [Oddity::UpperCase]);
        assert_eq!(odd("@alice:xn--e1afmkfd.org"), [Oddity::Punycode]);
        assert_eq!(odd("@аlice:example.org"), [Oddity::MixedScripts, Oddity::NotAscii]);
        assert!(odd("@a\u{200D}b:example.org").contains(&Oddity::Invisible('\u{200D}')));
    }

    #[test]
    fn serde_checks_what_it_reads() {
        let account: Account = serde_json::from_str("\"@alice:example.org\"").unwrap();
        assert_eq!(serde_json::to_string(&account).unwrap(), "\"@alice:example.org\"");
        assert!(serde_json::from_str::<Account>("\"alice\"").is_err());
    }

    proptest! {
        #[test]
        fn whatever_is_read_is_read_again_as_itself(text in "@?\\PC{0,20}:?[a-zA-Z0-9.:\\[\\]-]{0,20}") {
            if let Ok(account) = Account::parse(&text) {
                prop_assert_eq!(Account::parse(account.as_str()), Ok(account.clone()));
                prop_assert_eq!(account.oddities().contains(&Oddity::NotAscii), !account.as_str().is_ascii());
            }
        }
    }
}
