//! A case goes on under the policy of today when an administrator says so, and not before.

use super::given::*;
use crate::case::decide::second::carry_out;
use crate::case::decide::{Around, Draw, Setting, decide};
use crate::case::*;

fn changed(change: impl FnOnce(&mut Policy)) -> Terms {
    changed_from(terms(), change)
}

fn changed_from(mut terms: Terms, change: impl FnOnce(&mut Policy)) -> Terms {
    terms.people.push(Person { account: account("@root:our.org"), roles: vec![Role::Admin] });
    let mut policy = terms.policy().unwrap().clone();
    policy.version = "ours/2".to_owned();
    change(&mut policy);
    terms.current = policy.version.clone();
    terms.policies.insert(policy.version.clone(), policy);
    terms
}

fn case(policy: &str) -> Case {
    let opened = Event::Opened {
        kind: "complaint".to_owned(),
        policy: policy.to_owned(),
        received: now(),
        fields: vec![text("context", "nobody answered")],
        stray: Vec::new(),
    };
    Case::begin(id(1), &opened, &ada(), now()).unwrap()
}

fn adopts(case: &Case, terms: &Terms, who: &str) -> Result<Vec<Event>, Refusal> {
    let actor = account(who);
    let setting = Setting { actor: &actor, terms, now: now(), draw: Draw::NONE, certain: true };
    let events = decide(case, &Around::default(), Command::Adopt { policy: None }, &setting)?;
    Ok(events.into_iter().map(|(_, event)| event).collect())
}

fn adopted() -> Event {
    Event::PolicyAdopted { policy: "ours/2".to_owned(), from: Some("matrix-org/1".to_owned()) }
}

#[test]
fn a_case_goes_on_under_the_policy_of_today() {
    let terms = changed(|_| {});
    let old = terms.policies.keys().find(|version| **version != terms.current).unwrap();
    let mut pinned = case(old);
    let adopted = adopted();
    assert_eq!(adopts(&pinned, &terms, "@root:our.org"), Ok(vec![adopted.clone()]));
    pinned.apply(&adopted, &ada(), now());
    assert_eq!(terms.policy_of(&pinned).map(|policy| policy.version.as_str()), Some("ours/2"));
}

#[test]
fn a_case_whose_policy_is_lost_goes_on_by_two() {
    // Nobody knows what bound it, so nothing that binds it now may be less.
    let terms = changed(|_| {});
    let events = adopts(&case("lost/1"), &terms, "@root:our.org").unwrap();
    let [Event::Proposed { effects, .. }] = events.as_slice() else { panic!("{events:?}") };
    assert_eq!(*effects, [Effect::Tell]);
}

/// What two people were shown is the version that they approved, and no other.
#[test]
fn a_version_that_is_not_that_of_today_is_not_adopted_in_its_place() {
    let terms = changed(|_| {});
    let actor = account("@root:our.org");
    let setting = Setting { actor: &actor, terms: &terms, now: now(), draw: Draw::NONE, certain: true };
    let shown = Command::Adopt { policy: Some("ours/1".to_owned()) };
    let decided = decide(&case("old/1"), &Around::default(), shown, &setting);
    assert_eq!(decided, Err(Refusal::PolicyMissing));
}

#[test]
fn it_takes_an_administrator() {
    let terms = changed(|_| {});
    for who in ["@ada:our.org", "@ben:our.org", "@dot:our.org"] {
        assert_eq!(adopts(&case("old/1"), &terms, who), Err(Refusal::RoleLacks(Need::Administer)), "{who}");
    }
}

#[test]
fn what_it_has_already_and_what_has_no_place_for_it_is_refused() {
    let version = || "ours/2".to_owned();
    assert_eq!(
        adopts(&case("ours/2"), &changed(|_| {}), "@root:our.org"),
        Err(Refusal::PolicyStands { version: version() })
    );
    let gone = changed(|policy| {
        policy.kinds.retain(|kind| kind.name != "complaint");
        if let Some(kind) = policy.kinds.first_mut() {
            kind.aliases.push("complaint".to_owned());
        }
    });
    let kind = "complaint".to_owned();
    assert_eq!(
        adopts(&case("old/1"), &gone, "@root:our.org"),
        Err(Refusal::KindGone { kind, version: version() })
    );
}

