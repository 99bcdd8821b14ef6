//! Which closed cases are to be announced and erased, from the list in order of time: what is looked at is what falls due.

use chrono::{DateTime, Utc};

use super::{Desk, DeskFault, facets};
use crate::case::retention::{announced_until, is_announced, is_due, is_to_be_announced, kept_for};
use crate::case::{Case, CaseId, Terms};

impl Desk {
    /// Closed cases whose retention has ended, of which people were told in time, and that no other case needs. Whether the
    /// clock can be believed is not asked here: see [`Desk::certain`].
    pub fn purge_due(&mut self, now: DateTime<Utc>) -> Result<Vec<CaseId>, DeskFault> {
        self.expiring(now, now, is_due)
    }

    /// Closed cases that are erased tomorrow, of which people have not been told.
    pub(super) fn unannounced(&mut self, now: DateTime<Utc>) -> Result<Vec<CaseId>, DeskFault> {
        self.expiring(announced_until(now), now, is_to_be_announced)
    }

    /// Closed cases of which people were told that they are to be erased, in the order of their numbers.
    pub(super) fn announced(&mut self, now: DateTime<Utc>) -> Result<Vec<CaseId>, DeskFault> {
        let mut cases = self.expiring(announced_until(now), now, |case, _, now| is_announced(case, now))?;
        cases.sort_unstable();
        Ok(cases)
    }

    fn expiring(
        &mut self,
        until: DateTime<Utc>,
        now: DateTime<Utc>,
        holds: impl Fn(&Case, &Terms, DateTime<Utc>) -> bool,
    ) -> Result<Vec<CaseId>, DeskFault> {
        let (facet, least) = (facets::expiry(), facets::furthest(until));
        let entries = self.ask(|index| facets::down_to(index, &facet, least, usize::MAX))?;
        let mut found = Vec::new();
        for id in entries.into_iter().filter_map(facets::case_of) {
            if let Ok(case) = self.case(id)?
                && holds(&case, &self.terms, now)
                && !self.is_needed(&case, now)?
            {
                found.push(id);
            }
        }
        Ok(found)
    }

    /// Whether a case that this one is linked to needs it.
    fn is_needed(&mut self, case: &Case, now: DateTime<Utc>) -> Result<bool, DeskFault> {
        for link in &case.links {
            // One that was erased needs nothing.
            if let Ok(other) = self.case(link.other)?
                && kept_for(case, &other, &self.terms, now).is_some()
            {
                return Ok(true);
            }
        }
        Ok(false)
    }
}
