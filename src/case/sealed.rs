//! Sealed cases (rules 55 and 66): which are, and who may see and work them. Does not know what is shown of one.

use serde::{Deserialize, Serialize};

use super::look_alike::as_seen;
use super::near::nearest;
use super::{Account, Case, Need, Person, Refusal, Terms};

/// The key by which a policy's clocks speak of flags.
pub const FLAG_KEY: &str = "flag";

/// A mark with rules of its own.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Flag {
    /// Child sexual abuse material (rule 66).
    Csea,
    /// Somebody seems to be younger than the terms allow (rule 56). It calls people and hides nothing: it neither seals the case
    /// nor keeps anybody from being told.
    Underage,
}

impl Flag {
    /// Every flag.
    pub const ALL: [Flag; 2] = [Flag::Csea, Flag::Underage];

    /// Its name, as it is typed and as a policy speaks of it.
    pub fn name(self) -> &'static str {
        match self {
            Flag::Csea => "csea",
            Flag::Underage => "underage",
        }
    }

    /// Whether it keeps a case from whoever may not see it. One that hides nothing is looked for like a tag.
    pub fn hides(self) -> bool {
        match self {
            Flag::Csea => true,
            Flag::Underage => false,
        }
    }

    /// The flag of this name. What is a flag is no tag: a tag comes and goes with anybody's word.
    pub fn named(name: &str) -> Option<Flag> {
        Flag::ALL.into_iter().find(|flag| flag.name() == name)
    }
}

/// Other words for what a flag says, each with the flag.
const OTHER_WORDS: &[(&str, Flag)] = &[
    ("csam", Flag::Csea),
    ("child", Flag::Csea),
    ("children", Flag::Csea),
    ("minor", Flag::Underage),
    ("minors", Flag::Underage),
];

/// The flag that a tag may have been meant as: by a slip, in other letters, in parts or in another word. It would do nothing of
/// what the flag does, without a word.
pub fn flag_meant(tag: &str) -> Option<Flag> {
    let letters: String = as_seen(tag).chars().filter(|c| c.is_alphanumeric()).collect();
    let other = OTHER_WORDS.iter().find(|(word, _)| *word == letters).map(|(_, flag)| *flag);
    other.or_else(|| Flag::named(nearest(&letters, Flag::ALL.map(Flag::name))?))
}

impl Case {
    /// Whether only those see it who may see sealed cases.
    pub fn is_sealed(&self) -> bool {
        self.flags.contains(&Flag::Csea)
    }
}

impl Terms {
    /// Whether somebody's roles let them see sealed cases. Where nobody is listed with the role safety or counsel, approvers
    /// take their place: a flag that nobody could set, or a case that nobody could work, would help no child. That those
    /// who are listed were stopped puts nobody in their place.
    pub(super) fn sees_sealed(&self, person: &Person) -> bool {
        let is_listed = self.people.iter().any(|person| person.may(Need::Sealed));
        person.may(if is_listed { Need::Sealed } else { Need::Approve })
    }

    /// Those who may see sealed cases now, as they are listed.
    pub fn who_see_sealed(&self) -> impl Iterator<Item = &Account> {
        self.people.iter().map(|person| &person.account).filter(|account| self.may(account, Need::Sealed))
    }

    /// Whether anybody is listed who may see sealed cases, stopped or not.
    pub fn lists_who_see_sealed(&self) -> bool {
        self.people.iter().any(|person| self.sees_sealed(person))
    }

    /// Those who could see them, had nobody stopped them.
    pub fn stopped_who_see_sealed(&self) -> impl Iterator<Item = &Account> {
        let stopped = self.people.iter().filter(|person| self.frozen.contains(&person.account));
        stopped.filter(|person| self.sees_sealed(person)).map(|person| &person.account)
    }

    /// Whether somebody may do this on some case; on which, `may_on` says.
    pub fn may_somewhere(&self, account: &Account, need: Need) -> bool {
        let on_sealed = matches!(need, Need::Casework | Need::Approve);
        self.may(account, need) || (on_sealed && self.may(account, Need::Sealed))
    }

    /// Whether somebody may do this on a case. A sealed one is worked by those who see it and by nobody else, whatever their
    /// other roles. With safety alone one works these, and beside everybody else those flagged underage, but no other.
    pub fn may_on(&self, case: &Case, account: &Account, need: Need) -> bool {
        if !case.is_sealed() {
            let is_for_safety = need == Need::Casework && case.flags.contains(&Flag::Underage);
            return self.may(account, need) || (is_for_safety && self.may(account, Need::Sealed));
        }
        self.may(account, Need::Sealed)
            && match need {
                Need::Listed | Need::Casework | Need::Sealed => true,
                Need::Approve => {
                    self.may(account, need)
                        || (!self.has_sealed_approver() && self.is_known_for(account, need))
                }
                Need::Counsel | Need::Administer => self.may(account, need),
            }
    }

    /// Whether an approver may see sealed cases. Where none may, those who may are each other's second person: two people
    /// it stays, and no act on a sealed case is out of reach for good.
    fn has_sealed_approver(&self) -> bool {
        self.people.iter().any(|person| person.may(Need::Approve) && self.sees_sealed(person))
    }
}

/// Whether somebody may do this on a case, or why not.
pub(super) fn allowed(case: &Case, actor: &Account, need: Need, terms: &Terms) -> Result<(), Refusal> {
    if terms.may_on(case, actor, need) {
        Ok(())
    } else if case.is_sealed() && !terms.may(actor, Need::Sealed) {
        Err(Refusal::Sealed(case.id))
    } else {
        Err(terms.lacks(actor, need))
    }
}

#[cfg(test)]
mod tests {
    use super::super::Role;
    use super::*;

    fn terms(people: &[(&str, &[Role])]) -> Terms {
        let person = |(name, roles): &(&str, &[Role])| Person { account: named(name), roles: roles.to_vec() };
        let mut terms = crate::rehearsal::terms().unwrap();
        terms.people = people.iter().map(person).collect();
        terms
    }

    fn named(name: &str) -> Account {
        Account::parse(&format!("@{name}:try.test")).unwrap()
    }

    fn who(terms: &Terms) -> Vec<&str> {
        terms.who_see_sealed().map(Account::localpart).collect()
    }

    #[test]
    fn approvers_see_sealed_cases_only_where_nobody_is_listed_for_it() {
        let mut terms = terms(&[("ada", &[Role::Approver]), ("ben", &[Role::Handler, Role::Admin])]);
        assert_eq!(who(&terms), ["ada"]);
        terms.people.push(Person { account: named("sam"), roles: vec![Role::Safety] });
        assert_eq!(who(&terms), ["sam"]);
        terms.people.push(Person { account: named("cleo"), roles: vec![Role::Counsel] });
        assert_eq!(who(&terms), ["sam", "cleo"]);
        // Whoever stops them does not get into the case by it.
        terms.frozen.extend([named("sam"), named("cleo")]);
        assert_eq!(who(&terms), [""; 0]);
    }
}
