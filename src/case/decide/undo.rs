//! Taking back one's own last command: what may be, and the way back. Pure: the history comes in as an argument.
//!
//! The way back is found by folding the case without the record and comparing, so a new command is taken back without
//! knowing it. What makes telling, disclosing or destroying sooner takes two people here as anywhere: `effects` says so.

use std::collections::{BTreeMap, BTreeSet};

use chrono::{DateTime, TimeDelta, Utc};

use super::Events;
use crate::case::{
    Account, Back, Case, CaseId, Command, Event, NoWayBack, Refusal, Relation, Return, Verifiable,
};

/// So long a command can be taken back, and what was typed is a slip that whoever typed it sets right alone.
pub(super) const LONGEST: TimeDelta = TimeDelta::minutes(10);

/// One case's part of a record.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Entry {
    /// The record's number.
    pub seq: u64,
    /// When it was decided.
    pub at: DateTime<Utc>,
    /// Who did it; `None` for docket itself.
    pub by: Option<Account>,
    /// What happened to the case.
    pub events: Vec<Event>,
}

/// The whole history of a case, oldest first.
pub type History = Vec<Entry>;

/// The other cases that the newest command on a case was about too: their histories are needed as well.
pub fn others(history: &History) -> BTreeSet<CaseId> {
    let linked = |event: &Event| -> Vec<CaseId> {
        if let Event::Linked { other, .. }
        | Event::Unlinked { other, .. }
        | Event::CounterMoved { other, .. }
        | Event::CounterEnded { other }
        | Event::BroughtBack { other, .. }
        | Event::DueAgain { other }
        | Event::CounterStands { other, .. } = event
        {
            vec![*other]
        } else if let Event::ReceivedSet { counters, further, .. } = event {
            counters.iter().chain(further).copied().collect()
        } else if let Event::HoldExtended { asked_by, .. } | Event::HoldSetRight { asked_by, .. } = event {
            asked_by.iter().copied().collect()
        } else {
            Vec::new()
        }
    };
    let named = newest(history).into_iter().flat_map(|entry| &entry.events).flat_map(linked);
    named.chain(kept_for_it(history)).collect()
}

/// The cases of which one that is opened again was a duplicate: its own record names none, theirs has a part of it where they
/// were told.
fn kept_for_it(history: &History) -> BTreeSet<CaseId> {
    let reopens = |entry: &Entry| entry.events.iter().any(|event| matches!(event, Event::Reopened { .. }));
    if !newest(history).is_some_and(reopens) {
        return BTreeSet::new();
    }
    let kept = |event: &Event| {
        if let Event::Linked { other, how: Relation::Duplicate, outward: true, .. } = event {
            Some(*other)
        } else {
            None
        }
    };
    history.iter().flat_map(|entry| &entry.events).filter_map(kept).collect()
}

/// The command that takes back the newest one on a case, whose history is among these, as are those of [`others`].
pub fn taking_back(
    id: CaseId,
    histories: &BTreeMap<CaseId, History>,
    actor: &Account,
    now: DateTime<Utc>,
) -> Result<Command, Refusal> {
    let history = histories.get(&id).ok_or(Refusal::NoSuchCase(id))?;
    let own = newest(history).ok_or(NoWayBack::TimeWentOn)?;
    may_take_back(own, actor, now)?;
    let mut returns = vec![back_of(id, history, own)?];
    let kept = kept_for_it(history);
    for other in others(history) {
        let history = histories.get(&other).ok_or(NoWayBack::OtherWentOn(other))?;
        let is_untouched = history.iter().all(|entry| entry.seq != own.seq);
        if is_untouched && kept.contains(&other) {
            continue;
        }
        let there = newest(history).filter(|there| there.seq == own.seq);
        let there = there.ok_or(NoWayBack::OtherWentOn(other))?;
        may_take_back(there, actor, now)?;
        returns.push(back_of(other, history, there)?);
    }
    Ok(Command::Undo { returns })
}

