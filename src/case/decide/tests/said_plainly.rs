//! What a request says in its own words: whom it names without naming an account, and that the user is not to be told. Both
//! bind as they do on the line that is meant for them (rules 16, 26, 60).

use super::given::*;
use crate::case::decide::gate::{Bar, bars, may_tell};
use crate::case::*;

fn unknown(label: &str, value: &str) -> Field {
    Field { reading: Reading::Unknown { meant: None }, ..text(label, value) }
}

fn misspelt(label: &str, meant: &str, value: &str) -> Field {
    Field { reading: Reading::Unknown { meant: Some(meant.to_owned()) }, ..text(label, value) }
}

fn gagged() -> Given {
    let gag = Event::GagSet { ordered_by: "x".to_owned(), day: None, until: None, document: None };
    given("other").numbered(2).with(accounts(&["@bob:our.org"])).after(gag)
}

fn ask(other: &Given) -> Result<(), Vec<(CaseId, Bar)>> {
    let told = super::telling::told().answered();
    may_tell(&told.case, &account("@a:our.org"), [&other.case], &told.terms)
}

#[test]
fn a_bare_name_on_a_bound_case_may_be_anybodys() {
    let unresolved = Err(vec![(id(2), Bar::Unresolved)]);
    for label in [
        "further accounts",
        "username",
        "@username",
        "user name",
        "handle",
        "account name",
        "other accounts",
        "matrix user",
        "target",
        "target user",
        "suspect",
        "profile",
        "login",
        "subject",
        "benutzer",
        "nutzername",
        "compte",
        "utilisateur",
        "nickname",
        "alias",
        "person",
        "display name",
        "screen name",
        "aka",
        "also known as",
        "localpart",
        "co-conspirator",
        "accomplice",
        "members",
        "owner",
        "messages with",
        "goes by",
    ] {
        assert_eq!(ask(&gagged().with(unknown(label, "alice"))), unresolved, "{label}");
    }
    for field in [
        unknown("suspect", "alice@gmail.com"),
        unknown("suspect", "@bob:our.org, alice"),
        unknown("also", "@alice (our.org)"),
        text("context", "and @alice, too"),
        text("context", "@alice: she wrote it"),
        text("messages", "$abcdef"),
        misspelt("evnet", "event", "$abcdef"),
        unknown("subject username", "alice or bert"),
    ] {
        assert_eq!(ask(&gagged().with(field.clone())), unresolved, "{field:?}");
    }
    let mut stray = gagged();
    stray.case.stray.push("also @alice".to_owned());
    assert_eq!(ask(&stray), unresolved);
}

#[test]
fn an_account_without_its_sign_or_taken_apart_is_an_account() {
    for says in [
        "and a:our.org too",
        "he writes as a@our.org",
        "@a:our[.]org",
        "a : our.org",
        "a at our dot org",
        "see a:our.org/room",
    ] {
        for field in [text("context", says), unknown("remarks", says)] {
            assert_eq!(ask(&gagged().with(field)), Err(vec![(id(2), Bar::Gag)]), "{says}");
        }
    }
    // Nobody can say whose account it is at a machine of ours, so it may be the one at the server.
    let machine = accounts(&["@bob:our.org", "@a:matrix.our.org"]);
    let mut given = gagged();
    given.case.fields.retain(|field| field.key != "accounts");
    assert_eq!(ask(&given.with(machine)), Err(vec![(id(2), Bar::Gag)]));
}

#[test]
fn what_names_nobody_else_is_quiet() {
    for field in [
        unknown("username", "bob"),
        unknown("username", "@bob:our.org"),
        unknown("suspect", "@bob:our.org, who posted the threats"),
        unknown("user agent", "Element"),
        unknown("contact person", "DS Khan"),
        unknown("suspect", "unknown"),
        unknown("subject", "Request for records"),
        unknown("subject line", "Request for records"),
        unknown("suspect", "(bob)"),
        unknown("colour", "red"),
        misspelt("user confidental", SECRECY_KEY, "until 3 May"),
        misspelt("purpos", "purpose", "he paid $usd"),
        text("target", "alice"),
        text("context", "he paid $usd"),
        text("context", "write to roe@kent.police.uk at 10:00 @ the station, @room"),
    ] {
        assert_eq!(ask(&gagged().with(field.clone())), Ok(()), "{field:?}");
    }
    // Where nothing binds, a name binds nobody.
    let free = given("other").numbered(2).with(accounts(&["@bob:our.org"]));
    assert_eq!(ask(&free.with(unknown("suspect", "alice"))), Ok(()));
}

