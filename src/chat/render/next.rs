//! The next step of a case, as a command to copy.

use chrono::{DateTime, Utc};

use super::checks::label_of;
use super::owed::owed;
use crate::case::clock::{Force, TO_TELL, clocks, force, runs};
use crate::case::conflict::asks_for_erasure;
use crate::case::decide::would_end;
use crate::case::scope::{self, Verdict};
use crate::case::{
    Case, Clash, Conflict, Elsewhere, FieldRule, Hold, INSTRUMENT_KEY, JURISDICTION_KEY, Kind, Origin,
    PROOF_KEY, Policy, Terms, Unidentified, Verifiable, Wait, Want, checklist, letter, likely_entry,
    still_lists, wants,
};
use crate::chat::page::Line;
use crate::chat::{dates, text};

/// How many missing lines are named.
const MISSING_SHOWN: usize = 4;
/// The reason for a request about accounts of other servers only.
const NOT_OURS: &str = "not-ours";

/// The reason for a request that is not from whom it says.
const UNVERIFIED: &str = "unverified";

/// The line `Next: …`; none for a case on which nothing is left to do.
pub(super) fn next(case: &Case, terms: &Terms, now: DateTime<Utc>) -> Option<Line> {
    Some(Line::ours("Next: ").join(step(case, terms, now)?))
}

