//! The packs that are shipped inside.

/// The packs that an operator names.
pub const PACKS: &[&str] = &["matrix-org", "uk", "us"];

/// What packs share; `after` can name it, and by itself it is no policy of anybody's.
pub const SHARED: &[&str] = &["base", "us-notices"];

/// Every pack, shared ones included, with its text.
const TEXTS: &[(&str, &str)] = &[
    ("base", include_str!("packs/base.yaml")),
    ("us-notices", include_str!("packs/us-notices.yaml")),
    ("matrix-org", include_str!("packs/matrix-org.yaml")),
    ("uk", include_str!("packs/uk.yaml")),
    ("us", include_str!("packs/us.yaml")),
];

/// The text of a pack.
pub fn pack(name: &str) -> Option<&'static str> {
    TEXTS.iter().find(|(pack, _)| *pack == name).map(|(_, text)| *text)
}
