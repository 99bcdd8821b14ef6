//! What binds a case and what is owed on it, as lines of its card.

use chrono::{DateTime, Utc};
use chrono_tz::Tz;

use crate::case::clock::without_notice;
use crate::case::decide::untold;
use crate::case::{Account, Case, Clock, Gag, GagEnding, Hold, HoldEnding, Telling, Terms};
use crate::chat::page::Line;
use crate::chat::{dates, text};

/// How many users one line names.
const USERS_SHOWN: usize = 3;

/// The clock of a hold.
pub(super) const HOLD: &str = "hold";
/// The clock of a gag.
pub(super) const GAG: &str = "gag";

/// Gag and hold, each a line where none of the deadlines shown says it.
pub(super) fn bound(case: &Case, terms: &Terms, shown: &[Clock], now: DateTime<Utc>) -> Vec<Line> {
    let zone = terms.zone_of(case);
    let is_shown = |name| shown.iter().any(|clock: &Clock| clock.name == name);
    let gag = case.gag.as_ref().filter(|_| !is_shown(GAG)).map(|gag| silence(gag, zone));
    let hold = case.hold.as_ref().filter(|_| !is_shown(HOLD)).map(|hold| kept(hold, zone, now));
    let is_in_part = case.kept_for_nobody().next().is_some();
    let with = case.kept_with.as_ref().filter(|_| case.hold.is_none() || is_in_part).map(|kept| {
        let until = dates::deadline(kept.until, zone);
        let line = Line::ours(format!("Kept with the hold of {} until {until}", kept.case))
            .say(format!(" {}", dates::until(kept.until, now, zone)));
        let of: Vec<&Account> = kept.of.iter().filter(|_| is_in_part).collect();
        let line = of.iter().take(USERS_SHOWN).enumerate().fold(line, |line, (n, account)| {
            line.say(if n == 0 { ": " } else { ", " }).theirs(account.as_str())
        });
        let more = of.len().saturating_sub(USERS_SHOWN);
        if more > 0 { line.say(format!(" and {more} more")) } else { line }
    });
    // What it asked to be kept for longer is not, and nobody would see that here.
    let let_go = case.let_go_with.filter(|_| case.hold.is_none() && !case.came_to_nothing());
    let let_go = let_go.map(|other| text::let_go(other).begin_sentence());
    let is_over = case.countered.is_none() && without_notice(case).is_none();
    let down = Some(&case.kept_down).filter(|down| !down.is_nothing() && !is_over);
    let down = down.map(|down| text::kept_down(down, zone).begin_sentence());
    gag.into_iter().chain(hold).chain(with).chain(let_go).chain(down).collect()
}

fn silence(gag: &Gag, zone: Tz) -> Line {
    let day = |at| dates::day(chrono::DateTime::with_timezone(&at, &zone).date_naive());
    match gag.over.as_ref().map(|over| (&over.how, day(over.at))) {
        Some((GagEnding::Ended, when)) => Line::ours(format!("Gag ended {when}")),
        Some((GagEnding::Lifted { by }, when)) => Line::ours(format!("Gag lifted {when} by ")).theirs(by),
        Some((GagEnding::Permitted { by }, when)) => {
            Line::ours(format!("Permission to tell on file since {when}, from ")).theirs(by)
        }
        Some((GagEnding::NotBinding { .. }, when)) => Line::ours(format!("Found {when} not to bind us")),
        None => {
            let until = match (gag.day, gag.until) {
                (day, Some(until)) => format!("until {}", dates::last_day(day, until, zone)),
                (Some(day), None) => format!("until {}", dates::day(day)),
                (None, None) => "without an end".to_owned(),
            };
            Line::ours(format!("Gag {until}, ")).join(order(gag))
        }
    }
}

/// Who ordered a gag, and whether the order is at hand.
pub(super) fn order(gag: &Gag) -> Line {
    let document = if gag.document.is_some() { "on file" } else { "none on file" };
    Line::ours("ordered by ").theirs(&gag.ordered_by).say(format!(" · document: {document}"))
}

fn kept(hold: &Hold, zone: Tz, now: DateTime<Utc>) -> Line {
    let extended = extended(hold);
    match &hold.over {
        None => Line::ours(format!(
            "Hold until {} {}{extended}",
            dates::deadline(hold.until, zone),
            dates::until(hold.until, now, zone)
        )),
        Some(over) => {
            let how = match over.how {
                HoldEnding::Expired => "expired",
                HoldEnding::Released => "released",
            };
            Line::ours(format!("Hold {how} {}{extended}", dates::moment(over.at, zone)))
        }
    }
}

/// How often a hold was extended, to go behind what is said of it.
pub(super) fn extended(hold: &Hold) -> String {
    match hold.extended {
        0 => String::new(),
        1 => " · extended once".to_owned(),
        times => format!(" · extended {times} times"),
    }
}

/// Users who are owed a notice, once something came of the request; until then it is too early to ask.
pub(super) fn not_told(case: &Case, terms: &Terms) -> Option<Line> {
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
        if let Some(hush) = case.hush(account) {
            line = line.say(" (").join(text::awaited(&hush.by, &hush.unshown)).say(")");
        }
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
