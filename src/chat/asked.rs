//! What a message asks for, read whole: nothing behind this point looks at typed text again.

use chrono::{DateTime, NaiveDate, Utc};

use super::words::Op;
use crate::case::letter::Basis;
use crate::case::{Account, CaseId, Command, DeskCommand, FileRole, Kind, Opening, Stage, Terms, Tongue};
use crate::report::Half;

/// Who asks, about what, when, and under which terms.
#[derive(Clone, Copy, Debug)]
pub struct Asking<'a> {
    /// Who.
    pub sender: &'a Account,
    /// The case of the thread, or of the message that is answered.
    pub about: Option<CaseId>,
    /// The terms.
    pub terms: &'a Terms,
    /// When.
    pub now: DateTime<Utc>,
}

/// What somebody asks of the desk.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Asked {
    /// To open a case.
    Open(Opening),
    /// To do something to a case.
    Change(CaseId, Command),
    /// To change lines of a case. They are read with the rules of its kind, which only the desk can look up.
    Set(CaseId, Vec<Typed>),
    /// To put the file that this message answers on a case. It is hashed and sealed before it is decided.
    Attach {
        /// The case.
        case: CaseId,
        /// What the file is.
        role: FileRole,
        /// The user whom the copy is for.
        user: Option<Account>,
    },
    /// To be shown something.
    Read(Query),
    /// To give all open cases of somebody to somebody else.
    HandOver {
        /// Who has them.
        from: Account,
        /// Who gets them.
        to: Account,
        /// The day on whose morning they go back.
        until: Option<NaiveDate>,
    },
    /// To take back one's own last command: on this case, or wherever it was.
    Undo(Option<CaseId>),
    /// To do something to the desk, and to no case.
    Desk(DeskCommand),
    /// To publish the report of a half-year, whose numbers stand from then on.
    Publish(Half),
}

/// A `key=value` or `Key: value` as it was typed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Typed {
    /// The key, as typed.
    pub label: String,
    /// What to do with the value.
    pub op: Op,
    /// The value, as typed.
    pub value: String,
}

impl Typed {
    /// A line `Key: value`.
    pub fn line(label: &str, value: &str) -> Typed {
        Typed { label: label.to_owned(), op: Op::Set, value: value.to_owned() }
    }
}

/// Something that is only read.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Query {
    /// One screen of all commands, or one command with examples.
    Help(Option<&'static super::Verb>),
    /// The blank form of a kind.
    Form(Kind),
    /// The card.
    Show(CaseId),
    /// The history.
    Log(CaseId, usize),
    /// The checklist.
    Check(CaseId),
    /// The letters there are for a case.
    Letters(CaseId),
    /// A letter, filled in.
    Letter {
        /// The case.
        case: CaseId,
        /// The letter's name, in small letters.
        name: String,
        /// What it says of an ending that has not come.
        basis: Option<Basis>,
    },
    /// Whether each user of a case may be told, and what is in the way; and the words, in a language if one is named.
    Notice(CaseId, Option<Account>, Option<Tongue>),
    /// What waits for a second person.
    Pending,
    /// Cases by what they are.
    List(Filters),
    /// Cases by words, references, accounts.
    Find {
        /// What was typed.
        words: String,
        /// Which page, from 1.
        page: usize,
    },
    /// What falls due, nearest first.
    Due {
        /// From when; without it, what is overdue too.
        from: Option<DateTime<Utc>>,
        /// Until when; without it, whatever runs.
        until: Option<DateTime<Utc>>,
        /// Which page, from 1.
        page: usize,
        /// The words that ask for the same, to which a page is added.
        typed: String,
    },
    /// Who may do what.
    People,
    /// How docket is.
    Health,
    /// What could not be read.
    Unreadable,
    /// The policy's kinds and reasons, or one kind.
    Policy(Option<Kind>),
    /// What is asked for, line by line.
    Scope(CaseId),
    /// Entries of the directory that have these words, or all.
    Directory(String),
    /// What contradicts about an account, or about those that a case names.
    Conflicts(About),
    /// The policy that a case is pinned to.
    PolicyOf(CaseId),

    // ---- the morning
    /// What a shift begins with.
    Brief {
        /// Whose shift it is.
        who: Account,
    },
    /// The next step: of this case, or of the most pressing one.
    Next {
        /// Who asks.
        who: Account,
        /// The case.
        case: Option<CaseId>,
    },
    /// What was spent on a case.
    Costs(CaseId),
    /// The transparency report of a half-year.
    Report(Half),
}

impl Query {
    /// The case whose inside it shows, and what of it, as the command would be typed; none where only lines are shown that
    /// everybody may see.
    pub fn inside_of(&self) -> Option<(CaseId, String)> {
        let (id, what) = match self {
            Query::Show(id) => (id, "show"),
            Query::Log(id, _) => (id, "log"),
            Query::Check(id) => (id, "check"),
            Query::Letters(id) => (id, "letters"),
            Query::Letter { case, name, .. } => return Some((*case, format!("letter {name}"))),
            Query::Notice(id, ..) => (id, "notify preview"),
            Query::Scope(id) => (id, "scope"),
            Query::Conflicts(About::Case(id)) => (id, "conflicts"),
            Query::PolicyOf(id) => (id, "policy"),
            Query::Costs(id) => (id, "cost"),
            Query::Next { case: Some(id), .. } => (id, "next"),
            Query::Next { case: None, .. }
            | Query::Brief { .. }
            | Query::Help(_)
            | Query::Form(_)
            | Query::Pending
            | Query::List(_)
            | Query::Find { .. }
            | Query::Due { .. }
            | Query::People
            | Query::Health
            | Query::Unreadable
            | Query::Policy(_)
            | Query::Directory(_)
            | Query::Conflicts(About::Account(_))
            | Query::Report(_) => return None,
        };
        Some((*id, what.to_owned()))
    }
}

impl Query {
    /// What a look is called that found sealed cases by what stands in them, as the command is typed.
    pub fn verb(&self) -> &'static str {
        match self {
            Query::Find { .. } => "find",
            Query::Conflicts(_) => "conflicts",
            Query::List(_) => "list",
            Query::Show(_)
            | Query::Log(..)
            | Query::Check(_)
            | Query::Letters(_)
            | Query::Letter { .. }
            | Query::Notice(..)
            | Query::Scope(_)
            | Query::PolicyOf(_)
            | Query::Costs(_)
            | Query::Next { .. }
            | Query::Brief { .. }
            | Query::Help(_)
            | Query::Form(_)
            | Query::Pending
            | Query::Due { .. }
            | Query::People
            | Query::Health
            | Query::Unreadable
            | Query::Policy(_)
            | Query::Directory(_)
            | Query::Report(_) => "look",
        }
    }
}

/// What somebody asks about.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum About {
    /// An account.
    Account(Account),
    /// The accounts that a case names.
    Case(CaseId),
}

/// What a list is narrowed by; all must hold.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Filters {
    /// Closed cases too.
    pub closed_too: bool,
    /// In this stage.
    pub stage: Option<Stage>,
    /// Of this kind.
    pub kind: Option<String>,
    /// Owned by this person; `Some(None)` is by nobody.
    pub owner: Option<Option<Account>>,
    /// Asking for secrecy, which `list gagged` shows. A gag, which binds by order, is another thing and comes later.
    pub secret: bool,
    /// Naming this account.
    pub subject: Option<Account>,
    /// With this tag.
    pub tag: Option<String>,
    /// With a clock that is overdue.
    pub overdue: bool,
    /// Which page, from 1.
    pub page: usize,
    /// The words that ask for the same list, to which a page is added.
    pub typed: String,
}
