//! Which case may be called a duplicate of which. Whoever is called one is answered with the other case, so that one must be
//! the same request and must still be worked: else a request is lost in two lines. Where it is so no longer, the duplicate is
//! worked by itself again.

use std::collections::BTreeSet;

use chrono::NaiveDate;

use super::countering::countered;
use super::telling::untold;
use super::within::{asks_more, due_sooner};
use super::work::{is_duplicate_of, untold_there};
use super::{Around, Events, Setting};
use crate::case::agency_name::meant;
use crate::case::likeness::is_same_requester;
use crate::case::requester::{addresses, agency, is_from_agency};
use crate::case::restraint::{Restraint, Unlike};
use crate::case::{
    Account, Case, CaseId, Email, Ending, Event, Field, Policy, Refusal, Relation, Terms, instrument_lines,
    likeness, mention,
};

/// The line with the requester's own number.
const REFERENCE_KEY: &str = "reference";
/// The line with the day of the order.
const GRANTED_KEY: &str = "granted";

/// Whether `case` may end as a duplicate of `other`.
pub(super) fn may_end_as(case: &Case, other: &Case, terms: &Terms) -> Result<(), Refusal> {
    if case.closed.is_some() {
        return Err(Refusal::AlreadyClosed);
    }
    if let Some(outcome) = &case.outcome {
        return Err(Refusal::AlreadyEnded(outcome.what.clone()));
    }
    if case.kind != other.kind {
        let why = Unlike::Kind { own: case.kind.clone(), others: other.kind.clone() };
        return Err(Restraint::NoDuplicate { other: other.id, why }.into());
    }
    told_with(case, other, terms)?;
    leads_nowhere(case, other)?;
    match unlike(case, other, terms) {
        Some(why) => Err(Restraint::NoDuplicate { other: other.id, why }.into()),
        None => Ok(()),
    }
}

/// Adds to what happens to a case what follows for those that are answered with it, and for itself where it is answered with
/// another one: where that is so no longer, the duplicate is brought back, whatever brought that about. Nobody is asked first; a
/// request that is worked once too often harms nobody, and one that nobody works does.
pub(super) fn followed(case: &Case, around: &Around, mut events: Events, setting: &Setting<'_>) -> Events {
    let then = |of: &Case| {
        let mut after = of.clone();
        for (_, event) in events.iter().filter(|(id, _)| *id == of.id) {
            after.apply(event, setting.actor, setting.now);
        }
        after
    };
    let own = around.other.iter().filter(|kept| is_duplicate_of(case, kept.id));
    let hanging = around.duplicates.iter().filter(|duplicate| is_duplicate_of(duplicate, case.id));
    let pairs = own.map(|kept| (case, kept)).chain(hanging.map(|duplicate| (duplicate, case)));
    let brought: Vec<(Case, &Case)> = pairs
        .filter_map(|(duplicate, kept)| {
            let after = (then(duplicate), then(kept));
            // What was approved may have brought it back already.
            let is_one = is_duplicate_of(&after.0, kept.id);
            let comes_back = is_one && leaves((duplicate, kept), (&after.0, &after.1), setting.terms);
            comes_back.then_some((after.0, kept))
        })
        .collect();
    for (duplicate, kept) in brought {
        let back = |of: &Case, other: &Case, outward| {
            let unshown = other.is_sealed() && !of.is_sealed();
            (of.id, Event::BroughtBack { other: other.id, outward, unshown, reopened: false })
        };
        events.extend([back(kept, &duplicate, false), back(&duplicate, kept, true)]);
        events.extend(countered_too(&duplicate, kept, case, around));
        // One that is a counter-notice stands again (rule 41).
        let notices = countered(&duplicate).filter(|link| around.countered.contains(&link.other));
        let stands =
            |other| (other, Event::CounterStands { other: duplicate.id, received: duplicate.received });
        events.extend(notices.map(|link| stands(link.other)));
    }
    events
}

/// Whoever countered the case that was kept countered the duplicate with it: the two were one notice (rule 41).
fn countered_too(duplicate: &Case, kept: &Case, case: &Case, around: &Around) -> Events {
    // Of another case it is not known which of its counter-notices are on file still.
    let known = around.countering.iter().filter(|_| kept.id == case.id);
    let stand = known.filter_map(|counter| Some((*counter, *kept.counters.get(counter)?)));
    let new = stand.filter(|(counter, _)| !duplicate.countered_by().any(|known| known == *counter));
    let links = new.flat_map(|(counter, received)| {
        let linked =
            |other, outward, received| Event::Linked { other, how: Relation::Counter, outward, received };
        [(counter, linked(duplicate.id, true, None)), (duplicate.id, linked(counter, false, Some(received)))]
    });
    links.collect()
}

