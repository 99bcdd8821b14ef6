//! The command table. Adding a command is a row here, an arm in `decide`, and a story.

mod bound;
mod cases;
mod clocks;
mod cost;
mod desk;
mod directory;
mod found;
mod later;
mod letters;
mod lists;
mod meant;
mod morning;
mod report;
mod scope;
mod two;

pub use later::{LATER, Later, later};
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
        "opens a case; lines below it, or the mail that it answers, fill the form",
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
    reads(
        "due",
        "[7d]",
        "what falls due: emergencies, then the nearest first",
        &["due", "due 7d", "due today", "due week", "due overdue"],
        lists::due,
    ),
    reads("mine", "", "my open cases", &["mine"], lists::mine),
    reads("brief", "", "one screen for a shift", &["brief"], morning::brief),
    reads("next", "[id]", "the next step, as a command to copy", &["next", "next 42"], morning::next),
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
            "verify 42 requester entry=\"Kent Police\" how=\"spoke to DI Roe\"",
            "verify 42 requester entry=\"Kent Police\" how=\"they know nothing of it\" outcome=denied",
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
    works(
        "handover",
        "@from @to [until=…]",
        "gives all their open cases to another",
        &["handover @ben @cy", "handover @ben @cy until=2026-12-01"],
        morning::handover,
    ),
    works(
        "tag",
        "<id> +tag -tag",
        "adds and removes tags",
        &["tag 42 +fraud -old", "tag 42 +csea", "tag 42 +underage"],
        cases::tag,
    ),
    works(
        "link",
        "<id> <id> as=…",
        "links cases, read left to right",
        &["link 57 42 as=extends", "link 57 42 as=duplicate", "link 57 42 as=none"],
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
    works("ask", "[id]", "the letter that asks for what is missing", &["ask 42"], letters::ask),
    works(
        "letter",
        "[id] [name]",
        "a letter to copy; alone, which there are",
        &["letter 42", "letter 42 ack", "letter 42 refuse", "letter 42 refuse reason=not-ours"],
        letters::letter,
    ),
    works(
        "sent",
        "<id> notice [@user] via=mail|post|phone [at=], or <id> <letter> via=… [at=] [again|instead]; via=dm sends it",
        "a person sent a letter; via=dm, docket brings it to a user who asked it",
        &[
            "sent 42 ack via=mail",
            "sent 42 ask via=post at=2026-11-20",
            "sent 42 answer via=dm",
            "sent 42 notice @alice:example.org via=mail",
        ],
        letters::sent,
    ),
    works(
        "redirect",
        "<id> mlat|server|security",
        "the requester is sent elsewhere",
        &["redirect 42 mlat", "redirect 42 server"],
        letters::redirect,
    ),
    works("withdraw", "<id> [reason]", "the requester took it back", &["withdraw 42"], cases::withdraw),
    works(
        "close",
        "<id> [unsent|undone reason=…]",
        "nothing is left to do; unsent: the requester must not hear; undone: what is still due can never be done",
        &[
            "close 42",
            "close 42 unsent reason=\"a proven fake\"",
            "close 42 undone reason=\"the account went before\"",
        ],
        cases::close,
    ),
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
    works(
        "hold",
        "<id> start|extend|release",
        "keeps records until an order comes",
        &["hold 42 start", "hold 42 start 90 days from=2026-11-20", "hold 42 extend", "hold 42 release"],
        bound::hold,
    ),
    works(
        "gag",
        "<id> until=… by=… | open | lift | not-binding | not-there",
        "records an order to keep silent, or its end",
        &[
            "gag 42 until=2026-12-31 by=\"Southwark Crown Court\"",
            "gag 42 open by=\"Southwark Crown Court\"",
            "gag 42 lift by=\"Southwark Crown Court\"",
            "gag 42 not-binding reason=\"an order of a foreign court\"",
            "gag 42 not-there reason=\"the letter names an order, and none was served\"",
            "gag 42 not-about @alice:example.org reason=\"another Alice\"",
        ],
        bound::gag,
    ),
    works(
        "notify",
        "<id> preview|send|withhold|waive",
        "whether users may be told, or why not",
        &[
            "notify 42 preview",
            "notify 42 send @alice:example.org",
            "notify 42 send @alice:example.org lang=de",
            "notify 42 withhold @alice:example.org reason=life review=30d",
            "notify 42 waive reason=\"the account never existed\"",
        ],
        bound::notify,
    ),
    Verb {
        need: Need::Approve,
        ..works(
            "attest",
            "<id> reason=…",
            "you believe that somebody is in danger",
            &["attest 42 reason=\"the threat names a time and a place\""],
            two::attest,
        )
    },
    works(
        "approve",
        "[id] CODE",
        "the second person says yes; a code of the desk needs no case",
        &["approve 42 K7M2QX", "approve K7M2QX"],
        two::approve,
    ),
    works(
        "deny",
        "[id] [CODE] [reason=…]",
        "what was proposed is not done",
        &["deny 42", "deny K7M2QX", "deny 42 K7M2QX reason=\"not before counsel has seen it\""],
        two::deny,
    ),
    reads("pending", "", "what waits for a second person", &["pending"], two::pending),
    works("undo", "[id]", "takes back your own last command", &["undo", "undo 42"], morning::undo),
    reads("people", "", "who may do what", &["people"], desk::people),
    reads("health", "", "what of docket is well, and what is not", &["health"], desk::health),
    reads("unreadable", "", "messages that could not be read", &["unreadable"], desk::unreadable),
    reads(
        "policy",
        "[kind | id [adopt]]",
        "kinds, their lines, reasons; adopt: a case goes on under today’s",
        &["policy", "policy preservation", "policy 42", "policy 42 adopt"],
        desk::policy,
    ),
    works(
        "scope",
        "<id> [allow|refuse <what>]",
        "what is asked for, line by line",
        &["scope 42", "scope 42 allow connection", "scope 42 refuse messages reason=\"no warrant\""],
        scope::scope,
    ),
    reads(
        "directory",
        "find <words>|add <name> …|remove <name> …",
        "agencies and their verified numbers",
        &[
            "directory find met police",
            "directory add Kent Police phone=\"+44 1632 960200\" domain=kent.police.uk source=\"their own site\"",
            "directory remove Kent Police phone=\"+44 1632 960200\" reason=\"they moved\"",
        ],
        directory::directory,
    ),
    reads(
        "conflicts",
        "<@user>|<id>",
        "cases that name an account, and what contradicts",
        &["conflicts @alice:example.org", "conflicts 42"],
        directory::conflicts,
    ),
    reads(
        "freeze",
        "@user|me",
        "stops somebody’s authority at once",
        &["freeze @ben", "freeze me"],
        directory::freeze,
    ),
    reads(
        "trust",
        "@user FINGERPRINT",
        "vouches for somebody’s identity, as they read it out to you",
        &["trust @ben JxVh 4ZpB VWcq 1Zt5 lVnq AaMT Vkkg Jeqq fbnu YQ7R HyM"],
        directory::trust,
    ),
    reads(
        "resume",
        "[@user]",
        "alone: docket goes on though it is held, or the machine’s clock is right after all; with a name: they may work again",
        &["resume", "resume @ben"],
        directory::resume,
    ),
];
