//! What waits for a second person and is about no case: what would be done, who says yes, and what became of it.

use chrono_tz::Tz;

use crate::case::{DeskCommand, DeskProposal, Terms, Void};
use crate::chat::dates;
use crate::chat::page::Line;

/// What would be done, exactly.
pub fn desk_act(proposal: &DeskProposal, zone: Tz) -> Line {
    match &proposal.command {
        DeskCommand::TrustClock => {
            Line::ours(format!("the machine’s clock is right, and says {}", dates::moment(proposal.at, zone)))
        }
        DeskCommand::GoOn { held } => super::held::whole_act(held, zone),
        DeskCommand::AddAgency { .. }
        | DeskCommand::AddParts { .. }
        | DeskCommand::RemoveParts { .. }
        | DeskCommand::Freeze { .. }
        | DeskCommand::Trust { .. }
        | DeskCommand::Thaw { .. }
        | DeskCommand::Approve { .. }
        | DeskCommand::Deny { .. } => what(&proposal.command, zone),
    }
}

/// Who proposed it, why it takes two, and what the second person types.
pub fn desk_waiting(proposal: &DeskProposal, terms: &Terms) -> Vec<Line> {
    let by = Line::ours("Proposed by ").theirs(proposal.by.as_str()).say(" · others rely on it");
    let step = Line::ours("A second person approves with ")
        .code(format!("{} approve {}", terms.prefix(), proposal.code))
        .say(format!(" until {}", dates::moment(proposal.expires, terms.zone)));
    vec![by.indented(), step.indented()]
}

/// That it was put before a second person.
pub(super) fn proposed(proposal: &DeskProposal, terms: &Terms) -> Vec<Line> {
    let line = Line::ours("Not done yet, for it takes two people: ").join(desk_act(proposal, terms.zone));
    std::iter::once(line).chain(desk_waiting(proposal, terms)).collect()
}

/// That somebody said no.
pub(super) fn denied(code: &str, command: &DeskCommand, reason: Option<&str>, zone: Tz) -> Line {
    let line = Line::ours(format!("Denied ({code}): ")).join(what(command, zone));
    match reason {
        Some(reason) => line.say(" – ").theirs(reason),
        None => line,
    }
}

/// That nothing comes of it any more.
pub(super) fn voided(code: &str, command: &DeskCommand, why: Void, zone: Tz) -> Line {
    let why = match why {
        Void::Changed => "what it rests on has changed since",
        Void::Expired
        | Void::WrongCodes
        | Void::RoleLost
        | Void::NotAllowed
        | Void::OtherPolicy
        | Void::Wider
        | Void::Unheard => super::void(why),
    };
    Line::ours(format!("Proposal {code} is void, for {why}: ")).join(what(command, zone))
}

/// The answer to a code that is none.
pub(super) fn wrong_code(terms: &Terms) -> Line {
    Line::ours(
        "Not done: nothing waits under this code. After five wrong ones whatever waits and is about no case is void. \
         The codes: ",
    )
    .code(format!("{} pending", terms.prefix()))
}

fn what(command: &DeskCommand, zone: Tz) -> Line {
    match command {
        DeskCommand::AddAgency { agency } => Line::ours("add to the directory ")
            .theirs(&agency.name)
            .say(": ")
            .join(super::entry(agency, zone)),
        DeskCommand::AddParts { entry, parts, source } => Line::ours("add to ")
            .theirs(entry)
            .say(" in the directory: ")
            .join(super::entries::parts(parts))
            .say(", from: ")
            .theirs(source),
        DeskCommand::RemoveParts { entry, parts, reason } => super::entries::taken_off(
            entry,
            parts,
            reason.as_deref(),
            Line::ours("take off, in the directory, "),
        ),
        DeskCommand::Freeze { account } => Line::ours("stop the authority of ").theirs(account.as_str()),
        DeskCommand::Thaw { account } => {
            Line::ours("give ").theirs(account.as_str()).say(" their authority back")
        }
        DeskCommand::Trust { account, .. } => {
            Line::ours("vouch for the identity of ").theirs(account.as_str())
        }
        DeskCommand::TrustClock => Line::ours("the machine’s clock is right"),
        DeskCommand::GoOn { held } => super::held::act(held, zone),
        DeskCommand::Approve { code, .. } => Line::ours("approve ").theirs(code),
        DeskCommand::Deny { code, .. } => Line::ours("deny ").theirs(code),
    }
}
