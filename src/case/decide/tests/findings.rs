//! That what two people found holds for what they looked at.

use super::given::*;
use crate::case::decide::findings::ended_by;
use crate::case::decide::gate::{Bar, forbids};
use crate::case::*;

fn gag(by: &str, until: Option<u32>) -> Command {
    Command::Gag(GagStep::Set { by: Some(by.to_owned()), until: until.map(day) })
}

/// A gagged case about Bob and a room, of which two people found that it is not about Alice.
fn found() -> Given {
    let room = text("room", "!r:our.org");
    let case = given("other").with(accounts(&["@bob:our.org"])).with(room).done(gag("the court", Some(20)));
    case.after(Event::Cleared { account: alice(), reason: "not in that room".to_owned() })
}

fn alice() -> Account {
    account("@alice:our.org")
}

fn bars(given: &Given) -> Vec<Bar> {
    forbids(&given.case, &alice(), &given.terms).into_iter().collect()
}

#[test]
fn a_finding_ends_when_something_new_that_binds_comes_on_the_case() {
    let found = found();
    assert_eq!(bars(&found), []);
    for (command, expected) in [
        (set([put(text("context", "the owner is @alice:our.org"))]), Bar::Gag),
        (set([Edit::AddAccounts(accounts(&["@alice:our.org"]))]), Bar::Gag),
        (set([put(text("messages", "see !new:our.org"))]), Bar::Unresolved),
        (set([put(text("context", "mxc://our.org/abc"))]), Bar::Unresolved),
        (set([put(text("instrument", "court order 8"))]), Bar::Unresolved),
        (set([put(secrecy(Secrecy::Open)), put(text("messages", "!z:our.org"))]), Bar::Unresolved),
        (gag("another court", None), Bar::Unresolved),
        (gag("another court", Some(20)), Bar::Unresolved),
    ] {
        let ended = Event::FindingsEnded { accounts: [alice()].into() };
        let events = found.when(command.clone()).happens();
        assert!(events.contains(&ended), "{command:?}: {events:#?}");
        assert!(bars(&found.done(command.clone())).contains(&expected), "{command:?}");
    }
}

#[test]
fn a_finding_stays_when_what_comes_was_known_or_is_about_somebody_else() {
    let named = found().with(text("context", "the neighbour is @alice:our.org"));
    for case in [found(), named] {
        for command in [
            set([put(text("purpose", "fraud"))]),
            set([put(text("purpose", "fraud, says @carl:our.org"))]),
            set([Edit::AddAccounts(accounts(&["@carl:our.org"]))]),
            set([put(text("messages", "all of !r:our.org"))]),
            gag("the court", None),
            gag("the court", Some(21)),
            Command::Note { text: "@alice:our.org called".to_owned() },
        ] {
            assert_eq!(bars(&case.done(command.clone())), [], "{command:?}");
        }
    }
}

/// A name that they saw says nothing of one that came since, on whatever line.
#[test]
fn a_finding_about_one_mention_says_nothing_of_the_next() {
    let named = found().with(text("context", "the neighbour is @alice:our.org"));
    assert_eq!(bars(&named), []);
    let again = named.done(set([put(text("purpose", "fraud together with @alice:our.org"))]));
    assert_eq!(bars(&again), [Bar::Gag]);
    // Two may find it anew.
    let step = GagStep::NotAbout { account: alice(), reason: "looked at again".to_owned() };
    again.when(Command::Gag(step)).proposed(Effect::Tell);
}

/// What is approved is decided like anything else.
#[test]
fn a_finding_ends_with_what_two_people_put_on_the_case_too() {
    let found = found();
    let room = set([put(text("room", "!new:our.org"))]);
    let waiting = Given { actor: account("@ada:our.org"), ..found.done(room) };
    let approve = Command::Approve { code: waiting.code(), alone: None };
    let events = waiting.by("ben").when(approve).happens();
    assert!(events.contains(&Event::FindingsEnded { accounts: [alice()].into() }), "{events:#?}");
}

/// The cases on which an event ends what was found, whatever brought it.
fn ends(given: &Given, on: u32, event: Event) -> Vec<CaseId> {
    let events = ended_by(&given.case, &given.around, vec![(id(on), event)], &given.terms);
    events.iter().skip(1).map(|(case, _)| *case).collect()
}

fn line(field: Field) -> Event {
    Event::FieldSet { field }
}

#[test]
fn another_order_ends_a_finding_and_the_one_that_was_there_does_not() {
    let ordered =
        found().with(text("jurisdiction", "GB")).with(text("instrument", "court order 7")).with(half_read());
    assert_eq!(ends(&ordered, 1, line(text("instrument", "court order 8"))), [id(1)]);
    assert_eq!(ends(&ordered, 1, line(text("purpose", "fraud"))), [], "nothing of that is new");
    // What binds less than it did brings nothing that they have not seen.
    let wished = found()
        .with(secrecy(Secrecy::Open))
        .after(Event::Cleared { account: alice(), reason: "looked at with that".to_owned() });
    assert_eq!(ends(&wished, 1, Event::GagOver { how: GagEnding::Ended }), []);
    let other = Event::GagSet { ordered_by: "another".to_owned(), day: None, until: None, document: None };
    let over = found().after(other).after(Event::GagOver { how: GagEnding::Ended }).case.gag;
    let back = vec![Back::Silence { gag: over, secrecy_lapsed: false }];
    assert_eq!(ends(&found(), 1, Event::TakenBack { took: Vec::new(), back }), []);
    assert_eq!(ends(&found(), 1, Event::Flagged { flag: Flag::Csea }), [id(1)]);
    assert_eq!(ends(&found(), 1, line(half_read())), [id(1)], "that may be her");
}

#[test]
fn what_comes_on_another_case_ends_what_was_found_of_that_one() {
    let names_her = || line(text("context", "the owner is @alice:our.org"));
    let both = found().beside(found().numbered(2));
    assert_eq!(ends(&both, 1, names_her()), [id(1)]);
    assert_eq!(ends(&both, 2, names_her()), [id(2)]);
}

/// Whom a name without a server means is as open as it was when they looked, until another such name comes.
#[test]
fn another_bare_name_ends_what_was_found_of_a_case_that_has_one_already() {
    let looked_into = found().with(text("context", "together with @carl"));
    assert_eq!(ends(&looked_into, 1, line(text("purpose", "fraud by @carl"))), []);
    assert_eq!(ends(&looked_into, 1, line(text("purpose", "fraud by @dora"))), [id(1)]);
}
