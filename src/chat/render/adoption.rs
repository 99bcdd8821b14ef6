//! What another policy would change about a case, before anybody lets it go on under that. Compares what the two say of
//! this case, and nothing else in them.

use std::collections::{BTreeMap, BTreeSet};

use chrono::{DateTime, Utc};

use super::rewritten::rewritten;
use crate::case::clock::IDLE;
use crate::case::decide::gate::bars;
use crate::case::decide::voided;
use crate::case::scope::bar;
use crate::case::{
    self, Case, CaseId, Clock, Elsewhere, Event, Kind, Origin, Policy, Terms, When, clocks, instrument,
    origin, retention,
};
use crate::chat::page::Line;
use crate::chat::{dates, text};

/// What stands between a case and its records, and how it is said that it is there, or is not.
type Guard = (fn(&Kind) -> bool, &'static str, &'static str);

const GUARDS: &[Guard] = &[
    (
        |kind| kind.discloses,
        "an answer gives out records and takes two people",
        "an answer takes one person, unless records are asked for",
    ),
    (|kind| kind.verify_requester, "the requester must be verified", "the requester need not be verified"),
    (|kind| kind.verify_instrument, "an instrument must be verified", "no instrument need be verified"),
    (|kind| kind.attest, "the danger must be attested", "no danger need be attested"),
    (|kind| kind.own_accounts, "only accounts of our servers", "accounts of any server"),
    (|kind| kind.from_authority, "only authorities that may ask", "anybody may ask"),
    (
        |kind| kind.scope_empty,
        "nothing is in the scope until somebody allows it",
        "the scope is what the request asks for",
    ),
    (|kind| kind.notify, "its users are owed a notice", "its users are owed no notice"),
];

/// What would change if the case went on under the policy of today.
pub(super) fn adoption(case: &Case, terms: &Terms) -> Vec<Line> {
    let mut after = case.clone();
    after.policy.clone_from(&terms.current);
    let mut lines = Vec::new();
    lines.extend(country(case, &after, terms));
    if let Some((was, is)) = terms.kind_of(case).zip(terms.kind_of(&after)) {
        let moved = GUARDS.iter().filter(|(guard, _, _)| guard(was) != guard(is));
        lines.extend(moved.map(|(guard, on, off)| Line::ours(if guard(is) { *on } else { *off })));
        lines.extend(notice(case, &after, terms));
    }
    let (was, is) = (bars(case, terms), bars(&after, terms));
    lines.extend(
        was.difference(&is).map(|bar| {
            Line::ours(format!("no longer in the way of a notice: it {}", text::in_the_way(*bar)))
        }),
    );
    lines.extend(
        is.difference(&was)
            .map(|bar| Line::ours(format!("in the way of a notice: it {}", text::in_the_way(*bar)))),
    );
    let (was, is) = (open(case, terms), open(&after, terms));
    let names = |names: Vec<&String>| names.into_iter().map(String::as_str).collect::<Vec<_>>().join(", ");
    for (what, found) in [
        ("opens", names(is.difference(&was).collect())),
        ("no longer opens", names(was.difference(&is).collect())),
    ] {
        if !found.is_empty() {
            lines.push(Line::ours(format!("{what}: ")).theirs(&found));
        }
    }
    lines.extend(moved(case, &after, terms));
    let kept = |case: &Case| {
        retention::ends(case, terms)
            .map(|end| dates::day(end.with_timezone(&terms.zone_of(case)).date_naive()))
    };
    if let (Some(was), Some(is)) = (kept(case), kept(&after))
        && was != is
    {
        lines.push(Line::ours(format!("kept until {is}, not {was}")));
    }
    lines.extend(
        voided(case, &after, terms)
            .map(|what| Line::ours(format!("the {} must be verified again", text::verifiable(what)))),
    );
    let side = |case: &Case| terms.policy_of(case).zip(terms.kind_of(case));
    match side(case).zip(side(&after)) {
        Some((was, is)) => lines.extend(rewritten(case, was, is)),
        // What nobody can read any more is compared with nothing.
        None => lines
            .push(Line::ours("the policy that it had is not at hand, so nobody can say what else changes")),
    }
    if lines.is_empty() {
        lines.push(Line::ours("nothing changes of what the policy says of this case"));
    }
    lines.into_iter().map(|line| Line::ours("– ").join(line).indented()).collect()
}

/// What has changed with these events, if a policy was adopted by one of them.
pub(super) fn adopted(case: &Case, events: &[(CaseId, Event)], terms: &Terms) -> Vec<Line> {
    let own = events.iter().filter(|(id, _)| *id == case.id);
    let from =
        own.rev().find_map(
            |(_, event)| {
                if let Event::PolicyAdopted { from, .. } = event { from.clone() } else { None }
            },
        );
    let Some(from) = from.filter(|_| case.policy == terms.current) else { return Vec::new() };
    adoption(&Case { policy: from, ..case.clone() }, terms)
}

