//! What binds a case and what is owed on it, as lines of its card.

use crate::case::decide::untold;
use crate::case::{Account, Case, Gag, GagEnding, HoldEnding, Telling, Terms};
use crate::chat::page::Line;
use crate::chat::{dates, text};

/// How many users one line names.
const USERS_SHOWN: usize = 3;

/// Gag, hold, and users who are not told yet, each a line if there is something to say.
pub(super) fn bound(case: &Case, terms: &Terms) -> Vec<Line> {
    let gag = case.gag.as_ref().map(|gag| silence(gag, terms));
    gag.into_iter().chain(kept(case, terms)).chain(not_told(case, terms)).collect()
}

fn silence(gag: &Gag, terms: &Terms) -> Line {
    let day = |at| dates::day(chrono::DateTime::with_timezone(&at, &terms.zone).date_naive());
    match gag.over.as_ref().map(|over| (&over.how, day(over.at))) {
        Some((GagEnding::Ended, when)) => Line::ours(format!("Gag ended {when}")),
        Some((GagEnding::Lifted { by }, when)) => Line::ours(format!("Gag lifted {when} by ")).theirs(by),
        Some((GagEnding::NotBinding { .. }, when)) => Line::ours(format!("Found {when} not to bind us")),
        None => {
            let until = match (gag.day, gag.until) {
                (Some(day), _) => format!("until {}", dates::day(day)),
                (None, Some(until)) => format!("until {}", dates::moment(until, terms.zone)),
                (None, None) => "without an end".to_owned(),
            };
            let document = if gag.document.is_some() { "on file" } else { "none on file" };
            Line::ours(format!("Gag {until}, ordered by "))
                .theirs(&gag.ordered_by)
                .say(format!(" · document: {document}"))
        }
    }
}

fn kept(case: &Case, terms: &Terms) -> Option<Line> {
    let hold = case.hold.as_ref()?;
    let extended = match hold.extended {
        0 => String::new(),
        1 => " · extended once".to_owned(),
        times => format!(" · extended {times} times"),
    };
    Some(match &hold.over {
        None => Line::ours(format!("Hold until {}{extended}", dates::moment(hold.until, terms.zone))),
        Some(over) => {
            let how = match over.how {
                HoldEnding::Expired => "expired",
                HoldEnding::Released => "released",
            };
            Line::ours(format!("Hold {how} {}{extended}", dates::moment(over.at, terms.zone)))
        }
    })
}

/// Users who are owed a notice, once something came of the request; until then it is too early to ask.
fn not_told(case: &Case, terms: &Terms) -> Option<Line> {
    if case.outcome.is_none() || !terms.kind_of(case).is_some_and(|kind| kind.notify) {
        return None;
    }
    let mut owed: Vec<&Account> = untold(case).collect();
    owed.dedup();
    let withheld = |account: &Account| {
        matches!(case.notices.get(account).map(|notice| &notice.what), Some(Telling::Withheld { .. }))
    };
    let mut line = Line::ours("Not told yet: ");
    for (n, account) in owed.iter().take(USERS_SHOWN).enumerate() {
        line = line.say(if n == 0 { "" } else { ", " }).theirs(account.as_str());
        line = line.say(if withheld(account) { " (withheld)" } else { "" });
    }
    if owed.len() > USERS_SHOWN {
        line = line.say(format!(" and {} more", owed.len() - USERS_SHOWN));
    }
    let bars = crate::case::decide::gate::bars(case, terms);
    let bars: Vec<_> = bars.into_iter().map(|bar| (case.id, bar)).collect();
    if !bars.is_empty() {
        line = line.say(" – ").join(text::barred(&bars));
    }
    (!owed.is_empty()).then_some(line)
}
