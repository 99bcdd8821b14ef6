//! Whom a line that the form does not know may name by nothing but a name: `Real name: alice`. No list has every label that says
//! so, in every language; so whoever of ours is called what the line says may be meant. Knows lines and texts, no rule.

use std::collections::BTreeSet;

use super::bare_name::{NOBODY, names_somebody};
use super::disguised::as_seen;
use super::mention::plain;
use super::{Case, Field};

/// No Matrix ID is longer, nor is its name.
const LONGEST: usize = 255;
/// A label as long as this that is a letter away from a known one is that one misspelt.
const SHORTEST_SLIP: usize = 4;
/// Words of a label that say that its line is about no person.
const OF_NO_PERSON: &[&str] = &[
    "reference",
    "ref",
    "number",
    "case",
    "date",
    "day",
    "time",
    "hour",
    "month",
    "year",
    "timezone",
    "deadline",
    "due",
    "period",
    "duration",
    "city",
    "town",
    "country",
    "state",
    "region",
    "street",
    "zip",
    "postcode",
    "phone",
    "telephone",
    "tel",
    "mobile",
    "fax",
    "url",
    "link",
    "website",
    "language",
    "currency",
    "amount",
    "cost",
    "fee",
    "price",
    "priority",
    "urgency",
    "status",
    "version",
    "page",
    "pages",
    "offence",
    "offense",
    "crime", // German
    "datum",
    "uhrzeit",
    "aktenzeichen",
    "az",
    "nummer",
    "frist",
    "ort",
    "stadt",
    "land",
    "straße",
    "plz",
    "telefon",
    "sprache",
    "delikt", // French
    "référence",
    "numéro",
    "heure",
    "ville",
    "pays",
    "téléphone",
    "langue",
    "délai", // Spanish
    "fecha",
    "hora",
    "ciudad",
    "país",
    "teléfono",
    "referencia",
    "idioma", // Italian
    "città",
    "paese",
    "telefono",
    "riferimento",
    "lingua", // Dutch
    "tijd",
    "kenmerk",
    "stad",
    "telefoon",
    "taal",
];

/// The accounts at these servers that are called what such a line says, or what is one of several that it says, in the form of
/// [`plain`].
pub(super) fn by_name(case: &Case, servers: &[String]) -> BTreeSet<String> {
    let mut found = BTreeSet::new();
    for field in case.fields.iter().filter(|field| may_name(field)) {
        let seen = as_seen(&field.value);
        for value in seen.as_deref().into_iter().chain([field.value.as_str()]) {
            let value = plain(value);
            for name in names(&value) {
                found.extend(servers.iter().map(|server| format!("@{name}:{}", plain(server))));
            }
        }
    }
    found
}

/// Whether the form does not know the line, and its label does not say that it is about something else. One that says plainly that
/// it names somebody may be about anybody already, by its own rule.
fn may_name(field: &Field) -> bool {
    if field.known() || field.is_about_secrecy() || field.may_name_accounts() || names_somebody(field) {
        return false;
    }
    let label = plain(&field.key);
    let is_slip = field.meant().is_some_and(|meant| {
        label.chars().count() >= SHORTEST_SLIP && strsim::damerau_levenshtein(&label, meant) <= 1
    });
    !is_slip && !label.split(|c: char| !c.is_alphanumeric()).any(|word| OF_NO_PERSON.contains(&word))
}

/// What such a value says that may be the name of an account.
fn names(value: &str) -> BTreeSet<&str> {
    let between = [',', ';', '\n', '/', '&', '|', '(', ')', '"'];
    let parts = value.split(between).flat_map(|part| part.split(" and ")).chain([value]);
    let edge = |c: char| !(c.is_alphanumeric() || matches!(c, '_' | '.' | '=' | '+' | '-'));
    parts
        .map(|part| part.trim().trim_start_matches("- ").trim_matches(edge))
        .filter(|part| is_name(part))
        .collect()
}

/// Whether an account may be called that: a date is no name.
fn is_name(part: &str) -> bool {
    let of_name = |c: char| c.is_ascii_alphanumeric() || matches!(c, '.' | '_' | '=' | '/' | '+' | '-');
    let has_letter = part.contains(|c: char| c.is_ascii_alphabetic());
    let is_number = || part.chars().all(|c| c.is_ascii_digit());
    !part.is_empty()
        && part.len() <= LONGEST
        && !NOBODY.contains(&part)
        && part.chars().all(of_name)
        && (has_letter || is_number())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_is_the_whole_value_or_one_of_several() {
        for value in
            ["alice", "alice, bob", "bob; alice", "bob and alice", "“alice”", "alice (on Matrix)", "- alice"]
        {
            assert!(names(value).contains("alice"), "{value}: {:?}", names(value));
        }
        for value in ["", "none", "yes", "12.03.2026", "alice was here", "alice@mail.example", "алиса"] {
            assert!(names(value).is_empty(), "{value}: {:?}", names(value));
        }
        assert_eq!(names("12345"), BTreeSet::from(["12345"]));
        let long = "a".repeat(LONGEST + 1);
        assert!(names(&long).is_empty() && !names(&long[1..]).is_empty());
    }
}
