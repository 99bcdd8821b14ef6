//! The sentences of a shift: what is taken back and why not, who takes over.

use chrono_tz::Tz;

use crate::case::{Event, NoWayBack, Terms};
use crate::chat::dates;
use crate::chat::page::Line;

/// How much of what is taken back is named.
const NAMED: usize = 3;

/// What is taken back, in the words in which it was said to happen.
pub(super) fn taken_back(begin: &str, took: &[Event], zone: Tz) -> Line {
    let mut line = Line::ours(begin);
    for (n, event) in took.iter().take(NAMED).enumerate() {
        line = line.say(if n == 0 { "" } else { "; " }).join(super::happened(event, zone));
    }
    let more = took.len().saturating_sub(NAMED);
    if more > 0 { line.say(format!(" and {more} more")) } else { line }
}

/// Why a command is not taken back, and the way out.
pub(super) fn no_way_back(why: &NoWayBack, id: &str, terms: &Terms) -> Line {
    let command = |rest: String| format!("{} {rest}", terms.prefix());
    let log = || command(format!("log {id}"));
    match why {
        NoWayBack::WhichCase => {
            Line::ours("I do not remember a last command of yours. Say which case: ").code(command("undo 42".into()))
        }
        NoWayBack::SomebodyElse { by } => Line::ours(format!("the newest change of {id} is not yours but that of "))
            .theirs(by.as_str())
            .say(". See ")
            .code(log())
            .say("."),
        NoWayBack::TooLate { at } => Line::ours(format!(
            "your last command there was at {}, and one is taken back within ten minutes. Put it right by hand; it says what \
             was there before: ",
            dates::short(*at, terms.zone)
        ))
        .code(log()),
        NoWayBack::OpenedIt => Line::ours("your last command opened the case, and what came in stays on record. End it: ")
            .code(command(format!("withdraw {id}")))
            .say(" or ")
            .code(command(format!("refuse {id} reason=…")))
            .say("."),
        NoWayBack::LeftTheHouse => Line::ours(
            "it tells of something that has left the house, and that does not come back. If it never went, say so: ",
        )
        .code(command(format!("note {id} …"))),
        NoWayBack::NotOnePersons => Line::ours(
            "it is not one person’s to take back: two stood behind it, or it ended what waited for a second one. Say what \
             went wrong, and do it anew: ",
        )
        .code(command(format!("note {id} …"))),
        NoWayBack::TakenBackAlready => Line::ours("your last command there took something back itself. See ")
            .code(log())
            .say(", and do it again if you want it after all."),
        NoWayBack::TimeWentOn => Line::ours("something has fallen due on the case since, and rests on it. See ")
            .code(log())
            .say("."),
        NoWayBack::OtherWentOn(other) => Line::ours(format!(
            "it was about {other} too, and something else has happened there since. See "
        ))
        .code(command(format!("log {other}")))
        .say("."),
        NoWayBack::LeftNoTrace => {
            Line::ours("your last command there changed nothing that could be put back. See ").code(log()).say(".")
        }
        NoWayBack::TooLong => Line::ours(
            "the case has too long a history to fold it back. Put it right by hand; what was there before: ",
        )
        .code(log()),
    }
}
