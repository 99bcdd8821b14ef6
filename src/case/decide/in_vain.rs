//! Users who were told that something was made inaccessible, of which nothing came after all: they hear that too (rules 31, 41).
//! Works on the case before and after, so that no ending can be forgotten.

use std::collections::BTreeSet;

use super::{Events, Setting};
use crate::case::clock::dropped;
use crate::case::{Account, Case, Event, Telling, letter};

/// Adds to what happens to a case whom nothing came of it after all must be told.
pub(super) fn told_again(case: &Case, mut events: Events, setting: &Setting<'_>) -> Events {
    let rules = setting.terms.policy_of(case).and_then(|policy| Some((policy, policy.kind(&case.kind)?)));
    let Some((policy, kind)) = rules.filter(|(_, kind)| kind.notify) else { return events };
    if policy.letter(letter::DROPPED, &kind.name).is_none() || dropped(case, kind).is_some() {
        return events;
    }
    let mut after = case.clone();
    let own = events.iter().filter(|(id, _)| *id == case.id);
    own.for_each(|(_, event)| after.apply(event, setting.actor, setting.now));
    if dropped(&after, kind).is_none() {
        return events;
    }
    let told = after.notices.iter().filter(|(_, notice)| matches!(notice.what, Telling::Told { .. }));
    let accounts: BTreeSet<Account> = told.map(|(account, _)| account.clone()).collect();
    if !accounts.is_empty() {
        events.push((case.id, Event::ToldInVain { accounts }));
    }
    events
}
