//! Whether what a letter says is true of the case: nobody reads that records go out, that there are none, or that somebody is told,
//! where that is not so. Fills nothing in.

use chrono::{DateTime, Utc};

use super::{ANSWER, FORWARD, NONE, Obstacle, REASONS, REFUSE, SECRECY, due};
use crate::case::clock::{holds, without_notice};
use crate::case::decide::{counters_nobody, reason_is_gone};
use crate::case::{
    Case, Ending, Kind, Letter, Policy, Refusal, Restraint, Stop, Terms, Verifiable, named_order,
};

/// Whether it is. `now` is the time at which the letter leaves: what had gone out before is put on record later.
pub(super) fn is_true_of(
    case: &Case,
    letter: &Letter,
    kind: &Kind,
    terms: &Terms,
    now: DateTime<Utc>,
) -> Result<(), Refusal> {
    let policy = terms.policy_of(case).ok_or(Refusal::PolicyMissing)?;
    let name = || letter.name.clone();
    if letter.name == SECRECY {
        says_no_order(case, terms)?;
    }
    says_what_came(case, letter)?;
    // What went out while it was so is put on record later.
    if letter.name == REFUSE && reason_is_gone(case, kind, policy) && now >= case.changed {
        return Err(Obstacle::ReasonIsGone { letter: name() }.into());
    }
    // What was approved rested on who asked and on what; a letter that gives out records rests on it still.
    let follows = letter.name == FORWARD && !kind.answer_after.iter().any(|name| name == FORWARD);
    if follows {
        may_pass_on(case, letter, policy)?;
    }
    let gives_out = letter.name == ANSWER || letter.with_records || follows;
    if gives_out && is_answered(case) && kind.may_disclose(case) {
        let unverified = [
            (Verifiable::Requester, kind.verify_requester && case.requester.is_none()),
            (Verifiable::Instrument, kind.verify_instrument && case.instrument.is_none()),
        ];
        if let Some((what, _)) = unverified.into_iter().find(|(_, lacks)| *lacks) {
            return Err(Obstacle::NotVerified { letter: name(), what }.into());
        }
    }
    if letter.name == REASONS && without_notice(case).is_some_and(|at| at <= now) {
        return Err(Obstacle::NothingToGiveReasonsFor { letter: name() }.into());
    }
    if letter.name == FORWARD {
        // Nobody's name and address go out for what came to nothing.
        if case.came_to_nothing() && case.outcome.as_ref().is_some_and(|outcome| outcome.at <= now) {
            return Err(Obstacle::CameToNothing { letter: name() }.into());
        }
        if counters_nobody(case, kind) {
            return Err(Restraint::CountersNobody { likely: case.beside.may_counter.first().copied() }.into());
        }
    }
    match unsent_before_answer(case, kind).filter(|_| letter.name == ANSWER) {
        Some(first) => Err(Restraint::NotSentYet { letter: first.to_owned() }.into()),
        None => Ok(()),
    }
}

/// Rule 16: that secrecy takes an order is said to whoever asked for it and names none.
fn says_no_order(case: &Case, terms: &Terms) -> Result<(), Obstacle> {
    if named_order(case, terms).is_some() {
        return Err(Obstacle::OrderNamed);
    }
    if case.secret() { Ok(()) } else { Err(Obstacle::NoSecrecyAsked) }
}

/// What one person may say, that there is nothing, opens no letter of what takes two: that records go out, or that it was done.
fn says_what_came(case: &Case, letter: &Letter) -> Result<(), Obstacle> {
    let Some(outcome) = case.outcome.as_ref().filter(|_| tells_of_answer(letter)) else { return Ok(()) };
    let fits = match letter.name.as_str() {
        NONE => due::after(case, &outcome.what).contains(&NONE),
        _ => case.is_granted(),
    };
    if fits {
        Ok(())
    } else {
        Err(Obstacle::CameOtherwise { letter: letter.name.clone(), what: outcome.what.clone() })
    }
}

/// Whether a letter says what the answer was: that something is given out or done, or that there is nothing.
pub fn tells_of_answer(letter: &Letter) -> bool {
    letter.name == ANSWER || letter.name == NONE || letter.with_records
}

/// A wish is passed on once it is granted, and where the policy counts the days of that: the letter says whose it is, and that they
/// asked to be forgotten (rule 47).
fn may_pass_on(case: &Case, letter: &Letter, policy: &Policy) -> Result<(), Refusal> {
    let sends = [Stop::Sent(letter.name.clone())];
    let mut clocks = policy.clocks.iter().filter(|clock| clock.until.is_any(&sends));
    if !clocks.any(|clock| clock.is_of(&case.kind) && clock.only.iter().all(|only| holds(case, only, policy)))
    {
        return Err(Obstacle::NothingToPassOn { letter: letter.name.clone() }.into());
    }
    if case.is_granted() { Ok(()) } else { Err(Obstacle::NeedsEnding { letter: letter.name.clone() }.into()) }
}

/// The first letter that is to go out before the answer, which says that it did, and has not (rule 41).
pub fn unsent_before_answer<'k>(case: &Case, kind: &'k Kind) -> Option<&'k str> {
    let is_unsent = |name: &&str| !case.sent.iter().any(|sent| sent.letter == **name);
    kind.answer_after.iter().map(String::as_str).find(is_unsent)
}

/// Whether the request is answered, with records or with none.
pub fn is_answered(case: &Case) -> bool {
    matches!(case.outcome.as_ref().map(|outcome| &outcome.what), Some(Ending::Answered { .. }))
}
