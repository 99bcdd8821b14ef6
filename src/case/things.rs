//! What a request is about that is no account: rooms, events, media, identifiers (design, the gag gate). Knows texts and lines, no
//! rule.
//!
//! It errs on the side of naming, as `mention` does.

use std::collections::BTreeSet;

use super::mention::{LONGEST, ends, names_in, plain, texts};
use super::{Case, Field, Reading};

/// An opaque identifier without a server is at least this long: a hash of 32 bytes has 43 letters.
const OPAQUE: usize = 30;
/// Lines whose whole value is a room or an identifier.
const THINGS: &[&str] = &["room", "identifiers"];
/// Words of a label that nobody knows, which say that its value is no account.
const LABELS: &[&str] = &[
    "room",
    "rooms",
    "channel",
    "channels",
    "space",
    "spaces",
    "event",
    "events",
    "media",
    "file",
    "files",
    "mxc",
    "3pid",
    "3pids",
    "threepid",
    "threepids",
    "identifier",
    "identifiers",
];
/// The keys that such a label may have been meant as.
const MEANT: &[&str] = &["room", "identifiers", "messages", "material"];
/// What a line says that names nothing.
const NOTHING: &[&str] = &["", "-", "–", "none", "no", "n/a", "na", "not applicable", "unknown"];
/// What a link to a room, an event or a file has in it.
const LINKS: &[&str] =
    &["mxc://", "/_matrix/media/", "/_matrix/client/v1/media/", "matrix:r/", "matrix:roomid/"];

/// What a request is about that is no account, each in a form of its own: two cases that are about the same have the same.
pub fn things(case: &Case) -> BTreeSet<String> {
    let mut things: BTreeSet<String> = BTreeSet::new();
    texts(case).for_each(|text| things_in(&plain(text), &mut things));
    things.extend(named_on_lines(case));
    things
}

/// Those of them that stand on a line that is there to name them, such as that of the identifiers that are to go.
pub fn named_on_lines(case: &Case) -> BTreeSet<String> {
    case.fields.iter().filter(|field| is_of_things(field)).flat_map(named_whole).collect()
}

/// Rooms, events and files that a plain text names by their identifiers or links.
pub(super) fn things_in(text: &str, things: &mut BTreeSet<String>) {
    for (start, sign) in text.match_indices(['!', '#', '$']) {
        let rest = text.get(start..).unwrap_or_default();
        let opaque = |c: char| c.is_ascii_alphanumeric() || matches!(c, '-' | '_');
        let body = rest.get(1..).unwrap_or_default();
        let bare = body.find(|c| !opaque(c)).unwrap_or(body.len());
        let colon = rest.find(':').filter(|colon| (2..LONGEST).contains(colon));
        let local = colon.and_then(|colon| rest.get(1..colon));
        if let (Some(colon), Some(local)) = (colon, local)
            // The # of a link to a room is no sign of an alias.
            && !(sign == "#" && local.starts_with('/'))
            && !local.contains(|c: char| c.is_whitespace() || matches!(c, ',' | ';' | '(' | ')'))
            && let Some(name) = ends(rest, colon + 1).last()
            && is_server(name.get(colon + 1..).unwrap_or_default(), sign)
        {
            things.insert(name.to_owned());
        } else if sign != "#" && bare >= OPAQUE {
            things.extend(rest.get(..=bare).map(str::to_owned));
        }
    }
    for link in LINKS {
        for (start, _) in text.match_indices(link) {
            let rest = text.get(start..).unwrap_or_default();
            let end = rest.find(|c: char| c.is_whitespace() || matches!(c, ',' | ';' | ')' | '>' | '"'));
            things.extend(rest.get(..end.unwrap_or(rest.len())).map(str::to_owned));
        }
    }
}

/// Whether this may be the server of such an identifier: `Wow!12:30` and `$5:30` name nothing.
fn is_server(name: &str, sign: &str) -> bool {
    let has_letter = name.contains(|c: char| c.is_ascii_alphabetic());
    has_letter && (sign == "!" || name.contains('.') || name.starts_with("localhost"))
}

/// Whether the whole value of a line is no account, by its label.
fn is_of_things(field: &Field) -> bool {
    if let Reading::Unknown { meant } = &field.reading {
        let by_label = field.key.split(|c: char| !c.is_alphanumeric()).any(|word| LABELS.contains(&word));
        return by_label || meant.as_deref().is_some_and(|meant| MEANT.contains(&meant));
    }
    THINGS.contains(&field.key.as_str())
}

/// What such a line names: its pieces, without the accounts among them.
fn named_whole(field: &Field) -> Vec<String> {
    let value = plain(&field.value);
    let pieces = value.split([',', ';', '\n']).map(str::trim);
    let is_account = |piece: &str| {
        let mut names = BTreeSet::new();
        names_in(piece, &mut names);
        names.contains(piece)
    };
    pieces.filter(|piece| !NOTHING.contains(piece) && !is_account(piece)).map(str::to_owned).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_no_account_is_known_by_its_sign() {
        let event = "$Rqnc-F-dvnEYJTyHq_iKxU2bZ1CI92-kuZq3a5lr5Zg";
        for text in [
            "!abc:our.org",
            "in #room:our.org, say",
            event,
            "mxc://our.org/abc",
            "https://matrix.to/#/%21abc:our.org",
        ] {
            let mut things = BTreeSet::new();
            things_in(&plain(text), &mut things);
            assert_eq!(things.len(), 1, "{text}: {things:?}");
        }
        for text in
            ["Wow! 12:30", "US$5:30", "#12:34", "Now!12:30", "reference #7: a", "@a:our.org", "C#: a.b"]
        {
            let mut things = BTreeSet::new();
            things_in(&plain(text), &mut things);
            assert!(things.is_empty(), "{text}: {things:?}");
        }
    }
}