/// What taking back does.
pub(super) fn undo(returns: Vec<Return>) -> Events {
    let back = |Return { case, took, back }| (case, Event::TakenBack { took, back });
    returns.into_iter().map(back).collect()
}

/// The newest thing that somebody did, if docket has done nothing of weight since.
fn newest(history: &History) -> Option<&Entry> {
    let weighs = |entry: &&Entry| {
        entry.events.iter().any(|event| match event {
            // Of a case that was opened elsewhere.
            Event::Contradicted { .. } | Event::Hushed { .. } | Event::KeptDown { .. } => false,
            // It follows from what is done to the notice, and so does that it is taken back.
            Event::NoticeGone { .. } => false,
            // To look changes nothing, whoever does.
            Event::Looked { .. } => false,
            event if event.is_of_reminders() => entry.by.is_some(),
            event => !event.is_quiet(),
        })
    };
    history.iter().rev().find(weighs).filter(|entry| entry.by.is_some())
}

fn may_take_back(entry: &Entry, actor: &Account, now: DateTime<Utc>) -> Result<(), NoWayBack> {
    if let Some(by) = entry.by.as_ref().filter(|by| *by != actor) {
        return Err(NoWayBack::SomebodyElse { by: by.clone() });
    }
    if let Some(code) = cools(entry) {
        return Err(NoWayBack::StillCools { code });
    }
    if let Some(stays) = entry.events.iter().find_map(stays) {
        return Err(stays);
    }
    if now.signed_duration_since(entry.at) > LONGEST {
        return Err(NoWayBack::TooLate { at: entry.at });
    }
    Ok(())
}

/// The code of what was approved with it and is not done yet: denying is the way back of an approval.
fn cools(entry: &Entry) -> Option<String> {
    let is_done = |code: &String| {
        let carried_out =
            |event: &Event| matches!(event, Event::CarriedOut { code: done, .. } if done == code);
        entry.events.iter().any(carried_out)
    };
    let approved =
        |event: &Event| if let Event::Approved { code, .. } = event { Some(code.clone()) } else { None };
    entry.events.iter().find_map(approved).filter(|code| !is_done(code))
}

/// Why an event stays as it is, if it does.
fn stays(event: &Event) -> Option<NoWayBack> {
    match event {
        Event::Opened { .. } => Some(NoWayBack::OpenedIt),
        Event::TakenBack { .. } => Some(NoWayBack::TakenBackAlready),
        // What it says to the requester is in its letter, which goes out by itself.
        Event::LetterSent { .. }
        | Event::SentSetRight { .. }
        | Event::NoticeStepped { .. }
        | Event::LetterReleased { .. }
        | Event::LetterLeaves { .. }
        | Event::LetterStopped { .. }
        | Event::Visited { .. }
        | Event::WroteAgain { .. }
        | Event::TookBack => Some(NoWayBack::LeftTheHouse),
        Event::GagOver { .. }
        | Event::SecrecyLapsed
        | Event::OrderNotThere { .. }
        | Event::Cleared { .. }
        | Event::NoticeSettled { .. }
        | Event::NobodyConcerned { .. }
        | Event::HoldOver { .. }
        | Event::Approved { .. }
        | Event::Denied { .. }
        | Event::Voided { .. }
        | Event::NoticeForbidden { .. }
        | Event::WrongCode
        | Event::CarriedOut { .. }
        | Event::Attested { .. }
        | Event::Compared { .. } => Some(NoWayBack::NotOnePersons),
        Event::PolicyAdopted { .. } => Some(NoWayBack::AdoptedPolicy),
        // What was found beside it stays found, and what holds no longer is to be found anew.
        Event::Contradicted { .. }
        | Event::FindingsEnded { .. }
        | Event::Hushed { .. }
        | Event::KeptDown { .. }
        | Event::Looked { .. }
        | Event::FieldSet { .. }
        | Event::ReceivedSet { .. }
        | Event::CounterMoved { .. }
        | Event::CounterEnded { .. }
        | Event::BroughtBack { .. }
        | Event::DueAgain { .. }
        | Event::Unlinked { .. }
        | Event::FreeToTell { .. }
        | Event::NoticeGone { .. }
        | Event::DecidedBefore { .. }
        | Event::ToldInVain { .. }
        | Event::ToldAnew { .. }
        | Event::WentBack
        | Event::ClockElapsed { .. }
        | Event::CounterStands { .. }
        | Event::MayCounter { .. }
        | Event::FieldCleared { .. }
        | Event::Noted { .. }
        | Event::FileAttached { .. }
        | Event::Verified { .. }
        | Event::VerificationTried { .. }
        | Event::VerificationVoided { .. }
        | Event::Assigned { .. }
        | Event::HandedOver { .. }
        | Event::Tagged { .. }
        | Event::Linked { .. }
        | Event::Answered { .. }
        | Event::RequestRefused { .. }
        | Event::Redirected { .. }
        | Event::Withdrawn { .. }
        | Event::Closed
        | Event::LeftUnsent { .. }
        | Event::LeftUndone { .. }
        | Event::Reopened { .. }
        | Event::CardPosted { .. }
        | Event::CardLost { .. }
        | Event::GagSet { .. }
        | Event::HoldStarted { .. }
        | Event::HoldExtended { .. }
        | Event::KeptWith { .. }
        | Event::KeptNoLonger { .. }
        | Event::HoldSetRight { .. }
        | Event::Proposed { .. }
        | Event::Warned { .. }
        | Event::ScopeSet { .. }
        | Event::WaitBegan { .. }
        | Event::WaitEnded
        | Event::ClockProlonged { .. }
        | Event::Flagged { .. }
        | Event::Unflagged { .. }
        | Event::CostAdded { .. }
        | Event::Reminded { .. }
        | Event::Watched { .. }
        | Event::Recounted { .. }
        | Event::ErasureAnnounced { .. }
        | Event::Seen { .. }
        | Event::Snoozed { .. } => None,
    }
}

