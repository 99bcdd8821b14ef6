//! The look-ups behind `conflicts`: which cases name an account. Knows no contradiction; `case::conflict` does.

use std::collections::BTreeSet;

use super::{Desk, DeskFault, facets, search};
use crate::case::conflict::{MOST_CASES, conflicts, conflicts_of};
use crate::case::{Account, Case, CaseId, Conflict, Refusal};
use crate::chat::{About, Page, render, text};
use crate::ports::Facet;

/// How many accounts of one case are looked at.
const MOST_ACCOUNTS: usize = 50;

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
    let accounts = accounts_of(case);
    let mut cut = accounts.len() > MOST_ACCOUNTS;
    let mut beside = Vec::new();
    for account in accounts.into_iter().take(MOST_ACCOUNTS) {
        let mut named = named(desk, &account)?;
        cut |= named.cut;
        // As it was handed in, which may be how it stood before.
        named.cases.iter_mut().filter(|other| other.id == case.id).for_each(|other| other.clone_from(case));
        beside.push((account, named.cases));
    }
    Ok((conflicts_of(case, &beside, &desk.terms), cut))
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
