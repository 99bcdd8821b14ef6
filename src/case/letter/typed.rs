//! What people of ours typed and a letter repeats: the words of a refusal, of more time, of the scope, and lines of ours; and lines of
//! the request that they put otherwise than it came. What the request says itself is none of it. Does not know who gets the letter.

use super::template::{self, Place, Slot};
use super::{NOTICES, is_notice, repeats_in};
use crate::case::choice::chosen_from;
use crate::case::scope::names_unknown;
use crate::case::{Case, Field, Kind, Policy, Reading, Terms, checklist};

/// Such words of ours, in the order in which the letter has them; nothing where the policy has no such letter.
pub fn typed_in<'c>(case: &'c Case, name: &str, terms: &Terms) -> Vec<&'c str> {
    let (Some(policy), Some(kind)) = (terms.policy_of(case), terms.kind_of(case)) else { return Vec::new() };
    let said = places_in(case, name, terms);
    let said = said.iter().flat_map(|place| typed_at(place, case, kind, policy));
    once(said.map(str::trim).filter(|words| !words.is_empty()))
}

/// The lines of the request that people of ours put there since it came, as far as the letter repeats them.
pub fn put_in<'c>(case: &'c Case, name: &str, terms: &Terms) -> Vec<&'c Field> {
    let (Some(policy), Some(kind)) = (terms.policy_of(case), terms.kind_of(case)) else { return Vec::new() };
    let is_put = |field: &&Field| case.typed.contains(&field.key) && !is_typed(field, kind);
    let mut found = repeated(case, &places_in(case, name, terms), is_notice(name), kind, policy);
    found.retain(|field| is_put(field) && !is_listed(field, kind));
    found
}

/// Every line that the letter repeats, whoever wrote it.
pub fn repeated_in<'c>(case: &'c Case, name: &str, terms: &Terms) -> Vec<&'c Field> {
    let (Some(policy), Some(kind)) = (terms.policy_of(case), terms.kind_of(case)) else { return Vec::new() };
    repeated(case, &places_in(case, name, terms), is_notice(name), kind, policy)
}

fn places_in(case: &Case, name: &str, terms: &Terms) -> Vec<Place> {
    let letter = terms.policy_of(case).and_then(|policy| policy.letter(&name.to_lowercase(), &case.kind));
    let slots = letter.map(|letter| template::read(letter.text_for(case))).unwrap_or_default();
    let place = |slot| match slot {
        Slot::Place { place, .. } => Some(place),
        Slot::Words(_) => None,
    };
    slots.into_iter().filter_map(place).collect()
}

fn once<T: PartialEq>(all: impl Iterator<Item = T>) -> Vec<T> {
    let mut found: Vec<T> = Vec::new();
    for one in all {
        if !found.contains(&one) {
            found.push(one);
        }
    }
    found
}

/// The lines of the case that these places repeat. Of accounts a notice has those of its user alone.
fn repeated<'c>(
    case: &'c Case,
    places: &[Place],
    to_user: bool,
    kind: &Kind,
    policy: &Policy,
) -> Vec<&'c Field> {
    let of = |place: &Place| -> Vec<&'c Field> {
        match place {
            Place::Line(key) => {
                let key = kind.field(key).map_or(key.as_str(), |rule| rule.key.as_str());
                case.fields.iter().filter(|field| field.key == key).collect()
            }
            Place::Accounts | Place::NotOurs | Place::HoldUntil if !to_user => {
                let is_it = |field: &&Field| matches!(field.reading, Reading::Accounts { .. });
                case.fields.iter().filter(is_it).collect()
            }
            Place::Missing => {
                let mut unclear = unclear(case, kind, policy);
                unclear.extend(data(case, kind, policy));
                unclear
            }
            Place::Scope | Place::Refused | Place::Records => data(case, kind, policy),
            Place::Case
            | Place::Accounts
            | Place::NotOurs
            | Place::HoldUntil
            | Place::Received
            | Place::Today
            | Place::Kind
            | Place::Reason
            | Place::HoldHistory
            | Place::ExtendedUntil
            | Place::ExtendedWhy
            | Place::Counted(_)
            | Place::Named(_)
            | Place::Each(_)
            | Place::Due
            | Place::Broken => Vec::new(),
        }
    };
    once(places.iter().flat_map(of).filter(|field| !field.value.trim().is_empty()))
}

