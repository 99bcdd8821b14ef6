//! An instrument: a warrant, an order, an authorisation, as the policy knows it. Data only.

use serde::{Deserialize, Serialize};

use super::Tell;

/// An instrument that the policy knows.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Instrument {
    /// Its name, as it is written in the policy: `search-warrant`.
    pub name: String,
    /// What it is, in a few words.
    pub title: String,
    /// How requests write it. One of these must stand in the line as whole words, case-blind; the longest wins.
    pub known_by: Vec<String>,
    /// Countries whose authorities issue it, as two letters; empty = any.
    pub countries: Vec<String>,
    /// The kinds it serves; empty = every kind.
    pub kinds: Vec<String>,
    /// The categories of data it opens, by name.
    pub opens: Vec<String>,
    /// Whether the user may be told, if the order itself says nothing (rule 60).
    pub notice: Tell,
    /// Lines that a request resting on it must have, by key (rule 4).
    pub wants: Vec<String>,
    /// Whether counsel decides what becomes of it (rule 3: an order under the Data Access Agreement).
    pub counsel: bool,
    /// The instrument in whose place it stands where the request presses: because it came as an emergency, or by these words.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub instead_of: Option<String>,
    /// The words that say so.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub if_said: Vec<String>,
}
