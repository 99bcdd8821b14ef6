//! A kind of request and its lines, as the policy has them. Data only.

use serde::{Deserialize, Serialize};

use super::{Condition, Policy, Span, When};
use crate::case::{Case, Key, Reading};

/// The normal form of the key that says which records are asked for.
pub const DATA_KEY: &str = "data";

/// A kind of request.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Kind {
    /// The name that is typed.
    pub name: String,
    /// What it is, in a few words.
    pub title: String,
    /// Other names for it.
    pub aliases: Vec<String>,
    /// Whether it stands before all others in a list while open (rule 14), and who approves must not wait long.
    pub first: bool,
    /// Whether answering it in full or in part discloses records, which takes two people.
    pub discloses: bool,
    /// Whether it does so only where the request asks for some, by a line of data: to take something down gives nothing out.
    #[serde(default, skip_serializing_if = "is_false")]
    pub discloses_if_asked: bool,
    /// Whether the requester must be verified before it is ready.
    pub verify_requester: bool,
    /// Whether an instrument must be verified before it is ready (rule 1).
    pub verify_instrument: bool,
    /// Whether an approver must attest the danger before it is ready (rule 13).
    pub attest: bool,
    /// Whether it can reach accounts of the operator's own servers only (rule 8).
    pub own_accounts: bool,
    /// Whether it is an authority's, so that it must come from a jurisdiction that is accepted (rules 2 and 3).
    pub from_authority: bool,
    /// Whether records may be kept on it until an order comes (rule 19).
    pub preserves: bool,
    /// Whether it is a legal request that the users concerned are told of (rules 25 and 31).
    pub notify: bool,
    /// Whether, where they are told, a request that names none of them may concern some all the same: it is about material, and
    /// somebody finds out whose (rules 25 and 31).
    #[serde(default, skip_serializing_if = "is_false")]
    pub asks_whose: bool,
    /// Whether to do what it asks is to make something inaccessible: what another case wants down stays down (rule 41), and what is
    /// named once that was done is not done by it.
    #[serde(default, skip_serializing_if = "is_false")]
    pub takes_down: bool,
    /// Whether whoever sends it has a right to hear what came of it, if they say who they are: that they never do two people say.
    #[serde(default, skip_serializing_if = "is_false")]
    pub owes_answer: bool,
    /// When they are told, if not as the policy says for all kinds (rule 28).
    pub notice: Option<When>,
    /// Whether nothing is in its scope until somebody allows it, line by line (rule 18).
    pub scope_empty: bool,
    /// Lines without which it cannot be answered in full or in part, such as the clause that is breached (rule 39).
    pub answer_needs: Vec<String>,
    /// The lines of a request that its users get a copy of, by key; whatever else it says stays here (rule 25).
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub copy: Vec<String>,
    /// What is weighed before some of its requests are granted, and by which lines (rule 46).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub weighs: Option<Weighing>,
    /// The kinds whose notice it counters: it is linked to a case of one before it is passed on or answered (rule 41).
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub counters: Vec<String>,
    /// Letters that have gone out before it is answered in full or in part, for the answer says so.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub answer_after: Vec<String>,
    /// How long a closed case of this kind is kept, if not as the policy says for all kinds.
    pub keep: Option<Span>,
    /// What it counts as in the transparency report, such as `emergency` or `copyright`; its own name if not said.
    pub counts_as: Option<String>,
    /// Its lines, required ones first.
    pub fields: Vec<FieldRule>,
}

/// What must be weighed, and written down, before a request is granted in full or in part; it takes two people.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Weighing {
    /// For which requests; all must hold.
    pub only: Vec<Condition>,
    /// The lines that hold what was weighed, by key.
    pub lines: Vec<String>,
}

/// What the policy knows of a line.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct FieldRule {
    /// Normal form of the key.
    pub key: String,
    /// How it is written in a form.
    pub label: String,
    /// Other keys for the same line, in normal form.
    pub aliases: Vec<String>,
    /// Whether a request is incomplete without it.
    pub required: bool,
    /// What its value is.
    pub form: FieldForm,
    /// What to put there, in a few words.
    pub help: String,
    /// Whether only we set it: it says what we did or found. What a request says under it does not count.
    #[serde(default, skip_serializing_if = "is_false")]
    pub ours: bool,
    /// How much it says is asked for, if it says that.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub asks: Option<Asks>,
}

