//! The card of a case: what somebody sees of it at a glance. What a command did to it is said in `done`.

use chrono::{DateTime, Utc};

use super::about::older_policy;
use super::bound::{bound, not_told};
use super::checks::label_of;
use super::costs;
use super::deadlines::{deadlines, near};
use super::next::next;
use super::shorten::{Weight, short};
use crate::case::conflict::contradicts_still;
use crate::case::{
    Case, Caution, DATA_KEY, Field, Gag, Kind, Letter, Reading, SECRECY_KEY, Secrecy, Stage, Terms,
    Verifiable, letter, requester, still_lists,
};
use crate::chat::page::{Line, Page};
use crate::chat::{dates, text};

/// How many accounts a card names before it counts the rest.
const ACCOUNTS_SHOWN: usize = 4;
/// How many lines of the request a card shows besides those that have a place of their own.
const OTHERS_SHOWN: usize = 4;
/// How many links a card names.
const LINKS_SHOWN: usize = 4;

/// What makes the requester worth a second look, while that still helps anybody.
pub(super) fn cautions(case: &Case, terms: &Terms) -> Vec<Caution> {
    match terms.kind_of(case) {
        Some(_) if case.closed.is_some() => Vec::new(),
        Some(kind) if case.requester.is_some() => requester::mailbox_cautions(case, kind, terms),
        Some(kind) if case.outcome.is_none() => requester::cautions(case, kind, terms),
        Some(_) | None => Vec::new(),
    }
}

/// The card in the room, which everybody there reads: of a sealed case it is one line.
pub fn card(case: &Case, terms: &Terms, now: DateTime<Utc>) -> Page {
    if case.is_sealed() {
        Page::of(super::sealed::in_short(case, terms, now))
    } else {
        show(case, terms, now)
    }
}

/// The case as whoever may see it is shown it: what it is, the next step, who asks, about whom, who works it, what must be
/// asked.
pub fn show(case: &Case, terms: &Terms, now: DateTime<Utc>) -> Page {
    let shown = near(case, terms, now);
    let scope = super::scope::on_card(case, terms, now);
    let hidden = if scope.is_some() { Some(DATA_KEY) } else { None };
    // An order says more than the wish for secrecy that it answers.
    let is_gagged = case.gag.as_ref().is_some_and(Gag::binds);
    let lapsed = if case.secrecy_lapsed { " · no order came in time, so it binds no longer" } else { "" };
    let wish = || secrecy(case).map(|wish| wish.say(lapsed));
    let order = text::order_named(case, terms, |words| brief(words, 80));
    let wish = || text::secrecy_over_in_short(case, terms, now).or_else(wish);
    let wish = if is_gagged || order.is_some() { None } else { wish() };
    let deadlines = deadlines(case, terms, now).into_iter().enumerate();
    let mut lines = vec![(Weight::Must, head(case, terms))];
    lines.extend(next(case, terms, now).map(|line| (Weight::Must, line)));
    lines.extend(deadlines.map(|(n, line)| (if n == 0 { Weight::Must } else { Weight::Less }, line)));
    lines.push((Weight::Should, came(case, terms, now)));
    lines.extend(case.visit.as_ref().map(|visit| (Weight::Should, text::visitor(visit))));
    lines.extend(text::received_unclear(case, false, terms).map(|line| (Weight::Must, line)));
    lines.extend(bound(case, terms, &shown, now).into_iter().map(|line| (Weight::Should, line)));
    lines.extend(not_told(case, terms).map(|line| (Weight::Must, line)));
    lines.extend(look_at_requester(from(case), case, terms).map(|line| (Weight::Should, line)));
    lines.extend(accounts(case).map(|line| (Weight::Should, line)));
    lines.extend(text::named_aside(case, terms).map(|line| (Weight::Should, line)));
    lines.extend(guessed(case, terms).map(|line| (Weight::Should, line)));
    lines.extend(order.map(|line| (Weight::Should, line)));
    lines.extend(wish.map(|line| (Weight::Could, line)));
    lines.extend(scope.map(|line| (Weight::Could, line)));
    lines.extend(rest(case, terms.kind_of(case), terms, hidden).map(|line| (Weight::Least, line)));
    lines.push((Weight::Should, work(case, terms)));
    lines.extend(text::would_come_back(case).map(|line| (Weight::Could, line)));
    lines.extend(text::kept_until(case, terms, now).map(|line| (Weight::Should, line)));
    lines.extend(newest_note(case, terms).map(|line| (Weight::Could, line)));
    Page::new().lines(short(lines))
}

