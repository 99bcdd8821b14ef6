//! The packs that are shipped inside.

/// The packs that an operator names.
pub const PACKS: &[&str] = &["matrix-org", "rocket-chat", "uk", "us", "eu"];

/// What packs share; `after` can name it, and by itself it is no policy of anybody's.
pub const SHARED: &[&str] = &[
    "base",
    "lines",
    "kinds",
    "records",
    "sentences",
    "letters",
    "answers",
    "notices",
    "us-notices",
    "german",
    "french",
];

/// Every pack, shared ones included, with its text.
const TEXTS: &[(&str, &str)] = &[
    ("base", include_str!("packs/base.yaml")),
    ("lines", include_str!("packs/lines.yaml")),
    ("kinds", include_str!("packs/kinds.yaml")),
    ("records", include_str!("packs/records.yaml")),
    ("sentences", include_str!("packs/sentences.yaml")),
    ("letters", include_str!("packs/letters.yaml")),
    ("answers", include_str!("packs/answers.yaml")),
    ("notices", include_str!("packs/notices.yaml")),
    ("us-notices", include_str!("packs/us-notices.yaml")),
    ("german", include_str!("packs/german.yaml")),
    ("french", include_str!("packs/french.yaml")),
    ("matrix-org", include_str!("packs/matrix-org.yaml")),
    ("rocket-chat", include_str!("packs/rocket-chat.yaml")),
    ("uk", include_str!("packs/uk.yaml")),
    ("us", include_str!("packs/us.yaml")),
    ("eu", include_str!("packs/eu.yaml")),
];

/// The text of a pack.
pub fn pack(name: &str) -> Option<&'static str> {
    TEXTS.iter().find(|(pack, _)| *pack == name).map(|(_, text)| *text)
}
