//! What is asked again and again until somebody has answered, and what is said of times that are in doubt.

use crate::case::clock::{GAG, PERMISSION, TO_TELL};
use crate::case::letter::SECRECY;
use crate::case::{Case, Terms};
use crate::chat::page::Line;

/// That somebody has seen the reminders, and of which clocks.
pub fn seen<'c>(clocks: impl Iterator<Item = &'c String>) -> Line {
    let names: Vec<&str> = clocks.map(String::as_str).collect();
    if names.is_empty() {
        Line::ours("reminders seen")
    } else {
        Line::ours("reminders seen: ").theirs(&names.join(", "))
    }
}

/// What to do about a clock that people are reminded of, where that is always the same.
pub fn way_out(clock: &str, case: &Case, terms: &Terms) -> Option<Line> {
    let command = |rest: &str| format!("{} {}", terms.prefix(), rest.replace("ID", &case.id.to_string()));
    let is_open = case.gag.as_ref().is_some_and(|gag| gag.binds() && gag.until.is_none());
    match clock {
        TO_TELL => Some(secrecy_letter(case, terms)),
        GAG if is_open => Some(
            Line::ours("If it is over – ")
                .code(command("gag ID lift by=…"))
                .say("; if it has an end – ")
                .code(command("gag ID until=…"))
                .say("; once you have asked – ")
                .code(command("seen ID")),
        ),
        PERMISSION => Some(
            Line::ours("With their permission on file – ")
                .code(command("gag ID lift by=…"))
                .say("; once you have asked – ")
                .code(command("seen ID")),
        ),
        _ => None,
    }
}

/// The commands by which a requester is told that secrecy takes an order (rule 16).
pub fn secrecy_letter(case: &Case, terms: &Terms) -> Line {
    let id = case.id;
    Line::ours("tell them that secrecy needs an order – ")
        .code(format!("{} letter {id} {SECRECY}", terms.prefix()))
        .say(", then ")
        .code(format!("{} sent {id} {SECRECY} via=mail", terms.prefix()))
}

/// That an answer was given while nobody could be sure of the time.
pub fn time_in_doubt() -> Line {
    Line::ours(
        "The machine’s clock is in doubt, so the time of this entry may be wrong, and what counts from it.",
    )
}

/// The same, below a history.
pub fn times_in_doubt() -> Line {
    Line::ours("(in doubt): the machine’s clock was not believed then, so the time may be wrong.")
}
