//! The clocks by which what was made inaccessible is put back (rule 41), as they run and as they would if no other case kept it so.

use chrono::{DateTime, Utc};

use super::facts::{started, without_notice};
use super::{Clock, runs, too_soon};
use crate::case::{Case, ClockRule, KeptDown, RESTORED_KEY, Start, Terms};

/// Whether what was made inaccessible for a case is to be put back, or were if no other case kept it so (rule 41).
pub fn puts_back(case: &Case, terms: &Terms) -> bool {
    put_back(case, terms).is_some()
}

/// The clock of that, as it were if no other case kept it so.
pub fn put_back(case: &Case, terms: &Terms) -> Option<Clock> {
    if case.countered.is_none() && without_notice(case).is_none() {
        return None;
    }
    let mut rules = terms.policy_of(case)?.clocks.iter();
    rules.find(|rule| is_back(rule) && rule.is_of(&case.kind))?;
    let bare = alone(case);
    let found = runs(&bare, terms).into_iter().find(|run| run.rule.is_some_and(is_back));
    found.map(|run| run.clock)
}

/// The same of what went back by the word of its line, and before it could.
pub fn back_too_soon(case: &Case, terms: &Terms) -> Option<Clock> {
    let bare = alone(case);
    bare.fields_of(RESTORED_KEY).find_map(|field| too_soon(&bare, field, terms))
}

/// Whether a counter-notice stands against a case, and its policy counts the days of putting back since.
pub fn puts_back_countered(case: &Case, terms: &Terms) -> bool {
    let since = |rule: &ClockRule| rule.from == Start::Countered && rule.is_of(&case.kind);
    let policy = terms.policy_of(case).filter(|_| case.countered.is_some());
    policy.is_some_and(|policy| policy.clocks.iter().any(since))
}

/// Whether it counts the days of that.
pub(super) fn is_back(rule: &ClockRule) -> bool {
    matches!(rule.from, Start::Countered | Start::Dropped)
}

/// When a clock of the policy would have begun on a case if no other one kept anything inaccessible.
pub fn start_alone(case: &Case, rule: &ClockRule, terms: &Terms) -> Option<DateTime<Utc>> {
    started(&alone(case), rule, terms)
}

fn alone(case: &Case) -> Case {
    Case { kept_down: KeptDown::default(), ..case.clone() }
}