/// The step itself.
pub(super) fn step(case: &Case, terms: &Terms, now: DateTime<Utc>) -> Option<Line> {
    if case.closed.is_some() {
        return None;
    }
    let command = |rest: &str| format!("{} {}", terms.prefix(), rest.replace("ID", &case.id.to_string()));
    let line = Line::new();
    if let Some(proposal) = case.proposals.first() {
        return Some(match &proposal.approved {
            None => line
                .say("a second person approves – ")
                .code(command(&format!("approve ID {}", proposal.code)))
                .say(" or ")
                .code(command("deny ID")),
            Some(approval) => line
                .say(format!(
                    "done {} unless somebody says ",
                    dates::moment(approval.ready, terms.zone_of(case))
                ))
                .code(command("deny ID")),
        });
    }
    if case.outcome.is_some() {
        if owes_secrecy_letter(case, terms) {
            return Some(line.join(text::secrecy_letter(case, terms)));
        }
        return Some(owed(case, terms, now));
    }
    let Some((policy, kind)) = terms.policy_of(case).zip(terms.kind_of(case)) else {
        return Some(line.say("its policy is not at hand; please call your administrator"));
    };
    // Before its first end, or there is no more time: nothing else can wait for so little.
    let runs = runs(case, terms);
    if let Some(letter) = runs.iter().find_map(|run| run.untold(case)) {
        return Some(
            line.say("tell them that it takes longer – ")
                .code(command(&format!("letter ID {letter}")))
                .say(", then ")
                .code(command(&format!("sent ID {letter} via=mail"))),
        );
    }
    for what in [Verifiable::Requester, Verifiable::Instrument] {
        if case.denied(what).is_some() {
            let code = policy.reason(UNVERIFIED).map(|reason| reason.code.as_str());
            return Some(line.join(text::denied(what, code, case, terms)));
        }
    }
    let list = checklist(case, kind, policy);
    if let Some(reason) = policy.reason(NOT_OURS).filter(|_| list.none_ours) {
        let refuse = format!("refuse ID reason={}", reason.code);
        return Some(line.say("no account is on a server of ours – ").code(command(&refuse)));
    }
    if let Origin::NotAccepted { country } = &list.origin {
        let accepts = policy.accepts.join(", ");
        let line = line.say(format!("{country} may not ask directly, only {accepts} – "));
        let can_redirect = !policy.text(Elsewhere::Mlat.text()).is_empty();
        return Some(line.code(command(if can_redirect {
            "redirect ID mlat"
        } else {
            "refuse ID reason=…"
        })));
    }
    if owes_secrecy_letter(case, terms) {
        return Some(line.join(text::secrecy_letter(case, terms)));
    }
    if let Some(wait) = case.waiting() {
        let since = dates::day(wait.from.with_timezone(&terms.zone_of(case)).date_naive());
        let line = line.say(format!("waits since {since} for {} – ", awaited(wait, kind)));
        return Some(line.code(command("check ID")));
    }
    // What only the requester can supply can be asked for, where the policy has a letter that does.
    let can_ask = policy.letter(letter::ASK, &case.kind).is_some() && !wants(case, kind, policy).is_empty();
    let or_ask = |line: Line| if can_ask { line.say(" or ").code(command("ask ID")) } else { line };
    let missing: Vec<&FieldRule> = list.missing.iter().chain(&list.wanted).copied().collect();
    if let Some(first) = missing.first() {
        let names: Vec<&str> = missing.iter().take(MISSING_SHOWN).map(|rule| rule.label.as_str()).collect();
        let more = missing.len().saturating_sub(MISSING_SHOWN);
        let more = if more > 0 { format!(" and {more} more") } else { String::new() };
        let set = format!("set ID {}=…", first.key.replace(' ', "-"));
        return Some(or_ask(line.say(format!("missing {}{more} – ", names.join(", "))).code(command(&set))));
    }
    let are_clear = list.unread.is_empty() && list.pieces.is_empty() && list.twice.is_empty();
    if !are_clear || !list.guessed.is_empty() || list.turned.is_some() {
        return Some(or_ask(line.say("some lines need a look – ").code(command("check ID"))));
    }
    let country_wanted = matches!(&list.unidentified, Some(Unidentified::NotFrom { country: None, .. }));
    if list.origin.blocks() || (list.needs_instrument && country_wanted) {
        let set = command(&format!("set ID {JURISDICTION_KEY}=…"));
        return Some(or_ask(line.say("from which country? Two letters, such as GB – ").code(set)));
    }
    if list.lacks_instrument() {
        let set = command(&format!("set ID {INSTRUMENT_KEY}=…"));
        return Some(or_ask(line.say("which instrument is it? – ").code(set)));
    }
    if list.verify_requester || !is_listed(case, terms) {
        let verify = match directory_entry(case, kind, terms) {
            // A name of theirs may be in the entry, so it is set as theirs.
            Some(entry) => line
                .say(if list.verify_requester {
                    "make sure who asks – "
                } else {
                    "the number that was called is no longer listed, call again – "
                })
                .theirs(&command(&format!("verify ID requester entry=\"{entry}\" how=…"))),
            None => line.say("make sure who asks – ").code(command("verify ID requester how=…")),
        };
        return Some(or_ask(verify));
    }
    if list.verify_instrument {
        return Some(or_ask(line.say("check the order – ").code(command("verify ID instrument how=…"))));
    }
    match force(case, terms, now) {
        Force::Is => {}
        Force::Lapsed { on } => {
            let line = line.say(format!(
                "it has lapsed, {}; once a new order is here – ",
                dates::moment(on, terms.zone_of(case))
            ));
            return Some(or_ask(
                line.code(command("set ID granted=…")).say(" or ").code(command("refuse ID reason=…")),
            ));
        }
        Force::Begins { on } => {
            let line =
                line.say(format!("it is in force only from {} – ", dates::moment(on, terms.zone_of(case))));
            return Some(line.code(command("check ID")));
        }
    }
    // What is allowed makes void what waits for a second person, so it comes before.
    if let Some(category) = undecided(case, policy, terms, now) {
        let allow = command(&format!("scope ID allow {category}"));
        return Some(line.say("what of it is needed? – ").code(allow));
    }
    if list.attest {
        return Some(line.say("an approver attests the danger – ").code(command("attest ID reason=…")));
    }
    if let Some(rule) = list.before_answer.first() {
        let set = command(&format!("set ID {}=…", rule.key.replace(' ', "-")));
        return Some(
            line.say(format!("{} is needed for an answer – ", rule.label))
                .code(set)
                .say(" or ")
                .code(command("refuse ID reason=…")),
        );
    }
    Some(ending(case, policy, terms, now, line))
}

