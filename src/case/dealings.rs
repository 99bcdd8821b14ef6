//! What was done around a request: scope decided, letters sent, clocks extended, people reminded, money spent. Data only.

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};

use super::asking::Want;
use super::{Account, Call, Term};

/// A person's decision about a category of data.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ScopeLine {
    /// Whether it is within the scope.
    pub allowed: bool,
    /// Why. Foreign text.
    pub reason: Option<String>,
    /// Who decided.
    pub by: Account,
    /// When.
    pub at: DateTime<Utc>,
}

/// That a named approver believes in the danger (rule 13).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Attestation {
    /// Who.
    pub by: Account,
    /// When.
    pub at: DateTime<Utc>,
    /// Why. Foreign text.
    pub reason: String,
}

/// A letter that a person sent.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Sent {
    /// Its name.
    pub letter: String,
    /// `mail`, `post` or `phone`.
    pub via: String,
    /// When it went out.
    pub at: DateTime<Utc>,
    /// Who sent it.
    pub by: Account,
    /// When it was put on record.
    #[serde(default)]
    pub recorded: DateTime<Utc>,
}

/// The way by which people send a letter.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Channel {
    /// By e-mail.
    Mail,
    /// On paper.
    Post,
    /// Read out on the phone.
    Phone,
    /// By docket, in the room in which its user asked.
    Dm,
}

impl Channel {
    /// Its name, as typed.
    pub fn name(self) -> &'static str {
        match self {
            Channel::Mail => "mail",
            Channel::Post => "post",
            Channel::Phone => "phone",
            Channel::Dm => "dm",
        }
    }
}

/// A time in which the requester was asked for something.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Wait {
    /// From when.
    pub from: DateTime<Utc>,
    /// Until when; `None` while it lasts.
    pub to: Option<DateTime<Utc>>,
    /// What was asked for.
    #[serde(default)]
    pub asked: Vec<Want>,
}

/// What the requester is told with an ending.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Wording {
    /// The policy's text at that time.
    pub text: String,
    /// The moderator's own words. Foreign text.
    pub words: Option<String>,
}

/// That a clock was given more time.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Prolonged {
    /// The clock's name.
    pub clock: String,
    /// By how much, from its own end.
    pub term: Term,
    /// Why. Foreign text.
    pub reason: String,
    /// Who.
    pub by: Account,
    /// When.
    pub at: DateTime<Utc>,
}

/// What a moderator spent on a case (rule 35).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Cost {
    /// In hundredths of the currency's unit.
    pub cents: u64,
    /// Three letters.
    pub currency: String,
    /// What for. Foreign text.
    pub what: String,
    /// Who.
    pub by: Account,
    /// When.
    pub at: DateTime<Utc>,
}

/// The last reminder of a clock.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Reminded {
    /// When the clock was due at that time; a clock that was moved begins anew.
    pub due: DateTime<Utc>,
    /// Every moment up to this one counts as told.
    pub step: DateTime<Utc>,
    /// When people were reminded, or the clock was first watched.
    pub at: DateTime<Utc>,
    /// Whom the last reminder called; `None` if there was none yet.
    pub call: Option<Call>,
    /// Whether the clock of the machine was in doubt then.
    pub in_doubt: bool,
    /// Whether somebody has said since that they have seen it.
    #[serde(default)]
    pub seen: bool,
    /// Until when its reminders wait, as far as that is safe.
    #[serde(default)]
    pub snoozed: Option<DateTime<Utc>>,
}

impl Reminded {
    /// A clock that people are reminded of from now on.
    pub fn watched(due: DateTime<Utc>, from: DateTime<Utc>, at: DateTime<Utc>) -> Reminded {
        Reminded { due, step: from, at, call: None, in_doubt: false, seen: false, snoozed: None }
    }

    /// Whether people were reminded, and nobody has seen it.
    pub fn is_unseen(&self) -> bool {
        self.call.is_some() && !self.seen
    }
}

/// What one person did alone, where the policy lets them in an emergency.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Alone {
    /// Who.
    pub by: Account,
    /// When it was carried out.
    pub at: DateTime<Utc>,
    /// Why nobody else was asked.
    pub reason: String,
    /// Who wrote the line `Review:` last since.
    #[serde(default)]
    pub reviewed_by: Option<Account>,
}
