//! The checklist: what is there, what is missing, what is refused and why.

use chrono::{DateTime, Utc};

use super::card::head;
use super::deadlines::all_clocks;
use super::next::next;
use crate::case::{Case, Field, Kind, Reading, Secrecy, Terms, Verification, checklist};
use crate::chat::dates;
use crate::chat::page::{Line, Page};

/// The checklist of a case.
pub fn check(case: &Case, terms: &Terms, now: DateTime<Utc>) -> Page {
    let page = Page::of(head(case, terms));
    let Some(kind) = terms.kind_of(case) else {
        return page.lines(next(case, terms)).lines(all_clocks(case, terms, now));
    };
    let list = checklist(case, kind);
    let mut lines = Vec::new();
    for rule in &list.missing {
        lines.push(Line::ours(format!("✗ {} is missing: {}", rule.label, rule.help)));
    }
    for (field, why) in &list.unread {
        lines.push(
            Line::ours("✗ ").theirs(&field.label).say(": ").theirs(&field.value).say(" – ").theirs(why),
        );
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
    if kind.verify_requester {
        lines.push(verified("requester", case.requester.as_ref(), terms));
    }
    if kind.verify_instrument {
        lines.push(verified("instrument", case.instrument.as_ref(), terms));
    }
    lines.extend(list.present.iter().map(|field| present(field)));
    page.lines(next(case, terms)).lines(lines).lines(all_clocks(case, terms, now))
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
        && field.key.chars().all(|c| c.is_alphanumeric() || c == ' ');
    if typed_as_pair {
        line.theirs(&format!("{set} {}=", field.key.replace(' ', "-")))
    } else {
        line.code(set).say(" and, on a line below it, ").theirs(&format!("{}:", field.label))
    }
}

fn verified(what: &str, done: Option<&Verification>, terms: &Terms) -> Line {
    match done {
        Some(done) => Line::ours(format!("✓ {what} verified {} by ", dates::short(done.at, terms.zone)))
            .theirs(done.by.as_str())
            .say(": ")
            .theirs(&done.how)
            .join(match &done.entry {
                Some(entry) => Line::ours(" · directory entry ").theirs(entry),
                None => Line::new(),
            }),
        None => Line::ours(format!("✗ {what} is not verified")),
    }
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
        | Reading::Unread { .. } => line.theirs(&field.value),
    }
}
