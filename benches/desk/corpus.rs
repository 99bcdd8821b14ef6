//! Writes a corpus: real messages, really read and decided, as real records, but without the desk's index and without a
//! single sync. Cases grow side by side, so that a case's records lie far apart, as they would.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::time::Instant;

use chrono::{DateTime, TimeDelta, Utc};
use docket::case::decide::{self, Around, Setting};
use docket::case::wire::{self, CasePart, Cause, DeskPart};
use docket::case::{
    Account, Case, CaseId, ClockRule, Command, DeskEvent, Event, Order, OrderId, Refusal, Scope, Span, Start,
    Stop, Term, Terms,
};
use docket::chat::{self, Asked, Asking};
use docket::journal::{DataKey, FileJournal, Options};
use docket::ops::OsEntropy;
use docket::ports::{Draft, Entropy, Journal, Stamp};
use docket::rehearsal;

use crate::disk::Paced;
use crate::measure::{Draw, size};

/// How many cases grow at the same time.
const SIDE_BY_SIDE: usize = 2_000;
/// Commands in one batch of the journal.
const BATCH: usize = 200;
const PEOPLE: &[&str] = &["@ada:try.test", "@ben:try.test", "@cy:try.test"];

pub fn dir(cases: u32) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join(format!("target/corpus-{cases}"))
}

/// The rehearsal's terms, with two clocks for every case.
pub fn terms() -> Terms {
    let mut terms = rehearsal::terms().expect("the rehearsal has terms");
    let clock = |name: &str, term, until, pauses| ClockRule {
        name: name.to_owned(),
        title: format!("{name} due"),
        kinds: Vec::new(),
        only: Vec::new(),
        from: Start::Received,
        term: Term::of(term),
        not_before: None,
        until,
        pauses,
        extension: None,
        calendar: None,
        lapses: false,
        lasts: false,
        tasks: None,
        calls: None,
    };
    for policy in terms.policies.values_mut() {
        policy.clocks = vec![
            clock("answer", Span::Months(1), Stop::Answered, true),
            clock("review", Span::BusinessDays(60), Stop::Closed, false),
        ];
    }
    terms
}

/// The same for every corpus: nothing in it is worth hiding.
pub fn data_key() -> DataKey {
    struct Sevens;
    impl Entropy for Sevens {
        fn fill(&mut self, buffer: &mut [u8]) {
            buffer.fill(7);
        }
    }
    DataKey::make(&mut Sevens)
}

/// When the last record below a data directory was written.
pub fn ended(dir: &Path) -> DateTime<Utc> {
    let (journal, _) =
        FileJournal::open(Paced::unsynced(dir), &data_key(), Box::new(OsEntropy), &[], Options::default())
            .expect("a journal opens");
    let mut ended = None;
    let each = &mut |record: docket::ports::Outline| {
        ended = Some(record.at);
        std::ops::ControlFlow::Continue(())
    };
    journal.scan(journal.head().seq, each).expect("it reads");
    ended.expect("there is a record")
}

/// Makes the corpus and its index, unless it is there.
pub fn make(cases: u32) {
    let dir = dir(cases);
    if dir.join("whole").exists() {
        println!("{cases} cases are there already: {} MiB", size(&dir));
        return;
    }
    if dir.exists() {
        std::fs::remove_dir_all(&dir).expect("half a corpus can be removed");
    }
    let begun = Instant::now();
    let records = Writer::new(&dir).write(cases);
    println!(
        "{cases} cases, {records} records written in {:.1} s, {} MiB",
        begun.elapsed().as_secs_f64(),
        size(&dir)
    );
    let begun = Instant::now();
    crate::home::open(&dir).close().expect("it closes");
    println!(
        "indexed and closed in {:.1} s, {} MiB with the index",
        begun.elapsed().as_secs_f64(),
        size(&dir)
    );
    std::fs::write(dir.join("whole"), "").expect("it can be marked as whole");
}

struct Writer {
    journal: FileJournal,
    terms: Terms,
    now: DateTime<Utc>,
    draw: Draw,
    messages: u64,
    drafts: Vec<Draft>,
    owed: Vec<(OrderId, bool)>,
    growing: Vec<Case>,
    done: BTreeMap<CaseId, u8>,
}

