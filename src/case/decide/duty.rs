//! What is still owed on a case, so that it cannot be closed. A fact about the case, and nothing else.

use std::borrow::Cow;

use chrono::{DateTime, Utc};

use super::promised::{Promise, promises};
use super::telling::{asks_whose, has_unread, untold};
use crate::case::{
    Account, Alone, Calendar, Case, Ending, Extent, Kind, REVIEW_KEY, Span, Step, Telling, Term, Terms,
    letter,
};

/// Something that is owed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Duty {
    /// The requester is to be told what came of the request, by the letter of this name, most likely in this way.
    Write(String, &'static str),
    /// The same where nothing on the case could fill in what the policy's letter of this name asks for: people write their own.
    WriteOwn(String),
    /// A user is to be told.
    Tell(Account),
    /// docket is telling a user, and they are not there yet.
    OnItsWay(Account),
    /// docket could not tell a user, for this reason: another way is to be found.
    Unreached(Account, Step),
    /// Somebody must find out which of our users it is about: they are to be told.
    Whose,
    /// A user is not told for now, which must be looked at again.
    LookAgain(Account, DateTime<Utc>),
    /// An emergency that was attested is to be looked at again now that it is over (rule 16).
    LookBack,
    /// Records are kept until then.
    Keep(DateTime<Utc>),
    /// Something waits for a second person, or is cooling; the code.
    Decide(String),
    /// What this person did alone is to be reviewed by somebody else, by then.
    Review(Account, DateTime<Utc>),
    /// Something that the policy counts the days of is to be done.
    Promised(Promise),
}

/// Everything that is owed, the most pressing first.
pub fn duties(case: &Case, terms: &Terms) -> Vec<Duty> {
    let mut owed: Vec<Duty> = Vec::new();
    let letter = terms.policy_of(case).and_then(|policy| letter::owed(case, policy));
    owed.extend(letter.map(|letter| Duty::Write(letter.name.clone(), case.way_to_write(&letter.name))));
    // The users of a duplicate are told with the case that it is a duplicate of.
    let duplicate =
        matches!(case.outcome.as_ref().map(|outcome| &outcome.what), Some(Ending::Duplicate { .. }));
    if terms.kind_of(case).is_some_and(|kind| kind.notify) && !duplicate {
        owed.extend(untold(case).map(|account| tell(case, account)));
    }
    // Where nothing was done, nobody is told of it who is not named.
    let granted = matches!(
        case.outcome.as_ref().map(|outcome| &outcome.what),
        Some(Ending::Answered { extent: Extent::Full | Extent::Part })
    );
    let is_unknown = |kind: &Kind| asks_whose(case, kind) && !duplicate && (granted || has_unread(case));
    owed.extend(terms.kind_of(case).filter(|kind| is_unknown(kind)).map(|_| Duty::Whose));
    owed.extend(promises(case, terms).into_iter().map(Duty::Promised));
    let looked_back = case.has_done(REVIEW_KEY);
    // What one person did alone is looked at by another, with a day for it.
    if case.attested.is_some() && case.alone.is_empty() && !looked_back {
        owed.push(Duty::LookBack);
    }
    owed.extend(unreviewed(case).map(|alone| Duty::Review(alone.by.clone(), review_due(case, alone, terms))));
    owed.extend(case.proposals.iter().map(|proposal| Duty::Decide(proposal.code.clone())));
    // A hold ends by itself.
    let hold = case.hold.as_ref().filter(|hold| hold.runs());
    owed.extend(hold.map(|hold| Duty::Keep(hold.until)));
    owed
}

/// What is owed to a user who is not told yet.
fn tell(case: &Case, account: &Account) -> Duty {
    let account = account.clone();
    let Some(notice) = case.notice(&account) else { return Duty::Tell(account) };
    match (&notice.what, notice.stopped()) {
        (Telling::Withheld { review, .. }, _) => Duty::LookAgain(account, *review),
        (Telling::Sending { .. }, Some(Step::HeldBack)) => Duty::Tell(account),
        (Telling::Sending { .. }, Some(step)) => Duty::Unreached(account, step),
        (Telling::Sending { .. }, None) => Duty::OnItsWay(account),
        (Telling::Told { .. } | Telling::Waived { .. }, _) => Duty::Tell(account),
    }
}

/// What one person did alone that nobody else has reviewed: whoever did it does not review it.
pub fn unreviewed(case: &Case) -> impl Iterator<Item = &Alone> {
    let is_written = case.has_done(REVIEW_KEY);
    let is_seen =
        move |alone: &&Alone| is_written && alone.reviewed_by.as_ref().is_some_and(|by| *by != alone.by);
    case.alone.iter().filter(move |alone| !is_seen(alone))
}

/// The next day on which somebody works, by the calendar of the case's policy.
pub fn review_due(case: &Case, alone: &Alone, terms: &Terms) -> DateTime<Utc> {
    let calendar = terms
        .policy_of(case)
        .map_or_else(|| Cow::Owned(Calendar::weekends()), |policy| terms.calendar(policy, None));
    Term::of(Span::BusinessDays(1)).end(alone.at, &calendar, terms.zone_of(case))
}
