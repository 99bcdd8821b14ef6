//! The terms a desk works by: the policy's kinds and fields, its people, its servers.
//!
//! Data only. `policy` makes it from packs; `config` adds people, servers and zone.

use std::collections::BTreeMap;

use chrono_tz::Tz;

use super::{Account, Case, Key, Person};

/// The normal form of the key that says which records are asked for.
const DATA_KEY: &str = "data";

/// Everything that is not in the case and not in the command.
#[derive(Clone, Debug)]
pub struct Terms {
    /// The version that new cases are opened under.
    pub current: String,
    /// Every version that a case on file may be pinned to (rule 59).
    pub policies: BTreeMap<String, Policy>,
    /// Who may do what.
    pub people: Vec<Person>,
    /// The operator's own server names, lower-case.
    pub servers: Vec<String>,
    /// The zone in which days begin and end.
    pub zone: Tz,
    /// The command prefixes; the first is the one docket writes.
    pub prefixes: Vec<String>,
}

/// One version of the operator's policy.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Policy {
    /// Its name and version, which a case is pinned to.
    pub version: String,
    /// The kinds, in the order in which they are listed.
    pub kinds: Vec<Kind>,
    /// The reasons for which a request can be refused.
    pub reasons: Vec<Reason>,
}

/// A kind of request.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Kind {
    /// The name that is typed.
    pub name: String,
    /// What it is, in a few words.
    pub title: String,
    /// Other names for it.
    pub aliases: Vec<String>,
    /// Whether it stands before all others in a list while open (rule 14).
    pub first: bool,
    /// Whether answering it in full or in part discloses records, which takes two people.
    pub discloses: bool,
    /// Whether the requester must be verified before it is ready.
    pub verify_requester: bool,
    /// Whether an instrument must be verified before it is ready (rule 1).
    pub verify_instrument: bool,
    /// Whether it can reach accounts of the operator's own servers only (rule 8).
    pub own_accounts: bool,
    /// Its lines, required ones first.
    pub fields: Vec<FieldRule>,
}

/// What the policy knows of a line.
#[derive(Clone, Debug, PartialEq, Eq)]
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
}

/// What the value of a line is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
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
}

/// A reason for refusing a request.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Reason {
    /// The code that is typed.
    pub code: String,
    /// What it says to the requester.
    pub text: String,
    /// Whether the moderator must add words of their own.
    pub needs_words: bool,
}

impl Terms {
    /// The policy that new cases are opened under.
    pub fn policy(&self) -> Option<&Policy> {
        self.policies.get(&self.current)
    }

    /// The policy that a case is pinned to.
    pub fn policy_of(&self, case: &Case) -> Option<&Policy> {
        self.policies.get(&case.policy)
    }

    /// The kind of a case, under the policy that it is pinned to.
    pub fn kind_of(&self, case: &Case) -> Option<&Kind> {
        self.policy_of(case)?.kind(&case.kind)
    }

    /// The listed person with this account.
    pub fn person(&self, account: &Account) -> Option<&Person> {
        self.people.iter().find(|person| person.account == *account)
    }

    /// The prefix that docket writes.
    pub fn prefix(&self) -> &str {
        self.prefixes.first().map_or("!case", String::as_str)
    }
}

impl Policy {
    /// The kind with this name or alias, however its words are joined: `Counter notice` is `counter-notice`.
    pub fn kind(&self, name: &str) -> Option<&Kind> {
        let name = Key::read(name).ok()?.as_str().replace(' ', "-");
        self.kinds.iter().find(|kind| kind.name == name || kind.aliases.contains(&name))
    }

    /// The reason with this code, case-blind.
    pub fn reason(&self, code: &str) -> Option<&Reason> {
        self.reasons.iter().find(|reason| reason.code.eq_ignore_ascii_case(code))
    }
}

impl Kind {
    /// Whether answering this case may give out records: by its kind, or because it asks for some under a kind that has no
    /// line for it. A kind that has one says itself what becomes of them: a preservation keeps them.
    pub fn may_disclose(&self, case: &Case) -> bool {
        let asks_for_some = case.fields_of(DATA_KEY).next().is_some();
        self.discloses || (asks_for_some && self.field(DATA_KEY).is_none())
    }

    /// The rule for a key in normal form, by name or alias.
    pub fn field(&self, key: &str) -> Option<&FieldRule> {
        self.fields.iter().find(|rule| rule.key == key || rule.aliases.iter().any(|alias| alias == key))
    }
}
