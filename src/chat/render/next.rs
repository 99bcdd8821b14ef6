//! The next step of a case, as a command to copy.

use chrono::{DateTime, Utc};

use super::checks::label_of;
use super::ending::{ending, is_to_be_kept, undecided};
use super::owed::{brought, owed, way};
use super::promised::pressed;
use crate::case::clock::{Force, Run, TO_TELL, Untold, clocks, force, idle, runs, undone};
use crate::case::conflict::may_be_held_back;
use crate::case::decide::{asks_whose, counters_nobody, left_open, own_decision};
use crate::case::{
    Case, Channel, Command, Elsewhere, FieldRule, Flag, INSTRUMENT_KEY, JURISDICTION_KEY, Kind, Origin,
    PROOF_KEY, Policy, Proposal, Terms, Unidentified, Verifiable, Wait, Want, checklist, letter,
    likely_entry, named_order, still_lists, wants, wants_number,
};
use crate::chat::page::Line;
use crate::chat::{dates, text};

/// How many missing lines are named.
const MISSING_SHOWN: usize = 4;
/// The reason for a request about accounts of other servers only.
const NOT_OURS: &str = "not-ours";

/// The reason for a request that lacks what it needs, and what we asked for did not come.
const INCOMPLETE: &str = "incomplete";

/// The reason for a request that is not from whom it says.
const UNVERIFIED: &str = "unverified";

/// The line `Next: …`; none for a case on which nothing is left to do.
pub(super) fn next(case: &Case, terms: &Terms, now: DateTime<Utc>) -> Option<Line> {
    Some(Line::ours("Next: ").join(step(case, terms, now)?))
}

/// The step itself.
pub(super) fn step(case: &Case, terms: &Terms, now: DateTime<Utc>) -> Option<Line> {
    pressed(case, terms, now).or_else(|| step_of_request(case, terms, now))
}

/// The oldest proposal; one that closes the case comes last, for nothing may wait then.
fn first_to_decide(case: &Case) -> Option<&Proposal> {
    let closes = |proposal: &&Proposal| {
        matches!(proposal.command, Command::CloseUnsent { .. } | Command::CloseUndone { .. })
    };
    case.proposals.iter().find(|proposal| !closes(proposal)).or(case.proposals.first())
}

