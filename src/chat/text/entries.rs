//! Entries of the directory in words: what each has, and of whom.

use chrono_tz::Tz;

use crate::case::{Agency, Parts, Signed};
use crate::chat::dates;
use crate::chat::page::Line;

/// What an entry had before anybody added to it, with its source.
pub fn entry(agency: &Agency, zone: Tz) -> Line {
    let own = agency.first_parts();
    let line = if own.is_empty() { Line::new() } else { parts(&own).say(" · ") };
    let line = line.say(if agency.added { "added here, from: " } else { "from the operator’s file: " });
    let line = line.theirs(&agency.source);
    match &agency.signed {
        Some(who) => line.say(" · ").join(signed(who, zone)),
        None => line,
    }
}

/// What was added to an entry since, a line each.
pub fn additions(agency: &Agency, zone: Tz) -> Vec<Line> {
    let lines = agency.additions.iter().map(|addition| {
        let line = Line::ours("added since: ").join(parts(&addition.parts)).say(", from: ");
        line.theirs(&addition.source).say(" · ").join(signed(&addition.signed, zone)).indented()
    });
    lines.collect()
}

/// Numbers, domains and keys.
pub fn parts(parts: &Parts) -> Line {
    let plain = parts.phones.iter().chain(&parts.domains).map(|value| Line::new().theirs(value));
    let keys = parts.keys.iter().map(|key| Line::ours("key ").theirs(key));
    let mut line = Line::new();
    for (n, part) in plain.chain(keys).enumerate() {
        line = line.say(if n == 0 { "" } else { " · " }).join(part);
    }
    line
}

/// What goes, and why.
pub(super) fn taken_off(entry: &str, gone: &Parts, reason: Option<&str>, begins: Line) -> Line {
    let line = begins.theirs(entry).say(": ").join(parts(gone));
    match reason {
        Some(reason) => line.say(" – ").theirs(reason),
        None => line,
    }
}

fn signed(signed: &Signed, zone: Tz) -> Line {
    let line = Line::ours("by ").theirs(signed.by.as_str());
    let line = match &signed.second {
        Some(second) => line.say(" and ").theirs(second.as_str()),
        None => line,
    };
    line.say(format!(", {}", dates::day(signed.at.with_timezone(&zone).date_naive())))
}
