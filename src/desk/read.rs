//! The answers to what is only read.

use std::collections::BTreeSet;

use chrono::{DateTime, Utc};

use super::facets::Rank;
use super::sight::{Answered, Sight, looks_inside};
use super::{Desk, DeskFault, conflicts, facets, morning, search, veil};
use crate::case::decide::{
    Around, may_draft_beside, may_go_out, to_be_asked_about, words_in, words_to_another,
};
use crate::case::letter::{self, Basis};
use crate::case::wire::{self, CasePart};
use crate::case::{Account, Case, CaseId, Hidden, Refusal, Scope, Stage, Terms, Tongue};
use crate::chat::render::{self, Entry, LOG_PAGE, PAGE};
use crate::chat::{Filters, Page, Query, text};
use crate::ports::{Body, Facet, Part};

/// The answer to somebody. That they may see the case they ask about was asked before.
pub(super) fn answer(
    desk: &mut Desk,
    query: Query,
    who: &Account,
    now: DateTime<Utc>,
) -> Result<Answered, DeskFault> {
    let page = match query {
        Query::Help(verb) => render::help(verb, &desk.terms),
        Query::Form(kind) => render::form(&kind),
        Query::People => render::people(&desk.terms),
        Query::Health => {
            let health = desk.health(now)?;
            render::health(&health, &desk.terms, now)
        }
        Query::Unreadable => text::unreadable(desk.standing.unread(), now, &desk.terms),
        Query::Policy(kind) => render::policy(kind.as_ref(), desk.terms.policy(), &desk.terms),
        Query::List(filters) => return list(desk, &filters, who, now),
        Query::Due { from, until, page, typed } => due(desk, (from, until), page, &typed, now)?,
        Query::Directory(words) => render::directory(&words, &desk.terms),
        Query::Conflicts(about) => return conflicts::answer(desk, &about, who, now),
        Query::PolicyOf(id) => {
            return on_case(desk, id, |desk, case| Ok(render::policy_of(case, &desk.terms)));
        }
        Query::Find { words, page } => return find(desk, &words, page, who, now),
        Query::Show(id) => {
            return on_case(desk, id, |desk, case| Ok(render::show(case, &desk.terms, now)));
        }
        Query::Letters(id) => {
            return on_case(desk, id, |desk, case| Ok(render::letters(case, &desk.terms)));
        }
        Query::Letter { case, name, basis } => {
            return on_case(desk, case, |desk, case| {
                let refused = refused_draft(desk, case, &name, basis.as_ref(), now)?;
                let page = || render::letter(case, &name, basis.as_ref(), &desk.terms, now);
                Ok(refused.map_or_else(page, |refusal| text::refusal(&refusal, Some(case.id), &desk.terms)))
            });
        }
        Query::Report(half) => desk.report_page(half, now)?,
        Query::Costs(id) => return on_case(desk, id, |desk, case| Ok(render::costs(case, &desk.terms))),
        Query::Check(id) => {
            return on_case(desk, id, |desk, case| Ok(render::check(case, &desk.terms, now)));
        }
        Query::Scope(id) => return on_case(desk, id, |desk, case| Ok(render::scope(case, &desk.terms, now))),
        Query::Notice(id, user, tongue) => {
            return on_case(desk, id, |desk, case| notice(desk, case, user.as_ref(), tongue, now));
        }
        Query::Pending => pending(desk, now)?,
        Query::Brief { who } => render::brief(&morning::brief(desk, &who, now)?, &desk.terms, now),
        Query::Next { who, case: None } => {
            let mut pressing = morning::pressing(desk, &who, now)?;
            let hidden: Hidden<'_> = &|id| veil::is_sealed(desk, id);
            pressing.case = pressing.case.map(|case| veil::of_case(&case, hidden).into_owned());
            render::pressing(&pressing, &who, &desk.terms, now)
        }
        Query::Next { who, case: Some(id) } => {
            return on_case(desk, id, |desk, case| Ok(render::next_of(case, &who, &desk.terms, now)));
        }
        Query::Log(id, page) => return on_case(desk, id, |desk, case| log(desk, case, page)),
    };
    Ok(Answered::openly(page))
}

/// The page about a case, made of what everybody may read of it; of a sealed one whole, for whoever may see that.
fn on_case(
    desk: &mut Desk,
    id: CaseId,
    show: impl FnOnce(&mut Desk, &Case) -> Result<Page, DeskFault>,
) -> Result<Answered, DeskFault> {
    let (case, page) = match desk.shown(id)? {
        Ok(case) => (Some(id), show(desk, &case)?),
        Err(Refusal::CaseErased(id)) => (Some(id), text::erased(id)),
        Err(refusal) => (None, text::refusal(&refusal, None, &desk.terms)),
    };
    // A sealed case that is asked about is on record, and answered to whoever asked, by its number.
    Ok(Answered { case, page, inside: Vec::new() })
}

