//! Notes, files, owners, tags and links.

use super::given::*;
use crate::case::Refusal as R;
use crate::case::*;

#[test]
fn notes_are_taken_at_any_stage() {
    let note = || Command::Note { text: "hello".to_owned() };
    for case in [given("terms"), given("terms").answered(), given("terms").answered().closed()] {
        case.when(note()).then([Event::Noted { text: "hello".to_owned() }]).is(|case| case.note_count == 1);
    }
}

#[test]
fn a_file_is_there_once_in_each_role() {
    let case = given("terms").after(attached("f1", FileRole::Other));
    case.when(attach("f1", FileRole::Other)).refused(R::FileThere);
    case.when(attach("f1", FileRole::Request)).then([attached("f1", FileRole::Request)]);
    case.when(attach("f2", FileRole::Other)).then([attached("f2", FileRole::Other)]);
    let full =
        (0..500).fold(given("terms"), |case, n| case.after(attached(&format!("f{n}"), FileRole::Other)));
    full.when(attach("one more", FileRole::Other)).refused(R::TooMany { what: "files", most: 500 });
}

#[test]
fn whoever_may_work_a_case_may_own_it() {
    let case = given("terms");
    let to = |name: &str| Command::Assign { to: Some(account(name)) };
    case.when(to("@ben:our.org")).at_once();
    case.when(Command::Assign { to: None }).refused(R::NoChange);
    case.when(to("@dot:our.org")).refused(R::MayOnlyRead(account("@dot:our.org")));
    case.when(to("@eve:our.org")).refused(R::NotOfThePeople("@eve:our.org".to_owned()));
}

#[test]
fn tags_that_are_there_are_not_added_again() {
    let tag = |add: &[&str], remove: &[&str]| Command::Tag { add: owned(add), remove: owned(remove) };
    let case = given("terms").after(Event::Tagged { added: owned(&["old"]), removed: Vec::new() });
    case.when(tag(&["old", "new"], &["gone"]))
        .then([Event::Tagged { added: owned(&["new"]), removed: Vec::new() }]);
    case.when(tag(&[], &["old"]))
        .then([Event::Tagged { added: Vec::new(), removed: owned(&["old"]) }])
        .is(|case| case.tags.is_empty());
    case.when(tag(&["old"], &["gone"])).refused(R::NoChange);
    let many: Vec<String> = (0..50).map(|n| format!("t{n}")).collect();
    case.when(Command::Tag { add: many, remove: Vec::new() }).refused(R::TooMany { what: "tags", most: 50 });
}

#[test]
fn a_link_is_on_both_cases() {
    let events = given("terms").beside(given("terms").numbered(2)).when(link(2, Relation::Extends)).all();
    assert_eq!(
        events,
        [(id(1), linked(2, Relation::Extends, true)), (id(2), linked(1, Relation::Extends, false)),]
    );
}

#[test]
fn a_link_leads_to_another_case_and_one_way() {
    let case = given("terms").beside(given("terms").numbered(2));
    case.when(link(1, Relation::Extends)).refused(R::LinkToItself);
    given("terms").when(link(2, Relation::Extends)).refused(R::NoSuchCase(id(2)));
    let there = case.after(linked(2, Relation::Extends, true));
    there.when(link(2, Relation::Extends)).refused(R::NoChange);
    there.when(link(2, Relation::Appeal)).at_once();
    case.after(linked(2, Relation::Extends, false))
        .when(link(2, Relation::Extends))
        .refused(R::LinkTurnsRound(id(2)));
    let full = (10..210).fold(case, |case, n| case.after(linked(n, Relation::Referral, true)));
    full.when(link(2, Relation::Extends)).refused(R::TooMany { what: "links", most: 200 });
}

#[test]
fn a_duplicate_ends_with_its_link() {
    let case = given("terms").beside(given("terms").numbered(2));
    case.when(link(2, Relation::Duplicate))
        .is(|case| matches!(case.outcome.as_ref().unwrap().what, Ending::Duplicate { of } if of == id(2)));
    case.answered()
        .when(link(2, Relation::Duplicate))
        .refused(R::AlreadyEnded(Ending::Answered { extent: Extent::None }));
    case.answered().closed().when(link(2, Relation::Duplicate)).refused(R::AlreadyClosed);
    let again = case.after(linked(2, Relation::Duplicate, true)).after(Event::Reopened { reason: None });
    again.when(link(2, Relation::Duplicate)).at_once();
}

