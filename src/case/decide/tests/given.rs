//! The words in which the rules are told: a case, a command, and what comes of it.

use std::collections::BTreeMap;
use std::sync::LazyLock;

use chrono::{DateTime, NaiveDate, Utc};

use crate::case::Refusal as R;
use crate::case::decide::{Around, Draw, Events, Setting, decide, open, wake};
pub(super) use crate::case::given::line as text;
use crate::case::given::{instrument, terms_under};
use crate::case::{
    Account, CallOutcome, Case, CaseId, ClockRule, Command, Edit, Effect, Event, Extension, Extent, Field,
    FileRole, HoldTerms, Instrument, KeptFile, Opening, Person, Policy, Reading, Relation, Role, SECRECY_KEY,
    Secrecy, Span, Start, Stop, Subject, Tell, Term, Terms, Verifiable, clocks,
};
use crate::policy;

#[derive(Clone)]
pub(super) struct Given {
    pub(super) case: Case,
    pub(super) around: Around,
    pub(super) terms: Terms,
    pub(super) actor: Account,
    pub(super) now: DateTime<Utc>,
    pub(super) draw: Draw,
}

pub(super) struct When {
    given: Given,
    pub(super) decided: Result<Events, R>,
}

pub(super) fn given(kind: &str) -> Given {
    let events = open(
        id(1),
        opening(kind, Vec::new()),
        &Setting { actor: &ada(), terms: &terms(), now: now(), draw: Draw::NONE, certain: true },
    )
    .unwrap();
    let case = Case::begin(id(1), &events[0].1, &ada(), now()).unwrap();
    let around = Around { naming: Some(Vec::new()), holding: Some(Vec::new()), ..Around::default() };
    Given { case, around, terms: terms(), actor: ada(), now: now(), draw: Draw::NONE }
}

/// A case under the policy that is shipped, whole.
pub(super) fn shipped_as(kind: &str) -> Given {
    given(kind).under(|policy| *policy = Policy { version: policy.version.clone(), ..shipped() })
}

/// Likewise under the pack of the European Union.
pub(super) fn under_eu(kind: &str) -> Given {
    let eu = policy::stack(&[policy::Layer::Pack("eu")]).unwrap().policy;
    given(kind).under(move |policy| *policy = Policy { version: policy.version.clone(), ..eu })
}

impl Given {
    /// The same, with another person at the keyboard.
    pub(super) fn by(&self, name: &str) -> Given {
        Given { actor: account(&format!("@{name}:our.org")), ..self.clone() }
    }

    /// The same, with a requester whom somebody called who approves nothing.
    pub(super) fn called(&self) -> Given {
        self.after(Event::Verified {
            what: Verifiable::Requester,
            by: account("@dot:our.org"),
            how: "called".to_owned(),
            entry: None,
            call: None,
            recorder: None,
        })
    }

    /// The same under a policy that says something else.
    pub(super) fn under(&self, change: impl FnOnce(&mut Policy)) -> Given {
        let mut given = self.clone();
        let current = given.terms.current.clone();
        change(given.terms.policies.get_mut(&current).expect("it is there"));
        given
    }

    /// What a command makes of it.
    #[track_caller]
    pub(super) fn done(&self, command: Command) -> Given {
        let mut given = self.clone();
        for event in self.when(command).happens() {
            given.case.apply(&event, &self.actor, self.now);
        }
        given
    }

    /// What happens, to each case, once a second person has said yes where it takes one.
    #[track_caller]
    pub(super) fn by_two(&self, command: Command) -> Events {
        let events = self.when(command).all();
        let Some((_, Event::Proposed { code, .. })) = events.last() else { return events };
        let mut waiting = self.clone();
        events.iter().for_each(|(_, event)| waiting.case.apply(event, &self.actor, self.now));
        let approved = waiting.by("ben").when(Command::Approve { code: code.clone(), alone: None }).all();
        [events, approved].concat()
    }

    /// What a command makes of it then.
    #[track_caller]
    pub(super) fn done_by_two(&self, command: Command) -> Given {
        let mut given = self.clone();
        for (_, event) in self.by_two(command).iter().filter(|(id, _)| *id == self.case.id) {
            given.case.apply(event, &self.actor, self.now);
        }
        given
    }

    /// The code of what waits.
    #[track_caller]
    pub(super) fn code(&self) -> String {
        self.case.proposals.first().expect("something waits").code.clone()
    }

    pub(super) fn with(&self, field: Field) -> Given {
        let mut given = self.clone();
        given.case.fields.push(field);
        given.case.secrecy_since = given.case.asks_for_secrecy().then(now);
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
        Given {
            around: Around {
                other: Some(other.case.clone()),
                naming: Some(vec![other.case]),
                ..self.around.clone()
            },
            ..self.clone()
        }
    }

    pub(super) fn at(&self, now: DateTime<Utc>) -> Given {
        Given { now, ..self.clone() }
    }

    pub(super) fn change_policy(&mut self, change: impl Fn(&mut Policy)) {
        self.terms.policies.values_mut().for_each(change);
    }

    pub(super) fn answered(&self) -> Given {
        self.after(Event::Answered { extent: Extent::None }).told_by("none")
    }

