//! From a message to what it asks for. First what it is, then, once the sender is known to be allowed, what exactly.

use super::args::Args;
use super::args::undotted;
use super::asked::{Asked, Asking};
use super::form::Filled;
use super::mistake::Mistake;
use super::slip::Slip;
use super::verbs::{self, Verb};
use super::words::{self, Arg, Heard, Words};
use super::{lost, reading};
use crate::case::near;
use crate::case::{CaseId, Need, Terms};

/// A message that is meant for docket.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Meant {
    /// A request message.
    Request(Filled),
    /// A command whose verb is known; without a verb it asks for help.
    Command(&'static Verb, Words),
    /// A verb that docket does not have, or does not have yet.
    NoVerb(Slip),
    /// It cannot be read.
    Mistake(Mistake),
}

/// Hears a message; `None` if it is talk among people.
pub fn hear(text: &str, terms: &Terms) -> Option<Meant> {
    Some(match words::read(text, &terms.prefixes) {
        Heard::Talk => {
            let lost = lost::find(text, terms.policy()?)?;
            Meant::NoVerb(Slip::NotOpened { kind: lost.kind })
        }
        Heard::Request(filled) => Meant::Request(filled),
        Heard::Mistake(mistake) => Meant::Mistake(mistake),
        Heard::Command(words) if is_request(&words) => Meant::NoVerb(Slip::RequestBehindPrefix),
        Heard::Command(words) => {
            let typed = words.verb.as_deref().unwrap_or("help");
            match verbs::find(undotted(typed)) {
                Some(verb) => Meant::Command(verb, words),
                None => Meant::NoVerb(match verbs::later(typed) {
                    Some(later) => Slip::Later { verb: later.name },
                    None => Slip::NoSuchVerb { typed: typed.to_owned(), near: nearest(typed, &words) },
                }),
            }
        }
    })
}

/// Whether a request message was typed behind the prefix, on its line or below it.
fn is_request(words: &Words) -> bool {
    match &words.verb {
        Some(verb) => verb.trim_end_matches([':', '：']) == "request",
        None => words.lines.first().is_some_and(|line| line.key.is("request")),
    }
}

/// What may have been meant by a verb that there is not.
fn nearest(typed: &str, words: &Words) -> Option<String> {
    if let Some(case) = CaseId::read(typed) {
        // The number first, then perhaps what to do.
        let verb = words.args.first().and_then(|arg| match arg {
            Arg::Word(word) => verbs::find(&word.to_lowercase()),
            Arg::Pair { .. } => None,
        });
        return Some(format!("{} {case}", verb.map_or("show", |verb| verb.name)));
    }
    let names = verbs::VERBS.iter().map(|verb| verb.name);
    let names = names.chain(verbs::LATER.iter().map(|later| later.name));
    verbs::meant(typed).or_else(|| near::nearest(typed, names)).map(str::to_owned)
}

impl Meant {
    /// Whether it may be talk after all: who is not listed gets no answer to it.
    pub fn may_be_talk(&self) -> bool {
        matches!(self, Meant::NoVerb(Slip::NotOpened { .. }))
    }

    /// Whether it is the command that opens a case: in reply to a file it is read together with that.
    pub fn opens_a_case(&self) -> bool {
        matches!(self, Meant::Command(verb, _) if verb.name == "new")
    }

    /// What it asks of the sender before anything else is looked at.
    pub fn need(&self) -> Need {
        match self {
            Meant::Request(_) => Need::Casework,
            Meant::Command(verb, _) => verb.need,
            Meant::NoVerb(_) | Meant::Mistake(_) => Need::Listed,
        }
    }

    /// What to name to whoever lacks it. Counsel too may type `approve`, so it asks for less; but what others need for it is the
    /// role that approves.
    pub fn lacked(&self) -> Need {
        match self {
            Meant::Command(verb, _) if verb.name == "approve" => Need::Approve,
            Meant::Request(_) | Meant::Command(..) | Meant::NoVerb(_) | Meant::Mistake(_) => self.need(),
        }
    }

    /// Reads it whole.
    pub fn understand(&self, asking: &Asking<'_>) -> Result<Asked, Slip> {
        match self {
            Meant::Request(filled) => reading::request(filled, asking).map(Asked::Open),
            Meant::Command(verb, words) => (verb.read)(&mut Args::new(verb, words, asking)),
            Meant::NoVerb(slip) => Err(slip.clone()),
            Meant::Mistake(mistake) => Err(Slip::Mistake(*mistake)),
        }
    }
}
