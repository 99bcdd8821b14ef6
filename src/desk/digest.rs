//! What stands in the daily overview, gathered from the lists. Does not know how it is written.

use std::collections::{BTreeMap, BTreeSet};

use chrono::{DateTime, Days, Utc};

use super::facets::Rank;
use super::{Desk, DeskFault, facets, search};
use crate::case::calendar::last_second;
use crate::case::clock::{IDLE, idle};
use crate::case::reminding::is_foremost;
use crate::case::{Case, CaseId, Clock, Terms, clocks, reminding};
use crate::chat::render::{Digest, DigestDue, DigestLine, MOST_COUNTED, MOST_NAMED, Matter};
use crate::ports::Facet;

/// What falls due within so many days stands in the overview.
const SOON: Days = Days::new(7);

/// Gathers the overview: `since` is the number that the first new case could have.
pub(super) fn gather(
    desk: &mut Desk,
    since: Option<CaseId>,
    now: DateTime<Utc>,
) -> Result<Digest, DeskFault> {
    let (named, due, digest) = (BTreeSet::new(), BTreeSet::new(), Digest::default());
    let mut gathering = Gathering { desk, now, named, due, digest };
    gathering.digest.doubt = gathering.desk.in_doubt(now)?;
    gathering.due()?;
    gathering.purged_tomorrow()?;
    gathering.listed(Matter::Untold, &[facets::untold()], Some(&facets::sealed()))?;
    gathering.listed(Matter::Unwritten, &[facets::unwritten()], Some(&facets::sealed()))?;
    gathering.listed(Matter::Awaiting, &[facets::pending()], None)?;
    let looks = gathering.snoozed()?;
    gathering.fresh(since)?;
    gathering.idle()?;
    looks.into_iter().for_each(|(id, due)| gathering.line(id, vec![due]));
    gathering.listed(Matter::Unowned, &[facets::open(), facets::owner(None)], None)?;
    Ok(gathering.digest)
}

struct Gathering<'d> {
    desk: &'d mut Desk,
    now: DateTime<Utc>,
    /// Cases that have a line already; one is enough.
    named: BTreeSet<CaseId>,
    /// Cases of which something is due, or soon; each is counted once.
    due: BTreeSet<CaseId>,
    digest: Digest,
}