    /// The same, with this letter sent to the requester.
    pub(super) fn told_by(&self, letter: &str) -> Given {
        self.after(Event::LetterSent { letter: letter.to_owned(), via: "mail".to_owned(), at: now() })
    }

    pub(super) fn closed(&self) -> Given {
        self.after(Event::Closed)
    }

    /// Who is at the keyboard, and when.
    pub(super) fn setting(&self) -> Setting<'_> {
        Setting { actor: &self.actor, terms: &self.terms, now: self.now, draw: self.draw, certain: true }
    }

    pub(super) fn when(&self, command: Command) -> When {
        let decided = decide(&self.case, &self.around, command, &self.setting());
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

    /// That one person is enough.
    #[track_caller]
    pub(super) fn at_once(self) {
        let events = self.happens();
        assert!(!events.iter().any(|event| matches!(event, Event::Proposed { .. })), "{events:#?}");
    }

    #[track_caller]
    pub(super) fn then<const N: usize>(self, expected: [Event; N]) -> When {
        let When { given, decided } = self;
        let events = When { given: given.clone(), decided: decided.clone() }.happens();
        assert_eq!(events, expected);
        When { given, decided }
    }

    /// That nothing happens before a second person has said yes, and why.
    #[track_caller]
    pub(super) fn proposed(self, why: Effect) {
        match self.happens().as_slice() {
            [Event::Proposed { effects, .. }] => assert!(effects.contains(&why), "{effects:?}"),
            other => panic!("{other:#?}"),
        }
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

/// The policy that is shipped. Read once: reading it costs more than most tests do.
static SHIPPED: LazyLock<Policy> = LazyLock::new(|| policy::matrix_org().unwrap());

pub(super) fn shipped() -> Policy {
    SHIPPED.clone()
}

/// A policy of which these tests know every number: the shipped lines and refusal codes, and nothing else that a pack may
/// change one day.
fn plain() -> Policy {
    let mut policy = shipped();
    policy.version = "matrix-org/1".to_owned();
    for kind in &mut policy.kinds {
        (kind.attest, kind.preserves, kind.notify, kind.from_authority, kind.scope_empty) =
            Default::default();
        kind.discloses |= std::mem::take(&mut kind.discloses_if_asked);
        kind.answer_needs.clear();
        kind.counters.clear();
        kind.answer_after.clear();
        kind.weighs = None;
        kind.notice = None;
    }
    let days = |count| Term::of(Span::Days(count));
    policy.hold = HoldTerms {
        term: days(90),
        extend: days(90),
        times: None,
        extend_wants_request: true,
        by_instrument: BTreeMap::new(),
        times_by_instrument: BTreeMap::new(),
        by_flag: BTreeMap::new(),
    };
    policy.gag.wants_document = false;
    // What counts where nothing else does would run beside most of these cases.
    policy.idle = None;
    policy.notice.letter = Tell::Tell;
    policy.notice.when = crate::case::When::After;
    policy.notice.exceptions.clear();
    policy.two_people.acts.clear();
    policy.two_people.counsel.clear();
    policy.two_people.valid_for = Span::Days(3);
    policy.calendar = None;
    policy.clocks = vec![ClockRule {
        name: "answer".to_owned(),
        title: "answer to the person due".to_owned(),
        kinds: vec!["subject".to_owned()],
        only: Vec::new(),
        from: Start::Received,
        term: Term::of(Span::Months(1)),
        not_before: None,
        until: Stop::Answered,
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
    }];
    let instrument = |name: &str, known: &str, notice| Instrument {
        opens: vec!["account".to_owned()],
        ..instrument(name, &[known], notice)
    };
    policy.instruments = vec![
        instrument("ipa-authorisation", "ipa", Tell::Withhold),
        instrument("court-order", "court order", Tell::Tell),
    ];
    policy
}

static TERMS: LazyLock<Terms> = LazyLock::new(|| staffed(plain()));

pub(super) fn terms() -> Terms {
    TERMS.clone()
}

fn staffed(policy: Policy) -> Terms {
    let person = |name, role| Person { account: account(name), roles: vec![role] };
    let people = vec![
        person("@ada:our.org", Role::Handler),
        person("@ben:our.org", Role::Approver),
        person("@cy:our.org", Role::Approver),
        person("@dot:our.org", Role::Reader),
    ];
    Terms { people, ..terms_under(policy) }
}

pub(super) fn opening(kind: &str, fields: Vec<Field>) -> Opening {
    Opening { kind: kind.to_owned(), fields, stray: Vec::new(), received: None }
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
    Command::Verify {
        what,
        by,
        how: how.to_owned(),
        entry: None,
        number: None,
        at: None,
        outcome: CallOutcome::Confirmed,
    }
}

pub(super) fn verify_by(what: Verifiable, entry: &str, how: &str) -> Command {
    Command::Verify {
        what,
        by: None,
        how: how.to_owned(),
        entry: Some(entry.to_owned()),
        number: None,
        at: None,
        outcome: CallOutcome::Confirmed,
    }
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

/// When a case is to be swept next.
pub(super) fn wakes(case: &Case, terms: &Terms) -> Option<DateTime<Utc>> {
    wake(case, &clocks(case, terms), terms)
}
