//! What is said where one person went ahead without a second: to them, and to everybody at once.

use chrono::{DateTime, Utc};

use crate::case::decide::{review_due, unreviewed};
use crate::case::{Account, Alone, Case, Event, Terms};
use crate::chat::dates;
use crate::chat::page::{Line, Page};

/// By when it is to be reviewed, and how.
pub fn to_be_reviewed(case: &Case, terms: &Terms, now: DateTime<Utc>) -> Line {
    let done = unreviewed(case).last();
    // While it cools it counts from now; it counts anew when it is done.
    let cooling = Alone { by: case.opened_by.clone(), at: now, reason: String::new(), reviewed_by: None };
    let due = review_due(case, done.unwrap_or(&cooling), terms);
    Line::ours(format!("Somebody else is to review it by {}: ", dates::deadline(due, terms.zone)))
        .code(format!("{} set {} review=\"…\"", terms.prefix(), case.id))
}

/// The word to everybody: who did what alone, and why.
pub fn went_alone(case: &Case, events: &[Event], by: &Account, terms: &Terms, at: DateTime<Utc>) -> Page {
    let mut page = Page::new();
    for event in events {
        if let Event::Approved { code, ready, alone: Some(reason) } = event {
            let line = Line::new()
                .strong(case.id.to_string())
                .dot()
                .theirs(by.as_str())
                .say(format!(" goes ahead ALONE ({code})"));
            // The room reads this, and not everybody there may see a sealed case.
            let line = if case.is_sealed() { line } else { line.say(": ").theirs(reason) };
            page = page.line(line);
            if *ready > at {
                let deny = format!("{} deny {}", terms.prefix(), case.id);
                let until = dates::moment(*ready, terms.zone);
                page = page.line(Line::ours(format!("It is done {until} unless somebody says ")).code(deny));
            }
        }
    }
    page.line(to_be_reviewed(case, terms, at))
}
