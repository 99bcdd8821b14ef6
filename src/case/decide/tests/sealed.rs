//! The flag `csea` (rules 55 and 66): who sets it, who works the case then, what is taken, how it comes off.

use chrono::TimeDelta;

use super::given::*;
use super::telling::told;
use crate::case::decide::gate::may_tell;
use crate::case::decide::may_attach;
use crate::case::decide::second::carry_out;
use crate::case::*;

fn tag(add: &[&str], remove: &[&str]) -> Command {
    Command::Tag { add: owned(add), remove: owned(remove) }
}

fn note() -> Command {
    Command::Note { text: "x".to_owned() }
}

fn approve(code: &str) -> Command {
    Command::Approve { code: code.to_owned(), alone: None }
}

fn flagged() -> Event {
    Event::Flagged { flag: Flag::Csea }
}

fn unflagged() -> Event {
    Event::Unflagged { flag: Flag::Csea }
}

/// A desk with people of both roles; Sam works flagged cases and nothing else.
fn desk(kind: &str) -> Given {
    with_people(given(kind), &[("sam", &[Role::Safety]), ("cleo", &[Role::Counsel])])
}

fn with_people(mut given: Given, people: &[(&str, &[Role])]) -> Given {
    let person = |(name, roles): &(&str, &[Role])| Person {
        account: account(&format!("@{name}:our.org")),
        roles: roles.to_vec(),
    };
    given.terms.people.extend(people.iter().map(person));
    given
}

#[test]
fn any_caseworker_sets_the_flag_at_once() {
    for who in ["ada", "ben", "sam", "cleo"] {
        desk("terms").by(who).when(tag(&["csea"], &[])).then([flagged()]);
    }
    desk("terms").by("dot").when(tag(&["csea"], &[])).refused(Refusal::RoleLacks(Need::Casework));
    desk("terms")
        .when(tag(&["csea", "fraud"], &[]))
        .then([flagged(), Event::Tagged { added: owned(&["fraud"]), removed: Vec::new() }]);
    let case = desk("terms").after(flagged()).by("sam");
    case.when(tag(&["csea"], &[])).refused(Refusal::NoChange);
    desk("terms").when(tag(&[], &["csea"])).refused(Refusal::NoChange);
}

#[test]
fn a_case_is_not_sealed_from_everybody() {
    let mut nobody = given("terms");
    nobody.terms.people.retain(|person| person.roles == [Role::Handler]);
    nobody.when(tag(&["csea"], &[])).refused(Refusal::NobodyWouldSee);
    with_people(nobody, &[("sam", &[Role::Safety])]).when(tag(&["csea"], &[])).happens();
}

#[test]
fn who_may_not_see_it_works_it_no_longer() {
    let case = desk("terms").done(tag(&["csea"], &[]));
    for who in ["ada", "ben", "dot"] {
        for command in [note(), tag(&["x"], &[]), tag(&[], &["csea"]), Command::Seen, approve("ABC")] {
            case.by(who).when(command).refused(Refusal::Sealed(id(1)));
        }
    }
    for who in ["sam", "cleo"] {
        case.by(who).when(note()).happens();
        case.by(who).when(tag(&["x"], &[])).happens();
    }
}

#[test]
fn with_safety_alone_one_works_no_other_case() {
    let case = desk("terms").by("sam");
    for command in [note(), tag(&["x"], &[]), tag(&["csea", "x"], &[]), refuse("scope", None)] {
        case.when(command).refused(Refusal::RoleLacks(Need::Casework));
    }
    case.when(approve("ABC")).refused(Refusal::RoleLacks(Need::Approve));
}

#[test]
fn where_nobody_is_listed_for_it_approvers_see_and_work_it() {
    let case = given("terms").done(tag(&["csea"], &[]));
    case.by("ben").when(note()).happens();
    case.by("ada").when(note()).refused(Refusal::Sealed(id(1)));
}

#[test]
fn it_is_given_only_to_somebody_who_may_see_it() {
    let case = desk("terms").after(flagged()).by("cleo");
    let assign = |who: &str| Command::Assign { to: Some(account(who)) };
    case.when(assign("@sam:our.org")).happens();
    case.when(assign("@ben:our.org")).refused(Refusal::MayOnlyRead(account("@ben:our.org")));
    desk("terms").when(assign("@sam:our.org")).refused(Refusal::MayOnlyRead(account("@sam:our.org")));
}

#[test]
fn a_link_wants_somebody_who_may_see_both() {
    let case = desk("terms").beside(desk("terms").numbered(2).after(flagged()));
    case.when(link(2, Relation::Extends)).refused(Refusal::Sealed(id(2)));
    case.by("cleo").when(link(2, Relation::Extends)).happens();
}

#[test]
fn taking_it_off_takes_two_who_may_see_it() {
    let case = desk("terms").after(flagged()).by("sam");
    case.when(tag(&[], &["csea"])).proposed(Effect::Tell);
    // Nor with something else beside it, nor in a case whose policy is gone.
    case.when(tag(&["harmless"], &["csea"])).proposed(Effect::Tell);
    let proposed = case.done(tag(&[], &["csea"]));
    let code = proposed.code();
    proposed.when(approve(&code)).refused(Restraint::OwnProposal.into());
    proposed.by("ben").when(approve(&code)).refused(Refusal::Sealed(id(1)));
    // No approver may see it, so those who may are each other's second person.
    let done = proposed.by("cleo").when(approve(&code)).happens();
    assert!(done.contains(&unflagged()), "{done:?}");
}

