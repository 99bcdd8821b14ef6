//! Two people for what is about no case: whom the directory knows, whose word counts again, whether the machine's clock is
//! right. Who proposes must be allowed to do it alone but for this; the second is an approver who is somebody else, and both
//! are looked at again when it is done. What a code is and how long it is good stands in `code`.

use chrono::{DateTime, Utc};

use super::desk::{DeskAround, act};
use super::{Setting, code, entries};
use crate::case::{
    DeskCommand, DeskEvent, DeskProposal, Doubt, Effect, Need, Refusal, Restraint, StandingEvent, Terms, Void,
};

/// The effects of a command about the desk for which one person is not enough.
pub(super) fn effects(command: &DeskCommand) -> Vec<Effect> {
    match command {
        DeskCommand::AddAgency { .. }
        | DeskCommand::AddParts { .. }
        | DeskCommand::RemoveParts { .. }
        | DeskCommand::Thaw { .. }
        | DeskCommand::GoOn { .. }
        | DeskCommand::TrustClock => vec![Effect::Verify],
        // Stopping somebody cannot wait; the second person's own word needs no third, and whoever vouches for somebody is the second
        // of two already.
        DeskCommand::Freeze { .. }
        | DeskCommand::Trust { .. }
        | DeskCommand::Approve { .. }
        | DeskCommand::Deny { .. } => Vec::new(),
    }
}

/// Puts a command before a second person.
pub(super) fn propose(
    command: DeskCommand,
    effects: Vec<Effect>,
    around: &DeskAround,
    setting: &Setting<'_>,
) -> Result<Vec<DeskEvent>, Refusal> {
    code::has_room(&around.waiting, &command)?;
    let policy = setting.terms.policy().ok_or(Refusal::PolicyMissing)?;
    let proposal = DeskProposal {
        code: setting.draw.code(),
        sum: sum(&command, around.doubt),
        command,
        effects,
        by: setting.actor.clone(),
        at: setting.now,
        expires: code::expiry(policy, setting),
        wrong: Default::default(),
        approved: None,
    };
    Ok(vec![StandingEvent::Proposed { proposal: Box::new(proposal) }.into()])
}

/// A second person says yes: it is done at once, for all of it can be taken back.
pub(super) fn approve(
    typed: &str,
    alone: Option<String>,
    around: &DeskAround,
    setting: &Setting<'_>,
) -> Result<Vec<DeskEvent>, Refusal> {
    let Some(proposal) = around.waiting.iter().find(|proposal| code::fits(proposal, typed)) else {
        return wrong(typed, around, setting);
    };
    if code::is_over(proposal, setting.now) {
        return Ok(vec![void(proposal, Void::Expired)]);
    }
    if has_changed(proposal, around.doubt, setting.now) || is_held_otherwise(proposal, around) {
        return Ok(vec![void(proposal, Void::Changed)]);
    }
    // No life hangs on the desk's own books.
    if alone.is_some() {
        return Err(Restraint::NotAlone.into());
    }
    let may = setting.terms.may(setting.actor, Need::Approve);
    code::may_second(proposal, setting.actor, Need::Approve, may, setting.terms)?;
    if !may_propose(proposal, setting.terms) {
        return Ok(vec![void(proposal, Void::RoleLost)]);
    }
    let first = Setting { actor: &proposal.by, ..*setting };
    let Ok(events) = act(proposal.command.clone(), around, &first) else {
        return Ok(vec![void(proposal, Void::NotAllowed)]);
    };
    let carried = StandingEvent::CarriedOut {
        code: proposal.code.clone(),
        proposer: proposal.by.clone(),
        approver: setting.actor.clone(),
    };
    let events = events.into_iter().map(|event| entries::seconded(event, setting.actor)).collect();
    Ok([vec![carried.into()], events].concat())
}

