//! Why a command was not done. Each states the fact; `chat::text` turns it into a sentence with the way out.

use serde::{Deserialize, Serialize};

use super::letter::Obstacle;
use super::scope::Verdict;
use super::{Account, CaseId, Ending, HeldMode, Membership, Need, Restraint, Shared, Term, Verifiable};
use chrono::{DateTime, Utc};

/// Why nothing was changed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Refusal {
    /// The sender is not listed under `people:`.
    NotListed,
    /// The sender's roles do not allow it.
    RoleLacks(Need),
    /// Nobody vouches for the sender's identity, and this takes that.
    Unconfirmed,
    /// The sender has another identity than the one they are recognised by.
    OtherIdentity,
    /// The sender's identity was not seen yet.
    UnseenIdentity,
    /// The sender is not in the room, as far as its homeserver says; where they are instead, if it says that.
    NotInTheRoom(Option<Membership>),
    /// What was sent was sent before, under another id.
    Replayed,
    /// The device was not there when the sender was vouched for: two-person acts from it wait until then.
    NewDevice(DateTime<Utc>),
    /// Nobody vouches for themselves.
    OwnIdentity,
    /// It is neither what they were recognised by nor what they have now.
    NotTheirIdentity(Account),
    /// The configuration names another key.
    NamedOtherwise(Account),
    /// Identities are not looked at here.
    NoIdentities,
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
    /// A piece of the line was not read when it came, so nobody knows what stands there besides.
    UnreadBefore {
        /// The key of the line.
        key: String,
        /// The piece.
        piece: String,
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
        /// Those of the policy that the case is pinned to.
        known: Vec<String>,
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
    /// The request does not ask for such a category.
    NotAskedFor {
        /// What was typed.
        typed: String,
        /// What it asks for.
        asked: Vec<String>,
    },
    /// Nobody can put this category into the scope.
    CannotAllow {
        /// The category.
        category: String,
        /// What stands of it.
        why: Verdict,
        /// What the policy says of it to the requester.
        text: String,
    },
    /// The decision about a category needs a reason.
    ScopeNeedsReason {
        /// The category.
        category: String,
        /// Whether it was to be allowed.
        allow: bool,
    },
    /// Nothing of what is asked for is in the scope.
    NothingInScope {
        /// What still waits for somebody's decision.
        undecided: Vec<String>,
    },
    /// Not everything that is asked for is in the scope, so it cannot be answered in full.
    NotAllInScope {
        /// What is not.
        out: Vec<String>,
    },
    /// The law, the policy or the rule of two people stands in the way.
    Restraint(Restraint),
    /// A letter cannot be written or put on record, or nobody be sent elsewhere.
    Letter(Obstacle),

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
    // ---- held mode
    /// The desk is held: it reads and changes nothing.
    Held(HeldMode),
    /// It is not.
    NotHeld,
    // ---- who asks, and who answers
    /// Somebody has stopped the sender's authority.
    SenderFrozen,
    /// Somebody has stopped this person's authority.
    Frozen(Account),
    /// Nobody has stopped this person's authority.
    NotFrozen(Account),
    /// What the directory says, or does not, stands in the way.
    Entry(EntryRefusal),

    // ---- policy
    /// The case is under the current version of the policy already.
    PolicyStands {
        /// The version.
        version: String,
    },
    /// The current policy has no kind of the case's name.
    KindGone {
        /// The kind.
        kind: String,
        /// The current version.
        version: String,
    },
    /// No clock runs on the case, so nobody is reminded of one.
    NoClockRuns,
    /// Nobody was reminded of the case since it was last seen.
    NoReminderYet,
    /// Longer than reminders may wait.
    TooLongASnooze,

    // ---- sealed cases
    /// The case is sealed, and the sender is none of those who may see it.
    Sealed(CaseId),
    /// The case would be sealed, and nobody is listed who could see it then.
    NobodyWouldSee,
    /// Nothing is taken on a case about the abuse of a child but papers (rule 66).
    NoMaterial,
    /// Another case stands in the way, which is sealed, and what it says of that one is not for everybody who reads the answer.
    NotShown,

    // ---- the morning
    /// A command is not taken back.
    NoWayBack(NoWayBack),
    /// Nothing is handed over.
    NotHandedOver(NotHandedOver),
}

/// Why nothing is handed over.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum NotHandedOver {
    /// Somebody hands over to themself.
    SamePerson,
    /// Nobody has open cases to hand over.
    Nothing {
        /// Whose they would be.
        from: Account,
    },
    /// That is more than goes at once.
    TooMuch {
        /// Whose they are.
        from: Account,
        /// How many go at once.
        most: usize,
    },
    /// All of them are sealed, and one of the two may not work those.
    Sealed {
        /// Who was to get them.
        to: Account,
    },
    /// The day on which they would go back has begun.
    DayIsOver,
    /// The policy wants two people for each.
    TakesTwo,
}

impl From<NotHandedOver> for Refusal {
    fn from(why: NotHandedOver) -> Refusal {
        Refusal::NotHandedOver(why)
    }
}

