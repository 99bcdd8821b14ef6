//! Why the law, the policy or the rule of two people stands in the way. Each states the fact; `chat::text` makes the sentence.

use chrono::{DateTime, NaiveDate, Utc};
use chrono_tz::Tz;

use super::decide::Duty;
use super::decide::gate::Bar;
use super::{
    Account, CaseId, Flag, KeptDown, Refusal, Relation, Role, Span, Start, Term, Untrue, Verifiable,
};

/// Why an act that is guarded was not done.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Restraint {
    // ---- two people
    /// The same act waits already.
    ProposedAlready {
        /// Its code.
        code: String,
    },
    /// Nothing waits for a second person.
    NothingPending,
    /// Nothing waits under this code.
    NoSuchCode,
    /// Nobody approves what they proposed.
    OwnProposal,
    /// Whoever called the requester is not the only approver (rule 61).
    CallerApproves {
        /// Whether theirs is the call that counts. Else they called before, or put on record that somebody else did.
        own: bool,
        /// Who still may.
        others: Vec<Account>,
        /// The proposer, if they could approve it had somebody else proposed it.
        proposer: Option<Account>,
    },
    /// Somebody there said that it is not theirs (rule 61).
    WasDenied {
        /// What.
        what: Verifiable,
    },
    /// Nobody may go ahead alone here.
    NotAlone,

    // ---- silence, keeping, telling
    /// A gag was ordered by somebody.
    GagByWhom,
    /// The policy wants the order on file.
    GagWantsDocument,
    /// The day is over.
    DayIsOver(NaiveDate),
    /// The moment is still to come.
    NotYet(DateTime<Utc>),
    /// Nothing binds here.
    NoGag,
    /// The case names the user.
    NamedHere(Account),
    /// No records are kept on cases of this kind.
    KeepsNothing,
    /// A hold runs already.
    HoldRuns {
        /// Until when.
        until: DateTime<Utc>,
    },
    /// No hold runs.
    NoHold,
    /// The answer would say that records are kept, and no account of the request is on a server of ours (rule 8).
    KeepsNobody,
    /// No account of the request is on a server of ours, so there is nothing to keep (rule 8).
    HoldsNobody {
        /// The policy's reason that says so, if it has one.
        code: Option<String>,
    },
    /// A reason for refusing says what is not so.
    Untrue {
        /// Its code.
        code: String,
        /// What is so instead.
        why: Untrue,
    },
    /// The hold is over, and another case asks for more time on it.
    OverForMore {
        /// The case that asks last; none that is not shown.
        asks: CaseId,
    },
    /// The hold would end before now when it counts from where it does.
    StartsTooEarly {
        /// When it would.
        until: DateTime<Utc>,
        /// The day from which it can count.
        today: NaiveDate,
    },
    /// The hold would end before now, or before it ends already.
    HoldWouldBeOver {
        /// When.
        until: DateTime<Utc>,
    },
    /// The policy allows no further extension.
    ExtendedOften {
        /// How many it allows.
        most: u32,
    },
    /// An extension wants a new request on file (rule 20).
    ExtensionWantsRequest,
    /// Users are not told of cases of this kind.
    NobodyIsTold,
    /// Every user of the case is told, or it is on record why not.
    NobodyLeftToTell,
    /// This user is told, or it is on record why not.
    NoticeSettledAlready(Account),
    /// This user is on another server, and the policy has only ours told.
    OtherServer(Account),
    /// docket is telling this user already.
    OnItsWay(Account),
    /// The policy has no such reason to withhold a notice.
    NoSuchException {
        /// What was typed.
        typed: String,
        /// Those that it has.
        known: Vec<String>,
    },
    /// The policy wants it looked at again sooner.
    ReviewTooLate {
        /// The longest that it allows.
        most: Span,
    },
    /// The gate says no.
    MayNotTell {
        /// The user.
        account: Account,
        /// Everything that forbids it, and on which case.
        bars: Vec<(CaseId, Bar)>,
        /// The case that may turn out not to be about them.
        not_about: Option<CaseId>,
    },
    /// A case that may forbid it could not be read, so nobody knows that it is allowed.
    NotAllRead(Account),
    /// Users are told after the answer.
    TellAfterAnswer,
    /// The kind needs no attestation.
    NothingToAttest,
    /// It is not complete and verified.
    NotReady,
    /// What it rests on has lapsed.
    Lapsed {
        /// When.
        on: DateTime<Utc>,
    },
    /// What it rests on is in force from a later day.
    NotInForceYet {
        /// From when.
        on: DateTime<Utc>,
    },
    /// A line is needed before it can be answered.
    AnswerNeeds {
        /// Its key.
        key: String,
    },
    /// A duplicate names users whom the other case does not.
    DuplicateNamesMore {
        /// The other case.
        other: CaseId,
        /// The users.
        accounts: Vec<Account>,
    },
    /// Users of a duplicate would not be told with the other case.
    DuplicateTellsNobody {
        /// The other case.
        other: CaseId,
        /// The users.
        accounts: Vec<Account>,
    },
    /// Something is still owed.
    Owed(Vec<Duty>),
    /// The requester is owed no letter, so nothing is left unsent.
    NoLetterOwed,
    /// The reason says that something was weighed, and this request is none of those.
    NothingWeighed {
        /// Its code.
        code: String,
    },
    /// Nobody has said whose the material is, and the answer says that the user is told.
    WhoseIsIt,
    /// A counter-notice is not linked to the notice that it counters (rule 41).
    CountersNobody {
        /// Which it may be.
        likely: Option<CaseId>,
    },
    /// It counters notices of other kinds only.
    CountersOthers {
        /// The case that it was to counter.
        other: CaseId,
        /// The kinds that it can.
        kinds: Vec<String>,
    },
    /// It is of a kind that counters nothing, and the other one is countered by another kind only.
    NoCounterNotice {
        /// The case that it was to counter.
        other: CaseId,
        /// The kind that can.
        kind: String,
    },
    /// What it was to counter is a duplicate: it counters the case that is kept.
    CountersDuplicate {
        /// The duplicate.
        other: CaseId,
        /// Of which case.
        of: CaseId,
    },
    /// The answer would say that a letter went out, and it did not.
    NotSentYet {
        /// Its name.
        letter: String,
    },
    /// Nothing that the policy counts the days of is left to be done.
    NothingUndone {
        /// Whether the letter to the requester still is.
        unsent: bool,
    },
    /// Nobody has made sure of it, and the answer would say that something was done for it.
    NotVerified(Verifiable),
    /// The answer would say that records are kept, and no hold was ever started.
    NothingKept,
    /// The same of an answer that is about more than what is kept (rule 24).
    AnswerKeeps,
    /// What was to be done was done, and more is named than was done then.
    AddsToDone {
        /// The line that names more, as it is written.
        label: String,
        /// The line that says when it was done, by key; none where the answer says so.
        done: Option<String>,
        /// The kind of request.
        kind: String,
    },
    /// It says that all was done, and a line of ours says what was not (rule 65).
    NotAllGranted {
        /// The line.
        label: String,
        /// Its key.
        key: String,
    },
    /// The answer would say that there was nothing, and a line of ours says what was done.
    DoneAllTheSame {
        /// The line, as it is written.
        label: String,
        /// Its key.
        key: String,
    },
    /// The answer would say that there was nothing, and records are kept because of the request.
    KeptAllTheSame {
        /// Until when.
        until: DateTime<Utc>,
        /// Whether a hold of this case does it, which people can let go.
        own: bool,
    },
    /// What is weighed before an exception is made is not all written down.
    Unweighed {
        /// The lines that are missing, by key.
        keys: Vec<String>,
    },
    /// Holds keep what was to be erased.
    ErasureWaits {
        /// The cases whose holds run.
        holds: Vec<CaseId>,
    },
    /// Which holds keep something of these accounts could not be looked up.
    HoldsNotKnown,
    /// What another case may forbid is put on record by itself, once it is known whose records it is about.
    ByItself {
        /// The line.
        label: String,
    },

    // ---- two people about the desk
    /// The code is that of something that waits on a case.
    CodeOfCase {
        /// The case.
        case: CaseId,
        /// The code.
        code: String,
    },
    /// The machine's clock is not in doubt.
    ClockCertain,

    // ---- what comes in
    /// A line that says what we did says nothing.
    SaysNothing {
        /// The line.
        label: String,
        /// What belongs there.
        help: String,
    },
    /// What was done cannot have been done on a day to come.
    DoneInFuture {
        /// The line.
        label: String,
        /// The day.
        day: NaiveDate,
    },
    /// It would end what has not begun.
    BeforeItsTime {
        /// The line.
        label: String,
        /// What has not happened.
        start: Start,
    },
    /// It would keep something inaccessible for good, and reads as if no action was filed (rule 41).
    DeniesAction {
        /// The line.
        label: String,
    },
    /// It says that something went back which other cases keep inaccessible (rule 41).
    StaysDown {
        /// The line.
        label: String,
        /// By what.
        down: Box<KeptDown>,
        /// Whether word of a court action can be put on record instead.
        court: bool,
    },
    /// It was done before there was anything to do.
    DoneBeforeBegun {
        /// The line.
        label: String,
        /// Its key.
        key: String,
        /// The day.
        day: NaiveDate,
        /// The first day on which it could be done for this request.
        begun: NaiveDate,
    },
    /// Something was done with the request before that time.
    ReceivedAfter {
        /// When.
        done: DateTime<Utc>,
    },

    // ---- orders and holds
    /// The hold of the case that this one extends was not extended since it came in.
    NotExtended {
        /// That case.
        other: CaseId,
    },
    /// The policy keeps records for no longer at once (rules 19, 20).
    HoldTooLong {
        /// How long it does.
        most: Term,
    },
    /// The request names no order for secrecy, or that is settled.
    NamesNoOrder,
    /// Words that would go to a user name another case, or an agency (rule 65).
    WordsName {
        /// What they name.
        what: String,
    },
    /// What we would refer goes to the user whom it is about (rule 40).
    RefersToUser {
        /// Who that is.
        account: Account,
    },
    /// Something binds about a user, and nobody here knows whom it would be referred to.
    RefersToStranger {
        /// Who that is, as the case says.
        who: String,
    },
    /// What we would refer tells of a request that binds about the user (rule 60).
    RefersWhatBinds {
        /// What it names.
        what: String,
    },
    /// Words on a line of ours that a letter repeats read as if somebody asked for secrecy.
    WordsPlead,
    /// The hold of the case that this one extends keeps nothing of these accounts.
    KeptForSome {
        /// That case.
        other: CaseId,
        /// The accounts.
        left: Vec<Account>,
    },
    /// This case asks for more time on another, whose hold it is that is extended or let go.
    HeldByOther {
        /// That case.
        other: CaseId,
        /// What was asked of it: `extend`, `release`.
        step: &'static str,
        /// Whether this one has a hold of its own.
        has_own: bool,
    },

    // ---- refusing
    /// A reason that says that something is missing, of a request that is complete (rules 7, 17, 22).
    NothingMissing {
        /// The reason's code.
        code: String,
    },
    /// The reason says that nobody could verify the requester, and somebody has.
    IsVerified {
        /// The reason's code.
        code: String,
        /// Who.
        by: Account,
        /// When.
        at: DateTime<Utc>,
    },

    /// The reason is for requests of other kinds.
    ReasonOfOthers {
        /// Its code.
        code: String,
        /// Those kinds.
        kinds: Vec<String>,
        /// The codes of the reasons for this one.
        known: Vec<String>,
    },
    /// It would say that the accounts are on no server of ours, and this one is (rule 8).
    IsOurs {
        /// The account.
        account: Account,
    },
    /// It would say so while what stands on a line of accounts could not be read, and may be one of ours (rule 8).
    MayBeOurs {
        /// What stands there.
        piece: String,
    },
    /// The matter was decided by the sender, and somebody else looks at it when it is complained of.
    DecidedIt {
        /// The case that was decided.
        other: CaseId,
    },

    // ---- duplicates
    /// The other case would not answer this request too.
    NoDuplicate {
        /// The other case.
        other: CaseId,
        /// Why it would not.
        why: Unlike,
    },
    /// No link leads from this case to the other that could be taken away.
    NotLinked {
        /// The other case.
        other: CaseId,
        /// A link that is there and stays, since more hangs on it.
        stays: Option<Relation>,
    },

    // ---- what is gone
    /// Records are gone in part, so they do not go out in full (rules 37 and 53).
    PartlyGone {
        /// What they are called, each with the first day of which there is something.
        from: Vec<(String, NaiveDate)>,
    },

    // ---- for those who were called (rule 56)
    /// A flag comes off by the word of those alone whom it calls.
    FlagOfOthers {
        /// Which.
        flag: Flag,
        /// Their role.
        role: Role,
    },
    /// What ends a clock is said by those alone whom it calls.
    ClockOfOthers {
        /// What falls due.
        title: String,
        /// The line on which they say so, if it ends with one.
        line: Option<String>,
        /// Their role.
        role: Role,
    },
    /// What those said whom a clock called is changed by them alone; it is over.
    SaidByThem {
        /// What fell due.
        title: String,
        /// The line on which they said it.
        line: String,
        /// Their role.
        role: Role,
    },
    /// A tag is so like a flag that the flag may have been meant, and does nothing of what that does.
    LikeFlag {
        /// What was typed.
        tag: String,
        /// The flag.
        flag: Flag,
    },
}