/// Somebody says no.
pub(super) fn deny(
    typed: &str,
    reason: Option<String>,
    around: &DeskAround,
    setting: &Setting<'_>,
) -> Result<Vec<DeskEvent>, Refusal> {
    if !setting.terms.may(setting.actor, Need::Casework) {
        return Err(setting.terms.lacks(setting.actor, Need::Casework));
    }
    let meant = around.waiting.iter().find(|proposal| code::fits(proposal, typed));
    let denied = |proposal: &DeskProposal| StandingEvent::Denied {
        code: proposal.code.clone(),
        command: Box::new(proposal.command.clone()),
        reason: reason.clone(),
    };
    meant.map(|proposal| vec![denied(proposal).into()]).ok_or_else(|| no_such(typed, around))
}

/// What has become void by itself: nobody approved it in time, or the clock is believed without anybody's word.
pub fn lapse(waiting: &[DeskProposal], doubt: Option<Doubt>, now: DateTime<Utc>) -> Vec<DeskEvent> {
    let why = |proposal: &DeskProposal| {
        let settled = proposal.command == DeskCommand::TrustClock && doubt.is_none();
        let over = code::is_over(proposal, now).then_some(Void::Expired);
        settled.then_some(Void::Changed).or(over)
    };
    waiting.iter().filter_map(|proposal| Some(void(proposal, why(proposal)?))).collect()
}

/// A code that fits nothing of the desk. That of a case is a slip, and no guess.
fn wrong(typed: &str, around: &DeskAround, setting: &Setting<'_>) -> Result<Vec<DeskEvent>, Refusal> {
    if around.waiting.is_empty() || case_of(typed, around).is_some() {
        return Err(no_such(typed, around));
    }
    let mut events = vec![StandingEvent::WrongCode { by: setting.actor.clone() }.into()];
    if code::one_too_many(around.waiting.iter(), setting.actor) {
        events.extend(around.waiting.iter().map(|proposal| void(proposal, Void::WrongCodes)));
    }
    Ok(events)
}

fn no_such(typed: &str, around: &DeskAround) -> Refusal {
    case_of(typed, around).unwrap_or(Restraint::NoSuchCode).into()
}

fn case_of(typed: &str, around: &DeskAround) -> Option<Restraint> {
    let code = code::plain(typed);
    let (case, _) = around.on_cases.iter().find(|(_, other)| *other == code)?;
    Some(Restraint::CodeOfCase { case: *case, code })
}

fn may_propose(proposal: &DeskProposal, terms: &Terms) -> bool {
    terms.may(&proposal.by, Need::Administer)
}

/// Whether what it rests on is not what it was. A clock that stands before the moment when somebody called it right has gone
/// on being wrong.
fn has_changed(proposal: &DeskProposal, doubt: Option<Doubt>, now: DateTime<Utc>) -> bool {
    let is_clock = proposal.command == DeskCommand::TrustClock;
    proposal.sum != sum(&proposal.command, doubt) || (is_clock && now < proposal.at)
}

/// Whether it would go on without something else than what is missing by now.
fn is_held_otherwise(proposal: &DeskProposal, around: &DeskAround) -> bool {
    let DeskCommand::GoOn { held } = &proposal.command else { return false };
    around.held.as_ref().map(|here| &here.held) != Some(held)
}

pub(super) fn void(proposal: &DeskProposal, why: Void) -> DeskEvent {
    StandingEvent::Voided { code: proposal.code.clone(), command: Box::new(proposal.command.clone()), why }
        .into()
}

/// A hash of what is to be done, and of why the clock is in doubt if it is about that. Everything else that it rests on is
/// asked again by the rules when it is done.
fn sum(command: &DeskCommand, doubt: Option<Doubt>) -> String {
    let doubt = doubt.filter(|_| *command == DeskCommand::TrustClock);
    // Two that cannot be written would look the same; nothing in a command cannot be.
    let text = serde_json::to_string(&(command, doubt)).unwrap_or_else(|_| format!("{command:?}"));
    blake3::hash(text.as_bytes()).to_hex().to_string()
}
