//! An order for secrecy that a request names though nobody has put it on record here (rules 26, 60). Reads by the policy's
//! words; whether the paper is there, and whom it binds, is for a person to say.
//!
//! It errs on the side of yes: a word that is not understood takes nothing back, and only a plain no, or that the order is
//! still to come, leaves a wish (rule 16).

use std::ops::Range;

use chrono::NaiveDate;

use super::done::day_in;
use super::instrument::is_denied;
use super::phrase::{Words, outermost};
use super::plea::{is_plea, may_plead, sentences};
use super::{Case, Field, INSTRUMENT_KEY, Policy, Reading, Secrecy, Terms, instrument_lines};

/// What a name of the policy may be parted by from words that say that the order is still to come.
const BETWEEN: &[&str] = &["a", "an", "the", "any", "is", "are", "was", "has", "been", "it"];
/// What comes before the last day of an order.
const UNTIL: &[&str] = &[
    "until",
    "till",
    "through",
    "to",
    "expires",
    "expiring",
    "ends",
    "ending",
    "up to",
    "bis",
    "jusqu’au",
    "jusqu'au",
];
/// Where a requester writes what there is no line for.
const CONTEXT: &str = "context";
/// The requester's own number, which may look like that of a law.
const REFERENCE: &str = "reference";
/// A line of so many words is no name or number.
const PROSE: usize = 4;

/// An order for secrecy that the request names.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct NamedOrder<'c> {
    /// The label of the line, where the form knows none such. Foreign text.
    pub label: Option<&'c str>,
    /// The words that name it. Foreign text.
    pub words: &'c str,
    /// The last day on which it binds, if the request says one that could be read.
    pub until: Option<NaiveDate>,
}

/// The order for secrecy that a request names, while none is on record and nobody has found that there is none.
pub fn named_order<'c>(case: &'c Case, terms: &'c Terms) -> Option<NamedOrder<'c>> {
    unrecorded_order(case, terms.policy_of(case)?)
}

/// The same, under the policy of the case.
pub fn unrecorded_order<'c>(case: &'c Case, policy: &'c Policy) -> Option<NamedOrder<'c>> {
    if case.secrecy_settled() {
        return None;
    }
    let named = lines(case, policy).into_iter().find(|line| names_order(line, policy))?;
    let said = days_said(case).next();
    let label = Some(named.label).filter(|label| !label.is_empty());
    Some(NamedOrder { label, words: named.words, until: last_day(named.words).or(said) })
}

/// The last day until which a request says that it binds, by an order or by a wish.
pub fn named_end(case: &Case, terms: &Terms) -> Option<NaiveDate> {
    named_order(case, terms).and_then(|order| order.until).max(days_said(case).max())
}

/// The days on the lines about secrecy.
fn days_said(case: &Case) -> impl Iterator<Item = NaiveDate> {
    case.secrecy_lines().filter_map(|field| match field.reading {
        Reading::Secrecy(Secrecy::Until { day }) => Some(day),
        Reading::Secrecy(_)
        | Reading::Text
        | Reading::Accounts { .. }
        | Reading::Day { .. }
        | Reading::Email { .. }
        | Reading::Unknown { .. }
        | Reading::Unread { .. }
        | Reading::Claimed => None,
    })
}

/// A piece of the request in which an order may be named.
struct Said<'c> {
    /// How it is labelled, where the label may name the order.
    label: &'c str,
    words: &'c str,
    /// Whether it is a line about secrecy, on which less names an order.
    of_secrecy: bool,
    /// Whether it is free text, where less names one in a sentence that asks for secrecy.
    of_prose: bool,
}

/// The lines about the instrument and about secrecy, those that the form does not know, and what is no line at all.
fn lines<'c>(case: &'c Case, policy: &'c Policy) -> Vec<Said<'c>> {
    let said = |field: &'c Field| Said {
        label: if field.known() { "" } else { &field.label },
        words: &field.value,
        of_secrecy: field.is_about_secrecy(),
        of_prose: is_prose(field),
    };
    let is_free = |field: &Field| field.reading == Reading::Secrecy(Secrecy::No);
    let others = case.fields.iter().filter(|field| !field.known() || field.key == CONTEXT || is_prose(field));
    let fields = instrument_lines(case, policy).chain(case.secrecy_lines()).chain(others);
    let strays =
        case.stray.iter().map(|text| Said { label: "", words: text, of_secrecy: false, of_prose: true });
    fields.filter(|field| !is_free(field)).map(said).chain(strays).collect()
}

