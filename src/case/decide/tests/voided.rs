//! What was verified is what stands there: whoever changes what a request rests on has it verified again.

use chrono::NaiveDate;

use super::given::*;
use crate::case::*;

fn granted(day: &str) -> Field {
    let day: NaiveDate = day.parse().unwrap();
    Field { reading: Reading::Day { day }, ..text("granted", &day.to_string()) }
}

/// A request for records that was looked at in full, under the shipped policy.
fn verified(instrument: &str, more: &[Field]) -> Given {
    let mut given = given("information").called().with(text("instrument", instrument));
    for field in more {
        given = given.with(field.clone());
    }
    let what = Verifiable::Instrument;
    let how = "read".to_owned();
    let given = given.under(|policy| {
        let version = policy.version.clone();
        *policy = Policy { version, ..shipped() };
    });
    given.after(Event::Verified { what, by: ada(), how, entry: None, call: None, recorder: None })
}

fn from_kent(instrument: &str, more: &[Field]) -> Given {
    verified(instrument, &[&[text("jurisdiction", "GB")], more].concat())
}

fn voids(given: &Given, field: Field) -> bool {
    let voided = Event::VerificationVoided { what: Verifiable::Instrument };
    given.when(set([put(field)])).happens().contains(&voided)
}

#[test]
fn the_day_on_which_what_lapses_was_granted_is_part_of_what_was_verified() {
    let given = from_kent("IPA s.61 authorisation 7", &[granted("2026-11-18")]);
    for other in [text("granted", ""), granted("2026-11-19"), granted("2030-01-01")] {
        assert!(voids(&given, other.clone()), "{other:?}");
    }
    // What no clock that lapses hangs on is no part of it.
    assert!(!voids(&from_kent("court order 7", &[granted("2026-11-18")]), granted("2026-11-19")));
    assert!(!voids(&given, text("reference", "KP/2")));
}

#[test]
fn without_that_day_nothing_is_given_out() {
    let wanted = |given: &Given| {
        let policy = given.terms.policy().unwrap();
        let list = checklist(&given.case, policy.kind("information").unwrap(), policy);
        list.wanted.iter().any(|rule| rule.key == "granted")
    };
    assert!(wanted(&from_kent("IPA s.61 authorisation 7", &[])));
    assert!(!wanted(&from_kent("IPA s.61 authorisation 7", &[granted("2026-11-18")])));
    assert!(!wanted(&from_kent("court order 7", &[])));
}

#[test]
fn the_way_it_came_is_part_of_what_was_verified() {
    let warrant = verified("search warrant 7", &[text("jurisdiction", "US")]);
    for way in ["mlat", "daa"] {
        assert!(voids(&warrant, text("via", way)), "{way}");
    }
    let agreed = verified(
        "order under the UK-US Data Access Agreement",
        &[text("jurisdiction", "US"), text("via", "daa")],
    );
    assert!(voids(&agreed, text("via", "mlat")));
    assert!(voids(&agreed, text("via", "")));
}

#[test]
fn counsel_decides_what_came_by_treaty_and_what_stands_behind_it() {
    let decides = |given: &Given| {
        let policy = given.terms.policy().unwrap();
        checklist(&given.case, policy.kind("information").unwrap(), policy).for_counsel
    };
    let by =
        |instrument: &str, way: &str| verified(instrument, &[text("jurisdiction", "US"), text("via", way)]);
    assert!(decides(&by("search warrant 7", "mlat")));
    let agreement = "order under the UK-US Data Access Agreement";
    assert!(decides(&by(agreement, "daa")));
    // A policy that leaves treaties to every approver leaves them no order that is counsel's.
    let lenient = |given: &Given| {
        given.under(|policy| {
            let treaty = policy.instruments.iter_mut().filter(|one| one.name == "mlat-request");
            treaty.for_each(|one| one.counsel = false);
        })
    };
    assert!(!decides(&lenient(&by("search warrant 7", "mlat"))));
    assert!(decides(&lenient(&by(agreement, "mlat"))));
}

