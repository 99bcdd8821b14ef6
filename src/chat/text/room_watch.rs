//! What docket says when its room, its own account or the list of people is not as it was. It goes out whatever else waits and
//! whoever is there, so it says nothing of any case but its number.

use crate::case::{Account, CaseId, Concern, DeskEvent, Membership, StandingEvent, Terms, WatchEvent};
use crate::chat::page::{Line, Page};

/// How many cases of somebody are named.
const NAMED: usize = 20;

/// What was put on record about it; nothing where nobody needs to hear of it. `cases` are the open ones of everybody who left the list
/// of people.
pub fn watched(events: &[DeskEvent], cases: &dyn Fn(&Account) -> Vec<CaseId>, terms: &Terms) -> Option<Page> {
    let mut lines = Vec::new();
    for event in events {
        match event {
            DeskEvent::Stands(StandingEvent::Watch(event)) => lines.extend(of(event, cases, terms)),
            event @ DeskEvent::Stands(StandingEvent::Voided { .. }) => {
                lines.extend(super::desk_happened(std::slice::from_ref(event), terms).all_lines().to_vec());
            }
            _ => {}
        }
    }
    (!lines.is_empty()).then(|| Page::new().lines(lines))
}

fn of(event: &WatchEvent, cases: &dyn Fn(&Account) -> Vec<CaseId>, terms: &Terms) -> Vec<Line> {
    match event {
        WatchEvent::ConcernArose { concern } => arose(concern, terms),
        WatchEvent::ConcernOver { concern: Concern::Stranger { member } } => {
            vec![
                Line::new()
                    .theirs(member)
                    .say(" is not in the room any more. What waited for that goes out now."),
            ]
        }
        WatchEvent::ConcernOver { .. } => Vec::new(),
        WatchEvent::OwnIdentity { changed: true, .. } => vec![Line::ours(
            "docket’s own identity is another one than before. If nobody of you set it up anew, somebody has its account: trust nothing \
             that it says, call whoever runs it, and verify it again by the fingerprint that docket setup prints.",
        )],
        WatchEvent::OwnIdentity { changed: false, .. } => Vec::new(),
        WatchEvent::PeopleChanged { left, .. } => {
            left.iter().flat_map(|account| gone(account, &cases(account), terms)).collect()
        }
    }
}

fn arose(concern: &Concern, terms: &Terms) -> Vec<Line> {
    let setup = ", or run docket setup.";
    let one = |text: String| vec![Line::ours(text)];
    match concern {
        Concern::Stranger { member } => vec![
            Line::new().theirs(member).say(
                " sits in the room and is not in the list of people. I take them out; until they are gone only alarms and the dates of \
                 reminders go out, and everything else waits.",
            ),
            Line::ours(
                "If they stay, take them out by hand. If they belong here, list them under people: in the configuration and run docket setup.",
            ),
        ],
        Concern::StrangerInvited { member } => vec![Line::new().theirs(member).say(
            " is invited to the room and not in the list of people. Take the invitation back, or list them under people: in the \
             configuration: as it is, I take them out when they come.",
        )],
        Concern::NotEncrypted => one(format!(
            "The room was found not to be encrypted, so nothing goes out until it is. Turn encryption on in its settings{setup}"
        )),
        Concern::History => one(format!(
            "Whoever joins the room can read what was said before. Set its history to members only, since they joined{setup}"
        )),
        Concern::JoinRules => one(format!("Others than those invited can join the room. Make it private{setup}")),
        Concern::Guests => one(format!("Guests can join the room. Forbid it in its settings{setup}")),
        Concern::Replaced => one(
            "The room was replaced by another one, which I do not follow by myself. Whoever runs docket names the room that counts \
             in the configuration and runs docket setup."
                .to_owned(),
        ),
        Concern::Retention => one(
            "The room is set to forget messages after a time. Cases and their history are kept elsewhere, but the cards and answers \
             here would go. Take m.room.retention out of its state."
                .to_owned(),
        ),
        Concern::OwnPower => one(
            "I have not the power to keep this room as it must be, so I can take nobody out. Give docket’s account the highest power \
             level of the room."
                .to_owned(),
        ),
        Concern::OthersPower { member } => vec![Line::new().theirs(member).say(
            " has the power to change this room’s rules. Nobody but docket needs it: lower it, or know that whoever has that account has \
             the room.",
        )],
        Concern::EverybodysPower => one(
            "Everybody in the room has the power to change its rules. Raise what that takes in its settings: nobody but docket needs it."
                .to_owned(),
        ),
        Concern::OwnDevice { device } => vec![Line::ours("docket’s account has another device, ").theirs(device).say(
            ". If nobody of you logged in with that account, somebody else has: change its password, and log that device out.",
        )],
        Concern::OldKeys => one(
            "docket’s keys are older than those that the homeserver has of it: its encrypted store was put back, or copied. What you write may not \
             be read by docket, and what it writes not by you. On the host: stop docket, move matrix/store below its data away, run \
             docket setup, start docket."
                .to_owned(),
        ),
        Concern::FewApprovers { left } => {
            let people = match left {
                0 => "Nobody who may approve is vouched for, so nothing that takes two people can be done.",
                1 => "Of those who may approve one is vouched for, so nothing that takes two people can be done.",
                _ => "Of those who may approve two are vouched for: if one of them is away, what takes two people stands still.",
            };
            vec![
                Line::ours(people),
                Line::ours("An administrator hears somebody read out their fingerprint, and types ")
                    .code(format!("{} trust @WHO FINGERPRINT", terms.prefix()))
                    .say(". The first is vouched for on the host: ")
                    .code("docket trust"),
            ]
        }
    }
}

