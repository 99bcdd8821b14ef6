//! The flag `underage` (rule 56): who sets it, whom it calls, who says what ends that; and that it hides nothing.

use chrono::TimeDelta;

use super::given::*;
use super::telling::told;
use crate::case::decide::gate::{bars, may_tell};
use crate::case::decide::second::carry_out;
use crate::case::decide::{Deed, Draw, Setting, apart, calling_promise, promises};
use crate::case::*;

const FOUND: &str = "2026-11-20, account closed";

fn tag(add: &[&str], remove: &[&str]) -> Command {
    Command::Tag { add: owned(add), remove: owned(remove) }
}

fn flagged() -> Event {
    Event::Flagged { flag: Flag::Underage }
}

fn off() -> Event {
    Event::Unflagged { flag: Flag::Underage }
}

fn checked(value: &str) -> Command {
    set([put(text("age checked", value))])
}

fn flag_of_others() -> Refusal {
    Restraint::FlagOfOthers { flag: Flag::Underage, role: Role::Safety }.into()
}

fn clock_of_others() -> Refusal {
    let (title, line) = ("age to be looked into".to_owned(), Some("age checked".to_owned()));
    Restraint::ClockOfOthers { title, line, role: Role::Safety }.into()
}

fn said_by_them() -> Refusal {
    let (title, line) = ("age to be looked into".to_owned(), "age checked".to_owned());
    Restraint::SaidByThem { title, line, role: Role::Safety }.into()
}

/// A desk under the shipped policy, where Sam looks after safety and does nothing else, and Cleo is counsel.
fn desk(kind: &str) -> Given {
    let mut given = shipped_as(kind);
    let person = |name: &str, role| Person { account: account(name), roles: vec![role] };
    given.terms.people.push(person("@sam:our.org", Role::Safety));
    given.terms.people.push(person("@cleo:our.org", Role::Counsel));
    given
}

/// When the clock falls due, if it runs.
fn due(given: &Given) -> Option<String> {
    let clock = clocks(&given.case, &given.terms).into_iter().find(|clock| clock.name == "age")?;
    Some(clock.due.date_naive().to_string())
}

#[test]
fn any_caseworker_sets_it_on_a_case_of_any_kind() {
    for kind in shipped().kinds {
        for who in ["ada", "ben", "sam", "cleo"] {
            let case = desk(&kind.name);
            case.by(who).when(tag(&["underage"], &[])).then([flagged()]);
            // The 20th is a Friday.
            assert_eq!(due(&case.after(flagged())).as_deref(), Some("2026-11-23"), "{}", kind.name);
        }
    }
    desk("terms").by("dot").when(tag(&["underage"], &[])).refused(Refusal::RoleLacks(Need::Casework));
    desk("terms").after(flagged()).when(tag(&["underage"], &[])).refused(Refusal::NoChange);
}

#[test]
fn it_seals_nothing_bars_nothing_and_frees_nothing() {
    let user = account("@a:our.org");
    let case = told();
    let on = case.after(flagged());
    assert!(!on.case.is_sealed());
    assert_eq!(bars(&on.case, &on.terms), bars(&case.case, &case.terms));
    assert_eq!(may_tell(&on.case, &user, [], &on.terms), Ok(()));
    assert_eq!(on.after(off()).case.freed, case.case.freed);
    // Nor does it stop a file, or keep what the kind does not.
    for role in [FileRole::Request, FileRole::Other] {
        on.when(attach("x", role)).happens();
    }
    let start = Command::Hold(HoldStep::Start { term: None, from: None });
    desk("terms").after(flagged()).when(start).refused(Restraint::KeepsNothing.into());
}

