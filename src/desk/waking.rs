//! When the desk must look again by itself: the nearest moment of any case, the digest, and the end of what waits
//! for a second person.

use std::collections::BTreeSet;

use chrono::{DateTime, NaiveDate, TimeDelta, Utc};

use super::{Desk, DeskFault, facets};
use crate::case::CaseId;
use crate::case::calendar::at;
use crate::case::reminding::{next_step, out_of_quiet};
use crate::chat::render::InDoubt;

impl Desk {
    /// Whether the time is certain. While it is not, nothing happens that cannot be taken back.
    pub fn certain(&self, now: DateTime<Utc>) -> bool {
        self.state.doubt.is_none() && self.watching.at_first_sight(&self.state, now).is_none()
    }

    /// The next moment after now at which something falls due by itself. What has been due already and was looked at comes to
    /// nothing until something else happens, so it is not waited for.
    pub fn next_wake(&mut self, now: DateTime<Utc>) -> Result<Option<DateTime<Utc>>, DeskFault> {
        let wake = facets::wake();
        let case = match facets::furthest(now).checked_sub(1) {
            Some(from) => self.ask(|index| Ok(index.numbers(&wake, from)?.first().copied()))?,
            None => None,
        };
        let morning = self.next_morning(now)?;
        let case = case.and_then(facets::moment_of).into_iter().chain(self.next_in_doubt(now)?).min();
        // A proposal is good for all of its last second.
        let over = |expires: DateTime<Utc>| expires.checked_add_signed(TimeDelta::seconds(1));
        let void = self.standing.waiting().iter().filter_map(|proposal| over(proposal.expires));
        let void = void.filter(|at| *at > now);
        Ok(case
            .into_iter()
            .chain(self.next_digest(now))
            .chain(void)
            .chain(morning)
            .chain(self.standing.unread().next(now))
            .min())
    }

    /// The end of the quiet hours, where something may wait for it since its moment has come.
    fn next_morning(&mut self, now: DateTime<Utc>) -> Result<Option<DateTime<Utc>>, DeskFault> {
        let morning = out_of_quiet(now, self.terms.reminders.quiet, self.terms.zone);
        let waits = morning > now && !self.awake(now, false)?.is_empty();
        Ok(waits.then_some(morning))
    }

    /// That the clock is in doubt, since when, and how many cases wait for it.
    pub(super) fn in_doubt(&mut self, now: DateTime<Utc>) -> Result<Option<InDoubt>, DeskFault> {
        if self.state.doubt.is_none() {
            return Ok(None);
        }
        let since = self.state.doubted.or(self.state.sure).unwrap_or(now);
        Ok(Some(InDoubt { since, waits: self.awake(now, false)?.len() }))
    }

    /// A case that waits for the clock stands in the list at the moment that it waits with, so the next of which people are to
    /// be reminded on it is looked for here.
    fn next_in_doubt(&mut self, now: DateTime<Utc>) -> Result<Option<DateTime<Utc>>, DeskFault> {
        if self.state.doubt.is_none() {
            return Ok(None);
        }
        let mut next: Option<DateTime<Utc>> = None;
        for id in self.awake(now, false)? {
            if let Ok(case) = self.case(id)? {
                let step = next_step(&case, &self.terms).filter(|at| *at > now);
                next = next.into_iter().chain(step).min();
            }
        }
        Ok(next)
    }

    /// Whether something that was decided since the last tick is due already.
    pub(super) fn is_stirred(&self) -> bool {
        self.stirred
    }

    /// The cases whose moment has come, nearest first; and those to be counted again, once the clock is certain or has gone back.
    pub(super) fn awake(&mut self, now: DateTime<Utc>, recount: bool) -> Result<Vec<CaseId>, DeskFault> {
        let (wake, doubtful) = (facets::wake(), facets::doubtful());
        let least = facets::furthest(now);
        let due = self.ask(|index| facets::down_to(index, &wake, least, usize::MAX))?;
        let mut cases: Vec<CaseId> = due.into_iter().filter_map(facets::case_of).collect();
        if recount {
            let again = self.ask(|index| facets::down_to(index, &doubtful, 0, usize::MAX))?;
            let due: BTreeSet<CaseId> = cases.iter().copied().collect();
            cases.extend(again.into_iter().filter_map(facets::case_of).filter(|case| !due.contains(case)));
        }
        Ok(cases)
    }

    /// The day whose digest is due and was not posted. A missed one comes late, and once.
    pub(super) fn digest_due(&mut self, now: DateTime<Utc>) -> Option<NaiveDate> {
        let newest = self.newest_digest(now)?;
        // A desk that never had one begins with the next.
        let began = *self.digest_since.get_or_insert(newest);
        let last = self.state.digest.map_or(began, |last| last.day);
        // People must hear from a desk whose clock is in doubt too; by a clock that went back no day is newer than the last.
        let is_due = if self.state.doubt.is_some() { newest != last } else { newest > last };
        is_due.then_some(newest)
    }

    /// The day of the newest digest that should have been posted by now.
    pub(super) fn newest_digest(&self, now: DateTime<Utc>) -> Option<NaiveDate> {
        let today = now.with_timezone(&self.terms.zone).date_naive();
        let is_over = at(today, self.terms.reminders.digest, self.terms.zone) <= now;
        if is_over { Some(today) } else { today.pred_opt() }
    }

    fn next_digest(&self, now: DateTime<Utc>) -> Option<DateTime<Utc>> {
        let (zone, time) = (self.terms.zone, self.terms.reminders.digest);
        let day = self.newest_digest(now)?.succ_opt()?;
        Some(at(day, time, zone)).filter(|at| *at > now)
    }
}
