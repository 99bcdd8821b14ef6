//! What is for those alone whom a flag or a clock calls: to end the clock, to say what it waits for, to take the flag off (rule 56).
//!
//! Works on what the case was and what it would be, so no verb goes round it: a line, a tag, `undo`, a case that is closed with
//! something undone, another policy. What ends nothing is nobody's business here. Does not know how people are called.

use crate::case::clock::{begun_and_calling, calling};
use crate::case::{
    Account, Case, ClockRule, Field, Refusal, Restraint, Role, Stop, Terms, calling::called_by,
};

/// Whether somebody may make this of the case, as far as others were called about it. Of what two people do it is asked of
/// whoever proposed it.
pub(super) fn by_those_called(
    before: &Case,
    after: &Case,
    actor: &Account,
    terms: &Terms,
) -> Result<(), Refusal> {
    let may = |role: Role| terms.may_answer(actor, role);
    for flag in before.flags.iter().filter(|flag| !after.flags.contains(flag)) {
        if let Some(role) = called_by(*flag).filter(|role| !may(*role)) {
            return Err(Restraint::FlagOfOthers { flag: *flag, role }.into());
        }
    }
    let still = calling(after, terms);
    for (rule, role) in calling(before, terms) {
        let is_over = still.iter().all(|(other, _)| other.name != rule.name);
        if is_over && !may(role) {
            return Err(of_others(rule, role));
        }
    }
    // Nor does anybody else change what they have said.
    for (rule, role) in begun_and_calling(before, terms) {
        let changed = rule.until.each().iter().find_map(|stop| match stop {
            Stop::Line(key) => (said(before, key) != said(after, key)).then(|| key.clone()),
            Stop::Answered | Stop::Sent(_) | Stop::Held | Stop::Told | Stop::Closed | Stop::First(_) => None,
        });
        if let Some(line) = changed.filter(|_| !may(role)) {
            return Err(Restraint::SaidByThem { title: rule.title.clone(), line, role }.into());
        }
    }
    Ok(())
}

fn of_others(rule: &ClockRule, role: Role) -> Refusal {
    let mut lines = rule.until.each().iter().filter_map(|stop| match stop {
        Stop::Line(key) => Some(key.clone()),
        Stop::Answered | Stop::Sent(_) | Stop::Held | Stop::Told | Stop::Closed | Stop::First(_) => None,
    });
    Restraint::ClockOfOthers { title: rule.title.clone(), line: lines.next(), role }.into()
}

fn said<'c>(case: &'c Case, key: &'c str) -> Vec<&'c Field> {
    case.fields_of(key).collect()
}
