//! How a request ends, is closed and opened again.

use super::given::*;
use crate::case::Refusal as R;
use crate::case::decide::reason_is_gone;
use crate::case::letter::Obstacle;
use crate::case::*;

#[test]
fn nobody_whom_somebody_has_verified_is_told_that_nobody_could() {
    let verified = shipped_as("information").called();
    let by = account("@dot:our.org");
    let refusal = Restraint::IsVerified { code: "unverified".to_owned(), by, at: now() };
    verified.when(refuse("unverified", None)).refused(refusal.into());
    verified.when(refuse("scope", None)).at_once();
    // So it is of somebody genuine whose order the court knows nothing of.
    let tried = Event::VerificationTried {
        what: Verifiable::Instrument,
        by: ada(),
        how: "asked the court".to_owned(),
        entry: None,
        call: None,
        outcome: CallOutcome::Denied,
    };
    verified.after(tried).when(refuse("unverified", None)).at_once();
    // Denied since, or never asked, it is true.
    verified
        .after(Event::VerificationVoided { what: Verifiable::Requester })
        .when(refuse("unverified", None))
        .at_once();
    shipped_as("information").when(refuse("unverified", None)).at_once();
}

/// Rules 43 and 61: nor is a person who has shown who they are.
#[test]
fn nobody_who_has_shown_that_the_account_is_theirs_is_told_that_they_did_not() {
    let verified = Event::Verified {
        what: Verifiable::Requester,
        by: account("@dot:our.org"),
        how: "from the account itself".to_owned(),
        entry: None,
        call: None,
        recorder: None,
    };
    let asked = shipped_as("subject").with(accounts(&["@a:our.org"]));
    asked.when(refuse("identity", None)).at_once();
    let known = asked.after(verified);
    let by = account("@dot:our.org");
    let refusal = Restraint::IsVerified { code: "identity".to_owned(), by, at: now() };
    known.when(refuse("identity", None)).refused(refusal.into());
    known.when(refuse("shared", None)).at_once();
    known
        .after(Event::VerificationVoided { what: Verifiable::Requester })
        .when(refuse("identity", None))
        .at_once();
}

#[test]
fn a_request_is_answered_once() {
    for extent in [Extent::Full, Extent::Part, Extent::None] {
        let report = given("terms").with(text("clause", "3.2"));
        report.when(Command::Answer { extent }).then([Event::Answered { extent }]);
    }
    let ended = given("terms").answered();
    for command in
        [Command::Answer { extent: Extent::Full }, refuse("scope", None), Command::Withdraw { reason: None }]
    {
        ended.when(command.clone()).refused(R::AlreadyEnded(Ending::Answered { extent: Extent::None }));
        ended.closed().when(command).refused(R::AlreadyClosed);
    }
}

#[test]
fn records_that_are_asked_for_under_another_kind_are_not_given_out_by_one_person() {
    let full = || Command::Answer { extent: Extent::Full };
    given("terms").with(text("clause", "3.2")).when(full()).at_once();
    given("preservation").called().with(text("data", "connection")).when(full()).at_once();
    given("terms").with(text("data", "connection")).when(full()).refused(Restraint::NotReady.into());
}

#[test]
fn records_are_not_given_out_by_one_person() {
    for kind in ["information", "emergency", "subject", "removal", "referral", "other"] {
        for extent in [Extent::Full, Extent::Part] {
            let answer = || Command::Answer { extent };
            if kind == "other" {
                // It asks for no line, but whoever gets records is called first.
                given(kind).when(answer()).refused(Restraint::NotReady.into());
                given(kind).called().when(answer()).proposed(Effect::Disclose);
            } else {
                given(kind).when(answer()).refused(Restraint::NotReady.into());
            }
        }
        given(kind).when(Command::Answer { extent: Extent::None }).at_once();
    }
}

#[test]
fn a_refusal_has_a_reason_of_the_policy() {
    let events = given("terms").when(refuse("NOT-OURS", Some("sorry"))).happens();
    assert!(matches!(&events[..], [Event::RequestRefused { code, words: Some(words), .. }]
        if code == "not-ours" && words == "sorry"));
    let terms = terms();
    let known = terms.policy().unwrap().reasons.iter().filter(|reason| reason.is_for("terms"));
    let known: Vec<String> = known.map(|reason| reason.code.clone()).collect();
    let no_such = |known| R::NoSuchReason { typed: "because".to_owned(), known };
    given("terms").when(refuse("because", None)).refused(no_such(known.clone()));
    // A case that is pinned to another version has the reasons of that one.
    let mut pinned = given("terms");
    let mut older = pinned.terms.policy().unwrap().clone();
    older.version = "older/1".to_owned();
    older.reasons.truncate(1);
    pinned.terms.policies.insert(older.version.clone(), older);
    pinned.case.policy = "older/1".to_owned();
    pinned.when(refuse("because", None)).refused(no_such(known[..1].to_vec()));
    given("terms").when(refuse("other", None)).refused(R::ReasonNeedsWords { code: "other".to_owned() });
    given("terms").when(refuse("other", Some("satire"))).at_once();
}