fn came(case: &Case, terms: &Terms, now: DateTime<Utc>) -> Line {
    let day = case.received.with_timezone(&terms.zone_of(case)).date_naive();
    Line::ours(format!("Received {}", dates::moment(case.received, terms.zone_of(case))))
        .say(format!(" {}", dates::distance(day, now, terms.zone_of(case))))
        .say(if acknowledgement(case, terms).is_some() { " · not acknowledged" } else { "" })
}

/// The letter by which the requester is to be told that it came in, until it was.
pub(super) fn acknowledgement<'t>(case: &Case, terms: &'t Terms) -> Option<&'t Letter> {
    letter::acknowledgement(case, terms.policy_of(case)?)
}

/// `C-42 · preservation · ready`; once something came of it, what.
pub(super) fn head(case: &Case, terms: &Terms) -> Line {
    let line = Line::new().strong(case.id.to_string()).dot().say(case.kind.clone()).dot();
    match (&case.outcome, case.closed) {
        (Some(outcome), Some(_)) => line.strong(stage(case, terms)).dot().say(text::ended(&outcome.what)),
        (Some(outcome), None) => line.strong(text::ended(&outcome.what)),
        (None, _) => line.strong(stage(case, terms)),
    }
}

/// The stage as a word.
pub(super) fn stage(case: &Case, terms: &Terms) -> &'static str {
    Stage::of(case, terms.policy_of(case)).name()
}

fn from(case: &Case) -> Option<Line> {
    let mut said = ["agency", "officer", "jurisdiction"].iter().filter_map(|key| case.fields_of(key).next());
    let reference = case.fields_of("reference").next();
    let Some(first) = said.next() else {
        return Some(Line::ours("Ref ").theirs(&reference?.value));
    };
    let mut line = Line::ours("From ").theirs(&first.value);
    for field in said {
        line = line.say(", ").theirs(&field.value);
    }
    Some(match reference {
        Some(reference) => line.say(" · ref ").theirs(&reference.value),
        None => line,
    })
}

/// Who asks, with what is odd about them.
fn look_at_requester(from: Option<Line>, case: &Case, terms: &Terms) -> Option<Line> {
    let cautions = cautions(case, terms);
    if cautions.is_empty() {
        return from;
    }
    let mut line = from.map_or_else(Line::new, Line::dot).say("look closely: ");
    let mut said: Vec<Line> = Vec::new();
    for short in cautions.iter().map(text::caution_in_short) {
        if !said.contains(&short) {
            line = line.say(if said.is_empty() { "" } else { ", " }).join(short.clone());
            said.push(short);
        }
    }
    Some(line.begin_sentence())
}

fn accounts(case: &Case) -> Option<Line> {
    let all: Vec<_> = case.subjects().collect();
    let mut line = Line::ours("Accounts ");
    for (n, subject) in all.iter().take(ACCOUNTS_SHOWN).enumerate() {
        line = line.say(if n == 0 { "" } else { ", " }).theirs(subject.account.as_str());
        if !subject.ours {
            line = line.say(" (not our server)");
        }
        line = line.join(look_closely(&subject.odd));
    }
    if all.len() > ACCOUNTS_SHOWN {
        line = line.say(format!(" and {} more", all.len() - ACCOUNTS_SHOWN));
    }
    // What could not be read may be an account of ours.
    let unread: Vec<_> = case.unread_of_accounts().collect();
    for (n, (piece, _)) in unread.iter().take(ACCOUNTS_SHOWN).enumerate() {
        line = line.say(if n == 0 && all.is_empty() { "" } else { ", " });
        line = line.say("“").theirs(&brief(piece, 45)).say("” (not understood)");
    }
    if unread.len() > ACCOUNTS_SHOWN {
        line = line.say(format!(" and {} more", unread.len() - ACCOUNTS_SHOWN));
    }
    (!all.is_empty() || !unread.is_empty()).then_some(line)
}

