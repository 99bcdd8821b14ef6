//! What the requester can be asked for: lines that are missing or could not be understood, the instrument itself, a proof
//! of who they are. Says what is wanted; whether anybody asked, and what ends the wait, is decided elsewhere.

use serde::{Deserialize, Serialize};

use super::named_order::unrecorded_order;
use super::scope::not_understood;
use super::{Case, DATA_KEY, Field, FileRole, Kind, Policy, RECEIVED_KEY, checklist};

/// The line on which a person says how they showed who they are (rule 43).
pub const PROOF_KEY: &str = "proof";

/// Something that only the requester can supply.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Want {
    /// A line of the form, by its key.
    Line(String),
    /// The document of the instrument, which still must be verified.
    Instrument,
    /// A proof of who they are, where the kind has a line for one. An authority is not asked: it is called, by a number from
    /// the operator's own directory (rule 61).
    Proof,
    /// The order for secrecy that the request names, while nobody has put it on record (rules 26, 60).
    Order,
}

/// What is wanted now, in the order in which it is asked for.
pub fn wants(case: &Case, kind: &Kind, policy: &Policy) -> Vec<Want> {
    let list = checklist(case, kind, policy);
    let missing = list.missing.iter().chain(&list.wanted).map(|rule| rule.key.as_str());
    let names_order = kind.notify && unrecorded_order(case, policy).is_some();
    // The order itself says what the line about it does not.
    let is_answered = |field: &Field| names_order && field.is_about_secrecy();
    let unclear =
        list.unread.iter().filter(|(field, _)| !is_answered(field)).map(|(field, _)| field.key.as_str());
    let pieces = list.pieces.iter().map(|(field, ..)| field.key.as_str());
    let twice = list.twice.iter().map(|field| field.key.as_str());
    let turned = list.turned.into_iter().flat_map(|(first, last)| [first.key.as_str(), last.key.as_str()]);
    let mut wants: Vec<Want> = Vec::new();
    let all = missing.chain(unclear).chain(pieces).chain(twice).chain(turned);
    for key in all.filter(|key| is_theirs(key, kind)) {
        let want = Want::Line(key.to_owned());
        if !wants.contains(&want) {
            wants.push(want);
        }
    }
    // What only is kept need not be understood for that.
    let data = Want::Line(DATA_KEY.to_owned());
    if kind.may_disclose(case) && !not_understood(case, policy).is_empty() && !wants.contains(&data) {
        wants.push(data);
    }
    let on_file = case.files.iter().any(|file| file.role == FileRole::Instrument);
    if list.verify_instrument && !on_file {
        wants.push(Want::Instrument);
    }
    if names_order {
        wants.push(Want::Order);
    }
    let proof = Want::Line(PROOF_KEY.to_owned());
    let can_prove = kind.field(PROOF_KEY).is_some() && !wants.contains(&proof);
    if list.verify_requester && can_prove && case.fields_of(PROOF_KEY).next().is_none() {
        wants.push(Want::Proof);
    }
    wants
}

/// Whether a line is the requester's to fill in: when it came, and what we did with it, only we know.
pub(super) fn is_theirs(key: &str, kind: &Kind) -> bool {
    key != RECEIVED_KEY && kind.field(key).is_none_or(|rule| !rule.ours)
}
