//! The people, servers and agencies of a rehearsal.

use std::collections::{BTreeMap, BTreeSet};

use crate::case::{Account, AccountFault, Agency, Person, Policy, Reminders, Role, Span, Terms};
use crate::policy::{self, Mistakes};

/// The server of bare names.
pub const SERVER: &str = "try.test";

/// The people of the demo; `@eve` is not among them.
pub fn people() -> Result<Vec<Person>, AccountFault> {
    let person = |name: &str, roles: &[Role]| {
        Account::parse(&format!("@{name}:{SERVER}")).map(|account| Person { account, roles: roles.to_vec() })
    };
    Ok(vec![
        person("ada", &[Role::Admin, Role::Approver, Role::Handler, Role::Lead])?,
        person("ben", &[Role::Handler, Role::Approver])?,
        person("cy", &[Role::Handler, Role::Approver, Role::Oncall])?,
        person("dot", &[Role::Reader])?,
        person("sam", &[Role::Safety])?,
        person("cleo", &[Role::Counsel])?,
    ])
}

/// The agencies of the demo, as `directory.example.yaml` has them. Every number is one that Ofcom keeps for fiction.
pub fn directory() -> Vec<Agency> {
    let agency = |name: &str, phones: &[&str], domain: &str, source: &str| Agency {
        name: name.to_owned(),
        phones: phones.iter().map(|phone| (*phone).to_owned()).collect(),
        domains: vec![domain.to_owned()],
        keys: Vec::new(),
        source: source.to_owned(),
        added: false,
        signed: None,
        additions: Vec::new(),
    };
    vec![
        agency(
            "Metropolitan Police Service",
            &["+44 20 7946 0100", "+44 20 7946 0101"],
            "met.police.uk",
            "their own site, read 2026-03-01",
        ),
        agency("Kent Police", &["+44 1632 960200"], "kent.police.uk", "the printed police almanac of 2026"),
        agency(
            "Police of Nowhere",
            &["+44 117 496 0000"],
            "police.example",
            "their letter of 2026-01-15, by post",
        ),
    ]
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
    let policy_zone = policy.zone.unwrap_or(chrono_tz::Europe::London);
    Ok(Terms {
        current: policy.version.clone(),
        policies: BTreeMap::from([(policy.version.clone(), policy)]),
        people: people()?,
        servers: vec![SERVER.to_owned(), "example.org".to_owned()],
        zone: policy_zone,
        prefixes: vec!["!case".to_owned()],
        reminders: Reminders::default(),
        cooling: Span::Minutes(10),
        directory: directory(),
        frozen: BTreeSet::new(),
        identities: None,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_example_is_the_directory_of_the_rehearsal() {
        let example = include_str!("../../directory.example.yaml");
        assert_eq!(policy::directory::read(example), Ok(directory()));
        let with_keys = example.replace("#keys:", "keys:");
        assert_eq!(policy::directory::read(&with_keys).map(|read| read[0].keys.len()), Ok(1));
    }

    #[test]
    fn the_guide_shows_a_directory_that_reads() {
        let guide = include_str!("../../docs/directory.md");
        let file = guide.split("```yaml\n").nth(1).and_then(|rest| rest.split("```").next()).unwrap();
        assert_eq!(policy::directory::read(file).map(|read| read.len()), Ok(2));
    }
}
