//! A request for more time that is a case of its own (rule 20): its records are kept by the hold of the case that it extends,
//! so it is answered from that one. Looks nothing up: the cases come in as an argument.

use chrono::{DateTime, Utc};

use super::Events;
use crate::case::{Case, CaseId, Event, Relation, Terms, mention};

/// What a change of a hold says to the requests for more time: the oldest that waits for it is met, and those that were are
/// told of a new end, or of none.
pub(super) fn told(case: &Case, event: &Event, extending: &[Case], terms: &Terms) -> Events {
    let met = |other: &&Case| other.kept_with.as_ref().is_some_and(|kept| kept.case == case.id);
    if let Event::HoldExtended { until } = event {
        let waiting = extending.iter().filter(|other| waits(other, case, terms) && !met(other));
        let oldest = waiting.min_by_key(|other| other.id);
        return oldest.map(|other| kept(other.id, case.id, *until)).into_iter().collect();
    }
    if let Event::HoldSetRight { until } = event {
        let before = case.hold.as_ref().map(|hold| hold.until);
        let same = |other: &&Case| other.kept_with.as_ref().map(|kept| kept.until) == before;
        return extending
            .iter()
            .filter(met)
            .filter(same)
            .map(|other| kept(other.id, case.id, *until))
            .collect();
    }
    let is_over = matches!(event, Event::HoldOver { .. });
    let over = |other: &Case| (other.id, Event::KeptNoLonger { other: case.id });
    extending.iter().filter(|other| is_over && met(other)).map(over).collect()
}

/// The same where the link comes after the extension: a hold that was extended since the request came in was for it.
pub(super) fn linked(case: &Case, how: Relation, other: &Case, terms: &Terms) -> Option<Event> {
    let hold = other.hold.as_ref().filter(|hold| hold.runs() && how == Relation::Extends)?;
    let since = hold.extensions.last().is_some_and(|at| *at >= case.received);
    let (_, event) = kept(case.id, other.id, hold.until);
    (since && waits(case, other, terms)).then_some(event)
}

/// Whether a request waits for the records of the other case to be kept longer, and names nobody whom that one does not.
fn waits(case: &Case, held: &Case, terms: &Terms) -> bool {
    let keeps = terms.kind_of(case).is_some_and(crate::case::Kind::only_keeps);
    let is_held =
        |name: &str| held.subjects().any(|subject| mention::plain(subject.account.as_str()) == name);
    let covered = case.subjects().all(|subject| is_held(&mention::plain(subject.account.as_str())));
    keeps && case.outcome.is_none() && case.closed.is_none() && case.hold.is_none() && covered
}

fn kept(id: CaseId, by: CaseId, until: DateTime<Utc>) -> (CaseId, Event) {
    (id, Event::KeptWith { other: by, until })
}
