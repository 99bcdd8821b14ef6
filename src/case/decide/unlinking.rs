//! A link that was a mistake, taken away again, with what it made count on either case. One on which something rests stays: a
//! duplicate is opened again first, and what a hold was extended for is kept.

use super::work::is_duplicate_of;
use super::{Around, Events, Setting, appeal, duties};
use crate::case::{Case, CaseId, Event, FileRole, Refusal, Relation, Restraint};

pub(super) fn unlink(
    case: &Case,
    other: CaseId,
    around: &Around,
    setting: &Setting<'_>,
) -> Result<Events, Refusal> {
    let own: Vec<Relation> =
        case.links.iter().filter(|link| link.other == other && link.outward).map(|link| link.how).collect();
    let there = around.other.as_ref().filter(|found| found.id == other);
    let loose: Vec<Relation> = own.iter().copied().filter(|how| is_loose(*how, case, other, there)).collect();
    if loose.is_empty() {
        return Err(Restraint::NotLinked { other, stays: own.first().copied() }.into());
    }
    // Else whoever decided what is complained of takes the link off and decides again.
    if loose.contains(&Relation::Appeal) {
        appeal::by_another(case, setting)?;
    }
    let is_there = there.is_some();
    let both = loose.into_iter().flat_map(|how| {
        let there = Event::Unlinked { other: case.id, how, outward: false };
        let there = is_there.then_some((other, there));
        [(case.id, Event::Unlinked { other, how, outward: true })].into_iter().chain(there)
    });
    let mut events: Events = both.collect();
    events.extend(closed_again(around, &events, setting));
    Ok(events)
}

/// A case that was closed, and is open only for what the link made due, is closed again as it was, unless something else is owed on
/// it by now or waits.
fn closed_again(around: &Around, events: &Events, setting: &Setting<'_>) -> Option<(CaseId, Event)> {
    let mut after = around.other.clone().filter(|other| other.due_again && other.closed.is_none())?;
    let id = after.id;
    for (_, event) in events.iter().filter(|(of, _)| *of == id) {
        after.apply(event, setting.actor, setting.now);
    }
    let is_done = after.outcome.is_some() && after.counters.is_empty() && after.proposals.is_empty();
    (is_done && duties(&after, setting.terms).is_empty()).then_some((id, Event::Closed))
}

/// Whether nothing was done because of a link but what its taking away ends too.
fn is_loose(how: Relation, case: &Case, other: CaseId, there: Option<&Case>) -> bool {
    match how {
        Relation::Counter | Relation::Referral => true,
        // Who may decide a complaint hangs on what it is against, and it is decided.
        Relation::Appeal => case.outcome.is_none(),
        Relation::Duplicate => !is_duplicate_of(case, other),
        Relation::Extends => {
            let is_kept = case.kept_with.as_ref().is_some_and(|kept| kept.case == other);
            !is_kept && there.is_none_or(is_extended_without)
        }
        Relation::ProducedFrom => false,
    }
}

/// Whether a hold was extended so seldom that each time has another request for it (rule 20).
fn is_extended_without(held: &Case) -> bool {
    let extended = held.hold.as_ref().map_or(0, |hold| usize::try_from(hold.extended).unwrap_or(usize::MAX));
    let letters = held.files.iter().filter(|file| file.role == FileRole::Extension).count();
    extended == 0 || extended < letters + held.asked_for_more().count()
}