/// Why a draft with somebody's own words may not be copied, where other cases say so: it names who asked there. Words that are on
/// record are asked about again, for what binds may have come since.
fn refused_draft(
    desk: &mut Desk,
    case: &Case,
    name: &str,
    basis: Option<&Basis>,
    now: DateTime<Utc>,
) -> Result<Option<Refusal>, DeskFault> {
    let given = match basis {
        Some(Basis::Reason { words, .. }) => words.as_deref(),
        Some(Basis::To(_)) | None => None,
    };
    let is_policys = given.is_none()
        && words_in(case, name, &desk.terms).is_empty()
        && words_to_another(case, name, &desk.terms).is_empty();
    // What is refused by itself says why by itself.
    if is_policys || letter::draft(case, name, basis, &desk.terms, now).is_err() {
        return Ok(None);
    }
    let mut around = Around::default();
    desk.asking_too(case, &mut around)?;
    let given = given.and_then(|words| may_draft_beside(case, &around, words, &desk.terms).err());
    Ok(given.or_else(|| may_go_out(case, &around, name, &desk.terms).err()))
}

/// What the gate says about each user of the case.
fn notice(
    desk: &mut Desk,
    case: &Case,
    user: Option<&Account>,
    tongue: Option<Tongue>,
    now: DateTime<Utc>,
) -> Result<Page, DeskFault> {
    let users = to_be_asked_about(case, &desk.terms).into_iter().cloned();
    let users: BTreeSet<Account> = users.filter(|account| user.is_none_or(|user| user == account)).collect();
    let mut around = Around::default();
    if !words_in(case, letter::NOTICE, &desk.terms).is_empty() {
        desk.asking_too(case, &mut around)?;
    }
    if let Err(refusal) = may_go_out(case, &around, letter::NOTICE, &desk.terms) {
        return Ok(text::refusal(&refusal, Some(case.id), &desk.terms));
    }
    let naming = desk.naming(case, &users.into_iter().collect::<Vec<_>>())?;
    let naming = naming.map(|naming| veil::of_others(case, naming, &|id| veil::is_sealed(desk, id)));
    Ok(render::notice(case, user, naming.as_deref(), tongue, &desk.terms, now))
}

fn pending(desk: &mut Desk, now: DateTime<Utc>) -> Result<Page, DeskFault> {
    let (within, first) = ([facets::pending()], facets::first());
    let found = desk.ask(|index| search::first_then(index, None, &within, None, &first, (0, PAGE)))?;
    let cases = cases(desk, &found.cases)?;
    Ok(render::pending(desk.standing.waiting(), &cases, found.more, &desk.terms, now))
}

fn log(desk: &mut Desk, case: &Case, page: usize) -> Result<Page, DeskFault> {
    let (places, more) = desk.places(case.id, (page - 1).saturating_mul(LOG_PAGE), LOG_PAGE)?;
    let mut entries = Vec::new();
    for place in places {
        let found = desk.journal.read_part(place, Scope::Case(case.id))?;
        let Some(Part { seq, at, body: Body::Open(bytes) }) = found else {
            continue;
        };
        let part: CasePart = wire::read(&bytes).map_err(|fault| DeskFault::Wire { seq, fault })?;
        let in_doubt = desk.standing.is_doubtful(seq, at);
        let events = veil::of_events(case, part.events, &|id| veil::is_sealed(desk, id));
        entries.push(Entry { at, in_doubt, by: part.cause.by, events });
    }
    Ok(render::log(case, &entries, page, more, &desk.terms))
}

/// Newest first, and before all others those that stand first.
fn list(
    desk: &mut Desk,
    filters: &Filters,
    who: &Account,
    now: DateTime<Utc>,
) -> Result<Answered, DeskFault> {
    let inside = looks_inside(filters);
    let hidden = Sight::of(who, &desk.terms).without().filter(|_| inside);
    let within = facets_of(filters);
    let skip = (filters.page - 1).saturating_mul(PAGE);
    let (overdue, overdue_cut) = if filters.overdue { overdue(desk, now)? } else { (None, false) };
    let among = overdue.as_deref();
    let mut found = if may_come_first(filters, &desk.terms) {
        let first = facets::first();
        let page = (skip, PAGE);
        desk.ask(|index| search::first_then(index, among, &within, hidden.as_ref(), &first, page))?
    } else {
        let hidden: Vec<&Facet> = hidden.iter().collect();
        desk.ask(|index| search::search_among(index, among, &within, &hidden, skip, PAGE))?
    };
    found.cut |= overdue_cut;
    let cases = cases(desk, &found.cases)?;
    let page = render::list(&cases, &filters.typed, filters.page, (found.more, found.cut), &desk.terms, now);
    Ok(if inside { Answered::found(page, &cases) } else { Answered::openly(page) })
}

/// The cases with a clock that is overdue, largest number first, and whether there are too many to look at: then those are
/// left that have been overdue the longest.
fn overdue(desk: &mut Desk, now: DateTime<Utc>) -> Result<(Option<Vec<u64>>, bool), DeskFault> {
    let least = facets::furthest(now);
    let lists = facets::all_due();
    let (entries, cut) =
        desk.ask(|index| search::page_from(index, &lists, u64::MAX, least, 0, search::MOST_STEPS))?;
    let mut cases: Vec<u64> =
        entries.into_iter().filter_map(facets::case_of).map(|id| u64::from(id.number())).collect();
    cases.sort_unstable_by(|one, other| other.cmp(one));
    Ok((Some(cases), cut))
}