#[test]
fn where_an_approver_may_see_it_nobody_else_approves() {
    let both: &[Role] = &[Role::Approver, Role::Safety];
    let case = with_people(desk("terms"), &[("eve", both)]).after(flagged()).by("sam");
    let proposed = case.done(tag(&[], &["csea"]));
    let code = proposed.code();
    proposed.by("cleo").when(approve(&code)).refused(Refusal::RoleLacks(Need::Approve));
    assert!(proposed.by("eve").when(approve(&code)).happens().contains(&unflagged()));
}

#[test]
fn what_waited_before_the_flag_is_void() {
    let case =
        desk("other").called().with(accounts(&["@a:our.org"])).done(Command::Answer { extent: Extent::Full });
    let approved = case.by("ben").done(approve(&case.code()));
    let voided = Event::Voided { code: case.code(), why: Void::Changed };
    approved.by("ada").when(tag(&["csea"], &[])).then([flagged(), voided]);
    // Even if it were still there, neither of the two may work the case.
    let sealed = approved.after(flagged());
    let later = now() + TimeDelta::days(1);
    let events = carry_out(&sealed.case, &sealed.around, &sealed.terms, later);
    assert!(matches!(events.as_slice(), [(_, Event::Voided { why: Void::RoleLost, .. })]), "{events:?}");
}

#[test]
fn nothing_is_taken_but_papers() {
    let case = desk("terms").after(flagged()).by("sam");
    for role in [FileRole::Request, FileRole::Redacted, FileRole::Data, FileRole::Other] {
        case.when(attach("x", role)).refused(Refusal::NoMaterial);
        assert_eq!(may_attach(&case.case, role, &case.actor, &case.terms), Err(Refusal::NoMaterial));
    }
    for role in [FileRole::Instrument, FileRole::Permission, FileRole::Extension] {
        case.when(attach("x", role)).happens();
        assert_eq!(may_attach(&case.case, role, &case.actor, &case.terms), Ok(()));
        let refused = may_attach(&case.case, role, &ada(), &case.terms);
        assert_eq!(refused, Err(Refusal::Sealed(id(1))));
    }
}

#[test]
fn while_it_is_flagged_nobody_is_told() {
    let case = told();
    let user = account("@a:our.org");
    assert_eq!(may_tell(&case.case, &user, [], &case.terms), Ok(()));
    let case = case.after(flagged());
    assert!(may_tell(&case.case, &user, [], &case.terms).is_err());
}

#[test]
fn what_was_reported_is_kept_from_the_report_on_whatever_the_kind() {
    let start = || Command::Hold(HoldStep::Start { term: None, from: None });
    desk("terms").when(start()).refused(Restraint::KeepsNothing.into());
    let year = Term::read("1 year").unwrap();
    let case = desk("terms").after(flagged()).by("sam").under(|policy| {
        policy.hold.by_flag.insert(Flag::Csea, (year, year));
    });
    let case = case.at(now() + TimeDelta::days(10));
    let until = |given: &Given| given.case.hold.as_ref().map(|hold| hold.until.date_naive().to_string());
    assert_eq!(until(&case.done(start())).as_deref(), Some("2027-11-30"), "not reported yet: from now");
    let reported = Event::LetterSent {
        letter: letter::REPORT.to_owned(),
        via: "mail".to_owned(),
        at: now() + TimeDelta::days(3),
    };
    assert_eq!(until(&case.after(reported).done(start())).as_deref(), Some("2027-11-23"));
}

#[test]
fn a_look_changes_nothing_and_makes_nothing_void() {
    let case = desk("terms").after(flagged()).by("sam").done(tag(&[], &["csea"]));
    let looked = case.after(Event::Looked { what: "show".to_owned() });
    assert_eq!(looked.case, case.case);
    assert!(looked.by("cleo").when(approve(&case.code())).happens().contains(&unflagged()));
}

#[test]
fn a_clock_can_be_for_flagged_cases_only() {
    let clocked = |given: &Given| clocks(&given.case, &given.terms).iter().any(|clock| clock.name == "child");
    let case = desk("terms").under(|policy| {
        policy.clocks = vec![ClockRule {
            name: "child".to_owned(),
            title: "report due".to_owned(),
            kinds: Vec::new(),
            only: vec![Condition { key: FLAG_KEY.to_owned(), any_of: owned(&["csea"]) }],
            from: Start::Received,
            term: Term::of(Span::Hours(24)),
            not_before: None,
            until: Stop::Sent(letter::REPORT.to_owned()),
            pauses: false,
            extension: None,
            calendar: None,
            lapses: false,
            lasts: false,
            tasks: None,
            calls: None,
        }];
    });
    assert!(!clocked(&case));
    // What a request says of itself sets no flag.
    assert!(!clocked(&case.with(text(FLAG_KEY, "csea"))));
    assert!(clocked(&case.after(flagged())));
}

#[test]
fn whoever_takes_an_approvers_place_on_a_sealed_case_must_be_vouched_for_too() {
    let given = desk("terms").after(flagged());
    let sam = account("@sam:our.org");
    let mut terms = given.terms.clone();
    assert!(terms.may_on(&given.case, &sam, Need::Approve), "nobody who may see it approves");
    terms.identities = Some(Identities::default());
    assert!(!terms.may_on(&given.case, &sam, Need::Approve));
    let key = MasterKey::parse("SamAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA").unwrap();
    let pin = Pin { key, vouched: Vouched::Host, devices: std::collections::BTreeMap::new() };
    terms.identities = Some(Identities { pins: [(sam.clone(), pin)].into(), ..Identities::default() });
    assert!(terms.may_on(&given.case, &sam, Need::Approve));
}
