//! A notice that waits for another case (rules 27 and 60).

use std::collections::BTreeMap;

use chrono::TimeDelta;

use super::given::*;
use super::telling::told;
use crate::case::clock::clocks;
use crate::case::decide::{hushable, hushes, sweep};
use crate::case::*;

/// The clock by which users are to be told, if it runs.
fn due(given: &Given) -> Option<chrono::DateTime<chrono::Utc>> {
    let found = clocks(&given.case, &given.terms).into_iter().find(|clock| clock.name == "tell");
    found.map(|clock| clock.due)
}

fn timed(given: &Given) -> Given {
    given.under(|policy| {
        let mut rule = shipped().clocks.into_iter().find(|rule| rule.name == "tell").unwrap();
        rule.kinds = vec!["other".to_owned()];
        policy.clocks.push(rule);
    })
}

/// Another case that names these, under a gag.
fn silencing(names: &[&str]) -> BTreeMap<CaseId, Case> {
    let gag = Event::GagSet { ordered_by: "court".to_owned(), day: None, until: None, document: None };
    let other = given("other").numbered(2).with(accounts(names)).after(gag).case;
    BTreeMap::from([(other.id, other)])
}

fn told_of(given: &Given, others: &BTreeMap<CaseId, Case>, days: i64) -> Given {
    let events = hushes(&given.case, others, &given.terms);
    let mut given = given.clone();
    for event in events {
        given.case.apply(&event, &ada(), now() + TimeDelta::days(days));
    }
    given
}

#[test]
fn nobody_is_late_to_tell_whom_another_case_forbids_to_tell() {
    let answered = timed(&told()).answered();
    let first = due(&answered).unwrap();
    assert_eq!(hushable(&timed(&told()).case, &told().terms), [], "nothing is owed yet");
    let both = told_of(&answered, &silencing(&["@A:our.org", "@b:our.org:8448"]), 1);
    assert_eq!(due(&both), None);
    assert_eq!(both.case.hush(&account("@a:our.org")).unwrap().by, [id(2)].into());
    // One of two is free: for that one the clock goes on.
    let one = told_of(&answered, &silencing(&["@a:our.org"]), 1);
    assert_eq!(due(&one), Some(first));
    // When the other case allows it, it begins anew (rule 27).
    let freed = told_of(&both, &BTreeMap::new(), 10);
    assert!(due(&freed).unwrap() > first);
    assert_eq!(hushes(&freed.case, &BTreeMap::new(), &freed.terms), []);
    // Nothing is to be reminded of meanwhile.
    let late = now() + TimeDelta::days(30);
    let reminded = |given: &Given| {
        let events = sweep(&given.case, &given.around, &given.terms, late, true);
        events.iter().any(|(_, event)| event.reminders().iter().any(|reminder| reminder.clock == "tell"))
    };
    assert!(reminded(&answered) && !reminded(&both));
}

#[test]
fn a_notice_that_was_proposed_is_void_when_another_case_forbids_it() {
    let tell = Command::Notify {
        whom: Some(account("@a:our.org")),
        how: Settling::Tell { via: "mail".to_owned(), at: None },
    };
    let proposed = told().answered().done(tell);
    let void = |names: &[&str]| {
        let events = hushes(&proposed.case, &silencing(names), &proposed.terms);
        let ada = ada();
        events.iter().any(|event| event.forbidden_to().eq([&ada]))
    };
    assert!(void(&["@a:our.org"]));
    assert!(!void(&["@b:our.org"]), "that is not about this one");
    // Whoever approved it is told too, and nothing is left to be carried out.
    let approve = Command::Approve { code: proposed.code(), alone: None };
    let cooling = proposed.by("ben").done(approve);
    let events = hushes(&cooling.case, &silencing(&["@a:our.org"]), &cooling.terms);
    let (ada, ben) = (ada(), account("@ben:our.org"));
    assert!(events.iter().any(|event| event.forbidden_to().eq([&ada, &ben])), "{events:?}");
    assert_eq!(told_of(&cooling, &silencing(&["@a:our.org"]), 0).case.proposals, []);
}