#[test]
fn under_another_policy_another_instrument_is_verified_again() {
    let mut given = from_kent("search warrant 7", &[]);
    given.terms.people.push(Person { account: account("@eve:our.org"), roles: vec![Role::Admin] });
    let old = given.terms.policy().unwrap().clone();
    let adopted = |change: &dyn Fn(&mut Policy)| {
        let mut given = given.by("eve");
        let mut policy = Policy { version: "new/1".to_owned(), ..old.clone() };
        change(&mut policy);
        given.terms.current.clone_from(&policy.version);
        given.terms.policies.insert(policy.version.clone(), policy);
        given.when(Command::Adopt { policy: None }).happens()
    };
    let voided =
        |events: &[Event]| events.contains(&Event::VerificationVoided { what: Verifiable::Instrument });
    assert!(!voided(&adopted(&|_| {})));
    let renamed = adopted(&|policy| {
        let warrant = policy.instruments.iter_mut().filter(|one| one.name == "search-warrant");
        warrant.for_each(|one| one.name = "warrant".to_owned());
    });
    assert!(voided(&renamed), "{renamed:?}");
}

/// A removal order that names material and no account, verified, under the pack of the Union.
fn nameless_order(more: &[Field]) -> Given {
    let order = text("instrument", "removal order 2026-99, Regulation (EU) 2021/784");
    let given = more.iter().fold(under_eu("removal").with(order), |given, field| given.with(field.clone()));
    let how = "read".to_owned();
    let what = Verifiable::Instrument;
    given.after(Event::Verified { what, by: ada(), how, entry: None, call: None, recorder: None })
}

#[test]
fn whose_the_material_is_changes_nothing_in_the_order() {
    // Rules 25, 31: it is our own finding.
    let order = nameless_order(&[]);
    let found = order.done(set([put(accounts(&["@alice:our.org"]))]));
    assert!(found.case.instrument.is_some());
    assert!(!voids(&found, accounts(&["@alice:our.org", "@bob:our.org"])));
    // What the order itself says is another matter.
    assert!(voids(&found, text("purpose", "something else")));
    // Verified with the names, it stands for those.
    let named = nameless_order(&[accounts(&["@alice:our.org"])]);
    assert!(voids(&named, accounts(&["@alice:our.org", "@bob:our.org"])));
    assert!(!nameless_order(&[half_read()]).case.verified_nameless);
    // An order for records reaches the accounts that it names, and no others.
    assert!(voids(&nameless_order(&[text("data", "account")]), accounts(&["@alice:our.org"])));
    assert!(voids(&from_kent("court order 7", &[]), accounts(&["@alice:our.org"])));
}

#[test]
fn what_a_lost_policy_said_is_compared_with_nothing() {
    let mut before = from_kent("court order 7", &[]);
    before.case.policy = "lost/1".to_owned();
    let noted = before.after(Event::Noted { text: "x".to_owned() });
    let voids =
        |after: &Given| crate::case::decide::voided::voided(&before.case, &after.case, &before.terms).count();
    assert_eq!(voids(&noted), 0);
    assert_eq!(voids(&before.after(Event::FieldSet { field: text("instrument", "court order 8") })), 1);
    // Whether it asked only whose the material is can no longer be read, so a further account is one that nobody looked at.
    let mut nameless = nameless_order(&[]);
    nameless.case.policy = "lost/1".to_owned();
    let found = nameless.after(Event::FieldSet { field: accounts(&["@alice:our.org"]) });
    let voided = crate::case::decide::voided::voided(&nameless.case, &found.case, &nameless.terms);
    assert_eq!(voided.collect::<Vec<_>>(), [Verifiable::Instrument]);
}

/// A person who asks for their own records, and has shown that the account is theirs.
fn own_data(names: &[&str]) -> Given {
    let person = shipped_as("subject").with(text("officer", "Bob U")).with(text("email", "bob@user.example"));
    person.with(text("right", "access")).with(accounts(names)).called()
}

#[test]
fn whose_account_it_is_was_shown_of_that_account_alone() {
    // Rule 43.
    let who = Event::VerificationVoided { what: Verifiable::Requester };
    let (bob, alice) = ("@bob:our.org", "@alice:our.org");
    let set_to = |given: &Given, names: &[&str]| given.when(set([put(accounts(names))])).happens();
    assert!(set_to(&own_data(&[bob]), &[alice]).contains(&who));
    assert!(set_to(&own_data(&[bob]), &[bob, alice]).contains(&who));
    assert!(set_to(&own_data(&[]), &[alice]).contains(&who));
    let added = own_data(&[bob]).when(set([Edit::AddAccounts(accounts(&[alice]))])).happens();
    assert!(added.contains(&who), "{added:?}");
    // Nothing is given out then.
    let other = own_data(&[bob]).by("ben").done(set([put(accounts(&[alice]))]));
    other.when(Command::Answer { extent: Extent::Full }).refused(Restraint::NotReady.into());
    // To ask for less is another matter, and so is an agency, whose order says for whom it asks.
    assert!(!set_to(&own_data(&[bob, alice]), &[bob]).contains(&who));
    let order = shipped_as("information").with(text("agency", "Kent Police")).with(accounts(&[bob])).called();
    assert!(!set_to(&order, &[bob, alice]).contains(&who));
}

