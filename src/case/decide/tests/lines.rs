//! How lines of a request are changed.

use super::given::*;
use crate::case::Refusal as R;
use crate::case::*;

#[test]
fn a_line_takes_the_place_of_all_with_its_key() {
    given("terms")
        .with(text("reference", "A-1"))
        .with(text("reference", "B-2"))
        .when(set([put(text("reference", "B-2"))]))
        .then([Event::FieldSet { field: text("reference", "B-2") }])
        .is(|case| case.fields_of("reference").count() == 1);
}

#[test]
fn several_lines_are_changed_in_order_or_not_at_all() {
    let (good, bad) = (text("reference", "B-2"), unread("from"));
    given("information")
        .when(set([put(good.clone()), put(text("officer", "Roe"))]))
        .then([Event::FieldSet { field: good.clone() }, Event::FieldSet { field: text("officer", "Roe") }]);
    given("information")
        .when(set([put(good), put(bad)]))
        .refused(R::Unread { label: "from".to_owned(), why: "not a date".to_owned() });
}

#[test]
fn an_empty_value_takes_a_line_off() {
    given("terms")
        .with(text("reference", "A-1"))
        .when(set([put(text("reference", " "))]))
        .then([Event::FieldCleared { key: "reference".to_owned(), label: "reference".to_owned() }])
        .is(|case| case.fields_of("reference").next().is_none());
}

#[test]
fn what_stands_already_is_no_change() {
    let case = given("terms").with(text("reference", "A-1")).with(accounts(&["@a:our.org"]));
    case.when(set([put(text("reference", "A-1"))])).refused(R::NoChange);
    case.when(set([put(text("room", ""))])).refused(R::NoChange);
    case.when(set([Edit::AddAccounts(accounts(&["@a:our.org"]))])).refused(R::NoChange);
    case.when(set([])).refused(R::NothingToSet);
}

#[test]
fn accounts_come_and_go_one_by_one() {
    let case = given("terms").with(accounts(&["@a:our.org"]));
    case.when(set([Edit::AddAccounts(accounts(&["@b:our.org"]))]))
        .then([Event::FieldSet { field: accounts(&["@a:our.org", "@b:our.org"]) }]);
    case.when(set([Edit::RemoveAccounts(accounts(&["@a:our.org"]))]))
        .then([Event::FieldCleared { key: "accounts".to_owned(), label: "Accounts".to_owned() }]);
    case.when(set([Edit::RemoveAccounts(accounts(&["@b:our.org"]))]))
        .refused(R::NotOnCase(account("@b:our.org")));
}

#[test]
fn accounts_on_two_lines_become_one_line() {
    given("terms")
        .with(accounts(&["@a:our.org"]))
        .with(accounts(&["@b:our.org"]))
        .when(set([Edit::AddAccounts(accounts(&["@c:our.org"]))]))
        .then([Event::FieldSet { field: accounts(&["@a:our.org", "@b:our.org", "@c:our.org"]) }])
        .is(|case| case.fields.len() == 1);
}

#[test]
fn only_accounts_are_added_and_nothing_unread_is_lost() {
    let case = given("terms");
    case.when(set([Edit::AddAccounts(text("officer", "Roe"))]))
        .refused(R::NotAccounts { label: "officer".to_owned() });
    let why = || R::Unread { label: "Accounts".to_owned(), why: "“bob”: no account".to_owned() };
    case.when(set([put(half_read())])).refused(why());
    case.when(set([Edit::AddAccounts(half_read())])).refused(why());
    // What stands there unread would be dropped by adding to it, or by taking something else off.
    let before = || {
        let [key, piece, why] = ["accounts", "bob", "no account"].map(str::to_owned);
        R::UnreadBefore { key, piece, why }
    };
    case.with(half_read()).when(set([Edit::AddAccounts(accounts(&["@b:our.org"]))])).refused(before());
    case.with(half_read()).when(set([Edit::RemoveAccounts(accounts(&["@a:our.org"]))])).refused(before());
}

#[test]
fn the_changes_of_one_line_are_one_event_with_what_it_came_to() {
    let case = given("terms").with(accounts(&["@a:our.org"]));
    let add = |name: &str| Edit::AddAccounts(accounts(&[name]));
    case.when(set([add("@b:our.org"), put(text("room", "#x")), add("@c:our.org")])).then([
        Event::FieldSet { field: accounts(&["@a:our.org", "@b:our.org", "@c:our.org"]) },
        Event::FieldSet { field: text("room", "#x") },
    ]);
    // What comes to nothing is no change.
    let off = Edit::RemoveAccounts(accounts(&["@b:our.org"]));
    case.when(set([add("@b:our.org"), off])).refused(R::NoChange);
}

#[test]
fn one_command_makes_so_many_changes_and_no_more() {
    let edits = |count: usize| Command::Set {
        edits: (0..count).map(|n| put(text("room", &n.to_string()))).collect(),
    };
    assert_eq!(given("terms").when(edits(200)).happens().len(), 1);
    given("terms").when(edits(201)).refused(R::TooManyEdits { most: 200 });
}
