//! The second person: what is proposed, who may approve it, when it is carried out, when it is void.
//!
//! The proposer never approves, whoever called the requester is never the only approver (rule 61), and both are looked at
//! again at the moment when it is done. Does not know which acts take two: `effects` says so.

use chrono::{DateTime, TimeDelta, Utc};

use super::answering::lapses;
use super::effects::effects;
use super::rests_on::{rests_on_the_same, sum};
use super::{Around, Draw, Events, Setting, act, called, code};
use crate::case::{
    Account, Case, Command, Effect, Event, Kind, Need, Policy, Proposal, Refusal, Restraint, Span, Terms,
    Void, checklist,
};

/// How long anybody may still deny in an emergency, where minutes count.
const COOLING_IN_EMERGENCY: TimeDelta = TimeDelta::minutes(2);

/// Puts a command before a second person.
pub(super) fn propose(
    case: &Case,
    command: Command,
    effects: Vec<Effect>,
    brings: &Events,
    setting: &Setting<'_>,
) -> Result<Events, Refusal> {
    let command = bound(command, brings);
    let (stale, standing): (Vec<Proposal>, Vec<Proposal>) =
        case.proposals.iter().cloned().partition(|waiting| adopts_another(waiting, setting.terms));
    code::has_room(&standing, &command)?;
    let expires = code::expiry(policy(case, setting.terms)?, setting);
    // Nobody can approve what can no longer be done.
    let expires = lapses(case, &command, setting.terms).map_or(expires, |lapses| expires.min(lapses));
    let proposed = Event::Proposed {
        code: setting.draw.code(),
        sum: sum(case, &command),
        command: Box::new(command),
        effects,
        expires,
    };
    let mut events = void(case, &stale, Void::OtherPolicy);
    events.push((case.id, proposed));
    Ok(events)
}

/// The command with what it left to be looked up, as it was found: what people approve is what they were shown, whatever the
/// policy of today or the directory says by the time when it is done.
fn bound(mut command: Command, brings: &Events) -> Command {
    if let Command::Adopt { policy } = &mut command {
        *policy = brings.iter().find_map(|(_, event)| {
            if let Event::PolicyAdopted { policy, .. } = event { Some(policy.clone()) } else { None }
        });
    }
    if let Command::Verify { entry, number, .. } = &mut command {
        let called = brings.iter().find_map(|(_, event)| {
            let Event::Verified { entry: Some(entry), call: Some(call), .. } = event else { return None };
            Some((entry.clone(), call.number.clone()))
        });
        if let Some((name, on)) = called {
            (*entry, *number) = (Some(name), Some(on));
        }
    }
    command
}

/// Whether what waits is to go on under a policy that is not that of today.
pub fn adopts_another(proposal: &Proposal, terms: &Terms) -> bool {
    matches!(&proposal.command, Command::Adopt { policy } if policy.as_ref() != Some(&terms.current))
}

/// A second person says yes.
pub(super) fn approve(
    case: &Case,
    around: &Around,
    code: &str,
    alone: Option<String>,
    setting: &Setting<'_>,
) -> Result<Events, Refusal> {
    let here = |event| vec![(case.id, event)];
    let waiting: Vec<&Proposal> =
        case.proposals.iter().filter(|proposal| proposal.approved.is_none()).collect();
    if waiting.is_empty() {
        return Err(Restraint::NothingPending.into());
    }
    let Some(proposal) = of_code(case, code).filter(|proposal| proposal.approved.is_none()) else {
        let mut events = here(Event::WrongCode);
        if code::one_too_many(waiting.iter().copied(), setting.actor) {
            events.extend(void(case, waiting.iter().copied(), Void::WrongCodes));
        }
        return Ok(events);
    };
    if code::is_over(proposal, setting.now) {
        return Ok(void(case, [proposal], Void::Expired));
    }
    if proposal.sum != sum(case, &proposal.command) {
        return Ok(void(case, [proposal], Void::Changed));
    }
    if adopts_another(proposal, setting.terms) {
        return Ok(void(case, [proposal], Void::OtherPolicy));
    }
    match &alone {
        Some(_) => may_go_alone(case, proposal, setting)?,
        None => may_second(case, proposal, setting.actor, setting.terms)?,
    }
    if !setting.terms.may_on(case, &proposal.by, proposal.command.need()) {
        return Ok(void(case, [proposal], Void::RoleLost));
    }
    let then = as_proposed(case, around, proposal, setting)?;
    if is_for_others(case, proposal, &then, setting) {
        return Ok(void(case, [proposal], Void::RoleLost));
    }
    if is_wider(case, around, proposal, &then, setting) {
        return Ok(void(case, [proposal], Void::Wider));
    }
    let approved = |ready| Event::Approved { code: proposal.code.clone(), ready, alone: alone.clone() };
    // While the clock is in doubt nothing that takes two happens at once; the sweep does it when the time is certain.
    if !setting.certain {
        let cooling = cooling(case, proposal, setting.terms).unwrap_or_default();
        return Ok(here(approved(setting.now + cooling)));
    }
    match cooling(case, proposal, setting.terms) {
        // What cools until the order is gone is never done.
        Some(cooling)
            if lapses(case, &proposal.command, setting.terms)
                .is_some_and(|on| setting.now + cooling > on) =>
        {
            Ok(void(case, [proposal], Void::NotAllowed))
        }
        Some(cooling) => Ok(here(approved(setting.now + cooling))),
        None => Ok([here(approved(setting.now)), done(case, proposal, setting.actor, then)].concat()),
    }
}

