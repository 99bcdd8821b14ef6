//! The command table. Adding a command is a row here, an arm in `decide`, and a story.

mod cases;
mod clocks;
mod cost;
mod desk;
mod lists;
mod meant;
mod report;

pub(super) use meant::meant;

use super::args::Args;
use super::asked::Asked;
use super::slip::Slip;
use crate::case::Need;

/// A command.
#[derive(Debug)]
pub struct Verb {
    /// The word that is typed.
    pub name: &'static str,
    /// What follows it.
    pub usage: &'static str,
    /// What it does, in a few words.
    pub what: &'static str,
    /// Whole commands that work, without the prefix.
    pub examples: &'static [&'static str],
    /// What it asks of the sender.
    pub need: Need,
    /// How its arguments are read.
    pub read: fn(&mut Args<'_>) -> Result<Asked, Slip>,
}

impl PartialEq for Verb {
    fn eq(&self, other: &Verb) -> bool {
        self.name == other.name
    }
}

impl Eq for Verb {}

/// The verb of this name.
pub fn find(name: &str) -> Option<&'static Verb> {
    VERBS.iter().find(|verb| verb.name == name)
}

const fn reads(
    name: &'static str,
    usage: &'static str,
    what: &'static str,
    examples: &'static [&'static str],
    read: fn(&mut Args<'_>) -> Result<Asked, Slip>,
) -> Verb {
    Verb { name, usage, what, examples, need: Need::Listed, read }
}

const fn works(
    name: &'static str,
    usage: &'static str,
    what: &'static str,
    examples: &'static [&'static str],
    read: fn(&mut Args<'_>) -> Result<Asked, Slip>,
) -> Verb {
    Verb { name, usage, what, examples, need: Need::Casework, read }
}

/// Every command, in the order of the help.
pub static VERBS: &[Verb] = &[
    reads("help", "[verb]", "all commands, or one with examples", &["help", "help set"], desk::help),
    works(
        "new",
        "<kind> …",
        "opens a case; lines below it fill the form",
        &[
            "new preservation agency=\"Met Police\" accounts=@alice:example.org",
            "new terms spam in our lobby",
        ],
        cases::new,
    ),
    reads("form", "<kind>", "the blank form to copy", &["form preservation"], desk::form),
    reads("show", "[id]", "the card", &["show 42"], cases::show),
    reads("log", "[id]", "its history: who, what, when", &["log 42", "log 42 page=2"], cases::log),
    reads("check", "[id]", "what is there, missing, refused", &["check 42"], cases::check),
    reads(
        "list",
        "[filters]",
        "cases, newest first",
        &[
            "list",
            "list ready",
            "list preservation owner=nobody",
            "list subject=@alice:example.org",
            "list all",
        ],
        lists::list,
    ),
    reads(
        "find",
        "<words>",
        "by words, references, accounts",
        &["find OP-1234", "find met police", "find @alice:example.org"],
        lists::find,
    ),
    reads("due", "[7d]", "what falls due, nearest first", &["due", "due 7d", "due overdue"], lists::due),
    reads("mine", "", "my open cases", &["mine"], lists::mine),
    works(
        "set",
        "<id> key=value …",
        "changes lines of the request",
        &[
            "set 42 reference=OP-1234",
            "set 42 accounts+=@bob:example.org",
            "set 42 accounts-=@bob:example.org",
        ],
        cases::set,
    ),
    works(
        "note",
        "[id] text",
        "adds a note",
        &["note 42 spoke to the agency, they will send the order"],
        cases::note,
    ),
    works(
        "attach",
        "<id> [as=…] [for=@user]",
        "puts a file on a case; in reply to the file",
        &["attach 42", "attach 42 as=instrument", "attach 42 as=redacted for=@alice:example.org"],
        cases::attach,
    ),
    works(
        "verify",
        "<id> requester|instrument how=…",
        "records who verified it and how",
        &[
            "verify 42 requester how=\"called the switchboard\"",
            "verify 42 instrument how=\"checked with the court\" by=@ben",
        ],
        cases::verify,
    ),
    works(
        "assign",
        "<id> @who|me|nobody",
        "gives it to somebody",
        &["assign 42 me", "assign 42 @ben", "assign 42 nobody"],
        cases::assign,
    ),
    works("tag", "<id> +tag -tag", "adds and removes tags", &["tag 42 +fraud -old"], cases::tag),
    works(
        "link",
        "<id> <id> as=…",
        "links cases, read left to right",
        &["link 57 42 as=extends", "link 57 42 as=duplicate"],
        cases::link,
    ),
    works("answer", "<id> full|part|none", "the request was answered", &["answer 42 none"], cases::answer),
    works(
        "refuse",
        "<id> reason=<code>",
        "the request is refused",
        &["refuse 42 reason=not-ours"],
        cases::refuse,
    ),
    works(
        "extend",
        "<id> <clock> <term> reason=…",
        "gives a clock more time",
        &["extend 42 answer 2 months reason=\"many and complex requests\""],
        clocks::extend,
    ),
    works("withdraw", "<id> [reason]", "the requester took it back", &["withdraw 42"], cases::withdraw),
    works("close", "<id>", "nothing is left to do", &["close 42"], cases::close),
    works(
        "reopen",
        "<id> [reason]",
        "goes on with it",
        &["reopen 42 the order came after all"],
        cases::reopen,
    ),
    works(
        "cost",
        "<id> [120 GBP what for]",
        "what was spent; alone, the statement",
        &["cost 42 120 GBP two hours of counsel", "cost 42"],
        cost::cost,
    ),
    reads(
        "report",
        "<half-year> [publish]",
        "the transparency report",
        &["report 2026H1", "report 2026H1 publish"],
        report::report,
    ),
    works("seen", "[id]", "you have seen the reminder", &["seen 42"], cases::seen),
    works("snooze", "[id] 2d", "reminders wait, as far as is safe", &["snooze 42 2d"], cases::snooze),
    reads("people", "", "who may do what", &["people"], desk::people),
    reads(
        "policy",
        "[kind]",
        "kinds, their lines, reasons to refuse",
        &["policy", "policy preservation"],
        desk::policy,
    ),
];

/// Verbs that the contract has and this version does not yet: a sentence is owed, not a guess at another verb.
pub static LATER: &[&str] = &[
    "accept",
    "act",
    "approve",
    "ask",
    "attest",
    "brief",
    "conflicts",
    "deny",
    "directory",
    "dismiss",
    "export",
    "freeze",
    "gag",
    "handover",
    "health",
    "hold",
    "letter",
    "merge",
    "next",
    "notify",
    "pending",
    "produce",
    "redirect",
    "resume",
    "scope",
    "sent",
    "snapshot",
    "trust",
    "undo",
    "unreadable",
];
