//! The words in which clocks are told: a case, what happens to it and when, and what falls due then.

use std::sync::LazyLock;

use chrono::{DateTime, Utc};

use crate::case::clock::{clocks, paused};
pub(super) use crate::case::given::line as text;
use crate::case::given::{instrument, terms_under};
use crate::case::*;
use crate::policy;

/// When the case was received: a Monday, at noon.
const RECEIVED: &str = "2026-11-02T12:00:00Z";

pub(super) fn utc(text: &str) -> DateTime<Utc> {
    DateTime::parse_from_rfc3339(text).unwrap().to_utc()
}

/// A moment of November 2026, as day and hour.
pub(super) fn nov(day: u32, hour: u32) -> DateTime<Utc> {
    utc(&format!("2026-11-{day:02}T{hour:02}:00:00Z"))
}

/// The end of a day in London, as the month and the day.
pub(super) fn end_of(day: &str) -> DateTime<Utc> {
    utc(&format!("{day}T23:59:59Z"))
}

pub(super) fn rule(from: Start, term: &str, until: Stop) -> ClockRule {
    ClockRule {
        name: "answer".to_owned(),
        title: "answer due".to_owned(),
        kinds: Vec::new(),
        only: Vec::new(),
        from,
        term: Term::read(term).unwrap(),
        not_before: None,
        until,
        pauses: true,
        extension: Some(Extension {
            most: Term::of(Span::Months(2)),
            times: 1,
            before_end: true,
            letter: None,
        }),
        calendar: None,
        lapses: false,
        lasts: false,
        tasks: None,
        calls: None,
    }
}

pub(super) fn ada() -> Account {
    Account::parse("@ada:our.org").unwrap()
}

pub(super) fn alice() -> Account {
    Account::parse("@alice:our.org").unwrap()
}

/// A case of a kind, under the built-in policy with these clocks instead of its own.
#[derive(Clone)]
pub(super) struct Given {
    pub(super) case: Case,
    pub(super) terms: Terms,
}

/// Read once: a pack has thousands of lines.
static POLICY: LazyLock<Policy> = LazyLock::new(|| policy::matrix_org().unwrap());

pub(super) fn given(kind: &str, clocks: Vec<ClockRule>) -> Given {
    let mut policy = POLICY.clone();
    // What counts where nothing else does has tests of its own.
    (policy.clocks, policy.idle) = (clocks, None);
    let opened = Event::Opened {
        kind: kind.to_owned(),
        policy: policy.version.clone(),
        received: utc(RECEIVED),
        fields: Vec::new(),
        stray: Vec::new(),
    };
    let case = Case::begin(CaseId::FIRST, &opened, &ada(), utc(RECEIVED)).unwrap();
    Given { case, terms: terms_under(policy) }
}

impl Given {
    pub(super) fn at(mut self, at: DateTime<Utc>, event: Event) -> Given {
        self.case.apply(&event, &ada(), at);
        self
    }

    pub(super) fn with(self, field: Field) -> Given {
        self.at(utc(RECEIVED), Event::FieldSet { field })
    }

    pub(super) fn policy(mut self, change: impl Fn(&mut Policy)) -> Given {
        self.terms.policies.values_mut().for_each(change);
        self
    }

    pub(super) fn about(self, account: Account) -> Given {
        let named = vec![Subject { account, ours: true, odd: Vec::new() }];
        let reading = Reading::Accounts { named, unread: Vec::new() };
        self.with(Field { reading, ..text("accounts", "…") })
    }

    pub(super) fn answered(self, at: DateTime<Utc>) -> Given {
        self.at(at, Event::Answered { extent: Extent::None })
    }

    pub(super) fn waits(self, from: DateTime<Utc>) -> Given {
        self.at(from, Event::WaitBegan { from, asked: Vec::new() })
    }

    pub(super) fn sent(self, letter: &str, at: DateTime<Utc>) -> Given {
        self.at(at, Event::LetterSent { letter: letter.to_owned(), via: "mail".to_owned(), at })
    }

    pub(super) fn due(&self) -> Vec<(String, DateTime<Utc>)> {
        clocks(&self.case, &self.terms).into_iter().map(|clock| (clock.name, clock.due)).collect()
    }

    #[track_caller]
    pub(super) fn falls_due(self, at: DateTime<Utc>) -> Given {
        let due: Vec<DateTime<Utc>> = self.due().into_iter().map(|(_, due)| due).collect();
        assert_eq!(due, [at]);
        self
    }

    /// Each of these, nearest first.
    #[track_caller]
    pub(super) fn fall_due(self, at: &[DateTime<Utc>]) -> Given {
        let due: Vec<DateTime<Utc>> = self.due().into_iter().map(|(_, due)| due).collect();
        assert_eq!(due, at);
        self
    }

    #[track_caller]
    pub(super) fn never_due(self) -> Given {
        assert_eq!(self.due(), []);
        self
    }

    #[track_caller]
    pub(super) fn stands_still(self) -> Given {
        assert_eq!(paused(&self.case, &self.terms), ["answer"]);
        self.never_due()
    }
}

pub(super) fn prolonged(term: &str) -> Event {
    let term = Term::read(term).unwrap();
    Event::ClockProlonged { clock: "answer".to_owned(), term, reason: "many".to_owned() }
}

pub(super) fn gag(until: Option<DateTime<Utc>>) -> Event {
    Event::GagSet { ordered_by: "a court".to_owned(), day: None, until, document: None }
}

pub(super) fn linked(received: Option<DateTime<Utc>>, how: Relation, outward: bool) -> Event {
    Event::Linked { other: CaseId::new(9).unwrap(), how, outward, received }
}

pub(super) fn settled(what: Telling) -> Event {
    Event::NoticeSettled { account: alice(), what, at: None }
}

/// One instrument that lets the user be told, and one that does not.
pub(super) fn instruments() -> Vec<Instrument> {
    vec![
        instrument("court-order", &["production order"], Tell::Tell),
        instrument("ipa", &["investigatory powers act"], Tell::Withhold),
    ]
}
