//! What one user gets to read of a request (rule 25): the lines that the policy names, and nobody else in them.

use super::given::*;
use crate::case::letter::to_user;
use crate::case::*;

fn copy(given: &Given, user: &str) -> Vec<String> {
    let user = account(user);
    let notice = to_user(&given.case, &user, &given.terms, given.now).unwrap();
    notice.copy.lines().iter().map(|(label, value)| format!("{label}: {value}")).collect()
}

#[test]
fn nobody_else_stands_in_the_copy() {
    let case = given("preservation")
        .with(accounts(&["@alice:our.org", "@bob:our.org"]))
        .with(text("purpose", "fraud together with @carl:our.org"))
        .with(text("reference", "matrix:u/bob:our.org/7"))
        .with(text("context", "＠bob:our.org, https://matrix.to/#/%40bob%3Aour.org and @alice:our.org"));
    assert_eq!(
        copy(&case, "@alice:our.org"),
        [
            "Accounts: @alice:our.org",
            "purpose: fraud together with [another account]",
            "reference: [another account]/7",
            "context: [another account] [another account] and @alice:our.org",
        ]
    );
    assert_eq!(copy(&case, "@bob:our.org")[0], "Accounts: @bob:our.org");
}

/// Two accounts that read the same are two people, and nobody can say which of them a text means.
#[test]
fn who_cannot_be_told_from_another_is_blacked_out() {
    let case = given("preservation")
        .with(accounts(&["@alice:our.org", "@Alice:our.org"]))
        .with(text("purpose", "fraud by @alice:our.org"));
    assert_eq!(
        copy(&case, "@alice:our.org"),
        ["Accounts: @alice:our.org", "purpose: fraud by [another account]"]
    );
}

#[test]
fn only_what_the_policy_names_is_copied() {
    let case = given("emergency")
        .with(accounts(&["@alice:our.org"]))
        .with(text("agency", "Kent Police"))
        .with(text("person", "Bo"))
        .with(text("nature", "Bo is to be shot"))
        .with(text("context", "his mother called"))
        .with(text("email", "roe@kent.police.uk"))
        .with(secrecy(Secrecy::Open))
        .with(Field { reading: Reading::Unknown { meant: None }, ..text("victim", "Bo") });
    assert_eq!(copy(&case, "@alice:our.org"), ["Accounts: @alice:our.org", "agency: Kent Police"]);
    let none = case.under(|policy| policy.kinds.iter_mut().for_each(|kind| kind.copy.clear()));
    assert_eq!(copy(&none, "@alice:our.org"), Vec::<String>::new());
}

/// Every kind whose users are told has a copy, and none that shows how to reach the requester or who is in danger.
#[test]
fn the_shipped_kinds_copy_what_was_asked_and_by_whom() {
    let policy = shipped();
    for kind in policy.kinds.iter().filter(|kind| kind.notify) {
        assert!(kind.copies("accounts") || kind.field("accounts").is_none(), "{}", kind.name);
        for kept in ["email", "phone", "address", "signature", "confidential", "person", "nature", "review"] {
            assert!(!kind.copies(kept), "{}: {kept}", kind.name);
        }
    }
}
