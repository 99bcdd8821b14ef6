//! Two people: who proposes, who approves, when it happens, when it is void.

use chrono::{DateTime, TimeDelta, Utc};

use super::given::*;
use crate::case::decide;
use crate::case::decide::second::{carry_out, expire};
use crate::case::*;

/// A complete and verified request for records.
fn ready() -> Given {
    given("other").called().with(accounts(&["@a:our.org"]))
}

fn full() -> Command {
    Command::Answer { extent: Extent::Full }
}

fn approve(code: &str) -> Command {
    Command::Approve { code: code.to_owned(), alone: None }
}

fn carried(given: &Given, at: DateTime<Utc>) -> Vec<Event> {
    carry_out(&given.case, &given.around, &given.terms, at).into_iter().map(|(_, event)| event).collect()
}

#[test]
fn a_proposal_changes_nothing_until_somebody_else_approves() {
    let case = ready().done(full());
    assert_eq!(case.case.outcome, None);
    case.when(approve(&case.code())).refused(Refusal::RoleLacks(Need::Approve));
    case.by("dot").when(approve(&case.code())).refused(Refusal::RoleLacks(Need::Approve));
    let approved = case.by("ben").done(approve(&case.code()));
    assert_eq!(approved.case.outcome, None, "it cools first");
    let ready_at = approved.case.proposals[0].approved.as_ref().unwrap().ready;
    assert_eq!(ready_at, now() + TimeDelta::minutes(10));
    assert_eq!(carried(&approved, ready_at - TimeDelta::seconds(1)), []);
    let events = carried(&approved, ready_at);
    assert!(matches!(&events[0], Event::CarriedOut { proposer, approver, .. }
        if *proposer == ada() && *approver == account("@ben:our.org")));
    assert_eq!(events[1], Event::Answered { extent: Extent::Full });
}

#[test]
fn an_approver_does_not_approve_what_they_proposed() {
    let case = ready().by("ben").done(full());
    case.when(approve(&case.code())).refused(Restraint::OwnProposal.into());
    case.by("cy").when(approve(&case.code())).at_once();
}

#[test]
fn a_code_is_read_as_people_read_it_aloud() {
    let case = ready().done(full());
    assert_eq!(case.code(), "00000A");
    for typed in ["00000A", "00000a", "OOOOOa", "000-00a", " 00 000 A "] {
        case.by("ben").when(approve(typed)).is(|case| case.proposals[0].approved.is_some());
    }
}

#[test]
fn five_wrong_codes_of_one_person_make_it_void() {
    let mut case = ready().done(full()).by("ben");
    for _ in 0..4 {
        case.when(approve("ZZZZZZ")).then([Event::WrongCode]);
        case = case.done(approve("ZZZZZZ"));
    }
    // Another one's slips do not add to these.
    case.by("cy").when(approve("ZZZZZZ")).then([Event::WrongCode]);
    let code = case.code();
    case.when(approve("ZZZZZZ")).then([Event::WrongCode, Event::Voided { code, why: Void::WrongCodes }]);
}

#[test]
fn what_nobody_approved_in_time_is_void() {
    let case = ready().done(full());
    let code = case.code();
    let late = case.case.proposals[0].expires + TimeDelta::seconds(1);
    let void = Event::Voided { code: code.clone(), why: Void::Expired };
    assert_eq!(expire(&case.case, case.case.proposals[0].expires), []);
    assert_eq!(expire(&case.case, late), [(id(1), void.clone())]);
    Given { now: late, ..case.by("ben") }.when(approve(&code)).then([void]);
}

#[test]
fn a_change_of_the_case_makes_it_void_and_work_around_it_does_not() {
    let case = ready().done(full());
    let void = |case: &Given| Event::Voided { code: case.code(), why: Void::Changed };
    for edit in [put(text("reference", "X")), Edit::AddAccounts(accounts(&["@b:our.org"]))] {
        let events = case.when(set([edit])).happens();
        assert_eq!(events.last(), Some(&void(&case)), "{events:?}");
    }
    let approved = case.by("ben").done(approve(&case.code()));
    let events = approved.when(Command::Refuse { code: "scope".to_owned(), words: None }).happens();
    assert_eq!(events.last(), Some(&void(&approved)), "cooling, too");
    for command in [
        Command::Note { text: "x".to_owned() },
        Command::Assign { to: Some(ada()) },
        Command::Tag { add: owned(&["x"]), remove: Vec::new() },
    ] {
        let after = case.done(command);
        assert_eq!(after.case.proposals.len(), 1);
        after.by("ben").when(approve(&after.code())).at_once();
    }
}

#[test]
fn a_case_that_was_changed_behind_the_proposal_is_not_acted_on() {
    let mut case = ready().done(full());
    case.case.fields.push(text("reference", "slipped in"));
    let code = case.code();
    case.by("ben").when(approve(&code)).then([Event::Voided { code, why: Void::Changed }]);
}