/// Why a command is not taken back.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum NoWayBack {
    /// Nobody knows which command was meant.
    WhichCase,
    /// Somebody else changed the case since, or it was not the sender who changed it.
    SomebodyElse {
        /// Who.
        by: Account,
    },
    /// It was a handover, which goes back by another one.
    HandedOver {
        /// Who had the cases.
        from: Account,
        /// Who has them now.
        to: Account,
    },
    /// It was about no case, but about the whole desk.
    OfTheDesk,
    /// It is too long ago.
    TooLate {
        /// When it was done.
        at: DateTime<Utc>,
    },
    /// It opened the case.
    OpenedIt,
    /// It tells of something that has left the house.
    LeftTheHouse,
    /// Two people stood behind it, or it ended what waited for a second one.
    NotOnePersons,
    /// The case follows another policy since, and the older one is not to be had again.
    AdoptedPolicy,
    /// It was itself a command that took something back.
    TakenBackAlready,
    /// Time has brought something to the case since.
    TimeWentOn,
    /// It was about this case too, to which something else happened since.
    OtherWentOn(CaseId),
    /// It changed nothing of the case.
    LeftNoTrace,
    /// The case has too long a history.
    TooLong,
    /// It approved what is not done yet, and which anybody can still deny.
    StillCools {
        /// The code of what was approved.
        code: String,
    },
}

impl From<NoWayBack> for Refusal {
    fn from(why: NoWayBack) -> Refusal {
        Refusal::NoWayBack(why)
    }
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
    /// Something that the law or the policy promises is never done.
    Leave,
}

/// Why the directory keeps something from being done.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum EntryRefusal {
    /// A requester is verified by an entry of the directory, and none was named.
    NotNamed {
        /// The entry that the request's domain or agency leads to.
        near: Option<String>,
    },
    /// The directory has no such entry.
    Unknown {
        /// What was typed.
        typed: String,
        /// The nearest one.
        near: Option<String>,
    },
    /// The entry has several numbers, and which was called was not said.
    WhichNumber {
        /// The entry.
        entry: String,
        /// Its numbers.
        phones: Vec<String>,
    },
    /// The number or address is none of the entry's.
    NotItsNumber {
        /// The number or address.
        number: String,
        /// The entry.
        entry: String,
        /// What the entry has.
        has: Vec<String>,
    },
    /// The request names another agency than the entry that was called (rule 61).
    OtherAgency {
        /// The agency, as the request has it.
        named: String,
        /// The entry.
        entry: String,
        /// The entry that the request leads to instead.
        near: Option<String>,
    },
    /// Every number of the entry stands in the request as well, so that none proves anything (rule 61).
    FromRequest {
        /// The entry.
        entry: String,
    },
    /// The entry has no number, and no address of it was named.
    NoNumber {
        /// The entry.
        entry: String,
        /// Its domains.
        domains: Vec<String>,
    },
    /// Somebody there denied it before, and the entry has no sound number to call.
    AfterDenial {
        /// The entry.
        entry: String,
    },
    /// The call was made at a time that cannot be.
    CallTime {
        /// Whether it would be still to come; else it was before the request came.
        future: bool,
    },
    /// Another entry has that already.
    Shares {
        /// What.
        what: Shared,
        /// The other entry.
        entry: String,
    },
    /// The entry has all of it already.
    HasAll {
        /// The entry.
        entry: String,
    },
    /// There is no such entry to change.
    NoEntry {
        /// What was typed.
        typed: String,
        /// The nearest one.
        near: Option<String>,
    },
    /// The entry has no such number, domain or key.
    HasNot {
        /// What was typed.
        what: String,
        /// The entry.
        entry: String,
    },
    /// It stands in the operator's file, which is edited by hand.
    OfTheFile {
        /// The entry.
        entry: String,
        /// What of it; all, if nothing was brought to it in the room.
        what: Option<String>,
    },
    /// An entry with neither number nor domain verifies nobody.
    Empty,
    /// The number stands in a request that is open (rule 61).
    NumberInCase {
        /// The number.
        number: String,
        /// The case.
        case: CaseId,
    },
    /// The domain, or one under it or above it, is that of an address in a request that is open (rule 61).
    DomainInCase {
        /// The domain that was to be added.
        domain: String,
        /// The one of the request.
        theirs: String,
        /// The agency, as it was typed.
        entry: String,
        /// The case.
        case: CaseId,
    },
}

impl Refusal {
    /// The name of what somebody lacks who may not ask for this at all; nothing where it is for another reason that it is not done. A log
    /// may name it.
    pub fn condition(&self) -> Option<&'static str> {
        match self {
            Refusal::NotListed => Some("listed"),
            Refusal::NotInTheRoom(_) => Some("in-the-room"),
            Refusal::RoleLacks(_) => Some("role"),
            Refusal::Unconfirmed => Some("vouched-for"),
            Refusal::OtherIdentity => Some("same-identity"),
            Refusal::UnseenIdentity => Some("known-identity"),
            Refusal::NewDevice(_) => Some("known-device"),
            Refusal::Replayed => Some("sent-once"),
            Refusal::SenderFrozen => Some("not-frozen"),
            _ => None,
        }
    }
}

impl From<EntryRefusal> for Refusal {
    fn from(refusal: EntryRefusal) -> Refusal {
        Refusal::Entry(refusal)
    }
}
