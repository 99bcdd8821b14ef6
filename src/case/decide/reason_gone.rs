//! What a reason for refusing rests on, so that the letter says what is so: looked at when somebody refuses or drafts the letter, and
//! again for as long as it has not gone out. What docket cannot see may be so. Does not know what is done about it.

use super::answering::{not_done, not_kept};
use super::ending::none_is_ours;
use super::letters::by_treaty;
use crate::case::clock::{holds, lapses_with};
use crate::case::requester::is_from_agency;
use crate::case::scope::{asked_plainly, reaches};
use crate::case::{
    Case, Claim, Condition, Ending, INSTRUMENT_KEY, Identified, Kind, Policy, Reason, Refusal, Restraint,
    Untrue, instrument, wants, weighing,
};

/// Whether a request of its kind can be told this at all.
pub(super) fn is_for(case: &Case, reason: &Reason, policy: &Policy) -> Result<(), Refusal> {
    if reason.is_for(&case.kind) {
        return Ok(());
    }
    let known = policy.reasons.iter().filter(|reason| reason.is_for(&case.kind));
    let known = known.map(|reason| reason.code.clone()).collect();
    Err(Restraint::ReasonOfOthers { code: reason.code.clone(), kinds: reason.kinds.clone(), known }.into())
}

/// Whether its requester can be told this: it is for requests of its kind, and so as far as anybody can see.
pub(in crate::case) fn may_be_said(case: &Case, reason: &Reason, policy: &Policy) -> Result<(), Refusal> {
    is_for(case, reason, policy)?;
    let kind = policy.kind(&case.kind).ok_or(Refusal::PolicyMissing)?;
    is_so(case, reason, kind, policy)
}

/// Whether it is so what the reason says of the case.
fn is_so(case: &Case, reason: &Reason, kind: &Kind, policy: &Policy) -> Result<(), Refusal> {
    let code = || reason.code.clone();
    if reason.not_ours {
        none_is_ours(case)?;
    }
    if let Some(only) = reason.only.iter().find(|only| is_otherwise(case, only, policy)) {
        let label = kind.field(&only.key).map_or_else(|| only.key.clone(), |rule| rule.label.clone());
        let why = Untrue::Of { key: only.key.clone(), label, any_of: only.any_of.clone() };
        return Err(Restraint::Untrue { code: code(), why }.into());
    }
    if let Some(claim) = reason.says {
        claimed(case, claim, &reason.code, kind, policy)?;
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

/// Whether it is so what the reason claims.
fn claimed(case: &Case, claim: Claim, code: &str, kind: &Kind, policy: &Policy) -> Result<(), Refusal> {
    let untrue = match claim {
        // The same as nobody is sent to a treaty for (rules 2 and 3).
        Claim::Abroad => return by_treaty(case, kind, policy).map_err(Refusal::from),
        Claim::Encrypted => asked_plainly(case, policy).map(|data| Untrue::Encrypted { data }),
        Claim::Nothing => {
            not_done(case, kind)?;
            return not_kept(case, kind, case.changed);
        }
        // An order can lapse, and nobody here knows the time: of such a one it may be so.
        Claim::NoOrder if kind.only_keeps() && !kind.verify_instrument => Some(Untrue::GivesNothingOut),
        Claim::NoOrder if kind.verify_requester && !is_from_agency(kind) => Some(Untrue::OwnData),
        Claim::NoOrder => match instrument(case, policy) {
            Identified::Known(order)
                if case.instrument.is_some()
                    && case.what_was_denied().is_none()
                    && lapses_with(case, policy).is_empty()
                    && reaches(case, order, policy) =>
            {
                Some(Untrue::Ordered { title: order.title.clone() })
            }
            Identified::Known(_) | Identified::Unknown | Identified::None => None,
        },
    };
    let untrue = untrue.map(|why| Restraint::Untrue { code: code.to_owned(), why }.into());
    untrue.map_or(Ok(()), Err)
}

/// Whether a case is known to be none of those that a condition means: a line that is not there says nothing.
fn is_otherwise(case: &Case, only: &Condition, policy: &Policy) -> bool {
    let is_known = match only.key.as_str() {
        INSTRUMENT_KEY => matches!(instrument(case, policy), Identified::Known(_)),
        key => case.fields_of(key).next().is_some(),
    };
    is_known && !holds(case, only, policy)
}

/// Whether a case was refused for something that is not so any more: what was missing came, or somebody was verified after all. Its
/// letter would say it all the same.
pub fn reason_is_gone(case: &Case, kind: &Kind, policy: &Policy) -> bool {
    let Some(Ending::Refused { code }) = case.outcome.as_ref().map(|outcome| &outcome.what) else {
        return false;
    };
    policy.reason(code).is_some_and(|reason| is_so(case, reason, kind, policy).is_err())
}