#[test]
fn both_are_looked_at_again_when_it_is_done() {
    let case = ready().done(full());
    let approved = case.by("ben").done(approve(&case.code()));
    let at = approved.case.proposals[0].approved.as_ref().unwrap().ready;
    let lost = [Event::Voided { code: approved.code(), why: Void::RoleLost }];
    for gone in ["@ada:our.org", "@ben:our.org"] {
        let mut unlisted = approved.clone();
        unlisted.terms.people.retain(|person| person.account.as_str() != gone);
        assert_eq!(carried(&unlisted, at), lost, "{gone}");
        let mut frozen = approved.clone();
        frozen.terms.frozen.insert(account(gone));
        assert_eq!(carried(&frozen, at), lost, "{gone} frozen");
    }
    let mut unlisted = case.by("ben");
    unlisted.terms.people.retain(|person| person.account != ada());
    unlisted.when(approve(&case.code())).then(lost);
}

#[test]
fn anybody_at_work_denies_until_it_is_done() {
    let case = ready().done(full());
    let approved = case.by("ben").done(approve(&case.code()));
    for who in ["ada", "ben", "cy"] {
        let code = approved.code();
        approved
            .by(who)
            .when(Command::Deny { code: None, reason: None })
            .then([Event::Denied { code, reason: None }]);
    }
    case.when(Command::Deny { code: Some("ZZZZZZ".to_owned()), reason: None })
        .refused(Restraint::NoSuchCode.into());
    ready().when(Command::Deny { code: None, reason: None }).refused(Restraint::NothingPending.into());
    ready().by("ben").when(approve("ZZZZZZ")).refused(Restraint::NothingPending.into());
}

#[test]
fn the_same_is_not_proposed_twice() {
    let case = ready().done(full());
    case.when(full()).refused(Restraint::ProposedAlready { code: case.code() }.into());
}

#[test]
fn what_no_longer_holds_when_it_has_cooled_is_not_done() {
    let case = ready().done(full());
    let mut approved = case.by("ben").done(approve(&case.code()));
    let at = approved.case.proposals[0].approved.as_ref().unwrap().ready;
    // A policy that has been edited under the same name asks for more.
    approved = approved.under(|policy| {
        policy.kinds.iter_mut().find(|kind| kind.name == "other").unwrap().verify_instrument = true;
    });
    assert_eq!(carried(&approved, at), [Event::Voided { code: approved.code(), why: Void::NotAllowed }]);
}

#[test]
fn a_policy_adds_acts_and_asks_counsel() {
    let case = given("terms").under(|policy| policy.two_people.acts.push("refuse".to_owned()));
    let refuse = || Command::Refuse { code: "scope".to_owned(), words: None };
    case.when(refuse()).proposed(Effect::Policy);
    let counsel = case.under(|policy| policy.two_people.counsel.push("refuse".to_owned())).done(refuse());
    counsel.by("ben").when(approve(&counsel.code())).refused(Refusal::RoleLacks(Need::Counsel));
    let mut with_counsel = counsel.by("ben");
    let ben = with_counsel.terms.people.iter_mut().find(|person| person.account == account("@ben:our.org"));
    ben.unwrap().roles.push(Role::Counsel);
    // A refusal can be taken back, so it does not cool.
    let refused = with_counsel.done(approve(&counsel.code()));
    assert!(refused.case.outcome.is_some());
}

#[test]
fn an_attestation_is_the_proposers_and_takes_another_approver() {
    let attest = || Command::Attest { reason: "a bomb, tonight".to_owned() };
    let case = given("emergency").under(|policy| {
        policy.kinds.iter_mut().find(|kind| kind.name == "emergency").unwrap().attest = true;
    });
    given("terms").by("ben").when(attest()).refused(Restraint::NothingToAttest.into());
    let proposed = case.by("ben").done(attest());
    let attested = proposed.by("cy").done(approve(&proposed.code()));
    assert_eq!(attested.case.attested.as_ref().unwrap().by, account("@ben:our.org"));
}

#[test]
fn one_person_alone_needs_the_policy_an_emergency_and_the_call_back() {
    let alone = |code: String| Command::Approve { code, alone: Some("nobody answers".to_owned()) };
    let emergency = |policy: &mut Policy| {
        policy.two_people.break_glass = true;
        let kind = policy.kinds.iter_mut().find(|kind| kind.name == "emergency").unwrap();
        kind.attest = true;
        kind.verify_requester = false;
        kind.fields.iter_mut().for_each(|rule| rule.required = false);
    };
    let attest = || Command::Attest { reason: "a bomb, tonight".to_owned() };
    let called = Event::Verified {
        what: Verifiable::Requester,
        by: ada(),
        how: "called".to_owned(),
        entry: None,
        call: None,
        recorder: None,
    };
    let off = given("emergency").under(emergency).under(|policy| policy.two_people.break_glass = false);
    let off = off.after(called.clone()).by("ben").done(attest());
    off.when(alone(off.code())).refused(Restraint::NotAlone.into());
    let uncalled = given("emergency").under(emergency).by("ben").done(attest());
    uncalled.when(alone(uncalled.code())).refused(Restraint::NotAlone.into());
    let case = given("emergency").under(emergency).after(called).by("ben").done(attest());
    case.by("ada").when(alone(case.code())).refused(Refusal::RoleLacks(Need::Approve));
    assert!(case.done(alone(case.code())).case.attested.is_some());
    let hold = case.done(alone(case.code()));
    assert_eq!(hold.case.proposals, []);
    let other = ready().under(|policy| policy.two_people.break_glass = true).by("ben").done(full());
    other.when(alone(other.code())).refused(Restraint::NotAlone.into());
}

