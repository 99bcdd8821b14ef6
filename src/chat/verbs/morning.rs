//! Commands of a shift: what is new, what comes next, what goes back, who takes over.

use crate::case::read_day;
use crate::chat::args::Args;
use crate::chat::asked::{Asked, Query};
use crate::chat::slip::Slip;

pub(super) fn undo(args: &mut Args<'_>) -> Result<Asked, Slip> {
    // In a thread the case must be named; outside of one it is that of the last command.
    let is_named = args.has_word() || args.asking.about.is_some();
    let case = if is_named { Some(args.case()?) } else { None };
    args.done(Asked::Undo(case))
}

pub(super) fn brief(args: &mut Args<'_>) -> Result<Asked, Slip> {
    let who = args.asking.sender.clone();
    args.done(Asked::Read(Query::Brief { who }))
}

pub(super) fn next(args: &mut Args<'_>) -> Result<Asked, Slip> {
    let is_named = args.has_word() || args.asking.about.is_some();
    let case = if is_named { Some(args.case_or_thread()?) } else { None };
    let who = args.asking.sender.clone();
    args.done(Asked::Read(Query::Next { who, case }))
}

pub(super) fn handover(args: &mut Args<'_>) -> Result<Asked, Slip> {
    let from = args.need_word("whose cases and who gets them, such as @ben @cy")?;
    let from = args.person(from)?;
    let to = args.need_word("who gets them, such as @ben @cy")?;
    let to = args.person(to)?;
    let until = match args.value(&["until"])? {
        Some(typed) => Some(read_day(typed).map_err(|why| Slip::Unread {
            what: "until".to_owned(),
            typed: typed.to_owned(),
            why: why.to_string(),
        })?),
        None => None,
    };
    args.done_with(&["until"], Asked::HandOver { from, to, until })
}