fn secrecy(case: &Case) -> Option<Line> {
    // Where it is said twice, what binds is shown.
    let free = |field: &&Field| field.reading == Reading::Secrecy(Secrecy::No);
    let mut said = case.secrecy_lines();
    let Some(field) = said.clone().find(|field| !free(field)) else {
        let unclear = case.secrecy_strays().next();
        return unclear
            .map(|text| {
                Line::ours("Confidential? Not understood, so treated as yes: ").theirs(&brief(&text, 80))
            })
            .or_else(|| said.next().map(|_| Line::ours("Not confidential, says the requester")));
    };
    Some(match &field.reading {
        Reading::Secrecy(Secrecy::No) => Line::ours("Not confidential, says the requester"),
        Reading::Secrecy(Secrecy::Open) => Line::ours("Confidential, without an end"),
        Reading::Secrecy(Secrecy::Until { day }) => {
            Line::ours(format!("Confidential until {}", dates::day(*day)))
        }
        Reading::Unknown { .. } if field.key != SECRECY_KEY => Line::ours("Confidential? ")
            .theirs(&field.label)
            .say(" is no line of this form, so treated as yes: ")
            .theirs(&field.value),
        Reading::Text
        | Reading::Accounts { .. }
        | Reading::Day { .. }
        | Reading::Email { .. }
        | Reading::Unknown { .. }
        | Reading::Unread { .. }
        | Reading::Claimed => {
            Line::ours("Confidential? Not understood, so treated as yes: ").theirs(&field.value)
        }
    })
}

/// The lines that no other line of the card shows, in one. What stands on a line of its own is hidden.
fn rest(case: &Case, kind: Option<&Kind>, terms: &Terms, hidden: Option<&str>) -> Option<Line> {
    const SHOWN: &[&str] = &["agency", "officer", "jurisdiction", "reference", "accounts", "received"];
    let (mut line, mut is_cut) = (Line::new(), false);
    let mut others: Vec<&Field> = case
        .fields
        .iter()
        .filter(|field| !SHOWN.contains(&field.key.as_str()) && !field.is_about_secrecy())
        .filter(|field| hidden.is_none_or(|key| field.key != key))
        .collect();
    others.sort_by_key(|field| if field.guessed { 0 } else { weight(field) });
    for (n, field) in others.iter().take(OTHERS_SHOWN).enumerate() {
        let label = kind.and_then(|kind| kind.field(&field.key)).map(|rule| rule.label.as_str());
        line = line.say(if n == 0 { "" } else { " · " });
        line = match label {
            Some(label) => line.say(format!("{label}: ")),
            // Nobody here named it so.
            None => line.say("“").theirs(&field.label).say("”: "),
        };
        let start = brief(&field.value, 45);
        is_cut |= start != field.value;
        line = line.theirs(&start);
        line = match &field.reading {
            Reading::Unknown { meant: Some(meant) } => {
                let meant = kind.map_or(meant.as_str(), |kind| label_of(kind, meant));
                line.say(format!(" (did you mean {meant}?)"))
            }
            Reading::Email { odd, .. } => line.join(look_closely(odd)),
            Reading::Unread { .. } => line.say(" (not understood)"),
            Reading::Claimed => line.say(" (says the requester; only we set this)"),
            Reading::Unknown { meant: None }
            | Reading::Text
            | Reading::Accounts { .. }
            | Reading::Day { .. }
            | Reading::Secrecy(_) => line,
        };
    }
    if others.len() > OTHERS_SHOWN {
        line = line.say(format!(" · and {} more: ", others.len() - OTHERS_SHOWN)).code(format!(
            "{} check {}",
            terms.prefix(),
            case.id
        ));
    } else if is_cut && case.visit.is_some() {
        // What a user wrote stands in no message of the room.
        line = line.say(" · all of it: ").code(format!("{} log {}", terms.prefix(), case.id));
    }
    (!others.is_empty()).then_some(line)
}

/// What must be asked comes before what is only there.
fn weight(field: &Field) -> u8 {
    match &field.reading {
        Reading::Unknown { meant: Some(_) } | Reading::Unread { .. } => 0,
        Reading::Email { odd, .. } if !odd.is_empty() => 0,
        Reading::Claimed => 1,
        // Nobody knows what stands in it, so somebody must read it.
        Reading::Unknown { meant: None } => 1,
        Reading::Email { .. }
        | Reading::Text
        | Reading::Accounts { .. }
        | Reading::Day { .. }
        | Reading::Secrecy(_) => 2,
    }
}

/// The beginning of a value, where somebody only needs to recognise it; checklist and log have more. A few characters over
/// the mark are not worth a cut.
pub(super) fn brief(value: &str, most: usize) -> String {
    if value.chars().nth(most + most / 3).is_none() {
        return value.to_owned();
    }
    let mut start: String = value.chars().take(most).collect();
    start.truncate(start.trim_end().len());
    start + "…"
}

