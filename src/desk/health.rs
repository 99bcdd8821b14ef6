//! What the desk knows of itself when it is asked how it is. What the adapter saw it keeps in memory only: it is of this moment.

use chrono::{DateTime, Utc};

use super::{Desk, DeskFault};
use crate::case::{Account, Need, Scope};
use crate::chat::render::Health;

impl Desk {
    /// How it is.
    pub(super) fn health(&mut self, now: DateTime<Utc>) -> Result<Health, DeskFault> {
        let oldest = self.owed.iter().next().map(|(order, owed)| (order.case, owed.place));
        let owed_since = match oldest {
            Some((case, place)) => {
                let part = self.journal.read_part(place, case.map_or(Scope::Desk, Scope::Case))?;
                part.map(|part| part.at)
            }
            None => None,
        };
        let doubted = self.state.doubted.or(self.state.sure).unwrap_or(now);
        Ok(Health {
            is_begun: self.state.last.is_some(),
            keeps_index: self.index.is_kept(),
            owed_since,
            held: self.held().cloned(),
            doubt: (!self.certain(now)).then_some(doubted),
            changed: self.changed_identities(),
            unvouched: self.unvouched(),
            condition: self.condition.clone(),
        })
    }

    /// Who is listed and shows another identity than before.
    fn changed_identities(&self) -> Vec<Account> {
        let strange = self.terms.identities.iter().flat_map(|identities| identities.strange.keys());
        strange.filter(|account| self.terms.person(account).is_some()).cloned().collect()
    }

    /// Whose role asks for somebody to vouch for them, and nobody has.
    fn unvouched(&self) -> Vec<Account> {
        let Some(identities) = &self.terms.identities else { return Vec::new() };
        let asks = [Need::Approve, Need::Counsel, Need::Administer];
        let people = self.terms.people.iter().filter(|person| asks.iter().any(|need| person.may(*need)));
        let accounts = people.map(|person| person.account.clone());
        accounts.filter(|account| !identities.is_confirmed(account)).collect()
    }
}