#[test]
fn a_bare_name_leaves_a_bound_case_by_two_or_for_its_account() {
    let bound = gagged().numbered(1).with(unknown("suspect", "alice"));
    let off = || put(text("suspect", ""));
    bound.when(set([off()])).proposed(Effect::Tell);
    bound.when(set([Edit::AddAccounts(accounts(&["@alice:our.org"])), off()])).at_once();
    let named = bound.done(set([Edit::AddAccounts(accounts(&["@alice:our.org"]))]));
    assert_eq!(ask(&named.numbered(2)), Ok(()), "whose it is, is known now");
}

fn free() -> Given {
    let case = shipped_as("preservation").with(accounts(&["@a:our.org"])).with(text("agency", "Kent Police"));
    assert!(!case.case.secret());
    case
}

fn binds(given: &Given, bar: Bar) -> bool {
    bars(&given.case, &given.terms).contains(&bar)
}

#[test]
fn a_plain_wish_binds_wherever_it_stands() {
    for field in [
        unknown("notice to user", "forbidden"),
        unknown("handling", "do not notify"),
        unknown("notes", "please do not tell the user"),
        unknown("remarks", "this is confidential"),
        unknown("privacy", "do not notify"),
        unknown("delay of notice", "90 days"),
        unknown("classification", "SECRET"),
        text("purpose", "fraud; please keep this confidential"),
        text("context", "This request is confidential; do not notify the account holder"),
        text("context", "You must not disclose the existence of this request to anybody."),
    ] {
        let case = free().with(field.clone());
        assert!(binds(&case, Bar::Secrecy), "{field:?}: {:?}", bars(&case.case, &case.terms));
        // It is taken off by two.
        case.when(set([put(Field { value: String::new(), ..field.clone() })])).proposed(Effect::Tell);
    }
    for field in [
        text("purpose", "theft of confidential documents"),
        text("context", "she did not tell her parents where she went"),
        unknown("classification", "routine"),
    ] {
        assert!(!free().with(field.clone()).case.secret(), "{field:?}");
    }
}

#[test]
fn an_order_that_is_told_plainly_binds_as_one() {
    let mut stray = free();
    stray.case.stray.push("The court has ordered that the user not be told.".to_owned());
    assert!(binds(&stray, Bar::Order));
    for field in [
        text("context", "by order of Southwark Crown Court you may not inform the customer"),
        text("purpose", "fraud. A judge has said that you must not notify the user."),
        unknown("notes", "Court order of 3 May: do not tell the user"),
        text("context", "tipping off is an offence"),
    ] {
        let case = free().with(field.clone());
        assert!(binds(&case, Bar::Order), "{field:?}: {:?}", bars(&case.case, &case.terms));
    }
    // One for records, and one that is still to come, are none.
    for words in [
        "We enclose a court order for the records. Please do not notify the user.",
        "court order to follow, please do not notify the user",
    ] {
        let case = free().with(text("context", words));
        assert!(!binds(&case, Bar::Order) && binds(&case, Bar::Secrecy), "{words}");
    }
}

#[test]
fn a_wish_that_came_to_nothing_binds_again_when_it_is_said_anew() {
    let lapsed = free().with(text("purpose", "fraud; keep this confidential")).after(Event::SecrecyLapsed);
    assert!(!lapsed.case.asks_for_secrecy());
    let again = text("context", "Do not notify the user until May.");
    lapsed.when(set([put(again)])).is(Case::asks_for_secrecy);
}
