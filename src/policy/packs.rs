//! The packs that are shipped inside.

/// Their names.
pub const PACKS: &[&str] = &["matrix-org"];

/// The text of a pack.
pub fn pack(name: &str) -> Option<&'static str> {
    match name {
        "matrix-org" => Some(include_str!("packs/matrix-org.yaml")),
        _ => None,
    }
}