impl Gathering<'_> {
    /// What is overdue and what falls due soon: on emergencies, then what is kept and who is to be told, then the rest; nearest
    /// first each.
    fn due(&mut self) -> Result<(), DeskFault> {
        let zone = self.desk.terms.zone;
        let last = self.now.with_timezone(&zone).date_naive().checked_add_days(SOON);
        let until = last.map_or(self.now, |last| last_second(last, zone));
        let mut order: Vec<CaseId> = Vec::new();
        // Whatever stands in several lists is due when the first of them says.
        let mut first: BTreeMap<CaseId, DateTime<Utc>> = BTreeMap::new();
        for list in [facets::due(Rank::First), facets::foremost(), facets::due(Rank::Ordinary)] {
            for (id, at) in self.until(list, until)? {
                let earliest = first.entry(id).or_insert_with(|| {
                    order.push(id);
                    at
                });
                *earliest = at.min(*earliest);
            }
        }
        for id in order {
            let matter = match first.get(&id) {
                // What is only counted need not be read. In doubt it must: what would have ended waits, and is not overdue.
                Some(at) if self.digest.is_full() && self.digest.doubt.is_none() => Some(self.by(*at)),
                _ => self.name_due(id, until)?,
            };
            if let Some(matter) = matter {
                self.due.insert(id);
                self.count(matter, 1);
            }
        }
        Ok(())
    }

    /// Gives a case of which something is due its line; says how it counts.
    fn name_due(&mut self, id: CaseId, until: DateTime<Utc>) -> Result<Option<Matter>, DeskFault> {
        let Ok(case) = self.desk.case(id)? else { return Ok(None) };
        let due = self.due_on(&case, until);
        let matter = due.iter().map(|due| due.matter).min();
        if matter.is_some() {
            self.line(id, due);
        }
        Ok(matter)
    }

    /// The cases of a list in order of time that fall due until a moment, nearest first, and when.
    fn until(
        &mut self,
        list: Facet,
        until: DateTime<Utc>,
    ) -> Result<Vec<(CaseId, DateTime<Utc>)>, DeskFault> {
        let (list, least) = ([list], facets::furthest(until));
        let (entries, _) =
            self.desk.ask(|index| search::page_from(index, &list, u64::MAX, least, 0, MOST_COUNTED))?;
        let of = |entry| Some((facets::case_of(entry)?, facets::moment_of(entry)?));
        Ok(entries.into_iter().filter_map(of).collect())
    }

    /// What is to be said of a case: every hold and every notice that falls due on it, for none of them waits for another, and
    /// of its other clocks the nearest. That comes first of all where the case does.
    fn due_on(&self, case: &Case, until: DateTime<Utc>) -> Vec<DigestDue> {
        let terms = &self.desk.terms;
        // That somebody is to look at it counts only while nothing else is due.
        let mut clocks = clocks(case, terms);
        clocks.retain(|clock| clock.name != IDLE && clock.due <= until);
        let is_foremost = |clock: &Clock| !case.is_sealed() && is_foremost(clock, case, terms);
        if !terms.stands_first(case) {
            clocks.sort_by_key(|clock| !is_foremost(clock));
        }
        let nearest = clocks.iter().find(|clock| !is_foremost(clock)).map(|clock| clock.name.clone());
        let mut all: Vec<DigestDue> = Vec::new();
        for clock in clocks {
            let title = (!case.is_sealed()).then(|| clock.title.clone());
            // There may be a clock for each of several users.
            let is_new = all.iter().all(|said| said.title != title);
            if is_new && (is_foremost(&clock) || nearest.as_ref() == Some(&clock.name)) {
                all.push(DigestDue { matter: self.matter(&clock), at: clock.due, title });
            }
        }
        all
    }

    fn matter(&self, clock: &Clock) -> Matter {
        match self.by(clock.due) {
            // It has not ended, so the time is not believed: nobody is late with it.
            Matter::Overdue if clock.ends_by_itself() => Matter::HeldUp,
            matter => matter,
        }
    }

    fn by(&self, due: DateTime<Utc>) -> Matter {
        if due <= self.now { Matter::Overdue } else { Matter::Soon }
    }

    /// The cases on which nothing happens and nothing else falls due. That something may still happen is no news.
    fn idle(&mut self) -> Result<(), DeskFault> {
        let mut cases = self.until(facets::due(Rank::Idle), self.now)?;
        cases.retain(|(id, _)| !self.due.contains(id));
        self.count(Matter::Idle, cases.len());
        let urgent = self.urgent(0)?;
        cases.sort_by_key(|(id, _)| !urgent.contains(id));
        for (id, _) in cases {
            self.name(Matter::Idle, id, |case, _| Some((idle::since(case), None)))?;
        }
        Ok(())
    }

    /// The newest of the cases that stand before others, from a number on.
    fn urgent(&mut self, least: u64) -> Result<BTreeSet<CaseId>, DeskFault> {
        let first = facets::first();
        let (numbers, _) = self.desk.ask(|index| search::page(index, &first, least, 0, MOST_COUNTED))?;
        Ok(numbers.into_iter().filter_map(|number| CaseId::new(u32::try_from(number).ok()?)).collect())
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
        let all = self.desk.ask(|index| search::search(index, within, without, 0, MOST_COUNTED))?;
        self.count(matter, all.cases.len());
        if self.digest.is_full() {
            return Ok(());
        }
        // Only those are put in order that may get a line; so many have one already.
        for id in self.first_of(within, without, MOST_NAMED + self.named.len())? {
            self.name(matter, id, |case, _| Some((case.received, None)))?;
        }
        Ok(())
    }

    /// Some of those, the ones that stand first before the others.
    fn first_of(
        &mut self,
        within: &[Facet],
        without: Option<&Facet>,
        most: usize,
    ) -> Result<Vec<CaseId>, DeskFault> {
        let (first, some) = (facets::first(), (0, most));
        let found = self.desk.ask(|index| search::first_then(index, None, within, without, &first, some))?;
        Ok(found.cases)
    }

    /// Reminders that would have come and were put off. That somebody is to look at a case is handed back: it stands behind
    /// the rest.
    fn snoozed(&mut self) -> Result<Vec<(CaseId, DigestDue)>, DeskFault> {
        let mut looks = Vec::new();
        for id in self.first_of(&[facets::snoozed()], None, MOST_COUNTED)? {
            let Ok(case) = self.desk.case(id)? else {
                continue;
            };
            let Some(first) = reminding::withheld(&case, &self.desk.terms, self.now).into_iter().next()
            else {
                continue;
            };
            self.count(Matter::Snoozed, 1);
            let title = (!case.is_sealed()).then_some(first.title);
            let due = DigestDue { matter: Matter::Snoozed, at: first.due, title };
            if first.name == IDLE {
                looks.push((id, due));
            } else {
                self.line(id, vec![due]);
            }
        }
        Ok(looks)
    }

    /// Cases that came since the digest before.
    fn fresh(&mut self, since: Option<CaseId>) -> Result<(), DeskFault> {
        let Some(since) = since else { return Ok(()) };
        let urgent = self.urgent(u64::from(since.number()))?;
        let mut fresh = Vec::new();
        let mut next = Some(since);
        while let Some(id) = next.filter(|id| self.desk.state.next.is_none_or(|end| *id < end)) {
            fresh.push(id);
            next = id.next();
        }
        self.count(Matter::New, fresh.len());
        fresh.sort_by_key(|id| !urgent.contains(id));
        for id in fresh {
            self.name(Matter::New, id, |case, _| Some((case.received, None)))?;
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
            self.line(id, vec![DigestDue { matter, at, title }]);
        }
        Ok(())
    }

    /// The same with what is to be said in it.
    fn line(&mut self, case: CaseId, due: Vec<DigestDue>) {
        if !self.digest.is_full() && self.named.insert(case) {
            self.digest.lines.push(DigestLine { case, due });
        }
    }
}