/// Somebody opens a case again; that of which it was a duplicate must know that it answers it no longer.
pub(super) fn reopened(case: &Case, reopened: Event, around: &Around) -> Events {
    let kept = around.other.iter().find(|other| is_duplicate_of(case, other.id));
    let known = kept.map(|kept| {
        let unshown = case.is_sealed() && !kept.is_sealed();
        (kept.id, Event::BroughtBack { other: case.id, outward: false, unshown, reopened: true })
    });
    std::iter::once((case.id, reopened)).chain(known).collect()
}

/// Whether a case answers none of its duplicates any more: nothing is done for it, or it was found to be about nobody.
pub fn answers_no_longer(before: &Case, after: &Case) -> bool {
    let comes_to_nothing = after.came_to_nothing() && !before.came_to_nothing();
    comes_to_nothing || (after.nobody.is_some() && before.nobody.is_none())
}

/// Whether a duplicate and the case that is kept (in this order) are no longer what they were to each other: the one does not
/// answer the other, asks for less than it, tells not all whom it names, or counts a day of it later or not at all.
fn leaves(before: (&Case, &Case), after: (&Case, &Case), terms: &Terms) -> bool {
    let tells = |(duplicate, kept): (&Case, &Case)| told_with(duplicate, kept, terms).is_ok();
    let asks_all = |(duplicate, kept): (&Case, &Case)| asks_more(duplicate, kept, terms).is_none();
    let counts_all = |(duplicate, kept): (&Case, &Case)| {
        // Its clocks are over while it is a duplicate; what they would be is asked.
        let worked = Case { outcome: None, closed: None, ..duplicate.clone() };
        due_sooner(&worked, kept, terms).is_none()
    };
    answers_no_longer(before.1, after.1)
        || (tells(before) && !tells(after))
        || (asks_all(before) && !asks_all(after))
        || (counts_all(before) && !counts_all(after))
}

/// The users of a duplicate are told with the other case, which must name them then.
fn told_with(case: &Case, other: &Case, terms: &Terms) -> Result<(), Refusal> {
    let named = |account: &Account| other.subjects().any(|subject| subject.account == *account);
    let elsewhere = case.subjects().filter(|subject| !subject.ours).map(|subject| &subject.account);
    let left_out: Vec<Account> =
        untold(case).chain(elsewhere).filter(|account| !named(account)).cloned().collect();
    if !left_out.is_empty() {
        return Err(Restraint::DuplicateNamesMore { other: other.id, accounts: left_out }.into());
    }
    let untold = untold_there(case, other, terms);
    if untold.is_empty() {
        Ok(())
    } else {
        Err(Restraint::DuplicateTellsNobody { other: other.id, accounts: untold }.into())
    }
}

/// A duplicate of a duplicate would leave a request that nobody answers.
fn leads_nowhere(case: &Case, other: &Case) -> Result<(), Refusal> {
    if let Some(Ending::Duplicate { of }) = other.outcome.as_ref().map(|outcome| &outcome.what) {
        return Err(Refusal::OtherIsDuplicate { other: other.id, of: *of });
    }
    // Nor may those that lead here be left behind.
    let duplicates: Vec<CaseId> = case.duplicates().filter(|behind| *behind != other.id).collect();
    if duplicates.is_empty() { Ok(()) } else { Err(Refusal::HasDuplicates { duplicates, other: other.id }) }
}

