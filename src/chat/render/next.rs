//! The next step of a case, as a command to copy.

use crate::case::{Case, Kind, Terms, Verifiable, checklist, likely_entry};
use crate::chat::page::Line;
use crate::chat::text;

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
    if case.outcome.is_some() {
        return Some(line.code(command("close ID")));
    }
    let Some(kind) = terms.kind_of(case) else {
        return Some(line.say("its policy is not at hand; please call your administrator"));
    };
    for what in [Verifiable::Requester, Verifiable::Instrument] {
        if case.denied(what).is_some() {
            return Some(line.join(text::denied(what, case.id, terms)));
        }
    }
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
        let verify = match directory_entry(case, kind, terms) {
            // A name of theirs may be in the entry, so it is set as theirs.
            Some(entry) => line
                .say("make sure who asks – ")
                .theirs(&command(&format!("verify ID requester entry=\"{entry}\" how=…"))),
            None => line.say("make sure who asks – ").code(command("verify ID requester how=…")),
        };
        return Some(verify);
    }
    if list.verify_instrument {
        return Some(line.say("check the order – ").code(command("verify ID instrument how=…")));
    }
    let answer = if kind.may_disclose(case) { "answer ID none" } else { "answer ID full" };
    Some(line.code(command(answer)).say(" or ").code(command("refuse ID reason=…")))
}

/// What to put behind `entry=`; nothing where no directory is asked.
fn directory_entry<'a>(case: &Case, kind: &Kind, terms: &'a Terms) -> Option<&'a str> {
    likely_entry(case, kind, &terms.directory).map(|entry| entry.map_or("…", |agency| agency.name.as_str()))
}
