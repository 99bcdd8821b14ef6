//! One event of the desk in words: what the answer to a command about no case says.

use super::desk_proposed::{denied, proposed, voided, wrong_code};
use super::entries::{entry, parts, taken_off};
use super::who_asks::frozen;
use crate::case::{ClockEvent, DeskEvent, HeldEvent, StandingEvent, Terms};
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
        | DeskEvent::Digested { .. }
        | DeskEvent::Unread(_) => Vec::new(),
    }
}

fn standing(event: &StandingEvent, terms: &Terms) -> Vec<Line> {
    match event {
        StandingEvent::AgencyAdded { agency } => {
            let line = Line::ours("Directory · added ").theirs(&agency.name).say(": ");
            vec![line.join(entry(agency, terms.zone)), see(&agency.name, terms)]
        }
        StandingEvent::PartsAdded { entry, addition } => {
            let line =
                Line::ours("Directory · ").theirs(entry).say(" now also has ").join(parts(&addition.parts));
            vec![line.say(", from: ").theirs(&addition.source), see(entry, terms)]
        }
        StandingEvent::PartsRemoved { entry, parts: gone, reason } => vec![
            taken_off(entry, gone, reason.as_deref(), Line::ours("Directory · taken off ")),
            Line::ours("Cases where it was called say so from now on, and ask for another call."),
        ],
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
        StandingEvent::Pinned { account, .. } => vec![super::identities::trusted(account)],
        StandingEvent::Proposed { proposal } => proposed(proposal, terms),
        StandingEvent::Denied { code, command, reason } => {
            vec![denied(code, command, reason.as_deref(), terms.zone)]
        }
        StandingEvent::Voided { code, command, why } => vec![voided(code, command, *why, terms.zone)],
        StandingEvent::WrongCode { .. } => vec![wrong_code(terms)],
        StandingEvent::CarriedOut { code, proposer, approver } => vec![
            Line::ours(format!("Done ({code}): proposed by "))
                .theirs(proposer.as_str())
                .say(", approved by ")
                .theirs(approver.as_str()),
        ],
        StandingEvent::Held(HeldEvent::WentOn { held, .. }) => super::held::went_on(held, terms),
        // Of these the room is told another way, or not at all.
        StandingEvent::IdentityChanged { .. }
        | StandingEvent::RoomEntered { .. }
        | StandingEvent::CardsMoved
        | StandingEvent::DeviceSeen { .. }
        | StandingEvent::PolicyTaken { .. }
        | StandingEvent::PolicyFollowed { .. }
        | StandingEvent::ReportFrozen { .. }
        | StandingEvent::Held(HeldEvent::DirectoryTaken { .. } | HeldEvent::HeldBack { .. })
        | StandingEvent::Watch(_) => Vec::new(),
    }
}

fn see(name: &str, terms: &Terms) -> Line {
    Line::ours("See it: ").theirs(&format!("{} directory find {}", terms.prefix(), first_word(name)))
}

fn first_word(name: &str) -> &str {
    name.split_whitespace().next().unwrap_or_default()
}
