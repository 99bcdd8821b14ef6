//! Holds: records kept until an order comes (rules 19 to 24). Whether one person is enough is said in `effects`.

use chrono::{DateTime, Utc};

use super::Setting;
use super::promised::awaits_hold;
use crate::case::{
    Case, Event, FileRole, Hold, HoldEnding, HoldStep, Identified, Policy, Refusal, Restraint, Term, Terms,
    checklist, instrument, letter,
};

pub(super) fn hold(case: &Case, step: HoldStep, setting: &Setting<'_>) -> Result<Event, Refusal> {
    let policy = setting.terms.policy_of(case).ok_or(Refusal::PolicyMissing)?;
    match step {
        HoldStep::Start { term, from } => start(case, term, from, policy, setting),
        HoldStep::Extend { term } => extend(case, term, policy, setting),
        HoldStep::Release => {
            let none =
                |_| by_other(case, "release", setting.now).unwrap_or_else(|| no_hold(case, policy, setting));
            running(case).map_err(none)?;
            Ok(Event::HoldOver { how: HoldEnding::Released })
        }
    }
}

fn start(
    case: &Case,
    term: Option<Term>,
    from: Option<DateTime<Utc>>,
    policy: &Policy,
    setting: &Setting<'_>,
) -> Result<Event, Refusal> {
    let kind = policy.kind(&case.kind).ok_or(Refusal::PolicyMissing)?;
    if case.closed.is_some() && !awaits_hold(case, setting.terms) {
        return Err(Refusal::AlreadyClosed);
    }
    // What was reported of a flagged case is kept, whatever was asked for (rule 66).
    if !kind.preserves && !case.is_sealed() {
        return Err(Restraint::KeepsNothing.into());
    }
    // Of accounts of other servers nobody here has anything (rule 8); what is flagged may lie here whoever sent it (rule 66).
    if !case.is_sealed() && checklist(case, kind, policy).none_ours {
        let reason = policy.reasons.iter().find(|reason| reason.not_ours && reason.is_for(&case.kind));
        return Err(Restraint::HoldsNobody { code: reason.map(|reason| reason.code.clone()) }.into());
    }
    if let Some(hold) = case.hold.as_ref().filter(|hold| hold.runs()) {
        let is_same = from.is_none_or(|from| from == hold.from) && hold.extended == 0;
        let right =
            is_same.then(|| set_right(hold, hold.from, term, hold_terms(case, policy).0, policy, setting));
        return right.flatten().ok_or(Restraint::HoldRuns { until: hold.until }.into());
    }
    let from = from.unwrap_or_else(|| begins(case, setting.now));
    if from > setting.now {
        return Err(Restraint::NotYet(from).into());
    }
    let allowed = hold_terms(case, policy).0;
    let until = end(term.unwrap_or(allowed), from, policy, setting.terms);
    if until <= setting.now {
        let today = setting.now.with_timezone(&setting.terms.zone).date_naive();
        return Err(Restraint::StartsTooEarly { until, today }.into());
    }
    not_longer(case, until, allowed, from, policy, setting)?;
    Ok(Event::HoldStarted { from, until })
}

/// A hold that counted from the receipt counts from the right one, even where it is over by that: two people agree that it is.
/// What was said of its term, or extended since, stays as it was said.
pub(super) fn moved(case: &Case, received: DateTime<Utc>, setting: &Setting<'_>) -> Option<Event> {
    let policy = setting.terms.policy_of(case)?;
    let hold = case.hold.as_ref().filter(|hold| hold.runs() && hold.extended == 0)?;
    let until = |from| end(hold_terms(case, policy).0, from, policy, setting.terms);
    let counts = hold.from == case.received && hold.until == until(case.received);
    counts.then(|| Event::HoldStarted { from: received, until: until(received) })
}

/// Whether the request asks that records be kept, and nobody has begun to.
pub(super) fn asks_to_keep(case: &Case, terms: &Terms) -> bool {
    let is_open = case.closed.is_none() && case.outcome.is_none();
    is_open && case.hold.is_none() && terms.kind_of(case).is_some_and(|kind| kind.preserves)
}

/// From when a hold counts where nobody says so: from the receipt; on a flagged case from the report to the authority, for the
/// law counts from there, and from now while none is on record.
fn begins(case: &Case, now: DateTime<Utc>) -> DateTime<Utc> {
    if !case.is_sealed() {
        return case.received;
    }
    let reported = case.sent.iter().filter(|sent| sent.letter == letter::REPORT).map(|sent| sent.at);
    reported.min().unwrap_or(now)
}

/// Longer, from the old end on.
fn extend(case: &Case, term: Option<Term>, policy: &Policy, setting: &Setting<'_>) -> Result<Event, Refusal> {
    let allowed = hold_terms(case, policy).1;
    let hold = match may_extend(case, policy) {
        Ok(hold) => hold,
        // The one there is may have been too short by a slip; that takes no new request (rule 20).
        Err(refusal) => {
            let extended = case.hold.as_ref().filter(|hold| hold.runs());
            let base = extended.and_then(|hold| Some((hold, hold.before?)));
            let right = base.and_then(|(hold, base)| set_right(hold, base, term, allowed, policy, setting));
            return right.ok_or_else(|| match refusal {
                Refusal::Restraint(Restraint::NoHold) => by_other(case, "extend", setting.now)
                    .or_else(|| over_for_more(case))
                    .unwrap_or_else(|| no_hold(case, policy, setting)),
                Refusal::Restraint(Restraint::ExtensionWantsRequest) => {
                    by_other(case, "extend", setting.now).unwrap_or(refusal)
                }
                refusal => refusal,
            });
        }
    };
    let until = end(term.unwrap_or(allowed), hold.until, policy, setting.terms);
    if until <= hold.until || until <= setting.now {
        return Err(Restraint::HoldWouldBeOver { until }.into());
    }
    not_longer(case, until, allowed, hold.until, policy, setting)?;
    Ok(Event::HoldExtended { until, asked_by: None })
}