fn back_of(case: CaseId, history: &History, own: &Entry) -> Result<Return, Refusal> {
    let fold = |until: u64| folded(case, history.iter().take_while(|entry| entry.seq < until));
    let before = fold(own.seq).ok_or(NoWayBack::OpenedIt)?;
    let after = fold(own.seq + 1).ok_or(NoWayBack::OpenedIt)?;
    let took: Vec<Event> = own.events.iter().filter(|event| is_taken(event)).cloned().collect();
    let back = way_back(&before, &after);
    if back.is_empty() { Err(NoWayBack::LeftNoTrace.into()) } else { Ok(Return { case, took, back }) }
}

fn is_taken(event: &Event) -> bool {
    let stays = matches!(
        event,
        Event::Contradicted { .. }
            | Event::Hushed { .. }
            | Event::KeptDown { .. }
            | Event::FindingsEnded { .. }
            | Event::Warned { .. }
    );
    !event.is_quiet() && !stays
}

/// A case from its records.
fn folded<'h>(id: CaseId, history: impl Iterator<Item = &'h Entry>) -> Option<Case> {
    let mut case: Option<Case> = None;
    for Entry { at, by, events, .. } in history {
        for event in events {
            case = match case {
                Some(mut case) => {
                    let by = by.as_ref().unwrap_or(&case.opened_by).clone();
                    case.apply(event, &by, *at);
                    Some(case)
                }
                None => Case::begin(id, event, by.as_ref()?, *at),
            };
        }
    }
    case
}

