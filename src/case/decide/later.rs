//! What the policy counts and what would fall due later, or be counted no longer, by a change of what it counts from: a line, the
//! time of receipt, a link, a letter put right, another policy (rules 14, 41, 52, 59).
//!
//! What people do about a clock gives no more time here: an answer, what was done, the letter that it waits for, an extension, a
//! wait for the requester, what binds to silence. Each of these has rules of its own.

use std::collections::BTreeSet;

use chrono::{DateTime, Utc};
use chrono_tz::Tz;

use super::gate::bars;
use super::{Around, Events, Setting, undo};
use crate::case::clock::{Run, run_of, runs, told};
use crate::case::{Case, Clock, ClockRule, Command, Ending, Event, Field, Repeat, Sent, Start, Stop, Terms};

/// A day that would be later.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Later {
    /// The name of its clock.
    pub name: String,
    /// What falls due, in a few words.
    pub title: String,
    /// When it falls due as it is.
    pub due: DateTime<Utc>,
    /// When it would; `None` if it would be counted no longer.
    pub then: Option<DateTime<Utc>>,
    /// The zone in which its days are said.
    pub zone: Tz,
    /// Whether something of ours is late then: not where what it rests on lapses, or a time only lasts.
    pub is_owed: bool,
}

/// Every clock of the policy that would fall due later on the case as it would be, or not run there although nothing was done that
/// ends it.
pub fn later(before: &Case, after: &Case, terms: &Terms) -> Vec<Later> {
    if counts_from_the_same(before, after) {
        return Vec::new();
    }
    let Some(policy) = terms.policy_of(before) else { return Vec::new() };
    let of_kind = policy.clocks.iter().filter(|rule| rule.is_of(&before.kind));
    let is = runs(after, terms);
    let late = |rule: &ClockRule| {
        let was = as_it_was(rule, before, after);
        let was = run_of(rule, &was, terms)?;
        let then = is.iter().find(|run| run.clock.name == rule.name);
        let is_kept = then.is_some_and(|then| !is_later(&was, then)) || is_of_the_gate(rule, after, terms);
        (!is_kept).then(|| Later {
            name: rule.name.clone(),
            title: rule.title.clone(),
            due: was.clock.due,
            then: then.map(|then| then.clock.due),
            zone: was.clock.zone,
            is_owed: !rule.lapses && !rule.lasts,
        })
    };
    of_kind.filter_map(late).collect()
}

/// What is counted on a case and would not be any more, owed by something of ours, whatever ends it.
pub fn ended(before: &Case, after: &Case, terms: &Terms) -> Vec<Later> {
    let still = runs(after, terms);
    let is_over = |run: &Run<'_>| {
        let is_owed = run.rule.is_some_and(|rule| !rule.lapses && !rule.lasts);
        is_owed && still.iter().all(|other| other.clock.name != run.clock.name)
    };
    let over = runs(before, terms).into_iter().filter(is_over).map(|run| run.clock);
    let gone =
        |Clock { name, title, due, zone, .. }| Later { name, title, due, then: None, zone, is_owed: true };
    over.map(gone).collect()
}

fn is_later(was: &Run<'_>, is: &Run<'_>) -> bool {
    is.clock.due > was.clock.due || (is.still && !was.still)
}

/// Whether what the policy's clocks count from is the same on both: most changes move none.
fn counts_from_the_same(before: &Case, after: &Case) -> bool {
    before.policy == after.policy
        && before.received == after.received
        && before.fields == after.fields
        && before.countered == after.countered
        && before.sent == after.sent
        && before.outcome == after.outcome
}