#[test]
fn nobody_is_told_that_something_is_missing_while_nothing_is() {
    let lacks = given("information").under(|policy| policy.reasons[0].while_incomplete = true);
    let code = lacks.terms.policy().unwrap().reasons[0].code.clone();
    lacks.when(refuse(&code, None)).at_once();
    let whole = given("terms")
        .with(text("context", "spam"))
        .under(|policy| policy.reasons[0].while_incomplete = true);
    whole.when(refuse(&code, None)).refused(Restraint::NothingMissing { code: code.clone() }.into());
}

#[test]
fn a_reason_is_gone_once_it_is_not_so_any_more() {
    let gone = |given: &Given| {
        let policy = given.terms.policy_of(&given.case).unwrap();
        reason_is_gone(&given.case, policy.kind(&given.case.kind).unwrap(), policy)
    };
    let lacks = given("terms").under(|policy| {
        let kind = policy.kinds.iter_mut().find(|kind| kind.name == "terms").unwrap();
        kind.fields.iter_mut().for_each(|rule| rule.required = rule.key == "context");
        policy.reasons[0].while_incomplete = true;
    });
    let code = lacks.terms.policy().unwrap().reasons[0].code.clone();
    assert!(!gone(&lacks), "nobody has refused it");
    let refused = lacks.done(refuse(&code, None));
    assert!(!gone(&refused));
    // Of a reason that the policy has no more nobody can say that it is not so.
    assert!(!gone(&refused.under(|policy| policy.reasons.retain(|reason| reason.code != code))));
    let mut came = refused.done(set([put(text("context", "spam"))]));
    assert!(gone(&came));
    // Its letter goes out no more; that it had gone out before is put on record all the same.
    came.case.changed = came.now;
    let sent = |at| Command::RecordSent {
        letter: "refuse".to_owned(),
        via: Channel::Mail,
        at,
        repeat: Repeat::Unsaid,
    };
    came.when(sent(None)).refused(Obstacle::ReasonIsGone { letter: "refuse".to_owned() }.into());
    refused.when(sent(None)).at_once();
    came.now += chrono::TimeDelta::hours(2);
    came.case.changed = came.now - chrono::TimeDelta::hours(1);
    came.case.received = came.now - chrono::TimeDelta::hours(5);
    came.when(sent(Some(came.now - chrono::TimeDelta::hours(2)))).at_once();
    assert!(!gone(&came.done(Command::Reopen { reason: None })));
    // What is refused for something else stays so.
    assert!(!gone(&lacks.done(refuse("other", Some("satire"))).done(set([put(text("context", "spam"))]))));
    // So it is where somebody was verified, or an account turns out to be ours.
    assert!(gone(&shipped_as("information").done(refuse("unverified", None)).called()));
    let elsewhere = shipped_as("terms").done(refuse("not-ours", None));
    assert!(!gone(&elsewhere) && gone(&elsewhere.with(accounts(&["@a:our.org"]))));
}

#[test]
fn what_was_taken_back_is_withdrawn() {
    let reason = Some("found it".to_owned());
    given("information")
        .when(Command::Withdraw { reason: reason.clone() })
        .then([Event::Withdrawn { reason }])
        .is(|case| case.outcome.as_ref().unwrap().what == Ending::Withdrawn);
}

#[test]
fn a_case_is_closed_once_something_came_of_it() {
    given("terms").when(Command::Close).refused(R::NothingCameOfIt);
    given("terms").answered().when(Command::Close).then([Event::Closed]).is(|case| case.closed.is_some());
    given("terms").answered().closed().when(Command::Close).refused(R::AlreadyClosed);
}

#[test]
fn what_ended_can_be_opened_again() {
    let reopen = || Command::Reopen { reason: None };
    given("terms").when(reopen()).refused(R::NotEnded);
    for case in [given("terms").answered(), given("terms").answered().closed()] {
        case.when(reopen())
            .then([Event::Reopened { reason: None }])
            .is(|case| case.closed.is_none() && case.outcome.is_none());
    }
}