#[test]
fn a_duplicate_is_of_a_case_that_is_worked() {
    let second = given("terms").numbered(2).after(linked(3, Relation::Duplicate, true));
    given("terms")
        .beside(second)
        .when(link(2, Relation::Duplicate))
        .refused(R::OtherIsDuplicate { other: id(2), of: id(3) });
}

#[test]
fn what_has_duplicates_does_not_become_one() {
    let kept = given("terms").after(linked(4, Relation::Duplicate, false));
    kept.beside(given("terms").numbered(2))
        .when(link(2, Relation::Duplicate))
        .refused(R::HasDuplicates { duplicates: vec![id(4)], other: id(2) });
    kept.beside(given("terms").numbered(2)).when(link(2, Relation::Extends)).at_once();
}

#[test]
fn a_mistaken_duplicate_is_turned_round_once_it_is_open_again() {
    let kept = given("terms").after(linked(2, Relation::Duplicate, false));
    let other = given("terms").numbered(2).after(linked(1, Relation::Duplicate, true));
    kept.beside(other.clone()).when(link(2, Relation::Duplicate)).refused(R::LinkTurnsRound(id(2)));
    kept.beside(other.after(Event::Reopened { reason: None })).when(link(2, Relation::Duplicate)).at_once();
}

#[test]
fn costs_are_added_while_the_case_is_open_and_after() {
    let cost = || Command::Cost { cents: 12_000, currency: "GBP".to_owned(), what: "counsel".to_owned() };
    let added = || Event::CostAdded { cents: 12_000, currency: "GBP".to_owned(), what: "counsel".to_owned() };
    let open = given("information");
    open.when(cost()).then([added()]).is(|case| case.costs.len() == 1);
    open.answered().closed().when(cost()).then([added()]);
    let full = (0..500).fold(open, |given, _| given.after(added()));
    full.when(cost()).refused(R::TooMany { what: "costs", most: 500 });
}

/// Two cases of which users are told, with one user.
fn both_told() -> (Given, Given) {
    let case = super::telling::told();
    (case.clone(), case.numbered(2))
}

fn settled(what: Telling) -> Event {
    Event::NoticeSettled { account: account("@a:our.org"), what, at: None }
}

#[test]
fn the_users_of_a_duplicate_are_owed_by_the_other_case() {
    let (case, other) = both_told();
    let refused = |other: Given, left: &[&str]| {
        let accounts = left.iter().map(|name| account(name)).collect();
        case.beside(other)
            .when(link(2, Relation::Duplicate))
            .refused(Restraint::DuplicateTellsNobody { other: id(2), accounts }.into());
    };
    case.beside(other.clone()).when(link(2, Relation::Duplicate)).at_once();
    // A kind of which nobody is told.
    let mut silent = other.clone();
    silent.case.kind = "terms".to_owned();
    let why = Unlike::Kind { own: case.case.kind.clone(), others: "terms".to_owned() };
    let other_kind = Restraint::NoDuplicate { other: id(2), why };
    case.beside(silent).when(link(2, Relation::Duplicate)).refused(other_kind.into());
    let waived = other.after(settled(Telling::Waived { reason: "x".to_owned() }));
    refused(waived.clone(), &["@a:our.org"]);
    refused(waived.answered().closed(), &["@a:our.org", "@b:our.org"]);
    let told = other.after(settled(Telling::Told { via: "mail".to_owned() }));
    refused(told.answered().closed(), &["@b:our.org"]);
    // Two people have found that they are not told of this one: nothing is owed.
    let given_up = |name: &str| Event::NoticeSettled {
        account: account(name),
        what: Telling::Waived { reason: "x".to_owned() },
        at: None,
    };
    let free = case.after(given_up("@a:our.org")).after(given_up("@b:our.org"));
    free.beside(waived).when(link(2, Relation::Duplicate)).at_once();
}

#[test]
fn a_user_is_taken_off_a_case_with_duplicates_by_two() {
    let (_, other) = both_told();
    let off = || set([Edit::RemoveAccounts(accounts(&["@a:our.org"]))]);
    other.when(off()).at_once();
    other.after(linked(1, Relation::Duplicate, false)).when(off()).proposed(Effect::Tell);
}