/// That somebody left the list of people, and what of theirs is left.
fn gone(account: &Account, cases: &[CaseId], terms: &Terms) -> Vec<Line> {
    let who = account.as_str();
    let mut lines = vec![
        Line::new()
            .theirs(who)
            .say(" is not in the list of people any more. What they proposed or approved and was not done yet is void."),
    ];
    if !cases.is_empty() {
        let named: Vec<String> = cases.iter().take(NAMED).map(ToString::to_string).collect();
        let more = cases.len().saturating_sub(NAMED);
        let more = if more > 0 { format!(" and {more} more") } else { String::new() };
        lines.push(
            Line::ours(format!("Open cases of theirs: {}{more}. Hand them over: ", named.join(", ")))
                .theirs(&format!("{} handover {who} @WHO", terms.prefix())),
        );
    }
    // Which of these are theirs is not for the room to read.
    lines.push(
        Line::ours("Whoever sees sealed cases looks for theirs too: ")
            .theirs(&format!("{} list owner={who}", terms.prefix())),
    );
    lines
}

/// That the configuration was to be read again and does not read.
pub fn misconfigured() -> Page {
    Page::of(Line::ours(
        "The configuration was to be read again, and there is a mistake in it: what was in force stays in force. docket’s log on the host \
         says which; mend it, and let it be read once more.",
    ))
}

/// Of a message about a case, what may be said while a stranger is there: its number, and the date in its first line.
pub fn while_strangers_are_there(case: CaseId, first: Option<String>) -> Page {
    let first = first.unwrap_or_else(|| format!("{case} · somebody must look"));
    Page::of(Line::ours(first))
        .line(Line::ours("The rest follows when nobody is in the room who may not read it."))
}

/// That somebody is not heard because they are not in the room.
pub fn not_in_the_room(elsewhere: Option<Membership>) -> Line {
    let why = match elsewhere {
        Some(Membership::Left) => "you left this room",
        Some(Membership::Banned) => "you are banned from this room",
        Some(Membership::Invited) => "you were invited to this room and did not join",
        Some(Membership::Knocking) => "you asked to be let into this room and were not yet",
        Some(Membership::Joined) | None => "you are not in this room",
    };
    Line::ours(format!(
        "Not allowed: {why}, as far as its homeserver says. Join it, or have an administrator run docket setup, which invites; then send \
         it again."
    ))
}
