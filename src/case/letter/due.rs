//! The letter by which a requester is told what came of the request: which it is, and whether it is still to go out.
//!
//! Nothing of what people did is undone by it, and no rule stands here but that: that a case is not closed before is said in
//! `decide::duty`.

use super::{ANSWER, ENDED, NONE, REDIRECT, REFUSE};
use crate::case::{Case, Ending, Extent, Letter, Policy};

/// The letters that can follow an ending, by name, the most fitting first.
pub(super) fn after(case: &Case, ending: &Ending) -> &'static [&'static str] {
    let kept_no_longer = case.hold.as_ref().is_some_and(|hold| !hold.runs());
    match ending {
        Ending::Answered { extent: Extent::None } => &[NONE],
        // Nobody is told that records are kept until a day that is over.
        Ending::Answered { extent: Extent::Full | Extent::Part } if kept_no_longer => &[ENDED, ANSWER],
        Ending::Answered { extent: Extent::Full | Extent::Part } => &[ANSWER],
        Ending::Refused { .. } => &[REFUSE],
        Ending::Redirected { .. } => &[REDIRECT],
        // Whoever took it back knows, and a duplicate is answered with the other case.
        Ending::Withdrawn | Ending::Duplicate { .. } => &[],
    }
}

/// The letter that the requester is owed for what came of the case, until its sending is on record, or why it is never sent.
/// None where the policy has no such letter for the kind.
pub fn owed<'p>(case: &Case, policy: &'p Policy) -> Option<&'p Letter> {
    let outcome = case.outcome.as_ref().filter(|_| case.unsent.is_none())?;
    let names = after(case, &outcome.what);
    let letter_for = |name: &&str| policy.letter(name, &case.kind).filter(|letter| letter.is_for(case));
    let letter = names.iter().find_map(letter_for)?;
    // Put on record since; it may have gone out before the ending was typed.
    let tells = |name: &str| names.contains(&name);
    let is_sent = case.sent.iter().any(|sent| tells(&sent.letter) && sent.recorded >= outcome.at);
    (!is_sent).then_some(letter)
}
