//! Whether what a case rests on is in force, by the clocks with whose end it ends. Does not know what may be done without it:
//! that stands in `decide`.

use chrono::{DateTime, Utc};

use super::facts::meets;
use super::{Clock, Run, runs};
use crate::case::{Case, Policy, Terms};

/// Whether what a case rests on is in force.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Force {
    /// As far as anybody knows.
    Is,
    /// It has lapsed.
    Lapsed {
        /// When.
        on: DateTime<Utc>,
    },
    /// It begins later.
    Begins {
        /// When.
        on: DateTime<Utc>,
    },
}

/// Whether what the case rests on is in force, by the clocks with whose end it ends.
pub fn force(case: &Case, terms: &Terms, now: DateTime<Utc>) -> Force {
    for clock in lapsing(case, terms) {
        if clock.due < now {
            return Force::Lapsed { on: clock.due };
        }
        if clock.start > now {
            return Force::Begins { on: clock.start };
        }
    }
    Force::Is
}

/// When what the case rests on lapses, if it does; it is good for all of that second.
pub fn lapse(case: &Case, terms: &Terms) -> Option<DateTime<Utc>> {
    lapsing(case, terms).iter().map(|clock| clock.due).min()
}

fn lapsing(case: &Case, terms: &Terms) -> Vec<Clock> {
    let lapses = |run: &Run<'_>| run.rule.is_some_and(|rule| rule.lapses);
    runs(case, terms).into_iter().filter(lapses).map(|run| run.clock).collect()
}

/// The lines, by key, on which it hangs for how long what a case rests on is in force: without them nobody knows that it is.
pub fn lapses_with<'p>(case: &Case, policy: &'p Policy) -> Vec<&'p str> {
    let lapsing = policy.clocks.iter().filter(|rule| rule.lapses && rule.is_of(&case.kind));
    lapsing.filter(|rule| meets(case, rule, policy)).filter_map(|rule| rule.from.line()).collect()
}
