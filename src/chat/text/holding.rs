//! Sentences about a request for more time and the hold of the case that it extends (rule 20). Knows no rule: which hold is meant is
//! decided in `case::decide`.

use crate::case::decide::may_extend;
use crate::case::{Account, Case, CaseId, Refusal, Restraint, Terms};
use crate::chat::page::Line;

/// How many accounts one sentence names.
const ACCOUNTS_SHOWN: usize = 6;

/// That the hold which is meant is that of another case, with the command for it.
pub(super) fn held_by_other(other: CaseId, step: &str, has_own: bool, id: &str, terms: &Terms) -> Line {
    let command = |rest: String| format!("{} {rest}", terms.prefix());
    let line =
        Line::ours(format!("this case asks for more time on {other}, and that is the hold to {step}: "))
            .code(command(format!("hold {other} {step}")));
    match has_own {
        true => line
            .say(". Its own hold is longer once another request is here; in reply to that: ")
            .code(command(format!("attach {id} as=extension"))),
        false => line
            .say(format!(". For accounts that {other} does not name: "))
            .code(command(format!("hold {id} start"))),
    }
}

/// That the hold which a request asked to be made longer is over.
pub fn let_go(other: CaseId) -> Line {
    Line::ours(format!("the hold of {other} is over, so nothing is kept for this one by it"))
}

/// How a hold that runs is made longer: at once, or once a request for more time is here (rule 20). Nothing where the policy gives
/// no more.
pub fn longer(case: &Case, terms: &Terms) -> Option<Line> {
    let command = |verb: &str, rest: &str| format!("{} {verb} {} {rest}", terms.prefix(), case.id);
    match may_extend(case, terms.policy_of(case)?) {
        Ok(_) => Some(Line::ours("for longer – ").code(command("hold", "extend"))),
        Err(Refusal::Restraint(Restraint::ExtensionWantsRequest)) => Some(
            Line::ours("if a request for more time comes, in reply to it – ")
                .code(command("attach", "as=extension")),
        ),
        Err(_) => None,
    }
}

/// That the hold of another case keeps nothing of some accounts of this one, with the way out.
pub fn keeps_nothing_of<'a>(
    other: CaseId,
    left: impl IntoIterator<Item = &'a Account>,
    id: &str,
    terms: &Terms,
) -> Line {
    let left: Vec<&Account> = left.into_iter().collect();
    let mut line = Line::ours(format!("the hold of {other} keeps nothing of "));
    for (n, account) in left.iter().take(ACCOUNTS_SHOWN).enumerate() {
        line = line.say(if n == 0 { "" } else { ", " }).theirs(account.as_str());
    }
    let more = left.len().saturating_sub(ACCOUNTS_SHOWN);
    let line = if more > 0 { line.say(format!(" and {more} more")) } else { line };
    line.say(": for that – ").code(format!("{} hold {id} start", terms.prefix()))
}
