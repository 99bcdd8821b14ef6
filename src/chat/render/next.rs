//! The next step of a case, as a command to copy.

use crate::case::decide::duties;
use crate::case::{Case, Terms, checklist};
use crate::chat::page::Line;
use crate::chat::{dates, text};

/// How many missing lines are named.
const MISSING_SHOWN: usize = 4;
/// The reason for a request about accounts of other servers only.
const NOT_OURS: &str = "not-ours";

/// The line `Next: …`; none for a case on which nothing is left to do.
pub(super) fn next(case: &Case, terms: &Terms) -> Option<Line> {
    if case.closed.is_some() {
        return None;
    }
    let command = |rest: &str| format!("{} {}", terms.prefix(), rest.replace("ID", &case.id.to_string()));
    let line = Line::ours("Next: ");
    if let Some(proposal) = case.proposals.first() {
        return Some(match &proposal.approved {
            None => line
                .say("a second person approves – ")
                .code(command(&format!("approve ID {}", proposal.code)))
                .say(" or ")
                .code(command("deny ID")),
            Some(approval) => line
                .say(format!("done {} unless somebody says ", dates::moment(approval.ready, terms.zone)))
                .code(command("deny ID")),
        });
    }
    if case.outcome.is_some() {
        return Some(match duties(case, terms).first() {
            None => line.code(command("close ID")),
            Some(duty) => line.join(text::owed(duty, &case.id.to_string(), terms)),
        });
    }
    let Some(kind) = terms.kind_of(case) else {
        return Some(line.say("its policy is not at hand; please call your administrator"));
    };
    let list = checklist(case, kind);
    let none_is_ours = case.subjects().next().is_some() && case.subjects().all(|subject| !subject.ours);
    let refusable = terms.policy_of(case).and_then(|policy| policy.reason(NOT_OURS));
    if let Some(reason) = refusable.filter(|_| kind.own_accounts && none_is_ours) {
        let refuse = format!("refuse ID reason={}", reason.code);
        return Some(line.say("no account is on a server of ours – ").code(command(&refuse)));
    }
    if let Some(first) = list.missing.first() {
        let names: Vec<&str> =
            list.missing.iter().take(MISSING_SHOWN).map(|rule| rule.label.as_str()).collect();
        let more = list.missing.len().saturating_sub(MISSING_SHOWN);
        let more = if more > 0 { format!(" and {more} more") } else { String::new() };
        let set = format!("set ID {}=…", first.key.replace(' ', "-"));
        return Some(line.say(format!("missing {}{more} – ", names.join(", "))).code(command(&set)));
    }
    if !list.unread.is_empty() || !list.pieces.is_empty() || !list.twice.is_empty() {
        return Some(line.say("some lines need a look – ").code(command("check ID")));
    }
    if list.verify_requester {
        return Some(line.say("make sure who asks – ").code(command("verify ID requester how=…")));
    }
    if list.verify_instrument {
        return Some(line.say("check the order – ").code(command("verify ID instrument how=…")));
    }
    if kind.preserves && case.hold.is_none() {
        return Some(line.say("keep the records – ").code(command("hold ID start")));
    }
    let answer = if kind.may_disclose(case) { "answer ID full|part|none" } else { "answer ID full" };
    Some(line.code(command(answer)).say(" or ").code(command("refuse ID reason=…")))
}
