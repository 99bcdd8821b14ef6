//! When another case wants inaccessible what this one would put back: nothing goes back meanwhile (rule 41). Looks nothing up: the
//! cases that may want it come in as an argument.

use std::collections::BTreeMap;

use super::MOST_NAMED;
use super::promised::promises;
use crate::case::kept_down::{keeps_down, places};
use crate::case::{Case, CaseId, Event, KeptDown, Terms, clock};

/// What has changed of that since it was last asked. `others` must hold, for each place of the case, cases that want it
/// inaccessible, wherever there are any; the case itself wants nothing inaccessible that it would put back.
pub fn kept_down(case: &Case, others: &BTreeMap<CaseId, Case>, terms: &Terms) -> Option<Event> {
    let mut found = KeptDown::default();
    if clock::puts_back(case, terms) {
        let mut left = places(case);
        let mut named = 0;
        for other in others.values().rev() {
            let theirs = keeps_down(other, terms);
            if theirs.is_disjoint(&places(case)) {
                continue;
            }
            left = left.difference(&theirs).cloned().collect();
            if named < MOST_NAMED {
                let list = if other.is_sealed() { &mut found.unshown } else { &mut found.by };
                list.insert(other.id);
                named += 1;
            }
        }
        found.rest = found.is_any() && !left.is_empty();
    }
    let known = &case.kept_down;
    let is_same = (&known.by, &known.unshown, known.rest) == (&found.by, &found.unshown, found.rest);
    let KeptDown { by, unshown, rest, .. } = found;
    let turned = |again| Event::KeptDown { by: by.clone(), unshown: unshown.clone(), rest, again };
    (!is_same).then(|| turned(is_due_again(case, &turned(false), terms)))
}

/// Whether a closed case is open again for what it owes since (rule 41).
fn is_due_again(case: &Case, event: &Event, terms: &Terms) -> bool {
    let mut after = case.clone();
    after.apply(event, &case.opened_by, case.changed);
    case.kept_down.binds()
        && !after.kept_down.binds()
        && after.closed.is_some()
        && !promises(&after, terms).is_empty()
}
