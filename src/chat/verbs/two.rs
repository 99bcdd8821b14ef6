//! Commands of the second person: `attest`, `approve`, `deny`, `pending`.

use crate::case::{Command, DeskCommand};
use crate::chat::args::Args;
use crate::chat::asked::{Asked, Query};
use crate::chat::slip::Slip;

pub(super) fn attest(args: &mut Args<'_>) -> Result<Asked, Slip> {
    let case = args.case()?;
    let reason = args.value_or_words(&["reason"])?;
    let reason = reason.ok_or(Slip::Missing {
        what: "why you believe that somebody is in danger: reason=\"…\"",
        verb: "attest",
    })?;
    args.done_with(&["reason"], Asked::Change(case, Command::Attest { reason }))
}

/// The code says which act is meant, so the thread's word for the case is enough: bent to another, it would fit nothing.
/// Without a case it is about the desk.
pub(super) fn approve(args: &mut Args<'_>) -> Result<Asked, Slip> {
    let case = args.case_or_thread_or_none()?;
    let code = args.need_word("the code that stands with the proposal")?.to_owned();
    let alone = args.value(&["break-glass", "break glass"])?.map(str::to_owned);
    args.done_with(
        &["break-glass"],
        match case {
            Some(case) => Asked::Change(case, Command::Approve { code, alone }),
            None => Asked::Desk(DeskCommand::Approve { code, alone }),
        },
    )
}

pub(super) fn deny(args: &mut Args<'_>) -> Result<Asked, Slip> {
    let case = args.case_or_thread_or_none()?;
    let reason = args.value(&["reason"])?.map(str::to_owned);
    let code = args.word().map(str::to_owned);
    let asked = match (case, code) {
        (Some(case), code) => Asked::Change(case, Command::Deny { code, reason }),
        (None, Some(code)) => Asked::Desk(DeskCommand::Deny { code, reason }),
        (None, None) => return Err(Slip::WhichCase { verb: "deny" }),
    };
    args.done_with(&["reason"], asked)
}

pub(super) fn pending(args: &mut Args<'_>) -> Result<Asked, Slip> {
    args.done(Asked::Read(Query::Pending))
}
