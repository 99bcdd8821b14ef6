//! Work owed to the outside. An order is on record before it is carried out; its outcome comes back as a new command.

use std::fmt;

use serde::{Deserialize, Serialize};

use super::CaseId;

/// What is owed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Order {
    /// Answer the command that caused the record.
    Answer,
    /// Post the case's card, or edit it to what it is by then.
    Card,
    /// Tell people what time brought to the case.
    Remind,
    /// Post the daily overview.
    Digest,
    /// Tell everybody that something is wrong with the machine, or right again; or that somebody went ahead alone on the case.
    Alarm,
}

/// Which order: the record that owes it, the case it is about, and what is owed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct OrderId {
    /// Number of the record.
    pub seq: u64,
    /// The case; `None` for what concerns the desk as a whole.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub case: Option<CaseId>,
    /// What is owed.
    pub order: Order,
}

impl fmt::Display for OrderId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let order = match self.order {
            Order::Answer => "answer",
            Order::Card => "card",
            Order::Remind => "remind",
            Order::Digest => "digest",
            Order::Alarm => "alarm",
        };
        write!(f, "{}/{}/{order}", self.seq, self.case.map_or(0, CaseId::number))
    }
}
