//! When a request may be answered, and how far. An answer that grants something says that it was done, so what it says must
//! be so; `none`, and a refusal, promise nothing and are free.
//!
//! Which categories of data are in the scope is said in `scoping`, who is the second person in `second`.

use chrono::{DateTime, Utc};

use super::binding::accounts;
use super::countering::counters_nobody;
use super::ending::{not_denied, not_ended};
use super::telling::asks_whose;
use super::{Around, Setting, scoping};
use crate::case::clock::{Force, force, lapse};
use crate::case::conflict::{asks_for_erasure, erased_lines};
use crate::case::done::day_in;
use crate::case::{
    Account, Case, CaseId, Clash, Command, Conflict, Ending, Event, Extent, Field, FieldRule, Hold, Kind,
    Policy, Refusal, Restraint, Terms, Verifiable, checklist, letter, weighing,
};

pub(super) fn answer(
    case: &Case,
    extent: Extent,
    around: &Around,
    setting: &Setting<'_>,
) -> Result<Event, Refusal> {
    not_ended(case)?;
    let policy = setting.terms.policy_of(case).ok_or(Refusal::PolicyMissing)?;
    let kind = policy.kind(&case.kind).ok_or(Refusal::PolicyMissing)?;
    match extent {
        Extent::None => {
            not_done(case, kind)?;
            not_kept(case, kind, setting.now)?;
        }
        Extent::Part => grantable(case, kind, policy, setting)?,
        Extent::Full => {
            grantable(case, kind, policy, setting)?;
            not_held_back(case, kind, around)?;
            all_granted(case, kind, policy)?;
        }
    }
    scoping::answerable(case, extent, setting)?;
    Ok(Event::Answered { extent })
}

/// Nobody hears that all was done where a line says what of it is not granted, and why.
fn all_granted(case: &Case, kind: &Kind, policy: &Policy) -> Result<(), Refusal> {
    refused_line(case, kind, policy).map_or(Ok(()), |rule| {
        Err(Restraint::NotAllGranted { label: rule.label.clone(), key: rule.key.clone() }.into())
    })
}

/// The line of ours that says what of a request is not granted, where something stands there.
pub fn refused_line<'k>(case: &Case, kind: &'k Kind, policy: &Policy) -> Option<&'k FieldRule> {
    let letter = policy.letter(letter::ANSWER, &kind.name)?;
    letter::said_of_a_part(letter)
        .iter()
        .filter_map(|key| kind.field(key))
        .find(|rule| case.has_done(&rule.key))
}

/// Nobody hears that there was nothing where a line of ours says on which day it was done, and the answer would have named it.
pub(super) fn not_done(case: &Case, kind: &Kind) -> Result<(), Refusal> {
    done_line(case, kind).map_or(Ok(()), |rule| {
        Err(Restraint::DoneAllTheSame { label: rule.label.clone(), key: rule.key.clone() }.into())
    })
}

/// Nor where records are kept for whoever asked for that and nothing else: the letter would say that there are none (rule 24).
pub(super) fn not_kept(case: &Case, kind: &Kind, now: DateTime<Utc>) -> Result<(), Refusal> {
    let until = case.kept_until(now).filter(|_| kind.only_keeps());
    let own = case.hold.as_ref().is_some_and(Hold::runs);
    until.map_or(Ok(()), |until| Err(Restraint::KeptAllTheSame { until, own }.into()))
}

/// The line of ours by which the answer says on which day it was done, if it says so.
pub fn done_line<'k>(case: &Case, kind: &'k Kind) -> Option<&'k FieldRule> {
    let ours = kind.answer_needs.iter().filter_map(|key| kind.field(key)).filter(|rule| rule.ours);
    let is_dated = |field: &Field| field.counts() && day_in(&field.value).is_some();
    ours.into_iter().find(|rule| case.fields_of(&rule.key).any(is_dated))
}

