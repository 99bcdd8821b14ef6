//! The words in which pages are tested: terms under a pack that is shipped, a case, what happened to it.

use chrono::{DateTime, NaiveDate, Utc};

use crate::case::given::{line, terms_under};
use crate::case::{Account, Case, CaseId, Event, Field, Reading, Subject, Terms};
use crate::policy::{Layer, stack};

pub(super) fn at(text: &str) -> DateTime<Utc> {
    text.parse().unwrap()
}

pub(super) fn now() -> DateTime<Utc> {
    at("2026-11-20T10:00:00Z")
}

pub(super) fn ada() -> Account {
    Account::parse("@ada:our.org").unwrap()
}

pub(super) fn alice() -> Account {
    Account::parse("@alice:our.org").unwrap()
}

pub(super) fn terms(pack: &'static str) -> Terms {
    terms_under(stack(&[Layer::Pack(pack)]).unwrap_or_else(|mistakes| panic!("{mistakes}")).policy)
}

pub(super) fn day_of(key: &str) -> Field {
    let day = NaiveDate::from_ymd_opt(2026, 11, 19).unwrap();
    Field { reading: Reading::Day { day }, ..line(key, "2026-11-19") }
}

pub(super) fn named(accounts: &[&str]) -> Field {
    let subject = |name: &&str| Subject {
        account: Account::parse(name).unwrap(),
        ours: name.ends_with(":our.org"),
        odd: Vec::new(),
    };
    let named = accounts.iter().map(subject).collect();
    Field {
        reading: Reading::Accounts { named, unread: Vec::new() },
        ..line("accounts", &accounts.join(", "))
    }
}

pub(super) fn opened(kind: &str, fields: Vec<Field>, terms: &Terms) -> Case {
    let (kind, policy) = (kind.to_owned(), terms.current.clone());
    let opened = Event::Opened { kind, policy, received: now(), fields, stray: Vec::new() };
    Case::begin(CaseId::new(1).unwrap(), &opened, &ada(), now()).unwrap()
}

pub(super) fn after(mut case: Case, events: &[Event]) -> Case {
    events.iter().for_each(|event| case.apply(event, &ada(), now()));
    case
}
