//! Flags that are set late, or nearly set: what a clock of a closed case waits for can be done on it; a tag is no flag by a slip; and
//! nobody has to be at hand for a case to be hidden (rules 56 and 66).

use super::given::*;
use crate::case::decide::left_open;
use crate::case::*;

fn tag(names: &[&str]) -> Command {
    Command::Tag { add: owned(names), remove: Vec::new() }
}

fn checked(value: &str) -> Command {
    set([put(text("age checked", value))])
}

fn people(mut given: Given) -> Given {
    let person = |name: &str, role| Person { account: account(name), roles: vec![role] };
    given.terms.people.push(person("@sam:our.org", Role::Safety));
    given.terms.people.push(person("@cleo:our.org", Role::Counsel));
    given
}

/// A case that was withdrawn and closed.
fn closed() -> Given {
    people(shipped_as("terms")).after(Event::Withdrawn { reason: None }).after(Event::Closed)
}

/// The same under the pack of the United States, where what is flagged is reported and kept.
fn closed_in_the_us() -> Given {
    let us = crate::policy::stack(&[crate::policy::Layer::Pack("us")]).unwrap().policy;
    let given =
        given("terms").under(move |policy| *policy = Policy { version: policy.version.clone(), ..us });
    people(given).after(Event::Withdrawn { reason: None }).after(Event::Closed)
}

fn runs(given: &Given, name: &str) -> bool {
    clocks(&given.case, &given.terms).iter().any(|clock| clock.name == name)
}

#[test]
fn what_a_flag_on_a_closed_case_waits_for_is_said_on_it() {
    let case = closed();
    // Without a clock that waits for it, a closed case takes no line.
    case.by("cleo").when(checked("2026-11-20, looks older")).refused(Refusal::AlreadyClosed);
    let on = case.done(tag(&["underage"]));
    assert!(runs(&on, "age"));
    assert!(left_open(&on.case, &on.terms, on.now).is_some());
    for other in
        [set([put(text("context", "x"))]), set([put(text("age checked", "x")), put(text("context", "x"))])]
    {
        on.by("sam").when(other).refused(Refusal::AlreadyClosed);
    }
    let line = Some("age checked".to_owned());
    let title = "age to be looked into".to_owned();
    let of_others = Restraint::ClockOfOthers { title: title.clone(), line, role: Role::Safety };
    on.by("ben").when(checked("2026-11-20, looks older")).refused(of_others.into());
    let found = on.by("sam").done(checked("2026-11-20, looks older"));
    assert!(!runs(&found, "age"));
    assert_eq!(left_open(&found.case, &found.terms, found.now), None);
    // What is over is not said to be open.
    let open = people(shipped_as("terms"))
        .done(tag(&["underage"]))
        .by("sam")
        .done(checked("2026-11-20, looks older"));
    let said = Restraint::SaidByThem { title, line: "age checked".to_owned(), role: Role::Safety };
    open.by("ben").when(checked("2026-11-20, not so")).refused(said.into());
}

#[test]
fn what_is_reported_of_a_closed_case_is_kept() {
    let start = || Command::Hold(HoldStep::Start { term: None, from: None });
    let case = closed_in_the_us();
    case.when(start()).refused(Refusal::AlreadyClosed);
    let on = case.done(tag(&["csea"])).by("sam");
    on.when(start()).refused(Refusal::AlreadyClosed);
    let report = Command::RecordSent {
        letter: letter::REPORT.to_owned(),
        via: Channel::Mail,
        at: None,
        repeat: Repeat::Unsaid,
    };
    let reported = on.done(report);
    let waits = |given: &Given| left_open(&given.case, &given.terms, given.now).is_some();
    assert!(waits(&reported));
    let held = reported.done(start());
    assert!(held.case.hold.as_ref().is_some_and(Hold::runs));
    assert!(!waits(&held));
    held.when(start()).refused(Refusal::AlreadyClosed);
}

#[test]
fn a_tag_that_is_like_a_flag_is_asked_about() {
    let case = people(given("terms"));
    let csea = ["csam", "csae", "cesa", "c-sea", "cseaa", "сsea", "child"];
    let underage = ["under-age", "under_age", "undrage", "undеrage", "under", "minor"];
    let meant = [(&csea[..], Flag::Csea), (&underage[..], Flag::Underage)];
    for (names, flag) in meant {
        for name in names {
            let refusal = Restraint::LikeFlag { tag: (*name).to_owned(), flag };
            case.when(tag(&["fraud", name])).refused(refusal.into());
        }
    }
    for name in ["fraud", "case", "age", "care", "sex", "storage", "average", "media", "urgent", "spam", "us"]
    {
        case.when(tag(&[name])).happens();
    }
    // What stands there from before comes off, and is in nobody's way.
    let old = case.after(Event::Tagged { added: owned(&["csam"]), removed: Vec::new() });
    old.when(tag(&["csam", "fraud"])).happens();
    old.when(Command::Tag { add: Vec::new(), remove: owned(&["csam"]) }).happens();
}

#[test]
fn a_case_is_hidden_though_all_who_may_see_it_were_stopped() {
    let mut case = people(given("terms"));
    case.terms.frozen.extend([account("@sam:our.org"), account("@cleo:our.org")]);
    let hidden = case.by("ben").done(tag(&["csea"]));
    assert!(hidden.case.is_sealed());
    // That nobody is there takes nobody in their place.
    hidden.by("ada").when(Command::Note { text: "x".to_owned() }).refused(Refusal::Sealed(id(1)));
    let stopped: Vec<&Account> = case.terms.stopped_who_see_sealed().collect();
    assert_eq!(stopped, [&account("@sam:our.org"), &account("@cleo:our.org")]);
}