/// Nobody keeps records for longer than the policy gives at a time: more is for a request that comes anew, where its number
/// of extensions allows one (rules 19, 20). How long what was reported of a flagged case is kept says the law of whoever it
/// was reported to (rule 66).
fn not_longer(
    case: &Case,
    until: DateTime<Utc>,
    most: Term,
    from: DateTime<Utc>,
    policy: &Policy,
    setting: &Setting<'_>,
) -> Result<(), Refusal> {
    let is_within = until <= end(most, from, policy, setting.terms) || case.is_sealed();
    if is_within { Ok(()) } else { Err(Restraint::HoldTooLong { most }.into()) }
}

/// A term that was mistyped, set right: longer than it stands, and no longer than the policy gives anyway, so that nothing is
/// destroyed sooner and nobody keeps records without a request (rules 19, 20).
fn set_right(
    hold: &Hold,
    from: DateTime<Utc>,
    typed: Option<Term>,
    allowed: Term,
    policy: &Policy,
    setting: &Setting<'_>,
) -> Option<Event> {
    let until = end(typed.unwrap_or(allowed), from, policy, setting.terms);
    let most = end(allowed, from, policy, setting.terms);
    (until > hold.until && until <= most && until > setting.now)
        .then_some(Event::HoldSetRight { until, asked_by: None })
}

/// Whether a hold that runs ends sooner than the policy lets it: what is kept could be destroyed before an order comes (rule 19).
pub(super) fn ends_early(case: &Case, terms: &Terms) -> bool {
    let Some((hold, policy)) = case.hold.as_ref().zip(terms.policy_of(case)) else { return false };
    let from = if !case.is_sealed() { hold.from.max(case.received) } else { hold.from };
    hold.until < end(hold_terms(case, policy).0, from, policy, terms)
}

/// Whether the hold can be extended now: the policy says how often, and whether the requester must ask for it anew (rule 20).
pub fn may_extend<'c>(case: &'c Case, policy: &Policy) -> Result<&'c Hold, Refusal> {
    let hold = running(case)?;
    if let Some(most) = hold_times(case, policy).filter(|most| hold.extended >= *most) {
        return Err(Restraint::ExtendedOften { most }.into());
    }
    // One request for each time: a letter on file, or a case that extends this one.
    let letters = case.files.iter().filter(|file| file.role == FileRole::Extension).count();
    let cases = case.asked_for_more().count();
    let extended = usize::try_from(hold.extended).unwrap_or(usize::MAX);
    if policy.hold.extend_wants_request && letters + cases <= extended {
        return Err(Restraint::ExtensionWantsRequest.into());
    }
    Ok(hold)
}

/// Until when a hold would run that is started as the policy says: too early, if the request came long ago.
pub fn would_end(case: &Case, policy: &Policy, terms: &Terms, now: DateTime<Utc>) -> DateTime<Utc> {
    end(hold_terms(case, policy).0, begins(case, now), policy, terms)
}

fn running(case: &Case) -> Result<&Hold, Refusal> {
    case.hold.as_ref().filter(|hold| hold.runs()).ok_or(Refusal::from(Restraint::NoHold))
}

/// That no hold runs, and where none can be started either, why: nobody is sent to a command that is refused.
fn no_hold(case: &Case, policy: &Policy, setting: &Setting<'_>) -> Refusal {
    match start(case, None, None, policy, setting) {
        // From when it would have to count it says itself.
        Ok(_) | Err(Refusal::Restraint(Restraint::StartsTooEarly { .. })) => Restraint::NoHold.into(),
        Err(why) => why,
    }
}

/// That the hold which is meant is that of the case on which this one asks for more time (rule 20).
fn by_other(case: &Case, step: &'static str, now: DateTime<Utc>) -> Option<Refusal> {
    let has_own = case.hold.as_ref().is_some_and(Hold::runs);
    case.extends_hold_of(now).map(|other| Restraint::HeldByOther { other, step, has_own }.into())
}

/// That a hold which is over is extended for nobody: whoever asks for more time is kept by a hold of their own.
fn over_for_more(case: &Case) -> Option<Refusal> {
    let asks = case.hold.as_ref().filter(|hold| !hold.runs()).and_then(|_| case.asked_for_more().max())?;
    Some(Restraint::OverForMore { asks }.into())
}

/// The term of a hold and that of an extension: those of a flag or of the instrument, where the policy has some.
pub fn hold_terms(case: &Case, policy: &Policy) -> (Term, Term) {
    if let Some(terms) = case.flags.iter().find_map(|flag| policy.hold.by_flag.get(flag)) {
        return *terms;
    }
    if let Identified::Known(instrument) = instrument(case, policy)
        && let Some(terms) = policy.hold.by_instrument.get(&instrument.name)
    {
        return *terms;
    }
    (policy.hold.term, policy.hold.extend)
}

/// How often a hold can be extended; `None` is as often as it is asked for.
pub fn hold_times(case: &Case, policy: &Policy) -> Option<u32> {
    let Identified::Known(instrument) = instrument(case, policy) else { return policy.hold.times };
    policy.hold.times_by_instrument.get(&instrument.name).copied().or(policy.hold.times)
}

fn end(term: Term, from: DateTime<Utc>, policy: &Policy, terms: &Terms) -> DateTime<Utc> {
    term.end(from, &terms.calendar(policy, None), terms.zone_under(policy))
}
