//! The lines that requests are made of, by group.

use crate::case::{FieldForm, FieldRule};

/// A line: key, label, what it is, what to put there, other keys.
struct Row(&'static str, &'static str, FieldForm, &'static str, &'static [&'static str]);

/// Every line that a built-in kind can have. A kind names the ones it wants.
const ROWS: &[Row] = &[
    Row(
        "agency",
        "Agency",
        FieldForm::Text,
        "the authority or company that asks",
        &["organisation", "organization", "authority", "company", "force"],
    ),
    Row(
        "officer",
        "Officer",
        FieldForm::Text,
        "who signed the request",
        &["official", "requester", "contact", "name", "signed by"],
    ),
    Row(
        "email",
        "Email",
        FieldForm::Email,
        "an official return address",
        &["e mail", "mail", "return address", "reply to"],
    ),
    Row(
        "phone",
        "Phone",
        FieldForm::Text,
        "kept, but never called to verify",
        &["telephone", "tel", "mobile"],
    ),
    Row("jurisdiction", "Jurisdiction", FieldForm::Text, "the country, such as GB", &["country"]),
    Row("via", "Via", FieldForm::Text, "direct, mlat or daa", &["route"]),
    Row(
        "instrument",
        "Instrument",
        FieldForm::Text,
        "warrant, order or authorisation, and its number",
        &["warrant", "order", "authorisation", "authorization", "legal basis"],
    ),
    Row(
        "authorising officer",
        "Authorising officer",
        FieldForm::Text,
        "who authorised it under s.61, or the Commissioner’s reference under 60A",
        &["authorizing officer", "authorised by", "authorized by"],
    ),
    Row(
        "accounts",
        "Accounts",
        FieldForm::Accounts,
        "whole Matrix IDs, such as @alice:example.org",
        &["account", "user", "users", "user id", "matrix id", "mxid", "mxids"],
    ),
    Row(
        "data",
        "Data",
        FieldForm::Text,
        "which records, such as account, connection",
        &["data requested", "records", "information", "scope"],
    ),
    Row("from", "From", FieldForm::Day, "the first day it is about", &["period from", "start"]),
    Row("to", "To", FieldForm::Day, "the last day it is about", &["period to", "end"]),
    Row(
        "purpose",
        "Purpose",
        FieldForm::Text,
        "what it is for, and how the records relate to it",
        &["reason", "investigation", "offence", "crime"],
    ),
    Row(
        "reference",
        "Reference",
        FieldForm::Text,
        "the requester’s own number",
        &["ref", "our ref", "your ref", "case number", "reference number"],
    ),
    Row(
        "confidential",
        "Confidential",
        FieldForm::Secrecy,
        "no, yes, or until a date",
        &[
            "confidentiality",
            "secret",
            "secrecy",
            "non disclosure",
            "nondisclosure",
            "gag",
            "do not notify",
            "do not notify user",
            "do not notify the user",
            "do not tell",
            "do not disclose",
        ],
    ),
    Row(
        "nature",
        "Nature",
        FieldForm::Text,
        "what the danger is",
        &["nature of emergency", "danger", "emergency"],
    ),
    Row(
        "person",
        "Person in danger",
        FieldForm::Text,
        "who is in danger",
        &["person in danger", "victim", "at risk"],
    ),
    Row(
        "messages",
        "Messages",
        FieldForm::Text,
        "which messages or events to look at",
        &["message", "events", "event", "content"],
    ),
    Row(
        "context",
        "Context",
        FieldForm::Text,
        "anything else that helps",
        &["other", "details", "background", "description"],
    ),
    Row("room", "Room", FieldForm::Text, "the room or its address", &["rooms", "room id"]),
    Row("clause", "Clause", FieldForm::Text, "which term is breached", &["term", "breach", "rule"]),
    Row("work", "Work", FieldForm::Text, "the work that is infringed", &["copyrighted work", "works"]),
    Row(
        "material",
        "Material",
        FieldForm::Text,
        "where the material is",
        &["infringing material", "location", "url", "link"],
    ),
    Row(
        "good faith",
        "Good faith",
        FieldForm::Text,
        "the statement of good-faith belief",
        &["good faith statement"],
    ),
    Row(
        "accuracy",
        "Accuracy",
        FieldForm::Text,
        "the statement of accuracy, under penalty of perjury",
        &["statement of accuracy", "perjury"],
    ),
    Row("signature", "Signature", FieldForm::Text, "physical or electronic", &["signed"]),
    Row(
        "consent",
        "Consent to jurisdiction",
        FieldForm::Text,
        "the statement that the counter-notice needs",
        &["consent to jurisdiction"],
    ),
    Row(
        "right",
        "Right",
        FieldForm::Text,
        "access, rectification, erasure, restriction, portability, objection, informed or automated",
        &["rights"],
    ),
    Row(
        "proof",
        "Proof of identity",
        FieldForm::Text,
        "how the person showed who they are",
        &["proof of identity", "identity"],
    ),
    Row("erased", "Erased", FieldForm::Day, "when the erasure was finished, on our servers", &["erased on"]),
    Row("restored", "Restored", FieldForm::Text, "when it was put back, or which action was filed", &[]),
    Row("subject", "Subject", FieldForm::Text, "what it is about, in a line", &["about", "title", "summary"]),
];

/// The rules for these keys: required ones first, each group in the order given.
pub(super) fn rules(required: &[&str], optional: &[&str]) -> Vec<FieldRule> {
    let mut rules = Vec::new();
    for (keys, required) in [(required, true), (optional, false)] {
        for key in keys {
            rules.extend(ROWS.iter().filter(|row| row.0 == *key).map(|row| rule(row, required)));
        }
    }
    rules
}

fn rule(Row(key, label, form, help, aliases): &Row, required: bool) -> FieldRule {
    FieldRule {
        key: (*key).to_owned(),
        label: (*label).to_owned(),
        aliases: aliases.iter().map(|alias| (*alias).to_owned()).collect(),
        required,
        form: form.clone(),
        help: (*help).to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_key_is_listed_once() {
        for row in ROWS {
            assert_eq!(ROWS.iter().filter(|other| other.0 == row.0).count(), 1, "{}", row.0);
        }
    }
}
