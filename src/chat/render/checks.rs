//! The checklist: what is there, what is missing, what is refused and why.

use chrono::{DateTime, Utc};
use chrono_tz::Tz;

use super::about::older_policy;
use super::deadlines::all_clocks;
use super::next::{next, still_to_do};

use super::card::{cautions, head};
use crate::case::clock::{Force, force};
use crate::case::decide::{asks_whose, counters_nobody};
use crate::case::{
    Case, Checklist, Field, INSTRUMENT_KEY, JURISDICTION_KEY, Kind, Origin, Policy, Reading, Secrecy, Terms,
    Verifiable, Verification, checklist, counsel_decides, country_lines, letter, still_lists,
};
use crate::chat::page::{Line, Page};
use crate::chat::{dates, text};

/// The checklist of a case.
pub fn check(case: &Case, terms: &Terms, now: DateTime<Utc>) -> Page {
    let page = Page::of(head(case, terms));
    let Some((policy, kind)) = terms.policy_of(case).zip(terms.kind_of(case)) else {
        return page.lines(next(case, terms, now)).lines(all_clocks(case, terms, now));
    };
    let list = checklist(case, kind, policy);
    let mut lines = Vec::new();
    lines.extend(rests_on(case, kind, policy, &list, terms));
    for rule in list.missing.iter().chain(&list.wanted) {
        lines.push(Line::ours(format!("✗ {} is missing: {}", rule.label, rule.help)));
    }
    for (field, why) in &list.unread {
        let set = format!("{} set {} {}=…", terms.prefix(), case.id, field.key.replace(' ', "-"));
        let line = Line::ours("✗ ").theirs(&field.label).say(": ").theirs(&field.value);
        lines.push(line.say(" – ").theirs(why).say(": ").code(set));
    }
    for (field, piece, why) in &list.pieces {
        lines.push(Line::ours("✗ ").theirs(&field.label).say(": ").theirs(piece).say(" – ").theirs(why));
    }
    for field in &list.twice {
        lines.push(
            Line::ours("? ")
                .theirs(&field.label)
                .say(" stands more than once: ")
                .theirs(&field.value)
                .say(" – which is right?"),
        );
    }
    if let Some(field) = list.twice.first() {
        let set = format!("{} set {} {}=…", terms.prefix(), case.id, field.key.replace(' ', "-"));
        lines.push(Line::ours("Say it once: ").theirs(&set).indented());
    }
    lines.extend(unclear(case, kind, &list, terms, now));
    for account in &list.foreign {
        let line = Line::ours(if kind.own_accounts { "✗ " } else { "? " }).theirs(account.as_str());
        lines.push(line.say(if kind.own_accounts {
            " refused: it is not on a server that we run; ask its own operator"
        } else {
            " is not on a server that we run; we can act in our rooms only"
        }));
    }
    for (account, odd) in &list.odd {
        lines
            .push(Line::ours("? ").theirs(account.as_str()).say(" – look closely: ").theirs(&odd.join(", ")));
    }
    for (field, meant) in &list.unknown {
        let line = Line::ours("? ")
            .theirs(&field.label)
            .say(" is no line of this form; kept: ")
            .theirs(&field.value);
        lines.push(match meant {
            Some(meant) => line.say(format!(" – did you mean {}?", label_of(kind, meant))),
            None => line,
        });
    }
    if let Some((field, _)) = list.unknown.first() {
        lines.push(taken_off(case, field, terms));
    }
    for text in list.stray {
        lines.push(Line::ours("? not understood, kept: ").theirs(text));
    }
    lines.extend(text::named_aside(case, terms));
    lines.extend(text::second_requests(case, terms));
    lines.extend(cautions(case, terms).iter().map(text::caution));
    lines.extend(tried(case, terms));
    let both = [
        (Verifiable::Requester, kind.verify_requester || kind.may_disclose(case), &case.requester),
        (Verifiable::Instrument, kind.verify_instrument, &case.instrument),
    ];
    for (what, wanted, done) in both {
        if case.denied(what).is_some() {
            lines.push(denied(what, case, terms));
        } else if wanted || done.is_some() {
            lines.push(verified(what, done.as_ref(), terms.zone_of(case)));
        }
    }
    let gone = case.requester.as_ref().filter(|done| !still_lists(&terms.directory, done));
    lines.extend(gone.map(|done| Line::ours("✗ ").join(text::no_longer_listed(done))));
    lines.extend(older_policy(case, terms).map(|older| Line::ours("? ").join(older)));
    lines.extend(in_force(case, terms, now));
    if kind.attest {
        lines.push(attested(case, terms));
    }
    lines.extend(list.before_answer.iter().map(|rule| {
        Line::ours(format!("? {} is needed before an answer in full or in part: {}", rule.label, rule.help))
    }));
    if kind.asks_whose && asks_whose(case, kind) {
        lines.push(Line::ours("? whose it is nobody has said: its user is told once it is answered"));
    }
    let nobody = case.nobody.as_ref().map(|why| Line::ours("✓ no user of ours is concerned: ").theirs(why));
    lines.extend(nobody);
    lines.extend(countering(case, kind, policy, terms));
    lines.extend(still_to_do(case, policy, terms).iter().map(|key| {
        let help = kind.field(key).map_or("", |rule| rule.help.as_str());
        Line::ours(format!("? {} is still to be done: {help}", label_of(kind, key)))
    }));
    let scope = super::scope::lines(case, policy, terms, now);
    if !scope.is_empty() {
        lines.push(Line::ours("What is asked for:"));
        lines.extend(scope.into_iter().map(Line::indented));
    }
    // Of secrecy until a day that is over something else is said.
    let is_over = text::secrecy_over(case, terms, now).is_some();
    let present_still = list.present.iter().filter(|field| !(is_over && field.is_about_secrecy()));
    lines.extend(present_still.map(|field| present(field)));
    page.lines(next(case, terms, now)).lines(lines).lines(all_clocks(case, terms, now))
}

