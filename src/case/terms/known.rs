//! Words that a policy's file can use because code knows them. Whoever teaches code another one adds it here.

use crate::case::clock::{
    APPROVAL, BREAK_GLASS, COMING, GAG, HOLD, IDLE, PERMISSION, REVIEW, TO_RECORD, TO_SERVE, TO_TELL,
};
use crate::case::letter::{
    ACK, ANSWER, ASK, DROPPED, ENDED, EXTENDED, FAKE, FORWARD, NONE, NOTICE, REASONS, REDIRECT, REFUSE,
    REPORT, SECRECY, UNCONFIRMED,
};

/// What a letter can have in braces, besides the names of texts and `{line KEY}`.
pub const PLACEHOLDERS: &[&str] = &[
    "case",
    "reference",
    "agency",
    "officer",
    "accounts",
    "received",
    "today",
    "kind",
    "reason",
    "missing",
    "scope",
    "refused",
    "records",
    "not_ours",
    "hold_until",
    "due",
    "hold_history",
    "extended_until",
    "extended_why",
    "serve_within",
];

/// What a stock sentence can have in braces, and exactly so, by its name.
pub fn within_text(name: &str) -> &'static [&'static str] {
    match name {
        // What is said of one category of data in a list of what is refused.
        "gone" | "gone-before" => &["category", "date"],
        "encrypted" | "none-held" | "not-opened" | "no-instrument" => &["category"],
        // It stands in such lists too, which say no countries.
        "elsewhere" | "not-understood" => &[],
        _ => &["accepted"],
    }
}

/// The stock sentences that docket looks for, or that every shared letter ends with.
pub const TEXTS: &[&str] = &[
    "address",
    "contact",
    "elsewhere",
    "encrypted",
    "gone",
    "gone-before",
    "mlat",
    "no-instrument",
    "none-held",
    "not-opened",
    "not-understood",
    "operator",
    "records-given",
    "records-not-given",
    "security",
];

/// The letters that docket looks for.
pub const OWN_LETTERS: &[&str] = &[
    ACK,
    ANSWER,
    ASK,
    DROPPED,
    ENDED,
    EXTENDED,
    FAKE,
    FORWARD,
    NONE,
    NOTICE,
    REASONS,
    REDIRECT,
    REFUSE,
    REPORT,
    SECRECY,
    UNCONFIRMED,
];

/// Those that the shared packs have besides, and people send.
pub const SHARED_LETTERS: &[&str] = &["declaration", "neither"];

/// All of them.
pub fn letters() -> impl Iterator<Item = &'static str> + Clone {
    OWN_LETTERS.iter().chain(SHARED_LETTERS).copied()
}

/// The clocks that a case has whatever its policy says, as the first word of their names.
pub const CLOCKS: &[&str] =
    &[APPROVAL, BREAK_GLASS, COMING, GAG, HOLD, IDLE, REVIEW, PERMISSION, TO_RECORD, TO_SERVE, TO_TELL];

#[cfg(test)]
mod tests;
