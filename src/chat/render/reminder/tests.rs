//! Whoever is reminded of something reads how to end it: every clock of every pack that is shipped, and those that every case has.

use super::{mentions, way_out};
use crate::case::clock::runs;
use crate::case::given::line;
use crate::case::*;
use crate::chat::page::Span as Words;
use crate::chat::render::given::*;

const PACKS: [&str; 5] = ["matrix-org", "rocket-chat", "uk", "us", "eu"];

fn over() -> [Event; 2] {
    let started = Event::HoldStarted { from: now(), until: at("2027-02-18T23:59:59Z") };
    [started, Event::HoldOver { how: HoldEnding::Expired }]
}

fn proposed(code: &str) -> Event {
    Event::Proposed {
        code: code.to_owned(),
        command: Box::new(Command::Answer { extent: Extent::Full }),
        effects: vec![Effect::Disclose],
        sum: String::new(),
        expires: at("2026-11-23T10:00:00Z"),
    }
}

/// A case of this kind on which a clock of the policy may run.
fn with_clock(rule: &ClockRule, kind: &str, terms: &Terms) -> Case {
    let policy = terms.policy().unwrap();
    let (mut fields, mut events) = (vec![named(&["@alice:our.org"])], Vec::new());
    for Condition { key, any_of } in &rule.only {
        let wanted = any_of.first().unwrap();
        if key == FLAG_KEY {
            events.push(Event::Flagged { flag: Flag::named(wanted).unwrap() });
        } else if key == INSTRUMENT_KEY {
            let found = policy.instruments.iter().find(|instrument| instrument.name == *wanted).unwrap();
            fields.push(line(INSTRUMENT_KEY, found.known_by.first().unwrap()));
            fields.push(line(JURISDICTION_KEY, found.countries.first().unwrap()));
        } else {
            fields.push(line(key, wanted));
        }
    }
    match &rule.from {
        Start::Received => {}
        Start::Answered => events.push(Event::Answered { extent: Extent::Full }),
        Start::Closed => events.extend([Event::Answered { extent: Extent::Full }, Event::Closed]),
        Start::Attested => events.extend([
            Event::Attested { by: ada(), reason: "a bridge".to_owned() },
            Event::Answered { extent: Extent::Full },
        ]),
        Start::Sent(letter) => {
            let (letter, via) = (letter.clone(), "mail".to_owned());
            events.push(Event::LetterSent { letter, via, at: now() });
        }
        Start::Line(key) => fields.push(day_of(key)),
        Start::Countered => {
            let (other, received) = (CaseId::new(2).unwrap(), Some(now()));
            events.push(Event::Linked { other, how: Relation::Counter, outward: false, received });
        }
        Start::Dropped => events.extend([
            Event::Answered { extent: Extent::Full },
            Event::Reopened { reason: None },
            Event::Withdrawn { reason: None },
        ]),
        Start::HoldEnded => events.extend(over()),
        Start::Flagged => {} // its flag is set above
    }
    after(opened(kind, fields, terms), &events)
}

/// Whether the line has a command to copy.
fn has_command(clock: &str, case: &Case, terms: &Terms) -> bool {
    let line = way_out(clock, case, terms, now());
    line.spans().iter().any(|span| matches!(span, Words::Code(code) if code.starts_with("!case ")))
}

fn is_running(name: &str, case: &Case, terms: &Terms) -> bool {
    runs(case, terms).iter().any(|run| run.clock.name == name)
}

#[test]
fn every_clock_of_every_pack_has_a_command_in_its_reminders() {
    for pack in PACKS {
        let terms = terms(pack);
        let policy = terms.policy().unwrap();
        for rule in &policy.clocks {
            let kinds = policy.kinds.iter().map(|kind| kind.name.as_str());
            let kinds = kinds.filter(|kind| rule.kinds.is_empty() || rule.kinds.iter().any(|of| of == kind));
            let cases = kinds.map(|kind| with_clock(rule, kind, &terms));
            let cases: Vec<Case> = cases.filter(|case| is_running(&rule.name, case, &terms)).collect();
            assert!(!cases.is_empty(), "{pack}: nothing of {} runs", rule.name);
            for case in cases {
                let said = || way_out(&rule.name, &case, &terms, now()).text();
                assert!(
                    has_command(&rule.name, &case, &terms),
                    "{pack} {} {}: {}",
                    rule.name,
                    case.kind,
                    said()
                );
            }
        }
    }
}