#[test]
fn with_safety_alone_one_works_a_case_while_it_is_flagged() {
    let note = || Command::Note { text: "x".to_owned() };
    let case = desk("terms").by("sam");
    case.when(note()).refused(Refusal::RoleLacks(Need::Casework));
    let on = case.after(flagged());
    on.when(note()).happens();
    on.by("ada").when(note()).happens();
    on.by("ada").when(Command::Assign { to: Some(account("@sam:our.org")) }).happens();
    on.by("dot").when(note()).refused(Refusal::RoleLacks(Need::Casework));
    on.when(Command::Attest { reason: "x".to_owned() }).refused(Refusal::RoleLacks(Need::Approve));
    on.after(off()).when(note()).refused(Refusal::RoleLacks(Need::Casework));
}

#[test]
fn they_say_what_was_found_and_nobody_else() {
    let on = desk("terms").after(flagged());
    for who in ["ada", "ben"] {
        on.by(who).when(checked(FOUND)).refused(clock_of_others());
    }
    for who in ["sam", "cleo"] {
        assert_eq!(due(&on.by(who).done(checked(FOUND))), None);
    }
    // Nor does anybody else rewrite it, or take it away.
    let found = on.by("sam").done(checked(FOUND));
    found.by("ada").when(checked("2026-11-20, 17 by a passport")).refused(said_by_them());
    found.by("ada").when(checked("")).refused(said_by_them());
    found.by("sam").when(checked("2026-11-20, 17 by a passport")).happens();
    // Everything else is anybody's, as ever.
    found.by("ada").when(set([put(text("clause", "4.1"))])).happens();
    on.by("ada").when(set([put(text("clause", "4.1"))])).happens();
    // What is not asked is not answered.
    let early = Restraint::BeforeItsTime { label: "Age checked".to_owned(), start: Start::Flagged };
    desk("terms").by("cleo").when(checked(FOUND)).refused(early.into());
}

#[test]
fn where_nobody_has_the_role_an_approver_does() {
    let on = shipped_as("terms").after(flagged());
    on.by("ada").when(checked(FOUND)).refused(clock_of_others());
    on.by("ben").when(checked(FOUND)).happens();
    on.by("ada").when(tag(&[], &["underage"])).refused(flag_of_others());
    on.by("ben").when(tag(&[], &["underage"])).then([off()]);
}

#[test]
fn it_comes_off_by_their_word_alone_whatever_the_verb() {
    let on = desk("terms").after(flagged());
    on.when(tag(&[], &["underage"])).refused(flag_of_others());
    on.when(tag(&["x"], &["underage"])).refused(flag_of_others());
    on.by("sam").when(tag(&[], &["underage"])).then([off()]);
    let returns = vec![Return {
        case: id(1),
        took: vec![flagged()],
        back: vec![Back::Flags { flags: [].into(), since: [].into() }],
    }];
    let undo = Command::Undo { returns };
    on.when(undo.clone()).refused(flag_of_others());
    on.by("sam").when(undo).happens();
}

#[test]
fn what_becomes_of_the_request_ends_no_call() {
    let on = desk("terms").after(flagged());
    for event in [
        Event::Withdrawn { reason: None },
        Event::Answered { extent: Extent::None },
        linked(2, Relation::Duplicate, true),
        Event::Closed,
    ] {
        assert!(due(&on.after(event.clone())).is_some(), "{event:?}");
    }
    // It is settled before the case is closed, or those who were called say that it never will be.
    let ended = on.done(Command::Withdraw { reason: None }).told_by("none");
    let open = promises(&ended.case, &ended.terms);
    assert!(open.iter().any(|promise| promise.by == Deed::Fill("age checked".to_owned())), "{open:?}");
    assert!(matches!(ended.when(Command::Close).decided, Err(Refusal::Restraint(Restraint::Owed(_)))));
    let undone = || Command::CloseUndone { reason: "they are gone".to_owned() };
    ended.when(undone()).refused(clock_of_others());
    ended.by("sam").when(undone()).proposed(Effect::Leave);
    // A flag that is set on the closed case since is another call.
    let left = Event::LeftUndone { clocks: owned(&["age"]), reason: "they are gone".to_owned() };
    let left = ended.after(left).after(Event::Closed);
    assert_eq!(due(&left), None);
    let again = left.by("sam").done(tag(&[], &["underage"])).at(now() + TimeDelta::days(7));
    assert_eq!(due(&again.done(tag(&["underage"], &[]))).as_deref(), Some("2026-11-30"));
    let settled = ended.by("cleo").done(checked(FOUND));
    settled.by("ada").when(Command::Close).happens();
}

