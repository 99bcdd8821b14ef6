//! Whether all that a request asks for is within what another one asks for, and by the days that the other one counts: whoever is
//! answered with that one gets no more than it, and no sooner. Which lines say how much is asked for, the policy knows (`asks`).

use std::collections::BTreeSet;

use chrono::NaiveDate;

use crate::case::choice::several_of;
use crate::case::clock::{holds, runs, start};
use crate::case::done::says_nothing;
use crate::case::restraint::Unlike;
use crate::case::scope::data_asked;
use crate::case::{
    Asks, Case, ClockRule, DATA_KEY, FLAG_KEY, Field, FieldForm, FieldRule, Policy, Start, Terms, likeness,
};

/// The first line on which a case asks for something that the other does not.
pub(super) fn asks_more(case: &Case, other: &Case, terms: &Terms) -> Option<Unlike> {
    let (policy, kind) = terms.policy_of(case).zip(terms.kind_of(case))?;
    kind.fields.iter().find_map(|rule| {
        let asks = rule.asks.filter(|_| !rule.ours)?;
        let more = beyond(rule, asks, case, other, policy)?;
        let (key, label) = (rule.key.clone(), rule.label.clone());
        Some(Unlike::AsksMore { key, label, more })
    })
}

/// What it asks for on one line beyond the other; an empty text where it says nothing and so may ask for anything.
fn beyond(rule: &FieldRule, asks: Asks, case: &Case, other: &Case, policy: &Policy) -> Option<String> {
    let (own, others) = (day(case, rule), day(other, rule));
    match asks {
        Asks::Each | Asks::All => {
            let (own, others) = (things(case, rule, policy), things(other, rule, policy));
            let may_be_all = asks == Asks::All || rule.required;
            // One that only says that it comes again means what came before.
            if own.is_empty() && !others.is_empty() && may_be_all && !comes_again(case, other) {
                return Some(String::new());
            }
            // What asks for all there is leaves nothing out.
            if others.is_empty() && asks == Asks::All && !rule.required {
                return None;
            }
            own.difference(&others).next().cloned()
        }
        Asks::Since => {
            let others = others?;
            let is_within = own.is_some_and(|own| own >= others);
            (!is_within && !comes_again(case, other)).then(|| said(own))
        }
        Asks::Until => {
            let others = others?;
            let is_within = own.is_some_and(|own| own <= others);
            (!is_within && !comes_again(case, other)).then(|| said(own))
        }
    }
}

/// Whether it names the other's number: where it says nothing else, it was sent again.
fn comes_again(case: &Case, other: &Case) -> bool {
    let (own, others) = (likeness::references(case), likeness::references(other));
    !own.is_disjoint(&others) || likeness::names_any(case, &others)
}

fn said(day: Option<NaiveDate>) -> String {
    day.map(|day| day.to_string()).unwrap_or_default()
}

fn day(case: &Case, rule: &FieldRule) -> Option<NaiveDate> {
    case.fields_of(&rule.key).find_map(Field::day)
}

/// Each thing that a line names, in the form that things are compared in.
fn things(case: &Case, rule: &FieldRule, policy: &Policy) -> BTreeSet<String> {
    if rule.key == DATA_KEY || rule.form == FieldForm::Data {
        return data_asked(case, policy);
    }
    let values = case.fields_of(&rule.key).map(|field| field.value.as_str());
    let said = values.filter(|value| !says_nothing(value));
    let each = said.flat_map(|value| match several_of(value, &rule.form) {
        Some(words) => words.into_iter().map(str::to_owned).collect(),
        None => likeness::things(value),
    });
    each.collect()
}

/// The nearest day that the policy counts for a case and that the other one, which is to answer it, counts from later, has more
/// time for, or does not count at all: it would be missed.
pub(super) fn due_sooner(case: &Case, other: &Case, terms: &Terms) -> Option<Unlike> {
    let policy = terms.policy_of(case)?;
    let others = runs(other, terms);
    // Whoever is asked for something is asked about both.
    let case = &Case { waits: other.waits.clone(), ..case.clone() };
    runs(case, terms).into_iter().find_map(|run| {
        let rule = run.rule.filter(|rule| !rule.lapses && !rule.lasts && is_of_request(&rule.from))?;
        // What a flag asks for is counted on a duplicate too (rule 66).
        if rule.only.iter().any(|condition| condition.key == FLAG_KEY) {
            return None;
        }
        let own = start(case, rule, terms)?;
        let unmet = rule.only.iter().find(|condition| !holds(other, condition, policy));
        let is_later = others.iter().any(|of| of.clock.name == rule.name && of.clock.due > run.clock.due);
        let counts = unmet.is_none()
            && start(other, rule, terms).is_some_and(|others| others <= own)
            && is_counted_under(other, rule, terms)
            && !is_later;
        let key =
            unmet.map(|condition| condition.key.as_str()).or_else(|| rule.from.line()).map(str::to_owned);
        let is_older = case.received < other.received;
        let (title, due, zone) = (run.clock.title, run.clock.due, run.clock.zone);
        (!counts).then_some(Unlike::Sooner { title, due, zone, is_older, key })
    })
}

/// Whether the policy of a case has a clock of this name for it, which may be another policy than the one that has the rule.
fn is_counted_under(case: &Case, rule: &ClockRule, terms: &Terms) -> bool {
    let is_one = |of: &ClockRule| of.name == rule.name && of.is_of(&case.kind);
    terms.policy_of(case).is_some_and(|policy| policy.clocks.iter().any(is_one))
}

/// Whether it begins with the request, and not with what came of it.
fn is_of_request(from: &Start) -> bool {
    match from {
        Start::Received | Start::Line(_) | Start::Attested | Start::Sent(_) => true,
        // Which counter-notices it must have is asked before.
        Start::Countered => false,
        // What a flag asks for is owed whatever becomes of the request.
        Start::Answered | Start::Closed | Start::Dropped | Start::HoldEnded | Start::Flagged => false,
    }
}
