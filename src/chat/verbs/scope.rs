//! The command about what is asked for.

use crate::case::Command;
use crate::chat::args::Args;
use crate::chat::asked::{Asked, Query};
use crate::chat::slip::Slip;
use crate::chat::words::Arg;

const DECISIONS: &[(&str, bool)] = &[("allow", true), ("refuse", false)];

pub(super) fn scope(args: &mut Args<'_>) -> Result<Asked, Slip> {
    let decides = |arg: &Arg| match arg {
        Arg::Word(word) => DECISIONS.iter().any(|(name, _)| word.eq_ignore_ascii_case(name)),
        Arg::Pair { .. } => false,
    };
    // Only what changes something must name its case.
    if !args.words.args.iter().any(decides) {
        let case = args.case_or_thread()?;
        if let Some(typed) = args.word() {
            Args::one_of(typed, DECISIONS)?;
        }
        return args.done(Asked::Read(Query::Scope(case)));
    }
    let case = args.case()?;
    let allow = Args::one_of(args.need_word("allow or refuse")?, DECISIONS)?;
    let reason = args.value(&["reason"])?.map(str::to_owned);
    let categories: Vec<String> = args
        .words_left()
        .join(" ")
        .split([',', ';'])
        .map(|category| category.trim().to_owned())
        .filter(|category| !category.is_empty())
        .collect();
    if categories.is_empty() {
        return Err(Slip::Missing { what: "which records, such as connection", verb: "scope" });
    }
    args.done_with(&["reason"], Asked::Change(case, Command::Scope { categories, allow, reason }))
}