/// The case as it would be, but for what the clock counts from, which is as it was: so all that was done about it counts.
fn as_it_was(rule: &ClockRule, before: &Case, after: &Case) -> Case {
    let ends = |field: &&Field| {
        let tasks = rule.tasks.iter().flat_map(|tasks| &tasks.lines);
        let is_stop = rule.until.is_any(&[Stop::Line(field.key.clone())]);
        is_stop || tasks.into_iter().any(|line| *line == field.key)
    };
    let done = after.fields.iter().filter(ends);
    let fields = before.fields.iter().chain(done).cloned().collect();
    let starts = |sent: &&Sent| matches!(&rule.from, Start::Sent(letter) if sent.letter == *letter);
    // Of two with one name the first counts.
    let sent = before.sent.iter().filter(starts).chain(&after.sent).cloned().collect();
    // What is put back is put back because nothing came of the request: that it is worked again leaves it down.
    let is_back = matches!(rule.from, Start::Countered | Start::Dropped);
    let outcome = if is_back { &before.outcome } else { &after.outcome };
    Case {
        policy: before.policy.clone(),
        received: before.received,
        countered: before.countered,
        outcome: outcome.clone(),
        acted_on: before.acted_on,
        fields,
        sent,
        ..after.clone()
    }
}

/// Whether it counts until users are told, and they are not to be told now: what binds takes one person, and whom a case names no
/// longer is a question of who is told (`effects`).
fn is_of_the_gate(rule: &ClockRule, after: &Case, terms: &Terms) -> bool {
    rule.until.is_any(&[Stop::Told]) && (told(after) || !bars(after, terms).is_empty())
}

/// Whether a command takes two people because something that is owed would be due later, on this case or on another one that it
/// changes.
pub(super) fn gives_more_time(
    command: &Command,
    before: &Case,
    after: &Case,
    events: &Events,
    around: &Around,
    setting: &Setting<'_>,
) -> bool {
    // To take back one's own last word has a rule of its own; another policy is looked at as a whole.
    if matches!(command, Command::Undo { .. }) || before.policy != after.policy {
        return false;
    }
    let owed =
        |before: &Case, after: &Case| later(before, after, setting.terms).iter().any(|later| later.is_owed);
    // Everything counts from the receipt, also what is not counted yet.
    let own = after.received > before.received || owed(before, after);
    (own && !is_slip(command, before, setting)) || others_later(before, after, events, around, setting, owed)
}

/// Whether this is how somebody sets right what they typed a moment ago: they could as well have typed it so.
pub(super) fn is_slip(command: &Command, case: &Case, setting: &Setting<'_>) -> bool {
    let is_own = |by, at| {
        let passed = setting.now.signed_duration_since(at);
        setting.certain && by == setting.actor && passed <= undo::LONGEST
    };
    match command {
        Command::Set { .. } => case.outcome.is_none() && is_own(&case.opened_by, case.opened),
        Command::RecordSent { letter, repeat: Repeat::Instead, .. } => {
            let of_letter = case.sent.iter().filter(|sent| sent.letter.eq_ignore_ascii_case(letter));
            of_letter.max_by_key(|sent| sent.recorded).is_some_and(|sent| is_own(&sent.by, sent.recorded))
        }
        _ => false,
    }
}

/// Whether something would be due later on a case that this one changes, such as the notice that it counters. What ends with an
/// answer to whoever countered it, they hear of.
fn others_later(
    before: &Case,
    after: &Case,
    events: &Events,
    around: &Around,
    setting: &Setting<'_>,
    owed: impl Fn(&Case, &Case) -> bool,
) -> bool {
    let ending = after.outcome.as_ref().filter(|_| before.outcome.is_none()).map(|outcome| &outcome.what);
    let is_answered = match ending {
        Some(Ending::Answered { .. } | Ending::Refused { .. } | Ending::Redirected { .. }) => true,
        Some(Ending::Withdrawn | Ending::Duplicate { .. }) | None => false,
    };
    if is_answered {
        return false;
    }
    let mut seen = BTreeSet::from([before.id]);
    let others = around.other.iter().chain(&around.notices).chain(&around.duplicates);
    others.filter(|other| seen.insert(other.id)).any(|other| {
        let mut then = other.clone();
        let of_it: Vec<&Event> =
            events.iter().filter(|(id, _)| *id == other.id).map(|(_, event)| event).collect();
        of_it.iter().for_each(|event| then.apply(event, setting.actor, setting.now));
        !of_it.is_empty() && owed(other, &then)
    })
}
