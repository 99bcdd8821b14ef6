//! What somebody wants done to a case. Typed: everything that could be misread has been read.

use serde::{Deserialize, Serialize};

use chrono::{DateTime, NaiveDate, Utc};

use super::{
    Account, Agency, CaseId, Channel, Elsewhere, Field, HeldMode, MasterKey, Parts, Return, Span, Term,
    Tongue,
};

/// A command that may change a case on file. A new case is an [`Opening`].
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "command", rename_all = "kebab-case")]
pub enum Command {
    /// Changes lines of the request.
    Set {
        /// The changes, in order.
        edits: Vec<Edit>,
    },
    /// Adds a note.
    Note {
        /// The text, as typed.
        text: String,
    },
    /// Puts a file that is already sealed on the case.
    Attach {
        /// What was kept.
        file: KeptFile,
        /// What it is.
        role: FileRole,
        /// The user whom the copy is for.
        user: Option<Account>,
    },
    /// Records that the requester or the instrument was verified (rule 61).
    Verify {
        /// Which of the two.
        what: Verifiable,
        /// By whom, if not by the sender.
        by: Option<Account>,
        /// How.
        how: String,
        /// Which directory entry the number or address came from.
        entry: Option<String>,
        /// Which number or address of that entry was used.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        number: Option<String>,
        /// When, if not now.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        at: Option<DateTime<Utc>>,
        /// What came of it.
        #[serde(default)]
        outcome: CallOutcome,
    },
    /// Gives the case to somebody, or to nobody.
    Assign {
        /// The new owner.
        to: Option<Account>,
    },
    /// Adds and removes tags.
    Tag {
        /// Tags to add.
        add: Vec<String>,
        /// Tags to remove.
        remove: Vec<String>,
    },
    /// Links this case to another, read left to right: `57 extends 42`.
    Link {
        /// The other case.
        other: CaseId,
        /// How they are related.
        how: Relation,
    },
    /// Takes the links to another case away that were a mistake.
    Unlink {
        /// The other case.
        other: CaseId,
    },
    /// Records that the request was answered.
    Answer {
        /// How far.
        extent: Extent,
    },
    /// Refuses the request.
    Refuse {
        /// The policy's code.
        code: String,
        /// The moderator's own words.
        words: Option<String>,
    },
    /// Records that the requester took the request back.
    Withdraw {
        /// Why, if said.
        reason: Option<String>,
    },
    /// Closes the case.
    Close,
    /// Opens it again.
    Reopen {
        /// Why, if said.
        reason: Option<String>,
    },
    /// Records that a person sent a letter.
    RecordSent {
        /// Its name.
        letter: String,
        /// By which way.
        via: Channel,
        /// When it went out, if not now.
        at: Option<DateTime<Utc>>,
        /// What it is to one that is on record already.
        #[serde(default)]
        repeat: Repeat,
    },
    /// Sends the requester elsewhere.
    Redirect {
        /// Where to.
        to: Elsewhere,
    },
    /// Puts categories of data into the scope, or refuses them.
    Scope {
        /// Which, as typed.
        categories: Vec<String>,
        /// Whether they come into it.
        allow: bool,
        /// Why, if said.
        reason: Option<String>,
    },
    /// Records an order that binds to silence, or its end.
    Gag(GagStep),
    /// Keeps records, keeps them longer, or lets them go.
    Hold(HoldStep),
    /// Settles the duty to tell users, or puts it off.
    Notify {
        /// One user, or all of the case.
        whom: Option<Account>,
        /// How.
        how: Settling,
    },
    /// States the belief that somebody is in danger (rule 13).
    Attest {
        /// Why.
        reason: String,
    },
    /// Approves what somebody else proposed.
    Approve {
        /// The code.
        code: String,
        /// The reason of somebody who goes ahead alone.
        alone: Option<String>,
    },
    /// Denies what somebody proposed.
    Deny {
        /// The code; everything that waits, if not said.
        code: Option<String>,
        /// Why, if said.
        reason: Option<String>,
    },

    // ---- policy
    /// Goes on under the current version of the policy.
    Adopt {
        /// Which that was when it was put before a second person: they approve that one and no other.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        policy: Option<String>,
    },
    /// Records that money was spent (rule 35).
    Cost {
        /// In hundredths of the currency's unit.
        cents: u64,
        /// Three letters.
        currency: String,
        /// What for.
        what: String,
    },

    // ---- clocks
    /// Gives a clock more time.
    Prolong {
        /// Its name.
        clock: String,
        /// By how much, from its end.
        term: Term,
        /// Why.
        reason: String,
    },

    // ---- reminders
    /// Records that the sender has seen the reminders.
    Seen,
    /// Lets reminders wait.
    Snooze {
        /// How long.
        span: Span,
    },

    // ---- how a case ends
    /// Closes the case although the requester is never told what came of it.
    CloseUnsent {
        /// Why they must not hear.
        reason: String,
    },

    /// Closes the case although something that the policy counts the days of is never done.
    CloseUndone {
        /// Why it is not.
        reason: String,
    },

    // ---- the morning
    /// Takes back one's own last command.
    Undo {
        /// What goes back, on each case that the command was about.
        returns: Vec<Return>,
    },
}

/// What is recorded of a gag.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "gag", rename_all = "kebab-case")]
pub enum GagStep {
    /// There is one, or it has another end.
    Set {
        /// Who ordered it; as it stands, if not said.
        by: Option<String>,
        /// The last day it binds; without an end, if there is none.
        until: Option<NaiveDate>,
    },
    /// It was lifted.
    Lift {
        /// By whom.
        by: String,
    },
    /// It does not bind the operator.
    NotBinding {
        /// Why.
        reason: String,
    },
    /// Nothing of the case is about this user.
    NotAbout {
        /// The user.
        account: Account,
        /// Why.
        reason: String,
    },
    /// The order for secrecy that the request names is not there.
    NotThere {
        /// Why.
        reason: String,
    },
}

