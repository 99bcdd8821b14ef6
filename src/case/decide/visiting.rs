//! What users ask docket for by themselves: how a case of theirs begins, what they add to it, and that they take it back.
//!
//! What they are told in turn never hangs on what is in the case but on what was let go to them (rule 65).

use chrono::{DateTime, Utc};

use super::releasing::released;
use super::{Around, Events, Setting, act, request, second};
use crate::case::conflict::RIGHT_KEY;
use crate::case::letter::ACK;
use crate::case::{
    Account, Case, CaseId, Command, Event, MasterKey, Opening, Refusal, Terms, Tongue, Verifiable, VisitTerms,
};

/// How often a user adds something to their requests within a day: each of it comes before people.
const MOST_ADDED: usize = 10;

/// Why a user is not served.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Unserved {
    /// The policy says nothing of users who ask by themselves.
    Closed,
    /// Their account is on no server of ours (rule 8).
    NotOurs,
}

/// On which terms a user is served, if they are.
pub fn may_visit<'t>(account: &Account, terms: &'t Terms) -> Result<&'t VisitTerms, Unserved> {
    let visits = terms.policy().and_then(|policy| policy.visits.as_ref()).ok_or(Unserved::Closed)?;
    if account.is_of(&terms.servers) { Ok(visits) } else { Err(Unserved::NotOurs) }
}

/// Opens a case for a user who asked for it. Their signed session is the proof of who they are, but where the policy wants more (rule 43);
/// that it came is acknowledged at once where the policy says so.
pub fn visited(
    id: CaseId,
    opening: Opening,
    (tongue, key): (Tongue, Option<MasterKey>),
    setting: &Setting<'_>,
) -> Result<Events, Refusal> {
    let account = setting.actor;
    let visits =
        setting.terms.policy().and_then(|policy| policy.visits.as_ref()).ok_or(Refusal::PolicyMissing)?;
    let mut events = request::open(id, opening, setting)?;
    events.push((id, Event::Visited { account: account.clone(), tongue, key }));
    let Some(case) = begun(id, &events, setting) else { return Ok(events) };
    let takes_more = case.fields_of(RIGHT_KEY).any(|field| visits.more_proof.contains(&field.value));
    if !takes_more && setting.terms.kind_of(&case).is_some_and(|kind| kind.verify_requester) {
        events.push((id, verified(account)));
    }
    if visits.acknowledges
        && let Some(case) = begun(id, &events, setting)
        && let Ok(letter) = released(&case, ACK, setting)
    {
        events.push((id, letter));
    }
    Ok(events)
}

/// What is put on record of the session of whoever asked.
const OWN_SESSION: &str = "their own session, which the account signs";

fn verified(account: &Account) -> Event {
    Event::Verified {
        what: Verifiable::Requester,
        by: account.clone(),
        how: OWN_SESSION.to_owned(),
        entry: None,
        call: None,
        recorder: None,
    }
}

/// The case that these events begin.
fn begun(id: CaseId, events: &Events, setting: &Setting<'_>) -> Option<Case> {
    let (first, others) = events.split_first()?;
    let mut case = Case::begin(id, &first.1, setting.actor, setting.now)?;
    others.iter().for_each(|(_, event)| case.apply(event, setting.actor, setting.now));
    Some(case)
}

/// Whether a user may add something to one of their requests now.
pub fn may_add<'c>(requests: impl Iterator<Item = &'c Case>, now: DateTime<Utc>) -> bool {
    let visits = requests.filter_map(|case| case.visit.as_ref());
    visits.map(|visit| visit.wrote_within_a_day(now)).sum::<usize>() < MOST_ADDED
}

/// A user writes something more to their own request. What they were asked for is not waited for any more: whether it is that, people see.
pub fn wrote_again(case: &Case, text: String) -> Events {
    let ended = case.waiting().map(|_| (case.id, Event::WaitEnded));
    std::iter::once((case.id, Event::WroteAgain { text })).chain(ended).collect()
}

/// A user takes their own request back. What came of it already stays; they hear the same either way. `around` is what a withdrawal speaks of.
pub fn took_back(case: &Case, around: Option<&Around>, setting: &Setting<'_>) -> Events {
    let mut events = vec![(case.id, Event::TookBack)];
    let nothing = Around::default();
    if case.closed.is_none()
        && let Some(around) = around
        && let Ok(withdrawn) = act(case, around, Command::Withdraw { reason: None }, setting)
    {
        events.extend(withdrawn);
    }
    second::with_voids(case, around.unwrap_or(&nothing), events)
}
