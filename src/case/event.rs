//! What happened to a case. Stored for good: a change of this file follows the checklist in `docs/journal-format.md`.

use std::collections::{BTreeMap, BTreeSet};

use chrono::{DateTime, NaiveDate, Utc};
use serde::{Deserialize, Serialize};

use super::letter::Piece;
use super::{
    Account, Back, Beside, CallOutcome, CaseId, Command, Conflict, Contact, Effect, Elsewhere, Extent, Field,
    FileRole, Flag, GagEnding, HoldEnding, KeptFile, LetterStopped, MasterKey, Others, Relation, Reminder,
    Step, Telling, Term, Tongue, Until, Verifiable, Void, Want, Watch,
};

/// Something that happened to one case.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "event", rename_all = "kebab-case")]
pub enum Event {
    /// The case was opened.
    Opened {
        /// Its kind.
        kind: String,
        /// The policy version it is pinned to.
        policy: String,
        /// When the request was received; the clocks start here.
        received: DateTime<Utc>,
        /// The lines of the request, in order.
        fields: Vec<Field>,
        /// Lines that were no `Key: value`.
        #[serde(default, skip_serializing_if = "Vec::is_empty")]
        stray: Vec<String>,
    },
    /// A line was put in the place of all with its key.
    FieldSet {
        /// The line.
        field: Field,
    },
    /// All lines with this key were taken off.
    FieldCleared {
        /// Normal form of the key.
        key: String,
        /// The label, for people.
        label: String,
    },
    /// A note was added.
    Noted {
        /// The text.
        text: String,
    },
    /// A file was put on the case.
    FileAttached {
        /// The file.
        file: KeptFile,
        /// What it is.
        role: FileRole,
        /// The user whom the copy is for.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        user: Option<Account>,
    },
    /// The requester or the instrument was verified.
    Verified {
        /// Which of the two.
        what: Verifiable,
        /// By whom.
        by: Account,
        /// How.
        how: String,
        /// Which directory entry.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        entry: Option<String>,
        /// The call to a number of that entry; none where there was no directory to take one from.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        call: Option<Contact>,
        /// Who put it on record, if somebody else called.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        recorder: Option<Account>,
    },
    /// What had been verified was changed, so it is verified no longer.
    VerificationVoided {
        /// Which of the two.
        what: Verifiable,
    },
    /// The case was given to somebody, or to nobody.
    Assigned {
        /// The new owner.
        to: Option<Account>,
    },
    /// Tags changed.
    Tagged {
        /// Added.
        #[serde(default, skip_serializing_if = "Vec::is_empty")]
        added: Vec<String>,
        /// Removed.
        #[serde(default, skip_serializing_if = "Vec::is_empty")]
        removed: Vec<String>,
    },
    /// The case was linked to another; both cases get one.
    Linked {
        /// The other case.
        other: CaseId,
        /// How they are related.
        how: Relation,
        /// Whether the relation reads from this case to the other.
        outward: bool,
        /// When the counter-notice was received, on the case that it counters: a clock counts from there.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        received: Option<DateTime<Utc>>,
    },
    /// The request was answered.
    Answered {
        /// How far.
        extent: Extent,
    },
    /// The request was refused.
    RequestRefused {
        /// The policy's code.
        code: String,
        /// The policy's text at that time.
        text: String,
        /// The moderator's own words.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        words: Option<String>,
    },
    /// The requester took the request back.
    Withdrawn {
        /// Why, if said.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        reason: Option<String>,
    },
    /// The case was closed.
    Closed,
    /// The case was opened again.
    Reopened {
        /// Why, if said.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        reason: Option<String>,
    },
    /// The card of the case was posted for the first time.
    CardPosted {
        /// The id of the post, which edits refer to.
        post: String,
        /// How often docket had moved to another room by then.
        #[serde(default, skip_serializing_if = "is_none_yet")]
        moves: u32,
    },
    /// The post that was the card is gone from the room, and docket did not take it back: the next one is the card.
    CardLost {
        /// The id of the post.
        post: String,
    },

