//! Who asked about the same users in other cases, as words to one of them might name them (rules 26, 65): an agency, whoever
//! signed, where they write from. Of a sealed case nothing is said here, for a refusal would betray it; a second person reads then.
//!
//! Knows names and words. Which cases these are is looked up by the desk, some of them wherever there are any.

use super::Around;
use crate::case::directory::is_under;
use crate::case::free_mail::is_free_mail;
use crate::case::look_alike::{in_pairs, letters};
use crate::case::requester::{AGENCY_KEY, OFFICER_KEY, addresses, is_from_agency};
use crate::case::{Account, Case, Field, Key, Reading, Telling, Terms};

/// The lines that name people of whoever asks.
const PEOPLE: &[&str] = &[OFFICER_KEY, "authorising officer", "single point of contact"];
pub(super) const REFERENCE_KEY: &str = "reference";
const SIGNATURE_KEY: &str = "signature";
/// Words of a label under which somebody names themselves.
const REPORTERS: &[&str] = &[
    "reporter",
    "complainant",
    "victim",
    "name",
    "from",
    "sender",
    "claimant",
    "signature",
    "melder",
    "meldende",
    "opfer",
    "absender",
    "nom",
    "signalant",
    "victime",
];
/// A first name or a last has so many letters; fewer are a title more often than not.
const SHORTEST_NAME: usize = 3;

/// The first name of somebody who asked about the same users, and does not ask here, that stands in a text. Which case it comes
/// from is not said with it.
pub(super) fn named_beside(case: &Case, around: &Around, said: &str, terms: &Terms) -> Option<String> {
    // Whoever was told of a request may be told of it again.
    let is_told = |other: &&Case, user: &Account| {
        matches!(other.notice(user).map(|notice| &notice.what), Some(Telling::Told { .. }))
    };
    let users: Vec<&Account> = case.subjects().map(|subject| &subject.account).collect();
    let knows = |other: &&Case| !users.is_empty() && users.iter().all(|user| is_told(other, user));
    let untold = around.asking.iter().filter(|other| !knows(other));
    let others = around.naming.iter().flatten().chain(untold);
    let shown = others.filter(|other| !other.is_sealed());
    let own: Vec<Vec<String>> = names(case, terms).iter().map(|name| words(name)).collect();
    let is_agencys = |case: &Case| terms.kind_of(case).is_none_or(is_from_agency);
    // An agency is written to in its own name, and somebody who asked before in theirs. What a person's request calls itself
    // excuses no name of an agency.
    let found = shown.flat_map(|other| {
        let is_excused = is_agencys(case) || !is_agencys(other);
        let is_anothers = |name: &String| !is_excused || !own.contains(&words(name));
        names(other, terms).into_iter().filter(is_anothers).collect::<Vec<_>>()
    });
    found.into_iter().find(|name| is_named(name, said))
}

/// The first name of whoever asks here that stands in a text, for words that go to somebody else (rule 31).
pub(super) fn names_requester(case: &Case, said: &str, terms: &Terms) -> Option<String> {
    let all = names(case, terms).into_iter().chain(reporters(case));
    all.into_iter().find(|name| is_named(name, said))
}

/// By what somebody who reports somebody can be named besides: by the first name or the last alone, and on lines that no form has.
fn reporters(case: &Case) -> Vec<String> {
    let of_them = |field: &&Field| {
        let words = words(&field.label);
        let is_theirs = words.iter().any(|word| REPORTERS.contains(&word.as_str()));
        is_theirs && matches!(field.reading, Reading::Unknown { .. })
    };
    let lines = case.fields.iter().filter(of_them).chain(case.fields_of(SIGNATURE_KEY));
    let mut names: Vec<String> = lines.flat_map(|field| of_people(&field.value)).collect();
    let people = PEOPLE.iter().flat_map(|key| case.fields_of(key)).flat_map(|field| of_people(&field.value));
    let whole: Vec<String> = names.iter().cloned().chain(people).collect();
    // One capital or a title says nobody.
    let is_name = |word: &&str| {
        word.starts_with(char::is_uppercase)
            && word.chars().count() >= SHORTEST_NAME
            && word.contains(char::is_lowercase)
    };
    names.extend(whole.iter().flat_map(|name| name.split_whitespace()).filter(is_name).map(str::to_owned));
    names
}

/// By what a requester can be named: an agency, its people, where they write from, their own number, who ordered silence.
pub(super) fn names(case: &Case, terms: &Terms) -> Vec<String> {
    let agencies = case.fields_of(AGENCY_KEY).map(|field| field.value.trim().to_owned());
    let people = PEOPLE.iter().flat_map(|key| case.fields_of(key)).flat_map(|field| of_people(&field.value));
    let mut names: Vec<String> = agencies.chain(people).collect();
    names.extend(case.gag.iter().flat_map(|gag| of_people(&gag.ordered_by)));
    let is_ours =
        |domain: &str| terms.servers.iter().any(|ours| is_under(domain, ours) || is_under(ours, domain));
    for email in addresses(case) {
        names.push(email.as_str().to_owned());
        if !is_free_mail(email.domain()) && !is_ours(email.domain()) {
            names.push(email.domain().to_owned());
        }
    }
    let numbers = case.fields_of(REFERENCE_KEY).flat_map(|field| field.value.split([',', ';', '\n']));
    names.extend(numbers.map(|number| number.trim().to_owned()).filter(|number| is_number(number)));
    names
}

