//! A Matrix account, parsed once at the edge.

use std::fmt;

use serde::{Deserialize, Serialize};

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
    /// It does not have the form `@name:server`.
    #[error("an account is written @name:server")]
    Form,
}

impl Account {
    /// Parses `@localpart:server`.
    pub fn parse(text: &str) -> Result<Account, AccountFault> {
        let rest = text.strip_prefix('@').ok_or(AccountFault::Form)?;
        let colon = rest.find(':').ok_or(AccountFault::Form)? + 1;
        if colon == 1 || colon + 1 >= text.len() || text.len() > 255 || text.contains(char::is_whitespace) {
            return Err(AccountFault::Form);
        }
        Ok(Account {
            full: text.to_owned(),
            colon,
        })
    }

    /// The whole ID.
    pub fn as_str(&self) -> &str {
        &self.full
    }

    /// The part between `@` and the first colon.
    pub fn localpart(&self) -> &str {
        &self.full[1..self.colon]
    }

    /// The part behind the first colon.
    pub fn server(&self) -> &str {
        &self.full[self.colon + 1..]
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
