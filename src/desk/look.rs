//! Look-ups, each tried again over a rebuilt index if the index fails.

use std::collections::{BTreeMap, BTreeSet};

use super::{Desk, DeskFault, Progress, facets, search};
use crate::case::decide::{Around, MOST_NAMED, gate};
use crate::case::wire::WireFault;
use crate::case::{Account, Case, CaseId, Refusal, Scope};
use crate::ports::{Facet, Index, IndexFault, Place, Stamp};

/// How many cases with holds that name an account are looked for; with more of them nobody can tell whether all were seen.
const MOST_HOLDING: usize = 500;
/// How many cases of a list are opened before the next are looked up.
const AT_ONCE: usize = MOST_NAMED + 1;

impl Desk {
    /// Asks the index. It is never the truth: if it fails it is rebuilt from the journal and asked again.
    pub(super) fn ask<T>(
        &mut self,
        ask: impl Fn(&dyn Index) -> Result<T, IndexFault>,
    ) -> Result<T, DeskFault> {
        // What was rebuilt where it stood may fail again there; the second rebuild finds it another place.
        for _ in 0..2 {
            match ask(self.index.as_ref()) {
                Ok(answer) => return Ok(answer),
                Err(fault) => {
                    tracing::warn!("{fault}; it is being rebuilt");
                    self.rebuild(&mut |_: Progress| {})?;
                }
            }
        }
        Ok(ask(self.index.as_ref())?)
    }

    /// The case with this number, or why there is none.
    pub(super) fn case(&mut self, id: CaseId) -> Result<Result<Case, Refusal>, DeskFault> {
        if self.state.next.is_some_and(|next| id >= next) {
            return Ok(Err(Refusal::NoSuchCase(id)));
        }
        let found = self.ask(|index| match index.value(Scope::Case(id))? {
            Some(bytes) => serde_json::from_slice(&bytes)
                .map(Some)
                .map_err(|fault| IndexFault(format!("{id} does not read ({:?} error)", fault.classify()))),
            None => Ok(None),
        })?;
        if let Some(case) = found {
            return Ok(Ok(case));
        }
        let erased = self.ask(|index| search::contains(index, &facets::erased(), u64::from(id.number())))?;
        Ok(Err(if erased { Refusal::CaseErased(id) } else { Refusal::CaseLost(id) }))
    }

    /// Whether an input with this stamp is on record.
    pub(super) fn seen(&mut self, stamp: Stamp) -> Result<bool, DeskFault> {
        let (facet, number) = facets::seen(stamp);
        self.ask(|index| search::contains(index, &facet, number))
    }

    /// Cases that forbid to tell these users of a case: for each some, wherever there are any. Costs what forbids, however
    /// many cases name the user and forbid nothing. `None` if one that may forbid it cannot be read.
    pub(super) fn naming(&mut self, case: &Case, users: &[Account]) -> Result<Option<Vec<Case>>, DeskFault> {
        let mut found: BTreeMap<CaseId, Case> = BTreeMap::new();
        for account in users {
            let anybody = (facets::binds_all(), Some(facets::cleared(account)));
            let lists = facets::binds(account, &self.terms).map(|list| (list, None)).chain([anybody]);
            for (list, without) in lists {
                if !self.forbidding(case, account, &list, without.as_ref(), &mut found)? {
                    return Ok(None);
                }
            }
        }
        Ok(Some(found.into_values().collect()))
    }

    /// Cases that forbid to tell the users of a case, and the newest that name them: some of each, wherever there are any.
    /// For words of ours that one of these users may get.
    pub(super) fn asking_too(&mut self, case: &Case, around: &mut Around) -> Result<(), DeskFault> {
        let users: BTreeSet<Account> = case.subjects().map(|subject| subject.account.clone()).collect();
        let mut asking = BTreeSet::new();
        let names: BTreeSet<String> =
            users.iter().flat_map(|account| gate::readings(account, &self.terms)).collect();
        for name in names {
            let list = [facets::subject_called(&name)];
            asking.extend(self.ask(|index| search::search(index, &list, None, 0, AT_ONCE))?.cases);
        }
        asking.remove(&case.id);
        for id in asking {
            // One that is gone since names nobody.
            around.asking.extend(self.case(id)?.ok());
        }
        let users: Vec<Account> = users.into_iter().collect();
        around.naming = self.naming(case, &users)?;
        Ok(())
    }

    /// The newest cases of a list that forbid to tell a user. Whether every one that had to be opened could be.
    fn forbidding(
        &mut self,
        case: &Case,
        account: &Account,
        list: &Facet,
        without: Option<&Facet>,
        found: &mut BTreeMap<CaseId, Case>,
    ) -> Result<bool, DeskFault> {
        let within = [list.clone()];
        let (mut skip, mut named) = (0, 0);
        loop {
            let page = self.ask(|index| search::search(index, &within, without, skip, AT_ONCE))?;
            for id in page.cases.iter().filter(|id| **id != case.id) {
                let other = match found.get(id) {
                    Some(other) => other,
                    None => match self.case(*id)? {
                        Ok(other) => found.entry(*id).or_insert(other),
                        // It stands in a list and not on file: nobody knows what it says.
                        Err(_) => return Ok(false),
                    },
                };
                // The lists may hold more than the gate says no to, never less.
                named += usize::from(!gate::forbids(other, account, &self.terms).is_empty());
                if named == MOST_NAMED {
                    return Ok(true);
                }
            }
            if page.cut {
                return Ok(false);
            }
            if !page.more {
                return Ok(true);
            }
            skip += page.cases.len();
        }
    }

    /// The cases whose holds run and that name an account of this one, itself left out (rule 63), and whether sealed ones are
    /// among them, which are not named. `None` if they are more than can be looked through.
    pub(super) fn holding(&mut self, case: &Case) -> Result<(Option<Vec<CaseId>>, bool), DeskFault> {
        let accounts: BTreeSet<_> = case.subjects().map(|subject| &subject.account).collect();
        let mut holding = BTreeSet::new();
        for account in accounts {
            for list in [vec![facets::held(), facets::subject(account)], vec![facets::kept(account)]] {
                let found = self.ask(|index| search::search(index, &list, None, 0, MOST_HOLDING))?;
                if found.more || found.cut {
                    return Ok((None, false));
                }
                holding.extend(found.cases);
            }
        }
        holding.remove(&case.id);
        let mut shown = Vec::new();
        let mut unshown = false;
        for id in holding {
            let is_sealed =
                self.ask(|index| search::contains(index, &facets::sealed(), u64::from(id.number())))?;
            if is_sealed {
                unshown = true;
            } else {
                shown.push(id);
            }
        }
        Ok((Some(shown), unshown))
    }

    /// The places of a case's records, newest first, at most `most` behind the `skip` newest, and whether there are more.
    pub(super) fn places(
        &mut self,
        id: CaseId,
        skip: usize,
        most: usize,
    ) -> Result<(Vec<Place>, bool), DeskFault> {
        let facet = facets::places(id);
        let (numbers, more) = self.ask(|index| search::page(index, &facet, 0, skip, most))?;
        Ok((numbers.into_iter().map(Place).collect(), more))
    }

    /// The stamp by which an input is recognised when it comes again.
    pub(super) fn stamp(&self, input: &str) -> Stamp {
        Stamp(self.journal.keyed("input", input.as_bytes()))
    }
}

/// A case as the index keeps it.
pub(super) fn case_bytes(case: &Case) -> Result<Vec<u8>, DeskFault> {
    serde_json::to_vec(case).map_err(|fault| DeskFault::Write(WireFault::from(fault)))
}
