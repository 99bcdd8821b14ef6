//! What falls due, on a card, in a checklist and in a list.

use chrono::{DateTime, TimeDelta, Utc};

use super::card::stage;
use super::lists::owner;
use super::sealed::in_short;
use crate::case::clock::runs;
use crate::case::{Case, Clock, Terms, clocks};
use crate::chat::page::{Line, Page};
use crate::chat::text;

/// How many clocks a card shows.
const CLOCKS_SHOWN: usize = 3;
/// Further clocks are shown that fall due so soon after the nearest.
const SHOWN_WITHIN: TimeDelta = TimeDelta::days(7);

/// The nearest clocks of a case, a line each, and what stands still.
pub(super) fn deadlines(case: &Case, terms: &Terms, now: DateTime<Utc>) -> Vec<Line> {
    let runs = runs(case, terms);
    let (still, running): (Vec<_>, Vec<_>) = runs.into_iter().partition(|run| run.still);
    let clocks: Vec<Clock> = running.into_iter().map(|run| run.clock).collect();
    let Some(nearest) = clocks.first() else {
        return still.iter().map(|run| Line::ours(text::still(run)).begin_sentence()).collect();
    };
    // Of what is overdue each is as pressing as the first.
    let last = nearest.due.max(now).checked_add_signed(SHOWN_WITHIN).unwrap_or(nearest.due);
    let near = clocks.iter().take_while(|clock| clock.due <= last).take(CLOCKS_SHOWN);
    let lines = near.map(|clock| text::clock(clock, now, terms.zone));
    lines.chain(still.iter().map(text::still)).map(|line| Line::ours(line).begin_sentence()).collect()
}

/// Every clock of a case, with from when it counts.
pub(super) fn all_clocks(case: &Case, terms: &Terms, now: DateTime<Utc>) -> Vec<Line> {
    let runs = runs(case, terms);
    runs.iter().map(|run| Line::ours(text::clock_whole(run, now, terms.zone))).collect()
}

/// One page of what falls due, nearest first, found by the words `typed`.
pub fn due(cases: &[Case], typed: &str, page: usize, more: bool, terms: &Terms, now: DateTime<Utc>) -> Page {
    let command = |rest: String| format!("{} {rest}", terms.prefix());
    if cases.is_empty() {
        return Page::of(match (page, typed) {
            (1, "due") => Line::ours("Nothing falls due: no clock runs."),
            (1, "due overdue") => {
                Line::ours("Nothing is overdue. What falls due next: ").code(command("due".to_owned()))
            }
            (1, _) => {
                Line::ours("Nothing falls due until then. What comes later: ").code(command("due".to_owned()))
            }
            _ => Line::ours(format!("There is no page {page}.")),
        });
    }
    let out = Page::new().lines(cases.iter().map(|case| {
        if case.is_sealed() {
            return in_short(case, terms);
        }
        let line =
            Line::new().strong(case.id.to_string()).dot().say(stage(case, terms)).dot().join(owner(case));
        match clocks(case, terms).first() {
            Some(nearest) => line.dot().say(text::clock(nearest, now, terms.zone)),
            None => line,
        }
    }));
    if !more {
        return out;
    }
    out.line(Line::ours("More: ").theirs(&command(format!("{typed} page={}", page + 1))))
}
