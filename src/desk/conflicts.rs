//! The look-ups behind contradictions: which cases name an account and want the opposite of its records. Knows no contradiction; `case::conflict` does.

use chrono::{DateTime, Utc};

use std::cmp::Reverse;
use std::collections::BTreeSet;

use super::sight::{Answered, Sight};
use super::{Desk, DeskFault, facets, search, veil};
use crate::case::conflict::{MOST_CASES, Stance, Wants, conflicts, conflicts_of};
use crate::case::{Account, Case, CaseId, Clash, Conflict, Hidden, Refusal, Terms};
use crate::chat::{About, render, text};
use crate::ports::Facet;

/// How many cases are looked at that may be about anybody, and of those that owe anybody a notice.
const MOST_OF_ANYBODY: usize = 20;

/// The answer to somebody.
pub(super) fn answer(
    desk: &mut Desk,
    about: &About,
    who: &Account,
    now: DateTime<Utc>,
) -> Result<Answered, DeskFault> {
    let sight = Sight::of(who, &desk.terms);
    match about {
        About::Account(account) => {
            let named = named(desk, account)?;
            let of_anybody = binding_anybody(desk, account)?;
            let mut cases = named.cases;
            let is_new = |case: &Case| cases.iter().all(|known| known.id != case.id);
            let more: Vec<Case> = of_anybody.into_iter().filter(is_new).collect();
            let all: Vec<Case> = cases.iter().chain(&more).cloned().collect();
            let found = conflicts(account, &all, &desk.terms);
            let contrary =
                Contrary::seen(found, &all, named.cut, sight).first_things_first(&all, &desk.terms);
            cases.retain(|case| sight.may_find(case));
            let Contrary { found, cut, unshown } = contrary;
            let hidden: Hidden<'_> = &|id| veil::is_sealed(desk, id);
            let shown: Vec<Case> =
                cases.iter().map(|case| veil::of_case(case, hidden).into_owned()).collect();
            let page = render::conflicts(account, &shown, cut, &found, unshown, &desk.terms, now);
            Ok(Answered::found(page, &cases))
        }
        About::Case(id) => {
            let case = match desk.case(*id)? {
                Ok(case) => case,
                Err(Refusal::CaseErased(id)) => return Ok(Answered::openly(text::erased(id))),
                Err(refusal) => return Ok(Answered::openly(text::refusal(&refusal, None, &desk.terms))),
            };
            // What a request wanted it wants until the case is closed: whoever closes it hears of it then too.
            let as_it_was = match case.closed {
                None => Case { outcome: None, ..case.clone() },
                Some(_) => case.clone(),
            };
            let Contrary { found, cut, unshown } = of_case(desk, &as_it_was, sight)?;
            let mut sealed = Vec::new();
            for conflict in &found {
                let other = if conflict.one == case.id { conflict.other } else { conflict.one };
                sealed.extend(desk.case(other)?.ok().filter(Case::is_sealed));
            }
            let case = veil::of_case(&case, &|id| veil::is_sealed(desk, id));
            let page = render::conflicts_of(&case, &found, cut, unshown, &desk.terms);
            Ok(Answered { case: Some(*id), ..Answered::found(page, &sealed) })
        }
    }
}

/// What contradicts.
pub(super) struct Contrary {
    /// As far as it may be shown.
    pub found: Vec<Conflict>,
    /// Whether not everything was looked at.
    pub cut: bool,
    /// Whether an erasure stands against records that a sealed case keeps, which they may not see. That alone is said, and
    /// not of which case: what is kept must not be destroyed because nobody knew.
    pub unshown: bool,
}

impl Contrary {
    /// What of these contradictions may be shown.
    pub(super) fn seen<'a>(
        found: Vec<Conflict>,
        cases: impl IntoIterator<Item = &'a Case>,
        cut: bool,
        sight: Sight,
    ) -> Contrary {
        let hidden: BTreeSet<CaseId> =
            cases.into_iter().filter(|case| !sight.may_find(case)).map(|case| case.id).collect();
        let is_hidden = |id: CaseId| hidden.contains(&id);
        let (hidden, found): (Vec<Conflict>, Vec<Conflict>) =
            found.into_iter().partition(|conflict| is_hidden(conflict.one) || is_hidden(conflict.other));
        // Of what is between two that they may not see they learn nothing at all.
        let unshown = hidden
            .iter()
            .any(|conflict| conflict.how == Clash::ErasureAgainstHold && !is_hidden(conflict.one));
        Contrary { found, cut, unshown }
    }

    /// The same with what contradicts a case that stands first before the rest.
    fn first_things_first<'a>(
        mut self,
        cases: impl IntoIterator<Item = &'a Case>,
        terms: &Terms,
    ) -> Contrary {
        let urgent: BTreeSet<CaseId> =
            cases.into_iter().filter(|case| terms.stands_first(case)).map(|case| case.id).collect();
        let is_urgent = |id: CaseId| urgent.contains(&id);
        self.found.sort_by_key(|conflict| !is_urgent(conflict.one) && !is_urgent(conflict.other));
        self
    }
}

