//! Mail addresses and hosts of another house that a request names somewhere, without saying in words that we know that its answer
//! goes there (rule 61). A person looks at them; no list of words has all the ways in which one can ask.
//!
//! Knows lines and places. What is plainly wanted for an answer stands in `answers_to`, which is asked first.

use super::answer_words::{is_bound_to, says_subject};
use super::folded::folded;
use super::place::{Place, bare, mailboxes};
use super::taken_apart::unmarked;
use super::{Case, Field, Reading};

/// Lines that say what the request is about, where an address is that of somebody it asks after.
const ABOUT: &[&str] = &["accounts", "identifiers", "material", "messages", "room", "suspects", "subject"];

/// Every one that stands on no line that says whom the request is about, in its order.
pub(super) fn also_named(case: &Case) -> Vec<Place> {
    let fields = case.fields.iter().filter(|field| is_looked_at(field));
    let mut found: Vec<Place> = fields
        .flat_map(|field| {
            // A line that nobody knows, and that is nothing but a host, is there to name it.
            let alone = (!field.known()).then(|| bare(folded(field.value.trim()).as_str())).flatten();
            named_in(&field.value).into_iter().chain(alone)
        })
        .collect();
    found.extend(named_in(&case.stray.join("\n")));
    let mut once: Vec<Place> = Vec::new();
    for place in found {
        if !once.contains(&place) {
            once.push(place);
        }
    }
    once
}

fn is_looked_at(field: &Field) -> bool {
    let is_words = match &field.reading {
        Reading::Text | Reading::Unknown { .. } | Reading::Unread { .. } | Reading::Claimed => true,
        Reading::Email { .. } | Reading::Accounts { .. } | Reading::Day { .. } | Reading::Secrecy(_) => false,
    };
    is_words && !ABOUT.contains(&field.key.as_str()) && !says_subject(&field.label)
}

/// The addresses in free words, but for those that the words bind to an account or a sender.
pub(super) fn named_in(text: &str) -> Vec<Place> {
    let text = folded(text);
    let text = unmarked(&text).unwrap_or(text);
    // Every line of every request is asked, and few have one.
    if !text.contains('@') {
        return Vec::new();
    }
    let words: Vec<&str> = text.split_whitespace().collect();
    let mut found = Vec::new();
    for (at, word) in words.iter().enumerate() {
        let mut there = mailboxes(&with_dot(word));
        there.extend(by_number(word));
        if !there.is_empty() && !is_bound_to(&words, at) {
            found.extend(there);
        }
    }
    found
}

/// `roe@[192.0.2.1]`: the mailbox of a machine that has no name.
fn by_number(word: &str) -> Option<Place> {
    let (_, rest) = word.split_once("@[")?;
    let (host, _) = rest.split_once(']')?;
    let is_number = !host.is_empty() && host.chars().all(|c| c.is_ascii_hexdigit() || matches!(c, '.' | ':'));
    is_number.then(|| Place::Domain(format!("[{host}]")))
}

/// `roe@evil,example` with the dot that an eye reads there.
fn with_dot(word: &str) -> String {
    let commas = word.split_once('@').and_then(|(local, domain)| {
        let (name, ending) = domain.split_once(',')?;
        let is_label = |text: &str| !text.is_empty() && text.chars().all(|c| c.is_alphanumeric() || c == '-');
        let ending = ending.trim_end_matches(|c: char| !c.is_alphanumeric());
        (is_label(name) && ending.split('.').all(is_label)).then(|| format!("{local}@{name}.{ending}"))
    });
    commas.unwrap_or_else(|| word.to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn has(text: &str, expected: &[&str]) {
        let found = named_in(text);
        assert_eq!(found.iter().map(Place::as_str).collect::<Vec<_>>(), expected, "{text}");
    }

    #[test]
    fn an_address_is_found_whatever_the_words_around_it() {
        for text in [
            "email roe@evil.example with the data",
            "our mail server is down; for the time being roe@evil.example",
            "my inbox is full, use roe@evil.example",
            "the results go to roe@evil.example",
            "account, to roe@evil.example",
            "Email address of the officer: roe@evil.example",
            "write roe [at] evil.example",
            "roe(at)evil(dot)example",
            "roe@evil,example",
        ] {
            has(text, &["roe@evil.example"]);
        }
        has("or roe@[192.0.2.1], please", &["[192.0.2.1]"]);
    }

    #[test]
    fn what_words_bind_to_somebody_else_is_left_out() {
        for text in [
            "the account is registered to x@y.example",
            "she got a reply from x@y.example",
            "threats were sent to x@y.example",
            "they spoke at evil.example",
            "ask @alice:example.org",
            "a,b and c",
        ] {
            has(text, &[]);
        }
    }
}
