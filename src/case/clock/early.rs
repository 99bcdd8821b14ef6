//! What was done before a clock of the policy let it be done (17 U.S.C. 512(g) puts nothing back before ten business days are
//! over). It is on record all the same, for it was done; whoever writes it down hears of it.

use super::{Clock, runs};
use crate::case::done::day_in;
use crate::case::kept_down::COURT_ACTION_KEY;
use crate::case::{Case, Field, Stop, Terms};

/// The clock that this line ends and that did not let it be done on the day that it says.
pub fn too_soon(case: &Case, field: &Field, terms: &Terms) -> Option<Clock> {
    // Word of a court action comes before anything may go back, or never (rule 41).
    let day = day_in(&field.value).filter(|_| field.counts() && field.key != COURT_ACTION_KEY)?;
    // The clock is over where the line stands.
    let mut before = case.clone();
    before.fields.retain(|one| one.key != field.key);
    let line = Stop::Line(field.key.clone());
    let runs = runs(&before, terms);
    let ended =
        runs.iter().filter(|run| run.rule.is_some_and(|rule| rule.until.is_any(std::slice::from_ref(&line))));
    let clocks = ended.map(|run| &run.clock);
    let is_later = |clock: &&Clock| {
        clock.earliest.is_some_and(|earliest| day < earliest.with_timezone(&clock.zone).date_naive())
    };
    clocks.into_iter().find(is_later).cloned()
}