#[test]
fn it_is_named_next_while_the_request_is_open() {
    let on = desk("terms").after(flagged());
    let promise = apart(&on.case, &on.terms, now()).expect("somebody was called");
    assert_eq!((promise.by, promise.clock.calls), (Deed::Fill("age checked".to_owned()), Some(Role::Safety)));
}

#[test]
fn what_somebody_is_called_for_is_found_among_all_that_is_promised() {
    let asked = desk("complaint").after(Event::Answered { extent: Extent::Full });
    assert_eq!(calling_promise(&asked.case, &asked.terms), None, "nobody was called");
    // An erasure that is owed calls nobody; the flag does.
    let erasure =
        desk("subject").with(text("right", "erasure")).after(Event::Answered { extent: Extent::Full });
    assert!(!promises(&erasure.case, &erasure.terms).is_empty());
    assert_eq!(calling_promise(&erasure.case, &erasure.terms), None);
    let on = erasure.after(flagged());
    let found = calling_promise(&on.case, &on.terms).map(|promise| promise.by);
    assert_eq!(found, Some(Deed::Fill("age checked".to_owned())));
}

#[test]
fn a_flag_that_is_set_again_counts_anew() {
    let later = |given: &Given, days| given.at(now() + TimeDelta::days(days));
    let found = desk("terms").by("sam").done(tag(&["underage"], &[])).done(checked(FOUND));
    let off = found.done(tag(&[], &["underage"]));
    assert_eq!(due(&off), None);
    // On the same day too, and what was found the first time is no word on the second.
    let cleared = Event::FieldCleared { key: "age checked".to_owned(), label: "age checked".to_owned() };
    off.by("ada").when(tag(&["underage"], &[])).then([flagged(), cleared]);
    assert_eq!(due(&off.done(tag(&["underage"], &[]))).as_deref(), Some("2026-11-23"));
    assert_eq!(due(&later(&off, 7).done(tag(&["underage"], &[]))).as_deref(), Some("2026-11-30"));
}

#[test]
fn a_case_from_before_counts_from_the_receipt() {
    let mut on = desk("terms").after(flagged());
    on.case.flagged.clear();
    on.case.received = now() - TimeDelta::days(7);
    assert_eq!(due(&on).as_deref(), Some("2026-11-16"));
}

#[test]
fn another_policy_takes_the_call_away_only_with_their_word() {
    let mut on = desk("terms").after(flagged());
    on.terms
        .people
        .push(Person { account: account("@root:our.org"), roles: vec![Role::Admin, Role::Handler] });
    let mut bare = Policy { version: "bare/1".to_owned(), ..shipped() };
    bare.clocks.retain(|clock| clock.name != "age");
    on.terms.policies.insert(bare.version.clone(), bare);
    on.terms.current = "bare/1".to_owned();
    let adopt = || Command::Adopt { policy: None };
    on.by("root").when(adopt()).refused(clock_of_others());
    on.by("sam").done(checked(FOUND)).by("root").when(adopt()).happens();
    // Under a policy without the clock the flag is theirs all the same.
    let bare = desk("terms").under(|policy| policy.clocks.retain(|clock| clock.name != "age"));
    bare.done(tag(&["underage"], &[])).when(tag(&[], &["underage"])).refused(flag_of_others());
}

