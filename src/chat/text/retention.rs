//! What is said of the time for which closed cases are kept.

use chrono::{DateTime, Utc};

use crate::case::retention::{Kept, ends, kept};
use crate::case::{Case, CaseId, Terms};
use crate::chat::dates;
use crate::chat::page::Line;

/// How many cases one line names.
const NAMED: usize = 60;

/// The line of the overview on what is erased tomorrow.
pub fn erased_tomorrow(cases: &[CaseId], terms: &Terms) -> Option<Line> {
    let first = cases.first()?;
    let named: Vec<String> = cases.iter().take(NAMED).map(ToString::to_string).collect();
    let more = cases.len().saturating_sub(NAMED);
    let more = if more > 0 { format!(" and {more} more") } else { String::new() };
    let line = if cases.len() == 1 {
        format!("Tomorrow this closed case is erased for good: {first}. To keep it: ")
    } else {
        format!("Tomorrow these closed cases are erased for good: {}{more}. To keep one: ", named.join(", "))
    };
    Some(
        Line::ours(line)
            .code(format!("{} reopen {first}", terms.prefix()))
            .say(" – closed again, its term begins anew."),
    )
}

/// The line of a closed case's card on how long it is kept.
pub fn kept_until(case: &Case, terms: &Terms, now: DateTime<Utc>) -> Option<Line> {
    let end = ends(case, terms)?;
    let day = dates::day(end.with_timezone(&terms.zone).date_naive());
    Some(Line::ours(match kept(case, terms) {
        // What other cases need of it is not known here, nor whether the machine's clock is in doubt.
        None if end < now => format!(
            "Was kept until {day}; erased for good a day after the overview has said so, once the machine’s clock is certain \
             and no open case needs it"
        ),
        None => format!("Kept until {day}, then erased for good"),
        Some(why) => format!("Kept until {day}, and longer while {}", reason(why)),
    }))
}

fn reason(why: Kept) -> String {
    match why {
        Kept::Hold => "records are held for it".to_owned(),
        Kept::Gag => "it binds us to silence".to_owned(),
        Kept::Notice => "a user is still to be told".to_owned(),
        Kept::Proposal => "something waits for a second person".to_owned(),
        Kept::Open(other) => format!("{other} is open"),
        Kept::Longer(other) => format!("{other} is kept"),
    }
}
