//! What may happen to the desk itself: whom it knows, and whose word counts. Commands that are about no case.

use super::Setting;
use crate::case::EntryRefusal as E;
use crate::case::number::{first_known, numbers};
use crate::case::{Account, Agency, Case, DeskCommand, DeskEvent, Need, Refusal};

/// What the desk looked up before.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct DeskAround {
    /// Open cases that name the agency to be added, its domain, or one of its numbers.
    pub open: Vec<Case>,
}

/// Says what a command does to the desk.
pub fn desk(
    command: DeskCommand,
    around: &DeskAround,
    setting: &Setting<'_>,
) -> Result<Vec<DeskEvent>, Refusal> {
    if setting.terms.frozen.contains(setting.actor) {
        return Err(Refusal::SenderFrozen);
    }
    match command {
        DeskCommand::AddAgency { agency } => add(agency, around, setting).map(|event| vec![event]),
        DeskCommand::Freeze { account } => freeze(account, setting).map(|event| vec![event]),
        DeskCommand::Thaw { account } => thaw(account, setting).map(|event| vec![event]),
    }
}

/// An entry proves who asks, so nothing in it may come from whoever asks (rule 61).
fn add(agency: Agency, around: &DeskAround, setting: &Setting<'_>) -> Result<DeskEvent, Refusal> {
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
            return Err(E::NumberInCase { number: phone.clone(), case: case.id }.into());
        }
    }
    Ok(DeskEvent::AgencyAdded { agency: Agency { added: true, ..agency } })
}

/// Anybody listed stops anybody listed, at once: an account may have been taken over this minute.
fn freeze(account: Account, setting: &Setting<'_>) -> Result<DeskEvent, Refusal> {
    let terms = setting.terms;
    terms.person(&account).ok_or_else(|| Refusal::NotOfThePeople(account.to_string()))?;
    if terms.frozen.contains(&account) {
        return Err(Refusal::Frozen(account));
    }
    Ok(DeskEvent::Frozen { account })
}

fn thaw(account: Account, setting: &Setting<'_>) -> Result<DeskEvent, Refusal> {
    administers(setting)?;
    if setting.terms.frozen.contains(&account) {
        Ok(DeskEvent::Thawed { account })
    } else {
        Err(Refusal::NotFrozen(account))
    }
}

fn administers(setting: &Setting<'_>) -> Result<(), Refusal> {
    match setting.terms.may(setting.actor, Need::Administer) {
        true => Ok(()),
        false => Err(Refusal::RoleLacks(Need::Administer)),
    }
}