#[test]
fn so_has_every_clock_that_is_no_policys() {
    let terms = terms("matrix-org");
    let hold = Event::HoldStarted { from: now(), until: at("2027-02-18T23:59:59Z") };
    let gag = |until| Event::GagSet { ordered_by: "court".to_owned(), day: None, until, document: None };
    let end = Some(at("2027-02-18T23:59:59Z"));
    let withheld = Event::NoticeSettled {
        account: alice(),
        what: Telling::Withheld { reason: "life".to_owned(), review: at("2026-12-20T23:59:59Z") },
        at: None,
    };
    let alone = |code: &str| {
        let approved =
            Event::Approved { code: code.to_owned(), ready: now(), alone: Some("a bridge".to_owned()) };
        let done = Event::CarriedOut { code: code.to_owned(), proposer: ada(), approver: ada() };
        vec![proposed(code), approved, done, Event::Answered { extent: Extent::Full }]
    };
    let secret = || Field { reading: Reading::Secrecy(Secrecy::Open), ..line("confidential", "yes") };
    let ordered = || line("instrument", "court order under seal");
    let letter =
        |letter: &str| Event::LetterSent { letter: letter.to_owned(), via: "mail".to_owned(), at: now() };
    let cases: [(&str, &str, Vec<Field>, Vec<Event>); 11] = [
        ("hold", "preservation", vec![], vec![hold.clone()]),
        ("gag", "information", vec![], vec![gag(end)]),
        ("gag", "information", vec![], vec![gag(None)]),
        (
            "permission",
            "information",
            vec![line("instrument", "Investigatory Powers Act authorisation"), line("jurisdiction", "GB")],
            vec![],
        ),
        ("notice @alice:our.org", "terms", vec![], vec![withheld]),
        ("approval abcd", "emergency", vec![], vec![proposed("abcd")]),
        ("break-glass", "emergency", vec![], alone("abcd")),
        ("secrecy-letter", "preservation", vec![secret()], vec![]),
        ("secrecy", "preservation", vec![secret()], vec![letter("secrecy")]),
        ("secrecy-order", "preservation", vec![secret(), ordered()], vec![]),
        ("idle", "other", vec![], vec![]),
    ];
    let mut lacking = Vec::new();
    for (clock, kind, fields, events) in cases {
        let fields = std::iter::once(named(&["@alice:our.org"])).chain(fields).collect();
        let case = after(opened(kind, fields, &terms), &events);
        let names: Vec<String> = runs(&case, &terms).into_iter().map(|run| run.clock.name).collect();
        if !is_running(clock, &case, &terms) {
            lacking.push(format!("{clock} does not run: {names:?}"));
        } else if !has_command(clock, &case, &terms) {
            lacking.push(format!("{clock}: {}", way_out(clock, &case, &terms, now()).text()));
        }
    }
    assert_eq!(lacking, Vec::<String>::new());
}

#[test]
fn what_nobody_can_make_longer_says_that_it_ends_by_itself() {
    let mut terms = terms("matrix-org");
    let current = terms.current.clone();
    terms.policies.get_mut(&current).unwrap().hold.times = Some(0);
    let held = after(opened("preservation", vec![named(&["@alice:our.org"])], &terms), &over()[..1]);
    assert_eq!(
        way_out("hold", &held, &terms, now()).text(),
        "it ends by itself, and the policy gives no more time"
    );
    // Of a clock that a policy of one's own lets run on a closed case nothing is to be done.
    let closed = after(opened("other", vec![], &terms), &[Event::Withdrawn { reason: None }, Event::Closed]);
    assert!(way_out("whatever", &closed, &terms, now()).text().contains("it is over by itself"));
}

/// A case that was flagged underage on a Friday, at a desk where Sam looks after safety.
fn flagged(flag: Flag) -> (Case, Terms) {
    let mut terms = terms("matrix-org");
    let person = |name: &str, role| Person { account: Account::parse(name).unwrap(), roles: vec![role] };
    terms.people.push(person("@sam:our.org", Role::Safety));
    terms.people.push(person("@cleo:our.org", Role::Counsel));
    terms.people.push(person("@lea:our.org", Role::Lead));
    (after(opened("terms", vec![named(&["@alice:our.org"])], &terms), &[Event::Flagged { flag }]), terms)
}

fn names(called: &[Account]) -> Vec<&str> {
    called.iter().map(Account::localpart).collect()
}

#[test]
fn a_clock_that_calls_a_role_calls_it_from_the_first_reminder_on() {
    let (mut case, mut terms) = flagged(Flag::Underage);
    let events = |clock: &str, call| {
        let due = at("2026-11-23T23:59:59Z");
        let (clock, title) = (clock.to_owned(), clock.to_owned());
        [Event::Reminded {
            of: vec![Reminder { clock, title, due, steps: vec![due], call: Some(call) }],
            in_doubt: false,
        }]
    };
    assert_eq!(names(&mentions(&case, &events("age", Call::Owner), &terms)), ["sam"]);
    assert_eq!(names(&mentions(&case, &events("idle", Call::Owner), &terms)), [""; 0]);
    // Beside those whom any clock calls by then, and nobody twice.
    case.owner = Some(Account::parse("@sam:our.org").unwrap());
    assert_eq!(names(&mentions(&case, &events("age", Call::Lead), &terms)), ["sam", "lea"]);
    // Where nobody has the role, counsel does; then approvers; and nobody whom somebody has stopped.
    case.owner = None;
    terms.people.retain(|person| person.roles != [Role::Safety]);
    assert_eq!(names(&mentions(&case, &events("age", Call::Owner), &terms)), ["cleo"]);
    terms.frozen.insert(Account::parse("@cleo:our.org").unwrap());
    assert_eq!(names(&mentions(&case, &events("age", Call::Owner), &terms)), [""; 0]);
    terms.people.retain(|person| person.roles != [Role::Counsel]);
    let approvers = terms.people.iter().filter(|person| person.roles.contains(&Role::Approver));
    let approvers: Vec<Account> = approvers.map(|person| person.account.clone()).collect();
    assert_eq!(mentions(&case, &events("age", Call::Owner), &terms), approvers);
}

#[test]
fn the_answer_that_sets_the_flag_calls_them_at_once() {
    let (case, terms) = flagged(Flag::Underage);
    let set = [Event::Flagged { flag: Flag::Underage }];
    assert_eq!(names(&crate::chat::text::called_at_once(&case, &set, &terms)), ["sam"]);
    // Whom a sealed case concerns, everybody else is not to learn.
    let (case, terms) = flagged(Flag::Csea);
    let both = [Event::Flagged { flag: Flag::Csea }, Event::Flagged { flag: Flag::Underage }];
    assert_eq!(names(&crate::chat::text::called_at_once(&case, &both, &terms)), [""; 0]);
}