/// Nobody reads a larger number of what is overdue besides.
const MOST_OVERDUE: usize = 10 * PAGE;

/// Emergencies, then what is overdue, of which what somebody is only to look at comes last; then what falls due until a moment.
/// Nearest first each. From a moment on, what is overdue is only counted.
fn due(
    desk: &mut Desk,
    (from, until): (Option<DateTime<Utc>>, Option<DateTime<Utc>>),
    page: usize,
    typed: &str,
    now: DateTime<Utc>,
) -> Result<Page, DeskFault> {
    let (first, others, idle) =
        (facets::due(Rank::First), facets::due(Rank::Ordinary), facets::due(Rank::Idle));
    let over = match from {
        Some(_) => {
            let (lists, least) = (facets::all_due(), facets::furthest(now));
            desk.ask(|index| search::page_from(index, &lists, u64::MAX, least, 0, MOST_OVERDUE))?
        }
        None => (Vec::new(), false),
    };
    let over = (over.0.len(), over.1);
    let least = until.map_or(0, facets::furthest);
    let largest = from.map_or(u64::MAX, |from| facets::furthest(from) | u64::from(u32::MAX));
    // Of what falls due by now, and of what does later; an emergency comes first whenever it does.
    let by_now = least.max(facets::furthest(now));
    let later = largest.min(facets::furthest(now).saturating_sub(1));
    let parts = [
        (vec![first], largest, least),
        (vec![others.clone()], largest, by_now),
        (vec![idle.clone()], largest, by_now),
        (vec![others, idle], later, least),
    ];
    let skip = (page - 1).saturating_mul(PAGE);
    let wanted = skip.saturating_add(PAGE).saturating_add(1);
    let mut entries: Vec<u64> = Vec::new();
    for (lists, largest, least) in parts {
        let left = wanted - entries.len();
        let (more, _) = desk.ask(|index| search::page_from(index, &lists, largest, least, 0, left))?;
        entries.extend(more);
    }
    let more = entries.len() == wanted;
    let ids: Vec<CaseId> = entries.into_iter().skip(skip).take(PAGE).filter_map(facets::case_of).collect();
    let cases = cases(desk, &ids)?;
    Ok(render::due(&cases, typed, page, more, over, &desk.terms, now))
}

/// Whether anything in the list can stand before all others. To learn from the index that nothing does costs a look at
/// every urgent case (measured: 5 ms at 100,000 cases).
fn may_come_first(filters: &Filters, terms: &Terms) -> bool {
    filters.kind.as_ref().is_none_or(|name| {
        let mut kinds = terms.policies.values().flat_map(|policy| &policy.kinds);
        kinds.any(|kind| kind.first && kind.name == *name)
    })
}

fn find(
    desk: &mut Desk,
    words: &str,
    page: usize,
    who: &Account,
    now: DateTime<Utc>,
) -> Result<Answered, DeskFault> {
    if let Some(id) = CaseId::read(words.trim()).filter(|_| words.trim().starts_with(['C', 'c', '#'])) {
        // Somebody who looks for C-42 wants C-42; where there is none, it may be an agency's own reference.
        let case = desk.shown(id)?;
        if let Ok(case) = case {
            return Ok(Answered::openly(render::found(&[case], words, 1, (false, false), &desk.terms, now)));
        }
        if let Err(Refusal::CaseErased(id)) = case {
            return Ok(Answered::openly(text::erased(id)));
        }
    }
    let within: Vec<Facet> = facets::looked_for(words).iter().map(|word| facets::word(word)).collect();
    let skip = (page - 1).saturating_mul(PAGE);
    let hidden = Sight::of(who, &desk.terms).without();
    let (first, page_of) = (facets::first(), (skip, PAGE));
    let found =
        desk.ask(|index| search::first_then(index, None, &within, hidden.as_ref(), &first, page_of))?;
    let cases = cases(desk, &found.cases)?;
    let page = render::found(&cases, words, page, (found.more, found.cut), &desk.terms, now);
    Ok(Answered::found(page, &cases))
}

fn facets_of(filters: &Filters) -> Vec<Facet> {
    let closed_too = filters.closed_too || filters.stage == Some(Stage::Closed);
    let mut within = vec![if closed_too { facets::all() } else { facets::open() }];
    within.extend(filters.stage.map(facets::stage));
    within.extend(filters.kind.as_deref().map(facets::kind));
    within.extend(filters.owner.as_ref().map(|owner| facets::owner(owner.as_ref())));
    within.extend(filters.secret.then(facets::gagged));
    within.extend(filters.subject.as_ref().map(facets::subject));
    within.extend(filters.tag.as_deref().map(facets::tag));
    within
}

/// These cases as everybody may read of them.
fn cases(desk: &mut Desk, ids: &[CaseId]) -> Result<Vec<Case>, DeskFault> {
    let mut cases = Vec::new();
    for id in ids {
        cases.extend(desk.shown(*id)?.ok());
    }
    Ok(cases)
}