/// Whether a reference is more than a short number, which any other might be.
fn is_number(reference: &str) -> bool {
    reference.chars().filter(|c| c.is_alphanumeric()).count() >= SHORTEST_NUMBER
}

/// The people of a line: `DI Jane Roe, Cyber Crime` is also Jane Roe.
fn of_people(line: &str) -> Vec<String> {
    let parts = line.split([',', ';', '(', ')', '/', '\n']).map(str::trim).filter(|part| !part.is_empty());
    let mut names = Vec::new();
    for part in parts {
        names.push(part.to_owned());
        let all: Vec<&str> = part.split_whitespace().collect();
        let is_name = |word: &&str| word.starts_with(char::is_uppercase);
        if let [_, .., first, last] = all.as_slice()
            && [first, last].into_iter().all(is_name)
        {
            names.push(format!("{first} {last}"));
        }
    }
    names
}

/// Whether the text has the name in it, however it is written. A name of one word may be any word, so a short one is one only as
/// it is written, or where capitals are what it is; a long one is found in disguise too.
pub(super) fn is_named(name: &str, said: &str) -> bool {
    let folded = words(name);
    let is_plain = match folded.as_slice() {
        [] => return false,
        [_] => said.split(|c: char| !c.is_alphanumeric()).any(|word| word == name),
        folded => stands_in(folded, &words(said)),
    };
    is_plain || is_disguised(name, said)
}

/// Whether the text has the name in letters that only look like its own, with other signs between them or with none.
pub(super) fn is_disguised(name: &str, said: &str) -> bool {
    let (whole, text) = (letters(name), letters(said));
    if whole.chars().count() >= LONG {
        return text.contains(&whole) || in_pairs(text).contains(&in_pairs(whole));
    }
    let of = |text: &str| -> Vec<String> {
        text.split_whitespace().map(letters).filter(|word| !word.is_empty()).collect()
    };
    let (name_words, said_words) = (of(name), of(said));
    let is_acronym = !name.contains(char::is_lowercase) && whole.chars().count() > 1;
    let may_be_found = is_acronym || name_words.len() > 1;
    may_be_found && (stands_in(&name_words, &said_words) || said_words.contains(&whole))
}

/// From so many letters on hardly any word is a name as well.
const LONG: usize = 7;
/// A reference with fewer letters and digits is like too many other numbers.
const SHORTEST_NUMBER: usize = 5;

/// The words of a text, without case and what stands between them.
pub(super) fn words(text: &str) -> Vec<String> {
    let folded = Key::read(text).map(|key| key.to_string()).unwrap_or_default();
    let split = folded.split(|c: char| !c.is_alphanumeric());
    split.filter(|word| !word.is_empty()).map(str::to_owned).collect()
}

pub(super) fn stands_in(name: &[String], said: &[String]) -> bool {
    said.windows(name.len()).any(|run| run == name)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_is_found_as_whole_words() {
        assert!(stands_in(&words("Kent Police"), &words("the KENT-police, holds it")));
        assert!(stands_in(&words("Kent Police"), &words("Kent, Police")));
        assert!(stands_in(&words("kent.police.uk"), &words("ask foi@kent.police.uk")));
        assert!(!stands_in(&words("Kent Police"), &words("kentish police")));
    }

    #[test]
    fn somebody_is_named_without_their_rank_too() {
        let named = |line: &str, said: &str| of_people(line).iter().any(|name| is_named(name, said));
        assert!(named("DI Jane Roe, Cyber Crime", "jane roe wrote to us"));
        assert!(named("DI Jane Roe, Cyber Crime", "DI JANE ROE"));
        assert!(!named("DI Jane Roe", "Jane and roe"));
        assert!(!named("the head of unit", "part of unit 4"));
        assert!(!named("the head of Unit", "part of unit 4"));
        // A name that may be any word is one as it is written.
        assert!(named("Will", "as Will asked"));
        assert!(!named("Will", "it will be erased"));
        assert!(named("BKA", "the BKA asked"));
        assert!(named("Schmidt", "von schmidt") && !named("Miller", "by the miller"));
        assert!(named("Bundeskriminalamt", "das bundeskriminalamt"));
        assert!(named("BKA", "4, bka") && named("BKA", "4, B.K.A."));
        assert!(!named("--", "--"));
    }

    #[test]
    fn a_name_is_found_however_it_is_disguised() {
        for said in [
            "Ken\u{200B}t Pol\u{200B}ice",
            "K\u{435}nt Police",
            "KentPolice",
            "K.e.n.t Police",
            "k e n t p o l i c e",
            "K\u{E9}nt P0l1ce",
        ] {
            assert!(is_named("Kent Police", said), "{said}");
        }
        assert!(is_named("ZK-77/2026", "zk 772026") && is_named("J. Roe", "j.roe wrote"));
        // Two letters like one, also where they are of two words.
        assert!(is_named("Durham Police", "durharn police") && is_named("Nathanson", "our nathanson"));
        // A short name by its words, or by all of them in one.
        for said in ["j. r\u{43E}e", "jroe wrote"] {
            assert!(is_named("J - Roe", said), "{said}");
        }
        assert!(is_named("KP", "the k.p. wrote") && !is_named("K", "the k"));
        assert!(!is_named("Kent Police", "kentish police") && !is_named("Roe", "heroes"));
    }
}