#[test]
fn a_sealed_case_is_worked_as_a_sealed_one() {
    let both = desk("terms").after(Event::Flagged { flag: Flag::Csea }).after(flagged());
    let note = Command::Note { text: "x".to_owned() };
    both.by("ada").when(note.clone()).refused(Refusal::Sealed(id(1)));
    both.by("sam").when(note).happens();
    // It comes off without a second person; the other one takes two, as ever.
    both.by("sam").when(tag(&[], &["underage"])).then([off()]);
    both.by("sam").when(tag(&[], &["underage", "csea"])).proposed(Effect::Tell);
}

#[test]
fn a_second_person_need_not_be_one_of_them() {
    let on = desk("terms").after(flagged()).under(|policy| policy.two_people.acts.push("tag".to_owned()));
    let proposed = on.by("sam").done(tag(&[], &["underage"]));
    let approve = Command::Approve { code: proposed.code(), alone: None };
    assert!(proposed.by("ben").when(approve).happens().contains(&off()));
    // Whoever proposed it is one of them to the end, whatever else they may do.
    let mut lost = proposed.by("ben");
    let sam = account("@sam:our.org");
    let roles = lost.terms.people.iter_mut().filter(|person| person.account == sam);
    roles.for_each(|person| person.roles = vec![Role::Handler]);
    let void = Event::Voided { code: proposed.code(), why: Void::RoleLost };
    lost.when(Command::Approve { code: proposed.code(), alone: None }).then([void]);
    // What waited when the flag was set is void, so nobody ends the call by what was proposed before.
    let waits = desk("terms").under(|policy| policy.two_people.acts.push("withdraw".to_owned()));
    let waits = waits.done(Command::Withdraw { reason: None });
    let void = Event::Voided { code: waits.code(), why: Void::Changed };
    waits.when(tag(&["underage"], &[])).then([flagged(), void]);
    // But the first one is.
    on.when(tag(&[], &["underage"])).refused(flag_of_others());
}

#[test]
fn it_can_be_set_where_nobody_would_be_called() {
    let mut nobody = shipped_as("terms");
    nobody.terms.people.retain(|person| person.roles == [Role::Handler]);
    nobody.when(tag(&["underage"], &[])).then([flagged()]);
    // What a request says of itself sets no flag, nor does a line of it answer for anybody.
    let given = desk("terms");
    let setting = Setting { actor: &ada(), terms: &given.terms, now: now(), certain: true, draw: Draw::NONE };
    let open = |field| super::super::open(id(1), opening("terms", vec![field]), &setting);
    let opened = open(text("flag", "underage")).unwrap();
    assert!(!opened.iter().any(|(_, event)| matches!(event, Event::Flagged { .. })), "{opened:?}");
    assert!(open(text("age checked", FOUND)).is_err());
}

/// What ends a call beside its line is theirs to bring about too, and each clock that calls is asked about by itself.
#[test]
fn of_two_clocks_that_call_each_is_ended_by_those_whom_it_calls() {
    let until = |stops: Vec<Stop>| {
        let line = Stop::Line("age checked".to_owned());
        let stops: Vec<Stop> = std::iter::once(line).chain(stops).collect();
        desk("terms").after(flagged()).under(|policy| {
            let ages = policy.clocks.iter_mut().filter(|clock| clock.name == "age");
            ages.for_each(|clock| clock.until = Stop::First(stops.clone()));
        })
    };
    let clause = || set([put(text("clause", "4.1"))]);
    let ends = [Stop::Answered, Stop::Sent("ack".to_owned()), Stop::Held, Stop::Told, Stop::Closed];
    for end in ends.into_iter().chain([Stop::First(vec![Stop::Closed])]) {
        // What has nothing to do with it is anybody's, whatever else would end it.
        until(vec![end]).by("ada").when(clause()).happens();
    }
    let found = until(vec![Stop::Answered]).by("sam").done(checked(FOUND));
    found.by("ada").when(checked("2026-11-20, 17 by a passport")).refused(said_by_them());
    let two = desk("complaint").with(text("context", "x")).after(flagged()).under(|policy| {
        let age = policy.clocks.iter().find(|clock| clock.name == "age").unwrap();
        let title = "to be answered by safety".to_owned();
        let answer = ClockRule { name: "other".to_owned(), title, until: Stop::Answered, ..age.clone() };
        policy.clocks.push(answer);
    });
    let none = Command::Answer { extent: Extent::None };
    let (title, line) = ("to be answered by safety".to_owned(), None);
    let refused = Restraint::ClockOfOthers { title, line, role: Role::Safety };
    two.by("ada").when(none.clone()).refused(refused.into());
    two.by("cleo").when(none).happens();
}

