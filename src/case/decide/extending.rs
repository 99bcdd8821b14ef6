//! A request for more time that is a case of its own (rule 20): its records are kept by the hold of the case that it extends,
//! so it is answered from that one. Looks nothing up: the cases come in as an argument.

use std::collections::BTreeSet;

use chrono::{DateTime, Utc};

use super::Events;
use crate::case::{Account, Case, CaseId, Event, HoldEnding, Relation, Terms, mention};

/// A change of a hold with what it says to the requests for more time: the oldest that waits for it is met, and those that were
/// are told of a new end, or of none. That it is over all of them are told who wait for it still: it is extended for nobody any more.
pub(super) fn with_requests(case: &Case, event: Event, extending: &[Case], terms: &Terms) -> Events {
    let met = |other: &&Case| other.kept_with.as_ref().is_some_and(|kept| kept.case == case.id);
    if let Event::HoldExtended { until, .. } = event {
        let waiting = extending.iter().filter(|other| waits(other, case, terms) && !met(other));
        let told = waiting.min_by_key(|other| other.id).map(|other| kept(other, case, until));
        let asked_by = told.as_ref().map(|(other, _)| *other);
        let own = (case.id, Event::HoldExtended { until, asked_by });
        return [own].into_iter().chain(told).collect();
    }
    if let Event::HoldSetRight { until, .. } = event {
        let before = case.hold.as_ref().map(|hold| hold.until);
        let same = |other: &&Case| other.kept_with.as_ref().map(|kept| kept.until) == before;
        let told = extending.iter().filter(met).find(same).map(|other| kept(other, case, until));
        let asked_by = told.as_ref().map(|(other, _)| *other);
        let own = (case.id, Event::HoldSetRight { until, asked_by });
        return [own].into_iter().chain(told).collect();
    }
    let Event::HoldOver { how } = &event else { return vec![(case.id, event)] };
    // Whoever was told until when it is kept hears only of an end before that; whoever still waits, of any.
    let is_early = *how == HoldEnding::Released;
    let waits = |other: &Case| other.kept_with.is_none() && waits(other, case, terms);
    let hears = |other: &&Case| waits(other) || (met(other) && (is_early || other.outcome.is_none()));
    let over = extending.iter().filter(hears).map(|other| (other.id, Event::KeptNoLonger { other: case.id }));
    let over: Events = over.collect();
    [(case.id, event)].into_iter().chain(over).collect()
}

/// The same where the link comes after the extension: a hold that was extended since the request came in was for it. One that is
/// over is extended for nobody, and the request hears that.
pub(super) fn linked(case: &Case, how: Relation, other: &Case, terms: &Terms) -> Option<Event> {
    let hold = other.hold.as_ref().filter(|_| how == Relation::Extends)?;
    if !hold.runs() {
        return waits(case, other, terms).then_some(Event::KeptNoLonger { other: other.id });
    }
    let since = hold.extensions.last().is_some_and(|at| *at >= case.received);
    let (_, event) = kept(case, other, hold.until);
    (since && waits(case, other, terms)).then_some(event)
}

/// Whether a request waits for the records of the other case to be kept longer, and names somebody whom that one names too. One
/// with a hold of its own waits only where that is for others as well.
fn waits(case: &Case, held: &Case, terms: &Terms) -> bool {
    let keeps = terms.kind_of(case).is_some_and(crate::case::Kind::only_keeps);
    let (of, without) = covered(case, held);
    let is_met = case.hold.is_some() && without.is_empty();
    let has_any = !of.is_empty() || without.is_empty();
    keeps && case.outcome.is_none() && !is_met && has_any
}

/// The accounts of a request whose records the other case keeps, and those whose it does not.
fn covered(case: &Case, held: &Case) -> (BTreeSet<Account>, BTreeSet<Account>) {
    let names: BTreeSet<String> =
        held.subjects().map(|subject| mention::plain(subject.account.as_str())).collect();
    let accounts = case.subjects().map(|subject| subject.account.clone());
    accounts.partition(|account| names.contains(&mention::plain(account.as_str())))
}

fn kept(asks: &Case, held: &Case, until: DateTime<Utc>) -> (CaseId, Event) {
    let (of, without) = covered(asks, held);
    // What a sealed case names is said on no other.
    let without = if asks.is_sealed() { BTreeSet::new() } else { without };
    (asks.id, Event::KeptWith { other: held.id, until, of, without })
}
