//! What is still owed on a case, so that it cannot be closed. A fact about the case, and nothing else.

use chrono::{DateTime, Utc};

use super::telling::untold;
use crate::case::{Account, Case, Ending, Telling, Terms};

/// Something that is owed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Duty {
    /// A user is to be told.
    Tell(Account),
    /// A user is not told for now, which must be looked at again.
    LookAgain(Account, DateTime<Utc>),
    /// Records are kept until then.
    Keep(DateTime<Utc>),
    /// Something waits for a second person, or is cooling; the code.
    Decide(String),
}

/// Everything that is owed, the most pressing first.
pub fn duties(case: &Case, terms: &Terms) -> Vec<Duty> {
    let mut owed: Vec<Duty> = Vec::new();
    // The users of a duplicate are told with the case that it is a duplicate of.
    let duplicate =
        matches!(case.outcome.as_ref().map(|outcome| &outcome.what), Some(Ending::Duplicate { .. }));
    if terms.kind_of(case).is_some_and(|kind| kind.notify) && !duplicate {
        owed.extend(untold(case).map(|account| match case.notices.get(account).map(|notice| &notice.what) {
            Some(Telling::Withheld { review, .. }) => Duty::LookAgain(account.clone(), *review),
            Some(Telling::Told { .. } | Telling::Waived { .. }) | None => Duty::Tell(account.clone()),
        }));
    }
    owed.extend(case.proposals.iter().map(|proposal| Duty::Decide(proposal.code.clone())));
    // A hold ends by itself.
    let hold = case.hold.as_ref().filter(|hold| hold.runs());
    owed.extend(hold.map(|hold| Duty::Keep(hold.until)));
    owed
}
