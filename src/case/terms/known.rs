//! Words that a policy's file can use because code knows them. Whoever teaches code another one adds it here.

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
    "hold_until",
    "due",
    "hold_history",
    "extended_until",
    "extended_why",
    "operator",
    "address",
    // In the sentence about records that are gone.
    "category",
    "date",
    // In the sentence that sends a requester to a treaty.
    "accepted",
];

/// The stock sentences that docket looks for.
pub const TEXTS: &[&str] =
    &["address", "elsewhere", "encrypted", "gone", "mlat", "none-held", "operator", "security"];

/// The letters that docket looks for, or that the shared packs have.
pub const LETTERS: &[&str] = &[
    "ack",
    "answer",
    "ask",
    "declaration",
    "ended",
    "extended",
    "forward",
    "neither",
    "none",
    "notice",
    "reasons",
    "redirect",
    "refuse",
    "report",
    "secrecy",
];

/// The clocks that a case has whatever its policy says, as the first word of their names.
pub const CLOCKS: &[&str] = &[
    "approval",
    "break-glass",
    "gag",
    "hold",
    "notice",
    "permission",
    "secrecy",
    "secrecy-letter",
    "secrecy-order",
];
