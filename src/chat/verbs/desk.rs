//! Commands about the desk: help, forms, people, policy.

use super::find;
use crate::case::near;
use crate::case::{CaseId, Command, Kind};
use crate::chat::args::Args;
use crate::chat::asked::{Asked, Query};
use crate::chat::reading;
use crate::chat::slip::Slip;

pub(super) fn help(args: &mut Args<'_>) -> Result<Asked, Slip> {
    let verb = match args.word() {
        None => None,
        Some(typed) => {
            let name = typed.to_lowercase();
            let names = super::VERBS.iter().map(|verb| verb.name);
            Some(find(&name).ok_or_else(|| Slip::NoHelpFor {
                typed: name.clone(),
                near: super::meant(&name).or_else(|| near::nearest(&name, names)).map(str::to_owned),
                later: super::later(&name).is_some(),
            })?)
        }
    };
    args.done(Asked::Read(Query::Help(verb)))
}

pub(super) fn form(args: &mut Args<'_>) -> Result<Asked, Slip> {
    let typed = args.words_left().join(" ");
    if typed.is_empty() {
        return Err(Slip::WhichKind { verb: "form" });
    }
    let kind = kind(args, &typed, "form")?;
    args.done(Asked::Read(Query::Form(kind)))
}

pub(super) fn people(args: &mut Args<'_>) -> Result<Asked, Slip> {
    args.done(Asked::Read(Query::People))
}

pub(super) fn health(args: &mut Args<'_>) -> Result<Asked, Slip> {
    args.done(Asked::Read(Query::Health))
}

pub(super) fn unreadable(args: &mut Args<'_>) -> Result<Asked, Slip> {
    args.done(Asked::Read(Query::Unreadable))
}

pub(super) fn policy(args: &mut Args<'_>) -> Result<Asked, Slip> {
    let kind = match args.word() {
        None => None,
        Some(typed) if CaseId::read(typed).is_some() => return case_policy(args, typed),
        Some(typed) => Some(kind(args, typed, "policy")?),
    };
    args.done(Asked::Read(Query::Policy(kind)))
}

/// `policy 42` and `policy 42 adopt`.
fn case_policy(args: &mut Args<'_>, typed: &str) -> Result<Asked, Slip> {
    let Some(case) = CaseId::read(typed) else {
        return Err(Slip::WhichCase { verb: "policy" });
    };
    match args.word() {
        None => args.done(Asked::Read(Query::PolicyOf(case))),
        Some(word) if word.eq_ignore_ascii_case("adopt") => {
            args.done(Asked::Change(case, Command::Adopt { policy: None }))
        }
        Some(word) => Err(Slip::Unread {
            what: "what to do with the policy".to_owned(),
            typed: word.to_owned(),
            why: "it can be adopt".to_owned(),
        }),
    }
}

/// The kind that the next words name, as the first line of a request does, `take it down`, or `kind=`.
pub(super) fn kind_next(args: &mut Args<'_>, verb: &'static str) -> Result<Kind, Slip> {
    let policy = args.asking.terms.policy();
    let found = args.longest(MOST_WORDS, |typed| policy.and_then(|policy| policy.kind(typed)).cloned());
    match found {
        Some(kind) => Ok(kind),
        None => {
            let typed = args.word().or_else(|| args.pair(&["kind"]).map(|(_, value)| value));
            kind(args, typed.ok_or(Slip::WhichKind { verb })?, verb)
        }
    }
}

/// No kind has a name of more words.
const MOST_WORDS: usize = 8;

/// The kind of this name, under the policy that new cases are opened under.
pub(in crate::chat) fn kind(args: &Args<'_>, typed: &str, verb: &'static str) -> Result<Kind, Slip> {
    let found = args.asking.terms.policy().and_then(|policy| policy.kind(typed));
    found.cloned().ok_or_else(|| Slip::NoSuchKind {
        verb,
        typed: typed.to_owned(),
        near: reading::near_kind(typed, args.asking.terms),
    })
}
