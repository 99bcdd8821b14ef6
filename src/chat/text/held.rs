//! Held mode in words: that docket is, why, and how it goes on. Goes out whatever else waits, so it says nothing of any case.

use chrono_tz::Tz;

use crate::case::{HeldMode, HeldWhy, Terms};
use crate::chat::dates;
use crate::chat::page::{Line, Page};

/// That docket is held, for everybody in the room.
pub fn held(held: &HeldMode, terms: &Terms) -> Page {
    Page::of(Line::ours(format!("docket is held: {}.", why_held(held, terms.zone))))
        .line(Line::ours(
            "It shows what is on file and changes nothing: no reminder and no notice goes out, no gag and no hold ends, nothing is \
             erased. freeze works.",
        ))
        .line(out_of_hold(held, terms))
}

/// The same where there is one line for it.
pub fn held_in_short(held: &HeldMode, terms: &Terms) -> Line {
    Line::ours(format!("docket is held and changes nothing, for {} – ", in_short(held)))
        .code(format!("{} resume", terms.prefix()))
}

/// What is to be done about it.
pub fn out_of_hold(held: &HeldMode, terms: &Terms) -> Line {
    let first = match held.why {
        HeldWhy::Behind | HeldWhy::Otherwise | HeldWhy::Unreadable => {
            "Is there a newer copy of the data? Stop docket and put that one back. If there is none, two people go on without: "
        }
        HeldWhy::Elsewhere => "See that no other docket uses this account. Then two people go on: ",
        HeldWhy::Restored => {
            "Hold the end of the journal against what docket last said of it elsewhere, and see that no other docket uses this \
             account. Then two people go on: "
        }
    };
    Line::ours(first).code(format!("{} resume", terms.prefix()))
}

/// Why, within a sentence.
pub fn why_held(held: &HeldMode, zone: Tz) -> String {
    why(held, held.seen.map(|at| dates::moment(at, zone)))
}

/// The same without when.
fn in_short(held: &HeldMode) -> String {
    why(held, None)
}

fn why(held: &HeldMode, seen: Option<String>) -> String {
    let records = held.missing.map(|(first, last)| match first == last {
        true => format!("record {first}"),
        false => format!("records {first} to {last}"),
    });
    let is = if held.missing.is_some_and(|(first, last)| first == last) { "is" } else { "are" };
    let last_seen = seen.as_ref().map(|at| format!(", last seen in the room on {at}")).unwrap_or_default();
    match (held.why, records) {
        (HeldWhy::Behind, Some(records)) => format!("{records} {is} missing{last_seen}"),
        (HeldWhy::Otherwise, Some(records)) => {
            format!("{records} {is} not what the room was told of{last_seen}")
        }
        (HeldWhy::Behind | HeldWhy::Otherwise, None) => format!("records are missing{last_seen}"),
        (HeldWhy::Unreadable, _) => match seen {
            Some(at) => format!(
                "its own message of {at} cannot be read any more, as if the data were older than that"
            ),
            None => "its own messages cannot be read any more, as if the data were older".to_owned(),
        },
        (HeldWhy::Elsewhere, _) => match seen {
            Some(at) => format!("another docket spoke here under this account, last on {at}"),
            None => "another docket spoke here under this account".to_owned(),
        },
        (HeldWhy::Restored, _) => {
            "its data were restored or copied, and nothing in the room says how much was on record".to_owned()
        }
    }
}

/// Why nothing is changed.
pub(super) fn refused(held: &HeldMode, terms: &Terms) -> Line {
    Line::ours(format!(
        "docket is held and changes nothing, for {}. Reading goes on; send it again once two people went on: ",
        in_short(held)
    ))
    .code(format!("{} resume", terms.prefix()))
}

/// What two people would do.
pub(super) fn act(held: &HeldMode, zone: Tz) -> Line {
    Line::ours(format!("go on, though {}", why_held(held, zone)))
}

/// The same with what comes of it.
pub(super) fn whole_act(held: &HeldMode, zone: Tz) -> Line {
    act(held, zone).say(match held.why {
        HeldWhy::Behind | HeldWhy::Otherwise => {
            ". What was decided in them is lost for good, and what has fallen due meanwhile happens at once"
        }
        HeldWhy::Unreadable | HeldWhy::Elsewhere | HeldWhy::Restored => {
            ". What has fallen due meanwhile happens at once"
        }
    })
}

/// That it goes on.
pub(super) fn went_on(held: &HeldMode, terms: &Terms) -> Vec<Line> {
    let line = Line::ours(format!("docket goes on, though {}.", why_held(held, terms.zone)));
    let lost = match held.why {
        HeldWhy::Behind | HeldWhy::Otherwise => {
            "What was decided there is not on file: look through this room for it and type again what still holds. "
        }
        HeldWhy::Unreadable | HeldWhy::Elsewhere | HeldWhy::Restored => "",
    };
    vec![line, Line::ours(format!("{lost}What has waited goes out now."))]
}
