//! What is wrong about the room, about docket's own account and about the list of people, and what follows: who is taken out of the
//! room, what may leave for it, who may speak in it, and whose word is void.
//!
//! What the homeserver says of the room only ever takes authority away: whoever is not in it is not heard, and being in it makes
//! nobody one of the people.

use std::collections::BTreeSet;

use super::{Events, desk_second, second};
use crate::case::room_watch::{Concern, Goes, Membership, RoomSeen, Watch, WatchEvent};
use crate::case::{Account, Case, DeskEvent, DeskProposal, Need, Refusal, StandingEvent, Terms, Void};

/// How many people it takes that one of them may be away: fewer are a warning.
const ENOUGH: u32 = 3;

/// What there is to put on record about what was seen: each change once.
pub fn watched(seen: &RoomSeen, before: &Watch, terms: &Terms) -> Vec<WatchEvent> {
    let now = concerns(seen, terms);
    let over = before.concerns.difference(&now).cloned();
    let arose = now.difference(&before.concerns).cloned();
    let mut events: Vec<WatchEvent> = over.map(|concern| WatchEvent::ConcernOver { concern }).collect();
    events.extend(arose.map(|concern| WatchEvent::ConcernArose { concern }));
    if let Some(key) = seen.identity.as_ref().filter(|key| before.own.as_ref() != Some(key)) {
        events.push(WatchEvent::OwnIdentity { key: key.clone(), changed: before.own.is_some() });
    }
    events
}

/// Everything that is not as it must be.
fn concerns(seen: &RoomSeen, terms: &Terms) -> BTreeSet<Concern> {
    let mut concerns = seen.wrong.clone();
    let member = |member: &str| member.to_owned();
    concerns.extend(
        strangers(seen, terms, Membership::Joined).map(|who| Concern::Stranger { member: member(who) }),
    );
    concerns.extend(
        strangers(seen, terms, Membership::Invited)
            .map(|who| Concern::StrangerInvited { member: member(who) }),
    );
    let powers = &seen.powers;
    if powers.own < powers.most {
        concerns.insert(Concern::OwnPower);
    }
    if powers.everybody >= powers.least {
        concerns.insert(Concern::EverybodysPower);
    }
    let can_change = |(_, power): &(&String, &i64)| **power >= powers.least;
    let others = powers.others.iter().filter(|(who, _)| **who != seen.own).filter(can_change);
    concerns.extend(others.map(|(who, _)| Concern::OthersPower { member: who.clone() }));
    let left = vouched_approvers(terms);
    if left < ENOUGH {
        concerns.insert(Concern::FewApprovers { left });
    }
    concerns
}

/// How many of those who may approve somebody vouches for. Whoever is frozen counts: that is told when it happens.
fn vouched_approvers(terms: &Terms) -> u32 {
    let may = terms.people.iter().filter(|person| person.may(Need::Approve));
    let known = may.filter(|person| terms.is_known_for(&person.account, Need::Approve)).count();
    u32::try_from(known).unwrap_or(u32::MAX)
}

/// Whom the room's state names and the list of people does not, docket itself apart.
fn strangers<'s>(
    seen: &'s RoomSeen,
    terms: &'s Terms,
    membership: Membership,
) -> impl Iterator<Item = &'s str> + 's {
    let there = seen.members.iter().filter(move |(who, is)| **is == membership && **who != seen.own);
    // An account's server counts in lower case, whatever it is written in.
    let is_listed = |who: &str| Account::parse(who).is_ok_and(|account| terms.person(&account).is_some());
    there.map(|(who, _)| who.as_str()).filter(move |who| !is_listed(who))
}

/// Who is to be taken out of the room: whoever sits there and is not one of the people.
pub fn to_be_removed(seen: &RoomSeen, terms: &Terms) -> Vec<String> {
    strangers(seen, terms, Membership::Joined).map(str::to_owned).collect()
}

/// What may leave for a room that looks like this.
pub fn goes(seen: &RoomSeen, terms: &Terms) -> Goes {
    if seen.wrong.contains(&Concern::NotEncrypted) {
        Goes::Nothing
    } else if strangers(seen, terms, Membership::Joined).next().is_some() {
        Goes::ContentFree
    } else {
        Goes::All
    }
}

/// Whether somebody may be heard in a room that looks like this: only who is in it.
pub fn may_speak(sender: &Account, seen: &RoomSeen) -> Result<(), Refusal> {
    let found = seen.members.iter().find(|(who, _)| Account::parse(who).is_ok_and(|who| who == *sender));
    match found.map(|(_, membership)| *membership) {
        Some(Membership::Joined) => Ok(()),
        elsewhere => Err(Refusal::NotInTheRoom(elsewhere)),
    }
}

/// How the list of people differs from the one that was in force last, if it does.
pub fn people_changed(before: &Watch, terms: &Terms) -> Option<WatchEvent> {
    let now: BTreeSet<Account> = terms.people.iter().map(|person| person.account.clone()).collect();
    let came: Vec<Account> = now.difference(&before.listed).cloned().collect();
    let left: Vec<Account> = before.listed.difference(&now).cloned().collect();
    (!came.is_empty() || !left.is_empty()).then_some(WatchEvent::PeopleChanged { came, left })
}

/// What waits on a case and is void because one of its two is one of the people no more.
pub fn left_behind(case: &Case, left: &[Account]) -> Events {
    let theirs = case.proposals.iter().filter(|proposal| {
        let approver = proposal.approved.as_ref().map(|approval| &approval.by);
        left.contains(&proposal.by) || approver.is_some_and(|by| left.contains(by))
    });
    second::void(case, theirs, Void::RoleLost)
}

/// The same of what is about no case.
pub fn left_behind_at_the_desk(waiting: &[DeskProposal], left: &[Account]) -> Vec<DeskEvent> {
    let theirs = waiting.iter().filter(|proposal| left.contains(&proposal.by));
    theirs.map(|proposal| desk_second::void(proposal, Void::RoleLost)).collect()
}

/// Whether somebody must act on what was put on record, and not only know of it.
pub fn calls(events: &[DeskEvent]) -> bool {
    events.iter().any(|event| match event {
        DeskEvent::Stands(StandingEvent::Watch(event)) => match event {
            WatchEvent::ConcernArose { concern } => match concern {
                Concern::StrangerInvited { .. } => false,
                Concern::FewApprovers { left } => *left < 2,
                Concern::Stranger { .. }
                | Concern::NotEncrypted
                | Concern::History
                | Concern::JoinRules
                | Concern::Guests
                | Concern::Replaced
                | Concern::Retention
                | Concern::OwnPower
                | Concern::OthersPower { .. }
                | Concern::EverybodysPower
                | Concern::OwnDevice { .. }
                | Concern::OldKeys => true,
            },
            WatchEvent::OwnIdentity { changed, .. } => *changed,
            WatchEvent::PeopleChanged { left, .. } => !left.is_empty(),
            WatchEvent::ConcernOver { .. } => false,
        },
        _ => false,
    })
}
