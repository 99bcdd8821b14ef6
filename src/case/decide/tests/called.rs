//! The flag `underage` (rule 56): who sets it, whom it calls, who says what ends that; and that it hides nothing.

use chrono::TimeDelta;

use super::given::*;
use super::telling::told;
use crate::case::decide::gate::{bars, may_tell};
use crate::case::decide::{Deed, Draw, Setting, apart, promises};
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
    found.by("ada").when(checked("2026-11-20, 17 by a passport")).refused(clock_of_others());
    found.by("ada").when(checked("")).refused(clock_of_others());
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
