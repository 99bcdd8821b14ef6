//! Requests that are like earlier ones (rule 61), and what one case says against another (rule 63), as they stood when a
//! case was opened. Data, and what cases are recognised by; the desk finds those that have the same.

use std::collections::BTreeSet;

use chrono::TimeDelta;
use chrono_tz::Tz;
use serde::{Deserialize, Serialize};
use unicode_normalization::UnicodeNormalization;

use super::conflict::Conflict;
use super::requester::{addresses, agency, origin};
use super::{Case, CaseId, Key, Reading, mention};

/// What the desk found beside a case when it was opened.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Beside {
    /// Where it came from, if nobody there had asked before: the mail domain, or else the agency.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub first_contact: Option<String>,
    /// Whether somebody there has asked before, and was never verified.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub again: bool,
    /// Earlier cases that it is like, the likest first.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub like: Vec<Like>,
    /// How many more it is like.
    #[serde(default, skip_serializing_if = "is_none_more")]
    pub more: usize,
    /// What contradicts it, or would.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub conflicts: Vec<Conflict>,
    /// The cases whose notice it may counter, the likeliest first.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub may_counter: Vec<CaseId>,
    /// Whether it asks for erasure of what a sealed case keeps; of which, is not said here (rules 63 and 66).
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub unshown: bool,
}

/// Where there are no more, nothing is written, as before there was a count.
fn is_none_more(more: &usize) -> bool {
    *more == 0
}

impl Beside {
    /// Whether there is nothing to say.
    pub fn is_nothing(&self) -> bool {
        self.first_contact.is_none() && self.like.is_empty() && self.conflicts.is_empty() && !self.unshown
    }
}

/// An earlier case that another is like.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Like {
    /// The earlier case.
    pub case: CaseId,
    /// In what.
    pub how: Likeness,
}

/// In what two cases are alike; the first is the strongest.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Likeness {
    /// The requester's own number, from another requester.
    ReferenceOfAnother,
    /// The requester's own number.
    Reference,
    /// The place of the material.
    Material,
    /// An account that both name, within thirty days of each other.
    Account,
    /// A long text, word by word.
    Text,
    /// The mail domain, on the same day.
    Day,
}

/// How many like cases are named.
pub const MOST_LIKE: usize = 5;
/// How many cases of one mark are counted.
pub const MOST_COUNTED: usize = 20;
/// Requests about one account that came further apart than this are not like each other; `conflicts` has them all. An aid for
/// the eye, and no term of anybody's.
const NEAR: TimeDelta = TimeDelta::days(30);

/// What a case is recognised by when another one like it comes: two are alike in what they both have here. The strongest
/// come first.
pub fn marks(case: &Case, zone: Tz) -> BTreeSet<(Likeness, String)> {
    let day = case.received.with_timezone(&zone).date_naive();
    let references = references(case).into_iter().map(|reference| (Likeness::Reference, reference));
    let materials = materials(case).into_iter().map(|place| (Likeness::Material, place));
    let accounts = accounts(case).into_iter().take(MOST_COMPARED);
    let accounts = accounts.map(|account| (Likeness::Account, account));
    let texts = texts(case).into_iter().map(|text| (Likeness::Text, text));
    let senders = origins(case).into_iter().map(|origin| (Likeness::Day, format!("{origin} {day}")));
    references.chain(materials).chain(accounts).chain(texts).chain(senders.take(MOST_COMPARED)).collect()
}

/// How many accounts of a new case are held against earlier ones; a list of thousands is no request that came before.
const MOST_COMPARED: usize = 20;

/// In what a case is like an earlier one that has the same mark; `None` if it is not, seen closely.
pub fn seen_closely(case: &Case, earlier: &Case, how: Likeness) -> Option<Likeness> {
    match how {
        Likeness::Reference if !is_same_requester(case, earlier) => Some(Likeness::ReferenceOfAnother),
        Likeness::Account if (case.received - earlier.received).abs() > NEAR => None,
        Likeness::ReferenceOfAnother
        | Likeness::Reference
        | Likeness::Material
        | Likeness::Account
        | Likeness::Text
        | Likeness::Day => Some(how),
    }
}

/// Whether the same agency asks, as far as it can be told; where it cannot, nothing is made of it.
pub(super) fn is_same_requester(one: &Case, other: &Case) -> bool {
    let (here, there) = (origins(one), origins(other));
    let names = agency_name(one).zip(agency_name(other));
    let (differ, unknown) = (here.is_disjoint(&there), here.is_empty() || there.is_empty());
    match names {
        Some((one, other)) if one == other => true,
        Some(_) => !differ && !unknown,
        None => !differ || unknown,
    }
}

