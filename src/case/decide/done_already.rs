//! What is added to a request after it was done: the answer, and the line that says when, are about what stood there then, so it
//! would count as done and nobody would do it. Does not know what the material is, only that more of it is named.

use std::collections::BTreeSet;

use super::answering::done_line;
use crate::case::{Case, Kind, Refusal, Restraint};

/// The lines that name what is to be made inaccessible. Copies are found and taken down with it, and put on record as they are.
const MATERIAL: &[&str] = &["material", "messages", "room"];

/// Whether more may be named.
pub(super) fn may_add(before: &Case, after: &Case, kind: &Kind) -> Result<(), Refusal> {
    if !kind.takes_down {
        return Ok(());
    }
    let done = done_line(before, kind);
    // Whoever says anew when it was done says it of all that stands there then.
    let is_done = done.is_some_and(|rule| before.fields_of(&rule.key).eq(after.fields_of(&rule.key)));
    if !before.is_granted() && !is_done {
        return Ok(());
    }
    let is_more = |key: &&&str| !pieces(after, key).is_subset(&pieces(before, key));
    let Some(key) = MATERIAL.iter().find(is_more) else { return Ok(()) };
    let label = kind.field(key).map_or_else(|| (*key).to_owned(), |rule| rule.label.clone());
    let done = done.filter(|_| !before.is_granted()).map(|rule| rule.key.clone());
    Err(Restraint::AddsToDone { label, done, kind: kind.name.clone() }.into())
}

/// What a line names, each by itself.
fn pieces(case: &Case, key: &str) -> BTreeSet<String> {
    let values = case.fields_of(key).flat_map(|field| field.value.split([',', ';', '\n', ' ']));
    values.map(|piece| piece.trim().to_lowercase()).filter(|piece| !piece.is_empty()).collect()
}
