//! What `conflicts` shows: the cases that name an account, and what contradicts.

use chrono::{DateTime, Utc};

use super::card::head;
use super::sealed::in_short;
use crate::case::conflict::{MOST_CASES, erased_lines, may_be_held_back};
use crate::case::{Account, Case, Clash, Conflict, Terms, mention};
use crate::chat::page::{Line, Page};
use crate::chat::{dates, text};

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
    let page = clashes(Page::of(head(case, terms)), found, cut, unshown, terms);
    page.lines(kept_by_nothing_else(case, found, unshown, terms).filter(|_| !cut))
}

/// What keeps what a case asks to have erased where no other case does: its own hold, or nothing any more.
fn kept_by_nothing_else(case: &Case, found: &[Conflict], unshown: bool, terms: &Terms) -> Option<Line> {
    let is_against =
        |conflict: &Conflict| conflict.one == case.id && conflict.how == Clash::ErasureAgainstHold;
    let kind = terms.kind_of(case);
    if unshown || found.iter().any(is_against) || !may_be_held_back(case, kind) || case.closed.is_some() {
        return None;
    }
    if let Some(hold) = case.hold.as_ref().filter(|hold| hold.runs()) {
        let until = dates::deadline(hold.until, terms.zone_of(case));
        return Some(Line::ours(format!("! Its own hold keeps it until {until}")));
    }
    let policy = terms.policy_of(case);
    let line = Line::ours("Nothing keeps it any more");
    let key = erased_lines(case, policy).into_iter().find(|key| !case.has_done(key));
    Some(match key.filter(|_| case.outcome.is_some()) {
        Some(key) => {
            let set = format!("{} set {} {}=…", terms.prefix(), case.id, key.replace(' ', "-"));
            line.say(". Once it is erased: ").code(set)
        }
        None => line.say("."),
    })
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