/// Whether something of it may be granted at all.
fn grantable(case: &Case, kind: &Kind, policy: &Policy, setting: &Setting<'_>) -> Result<(), Refusal> {
    not_denied(case)?;
    if kind.may_disclose(case) {
        // Who asks and what it rests on come before any record leaves the house, emergency or not (rules 1 and 61).
        if !checklist(case, kind, policy).complete() {
            return Err(Restraint::NotReady.into());
        }
        // An order that is no longer in force, or not yet, opens nothing.
        match force(case, setting.terms, setting.now) {
            Force::Is => {}
            Force::Lapsed { on } => return Err(Restraint::Lapsed { on }.into()),
            Force::Begins { on } => return Err(Restraint::NotInForceYet { on }.into()),
        }
    }
    // Nor is anything else done, or promised, for somebody who might be anybody.
    if kind.verify_requester && case.requester.is_none() {
        return Err(Restraint::NotVerified(Verifiable::Requester).into());
    }
    if kind.verify_instrument && case.instrument.is_none() {
        return Err(Restraint::NotVerified(Verifiable::Instrument).into());
    }
    let lacks = |key: &&String| !case.has_done(key);
    if let Some(key) = kind.answer_needs.iter().find(lacks) {
        return Err(Restraint::AnswerNeeds { key: key.clone() }.into());
    }
    // An erasure by way of exception is weighed first, and what was weighed is on record (rule 46).
    let unweighed: Vec<String> = weighing(case, kind, policy)
        .map_or_else(Vec::new, |weighs| weighs.lines.iter().filter(lacks).cloned().collect());
    if !unweighed.is_empty() {
        return Err(Restraint::Unweighed { keys: unweighed }.into());
    }
    // The answer says that the user is told (rules 25 and 31).
    if asks_whose(case, kind) && kind.asks_whose {
        return Err(Restraint::WhoseIsIt.into());
    }
    // The answer to a counter-notice says that it was passed on, and its notice's clock counts from it (rule 41).
    if counters_nobody(case, kind) {
        return Err(Restraint::CountersNobody { likely: case.beside.may_counter.first().copied() }.into());
    }
    if let Some(letter) = letter::unsent_before_answer(case, kind) {
        return Err(Restraint::NotSentYet { letter: letter.to_owned() }.into());
    }
    // Of accounts of other servers nothing is kept (rule 8).
    if kind.only_keeps() && checklist(case, kind, policy).none_ours {
        return Err(Restraint::KeepsNobody.into());
    }
    // The answer to a preservation says that the records are kept (rule 19), and so may another (rule 24).
    let says_kept = policy.letter(letter::ANSWER, &kind.name).is_some_and(|letter| letter.keeps);
    if (kind.only_keeps() || says_kept) && case.hold.is_none() && case.kept_until(setting.now).is_none() {
        let left: Vec<Account> = case.kept_for_nobody().cloned().collect();
        if let Some(kept) = case.kept_with.as_ref().filter(|_| !left.is_empty()) {
            return Err(Restraint::KeptForSome { other: kept.case, left }.into());
        }
        let not_extended = |other| Restraint::NotExtended { other };
        let nothing = if kind.only_keeps() { Restraint::NothingKept } else { Restraint::AnswerKeeps };
        return Err(case.extends_hold_of(setting.now).map_or(nothing, not_extended).into());
    }
    Ok(())
}

/// Until when an answer can be given at all, where it opens records and what it rests on lapses: the same as [`grantable`] says
/// of the order.
pub(super) fn lapses(case: &Case, command: &Command, terms: &Terms) -> Option<DateTime<Utc>> {
    let is_granted = matches!(command, Command::Answer { extent: Extent::Full | Extent::Part });
    let opens = terms.kind_of(case).is_some_and(|kind| kind.may_disclose(case));
    if is_granted && opens { lapse(case, terms) } else { None }
}

/// Nobody is told that all is erased while something of it is kept (rules 63 and 65). An answer in part says the same words to
/// the person.
pub(super) fn not_held_back(case: &Case, kind: &Kind, around: &Around) -> Result<(), Refusal> {
    if !asks_for_erasure(case, Some(kind)) {
        return Ok(());
    }
    let own = case.hold.as_ref().filter(|hold| hold.runs()).map(|_| case.id);
    let Some(others) = &around.holding else {
        return Err(Restraint::HoldsNotKnown.into());
    };
    let holds: Vec<_> = own.into_iter().chain(others.iter().copied().filter(|id| *id != case.id)).collect();
    if holds.is_empty() && !around.held_unshown {
        Ok(())
    } else {
        Err(Restraint::ErasureWaits { holds }.into())
    }
}

/// Nor is it on record that all was erased, unless two people granted that in part: their decision is on record then, and whoever
/// puts it there hears what is kept still (rule 63).
pub(super) fn may_say_erased(
    before: &Case,
    after: &Case,
    kind: &Kind,
    policy: Option<&Policy>,
    around: &Around,
) -> Result<Option<Event>, Refusal> {
    let asks = |case: &Case| asks_for_erasure(case, Some(kind));
    let is_of_same = asks(before) && accounts(after).is_subset(&accounts(before));
    let is_new =
        |key: &&str| after.has_done(key) && !(is_of_same && before.fields_of(key).eq(after.fields_of(key)));
    let new = erased_lines(after, policy).into_iter().find(is_new).filter(|_| asks(after));
    let in_part = matches!(
        before.outcome.as_ref().map(|outcome| &outcome.what),
        Some(Ending::Answered { extent: Extent::Part })
    );
    let Some(new) = new else { return Ok(None) };
    if in_part {
        return Ok(still_kept(after, around));
    }
    // What was looked up is about the accounts that stood there.
    if !accounts(after).is_subset(&accounts(before)) {
        let label = after.fields_of(new).next().map(|field| field.label.clone());
        return Err(Restraint::ByItself { label: label.unwrap_or_default() }.into());
    }
    not_held_back(after, kind, around).map(|()| None)
}

/// What holds keep of a case that is erased in part, for whoever says that it was.
fn still_kept(case: &Case, around: &Around) -> Option<Event> {
    let holds = around.holding.iter().flatten().filter(|id| **id != case.id);
    let against = |other: &CaseId| Conflict { one: case.id, other: *other, how: Clash::ErasureAgainstHold };
    let conflicts: Vec<Conflict> = holds.map(against).collect();
    let unshown = around.held_unshown;
    (!conflicts.is_empty() || unshown).then_some(Event::Warned { conflicts, unshown })
}

/// Whether granting it is an exception that was weighed, which takes two people whatever else it does (rule 46).
pub(super) fn is_weighed(case: &Case, terms: &Terms) -> bool {
    let rules = terms.policy_of(case).and_then(|policy| Some((policy, policy.kind(&case.kind)?)));
    rules.is_some_and(|(policy, kind)| weighing(case, kind, policy).is_some())
}