/// Whether a line says so much that an order may be named among it, or asks for secrecy in fewer words. A number of the requester's
/// own names none.
fn is_prose(field: &Field) -> bool {
    let is_text = matches!(field.reading, Reading::Text | Reading::Unknown { .. } | Reading::Unread { .. });
    let is_other = field.key == INSTRUMENT_KEY || field.key == REFERENCE;
    let is_long = || field.value.split_whitespace().nth(PROSE - 1).is_some();
    is_text && !is_other && (is_long() || field.pleads().is_some())
}

fn names_order(said: &Said<'_>, policy: &Policy) -> bool {
    let by_word = |sentence: &str| {
        if !may_plead(sentence) {
            return false;
        }
        let words = Words::of(sentence);
        let places = outermost(policy.gag.said_by.iter().flat_map(|name| words.places_of(name)).collect());
        let to_come = if places.is_empty() { Vec::new() } else { not_yet(&words, policy) };
        places.iter().any(|place| is_there(&words, place, &to_come)) && is_plea(sentence)
    };
    if said.of_prose && sentences(said.words).any(by_word) {
        return true;
    }
    let on_line: &[String] = if said.of_secrecy { &policy.gag.said_by } else { &[] };
    let names = || policy.gag.named_by.iter().chain(on_line);
    let value = Words::of(said.words);
    let stands = |words: &Words| {
        let places = outermost(names().flat_map(|name| words.places_of(name)).collect());
        let to_come = if places.is_empty() { Vec::new() } else { not_yet(words, policy) };
        places.iter().any(|place| is_there(words, place, &to_come))
    };
    // `Gag order: no` names none.
    let is_no = value.at(0).is_none_or(|first| matches!(first, "no" | "none" | "not" | "n" | "false"));
    stands(&value) || (!is_no && stands(&Words::of(said.label)) && not_yet(&value, policy).is_empty())
}

/// Whether the name at this place is that of an order that is there: not denied, and not still to come, as is said where
/// `to_come` stands.
fn is_there(words: &Words, place: &Range<usize>, to_come: &[Range<usize>]) -> bool {
    let is_between = |place: usize| words.at(place).is_some_and(|word| BETWEEN.contains(&word));
    let after = (place.end..words.count()).find(|next| !is_between(*next));
    let before = (0..place.start).rev().find(|last| !is_between(*last));
    let is_to_come = to_come.iter().any(|said| {
        after.is_some_and(|next| said.contains(&next)) || before.is_some_and(|last| said.contains(&last))
    });
    !is_denied(words, place.start) && !is_to_come
}

/// Where the policy's words for what is still to come stand.
fn not_yet(words: &Words, policy: &Policy) -> Vec<Range<usize>> {
    policy.absent.not_yet.iter().flat_map(|phrase| words.places_of(phrase)).collect()
}

/// The day behind the first `until` that has one.
fn last_day(text: &str) -> Option<NaiveDate> {
    let folded = text.to_lowercase();
    // Small letters may take other room than capital ones, so the day is read from the same text.
    let starts = UNTIL.iter().flat_map(|word| folded.match_indices(word));
    let whole = starts.filter(|(at, word)| {
        let before = folded.get(..*at).and_then(|text| text.chars().next_back());
        let after = folded.get(at + word.len()..).and_then(|text| text.chars().next());
        !before.is_some_and(char::is_alphanumeric) && !after.is_some_and(char::is_alphanumeric)
    });
    let mut ends: Vec<usize> = whole.map(|(at, word)| at + word.len()).collect();
    ends.sort_unstable();
    ends.into_iter().find_map(|end| day_in(folded.get(end..)?))
}