    // ---- silence and telling
    /// An order that binds to silence was put on record, or a new end of it.
    GagSet {
        /// Who ordered it.
        ordered_by: String,
        /// The last day it binds, if it has one.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        day: Option<NaiveDate>,
        /// The moment after which it binds no longer.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        until: Option<DateTime<Utc>>,
        /// The SHA-256 of its document, if that is on file.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        document: Option<String>,
    },
    /// The gag is over.
    GagOver {
        /// How.
        how: GagEnding,
    },
    /// The requester asked for secrecy without an order, was told so, and served none in time (rule 16).
    SecrecyLapsed,
    /// Two people found that nothing of this case is about this user, though not all it names could be read.
    Cleared {
        /// The user.
        account: Account,
        /// Why.
        reason: String,
    },
    /// The duty to tell a user was settled, or put off.
    NoticeSettled {
        /// The user.
        account: Account,
        /// How.
        what: Telling,
        /// When, if not now.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        at: Option<DateTime<Utc>>,
    },

    /// A notice took a step on its way to a user.
    NoticeStepped {
        /// The user.
        account: Account,
        /// Which.
        step: Step,
    },

    /// Two people found that no user of ours is concerned, though the request is of a kind whose users are told.
    NobodyConcerned {
        /// Why. Foreign text.
        reason: String,
    },

    // ---- keeping records
    /// Records are kept from now on.
    HoldStarted {
        /// From when it counts.
        from: DateTime<Utc>,
        /// Until when.
        until: DateTime<Utc>,
    },
    /// They are kept longer.
    HoldExtended {
        /// Until when.
        until: DateTime<Utc>,
        /// The case by which the requester asked for it, if it is one of its own.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        asked_by: Option<CaseId>,
    },
    /// A hold, or its extension, was put on record with too short a term, and is set right: kept longer, within what the policy
    /// gives anyway.
    HoldSetRight {
        /// Until when.
        until: DateTime<Utc>,
        /// The case by which the requester asked for it, if it is one of its own.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        asked_by: Option<CaseId>,
    },
    /// The hold is over.
    HoldOver {
        /// How.
        how: HoldEnding,
    },

    // ---- two people
    /// Somebody proposed what takes two people.
    Proposed {
        /// The code that the second person types.
        code: String,
        /// What is to be done.
        command: Box<Command>,
        /// Why it takes two.
        effects: Vec<Effect>,
        /// A hash of the command and of the case.
        sum: String,
        /// When it is void.
        expires: DateTime<Utc>,
    },
    /// A second person approved; what follows from it comes after, at once or when the cooling time is over.
    Approved {
        /// The code.
        code: String,
        /// When it is carried out.
        ready: DateTime<Utc>,
        /// The reason of somebody who went ahead alone.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        alone: Option<String>,
    },
    /// Somebody denied it.
    Denied {
        /// The code.
        code: String,
        /// Why, if said.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        reason: Option<String>,
    },
    /// It is void.
    Voided {
        /// The code.
        code: String,
        /// Why.
        why: Void,
    },
    /// Somebody typed a code that is none.
    WrongCode,
    /// It was carried out.
    CarriedOut {
        /// The code.
        code: String,
        /// Who proposed it.
        proposer: Account,
        /// Who approved it.
        approver: Account,
    },
    /// A named approver believes in the danger (rule 13).
    Attested {
        /// Who.
        by: Account,
        /// Why.
        reason: String,
    },

