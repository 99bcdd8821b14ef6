//! What may be done to the clocks of a case.

use super::Setting;
use crate::case::clock::{Run, runs};
use crate::case::{Case, Event, Refusal, Term};

/// Gives a clock more time, as far as the policy lets it. Whether the policy wants a second person is asked elsewhere.
pub(super) fn prolong(
    case: &Case,
    clock: String,
    term: Term,
    reason: String,
    setting: &Setting<'_>,
) -> Result<Event, Refusal> {
    let terms = setting.terms;
    let policy = terms.policy_of(case).ok_or(Refusal::PolicyMissing)?;
    let runs = runs(case, terms);
    let Some(run) = runs.iter().find(|run| run.clock.name.eq_ignore_ascii_case(&clock)) else {
        let can_be = |run: &&Run<'_>| run.rule.is_some_and(|rule| rule.extension.is_some());
        let running = runs.iter().filter(can_be).map(|run| run.clock.name.clone()).collect();
        return Err(Refusal::NoSuchClock { typed: clock, running });
    };
    let clock = run.clock.name.clone();
    let Some((rule, allowed)) = run.rule.and_then(|rule| Some((rule, rule.extension.as_ref()?))) else {
        return Err(Refusal::ClockNotExtended { clock });
    };
    // While it stands still its end is not reached, however long that lasts.
    if allowed.before_end && !run.still && setting.now > run.own_end {
        return Err(Refusal::ExtendedTooLate { clock, end: run.own_end });
    }
    if run.extensions.len() >= usize::try_from(allowed.times).unwrap_or(usize::MAX) {
        return Err(Refusal::ExtendedBefore { clock, times: allowed.times });
    }
    // Compared by where they end: two months can be longer or shorter than 60 days. Pauses after the own end move both, so
    // they are left out of both.
    let calendar = terms.calendar(policy, rule.calendar.as_deref());
    let zone = calendar.zone.unwrap_or(terms.zone_under(policy));
    let before = run.extensions.iter().map(|more| more.term);
    let end = |from, more: Term| more.unmoved().end(from, &calendar, zone);
    let longer = before.chain([term]).fold(run.unmoved_end, end);
    if longer > end(run.unmoved_end, allowed.most) {
        let until = allowed.most.end(run.unmoved_end, &calendar, zone);
        return Err(Refusal::ExtendedTooFar { clock, most: allowed.most, until });
    }
    Ok(Event::ClockProlonged { clock, term, reason })
}
