//! What makes a requester worth a second look, what a request is like, and what contradicts it: a short line each, with what
//! to do. Warnings only; nothing is refused here.

use std::collections::BTreeSet;

use chrono::{DateTime, Utc};

use super::verifiable;
use crate::case::conflict::erased_lines;
use crate::case::{
    Account, Beside, CallOutcome, Case, CaseId, Caution, Clash, Conflict, Event, FieldForm, Known, Likeness,
    Terms, Verifiable, Verification, mention,
};
use crate::chat::dates;
use crate::chat::page::Line;

/// A warning about the requester, as a line of its own with what to do.
pub fn caution(caution: &Caution) -> Line {
    let line = Line::ours("! ");
    match caution {
        Caution::FirstContact { from, known, again } => {
            let line = match again {
                false => line.say("first request from ").theirs(from),
                true => line.say("nobody was ever verified at ").theirs(from),
            };
            line.say(match known {
            Known::ByNumber => ": call them, the directory has their number",
            Known::WithoutNumber => ", of whom the directory has no number: find one elsewhere",
            Known::No => ", which the directory does not have: find their number elsewhere",
            })
        }
        Caution::LookAlike { domain, like } => line
            .theirs(domain)
            .say(" looks like ")
            .theirs(like)
            .say(" and is not: trust nothing in it, call the number in the directory"),
        Caution::Inside { domain, like } => line
            .theirs(domain)
            .say(" has ")
            .theirs(like)
            .say(" in it and is somebody else’s: call the number in the directory"),
        Caution::NotTheirs { domain, agency } => line
            .theirs(domain)
            .say(" is no domain that the directory has for ")
            .theirs(agency)
            .say(": ask them whose it is"),
        Caution::OfAnother { domain, owner, agency } => line
            .say("it says that it is from ")
            .theirs(agency)
            .say(", and ")
            .theirs(domain)
            .say(" is ")
            .theirs(owner)
            .say(": ask both, on the numbers in the directory"),
        Caution::ReplyElsewhere { from, to } => line
            .say("it came from ")
            .theirs(from)
            .say(" and wants its answer at ")
            .theirs(to)
            .say(": ask the agency which is right"),
        Caution::AlsoNames { place } => line
            .say("it also names ")
            .theirs(place)
            .say(", of another house: if an answer should go there, ask the agency first"),
        Caution::NumberOfAnother { number, agency } => line
            .say("it gives ")
            .theirs(number)
            .say(", which is the number of ")
            .theirs(agency)
            .say(": ask them whether they know of it"),
        Caution::FreeMail { domain } => line
            .say("anybody can have an address at ")
            .theirs(domain)
            .say(": no authority writes from there; call the agency"),
        Caution::Hurry { word } => line.say(format!(
            "it says “{word}” and rests on no instrument: hurry is no ground, ask for the order"
        )),
        Caution::NoDanger => line.say(
            "an emergency that does not say what the danger is, or for whom: ask on the number in the directory",
        ),
    }
}

/// A warning in a few words, for the card.
pub fn caution_in_short(caution: &Caution) -> Line {
    match caution {
        Caution::FirstContact { again: false, .. } => Line::ours("first contact"),
        Caution::FirstContact { again: true, .. } => Line::ours("never verified before"),
        Caution::LookAlike { domain, like } => Line::new().theirs(domain).say(" is not ").theirs(like),
        Caution::Inside { domain, like } => Line::new().theirs(domain).say(" is not ").theirs(like),
        Caution::NotTheirs { domain, .. } => Line::ours("not known as theirs: ").theirs(domain),
        Caution::OfAnother { domain, owner, .. } => Line::new().theirs(domain).say(" is ").theirs(owner),
        Caution::ReplyElsewhere { .. } => Line::ours("answers would go elsewhere"),
        Caution::AlsoNames { place } => Line::ours("also names ").theirs(place),
        Caution::NumberOfAnother { agency, .. } => Line::ours("the number of ").theirs(agency),
        Caution::FreeMail { domain } => Line::ours("free mail ").theirs(domain),
        Caution::Hurry { .. } => Line::ours("hurry without an instrument"),
        Caution::NoDanger => Line::ours("no danger named"),
    }
}

/// What was found beside a new case, in one line of the log.
pub fn beside(beside: &Beside) -> Line {
    let mut parts: Vec<Line> = Vec::new();
    parts.extend(beside.first_contact.iter().map(|from| {
        Line::ours(if beside.again { "never verified before: " } else { "first request from " }).theirs(from)
    }));
    parts.extend(like(beside));
    parts.extend(beside.conflicts.iter().map(clash));
    parts.extend(beside.unshown.then(unshown));
    joined(parts)
}

/// `like C-12 (same reference), C-9, C-7 (same account) and 3 more`.
pub fn like(beside: &Beside) -> Option<Line> {
    let alike = beside.like.chunk_by(|one, other| one.how == other.how);
    let all: Vec<String> = alike
        .filter_map(|group| {
            let cases: Vec<String> = group.iter().map(|like| like.case.to_string()).collect();
            Some(format!("{} ({})", cases.join(", "), likeness(group.first()?.how)))
        })
        .collect();
    let more = if beside.more > 0 { format!(" and {} more", beside.more) } else { String::new() };
    (!all.is_empty()).then(|| Line::ours(format!("like {}{more}", all.join(", "))))
}

