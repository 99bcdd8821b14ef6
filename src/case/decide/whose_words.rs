//! Who asked about the same users in other cases, as words to one of them might name them (rules 26, 65): an agency, whoever
//! signed, where they write from. Of a sealed case nothing is said here, for a refusal would betray it; a second person reads then.
//!
//! Knows names and words. Which cases these are is looked up by the desk, some of them wherever there are any.

use super::Around;
use crate::case::free_mail::is_free_mail;
use crate::case::requester::{AGENCY_KEY, OFFICER_KEY, addresses};
use crate::case::{Case, Key};

/// The first name of somebody who asked about the same users, and does not ask here, that stands in a text. Which case it comes
/// from is not said with it.
pub(super) fn named_beside(case: &Case, around: &Around, said: &str) -> Option<String> {
    let others = around.naming.iter().flatten().chain(&around.held);
    let shown = others.filter(|other| other.id != case.id && !other.is_sealed());
    let own: Vec<Vec<String>> = names(case).iter().map(|name| words(name)).collect();
    let is_anothers = |name: &String| !own.contains(&words(name));
    shown.flat_map(names).filter(is_anothers).find(|name| is_named(name, said))
}

/// By what a requester can be named.
fn names(case: &Case) -> Vec<String> {
    let agencies = case.fields_of(AGENCY_KEY).map(|field| field.value.trim().to_owned());
    let people = case.fields_of(OFFICER_KEY).flat_map(|field| of_people(&field.value));
    let mut names: Vec<String> = agencies.chain(people).collect();
    for email in addresses(case) {
        names.push(email.as_str().to_owned());
        if !is_free_mail(email.domain()) {
            names.push(email.domain().to_owned());
        }
    }
    names
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

/// Whether the text has the name in it. A name of one word may be any word, so it is one only as it is written.
fn is_named(name: &str, said: &str) -> bool {
    let folded = words(name);
    match folded.as_slice() {
        [] => false,
        [one] if one.chars().count() < LONG => {
            said.split(|c: char| !c.is_alphanumeric()).any(|word| word == name)
        }
        folded => stands_in(folded, &words(said)),
    }
}

/// From so many letters on hardly any word is a name as well.
const LONG: usize = 7;

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
        assert!(!named("--", "--"));
    }
}
