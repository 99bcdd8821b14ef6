//! What forbids to tell a user, in words: on the case itself, and on others. Knows no rule: what forbids is decided at the gate.

use std::collections::BTreeSet;

use crate::case::decide::gate::Bar;
use crate::case::{Account, CaseId, Terms};
use crate::chat::page::Line;

/// What forbids to tell somebody, each with its case.
pub fn barred(bars: &[(CaseId, Bar)]) -> Line {
    // Of another case that is sealed nobody learns which it is: that it forbids this says whom it names.
    let shown = bars.iter().filter(|(case, _)| case.is_shown());
    let mut said: Vec<String> = shown.map(|(case, bar)| format!("{case} {}", in_the_way(*bar))).collect();
    if bars.iter().any(|(case, _)| !case.is_shown()) {
        said.push("something that is not shown here forbids it".to_owned());
    }
    // Nobody has counted them all: the first is a no already.
    let more = said.len() > BARS_SHOWN;
    said.truncate(BARS_SHOWN);
    let line = Line::ours(said.join("; "));
    if more { line.say("; and more") } else { line }
}

/// How many hindrances one sentence names.
const BARS_SHOWN: usize = 5;

/// The way out where a case forbids to tell a user whom none of its lines of accounts names.
pub fn not_about(case: CaseId, account: &Account, terms: &Terms) -> Line {
    let finding = format!("{} gag {} not-about {account} reason=\"…\"", terms.prefix(), case.number());
    Line::ours(format!("If {case} is not about them, two people say so: ")).theirs(&finding)
}

/// One thing that forbids to tell, as the end of a sentence that begins with its case.
pub fn in_the_way(bar: Bar) -> &'static str {
    match bar {
        Bar::Gag => "is under a gag",
        Bar::Instrument => "rests on an instrument that forbids it until permission is on file",
        Bar::Unidentified => "rests on an instrument that nobody has identified",
        Bar::Missing => "needs an instrument, and none is on file",
        Bar::Secrecy => "asks for secrecy, and the requester still has time to serve an order",
        Bar::Order => "names an order for secrecy that nobody has put on record",
        Bar::Review => "is an emergency that was not reviewed afterwards",
        Bar::Csea => "is sealed",
        Bar::Policy => "is under a policy that is not at hand",
        Bar::Unresolved => "is bound, and about something that is no account, or could not be read as one",
    }
}

/// That other cases forbid to tell a user, or no longer do.
pub fn hushed(account: &Account, by: &BTreeSet<CaseId>, unshown: &BTreeSet<CaseId>) -> Line {
    let line = Line::new().theirs(account.as_str());
    if by.is_empty() && unshown.is_empty() {
        return line.say(" may be told as far as other cases go");
    }
    line.say(" may not be told yet, that ").join(awaited(by, unshown))
}

/// Which other cases a notice waits for: the numbers of those that may be shown.
pub fn awaited(by: &BTreeSet<CaseId>, unshown: &BTreeSet<CaseId>) -> Line {
    let mut said: Vec<String> = by.iter().take(BARS_SHOWN).map(ToString::to_string).collect();
    if !unshown.is_empty() {
        said.push("something that is not shown here".to_owned());
    }
    Line::ours(format!("waits for {}", said.join(" and ")))
}
