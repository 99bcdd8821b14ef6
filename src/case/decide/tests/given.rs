//! The words in which the rules are told: a case, a command, and what comes of it.

use std::collections::{BTreeMap, BTreeSet};

use chrono::{DateTime, NaiveDate, Utc};

use crate::case::Refusal as R;
use crate::case::decide::{Around, Events, Setting, decide, open};
use crate::case::{
    Account, Case, CaseId, Command, Edit, Event, Extent, Field, FileRole, KeptFile, Opening, Person, Policy,
    Reading, Relation, Reminders, Role, SECRECY_KEY, Secrecy, Span, Subject, Terms, Verifiable,
};
use crate::policy;

#[derive(Clone)]
pub(super) struct Given {
    pub(super) case: Case,
    around: Around,
    terms: Terms,
    now: DateTime<Utc>,
}

pub(super) struct When {
    given: Given,
    decided: Result<Events, R>,
}

pub(super) fn given(kind: &str) -> Given {
    let events = open(
        id(1),
        opening(kind, Vec::new()),
        &Setting { actor: &ada(), terms: &terms(), now: now(), certain: true },
    )
    .unwrap();
    let case = Case::begin(id(1), &events[0].1, &ada(), now()).unwrap();
    Given { case, around: Around::default(), terms: terms(), now: now() }
}

impl Given {
    pub(super) fn with(&self, field: Field) -> Given {
        let mut given = self.clone();
        given.case.fields.push(field);
        given
    }

    pub(super) fn after(&self, event: Event) -> Given {
        let mut given = self.clone();
        given.case.apply(&event, &ada(), now());
        given
    }

    pub(super) fn numbered(&self, number: u32) -> Given {
        let mut given = self.clone();
        given.case.id = id(number);
        given
    }

    pub(super) fn beside(&self, other: Given) -> Given {
        Given { around: Around { other: Some(other.case) }, ..self.clone() }
    }

    pub(super) fn at(&self, now: DateTime<Utc>) -> Given {
        Given { now, ..self.clone() }
    }

    pub(super) fn change_policy(&mut self, change: impl Fn(&mut Policy)) {
        self.terms.policies.values_mut().for_each(change);
    }

    pub(super) fn answered(&self) -> Given {
        self.after(Event::Answered { extent: Extent::None })
    }

    pub(super) fn closed(&self) -> Given {
        self.after(Event::Closed)
    }

    pub(super) fn when(&self, command: Command) -> When {
        let setting = Setting { actor: &ada(), terms: &self.terms, now: self.now, certain: true };
        let decided = decide(&self.case, &self.around, command, &setting);
        When { given: self.clone(), decided }
    }
}

impl When {
    #[track_caller]
    pub(super) fn all(self) -> Events {
        self.decided.expect("it is done")
    }

    /// The events of the case itself.
    #[track_caller]
    pub(super) fn happens(self) -> Vec<Event> {
        let own = self.given.case.id;
        let events = self.all().into_iter();
        events.filter(|(id, _)| *id == own).map(|(_, event)| event).collect()
    }

    #[track_caller]
    pub(super) fn then<const N: usize>(self, expected: [Event; N]) -> When {
        let When { given, decided } = self;
        let events = When { given: given.clone(), decided: decided.clone() }.happens();
        assert_eq!(events, expected);
        When { given, decided }
    }

    #[track_caller]
    pub(super) fn is(self, holds: impl Fn(&Case) -> bool) {
        let mut case = self.given.case.clone();
        for event in self.happens() {
            case.apply(&event, &ada(), now());
        }
        assert!(holds(&case), "{case:#?}");
    }

    #[track_caller]
    pub(super) fn refused(self, refusal: R) {
        assert_eq!(self.decided, Err(refusal));
    }
}

pub(super) fn now() -> DateTime<Utc> {
    "2026-11-20T10:00:00Z".parse().unwrap()
}

