//! The next step of a case, as a command to copy.

use super::checks::label_of;
use crate::case::decide::duties;
use crate::case::{Case, Kind, PROOF_KEY, Terms, Wait, Want, checklist, letter, wants};
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
    let policy = terms.policy_of(case);
    if case.outcome.is_some() {
        if let Some(letter) = policy.and_then(|policy| letter::owed(case, policy)) {
            return Some(
                line.code(command(&format!("letter ID {}", letter.name)))
                    .say(", then ")
                    .code(command(&format!("sent ID {} via=mail", letter.name))),
            );
        }
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
    let refusable = policy.and_then(|policy| policy.reason(NOT_OURS));
    if let Some(reason) = refusable.filter(|_| kind.own_accounts && none_is_ours) {
        let refuse = format!("refuse ID reason={}", reason.code);
        return Some(line.say("no account is on a server of ours – ").code(command(&refuse)));
    }
    if let Some(wait) = case.waiting() {
        let since = dates::day(wait.from.with_timezone(&terms.zone).date_naive());
        let line = line.say(format!("waits since {since} for {} – ", awaited(wait, kind)));
        return Some(line.code(command("check ID")));
    }
    // What only the requester can supply can be asked for, where the policy has a letter that does.
    let can_ask = policy.is_some_and(|policy| policy.letter(letter::ASK, &case.kind).is_some())
        && !wants(case, kind).is_empty();
    let or_ask = |line: Line| if can_ask { line.say(" or ").code(command("ask ID")) } else { line };
    if let Some(first) = list.missing.first() {
        let names: Vec<&str> =
            list.missing.iter().take(MISSING_SHOWN).map(|rule| rule.label.as_str()).collect();
        let more = list.missing.len().saturating_sub(MISSING_SHOWN);
        let more = if more > 0 { format!(" and {more} more") } else { String::new() };
        let set = format!("set ID {}=…", first.key.replace(' ', "-"));
        return Some(or_ask(line.say(format!("missing {}{more} – ", names.join(", "))).code(command(&set))));
    }
    if !list.unread.is_empty() || !list.pieces.is_empty() || !list.twice.is_empty() {
        return Some(or_ask(line.say("some lines need a look – ").code(command("check ID"))));
    }
    if list.verify_requester {
        let verify = command("verify ID requester how=…");
        return Some(or_ask(line.say("make sure who asks – ").code(verify)));
    }
    if list.verify_instrument {
        let verify = command("verify ID instrument how=…");
        return Some(or_ask(line.say("check the order – ").code(verify)));
    }
    if kind.preserves && case.hold.is_none() {
        return Some(line.say("keep the records – ").code(command("hold ID start")));
    }
    let answer = if kind.may_disclose(case) { "answer ID full|part|none" } else { "answer ID full" };
    Some(line.code(command(answer)).say(" or ").code(command("refuse ID reason=…")))
}

/// What the requester was asked for, as the form calls it.
fn awaited(wait: &Wait, kind: &Kind) -> String {
    let mut names: Vec<&str> = Vec::new();
    for want in wait.asked.iter().take(MISSING_SHOWN) {
        names.push(match want {
            Want::Line(key) => label_of(kind, key),
            Want::Instrument => "the order itself",
            Want::Proof => label_of(kind, PROOF_KEY),
        });
    }
    let more = wait.asked.len().saturating_sub(names.len());
    match (names.is_empty(), more) {
        (true, _) => "the requester".to_owned(),
        (false, 0) => names.join(", "),
        (false, more) => format!("{} and {more} more", names.join(", ")),
    }
}