/// The lines that a letter which asks repeats because nobody could read them, or because they contradict each other.
fn unclear<'c>(case: &'c Case, kind: &Kind, policy: &Policy) -> Vec<&'c Field> {
    let is_unread = |field: &&Field| match &field.reading {
        Reading::Unread { .. } => true,
        Reading::Accounts { unread, .. } => !unread.is_empty(),
        Reading::Text
        | Reading::Day { .. }
        | Reading::Email { .. }
        | Reading::Secrecy(_)
        | Reading::Unknown { .. }
        | Reading::Claimed => false,
    };
    let turned =
        checklist(case, kind, policy).turned.map(|(first, last)| [first.key.as_str(), last.key.as_str()]);
    let is_turned = |field: &Field| turned.is_some_and(|turned| turned.contains(&field.key.as_str()));
    case.fields.iter().filter(|field| is_unread(field) || is_turned(field)).collect()
}

/// The lines of data, where some of it is nothing that the policy knows: a letter repeats that as it stands.
fn data<'c>(case: &'c Case, kind: &Kind, policy: &Policy) -> Vec<&'c Field> {
    match names_unknown(case, policy) {
        true => case.fields.iter().filter(|field| kind.is_data(&field.key)).collect(),
        false => Vec::new(),
    }
}

/// A word of the policy's own list is nobody's.
fn is_listed(field: &Field, kind: &Kind) -> bool {
    kind.field(&field.key).is_some_and(|rule| chosen_from(&field.value, &rule.form).is_some())
}

fn typed_at<'c>(place: &Place, case: &'c Case, kind: &Kind, policy: &Policy) -> Vec<&'c str> {
    match place {
        Place::Line(_) => {
            let lines = repeated(case, std::slice::from_ref(place), false, kind, policy);
            let typed = lines.into_iter().filter(|field| is_typed(field, kind));
            typed.map(|field| field.value.as_str()).collect()
        }
        Place::Reason => case.wording.iter().flat_map(|wording| &wording.words).map(String::as_str).collect(),
        Place::ExtendedWhy => case.prolonged.iter().map(|more| more.reason.as_str()).collect(),
        Place::Refused | Place::Records => {
            case.scope.values().flat_map(|line| &line.reason).map(String::as_str).collect()
        }
        Place::Missing
        | Place::Case
        | Place::Accounts
        | Place::NotOurs
        | Place::Received
        | Place::Today
        | Place::Kind
        | Place::Scope
        | Place::HoldUntil
        | Place::HoldHistory
        | Place::ExtendedUntil
        | Place::Counted(_)
        | Place::Named(_)
        | Place::Each(_)
        | Place::Due
        | Place::Broken => Vec::new(),
    }
}

/// What they typed of what a user is told with the notice: in its words, and on the lines of the request that go with it, where these
/// were put otherwise than the request came.
pub fn typed_in_notice<'c>(case: &'c Case, terms: &Terms) -> Vec<&'c str> {
    let Some(kind) = terms.kind_of(case) else { return Vec::new() };
    let mut found: Vec<&str> = NOTICES.into_iter().flat_map(|name| typed_in(case, name, terms)).collect();
    let policy = terms.policy_of(case);
    let goes_out = |key: &str| {
        let letters = policy
            .into_iter()
            .flat_map(|policy| NOTICES.into_iter().filter_map(|name| policy.letter(name, &case.kind)));
        kind.copies(key) || letters.into_iter().any(|letter| repeats_in(letter, kind, key))
    };
    let is_put = |field: &&Field| case.typed.contains(&field.key) && goes_out(&field.key);
    let is_text = |field: &&Field| match field.reading {
        // Of accounts the user gets their own alone.
        Reading::Accounts { .. } | Reading::Claimed => false,
        Reading::Text
        | Reading::Day { .. }
        | Reading::Email { .. }
        | Reading::Secrecy(_)
        | Reading::Unread { .. }
        | Reading::Unknown { .. } => true,
    };
    let put = case.fields.iter().filter(is_put).filter(is_text).map(|field| field.value.trim());
    for said in put {
        if !found.contains(&said) {
            found.push(said);
        }
    }
    found
}

/// Whether a line is one that we fill in.
fn is_typed(field: &Field, kind: &Kind) -> bool {
    kind.field(&field.key).is_some_and(|rule| rule.ours) || kind.answer_needs.contains(&field.key)
}
