//! The directory of agencies: whom the operator knows, by numbers and domains that were verified elsewhere (rule 61).
//!
//! The operator's file is its seed; what two people added lies in the journal. Data only.

use serde::{Deserialize, Serialize};

/// An agency that the operator knows.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Agency {
    /// Its name, which entries are known by.
    pub name: String,
    /// Numbers that may be called to verify a requester.
    #[serde(default)]
    pub phones: Vec<String>,
    /// Domains of its mail, in small letters.
    #[serde(default)]
    pub domains: Vec<String>,
    /// Keys to encrypt to.
    #[serde(default)]
    pub keys: Vec<String>,
    /// Where this was learned.
    pub source: String,
    /// Whether it was added here rather than read from the operator's file.
    #[serde(default)]
    pub added: bool,
}
