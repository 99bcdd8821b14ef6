//! Gags: put on record, lengthened, lifted, found not to bind. Whether one person is enough is said in `effects`.

use chrono::{DateTime, NaiveDate, Utc};

use super::Setting;
use super::issuer::end_of_day_where_issued;
use crate::case::{
    Account, Case, Event, FileRole, Gag, GagEnding, GagOfInstrument, GagStep, Identified, Policy, Refusal,
    Restraint, Span, instrument, named_order,
};

pub(super) fn gag(case: &Case, step: GagStep, setting: &Setting<'_>) -> Result<Event, Refusal> {
    match step {
        GagStep::Set { by, until } => set(case, by, until, setting),
        GagStep::Lift { by } => {
            bound(case, setting)?;
            let is_ordered = case.gag.as_ref().is_some_and(Gag::binds);
            let how = if is_ordered { GagEnding::Lifted { by } } else { GagEnding::Permitted { by } };
            Ok(Event::GagOver { how })
        }
        GagStep::NotBinding { reason } => {
            bound(case, setting)?;
            Ok(Event::GagOver { how: GagEnding::NotBinding { reason } })
        }
        GagStep::NotAbout { account, reason } => not_about(case, account, reason),
        // Unknown is no: only what somebody has looked for is not there (rules 26, 60).
        GagStep::NotThere { reason } => match named_order(case, setting.terms) {
            Some(_) => Ok(Event::OrderNotThere { reason }),
            None => Err(Restraint::NamesNoOrder.into()),
        },
    }
}

fn set(
    case: &Case,
    by: Option<String>,
    until: Option<NaiveDate>,
    setting: &Setting<'_>,
) -> Result<Event, Refusal> {
    let policy = setting.terms.policy_of(case).ok_or(Refusal::PolicyMissing)?;
    let standing = case.gag.as_ref().filter(|gag| gag.binds());
    let ordered_by = by
        .or_else(|| standing.map(|gag| gag.ordered_by.clone()))
        .ok_or(Refusal::from(Restraint::GagByWhom))?;
    let document = case.files.iter().rev().find(|file| file.role == FileRole::Instrument);
    let document = document.map(|file| file.file.sha256.clone());
    if wants_document(case, policy) && document.is_none() {
        return Err(Restraint::GagWantsDocument.into());
    }
    let end: Option<DateTime<Utc>> =
        until.map(|day| end_of_day_where_issued(day, case, policy, setting.terms.zone_under(policy)));
    if let (Some(day), Some(end)) = (until, end)
        && end <= setting.now
    {
        return Err(Restraint::DayIsOver(day).into());
    }
    if standing
        .is_some_and(|gag| gag.day == until && gag.ordered_by == ordered_by && gag.document == document)
    {
        return Err(Refusal::NoChange);
    }
    Ok(Event::GagSet { ordered_by, day: until, until: end, document })
}

/// How often a gag without an end is asked after: as often as the policy says of the instrument, or of any.
pub(crate) fn ask_every(case: &Case, policy: &Policy) -> Span {
    let own = of_instrument(case, policy).and_then(|own| own.ask_every);
    own.unwrap_or(policy.gag.ask_every)
}

/// Whether a gag can only be recorded with its document on file.
fn wants_document(case: &Case, policy: &Policy) -> bool {
    let own = of_instrument(case, policy).and_then(|own| own.wants_document);
    own.unwrap_or(policy.gag.wants_document)
}

fn of_instrument(case: &Case, policy: &Policy) -> Option<GagOfInstrument> {
    // Read only where it matters: a policy with nothing of the kind asks no case what it rests on.
    if policy.gag.by_instrument.is_empty() {
        return None;
    }
    match instrument(case, policy) {
        Identified::Known(instrument) => policy.gag.by_instrument.get(&instrument.name).copied(),
        Identified::None | Identified::Unknown => None,
    }
}

/// Only what binds can be lifted: a gag, or an instrument that forbids by itself.
fn bound(case: &Case, setting: &Setting<'_>) -> Result<(), Refusal> {
    use super::gate::Bar::{Gag, Instrument, Missing, Order, Secrecy, Unidentified};
    let bars = super::gate::bars(case, setting.terms);
    let lifted_by_permission = [Gag, Instrument, Missing, Order, Secrecy, Unidentified];
    if lifted_by_permission.iter().any(|bar| bars.contains(bar)) {
        Ok(())
    } else {
        Err(Restraint::NoGag.into())
    }
}

fn not_about(case: &Case, account: Account, reason: String) -> Result<Event, Refusal> {
    if case.subjects().any(|subject| subject.account == account) {
        return Err(Restraint::NamedHere(account).into());
    }
    if case.cleared.contains(&account) {
        return Err(Refusal::NoChange);
    }
    Ok(Event::Cleared { account, reason })
}