fn likeness(how: Likeness) -> &'static str {
    match how {
        Likeness::ReferenceOfAnother => "same reference, another agency",
        Likeness::Reference => "same reference",
        Likeness::Material => "same material",
        Likeness::Account => "same account",
        Likeness::Text => "same text",
        Likeness::Day => "same sender, same day",
    }
}

/// A contradiction between two cases.
pub fn clash(conflict: &Conflict) -> Line {
    let Conflict { one, other, how } = conflict;
    Line::ours(match how {
        Clash::ErasureAgainstHold => {
            format!("{one} asks for erasure, {other} to keep the records: the erasure waits")
        }
        Clash::ErasureAgainstDisclosure => {
            format!("{one} asks for erasure, {other} may still give records out: settle {other} first")
        }
        Clash::NoticeAgainstGag => {
            format!("{one} owes the user a notice, {other} binds to silence: the notice waits")
        }
        Clash::TwoTerms => {
            format!("{one} and {other} keep the records, each for a term of its own: the longer counts")
        }
    })
}

/// `may contradict C-12, C-9`.
pub fn against(conflicts: &[Conflict], about: CaseId) -> Option<Line> {
    let other = |conflict: &Conflict| if conflict.one == about { conflict.other } else { conflict.one };
    let mut others: Vec<CaseId> = conflicts.iter().map(other).collect();
    others.sort_unstable_by(|one, other| other.cmp(one));
    others.dedup();
    let named: Vec<String> = others.iter().take(MOST_NAMED).map(ToString::to_string).collect();
    let more = if others.len() > named.len() { " and others" } else { "" };
    (!named.is_empty()).then(|| Line::ours(format!("may contradict {}{more}", named.join(", "))))
}

/// How many cases or contradictions are named at once.
const MOST_NAMED: usize = 3;

/// What contradicts a case, with where to read it.
pub fn clashes(conflicts: &[Conflict], about: CaseId, terms: &Terms) -> Option<Line> {
    let first = conflicts.first()?;
    let more = conflicts.len() - 1;
    let more = if more > 0 { format!(" (and {more} more)") } else { String::new() };
    let command = format!("{} conflicts {about}", terms.prefix());
    Some(Line::ours("! ").join(clash(first)).say(format!("{more} – ")).code(command))
}

fn unshown() -> Line {
    Line::ours("something that is not shown keeps what would be erased")
}

/// What somebody was told of before they decided, for the log.
pub fn warned(conflicts: &[Conflict], unshown: bool) -> Line {
    let all = conflicts.iter().take(MOST_NAMED).map(clash);
    let all: Vec<Line> = all.chain(unshown.then(self::unshown)).collect();
    Line::ours("warned: ").join(joined(all)).say(more_than(conflicts.len()))
}

/// What these events say that contradicts the case: since it was changed, and for whoever decides.
pub fn contradicted(id: CaseId, events: &[(CaseId, Event)]) -> Vec<Conflict> {
    let mut all: Vec<Conflict> = Vec::new();
    for (_, event) in events.iter().filter(|(of, _)| *of == id) {
        if let Event::Contradicted { conflict } = event {
            all.push(*conflict);
        } else if let Event::Warned { conflicts, .. } = event {
            all.extend(conflicts);
        }
    }
    let mut seen = BTreeSet::new();
    all.retain(|conflict| seen.insert(*conflict));
    all
}

/// That what a hold keeps was not to be erased, to somebody who says that it was (rule 63).
pub fn erased_in_part(case: &Case, events: &[(CaseId, Event)], terms: &Terms) -> Option<Line> {
    let own = || events.iter().filter(|(of, _)| *of == case.id).map(|(_, event)| event);
    let lines = erased_lines(case, terms.policy_of(case));
    let says = |event: &Event| matches!(event, Event::FieldSet { field } if lines.contains(&&*field.key));
    let is_warned = own().any(|event| matches!(event, Event::Warned { .. }));
    (own().any(says) && is_warned).then(|| {
        Line::ours("! Only what nothing keeps is erased, and this says no more. If it is not so: ")
            .code(format!("{} undo", terms.prefix()))
    })
}

/// That somebody has verified the requester, to whoever would tell them that nobody could (rule 61).
pub fn is_verified(code: &str, by: &Account, at: DateTime<Utc>, id: &str, terms: &Terms) -> Line {
    let command = |rest: String| format!("{} {rest}", terms.prefix());
    Line::ours(format!("the reason {code} says that nobody could make sure of the requester, and "))
        .theirs(by.as_str())
        .say(format!(" did, {} – ", dates::moment(at, terms.zone)))
        .code(command(format!("log {id}")))
        .say(". If they say now that it is not theirs: ")
        .code(command(format!("verify {id} requester how=… outcome=denied")))
        .say(". If it was put on record by mistake, whoever did so takes it back, for ten minutes: ")
        .code(command("undo".into()))
        .say(". Or with another reason: ")
        .code(command(format!("refuse {id} reason=…")))
}