#[test]
fn one_person_alone_is_reviewed_by_another_before_the_case_is_closed() {
    let attest = || Command::Attest { reason: "a bomb, tonight".to_owned() };
    let called = Event::Verified {
        what: Verifiable::Requester,
        by: ada(),
        how: "called".to_owned(),
        entry: None,
        call: None,
        recorder: None,
    };
    let case = given("emergency").under(|policy| {
        policy.two_people.break_glass = true;
        let kind = policy.kinds.iter_mut().find(|kind| kind.name == "emergency").unwrap();
        kind.attest = true;
    });
    let case = case.after(called).by("ben").done(attest());
    let alone = Command::Approve { code: case.code(), alone: Some("nobody answers".to_owned()) };
    let done = case.done(alone).done(refuse("scope", None)).told_by("refuse");
    let ben = account("@ben:our.org");
    assert_eq!(done.case.alone[0].by, ben);
    // It was a Friday.
    let due: DateTime<Utc> = "2026-11-23T23:59:59Z".parse().unwrap();
    let clock =
        |given: &Given| clocks(&given.case, &given.terms).into_iter().find(|it| it.name == "break-glass");
    assert_eq!(clock(&done).unwrap().due, due);
    let owed = || Restraint::Owed(vec![decide::Duty::Review(ben.clone(), due)]);
    done.when(Command::Close).refused(owed().into());
    let review = || set([put(text(REVIEW_KEY, "ben was right"))]);
    // Nobody reviews what they did alone.
    done.done(review()).when(Command::Close).refused(owed().into());
    let reviewed = done.by("cy").done(review());
    assert_eq!(clock(&reviewed), None);
    // Nor does it matter that they had written the same: it is the other who says it now.
    let own = done.done(review());
    own.when(review()).refused(Refusal::NoChange);
    let same = own.by("cy").done(review());
    assert_eq!(clock(&same), None);
    same.when(review()).refused(Refusal::NoChange);
    same.when(Command::Close).then([Event::Closed]);
    reviewed.when(Command::Close).then([Event::Closed]);
    // What was written is taken off again.
    let unwritten = Event::FieldCleared { key: REVIEW_KEY.to_owned(), label: "Review".to_owned() };
    reviewed.after(unwritten).when(Command::Close).refused(owed().into());
}

#[test]
fn counsel_is_the_second_where_counsel_decides() {
    let case = ready().with(text("instrument", "court order 7")).with(text("jurisdiction", "GB"));
    let for_counsel = case.under(|policy| policy.instruments[1].counsel = true).done(full());
    let code = for_counsel.code();
    for_counsel.by("ben").when(approve(&code)).refused(Refusal::RoleLacks(Need::Counsel));
    let with = |given: &Given, name: &str| {
        let mut given = given.by(name);
        given.terms.people.push(Person { account: account("@eve:our.org"), roles: vec![Role::Counsel] });
        given
    };
    let approved = with(&for_counsel, "eve").done(approve(&code));
    let at = approved.case.proposals[0].approved.as_ref().unwrap().ready;
    assert!(matches!(carried(&approved, at).first(), Some(Event::CarriedOut { .. })));
    // Without the instrument counsel is nobody's second.
    let other = case.done(full());
    with(&other, "eve").when(approve(&other.code())).refused(Refusal::RoleLacks(Need::Approve));
    other.by("ben").when(approve(&other.code())).happens();
}

/// What two people were shown is all that comes of it: where terms are others by then and it would take two for more, it is void.
#[test]
fn what_would_do_more_by_now_than_was_proposed_is_void() {
    let case = ready().done(full());
    let wider = |given: &Given| given.under(|policy| policy.two_people.acts = owned(&["answer"]));
    let void = Event::Voided { code: case.code(), why: Void::Wider };
    wider(&case).by("ben").when(approve(&case.code())).then([void.clone()]);
    let approved = case.by("ben").done(approve(&case.code()));
    let cooled = approved.case.proposals[0].approved.as_ref().unwrap().ready;
    assert_eq!(carried(&wider(&approved), cooled), [void]);
    assert_eq!(carried(&approved, cooled).len(), 2);
}
