//! When a desk is held, and when it goes on: the room's word against the journal's.

use chrono::{DateTime, TimeDelta, Utc};

use super::Setting;
use super::desk::{DeskAround, administers};
use crate::case::{DeskCommand, DeskEvent, HeldEvent, HeldHere, HeldMode, HeldWhy, Refusal};

/// What a power cut takes from a device's keys is younger than that; what a journal of before lacks is mostly older.
const LOST_BY_A_CUT: TimeDelta = TimeDelta::minutes(10);

/// One of docket's own posts in the room, held against the journal.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct SeenPost {
    /// When it was sent, as the homeserver says.
    pub at: DateTime<Utc>,
    /// What it says.
    pub says: Says,
}

/// What a post says of the journal.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Says {
    /// The end of the journal was this record then.
    Head {
        /// Its number.
        seq: u64,
        /// What this journal has there.
        here: Here,
        /// Whether it was sent from this data directory.
        own: bool,
    },
    /// This very device sent it, and cannot read it.
    Unreadable,
}

/// What the journal has where a post says that something was on record.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Here {
    /// That.
    Same,
    /// Something else.
    Other,
    /// Nothing yet.
    Nothing,
}

/// The journal and its data directory.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Stand {
    /// The number of the last record before docket looked at the room.
    pub opened: u64,
    /// When that was written, or the desk was last sure of the time.
    pub last: Option<DateTime<Utc>>,
    /// Whether it was at work in another data directory than this one.
    pub moved: bool,
}

/// Whether the desk is held, by docket's own posts in the room, newest first.
///
/// The newest post that this journal and directory can account for settles all before it: when that was sent, everything older had been
/// looked at, and what came of it is on record.
pub fn held(posts: &[SeenPost], stand: Stand) -> Option<HeldMode> {
    let mut odd: Vec<(SeenPost, HeldWhy)> = Vec::new();
    for post in posts {
        let why = match post.says {
            Says::Head { here: Here::Same, own: true, .. } => break,
            Says::Head { here: Here::Same, own: false, .. } => HeldWhy::Elsewhere,
            Says::Head { here: Here::Other, .. } => HeldWhy::Otherwise,
            Says::Head { here: Here::Nothing, .. } => HeldWhy::Behind,
            Says::Unreadable => {
                if stand.last.is_some_and(|last| post.at - last <= LOST_BY_A_CUT) {
                    continue;
                }
                HeldWhy::Unreadable
            }
        };
        odd.push((*post, why));
    }
    let gravest = [HeldWhy::Behind, HeldWhy::Otherwise, HeldWhy::Unreadable, HeldWhy::Elsewhere];
    let why = gravest.into_iter().find(|why| odd.iter().any(|(_, found)| found == why));
    let why = why.or(stand.moved.then_some(HeldWhy::Restored))?;
    let numbers = |of: HeldWhy| {
        odd.iter().filter(move |(_, why)| *why == of).filter_map(|(post, _)| match post.says {
            Says::Head { seq, .. } => Some(seq),
            Says::Unreadable => None,
        })
    };
    let missing = match why {
        HeldWhy::Behind => {
            // Where one of its numbers has something else already, the gap begins there.
            let first = numbers(HeldWhy::Otherwise).min().unwrap_or(stand.opened + 1);
            numbers(HeldWhy::Behind).max().map(|last| (first.min(stand.opened + 1), last))
        }
        HeldWhy::Otherwise => numbers(HeldWhy::Otherwise).min().zip(numbers(HeldWhy::Otherwise).max()),
        HeldWhy::Unreadable | HeldWhy::Elsewhere | HeldWhy::Restored => None,
    };
    Some(HeldMode { why, missing, seen: odd.iter().map(|(post, _)| post.at).max() })
}

/// What the desk is held for from now on, if that is more than what it is held for already.
pub fn news(found: HeldMode, before: Option<&HeldMode>) -> Option<HeldMode> {
    let Some(before) = before else { return Some(found) };
    let last = |held: &HeldMode| held.missing.map(|(_, last)| last);
    // What was put on record while it is held takes none of the numbers that are missing.
    let first = |held: &HeldMode| held.missing.map(|(first, _)| first);
    let missing = [first(&found), first(before)].into_iter().flatten().min().zip(last(&found));
    (last(&found) > last(before)).then_some(HeldMode { missing, ..found })
}

/// `resume` alone is about the hold while there is one, and about the clock otherwise.
pub(super) fn meant(command: DeskCommand, around: &DeskAround) -> DeskCommand {
    match (command, &around.held) {
        (DeskCommand::TrustClock, Some(here)) => DeskCommand::GoOn { held: here.held.clone() },
        (command, _) => command,
    }
}

/// The desk goes on without what is missing.
pub(super) fn go_on(
    held: HeldMode,
    around: &DeskAround,
    setting: &Setting<'_>,
) -> Result<Vec<DeskEvent>, Refusal> {
    administers(setting)?;
    match &around.held {
        Some(HeldHere { held: now, instance }) if *now == held => {
            Ok(vec![HeldEvent::WentOn { held, instance: instance.clone() }.into()])
        }
        Some(_) | None => Err(Refusal::NotHeld),
    }
}

/// Whether a command about the desk is carried out while it is held: what takes authority away, and what ends the hold.
pub fn goes_while_held(command: &DeskCommand, around: &DeskAround) -> bool {
    let ends_it = |code: &str| {
        let meant = around.waiting.iter().find(|proposal| super::code::fits(proposal, code));
        // A code that fits nothing is a slip, and is answered as one.
        meant.is_none_or(|proposal| matches!(proposal.command, DeskCommand::GoOn { .. }))
    };
    match command {
        DeskCommand::Freeze { .. } | DeskCommand::TrustClock | DeskCommand::GoOn { .. } => true,
        DeskCommand::Approve { code, .. } | DeskCommand::Deny { code, .. } => ends_it(code),
        DeskCommand::AddAgency { .. }
        | DeskCommand::AddParts { .. }
        | DeskCommand::RemoveParts { .. }
        | DeskCommand::Thaw { .. }
        | DeskCommand::Trust { .. } => false,
    }
}
