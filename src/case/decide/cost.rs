//! What was spent on a request, which may be claimed from whoever asked (rule 35).

use crate::case::{Case, Event, Refusal};

/// How many lines a statement may have.
const MOST_COSTS: usize = 500;

/// A closed case takes costs too: the invoice comes after the answer.
pub(super) fn add(case: &Case, cents: u64, currency: String, what: String) -> Result<Event, Refusal> {
    if case.costs.len() >= MOST_COSTS {
        return Err(Refusal::TooMany { what: "costs", most: MOST_COSTS });
    }
    Ok(Event::CostAdded { cents, currency, what })
}
