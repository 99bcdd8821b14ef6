//! `report 2026H1`, `report 2026H1 publish`.

use crate::chat::args::Args;
use crate::chat::asked::{Asked, Query};
use crate::chat::slip::Slip;
use crate::report::Half;

pub(super) fn report(args: &mut Args<'_>) -> Result<Asked, Slip> {
    let mut words = args.words_left();
    let publish = words.last().is_some_and(|word| word.eq_ignore_ascii_case("publish"));
    if publish {
        words.pop();
    }
    let typed = words.join(" ");
    if typed.is_empty() {
        return Err(Slip::Missing { what: "the half-year, as in 2026H1", verb: "report" });
    }
    let half = Half::read(&typed).map_err(|why| Slip::Unread {
        what: "the half-year".to_owned(),
        typed,
        why: why.to_string(),
    })?;
    args.done(if publish { Asked::Publish(half) } else { Asked::Read(Query::Report(half)) })
}
