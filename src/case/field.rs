//! One line of a request as it stands on the case: what was typed, and what it was understood as.
//!
//! Reading happens once, at the edge (`chat::reading`); nothing here parses text.

use chrono::NaiveDate;
use serde::{Deserialize, Serialize};

use super::discretion::may_ask_for_secrecy;
use super::plea::{is_of_notices, plea};
use super::{Account, SECRECY_KEY};

/// A line of a request. Foreign text: shown only through `chat::Line`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Field {
    /// The key in its normal form, which the policy knows it by.
    pub key: String,
    /// The label as it was typed.
    pub label: String,
    /// The value as it was typed.
    pub value: String,
    /// What the value was understood as.
    pub reading: Reading,
    /// Whether nobody wrote it as a line: it was found in the text of a mail, and waits for a person to say that it is right.
    #[serde(default, skip_serializing_if = "is_false")]
    pub guessed: bool,
}

fn is_false(is: &bool) -> bool {
    !is
}

/// What a value was understood as.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "as", rename_all = "kebab-case")]
pub enum Reading {
    /// Free text.
    Text,
    /// Accounts, and what stands among them without being one.
    Accounts {
        /// The accounts, in order, each once.
        named: Vec<Subject>,
        /// Pieces that are not accounts, and why.
        #[serde(default, skip_serializing_if = "Vec::is_empty")]
        unread: Vec<(String, String)>,
    },
    /// A day.
    Day {
        /// The day.
        day: NaiveDate,
    },
    /// An e-mail address.
    Email {
        /// The address alone, without a display name.
        address: String,
        /// What looks wrong about it.
        #[serde(default, skip_serializing_if = "Vec::is_empty")]
        odd: Vec<String>,
        /// Further addresses on the same line.
        #[serde(default, skip_serializing_if = "Vec::is_empty")]
        more: Vec<String>,
    },
    /// Whether the requester asks for secrecy.
    Secrecy(Secrecy),
    /// The policy does not know this key for this kind. Kept, named, asked about.
    Unknown {
        /// The key that may have been meant, in its normal form.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        meant: Option<String>,
    },
    /// The policy knows the key, but the value could not be read.
    Unread {
        /// Why, as a sentence.
        why: String,
    },
    /// The policy leaves the line to us, and the request has it. Kept as the requester's words; it counts for nothing.
    Claimed,
}

/// An account that a request names.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Subject {
    /// The account.
    pub account: Account,
    /// Whether it is an account of one of the operator's own servers.
    pub ours: bool,
    /// What looks wrong about it: mixed scripts, invisible characters.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub odd: Vec<String>,
}

/// Three states and a date: not said is not unknown (rule 16), and is the absence of the line.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "secrecy", rename_all = "kebab-case")]
pub enum Secrecy {
    /// The requester says that the user may be told.
    No,
    /// Secrecy is asked without an end.
    Open,
    /// Secrecy is asked until the end of this day.
    Until {
        /// The last day.
        day: NaiveDate,
    },
}

impl Field {
    /// Whether the policy knows the key.
    pub fn known(&self) -> bool {
        !matches!(self.reading, Reading::Unknown { .. })
    }

    /// The accounts that it names, and what stands among them without being one; none of either on a line of anything else.
    pub fn accounts(&self) -> (&[Subject], &[(String, String)]) {
        match &self.reading {
            Reading::Accounts { named, unread } => (named, unread),
            Reading::Text
            | Reading::Day { .. }
            | Reading::Email { .. }
            | Reading::Secrecy(_)
            | Reading::Unknown { .. }
            | Reading::Unread { .. }
            | Reading::Claimed => (&[], &[]),
        }
    }

    /// The key that an unknown line may have been meant as.
    pub fn meant(&self) -> Option<&str> {
        match &self.reading {
            Reading::Unknown { meant } => meant.as_deref(),
            Reading::Text
            | Reading::Accounts { .. }
            | Reading::Day { .. }
            | Reading::Email { .. }
            | Reading::Secrecy(_)
            | Reading::Unread { .. }
            | Reading::Claimed => None,
        }
    }

    /// The day that it says, where it was read as one.
    pub fn day(&self) -> Option<NaiveDate> {
        match &self.reading {
            Reading::Day { day } => Some(*day),
            Reading::Text
            | Reading::Accounts { .. }
            | Reading::Email { .. }
            | Reading::Secrecy(_)
            | Reading::Unknown { .. }
            | Reading::Unread { .. }
            | Reading::Claimed => None,
        }
    }

    /// Whether it is a line of accounts, or may have been meant as one, whatever could be read of it.
    pub fn may_name_accounts(&self) -> bool {
        matches!(self.reading, Reading::Accounts { .. })
            || [Some(self.key.as_str()), self.meant()].contains(&Some("accounts"))
    }

    /// Whether it says that something was done or found: it stands there, is understood, and is our own.
    pub fn counts(&self) -> bool {
        let is_read = match &self.reading {
            Reading::Unknown { .. } | Reading::Unread { .. } | Reading::Claimed => false,
            Reading::Text
            | Reading::Accounts { .. }
            | Reading::Day { .. }
            | Reading::Email { .. }
            | Reading::Secrecy(_) => true,
        };
        is_read && !self.value.trim().is_empty()
    }

    /// The key under which the requester's words stand for a line that is ours: never the line's own, so that nothing that
    /// asks for the line finds them.
    pub fn claimed_key(key: &str) -> String {
        format!("their {key}")
    }

    /// Whether the line is about secrecy, or may have been meant to be.
    pub fn is_about_secrecy(&self) -> bool {
        self.key == SECRECY_KEY
            || self.meant() == Some(SECRECY_KEY)
            || (!self.known() && (may_ask_for_secrecy(&self.label) || is_of_notices(&self.label)))
    }

    /// What a line that is not about secrecy says of it all the same: the sentence that asks for it. It is heard in any line,
    /// for people write it wherever there is room; only where secrecy itself was read, that is what counts.
    pub fn pleads(&self) -> Option<&str> {
        if self.is_about_secrecy() || matches!(self.reading, Reading::Secrecy(_)) {
            return None;
        }
        plea(&self.value)
    }
}