impl Writer {
    fn new(dir: &Path) -> Writer {
        let disk = Paced::unsynced(dir);
        docket::disk::make_dir(dir).expect("it can be made");
        let (journal, _) = FileJournal::open(disk, &data_key(), Box::new(OsEntropy), &[], Options::default())
            .expect("a journal begins");
        Writer {
            journal,
            terms: terms(),
            now: "2024-01-01T09:00:00Z".parse().expect("a time"),
            draw: Draw(1),
            messages: 0,
            drafts: Vec::new(),
            owed: Vec::new(),
            growing: Vec::new(),
            done: BTreeMap::new(),
        }
    }

    fn write(mut self, cases: u32) -> u64 {
        let mut next = CaseId::FIRST;
        loop {
            let opens = next.number() <= cases
                && (self.growing.len() < SIDE_BY_SIDE.min(cases as usize / 4) || self.draw.below(11) == 0);
            if opens {
                self.open(next);
                next = next.next().expect("numbers are left");
            } else if self.growing.is_empty() {
                break;
            } else {
                let at = self.draw.below(self.growing.len() as u64) as usize;
                self.grow(at);
            }
            if self.drafts.len() >= BATCH {
                self.commit();
            }
        }
        self.commit();
        self.journal.head().seq.0
    }

    fn open(&mut self, id: CaseId) {
        let text = request(id, &mut self.draw);
        let (sender, asked) = self.asked(&text);
        let Asked::Open(opening) = asked else { panic!("it opens a case: {text}") };
        let events = decide::open(id, opening, &self.setting(&sender)).expect("it may be opened");
        let mut case = None;
        for (_, event) in &events {
            match &mut case {
                None => case = Case::begin(id, event, &sender, self.now),
                Some(case) => case.apply(event, &sender, self.now),
            }
        }
        self.growing.extend(case);
        self.record(sender, id, events.into_iter().map(|(_, event)| event).collect(), true);
    }

    fn grow(&mut self, at: usize) {
        let case = self.growing[at].clone();
        let step = self.done.entry(case.id).or_default();
        *step += 1;
        let step = *step;
        let Some(text) = step_of(&case, step, &mut self.draw) else {
            self.done.remove(&case.id);
            self.growing.swap_remove(at);
            return;
        };
        let (sender, asked) = self.asked(&text);
        let command = match asked {
            Asked::Change(_, command) => command,
            Asked::Set(_, typed) => {
                let kind = self.terms.kind_of(&case).expect("the kind is known");
                let edits =
                    chat::edits(&typed, &case, kind, &self.terms, self.now).expect("the lines are right");
                Command::Set { edits }
            }
            other => panic!("{text} does not change a case: {other:?}"),
        };
        let decided = decide::decide(&case, &Around::default(), command, &self.setting(&sender));
        let events: Vec<Event> = match decided {
            Ok(events) => events.into_iter().map(|(_, event)| event).collect(),
            Err(Refusal::NoChange) => return, // it drew what stands there already
            // A requester is verified by the directory only, which knows few of these agencies.
            Err(Refusal::Entry(_)) => vec![Event::Noted { text }],
            Err(refusal) => panic!("{text}: {refusal:?}"),
        };
        for event in &events {
            self.growing[at].apply(event, &sender, self.now);
        }
        self.record(sender, case.id, events, false);
    }

    fn setting<'a>(&'a self, actor: &'a Account) -> Setting<'a> {
        Setting { actor, terms: &self.terms, now: self.now, draw: decide::Draw::NONE, certain: true }
    }

    fn asked(&mut self, text: &str) -> (Account, Asked) {
        self.now += TimeDelta::seconds(20);
        let sender = account(self.draw.one_of(PEOPLE));
        let asking = Asking { sender: &sender, about: None, terms: &self.terms, now: self.now };
        let asked = chat::hear(text, &self.terms)
            .unwrap_or_else(|| panic!("{text} is for docket"))
            .understand(&asking)
            .unwrap_or_else(|slip| panic!("{text}: {slip:?}"));
        (sender, asked)
    }

