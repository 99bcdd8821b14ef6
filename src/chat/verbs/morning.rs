//! Commands of a shift: what is new, what comes next, what goes back, who takes over.

use crate::chat::args::Args;
use crate::chat::asked::Asked;
use crate::chat::slip::Slip;

pub(super) fn undo(args: &mut Args<'_>) -> Result<Asked, Slip> {
    // In a thread the case must be named; outside of one it is that of the last command.
    let is_named = args.has_word() || args.asking.about.is_some();
    let case = if is_named { Some(args.case()?) } else { None };
    args.done(Asked::Undo(case))
}
