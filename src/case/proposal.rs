//! An act that waits for its second person, about a case or about the desk. Data only; who may be the second is said in
//! `decide::second` and `decide::desk_second`.

use std::collections::BTreeMap;

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};

use super::{Account, Command, DeskCommand, Effect};

/// An act that one person proposed: a command about a case, or one about the desk.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Proposal<C = Command> {
    /// The code that the second person types.
    pub code: String,
    /// What is to be done, exactly. Never edited.
    pub command: C,
    /// Why it takes two.
    pub effects: Vec<Effect>,
    /// A hash of the command and of what it was proposed over.
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

/// An act about no case that one person proposed.
pub type DeskProposal = Proposal<DeskCommand>;

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
    /// The policy of today is another one than was to be adopted.
    OtherPolicy,
    /// What people and settings are by now would make more of it than was proposed.
    Wider,
    /// Somebody wrote something since it was approved that could not be read: it may have been against it.
    Unheard,
}
