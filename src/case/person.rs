//! The people of the desk and what their roles allow.

use std::fmt;

use serde::{Deserialize, Serialize};

use super::Account;

/// What somebody may do. Roles add up; admin alone approves nothing.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Role {
    /// Reads.
    Reader,
    /// All casework, proposing included.
    Handler,
    /// Also approves and attests.
    Approver,
    /// As handler, for cases flagged `csea` or `underage` and no others.
    Safety,
    /// As handler, sees sealed cases.
    Counsel,
    /// Is called by reminders.
    Oncall,
    /// Is called by reminders, after oncall.
    Lead,
    /// People, trust, directory, policy.
    Admin,
}

impl Role {
    /// Every role, in the order in which they are listed.
    pub const ALL: [Role; 8] = [
        Role::Admin,
        Role::Approver,
        Role::Handler,
        Role::Safety,
        Role::Counsel,
        Role::Oncall,
        Role::Lead,
        Role::Reader,
    ];

    /// Its name in the configuration.
    pub fn name(self) -> &'static str {
        match self {
            Role::Reader => "reader",
            Role::Handler => "handler",
            Role::Approver => "approver",
            Role::Safety => "safety",
            Role::Counsel => "counsel",
            Role::Oncall => "oncall",
            Role::Lead => "lead",
            Role::Admin => "admin",
        }
    }
}

impl fmt::Display for Role {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

/// Somebody who is listed under `people:`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Person {
    /// The whole Matrix ID.
    pub account: Account,
    /// At least one role.
    pub roles: Vec<Role>,
}

/// What a command asks of the person who gives it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Need {
    /// To be listed, in whatever role.
    Listed,
    /// To do casework.
    Casework,
    /// To approve and attest.
    Approve,
    /// To decide what counsel decides.
    Counsel,
    /// To see sealed cases.
    Sealed,
    /// People, directory, policy.
    Administer,
}

impl Person {
    /// Whether one of the roles meets the need.
    pub fn may(&self, need: Need) -> bool {
        self.roles.iter().any(|role| match need {
            Need::Listed => true,
            Need::Casework => match role {
                Role::Handler | Role::Approver | Role::Counsel => true,
                // Safety works the cases that are flagged: `Terms::may_on` looks at the case.
                Role::Safety | Role::Reader | Role::Oncall | Role::Lead | Role::Admin => false,
            },
            Need::Approve => *role == Role::Approver,
            Need::Counsel => *role == Role::Counsel,
            Need::Sealed => matches!(role, Role::Safety | Role::Counsel),
            Need::Administer => *role == Role::Admin,
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn person(roles: &[Role]) -> Person {
        Person { account: Account::parse("@ada:example.org").unwrap(), roles: roles.to_vec() }
    }

    #[test]
    fn everybody_listed_reads() {
        for role in Role::ALL {
            assert!(person(&[role]).may(Need::Listed));
        }
    }

    #[test]
    fn admin_alone_works_no_case() {
        assert!(!person(&[Role::Admin]).may(Need::Casework));
        assert!(person(&[Role::Admin, Role::Handler]).may(Need::Casework));
        assert!(!person(&[Role::Reader, Role::Oncall, Role::Lead]).may(Need::Casework));
    }

    #[test]
    fn safety_alone_works_no_case_that_is_not_flagged() {
        assert!(!person(&[Role::Safety]).may(Need::Casework));
        assert!(person(&[Role::Safety, Role::Handler]).may(Need::Casework));
    }
}