/// How a line says how much is asked for: a request that asks for more than another one is no duplicate of it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Asks {
    /// For each thing that it names; without the line, for none.
    Each,
    /// For each thing that it names; without the line, for all there is.
    All,
    /// For everything since that day; without the line, since ever.
    Since,
    /// For everything until that day; without the line, whenever it was.
    Until,
}

/// What the value of a line is, and what it is checked against.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum FieldForm {
    /// Free text.
    Text,
    /// Matrix accounts.
    Accounts,
    /// A day.
    Day,
    /// An e-mail address.
    Email,
    /// Whether and how long the request is secret.
    Secrecy,
    /// Categories of data, checked against the policy's inventory.
    Data,
    /// An instrument, checked against the policy's list.
    Instrument,
    /// A country by its two letters, or by a name that the policy knows.
    Country,
    /// One of these words, case-blind.
    OneOf(Vec<String>),
    /// What a regular expression matches as a whole.
    Pattern {
        /// The expression; it has been compiled once when the policy was read.
        regex: String,
        /// What to say if it does not match.
        says: String,
    },
    /// One or more of these, each with its other names.
    SomeOf(Vec<Choice>),
    /// That something was done: the day on which it was, and words if there is more to say.
    Done,
}

/// A word that a line can hold, and what else people write for it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Choice {
    /// The word, as the policy has it.
    pub word: String,
    /// Other names for it.
    pub aliases: Vec<String>,
}

impl Kind {
    /// Whether answering this case may give out records: by its kind, or because it asks for some under a kind that has no
    /// line for it. A kind that has one says itself what becomes of them: a preservation keeps them.
    pub fn may_disclose(&self, case: &Case) -> bool {
        self.discloses
            || ((self.discloses_if_asked || self.field(DATA_KEY).is_none()) && self.asks_for_data(case))
    }

    /// Whether its users are told before or after something came of the request (rule 28).
    pub fn told(&self, policy: &Policy) -> When {
        self.notice.unwrap_or(policy.notice.when)
    }

    /// Whether users get a copy of this line.
    pub fn copies(&self, key: &str) -> bool {
        self.field(key).is_some_and(|rule| self.copy.contains(&rule.key))
    }

    /// Whether any of its requests may give out records.
    pub fn can_disclose(&self) -> bool {
        self.discloses || self.discloses_if_asked
    }

    /// Whether it keeps records and never gives any out: an order that keeps too may still disclose.
    pub fn only_keeps(&self) -> bool {
        self.preserves && !self.can_disclose()
    }

    /// Whether records are asked for: on a line for them, or on one that may have been meant as such.
    fn asks_for_data(&self, case: &Case) -> bool {
        case.fields.iter().any(|field| match &field.reading {
            Reading::Unknown { meant: Some(meant) } => self.is_data(meant) || self.is_data(&field.key),
            Reading::Unknown { meant: None }
            | Reading::Text
            | Reading::Accounts { .. }
            | Reading::Day { .. }
            | Reading::Email { .. }
            | Reading::Secrecy(_)
            | Reading::Unread { .. }
            | Reading::Claimed => self.is_data(&field.key),
        })
    }

    /// Whether a line names records.
    pub fn is_data(&self, key: &str) -> bool {
        key == DATA_KEY || self.field(key).is_some_and(|rule| rule.form == FieldForm::Data)
    }

    /// Whether it is an emergency's: by its name, by what it counts as, because somebody attests the danger, or because
    /// nothing is in its scope until somebody allows it (rules 13 and 18).
    pub fn is_emergency(&self) -> bool {
        const EMERGENCY: &str = "emergency";
        let named = self.name == EMERGENCY || self.counts_as.as_deref() == Some(EMERGENCY);
        named || self.attest || self.scope_empty
    }

    /// The rule for a key in normal form, by name or alias; what the form shows is one of these.
    pub fn field(&self, key: &str) -> Option<&FieldRule> {
        self.fields.iter().find(|rule| rule.key == key || rule.aliases.iter().any(|alias| alias == key))
    }

    /// Whether the kind goes by this name, however its words are joined.
    pub fn is_called(&self, name: &str) -> bool {
        Kind::name_of(name).is_some_and(|name| self.has_name(&name))
    }

    /// What was typed, in the form that kinds are named in.
    pub(super) fn name_of(typed: &str) -> Option<String> {
        Some(Key::read(typed).ok()?.as_str().replace(' ', "-"))
    }

    /// Whether this is one of its names, given in that form.
    pub(super) fn has_name(&self, name: &String) -> bool {
        self.name == *name || self.aliases.contains(name)
    }
}

fn is_false(is: &bool) -> bool {
    !is
}
