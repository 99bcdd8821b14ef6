//! Counter-notices (rule 41, 17 USC 512(g)): what each must be linked to, and what becomes of the notice when one comes to nothing.
//!
//! The clock of the notice counts those that stand, and each of them knows whether there is a notice still. One that is refused, taken back or the twin of another orders nothing any
//! more; opened again, it does.

use super::promised::promises;
use super::{Around, Events, Setting};
use crate::case::clock::without_notice;
use crate::case::{Case, CaseId, Event, Kind, Link, Relation, Restraint, Terms};

/// Adds to what happens to a counter-notice what follows for the notices that it counters, whatever brought it.
pub(super) fn followed(case: &Case, around: &Around, mut events: Events) -> Events {
    let mut after = case.clone();
    for (_, event) in events.iter().filter(|(id, _)| *id == case.id) {
        after.apply(event, &case.opened_by, case.changed);
    }
    let is_there = |link: &&Link| {
        around.countered.contains(&link.other)
            || around.other.as_ref().is_some_and(|other| other.id == link.other)
    };
    for link in countered(&after).filter(is_there) {
        let did_stand = case.links.contains(link).then(|| !case.came_to_nothing());
        match (did_stand, !after.came_to_nothing()) {
            // To be linked is what makes it stand, if it does.
            (None | Some(true), false) => {
                events.push((link.other, Event::CounterEnded { other: case.id }));
            }
            (Some(false), true) => {
                let stands = Event::CounterStands { other: case.id, received: after.received };
                events.push((link.other, stands));
            }
            (None | Some(true), true) | (Some(false), false) => {}
        }
    }
    events.extend(gone_since(case, &after, around));
    events
}

/// Adds what becomes of a notice that was closed, as it is in the usual order of things, when a counter-notice comes to stand against
/// it: what the policy counts the days of since is done by somebody, so the case is open again for that. What came of it stays.
pub(super) fn due_again(around: &Around, mut events: Events, setting: &Setting<'_>) -> Events {
    for notice in around.other.iter().chain(&around.notices) {
        let mut after = notice.clone();
        let mut stands = Vec::new();
        for (_, event) in events.iter().filter(|(id, _)| *id == notice.id) {
            after.apply(event, setting.actor, setting.now);
            if let Event::Linked { other, how: Relation::Counter, outward: false, .. }
            | Event::CounterStands { other, .. } = event
            {
                stands.push(*other);
            }
        }
        let is_due = after.closed.is_some() && !promises(&after, setting.terms).is_empty();
        let again = stands.first().filter(|_| is_due);
        events.extend(again.map(|other| (notice.id, Event::DueAgain { other: *other })));
    }
    events
}

/// What each counter-notice must know of the notice: whether there is one still, for its letters say what it is waited for before
/// the material goes back.
fn gone_since(before: &Case, after: &Case, around: &Around) -> Events {
    let turned = |of: CaseId, other: CaseId, gone| (of, Event::NoticeGone { other, gone });
    let (was, is) = (without_notice(before).is_some(), without_notice(after).is_some());
    let against = around.countering.iter().filter(|_| was != is);
    let against = against.map(|counter| turned(*counter, before.id, is));
    // One that is linked to a notice that was gone before.
    let new = |other: &&Case| {
        let leads_there = |link: &Link| link.other == other.id;
        countered(after).any(leads_there) && !countered(before).any(leads_there)
    };
    let late = around.other.iter().filter(new).filter(|other| without_notice(other).is_some());
    against.chain(late.map(|other| turned(before.id, other.id, true))).collect()
}

/// The notices that a case counters.
pub fn countered(case: &Case) -> impl Iterator<Item = &Link> {
    case.links.iter().filter(|link| link.how == Relation::Counter && link.outward)
}

/// Whether a case must still be linked to the notice that it counters.
pub fn counters_nobody(case: &Case, kind: &Kind) -> bool {
    !kind.counters.is_empty() && countered(case).next().is_none()
}

/// Whether a case can counter another.
pub(super) fn may_counter(case: &Case, other: &Case, terms: &Terms) -> Result<(), Restraint> {
    let kind = terms.kind_of(case);
    // The clock is that of the one that is kept.
    if let Some(of) =
        other.duplicate_of().filter(|_| kind.is_some_and(|kind| kind.counters.contains(&other.kind)))
    {
        return Err(Restraint::CountersDuplicate { other: other.id, of });
    }
    let counters = |kind: &&Kind| kind.counters.contains(&other.kind);
    match kind.filter(|kind| !kind.counters.is_empty()) {
        Some(kind) if !counters(&kind) => {
            Err(Restraint::CountersOthers { other: other.id, kinds: kind.counters.clone() })
        }
        Some(_) => Ok(()),
        // A letter that says that it counters something has not the lines that make it do so.
        None => match terms.policy_of(case).and_then(|policy| policy.kinds.iter().find(counters)) {
            Some(kind) => Err(Restraint::NoCounterNotice { other: other.id, kind: kind.name.clone() }),
            None => Ok(()),
        },
    }
}
