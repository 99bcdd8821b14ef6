//! What was put back before a request was opened again: of the request as it is worked now, nothing was done yet (rule 41). What says
//! that it was is taken off, so that it is asked for anew, its clock runs, and no answer says what is not so. Works on the case before
//! and after, so that no way of opening it again can be forgotten.

use super::{Events, Setting};
use crate::case::clock::without_notice;
use crate::case::done::day_in;
use crate::case::{Case, Event, Field, RESTORED_KEY};

/// Adds to what happens to a case that what it did was undone. Only where nothing was left of the request: what a counter-notice put
/// back it keeps up, and the line that says so ends its clock still.
pub(super) fn undone(case: &Case, mut events: Events, setting: &Setting<'_>) -> Events {
    let says_when = |field: &&Field| field.counts() && day_in(&field.value).is_some();
    if without_notice(case).is_none() || !case.fields_of(RESTORED_KEY).any(|field| says_when(&field)) {
        return events;
    }
    let mut after = case.clone();
    let own = events.iter().filter(|(id, _)| *id == case.id);
    own.for_each(|(_, event)| after.apply(event, setting.actor, setting.now));
    let Some(kind) = setting.terms.kind_of(case).filter(|_| after.outcome.is_none()) else { return events };
    events.push((case.id, Event::WentBack));
    let is_ours = |key: &&str| kind.field(key).is_some_and(|rule| rule.ours);
    let done = kind.answer_needs.iter().map(String::as_str).filter(is_ours);
    let lines = done.chain([RESTORED_KEY]).filter_map(|key| after.fields_of(key).find(says_when));
    events.extend(lines.map(|field| {
        let (key, label) = (field.key.clone(), field.label.clone());
        (case.id, Event::FieldCleared { key, label })
    }));
    events
}
