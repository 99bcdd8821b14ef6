//! Commands about the clocks of a case.

use crate::case::{Command, Term};
use crate::chat::args::Args;
use crate::chat::asked::Asked;
use crate::chat::slip::Slip;

pub(super) fn extend(args: &mut Args<'_>) -> Result<Asked, Slip> {
    let case = args.case()?;
    let clock = args.need_word("the clock, such as answer")?.to_lowercase();
    let reason = args.value(&["reason"])?.map(str::to_owned);
    let words = args.words_left().join(" ");
    let typed = words.strip_prefix("by ").unwrap_or(&words);
    if typed.is_empty() {
        return Err(Slip::Missing { what: "by how much, such as 2 months", verb: "extend" });
    }
    let term = Term::read(typed).map_err(|why| Slip::Unread {
        what: "by how much".to_owned(),
        typed: typed.to_owned(),
        why: why.to_string(),
    })?;
    let what = "the reason, such as reason=\"many and complex requests\"";
    let reason = reason.ok_or(Slip::Missing { what, verb: "extend" })?;
    args.done_with(&["reason"], Asked::Change(case, Command::Prolong { clock, term, reason }))
}
