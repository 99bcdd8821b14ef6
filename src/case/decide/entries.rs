//! What may be brought to the directory, and taken off it: an entry, or parts of one. An entry proves who asks, so nothing in
//! it may come from whoever asks (rule 61). That it takes two people is said in `desk_second`.

use super::Setting;
use super::desk::{DeskAround, administers};
use crate::case::EntryRefusal as E;
use crate::case::mail_domains::is_kin;
use crate::case::number::{first_known, numbers};
use crate::case::punycode::shown;
use crate::case::{
    Account, Addition, Agency, Case, DeskCommand, DeskEvent, Parts, Refusal, Signed, StandingEvent,
};

/// What is meant by a command, so that what is proposed says exactly what would be done: an entry of a name that is there
/// already is an addition to that one, and whoever names no part to take off means all that can be.
pub(super) fn meant(command: DeskCommand, setting: &Setting<'_>) -> Result<DeskCommand, Refusal> {
    match command {
        DeskCommand::AddAgency { agency } => {
            administers(setting)?;
            let Some(known) = called(&agency.name, setting) else {
                return Ok(DeskCommand::AddAgency { agency });
            };
            let parts = Parts::of(&agency);
            if parts.is_empty() {
                return Err(E::Empty.into());
            }
            let (entry, parts) = (known.name.clone(), parts.new_to(known));
            if parts.is_empty() {
                return Err(E::HasAll { entry }.into());
            }
            Ok(DeskCommand::AddParts { entry, parts, source: agency.source })
        }
        DeskCommand::RemoveParts { entry, parts, reason } => {
            administers(setting)?;
            let known = of_name(&entry, setting)?;
            let (entry, parts) = (known.name.clone(), as_listed(parts, known)?);
            Ok(DeskCommand::RemoveParts { entry, parts, reason })
        }
        DeskCommand::AddParts { .. }
        | DeskCommand::Freeze { .. }
        | DeskCommand::Thaw { .. }
        | DeskCommand::Trust { .. }
        | DeskCommand::TrustClock
        | DeskCommand::GoOn { .. }
        | DeskCommand::Approve { .. }
        | DeskCommand::Deny { .. } => Ok(command),
    }
}

/// A new entry.
pub(super) fn add(
    agency: Agency,
    around: &DeskAround,
    setting: &Setting<'_>,
) -> Result<StandingEvent, Refusal> {
    administers(setting)?;
    if agency.phones.is_empty() && agency.domains.is_empty() {
        return Err(E::Empty.into());
    }
    for entry in &setting.terms.directory {
        if let Some(what) = agency.shares_with(entry) {
            return Err(E::Shares { what, entry: entry.name.clone() }.into());
        }
    }
    no_number_of_a_request(&agency.phones, around)?;
    no_domain_of_a_request(&agency.name, &agency.domains, around)?;
    let signed = Some(Box::new(signed(setting)));
    Ok(StandingEvent::AgencyAdded { agency: Agency { added: true, signed, ..agency } })
}

/// More for an entry that is there.
pub(super) fn add_parts(
    entry: String,
    parts: Parts,
    source: String,
    around: &DeskAround,
    setting: &Setting<'_>,
) -> Result<StandingEvent, Refusal> {
    administers(setting)?;
    let known = of_name(&entry, setting)?;
    // What was approved is done whole or not at all.
    if parts.new_to(known) != parts || parts.is_empty() {
        return Err(E::HasAll { entry }.into());
    }
    if let Some((what, entry)) = parts.named(&known.name).part_of_other(&setting.terms.directory) {
        return Err(E::Shares { what, entry }.into());
    }
    no_number_of_a_request(&parts.phones, around)?;
    no_domain_of_a_request(&known.name, &parts.domains, around)?;
    let addition = Addition { parts, source, signed: signed(setting) };
    Ok(StandingEvent::PartsAdded { entry: known.name.clone(), addition })
}

/// Less for an entry: only what was brought to it in the room.
pub(super) fn remove_parts(
    entry: String,
    parts: Parts,
    reason: Option<String>,
    setting: &Setting<'_>,
) -> Result<StandingEvent, Refusal> {
    administers(setting)?;
    let known = of_name(&entry, setting)?;
    let parts = as_listed(parts, known)?;
    Ok(StandingEvent::PartsRemoved { entry: known.name.clone(), parts, reason })
}

