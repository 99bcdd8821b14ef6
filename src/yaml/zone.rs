//! A time zone by its name. Does not know whose days it is for.

use chrono_tz::{TZ_VARIANTS, Tz};

use super::mistake::{meant, quoted};
use super::node::Node;

/// Reads `Europe/London`.
pub fn zone(node: Node<'_>) -> Option<Tz> {
    let name = node.line()?;
    if let Ok(zone) = name.parse() {
        return Some(zone);
    }
    let typed = name.trim();
    let names = || TZ_VARIANTS.iter().map(|zone| zone.name());
    // `Etc/GMT+1` is an hour behind, and `EST` has no summer: whoever meant another one gets a place.
    let places = || names().filter(|zone| zone.contains('/') && !zone.starts_with("Etc/"));
    // People write the city alone.
    let city = |zone: &&str| zone.rsplit('/').next().is_some_and(|city| city.eq_ignore_ascii_case(typed));
    let otherwise = || names().find(|zone| zone.eq_ignore_ascii_case(typed));
    match otherwise().or_else(|| places().find(city)).or_else(|| meant(typed, places())) {
        Some(meant) if meant != name => {
            node.wrong(format_args!("there is no time zone {}; did you mean `{meant}`?", quoted(name)));
        }
        Some(_) | None => node.wrong(format_args!(
            "there is no time zone {}; write an area and a city in it, such as `Europe/London`",
            quoted(name)
        )),
    }
    None
}
