//! The people and servers of a rehearsal.

use std::collections::{BTreeMap, BTreeSet};

use crate::case::{Account, AccountFault, Person, Policy, Reminders, Role, Span, Terms};
use crate::policy::{self, Mistakes};

/// The server of bare names.
pub const SERVER: &str = "try.test";

/// The people of the demo; `@eve` is not among them.
pub fn people() -> Result<Vec<Person>, AccountFault> {
    let person = |name: &str, roles: &[Role]| {
        Account::parse(&format!("@{name}:{SERVER}")).map(|account| Person { account, roles: roles.to_vec() })
    };
    Ok(vec![
        person("ada", &[Role::Admin, Role::Approver, Role::Handler])?,
        person("ben", &[Role::Handler, Role::Approver])?,
        person("cy", &[Role::Handler, Role::Approver])?,
        person("dot", &[Role::Reader])?,
    ])
}

/// Why there are no terms. A test knows that what is shipped has none of these.
#[derive(Debug, thiserror::Error)]
pub enum TermsFault {
    /// The demo's people cannot be read.
    #[error(transparent)]
    People(#[from] AccountFault),
    /// The shipped policy cannot.
    #[error(transparent)]
    Policy(#[from] Mistakes),
}

/// The terms of a rehearsal under the policy that is used where none is named.
pub fn terms() -> Result<Terms, TermsFault> {
    Ok(terms_under(policy::matrix_org()?)?)
}

/// The terms of a rehearsal under a policy.
pub fn terms_under(policy: Policy) -> Result<Terms, AccountFault> {
    Ok(Terms {
        current: policy.version.clone(),
        policies: BTreeMap::from([(policy.version.clone(), policy)]),
        people: people()?,
        servers: vec![SERVER.to_owned(), "example.org".to_owned()],
        zone: chrono_tz::Europe::London,
        prefixes: vec!["!case".to_owned()],
        reminders: Reminders::default(),
        cooling: Span::Minutes(10),
        directory: Vec::new(),
        frozen: BTreeSet::new(),
    })
}