/// Puts the second person under what is added.
pub(super) fn seconded(mut event: DeskEvent, second: &Account) -> DeskEvent {
    if let DeskEvent::Stands(event) = &mut event {
        match event {
            StandingEvent::AgencyAdded { agency } => {
                agency.signed.iter_mut().for_each(|signed| signed.second = Some(second.clone()));
            }
            StandingEvent::PartsAdded { addition, .. } => addition.signed.second = Some(second.clone()),
            StandingEvent::PartsRemoved { .. }
            | StandingEvent::PolicyTaken { .. }
            | StandingEvent::ReportFrozen { .. }
            | StandingEvent::Frozen { .. }
            | StandingEvent::Thawed { .. }
            | StandingEvent::Pinned { .. }
            | StandingEvent::DeviceSeen { .. }
            | StandingEvent::IdentityChanged { .. }
            | StandingEvent::Proposed { .. }
            | StandingEvent::Denied { .. }
            | StandingEvent::Voided { .. }
            | StandingEvent::RoomEntered { .. }
            | StandingEvent::CardsMoved
            | StandingEvent::WrongCode { .. }
            | StandingEvent::CarriedOut { .. }
            | StandingEvent::PolicyFollowed { .. }
            | StandingEvent::Held(_)
            | StandingEvent::Watch(_) => {}
        }
    }
    event
}

fn signed(setting: &Setting<'_>) -> Signed {
    Signed { by: setting.actor.clone(), second: None, at: setting.now }
}

fn called<'t>(name: &str, setting: &Setting<'t>) -> Option<&'t Agency> {
    setting.terms.directory.iter().find(|agency| agency.is_called(name))
}

fn of_name<'t>(name: &str, setting: &Setting<'t>) -> Result<&'t Agency, Refusal> {
    called(name, setting).ok_or_else(|| {
        let near = crate::case::agency_name::near(&setting.terms.directory, name);
        E::NoEntry { typed: name.to_owned(), near: near.map(|near| near.name.clone()) }.into()
    })
}

/// The open cases that are asked. A sealed one is not, whoever adds the entry: what is refused is read by the whole room, and would
/// say what stands in it (rule 55). Its own verifying takes nothing from the directory that its request brought there.
fn asked(around: &DeskAround) -> impl Iterator<Item = &Case> {
    around.open.iter().filter(|case| !case.is_sealed())
}

fn no_number_of_a_request(phones: &[String], around: &DeskAround) -> Result<(), Refusal> {
    for case in asked(around) {
        let theirs = case.numbers();
        if let Some(phone) = phones.iter().find(|phone| first_known(&numbers(phone), &theirs).is_some()) {
            return Err(E::NumberInCase { number: phone.clone(), case: case.id }.into());
        }
    }
    Ok(())
}

/// A domain proves who writes from it, so it may not come from whoever writes (rule 61); nor one that lies under theirs, or over it.
fn no_domain_of_a_request(entry: &str, domains: &[String], around: &DeskAround) -> Result<(), Refusal> {
    for case in asked(around) {
        let theirs = case.mail_domains();
        for domain in domains {
            if let Some(theirs) = theirs.iter().find(|theirs| is_kin(&shown(domain), theirs)) {
                return Err(E::DomainInCase {
                    domain: domain.clone(),
                    theirs: theirs.clone(),
                    entry: entry.to_owned(),
                    case: case.id,
                }
                .into());
            }
        }
    }
    Ok(())
}

/// The parts as the entry has them, each of them one that can be taken off here.
fn as_listed(parts: Parts, known: &Agency) -> Result<Parts, Refusal> {
    let removable = known.removable();
    let entry = || known.name.clone();
    if parts.is_empty() {
        return if removable.is_empty() {
            Err(E::OfTheFile { entry: entry(), what: None }.into())
        } else {
            Ok(removable)
        };
    }
    let listed = |typed: String, own: Option<String>, removable: &[String]| match own {
        None => Err(E::HasNot { what: typed, entry: entry() }),
        Some(own) if !removable.contains(&own) => Err(E::OfTheFile { entry: entry(), what: Some(own) }),
        Some(own) => Ok(own),
    };
    let each = |typed: Vec<String>, own: &dyn Fn(&str) -> Option<String>, removable: &[String]| {
        typed
            .into_iter()
            .map(|typed| {
                let own = own(&typed);
                listed(typed, own, removable)
            })
            .collect::<Result<Vec<_>, _>>()
    };
    let same = |all: &[String], typed: &str| all.iter().find(|own| own.as_str() == typed).cloned();
    Ok(Parts {
        phones: each(parts.phones, &|typed| known.phone(typed).map(str::to_owned), &removable.phones)?,
        domains: each(parts.domains, &|typed| same(&known.domains, typed), &removable.domains)?,
        keys: each(parts.keys, &|typed| same(&known.keys, typed), &removable.keys)?,
    })
}
