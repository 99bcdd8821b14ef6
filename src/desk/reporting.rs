//! The transparency report over the index: only cases that are listed for its half-year are looked at.

use chrono::{DateTime, Utc};

use super::{Desk, DeskFault, Outcome, facets};
use crate::case::CaseId;
use crate::chat::{Page, render, text};
use crate::report::{Edition, Half, Made, Report, Tally, csv};

/// The most cases that are counted while the room waits.
const MOST_IN_THE_ROOM: usize = 5_000;
/// How many are counted at once for somebody who can wait.
const AT_ONCE: usize = 500;

impl Desk {
    /// The report as a short text for the room.
    pub(super) fn report_page(&mut self, half: Half, now: DateTime<Utc>) -> Result<Page, DeskFault> {
        if !half.has_begun(now, self.terms.zone) {
            return Ok(text::half_not_begun(half));
        }
        if let Some(edition) = self.published(half) {
            return Ok(edition.map_or_else(text::report_unread, |edition| render::report(&edition)));
        }
        let mut tally = Tally::new(half);
        if self.tally(&mut tally, None, MOST_IN_THE_ROOM, now)?.is_some() {
            return Ok(text::report_is_long(half, MOST_IN_THE_ROOM));
        }
        Ok(match self.report_of(&tally, now) {
            Some(edition) => render::report(&edition),
            None => text::report_unread(),
        })
    }

    /// What a slice of the cases adds, or the whole report if it was published.
    pub(super) fn tally_or_report(
        &mut self,
        half: Half,
        below: Option<CaseId>,
        now: DateTime<Utc>,
    ) -> Result<Outcome, DeskFault> {
        if !half.has_begun(now, self.terms.zone) {
            return Ok(Outcome::NoReport(text::half_not_begun(half)));
        }
        match self.published(half) {
            Some(Some(edition)) => return Ok(Outcome::Reported(Box::new(edition))),
            Some(None) => return Ok(Outcome::NoReport(text::report_unread())),
            None => {}
        }
        let mut tally = Tally::new(half);
        let next = self.tally(&mut tally, below, AT_ONCE, now)?;
        Ok(Outcome::Tallied(Box::new(tally), next))
    }

    /// The report that a whole tally makes; none without a policy.
    pub(super) fn report_of(&self, tally: &Tally, now: DateTime<Utc>) -> Option<Edition> {
        let zone = self.terms.zone;
        let over = tally.half().is_over(now, zone);
        let made = if over { Made::Counted(now) } else { Made::SoFar(now) };
        Some(Edition { report: Report::of(tally, self.terms.policy()?), made, zone })
    }

    /// The report as it was published, if it was; nothing in it if that does not read.
    pub(super) fn published(&self, half: Half) -> Option<Option<Edition>> {
        let frozen = self.standing.published(half)?;
        let report = csv::read(&frozen.csv);
        Some(report.map(|report| Edition { report, made: Made::Published(frozen.at), zone: self.terms.zone }))
    }

    /// Counts at most so many cases with a number below `below`, newest first; gives back below which one to go on.
    pub(super) fn tally(
        &mut self,
        tally: &mut Tally,
        below: Option<CaseId>,
        most: usize,
        now: DateTime<Utc>,
    ) -> Result<Option<CaseId>, DeskFault> {
        let facet = facets::half(tally.half());
        let mut from = below.map_or(u64::MAX, |below| u64::from(below.number()).saturating_sub(1));
        let mut last: Option<CaseId> = None;
        let mut left = most;
        loop {
            let block = self.ask(|index| index.numbers(&facet, from))?;
            for number in &block {
                let Some(id) = u32::try_from(*number).ok().and_then(CaseId::new) else { continue };
                if left == 0 {
                    return Ok(last);
                }
                left -= 1;
                last = Some(id);
                if let Ok(case) = self.case(id)? {
                    tally.count(&case, &self.terms, now);
                }
            }
            match block.last().and_then(|last| last.checked_sub(1)) {
                Some(next) => from = next,
                None => return Ok(None),
            }
        }
    }
}