/// Behind material that somebody reports stands somebody else, and whose records are asked for is the person who asks (rule 43).
#[test]
fn who_reported_material_is_not_shown_to_be_the_user_whose_records_they_ask_for_then() {
    let who = Event::VerificationVoided { what: Verifiable::Requester };
    let report = own_data(&["@bob:our.org"]).under(|policy| {
        for kind in &mut policy.kinds {
            (kind.asks_whose, kind.discloses, kind.discloses_if_asked) = (true, false, true);
        }
    });
    let asks = report.when(set([put(text("data", "account"))])).happens();
    assert!(asks.contains(&who), "{asks:?}");
    // Under a policy that is lost everybody may be the user, so a further account is looked at again.
    let mut lost = own_data(&["@bob:our.org"]);
    lost.case.policy = "lost/1".to_owned();
    let further = lost.after(Event::FieldSet { field: accounts(&["@bob:our.org", "@alice:our.org"]) });
    let voided = crate::case::decide::voided::voided(&lost.case, &further.case, &lost.terms);
    assert_eq!(voided.collect::<Vec<_>>(), [Verifiable::Requester]);
}

/// Nor was it shown of an identifier or a room that is named only later: whoever erases it would erase somebody else’s.
#[test]
fn nor_was_it_shown_of_an_identifier_that_is_named_later() {
    // Rules 43, 49.
    let who = Event::VerificationVoided { what: Verifiable::Requester };
    let shown = own_data(&["@bob:our.org"]).with(text("identifiers", "bob@mail.example, +44 1632 960500"));
    let voids = |given: &Given, field: Field| given.when(set([put(field)])).happens().contains(&who);
    assert!(voids(&shown, text("identifiers", "alice@mail.example")));
    assert!(voids(&shown, text("identifiers", "bob@mail.example, alice@mail.example")));
    assert!(voids(&own_data(&["@bob:our.org"]), text("identifiers", "bob@mail.example")));
    assert!(voids(&shown, text("room", "!choir:our.org")));
    let unknown = Field { reading: Reading::Unknown { meant: None }, ..text("rooms", "!choir:our.org") };
    assert!(voids(&shown, unknown));
    // Less of it, the same in other letters, and what names nothing of the kind.
    assert!(!voids(&shown, text("identifiers", "bob@mail.example")));
    assert!(!voids(&shown, text("identifiers", "+44 1632 960500; Bob@mail.example")));
    assert!(!voids(&shown, text("identifiers", "")));
    assert!(!voids(&shown, text("context", "as said in my letter of Monday")));
    // An agency proved nothing of the kind.
    let order = shipped_as("information").with(text("agency", "Kent Police")).called();
    assert!(!voids(&order, text("identifiers", "alice@mail.example")));
}

#[test]
fn another_place_for_the_answer_voids_who_was_verified() {
    // Given a requester who was called, and whose request says where answers go
    let given = from_kent("court order 7", &[text("address", "1 High Street, Maidstone")]);
    let requester = Event::VerificationVoided { what: Verifiable::Requester };
    let voids = |field: Field| given.when(set([put(field)])).happens().contains(&requester);
    // When that is another place, on whatever line or in a sentence, then they are verified again (rules 7, 61)
    assert!(voids(text("address", "PO Box 1, Evil")));
    assert!(voids(text("address", "")));
    assert!(voids(Field { label: "Send answers to".to_owned(), ..text("send answers to", "the porter") }));
    assert!(voids(text("context", "please send the data to roe@evil.example")));
    // What says nothing of it voids nothing
    assert!(!voids(text("context", "the suspect wrote to roe@evil.example")));
    assert!(!voids(text("reference", "KP/2")));
}