/// Why the other case would not answer this request too.
fn unlike(case: &Case, other: &Case, terms: &Terms) -> Option<Unlike> {
    if !is_from_the_same(case, other, terms) {
        let is_of_people = are_people(case, other, terms);
        return Some(if is_of_people { Unlike::Address } else { Unlike::Requester });
    }
    if other.closed.is_some() || other.came_to_nothing() {
        return Some(Unlike::Over);
    }
    // Whoever does not say who they are may be the same; the one that is kept says it, for it is answered.
    let is_named = |case: &Case| agency(case).is_some() || !addresses(case).is_empty();
    if terms.kind_of(case).is_some_and(is_from_agency) {
        if is_named(case) && !is_named(other) {
            return Some(Unlike::Unnamed);
        }
        if let Some(why) = other_order(case, other) {
            return Some(why);
        }
    }
    // A request that names nobody is not known to be about whom the other one names.
    let names_nobody = |case: &Case| case.subjects().next().is_none();
    if names_nobody(case) && !names_nobody(other) && !says_the_same(case, other) {
        return Some(Unlike::NamesNobody);
    }
    let policy = terms.policy_of(case)?;
    if rests_on_something(case, policy) && !rests_on_something(other, policy) {
        return Some(Unlike::Order);
    }
    // Whoever asks for secrecy is told that it takes an order, and has time to serve one (rule 16).
    let is_quiet = other.secret() || other.gag.as_ref().is_some_and(|gag| gag.binds());
    let tells = terms.kind_of(case).is_none_or(|kind| kind.notify);
    if tells && case.asks_for_secrecy() && !is_quiet {
        return Some(Unlike::Secrecy);
    }
    // Who counters it is owed that the material goes back (rule 41).
    if case.counters.keys().any(|counter| !other.counters.contains_key(counter)) {
        return Some(Unlike::Countered);
    }
    asks_more(case, other, terms).or_else(|| due_sooner(case, other, terms))
}

/// Whether the same requester asks, as far as it is known: by the name and the address that they give, or by the entry of the
/// directory that both names mean.
fn is_from_the_same(case: &Case, other: &Case, terms: &Terms) -> bool {
    let entry = |case: &Case| agency(case).and_then(|name| meant(&terms.directory, name));
    let is_same_entry = entry(case).zip(entry(other)).is_some_and(|(one, other)| one.name == other.name);
    if are_people(case, other, terms) && !is_same_agency(case, other) {
        let plain = |address: &Email| address.as_str().to_lowercase();
        let (own, others) = (addresses(case), addresses(other));
        return own.iter().any(|own| others.iter().any(|other| plain(own) == plain(other)));
    }
    is_same_entry || is_same_requester(case, other)
}

/// Whether the whole address says who asks: two people have one mail domain, and are two. It stands for somebody where an agency
/// is verified.
fn are_people(case: &Case, other: &Case, terms: &Terms) -> bool {
    let has_address = |case: &Case| !addresses(case).is_empty();
    !terms.kind_of(case).is_some_and(is_from_agency) && has_address(case) && has_address(other)
}

fn is_same_agency(case: &Case, other: &Case) -> bool {
    likeness::agency_name(case).is_some_and(|own| likeness::agency_name(other) == Some(own))
}

/// Whether the requester tells the two apart: by numbers of their own, of which neither request names the other's, or by the day
/// of the order. An order that is lost behind another one is answered by nobody.
fn other_order(case: &Case, other: &Case) -> Option<Unlike> {
    let differ = |key: &str| {
        let (own, others) = (case.fields_of(key).next()?, other.fields_of(key).next()?);
        let (label, own, others) = (own.label.clone(), own.value.clone(), others.value.clone());
        Some(Unlike::OtherOrder { label, own, others })
    };
    let (own, others) = (likeness::references(case), likeness::references(other));
    let is_apart = !own.is_empty() && !others.is_empty() && own.is_disjoint(&others);
    if is_apart && !likeness::names_any(case, &others) && !likeness::names_any(other, &own) {
        return differ(REFERENCE_KEY);
    }
    let (own, others) = (days(case), days(other));
    let is_apart = !own.is_empty() && !others.is_empty() && own.is_disjoint(&others);
    if is_apart { differ(GRANTED_KEY) } else { None }
}

/// The days on which the orders of a case were granted.
fn days(case: &Case) -> BTreeSet<NaiveDate> {
    let days = case.fields_of(GRANTED_KEY).filter_map(Field::day);
    days.collect()
}

/// Whether both have the requester's number, or are about the same material.
fn says_the_same(case: &Case, other: &Case) -> bool {
    !likeness::references(case).is_disjoint(&likeness::references(other))
        || !likeness::materials(case).is_disjoint(&likeness::materials(other))
        || !mention::names(case).is_disjoint(&mention::names(other))
}

fn rests_on_something(case: &Case, policy: &Policy) -> bool {
    instrument_lines(case, policy).next().is_some()
}
