//! What people of ours typed and a letter repeats: the words of a refusal, of more time, of the scope, and lines of ours. What the
//! request says itself is none of it. Does not know who gets the letter.

use super::template::{self, Place, Slot};
use super::{NOTICES, repeats_in};
use crate::case::scope::not_understood;
use crate::case::{Case, Field, Kind, Policy, Reading, Terms};

/// Such words, in the order in which the letter has them; nothing where the policy has no such letter.
pub fn typed_in<'c>(case: &'c Case, name: &str, terms: &Terms) -> Vec<&'c str> {
    let (Some(policy), Some(kind)) = (terms.policy_of(case), terms.kind_of(case)) else { return Vec::new() };
    let Some(letter) = policy.letter(&name.to_lowercase(), &case.kind) else { return Vec::new() };
    let slots = template::read(letter.text_for(case));
    let said = slots.iter().filter_map(|slot| match slot {
        Slot::Place { place, .. } => Some(typed_at(place, case, kind, policy)),
        Slot::Words(_) => None,
    });
    let mut found: Vec<&str> = Vec::new();
    for words in said.flatten().map(str::trim).filter(|words| !words.is_empty()) {
        if !found.contains(&words) {
            found.push(words);
        }
    }
    found
}

fn typed_at<'c>(place: &Place, case: &'c Case, kind: &Kind, policy: &Policy) -> Vec<&'c str> {
    match place {
        Place::Line(key) => {
            let key = kind.field(key).map_or(key.as_str(), |rule| rule.key.as_str());
            let typed = case.fields.iter().filter(|field| field.key == key && is_typed(field, kind));
            typed.map(|field| field.value.as_str()).collect()
        }
        Place::Reason => case.wording.iter().flat_map(|wording| &wording.words).map(String::as_str).collect(),
        Place::ExtendedWhy => case.prolonged.iter().map(|more| more.reason.as_str()).collect(),
        Place::Refused | Place::Records => {
            let reasons = case.scope.values().flat_map(|line| &line.reason).map(String::as_str);
            reasons.chain(asked_for(case, kind, policy)).collect()
        }
        Place::Missing => asked_for(case, kind, policy),
        Place::Case
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

/// What they put on the lines of data, where some of it is nothing that the policy knows: the letter repeats that as it stands.
fn asked_for<'c>(case: &'c Case, kind: &Kind, policy: &Policy) -> Vec<&'c str> {
    if not_understood(case, policy).is_empty() {
        return Vec::new();
    }
    let is_put = |field: &&Field| kind.is_data(&field.key) && case.typed.contains(&field.key);
    case.fields.iter().filter(is_put).map(|field| field.value.as_str()).collect()
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
