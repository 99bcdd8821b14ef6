//! What stands in the daily overview, gathered from the lists. Does not know how it is written.

use std::collections::BTreeSet;

use chrono::{DateTime, Days, Utc};

use super::{Desk, DeskFault, facets, search};
use crate::case::calendar::last_second;
use crate::case::clock::{IDLE, idle};
use crate::case::{Case, CaseId, Clock, Terms, clocks, reminding};
use crate::chat::render::{Digest, DigestLine, MOST_COUNTED, Matter};
use crate::ports::Facet;

/// What falls due within so many days stands in the overview.
const SOON: Days = Days::new(7);

/// Gathers the overview: `since` is the number that the first new case could have.
pub(super) fn gather(
    desk: &mut Desk,
    since: Option<CaseId>,
    now: DateTime<Utc>,
) -> Result<Digest, DeskFault> {
    let mut gathering = Gathering { desk, now, named: BTreeSet::new(), digest: Digest::default() };
    gathering.digest.doubt = gathering.desk.in_doubt(now)?;
    gathering.due()?;
    gathering.purged_tomorrow()?;
    gathering.listed(Matter::Untold, &[facets::untold()], Some(&facets::sealed()))?;
    gathering.listed(Matter::Unwritten, &[facets::unwritten()], Some(&facets::sealed()))?;
    gathering.listed(Matter::Awaiting, &[facets::pending()], None)?;
    gathering.snoozed()?;
    gathering.fresh(since)?;
    gathering.listed(Matter::Unowned, &[facets::open(), facets::owner(None)], None)?;
    Ok(gathering.digest)
}

struct Gathering<'d> {
    desk: &'d mut Desk,
    now: DateTime<Utc>,
    /// Cases that have a line already; one is enough.
    named: BTreeSet<CaseId>,
    digest: Digest,
}

impl Gathering<'_> {
    /// What is overdue and what falls due soon, from the list in order of time.
    fn due(&mut self) -> Result<(), DeskFault> {
        let zone = self.desk.terms.zone;
        let last = self.now.with_timezone(&zone).date_naive().checked_add_days(SOON);
        let until = last.map_or(self.now, |last| last_second(last, zone));
        let (facet, least) = (facets::due(), facets::furthest(until));
        let entries = self.desk.ask(|index| facets::down_to(index, &facet, least, MOST_COUNTED))?;
        for entry in entries.into_iter().take(MOST_COUNTED) {
            let (Some(id), Some(at)) = (facets::case_of(entry), facets::moment_of(entry)) else {
                continue;
            };
            let nearest = self.nearest(id)?;
            let is_only_asked = nearest.as_ref().is_some_and(|nearest| nearest.name == IDLE);
            let ends_by_itself = nearest.as_ref().is_some_and(Clock::ends_by_itself);
            let matter = match (at <= self.now, is_only_asked) {
                (true, true) => Matter::Idle,
                // It has not ended, so the time is not believed: nobody is late with it.
                (true, false) if ends_by_itself => Matter::HeldUp,
                (true, false) => Matter::Overdue,
                (false, false) => Matter::Soon,
                // That something may still happen is no news.
                (false, true) => continue,
            };
            self.count(matter, 1);
            self.name(matter, id, |case, _| {
                if matter == Matter::Idle {
                    return Some((idle::since(case), None));
                }
                nearest.map(|nearest| (nearest.due, Some(nearest.title)))
            })?;
        }
        Ok(())
    }

    /// The clock of the case that counts: the question whether somebody looks at it only while nothing else is due.
    fn nearest(&mut self, id: CaseId) -> Result<Option<Clock>, DeskFault> {
        let Ok(case) = self.desk.case(id)? else { return Ok(None) };
        let all = clocks(&case, &self.desk.terms);
        let is_due = |clock: &&Clock| clock.due <= self.now && clock.name != IDLE;
        Ok(all.iter().find(is_due).or(all.first()).cloned())
    }

    /// What is to be destroyed tomorrow: what was announced a moment ago.
    fn purged_tomorrow(&mut self) -> Result<(), DeskFault> {
        let cases = self.desk.announced(self.now)?;
        self.count(Matter::Purged, cases.len());
        self.digest.erased = cases;
        Ok(())
    }

    /// The cases in all of these lists, and not in `without`.
    fn listed(&mut self, matter: Matter, within: &[Facet], without: Option<&Facet>) -> Result<(), DeskFault> {
        let found = self.desk.ask(|index| search::search(index, within, without, 0, MOST_COUNTED))?;
        self.count(matter, found.cases.len());
        for id in found.cases {
            self.name(matter, id, |case, _| Some((case.received, None)))?;
        }
        Ok(())
    }

    /// Reminders that would have come and were put off.
    fn snoozed(&mut self) -> Result<(), DeskFault> {
        let within = [facets::snoozed()];
        let found = self.desk.ask(|index| search::search(index, &within, None, 0, MOST_COUNTED))?;
        for id in found.cases {
            let Ok(case) = self.desk.case(id)? else {
                continue;
            };
            let Some(first) = reminding::withheld(&case, &self.desk.terms, self.now).into_iter().next()
            else {
                continue;
            };
            self.count(Matter::Snoozed, 1);
            self.name(Matter::Snoozed, id, |_, _| Some((first.due, Some(first.title))))?;
        }
        Ok(())
    }

    /// Cases that came since the digest before.
    fn fresh(&mut self, since: Option<CaseId>) -> Result<(), DeskFault> {
        let mut next = since;
        while let Some(id) = next.filter(|id| self.desk.state.next.is_none_or(|end| *id < end)) {
            self.count(Matter::New, 1);
            self.name(Matter::New, id, |case, _| Some((case.received, None)))?;
            next = id.next();
        }
        Ok(())
    }

    fn count(&mut self, matter: Matter, more: usize) {
        *self.digest.counts.entry(matter).or_default() += more;
    }

    /// Gives a case its line, while there is room.
    fn name(
        &mut self,
        matter: Matter,
        id: CaseId,
        line: impl FnOnce(&Case, &Terms) -> Option<(DateTime<Utc>, Option<String>)>,
    ) -> Result<(), DeskFault> {
        if self.digest.is_full() || self.named.contains(&id) {
            return Ok(());
        }
        if let Ok(case) = self.desk.case(id)?
            && let Some((at, title)) = line(&case, &self.desk.terms)
        {
            let title = title.filter(|_| !case.is_sealed());
            self.named.insert(id);
            self.digest.lines.push(DigestLine { matter, case: id, at, title });
        }
        Ok(())
    }
}