/// Whoever proposed it is one of them also when it has cooled; and what is done on another case ends no call on this one.
#[test]
fn they_are_asked_again_when_it_is_done() {
    let back = vec![Back::Flags { flags: [].into(), since: [].into() }, Back::Hold { hold: None }];
    let undo = |case, back| Return { case: id(case), took: Vec::new(), back };
    let held = Event::HoldStarted { from: now(), until: now() + TimeDelta::days(90) };
    let on = desk("terms").after(flagged()).after(held);
    let with = |given: &Given, roles: &[Role]| {
        let mut given = given.clone();
        let sam = account("@sam:our.org");
        given
            .terms
            .people
            .iter_mut()
            .filter(|person| person.account == sam)
            .for_each(|person| person.roles = roles.to_vec());
        given
    };
    let both = with(&on, &[Role::Handler, Role::Safety]).by("sam");
    let waits = both.done(Command::Undo { returns: vec![undo(1, back)] });
    let approve = |given: &Given| Command::Approve { code: given.code(), alone: None };
    let cools = waits.by("ben").done(approve(&waits));
    let ready = cools.case.proposals[0].approved.as_ref().expect("it cools").ready;
    let done = |given: &Given| carry_out(&given.case, &given.around, &given.terms, ready);
    assert!(matches!(done(&cools).as_slice(), [(_, Event::CarriedOut { .. }), ..]), "{:?}", done(&cools));
    let void = Event::Voided { code: waits.code(), why: Void::RoleLost };
    assert_eq!(done(&with(&cools, &[Role::Handler])), [(id(1), void)]);
    // Elsewhere it was taken back by somebody else.
    let tags = Back::Tags { add: ["x".to_owned()].into(), remove: [].into() };
    let flags = Back::Flags { flags: [].into(), since: [].into() };
    let returns = vec![undo(1, vec![tags]), undo(2, vec![flags])];
    let asks = on.under(|policy| policy.two_people.acts.push("undo".to_owned()));
    let waits = asks.by("ada").done(Command::Undo { returns });
    assert!(waits.by("ben").done(approve(&waits)).case.tags.contains("x"));
}

#[test]
fn whom_a_case_calls() {
    let on = desk("terms").after(flagged());
    let called = |given: &Given, role| {
        let called = given.terms.called(&given.case, role).into_iter();
        called.map(|account| account.localpart().to_owned()).collect::<Vec<_>>()
    };
    assert_eq!(called(&on, Role::Safety), ["sam"]);
    let mut nobody = on.clone();
    nobody.terms.people.retain(|person| person.roles != [Role::Safety]);
    assert_eq!(called(&nobody, Role::Safety), ["cleo"]);
    // Of a sealed case nobody who may not see it.
    assert_eq!(called(&on, Role::Handler), ["ada"]);
    assert_eq!(called(&on.after(Event::Flagged { flag: Flag::Csea }), Role::Handler), [""; 0]);
    assert_eq!(on.terms.role_called(&on.case, "age"), Some(Role::Safety));
    assert_eq!(
        (on.terms.role_called(&on.case, "hold"), on.terms.role_called(&on.case, "tell")),
        (None, None)
    );
}
