//! Which accounts a text names, wherever in it and however it is written, and what else a request is about that is no
//! account: rooms, events, media, identifiers (design, the gag gate). Knows texts and lines, no rule.
//!
//! It errs on the side of naming: whoever may be named here is looked at again by a person, whoever is missed is told.

use std::collections::BTreeSet;

use super::directory::is_under;
use super::disguised::{as_seen, meant_as};
use super::folded::{folded, folded_but};
use super::taken_apart::{together, unmarked, without_gaps};
use super::unsigned::unsigned_in;
use super::{Account, Case, Field, Reading};

/// No Matrix ID is longer.
const LONGEST: usize = 255;
/// An opaque identifier without a server is at least this long: a hash of 32 bytes has 43 letters.
const OPAQUE: usize = 30;
/// What an account begins with: its own sign, or that of a link to it.
const SIGNS: &[&str] = &["@", "matrix:u/", "matrix:user/"];
/// How often a link within a link is looked into.
const DEEPEST: usize = 4;
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

/// A text in the form that names are looked for in: case, hidden letters, letters in disguise and the signs of links do not
/// count.
pub fn plain(text: &str) -> String {
    as_meant(folded(text))
}

/// The same with what is hidden in it, by which a name in disguise is known.
pub(super) fn shown(text: &str) -> String {
    as_meant(folded_but(text, |_| true))
}

fn as_meant(mut plain: String) -> String {
    if !plain.is_ascii() {
        plain = plain.chars().map(meant_as).collect();
    }
    // A program may put a backslash before a colon.
    plain.retain(|c| c != '\\');
    for _ in 0..DEEPEST {
        if !plain.contains('%') {
            break;
        }
        let read = without_codes(&plain);
        if read == plain {
            break;
        }
        plain = read;
    }
    plain
}

/// A text in small letters with the signs and letters of links as they are meant: `%40` is `@`.
fn without_codes(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut rest = text;
    while let Some((before, after)) = rest.split_once('%') {
        out.push_str(before);
        let code = after.get(..2).and_then(|code| u8::from_str_radix(code, 16).ok());
        match code.filter(u8::is_ascii_graphic) {
            Some(byte) if after.starts_with(|c: char| c.is_ascii_hexdigit()) => {
                out.push(char::from(byte.to_ascii_lowercase()));
                rest = after.get(2..).unwrap_or_default();
            }
            Some(_) | None => {
                out.push('%');
                rest = after;
            }
        }
    }
    out.push_str(rest);
    out
}

/// An account in the form that accounts are looked for in: however its letters are written, and without a port.
pub fn name(account: &Account) -> String {
    plain(account.without_port().as_ref().unwrap_or(account).as_str())
}

/// Every form in which whoever is looked for may be named elsewhere: as it is written, without a port, and as an eye reads it.
pub fn readings(account: &Account) -> BTreeSet<String> {
    let mut names = BTreeSet::from([plain(account.as_str()), name(account)]);
    imitated_in(account.as_str(), &mut names);
    names
}

/// An account as the lines of a case write it, if they name it.
pub fn own_writing<'c>(case: &'c Case, account: &Account) -> Option<&'c Account> {
    let mut all = case.subjects().map(|subject| &subject.account);
    let wanted = name(account);
    // The very writing first: a case may name two that differ by it.
    let exact = case.subjects().map(|subject| &subject.account).find(|own| *own == account);
    exact.or_else(|| all.find(|own| name(own) == wanted))
}

/// Whether a line of accounts names this one.
pub fn is_named(case: &Case, account: &Account) -> bool {
    own_writing(case, account).is_some()
}

/// Every account that the request names, in the form of [`plain`]: on its lines, and anywhere in its text.
pub fn names(case: &Case) -> BTreeSet<String> {
    let mut names = BTreeSet::new();
    for subject in case.subjects() {
        let name = plain(subject.account.as_str());
        // With a port it is the account without it, too.
        names_in(&name, &mut names);
        names.insert(name);
        imitated_in(subject.account.as_str(), &mut names);
    }
    for text in texts(case) {
        names_in(&plain(text), &mut names);
        imitated_in(text, &mut names);
    }
    names
}

