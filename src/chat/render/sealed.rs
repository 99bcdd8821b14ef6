//! All that everybody sees of a sealed case: its number, its stage, who works it and the nearest date. Says nothing of what
//! it is about, neither its kind nor what falls due.

use chrono::{DateTime, Utc};

use super::card::stage;
use super::lists::owner;
use crate::case::{Case, Terms, clocks};
use crate::chat::page::{Line, Page};
use crate::chat::{dates, text};

/// `C-42 · sealed · received · @sam · due Fri 27 Nov 2026`, or since when it is overdue.
pub(super) fn in_short(case: &Case, terms: &Terms, now: DateTime<Utc>) -> Line {
    let line = Line::new().strong(case.id.to_string()).say(" · sealed").dot().say(stage(case, terms));
    let line = line.dot().join(owner(case));
    let Some(nearest) = clocks(case, terms).into_iter().next() else { return line };
    let date = dates::deadline(nearest.due, nearest.zone);
    if nearest.due > now || nearest.ends_by_itself() {
        return line.dot().say(format!("due {date}"));
    }
    line.dot().say(format!("overdue since {date} {}", dates::until(nearest.due, now, nearest.zone)))
}

/// The answer to whoever asks to be shown it and may not see it.
pub fn not_shown(case: &Case, terms: &Terms, now: DateTime<Utc>) -> Page {
    Page::of(text::not_allowed(case.id, terms)).line(in_short(case, terms, now))
}