/// What contradicts a case, a line each, for somebody who is about to decide.
pub fn warnings(conflicts: &[Conflict], about: CaseId, terms: &Terms) -> Vec<Line> {
    let mut lines: Vec<Line> =
        conflicts.iter().take(MOST_NAMED).map(|conflict| Line::ours("! ").join(clash(conflict))).collect();
    if conflicts.len() > MOST_NAMED
        && let Some(last) = lines.pop()
    {
        let command = format!("{} conflicts {about}", terms.prefix());
        lines.push(last.say(more_than(conflicts.len())).say(" – ").code(command));
    }
    lines
}

fn more_than(count: usize) -> String {
    match count.saturating_sub(MOST_NAMED) {
        0 => String::new(),
        more => format!(" (and {more} more)"),
    }
}

/// That somebody asked and was told that it is not theirs, with what to do. `code` is the policy's for such a refusal.
pub fn denied(what: Verifiable, code: Option<&str>, case: &Case, terms: &Terms) -> Line {
    let command = |rest: &str| format!("{} {rest}", terms.prefix());
    let line = Line::new().strong(in_short(what)).say(" – ").code(command(&format!(
        "refuse {} reason={}",
        case.id,
        code.unwrap_or("…")
    )));
    if case.tags.contains(FRAUD) {
        return line;
    }
    line.say(" and ").code(command(&format!("tag {} +{FRAUD}", case.id)))
}

/// The same in a few words, for the card.
pub fn in_short(what: Verifiable) -> String {
    format!("{} DENIED: treat as fake", verifiable(what))
}

/// What would make it count again.
pub fn if_theirs_after_all(what: Verifiable, id: CaseId, terms: &Terms) -> Line {
    let what = verifiable(what);
    Line::ours(
        "nothing goes out. If they say now that it is theirs: a call to a number of the directory, and a second person – ",
    )
    .code(format!("{} verify {id} {what} how=…", terms.prefix()))
}

/// That whoever was called is not in the directory any longer.
pub fn no_longer_listed(verified: &Verification) -> Line {
    let number = verified.call.as_ref().map_or("", |call| call.number.as_str());
    Line::ours("the directory no longer has ")
        .theirs(number)
        .say(" for ")
        .theirs(verified.entry.as_deref().unwrap_or_default())
        .say(", by which the requester was verified: call again")
}

/// Names, with commas between them.
pub(super) fn people(line: Line, accounts: &[Account]) -> Line {
    let mut line = line;
    for (n, account) in accounts.iter().enumerate() {
        line = line.say(if n == 0 { "" } else { ", " }).theirs(account.as_str());
    }
    line
}

/// The tag that a request gets which somebody said is not theirs.
const FRAUD: &str = "fraud";

/// That somebody asked and heard no confirmation; who asked follows.
pub fn unconfirmed(what: Verifiable, outcome: CallOutcome) -> Line {
    match outcome {
        CallOutcome::Denied => Line::new().strong(format!("{} DENIED", verifiable(what))).say(", asked by "),
        CallOutcome::NotInService => {
            Line::ours(format!("{} not verified: the number is not in service, asked by ", verifiable(what)))
        }
        CallOutcome::NoAnswer | CallOutcome::Confirmed => {
            Line::ours(format!("{} not verified: no answer, asked by ", verifiable(what)))
        }
    }
}

/// What is said of a person whose authority was stopped.
pub fn frozen(account: &Account) -> Line {
    Line::new().theirs(account.as_str()).say(" is frozen and only reads")
}

fn joined(parts: Vec<Line>) -> Line {
    let mut line = Line::new();
    for (n, part) in parts.into_iter().enumerate() {
        line = line.say(if n == 0 { "" } else { "; " }).join(part);
    }
    line
}

/// How many accounts that stand where nobody looks for them are named.
const ASIDE_SHOWN: usize = 3;

/// Accounts of ours that the request names on no line of accounts: whoever is missed is neither kept nor looked for.
pub fn named_aside(case: &Case, terms: &Terms) -> Option<Line> {
    let kind = terms.kind_of(case).filter(|_| case.outcome.is_none() && case.closed.is_none())?;
    let has_line = kind.fields.iter().any(|rule| rule.form == FieldForm::Accounts);
    let names = mention::aside(case, &terms.servers);
    if names.is_empty() || !has_line {
        return None;
    }
    let mut line = Line::ours("! it also names ");
    for (n, name) in names.iter().take(ASIDE_SHOWN).enumerate() {
        line = line.say(if n == 0 { "" } else { ", " }).theirs(name);
    }
    let more = names.len().saturating_sub(ASIDE_SHOWN);
    let line = if more > 0 { line.say(format!(" and {more} more")) } else { line };
    Some(line.say(", and not on its line of accounts. If it is about them: ").code(format!(
        "{} set {} accounts+=…",
        terms.prefix(),
        case.id
    )))
}
