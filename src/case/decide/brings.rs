//! What a proposal would make of its case, so that whoever is asked sees what it comes to and not only how it was typed. Looks
//! nothing up: what hangs on other cases is asked by the rules when it is done.

use super::{Around, Draw, Setting, act};
use crate::case::{Case, Proposal, Terms};

/// The case as it would be; `None` where that cannot be told.
pub fn brings(case: &Case, proposal: &Proposal, terms: &Terms) -> Option<Case> {
    let around = Around { naming: Some(Vec::new()), holding: Some(Vec::new()), ..Around::default() };
    let (actor, now) = (&proposal.by, proposal.at);
    let setting = Setting { actor, terms, now, certain: true, draw: Draw::NONE };
    let mut after = case.clone();
    after.proposals.retain(|other| other.code != proposal.code);
    let events = act(&after, &around, proposal.command.clone(), &setting).ok()?;
    for (_, event) in events.iter().filter(|(id, _)| *id == case.id) {
        after.apply(event, actor, now);
    }
    Some(after)
}