/// Whether the requester is to be told now that secrecy takes an order (rule 16). Where a life is in danger the answer comes
/// first.
pub(super) fn owes_secrecy_letter(case: &Case, terms: &Terms) -> bool {
    let is_emergency = terms.kind_of(case).is_some_and(Kind::is_emergency);
    let can_wait = is_emergency && case.outcome.is_none();
    !can_wait && clocks(case, terms).iter().any(|clock| clock.name == TO_TELL)
}

/// What somebody decides on first, where nothing is in the scope yet.
fn undecided(case: &Case, policy: &Policy, terms: &Terms, now: DateTime<Utc>) -> Option<String> {
    let lines = scope::scope(case, policy, now, terms.zone_of(case));
    if lines.iter().any(|line| line.verdict.is_open()) {
        return None;
    }
    let undecided = lines.iter().find(|line| line.verdict == Verdict::Undecided);
    undecided.and_then(|line| line.category).map(|category| category.name.clone())
}

/// How it can end: with what is left of its scope, if it has one.
fn ending(case: &Case, policy: &Policy, terms: &Terms, now: DateTime<Utc>, line: Line) -> Line {
    let command = |rest: &str| format!("{} {}", terms.prefix(), rest.replace("ID", &case.id.to_string()));
    let lines = scope::scope(case, policy, now, terms.zone_of(case));
    let is_left = lines.is_empty() || lines.iter().any(|line| line.verdict.is_open());
    if lines.iter().any(|line| line.verdict == Verdict::Unknown) {
        return line.say("which records are meant? – ").code(command("scope ID"));
    }
    let kind = policy.kind(&case.kind);
    if is_left && kind.is_some_and(|kind| kind.preserves) && case.hold.is_none() {
        let line = line.say("keep the records – ");
        // The term counts from the receipt, and may be over.
        return match would_end(case, policy, terms, now) <= now {
            false => line.code(command("hold ID start")),
            true => line.code(command(&format!(
                "hold ID start from={}",
                now.with_timezone(&terms.zone).date_naive()
            ))),
        };
    }
    let held_back = is_held_back(case, kind);
    let line = match held_back {
        true => line.say("a hold may keep some of it (").code(command("conflicts ID")).say(") – "),
        false => line,
    };
    let in_full = !held_back && lines.iter().all(|line| line.verdict.is_open());
    let discloses = kind.is_none_or(|kind| kind.may_disclose(case));
    let (line, answer) = match (is_left, in_full, discloses) {
        (false, _, _) => (line.say("nothing is left to answer – "), "answer ID none"),
        (true, true, true) => (line, "answer ID full|part|none"),
        (true, true, false) => (line, "answer ID full"),
        (true, false, true) => (line, "answer ID part|none"),
        (true, false, false) => (line, "answer ID part"),
    };
    line.code(command(answer)).say(" or ").code(command("refuse ID reason=…"))
}

/// Whether a hold kept what is to be erased when it was last looked for (rule 63). Whether it still does is asked when the
/// request is answered.
fn is_held_back(case: &Case, kind: Option<&Kind>) -> bool {
    let against = |conflict: &Conflict| conflict.one == case.id && conflict.how == Clash::ErasureAgainstHold;
    let is_kept = case.hold.as_ref().is_some_and(Hold::runs);
    asks_for_erasure(case, kind)
        && (is_kept || case.beside.unshown || case.beside.conflicts.iter().any(against))
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

/// Whether the number by which the requester was verified is in the directory still.
fn is_listed(case: &Case, terms: &Terms) -> bool {
    case.requester.as_ref().is_none_or(|done| still_lists(&terms.directory, done))
}

/// What to put behind `entry=`; nothing where no directory is asked.
fn directory_entry<'a>(case: &Case, kind: &Kind, terms: &'a Terms) -> Option<&'a str> {
    likely_entry(case, kind, &terms.directory).map(|entry| entry.map_or("…", |agency| agency.name.as_str()))
}