/// The parts that make `before` of `after` again. What docket knows of its own messages and what people have seen stays, and
/// so does what `stays` says.
pub fn way_back(before: &Case, after: &Case) -> Vec<Back> {
    let Case {
        id: _,
        kind: _,
        policy: _,
        opened: _,
        opened_by: _,
        received,
        fields,
        stray: _,
        former_numbers: _,
        former_domains: _,
        owner,
        lent,
        tags,
        links,
        notes,
        note_count,
        files,
        requester,
        instrument,
        callers,
        tried,
        // Whatever is taken back, a further account is looked at again then.
        verified_nameless: _,
        beside: _,
        attested: _,
        flags,
        flagged,
        scope,
        gag,
        secrecy_lapsed,
        secrecy_over: _,
        freed,
        secrecy_anew: _,
        secrecy_since: _,
        // What is found again not to be there is soon said again; unknown is no.
        order_absent: _,
        cleared: _,
        notices: _,
        nobody: _,
        hushed: _,
        owed_since,
        hold,
        kept_with,
        // It goes with the link.
        let_go_with: _,
        proposals,
        alone: _,
        sent: _,
        waits,
        countered,
        counters,
        notices_gone: _,
        // Who reads it before it leaves reads once too often rather than never.
        typed: _,
        // What it said when it came stays so, and what stood there when it was answered.
        came: _,
        answered_with: _,
        // It goes with the link.
        decided_before: _,
        decided_with: _,
        worked_again,
        // It counts while the case is open, and is known anew when that is so again.
        due_again: _,
        deciding: _,
        acted_on,
        elapsed: _,
        // It counts beside what came of it: while what they were told stands again, it does not.
        told_in_vain: _,
        // It is looked for again.
        kept_down: _,
        prolonged,
        reminded: _,
        seen: _,
        snoozed,
        costs,
        outcome,
        wording,
        unsent,
        closed,
        undone,
        announced: _,
        card: _,
        card_moves: _,
        card_lost: _,
        // What was let go to a user cannot be caught again.
        visit: _,
        changed: _,
    } = before.clone();
    let verified = |what, verification| Back::Verified { what, verification };
    let tags_back = Back::Tags { add: &tags - &after.tags, remove: &after.tags - &tags };
    let counters_differ =
        (&countered, &counters, &worked_again) != (&after.countered, &after.counters, &after.worked_again);
    let (add, remove) = (&links - &after.links, &after.links - &links);
    let links_differ = links != after.links || counters_differ;
    let links_back = Back::Links { add, remove, countered, counters, worked_again };
    let outcome_is_same = (&outcome, &wording, &unsent, closed, owed_since, &undone)
        == (&after.outcome, &after.wording, &after.unsent, after.closed, after.owed_since, &after.undone)
        && acted_on == after.acted_on;
    let acted_on = Some(acted_on);
    let parts = [
        (fields != after.fields, Back::Lines { fields }),
        ((&owner, &lent) != (&after.owner, &after.lent), Back::Owner { owner, lent }),
        (tags != after.tags, tags_back),
        (links_differ, links_back),
        (note_count != after.note_count, Back::Notes { notes, count: note_count }),
        (files != after.files, Back::Files { files }),
        (requester != after.requester, verified(Verifiable::Requester, requester)),
        (instrument != after.instrument, verified(Verifiable::Instrument, instrument)),
        (callers != after.callers, Back::Callers { callers }),
        (tried != after.tried, Back::Tried { tried }),
        ((&flags, &flagged) != (&after.flags, &after.flagged), Back::Flags { flags, since: flagged }),
        (scope != after.scope, Back::Scope { scope }),
        (gag != after.gag || secrecy_lapsed != after.secrecy_lapsed, Back::Silence { gag, secrecy_lapsed }),
        (hold != after.hold, Back::Hold { hold }),
        (kept_with != after.kept_with, Back::KeptWith { kept_with }),
        (waits != after.waits, Back::Waits { waits }),
        (prolonged != after.prolonged, Back::Prolonged { prolonged }),
        (snoozed != after.snoozed, Back::Snoozed { until: snoozed }),
        (costs != after.costs, Back::Costs { costs }),
        (!outcome_is_same, Back::Outcome { outcome, wording, unsent, closed, owed_since, undone, acted_on }),
        (received != after.received, Back::Received { at: received }),
        (freed != after.freed, Back::Freed { freed }),
    ];
    let proposed = after.proposals.iter().filter(|new| proposals.iter().all(|old| old.code != new.code));
    let withdrawn = proposed.map(|new| Back::Withdrawn { code: new.code.clone() });
    parts.into_iter().filter(|(differs, _)| *differs).map(|(_, part)| part).chain(withdrawn).collect()
}
