//! What may happen to the desk itself: whom it knows, and whose word counts. Commands that are about no case.

use super::freezing::{freeze, thaw};
use super::{Setting, desk_second};
use crate::case::EntryRefusal as E;
use crate::case::number::{first_known, numbers};
use crate::case::{
    Agency, Case, CaseId, ClockEvent, DeskCommand, DeskEvent, DeskProposal, Doubt, Need, Refusal, Restraint,
    StandingEvent,
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
        DeskCommand::AddAgency { agency } => add(agency, around, setting).map(|event| vec![event.into()]),
        DeskCommand::Freeze { account } => freeze(account, setting).map(|event| vec![event.into()]),
        DeskCommand::Thaw { account } => thaw(account, setting).map(|event| vec![event.into()]),
        DeskCommand::TrustClock => trust_clock(around, setting).map(|event| vec![event.into()]),
        DeskCommand::Approve { code, alone } => desk_second::approve(&code, alone, around, setting),
        DeskCommand::Deny { code, reason } => desk_second::deny(&code, reason, around, setting),
    }
}

/// An entry proves who asks, so nothing in it may come from whoever asks (rule 61).
fn add(agency: Agency, around: &DeskAround, setting: &Setting<'_>) -> Result<StandingEvent, Refusal> {
    administers(setting)?;
    if agency.phones.is_empty() && agency.domains.is_empty() {
        return Err(E::Empty.into());
    }
    for entry in &setting.terms.directory {
        if let Some(what) = agency.shares_with(entry) {
            return Err(E::Shares { what, entry: entry.name.clone() }.into());
        }
    }
    for case in &around.open {
        let theirs = case.numbers();
        let mut own = agency.phones.iter();
        if let Some(phone) = own.find(|phone| first_known(&numbers(phone), &theirs).is_some()) {
            return Err(E::NumberInCase {
                number: phone.clone(),
                case: (!case.is_sealed()).then_some(case.id),
            }
            .into());
        }
    }
    Ok(StandingEvent::AgencyAdded { agency: Agency { added: true, ..agency } })
}

/// A clock that nobody can set right by looking at it is right when two people say so.
fn trust_clock(around: &DeskAround, setting: &Setting<'_>) -> Result<ClockEvent, Refusal> {
    administers(setting)?;
    if around.doubt.is_some() { Ok(ClockEvent::ClockTrusted) } else { Err(Restraint::ClockCertain.into()) }
}

pub(super) fn administers(setting: &Setting<'_>) -> Result<(), Refusal> {
    match setting.terms.may(setting.actor, Need::Administer) {
        true => Ok(()),
        false => Err(Refusal::RoleLacks(Need::Administer)),
    }
}