/// Long texts of a request, as they are compared: who copies one changes names and accounts, which stand on lines of their
/// own.
fn texts(case: &Case) -> BTreeSet<String> {
    const SHORTEST: usize = 60;
    let lines = case.fields.iter().filter(|field| match &field.reading {
        Reading::Text | Reading::Unknown { .. } | Reading::Claimed => true,
        Reading::Accounts { .. }
        | Reading::Day { .. }
        | Reading::Email { .. }
        | Reading::Secrecy(_)
        | Reading::Unread { .. } => false,
    });
    let all = lines.map(|field| field.value.clone()).chain([case.stray.join(" ")]);
    let folded = all.map(|text| {
        let small = text.nfkc().flat_map(char::to_lowercase);
        small.filter(|c| c.is_alphanumeric()).collect::<String>()
    });
    let long = folded.filter(|text| text.chars().count() >= SHORTEST).take(MOST_COMPARED);
    long.map(|text| blake3::hash(text.as_bytes()).to_hex().to_string()).collect()
}

/// The requester's own numbers, without case and punctuation; shorter ones are like too many others.
pub fn references(case: &Case) -> BTreeSet<String> {
    const SHORTEST: usize = 3;
    let lines = case.fields_of("reference").map(|field| {
        let folded = field.value.nfkc().flat_map(char::to_lowercase);
        folded.filter(|c| c.is_alphanumeric()).take(LONGEST).collect::<String>()
    });
    lines.filter(|reference| reference.chars().count() >= SHORTEST).collect()
}

/// Whether a request says one of these numbers anywhere, as its lines and other words are compared. `OP-12` and `OP-1/2` are other
/// numbers than `OP-1`.
pub fn names_any(case: &Case, numbers: &BTreeSet<String>) -> bool {
    let lines = case.fields.iter().map(|field| field.value.as_str());
    let mut texts = lines
        .chain(case.stray.iter().map(String::as_str))
        .map(|text| text.nfkc().flat_map(char::to_lowercase).collect::<Vec<char>>());
    texts.any(|text| numbers.iter().any(|number| (0..text.len()).any(|at| says_at(&text, at, number))))
}

/// Whether a number stands in a text from there on, by itself.
fn says_at(text: &[char], at: usize, number: &str) -> bool {
    let is_sign = |at: usize| text.get(at).is_some_and(|c| c.is_alphanumeric());
    let is_joint = |at: usize| text.get(at).is_some_and(|c| matches!(c, '-' | '/' | '.' | '_'));
    let goes_on = |first: usize, second: usize| is_sign(first) || (is_joint(first) && is_sign(second));
    // Before the first sign there is none: an index that wraps is out of the text.
    let runs_in = goes_on(at.wrapping_sub(1), at.wrapping_sub(2));
    if !is_sign(at) || runs_in {
        return false;
    }
    let mut rest = at;
    for wanted in number.chars() {
        rest = match (rest..text.len()).find(|place| is_sign(*place)) {
            Some(place) if text.get(place) == Some(&wanted) => place + 1,
            Some(_) | None => return false,
        };
    }
    !goes_on(rest, rest + 1)
}

/// The places of the material that a request is about, and of copies of it, as they are compared: each address, or else all that the
/// line says of the material.
pub fn materials(case: &Case) -> BTreeSet<String> {
    let mut places = BTreeSet::new();
    for field in case.fields_of(MATERIAL_KEY) {
        let said = plain_place(&field.value);
        let found = addresses_in(&said);
        let found = if found.is_empty() { vec![said.as_str()] } else { found };
        places.extend(found.into_iter().filter_map(folded_place));
    }
    // That there are none is no place.
    places.extend(at_places(case, "copies"));
    places.into_iter().take(MOST_COMPARED).collect()
}

/// The addresses that stand on a line, in the form of those places.
pub fn at_places(case: &Case, key: &str) -> BTreeSet<String> {
    let said = case.fields_of(key).map(|field| plain_place(&field.value));
    let places =
        said.flat_map(|said| addresses_in(&said).into_iter().filter_map(folded_place).collect::<Vec<_>>());
    places.take(MOST_COMPARED).collect()
}

/// As somebody wrote it whom docket shows an address so that nobody follows it.
fn plain_place(said: &str) -> String {
    said.replace("[.]", ".").replace("[:]", ":").replace("hxxp", "http")
}

fn addresses_in(said: &str) -> Vec<&str> {
    let edge = |c: char| !(c.is_alphanumeric() || matches!(c, '/' | '!' | '#' | '$' | '@'));
    let words = said.split(|c: char| c.is_whitespace() || matches!(c, ',' | ';' | '<' | '>' | '"'));
    let words = words.map(|word| word.trim_matches(edge));
    words.filter(|word| word.contains("://") || word.starts_with(['!', '$', '#', '@'])).collect()
}

