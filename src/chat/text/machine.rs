//! What docket says about the machine it runs on. Goes out whatever else waits, so it says nothing of any case.

use chrono::{DateTime, Utc};

use crate::case::{ClockEvent, Doubt, Terms};
use crate::chat::dates;
use crate::chat::page::{Line, Page};

/// That the machine's clock is in doubt, or certain again. `since` is when it said what it is in doubt for, if that is not now:
/// whoever reads it anew must not take the reason for one of today.
pub fn machine_clock(
    event: &ClockEvent,
    since: Option<DateTime<Utc>>,
    now: DateTime<Utc>,
    terms: &Terms,
) -> Page {
    let moment = |at| dates::moment(at, terms.zone);
    match event {
        ClockEvent::ClockDoubted { why, sure } => {
            let first = match since {
                None => {
                    let why = match why {
                        Doubt::Backwards => "which is before the last thing on record",
                        Doubt::Leapt => "and went there by another time than has passed",
                        Doubt::Gap => {
                            "and at the start it was more than a week past the last thing on record"
                        }
                    };
                    format!("The machine’s clock is in doubt: it says {}, {why}.", moment(now))
                }
                Some(since) => {
                    let why = match why {
                        Doubt::Backwards => "which was before the last thing on record",
                        Doubt::Leapt => "and had gone there by another time than had passed",
                        Doubt::Gap => "at a start, more than a week past the last thing on record",
                    };
                    let (then, now) = (moment(since), moment(now));
                    format!(
                        "The machine’s clock is in doubt still: it said {then}, {why}. Now it says {now}."
                    )
                }
            };
            Page::of(Line::ours(first))
                .line(Line::ours(format!("The last moment that I am sure of: {}.", moment(*sure))))
                .line(Line::ours(
                    "Until this is settled no gag and no hold ends by itself and nothing approved is carried out. \
                     Reminders go on.",
                ))
                .line(
                    Line::ours("Set the machine’s clock right. If it is right already, two people say so: ")
                        .code(format!("{} resume", terms.prefix())),
                )
        }
        ClockEvent::ClockTrusted => Page::of(Line::ours(format!(
            "The machine’s clock is certain again: {}. Everything goes on.",
            moment(now)
        ))),
    }
}

/// The same in one line, for the overview and whoever begins a shift.
pub fn doubt_in_short(since: DateTime<Utc>, waits: usize, terms: &Terms) -> Line {
    let waits = match waits {
        0 => "what cannot be taken back waits".to_owned(),
        1 => "1 case waits for it".to_owned(),
        more => format!("{more} cases wait for it"),
    };
    let since = dates::moment(since, terms.zone);
    Line::ours(format!("The machine’s clock is in doubt since {since}; {waits} – "))
        .code(format!("{} resume", terms.prefix()))
}
