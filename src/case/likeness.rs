//! Requests that are like earlier ones (rule 61), and what one case says against another (rule 63), as they stood when a
//! case was opened. Data, and what cases are recognised by; the desk finds those that have the same.

use std::collections::BTreeSet;

use chrono_tz::Tz;
use serde::{Deserialize, Serialize};
use unicode_normalization::UnicodeNormalization;

use super::conflict::Conflict;
use super::requester::{addresses, agency, origin};
use super::{Account, Case, CaseId, Key};

/// What the desk found beside a case when it was opened.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Beside {
    /// Where it came from, if nobody there had asked before: the mail domain, or else the agency.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub first_contact: Option<String>,
    /// Earlier cases that it is like, the likest first.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub like: Vec<Like>,
    /// What contradicts it, or would.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub conflicts: Vec<Conflict>,
    /// Whether it asks for erasure of what a sealed case keeps; of which, is not said here (rules 63 and 66).
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub unshown: bool,
}

impl Beside {
    /// Whether there is nothing to say.
    pub fn is_nothing(&self) -> bool {
        self.first_contact.is_none() && self.like.is_empty() && self.conflicts.is_empty() && !self.unshown
    }
}

/// An earlier case that another is like.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Like {
    /// The earlier case.
    pub case: CaseId,
    /// In what.
    pub how: Likeness,
}

/// In what two cases are alike; the first is the strongest.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Likeness {
    /// The requester's own number.
    Reference,
    /// An account that both name.
    Account,
    /// The mail domain, on the same day.
    Day,
}

/// How many like cases are named.
pub const MOST_LIKE: usize = 3;

/// What a case is recognised by when another one like it comes: two are alike in what they both have here. The strongest
/// come first.
pub fn marks(case: &Case, zone: Tz) -> BTreeSet<(Likeness, String)> {
    let day = case.received.with_timezone(&zone).date_naive();
    let references = references(case).into_iter().map(|reference| (Likeness::Reference, reference));
    let accounts = accounts(case).into_iter().take(MOST_COMPARED);
    let accounts = accounts.map(|account| (Likeness::Account, account.to_string()));
    let senders = origins(case).into_iter().map(|origin| (Likeness::Day, format!("{origin} {day}")));
    references.chain(accounts).chain(senders.take(MOST_COMPARED)).collect()
}

/// How many accounts of a new case are held against earlier ones; a list of thousands is no request that came before.
const MOST_COMPARED: usize = 20;

/// The requester's own numbers, without case and punctuation; shorter ones are like too many others.
pub fn references(case: &Case) -> BTreeSet<String> {
    const SHORTEST: usize = 3;
    let lines = case.fields_of("reference").map(|field| {
        let folded = field.value.nfkc().flat_map(char::to_lowercase);
        folded.filter(|c| c.is_alphanumeric()).take(LONGEST).collect::<String>()
    });
    lines.filter(|reference| reference.chars().count() >= SHORTEST).collect()
}

/// Where a request came from, as far as that tells one requester from another.
pub fn origins(case: &Case) -> BTreeSet<String> {
    addresses(case).iter().map(|email| origin(email).to_owned()).collect()
}

/// The agency in the form that names are compared in.
pub fn agency_name(case: &Case) -> Option<String> {
    let name = Key::read(agency(case)?).ok()?;
    Some(name.as_str().chars().take(LONGEST).collect())
}

fn accounts(case: &Case) -> BTreeSet<&Account> {
    case.subjects().map(|subject| &subject.account).collect()
}

/// What is longer is compared by its beginning.
const LONGEST: usize = 120;