/// Whether its authority may ask there, if that is otherwise here: whether the request is dealt with at all hangs on it.
fn country(case: &Case, after: &Case, terms: &Terms) -> Option<Line> {
    let (policy, is) = terms.policy_of(after).zip(terms.kind_of(after))?;
    let (before, was) = terms.policy_of(case).zip(terms.kind_of(case))?;
    let (was, is) = (origin(case, was, before), origin(case, is, policy));
    if was == is {
        return None;
    }
    let accepted = policy.accepts.join(", ");
    match is {
        Origin::NotAccepted { country } => {
            let line =
                Line::new().strong(format!("{country} may not ask directly any more, only {accepted}"));
            Some(line.say(match policy.text(Elsewhere::Mlat.text()).is_empty() {
                true => ": the request would be refused",
                false => ": the request would be redirected",
            }))
        }
        Origin::NotSaid => Some(Line::new().strong("it must say from which country it comes, and does not")),
        Origin::Unread => {
            Some(Line::new().strong("its country must be one that may ask, and cannot be read"))
        }
        // An authority may then ask that may not now.
        Origin::Accepted | Origin::NotAsked if was.blocks() => {
            Some(Line::new().strong(match case::country(case, policy) {
                Some(country) => format!("{country} may ask directly"),
                None => "authorities of any country may ask directly".to_owned(),
            }))
        }
        Origin::Accepted | Origin::NotAsked | Origin::ByTreaty | Origin::Daa => None,
    }
}

/// When its users would be told, if that is another time, and what they would read of the request besides.
fn notice(case: &Case, after: &Case, terms: &Terms) -> Vec<Line> {
    let side = |case: &Case| terms.kind_of(case).zip(terms.policy_of(case));
    let Some(((was, before), (is, now))) = side(case).zip(side(after)).filter(|(_, (is, _))| is.notify)
    else {
        return Vec::new();
    };
    let mut lines = Vec::new();
    match (was.told(before), is.told(now)) {
        (When::After, When::Before) => {
            lines.push(Line::ours("its users may be told before anything came of it"));
        }
        (When::Before, When::After) => {
            lines.push(Line::ours("its users are told only when something came of it"));
        }
        (When::After, When::After) | (When::Before, When::Before) => {}
    }
    let more: Vec<&str> = is.copy.iter().filter(|key| !was.copy.contains(key)).map(String::as_str).collect();
    if !more.is_empty() {
        lines.push(Line::ours("in the copy for its users: ").theirs(&more.join(", ")));
    }
    lines
}

/// The categories that the case's instrument opens, whether or not it asks for them yet.
fn open(case: &Case, terms: &Terms) -> BTreeSet<String> {
    let (Some(policy), Some(kind)) = (terms.policy_of(case), terms.kind_of(case)) else {
        return BTreeSet::new();
    };
    let is_open = |policy: &Policy, name: &str| {
        let category = policy.categories.iter().find(|category| category.name == name);
        category.is_some_and(|category| bar(Some(kind), category, instrument(case, policy)).is_none())
    };
    let names = policy.categories.iter().map(|category| &category.name);
    names.filter(|name| is_open(policy, name)).cloned().collect()
}

/// What falls due at another time, or no longer, or newly.
fn moved(case: &Case, after: &Case, terms: &Terms) -> Vec<Line> {
    let named = |case: &Case| -> BTreeMap<String, Clock> {
        // What a case counts from its last change moves with every one.
        let clocks = clocks(case, terms).into_iter().filter(|clock| clock.name != IDLE);
        clocks.map(|clock| (clock.name.clone(), clock)).collect()
    };
    let due = |due: DateTime<Utc>| dates::deadline(due, terms.zone);
    let (was, is) = (named(case), named(after));
    let mut lines = Vec::new();
    for (name, clock) in &is {
        match was.get(name) {
            Some(before) if before.due == clock.due => {}
            Some(before) => {
                lines.push(Line::ours(format!(
                    "{}: {}, not {}",
                    clock.title,
                    due(clock.due),
                    due(before.due)
                )));
            }
            None => lines.push(Line::ours(format!("{}: {}, a new clock", clock.title, due(clock.due)))),
        }
    }
    let gone = was.iter().filter(|(name, _)| !is.contains_key(*name));
    lines.extend(gone.map(|(_, clock)| Line::ours(format!("{}: runs no longer", clock.title))));
    lines
}
