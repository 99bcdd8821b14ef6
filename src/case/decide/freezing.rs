//! Whose authority is stopped and given back. Anybody listed stops anybody, at once: an account may have been taken over this
//! minute. So one person can stop everybody, and the way back must not need those who are stopped: whoever has the host has it.

use super::Setting;
use super::desk::administers;
use crate::case::{Account, Need, Refusal, StandingEvent, Terms};

/// How many people it takes to approve anything: one who proposes and may approve too, and another.
const ENOUGH: usize = 2;

/// What is left of a desk on which too many are frozen.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Shortage {
    /// Who can still approve.
    pub approvers: Vec<Account>,
    /// Who can still administer.
    pub admins: Vec<Account>,
}

impl Shortage {
    /// Whether those who are left can give somebody's authority back: one proposes, another approves.
    pub fn can_thaw(&self) -> bool {
        self.admins.iter().any(|admin| self.approvers.iter().any(|approver| approver != admin))
    }
}

/// Whether fewer than two people can approve, or nobody can administer.
pub fn shortage(terms: &Terms) -> Option<Shortage> {
    let who = |need: Need| -> Vec<Account> {
        let people = terms.people.iter().map(|person| &person.account);
        people.filter(|account| terms.may(account, need)).cloned().collect()
    };
    let left = Shortage { approvers: who(Need::Approve), admins: who(Need::Administer) };
    (left.approvers.len() < ENOUGH || left.admins.is_empty()).then_some(left)
}

pub(super) fn freeze(account: Account, setting: &Setting<'_>) -> Result<StandingEvent, Refusal> {
    let terms = setting.terms;
    terms.person(&account).ok_or_else(|| Refusal::NotOfThePeople(account.to_string()))?;
    if terms.frozen.contains(&account) {
        return Err(Refusal::Frozen(account));
    }
    Ok(StandingEvent::Frozen { account, by: Some(setting.actor.clone()) })
}

pub(super) fn thaw(account: Account, setting: &Setting<'_>) -> Result<StandingEvent, Refusal> {
    administers(setting)?;
    given_back(account, setting.terms, false)
}

/// Somebody with the host gives an authority back. Whoever has the host can read the key and change the list of people, so
/// this gives nobody more than they have; it is on record, and said in the room.
pub fn resume_on_host(account: Account, terms: &Terms) -> Result<StandingEvent, Refusal> {
    given_back(account, terms, true)
}

fn given_back(account: Account, terms: &Terms, on_host: bool) -> Result<StandingEvent, Refusal> {
    if terms.frozen.contains(&account) {
        Ok(StandingEvent::Thawed { account, on_host })
    } else {
        Err(Refusal::NotFrozen(account))
    }
}
