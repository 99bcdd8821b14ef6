//! Whoever has a right to an answer and would never hear what came of their request (rule 52): by a letter that is never sent, by a
//! withdrawal that nobody but us has on record, or because where to write to is taken off. By whatever verb: works on the case
//! before and after.

use super::Setting;
use super::later::{ended, is_slip};
use crate::case::requester::{addresses, is_from_agency};
use crate::case::{CallOutcome, Case, Command, Ending, Kind, Terms, Tried, Verifiable, letter};

/// The lines by which somebody says who asks.
const WHO_ASKS: [&str; 4] = ["officer", "email", "phone", "address"];

/// Whether somebody with a right to an answer would not hear of it any more, who would as it was. That a request is not from them
/// whoever found it out says with somebody else. To take back one's own last word takes one, unless a letter is left unsent by it.
pub(super) fn takes_two(command: &Command, before: &Case, after: &Case, setting: &Setting<'_>) -> bool {
    let is_others = |tried: &Tried| {
        let by = [Some(&tried.verification.by), tried.recorder.as_ref()];
        by.into_iter().flatten().all(|by| by != setting.actor)
    };
    let is_denied = |tried: &Tried| {
        tried.what == Verifiable::Requester && tried.outcome == CallOutcome::Denied && is_others(tried)
    };
    if before.tried.iter().any(is_denied) {
        return false;
    }
    match leaves_unheard(before, after, setting.terms) {
        None => false,
        Some(Unheard::Unsent) => true,
        Some(Unheard::Withdrawn | Unheard::LetterLost) => !matches!(command, Command::Undo { .. }),
        Some(Unheard::Nowhere) => {
            !matches!(command, Command::Undo { .. }) && !is_slip(command, before, setting)
        }
    }
}

/// How somebody comes to hear nothing.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Unheard {
    /// Their letter is never sent.
    Unsent,
    /// It is put on record that they took the request back.
    Withdrawn,
    /// No letter is owed any more.
    LetterLost,
    /// Nothing says any more who they are.
    Nowhere,
}

/// How somebody who would hear what came of their request as it was would not any more, if that is so.
pub fn leaves_unheard(before: &Case, after: &Case, terms: &Terms) -> Option<Unheard> {
    let is_withdrawn = is_withdrawn(after) && before.outcome.is_none();
    if !owes_answer(before, terms) {
        let ends = is_withdrawn && !ended(before, after, terms).is_empty();
        return ends.then_some(Unheard::Withdrawn);
    }
    let is_same = before.outcome == after.outcome && before.sent == after.sent;
    let is_owed =
        |case: &Case| terms.policy_of(case).is_some_and(|policy| letter::owed(case, policy).is_some());
    let is_open = before.outcome.is_none() || is_owed(before);
    if after.unsent.is_some() && before.unsent.is_none() {
        Some(Unheard::Unsent)
    } else if is_withdrawn {
        Some(Unheard::Withdrawn)
    } else if is_same && is_owed(before) && !is_owed(after) {
        Some(Unheard::LetterLost)
    } else if is_same && is_open && before.policy == after.policy && !owes_answer(after, terms) {
        Some(Unheard::Nowhere)
    } else {
        None
    }
}

fn is_withdrawn(case: &Case) -> bool {
    case.outcome.as_ref().is_some_and(|outcome| outcome.what == Ending::Withdrawn)
}

/// Whether whoever sent a request has a right to hear what came of it, and can: one who gave neither a name nor where to write to
/// cannot be told. Where nobody can read any more who asks, it may be somebody.
fn owes_answer(case: &Case, terms: &Terms) -> bool {
    let Some(kind) = terms.kind_of(case) else { return true };
    let is_own = kind.verify_requester && !is_from_agency(kind);
    is_own || (kind.owes_answer && says_who(case, kind))
}

fn says_who(case: &Case, kind: &Kind) -> bool {
    let says = |key: &str| case.fields_of(key).any(|field| !field.value.trim().is_empty());
    // The accounts that a report names are those of others.
    let by_account = !kind.asks_whose && case.subjects().next().is_some();
    by_account || WHO_ASKS.into_iter().any(says) || !addresses(case).is_empty()
}