/// What was approved and has cooled is carried out, or is void if one of the two or what it rests on has changed.
pub fn carry_out(case: &Case, around: &Around, terms: &Terms, now: DateTime<Utc>) -> Events {
    let Some((proposal, approval)) = cooled(case, now).and_then(|it| Some((it, it.approved.as_ref()?)))
    else {
        return Vec::new();
    };
    let since = |at: Option<DateTime<Utc>>| at.is_some_and(|at| at > approval.at);
    if around.hearing.behind || since(around.hearing.awaited) {
        return Vec::new(); // It may be a word against it.
    }
    let setting = Setting { actor: &proposal.by, terms, now, certain: true, draw: Draw::NONE };
    let approver_still_may = match &approval.alone {
        Some(_) => [Need::Approve, need_of_second(case, proposal, terms)]
            .iter()
            .all(|need| terms.may_on(case, &approval.by, *need)),
        None => may_second(case, proposal, &approval.by, terms).is_ok(),
    };
    if !approver_still_may || !terms.may_on(case, &proposal.by, proposal.command.need()) {
        return void(case, [proposal], Void::RoleLost);
    }
    if proposal.sum != sum(case, &proposal.command) {
        return void(case, [proposal], Void::Changed);
    }
    if adopts_another(proposal, terms) {
        return void(case, [proposal], Void::OtherPolicy);
    }
    if since(around.hearing.unheard) {
        return void(case, [proposal], Void::Unheard);
    }
    match as_proposed(case, around, proposal, &setting) {
        Ok(then) if is_for_others(case, proposal, &then, &setting) => void(case, [proposal], Void::RoleLost),
        Ok(then) if is_wider(case, around, proposal, &then, &setting) => void(case, [proposal], Void::Wider),
        Ok(then) => with_voids(case, around, done(case, proposal, &approval.by, then)),
        Err(_) => void(case, [proposal], Void::NotAllowed),
    }
}

/// The proposal that a code stands for.
pub fn of_code<'c>(case: &'c Case, code: &str) -> Option<&'c Proposal> {
    case.proposals.iter().find(|proposal| code::fits(proposal, code))
}

/// What was approved and has cooled; one at a time, for what it changes makes the others void.
pub fn cooled(case: &Case, now: DateTime<Utc>) -> Option<&Proposal> {
    case.proposals
        .iter()
        .find(|proposal| proposal.approved.as_ref().is_some_and(|approval| approval.ready <= now))
}

/// When the next approved act has cooled.
pub fn cooled_at(case: &Case) -> Option<DateTime<Utc>> {
    case.proposals.iter().filter_map(|proposal| Some(proposal.approved.as_ref()?.ready)).min()
}

/// When the next proposal that nobody has approved is void.
pub fn expires_at(case: &Case) -> Option<DateTime<Utc>> {
    let waiting = case.proposals.iter().filter(|proposal| proposal.approved.is_none());
    waiting.map(|proposal| proposal.expires).min()
}

/// Makes void what nobody approved in time.
pub fn expire(case: &Case, now: DateTime<Utc>) -> Events {
    let over = case.proposals.iter().filter(|it| it.approved.is_none() && code::is_over(it, now));
    void(case, over, Void::Expired)
}

