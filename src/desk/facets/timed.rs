//! Lists in order of time: a case stands in one by a moment and its number, nearest first. Each case has at most one entry in
//! each, so that a page of such a list costs what stands on it.

use std::collections::BTreeSet;

use chrono::{DateTime, TimeDelta, Utc};

use crate::case::clock::IDLE;
use crate::case::{Case, CaseId, Clock, Kind, Terms, decide, reminding, retention};
use crate::ports::{Facet, Index, IndexFault};

/// What comes before what, whatever the dates: an emergency before all others (rule 14), and that somebody is to look at a case
/// on which nothing happens after what somebody outside waits for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Rank {
    /// An emergency.
    First,
    /// Anything else.
    Ordinary,
    /// Nothing but the look at it falls due next.
    Idle,
}

impl Rank {
    /// Every rank, in order.
    pub const ALL: [Rank; 3] = [Rank::First, Rank::Ordinary, Rank::Idle];

    /// That of a case on which these clocks run. A sealed one does not come first: where it stands would say of what kind
    /// it is.
    fn of(case: &Case, clocks: &[Clock], terms: &Terms) -> Rank {
        if clocks.first().is_some_and(|clock| clock.name == IDLE) {
            return Rank::Idle;
        }
        let is_first = terms.kind_of(case).is_some_and(Kind::is_emergency) && !case.is_sealed();
        if is_first { Rank::First } else { Rank::Ordinary }
    }
}

/// Cases of a rank by the nearest clock that runs on them. A list for each rank, so that however many there are of one it
/// hides none of another.
pub fn due(rank: Rank) -> Facet {
    let rank = match rank {
        Rank::First => "first",
        Rank::Ordinary => "ordinary",
        Rank::Idle => "idle",
    };
    Facet::new("due", rank)
}

/// The lists of all ranks: whoever walks them together meets every case on which a clock runs, once.
pub fn all_due() -> [Facet; 3] {
    Rank::ALL.map(due)
}

/// Cases by the nearest of those clocks on them that people are told of before others: that of a hold, a gag, a notice. None
/// that is sealed, for where it stands would say what it holds.
pub fn foremost() -> Facet {
    Facet::new("foremost", "")
}

/// Cases by the next moment at which time may bring something to them.
pub fn wake() -> Facet {
    Facet::new("wake", "")
}

/// Closed cases by the end of the time for which they are kept, but for those that are kept longer for their own sake.
pub fn expiry() -> Facet {
    Facet::new("expiry", "")
}

/// Where a case on which these clocks run, nearest first, stands in the lists in order of time. Follows the case when it changes.
pub fn timed(case: &Case, clocks: &[Clock], terms: &Terms) -> BTreeSet<(Facet, u64)> {
    let rank = Rank::of(case, clocks, terms);
    let nearest = clocks.first().map(|clock| (due(rank), number(clock.due, case.id)));
    let shown = if case.is_sealed() { &[] } else { clocks };
    let foremost = shown
        .iter()
        .find(|clock| reminding::is_foremost(clock, case, terms))
        .map(|clock| (foremost(), number(clock.due, case.id)));
    // Rather a moment late than woken in vain: the seconds of an entry are whole.
    let moment = decide::wake(case, clocks, terms).map(|at| at + TimeDelta::nanoseconds(999_999_999));
    let wakes = moment.map(|at| (wake(), number(at, case.id)));
    let expires = retention::expires(case, terms).map(|at| (expiry(), number(at, case.id)));
    nearest.into_iter().chain(foremost).chain(wakes).chain(expires).collect()
}

/// The entry of a case at a moment. The index gives the largest number first, so time counts down from its end: the seconds
/// of a `u32` last until 2106, and what is later than that, or before 1970, stands at the end it is beyond.
pub fn number(at: DateTime<Utc>, case: CaseId) -> u64 {
    furthest(at) | u64::from(case.number())
}

/// The smallest number that an entry of this moment, or of one before it, can have.
pub fn furthest(at: DateTime<Utc>) -> u64 {
    let seconds = u32::try_from(at.timestamp().max(0)).unwrap_or(u32::MAX);
    u64::from(u32::MAX - seconds) << 32
}

/// The moment of an entry.
pub fn moment_of(number: u64) -> Option<DateTime<Utc>> {
    let seconds = u64::from(u32::MAX) - (number >> 32);
    DateTime::from_timestamp(i64::try_from(seconds).ok()?, 0)
}

/// The numbers of a list down to this one, largest first; not many more than `most`.
pub fn down_to(index: &dyn Index, facet: &Facet, least: u64, most: usize) -> Result<Vec<u64>, IndexFault> {
    let mut all = Vec::new();
    let mut from = u64::MAX;
    loop {
        let block = index.numbers(facet, from)?;
        let within = block.iter().copied().take_while(|number| *number >= least);
        let before = all.len();
        all.extend(within);
        let is_whole = all.len() - before == block.len();
        let goes_on = is_whole && all.len() < most;
        match block.last().and_then(|last| last.checked_sub(1)).filter(|_| goes_on) {
            Some(next) => from = next,
            None => return Ok(all),
        }
    }
}

/// The case of an entry.
pub fn case_of(number: u64) -> Option<CaseId> {
    CaseId::new(u32::try_from(number & u64::from(u32::MAX)).ok()?)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn at(seconds: i64) -> DateTime<Utc> {
        DateTime::from_timestamp(seconds, 0).unwrap()
    }

    proptest! {
        #[test]
        fn the_nearest_has_the_largest_number(
            one in -10_000_000_000i64..10_000_000_000,
            other in -10_000_000_000i64..10_000_000_000,
            cases in (1u32..=u32::MAX, 1u32..=u32::MAX),
        ) {
            let clamp = |seconds: i64| seconds.clamp(0, i64::from(u32::MAX));
            let (first, second) = (CaseId::new(cases.0).unwrap(), CaseId::new(cases.1).unwrap());
            let (a, b) = (number(at(one), first), number(at(other), second));
            prop_assert_eq!(case_of(a), Some(first));
            if clamp(one) < clamp(other) {
                prop_assert!(a > b);
                prop_assert!(b < furthest(at(one)));
            }
            prop_assert!(a >= furthest(at(one)));
        }
    }
}
