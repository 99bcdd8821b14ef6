//! The terms a desk works by: the policy's kinds and fields, its people, its servers.
//!
//! Data only. `policy` makes it from packs; `config` adds people, servers and zone.

mod clock_rule;
mod counted;
mod instrument;
mod kind;
pub mod known;
mod policy;
pub mod reserved;
mod translation;

use std::borrow::Cow;
use std::collections::{BTreeMap, BTreeSet};

use chrono_tz::Tz;

pub use clock_rule::{ClockRule, Condition, Extension, Start, Stop, Tasks};
pub use counted::Counted;
pub use instrument::Instrument;
pub use kind::{Asks, Choice, DATA_KEY, FieldForm, FieldRule, Kind, Weighing};
pub use policy::{
    Absent, Category, Claim, Exception, GagOfInstrument, GagTerms, Held, HoldTerms, IdleTerms, Letter,
    NoticeTerms, Policy, Reason, ReportTerms, Tell, TwoPeople, VisitTerms, When,
};
pub use translation::{CategoryWords, Translation, is_the_same_in_all};

use super::calendar::{Calendar, Term};
use super::{Account, Agency, Case, Identities, Need, Person, Refusal, Reminders, Span};

/// What stands between the names of several holiday lists that count together; no name holds it.
pub const JOINS_CALENDARS: char = '+';

/// Everything that is not in the case and not in the command.
#[derive(Clone, Debug)]
pub struct Terms {
    /// The version that new cases are opened under.
    pub current: String,
    /// Every version that a case on file may be pinned to (rule 59).
    pub policies: BTreeMap<String, Policy>,
    /// Who may do what.
    pub people: Vec<Person>,
    /// The operator's own server names, lower-case.
    pub servers: Vec<String>,
    /// The zone of the desk: of its digest, of reports, of what people type. The days of a case are those of its policy.
    pub zone: Tz,
    /// The command prefixes; the first is the one docket writes.
    pub prefixes: Vec<String>,
    /// When people are reminded.
    pub reminders: Reminders,
    /// How long anybody may still deny what cannot be taken back.
    pub cooling: Span,
    /// The agencies that the operator knows: those of the file, then those that two people added.
    pub directory: Vec<Agency>,
    /// Listed people whose authority somebody has stopped.
    pub frozen: BTreeSet<Account>,
    /// By what people are recognised; `None` where whoever types is taken at their word, as in a rehearsal.
    pub identities: Option<Identities>,
}

impl Terms {
    /// The policy that new cases are opened under.
    pub fn policy(&self) -> Option<&Policy> {
        self.policies.get(&self.current)
    }

    /// The policy that a case is pinned to.
    pub fn policy_of(&self, case: &Case) -> Option<&Policy> {
        self.policies.get(&case.policy)
    }

    /// The zone in which the days of a case begin and end: that of its policy, or else the desk's.
    pub fn zone_of(&self, case: &Case) -> Tz {
        self.policy_of(case).map_or(self.zone, |policy| self.zone_under(policy))
    }

    /// The zone of the days of cases under a policy.
    pub fn zone_under(&self, policy: &Policy) -> Tz {
        policy.zone.unwrap_or(self.zone)
    }

    /// The kind of a case, under the policy that it is pinned to.
    pub fn kind_of(&self, case: &Case) -> Option<&Kind> {
        self.policy_of(case)?.kind(&case.kind)
    }

    /// Whether a case stands before all others wherever cases are listed (rule 14). A sealed one does not: where it stands
    /// would say of what kind it is.
    pub fn stands_first(&self, case: &Case) -> bool {
        case.closed.is_none() && !case.is_sealed() && self.kind_of(case).is_some_and(|kind| kind.first)
    }

    /// The listed person with this account.
    pub fn person(&self, account: &Account) -> Option<&Person> {
        self.people.iter().find(|person| person.account == *account)
    }

    /// Whether somebody is listed, in a role that meets the need, and has not been stopped.
    pub fn may(&self, account: &Account, need: Need) -> bool {
        let person = self.person(account).filter(|_| need == Need::Listed || !self.frozen.contains(account));
        let person = person.filter(|_| self.is_known_for(account, need));
        person.is_some_and(|person| match need {
            Need::Sealed => self.sees_sealed(person),
            Need::Listed | Need::Casework | Need::Approve | Need::Counsel | Need::Administer => {
                person.may(need)
            }
        })
    }

    /// Whether somebody's identity is known well enough: to approve and to administer, somebody must vouch for it.
    pub(super) fn is_known_for(&self, account: &Account, need: Need) -> bool {
        match need {
            Need::Listed | Need::Casework | Need::Sealed => true,
            Need::Approve | Need::Counsel | Need::Administer => {
                self.identities.as_ref().is_none_or(|identities| identities.is_confirmed(account))
            }
        }
    }

    /// What somebody lacks who may not do what takes this.
    pub fn lacks(&self, account: &Account, need: Need) -> Refusal {
        let has_role = self.person(account).is_some_and(|person| person.may(need));
        if self.frozen.contains(account) {
            Refusal::SenderFrozen
        } else if has_role && !self.is_known_for(account, need) {
            Refusal::Unconfirmed
        } else {
            Refusal::RoleLacks(need)
        }
    }

    /// The holiday list of this name under a policy, or else the policy's own; weekends where there is none. Of several, as in
    /// `england+target`, those days are off that all of them have, so that nothing ends later than by any one of them.
    pub fn calendar<'a>(&self, policy: &'a Policy, name: Option<&str>) -> Cow<'a, Calendar> {
        let names = name.or(policy.calendar.as_deref()).unwrap_or_default();
        let mut lists = names.split(JOINS_CALENDARS).filter_map(|name| policy.calendars.get(name));
        match (lists.next(), lists.cloned().collect::<Vec<_>>()) {
            (None, _) => Cow::Owned(Calendar::weekends()),
            (Some(only), others) if others.is_empty() => Cow::Borrowed(only),
            (Some(first), others) => {
                let zone = first.zone.filter(|zone| others.iter().all(|other| other.zone == Some(*zone)));
                Cow::Owned(Calendar { zone, also: others, ..first.clone() })
            }
        }
    }

    /// The prefix that docket writes.
    pub fn prefix(&self) -> &str {
        self.prefixes.first().map_or("!case", String::as_str)
    }
}