/// Somebody says no: to one act, or to everything that waits, approved and cooling included.
pub(super) fn deny(case: &Case, code: Option<&str>, reason: Option<String>) -> Result<Events, Refusal> {
    if case.proposals.is_empty() {
        return Err(Restraint::NothingPending.into());
    }
    let meant = case.proposals.iter().filter(|proposal| code.is_none_or(|code| code::fits(proposal, code)));
    let denied: Events = meant
        .map(|proposal| (case.id, Event::Denied { code: proposal.code.clone(), reason: reason.clone() }))
        .collect();
    if denied.is_empty() { Err(Restraint::NoSuchCode.into()) } else { Ok(denied) }
}

/// What was decided, and what it makes void: a proposal shows exactly what will happen, so a change of what it rests on ends
/// it, and the same answer says so.
pub(super) fn with_voids(case: &Case, around: &Around, mut events: Events) -> Events {
    let mut voids = Events::new();
    let is_other = |case: &Case| around.other.as_ref().is_some_and(|other| other.id == case.id);
    let duplicates = around.duplicates.iter().filter(|duplicate| !is_other(duplicate));
    for before in std::iter::once(case).chain(&around.other).chain(duplicates) {
        let mut after = before.clone();
        for (_, event) in events.iter().filter(|(id, _)| *id == before.id) {
            after.apply(event, &before.opened_by, before.changed);
        }
        let is_changed = |proposal: &&Proposal| !rests_on_the_same(&proposal.command, before, &after);
        voids.extend(void(&after, after.proposals.iter().filter(is_changed), Void::Changed));
    }
    events.extend(voids);
    events
}

pub(super) fn void<'p>(case: &Case, proposals: impl IntoIterator<Item = &'p Proposal>, why: Void) -> Events {
    let voided = |proposal: &Proposal| (case.id, Event::Voided { code: proposal.code.clone(), why });
    proposals.into_iter().map(voided).collect()
}

/// What the proposer would bring about now.
fn as_proposed(
    case: &Case,
    around: &Around,
    proposal: &Proposal,
    setting: &Setting<'_>,
) -> Result<Events, Refusal> {
    let setting = Setting { actor: &proposal.by, ..*setting };
    // What is carried out waits no longer: nobody closes a case on which something waits.
    let mut case = case.clone();
    case.proposals.retain(|other| other.code != proposal.code);
    act(&case, around, proposal.command.clone(), &setting)
}

/// Whether it is for those alone whom the case has called, and whoever proposed it is none of them any more (rule 56).
fn is_for_others(case: &Case, proposal: &Proposal, then: &Events, setting: &Setting<'_>) -> bool {
    let mut after = case.clone();
    for (_, event) in then.iter().filter(|(id, _)| *id == case.id) {
        after.apply(event, &proposal.by, setting.now);
    }
    called::by_those_called(case, &after, &proposal.by, setting.terms).is_err()
}

/// Whether it takes two people for more now than it was proposed for, because people, servers or the directory are others:
/// nobody was shown that.
fn is_wider(case: &Case, around: &Around, proposal: &Proposal, then: &Events, setting: &Setting<'_>) -> bool {
    let mut after = case.clone();
    for (_, event) in then.iter().filter(|(id, _)| *id == case.id) {
        after.apply(event, &proposal.by, setting.now);
    }
    // Whose slip it was is asked as of when it was proposed.
    let setting = Setting { actor: &proposal.by, now: proposal.at, ..*setting };
    let now = effects(&proposal.command, case, &after, then, around, &setting);
    now.iter().any(|effect| !proposal.effects.contains(effect))
}

fn done(case: &Case, proposal: &Proposal, approver: &Account, then: Events) -> Events {
    let carried = Event::CarriedOut {
        code: proposal.code.clone(),
        proposer: proposal.by.clone(),
        approver: approver.clone(),
    };
    [vec![(case.id, carried)], then].concat()
}

/// What the second person must be for this act: counsel where the policy names them, and where records would go out on a
/// case that counsel decides (rule 3).
pub fn need_of_second(case: &Case, proposal: &Proposal, terms: &Terms) -> Need {
    let named = |policy: &Policy| policy.two_people.counsel.iter().any(|act| act == proposal.command.name());
    let discloses = proposal.effects.contains(&Effect::Disclose);
    let wants_counsel = policy(case, terms).is_ok_and(named) || (discloses && is_for_counsel(case, terms));
    if wants_counsel { Need::Counsel } else { Need::Approve }
}