#[test]
fn a_shorter_time_of_what_binds_or_keeps_takes_two_before_it_has_begun() {
    let opened = |kind: &str, terms: &Terms| {
        let old = terms.policies.keys().find(|version| **version != terms.current).unwrap();
        let opened = Event::Opened {
            kind: kind.to_owned(),
            policy: old.clone(),
            received: now(),
            fields: vec![secrecy(Secrecy::Open), accounts(&["@a:our.org"])],
            stray: Vec::new(),
        };
        Case::begin(id(1), &opened, &ada(), now()).unwrap()
    };
    let adopts = |kind: &str, change: &dyn Fn(&mut Policy)| {
        let mut whole = terms();
        let current = whole.current.clone();
        whole.policies.insert(current.clone(), Policy { version: current, ..shipped() });
        let terms = changed_from(whole, |policy| change(policy));
        adopts(&opened(kind, &terms), &terms, "@root:our.org").unwrap().remove(0)
    };
    // Given a request that asks for secrecy, whose requester was told nothing yet
    let lapses = adopts("preservation", &|policy| policy.notice.serve_within = Span::Days(1));
    // When today's policy gives less time to serve an order, then it takes two (rule 16)
    assert!(matches!(&lapses, Event::Proposed { effects, .. } if *effects == [Effect::Tell]), "{lapses:?}");
    // And so where records would be held for less (rules 19, 20), or a proposal waits for another time
    for change in [
        &(|policy: &mut Policy| policy.hold.term = Term::of(Span::Days(2))) as &dyn Fn(&mut Policy),
        &|policy| policy.hold.extend = Term::of(Span::Days(2)),
        &|policy| policy.hold.times = Some(0),
    ] {
        let held = adopts("preservation", change);
        assert!(
            matches!(&held, Event::Proposed { effects, .. } if *effects == [Effect::Destroy]),
            "{held:?}"
        );
    }
    let people = adopts("preservation", &|policy| policy.two_people.valid_for = Span::Minutes(5));
    assert!(matches!(&people, Event::Proposed { effects, .. } if *effects == [Effect::Policy]), "{people:?}");
    // More time takes one, and so does what is nothing to the case
    for (kind, days) in [("preservation", 30), ("complaint", 7)] {
        let longer = adopts(kind, &|policy| {
            policy.notice.serve_within = Span::Days(days);
            policy.hold.term = Term::of(Span::Days(if kind == "complaint" { 2 } else { 400 }));
        });
        assert!(matches!(longer, Event::PolicyAdopted { .. }), "{longer:?}");
    }
}

/// A looser policy that two people are to take the case to, and the proposal of it.
fn offered() -> Given {
    let mut case = given("other").by("root");
    case.terms = changed(|policy| policy.keep = Span::Months(2));
    case.done(Command::Adopt { policy: None })
}

/// The same when docket was started again with yet another policy.
fn restarted(given: &Given) -> Given {
    let mut given = given.clone();
    let third = Policy { version: "ours/3".to_owned(), ..given.terms.policy().unwrap().clone() };
    given.terms.current = third.version.clone();
    given.terms.policies.insert(third.version.clone(), third);
    given
}

fn approve(given: &Given) -> Command {
    Command::Approve { code: given.code(), alone: None }
}

fn is_void(given: &Given) -> Event {
    Event::Voided { code: given.code(), why: Void::OtherPolicy }
}

#[test]
fn a_proposal_names_the_policy_that_it_takes_the_case_to() {
    let case = offered();
    let version = Some("ours/2".to_owned());
    assert_eq!(case.case.proposals[0].command, Command::Adopt { policy: version });
    let approved = case.by("ben").done(approve(&case));
    let cooled = approved.case.proposals[0].approved.as_ref().unwrap().ready;
    let events = carry_out(&approved.case, &approved.around, &approved.terms, cooled);
    assert!(events.contains(&(id(1), adopted())), "{events:?}");
}

