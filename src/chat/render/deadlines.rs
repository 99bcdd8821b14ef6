//! What falls due, on a card, in a checklist and in a list.

use chrono::{DateTime, TimeDelta, Utc};

use super::bound::{self, GAG, HOLD};
use super::card::stage;
use super::lists::owner;
use super::sealed::in_short;
use crate::case::clock::{IDLE, PERMISSION, Run, is_approval, runs};
use crate::case::{Case, Clock, Terms, clocks};
use crate::chat::page::{Line, Page};
use crate::chat::text;

/// How many clocks a card shows.
const CLOCKS_SHOWN: usize = 3;
/// How many codes of proposals one line names.
const CODES_SHOWN: usize = 3;
/// Further clocks are shown that fall due so soon after the nearest.
const SHOWN_WITHIN: TimeDelta = TimeDelta::days(7);
/// A question to an authority is asked once a year or so: before this it only takes the room of what is to be done now.
const QUESTION_WITHIN: TimeDelta = TimeDelta::days(30);

/// The nearest clocks of a case, a line each, and what stands still.
pub(super) fn deadlines(case: &Case, terms: &Terms, now: DateTime<Utc>) -> Vec<Line> {
    let still = runs(case, terms).into_iter().filter(|run| run.still);
    let still = still.map(|run| Line::ours(text::still(&run)).begin_sentence());
    let near = near(case, terms, now);
    let all = runs(case, terms);
    let near = near.iter().map(|clock| {
        let untold = all.iter().find(|run| run.clock.name == clock.name).and_then(|run| run.untold(case));
        Line::ours(text::clock(clock, now))
            .begin_sentence()
            .join(detail(clock, case))
            .join(text::untold(untold, clock, now))
    });
    near.chain(still).collect()
}

/// The clocks that a card shows, nearest first.
pub(super) fn near(case: &Case, terms: &Terms, now: DateTime<Utc>) -> Vec<Clock> {
    let mut clocks = clocks(case, terms);
    let is_far = |clock: &Clock| clock.name == PERMISSION && clock.due - now > QUESTION_WITHIN;
    clocks.retain(|clock| !is_far(clock) && !is_quiet(clock, now));
    // However many proposals wait, they take one line, which names them.
    let mut approvals = 0;
    clocks.retain(|clock| {
        approvals += usize::from(is_approval(&clock.name));
        !is_approval(&clock.name) || approvals == 1
    });
    let Some(nearest) = clocks.first() else { return clocks };
    // Of what is overdue each is as pressing as the first.
    let last = nearest.due.max(now).checked_add_signed(SHOWN_WITHIN).unwrap_or(nearest.due);
    let count = clocks.iter().take_while(|clock| clock.due <= last).take(CLOCKS_SHOWN).count();
    clocks.truncate(count);
    // That somebody is to look at it waits for what falls due so soon (as in the overview).
    clocks.sort_by_key(|clock| clock.name == IDLE);
    clocks
}

/// What a list says of when a case falls due: the nearest clock, and behind what falls due within days that it is to be looked at.
fn in_a_list(case: &Case, terms: &Terms, now: DateTime<Utc>) -> Vec<Clock> {
    let all = clocks(case, terms);
    if all.first().is_none_or(|nearest| nearest.name != IDLE || is_quiet(nearest, now)) {
        return all.into_iter().take(1).collect();
    }
    let mut shown = near(case, terms, now);
    let looked_at = shown.pop();
    shown.truncate(1);
    shown.extend(looked_at);
    shown
}

/// Whether it is the question that comes up if nothing happens, and something still may.
fn is_quiet(clock: &Clock, now: DateTime<Utc>) -> bool {
    clock.name == IDLE && clock.due > now
}

/// What else there is to say of a hold, a gag or a proposal, so that it needs no line of its own.
fn detail(clock: &Clock, case: &Case) -> Line {
    match (clock.name.as_str(), &case.hold, &case.gag) {
        (HOLD, Some(hold), _) => Line::ours(bound::extended(hold)),
        (GAG, _, Some(gag)) => Line::new().dot().join(bound::order(gag)),
        (name, _, _) if is_approval(name) => Line::new().dot().say(codes(case)),
        _ => Line::new(),
    }
}

/// The codes of what waits for a second person.
fn codes(case: &Case) -> String {
    let open = case.proposals.iter().filter(|proposal| proposal.approved.is_none());
    let codes: Vec<&str> = open.map(|proposal| proposal.code.as_str()).collect();
    let shown = codes.iter().take(CODES_SHOWN).copied().collect::<Vec<_>>().join(", ");
    match (codes.len(), codes.len().saturating_sub(CODES_SHOWN)) {
        (0 | 1, _) => format!("code {shown}"),
        (_, 0) => format!("codes {shown}"),
        (_, more) => format!("codes {shown} and {more} more"),
    }
}

/// Every clock of a case, with from when it counts.
pub(super) fn all_clocks(case: &Case, terms: &Terms, now: DateTime<Utc>) -> Vec<Line> {
    let runs = runs(case, terms);
    let line = |run: &Run<'_>| {
        // While it stands still its end does not pass.
        let reached = if run.still { now.min(run.clock.due) } else { now };
        Line::ours(text::clock_whole(run, now)).join(text::untold(run.untold(case), &run.clock, reached))
    };
    runs.iter().filter(|run| !is_quiet(&run.clock, now)).map(line).collect()
}

/// One page of what falls due, nearest first, found by the words `typed`.
pub fn due(
    cases: &[Case],
    typed: &str,
    page: usize,
    more: bool,
    over: (usize, bool),
    terms: &Terms,
    now: DateTime<Utc>,
) -> Page {
    let command = |rest: String| format!("{} {rest}", terms.prefix());
    let besides = (over.0 > 0).then(|| {
        let count = if over.1 { format!("more than {}", over.0) } else { over.0.to_string() };
        Line::ours(format!("Overdue besides {count}: ")).code(command("due overdue".to_owned()))
    });
    if cases.is_empty() {
        let none = Page::of(match (page, typed) {
            (1, "due") => Line::ours("Nothing falls due: no clock runs."),
            (1, "due overdue") => {
                Line::ours("Nothing is overdue. What falls due next: ").code(command("due".to_owned()))
            }
            (1, _) => {
                Line::ours("Nothing falls due until then. What comes later: ").code(command("due".to_owned()))
            }
            _ => Line::ours(format!("There is no page {page}.")),
        });
        return none.lines(besides);
    }
    let out = Page::new().lines(cases.iter().map(|case| {
        if case.is_sealed() {
            return in_short(case, terms, now);
        }
        let line =
            Line::new().strong(case.id.to_string()).dot().say(stage(case, terms)).dot().join(owner(case));
        in_a_list(case, terms, now).iter().fold(line, |line, clock| line.dot().say(text::clock(clock, now)))
    }));
    let further = more.then(|| Line::ours("More: ").theirs(&command(format!("{typed} page={}", page + 1))));
    out.lines(further).lines(besides)
}
