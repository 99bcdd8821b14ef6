//! Whom or what a request names in a way that leads to no account: `Further accounts: alice`, a bare `@alice`, the beginning of
//! an event's identifier. Who reads such a name can only guess, so a bound case that has one may be about anybody (design, the
//! gag gate). Knows lines and texts, no rule.

use std::collections::BTreeSet;

use super::disguised::disguised;
use super::mention::{mentions_in, plain};
use super::{Case, Field, Reading};

/// What a word of a label begins with that says that its line names somebody.
const NAMING: &[&str] = &[
    "user",
    "account",
    "handle",
    "login",
    "profil",
    "target",
    "suspect",
    "nick",
    "alias",
    "pseudo",
    "mxid",
    "matrix",
    "screenname",
    "benutzer",
    "nutzer",
    "konto",
    "konten",
    "verdächtig",
    "beschuldigt",
    "zielperson",
    "compte",
    "utilisat",
    "usuari",
    "cuenta",
    "gebruiker",
    "utente",
    "offender",
    "defendant",
    "perpetrator",
    "subscriber",
    "customer",
    "displayname",
    "localpart",
    "moniker",
    "conspirat",
    "accomplice",
    "komplize",
    "mittäter",
    "complice",
    "associate",
    "participant",
    "teilnehmer",
    "uploader",
    "poster",
    "recipient",
    "owner",
    "inhaber",
];
/// Such words that are the beginning of others.
const NAMING_WHOLE: &[&str] = &[
    "person",
    "persons",
    "people",
    "personen",
    "personne",
    "personnes",
    "accused",
    "member",
    "members",
    "display",
    "screen",
    "aka",
    "known",
    "goes",
    "with",
    "author",
    "authors",
];
/// The line of a mail that says what it is about; here it names somebody only by a single word.
const SUBJECT: &str = "subject";
/// Words of a label that say that it is about something else.
const OTHERWISE: &[&str] = &[
    "agent",
    "notice",
    "time",
    "times",
    "date",
    "dates",
    "day",
    "contact",
    "requesting",
    "requester",
    "officer",
    "liaison",
    "created",
    "closed",
    "server",
    "homeserver",
    "domain",
    "bank",
    "reporting",
    "reporter",
];
/// What such a line says that names nobody.
pub(super) const NOBODY: &[&str] = &[
    "",
    "-",
    "–",
    "none",
    "no",
    "n/a",
    "na",
    "not applicable",
    "unknown",
    "yes",
    "y",
    "n",
    "true",
    "false",
    "nobody",
    "ja",
    "nein",
    "keine",
    "oui",
    "non",
    "aucun",
];
/// What a message to everybody begins with.
const EVERYBODY: &[&str] = &["room", "here", "all", "everyone", "channel"];
/// The lines on which an event or a file is named by its sign.
const OF_EVENTS: &[&str] = &["messages", "material", "event", "events", "message"];

/// The names that lead to no account, in the form of [`plain`]; those of accounts that the case names on a line of them are not
/// among them.
pub(super) fn bare_names(case: &Case) -> BTreeSet<String> {
    let own = locals(case);
    let mut found = BTreeSet::new();
    for field in case.fields.iter().filter(|field| !matches!(field.reading, Reading::Accounts { .. })) {
        if names_somebody(field) {
            found.extend(pieces(field));
        }
        signed('@', &field.value, &mut found);
        found.extend(disguised(&field.value));
        let is_of_events = OF_EVENTS.contains(&field.key.as_str())
            || field.meant().is_some_and(|meant| OF_EVENTS.contains(&meant));
        if is_of_events {
            signed('$', &field.value, &mut found);
        }
    }
    for text in &case.stray {
        signed('@', text, &mut found);
        found.extend(disguised(text));
    }
    found.retain(|name| !own.contains(name.trim_start_matches('@')));
    found
}

/// What the accounts on the lines of a case are called before the colon.
pub(super) fn locals(case: &Case) -> BTreeSet<String> {
    case.subjects().map(|subject| plain(subject.account.localpart())).collect()
}

/// Whether the form does not know the line, and its label says that it names somebody.
pub(super) fn names_somebody(field: &Field) -> bool {
    if field.known() || field.is_about_secrecy() {
        return false;
    }
    let label = plain(&field.key);
    let words: Vec<&str> = label.split(|c: char| !c.is_alphanumeric()).collect();
    let names = |word: &&str| {
        NAMING_WHOLE.contains(word) || *word == SUBJECT || NAMING.iter().any(|start| word.starts_with(start))
    };
    if words.iter().any(|word| OTHERWISE.contains(word)) || !words.iter().any(names) {
        return false;
    }
    let only_subject = words.iter().filter(|word| names(word)).all(|word| *word == SUBJECT);
    !only_subject || field.value.split_whitespace().count() == 1
}

/// Whom such a line names without a full account: all that it says, or, beside full accounts, what is a single word.
fn pieces(field: &Field) -> Vec<String> {
    let value = plain(&field.value);
    let is_account = |piece: &str| !mentions_in(piece).is_empty();
    let has_account = is_account(&value);
    let parts = value.split([',', ';', '\n', '/', '&']).flat_map(|part| part.split(" and ")).map(str::trim);
    let edge = |c: char| !(c.is_alphanumeric() || matches!(c, '@' | '_' | '.' | '+'));
    let bare = parts.filter(|piece| !NOBODY.contains(piece) && !is_account(piece));
    let bare = bare.map(|piece| piece.trim_matches(edge));
    let counts = |piece: &&str| !piece.is_empty() && (!has_account || !piece.contains(char::is_whitespace));
    bare.filter(counts).map(str::to_owned).collect()
}

/// Names in a text with the sign of an account and no server: `@alice`.
pub(super) fn handles_in(text: &str) -> BTreeSet<String> {
    let mut found = BTreeSet::new();
    signed('@', text, &mut found);
    found
}

/// Words of a text that begin with a sign, and are no full name.
fn signed(sign: char, text: &str, found: &mut BTreeSet<String>) {
    // Most texts have none, in whatever disguise.
    if text.is_ascii() && !text.contains([sign, '%']) {
        return;
    }
    let text = plain(text);
    for (at, _) in text.match_indices(sign) {
        let before = text.get(..at).and_then(|text| text.chars().next_back());
        let rest = text.get(at + sign.len_utf8()..).unwrap_or_default();
        let of_name = |c: char| c.is_alphanumeric() || matches!(c, '.' | '_' | '=' | '-' | '+');
        let run = rest.get(..rest.find(|c| !of_name(c)).unwrap_or(rest.len())).unwrap_or_default();
        let behind = rest.get(run.len()..).unwrap_or_default();
        let is_full = behind
            .strip_prefix(':')
            .is_some_and(|server| server.starts_with(|c: char| c.is_alphanumeric() || c == '['));
        let name = run.trim_end_matches(|c: char| !c.is_alphanumeric());
        // The sign within a word is that of an address.
        let is_inside = before.is_some_and(|c| c.is_alphanumeric() || matches!(c, '.' | '_' | '-' | '+'));
        let is_name = name.starts_with(char::is_alphabetic) && !EVERYBODY.contains(&name);
        if is_name && !is_full && !is_inside {
            found.insert(format!("{sign}{name}"));
        }
    }
}
