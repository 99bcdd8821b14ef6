//! A clock in words: what falls due, when, and how far away that is.

use chrono::{DateTime, Utc};
use chrono_tz::Tz;

use crate::case::Clock;
use crate::case::clock::Run;
use crate::chat::dates;

/// `answer due Fri 27 Nov 2026 (in 7 days)`, or since when it is overdue.
pub fn clock(clock: &Clock, now: DateTime<Utc>, zone: Tz) -> String {
    let when = format!("{} {}", dates::deadline(clock.due, zone), dates::until(clock.due, now, zone));
    let title = &clock.title;
    if clock.due <= now {
        return match title.strip_suffix(" due") {
            Some(what) => format!("{what} overdue since {when}"),
            None => format!("{title}: overdue since {when}"),
        };
    }
    let by = if title.contains(" to be ") { " by" } else { "" };
    let line = format!("{title}{by} {when}");
    match clock.earliest.filter(|earliest| *earliest > now) {
        Some(earliest) => format!("{line}, not before {}", dates::deadline(earliest, zone)),
        None => line,
    }
}

/// That a clock stands still.
pub fn still(run: &Run<'_>) -> String {
    format!("{} stands still while we wait for the requester", run.clock.name)
}

/// A clock whole: what falls due, since when it runs, how it was extended.
pub fn clock_whole(run: &Run<'_>, now: DateTime<Utc>, zone: Tz) -> String {
    let line = if run.still {
        let was = dates::deadline(run.clock.due, zone);
        format!("{}; before that, {} {was}", still(run), run.clock.title)
    } else {
        clock(&run.clock, now, zone)
    };
    let mut line =
        format!("Clock {}: {line} · since {}", run.clock.name, dates::deadline(run.clock.start, zone));
    if let Some(earliest) = run.clock.earliest.filter(|earliest| *earliest <= now) {
        line.push_str(&format!(" · not before {}", dates::deadline(earliest, zone)));
    }
    if !run.extensions.is_empty() {
        let by: Vec<String> = run.extensions.iter().map(|more| more.term.to_string()).collect();
        let own_end = dates::deadline(run.own_end, zone);
        line.push_str(&format!(" · extended by {} from {own_end}", by.join(" and ")));
    }
    line
}
