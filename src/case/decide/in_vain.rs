//! Users who were told what came of a request, of which something else came since: that nothing came of it after all, that what they
//! thought was put back was taken down again, or more of it. They hear that too (rules 25, 31, 41); of what is as they were told they
//! hear nothing again. Works on the case before and after, so that no ending can be forgotten.

use std::collections::BTreeSet;

use super::{Events, Setting};
use crate::case::clock::dropped;
use crate::case::letter::says_what_came;
use crate::case::{Account, Case, Event, Kind, Notice, Policy, Telling, Upshot, letter};

/// Adds to what happens to a case whom must be told anew.
pub(super) fn told_again(case: &Case, mut events: Events, setting: &Setting<'_>) -> Events {
    let rules = setting.terms.policy_of(case).and_then(|policy| Some((policy, policy.kind(&case.kind)?)));
    let Some((policy, kind)) = rules.filter(|(_, kind)| kind.notify) else { return events };
    let mut after = case.clone();
    let own = events.iter().filter(|(id, _)| *id == case.id);
    own.for_each(|(_, event)| after.apply(event, setting.actor, setting.now));
    let is = after.upshot().filter(|is| case.upshot() != Some(*is) && is_told(*is, &after, policy, kind));
    let Some(is) = is else { return events };
    let told = after.notices.iter().filter(|(_, notice)| is_otherwise(notice, is, &after, kind));
    let accounts: BTreeSet<Account> = told.map(|(account, _)| account.clone()).collect();
    if accounts.is_empty() {
        return events;
    }
    let told = match is {
        Upshot::Nothing => Event::ToldInVain { accounts },
        Upshot::Done | Upshot::InPart => Event::ToldAnew { accounts },
    };
    events.push((case.id, told));
    events
}

/// Whether the policy has words of its own for it: where a notice does not say what came of the request, one says all.
fn is_told(is: Upshot, case: &Case, policy: &Policy, kind: &Kind) -> bool {
    let has = |name| policy.letter(name, &kind.name).is_some();
    match is {
        // Of a fake they were told that somebody asked who did not (rule 61).
        Upshot::Nothing => {
            let is_fake = case.is_fake() && has(letter::FAKE);
            is_fake || has(letter::DROPPED) || says_what_came(kind, policy)
        }
        Upshot::Done | Upshot::InPart => kind.takes_down || says_what_came(kind, policy),
    }
}

/// Whether somebody was told something else. Of a notice that does not say what, it is known once what was done came to nothing.
fn is_otherwise(notice: &Notice, is: Upshot, case: &Case, kind: &Kind) -> bool {
    let was_otherwise = match notice.of {
        // How much it was they are told only of what was made inaccessible.
        Some(was) if !kind.takes_down => (was == Upshot::Nothing) != (is == Upshot::Nothing),
        Some(was) => was != is,
        None => dropped(case, kind).is_some() || case.is_fake(),
    };
    matches!(notice.what, Telling::Told { .. }) && was_otherwise
}
