//! When another case forbids to tell the users of this one: nobody is late to tell them meanwhile (rule 60), and what was
//! proposed to tell them is void, as it is where what they would hear is not so because of another case (rule 41). Looks nothing up: the cases that may forbid it come in as an argument.

use std::collections::{BTreeMap, BTreeSet};

use super::gate::{Silence, readings, silence};
use super::{asked_about, untold};
use crate::case::{Account, Case, CaseId, Command, Event, Flag, Hush, Proposal, Terms, clock};

/// How many cases that forbid to tell a user are named; the first is a no already.
pub const MOST_NAMED: usize = 6;

/// The users of a case about whom it matters whether other cases forbid to tell them: those who are owed a notice now, or to
/// whom one waits for a second person.
pub fn hushable(case: &Case, terms: &Terms) -> Vec<Account> {
    let mut telling = case.proposals.iter().filter(|proposal| proposal.command.tells_users()).peekable();
    let tells = telling.peek().is_some();
    let mut users: BTreeSet<Account> =
        case.hushed.keys().filter(|user| case.hush(user).is_some()).cloned().collect();
    if tells || clock::owes_notice(case, terms) {
        users.extend(untold(case).cloned());
    }
    // Somebody on another server is owed nothing, and may be named all the same.
    for proposal in telling {
        if let Command::Notify { whom: Some(whom), .. } = &proposal.command {
            users.insert(whom.clone());
        }
    }
    users.into_iter().collect()
}

/// What has changed of that since it was last asked, and the proposals that it makes void. `others` must hold, for each of
/// these users, cases that forbid to tell them, wherever there are any.
pub fn hushes(case: &Case, others: &BTreeMap<CaseId, Case>, terms: &Terms) -> Vec<Event> {
    let mut events = Vec::new();
    let mut barred: BTreeSet<Account> = BTreeSet::new();
    let others = others.values().rev().filter(|other| other.id != case.id);
    let silent: Vec<(&Case, Silence)> =
        others.filter_map(|other| Some((other, silence(other, terms)?))).collect();
    for account in hushable(case, terms) {
        let mut hush = Hush::default();
        let names = readings(&account, terms);
        let forbids =
            |(other, silence): &&(&Case, Silence)| !silence.forbids_by(&names, other, &account).is_empty();
        // The newest, as many as are looked up: which more there are must not hang on how they came to be at hand.
        for (other, _) in silent.iter().filter(forbids).take(MOST_NAMED) {
            let list = if other.flags.contains(&Flag::Csea) { &mut hush.unshown } else { &mut hush.by };
            list.insert(other.id);
        }
        if hush.binds() {
            barred.insert(account.clone());
        }
        let known = case.hushed.get(&account).cloned().unwrap_or_default();
        if (&known.by, &known.unshown) != (&hush.by, &hush.unshown) {
            events.push(Event::Hushed { account, by: hush.by, unshown: hush.unshown });
        }
    }
    let void = case.proposals.iter().filter(|proposal| match &proposal.command {
        Command::Notify { whom, .. } if proposal.command.tells_users() => {
            asked_about(case, whom.as_ref()).iter().any(|account| barred.contains(account))
        }
        _ => false,
    });
    events.extend(void.map(forbidden));
    events
}

/// The notices that wait for a second person, or cool, on a case of which nobody hears by now that anything went back: another one
/// keeps it down (rule 41). They are void.
pub fn held_up(case: &Case) -> Vec<Event> {
    let tells = case.proposals.iter().filter(|proposal| proposal.command.tells_users());
    tells.filter(|_| case.stays_down()).map(forbidden).collect()
}

fn forbidden(proposal: &Proposal) -> Event {
    Event::NoticeForbidden {
        code: proposal.code.clone(),
        command: Box::new(proposal.command.clone()),
        proposer: proposal.by.clone(),
        approver: proposal.approved.as_ref().map(|approval| approval.by.clone()),
    }
}
