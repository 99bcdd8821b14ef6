//! Where a request goes that is not for this operator to answer.

use serde::{Deserialize, Serialize};

/// Where a requester is sent.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Elsewhere {
    /// To the authorities of the operator's own country, by treaty (rule 3).
    Mlat,
    /// To the operator of the other server (rule 8).
    Server,
    /// To the people for security reports (rule 57).
    Security,
}

impl Elsewhere {
    /// The name of the policy's text that says it to the requester.
    pub fn text(self) -> &'static str {
        match self {
            Elsewhere::Mlat => "mlat",
            Elsewhere::Server => "elsewhere",
            Elsewhere::Security => "security",
        }
    }
}
