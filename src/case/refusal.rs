//! Why a command was not done. Each states the fact; `chat::text` turns it into a sentence with the way out.

use serde::{Deserialize, Serialize};

use chrono::{DateTime, Utc};

use super::{Account, CaseId, Ending, Need, Term, Verifiable};

/// Why nothing was changed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Refusal {
    /// The sender is not listed under `people:`.
    NotListed,
    /// The sender's roles do not allow it.
    RoleLacks(Need),
    /// No case has this number.
    NoSuchCase(CaseId),
    /// The case was purged.
    CaseErased(CaseId),
    /// The number was given, and nothing is on file under it: an older backup was restored.
    CaseLost(CaseId),
    /// More than one record holds.
    TooMuchAtOnce,
    /// All case numbers are used up.
    NumbersUsedUp,
    /// The policy has no kind of this name.
    NoSuchKind {
        /// What was typed.
        typed: String,
        /// The nearest one.
        near: Option<String>,
    },
    /// It is a flag and no tag, and this version has no flags yet.
    FlagNotYet {
        /// The flag.
        flag: String,
    },
    /// The case is closed.
    AlreadyClosed,
    /// Something came of the request already.
    AlreadyEnded(Ending),
    /// The case is not closed, nor has anything come of it.
    NotEnded,
    /// Closing needs an outcome first.
    NothingCameOfIt,
    /// Nothing would change.
    NoChange,
    /// Nothing was said to be changed.
    NothingToSet,
    /// The line does not hold accounts.
    NotAccounts {
        /// Its label.
        label: String,
    },
    /// A value could not be read.
    Unread {
        /// The label.
        label: String,
        /// Why, as a sentence.
        why: String,
    },
    /// The account to take off does not stand on the case.
    NotOnCase(Account),
    /// The person is not listed, so can neither own a case nor have verified one.
    NotOfThePeople(String),
    /// The person may not do casework.
    MayOnlyRead(Account),
    /// A link from a case to itself.
    LinkToItself,
    /// The case is a duplicate of the other way round.
    LinkTurnsRound(CaseId),
    /// The other case is itself a duplicate of a third.
    OtherIsDuplicate {
        /// The other case.
        other: CaseId,
        /// The third.
        of: CaseId,
    },
    /// Other cases are duplicates of this one, and would lead nowhere if it became one itself.
    HasDuplicates {
        /// The duplicates.
        duplicates: Vec<CaseId>,
        /// The case that it was to be a duplicate of.
        other: CaseId,
    },
    /// A second person is needed, and this version cannot ask one yet.
    NeedsTwo(Effect),
    /// A number that stands in the request is no proof of who sent it (rule 61).
    NumberFromRequest {
        /// The number.
        number: String,
    },
    /// The kind needs no such verification.
    NothingToVerify(Verifiable),
    /// The policy has no reason of this code.
    NoSuchReason {
        /// What was typed.
        typed: String,
    },
    /// The reason needs words of the moderator's own.
    ReasonNeedsWords {
        /// The code.
        code: String,
    },
    /// The same file is on the case already, in the same role.
    FileThere,
    /// Too many of something on one case.
    TooMany {
        /// Of what.
        what: &'static str,
        /// How many are allowed.
        most: usize,
    },
    /// Too many changes in one command.
    TooManyEdits {
        /// How many are allowed.
        most: usize,
    },
    /// The policy version that the case is pinned to is not at hand.
    PolicyMissing,
    /// The disk is full.
    DiskFull,

    // ---- clocks
    /// No clock of this name runs.
    NoSuchClock {
        /// What was typed.
        typed: String,
        /// Those that run and can be extended.
        running: Vec<String>,
    },
    /// The policy does not let this clock be extended.
    ClockNotExtended {
        /// Its name.
        clock: String,
    },
    /// It has been extended as often as the policy allows.
    ExtendedBefore {
        /// Its name.
        clock: String,
        /// How often it may be.
        times: u32,
    },
    /// It would run longer than the policy allows.
    ExtendedTooFar {
        /// Its name.
        clock: String,
        /// By how much it may be extended in all.
        most: Term,
        /// Until when that is.
        until: DateTime<Utc>,
    },
    /// The requester should have been told before the clock's own end, which is over.
    ExtendedTooLate {
        /// Its name.
        clock: String,
        /// Its own end.
        end: DateTime<Utc>,
    },
    /// No clock runs on the case, so nobody is reminded of one.
    NoClockRuns,
    /// Nobody was reminded of the case since it was last seen.
    NoReminderYet,
    /// Longer than reminders may wait.
    TooLongASnooze,
}

/// An effect for which one person is not enough.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Effect {
    /// Records leave the house.
    Disclose,
    /// The user could be told sooner, or is not told at all.
    Tell,
    /// What was kept is destroyed.
    Destroy,
    /// What others rely on is taken as true.
    Verify,
    /// The policy wants two people for it.
    Policy,
}
