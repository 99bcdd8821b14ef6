//! Look-ups, each tried again over a rebuilt index if the index fails.

use std::collections::BTreeSet;

use super::{Desk, DeskFault, Progress, facets, search};
use crate::case::wire::WireFault;
use crate::case::{Case, CaseId, Refusal, Scope};
use crate::ports::{Facet, Index, IndexFault, Place, Stamp};

/// How many cases the gate looks through for one list; more than that, and nobody can say that somebody may be told.
const MOST_NAMING: usize = 500;

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

    /// The cases that the gag gate must hear about the users of this one: every bound one that names one of them, and every
    /// bound one that names somebody who could not be read. `None` if they are more than can be looked through.
    pub(super) fn naming(&mut self, case: &Case) -> Result<Option<Vec<Case>>, DeskFault> {
        let mut ids = BTreeSet::new();
        // By the line of accounts, and by the words of everything else that was ever written there.
        let users = case.subjects().flat_map(|subject| {
            let words = facets::looked_for(subject.account.as_str());
            let in_words = words.iter().map(|word| facets::word(word)).chain([facets::bound()]).collect();
            [vec![facets::bound(), facets::subject(&subject.account)], in_words]
        });
        let lists: BTreeSet<Vec<Facet>> = users.chain([vec![facets::bound_unread()]]).collect();
        for list in lists {
            let found = self.ask(|index| search::search(index, &list, None, 0, MOST_NAMING))?;
            if found.more || found.cut {
                return Ok(None);
            }
            ids.extend(found.cases);
        }
        let mut cases = Vec::new();
        for id in ids.into_iter().filter(|id| *id != case.id) {
            match self.case(id)? {
                Ok(other) => cases.push(other),
                // It stands in a list and not on file: nobody knows what it says.
                Err(_) => return Ok(None),
            }
        }
        Ok(Some(cases))
    }

    /// The cases whose holds run and that name an account of this one, itself left out (rule 63). `None` if they are more than
    /// can be looked through.
    pub(super) fn holding(&mut self, case: &Case) -> Result<Option<Vec<CaseId>>, DeskFault> {
        let accounts: BTreeSet<_> = case.subjects().map(|subject| &subject.account).collect();
        let mut holding = BTreeSet::new();
        for account in accounts {
            let list = [facets::held(), facets::subject(account)];
            let found = self.ask(|index| search::search(index, &list, None, 0, MOST_NAMING))?;
            if found.more || found.cut {
                return Ok(None);
            }
            holding.extend(found.cases);
        }
        holding.remove(&case.id);
        Ok(Some(holding.into_iter().collect()))
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
