//! All that everybody sees of a sealed case: its number, its stage, who works it and the nearest date. Says nothing of what
//! it is about, neither its kind nor what falls due.

use super::card::stage;
use super::lists::owner;
use crate::case::{Case, Terms, clocks};
use crate::chat::page::{Line, Page};
use crate::chat::{dates, text};

/// `C-42 · sealed · received · @sam · due Fri 27 Nov 2026`.
pub(super) fn in_short(case: &Case, terms: &Terms) -> Line {
    let line = Line::new().strong(case.id.to_string()).say(" · sealed").dot().say(stage(case, terms));
    let line = line.dot().join(owner(case));
    match clocks(case, terms).first() {
        Some(nearest) => line.dot().say(format!("due {}", dates::deadline(nearest.due, nearest.zone))),
        None => line,
    }
}

/// The answer to whoever asks to be shown it and may not see it.
pub fn not_shown(case: &Case, terms: &Terms) -> Page {
    Page::of(text::not_allowed(case.id, terms)).line(in_short(case, terms))
}
