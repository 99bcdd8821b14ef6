//! What a shift begins with, and what presses most: gathered from the lists, at a cost that does not grow with the desk.
//!
//! Knows nothing of how it is written. What presses more than another is said in [`Urgency`], and by date in [`Rank`].

use std::collections::{BTreeMap, BTreeSet};

use chrono::{DateTime, Utc};

use super::facets::Rank;
use super::{Desk, DeskFault, facets, search};
use crate::case::calendar::first_moment;
use crate::case::clock::{IDLE, calling};
use crate::case::decide::{apart, left_open};
use crate::case::{Account, Case, CaseId, Need, Stage, Terms, clocks};
use crate::chat::ahead;
use crate::chat::render::{Brief, Due, Few, Pressing, Whose};
use crate::ports::Facet;

/// Nobody reads a larger number.
const MOST_COUNTED: usize = 999;
/// How many cases are named in a line.
const NAMED: usize = 3;
/// So many cases are looked at to learn who has them.
const MOST_READ: usize = 200;
/// So many that fall due are looked through for those of one person.
const MOST_WALKED: usize = 500;
/// So many cases of each list are held against each other.
const MOST_WEIGHED: usize = 50;

/// The screen for a shift.
pub(super) fn brief(desk: &mut Desk, who: &Account, now: DateTime<Utc>) -> Result<Brief, DeskFault> {
    let zone = desk.terms.zone;
    let day = now.with_timezone(&zone).date_naive();
    let yesterday = first_moment(day.pred_opt().unwrap_or(day), zone);
    let (today, week) = (ahead::today(now, zone), ahead::this_week(now, zone));
    let mut owners = Owners::default();
    let overdue = owners.due(desk, None, now)?;
    let today = owners.due(desk, Some(today.from), today.until)?;
    let week = owners.due(desk, Some(week.from), week.until)?;
    let awaiting = few(desk, &[facets::pending()])?;
    let mut proposals = Vec::new();
    for id in &awaiting.ids {
        proposals.extend(desk.shown(*id)?.ok());
    }
    Ok(Brief {
        held: desk.held().cloned(),
        doubt: desk.in_doubt(now)?,
        fresh: fresh(desk, yesterday)?,
        overdue,
        today,
        week,
        unowned: few(desk, &[facets::open(), facets::owner(None)])?,
        awaiting: (awaiting, proposals),
        untold: unsealed(desk, &[facets::untold()])?,
        unwritten: unsealed(desk, &[facets::unwritten()])?,
        waiting: few(desk, &[facets::stage(Stage::Waiting)])?,
        unseen: few(desk, &[facets::unseen()])?,
        own: few(desk, &[facets::open(), facets::owner(Some(who))])?,
        out_of_sight: out_of_sight(desk, who)?,
    })
}

/// The same without sealed ones: whom they still owe a word is nothing for everybody who reads this.
fn unsealed(desk: &mut Desk, within: &[Facet]) -> Result<Few, DeskFault> {
    few_without(desk, within, Some(&facets::sealed()))
}

/// The open cases of somebody that were sealed since, so that they may not see them any more.
fn out_of_sight(desk: &mut Desk, who: &Account) -> Result<Few, DeskFault> {
    if desk.terms.may(who, Need::Sealed) {
        return Ok(Few::default());
    }
    few(desk, &[facets::sealed(), facets::open(), facets::owner(Some(who))])
}

/// The cases in all of these lists, those that stand first before the others.
fn few(desk: &mut Desk, within: &[Facet]) -> Result<Few, DeskFault> {
    few_without(desk, within, None)
}

fn few_without(desk: &mut Desk, within: &[Facet], without: Option<&Facet>) -> Result<Few, DeskFault> {
    let (first, all) = (facets::first(), (0, MOST_COUNTED));
    let found = desk.ask(|index| search::first_then(index, None, within, without, &first, all))?;
    let ids = found.cases.iter().copied().take(NAMED).collect();
    Ok(Few { count: found.cases.len(), more: found.more || found.cut, ids })
}

/// The cases that were opened since, newest first, for numbers are given out in order; before them those that stand first.
fn fresh(desk: &mut Desk, since: DateTime<Utc>) -> Result<Few, DeskFault> {
    let mut fresh = Few::default();
    let (urgent, _) = desk.ask(|index| search::page(index, &facets::first(), 0, 0, NAMED))?;
    for id in urgent.into_iter().filter_map(|number| CaseId::new(u32::try_from(number).ok()?)) {
        if desk.case(id)?.is_ok_and(|case| case.opened >= since) {
            fresh.ids.push(id);
        }
    }
    let last = desk.state.next.map_or(u32::MAX, |next| next.number() - 1);
    let newest = (1..=last).rev().filter_map(CaseId::new);
    for (n, id) in newest.enumerate() {
        if n == MOST_READ {
            fresh.more = true;
            break;
        }
        // What is erased is not new to anybody.
        let Ok(case) = desk.case(id)? else { continue };
        if case.opened < since {
            break;
        }
        fresh.count += 1;
        if fresh.ids.len() < NAMED && !fresh.ids.contains(&id) {
            fresh.ids.push(id);
        }
    }
    Ok(fresh)
}