/// Why one request is no duplicate of another.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Unlike {
    /// They are of two kinds, and each kind has duties and clocks of its own.
    Kind {
        /// Its own.
        own: String,
        /// The other's.
        others: String,
    },
    /// Somebody else asks.
    Requester,
    /// The other case is closed, or nothing is done for it any more.
    Over,
    /// It names nobody, and the other one does.
    NamesNobody,
    /// It comes with an order, and the other one with none.
    Order,
    /// It says who asks, and the other one does not, so its answer would go to nobody.
    Unnamed,
    /// A line by which requesters tell their orders apart says one thing here and another there.
    OtherOrder {
        /// The line, as it was typed.
        label: String,
        /// What it says here.
        own: String,
        /// What it says there.
        others: String,
    },
    /// Somebody else asks, under a kind that asks for no agency: the whole address is the requester.
    Address,
    /// It asks for something that the other one does not.
    AsksMore {
        /// The line.
        key: String,
        /// As forms write it.
        label: String,
        /// What; nothing where it does not say, and so may ask for anything.
        more: String,
    },
    /// A day is counted for it that the other one counts from later, or not at all.
    Sooner {
        /// What falls due.
        title: String,
        /// When.
        due: DateTime<Utc>,
        /// The zone in which that is said.
        zone: Tz,
        /// Whether it came before the other one.
        is_older: bool,
        /// The line on which that hangs, if one does.
        key: Option<String>,
    },
    /// It is countered, and the other one is not (rule 41).
    Countered,
    /// It asks for secrecy, and the other one does not: whoever asked is told that it takes an order (rule 16).
    Secrecy,
}

impl From<Restraint> for Refusal {
    fn from(restraint: Restraint) -> Refusal {
        Refusal::Restraint(restraint)
    }
}