/// The next step of the request itself, whatever else is owed.
pub(super) fn step_of_request(case: &Case, terms: &Terms, now: DateTime<Utc>) -> Option<Line> {
    if case.closed.is_some() {
        return left_open(case, terms, now).map(|promise| way(&promise, case, terms, now));
    }
    let command = |rest: &str| format!("{} {}", terms.prefix(), rest.replace("ID", &case.id.to_string()));
    let line = Line::new();
    if let Some(proposal) = first_to_decide(case) {
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
        if let Some(step) = secrecy_step(case, terms) {
            return Some(line.join(step));
        }
        let kind = terms.kind_of(case).filter(|_| owes_copy(case, terms));
        let line = kind.map_or(line.clone(), |kind| data_first(case, kind, terms, line));
        return Some(line.join(owed(case, terms, now)));
    }
    let Some((policy, kind)) = terms.policy_of(case).zip(terms.kind_of(case)) else {
        return Some(line.say("its policy is not at hand; please call your administrator"));
    };
    let own = case.owner.as_ref().and_then(|owner| own_decision(case, owner, terms));
    if let Some(other) = own {
        return Some(
            line.say(format!("give it to somebody who did not decide {other} – "))
                .code(command("assign ID @…")),
        );
    }
    // Before its first end, or there is no more time: nothing else can wait for so little. After it, that helps nobody.
    let runs = runs(case, terms);
    let helps = |run: &&Run<'_>| run.still || run.clock.due >= now;
    let untold = runs.iter().filter(helps).find_map(|run| run.untold(case)).filter(|untold| !untold.late);
    // What docket brings in its time waits for nobody here.
    let untold = untold.filter(|untold| brought(case, untold.letter, terms, now).is_none());
    if let Some(Untold { letter, .. }) = untold {
        return Some(
            line.say("tell them that it takes longer – ")
                .code(command(&format!("letter ID {letter}")))
                .say(", then ")
                .code(command(&format!("sent ID {letter} via={}", case.way_to_write(letter)))),
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
    if let Some(step) = secrecy_step(case, terms) {
        return Some(line.join(step));
    }
    if let Some(wait) = case.waiting() {
        let since = dates::day(wait.from.with_timezone(&terms.zone_of(case)).date_naive());
        let line = line.say(format!("waits since {since} for {} – ", awaited(wait, kind)));
        let line = line.code(command("check ID"));
        // The policy has waited for as long as it waits.
        let never_came = policy.reason(INCOMPLETE).filter(|_| idle::waited_enough(case, terms, now));
        return Some(match never_came {
            Some(reason) => line
                .say("; if it does not come – ")
                .code(command(&format!("refuse ID reason={}", reason.code))),
            None => line,
        });
    }
    // Its clock may run already, and nothing else is so quickly done.
    let nobody = counters_nobody(case, kind);
    let likely = case.beside.may_counter.first().filter(|_| nobody);
    if let Some(other) = likely {
        let link = command(&format!("link ID {other} as=counter"));
        return Some(line.say(format!("it may counter {other}: if so – ")).code(link));
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
                .theirs(&command(&format!("verify ID requester entry={entry} how=…"))),
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
    if nobody {
        let link = command("link ID N as=counter");
        let line = line.say("which notice does it counter? With its number for N – ").code(link);
        let refuse = text::no_notice_on_file(&case.id.to_string(), policy, terms);
        return Some(line.say(", or if none is on file ").code(refuse));
    }
    if let Some(letter) = letter::unsent_before_answer(case, kind) {
        let line = line.say("pass it on – ").code(command(&format!("letter ID {letter}")));
        let line = line.say(", then ").code(command(&format!("sent ID {letter} via=mail")));
        return Some(line.say(" or ").code(command("refuse ID reason=…")));
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
    // What is taken down within the hour, and kept, comes before.
    if !is_to_be_kept(case, policy, terms, now) && kind.asks_whose && asks_whose(case, kind) {
        let line = line.say("whose is it? – ").code(command("set ID accounts=…"));
        let line =
            line.say(", or if no user of ours is concerned ").code(command("notify ID waive reason=…"));
        return Some(line.say(" or ").code(command("refuse ID reason=…")));
    }
    // What is to go from several places goes from all of them, and the answer says so (rule 49).
    if let Some(tasks) = tasks(case, kind, policy, terms) {
        return Some(tasks);
    }
    Some(ending(case, policy, terms, now, data_first(case, kind, terms, line)))
}

/// Whether an answer that promises it is still to go out.
fn owes_copy(case: &Case, terms: &Terms) -> bool {
    let owed = terms.policy_of(case).and_then(|policy| letter::owed(case, policy));
    owed.is_some_and(|letter| {
        letter.name == letter::ANSWER && case.answer_lacks_data(letter, terms.kind_of(case))
    })
}

/// What goes with the answer to somebody who asked for a copy of their data in a room with docket.
fn data_first(case: &Case, kind: &Kind, terms: &Terms, line: Line) -> Line {
    let comes_by_dm = case.way_to_write(letter::ANSWER) == Channel::Dm.name();
    if !case.lacks_data(Some(kind)) || !comes_by_dm || case.flags.contains(&Flag::Csea) {
        return line;
    }
    let attach = format!("{} attach {} as=data", terms.prefix(), case.id);
    line.say("post the copy of their data, and in reply to it – ").code(attach).say("; then ")
}

/// What must be done besides, with the command that says that the first of it is.
fn tasks(case: &Case, kind: &Kind, policy: &Policy, terms: &Terms) -> Option<Line> {
    let keys = still_to_do(case, policy, terms);
    // What a hold may keep waits for that.
    let first = keys.first().filter(|_| !may_be_held_back(case, Some(kind)))?;
    let names: Vec<&str> = keys.iter().map(|key| label_of(kind, key)).collect();
    let command = |rest: &str| format!("{} {}", terms.prefix(), rest.replace("ID", &case.id.to_string()));
    let set = format!("set ID {}=…", first.replace(' ', "-"));
    let line = Line::ours(format!("still to be done: {} – ", names.join(", "))).code(command(&set));
    Some(line.say(" or ").code(command("refuse ID reason=…")))
}

/// The lines of what must be done besides before a clock that runs can end, each once.
pub(super) fn still_to_do(case: &Case, policy: &Policy, terms: &Terms) -> Vec<String> {
    let mut keys: Vec<String> = Vec::new();
    for rule in runs(case, terms).iter().filter_map(|run| run.rule) {
        for key in undone(case, rule, policy) {
            if !keys.iter().any(|other| other == key) {
                keys.push(key.to_owned());
            }
        }
    }
    keys
}

/// What is to be done first about secrecy that the request speaks of: an order that it names is put on record, or the requester
/// is told that it takes one.
fn secrecy_step(case: &Case, terms: &Terms) -> Option<Line> {
    if can_wait_for_answer(case, terms) || case.what_was_denied().is_some() {
        return None;
    }
    let order = named_order(case, terms).filter(|_| terms.kind_of(case).is_some_and(|kind| kind.notify));
    let record = order.map(|order| text::record_order(order, case, terms));
    record.or_else(|| owes_secrecy_letter(case, terms).then(|| text::secrecy_letter(case, terms)))
}

/// Whether the requester is to be told now that secrecy takes an order (rule 16). Where a life is in danger the answer comes
/// first.
pub(super) fn owes_secrecy_letter(case: &Case, terms: &Terms) -> bool {
    !can_wait_for_answer(case, terms) && clocks(case, terms).iter().any(|clock| clock.name == TO_TELL)
}

/// Whether a life is in danger, and nothing has come of the request yet.
pub(super) fn can_wait_for_answer(case: &Case, terms: &Terms) -> bool {
    case.outcome.is_none() && terms.kind_of(case).is_some_and(Kind::is_emergency)
}

/// What the requester was asked for, as the form calls it.
fn awaited(wait: &Wait, kind: &Kind) -> String {
    let mut names: Vec<&str> = Vec::new();
    for want in wait.asked.iter().take(MISSING_SHOWN) {
        names.push(match want {
            Want::Line(key) => label_of(kind, key),
            Want::Instrument => "the order itself",
            Want::Order => "the order for secrecy",
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

/// What to put behind `entry=`, and that the number is to be said where the entry has several; nothing where no directory is
/// asked.
fn directory_entry(case: &Case, kind: &Kind, terms: &Terms) -> Option<String> {
    let entry = likely_entry(case, kind, &terms.directory)?;
    let number = entry.filter(|entry| wants_number(case, entry)).map_or("", |_| " number=…");
    let name = entry.map_or("…", |agency| agency.name.as_str());
    Some(format!("\"{name}\"{number}"))
}