/// What is done about a hold.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "hold", rename_all = "kebab-case")]
pub enum HoldStep {
    /// Records are kept.
    Start {
        /// How long, if not as the policy says.
        term: Option<Term>,
        /// From when it counts, if not from the receipt.
        from: Option<DateTime<Utc>>,
    },
    /// They are kept longer, from the old end on.
    Extend {
        /// How long, if not as the policy says.
        term: Option<Term>,
    },
    /// They need not be kept any longer.
    Release,
}

/// How the duty to tell a user is settled.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "settling", rename_all = "kebab-case")]
pub enum Settling {
    /// Not now.
    Withhold {
        /// The policy's code.
        reason: String,
        /// When it is looked at again, if not as the policy says.
        review: Option<Span>,
    },
    /// Not at all.
    Waive {
        /// Why.
        reason: String,
    },
    /// By docket, in an encrypted room of their own.
    Send {
        /// In which language, if not in the policy's own.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        tongue: Option<Tongue>,
    },
    /// By people, in another way than by docket.
    Tell {
        /// `mail`, `post` or `phone`.
        via: String,
        /// When.
        at: Option<DateTime<Utc>>,
    },
}

/// A new case, as it was asked for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Opening {
    /// Name of the kind, as the policy has it.
    pub kind: String,
    /// The lines, in order; a key may stand twice.
    pub fields: Vec<Field>,
    /// Lines that are no `Key: value`; kept.
    pub stray: Vec<String>,
    /// When the request was received, if it says so.
    pub received: Option<DateTime<Utc>>,
}

/// One change of the lines of a request.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Edit {
    /// Puts one line in the place of all with its key; takes them off if the value is empty.
    Put(Field),
    /// Adds accounts to a line of accounts.
    AddAccounts(Field),
    /// Takes accounts off a line of accounts.
    RemoveAccounts(Field),
    /// Puts right when the request was received.
    Received {
        /// When it was.
        at: DateTime<Utc>,
        /// As it was typed.
        value: String,
    },
}

/// What a letter that is put on record is to the same letter that is there.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Repeat {
    /// Nobody said.
    #[default]
    Unsaid,
    /// It went out once more.
    Again,
    /// It is the same, and went out at this time.
    Instead,
}

/// What can be verified.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Verifiable {
    /// That the requester is who they say.
    Requester,
    /// That the instrument is genuine and reaches this.
    Instrument,
}

/// A file that has been hashed and sealed into `files/`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct KeptFile {
    /// Its name in `files/`; says nothing about what it is.
    pub blob: String,
    /// The name it was posted under. Foreign text.
    pub name: String,
    /// The type it was posted as. Foreign text.
    pub mime: String,
    /// Bytes.
    pub size: u64,
    /// SHA-256 of the bytes, in hex.
    pub sha256: String,
}

/// What a file is on a case.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum FileRole {
    /// The request itself.
    Request,
    /// The copy that a user may see.
    Redacted,
    /// The warrant or order.
    Instrument,
    /// Permission to tell.
    Permission,
    /// A request to extend.
    Extension,
    /// The copy of their data that somebody asked for in a room with docket, which brings it to them with the answer.
    Data,
    /// Anything else.
    Other,
}

/// How one case is related to another.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Relation {
    /// The same request again.
    Duplicate,
    /// Extends an earlier preservation.
    Extends,
    /// A counter-notice.
    Counter,
    /// An appeal or complaint.
    Appeal,
    /// A referral to an authority.
    Referral,
    /// Its records were produced under the other.
    ProducedFrom,
}

/// How far a request was answered.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Extent {
    /// All of it.
    Full,
    /// Some of it.
    Part,
    /// There was nothing.
    None,
}

/// What came of asking whether a request is genuine.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum CallOutcome {
    /// They know of it.
    #[default]
    Confirmed,
    /// They do not: it is not theirs.
    Denied,
    /// Nobody could say.
    NoAnswer,
    /// The number leads nowhere.
    NotInService,
}

/// A command that is about no case.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "command", rename_all = "kebab-case")]
pub enum DeskCommand {
    /// Adds an agency to the directory.
    AddAgency {
        /// The agency.
        agency: Agency,
    },
    /// Adds to an entry that is there.
    AddParts {
        /// The entry.
        entry: String,
        /// What it gets.
        parts: Parts,
        /// Where this was learned.
        source: String,
    },
    /// Takes off an entry what was brought to it in the room.
    RemoveParts {
        /// The entry.
        entry: String,
        /// What goes; if nothing is named, all that can.
        parts: Parts,
        /// Why, if said.
        reason: Option<String>,
    },
    /// Stops somebody's authority at once.
    Freeze {
        /// Whose.
        account: Account,
    },
    /// Gives it back.
    Thaw {
        /// To whom.
        account: Account,
    },
    /// Vouches for the identity that somebody read out.
    Trust {
        /// Whose.
        account: Account,
        /// Its key.
        key: MasterKey,
    },
    /// Says that the machine's clock is right, though it was in doubt.
    TrustClock,
    /// Goes on, though the desk is held.
    GoOn {
        /// Why it is.
        held: HeldMode,
    },
    /// Approves what somebody else proposed about the desk.
    Approve {
        /// The code.
        code: String,
        /// The reason of somebody who would go ahead alone.
        alone: Option<String>,
    },
    /// Denies what somebody proposed about the desk.
    Deny {
        /// The code.
        code: String,
        /// Why, if said.
        reason: Option<String>,
    },
}
