//! When the wait for a requester ends: one place that everything passes, whatever brought it.

use super::Events;
use crate::case::{Case, Event, FileRole, Terms, Want, wants};

/// Adds the end of the wait to what happens to a case, where that supplies something of what was asked, or ends the case.
/// What came in part ends it too: clocks must not stand still for ever.
pub(super) fn ended_by(case: &Case, mut events: Events, terms: &Terms) -> Events {
    let Some(wait) = case.waiting() else {
        return events;
    };
    let own = || events.iter().filter(|(id, _)| *id == case.id).map(|(_, event)| event);
    if own().any(|event| *event == Event::WaitEnded) {
        return events;
    }
    let mut after = case.clone();
    for event in own() {
        after.apply(event, &case.opened_by, case.changed);
    }
    let has_ended = after.outcome.is_some() || after.closed.is_some();
    if has_ended || (own().any(brings_something) && supplies(&wait.asked, &after, own(), terms)) {
        events.push((case.id, Event::WaitEnded));
    }
    events
}

/// Whether it is what `set`, `attach` and `verify` bring, or the record of an order for secrecy.
fn brings_something(event: &Event) -> bool {
    matches!(
        event,
        Event::FieldSet { .. }
            | Event::FileAttached { .. }
            | Event::Verified { .. }
            | Event::GagSet { .. }
            | Event::OrderNotThere { .. }
    )
}

fn supplies<'e>(
    asked: &[Want],
    after: &Case,
    events: impl Iterator<Item = &'e Event>,
    terms: &Terms,
) -> bool {
    // What was asked is not on record, or the rules that say so are not at hand: whatever comes may be it.
    let rules = terms.kind_of(after).zip(terms.policy_of(after));
    let Some((kind, policy)) = rules.filter(|_| !asked.is_empty()) else {
        return true;
    };
    // A new copy of the request may hold every line; somebody must read it, and the clocks go on meanwhile.
    // So may a document hold the order for secrecy.
    let asked_again = asked.iter().any(|want| matches!(want, Want::Line(_)));
    let asked_order = asked.contains(&Want::Order);
    let mut files = events
        .filter_map(|event| if let Event::FileAttached { role, .. } = event { Some(*role) } else { None });
    let came_again = files.any(|role| {
        (asked_again && role == FileRole::Request) || (asked_order && role == FileRole::Instrument)
    });
    let wanted = wants(after, kind, policy);
    came_again || asked.iter().any(|want| !wanted.contains(want))
}