/// Counts what falls due by owner, over so many cases in all, and of each list as many emergencies.
#[derive(Default)]
struct Owners {
    read: usize,
}

impl Owners {
    /// What falls due between two moments, by rank and nearest first.
    fn due(
        &mut self,
        desk: &mut Desk,
        from: Option<DateTime<Utc>>,
        until: DateTime<Utc>,
    ) -> Result<Due, DeskFault> {
        let least = facets::furthest(until);
        let first = from.map_or(u64::MAX, |from| facets::furthest(from) | u64::from(u32::MAX));
        let mut due = Due::default();
        let mut owners: BTreeMap<Option<Account>, usize> = BTreeMap::new();
        for rank in Rank::ALL {
            let list = [facets::due(rank)];
            // However much is due besides, the emergencies among it are read.
            let is_first = rank == Rank::First;
            let left = MOST_READ.saturating_sub(if is_first { 0 } else { self.read });
            let (entries, more) = desk.ask(|index| search::page_from(index, &list, first, least, 0, left))?;
            due.more |= more;
            for entry in entries {
                self.read += usize::from(!is_first);
                let (Some(id), Some(at)) = (facets::case_of(entry), facets::moment_of(entry)) else {
                    continue;
                };
                if let Ok(case) = desk.case(id)? {
                    if due.nearest.len() < NAMED {
                        due.nearest.push((id, at));
                    }
                    *owners.entry(case.owner).or_default() += 1;
                }
            }
        }
        due.owners = owners.into_iter().collect();
        due.owners.sort_by_key(|(_, count)| std::cmp::Reverse(*count));
        Ok(due)
    }
}

/// The most pressing case of somebody; if they have none that they can work, one that calls them, then of nobody; else of anybody.
/// What is nobody's goes before them where it may wait least: an emergency, or what is overdue while theirs is not (rule 14).
/// Where there is nothing that they could do, the nearest of those that wait for somebody else.
pub(super) fn pressing(desk: &mut Desk, who: &Account, now: DateTime<Utc>) -> Result<Pressing, DeskFault> {
    let out_of_sight = out_of_sight(desk, who)?;
    let lists = facets::all_due();
    let (entries, _) = desk.ask(|index| search::page_from(index, &lists, u64::MAX, 0, 0, MOST_WEIGHED))?;
    let due: BTreeSet<CaseId> = entries.into_iter().filter_map(facets::case_of).collect();
    let (own, nobodys) = (facets::owner(Some(who)), facets::owner(None));
    let (of_own, of_nobody) = (candidates(desk, &own)?, candidates(desk, &nobodys)?);
    let mine = most_pressing(desk, &of_own, who, now, is_for)?;
    let free = most_pressing(desk, &of_nobody, who, now, is_for)?;
    let theirs = match mine {
        Some(mine) => Some((Whose::Own, mine)),
        // Before they look at what nobody works: what nobody else may settle (rule 56).
        None => most_pressing(desk, &due, who, now, calls)?.map(|called| (Whose::Called, called)),
    };
    let goes_first =
        |free: &Found| theirs.as_ref().is_none_or(|(_, theirs)| free.0.presses() < theirs.0.presses());
    let behind = |desk: &mut Desk, owned: Facet, case: &Case, unseen: usize| {
        // A closed one, on which something is left to do, is none of those that are open.
        let shown = unseen + usize::from(case.closed.is_none() && case.owner.as_ref() == Some(who));
        few(desk, &[facets::open(), owned]).map(|open| open.count.saturating_sub(shown))
    };
    let (whose, case, more, own_behind) = match (free.filter(goes_first), theirs) {
        (Some((_, case)), _) => {
            let open = few(desk, &[facets::open(), nobodys])?.count;
            let more = open.saturating_sub(usize::from(case.closed.is_none()));
            let own_behind = behind(desk, own, &case, out_of_sight.count)?;
            (Whose::Nobodys, Some(case), more, own_behind)
        }
        (None, Some((Whose::Own, (_, case)))) => {
            let more = behind(desk, own, &case, out_of_sight.count)?;
            (Whose::Own, Some(case), more, 0)
        }
        (None, Some((whose, (_, case)))) => (whose, Some(case), 0, 0),
        (None, None) => {
            let anybodys = most_pressing(desk, &due, who, now, is_for)?;
            (Whose::Anybodys, anybodys.map(|(_, case)| case), due.len().saturating_sub(1), 0)
        }
    };
    let runs = whose != Whose::Anybodys || !due.is_empty();
    if case.is_some() {
        return Ok(Pressing { case, whose, more, own_behind, waits: false, out_of_sight, runs });
    }
    let seen: BTreeSet<CaseId> = of_own.into_iter().chain(of_nobody).chain(due).collect();
    let case = most_pressing(desk, &seen, who, now, |case, _, _, terms, now| {
        case.closed.is_none() || left_open(case, terms, now).is_some()
    })?;
    let case = case.map(|(_, case)| case);
    Ok(Pressing { waits: case.is_some(), case, whose, more: 0, own_behind: 0, out_of_sight, runs })
}