    // ---- scope, letters, clocks
    /// A category of data was allowed or refused.
    ScopeSet {
        /// Its name.
        category: String,
        /// Whether it is within the scope.
        allowed: bool,
        /// Why, if said.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        reason: Option<String>,
    },
    /// A person sent a letter.
    LetterSent {
        /// Its name.
        letter: String,
        /// By which way.
        via: String,
        /// When it went out.
        at: DateTime<Utc>,
    },
    /// The requester was asked for what is missing: the case waits.
    WaitBegan {
        /// From when.
        from: DateTime<Utc>,
        /// What was asked for.
        #[serde(default, skip_serializing_if = "Vec::is_empty")]
        asked: Vec<Want>,
    },
    /// What was asked for came, or the wait ended otherwise.
    WaitEnded,
    /// A clock was given more time.
    ClockProlonged {
        /// Its name.
        clock: String,
        /// By how much, from its own end.
        term: Term,
        /// Why.
        reason: String,
    },
    /// The requester was sent elsewhere, which ends the request here.
    Redirected {
        /// Where to.
        to: Elsewhere,
        /// The policy's text at that time.
        text: String,
    },
    /// The case goes on under another version of the policy.
    PolicyAdopted {
        /// The version.
        policy: String,
        /// The one that it went by before.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        from: Option<String>,
    },
    /// A flag was set.
    Flagged {
        /// Which.
        flag: Flag,
    },
    /// A flag was taken off.
    Unflagged {
        /// Which.
        flag: Flag,
    },
    /// Money was spent.
    CostAdded {
        /// In hundredths of the currency's unit.
        cents: u64,
        /// Three letters.
        currency: String,
        /// What for.
        what: String,
    },

    // ---- reminders
    /// People were reminded.
    Reminded {
        /// Of what.
        of: Vec<Reminder>,
        /// Whether the machine's clock was in doubt.
        #[serde(default, skip_serializing_if = "is_false")]
        in_doubt: bool,
    },
    /// From now on people are reminded of these clocks: they began, were moved, or run no longer. Nobody is told of it.
    Watched {
        /// What began or was moved.
        #[serde(default, skip_serializing_if = "Vec::is_empty")]
        clocks: Vec<Watch>,
        /// The names of those that run no longer.
        #[serde(default, skip_serializing_if = "Vec::is_empty")]
        gone: Vec<String>,
    },
    /// The machine's clock is certain again, or has gone back: what lies ahead was told too early, and is told again when it comes.
    Recounted {
        /// Whether the clock has only gone back, and is in doubt still.
        #[serde(default, skip_serializing_if = "is_false")]
        in_doubt: bool,
    },

    // ---- retention
    /// People were told that the case is to be erased.
    ErasureAnnounced {
        /// When the time for which it is kept ends.
        ends: DateTime<Utc>,
    },
    /// Somebody has seen the reminders.
    Seen {
        /// Of which clocks, and up to when; none are named on old records, which mean all that people had been reminded of.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        clocks: Option<BTreeMap<String, DateTime<Utc>>>,
    },
    /// No reminder until then, as far as that is safe.
    Snoozed {
        /// Until when.
        until: DateTime<Utc>,
    },

    // ---- the morning
    /// It was one of the open cases that somebody handed over to somebody else.
    HandedOver {
        /// Who had it.
        from: Account,
        /// Who has it now.
        to: Account,
        /// When it goes back, if it does.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        until: Option<DateTime<Utc>>,
        /// How many cases were handed over at once.
        of: u32,
    },
    /// Somebody took back their own last command; what it had done is as it was before.
    TakenBack {
        /// What is taken back.
        took: Vec<Event>,
        /// How it was before.
        back: Vec<Back>,
    },

    // ---- who asks
    /// Somebody asked whether it is genuine, and did not hear that it is.
    VerificationTried {
        /// Which of the two.
        what: Verifiable,
        /// By whom.
        by: Account,
        /// How.
        how: String,
        /// Which directory entry.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        entry: Option<String>,
        /// The call to a number of that entry.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        call: Option<Contact>,
        /// What came of it.
        outcome: CallOutcome,
    },
    /// The case was held against what was on file when it was opened.
    Compared {
        /// What was found beside it.
        beside: Beside,
    },
    /// A case that was opened later contradicts this one (rule 63: both are warned).
    Contradicted {
        /// How.
        conflict: Conflict,
    },
    /// Whoever proposed, approved or closed was told of what contradicts the case (rule 63).
    Warned {
        /// What contradicts, as far as everybody may know.
        conflicts: Vec<Conflict>,
        /// Whether a sealed case keeps what is asked to be erased; of which, is not said here.
        #[serde(default, skip_serializing_if = "std::ops::Not::not")]
        unshown: bool,
    },

