//! What every proposal has in common, be it about a case or about the desk: the code that the second person types, how often
//! it may be mistyped, how long it is good, and that nobody is their own second. Does not know what is proposed.

use chrono::{DateTime, Utc};

use super::Setting;
use crate::case::{Account, Need, Policy, Proposal, Refusal, Restraint, Term, Terms};

/// How many acts may wait at a time, on one case or on the desk.
const MOST_WAITING: usize = 20;
/// How many wrong codes of one person make void whatever waits there.
const MOST_WRONG: u32 = 5;

/// Whether one more may wait beside these, and is none of them.
pub(super) fn has_room<C: PartialEq>(waiting: &[Proposal<C>], command: &C) -> Result<(), Refusal> {
    if let Some(same) = waiting.iter().find(|proposal| proposal.command == *command) {
        return Err(Restraint::ProposedAlready { code: same.code.clone() }.into());
    }
    if waiting.len() >= MOST_WAITING {
        return Err(Refusal::TooMany { what: "proposals", most: MOST_WAITING });
    }
    Ok(())
}

/// Until when a proposal of now waits for its second person.
pub(super) fn expiry(policy: &Policy, setting: &Setting<'_>) -> DateTime<Utc> {
    let calendar = setting.terms.calendar(policy, None);
    Term::of(policy.two_people.valid_for).end(setting.now, &calendar, setting.terms.zone_under(policy))
}

/// Whether nobody may approve it any longer. It is good for all of its last second.
pub(super) fn is_over<C>(proposal: &Proposal<C>, now: DateTime<Utc>) -> bool {
    now > proposal.expires
}

/// Whether this code was typed.
pub(super) fn fits<C>(proposal: &Proposal<C>, typed: &str) -> bool {
    proposal.code == plain(typed)
}

/// Whether a wrong code that this person types now is one too many.
pub(super) fn one_too_many<'p, C: 'p>(
    waiting: impl Iterator<Item = &'p Proposal<C>>,
    actor: &Account,
) -> bool {
    let before = waiting.filter_map(|proposal| proposal.wrong.get(actor)).max();
    before.copied().unwrap_or_default() + 1 >= MOST_WRONG
}

/// Whether somebody may be the second person: they have the role, and are not the first.
pub(super) fn may_second<C>(
    proposal: &Proposal<C>,
    actor: &Account,
    need: Need,
    has_role: bool,
    terms: &Terms,
) -> Result<(), Refusal> {
    if !has_role {
        return Err(terms.lacks(actor, need));
    }
    if *actor == proposal.by { Err(Restraint::OwnProposal.into()) } else { Ok(()) }
}

/// A code as it was given out, from what was typed: letters that look like digits are those digits.
pub fn plain(typed: &str) -> String {
    let plain = |c: char| match c.to_ascii_uppercase() {
        'O' => '0',
        'I' | 'L' => '1',
        c => c,
    };
    typed.trim().chars().filter(|c| c.is_ascii_alphanumeric()).map(plain).collect()
}

#[cfg(test)]
mod tests {
    use super::plain;

    #[test]
    fn letters_that_look_like_digits_are_those_digits() {
        assert_eq!(plain(" k7-iI lL.oO "), "K7111100");
    }
}
