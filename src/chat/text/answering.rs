//! What is said before an answer goes out, and of a refusal that would no longer be true.

use crate::case::decide::{reason_is_gone, told_first};
use crate::case::{Account, Case, Command, Ending, Extent, Proposal, Terms};
use crate::chat::page::Line;

/// That users are to be told before the answer, and how (rule 28).
pub fn to_tell_first(case: &Case, terms: &Terms) -> Option<Line> {
    let users = told_first(case, terms);
    let be = if users.len() == 1 { "is" } else { "are" };
    let line = named(&users)?.say(format!(" {be} to be told before the answer – "));
    Some(line.code(format!("{} notify {} preview", terms.prefix(), case.id)))
}

/// The same as a warning, where an answer waits for its second person: to tell them changes the case, so the answer is proposed
/// again then.
pub fn untold_before_answer(case: &Case, proposal: &Proposal, terms: &Terms) -> Option<Line> {
    let grants = matches!(proposal.command, Command::Answer { extent: Extent::Full | Extent::Part });
    let users = if grants { told_first(case, terms) } else { Vec::new() };
    let (be, them) = if users.len() == 1 { ("was", "the user") } else { ("were", "users") };
    let line = Line::ours("! ").join(named(&users)?);
    let line = line.say(format!(" {be} not told yet, and the policy tells {them} before the answer. First "));
    let line = line.code(format!("{} deny {}", terms.prefix(), case.id)).say(", then ");
    Some(line.code(format!("{} notify {} preview", terms.prefix(), case.id)).indented())
}

fn named(users: &[&Account]) -> Option<Line> {
    let line = Line::new().theirs(users.first()?.as_str());
    Some(match users.len() {
        1 => line,
        more => line.say(format!(" and {} more", more - 1)),
    })
}

/// That a case was refused for what is not so any more, with the way back: nothing for a case of which that is not known.
pub fn reason_gone(case: &Case, terms: &Terms) -> Option<Line> {
    let Some(Ending::Refused { code }) = case.outcome.as_ref().map(|outcome| &outcome.what) else {
        return None;
    };
    let rules = terms.policy_of(case).and_then(|policy| Some((policy, policy.kind(&case.kind)?)));
    let (policy, kind) = rules.filter(|_| case.closed.is_none())?;
    reason_is_gone(case, kind, policy).then(|| {
        let line =
            Line::ours(format!("it was refused as {code}, which is not so any more: to go on with it – "));
        line.code(format!("{} reopen {}", terms.prefix(), case.id))
    })
}