    // ---- how a case ends
    /// The requester is not told what came of the request, and it is on record why.
    LeftUnsent {
        /// Why. Foreign text.
        reason: String,
    },

    /// What the policy counts the days of is left undone, and it is on record why.
    LeftUndone {
        /// The names of the clocks.
        clocks: Vec<String>,
        /// Why. Foreign text.
        reason: String,
    },

    // ---- what other cases forbid
    /// These other cases forbid to tell a user of this one now; if there are none, none does any more.
    Hushed {
        /// Whom.
        account: Account,
        /// The cases.
        by: BTreeSet<CaseId>,
        /// Those of them that are sealed, which are not shown.
        #[serde(default, skip_serializing_if = "BTreeSet::is_empty")]
        unshown: BTreeSet<CaseId>,
    },

    // ---- sealed cases
    /// Somebody looked at a sealed case (rule 55). The case itself has not changed.
    Looked {
        /// At what, by the command.
        what: String,
    },

    // ---- what comes in
    /// When the request was received was put right.
    ReceivedSet {
        /// When it was.
        at: DateTime<Utc>,
        /// The line, as it was typed.
        field: Field,
        /// The case whose notice this one counters: its clock counts from here too.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        counters: Option<CaseId>,
        /// Further ones.
        #[serde(default, skip_serializing_if = "Vec::is_empty")]
        further: Vec<CaseId>,
    },
    /// When a counter-notice against this case was received was put right.
    CounterMoved {
        /// The counter-notice.
        other: CaseId,
        /// When it was received.
        received: DateTime<Utc>,
    },

    // ---- counter-notices
    /// A counter-notice against this case came to nothing.
    CounterEnded {
        /// The counter-notice.
        other: CaseId,
    },
    /// A counter-notice against this case that had come to nothing is worked again.
    CounterStands {
        /// The counter-notice.
        other: CaseId,
        /// When it was received.
        received: DateTime<Utc>,
    },
    /// These are the cases whose notice it may counter, the likeliest first. Nobody is told of it.
    MayCounter {
        /// The cases.
        cases: Vec<CaseId>,
    },

    // ---- requests for more time
    /// The hold of the case that this one extends was extended for it (rule 20).
    KeptWith {
        /// That case.
        other: CaseId,
        /// Until when its hold runs since.
        until: DateTime<Utc>,
        /// Whose records: those whom that case names as well; empty = everybody's.
        #[serde(default, skip_serializing_if = "BTreeSet::is_empty")]
        of: BTreeSet<Account>,
        /// Whose it does not keep, where that may be said on the other case.
        #[serde(default, skip_serializing_if = "BTreeSet::is_empty")]
        without: BTreeSet<Account>,
    },
    /// That hold was let go, or was over when the request for more time came.
    KeptNoLonger {
        /// That case.
        other: CaseId,
    },

    // ---- orders that are named
    /// Two people found that the order for secrecy that the request names is not there: what is left is a wish (rule 16).
    OrderNotThere {
        /// Why.
        reason: String,
    },

    // ---- whom a case is about
    /// Something new that binds has come on the case since two people found that nothing of it is about these users: what they
    /// found holds no longer.
    FindingsEnded {
        /// The users.
        accounts: BTreeSet<Account>,
    },
    /// What was proposed, or approved, would tell a user whom another case forbids to tell since: it is void.
    NoticeForbidden {
        /// The code.
        code: String,
        /// What was to be done.
        command: Box<Command>,
        /// Who proposed it.
        proposer: Account,
        /// Who approved it, if somebody had.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        approver: Option<Account>,
    },

    // ---- when telling becomes free
    /// What the case rests on forbade to tell its users, and does no longer, or has come to forbid it: what is counted for the
    /// notice counts from then on, once it counts (rules 25, 60).
    FreeToTell {
        /// From when; `None` where it never was free while anything was owed.
        since: Option<DateTime<Utc>>,
    },

