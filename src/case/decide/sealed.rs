//! The flags `csea` (rule 66) and `underage` (rule 56): setting them, taking them off, and who may do anything at all on a case
//! that is sealed.
//!
//! That taking `csea` off takes two people is not said here: it is a bar fewer, so `effects` finds it. Who takes off the other one
//! says `called`.

use std::collections::BTreeSet;

use super::work;
use super::{Around, Setting};
use crate::case::{
    Account, Case, ClockRule, Command, Condition, Event, FLAG_KEY, FileRole, Flag, Need, Refusal, Restraint,
    Start, Stop, Terms, sealed::allowed as allowed_on, sealed::flag_meant,
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
    // What stands there already is no slip of today, and can be taken off.
    let new = add.iter().filter(|name| !case.tags.contains(*name));
    if let Some((tag, flag)) = new.filter_map(|name| Some((name.clone(), flag_meant(name)?))).next() {
        return Err(Restraint::LikeFlag { tag, flag }.into());
    }
    let mut events: Vec<Event> = Vec::new();
    for flag in set.into_iter().filter(|flag| !case.flags.contains(flag)) {
        match flag {
            // That those who are listed were stopped keeps nothing from being hidden: they see it once they go on.
            Flag::Csea if !terms.lists_who_see_sealed() => return Err(Refusal::NobodyWouldSee),
            Flag::Csea | Flag::Underage => events.push(Event::Flagged { flag }),
        }
        events.extend(found_before(case, flag, terms));
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

/// What was found when the flag was on before: that is no word on why it is set again, so its clock counts anew (rule 56).
fn found_before(case: &Case, flag: Flag, terms: &Terms) -> Vec<Event> {
    let is_for = |rule: &&ClockRule| {
        let names =
            |only: &Condition| only.key == FLAG_KEY && only.any_of.iter().any(|name| name == flag.name());
        rule.from == Start::Flagged && rule.only.iter().any(names)
    };
    let rules = terms.policy_of(case).into_iter().flat_map(|policy| &policy.clocks).filter(is_for);
    let keys: BTreeSet<&String> = rules
        .flat_map(|rule| rule.until.each())
        .filter_map(|stop| if let Stop::Line(key) = stop { Some(key) } else { None })
        .collect();
    let fields = keys.into_iter().filter_map(|key| case.fields_of(key).next());
    fields.map(|field| Event::FieldCleared { key: field.key.clone(), label: field.label.clone() }).collect()
}

fn parted(names: Vec<String>) -> (Vec<Flag>, Vec<String>) {
    let (flags, tags): (Vec<String>, Vec<String>) =
        names.into_iter().partition(|name| Flag::named(name).is_some());
    (flags.iter().filter_map(|name| Flag::named(name)).collect(), tags)
}
