//! A time zone by its name. Does not know whose days it is for.

use chrono_tz::{TZ_VARIANTS, Tz};

use super::mistake::{quoted, unknown};
use super::node::Node;

/// Reads `Europe/London`.
pub fn zone(node: Node<'_>) -> Option<Tz> {
    let name = node.line()?;
    if let Ok(zone) = name.parse() {
        return Some(zone);
    }
    let names = TZ_VARIANTS.iter().map(|zone| zone.name());
    // People write the city alone.
    let city = |zone: &str| zone.rsplit('/').next().is_some_and(|city| city.eq_ignore_ascii_case(name));
    match names.clone().find(|zone| city(zone)) {
        Some(meant) => {
            node.wrong(format_args!("there is no time zone {}; did you mean `{meant}`?", quoted(name)))
        }
        None => node.wrong(unknown("time zone", name, names)),
    }
    None
}