    // ---- notices that are gone
    /// There is no notice any more that this one counters, or there is one again (rule 41).
    NoticeGone {
        /// The notice.
        other: CaseId,
        /// Whether it is gone.
        gone: bool,
    },

    /// Nothing came after all of what these users were told was done, so they hear that too (rules 31, 41).
    ToldInVain {
        /// The users.
        accounts: BTreeSet<Account>,
    },

    /// Of the request came something else than these users were told, so they are told anew (rules 25, 31, 41).
    ToldAnew {
        /// The users.
        accounts: BTreeSet<Account>,
    },

    /// What was done for the request was put back before it was opened again, so it counts as not done until it is done anew
    /// (rule 41). The lines that say so are taken off beside this.
    WentBack,

    /// Other cases want inaccessible what this one would put back, or no longer do: it goes back once nothing is left of what asked
    /// for it (rule 41).
    KeptDown {
        /// The cases.
        by: BTreeSet<CaseId>,
        /// Those of them that are sealed, which are not shown.
        #[serde(default, skip_serializing_if = "BTreeSet::is_empty")]
        unshown: BTreeSet<CaseId>,
        /// Whether something of it is left that none of them is about.
        #[serde(default, skip_serializing_if = "is_false")]
        rest: bool,
        /// Whether the case was closed, and is open again for what is due on it since.
        #[serde(default, skip_serializing_if = "is_false")]
        again: bool,
        /// Whether one of them was erased since, and nothing goes back because of that.
        #[serde(default, skip_serializing_if = "is_false")]
        erased: bool,
        /// The day of countered notices before which it does not go back.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        until: Option<Until>,
        /// Whether it went back all the same.
        #[serde(default, skip_serializing_if = "is_false")]
        is_back: bool,
        /// Open requests for the same, on which nothing was decided.
        #[serde(default, skip_serializing_if = "Others::is_nobody")]
        asked: Others,
    },

    // ---- clocks that only last
    /// A clock at whose end nothing of ours falls due is over.
    ClockElapsed {
        /// Its name.
        clock: String,
        /// What ended, as the policy has it.
        title: String,
        /// When it had begun.
        since: DateTime<Utc>,
    },

    // ---- duplicates
    /// The case that a duplicate was to be answered with does so no longer: it came to nothing, or no longer tells whom the
    /// duplicate names. The duplicate is worked by itself again; both cases have it on record.
    BroughtBack {
        /// The other of the two.
        other: CaseId,
        /// Whether this one is the duplicate.
        outward: bool,
        /// Whether the other one is sealed and this one is not, so that it is not named here.
        #[serde(default, skip_serializing_if = "is_false")]
        unshown: bool,
        /// Whether somebody opened the duplicate again, while the other one would have answered it.
        #[serde(default, skip_serializing_if = "is_false")]
        reopened: bool,
    },

    // ---- closed notices
    /// The case was closed, and is open again for what is due on it since: a counter-notice against it stands. What came of it
    /// stays (rule 41).
    DueAgain {
        /// The counter-notice.
        other: CaseId,
    },

    // ---- links that were a mistake
    /// A link to another case was taken away; both cases get one.
    Unlinked {
        /// The other case.
        other: CaseId,
        /// How they were related.
        how: Relation,
        /// Whether the relation read from this case to the other.
        outward: bool,
    },

    // ---- letters
    /// A letter that is on record went out at another time than was put down.
    SentSetRight {
        /// Its name.
        letter: String,
        /// By which way.
        via: String,
        /// When it was said to have gone out.
        was: DateTime<Utc>,
        /// When it did.
        at: DateTime<Utc>,
        /// From when the case waits since, if it waits because of it.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        waits: Option<DateTime<Utc>>,
    },

