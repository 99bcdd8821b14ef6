//! What may happen to the desk itself: whom it knows, and whose word counts. Commands that are about no case.

use super::freezing::{freeze, thaw};
use super::{Setting, desk_second, entries, held, identities};
use crate::case::{
    Case, CaseId, ClockEvent, DeskCommand, DeskEvent, DeskProposal, Doubt, HeldHere, Need, Refusal, Restraint,
};

/// What the desk looked up before.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct DeskAround {
    /// Open cases that name the agency to be added, its domain, or one of its numbers.
    pub open: Vec<Case>,
    /// What waits for a second person and is about no case.
    pub waiting: Vec<DeskProposal>,
    /// The codes of what waits on cases, for somebody who forgets to name the case.
    pub on_cases: Vec<(CaseId, String)>,
    /// Why the machine's clock is in doubt, if it is.
    pub doubt: Option<Doubt>,
    /// Why the desk is held, if it is.
    pub held: Option<HeldHere>,
}

/// Says what a command does to the desk: at once, or once a second person has approved it.
pub fn desk(
    command: DeskCommand,
    around: &DeskAround,
    setting: &Setting<'_>,
) -> Result<Vec<DeskEvent>, Refusal> {
    if setting.terms.frozen.contains(setting.actor) {
        return Err(Refusal::SenderFrozen);
    }
    let command = held::meant(command, around);
    if let Some(here) = &around.held
        && !held::goes_while_held(&command, around)
    {
        return Err(Refusal::Held(here.held.clone()));
    }
    let command = entries::meant(command, setting)?;
    let events = act(command.clone(), around, setting)?;
    let effects = desk_second::effects(&command);
    if effects.is_empty() { Ok(events) } else { desk_second::propose(command, effects, around, setting) }
}

/// What a command would do if one person were enough.
pub(super) fn act(
    command: DeskCommand,
    around: &DeskAround,
    setting: &Setting<'_>,
) -> Result<Vec<DeskEvent>, Refusal> {
    match command {
        DeskCommand::AddAgency { agency } => {
            entries::add(agency, around, setting).map(|event| vec![event.into()])
        }
        DeskCommand::AddParts { entry, parts, source } => {
            entries::add_parts(entry, parts, source, around, setting).map(|event| vec![event.into()])
        }
        DeskCommand::RemoveParts { entry, parts, reason } => {
            entries::remove_parts(entry, parts, reason, setting).map(|event| vec![event.into()])
        }
        DeskCommand::Freeze { account } => freeze(account, setting).map(|event| vec![event.into()]),
        DeskCommand::Thaw { account } => thaw(account, setting).map(|event| vec![event.into()]),
        DeskCommand::Trust { account, key } => {
            identities::trust(account, key, setting).map(|event| vec![event.into()])
        }
        DeskCommand::TrustClock => trust_clock(around, setting).map(|event| vec![event.into()]),
        DeskCommand::GoOn { held } => held::go_on(held, around, setting),
        DeskCommand::Approve { code, alone } => desk_second::approve(&code, alone, around, setting),
        DeskCommand::Deny { code, reason } => desk_second::deny(&code, reason, around, setting),
    }
}

/// A clock that nobody can set right by looking at it is right when two people say so.
fn trust_clock(around: &DeskAround, setting: &Setting<'_>) -> Result<ClockEvent, Refusal> {
    administers(setting)?;
    if around.doubt.is_some() { Ok(ClockEvent::ClockTrusted) } else { Err(Restraint::ClockCertain.into()) }
}

pub(super) fn administers(setting: &Setting<'_>) -> Result<(), Refusal> {
    match setting.terms.may(setting.actor, Need::Administer) {
        true => Ok(()),
        false => Err(setting.terms.lacks(setting.actor, Need::Administer)),
    }
}