fn folded_place(place: &str) -> Option<String> {
    const SHORTEST: usize = 8;
    let place = place.split_once("://").map_or(place, |(_, rest)| rest).trim_end_matches('/');
    let folded = place.nfkc().flat_map(char::to_lowercase).filter(|c| c.is_alphanumeric());
    let folded: String = folded.take(LONGEST).collect();
    (folded.chars().count() >= SHORTEST).then_some(folded)
}

/// The accounts that a case names, in the form of those places.
pub fn named_places(case: &Case) -> BTreeSet<String> {
    let fold =
        |name: &str| name.nfkc().flat_map(char::to_lowercase).filter(|c| c.is_alphanumeric()).collect();
    case.subjects().take(MOST_COMPARED).map(|subject| fold(subject.account.as_str())).collect()
}

/// Each thing that a text names, as one text is held against another: its addresses, whose paths know capitals, and its words.
pub fn things(text: &str) -> BTreeSet<String> {
    const JOINING: [&str; 7] = ["and", "or", "the", "in", "at", "on", "of"];
    let said = text.replace("[.]", ".").replace("[:]", ":").replace("hxxp", "http");
    let words = said.split(|c: char| c.is_whitespace() || matches!(c, ',' | ';' | '<' | '>' | '"'));
    let edge = |c: char| !(c.is_alphanumeric() || matches!(c, '/' | '!' | '#' | '$' | '@'));
    let thing = |word: &str| {
        let word = word.trim_matches(edge);
        if let Some((_, place)) = word.split_once("://") {
            let place = place.trim_end_matches('/');
            let (host, path) = place.split_once('/').unwrap_or((place, ""));
            return format!("{}/{path}", host.to_lowercase());
        }
        if word.starts_with(['!', '$', '#', '@']) {
            return word.to_owned();
        }
        word.nfkc().flat_map(char::to_lowercase).filter(|c| c.is_alphanumeric()).collect()
    };
    words.map(thing).filter(|thing| !thing.is_empty() && !JOINING.contains(&thing.as_str())).collect()
}

/// The normal form of the line that says where the material is.
const MATERIAL_KEY: &str = "material";

/// Where a request came from, as far as that tells one requester from another.
pub fn origins(case: &Case) -> BTreeSet<String> {
    addresses(case).iter().map(|email| origin(email).to_owned()).collect()
}

/// The agency in the form that names are compared in.
pub fn agency_name(case: &Case) -> Option<String> {
    let name = Key::read(agency(case)?).ok()?;
    Some(name.as_str().chars().take(LONGEST).collect())
}

fn accounts(case: &Case) -> BTreeSet<String> {
    case.subjects().map(|subject| mention::name(&subject.account)).collect()
}

/// What is longer is compared by its beginning.
const LONGEST: usize = 120;

#[cfg(test)]
mod tests {
    use super::*;
    use crate::case::given::line;
    use crate::case::{Account, Event};

    fn about(material: &str) -> BTreeSet<String> {
        let at = "2026-11-20T10:00:00Z".parse().unwrap();
        let opened = Event::Opened {
            kind: "copyright".to_owned(),
            policy: "x".to_owned(),
            received: at,
            fields: vec![line("material", material)],
            stray: Vec::new(),
        };
        let ada = Account::parse("@ada:our.org").unwrap();
        materials(&Case::begin(CaseId::new(1).unwrap(), &opened, &ada, at).unwrap())
    }

    #[test]
    fn a_place_is_the_same_however_it_is_written() {
        let place = about("mxc://example.org/abc");
        for same in [
            "MXC://Example.org/abc/",
            "the picture <mxc://example.org/abc>, in our room",
            "mxc[:]//example[.]org/abc",
            "mxc://example.org/abc mxc://example.org/def",
        ] {
            assert!(!about(same).is_disjoint(&place), "{same}");
        }
        assert!(about("mxc://example.org/abd").is_disjoint(&place));
        assert_eq!(about("https://example.org/song"), about("hxxp://example[.]org/song"));
        assert_eq!(about("Low tide, second picture"), about("low tide: second picture"));
        assert!(about("here").is_empty());
    }

    #[test]
    fn a_number_is_named_where_it_stands_by_itself() {
        let says = |text: &str, number: &str| {
            let text: Vec<char> = text.to_lowercase().chars().collect();
            (0..text.len()).any(|at| says_at(&text, at, number))
        };
        for text in ["OP-1", "op 1", "see OP-1.", "(OP–1)", "OP-1, 2 accounts", "re: op.1; thanks", "OP1"] {
            assert!(says(text, "op1"), "{text}");
        }
        for text in ["", "OP-12", "OP-1/2", "OP-1a", "XOP-1", "2/OP-1", "99-OP-1", "OP", "OP-2"] {
            assert!(!says(text, "op1"), "{text}");
        }
    }
}