    // ---- complaints
    /// What the case complains of was decided by this person, so somebody else looks at it.
    DecidedBefore {
        /// The case that was decided.
        other: CaseId,
        /// By whom.
        by: Account,
        /// And with whom, where it took two people.
        #[serde(default, skip_serializing_if = "BTreeSet::is_empty")]
        with: BTreeSet<Account>,
    },

    // ---- users who ask for themselves
    /// A user asked for it in a room of their own.
    Visited {
        /// Who.
        account: Account,
        /// In which language they were spoken to.
        tongue: Tongue,
        /// The identity that signed their session.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        key: Option<MasterKey>,
    },
    /// They wrote something more to it.
    WroteAgain {
        /// What. Foreign text.
        text: String,
    },
    /// They took it back.
    TookBack,
    /// Somebody let a letter go to them, in these words.
    LetterReleased {
        /// Its name.
        letter: String,
        /// What it says.
        words: Vec<Piece>,
        /// When it leaves at the earliest.
        leaves: DateTime<Utc>,
        /// The copy of their data that goes with it.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        file: Option<KeptFile>,
    },
    /// The time is there at which a letter that was let go before may leave.
    LetterLeaves {
        /// Its name.
        letter: String,
    },
    /// A letter did not reach them.
    LetterStopped {
        /// Its name.
        letter: String,
        /// Why.
        why: LetterStopped,
    },
}

fn is_none_yet(moves: &u32) -> bool {
    *moves == 0
}

impl Event {
    /// Whether nobody is told of it and nothing shows it: docket keeps its own books.
    pub fn is_quiet(&self) -> bool {
        matches!(
            self,
            Event::CardPosted { .. }
                | Event::CardLost { .. }
                | Event::Watched { .. }
                | Event::Recounted { .. }
                | Event::ErasureAnnounced { .. }
                | Event::MayCounter { .. }
                | Event::FreeToTell { .. }
        )
    }

    /// Whether something comes of the request with it.
    pub fn ends_request(&self) -> bool {
        matches!(
            self,
            Event::Answered { .. }
                | Event::RequestRefused { .. }
                | Event::Withdrawn { .. }
                | Event::Redirected { .. }
                | Event::Linked { how: Relation::Duplicate, outward: true, .. }
        )
    }

    /// Whether it is about how people work on the case: what it asks for, whom it binds and what is owed stay as they were.
    pub fn is_of_work(&self) -> bool {
        let is_said = matches!(self, Event::Noted { .. } | Event::Tagged { .. } | Event::Assigned { .. });
        is_said || self.is_quiet() || self.is_of_reminders() || self.is_look()
    }

    /// Whom it concerns that another case has made void what they agreed on.
    pub fn forbidden_to(&self) -> impl Iterator<Item = &Account> {
        let both = if let Event::NoticeForbidden { proposer, approver, .. } = self {
            [Some(proposer), approver.as_ref()]
        } else {
            [None, None]
        };
        both.into_iter().flatten()
    }

    /// Whether a request that was called a duplicate is worked by itself again, which whoever worked it must hear.
    pub fn is_back(&self) -> bool {
        matches!(self, Event::BroughtBack { outward: true, .. })
    }

    /// Whether another case keeps nothing for a request any more, which nobody who works it would look for.
    pub fn is_let_go(&self) -> bool {
        matches!(self, Event::KeptNoLonger { .. })
    }

    /// Whether one person went ahead without a second.
    pub fn is_alone(&self) -> bool {
        matches!(self, Event::Approved { alone: Some(_), .. })
    }

    /// Of what people were reminded.
    pub fn reminders(&self) -> &[Reminder] {
        if let Event::Reminded { of, .. } = self { of } else { &[] }
    }

    /// Whether it is a look at a sealed case: the log shows it and nothing else does.
    pub fn is_look(&self) -> bool {
        matches!(self, Event::Looked { .. })
    }

    /// Whether it is about reminders alone: the case itself has not changed.
    pub fn is_of_reminders(&self) -> bool {
        matches!(self, Event::Reminded { .. } | Event::Seen { .. } | Event::Snoozed { .. })
    }
}

fn is_false(is: &bool) -> bool {
    !is
}