/// What stands there and is asked about all the same.
fn unclear(case: &Case, kind: &Kind, list: &Checklist<'_>, terms: &Terms, now: DateTime<Utc>) -> Vec<Line> {
    let set = |key: &str| format!("{} set {} {}=…", terms.prefix(), case.id, key.replace(' ', "-"));
    let mut lines = Vec::new();
    if let Some((first, last)) = list.turned {
        let line = Line::ours("✗ ").theirs(&first.label).say(" (").theirs(&first.value);
        let line = line.say(") is later than ").theirs(&last.label).say(" (").theirs(&last.value);
        lines.push(line.say("): which days are meant? ").code(set(&first.key)));
    }
    for field in &list.guessed {
        let line = Line::ours("? ").theirs(&field.label).say(": ").theirs(&field.value);
        let line = line.say(" – guessed from the text: check it, then ");
        // To repeat the same value is to confirm it.
        lines.push(line.code(set(&field.key)));
    }
    for field in &list.claimed {
        let key = field.key.strip_prefix("their ").unwrap_or(&field.key);
        let line = Line::ours(format!("? {}: ", label_of(kind, key))).theirs(&field.value);
        lines.push(line.say(" – the requester’s words; only we set this line, so it does not count"));
    }
    lines.extend(text::order_named(case, terms, str::to_owned).map(|line| Line::ours("? ").join(line)));
    lines.extend(text::secrecy_over(case, terms, now).map(|line| Line::ours("? ").join(line)));
    lines
}

