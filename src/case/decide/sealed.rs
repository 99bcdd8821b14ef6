//! The flag `csea` (rule 66): setting it, taking it off, and who may do anything at all on a case that has it.
//!
//! That taking it off takes two people is not said here: it is a bar fewer, so `effects` finds it.

use super::work;
use super::{Around, Setting};
use crate::case::{
    Account, Case, Command, Event, FileRole, Flag, Need, Refusal, Terms, sealed::allowed as allowed_on,
};

/// Whether the sender may give this command on this case.
pub(super) fn allowed(
    case: &Case,
    around: &Around,
    command: &Command,
    setting: &Setting<'_>,
) -> Result<(), Refusal> {
    let may = |need| setting.terms.may(setting.actor, need);
    let need = match command {
        // Whoever finds what is on a case may seal it at once, those included who work nothing else.
        command if seals(command) && !case.is_sealed() && may(Need::Sealed) => Need::Listed,
        // Which of the two a proposal wants, it says itself.
        Command::Approve { .. } if may(Need::Counsel) => Need::Listed,
        command => command.need(),
    };
    allowed_on(case, setting.actor, need, setting.terms)?;
    // A link is put on both.
    match (command, &around.other) {
        (Command::Link { .. } | Command::Unlink { .. }, Some(other)) if other.is_sealed() => {
            allowed_on(other, setting.actor, Need::Sealed, setting.terms)
        }
        _ => Ok(()),
    }
}

/// Whether a command does nothing but to set a flag.
fn seals(command: &Command) -> bool {
    matches!(command, Command::Tag { add, remove }
        if remove.is_empty() && !add.is_empty() && add.iter().all(|name| Flag::named(name).is_some()))
}

/// Whether somebody may work this case.
pub fn may_work(case: &Case, actor: &Account, terms: &Terms) -> Result<(), Refusal> {
    allowed_on(case, actor, Need::Casework, terms)
}

/// Whether somebody may put a file of this role on the case: asked before anything of it is hashed or kept.
pub fn may_attach(case: &Case, role: FileRole, actor: &Account, terms: &Terms) -> Result<(), Refusal> {
    may_work(case, actor, terms)?;
    work::takes(case, role)
}

/// Tags, and the flags among them.
pub(super) fn tag(
    case: &Case,
    add: Vec<String>,
    remove: Vec<String>,
    terms: &Terms,
) -> Result<Vec<Event>, Refusal> {
    let (set, add) = parted(add);
    let (taken_off, remove) = parted(remove);
    let mut events: Vec<Event> = Vec::new();
    for flag in set.into_iter().filter(|flag| !case.flags.contains(flag)) {
        if terms.who_see_sealed().next().is_none() {
            return Err(Refusal::NobodyWouldSee);
        }
        events.push(Event::Flagged { flag });
    }
    let taken_off = taken_off.into_iter().filter(|flag| case.flags.contains(flag));
    events.extend(taken_off.map(|flag| Event::Unflagged { flag }));
    match work::tag(case, add, remove) {
        Ok(tagged) => events.push(tagged),
        Err(Refusal::NoChange) if !events.is_empty() => {}
        Err(refusal) => return Err(refusal),
    }
    Ok(events)
}

fn parted(names: Vec<String>) -> (Vec<Flag>, Vec<String>) {
    let (flags, tags): (Vec<String>, Vec<String>) =
        names.into_iter().partition(|name| Flag::named(name).is_some());
    (flags.iter().filter_map(|name| Flag::named(name)).collect(), tags)
}
