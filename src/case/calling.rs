//! Whom a clock of the policy calls by role, and who says what ends it (rule 56). Does not know when people are reminded, nor what
//! is refused to others: `decide::called` says that.

use super::{Account, Case, Flag, Need, Person, Role, Terms};

/// The role that a flag calls, where it calls one: its people look into it, and they alone take the flag off.
pub fn called_by(flag: Flag) -> Option<Role> {
    match flag {
        // Who works a sealed case, they see for themselves.
        Flag::Csea => None,
        Flag::Underage => Some(Role::Safety),
    }
}

impl Terms {
    /// Whether somebody may do what a role is called for: those of the role, counsel beside safety as on sealed cases, and approvers
    /// where nobody is listed for it. That those who are listed were stopped puts nobody in their place.
    pub fn may_answer(&self, account: &Account, role: Role) -> bool {
        let person = self.person(account).filter(|_| !self.frozen.contains(account));
        person.is_some_and(|person| self.answers(person, role))
    }

    /// The same of somebody who may have been stopped.
    fn answers(&self, person: &Person, role: Role) -> bool {
        match role {
            Role::Safety => self.sees_sealed(person),
            Role::Reader
            | Role::Handler
            | Role::Approver
            | Role::Counsel
            | Role::Oncall
            | Role::Lead
            | Role::Admin => {
                let is_listed = self.people.iter().any(|person| person.roles.contains(&role));
                if is_listed { person.roles.contains(&role) } else { person.may(Need::Approve) }
            }
        }
    }

    /// Those who could, had nobody stopped them.
    pub fn stopped_who_answer(&self, role: Role) -> impl Iterator<Item = &Account> {
        let stopped = self.people.iter().filter(|person| self.frozen.contains(&person.account));
        stopped.filter(move |person| self.answers(person, role)).map(|person| &person.account)
    }

    /// Those who may, as they are listed.
    pub fn who_may_answer(&self, role: Role) -> impl Iterator<Item = &Account> {
        self.people.iter().map(|person| &person.account).filter(move |account| self.may_answer(account, role))
    }

    /// Whom a case calls by a role: those who have it themselves, or else whoever may do it for them. Of a sealed case nobody who
    /// may not see it.
    pub fn called(&self, case: &Case, role: Role) -> Vec<Account> {
        let may = |person: &&Person| {
            self.may_answer(&person.account, role) && self.may_on(case, &person.account, Need::Listed)
        };
        let (own, others): (Vec<&Person>, Vec<&Person>) =
            self.people.iter().filter(may).partition(|person| person.roles.contains(&role));
        let called = if own.is_empty() { others } else { own };
        called.into_iter().map(|person| person.account.clone()).collect()
    }

    /// The role that a clock calls under the policy of a case.
    pub fn role_called(&self, case: &Case, clock: &str) -> Option<Role> {
        self.policy_of(case)?.clocks.iter().find(|rule| rule.name == clock)?.calls
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::case::given::terms_under;

    fn account(name: &str) -> Account {
        Account::parse(&format!("@{name}:our.org")).unwrap()
    }

    fn terms(people: &[(&str, &[Role])]) -> Terms {
        let person =
            |(name, roles): &(&str, &[Role])| Person { account: account(name), roles: roles.to_vec() };
        Terms {
            people: people.iter().map(person).collect(),
            ..terms_under(crate::policy::matrix_org().unwrap())
        }
    }

    fn who(terms: &Terms, role: Role) -> Vec<&str> {
        terms.who_may_answer(role).map(Account::localpart).collect()
    }

    #[test]
    fn those_of_the_role_answer_and_approvers_where_nobody_has_it() {
        let mut terms = terms(&[("ada", &[Role::Approver]), ("ben", &[Role::Handler, Role::Lead])]);
        assert_eq!(who(&terms, Role::Safety), ["ada"]);
        assert_eq!(who(&terms, Role::Counsel), ["ada"]);
        terms.people.push(Person { account: account("cleo"), roles: vec![Role::Counsel] });
        assert_eq!(who(&terms, Role::Safety), ["cleo"]);
        assert_eq!(who(&terms, Role::Counsel), ["cleo"]);
        terms.people.push(Person { account: account("sam"), roles: vec![Role::Safety] });
        assert_eq!(who(&terms, Role::Safety), ["cleo", "sam"]);
        assert_eq!(who(&terms, Role::Counsel), ["cleo"]);
        // Whoever stops them takes nobody's place.
        terms.frozen.extend([account("cleo"), account("sam")]);
        assert_eq!(who(&terms, Role::Safety), [""; 0]);
        assert_eq!(who(&terms, Role::Counsel), [""; 0]);
        let stopped = |terms: &Terms| -> Vec<String> {
            terms.stopped_who_answer(Role::Safety).map(|account| account.localpart().to_owned()).collect()
        };
        assert_eq!(stopped(&terms), ["cleo", "sam"]);
        terms.frozen = [account("ada"), account("sam")].into();
        assert_eq!(stopped(&terms), ["sam"]);
    }
}