/// That it is not linked to the notice that it counters, and which that may be; what is to go out before an answer (rule 41).
fn countering(case: &Case, kind: &Kind, policy: &Policy, terms: &Terms) -> Vec<Line> {
    let mut lines = Vec::new();
    if counters_nobody(case, kind) {
        lines.push(Line::ours("✗ which notice does it counter? That one’s clock counts from it"));
        lines.extend(case.beside.may_counter.iter().map(|other| {
            let link = format!("{} link {} {other} as=counter", terms.prefix(), case.id);
            Line::ours(format!("It may be {other}: ")).code(link).indented()
        }));
        if case.outcome.is_none() {
            let refuse = text::no_notice_on_file(&case.id.to_string(), policy, terms);
            lines.push(Line::ours("If none is on file: ").code(refuse).indented());
        }
    }
    lines.extend(text::may_counter_too(case, kind, terms));
    let first = letter::unsent_before_answer(case, kind).filter(|_| case.outcome.is_none());
    lines.extend(
        first.map(|name| {
            Line::ours(format!("? the letter {name} goes out before an answer in full or in part"))
        }),
    );
    lines
}

/// How the form writes a key.
pub(super) fn label_of<'k>(kind: &'k Kind, key: &'k str) -> &'k str {
    kind.field(key).map_or(key, |rule| rule.label.as_str())
}

/// How a line that is not of the form is taken off once it has been seen.
fn taken_off(case: &Case, field: &Field, terms: &Terms) -> Line {
    let set = format!("{} set {}", terms.prefix(), case.id);
    let line = Line::ours("Once seen, a line is taken off with ").indented();
    let typed_as_pair = field.key.starts_with(char::is_alphabetic)
        && field.key.chars().all(|c| c.is_alphanumeric() || matches!(c, ' ' | '.'))
        && !field.key.ends_with('.')
        && !field.key.contains("..");
    if typed_as_pair {
        line.theirs(&format!("{set} {}=", field.key.replace(' ', "-")))
    } else {
        line.code(set).say(" and, on a line below it, ").theirs(&format!("{}:", field.label))
    }
}

/// Calls since the last confirmation that brought none.
fn tried(case: &Case, terms: &Terms) -> Vec<Line> {
    let lines = case.tried.iter().map(|tried| {
        let Verification { at, by, how, entry, call } = &tried.verification;
        let line = Line::ours(format!("✗ {} ", dates::short(*at, terms.zone_of(case))));
        line.join(text::unconfirmed(tried.what, tried.outcome))
            .theirs(by.as_str())
            .say(": ")
            .theirs(how)
            .join(text::source(entry.as_deref(), call.as_ref(), terms.zone_of(case)))
    });
    lines.collect()
}

fn denied(what: Verifiable, case: &Case, terms: &Terms) -> Line {
    let line = Line::ours("✗ ").strong(text::in_short(what)).say(" – ");
    if case.outcome.is_some() {
        line.say("nothing goes out")
    } else {
        line.join(text::if_theirs_after_all(what, case.id, terms))
    }
}

/// That what it rests on has lapsed, or begins later.
fn in_force(case: &Case, terms: &Terms, now: DateTime<Utc>) -> Option<Line> {
    match force(case, terms, now) {
        Force::Is => None,
        Force::Lapsed { on } => Some(Line::ours(format!(
            "✗ what it rests on has lapsed, {}: ask for a new order",
            dates::moment(on, terms.zone_of(case))
        ))),
        Force::Begins { on } => Some(Line::ours(format!(
            "✗ what it rests on is in force only from {}: is that day right?",
            dates::moment(on, terms.zone_of(case))
        ))),
    }
}

fn verified(what: Verifiable, done: Option<&Verification>, zone: Tz) -> Line {
    let what = text::verifiable(what);
    match done {
        Some(done) => Line::ours(format!("✓ {what} verified {} by ", dates::short(done.at, zone)))
            .theirs(done.by.as_str())
            .say(": ")
            .theirs(&done.how)
            .join(text::source(done.entry.as_deref(), done.call.as_ref(), zone)),
        None => Line::ours(format!("✗ {what} is not verified")),
    }
}

