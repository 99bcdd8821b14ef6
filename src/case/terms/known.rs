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
    "operator",
    "address",
    // In the sentence about records that are gone.
    "category",
    "date",
];

/// The stock sentences that docket looks for.
pub const TEXTS: &[&str] =
    &["address", "elsewhere", "encrypted", "gone", "mlat", "none-held", "operator", "security"];
