//! One event of the desk in words: what the answer to a command about no case says.

use super::desk_proposed::{denied, proposed, voided, wrong_code};
use super::who_asks::frozen;
use crate::case::{Agency, ClockEvent, DeskEvent, StandingEvent, Terms};
use crate::chat::page::{Line, Page};

/// What happened to the desk, with what follows from it.
pub fn desk_happened(events: &[DeskEvent], terms: &Terms) -> Page {
    let mut page = Page::new();
    for event in events {
        page = page.lines(one(event, terms));
    }
    page
}

fn one(event: &DeskEvent, terms: &Terms) -> Vec<Line> {
    match event {
        DeskEvent::Stands(event) => standing(event, terms),
        DeskEvent::Clock(ClockEvent::ClockTrusted) => vec![Line::ours(
            "The machine’s clock is believed again. Everything goes on, and what has waited for it happens now.",
        )],
        // docket's own doings, which answer nobody.
        DeskEvent::Clock(ClockEvent::ClockDoubted { .. })
        | DeskEvent::Delivered { .. }
        | DeskEvent::Purged { .. }
        | DeskEvent::Digested { .. } => Vec::new(),
    }
}

fn standing(event: &StandingEvent, terms: &Terms) -> Vec<Line> {
    match event {
        StandingEvent::AgencyAdded { agency } => {
            let find = format!("{} directory find {}", terms.prefix(), first_word(agency));
            vec![
                Line::ours("Directory · added ").theirs(&agency.name).say(": ").join(entry(agency)),
                Line::ours("See it: ").theirs(&find),
            ]
        }
        StandingEvent::Frozen { account, .. } => vec![
            frozen(account).say(", from now on. What they proposed or approved needs another look."),
            Line::ours("Two people give it back, one of them an administrator: ")
                .theirs(&format!("{} resume {account}", terms.prefix())),
        ],
        StandingEvent::Thawed { account, .. } => {
            vec![
                Line::new()
                    .theirs(account.as_str())
                    .say(" is frozen no longer, and may do again what their roles allow."),
            ]
        }
        StandingEvent::Proposed { proposal } => proposed(proposal, terms),
        StandingEvent::Denied { code, command, reason } => vec![denied(code, command, reason.as_deref())],
        StandingEvent::Voided { code, command, why } => vec![voided(code, command, *why)],
        StandingEvent::WrongCode { .. } => vec![wrong_code(terms)],
        StandingEvent::CarriedOut { code, proposer, approver } => vec![
            Line::ours(format!("Done ({code}): proposed by "))
                .theirs(proposer.as_str())
                .say(", approved by ")
                .theirs(approver.as_str()),
        ],
        // Of these the room is told another way, or not at all.
        StandingEvent::PolicyTaken { .. } | StandingEvent::ReportFrozen { .. } => Vec::new(),
    }
}

/// Numbers, domains, keys and source of an entry.
pub fn entry(agency: &Agency) -> Line {
    let mut line = Line::new();
    let parts = [("", &agency.phones), ("", &agency.domains), ("key ", &agency.keys)];
    let mut is_first = true;
    for (what, value) in parts.iter().flat_map(|(what, values)| values.iter().map(move |value| (what, value)))
    {
        line = line
            .say(if is_first { *what } else { " · " })
            .say(if is_first { "" } else { what })
            .theirs(value);
        is_first = false;
    }
    line.say(if agency.added { " · added here, from: " } else { " · from the operator’s file: " })
        .theirs(&agency.source)
}

fn first_word(agency: &Agency) -> &str {
    agency.name.split_whitespace().next().unwrap_or_default()
}
