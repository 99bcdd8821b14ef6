//! What a reason for refusing rests on, so that the letter says what is so: looked at when somebody refuses, and again for as long as
//! the letter has not gone out. Does not know what is done about it.

use super::ending::none_is_ours;
use crate::case::{Case, Ending, Kind, Policy, Reason, Refusal, Restraint, wants, weighing};

/// Whether it is so what the reason says of the case.
pub(super) fn is_so(case: &Case, reason: &Reason, kind: &Kind, policy: &Policy) -> Result<(), Refusal> {
    let code = || reason.code.clone();
    if reason.not_ours {
        none_is_ours(case)?;
    }
    // Nobody whom somebody has verified is told that nobody could (rule 61).
    let is_doubted = case.what_was_denied().is_some();
    if let Some(verified) = case.requester.as_ref().filter(|_| reason.while_unverified && !is_doubted) {
        return Err(Restraint::IsVerified { code: code(), by: verified.by.clone(), at: verified.at }.into());
    }
    // Nor is anybody told that something is missing while nothing is (rules 7, 17, 22).
    if reason.while_incomplete && wants(case, kind, policy).is_empty() {
        return Err(Restraint::NothingMissing { code: code() }.into());
    }
    // Nobody is told that something was weighed that was not (rule 46).
    if reason.weighs {
        let Some(weighs) = weighing(case, kind, policy) else {
            return Err(Restraint::NothingWeighed { code: code() }.into());
        };
        let keys: Vec<String> = weighs.lines.iter().filter(|key| !case.has_done(key)).cloned().collect();
        if !keys.is_empty() {
            return Err(Restraint::Unweighed { keys }.into());
        }
    }
    Ok(())
}

/// Whether a case was refused for something that is not so any more: what was missing came, or somebody was verified after all. Its
/// letter would say it all the same.
pub fn reason_is_gone(case: &Case, kind: &Kind, policy: &Policy) -> bool {
    let Some(Ending::Refused { code }) = case.outcome.as_ref().map(|outcome| &outcome.what) else {
        return false;
    };
    policy.reason(code).is_some_and(|reason| is_so(case, reason, kind, policy).is_err())
}