/// The accounts at these servers, or at machines of theirs, that the request names without their sign or taken apart, in the form
/// of [`plain`]. An address that the requester is written to is none.
pub fn unsigned(case: &Case, servers: &[String]) -> BTreeSet<String> {
    let mut names = BTreeSet::new();
    let lines = case.fields.iter().filter(|field| !matches!(field.reading, Reading::Email { .. }));
    let lines = lines.map(|field| field.value.as_str());
    for text in lines.chain(case.stray.iter().map(String::as_str)) {
        of_no_sign_in(text, &mut names);
    }
    case.fields.iter().filter_map(split_in_two).for_each(|text| of_no_sign_in(&text, &mut names));
    names.retain(|name| is_at(name, servers));
    names
}

/// The accounts at these servers that a request names where nobody looks for them: on lines that no form has, and in text that is
/// no line. Those that a line of accounts names too are left out.
pub fn aside(case: &Case, servers: &[String]) -> BTreeSet<String> {
    let mut names = BTreeSet::new();
    let unknown = case.fields.iter().filter(|field| matches!(field.reading, Reading::Unknown { .. }));
    let unknown = unknown.flat_map(|field| [Some(field.value.clone()), split_in_two(field)]).flatten();
    for text in unknown.chain(case.stray.iter().cloned()) {
        let mut found = BTreeSet::new();
        of_no_sign_in(&text, &mut found);
        // An address of ours to which a mail was sent is nobody whom it is about.
        let said = plain(&text);
        let is_mail = |name: &String| said.contains(&name.trim_start_matches('@').replacen(':', "@", 1));
        found.retain(|name| !is_mail(name));
        names_in(&said, &mut found);
        imitated_in(&text, &mut found);
        names.append(&mut found);
    }
    for subject in case.subjects() {
        names.remove(&name(&subject.account));
    }
    names.retain(|name| is_at(name, servers));
    names
}

/// `alice:example.org` on a line of its own reads as a line called alice.
fn split_in_two(field: &Field) -> Option<String> {
    let is_unknown = matches!(field.reading, Reading::Unknown { .. });
    let is_word = |text: &str| !text.trim().is_empty() && !text.trim().contains(char::is_whitespace);
    let first = field.value.split_whitespace().next().unwrap_or_default();
    (is_unknown && is_word(&field.label)).then(|| format!("{}:{first}", field.label.trim()))
}

fn of_no_sign_in(text: &str, names: &mut BTreeSet<String>) {
    of_no_sign(&plain(text), names);
    if let Some(seen) = as_seen(text) {
        of_no_sign(&plain(&seen), names);
    }
}

fn is_at(name: &str, servers: &[String]) -> bool {
    let server = name.split(':').nth(1).unwrap_or_default();
    servers.iter().any(|ours| is_under(server, ours))
}

/// The accounts that a request names where it did not before: on a line of accounts, or in words that are new.
pub fn newly_named(before: &Case, after: &Case) -> BTreeSet<String> {
    let mut names = BTreeSet::new();
    let old = pieces(before);
    for piece in pieces(after).difference(&old) {
        for said in as_seen(piece).as_deref().into_iter().chain([*piece]) {
            let said = plain(said);
            names_in(&said, &mut names);
            of_no_sign(&said, &mut names);
        }
    }
    names
}

/// What a request says, in the smallest parts that say something of their own.
fn pieces(case: &Case) -> BTreeSet<&str> {
    let lines = case.fields.iter().filter(|field| !matches!(field.reading, Reading::Accounts { .. }));
    let accounts = case.subjects().map(|subject| subject.account.as_str());
    let strays = case.stray.iter().map(String::as_str);
    lines.map(|field| field.value.as_str()).chain(accounts).chain(strays).collect()
}

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

/// All that a request says: what stands on its lines, and what stands on none.
pub(super) fn texts(case: &Case) -> impl Iterator<Item = &str> {
    let values = case.fields.iter().map(|field| field.value.as_str());
    values.chain(case.stray.iter().map(String::as_str))
}

/// The accounts, rooms, events and files that a plain text names, mail addresses too; also where their signs were taken apart in a
/// way that has no other meaning.
pub(super) fn named_in(text: &str) -> BTreeSet<String> {
    let mut found = BTreeSet::new();
    for text in [Some(text.to_owned()), unmarked(text)].into_iter().flatten() {
        names_in(&text, &mut found);
        unsigned_in(&text, &mut found);
        things_in(&text, &mut found);
    }
    found
}

