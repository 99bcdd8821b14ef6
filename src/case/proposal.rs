//! An act that waits for its second person. Data only; who may be the second is said in `decide::second`.

use std::collections::BTreeMap;

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};

use super::{Account, Command, Effect};

/// An act that one person proposed.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Proposal {
    /// The code that the second person types.
    pub code: String,
    /// What is to be done, exactly. Never edited.
    pub command: Command,
    /// Why it takes two.
    pub effects: Vec<Effect>,
    /// A hash of the command and of the case that it was proposed over.
    pub sum: String,
    /// Who proposed it.
    pub by: Account,
    /// When.
    pub at: DateTime<Utc>,
    /// When it is void.
    pub expires: DateTime<Utc>,
    /// How many wrong codes each person has typed.
    pub wrong: BTreeMap<Account, u32>,
    /// That a second person approved it, while anybody may still deny.
    pub approved: Option<Approval>,
}

/// That a second person approved.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Approval {
    /// Who.
    pub by: Account,
    /// When.
    pub at: DateTime<Utc>,
    /// When it is carried out, unless somebody denies before.
    pub ready: DateTime<Utc>,
    /// The reason of somebody who went ahead alone.
    pub alone: Option<String>,
}

/// Why a proposal is void.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Void {
    /// The case has changed since.
    Changed,
    /// Nobody approved it in time.
    Expired,
    /// Too many wrong codes were typed.
    WrongCodes,
    /// One of the two may no longer do it.
    RoleLost,
    /// What it rests on no longer allows it.
    NotAllowed,
}
