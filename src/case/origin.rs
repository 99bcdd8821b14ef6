//! Where a request comes from: its country, and by which way it came. Reads the lines; what follows from them is said in
//! the checklist.

use std::collections::BTreeSet;

use super::phrase::Words;
use super::{Case, Field, FieldForm, Kind, Policy, countries};

/// The normal form of the key that names the country.
pub const JURISDICTION_KEY: &str = "jurisdiction";
/// The normal form of the key that says by which way the request came.
pub const VIA_KEY: &str = "via";

/// By which way a request came (rule 3).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Via {
    /// From the authority itself.
    Direct,
    /// By mutual legal assistance, through the operator's own authorities.
    Mlat,
    /// Under a data access agreement, which is counsel's to judge.
    Daa,
    /// A line says something that nobody can read.
    Unread,
}

/// What a policy says of where a request comes from (rules 2 and 3).
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub enum Origin {
    /// It does not matter: the kind is no authority's, or an emergency.
    #[default]
    NotAsked,
    /// Its authorities may ask directly.
    Accepted,
    /// It came by mutual legal assistance, from wherever.
    ByTreaty,
    /// It came under a data access agreement: counsel decides.
    Daa,
    /// Its authorities may not ask directly.
    NotAccepted {
        /// The country, as two letters.
        country: String,
    },
    /// It does not say.
    NotSaid,
    /// What it says cannot be read, or is two things.
    Unread,
}

impl Origin {
    /// Whether it stands in the way of an answer.
    pub fn blocks(&self) -> bool {
        match self {
            Origin::NotAccepted { .. } | Origin::NotSaid | Origin::Unread => true,
            Origin::NotAsked | Origin::Accepted | Origin::ByTreaty | Origin::Daa => false,
        }
    }
}

/// Whether an authority of this country may ask, by the way it came. An emergency may come from anywhere (rule 3).
pub fn origin(case: &Case, kind: &Kind, policy: &Policy) -> Origin {
    match via(case) {
        _ if !kind.from_authority || kind.is_emergency() => return Origin::NotAsked,
        Via::Mlat => return Origin::ByTreaty,
        Via::Daa => return Origin::Daa,
        Via::Direct | Via::Unread => {}
    }
    if policy.accepts.is_empty() {
        return Origin::Accepted;
    }
    match country(case, policy) {
        Some(country) if policy.accepts.iter().any(|of| of.eq_ignore_ascii_case(&country)) => {
            Origin::Accepted
        }
        Some(country) => Origin::NotAccepted { country },
        None if country_lines(case, policy).next().is_none() => Origin::NotSaid,
        None => Origin::Unread,
    }
}

/// The words for each way, without spaces and punctuation.
const WAYS: &[(&str, Via)] = &[
    ("direct", Via::Direct),
    ("directly", Via::Direct),
    ("mlat", Via::Mlat),
    ("mla", Via::Mlat),
    ("mutuallegalassistance", Via::Mlat),
    ("mutuallegalassistancetreaty", Via::Mlat),
    ("daa", Via::Daa),
    ("dataaccessagreement", Via::Daa),
    ("ukusdataaccessagreement", Via::Daa),
    ("ukusdaa", Via::Daa),
];

/// The two letters of the country that the request comes from; `None` if it does not say, or cannot be read, or says two.
pub fn country(case: &Case, policy: &Policy) -> Option<String> {
    let mut found: BTreeSet<Option<String>> = BTreeSet::new();
    for field in country_lines(case, policy) {
        found.insert(read_country(&field.value, policy));
    }
    // Of two that differ nobody knows which is right.
    if found.len() > 1 { None } else { found.pop_first().flatten() }
}

/// The lines that name the country.
pub fn country_lines<'c>(case: &'c Case, policy: &'c Policy) -> impl Iterator<Item = &'c Field> {
    let kind = policy.kind(&case.kind);
    case.fields.iter().filter(move |field| {
        let is_one = field.key == JURISDICTION_KEY
            || kind
                .and_then(|kind| kind.field(&field.key))
                .is_some_and(|rule| rule.form == FieldForm::Country);
        is_one && !field.value.trim().is_empty()
    })
}

/// By which way the request came; direct if it does not say.
pub fn via(case: &Case) -> Via {
    let mut ways = case.fields_of(VIA_KEY).map(|field| {
        let typed = Words::of(&field.value).joined();
        let typed = typed.strip_prefix("via").or(typed.strip_prefix("by")).unwrap_or(&typed);
        WAYS.iter().find(|(word, _)| *word == typed).map_or(Via::Unread, |(_, way)| *way)
    });
    let first = ways.next().unwrap_or(Via::Direct);
    if ways.all(|way| way == first) { first } else { Via::Unread }
}

/// Two letters, a name that the policy knows, or an address with exactly one such name in it: `Leeds, United Kingdom`.
/// Two letters within an address are not a country: `Wilmington, DE` is no German town.
fn read_country(value: &str, policy: &Policy) -> Option<String> {
    let named = |text: &str| {
        let typed = Words::of(text);
        let mut names = policy.countries.iter();
        names.find(|(name, _)| typed.are(name)).map(|(_, letters)| letters.to_uppercase())
    };
    let whole = value.trim().trim_end_matches('.');
    // A policy may name some two hundred countries, and nearly every request writes one the plain way.
    if let Some(letters) = policy.countries.get(&whole.to_lowercase()) {
        return Some(letters.to_uppercase());
    }
    if countries::is_country(whole) {
        return Some(whole.to_uppercase());
    }
    if let Some(letters) = named(whole).or_else(|| countries::named(whole).map(str::to_owned)) {
        return Some(letters);
    }
    let pieces = whole.split([',', ';', '/', '(', ')', '\n']);
    let mut found: BTreeSet<String> = pieces.filter_map(named).collect();
    if found.len() > 1 { None } else { found.pop_first() }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::policy;

    #[test]
    fn a_country_is_read_by_letters_and_by_names() {
        let policy = Policy {
            countries: [("united kingdom", "GB"), ("uk", "GB"), ("usa", "US"), ("georgia", "GE")]
                .map(|(name, letters)| (name.to_owned(), letters.to_owned()))
                .into(),
            ..policy::matrix_org().unwrap()
        };
        let read = |value: &str| read_country(value, &policy);
        for value in ["GB", "gb", " U.K. ", "United  Kingdom", "Leeds, United Kingdom", "United Kingdom (GB)"]
        {
            assert_eq!(read(value).as_deref(), Some("GB"), "{value}");
        }
        assert_eq!(read("de").as_deref(), Some("DE"));
        assert_eq!(read("Brazil").as_deref(), Some("BR"));
        for value in [
            "",
            "England",
            "Wilmington, DE",
            "Atlanta, Georgia, USA",
            "U",
            "GBR",
            "1A",
            "XX",
            "Metropolitan Police",
        ] {
            assert_eq!(read(value), None, "{value}");
        }
    }
}