/// What nobody wrote as a line, so that a person looks at it before it is believed.
fn guessed(case: &Case, terms: &Terms) -> Option<Line> {
    let mut line = Line::ours("Guessed from the text: ");
    let mut all = case.fields.iter().filter(|field| field.guessed).peekable();
    all.peek()?;
    for (n, field) in all.enumerate() {
        let kind = terms.kind_of(case);
        let label =
            kind.and_then(|kind| kind.field(&field.key)).map_or("Received", |rule| rule.label.as_str());
        line = line.say(if n == 0 { "" } else { ", " }).say(label);
    }
    Some(line.say(" – ").code(format!("{} check {}", terms.prefix(), case.id)))
}

/// A warning about what looks like something else; empty if nothing does.
fn look_closely(odd: &[String]) -> Line {
    if odd.is_empty() {
        return Line::new();
    }
    Line::ours(" (look closely: ").theirs(&odd.join(", ")).say(")")
}

fn work(case: &Case, terms: &Terms) -> Line {
    let mut line = match &case.owner {
        Some(owner) => Line::ours("With ").theirs(owner.as_str()),
        None => Line::ours("With nobody"),
    };
    if let Some(lent) = &case.lent {
        let lent = lent.nearest();
        let until = lent.until.with_timezone(&terms.zone_of(case)).date_naive();
        line = line
            .say(format!(" until the morning of {}, then ", dates::day(until)))
            .theirs(lent.from.as_str());
    }
    for (done, what) in [(&case.requester, "requester"), (&case.instrument, "instrument")] {
        if done.is_some() {
            line = line.say(format!(" · {what} verified"));
        }
    }
    let gone = case.requester.as_ref().is_some_and(|done| !still_lists(&terms.directory, done));
    if gone && case.closed.is_none() {
        line = line.dot().strong("by a number that the directory no longer has");
    }
    if not_from_directory(case, terms) {
        line = line.say(", not from the directory");
    }
    for what in [Verifiable::Requester, Verifiable::Instrument] {
        if case.denied(what).is_some() {
            line = line.dot().strong(text::in_short(what));
        }
    }
    for (count, one, many) in [(case.note_count, "note", "notes"), (case.files.len() as u64, "file", "files")]
    {
        if count > 0 {
            line = line.say(format!(" · {count} {}", if count == 1 { one } else { many }));
        }
    }
    for flag in &case.flags {
        line = line.dot().strong(flag.name());
    }
    if !case.tags.is_empty() {
        let tags: Vec<&str> = case.tags.iter().map(String::as_str).collect();
        line = line.say(" · tags ").theirs(&tags.join(" "));
    }
    line = line.say(costs::spent(case)).say(links(case));
    // What came of the request has settled what it is like; what contradicts it does so until it is closed.
    let (like, contrary) = match case.outcome {
        None => (text::like(&case.beside), case.beside.conflicts.clone()),
        Some(_) => (None, contradicts_still(case, terms)),
    };
    for found in [like, text::against(&contrary, case.id)].into_iter().flatten() {
        line = line.dot().join(found);
    }
    match older_policy(case, terms) {
        Some(older) => line.dot().join(older),
        None => line,
    }
}

/// Whether an agency was verified by a number that no directory has.
pub(super) fn not_from_directory(case: &Case, terms: &Terms) -> bool {
    let is_agency = terms.kind_of(case).is_some_and(requester::is_from_agency);
    is_agency && case.requester.as_ref().is_some_and(|done| done.call.is_none())
}

fn links(case: &Case) -> String {
    let shown = || case.links.iter().filter(|link| link.other.is_shown());
    let all: Vec<String> = shown().take(LINKS_SHOWN).map(|link| text::relation_of(case, link)).collect();
    let more = shown().count().saturating_sub(LINKS_SHOWN);
    let more = if more > 0 { format!(" and {more} more") } else { String::new() };
    if all.is_empty() { String::new() } else { format!(" · {}{more}", all.join(", ")) }
}

fn newest_note(case: &Case, terms: &Terms) -> Option<Line> {
    let note = case.notes.last()?;
    Some(
        Line::ours(format!("Note {} by ", dates::short(note.at, terms.zone_of(case))))
            .theirs(note.by.as_str())
            .say(": ")
            .theirs(&brief(&note.text, 120)),
    )
}
