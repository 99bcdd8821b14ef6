//! Requests that are like earlier ones (rule 61), and what one case says against another (rule 63), as they stood when a
//! case was opened. Data, and the look at two cases; the desk finds which two to look at.

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
}

impl Beside {
    /// Whether there is nothing to say.
    pub fn is_nothing(&self) -> bool {
        self.first_contact.is_none() && self.like.is_empty() && self.conflicts.is_empty()
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

/// In what a case is like an earlier one; nothing if in nothing.
pub fn alike(case: &Case, earlier: &Case, zone: Tz) -> Option<Like> {
    let day = |case: &Case| case.received.with_timezone(&zone).date_naive();
    let how = if !references(case).is_disjoint(&references(earlier)) {
        Likeness::Reference
    } else if !accounts(case).is_disjoint(&accounts(earlier)) {
        Likeness::Account
    } else if day(case) == day(earlier) && !origins(case).is_disjoint(&origins(earlier)) {
        Likeness::Day
    } else {
        return None;
    };
    Some(Like { case: earlier.id, how })
}

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