#[test]
fn the_lines_of_a_closed_case_stand() {
    let closed = given("information").answered().closed();
    closed.when(set([put(text("reference", "X"))])).refused(R::AlreadyClosed);
    closed.when(verify(Verifiable::Requester, None, "x")).refused(R::AlreadyClosed);
}

#[test]
fn a_case_whose_policy_is_gone_is_not_decided_about() {
    let mut case = given("information");
    case.case.policy = "gone/1".to_owned();
    for command in [
        set([put(text("reference", "X"))]),
        verify(Verifiable::Requester, None, "x"),
        Command::Answer { extent: Extent::None },
        refuse("scope", None),
    ] {
        case.when(command).refused(R::PolicyMissing);
    }
    // Who sent it, and what they have a right to, nobody can read any more.
    case.when(Command::Withdraw { reason: None }).proposed(Effect::Leave);
}

#[test]
fn a_reason_is_for_the_requests_that_it_can_be_said_of() {
    for (kind, code, others) in [
        ("subject", "no-breach", vec!["terms", "complaint", "other"]),
        ("subject", "not-a-notice", vec!["copyright", "counter-notice"]),
        ("intimate", "not-a-notice", vec!["copyright", "counter-notice"]),
        ("intimate", "no-breach", vec!["terms", "complaint", "other"]),
        ("terms", "identity", vec!["subject"]),
    ] {
        match shipped_as(kind).when(refuse(code, None)).decided {
            Err(R::Restraint(Restraint::ReasonOfOthers { kinds, known, .. })) => {
                assert_eq!(kinds, others);
                assert!(!known.iter().any(|one| one == code) && known.iter().any(|one| one == "other"));
            }
            other => panic!("{kind} {code}: {other:?}"),
        }
    }
    shipped_as("terms").when(refuse("no-breach", None)).at_once();
    under_eu("removal").when(refuse("tco-impossible", None)).at_once();
}

#[test]
fn nobody_is_told_that_an_account_of_ours_is_elsewhere() {
    // Rule 8.
    let theirs = |names: &[&str], ours: bool| {
        let mut field = accounts(names);
        if let Reading::Accounts { named, .. } = &mut field.reading {
            named.iter_mut().for_each(|subject| subject.ours = ours);
        }
        shipped_as("subject").with(field)
    };
    let elsewhere = || Command::Redirect { to: Elsewhere::Server };
    let bob = "@bob:our.org";
    let is_ours = || Restraint::IsOurs { account: account(bob) };
    theirs(&[bob], true).when(refuse("not-ours", None)).refused(is_ours().into());
    theirs(&[bob], true).when(elsewhere()).refused(is_ours().into());
    theirs(&["@bob:far.org"], false).when(refuse("not-ours", None)).at_once();
    theirs(&["@bob:far.org"], false).when(elsewhere()).at_once();
    shipped_as("subject").when(elsewhere()).at_once();
}

#[test]
fn what_nobody_could_read_may_be_an_account_of_ours() {
    // Rule 8.
    let line = |unread: bool| {
        let mut field = accounts(&["@bob:far.org"]);
        if let Reading::Accounts { named, unread: pieces } = &mut field.reading {
            named.iter_mut().for_each(|subject| subject.ours = false);
            pieces.extend(unread.then(|| ("alice".to_owned(), "no account".to_owned())));
        }
        field
    };
    let elsewhere = || Command::Redirect { to: Elsewhere::Server };
    let none_ours = |given: &Given| {
        let policy = given.terms.policy_of(&given.case).unwrap();
        checklist(&given.case, policy.kind(&given.case.kind).unwrap(), policy).none_ours
    };
    let unread = shipped_as("information").with(line(true));
    let may_be = || R::from(Restraint::MayBeOurs { piece: "alice".to_owned() });
    assert!(!none_ours(&unread));
    unread.when(refuse("not-ours", None)).refused(may_be());
    unread.when(elsewhere()).refused(may_be());
    shipped_as("subject")
        .with(half_read())
        .when(elsewhere())
        .refused(Restraint::MayBeOurs { piece: "bob".to_owned() }.into());
    // It can be refused for something else; and once it is read, nobody of ours is left.
    unread.when(refuse("scope", None)).at_once();
    let read = shipped_as("information").with(line(false));
    assert!(none_ours(&read));
    read.when(refuse("not-ours", None)).at_once();
    read.when(elsewhere()).at_once();
}