pub(super) fn day(day: u32) -> NaiveDate {
    NaiveDate::from_ymd_opt(2026, 12, day).unwrap()
}

pub(super) fn id(number: u32) -> CaseId {
    CaseId::new(number).unwrap()
}

pub(super) fn account(name: &str) -> Account {
    Account::parse(name).unwrap()
}

pub(super) fn ada() -> Account {
    account("@ada:our.org")
}

pub(super) fn terms() -> Terms {
    let policy = policy::matrix_org();
    let person = |name, role| Person { account: account(name), roles: vec![role] };
    Terms {
        current: policy.version.clone(),
        policies: BTreeMap::from([(policy.version.clone(), policy)]),
        people: vec![
            person("@ada:our.org", Role::Handler),
            person("@ben:our.org", Role::Approver),
            person("@dot:our.org", Role::Reader),
        ],
        servers: vec!["our.org".to_owned()],
        zone: chrono_tz::Europe::London,
        prefixes: vec!["!case".to_owned()],
        reminders: Reminders::default(),
        cooling: Span::Minutes(10),
        directory: Vec::new(),
        frozen: BTreeSet::new(),
    }
}

pub(super) fn opening(kind: &str, fields: Vec<Field>) -> Opening {
    Opening { kind: kind.to_owned(), fields, stray: Vec::new(), received: None }
}

pub(super) fn text(key: &str, value: &str) -> Field {
    Field { key: key.to_owned(), label: key.to_owned(), value: value.to_owned(), reading: Reading::Text }
}

pub(super) fn unread(key: &str) -> Field {
    Field { reading: Reading::Unread { why: "not a date".to_owned() }, ..text(key, "soon") }
}

pub(super) fn secrecy(said: Secrecy) -> Field {
    Field { reading: Reading::Secrecy(said), ..text(SECRECY_KEY, &format!("{said:?}")) }
}

pub(super) fn accounts(names: &[&str]) -> Field {
    let named = names.iter().map(|name| Subject { account: account(name), ours: true, odd: Vec::new() });
    let reading = Reading::Accounts { named: named.collect(), unread: Vec::new() };
    Field { label: "Accounts".to_owned(), reading, ..text("accounts", &names.join(", ")) }
}

pub(super) fn half_read() -> Field {
    let unread = vec![("bob".to_owned(), "no account".to_owned())];
    let reading = Reading::Accounts { named: Vec::new(), unread };
    Field { label: "Accounts".to_owned(), reading, ..text("accounts", "bob") }
}

pub(super) fn put(field: Field) -> Edit {
    Edit::Put(field)
}

pub(super) fn set<const N: usize>(edits: [Edit; N]) -> Command {
    Command::Set { edits: edits.into() }
}

pub(super) fn verify(what: Verifiable, by: Option<Account>, how: &str) -> Command {
    Command::Verify { what, by, how: how.to_owned(), entry: None }
}

pub(super) fn refuse(code: &str, words: Option<&str>) -> Command {
    Command::Refuse { code: code.to_owned(), words: words.map(str::to_owned) }
}

pub(super) fn link(other: u32, how: Relation) -> Command {
    Command::Link { other: id(other), how }
}

pub(super) fn linked(other: u32, how: Relation, outward: bool) -> Event {
    Event::Linked { other: id(other), how, outward, received: None }
}

pub(super) fn kept(name: &str) -> KeptFile {
    let text = || name.to_owned();
    KeptFile { blob: text(), name: text(), mime: "text/plain".to_owned(), size: 1, sha256: text() }
}

pub(super) fn attach(name: &str, role: FileRole) -> Command {
    Command::Attach { file: kept(name), role, user: None }
}

pub(super) fn attached(name: &str, role: FileRole) -> Event {
    Event::FileAttached { file: kept(name), role, user: None }
}

pub(super) fn owned(words: &[&str]) -> Vec<String> {
    words.iter().map(|word| (*word).to_owned()).collect()
}
