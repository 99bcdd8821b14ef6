//! How long a closed case is kept, and what keeps it longer. Time comes in; nothing is erased here.
//!
//! A case is erased when its term is over, people were told the day before, and nothing needs it. What it needs itself (a
//! hold, a gag, a user who is still to be told) is read off the case; what another case needs of it, off that one.

use chrono::{DateTime, TimeDelta, Utc};

use super::decide::gate::bars;
use super::{Case, CaseId, Ending, Relation, Telling, Term, Terms};

/// People have so long to say that a case is to be kept. A little less than a day, for it is said at the same hour of every
/// day, and clocks change.
const NOTICE: TimeDelta = TimeDelta::hours(23);
/// What was said longer ago is said again: nobody remembers it.
const REMEMBERED: TimeDelta = TimeDelta::days(8);
/// So long before the end of the term people are told.
const BEFORE: TimeDelta = TimeDelta::hours(24);

/// Why a case is kept although its term is over.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kept {
    /// Records are held for it.
    Hold,
    /// An order binds to silence, whose end somebody must see.
    Gag,
    /// A user is still to be told, or it is to be looked at again why not.
    Notice,
    /// Something waits for a second person.
    Proposal,
    /// It is linked to a case that goes on.
    Open(CaseId),
    /// Records were produced from one to the other, and that one is kept longer.
    Longer(CaseId),
}

/// The end of the time for which a closed case is kept: the last second of its last day. None while it is open.
pub fn ends(case: &Case, terms: &Terms) -> Option<DateTime<Utc>> {
    let closed = case.closed?;
    let policy = terms.policy_of(case)?;
    let span = terms.kind_of(case).and_then(|kind| kind.keep).unwrap_or(policy.keep);
    // Nobody waits for an office here, so the end does not move to a day on which one is open.
    let term = Term { span, first_day_counts: false, rolls: false };
    Some(term.end(closed, &terms.calendar(policy, None), terms.zone_under(policy)))
}

/// What keeps a case for its own sake.
pub fn kept(case: &Case, terms: &Terms) -> Option<Kept> {
    if case.hold.as_ref().is_some_and(|hold| hold.runs()) {
        return Some(Kept::Hold);
    }
    // The gate must go on hearing of what binds, whoever asks about the user.
    if bars(case, terms).iter().any(|bar| bar.is_firm()) {
        return Some(Kept::Gag);
    }
    if is_notice_owed(case, terms) {
        return Some(Kept::Notice);
    }
    (!case.proposals.is_empty()).then_some(Kept::Proposal)
}

/// What keeps a case for the sake of another that it is linked to.
pub fn kept_for(case: &Case, other: &Case, terms: &Terms, now: DateTime<Utc>) -> Option<Kept> {
    if other.closed.is_none() {
        return Some(Kept::Open(other.id));
    }
    let produced = case.links.iter().any(|link| link.other == other.id && link.how == Relation::ProducedFrom);
    let longer = kept(other, terms).is_some() || ends(other, terms).is_none_or(|end| end >= now);
    (produced && longer).then_some(Kept::Longer(other.id))
}

/// When a case may be erased as far as it is asked itself: its place in the list of what is to be erased.
pub fn expires(case: &Case, terms: &Terms) -> Option<DateTime<Utc>> {
    ends(case, terms).filter(|_| kept(case, terms).is_none())
}

/// Whether people are to be told now that the case is erased tomorrow.
pub fn is_to_be_announced(case: &Case, terms: &Terms, now: DateTime<Utc>) -> bool {
    expires(case, terms).is_some_and(|end| end <= announced_until(now)) && !is_announced(case, now)
}

/// Cases whose term ends by then are announced.
pub fn announced_until(now: DateTime<Utc>) -> DateTime<Utc> {
    now.checked_add_signed(BEFORE).unwrap_or(now)
}

/// Whether people were told that it is to be erased, and may still remember.
pub fn is_announced(case: &Case, now: DateTime<Utc>) -> bool {
    case.announced.is_some_and(|at| at <= now && now - at <= REMEMBERED)
}

/// Whether the case is to be erased now, unless another needs it.
pub fn is_due(case: &Case, terms: &Terms, now: DateTime<Utc>) -> bool {
    let in_time = case.announced.is_some_and(|at| now - at >= NOTICE);
    in_time && is_announced(case, now) && expires(case, terms).is_some_and(|end| end < now)
}

/// A closed case owes a notice if one was put off, or if a gag ended and somebody whom it silenced us about was not told.
fn is_notice_owed(case: &Case, terms: &Terms) -> bool {
    if case
        .notices
        .values()
        .any(|notice| matches!(notice.what, Telling::Withheld { .. } | Telling::Sending { .. }))
    {
        return true;
    }
    // The users of a duplicate are told with the other case.
    let ending = case.outcome.as_ref().map(|outcome| &outcome.what);
    if matches!(ending, Some(Ending::Duplicate { .. })) {
        return false;
    }
    let was_silenced = case.gag.as_ref().is_some_and(|gag| gag.over.is_some());
    let tells = terms.kind_of(case).is_none_or(|kind| kind.notify);
    let mut ours = case.subjects().filter(|subject| subject.ours);
    was_silenced && tells && ours.any(|subject| case.notice(&subject.account).is_none())
}
