//! When another case wants inaccessible what this one would put back: nothing goes back meanwhile (rule 41). Looks nothing up: the
//! cases that may want it come in as an argument.

use std::collections::{BTreeMap, BTreeSet};

use super::MOST_NAMED;
use super::promised::promises;
use crate::case::clock::{put_back, without_notice};
use crate::case::kept_down::{Keeping, Others, Until, keeps_down, places};
use crate::case::{Case, CaseId, Clock, Event, KeptDown, RESTORED_KEY, Terms};

/// What has changed of that since it was last asked. `others` must hold, for each place of the case, cases that want it
/// inaccessible, wherever there are any; `erased` those that are no longer on file.
pub fn kept_down(
    case: &Case,
    others: &BTreeMap<CaseId, Case>,
    erased: &BTreeSet<CaseId>,
    terms: &Terms,
) -> Option<Event> {
    let known = &case.kept_down;
    let kept = || known.by.iter().chain(&known.unshown);
    // What an erased case kept down stays so; of what that was nothing is left to say.
    let is_erased = known.erased || kept().any(|id| erased.contains(id));
    let mut found = KeptDown { erased: is_erased, ..KeptDown::default() };
    match put_back(case, terms) {
        Some(clock) => find(case, others, &clock, terms, &mut found),
        // What asked for it when it went back asks for it still; the day that was to be waited for says whether it was too soon.
        None => {
            let was = case.fields_of(RESTORED_KEY).next().and(known.until.clone());
            (found.is_back, found.until) = (was.is_some(), was);
            let asks =
                |other: &&Case| keeps_down(other, terms).is_some_and(|keeps| keeps.how == Keeping::Asks);
            let still = known.asked.each().filter_map(|id| others.get(&id)).filter(asks);
            still.for_each(|other| name(&mut found.asked, other));
        }
    }
    let event = |again| {
        let KeptDown { by, unshown, rest, erased, until, is_back, asked, .. } = found.clone();
        Event::KeptDown { by, unshown, rest, again, erased, until, is_back, asked }
    };
    let is_same = KeptDown { freed: known.freed, ..found.clone() } == *known;
    (!is_same).then(|| event(is_due_again(case, &event(false), terms)))
}

/// Who wants inaccessible what would go back by this clock.
fn find(case: &Case, others: &BTreeMap<CaseId, Case>, clock: &Clock, terms: &Terms, found: &mut KeptDown) {
    let places = places(case);
    // Nobody is owed a day on which it is back but whoever countered a notice that stands.
    let is_owed = without_notice(case).is_none();
    let mut left = if found.erased && !case.kept_down.rest { BTreeSet::new() } else { places.clone() };
    let mut stands = Others::default();
    let mut waited: Vec<(&Case, BTreeSet<String>, Until)> = Vec::new();
    for other in others.values().rev().filter(|other| other.id != case.id) {
        let Some(keeps) = keeps_down(other, terms).filter(|keeps| !keeps.places.is_disjoint(&places)) else {
            continue;
        };
        match keeps.how {
            Keeping::Asks if is_owed => name(&mut found.asked, other),
            Keeping::Asks | Keeping::Stands => {
                left = left.difference(&keeps.places).cloned().collect();
                name(&mut stands, other);
            }
            Keeping::Until { earliest, due } if clock.earliest.is_none_or(|own| own < earliest) => {
                waited.push((other, keeps.places, Until { of: Others::default(), earliest, due }));
            }
            Keeping::Until { .. } => {}
        }
    }
    // Of what is left, the day of that which may go back first; of the rest it is said that it stays.
    let last = |place: &String| {
        let of_place = waited.iter().filter(|(_, places, _)| places.contains(place));
        of_place.map(|(_, _, until)| until).max_by_key(|until| until.earliest)
    };
    let days: Option<Vec<&Until>> = left.iter().map(last).collect();
    let first = days.and_then(|days| days.into_iter().min_by_key(|until| until.earliest).cloned());
    let is_of_left = |places: &BTreeSet<String>| !places.is_disjoint(&left);
    let mut of = Others::default();
    waited.iter().filter(|(_, places, _)| is_of_left(places)).for_each(|(other, ..)| name(&mut of, other));
    match first {
        Some(until) => found.until = Some(Until { of, ..until }),
        None => of.each().for_each(|id| {
            let list = if of.unshown.contains(&id) { &mut stands.unshown } else { &mut stands.by };
            list.insert(id);
        }),
    }
    (found.by, found.unshown) = (stands.by, stands.unshown);
    found.rest = found.is_any() && !left.is_empty();
}

fn name(others: &mut Others, other: &Case) {
    if others.each().count() < MOST_NAMED {
        let list = if other.is_sealed() { &mut others.unshown } else { &mut others.by };
        list.insert(other.id);
    }
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
