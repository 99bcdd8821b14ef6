//! What `conflicts` shows: the cases that name an account, and what contradicts.

use chrono::{DateTime, Utc};

use super::card::head;
use super::sealed::in_short;
use crate::case::conflict::MOST_CASES;
use crate::case::{Account, Case, Clash, Conflict, Terms, mention};
use crate::chat::page::{Line, Page};
use crate::chat::text;

/// How many cases, and how many contradictions, are listed: as many as a phone shows.
const MOST_SHOWN: usize = 5;

/// Every case that names an account, and what contradicts among them.
pub fn conflicts(
    account: &Account,
    cases: &[Case],
    cut: bool,
    found: &[Conflict],
    unshown: bool,
    terms: &Terms,
    now: DateTime<Utc>,
) -> Page {
    let line = Line::new().theirs(account.as_str());
    if cases.is_empty() {
        return Page::of(line.say(" is named in no case."));
    }
    let count = match (cases.len(), cut) {
        (1, _) => " is named in one case:".to_owned(),
        (count, false) => format!(" is named in {count} cases:"),
        (count, true) => format!(" is named in more than {count} cases; the newest of them:"),
    };
    let shown = cases.iter().take(MOST_SHOWN).map(|case| {
        if case.is_sealed() {
            return in_short(case, terms, now).indented();
        }
        // It is found however it is written; who reads it must see that it is.
        let written = mention::own_writing(case, account).filter(|written| *written != account);
        let line = head(case, terms);
        match written {
            Some(written) => line.say(" · written ").theirs(written.as_str()).indented(),
            None => line.indented(),
        }
    });
    let mut page = Page::of(line.say(count)).lines(shown);
    if cases.len() > MOST_SHOWN {
        let list = format!("{} list all subject={account}", terms.prefix());
        page = page.line(Line::ours(format!("and {} more: ", cases.len() - MOST_SHOWN)).theirs(&list));
    }
    clashes(page, found, cut, unshown, terms)
}

/// What contradicts a case.
pub fn conflicts_of(case: &Case, found: &[Conflict], cut: bool, unshown: bool, terms: &Terms) -> Page {
    clashes(Page::of(head(case, terms)), found, cut, unshown, terms)
}

fn clashes(page: Page, found: &[Conflict], cut: bool, unshown: bool, terms: &Terms) -> Page {
    let mut page = match found {
        [] if unshown => page,
        [] => page.line(Line::ours("Nothing contradicts.")),
        _ => page.line(Line::ours("What contradicts:")),
    };
    for conflict in found.iter().take(MOST_SHOWN) {
        page = page.line(Line::ours("! ").join(text::clash(conflict)));
    }
    page = page.lines(unshown.then(|| text::kept_unshown(terms)));
    if found.len() > MOST_SHOWN {
        page = page.line(Line::ours(format!("and {} more contradictions", found.len() - MOST_SHOWN)));
    }
    if let Some(erasure) = found.iter().find(|conflict| conflict.how == Clash::ErasureAgainstHold) {
        let note = format!("{} note {} …", terms.prefix(), erasure.one);
        page = page.line(Line::ours("Put on record what was decided: ").code(note));
    }
    if cut {
        page = page.line(Line::ours(format!(
            "I looked at the newest {MOST_CASES} cases of an account; older ones may contradict too."
        )));
    }
    page
}
