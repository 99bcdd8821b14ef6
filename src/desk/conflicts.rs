//! The look-ups behind contradictions: which cases name an account and want the opposite of its records. Knows no contradiction; `case::conflict` does.

use std::collections::BTreeSet;

use super::{Desk, DeskFault, facets, search};
use crate::case::conflict::{MOST_CASES, Stance, conflicts, conflicts_of, stances_to};
use crate::case::{Account, Case, CaseId, Conflict, Refusal, Terms};
use crate::chat::{About, Page, render, text};
use crate::ports::Facet;

/// The answer, and the case it is about, if it is about one.
pub(super) fn answer(desk: &mut Desk, about: &About) -> Result<(Option<CaseId>, Page), DeskFault> {
    match about {
        About::Account(account) => {
            let named = named(desk, account)?;
            let found = conflicts(account, &named.cases, &desk.terms);
            Ok((None, render::conflicts(account, &named.cases, named.cut, &found, &desk.terms)))
        }
        About::Case(id) => match desk.case(*id)? {
            Err(Refusal::CaseErased(id)) => Ok((Some(id), text::erased(id))),
            Err(refusal) => Ok((None, text::refusal(&refusal, None, &desk.terms))),
            Ok(case) => {
                let (found, cut) = of_case(desk, &case)?;
                Ok((Some(*id), render::conflicts_of(&case, &found, cut, &desk.terms)))
            }
        },
    }
}

/// What contradicts a case that is on file, and whether not everything was looked at.
pub(super) fn of_case(desk: &mut Desk, case: &Case) -> Result<(Vec<Conflict>, bool), DeskFault> {
    let (ids, cut) = contrary(desk, case, &accounts_of(case))?;
    let mut others = Vec::new();
    for id in ids {
        others.extend(desk.case(id)?.ok());
    }
    Ok((against(case, &others, &desk.terms), cut))
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
    for account in accounts {
        let stances = stances_to(case, account, &desk.terms);
        let opposites: BTreeSet<Stance> =
            stances.iter().flat_map(|stance| stance.opposites()).copied().collect();
        for opposite in opposites {
            let within = [facets::stance(opposite), facets::subject(account)];
            let those = desk.ask(|index| search::search(index, &within, None, 0, MOST_CASES))?;
            cut |= those.more || those.cut;
            found.extend(those.cases);
        }
    }
    found.remove(&case.id);
    cut |= found.len() > MOST_CASES;
    Ok((found.into_iter().rev().take(MOST_CASES).collect(), cut))
}

/// What contradicts a case, of these others.
pub(super) fn against(case: &Case, others: &[Case], terms: &Terms) -> Vec<Conflict> {
    let accounts = accounts_of(case);
    let mut beside: Vec<(Account, Vec<Case>)> = Vec::new();
    for account in accounts {
        let names = |other: &&Case| other.subjects().any(|subject| subject.account == account);
        let mut cases: Vec<Case> = others.iter().filter(names).cloned().collect();
        if !cases.is_empty() {
            cases.push(case.clone());
            beside.push((account, cases));
        }
    }
    conflicts_of(case, &beside, terms)
}

/// The accounts that a case names, each once.
pub(super) fn accounts_of(case: &Case) -> BTreeSet<Account> {
    case.subjects().map(|subject| subject.account.clone()).collect()
}

/// The newest cases of a list, at most so many.
pub(super) fn newest(desk: &mut Desk, facet: &Facet, most: usize) -> Result<Vec<CaseId>, DeskFault> {
    let within = [facet.clone()];
    Ok(desk.ask(|index| search::search(index, &within, None, 0, most))?.cases)
}

/// Cases that name an account.
struct Named {
    cases: Vec<Case>,
    /// Whether there are more.
    cut: bool,
}

fn named(desk: &mut Desk, account: &Account) -> Result<Named, DeskFault> {
    let within = [facets::subject(account)];
    let found = desk.ask(|index| search::search(index, &within, None, 0, MOST_CASES))?;
    let mut cases = Vec::new();
    for id in found.cases {
        cases.extend(desk.case(id)?.ok());
    }
    Ok(Named { cases, cut: found.more || found.cut })
}
