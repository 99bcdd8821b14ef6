//! A handful of letters and stock sentences, built in until packs in YAML take their place.

use std::collections::BTreeMap;

use crate::case::Letter;

/// Name, kinds (none is all), title, text.
type Row = (&'static str, &'static [&'static str], &'static str, &'static str);

const LETTERS: &[Row] = &[
    // Rule 9: a receipt waives no objection.
    (
        "ack",
        &[],
        "we have it",
        "We received your {kind} request on {received}. Our number for it is {case}; please quote it.\n\nThat we received \
         it waives no objection, whatever way it came.\n\n{operator}",
    ),
    // Rule 38: a report of abuse is asked for more, never turned away for a blank.
    (
        "ask",
        &[],
        "what is missing",
        "We received your {kind} request on {received} (our number {case}). To go on with it we need:\n\n{missing}\n\n\
         Until it comes, we cannot answer.\n\n{operator}",
    ),
    (
        "refuse",
        &["subject"],
        "refused",
        "We cannot do what you asked on {received} (our number {case}):\n\n{reason}\n\n{complaint}\n\n{operator}",
    ),
    (
        "refuse",
        &[],
        "refused",
        "We refuse your {kind} request of {received} (our number {case}):\n\n{reason}\n\n{operator}",
    ),
    (
        "redirect",
        &[],
        "sent elsewhere",
        "We cannot deal with your {kind} request of {received} (our number {case}).\n\n{reason}\n\n{operator}",
    ),
    // Rules 24 and 36.
    (
        "answer",
        &["preservation"],
        "records are kept",
        "{agency}, for {officer}\nYour reference {reference}, our number {case}\n\nWe keep what we hold of {accounts} until \
         {hold_until}. This is no statement that any data exists. It is released only under a valid order.\n\n{operator}",
    ),
    // Rules 45, 47 and 51.
    (
        "answer",
        &["subject"],
        "the answer to a person",
        "Your request of {received} (our number {case}) about {accounts} has been dealt with.\n\nMuch of it you can do \
         yourself, in the settings of your client. What you shared stays with those you shared it with: we passed your \
         request on to other servers and bridges, and cannot promise that they follow it. Some records may be kept where \
         law requires.\n\n{operator}",
    ),
    (
        "answer",
        &[],
        "the answer",
        "Your {kind} request of {received} (our number {case}) has been dealt with.\n\nNot done:\n{refused}\n\n{operator}",
    ),
];

const TEXTS: &[(&str, &str)] = &[
    ("operator", "The operator of this server"),
    // Rule 3.
    (
        "mlat",
        "Authorities outside the United Kingdom reach us through mutual legal assistance (MLAT): please ask the central \
         authority of your own country.",
    ),
    // Rule 8.
    (
        "elsewhere",
        "The accounts named are not on a server that we run; please ask the operator of that server.",
    ),
    // Rule 57.
    ("security", "Reports about the security of the software go to security@matrix.org."),
    // Rule 52.
    (
        "complaint",
        "You can complain to the Information Commissioner's Office: https://ico.org.uk/make-a-complaint",
    ),
];

/// Every letter, those for a kind before those for all.
pub(super) fn letters() -> Vec<Letter> {
    let owned = |texts: &[&str]| texts.iter().map(|text| (*text).to_owned()).collect();
    let letter = |(name, kinds, title, text): &Row| Letter {
        name: (*name).to_owned(),
        kinds: owned(kinds),
        title: (*title).to_owned(),
        text: (*text).to_owned(),
    };
    LETTERS.iter().map(letter).collect()
}

/// The stock sentences by name.
pub(super) fn texts() -> BTreeMap<String, String> {
    TEXTS.iter().map(|(name, text)| ((*name).to_owned(), (*text).to_owned())).collect()
}

#[cfg(test)]
mod tests {
    use crate::case::letter::strangers;
    use crate::policy::matrix_org;

    #[test]
    fn every_placeholder_can_be_filled_in() {
        let policy = matrix_org();
        for letter in &policy.letters {
            assert_eq!(
                strangers(letter, &policy),
                Vec::<String>::new(),
                "{} {:?}",
                letter.name,
                letter.kinds
            );
        }
    }
}
