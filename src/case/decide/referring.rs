//! What we write to somebody who did not ask (rule 40): it tells a third party of a user, so it is a disclosure whatever binds, and takes two
//! people. It is no notice, so the gate does not forbid it; but nothing of it may come to the user's side, nor tell of what binds.
//!
//! What it refuses hangs on no sealed case, so the refusal betrays none.

use super::Around;
use super::effects::reworded;
use super::gate::{Bar, bars};
use super::own_words::others_in;
use super::whose_words::{is_named, names, words};
use crate::case::letter::{ANSWER, repeated_in};
use crate::case::recipient::{is_referral, is_user, strangers};
use crate::case::requester::{AGENCY_KEY, OFFICER_KEY, agency};
use crate::case::{Case, Command, Extent, Field, Refusal, Restraint, Terms};

/// Whether a letter is written to the agency that the case names, and not to whoever told us: it answers, or repeats what we know.
pub(super) fn tells_another(case: &Case, name: &str, terms: &Terms) -> bool {
    is_referral(case, terms)
        && (name.eq_ignore_ascii_case(ANSWER) || !words_to_another(case, name, terms).is_empty())
}

/// What a letter tells the agency besides its own name: every line that it repeats, for all of them are ours.
pub fn words_to_another<'c>(case: &'c Case, name: &str, terms: &Terms) -> Vec<&'c Field> {
    if !is_referral(case, terms) {
        return Vec::new();
    }
    let mut found = repeated_in(case, name, terms);
    found.retain(|field| ![AGENCY_KEY, OFFICER_KEY].contains(&field.key.as_str()));
    found
}

/// The letter by which a command tells another, if it does.
fn letter_of<'c>(command: &'c Command, case: &Case, terms: &Terms) -> Option<&'c str> {
    match command {
        Command::Answer { extent: Extent::Full | Extent::Part } if is_referral(case, terms) => Some(ANSWER),
        Command::RecordSent { letter, .. } if tells_another(case, letter, terms) => Some(letter),
        _ => None,
    }
}

/// Whether it tells another, so that it must be looked up what binds about the users.
pub(super) fn is_referred(command: &Command, case: &Case, terms: &Terms) -> bool {
    letter_of(command, case, terms).is_some()
}

/// Whether a letter would say what two people have not read: the case is not answered, or its lines were changed since.
pub fn is_unread(command: &Command, case: &Case, terms: &Terms) -> bool {
    let Command::RecordSent { letter, .. } = command else { return false };
    let is_read = || letter.eq_ignore_ascii_case(ANSWER) && case.is_granted() && !is_changed(case, terms);
    tells_another(case, letter, terms) && !is_read()
}

/// Whether what two people approved with the answer stands there otherwise now.
fn is_changed(case: &Case, terms: &Terms) -> bool {
    let Some(fields) = &case.answered_with else { return false };
    reworded(&Case { fields: fields.clone(), ..case.clone() }, case, terms)
}

/// Whether it may go where the case says, as far as what binds about its users says so.
pub(super) fn may_refer(
    case: &Case,
    around: &Around,
    command: &Command,
    terms: &Terms,
) -> Result<(), Refusal> {
    let Some(name) = letter_of(command, case, terms) else { return Ok(()) };
    if let Some(account) = is_user(case, terms) {
        return Err(Restraint::RefersToUser { account }.into());
    }
    may_read(case, around, name, terms)?;
    // Nobody can tell on whose side somebody is whom nobody knows.
    match strangers(case, terms).into_iter().next().filter(|_| binds(case, around, terms)) {
        Some(who) => Err(Restraint::RefersToStranger { who }.into()),
        None => Ok(()),
    }
}

/// Whether a letter names nobody whose order binds about the users: that there is one is told to no third party either (rule 60).
pub(super) fn may_read(case: &Case, around: &Around, name: &str, terms: &Terms) -> Result<(), Refusal> {
    let shown = around.naming.iter().flatten().filter(|other| !other.is_sealed());
    let own = agency(case).map(words);
    let lines = words_to_another(case, name, terms);
    for other in shown {
        let number = other.id.to_string();
        let mut by = names(other, terms);
        by.retain(|name| own.as_ref() != Some(&words(name)));
        for line in &lines {
            let named = others_in(case, &line.value).find(|said| *said == number);
            if let Some(what) = named.or_else(|| by.iter().find(|name| is_named(name, &line.value)).cloned())
            {
                return Err(Restraint::RefersWhatBinds { what }.into());
            }
        }
    }
    Ok(())
}

/// Whether something is known to bind about a user of the case, or nobody could look.
fn binds(case: &Case, around: &Around, terms: &Terms) -> bool {
    around.naming.as_ref().is_none_or(|naming| naming.iter().any(|other| !other.is_sealed()))
        || binds_here(case, terms)
}

/// Whether something on the case itself does.
fn binds_here(case: &Case, terms: &Terms) -> bool {
    // A child's case is reported to whom the law says; that it is sealed is no order of anybody.
    let is_firm = |bar: &Bar| bar.is_firm() && *bar != Bar::Csea;
    bars(case, terms).iter().any(is_firm)
}

/// What of the recipient the directory would have to have first, as far as the case itself shows.
pub fn unknown_recipient(case: &Case, terms: &Terms) -> Option<String> {
    let is_bound = is_referral(case, terms) && binds_here(case, terms);
    is_bound.then(|| strangers(case, terms)).into_iter().flatten().next()
}