    fn record(&mut self, by: Account, id: CaseId, events: Vec<Event>, new: bool) {
        self.messages += 1;
        let message = format!("$corpus-{}", self.messages);
        let seq = self.journal.head().seq.0 + 1 + self.drafts.len() as u64;
        for order in [Order::Answer, Order::Card] {
            let order = OrderId { seq, case: Some(id), order };
            self.owed.push((order, new && order.order == Order::Card));
        }
        let part = CasePart {
            cause: Cause { by: Some(by), message: Some(message.clone()) },
            events,
            owes: vec![Order::Answer, Order::Card],
        };
        self.drafts.push(Draft {
            at: self.now,
            stamps: vec![Stamp(self.journal.keyed("input", message.as_bytes()))],
            parts: vec![(Scope::Case(id), wire::write(&part).expect("it is written"))],
        });
    }

    /// The batch, and behind it that its answers and cards were delivered.
    fn commit(&mut self) {
        let docket = Cause { by: None, message: None };
        let owed = std::mem::take(&mut self.owed);
        let delivered = DeskPart {
            cause: docket.clone(),
            events: vec![DeskEvent::Delivered { orders: owed.iter().map(|(order, _)| *order).collect() }],
            owes: Vec::new(),
        };
        let mut parts = vec![(Scope::Desk, wire::write(&delivered).expect("it is written"))];
        for (order, first) in owed {
            if !first {
                continue;
            }
            let id = order.case.expect("every order of the corpus is about a case");
            let posted = Event::CardPosted { post: format!("$card-{}:try.test", id.number()), moves: 0 };
            if let Some(case) = self.growing.iter_mut().find(|case| case.id == id) {
                case.apply(&posted, &account(PEOPLE[0]), self.now);
            }
            let part = CasePart { cause: docket.clone(), events: vec![posted], owes: Vec::new() };
            parts.push((Scope::Case(id), wire::write(&part).expect("it is written")));
        }
        let mut drafts = std::mem::take(&mut self.drafts);
        drafts.push(Draft { at: self.now, stamps: Vec::new(), parts });
        self.journal.append(self.journal.head(), &drafts).expect("it is appended");
    }
}

pub fn account(text: &str) -> Account {
    Account::parse(text).expect("an account")
}

pub fn request(id: CaseId, draw: &mut Draw) -> String {
    let kind = match draw.below(100) {
        0 => "emergency",
        1..=60 => "preservation",
        61..=85 => "information",
        _ => "terms",
    };
    let (one, other) = (draw.below(20_000), draw.below(2_000));
    let from = match kind {
        "terms" => format!("Context: {}", draw.words(7)),
        "emergency" => format!("Agency: {} police\nJurisdiction: GB\nNature: {}", draw.word(), draw.words(4)),
        _ => format!(
            "Agency: {} police\nJurisdiction: GB\nData: account, connection\nPurpose: {}",
            draw.word(),
            draw.words(4)
        ),
    };
    format!(
        "Request: {kind}\nOfficer: {}\nEmail: {}@police.test\nAccounts: @u{one}:example.org, @v{other}:example.org\n\
         Reference: OP-{}\n{from}",
        draw.words(2),
        draw.word(),
        id.number(),
    )
}

/// What is done to a case, step by step; nothing in the end. Some stay open.
fn step_of(case: &Case, step: u8, draw: &mut Draw) -> Option<String> {
    let id = case.id;
    let ends = case.kind == "preservation" && id.number() % 5 < 3;
    Some(match step {
        1 => format!("!case assign {id} {}", draw.one_of(PEOPLE)),
        2 if case.kind != "terms" => {
            format!("!case verify {id} requester how=\"called {}\"", draw.words(3))
        }
        5 => format!("!case tag {id} +{} +t{}", draw.word(), draw.below(40)),
        6 => format!("!case set {id} officer=\"{}\"", draw.words(2)),
        8 => format!("!case set {id} email={}@force.test", draw.word()),
        10 if ends => format!("!case withdraw {id} reason=\"{}\"", draw.words(2)),
        11 if ends => return None,
        2..=10 => format!("!case note {id} {}", draw.words(4)),
        _ => return None,
    })
}