fn attested(case: &Case, terms: &Terms) -> Line {
    match &case.attested {
        Some(done) => {
            Line::ours(format!("✓ danger attested {} by ", dates::short(done.at, terms.zone_of(case))))
                .theirs(done.by.as_str())
                .say(": ")
                .theirs(&done.reason)
        }
        None => Line::ours("✗ the danger is not attested; an approver does: ").code(format!(
            "{} attest {} reason=…",
            terms.prefix(),
            case.id
        )),
    }
}

/// Where it comes from and what it rests on: whether that authority may ask, and by this (rules 1 to 4).
fn rests_on(case: &Case, kind: &Kind, policy: &Policy, list: &Checklist<'_>, terms: &Terms) -> Vec<Line> {
    let command = |rest: &str| format!("{} {rest}", terms.prefix());
    let is_missing = |key: &str| list.missing.iter().any(|rule| rule.key == key);
    let mut lines = Vec::new();
    match &list.origin {
        Origin::NotAsked | Origin::Accepted => {}
        Origin::ByTreaty => lines.push(Line::ours("✓ came by mutual legal assistance")),
        Origin::Daa => lines.push(Line::ours(
            "? under a data access agreement: counsel decides, and it is not redirected by itself",
        )),
        Origin::NotAccepted { country } => {
            let text = Some(policy.said("mlat")).filter(|text| !text.is_empty());
            let text = text.unwrap_or_else(|| "Its authorities ask by mutual legal assistance.".to_owned());
            lines.push(Line::ours(format!("✗ from {country}: refused. {text}")));
            lines.push(
                Line::ours("To say so: ").code(command(&format!("redirect {} mlat", case.id))).indented(),
            );
        }
        Origin::NotSaid if is_missing(JURISDICTION_KEY) => {}
        Origin::NotSaid => lines.push(
            Line::ours("✗ it does not say from which country: ")
                .code(command(&format!("set {} {JURISDICTION_KEY}=…", case.id))),
        ),
        Origin::Unread => lines.extend(country_lines(case, policy).map(|field| {
            Line::ours("✗ ")
                .theirs(&field.label)
                .say(": ")
                .theirs(&field.value)
                .say(" – which country is that? Write two letters, such as GB")
        })),
    }
    if let Some(field) = list.via_unread {
        let line = Line::ours("? ").theirs(&field.label).say(": ").theirs(&field.value);
        lines.push(line.say(" – write direct, mlat or daa"));
    }
    if let Some(instrument) = list.instrument {
        let line = Line::ours(format!("✓ rests on: {}", instrument.title));
        lines.push(if counsel_decides(case, policy) {
            line.say(" – counsel decides what becomes of it")
        } else {
            line
        });
    }
    if let Some(why) = &list.unidentified {
        let line = Line::ours(if list.needs_instrument { "✗ " } else { "? " });
        let line =
            line.say(label_of(kind, INSTRUMENT_KEY)).say(" ").join(text::unidentified(why, case, policy));
        lines.push(line.say(". Until it is known, the user is not told"));
    } else if list.lacks_instrument() && !is_missing(INSTRUMENT_KEY) {
        lines.push(Line::ours("✗ there is no instrument, and nothing is given out without one"));
    }
    lines
}

fn present(field: &Field) -> Line {
    let line = Line::ours("✓ ").theirs(&field.label).say(": ");
    match &field.reading {
        Reading::Day { day } => line.say(dates::day(*day)),
        Reading::Secrecy(Secrecy::Until { day }) => line.say(format!("until {}", dates::day(*day))),
        Reading::Email { odd, .. } if !odd.is_empty() => {
            line.theirs(&field.value).say(" – look closely: ").theirs(&odd.join(", "))
        }
        // What was understood, not what was typed: a link to an account is that account.
        Reading::Accounts { named, .. } => {
            let named: Vec<&str> = named.iter().map(|subject| subject.account.as_str()).collect();
            line.theirs(&named.join(", "))
        }
        Reading::Text
        | Reading::Email { .. }
        | Reading::Secrecy(_)
        | Reading::Unknown { .. }
        | Reading::Unread { .. }
        | Reading::Claimed => line.theirs(&field.value),
    }
}
