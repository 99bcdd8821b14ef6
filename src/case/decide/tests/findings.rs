//! That what two people found holds for what they looked at.

use super::given::*;
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