/// What contradicts a case that is on file.
pub(super) fn of_case(desk: &mut Desk, case: &Case, sight: Sight) -> Result<Contrary, DeskFault> {
    // Who sees a sealed case sees the others too.
    let sight = if case.is_sealed() { Sight::SAFETY } else { sight };
    let whom = Wants::of(case, &desk.terms).whom();
    let (ids, cut) = contrary(desk, case, &whom)?;
    let mut others = Vec::new();
    for id in ids {
        others.extend(desk.case(id)?.ok());
    }
    let found = conflicts_of(case, &others, &desk.terms);
    let contrary = Contrary::seen(found, others.iter().chain([case]), cut, sight);
    Ok(contrary.first_things_first(&others, &desk.terms))
}

/// The cases that may contradict this one about one of these accounts, newest first, and whether there are more: those that
/// want the opposite of the records of somebody whom both name. However many others name them costs nothing.
pub(super) fn contrary(
    desk: &mut Desk,
    case: &Case,
    accounts: &BTreeSet<Account>,
) -> Result<(Vec<CaseId>, bool), DeskFault> {
    let mut found: BTreeSet<CaseId> = BTreeSet::new();
    let mut cut = false;
    let wants = Wants::of(case, &desk.terms);
    for account in accounts {
        let stances = wants.stances_to(account);
        let opposites: BTreeSet<Stance> =
            stances.iter().flat_map(|stance| stance.opposites()).copied().collect();
        for opposite in opposites.iter().copied() {
            let within = [facets::stance(opposite), facets::subject(account)];
            let those = desk.ask(|index| search::search(index, &within, None, 0, MOST_CASES))?;
            cut |= those.more || those.cut;
            found.extend(those.cases);
        }
        // What binds may name them on no line of accounts, or nobody: the gate's own lists know it.
        if opposites.contains(&Stance::Binds) || opposites.contains(&Stance::Silences) {
            for list in facets::binds(account, &desk.terms) {
                found.extend(newest(desk, &list, None, MOST_CASES)?);
            }
        }
        if opposites.contains(&Stance::Silences) {
            let cleared = facets::cleared(account);
            found.extend(newest(desk, &facets::binds_all(), Some(&cleared), MOST_OF_ANYBODY)?);
        }
    }
    if Wants::of(case, &desk.terms).binds_anybody() {
        found.extend(newest(desk, &facets::stance(Stance::Owes), None, MOST_OF_ANYBODY)?);
    }
    found.remove(&case.id);
    cut |= found.len() > MOST_CASES;
    Ok((found.into_iter().rev().take(MOST_CASES).collect(), cut))
}

/// The newest cases of a list that are not in another, at most so many.
pub(super) fn newest(
    desk: &mut Desk,
    facet: &Facet,
    without: Option<&Facet>,
    most: usize,
) -> Result<Vec<CaseId>, DeskFault> {
    let within = [facet.clone()];
    Ok(desk.ask(|index| search::search(index, &within, without, 0, most))?.cases)
}

/// Cases that name an account.
struct Named {
    /// The newest, and before them those that stand first.
    cases: Vec<Case>,
    /// Whether there are more.
    cut: bool,
}

fn named(desk: &mut Desk, account: &Account) -> Result<Named, DeskFault> {
    let mut ids: BTreeSet<(bool, Reverse<CaseId>)> = BTreeSet::new();
    let mut cut = false;
    let first = facets::first();
    // On a line of accounts, or wherever it stands in a case that binds.
    for list in std::iter::once(facets::subject(account)).chain(facets::binds(account, &desk.terms)) {
        let (list, all) = ([list], (0, MOST_CASES));
        let found = desk.ask(|index| search::first_then(index, None, &list, None, &first, all))?;
        cut |= found.more || found.cut;
        for id in found.cases {
            let is_first = desk.ask(|index| search::contains(index, &first, u64::from(id.number())))?;
            ids.insert((!is_first, Reverse(id)));
        }
    }
    cut |= ids.len() > MOST_CASES;
    let mut cases = Vec::new();
    for (_, Reverse(id)) in ids.into_iter().take(MOST_CASES) {
        cases.extend(desk.case(id)?.ok());
    }
    Ok(Named { cases, cut })
}

/// Cases that bind about anybody, and of which nobody has found that they are not about this account.
fn binding_anybody(desk: &mut Desk, account: &Account) -> Result<Vec<Case>, DeskFault> {
    let cleared = facets::cleared(account);
    let mut cases = Vec::new();
    for id in newest(desk, &facets::binds_all(), Some(&cleared), MOST_OF_ANYBODY)? {
        cases.extend(desk.case(id)?.ok());
    }
    Ok(cases)
}