/// A case, and how much it presses.
type Found = (Urgency, Case);

/// The cases of an owner among which the most pressing one must be: what falls due first, emergencies, and the newest.
fn candidates(desk: &mut Desk, owned: &Facet) -> Result<BTreeSet<CaseId>, DeskFault> {
    let lists = facets::all_due();
    let (entries, _) = desk.ask(|index| search::page_from(index, &lists, u64::MAX, 0, 0, MOST_WALKED))?;
    let mut candidates = BTreeSet::new();
    for id in entries.into_iter().filter_map(facets::case_of) {
        if candidates.len() >= MOST_WEIGHED {
            break;
        }
        if desk.ask(|index| search::contains(index, owned, u64::from(id.number())))? {
            candidates.insert(id);
        }
    }
    let open = [facets::open(), owned.clone()];
    let urgent = [facets::first(), owned.clone()];
    for list in [&urgent[..], &[facets::sealed(), facets::open(), owned.clone()], &open] {
        let found = desk.ask(|index| search::search(index, list, None, 0, MOST_WEIGHED))?;
        candidates.extend(found.cases);
    }
    Ok(candidates)
}

fn most_pressing(
    desk: &mut Desk,
    candidates: &BTreeSet<CaseId>,
    who: &Account,
    now: DateTime<Utc>,
    which: fn(&Case, &Account, &Urgency, &Terms, DateTime<Utc>) -> bool,
) -> Result<Option<Found>, DeskFault> {
    let mut best: Option<Found> = None;
    for id in candidates {
        let Ok(case) = desk.case(*id)? else { continue };
        let urgency = Urgency::of(&case, &desk.terms, now);
        let may_see = desk.terms.may_on(&case, who, Need::Listed);
        let is_one = may_see && which(&case, who, &urgency, &desk.terms, now);
        if is_one && best.as_ref().is_none_or(|(most, _)| urgency < *most) {
            best = Some((urgency, case));
        }
    }
    Ok(best)
}

/// Whether a case waits for what this person was called for, and may say.
fn calls(case: &Case, who: &Account, _: &Urgency, terms: &Terms, _: DateTime<Utc>) -> bool {
    calling(case, terms).into_iter().any(|(_, role)| terms.called(case, role).contains(who))
}

/// Whether they may do what is to be done on it: work it, or approve what waits there. What is left to do on a closed one may be
/// for those alone whom it calls.
fn may_do(case: &Case, who: &Account, terms: &Terms, now: DateTime<Utc>) -> bool {
    let awaited = case.proposals.iter().any(|proposal| proposal.approved.is_none() && proposal.by != *who);
    let approves =
        awaited && (terms.may_on(case, who, Need::Approve) || terms.may_on(case, who, Need::Counsel));
    let works = terms.may_on(case, who, Need::Casework);
    match case.closed {
        None => works || approves,
        Some(_) => left_open(case, terms, now).is_some_and(|promise| {
            works && promise.clock.calls.is_none_or(|role| terms.may_answer(who, role))
        }),
    }
}

/// Whether there is something for this person to do that they may do: not while it waits for the requester and nothing else is owed meanwhile, or
/// for somebody else's approval of what they proposed, unless it is overdue.
fn is_for(case: &Case, who: &Account, urgency: &Urgency, terms: &Terms, now: DateTime<Utc>) -> bool {
    let waits_for_another = case.proposals.first().is_some_and(|first| first.by == *who);
    let waits = || case.waiting().is_some() && apart(case, terms, now).is_none();
    may_do(case, who, terms, now) && (urgency.is_overdue() || (!waits_for_another && !waits()))
}

/// How much a case presses; the smaller the more. An emergency on which nothing is decided yet stands before all that is overdue,
/// as it does in every list (rule 14); what is owed on it afterwards stands by its date, and before other things once that is over.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
struct Urgency {
    nobody_in_danger: bool,
    not_overdue: bool,
    not_first: bool,
    is_idle: bool,
    due: DateTime<Utc>,
    received: DateTime<Utc>,
    id: CaseId,
}

impl Urgency {
    fn of(case: &Case, terms: &Terms, now: DateTime<Utc>) -> Urgency {
        let clocks = clocks(case, terms);
        let due = clocks.first().map_or(DateTime::<Utc>::MAX_UTC, |clock| clock.due);
        let is_idle = clocks.first().is_some_and(|clock| clock.name == IDLE);
        // Where a sealed one stands would say of what kind it is.
        let first = terms.kind_of(case).is_some_and(|kind| kind.first) && !case.is_sealed();
        Urgency {
            nobody_in_danger: !first || case.outcome.is_some(),
            not_overdue: due > now,
            not_first: !first,
            is_idle,
            due,
            received: case.received,
            id: case.id,
        }
    }

    /// What makes that nobody may pass it over for what is their own: an emergency (rule 14), and what is overdue. That somebody
    /// is to look at a case on which nothing happens is neither.
    fn presses(&self) -> impl PartialOrd + use<> {
        (self.nobody_in_danger, self.not_overdue || self.is_idle)
    }

    fn is_overdue(&self) -> bool {
        !self.not_overdue
    }
}