/// The accounts in a plain text without their sign, and those that somebody took apart.
fn of_no_sign(text: &str, names: &mut BTreeSet<String>) {
    unsigned_in(text, names);
    if let Some(text) = together(text) {
        names_in(&text, names);
        unsigned_in(&text, names);
    }
    // A sentence ends like that too, which names nobody who is ours.
    if let Some(text) = without_gaps(text) {
        names_in(&text, names);
        unsigned_in(&text, names);
    }
}

/// The accounts that a text names to an eye and not to a program: `@aIice` with a capital I.
fn imitated_in(text: &str, names: &mut BTreeSet<String>) {
    if let Some(seen) = as_seen(text) {
        names_in(&plain(&seen), names);
    }
}

/// The accounts in a plain text, by their sign.
fn names_in(text: &str, names: &mut BTreeSet<String>) {
    for mention in mentions_in(text) {
        names.extend(mention.names.iter().map(|name| format!("@{name}")));
    }
}

/// A place in a plain text that may name an account.
pub(super) struct Mention<'t> {
    /// Where it begins.
    pub(super) start: usize,
    /// What it may name, without the sign of an account, the shortest first: a name ends where no letter and no digit follows,
    /// and where that can be in several places (`@a:b.org.uk`), every one of them counts.
    pub(super) names: Vec<&'t str>,
    /// Where the longest of them ends.
    pub(super) end: usize,
}

/// Where a plain text may name accounts, in order of the signs that they are known by.
pub(super) fn mentions_in(text: &str) -> Vec<Mention<'_>> {
    let mut found = Vec::new();
    for sign in SIGNS {
        for (start, _) in text.match_indices(sign) {
            let begin = start + sign.len();
            let rest = text.get(begin..).unwrap_or_default();
            let Some(colon) = rest.find(':').filter(|colon| (1..LONGEST).contains(colon)) else {
                continue;
            };
            if rest.get(..colon).is_some_and(|local| local.contains(char::is_whitespace)) {
                continue;
            }
            let names: Vec<&str> = ends(rest, colon + 1).collect();
            if let Some(longest) = names.last() {
                let end = begin + longest.len();
                found.push(Mention { start, names, end });
            }
        }
    }
    found
}

/// Every beginning of a text that ends with a whole word of the server's name, which begins at `server`.
fn ends(text: &str, server: usize) -> impl Iterator<Item = &str> {
    let of_server = |c: char| c.is_alphanumeric() || matches!(c, '.' | '-' | ':' | '[' | ']');
    let is_letter = |c: char| c.is_alphanumeric() || c == ']';
    let run = text.get(server..).unwrap_or_default();
    let length = run.find(|c: char| !of_server(c)).unwrap_or(run.len());
    let whole = text.get(..server + length).unwrap_or(text);
    let letters = whole.char_indices().filter(move |(at, c)| *at >= server && is_letter(*c));
    letters.filter_map(move |(at, c)| {
        let end = at + c.len_utf8();
        let next = whole.get(end..).and_then(|rest| rest.chars().next());
        (end <= LONGEST && !next.is_some_and(char::is_alphanumeric)).then(|| whole.get(..end)).flatten()
    })
}

/// Rooms, events and files that a plain text names by their identifiers or links.
fn things_in(text: &str, things: &mut BTreeSet<String>) {
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

    fn named(text: &str) -> Vec<String> {
        let mut names = BTreeSet::new();
        names_in(&plain(text), &mut names);
        names.into_iter().collect()
    }

    #[test]
    fn an_account_is_named_wherever_it_stands() {
        for text in [
            "@a:our.org",
            "see @a:our.org.",
            "(@A:Our.Org)",
            "user=@a:our.org;",
            "https://matrix.to/#/@a:our.org?via=x",
            "https://matrix.to/#/%40a%3Aour.org",
            "https://matrix.to/#/%2540a%253Aour%2Eorg",
            "https://matrix.to/#/%40%61%3Aour.org",
            "matrix:u/a:our.org?action=chat",
            "MATRIX:user/a:our.org",
            "＠a:our.org",
            "@a\u{200B}:our.org",
            "@a:our.org:8448",
            "@a:our.org-and more",
            "@b @a:our.org",
        ] {
            assert!(named(text).contains(&"@a:our.org".to_owned()), "{text}: {:?}", named(text));
        }
        for text in ["@a:our.organ", "@aa:our.org", "@a : our.org", "a:our.org", "@:our.org", "@a:"] {
            assert!(!named(text).contains(&"@a:our.org".to_owned()), "{text}: {:?}", named(text));
        }
    }

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
