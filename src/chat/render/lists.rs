//! Lists of cases, and the history of one.

use chrono::{DateTime, Utc};

use super::card::{brief, head};
use super::history::{Entry, rows};
use super::sealed::in_short;
use crate::case::{Case, Event, Stage, Terms};
use crate::chat::page::{Line, Page, SHORT};
use crate::chat::text;

/// How many cases stand on a page.
pub const PAGE: usize = 20;

/// One page of a list of cases, found by the words `typed`; whether there are more, and whether the search was cut short.
pub fn list(
    cases: &[Case],
    typed: &str,
    page: usize,
    (more, cut): (bool, bool),
    terms: &Terms,
    now: DateTime<Utc>,
) -> Page {
    let command = |rest: String| format!("{} {rest}", terms.prefix());
    if cases.is_empty() {
        let line = match (page, typed) {
            (1, "list") => Line::ours("No open case. Closed ones too: ").code(command("list all".to_owned())),
            (1, "list overdue") => {
                Line::ours("Nothing is overdue. What falls due next: ").code(command("due".to_owned()))
            }
            (1, "mine") => {
                Line::ours("You have no open case. All that are open: ").code(command("list".to_owned()))
            }
            (1, typed) if is_of_open(typed) => Line::ours("No such case is open. Closed ones too: ")
                .theirs(&command(typed.replacen("list", "list all", 1))),
            (1, _) => Line::ours("No such case. All there are: ").code(command("list all".to_owned())),
            _ => Line::ours(format!("There is no page {page}.")),
        };
        return ended(Page::of(line), typed, cut, terms);
    }
    let shown = cases.iter().map(|case| match case.is_sealed() {
        true => in_short(case, terms, now),
        false => head(case, terms).dot().join(owner(case)).join(about(case)),
    });
    let mut out = Page::new().lines(shown);
    if more {
        out = out.line(Line::ours("More: ").theirs(&command(format!("{typed} page={}", page + 1))));
    }
    ended(out, typed, cut, terms)
}

/// Whether closed cases are left out of a list, and could be what somebody looks for there.
fn is_of_open(typed: &str) -> bool {
    let mut words = typed.split(' ');
    let narrows = |word: &str| {
        let stage = word.strip_prefix("stage=").unwrap_or(word);
        matches!(word, "all" | "open" | "overdue") || Stage::ALL.iter().any(|known| known.name() == stage)
    };
    words.next() == Some("list") && !words.any(narrows)
}

/// What was found for words.
pub fn found(
    cases: &[Case],
    words: &str,
    page: usize,
    (more, cut): (bool, bool),
    terms: &Terms,
    now: DateTime<Utc>,
) -> Page {
    if cases.is_empty() && page == 1 {
        let hint = if words.chars().any(char::is_alphanumeric) {
            ". Whole words count, not parts of them."
        } else {
            ". I look for words and numbers, not for signs alone."
        };
        return ended(Page::of(Line::ours("Nothing found for ").theirs(words).say(hint)), "find", cut, terms);
    }
    list(cases, &format!("find {words}"), page, (more, cut), terms, now)
}

/// Says if the search was cut short, and how to narrow it.
fn ended(page: Page, typed: &str, cut: bool, terms: &Terms) -> Page {
    if !cut {
        return page;
    }
    let narrow = if typed.starts_with("find") {
        "another word, or a rarer one"
    } else if typed.split(' ').any(|word| word == "overdue") {
        let line = Line::ours(
            "I stopped after the 5,000 cases that have been overdue the longest. All of them, in that order: ",
        );
        return page.line(line.code(format!("{} due", terms.prefix())));
    } else {
        "a kind, a stage, owner=, subject= or tag="
    };
    page.line(Line::ours(format!(
        "I stopped after 5,000 candidates, so older ones may be missing. Narrow it with {narrow}."
    )))
}

pub(super) fn owner(case: &Case) -> Line {
    match &case.owner {
        Some(owner) => Line::new().theirs(&format!("@{}", owner.localpart())),
        None => Line::ours("nobody"),
    }
}

/// Enough to recognise a case by: who asks, or about whom, or what it says.
fn about(case: &Case) -> Line {
    let said = |key| case.fields_of(key).next().map(|field| field.value.as_str());
    let subject = case.subjects().next().map(|subject| subject.account.as_str());
    let best = said("agency")
        .or(subject)
        .or_else(|| said("reference"))
        .or_else(|| said("subject"))
        .or_else(|| said("officer"))
        .or_else(|| said("context"));
    match best {
        Some(said) => Line::ours(" · ").theirs(&brief(said, 40)),
        None => Line::new(),
    }
}

/// One page of the history of a case, newest first.
pub fn log(case: &Case, entries: &[Entry], page: usize, more: bool, terms: &Terms) -> Page {
    let mut out = Page::of(head(case, terms));
    for row in rows(entries) {
        out = details(out.line(row.line(terms.zone_of(case))), row.event);
    }
    if entries.iter().any(|entry| entry.in_doubt) {
        out = out.line(text::times_in_doubt());
    }
    if more {
        let command = format!("{} log {} page={}", terms.prefix(), case.id, page + 1);
        out = out.line(Line::ours("Older: ").code(command));
    }
    out
}

/// What does not fit into the line of an event: the log is where everything can be read.
fn details(mut out: Page, event: &Event) -> Page {
    if let Event::Noted { text } = event {
        return out.their_text(text);
    }
    if let Event::FieldSet { field } = event
        && is_long(&field.value)
    {
        return out.their_text(&field.value);
    }
    if let Event::Opened { fields, stray, .. } = event {
        for field in fields {
            let label = match field.known() {
                true => Line::new().known(&field.label),
                false => Line::new().theirs(&field.label),
            };
            let label = label.say(": ").indented();
            out = if is_long(&field.value) {
                out.line(label).their_text(&field.value)
            } else {
                out.line(label.theirs(&field.value))
            };
        }
        return stray.iter().fold(out, |out, line| out.their_text(line));
    }
    out
}

/// Whether a line would have to cut it.
fn is_long(value: &str) -> bool {
    value.chars().nth(SHORT).is_some() || value.contains('\n')
}

/// How many records of a history stand on a page.
pub const LOG_PAGE: usize = 20;