#[test]
fn which_sealed_case_forbids_it_is_not_shown() {
    let mut others = silencing(&["@a:our.org"]);
    others.values_mut().for_each(|case| {
        case.flags.insert(Flag::Csea);
    });
    let hushed = told_of(&timed(&told()).answered(), &others, 1);
    let hush = hushed.case.hush(&account("@a:our.org")).unwrap();
    assert_eq!((hush.by.len(), hush.unshown.len()), (0, 1));
}

#[test]
fn to_open_a_case_again_moves_no_notice() {
    let answered = timed(&told()).answered();
    let first = due(&answered).unwrap();
    let again = answered.after(Event::Reopened { reason: None });
    assert_eq!(due(&again), Some(first), "it stays owed");
    let mut later = again.clone();
    later.case.apply(&Event::Answered { extent: Extent::None }, &ada(), now() + TimeDelta::days(6));
    assert_eq!(due(&later), Some(first));
    let off = Edit::RemoveAccounts(accounts(&["@a:our.org"]));
    again.when(Command::Set { edits: vec![off] }).proposed(Effect::Tell);
    // The users of a duplicate are told with the other case.
    let link = Event::Linked { other: id(9), how: Relation::Duplicate, outward: true, received: None };
    assert_eq!(due(&timed(&told()).after(link)), None);
}

#[test]
fn about_whom_other_cases_are_asked() {
    let a = account("@a:our.org");
    let asked = |given: &Given| hushable(&given.case, &given.terms);
    let withhold = Settling::Withhold { reason: "life".to_owned(), review: None };
    let withheld = told().done(Command::Notify { whom: None, how: withhold });
    assert_eq!(asked(&withheld), [], "what waits there is no notice");
    // Whoever was hushed is asked about until they are free, even if nothing is owed to them any more.
    let hushed = told_of(&timed(&told()).answered(), &silencing(&["@a:our.org"]), 1);
    let waived = Telling::Waived { reason: "they know".to_owned() };
    let settle = |name: &str| Event::NoticeSettled { account: account(name), what: waived.clone(), at: None };
    let settled = hushed.after(settle("@a:our.org")).after(settle("@b:our.org"));
    assert_eq!(asked(&settled), [a]);
    assert_eq!(asked(&told_of(&settled, &BTreeMap::new(), 2)), []);
    // A case forbids nothing to itself that the gate does not say of it anyway.
    let gag = Event::GagSet { ordered_by: "court".to_owned(), day: None, until: None, document: None };
    let own = hushed.after(gag);
    let mut others = silencing(&["@a:our.org"]);
    others.insert(own.case.id, own.case.clone());
    assert_eq!(hushes(&own.case, &others, &own.terms), []);
}

#[test]
fn only_a_notice_to_somebody_who_is_hushed_is_void() {
    let void = |how: Settling| {
        let proposed = timed(&told()).answered().done(Command::Notify { whom: None, how });
        let flagged = proposed.under(|policy| policy.two_people.acts.push("tag".to_owned()));
        let mut drawn = flagged.clone();
        drawn.draw = crate::case::decide::Draw([1, 11, 1, 1, 1, 1, 1, 1]);
        let both = drawn.done(Command::Tag { add: owned(&["x"]), remove: Vec::new() });
        assert_eq!(both.case.proposals.len(), 2);
        told_of(&both, &silencing(&["@a:our.org"]), 1).case.proposals.len() < 2
    };
    assert!(void(Settling::Tell { via: "mail".to_owned(), at: None }), "one of the two is enough");
    assert!(!void(Settling::Withhold { reason: "life".to_owned(), review: None }));
    assert!(!void(Settling::Waive { reason: "no such account".to_owned() }));
}