fn is_for_counsel(case: &Case, terms: &Terms) -> bool {
    let policy = terms.policy_of(case);
    let rules = policy.and_then(|policy| Some((policy, policy.kind(&case.kind)?)));
    rules.is_some_and(|(policy, kind)| checklist(case, kind, policy).for_counsel)
}

fn may_second(case: &Case, proposal: &Proposal, actor: &Account, terms: &Terms) -> Result<(), Refusal> {
    // A case whose policy is lost altogether is approved by nobody.
    policy(case, terms)?;
    let need = need_of_second(case, proposal, terms);
    code::may_second(proposal, actor, need, terms.may_on(case, actor, need), terms)?;
    if is_caller(case, proposal, actor) {
        let could =
            |account: &Account| terms.may_on(case, account, need) && !is_caller(case, proposal, account);
        let listed = terms.people.iter().map(|person| &person.account).filter(|account| could(account));
        let (proposer, others) = listed.cloned().partition::<Vec<_>, _>(|account| *account == proposal.by);
        let own = case.requester.as_ref().is_none_or(|verified| verified.by == *actor);
        let proposer = proposer.into_iter().next();
        return Err(Restraint::CallerApproves { own, others, proposer }.into());
    }
    Ok(())
}

/// Whether it is this person's word that the act rests on: they called about this requester, now or before, or the act itself
/// says that they did (rule 61). It is not about what is told, kept or let go.
fn is_caller(case: &Case, proposal: &Proposal, account: &Account) -> bool {
    let rests_on_it =
        proposal.effects.iter().any(|effect| matches!(effect, Effect::Disclose | Effect::Verify));
    let said = matches!(&proposal.command, Command::Verify { by: Some(by), .. } if by == account);
    rests_on_it && (said || case.was_called_by(account))
}

/// The policy by which two people act: the case's own, or that of today for a case whose own is lost, which is the way back.
fn policy<'t>(case: &Case, terms: &'t Terms) -> Result<&'t Policy, Refusal> {
    terms.policy_of(case).or_else(|| terms.policy()).ok_or(Refusal::PolicyMissing)
}

/// Whether one person may go ahead alone: where the policy lets them, in an emergency, and never without the call-back.
fn may_go_alone(case: &Case, proposal: &Proposal, setting: &Setting<'_>) -> Result<(), Refusal> {
    let policy = setting.terms.policy_of(case).ok_or(Refusal::PolicyMissing)?;
    // What counsel decides, nobody else decides alone.
    for need in [Need::Approve, need_of_second(case, proposal, setting.terms)] {
        if !setting.terms.may_on(case, setting.actor, need) {
            return Err(setting.terms.lacks(setting.actor, need));
        }
    }
    policy.kind(&case.kind).ok_or(Refusal::PolicyMissing)?;
    if can_go_alone(case, proposal, setting.terms) && case.requester.is_some() {
        Ok(())
    } else {
        Err(Restraint::NotAlone.into())
    }
}

/// Whether this is an act for which the policy lets one approver go ahead alone, once the requester was called back.
pub fn can_go_alone(case: &Case, proposal: &Proposal, terms: &Terms) -> bool {
    let is_let = terms.policy_of(case).is_some_and(|policy| policy.two_people.break_glass);
    let is_emergency = terms.kind_of(case).is_some_and(|kind| kind.attest);
    let for_it = proposal.effects.iter().all(|effect| matches!(effect, Effect::Disclose | Effect::Verify));
    is_let && is_emergency && for_it
}

/// How long anybody may still deny what cannot be taken back; `None` for what can.
fn cooling(case: &Case, proposal: &Proposal, terms: &Terms) -> Option<TimeDelta> {
    let for_good = proposal.effects.iter().any(|effect| match effect {
        Effect::Disclose | Effect::Destroy => true,
        Effect::Tell => proposal.command.tells_users(),
        Effect::Verify | Effect::Policy | Effect::Leave => false,
    });
    let usual = match terms.cooling {
        Span::Minutes(count) => TimeDelta::minutes(count.into()),
        Span::Hours(count) => TimeDelta::hours(count.into()),
        // The settings allow neither; the longest that they do.
        Span::Days(_) | Span::BusinessDays(_) | Span::Months(_) | Span::Years(_) => TimeDelta::hours(24),
    };
    let urgent = terms.kind_of(case).is_some_and(|kind: &Kind| kind.attest);
    for_good.then(|| if urgent { usual.min(COOLING_IN_EMERGENCY) } else { usual })
}