/// Whoever approves has looked at one policy; another one by then is another act.
#[test]
fn a_policy_that_changed_since_is_not_adopted_by_an_old_proposal() {
    let case = offered();
    let later = restarted(&case);
    assert_eq!(later.by("ben").when(approve(&case)).happens(), [is_void(&case)]);
    // Nor one that was approved before docket started again.
    let mut approved = case.clone();
    let event = Event::Approved { code: case.code(), ready: now(), alone: None };
    approved.case.apply(&event, &account("@ben:our.org"), now());
    let later = restarted(&approved);
    let events = carry_out(&later.case, &later.around, &later.terms, now());
    assert_eq!(events, [(id(1), is_void(&case))]);
}

#[test]
fn another_policy_is_proposed_in_the_place_of_an_old_proposal() {
    let case = offered();
    case.when(Command::Adopt { policy: None })
        .refused(Restraint::ProposedAlready { code: case.code() }.into());
    let later = restarted(&case);
    let events = later.when(Command::Adopt { policy: None }).happens();
    let [voided, Event::Proposed { command, .. }] = events.as_slice() else { panic!("{events:?}") };
    assert_eq!(*voided, is_void(&case));
    assert_eq!(**command, Command::Adopt { policy: Some("ours/3".to_owned()) });
}

/// What was stored before a proposal named its policy does not say which one was meant.
#[test]
fn a_proposal_that_names_no_policy_is_void() {
    let mut case = offered();
    case.case.proposals[0].command = serde_json::from_str(r#"{"command":"adopt"}"#).unwrap();
    assert_eq!(case.case.proposals[0].command, Command::Adopt { policy: None });
    assert!(crate::case::decide::second::adopts_another(&case.case.proposals[0], &case.terms));
}

/// A promise that is counted goes unseen where another policy does not count it (rule 59).
#[test]
fn a_clock_that_is_gone_or_ends_later_takes_two() {
    let rule = |days: u32| {
        let mut rule = shipped().clocks.into_iter().find(|rule| rule.name == "age").expect("it is shipped");
        rule.name = "ours".to_owned();
        rule.kinds = Vec::new();
        rule.only = Vec::new();
        rule.calls = None;
        rule.from = Start::Received;
        rule.term = Term::of(Span::Days(days));
        rule
    };
    let mut base = terms();
    let old = base.current.clone();
    base.policies.get_mut(&old).unwrap().clocks = vec![rule(10)];
    let adoption = |clocks: Vec<ClockRule>| {
        let terms = changed_from(base.clone(), |policy| policy.clocks = clocks);
        adopts(&case(&old), &terms, "@root:our.org").unwrap()
    };
    for clocks in
        [Vec::new(), vec![rule(11)], vec![rule(11), ClockRule { name: "more".to_owned(), ..rule(5) }]]
    {
        let events = adoption(clocks);
        let [Event::Proposed { effects, .. }] = events.as_slice() else { panic!("{events:?}") };
        assert_eq!(*effects, [Effect::Policy]);
    }
    for clocks in
        [vec![rule(10)], vec![rule(9)], vec![rule(10), ClockRule { name: "more".to_owned(), ..rule(5) }]]
    {
        let events = adoption(clocks);
        assert!(matches!(events.as_slice(), [Event::PolicyAdopted { .. }]), "{events:?}");
    }
    // And so where it would stand still now, but not where it stood still before.
    let mut waiting = case(&old);
    waiting.apply(&Event::WaitBegan { from: now(), asked: Vec::new() }, &ada(), now());
    let pausing = |pauses| vec![ClockRule { pauses, ..rule(10) }];
    for (was, is, is_proposed) in [(false, true, true), (true, true, false), (false, false, false)] {
        let mut case = waiting.clone();
        case.policy = "ours/1".to_owned();
        let mut terms = changed_from(base.clone(), |policy| policy.clocks = pausing(is));
        let mut pinned = terms.policies[&old].clone();
        (pinned.version, pinned.clocks) = (case.policy.clone(), pausing(was));
        terms.policies.insert(case.policy.clone(), pinned);
        let events = adopts(&case, &terms, "@root:our.org").unwrap();
        let proposed = matches!(events.as_slice(), [Event::Proposed { .. }]);
        assert_eq!(proposed, is_proposed, "{was} {is} {events:?}");
    }
}
