//! Anybody stops anybody; when too few are left is known, and so is the way back.

use super::given::*;
use crate::case::decide::{Shortage, resume_on_host, shortage};
use crate::case::*;

/// The people of these tests, with somebody who administers.
fn people() -> Terms {
    let mut terms = terms();
    let root = Person { account: account("@root:our.org"), roles: [Role::Admin].into_iter().collect() };
    terms.people.push(root);
    terms
}

fn frozen(names: &[&str]) -> Terms {
    let mut terms = terms();
    terms.frozen.extend(names.iter().map(|name| account(&format!("@{name}:our.org"))));
    terms
}

#[test]
fn a_desk_is_short_of_people_when_nobody_can_be_the_second_or_nobody_administers() {
    assert_eq!(shortage(&people()), None);
    assert!(shortage(&terms()).is_some_and(|left| left.admins.is_empty()), "nobody administers");
    let approvers: Vec<Account> = {
        let terms = people();
        let all = terms.people.iter().map(|person| person.account.clone());
        all.filter(|account| terms.may(account, Need::Approve)).collect()
    };
    let mut one_left = people();
    one_left.frozen.extend(approvers.iter().skip(1).cloned());
    let left = shortage(&one_left).expect("one alone approves nothing");
    assert_eq!(left.approvers, approvers[..1]);
    assert!(left.can_thaw());
    let mut nobody = people();
    nobody.frozen.extend(nobody.people.iter().map(|person| person.account.clone()));
    let left = shortage(&nobody).expect("nobody is left");
    assert!(left.approvers.is_empty() && left.admins.is_empty() && !left.can_thaw());
}

#[test]
fn whoever_has_the_host_gives_back_what_was_stopped_and_nothing_else() {
    let ben = account("@ben:our.org");
    let thawed = StandingEvent::Thawed { account: ben.clone(), on_host: true };
    assert_eq!(resume_on_host(ben.clone(), &frozen(&["ben"])), Ok(thawed));
    assert_eq!(resume_on_host(ben.clone(), &terms()), Err(Refusal::NotFrozen(ben)));
}

#[test]
fn whoever_gives_an_authority_back_needs_another_beside_them() {
    let of = |names: &[&str]| names.iter().map(|name| account(&format!("@{name}:our.org"))).collect();
    let can = |approvers: &[&str], admins: &[&str]| {
        Shortage { approvers: of(approvers), admins: of(admins) }.can_thaw()
    };
    assert!(!can(&["root"], &["root"]), "nobody is their own second");
    assert!(!can(&[], &["root"]) && !can(&["ben"], &[]));
    assert!(can(&["ben"], &["root"]) && can(&["root", "ben"], &["root"]) && can(&["ben"], &["ben", "root"]));
}

#[test]
fn what_somebody_may_hangs_on_the_role_on_nobody_having_stopped_them_and_on_who_vouches() {
    const BY_ANYBODY: [Need; 3] = [Need::Listed, Need::Casework, Need::Sealed];
    const BY_THOSE_VOUCHED_FOR: [Need; 3] = [Need::Approve, Need::Counsel, Need::Administer];
    let all = account("@all:our.org");
    let mut terms = terms();
    terms.people.push(Person { account: all.clone(), roles: Role::ALL.to_vec() });
    let may = |terms: &Terms, need: Need| terms.may(&all, need);
    for need in BY_ANYBODY.into_iter().chain(BY_THOSE_VOUCHED_FOR) {
        assert!(may(&terms, need), "{need:?}: people are taken at their word");
    }
    let word = terms.clone();
    terms.identities = Some(Identities::default());
    for need in BY_ANYBODY {
        assert!(may(&terms, need), "{need:?}");
    }
    for need in BY_THOSE_VOUCHED_FOR {
        assert!(!may(&terms, need), "{need:?}");
        assert_eq!(terms.lacks(&all, need), Refusal::Unconfirmed, "{need:?}");
        assert_eq!(word.lacks(&all, need), Refusal::RoleLacks(need), "{need:?}: it is something else");
        assert_eq!(terms.lacks(&account("@nobody:our.org"), need), Refusal::RoleLacks(need), "{need:?}");
    }
    terms.frozen.insert(all.clone());
    assert!(may(&terms, Need::Listed) && !may(&terms, Need::Casework), "they read");
    assert_eq!(terms.lacks(&all, Need::Approve), Refusal::SenderFrozen);
}
